//! The official syntax, where redis-py 2.x's `StrictRedis` differs from ours.

use std::time::Duration;

use resp::{ToArg, ToPairs};

use super::{Legacy, Swapped};
use crate::Pooled;
use crate::execute::{Execute, decode};

/// A client with the official syntax: redis-py 2.x's `StrictRedis`, as far as it differs from [`Commands`](crate::Commands).
///
/// # Example
/// ```
/// use std::time::Duration;
/// use client::legacy::StrictRedis;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let url = std::env::var("REDISY_URL")?;
/// let redis = StrictRedis::open(&url)?;
/// redis.setex("doc:strict", Duration::from_secs(60), "value")?;
/// assert_eq!(redis.ttl("doc:strict")?, 60);
/// assert_eq!(redis.get::<String>("doc:strict")?.as_deref(), Some("value"));
/// # Ok(())
/// # }
/// ```
pub type StrictRedis<E = Pooled> = Legacy<Official, E>;

/// The syntax of the server's manual.
#[derive(Clone, Copy, Debug)]
pub struct Official;

impl<E: Execute> StrictRedis<E> {
    /// `SETEX`: sets the value with an expiry, as [`set_with`](crate::Commands::set_with). Returns true.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::{Build, legacy::StrictRedis};
    ///
    /// let redis = StrictRedis::from(Build::new());
    /// let command = redis.setex("k", Duration::from_secs(60), "v");
    /// assert_eq!(command.args(), Build::new().set_with("k", "v", Duration::from_secs(60)).args());
    /// ```
    pub fn setex(&self, key: impl ToArg, time: Duration, value: impl ToArg) -> E::Output<bool> {
        self.commands.set_with(key, value, time)
    }

    /// `ZADD`: sets the scores of members, given as `(score, member)`. Returns how many members are new.
    ///
    /// # Example
    /// ```
    /// use client::{Build, legacy::StrictRedis};
    ///
    /// let command = StrictRedis::from(Build::new()).zadd("k", [(1, "a"), (2, "b")]);
    /// assert_eq!(command.args(), [&b"ZADD"[..], b"k", b"1", b"a", b"2", b"b"]);
    /// ```
    pub fn zadd(&self, key: impl ToArg, scores: impl ToPairs) -> E::Output<i64> {
        self.commands.zadd(key, Swapped(&scores))
    }

    /// `TTL`: for how many seconds the key still exists, to the nearest; -1 if it does not expire, -2 if there is none.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let redis = client::legacy::StrictRedis::open(&std::env::var("REDISY_URL")?)?;
    /// redis.set("doc:strict:ttl", "value")?;
    /// assert_eq!((redis.ttl("doc:strict:ttl")?, redis.ttl("doc:strict:no such key")?), (-1, -2));
    /// # Ok(())
    /// # }
    /// ```
    pub fn ttl(&self, key: impl ToArg) -> E::Output<i64> {
        self.time_left("TTL", &key, decode)
    }

    /// `PTTL`: as [`ttl`](Self::ttl), in milliseconds.
    ///
    /// # Example
    /// ```
    /// use client::{Build, legacy::StrictRedis};
    ///
    /// assert_eq!(StrictRedis::from(Build::new()).pttl("k").args(), [&b"PTTL"[..], b"k"]);
    /// ```
    pub fn pttl(&self, key: impl ToArg) -> E::Output<i64> {
        self.time_left("PTTL", &key, decode)
    }
}
