//! Commands on streams: entries whose IDs only grow. Adding, reading and what groups do is in files of their own.

use resp::{Decode, DecodeError, DecodeOwned, Request, ToArg, ToArgs, View};

use super::arguments::at_most;
use crate::Commands;
use crate::execute::Execute;

mod id;
pub use id::{StreamBound, StreamId};
mod entry;
pub use entry::{Delivery, StreamEntry, Streams};
mod trim;
pub use trim::{References, Trim};
mod add;
pub use add::{IdmpOptions, XaddOptions};
mod read;
pub use read::{XreadOptions, XreadgroupOptions};
mod groups;
pub use groups::XgroupOptions;
mod pending;
pub use pending::{PendingEntry, PendingSummary, XpendingOptions};
mod claim;
pub use claim::{Claimed, Nack, XclaimOptions, XnackOptions};
mod about;
pub use about::{ConsumerInfo, GroupInfo, StreamInfo};
mod full;
pub use full::{FullConsumerInfo, FullGroupInfo, FullStreamInfo, Pending};

/// # Streams
impl<E: Execute> Commands<E> {
    /// `XLEN`: the number of entries, 0 if the stream does not exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xlen")?;
    /// client.xadd("doc:xlen", ("f", 1))?;
    /// assert_eq!(client.xlen("doc:xlen")?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xlen(&self, key: impl ToArg) -> E::Output<i64> {
        self.call(Request::new("XLEN").key(&key))
    }

    /// `XRANGE`: the entries from `start` to `end`, the oldest first.
    ///
    /// # Example
    /// ```
    /// use client::{StreamBound, StreamEntry};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xrange")?;
    /// let first = client.xadd("doc:xrange", ("n", 1))?;
    /// client.xadd("doc:xrange", ("n", 2))?;
    /// let after = StreamBound::Excluded(first);
    /// let rest: Vec<StreamEntry<Vec<(String, i64)>>> = client.xrange("doc:xrange", after, StreamBound::Max)?;
    /// assert_eq!(rest[0].fields, [("n".to_owned(), 2)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xrange<T: DecodeOwned>(
        &self,
        key: impl ToArg,
        start: impl Into<StreamBound>,
        end: impl Into<StreamBound>,
    ) -> E::Output<Vec<StreamEntry<T>>> {
        self.call(range("XRANGE", &key, start.into(), end.into()))
    }

    /// `XRANGE` with a count: the first so many entries from `start` to `end`.
    ///
    /// # Example
    /// ```
    /// use client::{StreamBound, StreamId};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xrange_count")?;
    /// let first = client.xadd("doc:xrange_count", ("n", 1))?;
    /// client.xadd("doc:xrange_count", ("n", 2))?;
    /// let page =
    ///     client.xrange_count::<Vec<(String, i64)>>("doc:xrange_count", StreamId::MIN, StreamBound::Max, 1)?;
    /// assert_eq!((page.len(), page[0].id), (1, first));
    /// # Ok(())
    /// # }
    /// ```
    pub fn xrange_count<T: DecodeOwned>(
        &self,
        key: impl ToArg,
        start: impl Into<StreamBound>,
        end: impl Into<StreamBound>,
        count: usize,
    ) -> E::Output<Vec<StreamEntry<T>>> {
        self.call(range("XRANGE", &key, start.into(), end.into()).arg("COUNT").arg(at_most(count)))
    }

    /// `XREVRANGE`: the entries from `end` back to `start`, the newest first.
    ///
    /// # Example
    /// ```
    /// use std::collections::HashMap;
    /// use client::StreamBound;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xrevrange")?;
    /// client.xadd("doc:xrevrange", ("n", 1))?;
    /// client.xadd("doc:xrevrange", ("n", 2))?;
    /// let all = client.xrevrange::<HashMap<String, i64>>("doc:xrevrange", StreamBound::Max, StreamBound::Min)?;
    /// assert_eq!(all[0].fields["n"], 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xrevrange<T: DecodeOwned>(
        &self,
        key: impl ToArg,
        end: impl Into<StreamBound>,
        start: impl Into<StreamBound>,
    ) -> E::Output<Vec<StreamEntry<T>>> {
        self.call(range("XREVRANGE", &key, end.into(), start.into()))
    }

    /// `XREVRANGE` with a count: the last so many entries, the newest first.
    ///
    /// # Example
    /// ```
    /// use std::collections::HashMap;
    /// use client::StreamBound;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xrevrange_count")?;
    /// client.xadd("doc:xrevrange_count", ("n", 1))?;
    /// client.xadd("doc:xrevrange_count", ("n", 2))?;
    /// let (all, none) = (StreamBound::Max, StreamBound::Min);
    /// let newest = client.xrevrange_count::<HashMap<String, i64>>("doc:xrevrange_count", all, none, 1)?;
    /// assert_eq!((newest.len(), newest[0].fields["n"]), (1, 2));
    /// # Ok(())
    /// # }
    /// ```
    pub fn xrevrange_count<T: DecodeOwned>(
        &self,
        key: impl ToArg,
        end: impl Into<StreamBound>,
        start: impl Into<StreamBound>,
        count: usize,
    ) -> E::Output<Vec<StreamEntry<T>>> {
        self.call(range("XREVRANGE", &key, end.into(), start.into()).arg("COUNT").arg(at_most(count)))
    }

    /// `XDEL`: deletes entries, and returns how many there were. Groups go on remembering those that they delivered.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let id = client.xadd("doc:xdel", ("f", 1))?;
    /// assert_eq!(client.xdel("doc:xdel", id)?, 1);
    /// assert_eq!(client.xdel("doc:xdel", [id, id])?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xdel(&self, key: impl ToArg, ids: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("XDEL").key(&key).args(&ids))
    }

    /// `XDELEX`: deletes entries, says what groups are to remember of them, and returns what became of each (Redis
    /// 8.2).
    ///
    /// # Example
    /// ```
    /// use client::{EntryDelete, References};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let id = client.xadd("doc:xdelex", ("f", 1))?;
    /// assert_eq!(client.xdelex("doc:xdelex", References::Delete, id)?, [EntryDelete::Deleted]);
    /// assert_eq!(client.xdelex("doc:xdelex", References::Delete, id)?, [EntryDelete::Missing]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xdelex(
        &self,
        key: impl ToArg,
        references: References,
        ids: impl ToArgs,
    ) -> E::Output<Vec<EntryDelete>> {
        self.call(Request::new("XDELEX").key(&key).arg(references.word()).with(|r| counted(r, &ids)))
    }

    /// `XTRIM`: shortens a stream, and returns how many entries are gone.
    ///
    /// # Example
    /// ```
    /// use client::Trim;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xtrim")?;
    /// for n in 0..5 {
    ///     client.xadd("doc:xtrim", ("n", n))?;
    /// }
    /// assert_eq!(client.xtrim("doc:xtrim", Trim::maxlen(2))?, 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xtrim(&self, key: impl ToArg, trim: Trim) -> E::Output<i64> {
        self.call(Request::new("XTRIM").key(&key).with(|r| trim.write(r)).with(|r| trim.write_references(r)))
    }

    /// `XSETID`: sets the ID after which the next entry's must come.
    ///
    /// # Example
    /// ```
    /// use client::StreamId;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xsetid")?;
    /// let id = client.xadd("doc:xsetid", ("f", 1))?;
    /// client.xsetid("doc:xsetid", StreamId::new(id.millis + 1_000_000, 0))?;
    /// assert!(client.xadd("doc:xsetid", ("f", 1))?.millis >= id.millis + 1_000_000);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xsetid(&self, key: impl ToArg, last: StreamId) -> E::Output<()> {
        self.call(Request::new("XSETID").key(&key).arg(last))
    }

    /// `XSETID` with what a replica is told: also how many entries were ever added, and the highest ID that was
    /// deleted (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// use client::{Build, StreamId};
    ///
    /// let command = Build::new().xsetid_with("s", StreamId::new(9, 0), 5, StreamId::new(3, 0));
    /// assert_eq!(command.args()[3..].join(&b' '), b"ENTRIESADDED 5 MAXDELETEDID 3-0");
    /// ```
    pub fn xsetid_with(
        &self,
        key: impl ToArg,
        last: StreamId,
        entries_added: u64,
        max_deleted: StreamId,
    ) -> E::Output<()> {
        let request = Request::new("XSETID").key(&key).arg(last).arg("ENTRIESADDED").arg(entries_added);
        self.call(request.arg("MAXDELETEDID").arg(max_deleted))
    }
}

/// What became of an entry that was to be deleted (Redis 8.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryDelete {
    /// There is no such entry; for [`xackdel`](Commands::xackdel) none that is pending.
    Missing,
    /// It is gone.
    Deleted,
    /// It is still there: a group refers to it.
    Kept,
}

impl Decode<'_> for EntryDelete {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        match view.decode()? {
            -1 => Ok(Self::Missing),
            1 => Ok(Self::Deleted),
            2 => Ok(Self::Kept),
            _ => Err(DecodeError::because("-1, 1 or 2", view, " of another value")),
        }
    }
}

fn range<'a>(name: &'static str, key: &'a impl ToArg, from: StreamBound, to: StreamBound) -> Request<'a> {
    Request::new(name).key(key).arg(from.arg()).arg(to.arg())
}

/// Adds `IDS`, the number of IDs, and the IDs.
fn counted<'a>(request: Request<'a>, ids: &'a impl ToArgs) -> Request<'a> {
    let mut count = 0_usize;
    ids.for_each_arg(&mut |_| count += 1);
    request.arg("IDS").arg(count).args(ids)
}
