//! TLS in two halves: one thread receives while another sends, and neither holds the session while it waits.
//!
//! The session is one, for both directions, and behind a lock. The listening half receives into an array of its own
//! and takes the lock when something has come; the speaking half holds it until what it has sealed is sent, so that
//! records go out in their order.

use std::fmt;
use std::io::{self, IoSlice};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::TlsInfo;
use super::reason::Reasons;
use super::session::Session;
use super::stream::TlsStream;
use crate::Deadline;
use crate::socket::{Cutter, Peeked, Socket};
use crate::stream::{Speaking, Stream};

/// The half that receives.
pub(crate) struct TlsListening {
    half: Half,
    /// What the kernel has given, on its way into the session.
    landing: Box<[u8]>,
}

/// The half that sends.
pub(crate) struct TlsSpeaking(Half);

struct Half {
    socket: Socket,
    session: Arc<Mutex<Session>>,
    reasons: Arc<Reasons>,
}

/// So much is received at a time: four records.
const LANDING: usize = 64 << 10;

impl TlsStream {
    /// Parts it. What was sealed and not sent goes with the next that is.
    pub(crate) fn split(self) -> (Stream, Speaking) {
        let (socket, session, reasons) = self.into_parts();
        let session = Arc::new(Mutex::new(session));
        let speaking =
            Half { socket: socket.second(), session: Arc::clone(&session), reasons: Arc::clone(&reasons) };
        let landing = vec![0; LANDING].into_boxed_slice();
        let listening = TlsListening { half: Half { socket, session, reasons }, landing };
        (Stream::Listening(Box::new(listening)), Speaking::Tls(TlsSpeaking(speaking)))
    }
}

impl TlsListening {
    /// Receives what is there, at least one byte; 0 when the peer has closed.
    pub(crate) fn receive(&mut self, into: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        loop {
            let opened = {
                let mut session = self.half.session();
                session.open(into).map(|count| (count, session.is_closed()))
            };
            match opened {
                Ok((0, false)) => self.take_in(deadline)?,
                Ok((count, _)) => return Ok(count),
                Err(error) => return Err(self.half.reasons.explain(error)),
            }
        }
    }

    /// Looks at what lies ready, without waiting. Half a record is nothing yet.
    pub(crate) fn peek(&mut self) -> Peeked {
        loop {
            let opened = {
                let mut session = self.half.session();
                session.open(&mut []).map(|_| (session.has_plain(), session.is_closed()))
            };
            match opened {
                Err(_) | Ok((false, true)) => return Peeked::Closed,
                Ok((true, _)) => return Peeked::Bytes,
                Ok((false, false)) => {}
            }
            match self.half.socket.peek() {
                Peeked::Bytes if self.take_in(Deadline::NEVER).is_err() => return Peeked::Closed,
                Peeked::Bytes => {}
                other => return other,
            }
        }
    }

    pub(crate) fn cutter(&self) -> Cutter {
        self.half.socket.cutter()
    }

    /// A second way to send over its socket.
    pub(crate) fn second(&self) -> Socket {
        self.half.socket.second()
    }

    pub(crate) fn info(&self) -> TlsInfo {
        self.half.session().info()
    }

    /// Receives records once. The session is free meanwhile.
    fn take_in(&mut self, deadline: Deadline) -> io::Result<()> {
        let count = self.half.socket.receive(&mut self.landing, deadline)?;
        let mut came = self.landing.get(..count).unwrap_or_default();
        if came.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut session = self.half.session();
        while !came.is_empty() {
            let room = session.room().map_err(|error| self.half.reasons.explain(error))?;
            let fits = came.len().min(room.len());
            let (now, later) = came.split_at_checked(fits).unwrap_or((came, &[]));
            if let Some(room) = room.get_mut(..fits) {
                room.copy_from_slice(now);
            }
            session.received(fits);
            came = later;
        }
        Ok(())
    }
}

impl TlsSpeaking {
    /// Sends some of the segments; returns how many bytes went. After an error it must not be used again.
    pub(crate) fn send(&mut self, segments: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize> {
        let Half { socket, session, reasons } = &mut self.0;
        let mut session = session.lock().unwrap_or_else(PoisonError::into_inner);
        let sealed = session.seal(segments).map_err(|error| reasons.explain(error))?;
        while !session.outgoing().is_empty() {
            let sent = socket.send(&[IoSlice::new(session.outgoing())], deadline)?;
            session.sent(sent);
        }
        Ok(sealed)
    }

    pub(crate) fn cutter(&self) -> Cutter {
        self.0.socket.cutter()
    }
}

impl Half {
    fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for TlsListening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsListening").field("socket", &self.half.socket).finish_non_exhaustive()
    }
}

impl fmt::Debug for TlsSpeaking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsSpeaking").field("socket", &self.0.socket).finish_non_exhaustive()
    }
}
