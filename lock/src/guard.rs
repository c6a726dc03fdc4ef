//! Ownership of a lock, and how it ends.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::time::Duration;

use client::{Client, Pipeline, Retry};

use crate::attempts::persist;
use crate::durability::Copies;
use crate::held::{Held, Term};
use crate::keeper::{Job, Keeper, Renewal};
use crate::keys::Kind;
use crate::plain;
use crate::script::{self, Compared, How};
use crate::{
    Durability, Fence, Guarded, Lock, LockError, Locks, Lost, LostReason, LostSignal, NotOwned, Token,
};

/// Ownership of a lock, from [`Lock::acquire`]. It may be moved to another thread and released there.
///
/// When it is dropped, it releases the lock as well as it can, within a quarter of a second; what fails is left to the
/// keeper. [`LockGuard::release`] also tells how it went. A forked child owns nothing: its copy of a guard does nothing.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use lock::LockExt;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// let guard = client.lock("doc:guard").timeout(Duration::from_secs(1)).acquire()?;
/// guard.extend(Duration::from_secs(9))?;
/// assert!(guard.remaining() > Duration::from_secs(8));
/// for step in 0..3 {
///     guard.check()?; // costs no I/O: a look at the clock
///     // … a step of the work …
/// }
/// guard.release()?;
/// # Ok(())
/// # }
/// ```
#[must_use = "the lock is released when the guard is dropped"]
pub struct LockGuard {
    lock: Lock,
    locks: Locks,
    keeper: Arc<Keeper>,
    held: Arc<Held>,
    /// A request may still be under way that takes the lock again; until then the server would keep it.
    stray_until: Option<Duration>,
    /// Nothing is left to do.
    is_over: bool,
}

/// A release that failed, with the guard, so that it can be tried again.
pub struct ReleaseError(Box<(LockError, LockGuard)>);

/// Dropping a guard takes no longer than this.
const DROP: Duration = Duration::from_millis(250);

impl LockGuard {
    /// The server has given the lock to `token`; it was `asked` at that time.
    pub(crate) fn begin(
        lock: &Lock,
        locks: &Locks,
        token: Token,
        asked: Duration,
        fence: Option<Fence>,
    ) -> Result<Self, LockError> {
        let keeper = locks.keeper();
        let term = lock.timeout.map(|lease| Term::new(asked, lease, lock.margin));
        let held = Arc::new(Held::new(keeper.next_id(), Arc::clone(&lock.keys), token, term, fence));
        let renewal = lock.timeout.zip(lock.renewed_every()).map(|(lease, every)| Renewal {
            lease,
            margin: lock.margin,
            durability: lock.durability,
            every,
            next: asked.saturating_add(every),
            stop: asked.saturating_add(lock.max_hold),
        });
        let is_kept = keeper.add(Arc::clone(&held), renewal);
        let (lock, locks) = (lock.clone(), locks.clone());
        let guard = Self { lock, locks, keeper, held, stray_until: None, is_over: false };
        // Dropping it releases the lock again.
        if is_kept { Ok(guard) } else { Err(LockError::Closed) }
    }

    /// One more guard for a lock that this thread holds already. It lasts for as long as `lock` says, at least.
    pub(crate) fn nested(lock: &Lock, locks: &Locks, held: Arc<Held>) -> Result<Self, LockError> {
        let (keeper, lock, locks) = (locks.keeper(), lock.clone(), locks.clone());
        let guard = Self { lock, locks, keeper, held, stray_until: None, is_over: false };
        let wanted = guard.lock.timeout.filter(|timeout| guard.remaining() < *timeout - *timeout / 50);
        if let Some(timeout) = wanted.filter(|_| guard.held.ends().is_some()) {
            guard.extend_to(timeout)?;
        }
        Ok(guard)
    }

    /// The same guard, knowing of a request that may still be under way.
    pub(crate) fn with_stray(mut self, until: Option<Duration>) -> Self {
        self.stray_until = until;
        self
    }

    /// Releases the lock. A lost reply does no harm: it is tried again, and what is gone then was ours.
    ///
    /// # Errors
    /// [`ReleaseError`] with [`LockError::NotOwned`] when it was ours no more, or with why the server could not be
    /// asked; it gives the guard back.
    pub fn release(mut self) -> Result<(), ReleaseError> {
        match self.try_release(None) {
            Ok(()) => Ok(()),
            Err(error) => Err(ReleaseError(Box::new((error, self)))),
        }
    }

    /// Adds `additional` to the time that the server gives us, and returns what is left of it for us. The sum is worked
    /// out once, here: sending it twice adds it once.
    ///
    /// # Errors
    /// [`LockError::NotOwned`] and [`LockError::Lost`] when it is ours no more, [`LockError::Config`] when it never
    /// expires.
    pub fn extend(&self, additional: Duration) -> Result<Duration, LockError> {
        let ends = self.held.ends().ok_or(ENDLESS)?;
        let left = ends.saturating_sub(self.locks.now()).saturating_sub(self.lock.margin);
        self.extend_to(left.saturating_add(additional))
    }

    /// Sets the time that the server gives us, and returns what is left of it for us: redis-py's
    /// `extend(…, replace_ttl=True)`.
    ///
    /// # Errors
    /// [`LockError::NotOwned`] and [`LockError::Lost`] when it is ours no more, [`LockError::Config`] when it never
    /// expires or the time is less than 1 ms.
    pub fn extend_to(&self, timeout: Duration) -> Result<Duration, LockError> {
        if self.held.ends().is_none() {
            return Err(ENDLESS);
        }
        self.lock.validate_term(timeout)?;
        self.check()?;
        self.held.begin_edition();
        let client = self.locks.calls(None).retry(Retry::default().idempotent());
        let ttl = timeout.saturating_add(self.lock.margin);
        let asked = self.locks.now();
        // What is nested takes nothing from what is around it.
        let is_nested = self.held.is_nested();
        let how = match self.lock.durability {
            _ if !is_nested => How::Shorten,
            Durability::Memory => How::Lengthen,
            _ => How::Write,
        };
        let extend = |p: &Pipeline| script::extend(p, &self.lock.keys, &self.held.token, ttl, how);
        let (reply, copies) = match self.lock.durability {
            Durability::Memory => {
                (script::extend(&client, &self.lock.keys, &self.held.token, ttl, how)?, Copies::default())
            }
            durable => durable.run(&client, extend)?,
        };
        let compared = Compared::of(reply);
        // An answer to a renewal that was sent meanwhile must not count either.
        self.held.begin_edition();
        match compared {
            Compared::Ours => {
                let durable = self.lock.durability.check(copies, self.name());
                if let Err(error) = durable {
                    // What fewer have lasts no longer than it did; what was shortened is.
                    self.held.shorten(Term::new(asked, timeout, self.lock.margin));
                    self.keeper.retimed(self.held.id);
                    return Err(error);
                }
                let term = Term::new(asked, timeout, self.lock.margin);
                if is_nested {
                    self.held.lengthen(term);
                } else {
                    self.held.set(term);
                }
                self.keeper.retimed(self.held.id);
                Ok(self.remaining())
            }
            Compared::Other => Err(self.lose(LostReason::TakenOver, NotOwned::Other)),
            Compared::Gone => Err(self.lose(LostReason::Deleted, NotOwned::Gone)),
        }
    }

    /// Sets the time that is left to the lock's `timeout` again.
    ///
    /// # Errors
    /// As [`LockGuard::extend_to`].
    pub fn reacquire(&self) -> Result<Duration, LockError> {
        self.extend_to(self.lock.timeout.ok_or(ENDLESS)?)
    }

    /// Makes sure that at least so much time is left, and asks the server only if it is not.
    ///
    /// # Errors
    /// As [`LockGuard::extend_to`].
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use lock::LockExt;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let guard = client.lock("doc:ensure").timeout(Duration::from_secs(2)).acquire()?;
    /// guard.ensure(Duration::from_secs(1))?; // no I/O
    /// guard.ensure(Duration::from_secs(5))?;
    /// assert!(guard.remaining() >= Duration::from_secs(5));
    /// # Ok(())
    /// # }
    /// ```
    pub fn ensure(&self, at_least: Duration) -> Result<(), LockError> {
        self.check()?;
        if self.remaining() < at_least {
            // What the drift will take, and a little for the way.
            let enough = at_least.saturating_add(at_least / 50).saturating_add(Duration::from_millis(50));
            self.extend_to(self.lock.timeout.unwrap_or_default().max(enough))?;
        }
        Ok(())
    }

    /// Whether the lock is still ours, as the server sees it.
    ///
    /// # Errors
    /// [`LockError::Client`] when the server could not be asked.
    pub fn owned(&self) -> Result<bool, LockError> {
        let holder = self.locks.calls(None).get::<Vec<u8>>(self.lock.name())?;
        Ok(holder.is_some_and(|holder| holder == self.held.token.as_bytes()))
    }

    /// Whether the holder may still rely on the lock. Without I/O: a look at the clock, and whether the keeper has heard
    /// otherwise.
    pub fn is_valid(&self) -> bool {
        self.held.is_valid(self.locks.now())
    }

    /// The time for which the holder may still rely on the lock, without I/O: a little less than the server gives
    /// him. `Duration::MAX` if it never expires, zero if it is lost.
    pub fn remaining(&self) -> Duration {
        let now = self.locks.now();
        if !self.held.is_valid(now) {
            return Duration::ZERO;
        }
        self.held.until().map_or(Duration::MAX, |until| until.saturating_sub(now))
    }

    /// Fails if the holder must not rely on the lock any more, and says why. Without I/O: for use between the steps of a
    /// work.
    ///
    /// # Errors
    /// [`Lost`].
    pub fn check(&self) -> Result<(), Lost> {
        self.held.check(self.locks.now())
    }

    /// What tells of the loss of the lock.
    pub fn lost(&self) -> &LostSignal {
        &self.held.lost
    }

    /// Calls `callback` when the lock is lost, at once if it is, on a thread of its own. It is not called for a lock that
    /// was released.
    ///
    /// # Example
    /// ```
    /// use std::{sync::mpsc, time::Duration};
    /// use lock::{LockExt, LostReason};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let guard = client.lock("doc:on_lost").timeout(Duration::from_millis(50)).acquire()?;
    /// let (sender, lost) = mpsc::channel();
    /// guard.on_lost(move |reason| drop(sender.send(reason)));
    /// assert_eq!(lost.recv()?, LostReason::LeaseEnded);
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_lost(&self, callback: impl FnOnce(LostReason) + Send + 'static) {
        if self.held.pid == std::process::id() {
            self.keeper.watch(&self.held, Box::new(callback));
        }
    }

    /// The number of this acquisition, if the lock is [`fenced`](crate::Lock::fenced).
    pub fn fence(&self) -> Option<Fence> {
        self.held.fence
    }

    /// Runs scripts and commands only while the lock is ours, in one step on the server.
    pub fn guarded(&self) -> Guarded<'_> {
        Guarded::new(self)
    }

    /// The value in the lock that makes it ours.
    pub fn token(&self) -> &Token {
        &self.held.token
    }

    /// The lock's name.
    pub fn name(&self) -> &str {
        self.lock.name()
    }

    /// Gives the lock out of this guard's hands without releasing it: [`Lock::adopt`] takes it over, here or in another
    /// process, before the time that is left is over. It is not renewed any more.
    pub fn handover(mut self) -> Token {
        self.end();
        self.held.token.clone()
    }

    /// One release, tried until it is answered.
    fn try_release(&mut self, limit: Option<Duration>) -> Result<(), LockError> {
        if self.is_over {
            return Err(self.lock.not_owned(NotOwned::Gone));
        }
        if self.held.leave() > 0 {
            // The last guard releases the lock; this one has only to say whether it is still held.
            self.is_over = true;
            return Ok(self.check()?);
        }
        self.held.come_back();
        if self.held.pid != std::process::id() || self.held.lost.reason() == Some(LostReason::Closed) {
            self.check()?;
        }
        let is_valid = self.is_valid();
        // From here on a renewal that finds it gone says nothing.
        self.held.begin_edition();
        self.keeper.remove(self.held.id);
        let (keys, token) = (&self.lock.keys, &self.held.token);
        let mut is_plain = keys.kind == Kind::Lock && !keys.busy.load(Relaxed);
        let tried = persist(&self.locks, limit, None, |client| {
            let plain = std::mem::take(&mut is_plain)
                .then(|| plain::release(self.locks.abilities(), client, keys, token))
                .flatten();
            match plain {
                Some(Ok(false)) => Ok(1),
                Some(Ok(true)) => {
                    // It is released. Who waits is woken, or looks by himself if that fails.
                    let _ = script::release(client, keys, token, false);
                    Ok(2)
                }
                Some(Err(error)) => Err(error),
                None => script::release(client, keys, token, false),
            }
        });
        if let Ok(reply) = tried.result {
            keys.busy.store(reply != 1, Relaxed);
        }
        // A release that may have been executed, while we were the holder, explains that it is ours no more.
        if tried.is_doubtful && is_valid {
            self.held.is_doubtful.store(true, SeqCst);
        }
        let compared = match tried.result {
            Ok(reply) => Compared::of(reply),
            Err(error) => {
                // Its holder hears when its time is over; but who wants to be rid of it does not renew it.
                self.keeper.add(Arc::clone(&self.held), None);
                return Err(error.into());
            }
        };
        self.end();
        match compared {
            Compared::Ours => Ok(()),
            Compared::Gone | Compared::Other if self.held.is_doubtful.load(SeqCst) => Ok(()),
            Compared::Gone => Err(self.lock.not_owned(NotOwned::Gone)),
            Compared::Other => Err(self.lock.not_owned(NotOwned::Other)),
        }
    }

    /// The guard has nothing left to do; what may still come is the keeper's.
    fn end(&mut self) {
        self.is_over = true;
        self.held.lost.end();
        self.keeper.remove(self.held.id);
        if let Some(until) = self.stray_until {
            let job = Job::new(&self.lock.keys, &self.held.token, self.locks.now(), until);
            self.keeper.release_later(job.again_and_again());
        }
    }

    /// For one call of the holder's.
    pub(crate) fn asking(&self) -> Client {
        self.locks.calls(None)
    }

    /// The server says that it is ours no more.
    pub(crate) fn lose(&self, reason: LostReason, why: NotOwned) -> LockError {
        self.keeper.lose(&self.held, reason);
        self.lock.not_owned(why)
    }
}

const ENDLESS: LockError = LockError::Config("a lock without a timeout cannot be extended");

impl Drop for LockGuard {
    fn drop(&mut self) {
        if self.is_over || self.held.pid != std::process::id() {
            return;
        }
        if self.held.leave() > 0 {
            return;
        }
        self.held.come_back();
        let left = self.held.ends().map(|ends| ends.saturating_sub(self.locks.now()));
        let is_ours = !matches!(
            self.held.lost.reason(),
            Some(LostReason::Closed | LostReason::Deleted | LostReason::TakenOver)
        );
        if is_ours && left != Some(Duration::ZERO) {
            let limit = left.map_or(DROP, |left| left.min(DROP));
            if self.try_release(Some(limit)).is_err() && !self.is_over {
                // Nobody is there to be told. The server lets go by itself when the time is over.
                let now = self.locks.now();
                let until = self.held.ends().unwrap_or_else(|| now + ENDLESS_TRIES);
                self.keeper.release_later(Job::new(&self.lock.keys, &self.held.token, now, until));
            }
        }
        self.keeper.remove(self.held.id);
        self.held.lost.end();
    }
}

/// A lock that never expires is released on the side for so long, if the server cannot be reached.
const ENDLESS_TRIES: Duration = Duration::from_secs(3600);

impl fmt::Debug for LockGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LockGuard")
            .field("name", &self.name())
            .field("token", &self.held.token)
            .field("fence", &self.held.fence)
            .field("lost", &self.held.lost)
            .finish_non_exhaustive()
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
        std::error::Error::source(self.error())
    }
}

impl From<ReleaseError> for LockError {
    fn from(failed: ReleaseError) -> Self {
        failed.0.0
    }
}
