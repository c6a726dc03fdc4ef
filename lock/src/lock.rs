//! A named lock: its settings, and how it is acquired.

use std::thread;
use std::time::{Duration, Instant};

use client::Client;

use crate::{LockError, LockGuard, Token, script};

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
    client: Client,
    name: String,
    timeout: Option<Duration>,
    sleep: Duration,
    blocking: bool,
    blocking_timeout: Option<Duration>,
    token: Option<Token>,
}

/// Adds `client.lock(name)`.
pub trait LockExt {
    /// The lock called `name`, which is also its key.
    fn lock(&self, name: impl Into<String>) -> Lock;
}

impl LockExt for Client {
    fn lock(&self, name: impl Into<String>) -> Lock {
        Lock::new(self, name)
    }
}

impl Lock {
    /// The lock called `name`, which is also its key: it expires after 30 s, and `acquire` waits as long as it takes.
    pub fn new(client: &Client, name: impl Into<String>) -> Self {
        Self {
            client: client.clone(),
            name: name.into(),
            timeout: Some(Duration::from_secs(30)),
            sleep: Duration::from_millis(100),
            blocking: true,
            blocking_timeout: None,
            token: None,
        }
    }

    /// Sets after how long the server lets go of the lock by itself: 1 ms at least, by default 30 s.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Lets the lock never expire, as redis-py does by default. If its holder dies, it stays locked for ever.
    #[must_use]
    pub fn no_timeout(mut self) -> Self {
        self.timeout = None;
        self
    }

    /// Sets how long to wait between two looks at a lock that is held, by default 100 ms. Half of it varies by
    /// chance, so that waiters do not march in step.
    #[must_use]
    pub fn sleep(mut self, sleep: Duration) -> Self {
        self.sleep = sleep;
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

    /// Sets the value that tells the holder, by default a new random one for each acquisition.
    #[must_use]
    pub fn token(mut self, token: impl Into<Token>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Acquires the lock, waiting as the settings say.
    ///
    /// # Errors
    /// [`LockError::NotAcquired`] when the wait was too short, [`LockError::Client`] when the server could not be
    /// asked.
    pub fn acquire(&self) -> Result<LockGuard, LockError> {
        let begin = Instant::now();
        let limit = if self.blocking { self.blocking_timeout } else { Some(Duration::ZERO) };
        self.wait(limit)?
            .ok_or_else(|| LockError::NotAcquired { name: self.name.clone(), waited: begin.elapsed() })
    }

    /// Acquires the lock if it is free now; `None` if somebody holds it. redis-py's `acquire(blocking=False)`.
    ///
    /// # Errors
    /// [`LockError::Client`] when the server could not be asked.
    pub fn try_acquire(&self) -> Result<Option<LockGuard>, LockError> {
        self.wait(Some(Duration::ZERO))
    }

    /// Acquires the lock if it comes free within `limit`; `None` if it does not.
    ///
    /// # Errors
    /// [`LockError::Client`] when the server could not be asked.
    pub fn acquire_for(&self, limit: Duration) -> Result<Option<LockGuard>, LockError> {
        self.wait(Some(limit))
    }

    /// Whether anybody holds the lock.
    ///
    /// # Errors
    /// [`LockError::Client`] when the server could not be asked.
    pub fn locked(&self) -> Result<bool, LockError> {
        Ok(self.client.exists(&self.name)? == 1)
    }

    /// The name, which is also the key.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn lease(&self) -> Option<Duration> {
        self.timeout
    }

    /// Looks until the lock is ours or `limit` is over. The last look is at the limit itself, not before it.
    fn wait(&self, limit: Option<Duration>) -> Result<Option<LockGuard>, LockError> {
        if self.timeout.is_some_and(|timeout| timeout < Duration::from_millis(1)) {
            return Err(LockError::Config("a lock needs a timeout of at least 1 ms"));
        }
        let token = self.token.clone().map_or_else(Token::random, Ok)?;
        let end = limit.and_then(|limit| Instant::now().checked_add(limit));
        loop {
            let asked = Instant::now();
            if script::acquire(&self.client, &self.name, &token, self.timeout)? {
                return Ok(Some(LockGuard::new(self.clone(), token, asked)));
            }
            let left = end.map(|end| end.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                return Ok(None);
            }
            let pause = self.sleep.mul_f64(0.75 + 0.5 * chance()?);
            thread::sleep(left.map_or(pause, |left| left.min(pause)));
        }
    }
}

/// A number from 0 to 1.
fn chance() -> Result<f64, LockError> {
    let mut byte = [0];
    getrandom::fill(&mut byte)
        .map_err(|_| LockError::Config("the operating system has no random numbers"))?;
    Ok(f64::from(byte[0]) / 255.0)
}
