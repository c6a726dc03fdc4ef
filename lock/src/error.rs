//! How a lock fails.

use std::time::Duration;

use crate::{Lost, Token};

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
    /// The server says that the caller does not hold it (any more).
    #[error("lock {name:?} is not owned any more: {}", match why {
        NotOwned::Gone => "it is gone from the server",
        NotOwned::Other => "somebody else has it",
    })]
    NotOwned {
        /// The lock's name.
        name: String,
        /// What there is instead.
        why: NotOwned,
    },
    /// The holder's own clock, or the keeper, says that the caller does not hold it any more.
    #[error(transparent)]
    Lost(#[from] Lost),
    /// This thread holds it already, and would wait for itself without end.
    #[error("lock {name:?} is held by this thread already: waiting for it would never end")]
    WouldDeadlock {
        /// The lock's name.
        name: String,
    },
    /// It may be held or not: the server may have executed a request whose reply was lost. The keeper goes on
    /// releasing it until its time must be over.
    #[error("whether lock {name:?} was acquired is unknown, it is being released: {source}")]
    Indeterminate {
        /// The lock's name.
        name: String,
        /// The value that is in the lock, if it is held.
        token: Token,
        /// Why nobody knows.
        source: client::Error,
    },
    /// Too few replicas or disks have it, within the time that the [`Durability`](crate::Durability) allows. An
    /// acquisition was undone; after an extension, the lock is held for as long as before.
    #[error("lock {name:?} has reached {got} of {wanted} copies")]
    NotReplicated {
        /// The lock's name.
        name: String,
        /// How many there should be.
        wanted: u32,
        /// How many there are.
        got: u32,
    },
    /// A [`Canceller`](client::Canceller) called the wait off.
    #[error("the wait for lock {name:?} was cancelled")]
    Cancelled {
        /// The lock's name.
        name: String,
    },
    /// The manager was closed.
    #[error("the manager of the locks is closed")]
    Closed,
    /// A setting that makes no sense.
    #[error("{0}")]
    Config(&'static str),
    /// The server could not be asked, or refused.
    #[error(transparent)]
    Client(#[from] client::Error),
}

/// What there is instead of the caller's lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotOwned {
    /// Nothing: its time was over, or somebody deleted it.
    Gone,
    /// Somebody else's.
    Other,
}

impl LockError {
    /// Whether the caller does not hold the lock (any more): redis-py's `LockNotOwnedError`.
    pub fn is_not_owned(&self) -> bool {
        matches!(self, Self::NotOwned { .. } | Self::Lost(_))
    }

    /// The name of the lock, where the failure is that of one.
    pub fn lock_name(&self) -> Option<&str> {
        match self {
            Self::NotAcquired { name, .. }
            | Self::NotOwned { name, .. }
            | Self::WouldDeadlock { name, .. }
            | Self::Indeterminate { name, .. }
            | Self::NotReplicated { name, .. }
            | Self::Cancelled { name } => Some(name),
            Self::Lost(lost) => Some(&lost.name),
            Self::Closed | Self::Config(_) | Self::Client(_) => None,
        }
    }
}
