//! What any thread can do with a subscriber, while one reads its messages.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use conn::Deadline;
use resp::{Reply, Request, ToArgs};

use super::hub::Hub;
use super::line::PING;
use super::message::{Message, Topic};
use super::state::Handler;
use crate::execute::{Beside, Way};
use crate::{Commands, Error};

/// Subscribes and unsubscribes from any thread, while one reads the messages. Cheap to clone.
///
/// Each call returns when the server has confirmed it, within the time of a call of the client's; whatever comes
/// meanwhile is kept for the reader. When the time is over first, the subscription is made all the same, sooner or later.
///
/// # Example
/// ```
/// use std::thread;
/// use client::Event;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// let mut pubsub = client.pubsub()?;
/// let handle = pubsub.handle();
/// let reading = thread::spawn(move || pubsub.next_message());
/// handle.subscribe("doc:handle")?;
/// client.publish("doc:handle", "hello")?;
/// assert_eq!(reading.join().unwrap()?.payload(), b"hello");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PubSubHandle {
    hub: Arc<Hub>,
}

impl PubSubHandle {
    pub(super) fn new(hub: Arc<Hub>) -> Self {
        Self { hub }
    }

    pub(super) fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// Subscribes to channels: one name or a list of them. A handler that one of them had is forgotten.
    ///
    /// # Errors
    /// [`Error`] when the server refuses (`NOPERM`), or has not confirmed it in time.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let mut pubsub = client.pubsub()?;
    /// pubsub.subscribe(["doc:subscribe:a", "doc:subscribe:b"])?;
    /// assert_eq!(client.publish("doc:subscribe:b", "x")?, 1);
    /// assert_eq!(pubsub.next_message()?.channel(), b"doc:subscribe:b");
    /// # Ok(())
    /// # }
    /// ```
    pub fn subscribe(&self, channels: impl ToArgs) -> Result<(), Error> {
        self.begin(Topic::Channel, &channels, None)
    }

    /// Subscribes to patterns: `news.*`, `h?llo`, `h[ae]llo`.
    ///
    /// # Errors
    /// As [`subscribe`](Self::subscribe).
    pub fn psubscribe(&self, patterns: impl ToArgs) -> Result<(), Error> {
        self.begin(Topic::Pattern, &patterns, None)
    }

    /// Subscribes to shard channels (since 7.0), which a cluster sends to one shard alone: messages of `SPUBLISH`.
    ///
    /// # Errors
    /// As [`subscribe`](Self::subscribe).
    pub fn ssubscribe(&self, channels: impl ToArgs) -> Result<(), Error> {
        self.begin(Topic::Shard, &channels, None)
    }

    /// Subscribes to channels whose messages `handler` takes; the reader does not see them. It runs on the thread that
    /// reads.
    ///
    /// # Errors
    /// As [`subscribe`](Self::subscribe).
    ///
    /// # Example
    /// ```
    /// use std::sync::mpsc;
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let (sender, payloads) = mpsc::channel();
    /// let mut pubsub = client.pubsub()?;
    /// pubsub.subscribe_with("doc:handler", move |message| drop(sender.send(message.payload_bytes())))?;
    /// client.publish("doc:handler", "x")?;
    /// assert!(pubsub.next_timeout(Duration::from_millis(100))?.is_none()); // the handler has it
    /// assert_eq!(payloads.try_recv()?, "x");
    /// # Ok(())
    /// # }
    /// ```
    pub fn subscribe_with(
        &self,
        channels: impl ToArgs,
        handler: impl Fn(&Message) + Send + Sync + 'static,
    ) -> Result<(), Error> {
        self.begin(Topic::Channel, &channels, Some(&(Arc::new(handler) as Handler)))
    }

    /// Subscribes to patterns whose messages `handler` takes, as [`subscribe_with`](Self::subscribe_with) does.
    ///
    /// # Errors
    /// As [`subscribe`](Self::subscribe).
    pub fn psubscribe_with(
        &self,
        patterns: impl ToArgs,
        handler: impl Fn(&Message) + Send + Sync + 'static,
    ) -> Result<(), Error> {
        self.begin(Topic::Pattern, &patterns, Some(&(Arc::new(handler) as Handler)))
    }

    /// Subscribes to shard channels whose messages `handler` takes, as [`subscribe_with`](Self::subscribe_with) does.
    ///
    /// # Errors
    /// As [`subscribe`](Self::subscribe).
    pub fn ssubscribe_with(
        &self,
        channels: impl ToArgs,
        handler: impl Fn(&Message) + Send + Sync + 'static,
    ) -> Result<(), Error> {
        self.begin(Topic::Shard, &channels, Some(&(Arc::new(handler) as Handler)))
    }

    /// Unsubscribes from channels; from all of them with `()`. Messages that came before the server has confirmed it
    /// are still there to be read.
    ///
    /// # Errors
    /// [`Error`] when the server has not confirmed it in time.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let pubsub = client.pubsub()?;
    /// pubsub.subscribe(["doc:unsubscribe:a", "doc:unsubscribe:b"])?;
    /// pubsub.unsubscribe("doc:unsubscribe:a")?;
    /// assert_eq!(pubsub.subscribed(client::Topic::Channel)?, ["doc:unsubscribe:b"]);
    /// pubsub.unsubscribe(())?;
    /// assert_eq!(client.publish("doc:unsubscribe:b", "nobody hears it")?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn unsubscribe(&self, channels: impl ToArgs) -> Result<(), Error> {
        self.hub.unsubscribe(Topic::Channel, &names(&channels))
    }

    /// Unsubscribes from patterns; from all of them with `()`.
    ///
    /// # Errors
    /// As [`unsubscribe`](Self::unsubscribe).
    pub fn punsubscribe(&self, patterns: impl ToArgs) -> Result<(), Error> {
        self.hub.unsubscribe(Topic::Pattern, &names(&patterns))
    }

    /// Unsubscribes from shard channels; from all of them with `()`.
    ///
    /// # Errors
    /// As [`unsubscribe`](Self::unsubscribe).
    pub fn sunsubscribe(&self, channels: impl ToArgs) -> Result<(), Error> {
        self.hub.unsubscribe(Topic::Shard, &names(&channels))
    }

    /// The channels or patterns that it is subscribed to, or is about to be, in alphabetical order.
    ///
    /// # Errors
    /// [`Error`] in a child of a fork.
    pub fn subscribed(&self, topic: Topic) -> Result<Vec<Bytes>, Error> {
        let mut names: Vec<Bytes> =
            self.hub.ask(|state| state.wanted[topic as usize].keys().cloned().collect())?;
        names.sort_unstable();
        Ok(names)
    }

    /// How many messages were thrown away, because nobody read them in time: see
    /// [`WhenSlow::DropOldest`](super::WhenSlow::DropOldest).
    ///
    /// # Errors
    /// [`Error`] in a child of a fork.
    pub fn dropped(&self) -> Result<u64, Error> {
        self.hub.ask(|state| state.dropped_in_all)
    }

    /// Sends a PING over the connection of the subscriptions and waits for its answer.
    ///
    /// # Errors
    /// [`Error`] when it does not come in time.
    pub fn ping(&self) -> Result<(), Error> {
        let answer = self.hub.call(PING, self.hub.deadline(), true);
        answer.map(drop).map_err(|error| error.of("PING"))
    }

    /// All commands, over the connection of the subscriptions: only in RESP3, which can tell their replies from messages.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let pubsub = client.pubsub()?;
    /// pubsub.subscribe("doc:beside")?;
    /// pubsub.commands().set("doc:beside:key", "v")?;
    /// assert_eq!(client.get::<String>("doc:beside:key")?.as_deref(), Some("v"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn commands(&self) -> Commands<Beside> {
        Beside::commands(self.clone())
    }

    /// One round trip between the messages.
    pub(crate) fn run_beside(&self, wire: &[u8], deadline: Deadline) -> Result<Reply, Error> {
        self.hub.call(wire, deadline, false)
    }

    /// The client's terms.
    pub(crate) fn way(&self) -> &Way {
        self.hub.way()
    }

    /// Ends it, from whatever thread: the reader finds the end after what had come before, and calls that wait fail with
    /// an error that [is closed](Error::is_closed).
    pub fn close(&self) {
        self.hub.close();
    }

    fn begin(&self, topic: Topic, names: &dyn ToArgs, handler: Option<&Handler>) -> Result<(), Error> {
        let names = self::names(names);
        if names.is_empty() {
            return Err(
                Error::usage("needs the name of a channel or a pattern").of(super::line::verb(true, topic))
            );
        }
        self.hub.subscribe(topic, &names, handler)
    }
}

fn names(names: &dyn ToArgs) -> Vec<Bytes> {
    Request::new("SUBSCRIBE").args(names).args_iter().skip(1).map(Bytes::copy_from_slice).collect()
}

impl fmt::Debug for PubSubHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PubSubHandle").finish_non_exhaustive()
    }
}
