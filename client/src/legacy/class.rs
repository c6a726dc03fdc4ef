//! What both classes have: the client below, and pipelines, views and connections of the same class.

use std::marker::PhantomData;
use std::ops::Deref;
use std::time::{Duration, Instant};

use resp::{Request, ToArg};

use crate::execute::{Batching, Decoder, Direct, Execute};
use crate::{Canceller, Client, Commands, Config, Error, Pipelined, Pooled, Redeem, Retry};

/// A client with another syntax: [`StrictRedis`](super::StrictRedis) or [`Redis`](super::Redis).
#[derive(Clone, Debug)]
pub struct Legacy<S, E = Pooled> {
    pub(super) commands: Commands<E>,
    syntax: PhantomData<S>,
}

impl<S> Legacy<S> {
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

impl<S, E: Execute> Legacy<S, E> {
    /// `TTL` or `PTTL`, as `decode` reads it.
    pub(super) fn time_left<R>(&self, name: &str, key: &impl ToArg, decode: Decoder<R>) -> E::Output<R> {
        self.commands.call_with(Request::new(name).key(key), decode)
    }
}

/// Many commands at once, in the same syntax.
impl<S, E: Batching> Legacy<S, E> {
    /// Sends many commands in one flight, as [`Commands::pipeline`], in the same syntax: `pipeline(transaction=False)`.
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
        commands: impl FnOnce(&Legacy<S, Pipelined>) -> T,
    ) -> Result<T::Output, Error> {
        self.pipeline_as(commands)
    }

    /// Runs commands together, as [`Commands::atomic`], in the same syntax: redis-py's pipeline with its default,
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
        commands: impl FnOnce(&Legacy<S, Pipelined>) -> T,
    ) -> Result<T::Output, Error> {
        self.atomic_as(commands)
    }

    /// Sends a command, or a few, for each item in one endless flight, as [`Commands::pipeline_each`], in the same syntax.
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
        command: impl FnMut(&Legacy<S, Pipelined>, I::Item) -> T,
        each: impl FnMut(T::Output),
    ) -> Result<(), Error> {
        self.each_as(items, command, each)
    }
}

/// The same client on other terms, and connections of its pool, in the same syntax.
impl<S> Legacy<S> {
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
    pub fn dedicated(&self) -> Result<Legacy<S, Direct>, Error> {
        Client::dedicated(self).map(Into::into)
    }
}

impl<S, E> Deref for Legacy<S, E> {
    type Target = Commands<E>;

    fn deref(&self) -> &Commands<E> {
        &self.commands
    }
}

impl<S, E> From<Commands<E>> for Legacy<S, E> {
    fn from(commands: Commands<E>) -> Self {
        Self { commands, syntax: PhantomData }
    }
}

impl<S, E> From<Legacy<S, E>> for Commands<E> {
    fn from(legacy: Legacy<S, E>) -> Self {
        legacy.commands
    }
}

impl<S, E> AsRef<Commands<E>> for Legacy<S, E> {
    fn as_ref(&self) -> &Commands<E> {
        self
    }
}
