//! Taking out the members with the lowest or the highest scores, at once or when there are any.

use resp::{DecodeError, DecodeOwned, Request, ToArg, ToArgs, View};

use crate::Commands;
use crate::commands::Timeout;
use crate::commands::arguments::{at_most, count_above_zero, some_keys};
use crate::execute::Execute;

/// # Sorted sets: pop
impl<E: Execute> Commands<E> {
    /// `ZPOPMIN`: takes out the member with the lowest score, `None` if the sorted set does not exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zpopmin")?;
    /// client.zadd("doc:zpopmin", [("a", 1), ("b", 2)])?;
    /// assert_eq!(client.zpopmin("doc:zpopmin")?, Some(("a".to_owned(), 1.0)));
    /// assert_eq!(client.zpopmin::<String>("doc:zpopmin:missing")?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zpopmin<M: DecodeOwned>(&self, key: impl ToArg) -> E::Output<Option<(M, f64)>> {
        self.call_with(Request::new("ZPOPMIN").key(&key), one)
    }

    /// `ZPOPMIN` with a count: takes out up to so many members with the lowest scores, the lowest first.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zpopmin_count")?;
    /// client.zadd("doc:zpopmin_count", [("a", 1), ("b", 2), ("c", 3)])?;
    /// let two: Vec<(String, f64)> = client.zpopmin_count("doc:zpopmin_count", 2)?;
    /// assert_eq!(two, [("a".to_owned(), 1.0), ("b".to_owned(), 2.0)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zpopmin_count<M: DecodeOwned>(&self, key: impl ToArg, count: usize) -> E::Output<Vec<(M, f64)>> {
        self.call(Request::new("ZPOPMIN").key(&key).arg(at_most(count)))
    }

    /// `ZPOPMAX`: takes out the member with the highest score, `None` if the sorted set does not exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zpopmax")?;
    /// client.zadd("doc:zpopmax", [("a", 1), ("b", 2)])?;
    /// assert_eq!(client.zpopmax("doc:zpopmax")?, Some(("b".to_owned(), 2.0)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn zpopmax<M: DecodeOwned>(&self, key: impl ToArg) -> E::Output<Option<(M, f64)>> {
        self.call_with(Request::new("ZPOPMAX").key(&key), one)
    }

    /// `ZPOPMAX` with a count: takes out up to so many members with the highest scores, the highest first.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zpopmax_count")?;
    /// client.zadd("doc:zpopmax_count", [("a", 1), ("b", 2), ("c", 3)])?;
    /// let two: Vec<(String, f64)> = client.zpopmax_count("doc:zpopmax_count", 2)?;
    /// assert_eq!(two, [("c".to_owned(), 3.0), ("b".to_owned(), 2.0)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zpopmax_count<M: DecodeOwned>(&self, key: impl ToArg, count: usize) -> E::Output<Vec<(M, f64)>> {
        self.call(Request::new("ZPOPMAX").key(&key).arg(at_most(count)))
    }

    /// `BZPOPMIN`: takes out the member with the lowest score of the first sorted set that has any, and returns the
    /// key, the member and its score. If none has any, it waits for one; `None` when the timeout comes first.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:bzpopmin:a", "doc:bzpopmin:b"])?;
    /// client.zadd("doc:bzpopmin:b", ("x", 1.5))?;
    /// let keys = ["doc:bzpopmin:a", "doc:bzpopmin:b"];
    /// let (key, member, score) = client.bzpopmin::<String, String>(keys, Duration::from_secs(5))?.unwrap();
    /// assert_eq!((&*key, &*member, score), ("doc:bzpopmin:b", "x", 1.5));
    /// # Ok(())
    /// # }
    /// ```
    pub fn bzpopmin<K: DecodeOwned, M: DecodeOwned>(
        &self,
        keys: impl ToArgs,
        timeout: impl Into<Timeout>,
    ) -> E::Output<Option<(K, M, f64)>> {
        let timeout = timeout.into();
        self.call(Request::new("BZPOPMIN").keys(&keys).with(|r| timeout.write(r)))
    }

    /// `BZPOPMAX`: as [`bzpopmin`](Self::bzpopmin), but takes the member with the highest score.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:bzpopmax")?;
    /// client.zadd("doc:bzpopmax", [("a", 1), ("b", 2)])?;
    /// let highest: Option<(String, String, f64)> = client.bzpopmax("doc:bzpopmax", Duration::from_secs(5))?;
    /// assert_eq!(highest.unwrap().1, "b");
    /// # Ok(())
    /// # }
    /// ```
    pub fn bzpopmax<K: DecodeOwned, M: DecodeOwned>(
        &self,
        keys: impl ToArgs,
        timeout: impl Into<Timeout>,
    ) -> E::Output<Option<(K, M, f64)>> {
        let timeout = timeout.into();
        self.call(Request::new("BZPOPMAX").keys(&keys).with(|r| timeout.write(r)))
    }

    /// `ZMPOP`: takes out up to `count` members from the first sorted set that has any, and returns its key with them
    /// and their scores; `None` if no sorted set has any (Redis 7.0). No keys and a count of zero are errors.
    ///
    /// # Example
    /// ```
    /// use client::Extreme;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:zmpop:a", "doc:zmpop:b"])?;
    /// client.zadd("doc:zmpop:b", [("x", 1), ("y", 2), ("z", 3)])?;
    /// let popped = client.zmpop::<String, String>(["doc:zmpop:a", "doc:zmpop:b"], Extreme::Max, 2)?;
    /// let (key, members) = popped.unwrap();
    /// assert_eq!(key, "doc:zmpop:b");
    /// assert_eq!(members, [("z".to_owned(), 3.0), ("y".to_owned(), 2.0)]);
    /// # Ok(())
    /// # }
    /// ```
    #[expect(clippy::type_complexity, reason = "a name would hide what it is")]
    pub fn zmpop<K: DecodeOwned, M: DecodeOwned>(
        &self,
        keys: impl ToArgs,
        extreme: Extreme,
        count: usize,
    ) -> E::Output<Option<(K, Vec<(M, f64)>)>> {
        let request = Request::new("ZMPOP").with(|r| some_keys(r, &keys)).arg(extreme.word());
        self.call(request.with(|r| count_above_zero(r, count)))
    }

    /// `BZMPOP`: as [`zmpop`](Self::zmpop), but waits for a member; `None` when the timeout comes first (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::Extreme;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:bzmpop")?;
    /// client.zadd("doc:bzmpop", [("x", 1), ("y", 2)])?;
    /// let popped: Option<(String, Vec<(String, f64)>)> =
    ///     client.bzmpop("doc:bzmpop", Extreme::Min, 1, Duration::from_secs(5))?;
    /// assert_eq!(popped.unwrap().1, [("x".to_owned(), 1.0)]);
    /// # Ok(())
    /// # }
    /// ```
    #[expect(clippy::type_complexity, reason = "a name would hide what it is")]
    pub fn bzmpop<K: DecodeOwned, M: DecodeOwned>(
        &self,
        keys: impl ToArgs,
        extreme: Extreme,
        count: usize,
        timeout: impl Into<Timeout>,
    ) -> E::Output<Option<(K, Vec<(M, f64)>)>> {
        let timeout = timeout.into();
        let request = Request::new("BZMPOP").with(|r| timeout.write(r)).with(|r| some_keys(r, &keys));
        self.call(request.arg(extreme.word()).with(|r| count_above_zero(r, count)))
    }
}

/// Which members of a sorted set to take first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extreme {
    /// Those with the lowest scores.
    Min,
    /// Those with the highest scores.
    Max,
}

impl Extreme {
    fn word(self) -> &'static str {
        match self {
            Self::Min => "MIN",
            Self::Max => "MAX",
        }
    }
}

/// A member and its score, or an empty list.
fn one<M: DecodeOwned>(view: View<'_>) -> Result<Option<(M, f64)>, DecodeError> {
    if view.is_empty() { Ok(None) } else { view.decode().map(Some) }
}
