//! The manager: what all locks of a client have in common.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use arc_swap::{ArcSwap, ArcSwapOption};
use client::{Canceller, Client, Retry};

use crate::keeper::{Hook, Job, Keeper};
use crate::plain::Abilities;
use crate::{BootClock, Clock, Event, Lock, LockError, LostReason};

/// The manager of the locks of a client: the keeper's thread, connections of their own, a list of what is held.
///
/// [`LockExt::lock`](crate::LockExt::lock) finds the one that belongs to a client, and makes it when there is none. Make
/// one by hand to set its options. It is cheap to clone. Nothing is connected and no thread is started before the first
/// lock needs it. A forked child finds it empty, with connections of its own.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use lock::Locks;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// let locks = Locks::builder().on_event(|event| eprintln!("{event:?}")).build(&client)?;
/// let guard = locks.lock("doc:locks").acquire()?;
/// assert_eq!(locks.held()[0].name, "doc:locks");
/// locks.close(); // releases what is held
/// assert!(!guard.is_valid());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Locks(Arc<Inner>);

struct Inner {
    /// For everything that is answered at once. Not the user's pool: that may be full of calls that wait for a lock.
    calls: Client,
    /// For the keeper alone.
    keeping: Client,
    /// For those who wait to be woken.
    waits: Client,
    /// So many may wait at the same time, and so many do.
    max_waiting: usize,
    waiting: AtomicUsize,
    abilities: Abilities,
    clock: Arc<dyn Clock>,
    hook: Option<Arc<Hook>>,
    call_timeout: Duration,
    keeper: ArcSwap<Keeper>,
}

/// One of those who wait on a connection.
struct Waiting<'a>(&'a Inner);

impl<'a> Waiting<'a> {
    /// `None` if there are too many already. (Those of a parent of this process count here too. They are few.)
    fn begin(inner: &'a Inner) -> Option<Self> {
        let waiting = Self(inner);
        (inner.waiting.fetch_add(1, SeqCst) < inner.max_waiting).then_some(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, SeqCst);
    }
}

/// Options of a [`Locks`].
#[derive(Clone)]
#[must_use = "a builder does nothing before `build`"]
pub struct LocksBuilder {
    clock: Arc<dyn Clock>,
    hook: Option<Arc<Hook>>,
    call_timeout: Duration,
    max_connections: usize,
}

/// A lock that this process holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeldInfo {
    /// The lock's name.
    pub name: String,
    /// The time that is left, by the holder's clock; `Duration::MAX` if it never expires.
    pub remaining: Duration,
    /// Whether it is still the holder's, and if not, why not.
    pub lost: Option<LostReason>,
}

/// So many threads may talk of locks at the same time; what they ask is answered at once.
const CONNECTIONS: usize = 64;

/// What is held is released together, in this time.
const CLOSE: Duration = Duration::from_millis(900);

impl Locks {
    /// A manager with the default options.
    ///
    /// # Errors
    /// [`LockError::Client`] when the client's settings allow no connections of one's own.
    pub fn new(client: &Client) -> Result<Self, LockError> {
        Self::builder().build(client)
    }

    /// Options for a manager.
    pub fn builder() -> LocksBuilder {
        LocksBuilder {
            clock: Arc::new(BootClock),
            hook: None,
            call_timeout: client::Config::TIMEOUT,
            max_connections: CONNECTIONS,
        }
    }

    /// The lock called `name`, which is also its key.
    pub fn lock(&self, name: impl Into<String>) -> Lock {
        Lock::new(self, name.into())
    }

    /// What this process holds, by this manager.
    pub fn held(&self) -> Vec<HeldInfo> {
        let now = self.now();
        let info = |held: Arc<crate::held::Held>| HeldInfo {
            name: held.name().to_owned(),
            remaining: held.until().map_or(Duration::MAX, |until| until.saturating_sub(now)),
            lost: held.check(now).err().map(|lost| lost.reason),
        };
        self.keeper().held().into_iter().map(info).collect()
    }

    /// Takes no more locks, releases what is held, in one flight and within a second, and ends the keeper's thread: for
    /// the end of a program, also from a signal's handler thread. Guards that are left are lost.
    pub fn close(&self) {
        let keeper = self.keeper();
        let end = Instant::now() + CLOSE;
        let (held, mut jobs) = keeper.close();
        let now = self.now();
        for held in &held {
            if !held.is_over(now) {
                jobs.push(Job::new(&held.keys, &held.token, now, now));
            }
            keeper.lose(held, LostReason::Closed);
        }
        if !jobs.is_empty() {
            // What cannot be released ends by itself.
            let client = self.0.calls.retry(Retry::default().idempotent()).deadline(end);
            let replies =
                client.pipeline(|p| jobs.iter().map(|job| job.queue(p).caught()).collect::<Vec<_>>());
            let replies = replies.unwrap_or_default();
            for (at, job) in jobs.into_iter().enumerate() {
                let confirmed = replies.get(at).is_some_and(Result::is_ok);
                keeper.tell(Event::Released { name: job.name().to_owned(), confirmed });
            }
        }
        keeper.join(end);
    }

    pub(crate) fn now(&self) -> Duration {
        self.0.clock.now()
    }

    /// The client for one attempt, which ends after the usual time or after `limit`, whichever is sooner.
    pub(crate) fn calls(&self, limit: Option<Duration>) -> Client {
        self.0.calls.timeout(self.call_timeout(limit))
    }

    pub(crate) fn call_timeout(&self, limit: Option<Duration>) -> Duration {
        limit.map_or(self.0.call_timeout, |limit| limit.min(self.0.call_timeout))
    }

    pub(crate) fn abilities(&self) -> &Abilities {
        &self.0.abilities
    }

    /// Waits until something lies in the list `key`, at most for `limit`; `None` if too many wait already. It says nothing
    /// of what lay there.
    pub(crate) fn wait_at(
        &self,
        key: &[u8],
        limit: Duration,
        canceller: Option<&Canceller>,
    ) -> Option<Result<(), client::Error>> {
        let waiting = Waiting::begin(&self.0)?;
        let client = self.0.waits.timeout(self.0.call_timeout);
        let client = match canceller {
            Some(canceller) => client.cancelled_by(canceller),
            None => client,
        };
        let found = client.blpop::<Vec<u8>, Vec<u8>>([key], limit.max(Duration::from_millis(1)));
        drop(waiting);
        Some(found.map(drop))
    }

    /// The keeper of this process. That of a parent is left as it is: another thread may have held its locks at the fork.
    pub(crate) fn keeper(&self) -> Arc<Keeper> {
        let keeper = self.0.keeper.load_full();
        if !keeper.is_inherited() {
            return keeper;
        }
        let own = Keeper::new(self.0.keeping.clone(), Arc::clone(&self.0.clock), self.0.hook.clone());
        self.0.keeper.compare_and_swap(&keeper, own);
        self.0.keeper.load_full()
    }

    /// The manager that belongs to a client's pool.
    pub(crate) fn of(client: &Client) -> Result<Self, LockError> {
        let registry = registry();
        let mut list = registry.managers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let place = std::ptr::from_ref(client.pool().manage()).addr();
        if let Some(known) = list.iter().find(|known| known.place == place && (known.lives)()) {
            return Ok(known.locks.clone());
        }
        list.retain(|known| (known.lives)());
        let weak = client.pool().downgrade();
        let lives = Box::new(move || weak.upgrade().is_some());
        let locks = Self::new(client)?;
        list.push(Known { place, lives, locks: locks.clone() });
        Ok(locks)
    }
}

impl LocksBuilder {
    /// Sets the clock of the holders, by default [`BootClock`]. For tests.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sets who is told of what happens behind a holder's back. Each call runs on a thread of its own.
    pub fn on_event(mut self, hook: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.hook = Some(Arc::new(hook));
        self
    }

    /// Sets how long one attempt to ask the server may take, by default 5 s.
    pub fn call_timeout(mut self, limit: Duration) -> Self {
        self.call_timeout = limit;
        self
    }

    /// Sets how many connections the locks may have besides the keeper's: so many for those who ask and as many for those
    /// who wait, by default 64. They are opened when needed. Who finds them all in use looks again and again instead of
    /// waiting.
    pub fn max_connections(mut self, count: usize) -> Self {
        self.max_connections = count;
        self
    }

    /// The manager, for locks on the server of `client`. It has connections of its own, so that a lock can be renewed and
    /// released when the client's are all in use.
    ///
    /// # Errors
    /// [`LockError::Client`] when there may be no connections.
    pub fn build(self, client: &Client) -> Result<Locks, LockError> {
        let Self { clock, hook, call_timeout, max_connections } = self;
        let calls = client.apart(max_connections)?.retry(Retry::NEVER);
        let keeping = client.apart(1)?;
        let waits = client.apart(max_connections)?.retry(Retry::NEVER);
        let keeper = ArcSwap::new(Keeper::new(keeping.clone(), Arc::clone(&clock), hook.clone()));
        let (max_waiting, waiting) = (max_connections, AtomicUsize::new(0));
        let inner = Inner {
            calls,
            keeping,
            waits,
            max_waiting,
            waiting,
            abilities: Abilities::default(),
            clock,
            hook,
            call_timeout,
            keeper,
        };
        Ok(Locks(Arc::new(inner)))
    }
}

/// The managers of this process, each with the pool it belongs to.
struct Registry {
    pid: u32,
    managers: std::sync::Mutex<Vec<Known>>,
}

struct Known {
    /// Where the pool is in memory, which says something only while it lives.
    place: usize,
    lives: Box<dyn Fn() -> bool + Send + Sync>,
    locks: Locks,
}

/// A child finds a registry of its own: that of its parent may be locked for ever.
fn registry() -> Arc<Registry> {
    static REGISTRY: ArcSwapOption<Registry> = ArcSwapOption::const_empty();
    let pid = std::process::id();
    loop {
        let found = REGISTRY.load_full();
        match &found {
            Some(registry) if registry.pid == pid => return Arc::clone(registry),
            _ => REGISTRY
                .compare_and_swap(&found, Some(Arc::new(Registry { pid, managers: Default::default() }))),
        };
    }
}

impl fmt::Debug for Locks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Locks").field("call_timeout", &self.0.call_timeout).finish_non_exhaustive()
    }
}

impl fmt::Debug for LocksBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocksBuilder").field("call_timeout", &self.call_timeout).finish_non_exhaustive()
    }
}
