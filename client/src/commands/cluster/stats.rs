//! What has happened in the slots of a node.

use std::fmt;
use std::time::Duration;

use resp::{Decode, DecodeError, DecodeOwned, Flaw, Reply, Request, View};

use crate::commands::reply::{element, field, optional};

/// What has happened in a slot. But for the number of keys the node tells it only if its setting
/// `cluster-slot-stats-enabled` says so.
#[derive(Clone)]
#[non_exhaustive]
pub struct SlotStats {
    /// The slot.
    pub slot: u16,
    /// The number of its keys.
    pub key_count: u64,
    /// How long the server worked on them, in microseconds.
    pub cpu: Option<Duration>,
    /// The bytes that were received about them.
    pub network_bytes_in: Option<u64>,
    /// The bytes that were sent about them.
    pub network_bytes_out: Option<u64>,
    /// The bytes that they take (only Redis, if it keeps count of them).
    pub memory_bytes: Option<u64>,
    all: Reply,
}

impl SlotStats {
    /// Any field, by the name the node gives it. `None` if there is no such field, or it is no `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl Decode<'_> for SlotStats {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let stats = element(view, 1)?;
        let fields = || -> Result<Self, DecodeError> {
            Ok(Self {
                slot: 0,
                key_count: field(stats, "key-count")?,
                cpu: optional(stats, "cpu-usec")?.map(Duration::from_micros),
                network_bytes_in: optional(stats, "network-bytes-in")?,
                network_bytes_out: optional(stats, "network-bytes-out")?,
                memory_bytes: optional(stats, "memory-bytes")?,
                all: stats.to_reply(),
            })
        };
        let slot = element(view, 0)?.decode().map_err(|error| error.at(0))?;
        Ok(Self { slot, ..fields().map_err(|error| error.at(1))? })
    }
}

impl fmt::Debug for SlotStats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SlotStats({}: {:?})", self.slot, self.all)
    }
}

/// By what slots are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SlotMetric {
    /// The number of their keys.
    KeyCount,
    /// How long the server worked on them.
    Cpu,
    /// The bytes that were received about them.
    NetworkBytesIn,
    /// The bytes that were sent about them.
    NetworkBytesOut,
    /// The bytes that they take (only Redis).
    MemoryBytes,
}

/// In which order slots are told, and how many. A [`SlotMetric`] alone is all of them, the one with most first.
///
/// # Example
/// ```
/// use client::{Build, SlotMetric, SlotStatsOrder};
///
/// let command = Build::new().cluster_slot_stats_by(SlotStatsOrder::by(SlotMetric::Cpu).limit(1).ascending());
/// assert_eq!(command.args()[3..], [&b"CPU-USEC"[..], b"LIMIT", b"1", b"ASC"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotStatsOrder {
    metric: SlotMetric,
    limit: Option<u16>,
    ascending: Option<&'static str>,
}

impl SlotStatsOrder {
    /// By this, the one with most first.
    pub fn by(metric: SlotMetric) -> Self {
        Self { metric, limit: None, ascending: None }
    }

    /// So many at most, from 1 to 16,384.
    #[must_use]
    pub fn limit(mut self, count: u16) -> Self {
        self.limit = Some(count);
        self
    }

    /// The one with least first.
    #[doc(alias = "asc")]
    #[must_use]
    pub fn ascending(mut self) -> Self {
        self.ascending = Some("ASC");
        self
    }

    pub(super) fn write(self, request: Request<'_>) -> Request<'_> {
        let metric = match self.metric {
            SlotMetric::KeyCount => "KEY-COUNT",
            SlotMetric::Cpu => "CPU-USEC",
            SlotMetric::NetworkBytesIn => "NETWORK-BYTES-IN",
            SlotMetric::NetworkBytesOut => "NETWORK-BYTES-OUT",
            SlotMetric::MemoryBytes => "MEMORY-BYTES",
        };
        let request = request.arg("ORDERBY").arg(metric);
        let mut request = self.limit.into_iter().fold(request, |r, count| r.arg("LIMIT").arg(count));
        if self.limit.is_some_and(|count| !(1..=16_384).contains(&count)) {
            request.refuse(Flaw::Argument("needs a limit of 1 to 16384 slots"));
        }
        self.ascending.into_iter().fold(request, Request::arg)
    }
}

impl From<SlotMetric> for SlotStatsOrder {
    fn from(metric: SlotMetric) -> Self {
        Self::by(metric)
    }
}
