//! The syntax of redis-py before 3.0, where its `Redis` differs from `StrictRedis`.

use std::time::Duration;

use resp::{DecodeError, ToArg, ToPairs, View};

use super::{Legacy, Reversed};
use crate::Pooled;
use crate::execute::{Execute, decode};

/// A client with the syntax from before the official one: redis-py 2.x's `Redis`.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use client::legacy::Redis;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let url = std::env::var("REDISY_URL")?;
/// let redis = Redis::open(&url)?;
/// # redis.del("doc:legacy:none")?;
/// redis.setex("doc:legacy", "value", Duration::from_secs(60))?;
/// let (left, none) = redis.pipeline(|p| (p.ttl("doc:legacy"), p.ttl("doc:legacy:none")))?;
/// assert_eq!((left, none), (Some(60), None));
/// # Ok(())
/// # }
/// ```
pub type Redis<E = Pooled> = Legacy<Old, E>;

/// The syntax from before that of the server's manual.
#[derive(Clone, Copy, Debug)]
pub struct Old;

impl<E: Execute> Redis<E> {
    /// `SETEX`: sets the value with an expiry; the value comes first. Returns true.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::{Build, legacy::Redis};
    ///
    /// let command = Redis::from(Build::new()).setex("k", "v", Duration::from_secs(60));
    /// assert_eq!(command.args(), Build::new().set_with("k", "v", Duration::from_secs(60)).args());
    /// ```
    pub fn setex(&self, key: impl ToArg, value: impl ToArg, time: Duration) -> E::Output<bool> {
        self.commands.set_with(key, value, time)
    }

    /// `LREM`: removes elements that are equal to `element`, which comes first: the first `count` of them, with a
    /// negative count the last ones, with 0 (the default in Python) all. Returns how many it has removed.
    ///
    /// # Example
    /// ```
    /// use client::{Build, legacy::Redis};
    ///
    /// let command = Redis::from(Build::new()).lrem("k", "x", 2);
    /// assert_eq!(command.args(), [&b"LREM"[..], b"k", b"2", b"x"]);
    /// ```
    pub fn lrem(&self, key: impl ToArg, element: impl ToArg, count: i64) -> E::Output<i64> {
        self.commands.lrem(key, count, element)
    }

    /// `ZADD`: sets the scores of members, given as `(member, score)`, the last one first: of two scores for one member
    /// the first counts. Returns how many members are new.
    ///
    /// # Example
    /// ```
    /// use client::{Build, legacy::Redis};
    ///
    /// let command = Redis::from(Build::new()).zadd("k", [("a", 1), ("b", 2)]);
    /// assert_eq!(command.args(), [&b"ZADD"[..], b"k", b"2", b"b", b"1", b"a"]);
    /// ```
    pub fn zadd(&self, key: impl ToArg, members: impl ToPairs) -> E::Output<i64> {
        self.commands.zadd(key, Reversed(&members))
    }

    /// `ZINCRBY`: adds to the score of a member, which comes first. Returns the new score. In Python `increment` is 1 by
    /// default.
    ///
    /// # Example
    /// ```
    /// use client::{Build, legacy::Redis};
    ///
    /// let command = Redis::from(Build::new()).zincrby("k", "a", 2);
    /// assert_eq!(command.args(), [&b"ZINCRBY"[..], b"k", b"2.0", b"a"]);
    /// ```
    pub fn zincrby(&self, key: impl ToArg, member: impl ToArg, increment: impl Into<f64>) -> E::Output<f64> {
        self.commands.zincrby(key, increment, member)
    }

    /// `TTL`: for how many seconds the key still exists, to the nearest; `None` if it does not expire, if there is none,
    /// and in its last half second.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let redis = client::legacy::Redis::open(&std::env::var("REDISY_URL")?)?;
    /// redis.set("doc:legacy:ttl", "value")?;
    /// assert_eq!(redis.ttl("doc:legacy:ttl")?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn ttl(&self, key: impl ToArg) -> E::Output<Option<i64>> {
        self.time_left("TTL", &key, above_zero)
    }

    /// `PTTL`: as [`ttl`](Self::ttl), in milliseconds.
    ///
    /// # Example
    /// ```
    /// use client::{Build, legacy::Redis};
    ///
    /// assert_eq!(Redis::from(Build::new()).pttl("k").args(), [&b"PTTL"[..], b"k"]);
    /// ```
    pub fn pttl(&self, key: impl ToArg) -> E::Output<Option<i64>> {
        self.time_left("PTTL", &key, above_zero)
    }
}

/// What redis-py 2.x made of a `TTL`: `r >= 0 and r or None`, in which 0 is false.
fn above_zero(view: View<'_>) -> Result<Option<i64>, DecodeError> {
    Ok(Some(decode(view)?).filter(|time| *time > 0))
}
