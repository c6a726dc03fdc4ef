//! A flight without an end in sight: it is packed while it flies, so that it needs no more memory than its window.
//!
//! Neither side waits for the other to read: what has come is taken in after each piece that went out. The window
//! bounds what the server owes us, in replies and in bytes, so that they do not heap up in its memory either.

use resp::Reply;

use super::{Connection, PIECE};
use crate::{Deadline, Error, Phase};

/// The caller's side of [`Connection::talk`].
pub trait Talk {
    /// Packs requests into `wire`, which is empty: about `room` of them at most, and about 64 KiB. Returns how many. None
    /// now may be some later; after `None` the talk ends with the last reply.
    fn ask(&mut self, wire: &mut Vec<u8>, room: usize) -> Option<usize>;

    /// Takes the next reply.
    fn hear(&mut self, reply: Reply);
}

/// How many replies may be owed. It grows with what was heard, and shrinks when the replies are large.
struct Window {
    heard: usize,
    /// The size of the largest reply of late: one of long ago counts for less.
    size: usize,
}

/// So many replies may be owed before the first one has come.
const FIRST: usize = 128;

/// More are never owed: what bounds the talk is then the server, no longer the way to it.
const MOST: usize = 16 << 10;

/// So many bytes of replies may be owed, as far as one can tell from those before: 100 ms at 1.3 Gbit/s.
const MOST_BYTES: usize = 16 << 20;

impl Connection {
    /// Sends what `talk` asks, piece by piece for as long as it asks, and hands over each reply as it comes. It needs
    /// bounded memory, here and at the server, however long it goes on; all of it must end by the deadline.
    ///
    /// # Errors
    /// [`Error`]: those requests were answered whose replies were handed over, and the outcome of the others is what
    /// the error says. The connection is poisoned.
    pub fn talk(&mut self, talk: &mut dyn Talk, deadline: Deadline) -> Result<(), Error> {
        self.refuse_poisoned()?;
        let mut window = Window { heard: 0, size: 0 };
        let (mut wire, mut gone) = (Vec::new(), 0_usize);
        loop {
            while self.awaited > window.width() / 2 {
                let reply = self.receive(Phase::Receive, deadline)?;
                window.take(talk, reply);
            }
            wire.clear();
            match talk.ask(&mut wire, window.width().saturating_sub(self.awaited)) {
                None => break,
                Some(0) if self.awaited > 0 => {
                    let reply = self.receive(Phase::Receive, deadline)?;
                    window.take(talk, reply);
                }
                Some(asked) => self.awaited = self.awaited.saturating_add(asked),
            }
            let mut rest = wire.as_slice();
            while !rest.is_empty() {
                let sent = self.send_piece(rest, gone, true, deadline)?;
                gone = gone.saturating_add(sent);
                rest = rest.get(sent..).unwrap_or_default();
                self.take_early_replies(Phase::Receive, deadline, &mut |reply| window.take(talk, reply))?;
            }
            wire.shrink_to(4 * PIECE); // after a request that was larger than all others
        }
        while self.awaited > 0 {
            let reply = self.receive(Phase::Receive, deadline)?;
            talk.hear(reply);
        }
        self.settle(Phase::Receive)
    }
}

impl Window {
    /// So many replies may be owed now; at least one.
    fn width(&self) -> usize {
        let by_size = MOST_BYTES.checked_div(self.size).unwrap_or(MOST);
        FIRST.saturating_add(self.heard).min(MOST).min(by_size).max(1)
    }

    fn take(&mut self, talk: &mut dyn Talk, reply: Reply) {
        let size = if reply.view().as_integer().is_some() { 0 } else { reply.to_bytes().len() };
        self.heard = self.heard.saturating_add(1);
        self.size = size.max(self.size.saturating_sub(self.size / 16));
        talk.hear(reply);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nobody;
    impl Talk for Nobody {
        fn ask(&mut self, _: &mut Vec<u8>, _: usize) -> Option<usize> {
            None
        }
        fn hear(&mut self, _: Reply) {}
    }

    fn after(replies: usize, size: usize) -> usize {
        let mut window = Window { heard: 0, size: 0 };
        let reply = Reply::from_bytes(format!("${size}\r\n{}\r\n", "x".repeat(size))).unwrap();
        (0..replies).for_each(|_| window.take(&mut Nobody, reply.clone()));
        window.width()
    }

    #[test]
    fn the_window_grows_with_small_replies_and_shrinks_with_large_ones() {
        assert_eq!(after(0, 0), FIRST);
        assert_eq!(after(100, 5), FIRST + 100);
        assert_eq!(after(1_000_000, 5), MOST);
        assert_eq!(after(1_000, 100_000), 167);
        assert_eq!(after(1, 17 << 20), 1);
    }
}
