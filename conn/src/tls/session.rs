//! One TLS session between two piles of bytes, without any I/O.
//!
//! ```text
//!  from the peer ─▶ incoming ─ open ─▶ plain ─▶ the connection
//!    to the peer ◀─ outgoing ◀─ seal ───────── the connection
//! ```
//!
//! Of rustls it is the unbuffered face that is used, because it works on our own arrays: a receive may be as large as
//! the kernel has bytes, where the other face takes 4,096 at a time, and whether half a record is waiting is plain to
//! see, which the look at an idle connection has to know.

use std::io::IoSlice;
use std::sync::Arc;

use rustls::client::UnbufferedClientConnection;
use rustls::pki_types::ServerName;
use rustls::unbuffered::{ConnectionState, EncodeError, EncryptError, UnbufferedStatus};
use rustls::{ClientConfig, Error, HandshakeKind, ProtocolVersion};

use super::window::Window;
use super::{TlsInfo, TlsVersion};

/// A client's side of a session.
pub(super) struct Session {
    records: Records,
    /// What was decrypted and not taken.
    plain: Window,
}

/// How far the peer's records lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// There is more to do at once.
    Again,
    /// The handshake waits for the peer.
    Blocked,
    /// The handshake is done, and so is every whole record.
    Idle,
    /// What was to be sealed is in `outgoing`.
    Sealed,
    /// The peer has said that nothing more will come.
    Closed,
}

struct Records {
    tls: UnbufferedClientConnection,
    incoming: Window,
    outgoing: Window,
    closed: bool,
}

/// So much is received at a time, if it is there.
const RECEIVED: usize = 64 << 10;

/// Room for the largest record: 5 bytes of header, 16,384 of payload and 256 around it (RFC 8446, 5.2; 2,048 in TLS
/// 1.2, which nobody uses up).
const RECORD: usize = (16 << 10) + 5 + 2_048;

/// The largest message of a handshake that rustls takes is 64 KB: more than this cannot wait to be whole.
const WAITING: usize = 128 << 10;

/// So much plain text is sealed at a time: four records.
const SEALED: usize = 64 << 10;

impl Session {
    pub(super) fn new(config: Arc<ClientConfig>, name: ServerName<'static>) -> Result<Self, Error> {
        let tls = UnbufferedClientConnection::new(config, name)?;
        let (incoming, outgoing) = (Window::new(), Window::new());
        Ok(Self { records: Records { tls, incoming, outgoing, closed: false }, plain: Window::new() })
    }

    /// Takes the handshake a step further.
    pub(super) fn shake(&mut self) -> Result<Step, Error> {
        self.records.step(&[], &mut |payload| self.plain.extend(payload))
    }

    /// Room for bytes from the peer, of which [`received`](Self::received) then says how many came.
    pub(super) fn room(&mut self) -> Result<&mut [u8], Error> {
        let incoming = &mut self.records.incoming;
        if incoming.filled().len() > WAITING {
            return Err(Error::PeerSentOversizedRecord);
        }
        let least = if incoming.is_empty() { RECEIVED } else { RECORD };
        Ok(incoming.room(least))
    }

    pub(super) fn received(&mut self, count: usize) {
        self.records.incoming.advance(count);
    }

    /// What came from the peer and was not understood yet.
    pub(super) fn incoming(&mut self) -> &[u8] {
        self.records.incoming.filled()
    }

    /// Moves into a slice what the peer's whole records hold; returns how many bytes. With an empty slice it only
    /// looks into them.
    pub(super) fn open(&mut self, into: &mut [u8]) -> Result<usize, Error> {
        let mut filled = self.plain.take(into);
        while filled < into.len() || into.is_empty() && self.plain.is_empty() {
            let step = self.records.step(&[], &mut |payload| {
                let room = into.get_mut(filled..).unwrap_or_default();
                let (fits, rest) = payload.split_at_checked(room.len()).unwrap_or((payload, &[]));
                if let Some(room) = room.get_mut(..fits.len()) {
                    room.copy_from_slice(fits);
                }
                filled = filled.saturating_add(fits.len());
                self.plain.extend(rest);
            })?;
            if step != Step::Again {
                break;
            }
        }
        Ok(filled)
    }

    /// Encrypts the first of these bytes; returns how many.
    pub(super) fn seal(&mut self, segments: &[IoSlice<'_>]) -> Result<usize, Error> {
        let mut sealed = 0_usize;
        for segment in segments {
            let left = SEALED.saturating_sub(sealed);
            let piece = segment.get(..left).unwrap_or(segment);
            if piece.is_empty() {
                continue;
            }
            loop {
                match self.records.step(piece, &mut |payload| self.plain.extend(payload))? {
                    Step::Sealed => break,
                    Step::Again => {}
                    Step::Blocked | Step::Idle | Step::Closed => return Err(Error::HandshakeNotComplete),
                }
            }
            sealed = sealed.saturating_add(piece.len());
            if sealed >= SEALED {
                break;
            }
        }
        Ok(sealed)
    }

    /// What is to be sent to the peer.
    pub(super) fn outgoing(&mut self) -> &[u8] {
        self.records.outgoing.filled()
    }

    pub(super) fn sent(&mut self, count: usize) {
        self.records.outgoing.consume(count);
    }

    /// Whether decrypted bytes wait to be taken.
    pub(super) fn has_plain(&self) -> bool {
        !self.plain.is_empty()
    }

    /// Whether the peer has said that nothing more will come.
    pub(super) fn is_closed(&self) -> bool {
        self.records.closed
    }

    pub(super) fn is_handshaking(&self) -> bool {
        self.records.tls.is_handshaking()
    }

    pub(super) fn info(&self) -> TlsInfo {
        let tls = &self.records.tls;
        TlsInfo {
            version: match tls.protocol_version() {
                Some(ProtocolVersion::TLSv1_3) => TlsVersion::Tls13,
                _ => TlsVersion::Tls12,
            },
            resumed: tls.handshake_kind() == Some(HandshakeKind::Resumed),
        }
    }
}

impl Records {
    /// One step of rustls's. It seals `piece` as soon as that may be sent, and hands over each payload of the peer's.
    fn step(&mut self, piece: &[u8], take: &mut dyn FnMut(&[u8])) -> Result<Step, Error> {
        // The whole of `incoming` each time: rustls keeps places in it while a message of a handshake is not whole.
        let UnbufferedStatus { mut discard, state } = self.tls.process_tls_records(self.incoming.filled());
        let step = state.and_then(|state| match state {
            ConnectionState::ReadTraffic(mut traffic) => {
                while let Some(record) = traffic.next_record() {
                    let record = record?;
                    discard = discard.saturating_add(record.discard);
                    take(record.payload);
                }
                Ok(Step::Again)
            }
            ConnectionState::EncodeTlsData(mut message) => {
                let mut least = RECORD;
                loop {
                    match message.encode(self.outgoing.room(least)) {
                        Ok(count) => break self.outgoing.advance(count),
                        Err(EncodeError::InsufficientSize(size)) => least = size.required_size,
                        Err(EncodeError::AlreadyEncoded) => break,
                    }
                }
                Ok(Step::Again)
            }
            ConnectionState::TransmitTlsData(message) => {
                // It is in `outgoing`, and goes before everything else.
                message.done();
                Ok(Step::Again)
            }
            ConnectionState::WriteTraffic(_) if piece.is_empty() => Ok(Step::Idle),
            ConnectionState::WriteTraffic(mut traffic) => {
                let mut least = piece.len().saturating_add(RECORD);
                loop {
                    match traffic.encrypt(piece, self.outgoing.room(least)) {
                        Ok(count) => break self.outgoing.advance(count),
                        Err(EncryptError::InsufficientSize(size)) => least = size.required_size,
                        Err(EncryptError::EncryptExhausted) => return Err(Error::EncryptError),
                    }
                }
                Ok(Step::Sealed)
            }
            ConnectionState::BlockedHandshake => Ok(Step::Blocked),
            ConnectionState::PeerClosed | ConnectionState::Closed => {
                self.closed = true;
                Ok(Step::Closed)
            }
            _ => Err(Error::HandshakeNotComplete),
        });
        self.incoming.consume(discard);
        step
    }
}
