//! How large a pool may grow and how old its items.
//!
//! Plain values; nothing here looks at a clock.

use std::time::Duration;

/// How large a pool may grow and how old its items may get: a small builder.
///
/// # Example
/// ```
/// use pool::Settings;
/// use std::time::Duration;
///
/// let settings = Settings::default().max_size(8).max_idle(Duration::from_secs(300));
/// assert_eq!(settings, Settings::new(8).max_idle(Duration::from_secs(300)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub struct Settings {
    /// How many items may exist at the same time.
    pub max_size: usize,
    /// How many items shall lie ready.
    pub min_idle: usize,
    /// How long an item may lie idle.
    pub max_idle: Option<Duration>,
    /// How old an item may get.
    pub max_age: Option<Duration>,
    /// How often a thread of the pool's own closes and opens items.
    pub maintain: Option<Duration>,
    /// How long after its return an item is as good as it was then.
    pub fresh: Duration,
}

impl Settings {
    /// The size of a pool when nobody says otherwise: 64 items.
    ///
    /// A blocking program needs one item for each thread that is at work, and 64 threads are plenty for one process. On the other
    /// end, a Redis server takes 10,000 clients by default: enough for 150 such processes. redis-py has 50 and 100.
    pub const DEFAULT_MAX_SIZE: usize = 64;

    /// The largest pool: 65,535 items, more than one address can have connections to one server.
    ///
    /// Room for all is allocated at the start, so a slipped digit should be an error and not a gigabyte.
    pub const LARGEST_MAX_SIZE: usize = 65_535;

    /// Returns settings for at most `max_size` items, which are opened when needed and may live for ever.
    pub const fn new(max_size: usize) -> Self {
        Self { max_size, min_idle: 0, max_idle: None, max_age: None, maintain: None, fresh: Duration::ZERO }
    }

    /// Sets how many items may exist at the same time; from 1 to [`LARGEST_MAX_SIZE`](Self::LARGEST_MAX_SIZE).
    ///
    /// [`Pool::new`](crate::Pool::new) refuses anything else.
    pub const fn max_size(mut self, items: usize) -> Self {
        self.max_size = items;
        self
    }

    /// Sets how short a time ago an item must have come back to be handed out without a [check](crate::Manage::check); none by
    /// default, so that every one is checked.
    pub const fn fresh(mut self, time: Duration) -> Self {
        self.fresh = time;
        self
    }

    /// Sets how many items shall lie ready, at most `max_size`; 0 by default.
    ///
    /// Nothing is opened behind the caller's back: [`Pool::warm_up`](crate::Pool::warm_up) opens what is missing, and
    /// so does the maintenance if [`maintain`](Self::maintain) is set. Between two of these calls there may be fewer. It does not keep an
    /// item alive that is over its limits.
    pub const fn min_idle(mut self, items: usize) -> Self {
        self.min_idle = items;
        self
    }

    /// Sets how long an item may lie idle; `None`, the default, for as long as it likes.
    ///
    /// One that lay longer is never handed out. It is closed by whoever meets it first: a checkout; a return, which now and
    /// then looks for such items and closes up to four of them (the next look is due after an eighth of the limit, so in a pool in
    /// use none outlives its limit by more); [`Pool::reap`](crate::Pool::reap); or the maintenance, if there is one.
    /// In a pool that nobody uses and nobody maintains, they stay.
    pub fn max_idle(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.max_idle = limit.into();
        self
    }

    /// Sets how old an item may get; `None`, the default, for as old as it gets.
    ///
    /// Each item has a limit of its own, which lies up to a tenth below this one, so that items which were opened together are not
    /// closed together: of 64 with an hour to live the first goes after 54 minutes, and then about one every six
    /// seconds. An item in use is never taken away: it is closed when it comes back. An idle one is closed as for
    /// [`max_idle`](Self::max_idle).
    pub fn max_age(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.max_age = limit.into();
        self
    }

    /// Sets how often a thread of the pool's own does what [`Pool::reap`](crate::Pool::reap) and
    /// [`Pool::warm_up`](crate::Pool::warm_up) do; `None`, the default, for no such thread.
    ///
    /// It starts with the first checkout, in a forked child with the child's first, and does its work at once and then at this
    /// interval. It ends with the pool, or when that is closed. If the system has no thread to give, there is none.
    pub fn maintain(mut self, interval: impl Into<Option<Duration>>) -> Self {
        self.maintain = interval.into();
        self
    }

    /// Returns nothing if a pool can be made with these settings.
    ///
    /// # Errors
    /// [`InvalidSettings`] saying which of them does not work.
    ///
    /// # Example
    /// ```
    /// use pool::{InvalidSettings, Settings};
    ///
    /// assert!(Settings::new(8).min_idle(8).check().is_ok());
    /// let error = Settings::new(8).min_idle(9).check().unwrap_err();
    /// assert_eq!(error, InvalidSettings::MinIdle { given: 9, max_size: 8 });
    /// ```
    pub const fn check(&self) -> Result<(), InvalidSettings> {
        if self.max_size == 0 || self.max_size > Self::LARGEST_MAX_SIZE {
            return Err(InvalidSettings::MaxSize { given: self.max_size });
        }
        if self.min_idle > self.max_size {
            return Err(InvalidSettings::MinIdle { given: self.min_idle, max_size: self.max_size });
        }
        match self.maintain {
            Some(Duration::ZERO) => Err(InvalidSettings::Maintain),
            _ => Ok(()),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::new(Self::DEFAULT_MAX_SIZE)
    }
}

/// Why a pool cannot be made with these settings.
///
/// # Example
/// ```
/// let error = pool::InvalidSettings::MaxSize { given: 0 };
/// assert_eq!(error.to_string(), "max_size of a pool must be from 1 to 65535, not 0");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSettings {
    /// A pool cannot have so many items.
    #[error("max_size of a pool must be from 1 to {}, not {given}", Settings::LARGEST_MAX_SIZE)]
    MaxSize {
        /// The refused size.
        given: usize,
    },
    /// More items shall lie ready than may exist.
    #[error("min_idle of a pool must not exceed its max_size of {max_size}, but is {given}")]
    MinIdle {
        /// The refused number.
        given: usize,
        /// The size of the pool.
        max_size: usize,
    },
    /// The maintenance would never rest.
    #[error("the interval of a pool's maintenance must not be zero")]
    Maintain,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sizes_that_work_are_taken() {
        for (size, ok) in [(0, false), (1, true), (65_535, true), (65_536, false), (usize::MAX, false)] {
            assert_eq!(Settings::new(size).check().is_ok(), ok, "{size}");
        }
        assert_eq!(Settings::default(), Settings::new(64));
    }

    #[test]
    fn what_cannot_work_is_named() {
        let zero = Settings::default().maintain(Duration::ZERO).check().unwrap_err();
        assert_eq!(zero.to_string(), "the interval of a pool's maintenance must not be zero");
        let many = Settings::new(2).min_idle(3).check().unwrap_err();
        assert_eq!(many.to_string(), "min_idle of a pool must not exceed its max_size of 2, but is 3");
    }
}
