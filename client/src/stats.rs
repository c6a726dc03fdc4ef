//! What a client has been through: always counted, since only what fails is.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::{Error, Outcome, PoolStats};

/// What has happened to a client and all its views since it was made.
///
/// What went well is not counted, so that it costs nothing: [`Metrics`](crate::Metrics) does, for those who want it.
///
/// # Example
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// client.set("doc:stats", "no number")?;
/// client.incr("doc:stats").unwrap_err();
/// let stats = client.stats();
/// assert_eq!((stats.answered, stats.unknown, stats.retries), (1, 0, 0));
/// assert_eq!(stats.pool.open, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// The pool's own, which other clients may share.
    pub pool: PoolStats,
    /// Calls that failed before anything was sent.
    pub not_sent: u64,
    /// Calls that failed and may have been executed.
    pub unknown: u64,
    /// Calls that the server answered with an error, or with another type than was asked for.
    pub answered: u64,
    /// Of all these, how many came too late.
    pub timeouts: u64,
    /// Of all these, how many were called off.
    pub cancelled: u64,
    /// Attempts after the first, of calls that failed in the end and of others.
    pub retries: u64,
}

/// The counters behind [`Stats`]. A forked child goes on from where its parent was.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    not_sent: AtomicU64,
    unknown: AtomicU64,
    answered: AtomicU64,
    timeouts: AtomicU64,
    cancelled: AtomicU64,
    retries: AtomicU64,
}

impl Tally {
    pub(crate) fn retried(&self) {
        self.retries.fetch_add(1, Relaxed);
    }

    pub(crate) fn failed(&self, error: &Error) {
        let outcome = match error.outcome() {
            Outcome::NotSent => &self.not_sent,
            Outcome::Unknown => &self.unknown,
            Outcome::Answered => &self.answered,
        };
        outcome.fetch_add(1, Relaxed);
        self.timeouts.fetch_add(u64::from(error.is_timeout()), Relaxed);
        self.cancelled.fetch_add(u64::from(error.is_cancelled()), Relaxed);
    }

    pub(crate) fn read(&self, pool: PoolStats) -> Stats {
        Stats {
            pool,
            not_sent: self.not_sent.load(Relaxed),
            unknown: self.unknown.load(Relaxed),
            answered: self.answered.load(Relaxed),
            timeouts: self.timeouts.load(Relaxed),
            cancelled: self.cancelled.load(Relaxed),
            retries: self.retries.load(Relaxed),
        }
    }
}
