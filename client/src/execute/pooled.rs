//! The client that all threads share: each call borrows a connection from the pool.

use std::time::Duration;

use conn::{Connection, Deadline};
use pool::Guard;
use resp::{Reply, Request, Wait};

use super::admit::{Place, admit};
use super::{Blocking, ConnectionPool, Connector, Decoder, Dedicated, Execute, Pipeline, Redeem, finish};
use crate::{Commands, Config, Error, PoolStats, WhenFull};

/// A client for all threads of a program: cheap to clone, `&self`, `Send` and `Sync`.
///
/// Each call takes a connection from a lazy pool, sends one request and receives one reply. The commands are the
/// methods of [`Commands`]; what follows is the client's own.
///
/// # Example
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let url = std::env::var("REDISY_URL")?;
/// let client = client::Client::open(&url)?;
/// # client.del("doc:client")?;
/// std::thread::scope(|scope| {
///     for _ in 0..4 {
///         scope.spawn(|| client.incr("doc:client").unwrap());
///     }
/// });
/// assert_eq!(client.get::<i64>("doc:client")?, Some(4));
/// # Ok(())
/// # }
/// ```
pub type Client = Commands<Pooled>;

/// The executor of a [`Client`].
#[derive(Clone, Debug)]
pub struct Pooled {
    pool: ConnectionPool,
    timeout: Option<Duration>,
    when_full: WhenFull,
}

impl Client {
    /// A client for the server at `url`, such as `redis://localhost:6379/0`; [`Config`] lists what it may hold.
    ///
    /// Nothing is connected before the first command.
    ///
    /// # Errors
    /// [`Error`] naming what is malformed in the URL.
    pub fn open(url: &str) -> Result<Self, Error> {
        Self::new(&url.parse::<Config>()?)
    }

    /// A client with a pool of its own.
    ///
    /// # Errors
    /// [`Error`] when the pool's size is not one that a pool can have.
    pub fn new(config: &Config) -> Result<Self, Error> {
        let connector = Connector::new(config.connection.clone());
        let pool =
            ConnectionPool::new(connector, config.pool).map_err(|error| Error::config(error.to_string()))?;
        Ok(Self { executor: Pooled { pool, timeout: config.timeout, when_full: config.when_full } })
    }

    /// A client that shares the pool of another: one limit for both.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let url = std::env::var("REDISY_URL")?;
    /// let first = client::Client::open(&url)?;
    /// let second = client::Client::from_pool(first.pool().clone());
    /// first.ping()?;
    /// second.ping()?;
    /// assert_eq!(second.pool().stats().created, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_pool(pool: ConnectionPool) -> Self {
        Self { executor: Pooled { pool, timeout: Some(Config::TIMEOUT), when_full: WhenFull::Wait } }
    }

    /// The pool of the client's connections.
    pub fn pool(&self) -> &ConnectionPool {
        &self.executor.pool
    }

    /// What the pool holds and what has happened in it.
    pub fn pool_stats(&self) -> PoolStats {
        self.executor.pool.stats()
    }

    /// Sends many commands in one flight and returns what their tickets stand for.
    ///
    /// # Errors
    /// The first error of the server's that no ticket has caught (see [`Ticket::caught`](crate::Ticket::caught)), or
    /// why the flight failed as a whole.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:pipe:a", "doc:pipe:b"])?;
    /// let (a, all) = client.pipeline(|p| {
    ///     let all: Vec<_> = (0..3).map(|_| p.incr("doc:pipe:b")).collect();
    ///     (p.incr("doc:pipe:a"), all)
    /// })?;
    /// assert_eq!((a, all), (1, vec![1, 2, 3]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn pipeline<T: Redeem>(&self, commands: impl FnOnce(&Pipeline) -> T) -> Result<T::Output, Error> {
        let pipeline = Pipeline::begin();
        let tickets = commands(&pipeline);
        pipeline.fly(tickets, |flight| {
            let deadline = begin(self.executor.timeout);
            let mut connection = self.executor.checkout(deadline)?;
            let replies = flight.fly(&mut connection, deadline);
            if flight.leaves_state() {
                connection.discard();
            }
            replies
        })
    }

    /// A connection for this caller alone, for as long as the value lives: `SELECT`, `WATCH` by hand, or a loop that
    /// blocks. It is one of the pool's, and goes back if it was left as it was found.
    ///
    /// # Errors
    /// [`Error`] when no connection could be had.
    pub fn dedicated(&self) -> Result<Dedicated, Error> {
        let connection = self.executor.checkout(begin(self.executor.timeout))?;
        Ok(Dedicated::new(connection, self.executor.timeout))
    }
}

impl Pooled {
    fn checkout(&self, deadline: Deadline) -> Result<Guard<Connector>, Error> {
        match self.when_full {
            WhenFull::Wait => Ok(self.pool.get(deadline.instant())?),
            WhenFull::Fail => Ok(self.pool.try_get(deadline.instant())?),
        }
    }

    fn round_trip(&self, request: &mut Request<'_>) -> Result<Reply, Error> {
        admit(request, Place::Any)?;
        let deadline = begin(self.timeout);
        let mut connection = self.checkout(deadline)?;
        call(&mut connection, request, deadline)
    }
}

impl Execute for Pooled {
    type Output<R> = Result<R, Error>;

    #[inline]
    fn execute<R>(&self, request: Request<'_>, decode: Decoder<R>) -> Result<R, Error> {
        self.execute_now(request, decode)
    }
}

impl Blocking for Pooled {
    fn execute_now<R>(&self, mut request: Request<'_>, decode: Decoder<R>) -> Result<R, Error> {
        let reply = self.round_trip(&mut request).map_err(|error| error.of(request.name()))?;
        finish(request.name(), &reply, decode)
    }
}

/// By when a call that begins now must have ended, but for what the server may take for itself.
pub(super) fn begin(timeout: Option<Duration>) -> Deadline {
    timeout.map_or(Deadline::NEVER, Deadline::after)
}

/// The deadline with room for a server that may hold back its answer for so long.
pub(super) fn allow(deadline: Deadline, wait: Wait) -> Deadline {
    match wait {
        Wait::No => deadline,
        Wait::For(time) => deadline.plus(time),
        Wait::Forever => Deadline::NEVER,
    }
}

pub(super) fn call(
    connection: &mut Connection,
    request: &mut Request<'_>,
    deadline: Deadline,
) -> Result<Reply, Error> {
    let deadline = allow(deadline, request.wait());
    Ok(connection.call(request, deadline)?)
}
