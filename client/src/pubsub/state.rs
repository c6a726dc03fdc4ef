//! What all parts of a subscriber share, behind one lock.
//!
//! ```text
//!             ┌──────── lost ────────┐        Up: the listener lies there, or one thread has taken it to hear;
//!             ▼                      │            whoever says something does so under the lock
//!   Down ── a thread connects ──▶ Up ─┘       Down: nobody hears; what is wanted is remembered
//!     └───────── end ◀────────────┘
//! ```

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use conn::{Deadline, Interrupter, Listener};
use resp::Reply;

use super::line::{Awaited, Line, PING, Settled, Slip, ask};
use super::message::{Confirmation, Event, Message, Said, Topic};
use super::options::{PubSubOptions, WhenSlow};
use super::trouble::Trouble;
use crate::Error;
use crate::pushes::Pushes;

/// What is done with the messages of one channel or pattern.
pub(super) type Handler = Arc<dyn Fn(&Message) + Send + Sync>;

/// What is next for the reader.
pub(super) struct Item {
    pub(super) event: Result<Event, Error>,
    /// Who takes it instead.
    pub(super) handler: Option<Handler>,
}

pub(super) struct State {
    pub(super) link: Link,
    /// What is to be subscribed to, and whether this connection's server has confirmed it.
    pub(super) wanted: [HashMap<Bytes, bool>; 3],
    pub(super) handlers: [HashMap<Bytes, Handler>; 3],
    /// What nobody has read yet.
    pub(super) queue: VecDeque<Item>,
    pub(super) bytes: usize,
    /// Thrown away since the reader was last told.
    pub(super) dropped: u64,
    pub(super) dropped_in_all: u64,
    pub(super) end: Option<End>,
    /// So many threads wait for news.
    pub(super) sleepers: usize,
    /// Attempts and connections that failed since all was well.
    pub(super) failed: u32,
    lost_at: Option<Instant>,
    /// Who waits for a subscription that is made with the next connection.
    pub(super) orphans: Vec<Slip>,
    options: PubSubOptions,
    pushes: Option<Arc<Pushes>>,
}

pub(super) enum Link {
    Up { line: Line, ears: Option<Box<Ears>>, interrupter: Interrupter },
    Down,
}

/// The half that listens, in the hands of one thread at a time.
pub(super) struct Ears {
    pub(super) listener: Listener,
    pub(super) heard_at: Instant,
    pub(super) pinged_at: Option<Instant>,
    /// What was heard and not told yet.
    pub(super) heard: Vec<Reply>,
}

/// Why it is over.
#[derive(Debug)]
pub(super) enum End {
    Closed,
    Failed(Error),
}

impl State {
    pub(super) fn new(
        options: PubSubOptions,
        pushes: Option<Arc<Pushes>>,
        connection: conn::Connection,
    ) -> Self {
        Self {
            link: Link::up(connection),
            wanted: Default::default(),
            handlers: Default::default(),
            queue: VecDeque::new(),
            bytes: 0,
            dropped: 0,
            dropped_in_all: 0,
            end: None,
            sleepers: 0,
            failed: 0,
            lost_at: None,
            orphans: Vec::new(),
            options,
            pushes,
        }
    }

    /// Whether there is room for what would be heard next.
    pub(super) fn has_room(&self) -> bool {
        self.options.when_slow != WhenSlow::Block || self.bytes < self.options.buffer
    }

    /// What the reader takes; `into` is empty.
    pub(super) fn hand_over(&mut self, into: &mut VecDeque<Item>) {
        if self.dropped > 0 {
            let dropped = std::mem::take(&mut self.dropped);
            self.queue.push_front(Item { event: Ok(Event::Dropped(dropped)), handler: None });
        }
        std::mem::swap(&mut self.queue, into);
        self.bytes = 0;
    }

    /// Takes in what was heard, in its order.
    ///
    /// # Errors
    /// [`Error`] when something was said that nobody had asked for: the connection is of no more use.
    pub(super) fn take_in(&mut self, heard: &mut Vec<Reply>) -> Result<(), Error> {
        for reply in heard.drain(..) {
            let Link::Up { line, .. } = &mut self.link else { return Ok(()) };
            match Said::of(reply, line.protocol) {
                Said::Message(message) => self.message(message),
                Said::Confirmation(confirmation) => self.confirmed(confirmation),
                Said::Push(push) => {
                    if let Some(pushes) = &self.pushes {
                        pushes.pass_on(push);
                    }
                }
                Said::Reply(reply) => match line.answer(reply) {
                    Settled::Done => {}
                    Settled::Restored => self.restored(),
                    Settled::Refused { topic, names, error } => self.refused(topic, &names, error),
                    Settled::Unasked => return Err(Trouble::Unasked.into()),
                },
            }
        }
        Ok(())
    }

    fn message(&mut self, message: Message) {
        let handlers = &self.handlers[message.topic() as usize];
        let handler = match handlers.is_empty() {
            true => None,
            false => handlers.get(message.subscribed_by()).cloned(),
        };
        let size = message.size();
        if self.bytes + size > self.options.buffer {
            match self.options.when_slow {
                WhenSlow::Block => {}
                WhenSlow::DropOldest => self.make_room(size),
                WhenSlow::Fail => {
                    let full = "the messages that nobody has read are more than its buffer holds";
                    return self.end(End::Failed(Error::usage(full).of("pubsub")));
                }
            }
        }
        self.bytes += size;
        self.queue.push_back(Item { event: Ok(Event::Message(message)), handler });
    }

    /// Throws away the oldest messages. What the subscriber tells of itself stays.
    fn make_room(&mut self, size: usize) {
        let mut at = 0;
        while self.bytes + size > self.options.buffer && at < self.queue.len() {
            match &self.queue[at].event {
                Ok(Event::Message(message)) => {
                    self.bytes = self.bytes.saturating_sub(message.size());
                    self.queue.remove(at);
                    self.dropped += 1;
                    self.dropped_in_all += 1;
                }
                _ => at += 1,
            }
        }
    }

    fn tell(&mut self, event: Result<Event, Error>) {
        self.queue.push_back(Item { event, handler: None });
    }

    fn confirmed(&mut self, confirmation: Confirmation) {
        let Link::Up { line, .. } = &mut self.link else { return };
        let is_unasked = matches!(line.confirm(&confirmation), Settled::Unasked);
        let topic = confirmation.topic as usize;
        match self.wanted[topic].get_mut(&confirmation.name) {
            Some(is_confirmed) => *is_confirmed = confirmation.subscribed,
            // Its last message has come: its handler may go.
            None if !confirmation.subscribed => drop(self.handlers[topic].remove(&confirmation.name)),
            None => {}
        }
        if is_unasked || self.options.confirmations {
            self.tell(Ok(Event::Confirmed(confirmation)));
        }
    }

    fn refused(&mut self, topic: Topic, names: &VecDeque<Bytes>, error: Option<Error>) {
        for name in names {
            let wanted = &mut self.wanted[topic as usize];
            if wanted.get(name) == Some(&false) {
                wanted.remove(name);
                self.handlers[topic as usize].remove(name);
            }
        }
        if let Some(error) = error {
            self.tell(Err(error));
        }
    }

    fn restored(&mut self) {
        self.orphans.drain(..).for_each(|slip| slip.leave(Ok(None)));
        self.failed = 0;
        if let Some(lost_at) = self.lost_at.take() {
            self.tell(Ok(Event::Reconnected(lost_at.elapsed())));
        }
    }

    /// The connection is lost. The reader is told, once until all is well again.
    pub(super) fn lost(&mut self, error: Error) {
        if let Link::Up { line, .. } = &mut self.link {
            self.orphans.extend(line.lose(&error));
        }
        self.link = Link::Down;
        self.failed = self.failed.saturating_add(1);
        self.wanted.iter_mut().flat_map(HashMap::values_mut).for_each(|is_confirmed| *is_confirmed = false);
        for topic in [Topic::Channel, Topic::Pattern, Topic::Shard] {
            let wanted = &self.wanted[topic as usize];
            self.handlers[topic as usize].retain(|name, _| wanted.contains_key(name));
        }
        if self.lost_at.is_none() {
            self.lost_at = Some(Instant::now());
            self.tell(Ok(Event::Disconnected(error)));
        }
    }

    /// A new connection is there: all that is wanted is subscribed to again, in one flight, and each by a request of its
    /// own, so that the server can refuse each for itself.
    pub(super) fn restore(&mut self, connection: conn::Connection, deadline: Deadline) {
        let (mut wire, mut awaited) = (Vec::new(), Vec::new());
        for topic in [Topic::Channel, Topic::Pattern, Topic::Shard] {
            for name in self.wanted[topic as usize].keys() {
                awaited.push(ask(&mut wire, true, topic, std::slice::from_ref(name), None));
            }
        }
        wire.extend_from_slice(PING);
        awaited.push(Awaited::Restored);
        self.link = Link::up(connection);
        if let Link::Up { line, .. } = &mut self.link {
            line.say(&wire, awaited, deadline);
        }
    }

    /// It is over, for good.
    pub(super) fn end(&mut self, end: End) {
        if self.end.is_some() {
            return;
        }
        let error = end.error();
        if let Link::Up { line, interrupter, .. } = &mut self.link {
            self.orphans.extend(line.lose(&error));
            interrupter.interrupt();
        }
        self.orphans.drain(..).for_each(|slip| slip.leave(Err(error.clone())));
        self.link = Link::Down;
        if let End::Failed(error) = &end {
            self.tell(Err(error.clone()));
        }
        self.end = Some(end);
    }
}

impl Link {
    fn up(connection: conn::Connection) -> Self {
        let protocol = connection.greeting().protocol();
        let interrupter = connection.interrupter();
        let (listener, speaker) = connection.split();
        let ears = Ears { listener, heard_at: Instant::now(), pinged_at: None, heard: Vec::new() };
        Self::Up { line: Line::new(speaker, protocol), ears: Some(Box::new(ears)), interrupter }
    }
}

impl End {
    pub(super) fn error(&self) -> Error {
        match self {
            Self::Closed => Trouble::Closed.into(),
            Self::Failed(error) => error.clone(),
        }
    }
}
