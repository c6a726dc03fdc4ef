//! TLS over a socket: every wait ends by the deadline, and nothing is said on the way out.
//!
//! Dropping it sends no `close_notify`: a forked child that drops its copy must not close the parent's session. RESP
//! says itself where a reply ends, so that the peer does not need one.

use std::fmt;
use std::io::{self, IoSlice};
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;

use super::TlsInfo;
use super::reason::Reasons;
use super::session::{Session, Step};
use crate::Deadline;
use crate::socket::{Cutter, Peeked, Socket};

/// A socket and the TLS session over it.
pub(crate) struct TlsStream {
    socket: Socket,
    session: Session,
    reasons: Arc<Reasons>,
    /// Of the bytes that were offered, how many are sealed in `outgoing` and not all sent.
    sealed: usize,
}

/// The peer is told why we leave if the kernel takes it within this time.
const FAREWELL: Duration = Duration::from_millis(10);

/// A look at an idle connection receives so often: enough for all tickets and key updates that rustls allows.
const LOOKS: usize = 16;

impl TlsStream {
    /// Shakes hands. Our last message waits for the first request and goes out with it.
    pub(super) fn open(
        socket: Socket,
        config: Arc<ClientConfig>,
        name: ServerName<'static>,
        reasons: Arc<Reasons>,
        deadline: Deadline,
    ) -> io::Result<Self> {
        let session = Session::new(config, name).map_err(|error| reasons.explain(error))?;
        let mut stream = Self { socket, session, reasons, sealed: 0 };
        loop {
            match stream.session.shake() {
                Ok(Step::Idle) => return Ok(stream),
                Ok(Step::Again | Step::Sealed) => {}
                Ok(Step::Closed) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(Step::Blocked) => {
                    stream.flush(deadline)?;
                    stream.take_in(deadline)?;
                }
                Err(error) => return Err(stream.break_off(error)),
            }
        }
    }

    /// Receives what is there, at least one byte; 0 when the peer has closed.
    pub(crate) fn receive(&mut self, into: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        loop {
            match self.session.open(into) {
                Ok(0) if !self.session.is_closed() => self.take_in(deadline)?,
                Ok(count) => return Ok(count),
                Err(error) => return Err(self.reasons.explain(error)),
            }
        }
    }

    /// Sends some of the segments; returns how many bytes went. After an error the same bytes must come again.
    pub(crate) fn send(&mut self, segments: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize> {
        if self.sealed == 0 {
            self.sealed = self.session.seal(segments).map_err(|error| self.reasons.explain(error))?;
        }
        self.flush(deadline)?;
        Ok(mem::take(&mut self.sealed))
    }

    /// Looks at what lies ready, without waiting. Tickets and key updates come when they like and are no reply: they
    /// are taken in on the way. Half a record cannot be judged, and counts as closed.
    pub(crate) fn peek(&mut self) -> Peeked {
        for _ in 0..LOOKS {
            match self.session.open(&mut []) {
                Err(_) => return Peeked::Closed,
                Ok(_) if self.session.has_plain() => return Peeked::Bytes,
                Ok(_) if self.session.is_closed() => return Peeked::Closed,
                Ok(_) => {}
            }
            match self.socket.peek() {
                Peeked::Nothing if self.session.incoming().is_empty() => return Peeked::Nothing,
                Peeked::Nothing | Peeked::Closed => return Peeked::Closed,
                Peeked::Bytes if self.take_in(Deadline::after(FAREWELL)).is_err() => return Peeked::Closed,
                Peeked::Bytes => {}
            }
        }
        Peeked::Closed
    }

    pub(crate) fn cutter(&self) -> Cutter {
        self.socket.cutter()
    }

    pub(crate) fn info(&self) -> TlsInfo {
        self.session.info()
    }

    /// What it is made of, for its two halves.
    pub(super) fn into_parts(self) -> (Socket, Session, Arc<Reasons>) {
        (self.socket, self.session, self.reasons)
    }

    /// A second way to send over its socket.
    pub(crate) fn second(&self) -> Socket {
        self.socket.second()
    }

    /// Receives records once.
    fn take_in(&mut self, deadline: Deadline) -> io::Result<()> {
        let room = self.session.room().map_err(|error| self.reasons.explain(error))?;
        let count = self.socket.receive(room, deadline)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.session.received(count);
        if self.session.is_handshaking() {
            self.refuse_plain()?;
        }
        Ok(())
    }

    /// A peer whose first byte is no TLS gets the error that says so, with what it said.
    fn refuse_plain(&mut self) -> io::Result<()> {
        match self.session.incoming() {
            bytes @ [first, ..] if !CONTENT_TYPES.contains(first) => Err(Reasons::not_tls(bytes).into()),
            _ => Ok(()),
        }
    }

    fn flush(&mut self, deadline: Deadline) -> io::Result<()> {
        while !self.session.outgoing().is_empty() {
            match self.socket.send(&[IoSlice::new(self.session.outgoing())], deadline) {
                Ok(count) => self.session.sent(count),
                Err(error) => return Err(self.last_words().unwrap_or(error)),
            }
        }
        Ok(())
    }

    /// Why the peer does not take our bytes any more, if it has said so.
    fn last_words(&mut self) -> Option<io::Error> {
        if self.socket.peek() != Peeked::Bytes {
            return None;
        }
        self.take_in(Deadline::after(FAREWELL)).ok()?;
        self.session.open(&mut []).err().map(|error| self.reasons.explain(error))
    }

    /// Tells the peer why, as well as can be, and the caller.
    fn break_off(&mut self, error: rustls::Error) -> io::Error {
        // The alert is what rustls wants to say next.
        while matches!(self.session.shake(), Ok(Step::Again)) {}
        let _ = self.flush(Deadline::after(FAREWELL));
        self.reasons.explain(error)
    }
}

impl fmt::Debug for TlsStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsStream").field("socket", &self.socket).field("info", &self.info()).finish()
    }
}

/// The first byte of every record: change of cipher, alert, handshake, data (RFC 8446, 5.1).
const CONTENT_TYPES: std::ops::RangeInclusive<u8> = 20..=23;
