//! How long an item may lie idle, and how old it may get.
//!
//! Every item gets its own maximum age when it is opened, up to a tenth below the one that was set: items that were opened together (64
//! threads after a restart) would otherwise be closed and opened together, again and again. The fractions are not drawn but
//! laid out: multiples of the golden ratio modulo 1 are the sequence of which any run of neighbours is spread most evenly
//! (Knuth, The Art of Computer Programming, volume 3, section 6.4), which no draw would promise. Only where it starts is random.
//!
//! This file must never look at a clock for a decision: `now` is an argument.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::process;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use crate::settings::Settings;
use crate::slots::Idle;
use crate::stats::Reason;

/// The limits of a pool's items.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ages {
    max_idle: Option<Duration>,
    max_age: Option<Duration>,
    fresh: Duration,
}

impl Ages {
    #[inline]
    pub(crate) const fn of(settings: &Settings) -> Self {
        Self { max_idle: settings.max_idle, max_age: settings.max_age, fresh: settings.fresh }
    }

    /// Returns whether this item has come back so short a time ago that it is as good as it was then.
    #[inline]
    pub(crate) fn is_fresh<T>(&self, idle: &Idle<T>, now: Instant) -> bool {
        // Additions, because to subtract one instant from another takes forty instructions.
        idle.since.checked_add(self.fresh).is_some_and(|end| now < end) && self.verdict(idle, now).is_none()
    }

    /// Returns why this idle item must not be used any more.
    #[inline]
    pub(crate) fn verdict<T>(&self, idle: &Idle<T>, now: Instant) -> Option<Reason> {
        let is_over = |limit| idle.since.checked_add(limit).is_some_and(|end| now > end);
        if self.max_idle.is_some_and(is_over) {
            return Some(Reason::Idle);
        }
        idle.dies.is_some_and(|dies| now >= dies).then_some(Reason::Age)
    }

    /// Returns when an item that was opened now will be too old.
    pub(crate) fn end(&self, now: Instant, spread: &Spread) -> Option<Instant> {
        let limit = self.max_age?;
        let early = (limit / JITTER).mul_f64(spread.next());
        now.checked_add(limit.saturating_sub(early))
    }

    /// Returns how long after a sweep the next one is due: an eighth of the shorter limit.
    pub(crate) fn sweep_every(&self) -> Option<Duration> {
        let shorter = match (self.max_idle, self.max_age) {
            (Some(idle), Some(age)) => idle.min(age),
            (one, other) => one.or(other)?,
        };
        Some(shorter / SWEEPS)
    }

    /// Returns when a sweep is due after one that is made now.
    pub(crate) fn next_sweep(&self) -> Option<Instant> {
        Instant::now().checked_add(self.sweep_every()?)
    }
}

/// The fractions by which the items of one process die before the maximum age.
#[derive(Debug)]
pub(crate) struct Spread(AtomicU64);

impl Spread {
    /// Starts at a random place, and at another one in each forked child: the hasher's keys alone are inherited.
    pub(crate) fn new() -> Self {
        Self(AtomicU64::new(RandomState::new().hash_one(process::id())))
    }

    /// Returns the next fraction, from 0 to 1.
    fn next(&self) -> f64 {
        // It wraps around, which is the point.
        self.0.fetch_add(GOLDEN, Relaxed) as f64 / u64::MAX as f64
    }
}

/// The golden ratio, as a fraction of 2⁶⁴.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The largest part of the maximum age by which an item dies earlier: a tenth. Documented at [`Settings::max_age`].
const JITTER: u32 = 10;

/// So an item is closed at the latest after 9/8 of its limit if the pool is in use.
const SWEEPS: u32 = 8;

#[cfg(test)]
mod tests {
    use super::*;

    fn ages(idle: u64, age: u64) -> Ages {
        let limit = |millis| (millis > 0).then(|| Duration::from_millis(millis));
        Ages { max_idle: limit(idle), max_age: limit(age), fresh: Duration::ZERO }
    }

    #[test]
    fn sixty_four_that_were_opened_together_die_one_after_the_other() {
        for _ in 0..100 {
            let (spread, now) = (Spread::new(), Instant::now());
            let ages = ages(0, 64_000);
            let mut ends: Vec<Duration> = (0..64).map(|_| ages.end(now, &spread).unwrap() - now).collect();
            ends.sort();
            assert!(ends[0] >= Duration::from_millis(57_600) && ends[63] <= Duration::from_secs(64));
            // Evenly spread over 6.4 seconds they would be 100 ms apart. Any 64 neighbours of the sequence keep 38 and 162.
            let gaps: Vec<u128> = ends.windows(2).map(|two| (two[1] - two[0]).as_millis()).collect();
            let (least, most) = (gaps.iter().min().unwrap(), gaps.iter().max().unwrap());
            assert!(*least >= 35 && *most <= 200, "{least} to {most} ms");
        }
    }

    #[test]
    fn fresh_is_what_came_back_a_moment_ago_and_is_within_its_limits() {
        let now = Instant::now();
        let at = |millis| now + Duration::from_millis(millis);
        let fresh = |idle, dies, at| {
            let ages = Ages { fresh: Duration::from_millis(2), ..ages(idle, 0) };
            ages.is_fresh(&Idle { item: (), dies, since: now }, at)
        };
        assert!(fresh(0, None, at(0)) && fresh(0, None, at(1)) && !fresh(0, None, at(2)));
        assert!(fresh(1, None, at(1)) && !fresh(1, None, at(1) + Duration::from_nanos(1)));
        assert!(fresh(0, Some(at(2)), at(1)) && !fresh(0, Some(at(1)), at(1)));
        // Another thread may have given it back after this one had read the clock.
        assert!(fresh(0, None, now - Duration::from_millis(5)));
        assert!(!ages(0, 0).is_fresh(&Idle { item: (), dies: None, since: now }, now));
    }

    #[test]
    fn limits_that_no_clock_reaches_are_none() {
        let (spread, now) = (Spread::new(), Instant::now());
        let endless =
            Ages { max_idle: Some(Duration::MAX), max_age: Some(Duration::MAX), fresh: Duration::ZERO };
        assert_eq!(endless.end(now, &spread), None);
        assert_eq!(ages(0, 0).end(now, &spread), None);
        assert_eq!(ages(0, 0).sweep_every(), None);
    }

    #[test]
    fn the_verdict_names_the_limit() {
        let now = Instant::now();
        let at = |millis| now + Duration::from_millis(millis);
        let idle = |dies| Idle { item: (), dies, since: now };
        assert!(ages(10, 0).verdict(&idle(None), at(10)).is_none());
        assert!(matches!(ages(10, 0).verdict(&idle(None), at(11)), Some(Reason::Idle)));
        assert!(ages(0, 10).verdict(&idle(Some(at(9))), at(8)).is_none());
        assert!(matches!(ages(0, 10).verdict(&idle(Some(at(9))), at(9)), Some(Reason::Age)));
        assert_eq!(ages(80, 16).sweep_every(), Some(Duration::from_millis(2)));
    }
}
