//! A named lock: its settings.

use std::sync::Arc;
use std::time::{Duration, Instant};

use client::{Canceller, Client};

use crate::acquire::{Limit, Wanted};
use crate::keys::{Keys, Kind};
use crate::script::{self, Compared, How};
use crate::{Durability, LockError, LockGuard, Locks, NotOwned, Token};

/// A named lock with its settings. It owns nothing: [`Lock::acquire`] returns what does.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use lock::LockExt;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// let lock = client.lock("doc:lock").timeout(Duration::from_secs(5)).blocking_timeout(Duration::from_millis(20));
/// let guard = lock.acquire()?;
/// assert!(lock.locked()?);
/// let late = lock.acquire().unwrap_err();
/// assert!(late.to_string().starts_with("lock \"doc:lock\" was not acquired within"));
/// drop(guard);
/// assert!(!lock.locked()?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Lock {
    pub(crate) locks: Result<Locks, &'static str>,
    pub(crate) keys: Arc<Keys>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) margin: Duration,
    /// Nobody has set the timeout.
    is_untimed: bool,
    renew: Option<Renew>,
    pub(crate) max_hold: Duration,
    pub(crate) sleep: Duration,
    pub(crate) blocking: bool,
    pub(crate) blocking_timeout: Option<Duration>,
    pub(crate) token: Option<Token>,
    pub(crate) fenced: bool,
    pub(crate) wait: Wait,
    pub(crate) fair: bool,
    pub(crate) durability: Durability,
    pub(crate) reentrant: bool,
}

/// How a lock that is held is waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wait {
    /// The one who releases it wakes the next, who waits on a connection of the manager's meanwhile. A holder that wakes
    /// nobody, such as redis-py, is looked at every [`sleep`](Lock::sleep).
    #[default]
    Notify,
    /// Everybody looks again every [`sleep`](Lock::sleep).
    Poll,
}

/// Whether the keeper renews a lock while it is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Renew {
    /// Never.
    Off,
    /// After each third of its `timeout`.
    On,
    /// That often.
    Every(Duration),
}

/// Who holds a lock, as the server sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OwnerInfo {
    /// The value in the lock.
    pub token: Token,
    /// The time after which the server lets go; `None` if never.
    pub ttl: Option<Duration>,
}

/// Adds `client.lock(name)`.
pub trait LockExt {
    /// The lock called `name`, which is also its key. All locks of a client and its views share one
    /// [manager](Locks), with connections of its own.
    fn lock(&self, name: impl Into<String>) -> Lock;
}

impl LockExt for Client {
    fn lock(&self, name: impl Into<String>) -> Lock {
        Lock { locks: Locks::of(self).map_err(|_| NO_CONNECTIONS), ..Lock::bare(name.into()) }
    }
}

const NO_CONNECTIONS: &str = "the client's settings allow no connections of one's own";

/// A lock lasts this long unless told otherwise.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A lock that is renewed lasts this long altogether unless told otherwise.
const MAX_HOLD: Duration = Duration::from_secs(24 * 3600);

/// Nobody holds a lock for longer than this at a time: the server counts milliseconds since 1970 in 64 bits.
const LONGEST: Duration = Duration::from_secs(1 << 40);

/// The settings.
impl Lock {
    pub(crate) fn new(locks: &Locks, name: String) -> Self {
        Self { locks: Ok(locks.clone()), ..Self::bare(name) }
    }

    pub(crate) fn of_kind(locks: &Locks, keys: Keys) -> Self {
        Self { locks: Ok(locks.clone()), keys: Arc::new(keys), ..Self::bare(String::new()) }
    }

    fn bare(name: String) -> Self {
        Self {
            locks: Err(NO_CONNECTIONS),
            keys: Arc::new(Keys::of(name)),
            timeout: Some(TIMEOUT),
            margin: Duration::ZERO,
            is_untimed: true,
            renew: None,
            max_hold: MAX_HOLD,
            sleep: Duration::from_millis(100),
            blocking: true,
            blocking_timeout: None,
            token: None,
            fenced: false,
            wait: Wait::Notify,
            fair: true,
            durability: Durability::Memory,
            reentrant: false,
        }
    }

    /// Sets after how long the server lets go of the lock by itself, 1 ms at least.
    ///
    /// Without it, it is 30 s and the lock is renewed while it is held. With it, it is not renewed, as in redis-py, unless
    /// [`auto_renew`](Self::auto_renew) says so.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        (self.timeout, self.is_untimed) = (Some(timeout), false);
        self
    }

    /// Lets the lock never expire, as redis-py does by default. If its holder dies, it stays locked for ever.
    #[must_use]
    pub fn no_timeout(mut self) -> Self {
        self.timeout = None;
        self
    }

    /// Sets whether the keeper renews the lock while it is held; by default it renews what has no
    /// [`timeout`](Self::timeout) of its own.
    #[must_use]
    pub fn auto_renew(mut self, renew: Renew) -> Self {
        self.renew = Some(renew);
        self
    }

    /// Sets how long the lock may be held when it is renewed, by default 24 h. Then the holder is told, and the server
    /// lets go when the time that is left is over.
    #[must_use]
    pub fn max_hold(mut self, limit: Duration) -> Self {
        self.max_hold = limit;
        self
    }

    /// Lets the server keep the lock for longer than its holder relies on it, by default not at all: Chubby's lock-delay.
    /// A request of his that is still under way has so long to arrive before the next holder begins.
    #[must_use]
    pub fn safety_margin(mut self, margin: Duration) -> Self {
        self.margin = margin;
        self
    }

    /// Sets how long to wait between two looks at a lock whose holder wakes nobody, by default 100 ms. Half of it varies
    /// by chance, so that waiters do not march in step.
    #[must_use]
    pub fn sleep(mut self, sleep: Duration) -> Self {
        self.sleep = sleep;
        self
    }

    /// Sets how a lock that is held is waited for.
    #[must_use]
    pub fn wait(mut self, wait: Wait) -> Self {
        self.wait = wait;
        self
    }

    /// Sets whether those who wait get the lock in the order in which they came, by default true. Who releases it hands
    /// it to the next. If not, one of those who wait is woken, and gets it if nobody else is faster. It says nothing for
    /// [`Wait::Poll`]. Who comes in the moment in which it is free gets it, whoever waits.
    ///
    /// Threads of one process are one waiter, and are served in order among themselves. A waiter that does not move for
    /// two seconds loses his place.
    #[must_use]
    pub fn fair(mut self, fair: bool) -> Self {
        self.fair = fair;
        self
    }

    /// Sets whether `acquire` waits at all, by default true.
    #[must_use]
    pub fn blocking(mut self, blocking: bool) -> Self {
        self.blocking = blocking;
        self
    }

    /// Sets how long `acquire` waits, by default as long as it takes.
    #[must_use]
    pub fn blocking_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.blocking_timeout = limit.into();
        self
    }

    /// Sets the value that tells the holder, by default a new random one for each acquisition. Who has the same token has
    /// the same lock: it excludes nobody.
    #[must_use]
    pub fn token(mut self, token: impl Into<Token>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Sets whether each acquisition gets a [number](crate::Fence) that is larger than all before it, by default false. Its
    /// counter is a key of its own, `{name}:fence`, which never expires.
    ///
    /// # Example
    /// ```
    /// use lock::LockExt;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let lock = client.lock("doc:fenced").fenced(true);
    /// let first = lock.with(|guard| guard.fence())?;
    /// let second = lock.with(|guard| guard.fence())?;
    /// assert!(first.is_some() && first < second);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn fenced(mut self, fenced: bool) -> Self {
        self.fenced = fenced;
        self
    }

    /// Sets whether the thread that holds the lock gets it again, by default false: it is told that it would wait for
    /// itself. The lock is released with the last of its guards, in whatever order they end. The time that is left never
    /// gets shorter by an inner guard, only longer if that asks for more; all else is as the outer one has set it.
    ///
    /// It costs no request. Other processes see one lock, held once. Only guards of one [manager](Locks) know each other.
    ///
    /// # Example
    /// ```
    /// use lock::LockExt;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let lock = client.lock("doc:reentrant").reentrant(true);
    /// let outer = lock.acquire()?;
    /// let inner = lock.acquire()?;
    /// assert_eq!(inner.token(), outer.token());
    /// drop(inner);
    /// assert!(outer.owned()?);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn reentrant(mut self, reentrant: bool) -> Self {
        self.reentrant = reentrant;
        self
    }

    /// Sets what must have the lock besides the server's memory, by default nothing.
    #[must_use]
    pub fn durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }

    /// The name, which is also the key.
    pub fn name(&self) -> &str {
        &self.keys.lock
    }
}

/// Acquiring.
impl Lock {
    /// Acquires the lock, waiting as the settings say.
    ///
    /// # Errors
    /// [`LockError::NotAcquired`] when the wait was too short, [`LockError::WouldDeadlock`] when it would never end,
    /// [`LockError::Indeterminate`] when nobody knows, [`LockError::Client`] when the server could not be asked.
    pub fn acquire(&self) -> Result<LockGuard, LockError> {
        self.acquired(self.limit(), None)
    }

    /// Acquires the lock if it is free now; `None` if somebody holds it. redis-py's `acquire(blocking=False)`.
    ///
    /// # Errors
    /// As [`Lock::acquire`], but for the first two.
    pub fn try_acquire(&self) -> Result<Option<LockGuard>, LockError> {
        Wanted::begin(self, Limit::Now, None)?.wait()
    }

    /// Acquires the lock if it comes free within `limit`; `None` if it does not. redis-py's
    /// `acquire(blocking_timeout=…)`.
    ///
    /// # Errors
    /// As [`Lock::acquire`], but for the first two.
    pub fn acquire_for(&self, limit: Duration) -> Result<Option<LockGuard>, LockError> {
        Wanted::begin(self, Limit::For(limit), None)?.wait()
    }

    /// Acquires the lock as [`Lock::acquire`] does, until another thread calls the wait off.
    ///
    /// # Errors
    /// [`LockError::Cancelled`] then; else as [`Lock::acquire`].
    ///
    /// # Example
    /// ```
    /// use std::{thread, time::Duration};
    /// use client::Canceller;
    /// use lock::{LockError, LockExt};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let guard = client.lock("doc:cancel").acquire()?;
    /// let (canceller, lock) = (Canceller::new(), client.lock("doc:cancel"));
    /// let other = canceller.clone();
    /// let waiting = thread::spawn(move || lock.acquire_with(&other));
    /// thread::sleep(Duration::from_millis(20));
    /// canceller.cancel();
    /// assert!(matches!(waiting.join().unwrap(), Err(LockError::Cancelled { .. })));
    /// # Ok(())
    /// # }
    /// ```
    pub fn acquire_with(&self, canceller: &Canceller) -> Result<LockGuard, LockError> {
        self.acquired(self.limit(), Some(canceller))
    }

    /// Runs `body` while the lock is held, then releases it: redis-py's `with lock:`.
    ///
    /// # Errors
    /// As [`Lock::acquire`]. Those of the release, too: then `body` has run, but may not have been alone.
    ///
    /// # Example
    /// ```
    /// use lock::LockExt;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let sum = client.lock("doc:with").with(|guard| {
    ///     assert!(guard.is_valid());
    ///     40 + 2
    /// })?;
    /// assert_eq!(sum, 42);
    /// # Ok(())
    /// # }
    /// ```
    pub fn with<R>(&self, body: impl FnOnce(&LockGuard) -> R) -> Result<R, LockError> {
        let guard = self.acquire()?;
        let result = body(&guard);
        guard.release()?;
        Ok(result)
    }

    fn acquired(&self, limit: Limit, canceller: Option<&Canceller>) -> Result<LockGuard, LockError> {
        let begin = Instant::now();
        Wanted::begin(self, limit, canceller)?
            .wait()?
            .ok_or_else(|| LockError::NotAcquired { name: self.name().to_owned(), waited: begin.elapsed() })
    }

    fn limit(&self) -> Limit {
        match self.blocking_timeout {
            _ if !self.blocking => Limit::Now,
            Some(limit) => Limit::For(limit),
            None => Limit::Never,
        }
    }
}

/// Looking at it, and what an administrator needs.
impl Lock {
    /// Whether anybody holds the lock.
    ///
    /// # Errors
    /// [`LockError::Client`] when the server could not be asked.
    pub fn locked(&self) -> Result<bool, LockError> {
        Ok(self.locks()?.calls(None).exists(self.name())? == 1)
    }

    /// Who holds the lock; `None` if nobody does.
    ///
    /// # Errors
    /// [`LockError::Client`] when the server could not be asked.
    pub fn owner(&self) -> Result<Option<OwnerInfo>, LockError> {
        let client = self.locks()?.calls(None);
        let (token, ttl) = client.pipeline(|p| (p.get::<Vec<u8>>(self.name()), p.ttl(self.name())))?;
        Ok(token.map(|token| OwnerInfo { token: Token::from(token), ttl: ttl.duration() }))
    }

    /// Takes over a lock that is held by `token`, from [`LockGuard::handover`] here or elsewhere: its time begins anew.
    ///
    /// # Errors
    /// [`LockError::NotOwned`] when it is not held by it, [`LockError::Client`] when the server could not be asked.
    ///
    /// # Example
    /// ```
    /// use lock::LockExt;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let token = client.lock("doc:adopt").acquire()?.handover();
    /// // … the token goes to another process, which goes on under the lock …
    /// let guard = client.lock("doc:adopt").adopt(token)?;
    /// assert!(guard.owned()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn adopt(&self, token: Token) -> Result<LockGuard, LockError> {
        self.validate()?;
        let locks = self.locks()?;
        let asked = locks.now();
        let ttl = self.ttl();
        if let Some(ttl) = ttl {
            match Compared::of(script::extend(&locks.calls(None), &self.keys, &token, ttl, How::Lengthen)?) {
                Compared::Ours => {}
                Compared::Gone => return Err(self.not_owned(NotOwned::Gone)),
                Compared::Other => return Err(self.not_owned(NotOwned::Other)),
            }
        } else {
            match locks.calls(None).get::<Vec<u8>>(self.name())? {
                None => return Err(self.not_owned(NotOwned::Gone)),
                Some(holder) if holder != token.as_bytes() => return Err(self.not_owned(NotOwned::Other)),
                Some(_) => {}
            }
        }
        LockGuard::begin(self, locks, token, asked, None)
    }

    /// Deletes the lock, whoever holds it; false if nobody does. For an administrator: its holder goes on working until
    /// he looks.
    ///
    /// # Errors
    /// [`LockError::Client`] when the server could not be asked.
    pub fn force_release(&self) -> Result<bool, LockError> {
        Ok(self.locks()?.calls(None).del(self.name())? == 1)
    }

    pub(crate) fn locks(&self) -> Result<&Locks, LockError> {
        self.locks.as_ref().map_err(|why| LockError::Config(why))
    }

    pub(crate) fn not_owned(&self, why: NotOwned) -> LockError {
        LockError::NotOwned { name: self.name().to_owned(), why }
    }

    /// How long the server keeps it.
    pub(crate) fn ttl(&self) -> Option<Duration> {
        self.timeout.map(|timeout| timeout.saturating_add(self.margin))
    }

    /// How often it is renewed, if at all.
    pub(crate) fn renewed_every(&self) -> Option<Duration> {
        let timeout = self.timeout?;
        match self.renew {
            None => self.is_untimed.then_some(timeout / 3),
            Some(Renew::Off) => None,
            Some(Renew::On) => Some(timeout / 3),
            Some(Renew::Every(every)) => Some(every),
        }
    }

    /// Whether the settings make sense.
    pub(crate) fn validate(&self) -> Result<(), LockError> {
        if let Some(timeout) = self.timeout {
            self.validate_term(timeout)?;
        }
        if self.keys.kind == Kind::Permits(0) {
            return Err(LockError::Config("a semaphore needs at least one permit"));
        }
        let too_rare = |every| self.timeout.is_some_and(|timeout| every >= timeout);
        if self.renewed_every().is_some_and(too_rare) {
            return Err(LockError::Config("a lock must be renewed more often than its timeout"));
        }
        Ok(())
    }

    /// Whether it can be held for so long.
    pub(crate) fn validate_term(&self, timeout: Duration) -> Result<(), LockError> {
        if timeout < Duration::from_millis(1) {
            return Err(LockError::Config("a lock needs a timeout of at least 1 ms"));
        }
        match timeout.saturating_add(self.margin) > LONGEST {
            true => Err(LockError::Config("a lock that shall never expire has no timeout")),
            false => Ok(()),
        }
    }
}
