//! How a connection fails, in which phase, and whether the server may have seen the request.

use std::fmt;
use std::io;
use std::sync::Arc;

use resp::{ParseError, Reply, ServerError};

use crate::credentials::Missing;
use crate::tls::Told;
use crate::{Address, TlsFailure};

/// What a failure means for the request: the ground on which a retry is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The server cannot have executed it: no whole command has left this process.
    NotSent,
    /// The server may or may not have executed it.
    Unknown,
    /// The server has answered.
    Answered,
}

/// What a call was doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Asking the provider of credentials.
    Credentials,
    /// Looking up the host name.
    Lookup,
    /// Connecting the socket.
    Connect,
    /// Shaking hands for TLS.
    Tls,
    /// Exchanging the first commands: HELLO, AUTH, SELECT.
    Handshake,
    /// Sending the request.
    Send,
    /// Waiting for the reply.
    Receive,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The deadline came first.
    Timeout,
    /// The server closed the connection.
    Closed,
    /// The operating system refused.
    Io(io::ErrorKind),
    /// There is no TLS with the server, or it ended badly.
    Tls(TlsFailure),
    /// The server's bytes are not RESP, or go over a limit.
    Protocol(ParseError),
    /// The server sent a reply that nobody had asked for.
    UnexpectedReply,
    /// The provider of credentials failed.
    Credentials,
    /// The server answered the handshake with an error.
    Refused(ServerError),
    /// The connection failed before and was used again.
    Poisoned,
}

/// A failure of a connection. The connection is of no more use.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    phase: Phase,
    outcome: Outcome,
    address: Arc<Address>,
    /// The operating system's words, or the first bytes of what is no RESP.
    detail: Option<String>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, phase: Phase, outcome: Outcome, address: &Arc<Address>) -> Self {
        Self(Box::new(Inner { kind, phase, outcome, address: Arc::clone(address), detail: None }))
    }

    pub(crate) fn io(error: &io::Error, phase: Phase, outcome: Outcome, address: &Arc<Address>) -> Self {
        use io::ErrorKind as Io;
        if let Some(told) = Told::of(error) {
            let mut made = Self::new(ErrorKind::Tls(told.failure), phase, outcome, address);
            made.0.detail = Some(told.words.clone());
            return made;
        }
        let kind = match error.kind() {
            Io::TimedOut | Io::WouldBlock => ErrorKind::Timeout,
            Io::UnexpectedEof | Io::ConnectionReset | Io::BrokenPipe | Io::ConnectionAborted => {
                ErrorKind::Closed
            }
            other => ErrorKind::Io(other),
        };
        let mut made = Self::new(kind, phase, outcome, address);
        made.0.detail = matches!(made.0.kind, ErrorKind::Io(_)).then(|| plain(error));
        made
    }

    pub(crate) fn no_credentials(missing: Missing, address: &Arc<Address>) -> Self {
        let new = |kind| Self::new(kind, Phase::Credentials, Outcome::NotSent, address);
        match missing {
            Missing::Late => new(ErrorKind::Timeout),
            Missing::Failed(words) => {
                let mut error = new(ErrorKind::Credentials);
                error.0.detail = Some(words);
                error
            }
        }
    }

    /// Adds what the server sent instead of RESP.
    pub(crate) fn saw(mut self, bytes: &[u8]) -> Self {
        if self.0.phase == Phase::Handshake && bytes.starts_with(TLS_ALERT) {
            self.0.kind = ErrorKind::Tls(TlsFailure::OnlyTls);
            self.0.detail = Some("it speaks TLS there (use rediss://, or its port without TLS)".to_owned());
            return self;
        }
        let line = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
        self.0.detail = Some(line.get(..SHOWN).unwrap_or(line).escape_ascii().to_string());
        self
    }

    /// The same failure in a handshake, where no command of the caller's has been sent yet. If the server managed
    /// to say why before it closed the connection ("max number of clients reached"), that is the reason.
    pub(crate) fn before_any_command(mut self, answered: Option<&Reply>, tls: bool) -> Self {
        self.0.outcome = Outcome::NotSent;
        if self.0.kind == ErrorKind::Closed && answered.is_none() && !tls {
            // Redis's own TLS port says no word to who speaks none, and closes.
            self.0.detail = Some(" without a word (does it want TLS there?)".to_owned());
        }
        if let Some(error) =
            answered.and_then(Reply::server_error).filter(|_| self.0.kind == ErrorKind::Closed)
        {
            self.0.kind = ErrorKind::Refused(error);
        }
        self
    }

    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// What the call was doing.
    pub fn phase(&self) -> Phase {
        self.0.phase
    }

    /// Whether the server may have seen the request.
    pub fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// Why there is no TLS with the server, if that is what went wrong.
    pub fn tls_failure(&self) -> Option<TlsFailure> {
        match self.0.kind {
            ErrorKind::Tls(failure) => Some(failure),
            _ => None,
        }
    }

    /// Where the server listens.
    pub fn address(&self) -> &Address {
        &self.0.address
    }
}

/// How a server of TLS says that it was not understood: the header of an alert in any version.
const TLS_ALERT: &[u8] = &[0x15, 0x03];

/// So many bytes of what is no RESP are shown.
const SHOWN: usize = 48;

/// The operating system's words without its number: "connection refused".
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or_default();
    let words = words.strip_prefix("failed to lookup address information: ").unwrap_or(words);
    words.to_lowercase()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, phase, address, detail, .. } = &*self.0;
        let detail = detail.as_deref().unwrap_or_default();
        match (kind, phase) {
            (ErrorKind::Timeout, Phase::Credentials) => {
                write!(f, "timed out waiting for the credentials for {address}")
            }
            (ErrorKind::Credentials, _) => write!(f, "no credentials for {address}: {detail}"),
            (ErrorKind::Timeout, Phase::Lookup) => write!(f, "timed out looking up the host of {address}"),
            (ErrorKind::Timeout, Phase::Connect) => write!(f, "timed out connecting to {address}"),
            (ErrorKind::Timeout, Phase::Tls) => {
                write!(
                    f,
                    "timed out in the TLS handshake with {address}: it accepted the connection and did not answer \
                     (does it speak TLS there?)"
                )
            }
            (ErrorKind::Timeout, Phase::Handshake) => {
                write!(
                    f,
                    "timed out in the handshake with {address}: it accepted the connection and did not answer"
                )
            }
            (ErrorKind::Timeout, Phase::Send) => write!(f, "timed out sending to {address}"),
            (ErrorKind::Timeout, Phase::Receive) => write!(f, "timed out waiting for the reply of {address}"),
            (ErrorKind::Closed, Phase::Tls) => {
                write!(f, "{address} closed the connection in the TLS handshake (does it speak TLS there?)")
            }
            (ErrorKind::Closed, Phase::Handshake) => {
                write!(f, "{address} closed the connection in the handshake{detail}")
            }
            (ErrorKind::Closed, Phase::Receive) => {
                write!(f, "{address} closed the connection before its reply was whole")
            }
            (ErrorKind::Closed, _) => write!(f, "{address} closed the connection"),
            (ErrorKind::Io(_), Phase::Lookup) => write!(f, "cannot look up the host of {address}: {detail}"),
            (ErrorKind::Io(_), Phase::Connect) => write!(f, "cannot connect to {address}: {detail}"),
            (ErrorKind::Io(_), Phase::Send) => write!(f, "cannot send to {address}: {detail}"),
            (ErrorKind::Io(_), _) => write!(f, "cannot receive from {address}: {detail}"),
            (ErrorKind::Tls(_), _) => write!(f, "no TLS with {address}: {detail}"),
            (ErrorKind::Protocol(error), Phase::Handshake) if detail.starts_with("HTTP/") => {
                write!(f, "{address} is no Redis server, it speaks HTTP: {error} (\"{detail}\")")
            }
            (ErrorKind::Protocol(error), Phase::Handshake) => {
                write!(f, "{address} does not speak the Redis protocol: {error} (\"{detail}\")")
            }
            (ErrorKind::Protocol(error), _) => write!(f, "{address} broke the protocol: {error}"),
            (ErrorKind::UnexpectedReply, _) => write!(f, "{address} sent a reply that nobody had asked for"),
            (ErrorKind::Refused(error), _) => {
                write!(f, "{address} refused the connection: {error}")?;
                f.write_str(advice(error))
            }
            (ErrorKind::Poisoned, _) => {
                write!(f, "the connection to {address} failed before and cannot be used again")
            }
        }
    }
}

/// What a user can do about a refusal, where the server does not say it.
fn advice(error: &ServerError) -> &'static str {
    match error.code() {
        "NOAUTH" => " (the server wants a password, and none was configured)",
        "WRONGPASS" => " (check the configured username and password)",
        _ => "",
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, phase, outcome, address, .. } = &*self.0;
        f.debug_struct("Error")
            .field("kind", kind)
            .field("phase", phase)
            .field("outcome", outcome)
            .field("address", &format_args!("{address}"))
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            ErrorKind::Protocol(error) => Some(error),
            ErrorKind::Refused(error) => Some(error),
            _ => None,
        }
    }
}
