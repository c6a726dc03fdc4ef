//! The official syntax, where redis-py 2.x's `StrictRedis` differs from ours.

use std::ops::Deref;
use std::time::{Duration, Instant};

use resp::{Request, ToArg, ToPairs};

use super::Swapped;
use crate::execute::{Batching, Decoder, Direct, Execute, decode};
use crate::{Canceller, Client, Commands, Config, Error, Pipelined, Pooled, Redeem, Retry};

/// A client with the official syntax: redis-py 2.x's `StrictRedis`, as far as it differs from [`Commands`].
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
#[derive(Clone, Debug)]
pub struct StrictRedis<E = Pooled> {
    commands: Commands<E>,
}

impl StrictRedis {
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

impl<E: Execute> StrictRedis<E> {
    /// `SETEX`: sets the value with an expiry, as [`set_with`](Commands::set_with). Returns true.
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

    /// `TTL` or `PTTL`, as `decode` reads it.
    pub(super) fn time_left<R>(&self, name: &str, key: &impl ToArg, decode: Decoder<R>) -> E::Output<R> {
        self.commands.call_with(Request::new(name).key(key), decode)
    }
}

impl<E: Batching> StrictRedis<E> {
    /// Sends many commands in one flight, as [`Commands::pipeline`], in this syntax: `pipeline(transaction=False)`.
    ///
    /// # Errors
    /// The first error of the server's that no ticket has caught, or why the flight failed as a whole.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let redis = client::legacy::StrictRedis::open(&std::env::var("REDISY_URL")?)?;
    /// # redis.del("doc:strict:pipeline")?;
    /// let (new, score) = redis.pipeline(|p| {
    ///     (p.zadd("doc:strict:pipeline", (1.5, "a")), p.zscore("doc:strict:pipeline", "a"))
    /// })?;
    /// assert_eq!((new, score), (1, Some(1.5)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn pipeline<T: Redeem>(
        &self,
        commands: impl FnOnce(&StrictRedis<Pipelined>) -> T,
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
    /// # let redis = client::legacy::StrictRedis::open(&std::env::var("REDISY_URL")?)?;
    /// # redis.del("doc:strict:atomic")?;
    /// let done = redis.atomic(|p| (p.zadd("doc:strict:atomic", (1, "a")), p.zincrby("doc:strict:atomic", 1, "a")))?;
    /// assert_eq!(done, (1, 2.0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn atomic<T: Redeem>(
        &self,
        commands: impl FnOnce(&StrictRedis<Pipelined>) -> T,
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
    /// # let redis = client::legacy::StrictRedis::open(&std::env::var("REDISY_URL")?)?;
    /// # redis.del("doc:strict:each")?;
    /// let mut new = 0;
    /// redis.pipeline_each(0..100, |p, n| p.zadd("doc:strict:each", (n, n.to_string())), |added| new += added)?;
    /// assert_eq!(new, 100);
    /// # Ok(())
    /// # }
    /// ```
    pub fn pipeline_each<I: IntoIterator, T: Redeem>(
        &self,
        items: I,
        command: impl FnMut(&StrictRedis<Pipelined>, I::Item) -> T,
        each: impl FnMut(T::Output),
    ) -> Result<(), Error> {
        self.each_as(items, command, each)
    }
}

/// The same client on other terms, and connections of its pool, in this syntax.
impl StrictRedis {
    /// The client with another time limit for each call, as [`Client::timeout`].
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let redis = client::legacy::StrictRedis::open(&std::env::var("REDISY_URL")?)?;
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
    /// # let redis = client::legacy::StrictRedis::open(&std::env::var("REDISY_URL")?)?;
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
    /// # let redis = client::legacy::StrictRedis::open(&std::env::var("REDISY_URL")?)?;
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
    /// # let redis = client::legacy::StrictRedis::open(&std::env::var("REDISY_URL")?)?;
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
    /// # let redis = client::legacy::StrictRedis::open(&std::env::var("REDISY_URL")?)?;
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
    /// # let redis = client::legacy::StrictRedis::open(&std::env::var("REDISY_URL")?)?;
    /// let own = redis.dedicated()?;
    /// own.select(1)?;
    /// # own.del("doc:strict:own")?;
    /// assert_eq!(own.zadd("doc:strict:own", (1, 2))?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn dedicated(&self) -> Result<StrictRedis<Direct>, Error> {
        Client::dedicated(self).map(Into::into)
    }
}

impl<E> Deref for StrictRedis<E> {
    type Target = Commands<E>;

    fn deref(&self) -> &Commands<E> {
        &self.commands
    }
}

impl<E> From<Commands<E>> for StrictRedis<E> {
    fn from(commands: Commands<E>) -> Self {
        Self { commands }
    }
}

impl<E> From<StrictRedis<E>> for Commands<E> {
    fn from(strict: StrictRedis<E>) -> Self {
        strict.commands
    }
}

impl<E> AsRef<Commands<E>> for StrictRedis<E> {
    fn as_ref(&self) -> &Commands<E> {
        self
    }
}
