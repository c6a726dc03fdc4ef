//! How a call fails: one opaque word, with questions to ask it.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use resp::{DecodeError, Flaw, ServerError};

use crate::pubsub::Trouble;
pub use conn::Outcome;
use conn::TlsFailure;

/// The result of a call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure of a call.
///
/// Its text names the command and never a value. [`Error::outcome`] says whether the server may have executed it.
///
/// # Example
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// # client.del("doc:error")?;
/// client.rpush("doc:error", ["a", "b"])?;
/// let error = client.incr("doc:error").unwrap_err();
/// assert_eq!(error.code(), Some("WRONGTYPE"));
/// assert_eq!(error.outcome(), client::Outcome::Answered);
/// assert_eq!(error.to_string(), "INCR: WRONGTYPE Operation against a key holding the wrong kind of value");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    command: Option<String>,
    kind: Kind,
    /// How often the call was tried.
    attempts: u32,
    /// An earlier attempt may have been executed.
    unknown: bool,
}

#[derive(Clone, Debug)]
enum Kind {
    Connection(conn::Error),
    /// With what the connection said of it, if the call had begun.
    Cancelled(Option<conn::Error>),
    Exhausted {
        max: usize,
    },
    NoConnection {
        max: usize,
        waited: Duration,
    },
    /// The pool was.
    Closed,
    /// A watched key was changed.
    Conflict,
    PubSub(Trouble),
    Server(ServerError),
    Decode(DecodeError),
    Flaw(Flaw),
    Usage(&'static str),
    Config(Cow<'static, str>),
}

impl Error {
    fn new(kind: Kind) -> Self {
        Self(Box::new(Inner { command: None, kind, attempts: 1, unknown: false }))
    }

    pub(crate) fn server(error: ServerError) -> Self {
        Self::new(Kind::Server(error))
    }

    pub(crate) fn decode(error: DecodeError) -> Self {
        Self::new(Kind::Decode(error))
    }

    pub(crate) fn flaw(flaw: Flaw) -> Self {
        Self::new(Kind::Flaw(flaw))
    }

    pub(crate) fn usage(what: &'static str) -> Self {
        Self::new(Kind::Usage(what))
    }

    pub(crate) fn config(what: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Config(what.into()))
    }

    pub(crate) fn conflict() -> Self {
        Self::new(Kind::Conflict)
    }

    pub(crate) fn of_pubsub(trouble: Trouble) -> Self {
        Self::new(Kind::PubSub(trouble))
    }

    pub(crate) fn cancelled(during: Option<conn::Error>) -> Self {
        Self::new(Kind::Cancelled(during))
    }

    /// The same error, or the cancellation that has caused it.
    pub(crate) fn by_cancellation(self) -> Self {
        match self.0.kind {
            Kind::Connection(error) if *error.kind() == conn::ErrorKind::Closed => {
                Self::cancelled(Some(error))
            }
            _ => self,
        }
    }

    /// The same error, as that of a call which was tried so often. One of the attempts may have been executed.
    pub(crate) fn after(mut self, attempts: u32, unknown: bool) -> Self {
        (self.0.attempts, self.0.unknown) = (attempts, unknown);
        self
    }

    /// The same error, with the name of the command it befell.
    pub(crate) fn of(mut self, command: &str) -> Self {
        self.0.command.get_or_insert_with(|| command.to_owned());
        self
    }

    /// Whether the server may have executed the command. Of several attempts the one that knows least decides: a call
    /// that was once *unknown* stays so.
    pub fn outcome(&self) -> Outcome {
        match &self.0.kind {
            _ if self.0.unknown => Outcome::Unknown,
            Kind::Connection(error) | Kind::Cancelled(Some(error)) => error.outcome(),
            Kind::Cancelled(None) => Outcome::NotSent,
            Kind::PubSub(trouble) => trouble.outcome(),
            Kind::Server(_) | Kind::Decode(_) | Kind::Conflict => Outcome::Answered,
            Kind::Exhausted { .. } | Kind::NoConnection { .. } | Kind::Closed => Outcome::NotSent,
            Kind::Flaw(_) | Kind::Usage(_) | Kind::Config(_) => Outcome::NotSent,
        }
    }

    /// The code of the server's error, such as `WRONGTYPE` or `ERR`.
    pub fn code(&self) -> Option<&str> {
        self.server_error().map(ServerError::code)
    }

    /// The server's error, if it answered with one, be it to the command or in the handshake.
    pub fn server_error(&self) -> Option<&ServerError> {
        match &self.0.kind {
            Kind::Server(error) => Some(error),
            Kind::Decode(error) => error.server(),
            Kind::Connection(error) => match error.kind() {
                conn::ErrorKind::Refused(error) => Some(error),
                _ => None,
            },
            _ => None,
        }
    }

    /// How often the call was tried, at least 1: [`Retry`](crate::Retry) says when it is tried again.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The name of the command that failed, if it was one.
    pub fn command(&self) -> Option<&str> {
        self.0.command.as_deref()
    }

    /// Whether a deadline came first, in whatever phase: waiting for the pool, lookup, connect, send or receive.
    pub fn is_timeout(&self) -> bool {
        match &self.0.kind {
            Kind::NoConnection { .. } => true,
            Kind::PubSub(trouble) => trouble.is_timeout(),
            Kind::Connection(error) => *error.kind() == conn::ErrorKind::Timeout,
            _ => false,
        }
    }

    /// Whether the connection could not be made or was lost.
    pub fn is_connection(&self) -> bool {
        match &self.0.kind {
            Kind::Connection(error) => {
                use conn::ErrorKind as On;
                !matches!(error.kind(), On::Timeout | On::Refused(_) | On::Credentials)
            }
            _ => false,
        }
    }

    /// Whether a [`Canceller`](crate::Canceller) called it off.
    pub fn is_cancelled(&self) -> bool {
        matches!(self.0.kind, Kind::Cancelled(_))
    }

    /// Whether another attempt may well succeed: the connection could not be made or was lost, or the server is busy
    /// with itself. It says nothing of whether another attempt is safe.
    pub fn is_transient(&self) -> bool {
        use conn::ErrorKind as On;
        match &self.0.kind {
            Kind::Server(error) => is_busy(error),
            Kind::Connection(error) => match error.kind() {
                On::Timeout | On::Closed | On::Io(_) | On::UnexpectedReply | On::Poisoned => true,
                On::Refused(error) => is_busy(error) || error.message() == TOO_MANY_CLIENTS,
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether the server closed the connection instead of answering.
    pub(crate) fn is_end(&self) -> bool {
        let is_end = |error: &conn::Error| {
            *error.kind() == conn::ErrorKind::Closed && error.outcome() == Outcome::Unknown
        };
        matches!(&self.0.kind, Kind::Connection(error) if is_end(error))
    }

    /// Whether the call may be tried again at all, if the caller thinks that it is worth it.
    pub(crate) fn may_be_repeated(&self) -> bool {
        matches!(self.0.kind, Kind::Connection(_) | Kind::Server(_)) && !self.is_auth()
    }

    /// Why there is no TLS with the server, if that is what went wrong.
    pub fn tls_failure(&self) -> Option<TlsFailure> {
        match &self.0.kind {
            Kind::Connection(error) => error.tls_failure(),
            _ => None,
        }
    }

    /// Whether every connection of the pool was in use: at once, or until the deadline.
    pub fn is_pool_exhausted(&self) -> bool {
        matches!(self.0.kind, Kind::Exhausted { .. } | Kind::NoConnection { .. })
    }

    /// Whether a transaction did nothing, because a key that it watched was changed by somebody else: a `WatchError` in
    /// redis-py.
    #[doc(alias = "WatchError")]
    pub fn is_conflict(&self) -> bool {
        matches!(self.0.kind, Kind::Conflict)
    }

    /// Whether the client was closed, by [`Client::close`](crate::Client::close), or the subscriber, by
    /// [`PubSubHandle::close`](crate::PubSubHandle::close).
    pub fn is_closed(&self) -> bool {
        matches!(self.0.kind, Kind::Closed | Kind::PubSub(Trouble::Closed))
    }

    /// Whether the server wants a password, refuses the one it got, or refuses the command to this user; or the
    /// provider of credentials had none.
    pub fn is_auth(&self) -> bool {
        let missing = |error: &conn::Error| *error.kind() == conn::ErrorKind::Credentials;
        matches!(&self.0.kind, Kind::Connection(error) if missing(error))
            || matches!(self.code(), Some("NOAUTH" | "WRONGPASS" | "NOPERM"))
    }

    /// Whether the server is still loading its data set.
    pub fn is_loading(&self) -> bool {
        self.code() == Some("LOADING")
    }

    /// Whether the reply was something else than the type that was asked for.
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode(_))
    }

    /// Whether the call itself was wrong: an empty list, a malformed URL, a command that has no place there.
    pub fn is_usage(&self) -> bool {
        matches!(self.0.kind, Kind::Flaw(_) | Kind::Usage(_) | Kind::Config(_))
    }
}

/// The server does not begin with anything now, but soon will.
fn is_busy(error: &ServerError) -> bool {
    matches!(error.code(), "LOADING" | "TRYAGAIN" | "MASTERDOWN")
}

/// What Redis and Valkey say before they close a connection that is one too many.
const TOO_MANY_CLIENTS: &str = "max number of clients reached";

impl From<conn::Error> for Error {
    fn from(error: conn::Error) -> Self {
        Self::new(Kind::Connection(error))
    }
}

impl From<pool::Error<conn::Error>> for Error {
    fn from(error: pool::Error<conn::Error>) -> Self {
        match error {
            pool::Error::Open(error) => error.into(),
            pool::Error::Closed => Self::new(Kind::Closed),
            pool::Error::Exhausted { max } => Self::new(Kind::Exhausted { max }),
            pool::Error::Timeout { max, waited } => Self::new(Kind::NoConnection { max, waited }),
            other => Self::new(Kind::Config(other.to_string().into())),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(command) = &self.0.command {
            write!(f, "{command}: ")?;
        }
        match &self.0.kind {
            Kind::Connection(error) => error.fmt(f),
            Kind::Cancelled(None) => f.write_str("cancelled before it was sent"),
            Kind::Cancelled(Some(error)) => match error.phase() {
                conn::Phase::Send => write!(f, "cancelled while it was sent to {}", error.address()),
                _ => write!(f, "cancelled while waiting for the reply of {}", error.address()),
            },
            Kind::Closed => f.write_str("the client is closed"),
            Kind::Conflict => f.write_str("nothing was done, as somebody else has changed a watched key"),
            Kind::PubSub(trouble) => trouble.fmt(f),
            Kind::Exhausted { max } => write!(f, "all {max} connections of the pool are in use"),
            Kind::NoConnection { max, waited } => {
                write!(
                    f,
                    "timed out after {waited:.1?} waiting for one of the pool's {max} connections, all in use"
                )
            }
            Kind::Server(error) => error.fmt(f),
            Kind::Decode(error) => error.fmt(f),
            Kind::Flaw(flaw) => flaw.fmt(f),
            Kind::Usage(what) => f.write_str(what),
            Kind::Config(what) => f.write_str(what),
        }?;
        if self.outcome() == Outcome::Unknown {
            f.write_str("; the server may have executed it")?;
        }
        match self.0.attempts {
            1 => Ok(()),
            attempts => write!(f, "; tried {attempts} times"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `unwrap` and `fn main() -> Result` print this: the text helps more than the fields.
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            Kind::Connection(error) | Kind::Cancelled(Some(error)) => Some(error),
            Kind::Server(error) => Some(error),
            Kind::Decode(error) => Some(error),
            _ => None,
        }
    }
}
