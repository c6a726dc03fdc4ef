//! Commands without an end in sight, made while they are sent: each reply is taken when it comes, so that millions of
//! them need no more memory than a few thousand.
//!
//! ```text
//!  items ─ command ─▶ chunk: packed, tickets ─▶ connection ─▶ replies ─ in order ─▶ tickets redeemed ─▶ each
//!                       └── a new one for 64 KiB, as far as the window of `conn` has room ──┘
//! ```

use std::collections::VecDeque;
use std::fmt;
use std::mem;

use conn::{Connection, Deadline, Talk};
use resp::Reply;

use super::{Batching, Pipeline, Redeem, Replies};
use crate::{Commands, Error};

/// # Pipelines without end
impl<E: Batching> Commands<E> {
    /// Sends a command, or a few, for each item in one endless flight, and hands what their tickets stand for to
    /// `each`, in order and as soon as it is there.
    ///
    /// It reads while it writes, and needs a few MB however many items there are; what the server owes is bounded too.
    /// The client's timeout covers all of it: give it what it takes with [`Client::timeout`](crate::Client::timeout).
    /// It is never sent again, as [`pipeline`](Self::pipeline) may be. A blocking command gets no time on top.
    ///
    /// # Errors
    /// The first error of the server's that no ticket has caught (see [`Ticket::caught`](crate::Ticket::caught)), or of
    /// a command that must not be sent: then no further items are taken, and all that were sent before are still handed
    /// to `each`. Or why the connection has failed: what `each` has got was executed, and of the rest nobody knows.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:pipeline_each")?;
    /// let (mut sum, mut wrong) = (0, 0);
    /// client.pipeline_each(1..=1_000, |p, n| p.incrby("doc:pipeline_each", n), |total| sum = total)?;
    /// assert_eq!(sum, 500_500);
    ///
    /// // A ticket that is caught hands its error over as well.
    /// let lines = ["1", "two", "3"];
    /// client.pipeline_each(
    ///     lines,
    ///     |p, line| p.run::<i64>(client::Request::new("INCRBY").key("doc:pipeline_each").arg(line)).caught(),
    ///     |total| wrong += i32::from(total.is_err()),
    /// )?;
    /// assert_eq!(wrong, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn pipeline_each<I: IntoIterator, T: Redeem>(
        &self,
        items: I,
        command: impl FnMut(&Pipeline, I::Item) -> T,
        each: impl FnMut(T::Output),
    ) -> Result<(), Error> {
        self.each_as(items, command, each)
    }

    /// [`pipeline_each`](Self::pipeline_each) whose commands are collected by way of `P`.
    pub(crate) fn each_as<P: From<Pipeline> + AsRef<Pipeline>, I: IntoIterator, T: Redeem>(
        &self,
        items: I,
        command: impl FnMut(&P, I::Item) -> T,
        each: impl FnMut(T::Output),
    ) -> Result<(), Error> {
        let mut source = Source {
            items: items.into_iter(),
            command,
            each,
            pipeline: P::from(Pipeline::new()),
            chunks: VecDeque::new(),
            end: None,
            commands: 0,
            leaves_state: false,
        };
        self.executor.feed(Feed(&mut source))
    }
}

/// Commands that are made while they are sent: what [`pipeline_each`](Commands::pipeline_each) hands to its executor.
pub struct Feed<'a>(&'a mut dyn Feeding);

impl Feed<'_> {
    /// Sends all of it, and takes what comes back.
    pub(super) fn talk(&mut self, connection: &mut Connection, deadline: Deadline) -> Result<(), Error> {
        connection.talk(self, deadline)?;
        self.0.end()
    }

    /// How many commands were sent so far.
    pub(super) fn commands(&self) -> usize {
        self.0.commands()
    }

    /// Whether one of them has left something on the connection.
    pub(super) fn leaves_state(&self) -> bool {
        self.0.leaves_state()
    }
}

impl Talk for Feed<'_> {
    fn ask(&mut self, wire: &mut Vec<u8>, room: usize) -> Option<usize> {
        self.0.ask(wire, room)
    }

    fn hear(&mut self, reply: Reply) {
        self.0.hear(reply);
    }
}

impl fmt::Debug for Feed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feed").field("commands", &self.commands()).finish_non_exhaustive()
    }
}

/// A [`Source`] of whatever types.
trait Feeding {
    fn ask(&mut self, wire: &mut Vec<u8>, room: usize) -> Option<usize>;
    fn hear(&mut self, reply: Reply);
    fn end(&mut self) -> Result<(), Error>;
    fn commands(&self) -> usize;
    fn leaves_state(&self) -> bool;
}

/// Where the commands come from, and where their replies go.
struct Source<P, I, C, D, T> {
    items: I,
    command: C,
    each: D,
    pipeline: P,
    /// What was sent and not yet answered, in order.
    chunks: VecDeque<Chunk<T>>,
    /// Why no further items are taken.
    end: Option<Error>,
    commands: usize,
    leaves_state: bool,
}

/// What was packed at a time.
struct Chunk<T> {
    replies: Replies<'static>,
    /// So many replies belong to it.
    commands: usize,
    /// The tickets of each item, and how many replies are there when they can be redeemed.
    items: VecDeque<(T, usize)>,
    /// So many replies belong to items that were handed over.
    done: usize,
}

/// A chunk is packed until it is as long as this.
const CHUNK: usize = 64 << 10;

impl<P, I, C, D, T> Feeding for Source<P, I, C, D, T>
where
    P: AsRef<Pipeline>,
    I: Iterator,
    C: FnMut(&P, I::Item) -> T,
    D: FnMut(T::Output),
    T: Redeem,
{
    fn ask(&mut self, wire: &mut Vec<u8>, room: usize) -> Option<usize> {
        let mut items = VecDeque::new();
        let mut size = (0, 0);
        let mut is_over = self.end.is_some();
        while !is_over && size.0 < room && size.1 < CHUNK && items.len() < room {
            let Some(item) = self.items.next() else {
                is_over = true;
                break;
            };
            let tickets = (self.command)(&self.pipeline, item);
            if let Some(error) = self.pipeline.as_ref().executor.refusal(size) {
                self.end = Some(error);
                is_over = true;
                break;
            }
            size = self.pipeline.as_ref().executor.size();
            items.push_back((tickets, size.0));
        }
        let flight = self.pipeline.as_ref().executor.take(wire);
        self.leaves_state |= flight.leaves_state();
        self.commands += size.0;
        self.chunks.push_back(Chunk { replies: flight.awaits(), commands: size.0, items, done: 0 });
        self.deliver(); // items that ask for nothing have to wait for nobody
        (size.0 > 0 || !is_over).then_some(size.0)
    }

    fn hear(&mut self, reply: Reply) {
        let next = self.chunks.iter_mut().find(|chunk| chunk.replies.len() < chunk.commands);
        if let Some(chunk) = next {
            chunk.replies.push(reply);
        }
        self.deliver();
    }

    fn end(&mut self) -> Result<(), Error> {
        self.end.take().map_or(Ok(()), Err)
    }

    fn commands(&self) -> usize {
        self.commands
    }

    fn leaves_state(&self) -> bool {
        self.leaves_state
    }
}

impl<P, I, C, D: FnMut(T::Output), T: Redeem> Source<P, I, C, D, T> {
    /// Hands over whatever is complete.
    fn deliver(&mut self) {
        while let Some(chunk) = self.chunks.front_mut() {
            while let Some((tickets, end)) = chunk.next() {
                match chunk.redeem(tickets, end) {
                    Ok(output) => (self.each)(output),
                    Err(error) => _ = self.end.get_or_insert(error),
                }
            }
            if !chunk.items.is_empty() || chunk.done < chunk.commands {
                return;
            }
            self.chunks.pop_front();
        }
    }
}

impl<T: Redeem> Chunk<T> {
    /// The next item, if all its replies are there.
    fn next(&mut self) -> Option<(T, usize)> {
        let (_, end) = self.items.front()?;
        if *end <= self.replies.len() { self.items.pop_front() } else { None }
    }

    fn redeem(&mut self, tickets: T, end: usize) -> Result<T::Output, Error> {
        let start = mem::replace(&mut self.done, end);
        let output = self.replies.redeem(tickets);
        // What was not redeemed must not be kept, and does not fail in silence.
        let dropped = self.replies.let_go(start..end);
        let output = output?;
        dropped?;
        Ok(output)
    }
}
