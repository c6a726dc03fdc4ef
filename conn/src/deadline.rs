//! When a call must have ended.

use std::time::{Duration, Instant};

/// The instant by which a call must have ended, or never. One deadline goes through all phases of a call.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use conn::Deadline;
///
/// assert!(Deadline::after(Duration::ZERO).has_passed());
/// assert!(!Deadline::NEVER.has_passed());
/// let soon = Deadline::after(Duration::from_secs(1));
/// assert_eq!(Deadline::NEVER.earlier(soon), soon);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// No deadline.
    pub const NEVER: Self = Self(None);

    /// The deadline at `instant`.
    pub fn at(instant: Instant) -> Self {
        Self(Some(instant))
    }

    /// The deadline so long from now. A time too far away for the clock is never.
    pub fn after(timeout: Duration) -> Self {
        Self::since(Instant::now(), timeout)
    }

    /// The deadline so long after `now`, for those who have just read the clock.
    #[inline]
    pub fn since(now: Instant, timeout: Duration) -> Self {
        Self(now.checked_add(timeout))
    }

    /// The deadline moved back by `by`, if there is one.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.and_then(|instant| instant.checked_add(by)))
    }

    /// Whichever of the two comes first.
    #[must_use]
    pub fn earlier(self, other: Self) -> Self {
        match (self.0, other.0) {
            (Some(a), Some(b)) => Self(Some(a.min(b))),
            (a, b) => Self(a.or(b)),
        }
    }

    /// The instant, if there is one.
    pub fn instant(self) -> Option<Instant> {
        self.0
    }

    /// Whether the instant is past.
    pub fn has_passed(self) -> bool {
        self.0.is_some_and(|instant| instant <= Instant::now())
    }

    /// The time that is left: `Ok(None)` when there is no deadline, `Err` when it has passed.
    #[inline]
    pub(crate) fn remaining(self) -> Result<Option<Duration>, Passed> {
        if self.0.is_none() { Ok(None) } else { self.remaining_at(Instant::now()) }
    }

    /// The time that was left at `now`.
    #[inline]
    pub(crate) fn remaining_at(self, now: Instant) -> Result<Option<Duration>, Passed> {
        let Some(instant) = self.0 else { return Ok(None) };
        match instant.saturating_duration_since(now) {
            Duration::ZERO => Err(Passed),
            left => Ok(Some(left)),
        }
    }
}

/// The deadline has passed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Passed;

impl From<Option<Instant>> for Deadline {
    fn from(instant: Option<Instant>) -> Self {
        Self(instant)
    }
}
