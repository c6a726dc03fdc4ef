//! What the server tells of its keys, if `notify-keyspace-events` asks for it: which channels to subscribe to, and what
//! their messages mean.
//!
//! | channel | payload |
//! |---|---|
//! | `__keyspace@0__:key` | the event |
//! | `__keyevent@0__:event` | the key |
//! | `__subkeyspace@0__:key` | `event\|len:field,len:field` |
//! | `__subkeyevent@0__:event` | `len:key\|len:field,len:field` |
//! | `__subkeyspaceitem@0__:key⏎field` | the event |
//! | `__subkeyspaceevent@0__:event\|key` | `len:field,len:field` |

use bytes::Bytes;
use resp::{Arg, ToArg, ToArgs};

use super::Message;

/// Something that has happened to a key.
///
/// The server tells it if `notify-keyspace-events` asks for it, which is empty by default: `KEA` is nearly everything.
///
/// # Example
/// ```
/// use client::{KeyNotification, KeyPattern};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// # let before = client.config_get("notify-keyspace-events")?;
/// client.config_set([("notify-keyspace-events", "KEA")])?;
/// let mut pubsub = client.pubsub()?;
/// pubsub.psubscribe(KeyPattern::keys("doc:notified:*"))?;
/// client.set("doc:notified:1", "v")?;
/// let told = KeyNotification::of(&pubsub.next_message()?).ok_or("no notification")?;
/// assert_eq!((told.db, told.is("set")), (0, true));
/// assert_eq!(told.key, "doc:notified:1");
/// # client.config_set(before)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct KeyNotification {
    /// In which database.
    pub db: u32,
    /// The key.
    pub key: Bytes,
    /// What has happened: `set`, `del`, `expired`, `rename_from` and so on.
    pub event: Bytes,
    /// The fields of a hash that it has happened to, where the server tells them (since 8.10 or so).
    pub subkeys: Vec<Bytes>,
}

/// A pattern for [`psubscribe`](super::PubSubHandle::psubscribe) whose messages are notifications of keys, in all
/// databases unless [`db`](Self::db) names one.
///
/// # Example
/// ```
/// use client::KeyPattern;
///
/// assert_eq!(KeyPattern::keys("user:*").as_bytes(), b"__keyspace@*__:user:*");
/// assert_eq!(KeyPattern::key("odd*key").db(0).as_bytes(), br"__keyspace@0__:odd\*key");
/// assert_eq!(KeyPattern::events("expired").db(0).as_bytes(), b"__keyevent@0__:expired");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyPattern {
    kind: &'static str,
    rest: Vec<u8>,
    whole: Vec<u8>,
}

impl KeyNotification {
    /// The notification that a message is; `None` if it is none.
    pub fn of(message: &Message) -> Option<Self> {
        Self::parse(message.channel(), &message.payload_bytes())
    }

    /// Whether it is this event.
    pub fn is(&self, event: &str) -> bool {
        self.event == event
    }

    fn parse(channel: &[u8], payload: &Bytes) -> Option<Self> {
        let (kind, rest) = split(channel.strip_prefix(b"__")?, b"@")?;
        let (db, rest) = split(rest, b"__:")?;
        let db = std::str::from_utf8(db).ok()?.parse().ok()?;
        let rest = Bytes::copy_from_slice(rest);
        let (key, event, subkeys) = match kind {
            b"keyspace" => (rest, payload.clone(), Vec::new()),
            b"keyevent" => (payload.clone(), rest, Vec::new()),
            b"subkeyspace" => {
                let (event, fields) = split(payload, b"|")?;
                (rest, payload.slice_ref(event), list(payload, fields)?)
            }
            b"subkeyevent" => {
                let (key, behind) = counted(payload, payload)?;
                (key, rest, list(payload, behind.strip_prefix(b"|")?)?)
            }
            b"subkeyspaceitem" => {
                let (key, field) = split(&rest, b"\n")?;
                (rest.slice_ref(key), payload.clone(), vec![rest.slice_ref(field)])
            }
            b"subkeyspaceevent" => {
                let (event, key) = split(&rest, b"|")?;
                (rest.slice_ref(key), rest.slice_ref(event), list(payload, payload)?)
            }
            _ => return None,
        };
        Some(Self { db, key, event, subkeys })
    }
}

impl KeyPattern {
    /// Everything that happens to one key.
    pub fn key(key: impl AsRef<[u8]>) -> Self {
        let mut escaped = Vec::with_capacity(key.as_ref().len());
        for byte in key.as_ref() {
            if b"*?[]\\^".contains(byte) {
                escaped.push(b'\\');
            }
            escaped.push(*byte);
        }
        Self::new("keyspace", escaped)
    }

    /// Everything that happens to the keys of a pattern.
    pub fn keys(pattern: impl AsRef<[u8]>) -> Self {
        Self::new("keyspace", pattern.as_ref().to_vec())
    }

    /// This event, or those of a pattern, whatever the key.
    pub fn events(pattern: impl AsRef<[u8]>) -> Self {
        Self::new("keyevent", pattern.as_ref().to_vec())
    }

    /// Sets the only database that counts.
    #[must_use]
    pub fn db(self, db: u32) -> Self {
        Self::with(self.kind, self.rest, &db.to_string())
    }

    /// The pattern.
    pub fn as_bytes(&self) -> &[u8] {
        &self.whole
    }

    fn new(kind: &'static str, rest: Vec<u8>) -> Self {
        Self::with(kind, rest, "*")
    }

    fn with(kind: &'static str, rest: Vec<u8>, db: &str) -> Self {
        let whole = [format!("__{kind}@{db}__:").as_bytes(), &rest].concat();
        Self { kind, rest, whole }
    }
}

impl ToArg for KeyPattern {
    fn to_arg(&self) -> Arg<'_> {
        self.whole.to_arg()
    }
}

impl ToArgs for KeyPattern {
    fn for_each_arg<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>)) {
        each(self.to_arg());
    }
}

/// What is before and behind the first of these bytes.
fn split<'a>(bytes: &'a [u8], at: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let place = bytes.windows(at.len()).position(|window| window == at)?;
    Some((&bytes[..place], &bytes[place + at.len()..]))
}

/// What a length and a colon announce, and what is behind it.
fn counted<'a>(whole: &Bytes, bytes: &'a [u8]) -> Option<(Bytes, &'a [u8])> {
    let (len, rest) = split(bytes, b":")?;
    let len: usize = std::str::from_utf8(len).ok()?.parse().ok()?;
    let (item, behind) = rest.split_at_checked(len)?;
    // It lies in the payload, whose memory it shares.
    Some((whole.slice_ref(item), behind))
}

fn list(whole: &Bytes, mut bytes: &[u8]) -> Option<Vec<Bytes>> {
    let mut items = Vec::new();
    loop {
        let (item, behind) = counted(whole, bytes)?;
        items.push(item);
        match behind {
            [] => return Some(items),
            [b',', next @ ..] => bytes = next,
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_grammar() {
        for (channel, payload, db, key, event, subkeys) in [
            ("__keyspace@0__:k", "set", 0, "k", "set", &[][..]),
            ("__keyspace@15__:a__:b", "del", 15, "a__:b", "del", &[]),
            ("__keyevent@3__:expired", "k:1", 3, "k:1", "expired", &[]),
            ("__subkeyspace@0__:h", "hset|1:a,3:b,c", 0, "h", "hset", &["a", "b,c"]),
            ("__subkeyevent@0__:hset", "3:k|1|1:a,0:", 0, "k|1", "hset", &["a", ""]),
            ("__subkeyspaceitem@0__:h\nfield", "hdel", 0, "h", "hdel", &["field"]),
            ("__subkeyspaceevent@0__:hset|h|1", "1:a", 0, "h|1", "hset", &["a"]),
        ] {
            let told = KeyNotification::parse(channel.as_bytes(), &Bytes::from(payload)).expect(channel);
            assert_eq!((told.db, &told.key[..], &told.event[..]), (db, key.as_bytes(), event.as_bytes()));
            assert_eq!(told.subkeys, subkeys, "{channel}");
        }
    }

    #[test]
    fn what_is_no_notification_is_none() {
        for (channel, payload) in [
            ("news", "x"),
            ("__keyspace@__:k", "set"),
            ("__keyspace@x__:k", "set"),
            ("__keyspace@0_:k", "set"),
            ("__other@0__:k", "set"),
            ("__subkeyspace@0__:h", "hset"),
            ("__subkeyspace@0__:h", "hset|9:a"),
            ("__subkeyspace@0__:h", "hset|1:a;"),
            ("__subkeyspace@0__:h", "hset|18446744073709551616:a"),
            ("__subkeyevent@0__:hset", "1:k"),
            ("__subkeyspaceitem@0__:h", "hdel"),
        ] {
            assert_eq!(
                KeyNotification::parse(channel.as_bytes(), &Bytes::from(payload)),
                None,
                "{channel} {payload}"
            );
        }
    }
}
