//! A connection in two halves: one thread listens while others speak.
//!
//! What is heard is handed over one by one, as it was said: replies, pushes, and the messages of RESP2, which look like
//! replies. Who has asked for what, the owner of the halves must know.
//!
//! ```text
//!  Connection ── split ──┬──▶ Listener   hear: waits; time running out costs nothing, what has begun goes on
//!                        └──▶ Speaker    say: one request after the other
//! ```
//!
//! A half that fails takes the other with it: the socket is shut down, and whoever waits on it wakes.

use std::fmt;
use std::io::{self, IoSlice};
use std::sync::Arc;

use resp::Reply;

use super::{Connection, LOOK};
use crate::socket::Peeked;
use crate::stream::Speaking;
use crate::{Address, Deadline, Error, ErrorKind, Greeting, Interrupter, Outcome, Phase};

/// The half of a connection that hears whatever the server says.
///
/// # Example
/// ```no_run
/// use conn::{Config, Connection, Deadline};
/// use resp::Request;
///
/// # fn main() -> Result<(), conn::Error> {
/// let connection = Connection::open(&Config::tcp("127.0.0.1", 6379), Deadline::NEVER)?;
/// let (mut listener, mut speaker) = connection.split();
/// speaker.say(&Request::new("SUBSCRIBE").arg("news").wire().to_vec(), Deadline::NEVER)?;
/// while let Some(said) = listener.hear(Deadline::NEVER)? {
///     println!("{said}");
/// }
/// # Ok(())
/// # }
/// ```
pub struct Listener(Connection);

/// The half of a connection that speaks.
pub struct Speaker {
    socket: Speaking,
    address: Arc<Address>,
}

impl Connection {
    /// Parts it for two threads. A connection that awaits a reply, or has failed, hears nothing but an error.
    pub fn split(mut self) -> (Listener, Speaker) {
        let speaker = Speaker { socket: self.socket.split(), address: Arc::clone(&self.address) };
        (Listener(self), speaker)
    }

    fn hear(&mut self, deadline: Deadline) -> Result<Option<Reply>, Error> {
        self.refuse_poisoned()?;
        let mut deadline = deadline;
        loop {
            if let Some(said) = self.whole()? {
                return Ok(Some(said));
            }
            if deadline.has_passed() {
                match self.socket.peek() {
                    Peeked::Nothing => return Ok(None),
                    Peeked::Bytes | Peeked::Closed => deadline = Deadline::after(LOOK),
                }
            }
            match self.receive_more(deadline) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::TimedOut => return Ok(None),
                Err(error) => return Err(self.lost(&error, Phase::Receive)),
            }
        }
    }

    /// The next that is whole in the buffer, a push or not.
    fn whole(&mut self) -> Result<Option<Reply>, Error> {
        if self.buffer.is_empty() {
            return Ok(None);
        }
        match self.parser.parse(&mut self.buffer) {
            Ok(said) => Ok(said),
            Err(error) => {
                let seen = std::mem::take(&mut self.buffer);
                Err(self.poison(ErrorKind::Protocol(error), Phase::Receive).saw(&seen))
            }
        }
    }
}

impl Listener {
    /// Waits for the next that the server says; `None` when nothing whole has come by the deadline. A deadline that has
    /// passed takes what is there already.
    ///
    /// # Errors
    /// [`Error`] when the connection is lost, or what was said is no RESP. Nothing is heard after it.
    pub fn hear(&mut self, deadline: Deadline) -> Result<Option<Reply>, Error> {
        self.0.hear(deadline)
    }

    /// The next that has come together with what was heard before: no system call.
    ///
    /// # Errors
    /// As [`Listener::hear`].
    #[inline]
    pub fn heard(&mut self) -> Result<Option<Reply>, Error> {
        self.0.refuse_poisoned()?;
        self.0.whole()
    }

    /// What the server said of itself in the handshake.
    pub fn greeting(&self) -> &Greeting {
        self.0.greeting()
    }

    /// Where the server listens.
    pub fn address(&self) -> &Address {
        self.0.address()
    }

    /// The means to end both halves from another thread.
    pub fn interrupter(&self) -> Interrupter {
        self.0.interrupter()
    }
}

impl Speaker {
    /// Sends packed requests.
    ///
    /// # Errors
    /// [`Error`] when not all of it could be sent by the deadline. The connection is shut down.
    pub fn say(&mut self, requests: &[u8], deadline: Deadline) -> Result<(), Error> {
        let mut rest = requests;
        while !rest.is_empty() {
            match self.socket.send(&[IoSlice::new(rest)], deadline) {
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(error) => {
                    self.socket.cutter().cut();
                    let outcome =
                        if rest.len() == requests.len() { Outcome::NotSent } else { Outcome::Unknown };
                    return Err(Error::io(&error, Phase::Send, outcome, &self.address));
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Listener").field(&self.0).finish()
    }
}

impl fmt::Debug for Speaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Speaker").field("address", &format_args!("{}", self.address)).finish_non_exhaustive()
    }
}
