//! What has happened in a pool.
//!
//! The counters are relaxed: each is exact, but they are read one after the other while the pool goes on, so they need not
//! fit each other while somebody is in the middle of a checkout. They must never decide anything.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use crate::waits::{Counts, Waits};

/// What is in a pool now, and what has happened since it was made or, in a forked child, since the fork.
///
/// # Example
/// ```
/// # use std::{convert::Infallible, time::{Duration, Instant}};
/// # struct Zeros;
/// # impl pool::Manage for Zeros {
/// #     type Item = u32;
/// #     type Error = Infallible;
/// #     fn open(&self, _: Option<Instant>) -> Result<u32, Infallible> { Ok(0) }
/// #     fn check(&self, _: &mut u32, _: Duration, _: Option<Instant>) -> bool { true }
/// #     fn is_clean(&self, _: &u32) -> bool { true }
/// # }
/// let pool = pool::Pool::new(Zeros, pool::Settings::default())?;
/// drop(pool.get(None)?);
/// let guard = pool.get(None)?;
/// let stats = pool.stats();
/// assert_eq!((stats.open, stats.idle, stats.in_use), (1, 0, 1));
/// assert_eq!((stats.created, stats.reused, stats.closed.total()), (1, 1, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Items that exist now, in use or idle.
    pub open: usize,
    /// Items that lie ready now.
    pub idle: usize,
    /// Items that are checked out now.
    pub in_use: usize,
    /// Threads that wait for an item now.
    pub waiting: usize,
    /// Items opened so far.
    pub created: u64,
    /// Those of them that [`Pool::warm_up`](crate::Pool::warm_up) or the maintenance opened, and not a checkout.
    pub warmed: u64,
    /// Checkouts that got an item which lay ready.
    pub reused: u64,
    /// Items closed so far, by reason.
    pub closed: Closed,
    /// Openings that failed, those of the maintenance included.
    pub failed: u64,
    /// Checkouts that found the pool full and would not wait.
    pub exhausted: u64,
    /// Checkouts that waited until their deadline in vain.
    pub timeouts: u64,
    /// Checkouts that found the pool closed, or waited while it was.
    pub refused: u64,
    /// How long checkouts waited for an item to come free.
    pub waits: Waits,
}

impl Stats {
    /// Returns how many checkouts got an item.
    #[must_use]
    pub const fn checkouts(&self) -> u64 {
        (self.created + self.reused).saturating_sub(self.warmed)
    }

    /// Returns how many times an item was asked for in vain, for whatever reason.
    #[must_use]
    pub const fn failures(&self) -> u64 {
        self.failed + self.exhausted + self.timeouts + self.refused
    }
}

/// How many items were closed for which reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Closed {
    /// They came back in the middle of something: [`Manage::is_clean`](crate::Manage::is_clean) said no, or panicked.
    pub dirty: u64,
    /// They were found unfit at checkout: [`Manage::check`](crate::Manage::check) said no, or panicked.
    pub stale: u64,
    /// They had been idle for longer than [`max_idle`](crate::Settings::max_idle).
    pub idle: u64,
    /// They were as old as [`max_age`](crate::Settings::max_age) lets them get.
    pub age: u64,
    /// Their user gave them up with [`Guard::discard`](crate::Guard::discard).
    pub discarded: u64,
    /// The pool was closed; see [`Pool::close`](crate::Pool::close).
    pub shutdown: u64,
}

impl Closed {
    /// Returns the sum over all reasons.
    ///
    /// # Example
    /// ```
    /// assert_eq!(pool::Closed::default().total(), 0);
    /// ```
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.dirty + self.stale + self.idle + self.age + self.discarded + self.shutdown
    }
}

/// Why an item is closed; the counters of [`Closed`] have the same names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// It came back in the middle of something.
    Dirty,
    /// It was found unfit at checkout.
    Stale,
    /// It was idle for too long.
    Idle,
    /// It was too old.
    Age,
    /// Its user gave it up.
    Discarded,
    /// The pool was closed.
    Shutdown,
}

/// The counters of one process.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    created: AtomicU64,
    warmed: AtomicU64,
    reused: AtomicU64,
    closed: [AtomicU64; 6],
    failed: AtomicU64,
    exhausted: AtomicU64,
    timeouts: AtomicU64,
    refused: AtomicU64,
    waits: Counts,
}

impl Counters {
    pub(crate) fn created(&self) {
        self.created.fetch_add(1, Relaxed);
    }

    pub(crate) fn warmed(&self) {
        self.warmed.fetch_add(1, Relaxed);
    }

    #[inline]
    pub(crate) fn reused(&self) {
        self.reused.fetch_add(1, Relaxed);
    }

    pub(crate) fn closed(&self, reason: Reason) {
        self.closed[reason as usize].fetch_add(1, Relaxed);
    }

    pub(crate) fn failed(&self) {
        self.failed.fetch_add(1, Relaxed);
    }

    pub(crate) fn exhausted(&self) {
        self.exhausted.fetch_add(1, Relaxed);
    }

    pub(crate) fn timed_out(&self) {
        self.timeouts.fetch_add(1, Relaxed);
    }

    pub(crate) fn refused(&self) {
        self.refused.fetch_add(1, Relaxed);
    }

    pub(crate) fn waited(&self, wait: Duration) {
        self.waits.waited(wait);
    }

    /// Returns everything in one view; `idle` and `waiting` are known to the slots.
    pub(crate) fn snapshot(&self, idle: usize, waiting: usize) -> Stats {
        let of = |reason: Reason| self.closed[reason as usize].load(Relaxed);
        let closed = Closed {
            dirty: of(Reason::Dirty),
            stale: of(Reason::Stale),
            idle: of(Reason::Idle),
            age: of(Reason::Age),
            discarded: of(Reason::Discarded),
            shutdown: of(Reason::Shutdown),
        };
        let created = self.created.load(Relaxed);
        // Never more than `max_size`, which is a `usize`.
        let open = created.saturating_sub(closed.total()) as usize;
        Stats {
            open,
            idle,
            in_use: open.saturating_sub(idle),
            waiting,
            created,
            warmed: self.warmed.load(Relaxed),
            reused: self.reused.load(Relaxed),
            closed,
            failed: self.failed.load(Relaxed),
            exhausted: self.exhausted.load(Relaxed),
            timeouts: self.timeouts.load(Relaxed),
            refused: self.refused.load(Relaxed),
            waits: self.waits.snapshot(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_own_counter() {
        use Reason::{Age, Dirty, Discarded, Idle, Shutdown, Stale};
        let counters = Counters::default();
        for (times, reason) in [Dirty, Stale, Idle, Age, Discarded, Shutdown].into_iter().enumerate() {
            (0..=times).for_each(|_| counters.closed(reason));
        }
        let closed = counters.snapshot(0, 0).closed;
        assert_eq!(closed, Closed { dirty: 1, stale: 2, idle: 3, age: 4, discarded: 5, shutdown: 6 });
        assert_eq!(closed.total(), 21);
    }

    #[test]
    fn sums_have_everything_once() {
        let counters = Counters::default();
        (0..9).for_each(|_| counters.reused());
        (0..3).for_each(|_| counters.created());
        counters.warmed();
        counters.failed();
        counters.exhausted();
        counters.timed_out();
        counters.refused();
        let stats = counters.snapshot(0, 0);
        assert_eq!((stats.checkouts(), stats.failures()), (11, 4));
    }
}
