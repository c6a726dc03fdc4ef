//! Ownership of a lock, and how it ends.

use std::fmt;
use std::time::{Duration, Instant};

use crate::{Lock, LockError, Token, script};

/// Ownership of a lock, from [`Lock::acquire`]. It may be moved to another thread and released there.
///
/// When it is dropped, it releases the lock as well as it can; [`LockGuard::release`] also tells how it went. A
/// forked child owns nothing: its copy of a guard does nothing.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use lock::LockExt;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// let mut guard = client.lock("doc:guard").timeout(Duration::from_secs(1)).acquire()?;
/// guard.extend(Duration::from_secs(9))?;
/// assert!(guard.remaining().unwrap() > Duration::from_secs(8));
/// assert!(guard.owned()?);
/// guard.release()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "the lock is released when the guard is dropped"]
pub struct LockGuard {
    lock: Lock,
    token: Token,
    /// When the server will let go, counted from before it was asked; `None` if never.
    until: Option<Instant>,
    pid: u32,
    released: bool,
}

/// A release that failed, with the guard, so that it can be tried again.
pub struct ReleaseError(Box<(LockError, LockGuard)>);

impl LockGuard {
    pub(crate) fn new(lock: Lock, token: Token, asked: Instant) -> Self {
        let until = lock.lease().and_then(|lease| asked.checked_add(lease));
        Self { lock, token, until, pid: std::process::id(), released: false }
    }

    /// Releases the lock.
    ///
    /// # Errors
    /// [`ReleaseError`] with [`LockError::NotOwned`] when it was ours no more, or with why the server could not be
    /// asked; it gives the guard back.
    pub fn release(mut self) -> Result<(), ReleaseError> {
        match script::release(self.lock.client(), self.lock.name(), &self.token) {
            Ok(true) => {
                self.released = true;
                Ok(())
            }
            Ok(false) => {
                self.released = true;
                Err(ReleaseError(Box::new((self.not_owned(), self))))
            }
            Err(error) => Err(ReleaseError(Box::new((error.into(), self)))),
        }
    }

    /// Adds `additional` to the time that is left. The sum is worked out once, here: sending it twice adds it once.
    ///
    /// # Errors
    /// [`LockError::NotOwned`] when it is ours no more, [`LockError::Config`] when it never expires.
    pub fn extend(&mut self, additional: Duration) -> Result<(), LockError> {
        let left =
            self.remaining().ok_or(LockError::Config("a lock without a timeout cannot be extended"))?;
        self.extend_to(left.saturating_add(additional))
    }

    /// Sets the time that is left: redis-py's `extend(…, replace_ttl=True)`.
    ///
    /// # Errors
    /// [`LockError::NotOwned`] when it is ours no more, [`LockError::Config`] when it never expires or the time is
    /// less than 1 ms.
    pub fn extend_to(&mut self, timeout: Duration) -> Result<(), LockError> {
        if self.until.is_none() {
            return Err(LockError::Config("a lock without a timeout cannot be extended"));
        }
        if timeout < Duration::from_millis(1) {
            return Err(LockError::Config("a lock needs a timeout of at least 1 ms"));
        }
        let asked = Instant::now();
        if !script::extend(self.lock.client(), self.lock.name(), &self.token, timeout)? {
            return Err(self.not_owned());
        }
        self.until = asked.checked_add(timeout);
        Ok(())
    }

    /// Sets the time that is left to the lock's `timeout` again.
    ///
    /// # Errors
    /// As [`LockGuard::extend_to`].
    pub fn reacquire(&mut self) -> Result<(), LockError> {
        self.extend_to(self.lock.lease().unwrap_or_default())
    }

    /// Whether the lock is still ours, as the server sees it.
    ///
    /// # Errors
    /// [`LockError::Client`] when the server could not be asked.
    pub fn owned(&self) -> Result<bool, LockError> {
        let holder = self.lock.client().get::<Vec<u8>>(self.lock.name())?;
        Ok(holder.is_some_and(|holder| holder == self.token.as_bytes()))
    }

    /// The time that is left, by the holder's own clock and without asking anybody; `None` if the lock never expires.
    pub fn remaining(&self) -> Option<Duration> {
        self.until.map(|until| until.saturating_duration_since(Instant::now()))
    }

    /// The value in the lock that makes it ours.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// The lock's name.
    pub fn name(&self) -> &str {
        self.lock.name()
    }

    fn not_owned(&self) -> LockError {
        LockError::NotOwned { name: self.lock.name().to_owned() }
    }
}

impl Drop for LockGuard {
    fn drop(&mut self) {
        let over = self.remaining().is_some_and(|left| left.is_zero());
        if !self.released && !over && self.pid == std::process::id() {
            // Nobody is there to be told; the server lets go by itself when the time is over.
            let _ = script::release(self.lock.client(), self.lock.name(), &self.token);
        }
    }
}

impl ReleaseError {
    /// Why the release failed.
    pub fn error(&self) -> &LockError {
        &self.0.0
    }

    /// The guard, to try again.
    pub fn into_guard(self) -> LockGuard {
        self.0.1
    }
}

impl fmt::Debug for ReleaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReleaseError").field(self.error()).finish()
    }
}

impl fmt::Display for ReleaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error().fmt(f)
    }
}

impl std::error::Error for ReleaseError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.error())
    }
}

impl From<ReleaseError> for LockError {
    fn from(failed: ReleaseError) -> Self {
        failed.0.0
    }
}
