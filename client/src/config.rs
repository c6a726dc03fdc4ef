//! How a client reaches its server, how many connections it may have, and how long a call may take.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use conn::{Address, Credentials, Engine, Protocol, Tls};
use resp::{Limits, Reply};

use crate::observe::Observer;
use crate::pushes::PushHandlers;
use crate::{Error, Invalidation, Message, Observe, Retry, RotatingCredentials};

/// How a client reaches its server, how many connections it may have, and how long a call may take.
///
/// It is built by hand or read from a URL; the setters and the options of a URL have the same names:
///
/// ```text
/// redis://[[user]:[password]@]host[:port][/db][?option=value&…]      also valkey://
/// rediss://[[user]:[password]@]host[:port][/db][?option=value&…]     TLS, also valkeys://
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
/// | `health_check_interval` | a time or `none` | none |
/// | `attempts` | how often a call is tried in all, 1 to 1000 ([`Retry`]) | 5 |
/// | `min_idle` | 0 to `max_connections` | 0 |
/// | `max_idle`, `max_age` | a time or `none` | none |
/// | `maintain` | a time or `none` | none |
///
/// TLS needs the cargo feature `tls`. It has the options of [`Tls`], with `tls_` before them. Files are PEM, and are
/// read when the URL is:
///
/// | option | value | default |
/// |---|---|---|
/// | `tls_ca` | a file with the CAs to trust, and no others | the system's |
/// | `tls_cert`, `tls_key` | files with the client's certificate (its chain after it) and its key | none |
/// | `tls_crl` | a file with revocation lists, one for each CA in the server's chain | none |
/// | `tls_server_name` | what the server's certificate must be for | the host |
/// | `tls_min_version` | `1.2` or `1.3` | 1.2 |
/// | `tls_danger_accept_any_certificate` | `yes` trusts whoever answers: for tests alone | `no` |
///
/// A time is a number with its unit, `250ms`, `5s` or `2m`; a number alone is seconds.
///
/// It is shown as a URL again, without its secrets; see [`Display`](#impl-Display-for-Config).
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
#[doc = include_str!("url/redis-py.md")]
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) connection: conn::Config,
    pub(crate) pool: pool::Settings,
    pub(crate) timeout: Option<Duration>,
    pub(crate) when_full: WhenFull,
    pub(crate) retry: Retry,
    pub(crate) pushes: PushHandlers,
    pub(crate) observer: Observer,
    pub(crate) health_check_interval: Option<Duration>,
    pub(crate) rotation: Option<RotatingCredentials>,
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
            retry: Retry::default(),
            pushes: PushHandlers::default(),
            observer: Observer::default(),
            health_check_interval: None,
            rotation: None,
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

    /// Sets when a call that failed is tried again.
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Sets after how long an idle time a connection must answer a PING, within a second, before it is used; by default
    /// never. A look at the socket, which costs no round trip, notices all but a peer that vanished without a word.
    #[must_use]
    pub fn health_check_interval(mut self, interval: impl Into<Option<Duration>>) -> Self {
        self.health_check_interval = interval.into();
        self
    }

    /// Sets credentials that may be replaced while the client works, in place of fixed ones.
    #[must_use]
    pub fn rotating_credentials(mut self, credentials: &RotatingCredentials) -> Self {
        let current = credentials.clone();
        self.rotation = Some(credentials.clone());
        self.credentials_provider(move || Ok(current.current().as_ref().clone()))
    }

    /// Sets who is told of calls and connections, by default nobody: [`Metrics`](crate::Metrics), or an observer of
    /// one's own.
    #[must_use]
    pub fn observer(mut self, observer: impl Observe) -> Self {
        self.observer = Observer(Some(Arc::new(observer)));
        self
    }

    /// Sets who takes the pushes of RESP3 that come between replies: invalidations, messages, and whatever newer servers
    /// may say. By default they are counted and dropped.
    ///
    /// Handlers run on a thread of the client's own, one push after the other, and hold up no reply; one that panics has
    /// lost its push and nothing else. When they are so slow that 1,024 pushes wait, further ones are dropped and counted
    /// ([`Client::dropped_pushes`](crate::Client::dropped_pushes)).
    ///
    /// # Example
    /// ```
    /// use std::sync::mpsc;
    /// use std::time::Duration;
    /// use client::{Client, Config, TrackingOptions};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let url = std::env::var("REDISY_URL")?;
    /// let (sender, pushes) = mpsc::channel();
    /// let config: Config = url.parse::<Config>()?.on_push(move |push| drop(sender.send(push.clone())));
    /// let own = Client::new(&config)?.dedicated()?;
    /// own.client_tracking_on(TrackingOptions::new())?;
    /// own.set("doc:pushed", 1)?;
    /// own.get::<i64>("doc:pushed")?;
    /// own.set("doc:pushed", 2)?; // the server tells everybody who has read it
    /// own.ping()?;
    /// let push = pushes.recv_timeout(Duration::from_secs(5))?;
    /// assert_eq!(push.view().get(0).and_then(|kind| kind.as_str()), Some("invalidate"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn on_push(mut self, handler: impl Fn(&Reply) + Send + Sync + 'static) -> Self {
        self.pushes.push = Some(Arc::new(handler));
        self
    }

    /// Sets who is told which keys have changed, of those that a connection with
    /// [`client_tracking_on`](crate::Commands::client_tracking_on) has read. [`on_push`](Self::on_push) says how it runs,
    /// and does not get them then.
    ///
    /// # Example
    /// ```
    /// use std::sync::mpsc;
    /// use std::time::Duration;
    /// use client::{Client, Config, Invalidation, TrackingOptions};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let url = std::env::var("REDISY_URL")?;
    /// let (sender, changes) = mpsc::channel();
    /// let config = url.parse::<Config>()?.on_invalidation(move |keys| drop(sender.send(keys.clone())));
    /// let own = Client::new(&config)?.dedicated()?;
    /// own.client_tracking_on(TrackingOptions::new())?;
    /// own.get::<i64>("doc:changed")?;
    /// own.set("doc:changed", 2)?;
    /// own.ping()?;
    /// let changed = changes.recv_timeout(Duration::from_secs(5))?;
    /// assert_eq!(changed, Invalidation::Keys(vec!["doc:changed".into()]));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn on_invalidation(mut self, handler: impl Fn(&Invalidation) + Send + Sync + 'static) -> Self {
        self.pushes.invalidation = Some(Arc::new(handler));
        self
    }

    /// Sets who takes messages that come between replies, as a proxy or a module may send them; subscriptions are made
    /// by [`Client::pubsub`](crate::Client::pubsub). [`on_push`](Self::on_push) says how it runs, and does not get them
    /// then.
    #[must_use]
    pub fn on_message(mut self, handler: impl Fn(&Message) + Send + Sync + 'static) -> Self {
        self.pushes.message = Some(Arc::new(handler));
        self
    }

    /// Sets how many connections shall lie ready, at most [`max_connections`](Self::max_connections); 0 by default.
    ///
    /// [`Client::warm_up`](crate::Client::warm_up) opens what is missing, and so does the thread of
    /// [`maintain`](Self::maintain). Nothing else does: a call opens the connection that it needs, and no other.
    #[must_use]
    pub fn min_idle(mut self, count: usize) -> Self {
        self.pool = self.pool.min_idle(count);
        self
    }

    /// Sets how long a connection may lie idle; by default for ever. One that lay longer is never used again: it is
    /// closed by the call that meets it, by calls that pass by (each closes four at most), or by the thread of
    /// [`maintain`](Self::maintain).
    #[must_use]
    pub fn max_idle(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.pool = self.pool.max_idle(limit);
        self
    }

    /// Sets how old a connection may get; by default as old as it gets. Each one has a limit of its own, up to a tenth
    /// below this one, so that those which were opened together are not closed together. One in use is closed when it
    /// comes back.
    #[must_use]
    pub fn max_age(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.pool = self.pool.max_age(limit);
        self
    }

    /// Sets how often a thread of the pool's own closes idle connections that are over their limits and opens what is
    /// missing to [`min_idle`](Self::min_idle); by default there is no such thread, and a pool that nobody uses
    /// stays as it is. It starts with the first call and ends with the pool; a forked child starts its own.
    #[must_use]
    pub fn maintain(mut self, interval: impl Into<Option<Duration>>) -> Self {
        self.pool = self.pool.maintain(interval);
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

    /// Sets who is asked for user and password at each connect, in place of fixed ones: for tokens that expire. It may
    /// take as long as it likes; the deadline of the call holds all the same. Its error ends the call, untried again.
    ///
    /// # Example
    /// ```
    /// use client::{Config, Credentials};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let token = || Ok(Credentials::new(std::fs::read_to_string("/run/token")?).username("ann"));
    /// let config = "redis://localhost".parse::<Config>()?.credentials_provider(token);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn credentials_provider(
        self,
        provide: impl Fn() -> Result<Credentials, Box<dyn std::error::Error + Send + Sync>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.connection(|connection| connection.credentials_provider(provide))
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

    /// Sets who finds the addresses of the host, by default the system's resolver: for service discovery, or a host file
    /// of one's own. It runs on a thread of its own, and the deadline of the call holds however slow it is.
    #[must_use]
    pub fn resolver(
        self,
        resolve: impl Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static,
    ) -> Self {
        self.connection(|connection| connection.resolver(resolve))
    }

    /// Sets how much one reply may hold.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        self.connection(|connection| connection.limits(limits))
    }

    /// Turns TLS on. All files are read here, once for all connections.
    ///
    /// # Errors
    /// [`Error`] naming the option and the file that cannot be used, or that the cargo feature `tls` is off.
    ///
    /// # Example
    /// ```
    /// use client::{Address, Config, Tls};
    ///
    /// let tls = Tls::new().ca("/no/such.pem");
    /// let error = Config::new(Address::tcp("redis.example", 6380)).tls(&tls).unwrap_err();
    /// assert!(error.is_usage());
    /// ```
    pub fn tls(mut self, tls: &Tls) -> Result<Self, Error> {
        self.connection = self.connection.tls(tls).map_err(|error| Error::config(error.to_string()))?;
        Ok(self)
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
