//! Subscribers: messages of channels, patterns and shard channels, and what happens to the connection they come over.
//!
//! ```text
//!  PubSub ───────────┐ reads: an iterator, for one thread
//!  PubSubHandle ×n ──┤ subscribe, unsubscribe, commands, close: for all threads
//!  PubSubThread ─────┤ stops a thread that reads
//!                    ▼
//!                   Hub ── State ── Line (what is awaited) ── conn::Speaker
//!                             └──── Ears ──────────────────── conn::Listener
//! ```

use std::collections::VecDeque;
use std::fmt;
use std::ops::Deref;
use std::time::{Duration, Instant};

use conn::Deadline;

use crate::{Client, Error};

mod handle;
pub use handle::PubSubHandle;
mod keyspace;
pub use keyspace::{KeyNotification, KeyPattern};
mod message;
pub use message::{Confirmation, Event, Message, Topic};
mod options;
pub use options::{PubSubOptions, WhenSlow};
mod thread;
pub use thread::PubSubThread;

mod hub;
mod line;
mod state;
mod trouble;
pub(crate) use trouble::Trouble;

use hub::{Came, Hub};
use state::Item;

/// Reads messages, as an iterator, over a connection of its own: [`Client::pubsub`] makes one.
///
/// It subscribes by the methods of [`PubSubHandle`], of which any thread may have one. It connects again by itself when
/// the connection is lost, subscribes to the same channels, and says so: an [`Event::Disconnected`] stands where
/// messages may be missing. No message is handed over twice.
///
/// It receives while somebody waits for it, unless [`PubSubOptions::when_slow`] says otherwise. When it is dropped, it
/// is closed for all its handles. A child of a fork cannot use it, and disturbs nothing by dropping it.
///
/// # Example
/// ```
/// use client::Event;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// let mut pubsub = client.pubsub()?;
/// pubsub.subscribe("doc:pubsub")?;
/// client.publish("doc:pubsub", "hello")?;
/// client.publish("doc:pubsub", "bye")?;
/// for event in &mut pubsub {
///     match event? {
///         Event::Message(message) if message.payload() == b"bye" => break,
///         Event::Message(message) => assert_eq!(message.decode::<&str>()?, "hello"),
///         event if event.is_gap() => eprintln!("messages may be missing: {event:?}"),
///         _ => {}
///     }
/// }
/// # Ok(())
/// # }
/// ```
pub struct PubSub {
    handle: PubSubHandle,
    /// What was taken and not read yet.
    ready: VecDeque<Item>,
    /// By a child of a fork, which was told.
    is_misused: bool,
}

impl Client {
    /// Opens a connection for subscriptions. Messages are then the items of an iterator.
    ///
    /// # Errors
    /// [`Error`] when it cannot be opened.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let mut pubsub = client.pubsub()?;
    /// pubsub.subscribe(["doc:news", "doc:weather"])?;
    /// client.publish("doc:weather", "rain")?;
    /// let message = pubsub.next_message()?;
    /// assert_eq!((message.channel(), message.payload()), (&b"doc:weather"[..], &b"rain"[..]));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "subscriber")]
    #[doc(alias = "as_pubsub")]
    pub fn pubsub(&self) -> Result<PubSub, Error> {
        self.pubsub_with(PubSubOptions::new())
    }

    /// Opens a connection for subscriptions, with options.
    ///
    /// # Errors
    /// As [`pubsub`](Self::pubsub).
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::{PubSubOptions, WhenSlow};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let options = PubSubOptions::new().when_slow(WhenSlow::DropOldest).silence(Duration::from_secs(10));
    /// let pubsub = client.pubsub_with(options)?;
    /// pubsub.subscribe("doc:news")?;
    /// assert_eq!(pubsub.dropped()?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn pubsub_with(&self, options: impl Into<PubSubOptions>) -> Result<PubSub, Error> {
        let hub = Hub::open(self.way(), options.into())?;
        Ok(PubSub { handle: PubSubHandle::new(hub), ready: VecDeque::new(), is_misused: false })
    }
}

impl PubSub {
    /// What subscribes and unsubscribes from other threads.
    pub fn handle(&self) -> PubSubHandle {
        self.handle.clone()
    }

    /// The next event within `timeout`; `None` when there is none. Messages that have a handler go to it meanwhile.
    ///
    /// # Errors
    /// [`Error`] when a subscription could not be made again, or it is over: then it [is closed](Error::is_closed), or
    /// says why.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let mut pubsub = client.pubsub()?;
    /// pubsub.subscribe("doc:silent")?;
    /// assert!(pubsub.next_timeout(Duration::from_millis(10))?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get_message")]
    pub fn next_timeout(&mut self, timeout: Duration) -> Result<Option<Event>, Error> {
        self.next_by(Deadline::after(timeout))
    }

    /// The next event by `deadline`; `None` when there is none.
    ///
    /// # Errors
    /// As [`next_timeout`](Self::next_timeout).
    pub fn next_deadline(&mut self, deadline: Instant) -> Result<Option<Event>, Error> {
        self.next_by(Deadline::at(deadline))
    }

    /// The next event that is there already.
    ///
    /// # Errors
    /// As [`next_timeout`](Self::next_timeout).
    pub fn try_next(&mut self) -> Result<Option<Event>, Error> {
        self.next_by(Deadline::at(Instant::now()))
    }

    /// The next message, however long it takes. All other events are passed over: who must know of gaps reads events.
    ///
    /// # Errors
    /// As [`next_timeout`](Self::next_timeout).
    #[doc(alias = "get_message")]
    pub fn next_message(&mut self) -> Result<Message, Error> {
        loop {
            if let Some(Event::Message(message)) = self.next_by(Deadline::NEVER)? {
                return Ok(message);
            }
        }
    }

    #[inline]
    fn next_by(&mut self, deadline: Deadline) -> Result<Option<Event>, Error> {
        match self.step(deadline) {
            Step::Event(event) => event.map(Some),
            Step::Late => Ok(None),
            Step::Over(error) => Err(error),
        }
    }

    /// Most often the next one is there.
    #[inline]
    fn step(&mut self, deadline: Deadline) -> Step {
        loop {
            match self.ready.pop_front() {
                Some(Item { event: Ok(Event::Message(message)), handler: Some(handler) }) => {
                    handler(&message);
                }
                Some(Item { event, .. }) => return Step::Event(event),
                None => match self.handle.hub().items(&mut self.ready, deadline) {
                    Ok(Came::InTime) => {}
                    Ok(Came::TooLate) => return Step::Late,
                    Ok(Came::Over(error)) => return Step::Over(error),
                    // It says so once, and then it is over.
                    Err(error) if self.is_misused => return Step::Over(error),
                    Err(error) => {
                        self.is_misused = true;
                        return Step::Event(Err(error));
                    }
                },
            }
        }
    }
}

enum Step {
    Event(Result<Event, Error>),
    Late,
    /// Its reason was told, if it has one.
    Over(Error),
}

/// Ends when the subscriber is closed, or after the error that has ended it.
impl Iterator for PubSub {
    type Item = Result<Event, Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        match self.step(Deadline::NEVER) {
            Step::Event(event) => Some(event),
            Step::Late | Step::Over(_) => None,
        }
    }
}

/// It has the methods of its handle.
impl Deref for PubSub {
    type Target = PubSubHandle;

    fn deref(&self) -> &PubSubHandle {
        &self.handle
    }
}

impl Drop for PubSub {
    fn drop(&mut self) {
        self.handle.close();
    }
}

impl fmt::Debug for PubSub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PubSub").field("ready", &self.ready.len()).finish_non_exhaustive()
    }
}
