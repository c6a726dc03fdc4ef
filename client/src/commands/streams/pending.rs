//! Which entries a group has delivered and nobody has acknowledged.

use std::time::Duration;

use resp::{Decode, DecodeError, Request, ToArg, View};

use super::{StreamBound, StreamId};
use crate::Commands;
use crate::commands::arguments::{at_most, idle_millis};
use crate::commands::info::text;
use crate::execute::Execute;

/// # Streams: pending entries
impl<E: Execute> Commands<E> {
    /// `XPENDING`: how many entries of a group are pending, from where to where, and for whom.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xpending")?;
    /// let id = client.xadd("doc:xpending", ("job", 7))?;
    /// client.xgroup_create("doc:xpending", "workers", 0)?;
    /// client.xreadgroup::<String, Vec<(String, i64)>>("workers", "ann", ("doc:xpending", ">"))?;
    /// let pending = client.xpending("doc:xpending", "workers")?;
    /// assert_eq!((pending.count, pending.lowest), (1, Some(id)));
    /// assert_eq!(pending.consumers, [("ann".to_owned(), 1)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xpending(&self, key: impl ToArg, group: impl ToArg) -> E::Output<PendingSummary> {
        self.call(Request::new("XPENDING").key(&key).arg(&group))
    }

    /// `XPENDING` with a range: the first so many pending entries from `start` to `end`, and for whom each is.
    ///
    /// # Example
    /// ```
    /// use client::StreamBound;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xpending_range")?;
    /// let id = client.xadd("doc:xpending_range", ("job", 7))?;
    /// client.xgroup_create("doc:xpending_range", "workers", 0)?;
    /// let stream = ("doc:xpending_range", ">");
    /// client.xreadgroup::<String, Vec<(String, i64)>>("workers", "ann", stream)?;
    /// let (min, max) = (StreamBound::Min, StreamBound::Max);
    /// let pending = client.xpending_range("doc:xpending_range", "workers", min, max, 10)?;
    /// assert_eq!((pending[0].id, &*pending[0].consumer, pending[0].deliveries), (id, "ann", 1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn xpending_range(
        &self,
        key: impl ToArg,
        group: impl ToArg,
        start: impl Into<StreamBound>,
        end: impl Into<StreamBound>,
        count: usize,
    ) -> E::Output<Vec<PendingEntry>> {
        self.xpending_range_with(key, group, start, end, count, XpendingOptions::new())
    }

    /// `XPENDING` with a range, only of one consumer, or only what has been pending for some time.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::{Build, StreamBound, XpendingOptions};
    ///
    /// let options = XpendingOptions::new().idle(Duration::from_secs(60)).consumer("ann");
    /// let command = Build::new().xpending_range_with("s", "g", StreamBound::Min, StreamBound::Max, 10, options);
    /// assert_eq!(command.args().join(&b' '), b"XPENDING s g IDLE 60000 - + 10 ann");
    /// ```
    pub fn xpending_range_with(
        &self,
        key: impl ToArg,
        group: impl ToArg,
        start: impl Into<StreamBound>,
        end: impl Into<StreamBound>,
        count: usize,
        options: XpendingOptions<'_>,
    ) -> E::Output<Vec<PendingEntry>> {
        let request = Request::new("XPENDING").key(&key).arg(&group).with(|r| options.write_idle(r));
        let request = request.arg(start.into().arg()).arg(end.into().arg()).arg(at_most(count));
        self.call(options.consumer.into_iter().fold(request, Request::arg))
    }
}

/// What is pending in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PendingSummary {
    /// How many entries.
    pub count: u64,
    /// The lowest ID of them, `None` if there are none.
    pub lowest: Option<StreamId>,
    /// The highest ID of them, `None` if there are none.
    pub highest: Option<StreamId>,
    /// How many for each consumer that has any.
    pub consumers: Vec<(String, u64)>,
}

impl Decode<'_> for PendingSummary {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let (count, lowest, highest, consumers): (_, _, _, Option<_>) = view.decode()?;
        Ok(Self { count, lowest, highest, consumers: consumers.unwrap_or_default() })
    }
}

/// An entry that was delivered and not acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PendingEntry {
    /// The entry's ID.
    pub id: StreamId,
    /// For whom it is; empty if it was given back by [`xnack`](crate::Commands::xnack).
    pub consumer: String,
    /// How long ago it was delivered the last time; `None` if it was given back.
    pub idle: Option<Duration>,
    /// How often it was delivered.
    pub deliveries: u64,
}

impl Decode<'_> for PendingEntry {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let (id, consumer, idle, deliveries): (_, View<'_>, i64, _) = view.decode()?;
        let consumer = text(consumer).map_err(|error| error.at(1))?.into_owned();
        let idle = u64::try_from(idle).ok().map(Duration::from_millis);
        Ok(Self { id, consumer, idle, deliveries })
    }
}

/// The options of `XPENDING` with a range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct XpendingOptions<'o> {
    idle: Option<Duration>,
    consumer: Option<&'o [u8]>,
}

impl<'o> XpendingOptions<'o> {
    /// No option: whatever is pending.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only what was delivered so long ago at least, in whole milliseconds, rounded up (Redis 6.2).
    #[must_use]
    pub fn idle(mut self, time: Duration) -> Self {
        self.idle = Some(time);
        self
    }

    /// Only what is for this consumer.
    #[must_use]
    pub fn consumer(mut self, name: &'o (impl AsRef<[u8]> + ?Sized)) -> Self {
        self.consumer = Some(name.as_ref());
        self
    }

    fn write_idle<'r>(self, request: Request<'r>) -> Request<'r> {
        self.idle.into_iter().fold(request, |r, time| idle_millis(r.arg("IDLE"), time))
    }
}
