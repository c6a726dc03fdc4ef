//! Everything that a server knows of a stream: its entries, its groups, and who has got what.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use resp::{Decode, DecodeError, DecodeOwned, Reply, Request, ToArg, View};

use super::{StreamEntry, StreamId};
use crate::Commands;
use crate::commands::arguments::at_most;
use crate::commands::info::text;
use crate::commands::reply::{field, find, optional, text_field};
use crate::execute::Execute;

/// # Streams: all about one
impl<E: Execute> Commands<E> {
    /// `XINFO STREAM … FULL`: all that the server knows of a stream, with its first `count` entries, and as many of
    /// those pending in each group and for each consumer; zero means all. It is an error if there is no stream.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xinfo_full")?;
    /// let id = client.xadd("doc:xinfo_full", ("job", 7))?;
    /// client.xgroup_create("doc:xinfo_full", "workers", 0)?;
    /// client.xreadgroup::<String, Vec<(String, i64)>>("workers", "ann", ("doc:xinfo_full", ">"))?;
    /// let info = client.xinfo_stream_full::<Vec<(String, i64)>>("doc:xinfo_full", 10)?;
    /// assert_eq!(info.entries[0].fields, [("job".to_owned(), 7)]);
    /// let pending = &info.groups[0].pending[0];
    /// assert_eq!((pending.id, &*pending.consumer, pending.deliveries), (id, "ann", 1));
    /// assert_eq!(info.groups[0].consumers[0].pending_count, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xinfo_stream_full<T: DecodeOwned>(
        &self,
        key: impl ToArg,
        count: usize,
    ) -> E::Output<FullStreamInfo<T>> {
        let request = Request::new("XINFO STREAM").key(&key).arg("FULL");
        self.call(request.arg("COUNT").arg(at_most(count)))
    }
}

/// Everything that a server knows of a stream.
#[derive(Clone)]
#[non_exhaustive]
pub struct FullStreamInfo<T> {
    /// The number of entries.
    pub length: u64,
    /// The ID of the newest entry, also if it is deleted.
    pub last_generated_id: StreamId,
    /// The first entries.
    pub entries: Vec<StreamEntry<T>>,
    /// The groups.
    pub groups: Vec<FullGroupInfo>,
    all: Reply,
}

impl<T> FullStreamInfo<T> {
    /// Any field, by the name the server gives it: `entries-added`, `max-deleted-entry-id`, … `None` if there is no
    /// such field, or it is no `R`.
    pub fn get<R: DecodeOwned>(&self, name: &str) -> Option<R> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl<T: DecodeOwned> Decode<'_> for FullStreamInfo<T> {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            length: field(view, "length")?,
            last_generated_id: field(view, "last-generated-id")?,
            entries: field(view, "entries")?,
            groups: field(view, "groups")?,
            all: view.to_reply(),
        })
    }
}

impl<T> fmt::Debug for FullStreamInfo<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FullStreamInfo").field(&self.all).finish()
    }
}

/// Everything that a server knows of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FullGroupInfo {
    /// The group's name.
    pub name: String,
    /// The last ID that was delivered.
    pub last_delivered_id: StreamId,
    /// How many entries of the stream it has got past, if the server can tell (Redis 7.0).
    pub entries_read: Option<u64>,
    /// How many entries are still to be delivered, if the server can tell (Redis 7.0).
    pub lag: Option<u64>,
    /// How many entries are pending.
    pub pending_count: u64,
    /// The first of these.
    pub pending: Vec<Pending>,
    /// The consumers.
    pub consumers: Vec<FullConsumerInfo>,
}

impl Decode<'_> for FullGroupInfo {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            name: text_field(view, "name")?,
            last_delivered_id: field(view, "last-delivered-id")?,
            entries_read: optional(view, "entries-read")?,
            lag: optional(view, "lag")?,
            pending_count: field(view, "pel-count")?,
            pending: field(view, "pending")?,
            consumers: field(view, "consumers")?,
        })
    }
}

/// Everything that a server knows of a consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FullConsumerInfo {
    /// The consumer's name.
    pub name: String,
    /// When it tried to do something the last time.
    pub seen: Option<SystemTime>,
    /// When it got or claimed something the last time; `None` if it never did, and before Redis 7.2.
    pub active: Option<SystemTime>,
    /// How many entries are pending for it.
    pub pending_count: u64,
    /// The IDs of the first of these.
    pub pending: Vec<StreamId>,
}

impl Decode<'_> for FullConsumerInfo {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let pending: Vec<(StreamId, i64, u64)> = field(view, "pending")?;
        Ok(Self {
            name: text_field(view, "name")?,
            seen: time(find(view, "seen-time")?).map_err(|error| error.at_field("seen-time"))?,
            active: view.find("active-time").map_or(Ok(None), time).map_err(|e| e.at_field("active-time"))?,
            pending_count: field(view, "pel-count")?,
            pending: pending.into_iter().map(|(id, ..)| id).collect(),
        })
    }
}

/// An entry that was delivered and not acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pending {
    /// The entry's ID.
    pub id: StreamId,
    /// For whom it is; empty if it was given back by [`xnack`](crate::Commands::xnack).
    pub consumer: String,
    /// When it was delivered the last time; `None` if it was given back.
    pub delivered: Option<SystemTime>,
    /// How often it was delivered.
    pub deliveries: u64,
}

impl Decode<'_> for Pending {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let (id, consumer, delivered, deliveries): (_, View<'_>, View<'_>, _) = view.decode()?;
        let consumer = text(consumer).map_err(|error| error.at(1))?.into_owned();
        Ok(Self { id, consumer, delivered: time(delivered).map_err(|error| error.at(2))?, deliveries })
    }
}

/// Milliseconds since 1970; what is not above zero means never.
fn time(view: View<'_>) -> Result<Option<SystemTime>, DecodeError> {
    let millis = u64::try_from(view.decode::<i64>()?).ok().filter(|millis| *millis > 0);
    Ok(millis.and_then(|millis| UNIX_EPOCH.checked_add(Duration::from_millis(millis))))
}
