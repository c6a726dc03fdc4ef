//! What has happened in a pool.
//!
//! The counters are relaxed: each is exact, but they are read one after the other while the pool goes on, so they need not
//! fit each other while somebody is in the middle of a checkout. They must never decide anything.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

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
/// #     fn check(&self, _: &mut u32, _: Duration) -> bool { true }
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
    /// Checkouts that got an item which had been used before.
    pub reused: u64,
    /// Items closed so far, by reason.
    pub closed: Closed,
    /// Openings that failed.
    pub failed: u64,
    /// Checkouts that found the pool full and would not wait.
    pub exhausted: u64,
    /// Checkouts that waited until their deadline in vain.
    pub timeouts: u64,
}

/// How many items were closed for which reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Closed {
    /// They came back in the middle of something: [`Manage::is_clean`](crate::Manage::is_clean) said no, or panicked.
    pub dirty: u64,
    /// They were found unfit at checkout: [`Manage::check`](crate::Manage::check) said no, or panicked.
    pub stale: u64,
    /// They had been idle for longer than `max_idle`.
    pub idle: u64,
    /// They were older than `max_age`.
    pub age: u64,
    /// Their user gave them up with [`Guard::discard`](crate::Guard::discard).
    pub discarded: u64,
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
        self.dirty + self.stale + self.idle + self.age + self.discarded
    }
}

/// Why an item is closed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reason {
    Dirty,
    Stale,
    Idle,
    Age,
    Discarded,
}

/// The counters of one process.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    created: AtomicU64,
    reused: AtomicU64,
    closed: [AtomicU64; 5],
    failed: AtomicU64,
    exhausted: AtomicU64,
    timeouts: AtomicU64,
}

impl Counters {
    pub(crate) fn created(&self) {
        self.created.fetch_add(1, Relaxed);
    }

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

    /// Returns everything in one view; `idle` and `waiting` are known to the slots.
    pub(crate) fn snapshot(&self, idle: usize, waiting: usize) -> Stats {
        let of = |reason: Reason| self.closed[reason as usize].load(Relaxed);
        let closed = Closed {
            dirty: of(Reason::Dirty),
            stale: of(Reason::Stale),
            idle: of(Reason::Idle),
            age: of(Reason::Age),
            discarded: of(Reason::Discarded),
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
            reused: self.reused.load(Relaxed),
            closed,
            failed: self.failed.load(Relaxed),
            exhausted: self.exhausted.load(Relaxed),
            timeouts: self.timeouts.load(Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_own_counter() {
        let counters = Counters::default();
        let reasons = [Reason::Dirty, Reason::Stale, Reason::Idle, Reason::Age, Reason::Discarded];
        for (times, reason) in reasons.into_iter().enumerate() {
            (0..=times).for_each(|_| counters.closed(reason));
        }
        let closed = counters.snapshot(0, 0).closed;
        assert_eq!(closed, Closed { dirty: 1, stale: 2, idle: 3, age: 4, discarded: 5 });
        assert_eq!(closed.total(), 15);
    }
}
