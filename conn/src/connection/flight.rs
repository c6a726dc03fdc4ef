//! Many requests on their way, and their replies as the caller asks for them.
//!
//! A caller who makes something of each reply before he asks for the next does it while the server is still at work, and
//! needs memory for one. Neither side waits for the other to read: what has come is taken in after each piece that
//! went out.

use std::iter::FusedIterator;

use resp::Reply;

use super::{Connection, PIECE};
use crate::socket::Peeked;
use crate::{Deadline, Error, ErrorKind, Phase};

/// The replies of a flight, one by one: what [`Connection::flight`] returns. The requests go out while it is asked.
///
/// Only at its end is the connection clean again; one whose flight is dropped before is of no more use.
///
/// # Example
/// ```no_run
/// use conn::{Config, Connection, Deadline};
/// use resp::Request;
///
/// # fn main() -> Result<(), conn::Error> {
/// let mut connection = Connection::open(&Config::tcp("127.0.0.1", 6379), Deadline::NEVER)?;
/// let mut requests = Vec::new();
/// (0..3).for_each(|_| Request::new("PING").wire().write_to(&mut requests));
/// for reply in connection.flight(&requests, 3, Deadline::NEVER)? {
///     assert_eq!(reply?.view().as_str(), Some("PONG"));
/// }
/// assert!(connection.is_clean());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "nothing is sent before the first reply is asked for"]
pub struct Flight<'a> {
    connection: &'a mut Connection,
    /// What is not sent yet.
    rest: &'a [u8],
    /// So many bytes are.
    gone: usize,
    is_long: bool,
    phase: Phase,
    deadline: Deadline,
    is_over: bool,
}

impl<'a> Flight<'a> {
    pub(crate) fn begin(
        connection: &'a mut Connection,
        requests: &'a [u8],
        replies: usize,
        phase: Phase,
        deadline: Deadline,
    ) -> Result<Self, Error> {
        connection.refuse_poisoned()?;
        connection.awaited = replies;
        let is_long = requests.len() > PIECE;
        Ok(Self { connection, rest: requests, gone: 0, is_long, phase, deadline, is_over: false })
    }

    /// The next reply, or `None` when all have come and nothing is left behind them.
    fn receive(&mut self) -> Result<Option<Reply>, Error> {
        loop {
            if self.connection.awaited == 0 {
                self.is_over = true;
                return self.settle().map(|()| None);
            }
            if let Some(reply) = self.connection.parse(self.phase)? {
                self.connection.awaited = self.connection.awaited.saturating_sub(1);
                return Ok(Some(reply));
            }
            if self.is_time_to_send() {
                self.send()?;
            } else {
                self.connection.fill(self.phase, self.deadline)?;
            }
        }
    }

    /// Whether something is left to send, and what the server has answered so far is taken in.
    fn is_time_to_send(&mut self) -> bool {
        !self.rest.is_empty() && (self.gone == 0 || self.connection.socket.peek() != Peeked::Bytes)
    }

    fn send(&mut self) -> Result<(), Error> {
        let sent = self.connection.send_piece(self.rest, self.gone, self.is_long, self.deadline)?;
        self.gone = self.gone.saturating_add(sent);
        self.rest = self.rest.get(sent..).unwrap_or_default();
        Ok(())
    }

    fn settle(&mut self) -> Result<(), Error> {
        if !self.rest.is_empty() {
            // More answers than requests, and some of those are not even sent: take in no more of it.
            return Err(self.connection.poison(ErrorKind::UnexpectedReply, self.phase));
        }
        self.connection.settle(self.phase)
    }
}

impl Iterator for Flight<'_> {
    type Item = Result<Reply, Error>;

    /// # Errors
    /// [`Error`]: those requests were answered whose replies were handed over, and the outcome of the others is what
    /// the error says. It is the last item, and the connection is poisoned.
    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        self.receive().inspect_err(|_| self.is_over = true).transpose()
    }
}

impl FusedIterator for Flight<'_> {}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        // Replies are still to come, or nobody has looked whether there is one too many.
        self.connection.poisoned |= !self.is_over;
    }
}
