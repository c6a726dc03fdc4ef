//! The client that all threads share: each call borrows a connection from the pool.

use std::time::{Duration, Instant};

use conn::Connection;
use pool::{Guard, Lent};
use resp::{Reply, Request};

use super::admit::{Place, admit};
use super::connector::Listener;
use super::farewell::farewell;
use super::feed::Feed;
use super::pipeline::PIPELINE;
use super::terms::{Attempts, Limit, Span, Terms};
use super::trace;
use super::{
    Batching, Blocking, CodeCall, ConnectionPool, Connector, Decoder, Dedicated, Execute, Pipeline, Replies,
    decoded,
};
use crate::{Canceller, CommandFacts, Commands, Config, Error, PoolStats, Retry, Stats, WhenFull};

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
    pub(super) terms: Terms,
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
        let connector = Connector::new(config);
        let settings = config.pool.fresh(connector.fresh());
        let pool = match config.observer.0.clone() {
            Some(observer) => ConnectionPool::with_events(connector, settings, Listener(observer)),
            None => ConnectionPool::new(connector, settings),
        }
        .map_err(|error| Error::config(error.to_string()))?;
        if let Some(rotation) = &config.rotation {
            rotation.register(&pool);
        }
        Ok(Self { executor: Pooled { pool, terms: Terms::of(config) } })
    }

    /// A client that shares the pool of another: one limit for both. Its calls have the default timeout and retries.
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
        Self { executor: Pooled { pool, terms: Terms::default() } }
    }

    /// A client for the same server, on the same terms, with a pool of its own of at most so many connections (1 to
    /// 65,535): for those who must not wait when all the others are in use.
    ///
    /// # Errors
    /// [`Error`] when the pool's size is not one that a pool can have.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = client::Client::open(&format!("{}?max_connections=1", std::env::var("REDISY_URL")?))?;
    /// let apart = client.apart(1)?;
    /// let all = client.dedicated()?; // the only one that `client` may have
    /// apart.ping()?;
    /// # drop(all);
    /// # Ok(())
    /// # }
    /// ```
    pub fn apart(&self, max_connections: usize) -> Result<Self, Error> {
        let Pooled { pool, terms } = &self.executor;
        let connector = pool.manage().clone();
        let settings = pool::Settings::default().max_size(max_connections).fresh(connector.fresh());
        let rotation = connector.rotation().cloned();
        let apart = match terms.observer.0.clone() {
            Some(observer) => ConnectionPool::with_events(connector, settings, Listener(observer)),
            None => ConnectionPool::new(connector, settings),
        }
        .map_err(|error| Error::config(error.to_string()))?;
        if let Some(rotation) = rotation {
            rotation.register(&apart);
        }
        Ok(Self { executor: Pooled { pool: apart, terms: terms.clone() } })
    }

    /// The pool of the client's connections.
    pub fn pool(&self) -> &ConnectionPool {
        &self.executor.pool
    }

    /// What has happened to this client and its views, and in its pool.
    pub fn stats(&self) -> Stats {
        self.executor.terms.tally.read(self.pool_stats())
    }

    /// What the pool holds and what has happened in it.
    pub fn pool_stats(&self) -> PoolStats {
        self.executor.pool.stats()
    }

    /// A connection for this caller alone, for as long as the value lives: `SELECT`, `WATCH` by hand, or a loop that
    /// blocks. It is one of the pool's, and goes back if it was left as it was found.
    ///
    /// # Errors
    /// [`Error`] when no connection could be had.
    pub fn dedicated(&self) -> Result<Dedicated, Error> {
        let Pooled { terms, .. } = &self.executor;
        let mut attempts = Attempts::begin(terms, "dedicated");
        loop {
            match self.executor.checkout(attempts.span()) {
                Ok(connection) => return Ok(Dedicated::new(connection, terms.clone())),
                Err(error) => attempts.again(error, || true)?,
            }
        }
    }
}

/// The same client on other terms, sharing its pool: views that cost next to nothing.
impl Client {
    /// The client with another time limit for each call, `None` for as long as it takes. A blocking command has the
    /// server's time on top.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let name: Option<String> = client.timeout(Duration::from_millis(250)).get("doc:view")?;
    /// # assert_eq!(name, None);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn timeout(&self, timeout: impl Into<Option<Duration>>) -> Self {
        let limit = Limit::Timeout(timeout.into());
        self.on(|terms| terms.limit = limit)
    }

    /// The client whose calls must all have ended by `instant`, blocking commands too: the server's own timeout gets
    /// no time on top.
    ///
    /// # Example
    /// ```
    /// use std::time::{Duration, Instant};
    /// use client::Timeout;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let hurried = client.deadline(Instant::now() + Duration::from_millis(50));
    /// let error = hurried.blpop::<String, String>("doc:nothing", Timeout::Forever).unwrap_err();
    /// assert!(error.is_timeout());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn deadline(&self, instant: Instant) -> Self {
        self.on(|terms| terms.limit = Limit::Deadline(instant))
    }

    /// The client whose calls are tried again as `retry` says.
    #[must_use]
    pub fn retry(&self, retry: Retry) -> Self {
        self.on(|terms| terms.retry = retry)
    }

    /// The client whose calls are called off by `canceller`, and those of its [`Client::dedicated`] connections.
    #[must_use]
    pub fn cancelled_by(&self, canceller: &Canceller) -> Self {
        self.on(|terms| terms.canceller = Some(canceller.clone()))
    }

    fn on(&self, change: impl FnOnce(&mut Terms)) -> Self {
        let mut view = self.clone();
        change(&mut view.executor.terms);
        view
    }
}

impl Pooled {
    pub(super) fn terms(&self) -> &Terms {
        &self.terms
    }

    /// A connection for longer than this call.
    fn checkout(&self, span: Span) -> Result<Guard<Connector>, Error> {
        let _trace = trace::Span::checkout();
        self.terms.check()?;
        let deadline = span.deadline.instant();
        match self.terms.when_full {
            WhenFull::Wait => Ok(self.pool.get(deadline)?),
            WhenFull::Fail => Ok(self.pool.try_get(deadline)?),
        }
    }

    /// A connection for one attempt.
    #[inline]
    fn borrow(&self, span: Span) -> Result<Lent<'_, Connector>, Error> {
        let _trace = trace::Span::checkout();
        self.terms.check()?;
        let deadline = span.deadline.instant();
        match self.terms.when_full {
            WhenFull::Wait => Ok(self.pool.lend(span.now, deadline)?),
            WhenFull::Fail => Ok(self.pool.try_lend(span.now, deadline)?),
        }
    }

    /// One attempt of `call` on some connection, which goes back to the pool unless the call `leaves_state` on it.
    fn attempt<T>(
        &self,
        span: Span,
        leaves_state: bool,
        call: impl FnOnce(&mut Connection, Instant) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut connection = self.borrow(span)?;
        let now = connection.taken();
        let (result, is_cut) = self.terms.run(&mut connection, |connection| call(connection, now));
        self.give_back(connection, leaves_state || is_cut, result.is_ok(), span);
        result
    }

    /// The connection goes back to the pool after a call, unless the call has left something on it.
    #[inline]
    fn give_back(&self, mut connection: Lent<'_, Connector>, is_spoilt: bool, is_ok: bool, span: Span) {
        if is_spoilt {
            connection.discard();
        } else if is_ok {
            // If the server refuses, the call has its answer all the same; the connection is poisoned and goes.
            self.pool.manage().renew(&mut connection, span.deadline);
        }
    }

    fn round_trip(&self, request: &mut Request<'_>, attempts: &mut Attempts<'_>) -> Result<Reply, Error> {
        admit(request, Place::Any)?;
        loop {
            let span = attempts.span();
            match self.attempt(span, false, |connection, now| call(connection, request, span, now)) {
                Ok(reply) => return Ok(reply),
                Err(error) => match farewell(request, error) {
                    Ok(reply) => return Ok(reply),
                    Err(error) => attempts.again(error, || is_repeatable(request))?,
                },
            }
        }
    }
}

impl Execute for Pooled {
    type Output<R> = Result<R, Error>;

    #[inline]
    fn execute<R>(&self, request: Request<'_>, decode: Decoder<R>) -> Result<R, Error> {
        self.execute_now(request, decode)
    }

    fn execute_code<R>(&self, mut code: CodeCall<'_>, decode: Decoder<R>) -> Result<R, Error> {
        let mut attempts = Attempts::begin(&self.terms, code.name());
        let reply = code.run(&mut attempts, |request, attempts| self.round_trip(request, attempts));
        let done = reply.and_then(|reply| decoded(&reply, decode)).map_err(|error| error.of(code.name()));
        attempts.end(code.name(), 1, done)
    }
}

impl Blocking for Pooled {
    fn execute_now<R>(&self, mut request: Request<'_>, decode: Decoder<R>) -> Result<R, Error> {
        let mut attempts = Attempts::begin(&self.terms, request.name());
        let reply = self.round_trip(&mut request, &mut attempts);
        let done = reply.and_then(|reply| decoded(&reply, decode)).map_err(|error| error.of(request.name()));
        attempts.end(request.name(), 1, done)
    }
}

impl Batching for Pooled {
    fn fly<T>(
        &self,
        pipeline: Pipeline,
        land: impl FnMut(&mut Replies<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut attempts = Attempts::begin(&self.terms, PIPELINE);
        let commands = pipeline.len();
        let done = pipeline.fly(land, |flight, mut land| {
            loop {
                let span = attempts.span();
                let fly = |connection: &mut Connection, _| flight.fly(connection, span, &mut land);
                match self.attempt(span, flight.leaves_state(), fly) {
                    Ok(landed) => return landed,
                    Err(error) => {
                        let again = attempts.again(error, || flight.is_repeatable());
                        again.map_err(|error| error.of(flight.title()))?;
                    }
                }
            }
        });
        attempts.end(PIPELINE, commands, done)
    }

    fn feed(&self, mut feed: Feed<'_>) -> Result<(), Error> {
        let mut attempts = Attempts::begin(&self.terms, PIPELINE);
        let done = loop {
            let span = attempts.span();
            match self.borrow(span) {
                Ok(mut connection) => {
                    let (result, is_cut) =
                        self.terms.run(&mut connection, |connection| feed.talk(connection, span.deadline));
                    self.give_back(connection, feed.leaves_state() || is_cut, result.is_ok(), span);
                    break result.map_err(|error| error.of(PIPELINE));
                }
                // Nothing was taken from the caller yet.
                Err(error) => {
                    if let Err(error) = attempts.again(error, || true) {
                        break Err(error.of(PIPELINE));
                    }
                }
            }
        };
        attempts.end(PIPELINE, feed.commands(), done)
    }
}

/// Whether the command does no harm if it runs twice. What nobody knows may do some.
fn is_repeatable(request: &Request<'_>) -> bool {
    CommandFacts::of_request(request).is_some_and(CommandFacts::is_repeatable)
}

/// One round trip, which begins `now`. An error of the server's is an error.
#[inline]
pub(super) fn call(
    connection: &mut Connection,
    request: &mut Request<'_>,
    span: Span,
    now: Instant,
) -> Result<Reply, Error> {
    let reply = connection.call_now(request, span.allow(request.wait()), now)?;
    // The kind of every reply is looked at; only that of an error leads further.
    match reply.view().kind().is_error().then(|| reply.server_error()).flatten() {
        Some(error) => Err(Error::server(error)),
        None => Ok(reply),
    }
}
