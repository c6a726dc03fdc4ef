//! Pending entries change hands: claimed from a consumer that is gone, or given back.

use std::time::{Duration, SystemTime};

use resp::{Decode, DecodeError, DecodeOwned, Request, ToArg, ToArgs, View};

use super::entry::present;
use super::{StreamEntry, StreamId, counted};
use crate::Commands;
use crate::commands::arguments::{count_above_zero, idle_millis};
use crate::commands::expiry::unix_millis;
use crate::execute::Execute;

/// # Streams: claims
impl<E: Execute> Commands<E> {
    /// `XCLAIM`: makes those of the entries that have been pending for `min_idle` at least this consumer's, and
    /// returns them. Time is in whole milliseconds, rounded up.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xclaim")?;
    /// let id = client.xadd("doc:xclaim", ("job", 7))?;
    /// client.xgroup_create("doc:xclaim", "workers", 0)?;
    /// client.xreadgroup::<String, Vec<(String, i64)>>("workers", "ann", ("doc:xclaim", ">"))?;
    /// let min_idle = Duration::ZERO;
    /// let bobs = client.xclaim::<Vec<(String, i64)>>("doc:xclaim", "workers", "bob", min_idle, id)?;
    /// assert_eq!((bobs[0].id, bobs.len()), (id, 1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn xclaim<T: DecodeOwned>(
        &self,
        key: impl ToArg,
        group: impl ToArg,
        consumer: impl ToArg,
        min_idle: Duration,
        ids: impl ToArgs,
    ) -> E::Output<Vec<StreamEntry<T>>> {
        self.xclaim_with(key, group, consumer, min_idle, ids, XclaimOptions::new())
    }

    /// `XCLAIM` with options.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::{Build, StreamId, XclaimOptions};
    ///
    /// let options = XclaimOptions::new().idle(Duration::from_secs(1)).retrycount(3).force();
    /// let id = StreamId::new(17, 0);
    /// let command = Build::new().xclaim_with::<Vec<(String, String)>>("s", "g", "c", Duration::ZERO, id, options);
    /// assert_eq!(command.args()[6..].join(&b' '), b"IDLE 1000 RETRYCOUNT 3 FORCE");
    /// ```
    pub fn xclaim_with<T: DecodeOwned>(
        &self,
        key: impl ToArg,
        group: impl ToArg,
        consumer: impl ToArg,
        min_idle: Duration,
        ids: impl ToArgs,
        options: XclaimOptions,
    ) -> E::Output<Vec<StreamEntry<T>>> {
        let request = Request::new("XCLAIM").key(&key).arg(&group).arg(&consumer);
        let request = request.with(|r| idle_millis(r, min_idle)).args(&ids).with(|r| options.write(r));
        self.call_with(request, present)
    }

    /// `XCLAIM … JUSTID`: as [`xclaim_with`](Self::xclaim_with), but returns only the IDs, and does not count as a
    /// delivery.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::XclaimOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xclaim_justid")?;
    /// let id = client.xadd("doc:xclaim_justid", ("job", 7))?;
    /// client.xgroup_create("doc:xclaim_justid", "workers", 0)?;
    /// let options = XclaimOptions::new().force(); // also what is not pending
    /// let key = "doc:xclaim_justid";
    /// assert_eq!(client.xclaim_justid(key, "workers", "bob", Duration::ZERO, id, options)?, [id]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xclaim_justid(
        &self,
        key: impl ToArg,
        group: impl ToArg,
        consumer: impl ToArg,
        min_idle: Duration,
        ids: impl ToArgs,
        options: XclaimOptions,
    ) -> E::Output<Vec<StreamId>> {
        let request = Request::new("XCLAIM").key(&key).arg(&group).arg(&consumer);
        let request = request.with(|r| idle_millis(r, min_idle)).args(&ids).with(|r| options.write(r));
        self.call_with(request.arg("JUSTID"), present)
    }

    /// `XAUTOCLAIM`: makes up to 100 entries that have been pending for `min_idle` at least this consumer's, and
    /// returns them; [`Claimed::next`] is where the next call goes on (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::StreamId;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xautoclaim")?;
    /// client.xadd("doc:xautoclaim", ("job", 7))?;
    /// client.xgroup_create("doc:xautoclaim", "workers", 0)?;
    /// client.xreadgroup::<String, Vec<(String, i64)>>("workers", "ann", ("doc:xautoclaim", ">"))?;
    /// let key = "doc:xautoclaim";
    /// let bobs = client.xautoclaim::<Vec<(String, i64)>>(key, "workers", "bob", Duration::ZERO, StreamId::MIN)?;
    /// assert_eq!(bobs.claimed[0].fields, [("job".to_owned(), 7)]);
    /// assert_eq!(bobs.next, StreamId::MIN); // that was all
    /// # Ok(())
    /// # }
    /// ```
    pub fn xautoclaim<T: DecodeOwned>(
        &self,
        key: impl ToArg,
        group: impl ToArg,
        consumer: impl ToArg,
        min_idle: Duration,
        start: StreamId,
    ) -> E::Output<Claimed<StreamEntry<T>>> {
        self.call(autoclaim(&key, &group, &consumer, min_idle).arg(start))
    }

    /// `XAUTOCLAIM` with the number of pending entries that it claims at most. Zero is an error.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::{Build, StreamId};
    ///
    /// let (idle, start) = (Duration::from_secs(60), StreamId::MIN);
    /// let command = Build::new().xautoclaim_count::<Vec<(String, String)>>("s", "g", "c", idle, start, 10);
    /// assert_eq!(command.args().join(&b' '), b"XAUTOCLAIM s g c 60000 0-0 COUNT 10");
    /// ```
    pub fn xautoclaim_count<T: DecodeOwned>(
        &self,
        key: impl ToArg,
        group: impl ToArg,
        consumer: impl ToArg,
        min_idle: Duration,
        start: StreamId,
        count: usize,
    ) -> E::Output<Claimed<StreamEntry<T>>> {
        let request = autoclaim(&key, &group, &consumer, min_idle).arg(start);
        self.call(request.with(|r| count_above_zero(r, count)))
    }

    /// `XAUTOCLAIM … JUSTID`: as [`xautoclaim_count`](Self::xautoclaim_count), but returns only the IDs, and does
    /// not count as a delivery (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::StreamId;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xautoclaim_justid")?;
    /// let id = client.xadd("doc:xautoclaim_justid", ("job", 7))?;
    /// client.xgroup_create("doc:xautoclaim_justid", "workers", 0)?;
    /// client.xreadgroup::<String, Vec<(String, i64)>>("workers", "ann", ("doc:xautoclaim_justid", ">"))?;
    /// let (key, idle, start) = ("doc:xautoclaim_justid", Duration::ZERO, StreamId::MIN);
    /// assert_eq!(client.xautoclaim_justid(key, "workers", "bob", idle, start, 10)?.claimed, [id]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xautoclaim_justid(
        &self,
        key: impl ToArg,
        group: impl ToArg,
        consumer: impl ToArg,
        min_idle: Duration,
        start: StreamId,
        count: usize,
    ) -> E::Output<Claimed<StreamId>> {
        let request = autoclaim(&key, &group, &consumer, min_idle).arg(start);
        self.call(request.with(|r| count_above_zero(r, count)).arg("JUSTID"))
    }

    /// `XNACK`: gives pending entries back to the group, which delivers them again, and returns how many there were
    /// (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// use client::Nack;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xnack")?;
    /// let id = client.xadd("doc:xnack", ("job", 7))?;
    /// client.xgroup_create("doc:xnack", "workers", 0)?;
    /// client.xreadgroup::<String, Vec<(String, i64)>>("workers", "ann", ("doc:xnack", ">"))?;
    /// assert_eq!(client.xnack("doc:xnack", "workers", Nack::Fail, id)?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xnack(&self, key: impl ToArg, group: impl ToArg, nack: Nack, ids: impl ToArgs) -> E::Output<i64> {
        self.xnack_with(key, group, nack, ids, XnackOptions::new())
    }

    /// `XNACK` with options (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// use client::{Build, Nack, XnackOptions};
    ///
    /// let command = Build::new().xnack_with("s", "g", Nack::Silent, ["1-0"], XnackOptions::new().retrycount(2));
    /// assert_eq!(command.args().join(&b' '), b"XNACK s g SILENT IDS 1 1-0 RETRYCOUNT 2");
    /// ```
    pub fn xnack_with(
        &self,
        key: impl ToArg,
        group: impl ToArg,
        nack: Nack,
        ids: impl ToArgs,
        options: XnackOptions,
    ) -> E::Output<i64> {
        let request = Request::new("XNACK").key(&key).arg(&group).arg(nack.word());
        self.call(request.with(|r| counted(r, &ids)).with(|r| options.write(r)))
    }
}

fn autoclaim<'a>(
    key: &'a impl ToArg,
    group: &'a impl ToArg,
    consumer: &'a impl ToArg,
    min_idle: Duration,
) -> Request<'a> {
    let request = Request::new("XAUTOCLAIM").key(key).arg(group).arg(consumer);
    request.with(|r| idle_millis(r, min_idle))
}

/// What `XAUTOCLAIM` has claimed: entries, or their IDs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claimed<T> {
    /// Where the next call goes on; [`StreamId::MIN`] if that was all.
    pub next: StreamId,
    /// What is this consumer's now.
    pub claimed: Vec<T>,
    /// The pending entries that it found deleted, and that nobody has to acknowledge any more (Redis 7.0).
    pub deleted: Vec<StreamId>,
}

impl<T: DecodeOwned> Decode<'_> for Claimed<T> {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let mut parts = view.iter();
        let (Some(next), Some(claimed)) = (parts.next(), parts.next()) else {
            return Err(DecodeError::because("claimed entries", view, " without them"));
        };
        let next = next.decode().map_err(|error| error.at(0))?;
        let claimed = present(claimed).map_err(|error| error.at(1))?;
        let deleted = parts.next().map_or_else(|| Ok(Vec::new()), View::decode);
        Ok(Self { next, claimed, deleted: deleted.map_err(|error| error.at(2))? })
    }
}

/// The options of `XCLAIM`: what the group remembers of the entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct XclaimOptions {
    idle: Option<Duration>,
    time: Option<SystemTime>,
    retrycount: Option<u64>,
    force: bool,
    lastid: Option<StreamId>,
}

impl XclaimOptions {
    /// No option: delivered now, once more than before.
    pub fn new() -> Self {
        Self::default()
    }

    /// As if delivered so long ago, in whole milliseconds, rounded up.
    #[must_use]
    pub fn idle(mut self, time: Duration) -> Self {
        self.idle = Some(time);
        self
    }

    /// As if delivered at this time.
    #[must_use]
    pub fn time(mut self, time: SystemTime) -> Self {
        self.time = Some(time);
        self
    }

    /// As if delivered so often.
    #[must_use]
    pub fn retrycount(mut self, count: u64) -> Self {
        self.retrycount = Some(count);
        self
    }

    /// Also entries that are not pending.
    #[must_use]
    pub fn force(mut self) -> Self {
        self.force = true;
        self
    }

    /// The last ID that the group was given, if it is above the one it knows.
    #[must_use]
    pub fn lastid(mut self, id: StreamId) -> Self {
        self.lastid = Some(id);
        self
    }

    fn write(self, request: Request<'_>) -> Request<'_> {
        let request = self.idle.into_iter().fold(request, |r, time| idle_millis(r.arg("IDLE"), time));
        let request = self.time.into_iter().fold(request, |r, time| unix_millis(r.arg("TIME"), time));
        let request = self.retrycount.into_iter().fold(request, |r, count| r.arg("RETRYCOUNT").arg(count));
        let request = if self.force { request.arg("FORCE") } else { request };
        self.lastid.into_iter().fold(request, |r, id| r.arg("LASTID").arg(id))
    }
}

/// Why a consumer gives entries back (Redis 8.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nack {
    /// It shuts down: this delivery does not count.
    Silent,
    /// It failed: this delivery counts.
    Fail,
    /// Nobody can do it: it counts as delivered more often than any limit allows.
    Fatal,
}

impl Nack {
    fn word(self) -> &'static str {
        match self {
            Self::Silent => "SILENT",
            Self::Fail => "FAIL",
            Self::Fatal => "FATAL",
        }
    }
}

/// The options of `XNACK` (Redis 8.8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct XnackOptions {
    retrycount: Option<u64>,
    force: bool,
}

impl XnackOptions {
    /// No option.
    pub fn new() -> Self {
        Self::default()
    }

    /// As if delivered so often, whatever the reason says.
    #[must_use]
    pub fn retrycount(mut self, count: u64) -> Self {
        self.retrycount = Some(count);
        self
    }

    /// Also entries that are not pending.
    #[must_use]
    pub fn force(mut self) -> Self {
        self.force = true;
        self
    }

    fn write(self, request: Request<'_>) -> Request<'_> {
        let request = self.retrycount.into_iter().fold(request, |r, count| r.arg("RETRYCOUNT").arg(count));
        if self.force { request.arg("FORCE") } else { request }
    }
}
