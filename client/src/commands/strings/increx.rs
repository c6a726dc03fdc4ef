//! A counter with bounds and an expiry: what limits rates, in one command.

use std::cmp::Ordering;
use std::time::{Duration, SystemTime};

use resp::{Arg, Decode, DecodeError, DecodeOwned, Flaw, Request, ToArg, View};

use crate::Commands;
use crate::commands::arguments::finite;
use crate::commands::expiry::Expiry;
use crate::execute::Execute;

/// # Strings: bounded counters
impl<E: Execute> Commands<E> {
    /// `INCREX`: the number after `amount` was added to it, within bounds, and the key's expiry set (Redis 8.8). A
    /// missing key is 0.
    ///
    /// What would go beyond a bound, or beyond 64 bits, is not added at all, or only in part: see
    /// [`saturate`](IncrExOptions::saturate).
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::IncrExOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:increx")?;
    /// // Two calls a minute, counted from the first:
    /// let limit = IncrExOptions::new().ubound(2).expire(Duration::from_secs(60)).enx();
    /// assert_eq!(client.increx("doc:increx", 1, limit)?.applied, 1);
    /// assert_eq!(client.increx("doc:increx", 1, limit)?.value, 2);
    /// assert_eq!(client.increx("doc:increx", 1, limit)?.applied, 0); // too many
    /// # Ok(())
    /// # }
    /// ```
    pub fn increx(
        &self,
        key: impl ToArg,
        amount: i64,
        options: impl Into<IncrExOptions<i64>>,
    ) -> E::Output<Increment<i64>> {
        let options = options.into();
        self.call(Request::new("INCREX").key(&key).arg("BYINT").arg(amount).with(|r| options.write(r)))
    }

    /// `INCREX … BYFLOAT`: as [`increx`](Self::increx), for a number with a fraction. The amount must be finite.
    ///
    /// # Example
    /// ```
    /// use client::IncrExOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:increx_float")?;
    /// let full = IncrExOptions::new().ubound(2.0).saturate();
    /// let poured = client.increx_float("doc:increx_float", 2.5, full)?;
    /// assert_eq!((poured.value, poured.applied), (2.0, 2.0));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "increx")]
    pub fn increx_float(
        &self,
        key: impl ToArg,
        amount: impl Into<f64>,
        options: impl Into<IncrExOptions<f64>>,
    ) -> E::Output<Increment<f64>> {
        let options = options.into();
        let request = Request::new("INCREX").key(&key).arg("BYFLOAT").with(|r| finite(r, amount.into()));
        self.call(request.with(|r| options.write(r)))
    }
}

/// What became of a number that was to be increased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Increment<N> {
    /// The number now.
    pub value: N,
    /// What was added to it.
    pub applied: N,
}

impl<N: DecodeOwned> Decode<'_> for Increment<N> {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let (value, applied) = view.decode()?;
        Ok(Self { value, applied })
    }
}

/// The options of `INCREX`: bounds, which are of the number's type, and an expiry. A `Duration` alone is an expiry.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use client::{Build, IncrExOptions};
///
/// let options = IncrExOptions::new().lbound(0).ubound(9).saturate().expire(Duration::from_secs(1));
/// let command = Build::new().increx("k", -1, options);
/// assert_eq!(command.args().join(&b' '), b"INCREX k BYINT -1 SATURATE LBOUND 0 UBOUND 9 PX 1000");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IncrExOptions<N> {
    lbound: Option<N>,
    ubound: Option<N>,
    saturate: Option<&'static str>,
    expiry: Option<Expiry>,
    enx: Option<&'static str>,
}

impl<N> IncrExOptions<N> {
    /// No option: all numbers are within bounds, and the key's expiry stays as it is.
    pub fn new() -> Self {
        Self { lbound: None, ubound: None, saturate: None, expiry: None, enx: None }
    }

    /// The number must not become less than this, which must not be above [`ubound`](Self::ubound).
    #[must_use]
    pub fn lbound(mut self, bound: N) -> Self {
        self.lbound = Some(bound);
        self
    }

    /// The number must not become more than this.
    #[must_use]
    pub fn ubound(mut self, bound: N) -> Self {
        self.ubound = Some(bound);
        self
    }

    /// What would go beyond a bound goes up to it. Without this it stays where it is.
    #[must_use]
    pub fn saturate(mut self) -> Self {
        self.saturate = Some("SATURATE");
        self
    }

    /// The key expires after `time`, in whole milliseconds, rounded up. Zero is an error.
    #[must_use]
    pub fn expire(mut self, time: Duration) -> Self {
        self.expiry = Some(Expiry::After(time));
        self
    }

    /// The key expires at `time`.
    #[must_use]
    pub fn expire_at(mut self, time: SystemTime) -> Self {
        self.expiry = Some(Expiry::At(time));
        self
    }

    /// The key no longer expires.
    #[must_use]
    pub fn persist(mut self) -> Self {
        self.expiry = Some(Expiry::Persist);
        self
    }

    /// The expiry is set only if the key has none yet. Without an expiry it is an error.
    #[must_use]
    pub fn enx(mut self) -> Self {
        self.enx = Some("ENX");
        self
    }
}

impl<N: Into<Arg<'static>> + PartialOrd + Copy> IncrExOptions<N> {
    fn write<'r>(self, mut request: Request<'r>) -> Request<'r> {
        let (low, high) = (self.lbound.or(self.ubound), self.ubound.or(self.lbound));
        if low.is_some() && !matches!(low.partial_cmp(&high), Some(Ordering::Less | Ordering::Equal)) {
            request.refuse(Flaw::Argument("needs a lower bound that is not above the upper one"));
        }
        if self.enx.is_some() && !matches!(self.expiry, Some(Expiry::After(_) | Expiry::At(_))) {
            request.refuse(Flaw::Argument("sets an expiry where there is none, and needs one for it"));
        }
        let bounds = [("LBOUND", self.lbound), ("UBOUND", self.ubound)];
        let bounds = bounds.into_iter().filter_map(|(word, bound)| Some((word, bound?.into())));
        let request = self.saturate.into_iter().fold(request, Request::arg);
        let request = bounds.fold(request, |r, (word, bound): (_, Arg<'r>)| r.arg(word).arg(bound));
        let request = self.expiry.into_iter().fold(request, |request, expiry| expiry.write(request));
        self.enx.into_iter().fold(request, Request::arg)
    }
}

impl<N> Default for IncrExOptions<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<N> From<Duration> for IncrExOptions<N> {
    fn from(expire: Duration) -> Self {
        Self::new().expire(expire)
    }
}
