//! Keys that go from one server to another.

use std::fmt;
use std::time::Duration;

use resp::{DecodeError, Request, ToArgs, View};

use super::arguments::timeout_millis;
use crate::Commands;
use crate::execute::Execute;

/// # Migrate
impl<E: Execute> Commands<E> {
    /// `MIGRATE`: moves keys to another server, each with its expiry. Returns whether any of them existed.
    ///
    /// The two servers talk to each other, and answer nobody else meanwhile. After an error a key may be on both.
    ///
    /// # Example
    /// ```
    /// use client::{Build, Migrate};
    ///
    /// let target = Migrate::to("10.0.0.7", 6379).replace();
    /// let command = Build::new().migrate(["a", "b"], target);
    /// assert_eq!(command.args().join(&b' '), b"MIGRATE 10.0.0.7 6379  0 1000 REPLACE KEYS a b");
    /// ```
    pub fn migrate(&self, keys: impl ToArgs, target: Migrate<'_>) -> E::Output<bool> {
        let request = Request::new("MIGRATE").with(|r| target.write(r)).arg("KEYS").keys(&keys);
        self.call_with(request, any_moved)
    }
}

/// To which server and database keys go, and what becomes of those that are there or here.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use client::{Build, Migrate};
///
/// let target = Migrate::to("::1", 6380).db(3).timeout(Duration::from_secs(5)).auth2("ann", "s3cret").copy();
/// assert!(!format!("{target:?}").contains("s3cret"));
/// let command = Build::new().migrate("k", target);
/// assert_eq!(command.args()[3..7], [&b""[..], b"3", b"5000", b"COPY"]);
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Migrate<'a> {
    host: &'a str,
    port: u16,
    db: u32,
    timeout: Duration,
    copy: Option<&'static str>,
    replace: Option<&'static str>,
    username: Option<&'a str>,
    password: Option<&'a str>,
}

impl<'a> Migrate<'a> {
    /// To database 0 of the server that the one it leaves reaches at this host and port. It is an error if there is
    /// such a key already.
    pub fn to(host: &'a str, port: u16) -> Self {
        Self {
            host,
            port,
            db: 0,
            timeout: TIMEOUT,
            copy: None,
            replace: None,
            username: None,
            password: None,
        }
    }

    /// To this database.
    pub fn db(mut self, db: u32) -> Self {
        self.db = db;
        self
    }

    /// How long the other server may say nothing, in whole milliseconds, rounded up; a second, if nobody says. Zero is
    /// an error.
    pub fn timeout(mut self, time: Duration) -> Self {
        self.timeout = time;
        self
    }

    /// The keys stay here too.
    pub fn copy(mut self) -> Self {
        self.copy = Some("COPY");
        self
    }

    /// A key that is there goes.
    pub fn replace(mut self) -> Self {
        self.replace = Some("REPLACE");
        self
    }

    /// The other server asks for this password.
    pub fn auth(mut self, password: &'a str) -> Self {
        self.password = Some(password);
        self
    }

    /// The other server asks for this user and its password (Redis 6.0).
    pub fn auth2(mut self, username: &'a str, password: &'a str) -> Self {
        (self.username, self.password) = (Some(username), Some(password));
        self
    }

    fn write<'r>(self, request: Request<'r>) -> Request<'r>
    where
        'a: 'r,
    {
        let request = request.arg(self.host).arg(self.port).arg("").arg(self.db);
        let request = request.with(|r| timeout_millis(r, self.timeout));
        let request = self.copy.into_iter().chain(self.replace).fold(request, Request::arg);
        match (self.username, self.password) {
            (Some(username), Some(password)) => request.arg("AUTH2").arg(username).secret(password),
            (None, Some(password)) => request.arg("AUTH").secret(password),
            (_, None) => request,
        }
    }
}

/// Without the password.
impl fmt::Debug for Migrate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Migrate")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("db", &self.db)
            .finish_non_exhaustive()
    }
}

/// What Redis takes when it is given none (`migrateCommand` in `cluster.c`, 7.2).
const TIMEOUT: Duration = Duration::from_secs(1);

/// `OK`, or `NOKEY` when there was nothing to move.
fn any_moved(view: View<'_>) -> Result<bool, DecodeError> {
    match view.as_str() {
        Some("OK") => Ok(true),
        Some("NOKEY") => Ok(false),
        _ => Err(DecodeError::because("OK or NOKEY", view, " of another value")),
    }
}
