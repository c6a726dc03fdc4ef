//! What a connection talks through: a socket as it is, or TLS over one.

use std::io::{self, IoSlice};
use std::mem;
use std::time::Duration;

use crate::socket::{Cutter, Peeked, Socket};
use crate::tls::{TlsInfo, TlsListening, TlsSpeaking, TlsStream};
use crate::{Config, Deadline, Phase};

/// A connected stream of bytes.
#[derive(Debug)]
pub(crate) enum Stream {
    Plain(Socket),
    Tls(Box<TlsStream>),
    /// What is left to listen to when somebody else speaks TLS over it.
    Listening(Box<TlsListening>),
}

/// The half of a stream that sends.
#[derive(Debug)]
pub(crate) enum Speaking {
    Plain(Socket),
    #[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "nobody speaks TLS without the feature"))]
    Tls(TlsSpeaking),
}

impl Stream {
    /// Connects, and shakes hands for TLS if the configuration wants it.
    pub(crate) fn connect(config: &Config, deadline: Deadline) -> Result<Self, (Phase, io::Error)> {
        let socket = Socket::connect(config, deadline)?;
        match &config.tls {
            None => Ok(Self::Plain(socket)),
            Some(tls) => tls
                .connect(socket, config.address(), deadline)
                .map(|stream| Self::Tls(Box::new(stream)))
                .map_err(|error| (Phase::Tls, error)),
        }
    }

    /// See [`Socket::receive`].
    #[inline]
    pub(crate) fn receive(&mut self, into: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.receive(into, deadline),
            Self::Tls(tls) => tls.receive(into, deadline),
            Self::Listening(tls) => tls.receive(into, deadline),
        }
    }

    /// See [`Socket::receive_within`].
    #[inline]
    pub(crate) fn receive_within(
        &mut self,
        left: Option<Duration>,
        into: &mut [u8],
        deadline: Deadline,
    ) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.receive_within(left, into, deadline),
            Self::Tls(tls) => tls.receive(into, deadline),
            Self::Listening(tls) => tls.receive(into, deadline),
        }
    }

    /// See [`Socket::send_at_once`]. With TLS nothing goes at once.
    #[inline]
    pub(crate) fn send_at_once(&self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.send_at_once(bytes),
            Self::Tls(_) | Self::Listening(_) => Ok(0),
        }
    }

    /// See [`Socket::send`]. After it has timed out, the same bytes must come first in the next call: TLS may have
    /// wrapped them already.
    #[inline]
    pub(crate) fn send(&mut self, segments: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.send(segments, deadline),
            Self::Tls(tls) => tls.send(segments, deadline),
            // Nobody does: its other half is there for it.
            Self::Listening(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// See [`Socket::peek`].
    #[inline]
    pub(crate) fn peek(&mut self) -> Peeked {
        match self {
            Self::Plain(socket) => socket.peek(),
            Self::Tls(tls) => tls.peek(),
            Self::Listening(tls) => tls.peek(),
        }
    }

    /// See [`Socket::cutter`].
    pub(crate) fn cutter(&self) -> Cutter {
        match self {
            Self::Plain(socket) => socket.cutter(),
            Self::Tls(tls) => tls.cutter(),
            Self::Listening(tls) => tls.cutter(),
        }
    }

    /// Parts it: it listens from now on, and what it returns speaks.
    pub(crate) fn split(&mut self) -> Speaking {
        let second = match self {
            Self::Plain(socket) => socket.second(),
            Self::Tls(tls) => tls.second(),
            Self::Listening(tls) => tls.second(),
        };
        match mem::replace(self, Self::Plain(second.second())) {
            Self::Plain(_) => Speaking::Plain(second),
            Self::Tls(tls) => {
                let (listening, speaking) = tls.split();
                *self = listening;
                speaking
            }
            // Its other half speaks for it already.
            Self::Listening(tls) => {
                tls.cutter().cut();
                *self = Self::Listening(tls);
                Speaking::Plain(second)
            }
        }
    }

    /// What TLS came to, if it is spoken.
    pub(crate) fn tls(&self) -> Option<TlsInfo> {
        match self {
            Self::Plain(_) => None,
            Self::Tls(tls) => Some(tls.info()),
            Self::Listening(tls) => Some(tls.info()),
        }
    }
}

impl Speaking {
    /// See [`Socket::send`]. After an error it must not be used again.
    pub(crate) fn send(&mut self, segments: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.send(segments, deadline),
            Self::Tls(tls) => tls.send(segments, deadline),
        }
    }

    /// See [`Socket::cutter`].
    pub(crate) fn cutter(&self) -> Cutter {
        match self {
            Self::Plain(socket) => socket.cutter(),
            Self::Tls(tls) => tls.cutter(),
        }
    }
}
