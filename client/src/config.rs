//! How a client reaches its server, how many connections it may have, and how long a call may take.

use std::time::Duration;

use conn::{Address, Engine, Protocol};
use resp::Limits;

use crate::Error;

/// How a client reaches its server, how many connections it may have, and how long a call may take.
///
/// It is built by hand or read from a URL; the setters and the options of a URL have the same names:
///
/// ```text
/// redis://[[user]:[password]@]host[:port][/db][?option=value&…]      also valkey://
/// unix://[[user]:[password]@]/path/of/socket[?db=2&option=value&…]
/// ```
///
/// | option | value | default |
/// |---|---|---|
/// | `username`, `password` | text, percent-encoded | none |
/// | `db` | 0 and up | 0 |
/// | `protocol` | `2` or `3` | 3, falling back to 2 |
/// | `parser` | `pure` or `hiredis` | `pure` |
/// | `client_name` | text without spaces | none |
/// | `timeout` | a time or `none` | 5s |
/// | `connect_timeout` | a time or `none` | 5s |
/// | `keepalive` | a time or `none` | 30s |
/// | `max_connections` | 1 to 65535 | 64 |
/// | `when_full` | `wait` or `fail` | `wait` |
/// | `max_idle`, `max_age` | a time or `none` | none |
///
/// A time is a number with its unit, `250ms`, `5s` or `2m`; a number alone is seconds.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use client::{Address, Config};
///
/// # fn main() -> Result<(), client::Error> {
/// let config: Config = "redis://:secret@localhost:6380/2?timeout=250ms&max_connections=8".parse()?;
/// assert_eq!(config.address(), &Address::tcp("localhost", 6380));
///
/// let error = "redis://localhost?time_out=1s".parse::<Config>().unwrap_err();
/// assert!(error.to_string().starts_with("unknown option \"time_out\" in the URL; known are username, password"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) connection: conn::Config,
    pub(crate) pool: pool::Settings,
    pub(crate) timeout: Option<Duration>,
    pub(crate) when_full: WhenFull,
}

/// What a call does when all connections of the pool are in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenFull {
    /// It waits until its deadline.
    #[default]
    Wait,
    /// It fails at once.
    Fail,
}

impl Config {
    /// How long a call may take unless told otherwise: 5 s, as redis-py waits for a reply (`_defaults.py`, 8.0).
    pub const TIMEOUT: Duration = Duration::from_secs(5);

    /// A server at `address`, with the defaults of the table above.
    pub fn new(address: Address) -> Self {
        Self {
            connection: conn::Config::new(address),
            pool: pool::Settings::default(),
            timeout: Some(Self::TIMEOUT),
            when_full: WhenFull::default(),
        }
    }

    /// Sets how long a call may take in all, from waiting for the pool to the last reply; `None` for as long as it
    /// takes. A blocking command has the server's time on top.
    #[must_use]
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeout = timeout.into();
        self
    }

    /// Sets how many connections there may be at the same time, 1 to 65,535.
    #[must_use]
    pub fn max_connections(mut self, count: usize) -> Self {
        self.pool = self.pool.max_size(count);
        self
    }

    /// Sets what a call does when all connections are in use.
    #[must_use]
    pub fn when_full(mut self, when_full: WhenFull) -> Self {
        self.when_full = when_full;
        self
    }

    /// Sets how long a connection may be idle before it is closed instead of used; by default for ever.
    #[must_use]
    pub fn max_idle(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.pool = limit.into().map_or(self.pool, |limit| self.pool.max_idle(limit));
        self
    }

    /// Sets how old a connection may be before it is closed instead of used; by default for ever.
    #[must_use]
    pub fn max_age(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.pool = limit.into().map_or(self.pool, |limit| self.pool.max_age(limit));
        self
    }

    /// Sets the user of the server's access list.
    #[must_use]
    pub fn username(self, username: &str) -> Self {
        self.connection(|connection| connection.username(username))
    }

    /// Sets the password.
    #[must_use]
    pub fn password(self, password: &str) -> Self {
        self.connection(|connection| connection.password(password))
    }

    /// Sets the number of the database.
    #[must_use]
    pub fn db(self, db: u32) -> Self {
        self.connection(|connection| connection.db(db))
    }

    /// Sets the version of the protocol to ask for.
    #[must_use]
    pub fn protocol(self, protocol: Protocol) -> Self {
        self.connection(|connection| connection.protocol(protocol))
    }

    /// Chooses the engine that reads replies.
    ///
    /// # Errors
    /// [`Error`] when it is not part of this build.
    pub fn parser(mut self, engine: Engine) -> Result<Self, Error> {
        self.connection = self.connection.parser(engine).map_err(|error| Error::config(error.to_string()))?;
        Ok(self)
    }

    /// Sets the name that `CLIENT LIST` shows.
    #[must_use]
    pub fn client_name(self, name: &str) -> Self {
        self.connection(|connection| connection.client_name(name))
    }

    /// Sets how long lookup, connect and handshake may take together; `None` leaves it to the call's own limit.
    #[must_use]
    pub fn connect_timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        let timeout = timeout.into();
        self.connection(|connection| connection.connect_timeout(timeout))
    }

    /// Sets after how long a silence the kernel probes whether the server is still there; `None` turns it off.
    #[must_use]
    pub fn keepalive(self, idle: impl Into<Option<Duration>>) -> Self {
        let idle = idle.into();
        self.connection(|connection| connection.keepalive(idle))
    }

    /// Sets how much one reply may hold.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        self.connection(|connection| connection.limits(limits))
    }

    /// Where the server listens.
    pub fn address(&self) -> &Address {
        self.connection.address()
    }

    fn connection(mut self, change: impl FnOnce(conn::Config) -> conn::Config) -> Self {
        self.connection = change(self.connection);
        self
    }
}
