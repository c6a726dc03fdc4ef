//! How a holder learns that the lock is his no more.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Why a lock was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LostReason {
    /// Its time is over, by the holder's own clock.
    LeaseEnded,
    /// It is gone from the server: deleted, evicted, or lost in a restart.
    Deleted,
    /// Somebody else has it.
    TakenOver,
    /// It was held for as long as [`max_hold`](crate::Lock::max_hold) allows. The server still has it until its time is
    /// over.
    MaxHold,
    /// [`Locks::close`](crate::Locks::close) released it.
    Closed,
    /// It is the parent's: this process is a forked child.
    Forked,
}

/// The lock is not the holder's any more.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("lock {name:?} is lost: {reason}")]
#[non_exhaustive]
pub struct Lost {
    /// The lock's name.
    pub name: String,
    /// Why.
    pub reason: LostReason,
}

/// Tells a holder of the loss of a lock, from [`LockGuard::lost`](crate::LockGuard::lost).
pub struct LostSignal {
    is_lost: AtomicBool,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    reason: Option<LostReason>,
    /// Released, so that it can no longer be lost.
    is_over: bool,
    callbacks: Vec<Callback>,
}

pub(crate) type Callback = Box<dyn FnOnce(LostReason) + Send>;

impl LostSignal {
    pub(crate) fn new() -> Self {
        Self { is_lost: AtomicBool::new(false), state: Mutex::default(), changed: Condvar::new() }
    }

    /// Whether the loss was told. Without I/O; [`LockGuard::is_valid`](crate::LockGuard::is_valid) looks at the clock too.
    pub fn is_lost(&self) -> bool {
        self.is_lost.load(SeqCst)
    }

    /// Why it was lost, once it was.
    pub fn reason(&self) -> Option<LostReason> {
        if self.is_lost() { self.state().reason } else { None }
    }

    /// Waits for the loss, at most for `limit`; `None` if it is not lost by then. It returns at once when the guard is
    /// released.
    pub fn wait_for(&self, limit: Duration) -> Option<LostReason> {
        let end = Instant::now().checked_add(limit);
        let mut state = self.state();
        while state.reason.is_none() && !state.is_over {
            let left = end.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                break;
            }
            // Far-off ends overflow some systems' clocks.
            let left = left.min(Duration::from_secs(3600));
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.reason
    }

    /// Tells of the loss, once. Returns who wants to be called, unless it was told before or the lock was released.
    pub(crate) fn raise(&self, reason: LostReason) -> Option<Vec<Callback>> {
        let mut state = self.state();
        if state.reason.is_some() || state.is_over {
            return None;
        }
        state.reason = Some(reason);
        self.is_lost.store(true, SeqCst);
        self.changed.notify_all();
        Some(std::mem::take(&mut state.callbacks))
    }

    /// Has `callback` called at the loss; gives it back with the reason if it is lost already.
    pub(crate) fn listen(&self, callback: Callback) -> Result<(), (Callback, LostReason)> {
        let mut state = self.state();
        match state.reason {
            Some(reason) => Err((callback, reason)),
            None => {
                state.callbacks.push(callback);
                Ok(())
            }
        }
    }

    /// Whether anybody wants to be called.
    pub(crate) fn is_listened(&self) -> bool {
        !self.state().callbacks.is_empty()
    }

    /// The lock was released: nobody is told of anything any more.
    pub(crate) fn end(&self) {
        let callbacks = {
            let mut state = self.state();
            state.is_over = true;
            self.changed.notify_all();
            std::mem::take(&mut state.callbacks)
        };
        // What they own may do anything when it is dropped.
        drop(callbacks);
    }

    /// Nothing panics under this lock.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for LostSignal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LostSignal").field(&self.reason()).finish()
    }
}

impl fmt::Display for LostReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LeaseEnded => "its time is over",
            Self::Deleted => "it is gone from the server",
            Self::TakenOver => "somebody else has it",
            Self::MaxHold => "it was held for as long as it may be",
            Self::Closed => "its manager was closed",
            Self::Forked => "it belongs to the parent of this process",
        })
    }
}
