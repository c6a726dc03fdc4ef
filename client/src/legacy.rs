//! The two classes of redis-py 2.x, for programs that come from there: arguments in the order they had, and the replies.
//!
//! [`StrictRedis`] has the official syntax, that of the server's manual. [`Redis`] has the older one, also in its
//! pipelines. Both are the same client below and have every other command as it is.
//!
//! | command | [`Commands`] | [`StrictRedis`] | [`Redis`] |
//! |---|---|---|---|
//! | `SETEX` | `set_with(key, value, time)` | `setex(key, time, value)` | `setex(key, value, time)` |
//! | `LREM` | `lrem(key, count, element)` | the same | `lrem(key, element, count)` |
//! | `ZADD` | `zadd(key, (member, score))`, … | `zadd(key, (score, member))`, … | `zadd(key, (member, score))`, …; the pairs go out in reverse, so that of two for one member the first wins |
//! | `ZINCRBY` | `zincrby(key, increment, member)` | the same | `zincrby(key, member, increment)` |
//! | `TTL`, `PTTL` | `ttl(key)` returns a [`Ttl`](crate::Ttl) | the number as it is: -1 without expiry, -2 without key | `None` for -1, -2 and 0 |
//!
//! Times are [`Duration`]s everywhere. A view of the client is wrapped again: `Redis::from(redis.timeout(…))`.

use std::ops::Deref;
use std::time::Duration;

use resp::{Arg, DecodeError, Request, ToArg, ToPairs, View};

use crate::execute::{Batching, Decoder, Execute, decode};
use crate::{Client, Commands, Config, Error, Pipeline, Pipelined, Pooled, Redeem};

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

    fn time_left<R>(&self, name: &str, key: &impl ToArg, decode: Decoder<R>) -> E::Output<R> {
        self.commands.call_with(Request::new(name).key(key), decode)
    }
}

impl<E: Batching> StrictRedis<E> {
    /// Sends many commands in one flight, as [`Commands::pipeline`], in this syntax.
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
        self.commands.pipeline_as(commands)
    }
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
    /// Sends many commands in one flight, as [`Commands::pipeline`], in this syntax.
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
        self.strict.commands.pipeline_as(commands)
    }
}

impl<E: Batching> Commands<E> {
    /// A pipeline whose commands are collected by way of `P`.
    fn pipeline_as<P: From<Pipeline> + Into<Pipeline>, T: Redeem>(
        &self,
        commands: impl FnOnce(&P) -> T,
    ) -> Result<T::Output, Error> {
        let pipeline = P::from(Pipeline::new());
        let tickets = commands(&pipeline);
        self.executor.fly(pipeline.into(), |replies| tickets.redeem(replies))
    }
}

impl<E> Deref for StrictRedis<E> {
    type Target = Commands<E>;

    fn deref(&self) -> &Commands<E> {
        &self.commands
    }
}

impl<E> Deref for Redis<E> {
    type Target = StrictRedis<E>;

    fn deref(&self) -> &StrictRedis<E> {
        &self.strict
    }
}

impl<E> From<Commands<E>> for StrictRedis<E> {
    fn from(commands: Commands<E>) -> Self {
        Self { commands }
    }
}

impl<E> From<Commands<E>> for Redis<E> {
    fn from(commands: Commands<E>) -> Self {
        Self { strict: commands.into() }
    }
}

impl<E> From<StrictRedis<E>> for Commands<E> {
    fn from(strict: StrictRedis<E>) -> Self {
        strict.commands
    }
}

impl<E> From<Redis<E>> for Commands<E> {
    fn from(redis: Redis<E>) -> Self {
        redis.strict.commands
    }
}

/// What redis-py 2.x made of a `TTL`: `r >= 0 and r or None`, in which 0 is false.
fn above_zero(view: View<'_>) -> Result<Option<i64>, DecodeError> {
    Ok(Some(decode(view)?).filter(|time| *time > 0))
}

/// Pairs with their halves exchanged.
struct Swapped<T>(T);

impl<T: ToPairs> ToPairs for Swapped<T> {
    fn for_each_pair<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>, Arg<'a>)) {
        self.0.for_each_pair(&mut |a, b| each(b, a));
    }
}

/// Pairs read from the end of their list, which exchanges their halves too.
struct Reversed<T>(T);

impl<T: ToPairs> ToPairs for Reversed<T> {
    fn for_each_pair<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>, Arg<'a>)) {
        let mut pairs = Vec::new();
        self.0.for_each_pair(&mut |a, b| pairs.push((b, a)));
        pairs.into_iter().rev().for_each(|(b, a)| each(b, a));
    }
}
