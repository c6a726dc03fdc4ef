//! The syntax of redis-py before 3.0, where its `Redis` differs from `StrictRedis`.

use std::ops::Deref;
use std::time::{Duration, Instant};

use resp::{DecodeError, ToArg, ToPairs, View};

use super::{Reversed, StrictRedis};
use crate::execute::{Batching, Direct, Execute, decode};
use crate::{Canceller, Client, Commands, Config, Error, Pipelined, Pooled, Redeem, Retry};

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
#[derive(Clone, Debug)]
pub struct Redis<E = Pooled> {
    strict: StrictRedis<E>,
}

impl Redis {
    /// A client for the server at `url`, as [`Client::open`](crate::Client::open).
    ///
    /// # Errors
    /// [`Error`] naming what is malformed in the URL.
    #[doc(alias = "from_url")]
    pub fn open(url: &str) -> Result<Self, Error> {
        Client::open(url).map(Self::from)
    }

    /// A client with a pool of its own, as [`Client::new`](crate::Client::new).
    ///
    /// # Errors
    /// [`Error`] when the pool's size is not one that a pool can have.
    pub fn new(config: &Config) -> Result<Self, Error> {
        Client::new(config).map(Self::from)
    }
}

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
        self.strict.setex(key, time, value)
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
        self.strict.lrem(key, count, element)
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
        self.strict.zadd(key, Reversed(&members))
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
        self.strict.zincrby(key, increment, member)
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
        self.strict.time_left("TTL", &key, above_zero)
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
        self.strict.time_left("PTTL", &key, above_zero)
    }
}

impl<E: Batching> Redis<E> {
    /// Sends many commands in one flight, as [`Commands::pipeline`], in this syntax: `pipeline(transaction=False)`.
    ///
    /// # Errors
    /// The first error of the server's that no ticket has caught, or why the flight failed as a whole.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let redis = client::legacy::Redis::open(&std::env::var("REDISY_URL")?)?;
    /// # redis.del("doc:legacy:pipeline")?;
    /// let (new, score) = redis.pipeline(|p| {
    ///     (p.zadd("doc:legacy:pipeline", ("a", 1.5)), p.zincrby("doc:legacy:pipeline", "a", 1))
    /// })?;
    /// assert_eq!((new, score), (1, 2.5));
    /// # Ok(())
    /// # }
    /// ```
    pub fn pipeline<T: Redeem>(
        &self,
        commands: impl FnOnce(&Redis<Pipelined>) -> T,
    ) -> Result<T::Output, Error> {
        self.pipeline_as(commands)
    }

    /// Runs commands together, as [`Commands::atomic`], in this syntax: redis-py's pipeline with its default,
    /// `transaction=True`.
    ///
    /// # Errors
    /// The first error of the server's that no ticket has caught, or why nothing was done.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let redis = client::legacy::Redis::open(&std::env::var("REDISY_URL")?)?;
    /// # redis.del("doc:legacy:atomic")?;
    /// let done = redis.atomic(|p| (p.zadd("doc:legacy:atomic", ("a", 1)), p.zincrby("doc:legacy:atomic", "a", 1)))?;
    /// assert_eq!(done, (1, 2.0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn atomic<T: Redeem>(
        &self,
        commands: impl FnOnce(&Redis<Pipelined>) -> T,
    ) -> Result<T::Output, Error> {
        self.atomic_as(commands)
    }

    /// Sends a command, or a few, for each item in one endless flight, as [`Commands::pipeline_each`], in this syntax.
    ///
    /// # Errors
    /// The first error of the server's that no ticket has caught, or of a command that must not be sent, or why the
    /// connection has failed.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let redis = client::legacy::Redis::open(&std::env::var("REDISY_URL")?)?;
    /// # redis.del("doc:legacy:each")?;
    /// let mut new = 0;
    /// redis.pipeline_each(0..100, |p, n| p.zadd("doc:legacy:each", (n.to_string(), n)), |added| new += added)?;
    /// assert_eq!(new, 100);
    /// # Ok(())
    /// # }
    /// ```
    pub fn pipeline_each<I: IntoIterator, T: Redeem>(
        &self,
        items: I,
        command: impl FnMut(&Redis<Pipelined>, I::Item) -> T,
        each: impl FnMut(T::Output),
    ) -> Result<(), Error> {
        self.each_as(items, command, each)
    }
}

/// The same client on other terms, and connections of its pool, in this syntax.
impl Redis {
    /// The client with another time limit for each call, as [`Client::timeout`].
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let redis = client::legacy::Redis::open(&std::env::var("REDISY_URL")?)?;
    /// redis.timeout(Duration::from_millis(250)).ping()?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn timeout(&self, timeout: impl Into<Option<Duration>>) -> Self {
        Client::timeout(self, timeout).into()
    }

    /// The client whose calls must all have ended by `instant`, as [`Client::deadline`].
    ///
    /// # Example
    /// ```
    /// use std::time::{Duration, Instant};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let redis = client::legacy::Redis::open(&std::env::var("REDISY_URL")?)?;
    /// redis.deadline(Instant::now() + Duration::from_secs(5)).ping()?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn deadline(&self, instant: Instant) -> Self {
        Client::deadline(self, instant).into()
    }

    /// The client whose calls are tried again as `retry` says, as [`Client::retry`].
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let redis = client::legacy::Redis::open(&std::env::var("REDISY_URL")?)?;
    /// redis.retry(client::Retry::NEVER).ping()?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn retry(&self, retry: Retry) -> Self {
        Client::retry(self, retry).into()
    }

    /// The client whose calls are called off by `canceller`, as [`Client::cancelled_by`].
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let redis = client::legacy::Redis::open(&std::env::var("REDISY_URL")?)?;
    /// let canceller = client::Canceller::new();
    /// canceller.cancel();
    /// assert!(redis.cancelled_by(&canceller).ping().unwrap_err().is_cancelled());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn cancelled_by(&self, canceller: &Canceller) -> Self {
        Client::cancelled_by(self, canceller).into()
    }

    /// A client of the same server with connections of its own, as [`Client::apart`].
    ///
    /// # Errors
    /// [`Error`] when the pool's size is not one that a pool can have.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let redis = client::legacy::Redis::open(&std::env::var("REDISY_URL")?)?;
    /// redis.apart(1)?.ping()?;
    /// assert_eq!(redis.pool_stats().created, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn apart(&self, max_connections: usize) -> Result<Self, Error> {
        Client::apart(self, max_connections).map(Self::from)
    }

    /// A connection for this caller alone, as [`Client::dedicated`].
    ///
    /// # Errors
    /// [`Error`] when no connection could be had.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let redis = client::legacy::Redis::open(&std::env::var("REDISY_URL")?)?;
    /// let own = redis.dedicated()?;
    /// own.select(1)?;
    /// # own.del("doc:legacy:own")?;
    /// assert_eq!(own.zadd("doc:legacy:own", (1, 2))?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn dedicated(&self) -> Result<Redis<Direct>, Error> {
        Client::dedicated(self).map(Into::into)
    }
}

impl<E> Deref for Redis<E> {
    type Target = StrictRedis<E>;

    fn deref(&self) -> &StrictRedis<E> {
        &self.strict
    }
}

impl<E> From<Commands<E>> for Redis<E> {
    fn from(commands: Commands<E>) -> Self {
        Self { strict: commands.into() }
    }
}

impl<E> From<Redis<E>> for Commands<E> {
    fn from(redis: Redis<E>) -> Self {
        redis.strict.into()
    }
}

impl<E> AsRef<Commands<E>> for Redis<E> {
    fn as_ref(&self) -> &Commands<E> {
        self
    }
}

/// What redis-py 2.x made of a `TTL`: `r >= 0 and r or None`, in which 0 is false.
fn above_zero(view: View<'_>) -> Result<Option<i64>, DecodeError> {
    Ok(Some(decode(view)?).filter(|time| *time > 0))
}
