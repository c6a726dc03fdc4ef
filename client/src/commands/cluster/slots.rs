//! The slots of this node: taking them, giving them away, and the keys in them.

use std::ops::RangeInclusive;
use std::time::Duration;

use resp::{DecodeOwned, Request, ToArg, Wait};

use crate::commands::arguments::{at_most, timeout_millis};
use crate::execute::Execute;
use crate::{Commands, FlushMode};

/// # Cluster: slots
impl<E: Execute> Commands<E> {
    /// `CLUSTER ADDSLOTS`: this node takes slots that have no node. If one has, it takes none.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().cluster_addslots(0..=16_383);
    /// assert_eq!(command.args().len(), 2 + 16_384);
    /// ```
    pub fn cluster_addslots(&self, slots: impl IntoIterator<Item = u16>) -> E::Output<()> {
        let slots: Vec<_> = slots.into_iter().collect();
        self.call(Request::new("CLUSTER ADDSLOTS").args(&slots))
    }

    /// `CLUSTER ADDSLOTSRANGE`: this node takes slots that have no node. If one has, it takes none (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().cluster_addslotsrange([0..=99, 200..=299]);
    /// assert_eq!(command.args()[2..], [&b"0"[..], b"99", b"200", b"299"]);
    /// ```
    pub fn cluster_addslotsrange(
        &self,
        ranges: impl IntoIterator<Item = RangeInclusive<u16>>,
    ) -> E::Output<()> {
        self.call(Request::new("CLUSTER ADDSLOTSRANGE").pairs(&bounds(ranges)))
    }

    /// `CLUSTER DELSLOTS`: this node forgets who has these slots, itself or another. If nobody has one of them, it
    /// forgets none.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().cluster_delslots([5, 7]);
    /// assert_eq!(command.args()[1..], [&b"DELSLOTS"[..], b"5", b"7"]);
    /// ```
    pub fn cluster_delslots(&self, slots: impl IntoIterator<Item = u16>) -> E::Output<()> {
        let slots: Vec<_> = slots.into_iter().collect();
        self.call(Request::new("CLUSTER DELSLOTS").args(&slots))
    }

    /// `CLUSTER DELSLOTSRANGE`: this node forgets who has these slots. If nobody has one of them, it forgets none (Redis
    /// 7.0).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().cluster_delslotsrange([5..=7]);
    /// assert_eq!(command.args()[1..], [&b"DELSLOTSRANGE"[..], b"5", b"7"]);
    /// ```
    pub fn cluster_delslotsrange(
        &self,
        ranges: impl IntoIterator<Item = RangeInclusive<u16>>,
    ) -> E::Output<()> {
        self.call(Request::new("CLUSTER DELSLOTSRANGE").pairs(&bounds(ranges)))
    }

    /// `CLUSTER FLUSHSLOTS`: this node forgets all of its slots, which it can only while it has no keys.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().cluster_flushslots().args(), [&b"CLUSTER"[..], b"FLUSHSLOTS"]);
    /// ```
    pub fn cluster_flushslots(&self) -> E::Output<()> {
        self.call(Request::new("CLUSTER FLUSHSLOTS"))
    }

    /// `CLUSTER FLUSHSLOT`: deletes all keys of a slot, in the way that the server's `lazyfree-lazy-user-flush` says
    /// (only Valkey, 9.0).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().cluster_flushslot(5).args()[1..], [&b"FLUSHSLOT"[..], b"5"]);
    /// ```
    pub fn cluster_flushslot(&self, slot: u16) -> E::Output<()> {
        self.call(Request::new("CLUSTER FLUSHSLOT").arg(slot))
    }

    /// `CLUSTER FLUSHSLOT` with a mode: deletes all keys of a slot (only Valkey, 9.0).
    ///
    /// # Example
    /// ```
    /// use client::{Build, FlushMode};
    ///
    /// let command = Build::new().cluster_flushslot_with(5, FlushMode::Sync);
    /// assert_eq!(command.args()[1..], [&b"FLUSHSLOT"[..], b"5", b"SYNC"]);
    /// ```
    pub fn cluster_flushslot_with(&self, slot: u16, mode: FlushMode) -> E::Output<()> {
        self.call(Request::new("CLUSTER FLUSHSLOT").arg(slot).arg(mode.as_str()))
    }

    /// `CLUSTER SETSLOT`: what this node thinks of a slot, for moving one by hand.
    ///
    /// # Example
    /// ```
    /// use client::{Build, SlotState};
    ///
    /// let command = Build::new().cluster_setslot(5, SlotState::Migrating("07c37df"));
    /// assert_eq!(command.args()[2..], [&b"5"[..], b"MIGRATING", b"07c37df"]);
    /// ```
    pub fn cluster_setslot(&self, slot: u16, state: SlotState<'_>) -> E::Output<()> {
        self.call(Request::new("CLUSTER SETSLOT").arg(slot).with(|r| state.write(r)))
    }

    /// `CLUSTER SETSLOT … TIMEOUT`: as [`cluster_setslot`](Self::cluster_setslot), and says how long the node waits for
    /// its replicas to think the same, in whole milliseconds, rounded up; zero is an error (only Valkey, 8.0, which waits
    /// for two seconds by itself).
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::{Build, SlotState};
    ///
    /// let command = Build::new().cluster_setslot_timeout(5, SlotState::Stable, Duration::from_secs(1));
    /// assert_eq!(command.args()[2..], [&b"5"[..], b"STABLE", b"TIMEOUT", b"1000"]);
    /// ```
    pub fn cluster_setslot_timeout(
        &self,
        slot: u16,
        state: SlotState<'_>,
        timeout: Duration,
    ) -> E::Output<()> {
        let request = Request::new("CLUSTER SETSLOT").arg(slot).with(|r| state.write(r)).arg("TIMEOUT");
        self.call(timeout_millis(request, timeout).waits(Wait::For(timeout)))
    }

    /// `CLUSTER KEYSLOT`: the slot in which a key is, from 0 to 16,383.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().cluster_keyslot("foo").args()[1..], [&b"KEYSLOT"[..], b"foo"]);
    /// ```
    pub fn cluster_keyslot(&self, key: impl ToArg) -> E::Output<u16> {
        self.call(Request::new("CLUSTER KEYSLOT").arg(&key))
    }

    /// `CLUSTER COUNTKEYSINSLOT`: how many keys of a slot this node has.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().cluster_countkeysinslot(5).args()[1..], [&b"COUNTKEYSINSLOT"[..], b"5"]);
    /// ```
    pub fn cluster_countkeysinslot(&self, slot: u16) -> E::Output<i64> {
        self.call(Request::new("CLUSTER COUNTKEYSINSLOT").arg(slot))
    }

    /// `CLUSTER GETKEYSINSLOT`: keys of a slot that this node has, at most `count`.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().cluster_getkeysinslot::<String>(5, 10);
    /// assert_eq!(command.args()[1..], [&b"GETKEYSINSLOT"[..], b"5", b"10"]);
    /// ```
    pub fn cluster_getkeysinslot<T: DecodeOwned>(&self, slot: u16, count: usize) -> E::Output<Vec<T>> {
        self.call(Request::new("CLUSTER GETKEYSINSLOT").arg(slot).arg(at_most(count)))
    }
}

/// What a node thinks of a slot. Nodes are named by their IDs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlotState<'a> {
    /// It goes to that node: keys that are here no more are asked for there.
    Migrating(&'a str),
    /// It comes from that node: keys are taken from those who say `ASKING`.
    Importing(&'a str),
    /// It neither comes nor goes.
    Stable,
    /// It belongs to that node.
    Node(&'a str),
}

impl<'a> SlotState<'a> {
    fn write(self, request: Request<'a>) -> Request<'a> {
        match self {
            Self::Migrating(to) => request.arg("MIGRATING").arg(to),
            Self::Importing(from) => request.arg("IMPORTING").arg(from),
            Self::Stable => request.arg("STABLE"),
            Self::Node(node) => request.arg("NODE").arg(node),
        }
    }
}

/// The first and the last of each.
pub(super) fn bounds(ranges: impl IntoIterator<Item = RangeInclusive<u16>>) -> Vec<(u16, u16)> {
    ranges.into_iter().map(RangeInclusive::into_inner).collect()
}

/// What [`bounds`] made.
pub(super) fn ranges_of(bounds: Vec<(u16, u16)>) -> Vec<RangeInclusive<u16>> {
    bounds.into_iter().map(|(first, last)| first..=last).collect()
}

/// `5` or `0-100`.
pub(super) fn range(word: &str) -> Option<RangeInclusive<u16>> {
    let (first, last) = word.split_once('-').unwrap_or((word, word));
    Some(first.parse().ok()?..=last.parse().ok()?)
}
