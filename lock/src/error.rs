//! How a lock fails.

use std::time::Duration;

/// A failure of a lock.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// Somebody else held it for as long as the caller would wait.
    #[error("lock {name:?} was not acquired within {waited:.1?}: somebody else holds it")]
    NotAcquired {
        /// The lock's name.
        name: String,
        /// How long the caller waited.
        waited: Duration,
    },
    /// The caller does not hold it any more: its time was over, or somebody deleted it.
    #[error("lock {name:?} is not owned any more")]
    NotOwned {
        /// The lock's name.
        name: String,
    },
    /// A setting that makes no sense.
    #[error("{0}")]
    Config(&'static str),
    /// The server could not be asked. If the outcome is unknown, the lock may be held until its time is over.
    #[error(transparent)]
    Client(#[from] client::Error),
}

impl LockError {
    /// Whether the caller does not hold the lock (any more): redis-py's `LockNotOwnedError`.
    pub fn is_not_owned(&self) -> bool {
        matches!(self, Self::NotOwned { .. })
    }
}
