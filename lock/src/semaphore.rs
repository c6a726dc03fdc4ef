//! So many may do it at the same time.

use std::time::Duration;

use client::Canceller;

use crate::keys::{Keys, Kind};
use crate::{Lock, LockError, LockGuard, Locks, Lost, LostReason, LostSignal, Renew, Token};

/// A number of permits under one name, from [`Locks::semaphore`]. It owns nothing: [`Semaphore::acquire`] returns what
/// does.
///
/// Each permit has an end of its own, by the server's clock: one whose holder died comes back. Everybody must name the
/// same number; who names less, sees fewer. It is not redis-py's: that has none. A server whose clock is set forward ends
/// permits early.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use lock::Locks;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// let locks = Locks::new(&client)?;
/// let two = locks.semaphore("doc:semaphore", 2);
/// let (one, other) = (two.acquire()?, two.acquire()?);
/// assert!(two.try_acquire()?.is_none());
/// drop(one);
/// assert!(two.acquire_for(Duration::from_secs(1))?.is_some());
/// other.release()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Semaphore {
    lock: Lock,
}

/// One permit of a [`Semaphore`], given back when it is dropped, as a [`LockGuard`] releases its lock.
#[derive(Debug)]
#[must_use = "the permit is given back when it is dropped"]
pub struct Permit(LockGuard);

impl Locks {
    /// The semaphore called `name`, with so many permits, at least 1.
    pub fn semaphore(&self, name: impl Into<String>, permits: u32) -> Semaphore {
        let keys = Keys::with_kind(name.into(), Kind::Permits(permits));
        Semaphore { lock: Lock::of_kind(self, keys).fair(false) }
    }
}

impl Semaphore {
    /// Sets after how long a permit comes back by itself; see [`Lock::timeout`].
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { lock: self.lock.timeout(timeout) }
    }

    /// Sets whether permits are renewed while they are held; see [`Lock::auto_renew`].
    #[must_use]
    pub fn auto_renew(self, renew: Renew) -> Self {
        Self { lock: self.lock.auto_renew(renew) }
    }

    /// Sets how long a permit may be held when it is renewed; see [`Lock::max_hold`].
    #[must_use]
    pub fn max_hold(self, limit: Duration) -> Self {
        Self { lock: self.lock.max_hold(limit) }
    }

    /// Acquires a permit, waiting as long as it takes. Who waits gets one in no particular order.
    ///
    /// # Errors
    /// As [`Lock::acquire`]; [`LockError::Config`] for no permits at all.
    pub fn acquire(&self) -> Result<Permit, LockError> {
        self.lock.acquire().map(Permit)
    }

    /// Acquires a permit if one is free now.
    ///
    /// # Errors
    /// As [`Lock::try_acquire`].
    pub fn try_acquire(&self) -> Result<Option<Permit>, LockError> {
        Ok(self.lock.try_acquire()?.map(Permit))
    }

    /// Acquires a permit if one comes free within `limit`.
    ///
    /// # Errors
    /// As [`Lock::acquire_for`].
    pub fn acquire_for(&self, limit: Duration) -> Result<Option<Permit>, LockError> {
        Ok(self.lock.acquire_for(limit)?.map(Permit))
    }

    /// Acquires a permit, until another thread calls the wait off.
    ///
    /// # Errors
    /// As [`Lock::acquire_with`].
    pub fn acquire_with(&self, canceller: &Canceller) -> Result<Permit, LockError> {
        self.lock.acquire_with(canceller).map(Permit)
    }
}

impl Permit {
    /// Gives the permit back. If the server cannot be asked, the keeper goes on trying.
    ///
    /// # Errors
    /// [`LockError::NotOwned`] when it was ours no more; [`LockError::Client`] when the server could not be asked.
    pub fn release(self) -> Result<(), LockError> {
        self.0.release().map_err(LockError::from)
    }

    /// Adds `additional` to the time that is left; see [`LockGuard::extend`].
    ///
    /// # Errors
    /// As there.
    pub fn extend(&self, additional: Duration) -> Result<Duration, LockError> {
        self.0.extend(additional)
    }

    /// Whether the holder may still rely on it, without I/O.
    pub fn is_valid(&self) -> bool {
        self.0.is_valid()
    }

    /// The time for which the holder may still rely on it, without I/O.
    pub fn remaining(&self) -> Duration {
        self.0.remaining()
    }

    /// Fails if the holder must not rely on it any more, without I/O.
    ///
    /// # Errors
    /// [`Lost`].
    pub fn check(&self) -> Result<(), Lost> {
        self.0.check()
    }

    /// What tells of its loss.
    pub fn lost(&self) -> &LostSignal {
        self.0.lost()
    }

    /// Calls `callback` when it is lost; see [`LockGuard::on_lost`].
    pub fn on_lost(&self, callback: impl FnOnce(LostReason) + Send + 'static) {
        self.0.on_lost(callback);
    }

    /// The value that makes it ours.
    pub fn token(&self) -> &Token {
        self.0.token()
    }
}
