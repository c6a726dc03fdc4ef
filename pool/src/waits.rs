//! How long checkouts waited: a histogram in powers of two.
//!
//! Nobody who found an item or room at hand comes here, so it costs nothing where nothing waits. The buckets are relaxed counters.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// How long checkouts waited for an item to come free, those that waited in vain included.
///
/// Bucket `i` counts the waits of less than 2^`i` microseconds that were too long for the buckets before it: less than 1 µs, 1 µs, 2 to
/// 3 µs, 4 to 7 µs, and so on. The last one has no upper bound and counts all from 2^30 µs (about 18 minutes) on.
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
/// let pool = pool::Pool::new(Zeros, pool::Settings::new(1))?;
/// let item = pool.get(None)?;
/// pool.get(Some(Instant::now() + Duration::from_millis(3))).unwrap_err();
/// let waits = pool.stats().waits;
/// assert_eq!(waits.count(), 1);
/// assert!(waits.total >= Duration::from_millis(3));
/// let (bound, _) = waits.iter().find(|(_, count)| *count == 1).unwrap();
/// assert!(bound.unwrap() >= Duration::from_micros(4096));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waits {
    /// How many waits fell into each bucket.
    pub buckets: [u64; Self::BUCKETS],
    /// All waiting time together.
    pub total: Duration,
}

impl Waits {
    /// How many buckets there are.
    pub const BUCKETS: usize = 32;

    /// Returns how many waits there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// Returns the time that all waits of a bucket stayed below; `None` for the last one and beyond.
    ///
    /// # Example
    /// ```
    /// use pool::Waits;
    /// use std::time::Duration;
    ///
    /// assert_eq!(Waits::bound(0), Some(Duration::from_micros(1)));
    /// assert_eq!(Waits::bound(10), Some(Duration::from_micros(1024)));
    /// assert_eq!(Waits::bound(31), None);
    /// ```
    #[must_use]
    pub const fn bound(bucket: usize) -> Option<Duration> {
        if bucket < Self::BUCKETS - 1 { Some(Duration::from_micros(1 << bucket)) } else { None }
    }

    /// Returns each bucket's bound and count, the shortest waits first.
    pub fn iter(&self) -> impl Iterator<Item = (Option<Duration>, u64)> {
        self.buckets.into_iter().enumerate().map(|(bucket, count)| (Self::bound(bucket), count))
    }

    /// Returns the time that this fraction of the waits stayed below, rounded up to the bound of a bucket; `None` if
    /// nobody has waited yet or the answer is in the last bucket, which has no bound.
    ///
    /// # Example
    /// ```
    /// use pool::Waits;
    /// use std::time::Duration;
    ///
    /// let mut waits = Waits::default();
    /// waits.buckets[3] = 99;
    /// waits.buckets[20] = 1;
    /// assert_eq!(waits.quantile(0.5), Some(Duration::from_micros(8)));
    /// assert_eq!(waits.quantile(1.0), Some(Duration::from_micros(1 << 20)));
    /// assert_eq!(Waits::default().quantile(0.5), None);
    /// ```
    #[must_use]
    pub fn quantile(&self, fraction: f64) -> Option<Duration> {
        // Casts saturate, so a fraction out of range asks for the first or the last wait.
        let rank = ((self.count() as f64 * fraction).ceil() as u64).clamp(1, self.count().max(1));
        let mut below = 0;
        let bucket = self.buckets.iter().position(|count| {
            below += count;
            below >= rank
        });
        bucket.and_then(Self::bound)
    }

    fn bucket(wait: Duration) -> usize {
        // The number of bits of the whole microseconds: 0 for none, 1 for one, 2 for two and three.
        (u128::BITS - wait.as_micros().leading_zeros()).min(Self::BUCKETS as u32 - 1) as usize
    }
}

/// The counters behind [`Waits`].
#[derive(Debug, Default)]
pub(crate) struct Counts {
    buckets: [AtomicU64; Waits::BUCKETS],
    nanos: AtomicU64,
}

impl Counts {
    pub(crate) fn waited(&self, wait: Duration) {
        if let Some(bucket) = self.buckets.get(Waits::bucket(wait)) {
            bucket.fetch_add(1, Relaxed);
        }
        // 2^64 ns are 584 years of waiting.
        self.nanos.fetch_add(u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX), Relaxed);
    }

    pub(crate) fn snapshot(&self) -> Waits {
        let mut waits = Waits { total: Duration::from_nanos(self.nanos.load(Relaxed)), ..Waits::default() };
        for (count, bucket) in waits.buckets.iter_mut().zip(&self.buckets) {
            *count = bucket.load(Relaxed);
        }
        waits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_below_the_bound_of_its_bucket_and_not_below_the_one_before() {
        let nanos = [0, 1, 999, 1000, 1999, 2000, 3999, 4000, 1_000_000, 5_000_000_000, 1 << 50, u64::MAX];
        for wait in nanos.map(Duration::from_nanos).into_iter().chain([Duration::MAX]) {
            let bucket = Waits::bucket(wait);
            assert!(Waits::bound(bucket).is_none_or(|bound| wait < bound), "{wait:?} in {bucket}");
            assert!(bucket == 0 || Waits::bound(bucket - 1).unwrap() <= wait, "{wait:?} in {bucket}");
        }
    }

    #[test]
    fn the_snapshot_has_every_wait() {
        let counts = Counts::default();
        for micros in [0, 1, 2, 3, 1500] {
            counts.waited(Duration::from_micros(micros));
        }
        let waits = counts.snapshot();
        assert_eq!((waits.count(), waits.total), (5, Duration::from_micros(1506)));
        assert_eq!(&waits.buckets[..3], &[1, 1, 2]);
        assert_eq!(waits.quantile(0.8), Some(Duration::from_micros(4)));
        assert_eq!(waits.iter().filter(|(_, count)| *count > 0).count(), 4);
    }
}
