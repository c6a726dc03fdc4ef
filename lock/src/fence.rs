//! A number that grows with every acquisition.

use std::fmt;

/// A number that is larger for every later holder of a lock: a resource that remembers the largest it has seen, and
/// refuses smaller ones, is safe from a holder who has not noticed that his time is over.
///
/// From [`LockGuard::fence`](crate::LockGuard::fence), for a lock that is [`fenced`](crate::Lock::fenced). It is the
/// server's time in microseconds, or one more than the last one if that is larger: so it also grows when the server has
/// lost the last one, as after a failover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fence(u64);

impl Fence {
    /// A number that came from elsewhere.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Fence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
