//! How long things took, in buckets that double: counted without a lock, and as Prometheus wants it.

use std::array;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// How long things took, as it was at one moment.
///
/// The bounds double from 16 µs, about a round trip on one machine, to 16.8 s; what took longer is in the last bucket.
///
/// # Example
/// ```
/// use client::Histogram;
/// use std::time::Duration;
///
/// let empty = Histogram::default();
/// assert_eq!((empty.count(), empty.quantile(0.5)), (0, None));
/// assert_eq!(Histogram::BOUNDS[0], Duration::from_micros(16));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    counts: [u64; BUCKETS],
    sum: Duration,
}

const BUCKETS: usize = Histogram::BOUNDS.len() + 1;

impl Histogram {
    /// What each bucket but the last counts: things that took less than this and not less than the one before.
    pub const BOUNDS: [Duration; 21] = {
        let mut bounds = [Duration::ZERO; 21];
        let mut at = 0;
        while at < bounds.len() {
            bounds[at] = Duration::from_micros(16 << at);
            at += 1;
        }
        bounds
    };

    /// How many things were counted.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// How long they took together.
    pub fn sum(&self) -> Duration {
        self.sum
    }

    /// For each of the [`BOUNDS`](Self::BOUNDS) how many things took less than it: cumulative, as Prometheus has it. Its
    /// last bucket, `+Inf`, is [`count`](Self::count).
    pub fn cumulative(&self) -> impl Iterator<Item = (Duration, u64)> {
        let mut below = 0;
        Self::BOUNDS.into_iter().zip(self.counts).map(move |(bound, count)| {
            below += count;
            (bound, below)
        })
    }

    /// The time that this fraction (0 to 1) of the things stayed below, rounded up to a bound; `None` if nothing was
    /// counted, or it took longer than the last bound.
    pub fn quantile(&self, fraction: f64) -> Option<Duration> {
        let wanted = (self.count() as f64 * fraction).ceil().max(1.0) as u64;
        self.cumulative().find(|(_, below)| *below >= wanted).map(|(bound, _)| bound)
    }
}

/// The counters behind a [`Histogram`].
#[derive(Debug)]
pub(super) struct Buckets {
    counts: [AtomicU64; BUCKETS],
    nanoseconds: AtomicU64,
}

impl Default for Buckets {
    fn default() -> Self {
        Self { counts: array::from_fn(|_| AtomicU64::new(0)), nanoseconds: AtomicU64::new(0) }
    }
}

impl Buckets {
    pub(super) fn add(&self, time: Duration) {
        let at = Histogram::BOUNDS.partition_point(|bound| *bound <= time);
        if let Some(count) = self.counts.get(at) {
            count.fetch_add(1, Relaxed);
        }
        // It is full after 584 years.
        self.nanoseconds.fetch_add(time.as_nanos() as u64, Relaxed);
    }

    pub(super) fn read(&self) -> Histogram {
        Histogram {
            counts: array::from_fn(|at| self.counts[at].load(Relaxed)),
            sum: Duration::from_nanos(self.nanoseconds.load(Relaxed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_time_has_its_bucket() {
        let buckets = Buckets::default();
        for micros in [0, 15, 16, 31, 32, 16 << 20, 1 << 40] {
            buckets.add(Duration::from_micros(micros));
        }
        let histogram = buckets.read();
        assert_eq!(histogram.counts[..3], [2, 2, 1]);
        assert_eq!((histogram.counts[20], histogram.counts[21]), (0, 2));
        assert_eq!(histogram.count(), 7);
        assert_eq!(histogram.cumulative().nth(2), Some((Duration::from_micros(64), 5)));
        assert_eq!(histogram.cumulative().last(), Some((Duration::from_micros(16 << 20), 5)));
        assert_eq!(histogram.sum(), Duration::from_micros(94 + (16 << 20) + (1 << 40)));
        assert_eq!(histogram.quantile(0.5), Some(Duration::from_micros(32)));
        assert_eq!(histogram.quantile(1.0), None);
    }
}
