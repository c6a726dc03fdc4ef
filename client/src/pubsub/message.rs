//! What a subscriber hears: messages, and what it has to tell of itself.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use resp::{Decode, Kind, Protocol, Reply, View};

use crate::Error;

/// How a message came to the subscriber.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// By the name of its channel (`SUBSCRIBE`).
    Channel,
    /// By a pattern that its channel matches (`PSUBSCRIBE`).
    Pattern,
    /// By the name of its shard channel (`SSUBSCRIBE`).
    Shard,
}

/// What is next in a [`PubSub`](super::PubSub).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A message.
    Message(Message),
    /// The server has confirmed a subscription or its end. Only with
    /// [`PubSubOptions::with_confirmations`](super::PubSubOptions::with_confirmations), or when nobody had asked for it:
    /// a shard channel moved to another server.
    Confirmed(Confirmation),
    /// So many messages were thrown away here, because nobody read them in time.
    Dropped(u64),
    /// The connection was lost for this reason: messages may be missing from here on. It is being made again.
    Disconnected(Error),
    /// The connection is there again, and every subscription confirmed; it was away for so long.
    Reconnected(Duration),
}

/// A message that was published. It shares the memory in which it was received.
///
/// # Example
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// let mut pubsub = client.pubsub()?;
/// pubsub.psubscribe("doc:message:*")?;
/// client.publish("doc:message:7", "42")?;
/// let message = pubsub.next_message()?;
/// assert_eq!(message.channel(), b"doc:message:7");
/// assert_eq!(message.pattern(), Some(&b"doc:message:*"[..]));
/// assert_eq!(message.payload(), b"42");
/// assert_eq!(message.decode::<i64>()?, 42);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Message {
    reply: Reply,
    topic: Topic,
}

/// The server has confirmed a subscription, or its end.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Confirmation {
    /// Whether something is subscribed to now; if not, it is so no longer.
    pub subscribed: bool,
    /// What kind of thing.
    pub topic: Topic,
    /// The channel or the pattern.
    pub name: Bytes,
    /// So many channels and patterns the connection is subscribed to now, or so many shard channels.
    pub count: i64,
}

/// What was said on a connection that has subscriptions.
#[derive(Debug)]
pub(super) enum Said {
    Message(Message),
    Confirmation(Confirmation),
    /// A push that is none of pub/sub's.
    Push(Reply),
    /// The answer to a command. In RESP2 that to PING looks like a message.
    Reply(Reply),
}

impl Said {
    #[inline]
    pub(super) fn of(said: Reply, protocol: Protocol) -> Self {
        let view = said.view();
        let is_push = view.kind() == Kind::Push;
        if !is_push && (protocol == Protocol::Resp3 || view.kind() != Kind::Array) {
            return Self::Reply(said);
        }
        if let Some(topic) = Message::topic_of(view) {
            return Self::Message(Message { reply: said, topic });
        }
        match Confirmation::of(view) {
            Some(confirmation) => Self::Confirmation(confirmation),
            None if is_push => Self::Push(said),
            None => Self::Reply(said),
        }
    }
}

impl Confirmation {
    fn of(view: View<'_>) -> Option<Self> {
        let (subscribed, topic) = match view.get(0)?.as_bytes()? {
            b"subscribe" => (true, Topic::Channel),
            b"psubscribe" => (true, Topic::Pattern),
            b"ssubscribe" => (true, Topic::Shard),
            b"unsubscribe" => (false, Topic::Channel),
            b"punsubscribe" => (false, Topic::Pattern),
            b"sunsubscribe" => (false, Topic::Shard),
            _ => return None,
        };
        // The name is null when there was nothing to unsubscribe from.
        let name = view.get(1)?.as_bytes().map(Bytes::copy_from_slice).unwrap_or_default();
        Some(Self { subscribed, topic, name, count: view.get(2)?.as_integer()? })
    }
}

impl Event {
    /// The message, if it is one.
    pub fn message(&self) -> Option<&Message> {
        match self {
            Self::Message(message) => Some(message),
            _ => None,
        }
    }

    /// The message, if it is one.
    pub fn into_message(self) -> Option<Message> {
        match self {
            Self::Message(message) => Some(message),
            _ => None,
        }
    }

    /// Whether messages may be missing here: some were dropped, or the connection was lost.
    pub fn is_gap(&self) -> bool {
        matches!(self, Self::Dropped(_) | Self::Disconnected(_))
    }
}

impl Message {
    /// The message that a push is, or the push.
    pub(crate) fn of(push: Reply) -> Result<Self, Reply> {
        match Self::topic_of(push.view()) {
            Some(topic) => Ok(Self { reply: push, topic }),
            None => Err(push),
        }
    }

    #[inline]
    fn topic_of(view: View<'_>) -> Option<Topic> {
        match (view.get(0)?.as_bytes()?, view.len()) {
            (b"message", 3) => Some(Topic::Channel),
            (b"pmessage", 4) => Some(Topic::Pattern),
            (b"smessage", 3) => Some(Topic::Shard),
            _ => None,
        }
    }

    /// How it came: by its channel, by a pattern, or by its shard channel.
    pub fn topic(&self) -> Topic {
        self.topic
    }

    /// The channel it was published on.
    pub fn channel(&self) -> &[u8] {
        self.bytes(if self.topic == Topic::Pattern { 2 } else { 1 })
    }

    /// The same as text; what is no UTF-8 is replaced.
    pub fn channel_name(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.channel())
    }

    /// The pattern that the channel matches, if it came by one.
    pub fn pattern(&self) -> Option<&[u8]> {
        (self.topic == Topic::Pattern).then(|| self.bytes(1))
    }

    /// What was published.
    pub fn payload(&self) -> &[u8] {
        self.view().as_bytes().unwrap_or_default()
    }

    /// What was published, sharing the memory of the message.
    pub fn payload_bytes(&self) -> Bytes {
        self.view().share_bytes().unwrap_or_default()
    }

    /// What was published, as the caller's type, borrowed where the type allows it.
    ///
    /// # Errors
    /// [`Error`] that [is one of decoding](Error::is_decode) when it is something else.
    pub fn decode<'a, T: Decode<'a>>(&'a self) -> Result<T, Error> {
        self.view().decode().map_err(Error::decode)
    }

    /// By what its handler is found: the pattern, or the channel.
    pub(super) fn subscribed_by(&self) -> &[u8] {
        self.bytes(1)
    }

    /// About what it costs to hold.
    pub(super) fn size(&self) -> usize {
        const AROUND: usize = 128;
        self.reply.kept_bytes() + AROUND
    }

    fn view(&self) -> View<'_> {
        self.at(if self.topic == Topic::Pattern { 3 } else { 2 })
    }

    fn bytes(&self, at: usize) -> &[u8] {
        self.at(at).as_bytes().unwrap_or_default()
    }

    /// It has as many elements as its topic needs.
    fn at(&self, at: usize) -> View<'_> {
        self.reply.view().get(at).unwrap_or_else(|| self.reply.view())
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Message");
        debug.field("channel", &self.channel_name());
        if let Some(pattern) = self.pattern() {
            debug.field("pattern", &String::from_utf8_lossy(pattern));
        }
        debug.field("payload", &String::from_utf8_lossy(self.payload())).finish()
    }
}
