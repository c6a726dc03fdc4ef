//! When a key expires: asked for and told in milliseconds, so that nothing is rounded away.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use resp::{Decode, DecodeError, Flaw, Millis, Request, ToArg, View};

use crate::Commands;
use crate::execute::Execute;

/// # Expiry
impl<E: Execute> Commands<E> {
    /// `PEXPIRE`: whether the key expires after `time` now, which it does if it exists.
    ///
    /// The time is in whole milliseconds, rounded up; zero is an error.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:expire", "x")?;
    /// assert!(client.expire("doc:expire", Duration::from_secs(60))?);
    /// assert!(!client.expire("doc:expire:missing", Duration::from_secs(60))?);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "pexpire")]
    pub fn expire(&self, key: impl ToArg, time: Duration) -> E::Output<bool> {
        self.expire_with(key, time, ExpireOptions::new())
    }

    /// `PEXPIRE` with a condition: whether the key expires after `time` now (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::ExpireOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set_with("doc:expire_with", "x", Duration::from_secs(60))?;
    /// assert!(!client.expire_with("doc:expire_with", Duration::from_secs(1), ExpireOptions::new().gt())?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn expire_with(
        &self,
        key: impl ToArg,
        time: Duration,
        options: impl Into<ExpireOptions>,
    ) -> E::Output<bool> {
        let options = options.into();
        self.call(Request::new("PEXPIRE").key(&key).with(|r| millis(r, time)).with(|r| options.write(r)))
    }

    /// `PEXPIREAT`: whether the key expires at `time` now, which it does if it exists. If that time is over, the key
    /// is gone at once.
    ///
    /// # Example
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:expire_at", "x")?;
    /// let time = SystemTime::now() + Duration::from_secs(60);
    /// assert!(client.expire_at("doc:expire_at", time)?);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "expireat")]
    #[doc(alias = "pexpireat")]
    pub fn expire_at(&self, key: impl ToArg, time: SystemTime) -> E::Output<bool> {
        self.expire_at_with(key, time, ExpireOptions::new())
    }

    /// `PEXPIREAT` with a condition: whether the key expires at `time` now (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use client::ExpireOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:expire_at_with", "x")?;
    /// let time = SystemTime::now() + Duration::from_secs(60);
    /// assert!(client.expire_at_with("doc:expire_at_with", time, ExpireOptions::new().nx())?);
    /// assert!(!client.expire_at_with("doc:expire_at_with", time, ExpireOptions::new().nx())?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn expire_at_with(
        &self,
        key: impl ToArg,
        time: SystemTime,
        options: impl Into<ExpireOptions>,
    ) -> E::Output<bool> {
        let options = options.into();
        self.call(
            Request::new("PEXPIREAT").key(&key).with(|r| unix_millis(r, time)).with(|r| options.write(r)),
        )
    }

    /// `PERSIST`: whether the key had an expiry, which it has no longer.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set_with("doc:persist", "x", Duration::from_secs(60))?;
    /// assert!(client.persist("doc:persist")?);
    /// assert!(!client.persist("doc:persist")?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn persist(&self, key: impl ToArg) -> E::Output<bool> {
        self.call(Request::new("PERSIST").key(&key))
    }

    /// `PTTL`: the time after which the key expires, in milliseconds.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::Ttl;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:ttl", "x")?;
    /// assert_eq!(client.ttl("doc:ttl")?, Ttl::NoExpiry);
    /// client.expire("doc:ttl", Duration::from_secs(60))?;
    /// assert!(client.ttl("doc:ttl")?.duration() <= Some(Duration::from_secs(60)));
    /// assert_eq!(client.ttl("doc:ttl:missing")?, Ttl::Missing);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "pttl")]
    pub fn ttl(&self, key: impl ToArg) -> E::Output<Ttl> {
        self.call(Request::new("PTTL").key(&key))
    }

    /// `PEXPIRETIME`: the time at which the key expires, in milliseconds (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    /// use client::{ExpireTime, SetOptions};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let time = UNIX_EPOCH + Duration::from_secs(4_000_000_000);
    /// client.set_with("doc:expiretime", "x", SetOptions::new().expire_at(time))?;
    /// assert_eq!(client.expiretime("doc:expiretime")?, ExpireTime::At(time));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "pexpiretime")]
    pub fn expiretime(&self, key: impl ToArg) -> E::Output<ExpireTime> {
        self.call(Request::new("PEXPIRETIME").key(&key))
    }
}

/// After what time a key, or a field of a hash, expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ttl {
    /// The key or field does not exist.
    Missing,
    /// It exists and does not expire.
    NoExpiry,
    /// It expires after this time.
    Expires(Duration),
}

impl Ttl {
    /// The time, if it exists and expires.
    pub fn duration(self) -> Option<Duration> {
        match self {
            Self::Expires(time) => Some(time),
            Self::Missing | Self::NoExpiry => None,
        }
    }
}

impl Decode<'_> for Ttl {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        Ok(match view.decode::<i64>()? {
            -2 => Self::Missing,
            -1 => Self::NoExpiry,
            _ => Self::Expires(view.decode::<Millis>()?.0),
        })
    }
}

/// At what time a key, or a field of a hash, expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExpireTime {
    /// The key or field does not exist.
    Missing,
    /// It exists and does not expire.
    NoExpiry,
    /// It expires at this time.
    At(SystemTime),
}

impl ExpireTime {
    /// The time, if it exists and expires.
    pub fn time(self) -> Option<SystemTime> {
        match self {
            Self::At(time) => Some(time),
            Self::Missing | Self::NoExpiry => None,
        }
    }
}

impl Decode<'_> for ExpireTime {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        Ok(match view.decode::<i64>()? {
            -2 => Self::Missing,
            -1 => Self::NoExpiry,
            _ => {
                let time = UNIX_EPOCH.checked_add(view.decode::<Millis>()?.0);
                Self::At(time.ok_or_else(|| DecodeError::because("a time", view, " that is out of range"))?)
            }
        })
    }
}

/// On what condition an expiry is set. Conditions that exclude each other are an error.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use client::{Build, ExpireOptions};
///
/// let command = Build::new().expire_with("k", Duration::from_secs(60), ExpireOptions::new().gt());
/// assert_eq!(command.args(), [&b"PEXPIRE"[..], b"k", b"60000", b"GT"]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExpireOptions {
    nx: bool,
    xx: bool,
    gt: bool,
    lt: bool,
}

impl ExpireOptions {
    /// No condition.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only if there is no expiry yet.
    #[must_use]
    pub fn nx(mut self) -> Self {
        self.nx = true;
        self
    }

    /// Only if there is an expiry already.
    #[must_use]
    pub fn xx(mut self) -> Self {
        self.xx = true;
        self
    }

    /// Only if the expiry is later than the one there is. None counts as never.
    #[must_use]
    pub fn gt(mut self) -> Self {
        self.gt = true;
        self
    }

    /// Only if the expiry is earlier than the one there is. None counts as never.
    #[must_use]
    pub fn lt(mut self) -> Self {
        self.lt = true;
        self
    }

    pub(super) fn write(self, mut request: Request<'_>) -> Request<'_> {
        if self.nx && (self.xx || self.gt || self.lt) || self.gt && self.lt {
            request.refuse(Flaw::Argument("needs conditions that can hold together"));
        }
        let words = [(self.nx, "NX"), (self.xx, "XX"), (self.gt, "GT"), (self.lt, "LT")];
        words.into_iter().filter(|(on, _)| *on).fold(request, |request, (_, word)| request.arg(word))
    }
}

/// When a key expires, as the options of several commands say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expiry {
    After(Duration),
    At(SystemTime),
    /// The expiry that is there stays.
    Keep,
    /// The expiry that is there goes.
    Persist,
}

impl Expiry {
    /// Adds `PX`, `PXAT`, `KEEPTTL` or `PERSIST`.
    pub(super) fn write(self, request: Request<'_>) -> Request<'_> {
        match self {
            Self::After(time) => request.arg("PX").with(|r| millis(r, time)),
            Self::At(time) => request.arg("PXAT").with(|r| unix_millis(r, time)),
            Self::Keep => request.arg("KEEPTTL"),
            Self::Persist => request.arg("PERSIST"),
        }
    }
}

/// Adds a time in whole milliseconds, rounded up: a key must not vanish early, and half a millisecond is not none.
/// Zero is a flaw, because the server takes it for an error or for "delete".
pub(super) fn millis(mut request: Request<'_>, time: Duration) -> Request<'_> {
    if time.is_zero() {
        request.refuse(Flaw::Argument("needs an expiry above zero"));
    }
    let millis = time.as_nanos().div_ceil(1_000_000);
    match i64::try_from(millis) {
        Ok(millis) => request.arg(millis),
        Err(_) => {
            request.refuse(Flaw::Argument("needs an expiry of less than 292 million years"));
            request
        }
    }
}

/// Adds a point in time in milliseconds since 1970. An earlier one is a flaw.
pub(super) fn unix_millis(mut request: Request<'_>, time: SystemTime) -> Request<'_> {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => millis(request, since),
        Err(_) => {
            request.refuse(Flaw::Argument("needs an expiry after 1970"));
            request
        }
    }
}
