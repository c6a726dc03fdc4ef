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
pub struct Settings {
    pub(crate) max_size: usize,
    pub(crate) max_idle: Option<Duration>,
    pub(crate) max_age: Option<Duration>,
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

    /// Returns settings for at most `max_size` items, which may live for ever.
    pub const fn new(max_size: usize) -> Self {
        Self { max_size, max_idle: None, max_age: None }
    }

    /// Sets how many items may exist at the same time; from 1 to [`LARGEST_MAX_SIZE`](Self::LARGEST_MAX_SIZE).
    ///
    /// [`Pool::new`](crate::Pool::new) refuses anything else.
    pub const fn max_size(mut self, items: usize) -> Self {
        self.max_size = items;
        self
    }

    /// Sets how long an item may lie idle; one that lay longer is dropped when its turn at a checkout comes.
    ///
    /// No thread watches the idle ones: in a pool that nobody asks, they stay.
    pub const fn max_idle(mut self, limit: Duration) -> Self {
        self.max_idle = Some(limit);
        self
    }

    /// Sets how long after its opening an item may be checked out; an older one is dropped at checkout.
    ///
    /// An item in use is never taken away.
    pub const fn max_age(mut self, limit: Duration) -> Self {
        self.max_age = Some(limit);
        self
    }

    /// Returns these settings if a pool can have them.
    pub(crate) const fn checked(self) -> Result<Self, InvalidSize> {
        match self.max_size {
            1..=Self::LARGEST_MAX_SIZE => Ok(self),
            given => Err(InvalidSize { given }),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::new(Self::DEFAULT_MAX_SIZE)
    }
}

/// A pool cannot have so many items.
///
/// # Example
/// ```
/// let error = pool::InvalidSize { given: 0 };
/// assert_eq!(error.to_string(), "max_size of a pool must be from 1 to 65535, not 0");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("max_size of a pool must be from 1 to {}, not {given}", Settings::LARGEST_MAX_SIZE)]
pub struct InvalidSize {
    /// The refused size.
    pub given: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sizes_that_work_are_taken() {
        for (size, ok) in [(0, false), (1, true), (65_535, true), (65_536, false), (usize::MAX, false)] {
            assert_eq!(Settings::new(size).checked().is_ok(), ok, "{size}");
        }
        assert_eq!(Settings::default().checked(), Ok(Settings::new(64)));
    }
}
