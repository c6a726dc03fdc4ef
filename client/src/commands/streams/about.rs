//! What a server tells about a stream, its groups and their consumers.

use std::fmt;
use std::time::Duration;

use resp::{Decode, DecodeError, DecodeOwned, Reply, Request, ToArg, View};

use super::entry::millis;
use super::{StreamEntry, StreamId};
use crate::Commands;
use crate::commands::reply::{field, find, optional, text_field};
use crate::execute::Execute;

/// # Streams: what they are
impl<E: Execute> Commands<E> {
    /// `XINFO STREAM`: what the server knows of a stream. It is an error if there is none.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xinfo_stream")?;
    /// let id = client.xadd("doc:xinfo_stream", ("n", 7))?;
    /// let info = client.xinfo_stream("doc:xinfo_stream")?;
    /// assert_eq!((info.length, info.last_generated_id, info.groups), (1, id, 0));
    /// let first = info.first_entry::<Vec<(String, i64)>>()?.unwrap();
    /// assert_eq!(first.fields, [("n".to_owned(), 7)]);
    /// assert!(info.get::<u64>("radix-tree-keys") > Some(0)); // any field that the server has
    /// # Ok(())
    /// # }
    /// ```
    pub fn xinfo_stream(&self, key: impl ToArg) -> E::Output<StreamInfo> {
        self.call(Request::new("XINFO STREAM").key(&key))
    }

    /// `XINFO GROUPS`: what the server knows of the groups of a stream. It is an error if there is no stream.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xinfo_groups")?;
    /// client.xadd("doc:xinfo_groups", ("job", 7))?;
    /// client.xgroup_create("doc:xinfo_groups", "workers", 0)?;
    /// let groups = client.xinfo_groups("doc:xinfo_groups")?;
    /// assert_eq!((&*groups[0].name, groups[0].pending, groups[0].lag), ("workers", 0, Some(1)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn xinfo_groups(&self, key: impl ToArg) -> E::Output<Vec<GroupInfo>> {
        self.call(Request::new("XINFO GROUPS").key(&key))
    }

    /// `XINFO CONSUMERS`: what the server knows of the consumers of a group. It is an error if there is no group.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xinfo_consumers")?;
    /// client.xadd("doc:xinfo_consumers", ("job", 7))?;
    /// client.xgroup_create("doc:xinfo_consumers", "workers", 0)?;
    /// client.xreadgroup::<String, Vec<(String, i64)>>("workers", "ann", ("doc:xinfo_consumers", ">"))?;
    /// let consumers = client.xinfo_consumers("doc:xinfo_consumers", "workers")?;
    /// assert_eq!((&*consumers[0].name, consumers[0].pending), ("ann", 1));
    /// assert!(consumers[0].idle < Duration::from_secs(60));
    /// # Ok(())
    /// # }
    /// ```
    pub fn xinfo_consumers(&self, key: impl ToArg, group: impl ToArg) -> E::Output<Vec<ConsumerInfo>> {
        self.call(Request::new("XINFO CONSUMERS").key(&key).arg(&group))
    }
}

/// What a server knows of a stream.
#[derive(Clone)]
#[non_exhaustive]
pub struct StreamInfo {
    /// The number of entries.
    pub length: u64,
    /// The ID of the newest entry, also if it is deleted.
    pub last_generated_id: StreamId,
    /// The number of groups.
    pub groups: u64,
    /// How many entries were ever added (Redis 7.0).
    pub entries_added: Option<u64>,
    all: Reply,
}

impl StreamInfo {
    /// The oldest entry, if there is any.
    ///
    /// # Errors
    /// [`DecodeError`] when its fields are no `T`.
    pub fn first_entry<T: DecodeOwned>(&self) -> Result<Option<StreamEntry<T>>, DecodeError> {
        field(self.all.view(), "first-entry")
    }

    /// The newest entry, if there is any.
    ///
    /// # Errors
    /// [`DecodeError`] when its fields are no `T`.
    pub fn last_entry<T: DecodeOwned>(&self) -> Result<Option<StreamEntry<T>>, DecodeError> {
        field(self.all.view(), "last-entry")
    }

    /// Any field, by the name the server gives it: `radix-tree-nodes`, `idmp-duration`, … `None` if there is no such
    /// field, or it is no `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl Decode<'_> for StreamInfo {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            length: field(view, "length")?,
            last_generated_id: field(view, "last-generated-id")?,
            groups: field(view, "groups")?,
            entries_added: optional(view, "entries-added")?,
            all: view.to_reply(),
        })
    }
}

impl fmt::Debug for StreamInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StreamInfo").field(&self.all).finish()
    }
}

/// What a server knows of a group.
#[derive(Clone)]
#[non_exhaustive]
pub struct GroupInfo {
    /// The group's name.
    pub name: String,
    /// The number of its consumers.
    pub consumers: u64,
    /// How many entries are pending.
    pub pending: u64,
    /// The last ID that was delivered.
    pub last_delivered_id: StreamId,
    /// How many entries of the stream it has got past, if the server can tell (Redis 7.0).
    pub entries_read: Option<u64>,
    /// How many entries are still to be delivered, if the server can tell (Redis 7.0).
    pub lag: Option<u64>,
    all: Reply,
}

impl GroupInfo {
    /// Any field, by the name the server gives it. `None` if there is no such field, or it is no `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl Decode<'_> for GroupInfo {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            name: text_field(view, "name")?,
            consumers: field(view, "consumers")?,
            pending: field(view, "pending")?,
            last_delivered_id: field(view, "last-delivered-id")?,
            entries_read: optional(view, "entries-read")?,
            lag: optional(view, "lag")?,
            all: view.to_reply(),
        })
    }
}

impl fmt::Debug for GroupInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("GroupInfo").field(&self.all).finish()
    }
}

/// What a server knows of a consumer.
#[derive(Clone)]
#[non_exhaustive]
pub struct ConsumerInfo {
    /// The consumer's name.
    pub name: String,
    /// How many entries are pending for it.
    pub pending: u64,
    /// How long ago it tried to do something.
    pub idle: Duration,
    /// How long ago it got or claimed something; `None` if it never did, and before Redis 7.2.
    pub inactive: Option<Duration>,
    all: Reply,
}

impl ConsumerInfo {
    /// Any field, by the name the server gives it. `None` if there is no such field, or it is no `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl Decode<'_> for ConsumerInfo {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let inactive: Option<i64> = optional(view, "inactive")?;
        Ok(Self {
            name: text_field(view, "name")?,
            pending: field(view, "pending")?,
            idle: find(view, "idle").and_then(millis).map_err(|error| error.at_field("idle"))?,
            inactive: inactive.and_then(|time| u64::try_from(time).ok()).map(Duration::from_millis),
            all: view.to_reply(),
        })
    }
}

impl fmt::Debug for ConsumerInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ConsumerInfo").field(&self.all).finish()
    }
}
