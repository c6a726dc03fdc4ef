//! One conversation: requests go out, replies come back in their order, and nothing is ever left over.
//!
//! ```text
//!            send fails, or a reply is late,          INVARIANT: a connection that is not poisoned and awaits
//!            cut off, malformed or uncalled for       nothing has no byte of a reply in its buffer, so that
//!  clean ──────────────────────────────────▶ poisoned  the next reply answers the next request.
//!    ▲ │
//!    │ └─ send ─▶ awaiting n ─ reply ─▶ awaiting n−1
//!    └──────────────────────────────────────┘ n = 0
//! ```

use std::fmt;
use std::io::{self, IoSlice};
use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use resp::{Reply, Request, Wire};

use crate::deadline::Passed;
use crate::handshake::{self, Greeting};
use crate::socket::Peeked;
use crate::spare;
use crate::stream::Stream;
use crate::{
    Address, Config, Credentials, Deadline, Error, ErrorKind, Interrupter, Outcome, Parser, Phase, TlsInfo,
};

mod flight;
pub use flight::Flight;
mod listen;
pub use listen::{Listener, Speaker};
mod talk;
pub use talk::Talk;

/// A connection to a server, with its handshake done.
///
/// It belongs to one thread at a time. After an error it is poisoned: every further call fails and sends nothing.
///
/// # Example
/// ```no_run
/// use conn::{Config, Connection, Deadline};
/// use resp::Request;
///
/// # fn main() -> Result<(), conn::Error> {
/// let mut connection = Connection::open(&Config::tcp("127.0.0.1", 6379), Deadline::NEVER)?;
/// let reply = connection.call(&mut Request::new("ECHO").arg("hello"), Deadline::NEVER)?;
/// assert_eq!(reply.view().as_str(), Some("hello"));
/// assert!(connection.is_clean());
/// # Ok(())
/// # }
/// ```
pub struct Connection {
    socket: Stream,
    parser: Box<dyn Parser>,
    /// What was received and not yet parsed, from the first byte of a reply.
    buffer: BytesMut,
    /// Where small receives land: it was zeroed once, and what arrived is copied behind `buffer`.
    landing: Box<[u8]>,
    address: Arc<Address>,
    greeting: Greeting,
    /// As whom it was authenticated last.
    credentials: Credentials,
    /// Replies that are still to come.
    awaited: usize,
    poisoned: bool,
    /// The last receive filled its room to the last byte: there may be more.
    brimful: bool,
    /// The memory of its last reply is left for the next large one.
    left_spare: bool,
    pushes: u64,
    on_push: Option<PushHandler>,
}

/// Takes the messages that answer no command.
type PushHandler = Box<dyn FnMut(Reply) + Send>;

/// A receive of more than this goes straight to the end of the buffer instead of by way of the landing.
const LANDING: usize = 64 << 10;

/// Of a large payload so much is received at a time: little enough to be zeroed and filled while it is in the cache.
const STEP: usize = 256 << 10;

/// For a payload whose length the server has announced, room is made for so many times what has really arrived: an
/// announcement alone costs next to nothing, and 16 MB are moved twice.
const TRUST: usize = 16;

/// The memory of a reply larger than this is not this connection's alone: see `spare`.
const KEPT: usize = 256 << 10;

/// A flight longer than this is sent in pieces with a look for replies in between, so that neither side waits for
/// the other to read first.
const PIECE: usize = 64 << 10;

/// A request of no more than this is sent without a look at the clock. Whatever was sent before on a clean connection has been
/// answered, so there is room for it in the socket, where Linux makes 16 KiB at least (tcp_wmem).
const AT_ONCE: usize = 8 << 10;

/// So long a piece may be stuck before the next look for replies.
const STALL: Duration = Duration::from_millis(10);

/// A look at an idle connection may take this long, when a push is just coming in.
const LOOK: Duration = Duration::from_millis(10);

impl Connection {
    /// Connects and shakes hands: all first commands go out in one flight.
    ///
    /// # Errors
    /// [`Error`] with the phase that failed. [`Outcome::NotSent`] always.
    pub fn open(config: &Config, deadline: Deadline) -> Result<Self, Error> {
        let deadline =
            config.connect_timeout.map_or(deadline, |limit| deadline.earlier(Deadline::after(limit)));
        let address = Arc::clone(&config.address);
        // A call may come with no time left: it waited for the pool until then.
        let left = deadline
            .remaining()
            .map_err(|Passed| Error::new(ErrorKind::Timeout, Phase::Connect, Outcome::NotSent, &address))?;
        let credentials =
            config.credentials.ask(left).map_err(|missing| Error::no_credentials(missing, &address))?;
        let socket = Stream::connect(config, deadline)
            .map_err(|(phase, error)| Error::io(&error, phase, Outcome::NotSent, &address))?;
        let mut connection = Self {
            socket,
            parser: (config.make_parser)(config.limits),
            buffer: BytesMut::new(),
            landing: vec![0; LANDING].into_boxed_slice(),
            address,
            greeting: Greeting::default(),
            credentials,
            awaited: 0,
            poisoned: false,
            brimful: false,
            left_spare: false,
            pushes: 0,
            on_push: None,
        };
        let credentials = connection.credentials.clone();
        connection.greeting = handshake::perform(&mut connection, config, &credentials, deadline)?;
        Ok(connection)
    }

    /// Sends one request and waits for its reply. An error of the server's is a reply like any other.
    ///
    /// # Errors
    /// [`Error`] says whether the request may have been executed. The connection is poisoned.
    #[inline]
    pub fn call(&mut self, request: &mut Request<'_>, deadline: Deadline) -> Result<Reply, Error> {
        self.call_now(request, deadline, Instant::now())
    }

    /// Does what [`Connection::call`] does, for those who have just read the clock: a call reads it again only when it
    /// has waited. It ends as much too late as `now` is out of date.
    ///
    /// # Errors
    /// As [`Connection::call`].
    #[inline]
    pub fn call_now(
        &mut self,
        request: &mut Request<'_>,
        deadline: Deadline,
        now: Instant,
    ) -> Result<Reply, Error> {
        self.refuse_poisoned()?;
        self.awaited = 1;
        let wire = request.wire();
        match wire.as_slice() {
            Some(all) if all.len() <= AT_ONCE => self.send_and_fill(all, deadline, now)?,
            _ => self.send(wire, deadline)?,
        }
        let reply = self.receive(Phase::Receive, deadline)?;
        self.settle(Phase::Receive)?;
        Ok(reply)
    }

    /// Says anew who the client is, as when a token expires. A refusal poisons the connection.
    ///
    /// # Errors
    /// [`Error`] when the server refuses the credentials, or does not answer.
    pub fn authenticate(&mut self, credentials: &Credentials, deadline: Deadline) -> Result<(), Error> {
        self.refuse_poisoned()?;
        handshake::authenticate(self, credentials, deadline).inspect_err(|_| self.poisoned = true)?;
        self.credentials = credentials.clone();
        Ok(())
    }

    /// With what credentials it was authenticated last.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Many packed `requests`, to be sent in one flight and answered by so many `replies`.
    ///
    /// # Errors
    /// [`Error`] when the connection is poisoned. What happens in flight is told by the [`Flight`].
    pub fn flight<'a>(
        &'a mut self,
        requests: &'a [u8],
        replies: usize,
        deadline: Deadline,
    ) -> Result<Flight<'a>, Error> {
        Flight::begin(self, requests, replies, Phase::Receive, deadline)
    }

    /// Whether the connection may be used again: nothing failed, and nothing is awaited.
    pub fn is_clean(&self) -> bool {
        !self.poisoned && self.awaited == 0
    }

    /// Takes a quick look at a connection that has been idle, without a round trip. False when the server has
    /// closed it or has said something that nobody asked for; pushes are handed over.
    pub fn check(&mut self) -> bool {
        // A server that pushes without end is not waited for either.
        let deadline = Deadline::after(LOOK);
        loop {
            match self.socket.peek() {
                Peeked::Nothing => return self.is_clean(),
                Peeked::Closed => return false,
                Peeked::Bytes => {
                    let taken = self.refuse_poisoned().and_then(|()| self.fill(Phase::Receive, deadline));
                    if taken.and_then(|()| self.settle_buffer(Phase::Receive)).is_err() {
                        return false;
                    }
                }
            }
        }
    }

    /// What the server said of itself in the handshake.
    pub fn greeting(&self) -> &Greeting {
        &self.greeting
    }

    /// Where the server listens.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// What TLS came to, if it is spoken.
    pub fn tls(&self) -> Option<TlsInfo> {
        self.socket.tls()
    }

    /// The number of pushes that have come: messages that answer no command.
    pub fn pushes(&self) -> u64 {
        self.pushes
    }

    /// Sets who takes the pushes; without anybody they are counted and dropped.
    pub fn on_push(&mut self, handler: impl FnMut(Reply) + Send + 'static) {
        self.on_push = Some(Box::new(handler));
    }

    /// The means to end from another thread whatever the connection is doing.
    pub fn interrupter(&self) -> Interrupter {
        Interrupter(self.socket.cutter())
    }

    fn refuse_poisoned(&self) -> Result<(), Error> {
        if self.is_clean() {
            Ok(())
        } else {
            Err(self.error(ErrorKind::Poisoned, Phase::Send, Outcome::NotSent))
        }
    }

    /// Sends one request. Until its last byte is out the server cannot execute it.
    fn send(&mut self, wire: Wire<'_>, deadline: Deadline) -> Result<(), Error> {
        match wire.as_slice() {
            Some(all) => self.send_segments(&mut [IoSlice::new(all)], deadline),
            None => self.send_segments(&mut wire.io_slices(), deadline),
        }
    }

    /// Sends a small request and receives for the first time. As long as nothing has waited, `now` is good for both.
    fn send_and_fill(&mut self, all: &[u8], deadline: Deadline, now: Instant) -> Result<(), Error> {
        let left = match deadline.remaining_at(now) {
            Ok(left) => left,
            Err(Passed) => return Err(self.unsent(&io::ErrorKind::TimedOut.into())),
        };
        match self.socket.send_at_once(all) {
            Ok(sent) if sent == all.len() => {
                let received = self.socket.receive_within(left, &mut self.landing, deadline);
                self.land(received).map_err(|error| self.lost(&error, Phase::Receive))
            }
            Ok(sent) => {
                self.send_segments(&mut [IoSlice::new(all.get(sent..).unwrap_or_default())], deadline)
            }
            Err(error) => Err(self.unsent(&error)),
        }
    }

    fn send_segments(&mut self, mut segments: &mut [IoSlice<'_>], deadline: Deadline) -> Result<(), Error> {
        while !segments.is_empty() {
            match self.socket.send(segments, deadline) {
                Ok(count) => IoSlice::advance_slices(&mut segments, count),
                Err(error) => return Err(self.unsent(&error)),
            }
        }
        Ok(())
    }

    /// Sends some of what is left of a flight; `gone` bytes of it went before. Of a long flight nothing may go for
    /// a moment: then the server may be waiting for us to read.
    fn send_piece(
        &mut self,
        rest: &[u8],
        gone: usize,
        long: bool,
        deadline: Deadline,
    ) -> Result<usize, Error> {
        let piece = rest.get(..PIECE).filter(|_| long).unwrap_or(rest);
        let patience = if long { deadline.earlier(Deadline::after(STALL)) } else { deadline };
        match self.socket.send(&[IoSlice::new(piece)], patience) {
            Ok(sent) => Ok(sent),
            Err(error) if error.kind() == io::ErrorKind::TimedOut && long && !deadline.has_passed() => Ok(0),
            Err(error) => {
                self.poisoned = true;
                let outcome = if gone == 0 { Outcome::NotSent } else { Outcome::Unknown };
                Err(Error::io(&error, Phase::Send, outcome, &self.address))
            }
        }
    }

    /// Waits for the next reply, handing pushes over on the way.
    fn receive(&mut self, phase: Phase, deadline: Deadline) -> Result<Reply, Error> {
        loop {
            if let Some(reply) = self.parse(phase)? {
                self.awaited = self.awaited.saturating_sub(1);
                return Ok(reply);
            }
            self.fill(phase, deadline)?;
        }
    }

    /// The next reply that is whole in the buffer. Pushes before it are handed over.
    fn parse(&mut self, phase: Phase) -> Result<Option<Reply>, Error> {
        while !self.buffer.is_empty() {
            let large = self.buffer.len() > KEPT;
            let capacity = self.buffer.capacity();
            match self.parser.parse(&mut self.buffer) {
                Ok(Some(push)) if push.is_push() => self.push(push),
                Ok(Some(reply)) => {
                    if (large || self.left_spare) && self.buffer.is_empty() {
                        self.part_with_memory(large.then_some(capacity));
                    }
                    return Ok(Some(reply));
                }
                Ok(None) => return Ok(None),
                Err(error) => {
                    let seen = mem::take(&mut self.buffer);
                    return Err(self.poison(ErrorKind::Protocol(error), phase).saw(&seen));
                }
            }
        }
        Ok(None)
    }

    /// After a large reply its memory is left for the next large one; after a small one nothing of the kind is kept.
    #[cold]
    fn part_with_memory(&mut self, capacity: Option<usize>) {
        self.left_spare = capacity.is_some();
        match capacity {
            Some(capacity) => spare::leave(mem::take(&mut self.buffer), capacity),
            None => spare::forget(),
        }
    }

    /// When nothing is awaited any more, only pushes may be left in the buffer. Anything else would become the
    /// answer to the next request, and even the last answer is in doubt.
    #[inline]
    fn settle(&mut self, phase: Phase) -> Result<(), Error> {
        if !self.buffer.is_empty() {
            self.settle_buffer(phase)?;
        }
        if self.brimful { self.look_beyond(phase) } else { Ok(()) }
    }

    /// A receive that had no room for more says nothing about what is behind its last byte: a look does. One is enough,
    /// for the next one comes with the next reply.
    #[cold]
    fn look_beyond(&mut self, phase: Phase) -> Result<(), Error> {
        self.brimful = false;
        if self.socket.peek() == Peeked::Bytes {
            self.fill(phase, Deadline::after(LOOK))?;
            self.settle_buffer(phase)?;
        }
        Ok(())
    }

    fn settle_buffer(&mut self, phase: Phase) -> Result<(), Error> {
        match self.parse(phase)? {
            Some(_) => Err(self.poison(ErrorKind::UnexpectedReply, phase)),
            // Only a push may have begun: anything else was not asked for, however it goes on. An attribute too may
            // belong to a reply.
            None if self.buffer.first().is_some_and(|byte| *byte != b'>') => {
                Err(self.poison(ErrorKind::UnexpectedReply, phase))
            }
            None => Ok(()),
        }
    }

    /// Takes in replies that are there before the whole flight is sent.
    fn take_early_replies(
        &mut self,
        phase: Phase,
        deadline: Deadline,
        each: &mut dyn FnMut(Reply),
    ) -> Result<(), Error> {
        while self.socket.peek() == Peeked::Bytes {
            self.fill(phase, deadline)?;
            while self.awaited > 0 {
                let Some(reply) = self.parse(phase)? else { break };
                self.awaited = self.awaited.saturating_sub(1);
                each(reply);
            }
            if self.awaited == 0 {
                // More answers than requests, and some of those are not even sent: take in no more of it.
                self.settle(phase)?;
            }
        }
        Ok(())
    }

    fn fill(&mut self, phase: Phase, deadline: Deadline) -> Result<(), Error> {
        self.receive_more(deadline).map_err(|error| self.lost(&error, phase))
    }

    /// Receives once, or a large payload as far as it is certain to come.
    fn receive_more(&mut self, deadline: Deadline) -> io::Result<()> {
        self.make_room();
        let needed = if self.buffer.is_empty() { 0 } else { self.parser.needed() };
        if needed <= LANDING {
            let received = self.socket.receive(&mut self.landing, deadline);
            self.land(received)
        } else {
            self.buffer.reserve(needed.min(self.buffer.len().saturating_mul(TRUST)));
            self.brimful = true;
            self.fill_exactly(needed.min(STEP), deadline)
        }
    }

    /// Takes what has landed behind what is in the buffer.
    #[inline]
    fn land(&mut self, received: io::Result<usize>) -> io::Result<()> {
        match self.landing.get(..received?) {
            None | Some([]) => Err(io::ErrorKind::UnexpectedEof.into()),
            Some(bytes) => {
                self.brimful = bytes.len() == LANDING;
                self.buffer.extend_from_slice(bytes);
                Ok(())
            }
        }
    }

    /// When a reply turns out to be large, it goes on in the memory of the last large one, if that is there.
    #[inline]
    fn make_room(&mut self) {
        if self.buffer.len() > KEPT && self.buffer.capacity() < self.buffer.len().saturating_add(LANDING) {
            self.buffer = spare::moved(mem::take(&mut self.buffer));
        }
    }

    /// Receives just so many bytes, straight into the buffer in which they will stay.
    fn fill_exactly(&mut self, count: usize, deadline: Deadline) -> io::Result<()> {
        let mut filled = self.buffer.len();
        self.buffer.resize(filled.saturating_add(count), 0);
        while let Some(room) = self.buffer.get_mut(filled..).filter(|room| !room.is_empty()) {
            match self.socket.receive(room, deadline) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => filled = filled.saturating_add(count),
                Err(error) => {
                    self.buffer.truncate(filled); // for who goes on after a timeout
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn push(&mut self, push: Reply) {
        self.pushes = self.pushes.saturating_add(1);
        if let Some(handler) = &mut self.on_push {
            handler(push);
        }
    }

    #[cold]
    fn unsent(&mut self, error: &io::Error) -> Error {
        self.poisoned = true;
        Error::io(error, Phase::Send, Outcome::NotSent, &self.address)
    }

    #[cold]
    fn lost(&mut self, error: &io::Error, phase: Phase) -> Error {
        self.poisoned = true;
        Error::io(error, phase, Outcome::Unknown, &self.address)
    }

    fn poison(&mut self, kind: ErrorKind, phase: Phase) -> Error {
        self.poisoned = true;
        self.error(kind, phase, Outcome::Unknown)
    }

    pub(crate) fn error(&self, kind: ErrorKind, phase: Phase, outcome: Outcome) -> Error {
        Error::new(kind, phase, outcome, &self.address)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.left_spare {
            spare::forget();
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("address", &format_args!("{}", self.address))
            .field("awaited", &self.awaited)
            .field("poisoned", &self.poisoned)
            .finish_non_exhaustive()
    }
}
