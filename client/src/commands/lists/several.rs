//! Several elements that move from one list to another at once.

use resp::{DecodeError, DecodeOwned, Flaw, Request, ToArg, View};

use super::End;
use crate::commands::arguments::at_most;
use crate::execute::Execute;
use crate::{Commands, Timeout};

/// # Lists: several at once
impl<E: Execute> Commands<E> {
    /// `LMOVEM`: takes elements out of the list `from` at its end `take`, puts them into the list `to` at its end
    /// `put`, and returns them in the order in which they are there. None if there are too few (Redis 8.10).
    ///
    /// # Example
    /// ```
    /// use client::{End, LmovemOptions};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["{doc:lmovem}:a", "{doc:lmovem}:b"])?;
    /// let (a, b) = ("{doc:lmovem}:a", "{doc:lmovem}:b");
    /// client.rpush(a, [1, 2, 3])?;
    /// assert_eq!(client.lmovem::<i64>(a, b, End::Left, End::Right, 2)?, [1, 2]); // or fewer
    /// let both = LmovemOptions::exactly(2);
    /// assert!(client.lmovem::<i64>(a, b, End::Left, End::Right, both)?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn lmovem<T: DecodeOwned>(
        &self,
        from: impl ToArg,
        to: impl ToArg,
        take: End,
        put: End,
        options: impl Into<LmovemOptions>,
    ) -> E::Output<Vec<T>> {
        let options = options.into();
        let request = Request::new("LMOVEM").key(&from).key(&to).arg(take.word()).arg(put.word());
        self.call_with(request.with(|r| options.write(r)), moved)
    }

    /// `BLMOVEM`: as [`lmovem`](Self::lmovem), but waits for the elements. None when the time is over (Redis 8.10).
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::End;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["{doc:blmovem}:a", "{doc:blmovem}:b"])?;
    /// let (a, b, timeout) = ("{doc:blmovem}:a", "{doc:blmovem}:b", Duration::from_millis(10));
    /// client.rpush(a, [1, 2, 3])?;
    /// assert_eq!(client.blmovem::<i64>(a, b, End::Left, End::Left, 9, timeout)?, [3, 2, 1]);
    /// assert!(client.blmovem::<i64>(a, b, End::Left, End::Left, 9, timeout)?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn blmovem<T: DecodeOwned>(
        &self,
        from: impl ToArg,
        to: impl ToArg,
        take: End,
        put: End,
        options: impl Into<LmovemOptions>,
        timeout: impl Into<Timeout>,
    ) -> E::Output<Vec<T>> {
        let (options, timeout) = (options.into(), timeout.into());
        let request = Request::new("BLMOVEM").key(&from).key(&to).arg(take.word()).arg(put.word());
        self.call_with(request.with(|r| timeout.write(r)).with(|r| options.write(r)), moved)
    }
}

/// How many elements `LMOVEM` and `BLMOVEM` move, and in which order. A number alone means up to so many.
///
/// # Example
/// ```
/// use client::{Build, End, LmovemOptions};
///
/// let options = LmovemOptions::exactly(5).bulk();
/// let command = Build::new().lmovem::<String>("a", "b", End::Left, End::Left, options);
/// assert_eq!(command.args()[5..], [&b"EXACTLY"[..], b"5", b"BULK"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct LmovemOptions {
    amount: &'static str,
    count: usize,
    order: &'static str,
}

impl LmovemOptions {
    /// Up to so many elements, one by one. Zero is an error.
    pub fn up_to(count: usize) -> Self {
        Self { amount: "COUNT", count, order: "OBO" }
    }

    /// Just so many elements, one by one, or none at all. Zero is an error.
    pub fn exactly(count: usize) -> Self {
        Self { amount: "EXACTLY", ..Self::up_to(count) }
    }

    /// The elements keep their order. One by one, those that are taken and put at the same end come in reverse.
    pub fn bulk(mut self) -> Self {
        self.order = "BULK";
        self
    }

    fn write(self, mut request: Request<'_>) -> Request<'_> {
        if self.count == 0 {
            request.refuse(Flaw::Argument("needs a count above zero"));
        }
        request.arg(self.amount).arg(at_most(self.count)).arg(self.order)
    }
}

impl From<usize> for LmovemOptions {
    fn from(count: usize) -> Self {
        Self::up_to(count)
    }
}

/// The elements; the server answers null for none.
fn moved<T: DecodeOwned>(view: View<'_>) -> Result<Vec<T>, DecodeError> {
    Ok(view.decode::<Option<Vec<T>>>()?.unwrap_or_default())
}
