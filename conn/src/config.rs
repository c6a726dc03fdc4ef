//! With what a connection is opened.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use resp::{Limits, Protocol};

use crate::credentials::Source;
use crate::lookup::Resolver;
use crate::parser::{self, Make};
use crate::tls::Connector;
use crate::{Address, Credentials, Engine, EngineMissing, Tls, TlsError};

/// How to reach a server and what to tell it first. Cheap to clone; never shows its password.
///
/// # Example
/// ```
/// use conn::{Config, Protocol};
///
/// let config = Config::tcp("localhost", 6379).password("secret").db(2).client_name("worker");
/// assert_eq!(config.address().to_string(), "localhost:6379");
/// assert!(!format!("{config:?}").contains("secret"));
/// ```
#[derive(Clone)]
pub struct Config {
    pub(crate) address: Arc<Address>,
    pub(crate) credentials: Source,
    pub(crate) db: u32,
    pub(crate) client_name: Option<Arc<str>>,
    pub(crate) library: Option<Library>,
    pub(crate) protocol: Protocol,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) keepalive: Option<Duration>,
    pub(crate) limits: Limits,
    pub(crate) resolver: Resolver,
    pub(crate) tls: Option<Connector>,
    engine: Engine,
    /// INVARIANT: makes the engine.
    pub(crate) make_parser: Make,
}

/// What `CLIENT LIST` shows as the library.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Library {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

impl Config {
    /// A server at `address`, with the defaults that each setter names.
    pub fn new(address: Address) -> Self {
        Self {
            address: Arc::new(address),
            credentials: Source::Fixed(Credentials::default()),
            db: 0,
            client_name: None,
            library: Some(Library { name: "redisy", version: env!("CARGO_PKG_VERSION") }),
            protocol: Protocol::Resp3,
            connect_timeout: Some(Duration::from_secs(5)),
            keepalive: Some(Duration::from_secs(30)),
            limits: Limits::default(),
            resolver: Resolver::default(),
            tls: None,
            engine: Engine::Pure,
            make_parser: parser::PURE,
        }
    }

    /// A server on a TCP port.
    pub fn tcp(host: impl Into<String>, port: u16) -> Self {
        Self::new(Address::tcp(host, port))
    }

    /// Sets the user of the server's access list; by default `default`.
    #[must_use]
    pub fn username(self, username: impl Into<Arc<str>>) -> Self {
        self.login(|credentials| credentials.username(username))
    }

    /// Sets the password; by default none is sent.
    #[must_use]
    pub fn password(self, password: impl Into<String>) -> Self {
        self.login(|credentials| credentials.password(password))
    }

    /// Sets who is asked for user and password at each connect, in place of fixed ones: for tokens that expire. The
    /// provider may take as long as it likes; the deadline of the call holds all the same. Its error ends the call.
    ///
    /// # Example
    /// ```
    /// use conn::{Config, Credentials};
    ///
    /// let token = || Ok(Credentials::new(std::fs::read_to_string("/run/token")?).username("ann"));
    /// let config = Config::tcp("localhost", 6379).credentials_provider(token);
    /// assert!(format!("{config:?}").contains("credentials: provider"));
    /// ```
    #[must_use]
    pub fn credentials_provider(
        mut self,
        provide: impl Fn() -> Result<Credentials, Box<dyn Error + Send + Sync>> + Send + Sync + 'static,
    ) -> Self {
        self.credentials = Source::Provider(Arc::new(provide));
        self
    }

    fn login(mut self, change: impl FnOnce(Credentials) -> Credentials) -> Self {
        let credentials = match self.credentials {
            Source::Fixed(credentials) => credentials,
            Source::Provider(_) => Credentials::default(),
        };
        self.credentials = Source::Fixed(change(credentials));
        self
    }

    /// Sets the number of the database to select, by default 0. A server has 16 of them unless told otherwise.
    #[must_use]
    pub fn db(mut self, db: u32) -> Self {
        self.db = db;
        self
    }

    /// Sets the name that `CLIENT LIST` shows, by default none.
    #[must_use]
    pub fn client_name(mut self, name: impl Into<Arc<str>>) -> Self {
        self.client_name = Some(name.into());
        self
    }

    /// Leaves out `CLIENT SETINFO`, for proxies that choke on it.
    #[must_use]
    pub fn without_library_info(mut self) -> Self {
        self.library = None;
        self
    }

    /// Sets the version of the protocol to ask for, by default RESP3, falling back to RESP2 where the server has no
    /// `HELLO`.
    #[must_use]
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.protocol = protocol;
        self
    }

    /// Sets how long lookup, connect and handshake may take together, by default 5 s; `None` leaves it to the
    /// deadline of the call.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.connect_timeout = timeout.into();
        self
    }

    /// Sets after how long a silence the kernel probes whether a TCP peer is still there, by default 30 s
    /// (then every 5 s, three times, as redis-py does); `None` turns it off. In whole seconds; less than one is one.
    #[must_use]
    pub fn keepalive(mut self, idle: impl Into<Option<Duration>>) -> Self {
        self.keepalive = idle.into().map(|idle| idle.max(Duration::from_secs(1)));
        self
    }

    /// Sets how much one reply may hold.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets who finds the addresses of the host, by default the system's resolver. It is asked at each connect, on a
    /// thread of its own, and may take as long as it likes: the deadline of the call holds all the same. Addresses are
    /// tried in its order, IPv6 and IPv4 by turns, each with a head start of 250 ms before the next.
    ///
    /// # Example
    /// ```
    /// use std::net::Ipv4Addr;
    /// use conn::Config;
    ///
    /// let config = Config::tcp("redis.example", 6379)
    ///     .resolver(|_host, port| Ok(vec![(Ipv4Addr::LOCALHOST, port).into()]));
    /// assert_eq!(config.address().to_string(), "redis.example:6379");
    /// ```
    #[must_use]
    pub fn resolver(
        mut self,
        resolve: impl Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static,
    ) -> Self {
        self.resolver = Resolver(Some(Arc::new(resolve)));
        self
    }

    /// Chooses the engine that reads replies, by default [`Engine::Pure`].
    ///
    /// # Errors
    /// [`EngineMissing`] when it is not part of this build.
    pub fn parser(mut self, engine: Engine) -> Result<Self, EngineMissing> {
        self.make_parser = engine.make()?;
        self.engine = engine;
        Ok(self)
    }

    /// Turns TLS on, by default off. All files that `tls` names are read and checked here, once for all connections
    /// of this configuration and of its clones; they also share the sessions that may be resumed.
    ///
    /// # Errors
    /// [`TlsError`] naming the option and the file that cannot be used, or that the cargo feature `tls` is off.
    ///
    /// # Example
    /// ```
    /// use conn::{Config, Tls};
    ///
    /// let made = Config::tcp("localhost", 6380).tls(&Tls::new().cert("/no/such.pem").danger_accept_any_certificate());
    /// assert!(made.is_err());
    /// ```
    pub fn tls(mut self, tls: &Tls) -> Result<Self, TlsError> {
        self.tls = Some(Connector::new(tls, &self.address)?);
        Ok(self)
    }

    /// Where the server listens.
    pub fn address(&self) -> &Address {
        &self.address
    }

    pub(crate) fn engine(&self) -> Engine {
        self.engine
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("address", &self.address)
            .field("credentials", &self.credentials)
            .field("db", &self.db)
            .field("client_name", &self.client_name)
            .field("protocol", &self.protocol)
            .field("connect_timeout", &self.connect_timeout)
            .field("keepalive", &self.keepalive)
            .field("limits", &self.limits)
            .field("resolver", &self.resolver)
            .field("tls", &self.tls)
            .field("parser", &self.engine)
            .finish_non_exhaustive()
    }
}
