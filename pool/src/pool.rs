//! The pool itself: what a user can do with it.
//!
//! How it is done is in `checkout.rs`, `give_back.rs`, `upkeep.rs` and `shut.rs`, in the order in which an item meets them.

use std::fmt;
use std::sync::{Arc, Weak};
use std::time::Instant;

use crate::era::Era;
use crate::error::{Error, InUse};
use crate::events::Events;
use crate::guard::Guard;
use crate::lent::Lent;
use crate::manage::Manage;
use crate::settings::{InvalidSettings, Settings};
use crate::shared::Shared;
use crate::stats::Stats;

/// A lazy blocking pool; cheap to clone, and every clone is the same pool.
///
/// Waiters are served in the order in which they began to wait: a slot that comes free while somebody waits is put into the hands of
/// the longest waiter, and a late comer cannot take it.
///
/// Of the idle items the one that came back last is used first. So a small load uses few of them, and the others grow old
/// enough for `max_idle`.
///
/// # Example
/// ```
/// # use std::{convert::Infallible, time::{Duration, Instant}};
/// # struct Zeros;
/// # impl pool::Manage for Zeros {
/// #     type Item = u32;
/// #     type Error = Infallible;
/// #     fn open(&self, _: Option<Instant>) -> Result<u32, Infallible> { Ok(0) }
/// #     fn check(&self, _: &mut u32, _: Duration, _: Option<Instant>) -> bool { true }
/// #     fn is_clean(&self, _: &u32) -> bool { true }
/// # }
/// let pool = pool::Pool::new(Zeros, pool::Settings::new(2))?;
/// let (mut a, b) = (pool.get(None)?, pool.get(None)?);
/// *a += 1;
/// assert_eq!((*a, *b), (1, 0));
/// assert_eq!(pool.try_get(None).unwrap_err(), pool::Error::Exhausted { max: 2 });
/// drop(a);
/// assert_eq!(*pool.try_get(None)?, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Pool<M: Manage> {
    shared: Arc<Shared<M>>,
}

impl<M: Manage> Pool<M> {
    /// Makes a pool and opens nothing.
    ///
    /// # Errors
    /// [`InvalidSettings`] if the settings do not work; see [`Settings::check`].
    ///
    /// # Example
    /// ```
    /// # use std::{convert::Infallible, time::{Duration, Instant}};
    /// # struct Zeros;
    /// # impl pool::Manage for Zeros {
    /// #     type Item = u32;
    /// #     type Error = Infallible;
    /// #     fn open(&self, _: Option<Instant>) -> Result<u32, Infallible> { Ok(0) }
    /// #     fn check(&self, _: &mut u32, _: Duration, _: Option<Instant>) -> bool { true }
    /// #     fn is_clean(&self, _: &u32) -> bool { true }
    /// # }
    /// let pool = pool::Pool::new(Zeros, pool::Settings::default())?;
    /// assert_eq!(pool.stats().open, 0);
    /// assert!(pool::Pool::new(Zeros, pool::Settings::new(0)).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(manage: M, settings: Settings) -> Result<Self, InvalidSettings> {
        Self::build(manage, settings, None)
    }

    /// Makes a pool that tells a listener what happens in it, and opens nothing.
    ///
    /// # Errors
    /// [`InvalidSettings`] if the settings do not work.
    ///
    /// # Example
    /// See [`Events`].
    pub fn with_events(
        manage: M,
        settings: Settings,
        events: impl Events<M>,
    ) -> Result<Self, InvalidSettings> {
        Self::build(manage, settings, Some(Box::new(events)))
    }

    fn build(
        manage: M,
        settings: Settings,
        events: Option<Box<dyn Events<M>>>,
    ) -> Result<Self, InvalidSettings> {
        settings.check()?;
        Ok(Self { shared: Arc::new(Shared::new(manage, settings, events)) })
    }

    /// Checks an item out, or fails at once when all are in use.
    ///
    /// `deadline` only bounds the opening of a new item; `None` leaves it unbounded.
    ///
    /// # Errors
    /// [`Error::Exhausted`] when all items are in use, [`Error::Closed`] when the pool is closed, [`Error::Open`] when a new one could not be opened.
    ///
    /// # Panics
    /// Only if the manager does; the slot comes free again.
    ///
    /// # Example
    /// ```
    /// # use std::{convert::Infallible, time::{Duration, Instant}};
    /// # struct Zeros;
    /// # impl pool::Manage for Zeros {
    /// #     type Item = u32;
    /// #     type Error = Infallible;
    /// #     fn open(&self, _: Option<Instant>) -> Result<u32, Infallible> { Ok(0) }
    /// #     fn check(&self, _: &mut u32, _: Duration, _: Option<Instant>) -> bool { true }
    /// #     fn is_clean(&self, _: &u32) -> bool { true }
    /// # }
    /// let pool = pool::Pool::new(Zeros, pool::Settings::new(1))?;
    /// let item = pool.try_get(None)?;
    /// assert_eq!(pool.try_get(None).unwrap_err(), pool::Error::Exhausted { max: 1 });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn try_get(&self, deadline: Option<Instant>) -> Result<Guard<M>, Error<M::Error>> {
        Ok(self.checkout_at_once(Instant::now(), deadline)?.into_guard(self.clone()))
    }

    /// Checks an item out, and waits for one until the deadline; `None` waits for ever.
    ///
    /// The same deadline bounds the opening of a new item. One that has already passed still gets what is at hand.
    ///
    /// # Errors
    /// [`Error::Timeout`] when nothing came free in time, [`Error::Closed`] when the pool is or was closed, [`Error::Open`] when a new item could not be opened.
    ///
    /// # Panics
    /// Only if the manager does; the slot comes free again.
    ///
    /// # Example
    /// ```
    /// # use std::{convert::Infallible, time::{Duration, Instant}};
    /// # struct Zeros;
    /// # impl pool::Manage for Zeros {
    /// #     type Item = u32;
    /// #     type Error = Infallible;
    /// #     fn open(&self, _: Option<Instant>) -> Result<u32, Infallible> { Ok(0) }
    /// #     fn check(&self, _: &mut u32, _: Duration, _: Option<Instant>) -> bool { true }
    /// #     fn is_clean(&self, _: &u32) -> bool { true }
    /// # }
    /// let pool = pool::Pool::new(Zeros, pool::Settings::new(1))?;
    /// let item = pool.get(None)?;
    /// let late = pool.get(Some(Instant::now() + Duration::from_millis(5)));
    /// assert!(matches!(late, Err(pool::Error::Timeout { max: 1, .. })));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn get(&self, deadline: Option<Instant>) -> Result<Guard<M>, Error<M::Error>> {
        Ok(self.checkout(Instant::now(), deadline)?.into_guard(self.clone()))
    }

    /// Lends an item as [`get`](Self::get) checks it out, but for no longer than the pool is borrowed, and to a caller who has just
    /// read the clock.
    ///
    /// A call that does both often is some 100 ns shorter: `now` is not read again unless something waits.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    ///
    /// # Panics
    /// As [`get`](Self::get).
    ///
    /// # Example
    /// ```
    /// # use std::{convert::Infallible, time::{Duration, Instant}};
    /// # struct Zeros;
    /// # impl pool::Manage for Zeros {
    /// #     type Item = u32;
    /// #     type Error = Infallible;
    /// #     fn open(&self, _: Option<Instant>) -> Result<u32, Infallible> { Ok(0) }
    /// #     fn check(&self, _: &mut u32, _: Duration, _: Option<Instant>) -> bool { true }
    /// #     fn is_clean(&self, _: &u32) -> bool { true }
    /// # }
    /// let pool = pool::Pool::new(Zeros, pool::Settings::new(1).fresh(Duration::from_secs(1)))?;
    /// drop(pool.get(None)?);
    /// let now = Instant::now();
    /// let item = pool.lend(now, None)?;
    /// assert_eq!(item.taken(), now);
    /// drop(item);
    /// assert_eq!(pool.stats().idle, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn lend(&self, now: Instant, deadline: Option<Instant>) -> Result<Lent<'_, M>, Error<M::Error>> {
        self.checkout(now, deadline)
    }

    /// Lends an item as [`lend`](Self::lend) does, or fails at once when all are in use, as [`try_get`](Self::try_get).
    ///
    /// # Errors
    /// As [`try_get`](Self::try_get).
    ///
    /// # Panics
    /// As [`try_get`](Self::try_get).
    #[inline]
    pub fn try_lend(&self, now: Instant, deadline: Option<Instant>) -> Result<Lent<'_, M>, Error<M::Error>> {
        self.checkout_at_once(now, deadline)
    }

    /// Opens items, one after the other, until [`min_idle`](Settings::min_idle) of them lie ready or the pool is full; returns
    /// how many it opened.
    ///
    /// For the start of a program, so that the first calls find what they need. Threads that do it at the same time may open a few too
    /// many, but never more than `max_size`. `deadline` bounds each opening.
    ///
    /// # Errors
    /// [`Error::Open`] with the first failure, [`Error::Closed`]; what was opened before stays.
    ///
    /// # Example
    /// ```
    /// # use std::{convert::Infallible, time::{Duration, Instant}};
    /// # struct Zeros;
    /// # impl pool::Manage for Zeros {
    /// #     type Item = u32;
    /// #     type Error = Infallible;
    /// #     fn open(&self, _: Option<Instant>) -> Result<u32, Infallible> { Ok(0) }
    /// #     fn check(&self, _: &mut u32, _: Duration, _: Option<Instant>) -> bool { true }
    /// #     fn is_clean(&self, _: &u32) -> bool { true }
    /// # }
    /// let pool = pool::Pool::new(Zeros, pool::Settings::new(8).min_idle(3))?;
    /// assert_eq!(pool.warm_up(None)?, 3);
    /// assert_eq!((pool.stats().idle, pool.warm_up(None)?), (3, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn warm_up(&self, deadline: Option<Instant>) -> Result<usize, Error<M::Error>> {
        self.era();
        self.shared.warm_up(deadline)
    }

    /// Closes the idle items that are over their limits and returns how many there were.
    ///
    /// A pool in use does it by and by, see [`Settings::max_idle`]; this is for one that is not, and has no
    /// [maintenance](Settings::maintain).
    ///
    /// # Example
    /// ```
    /// # use std::{convert::Infallible, time::{Duration, Instant}};
    /// # struct Zeros;
    /// # impl pool::Manage for Zeros {
    /// #     type Item = u32;
    /// #     type Error = Infallible;
    /// #     fn open(&self, _: Option<Instant>) -> Result<u32, Infallible> { Ok(0) }
    /// #     fn check(&self, _: &mut u32, _: Duration, _: Option<Instant>) -> bool { true }
    /// #     fn is_clean(&self, _: &u32) -> bool { true }
    /// # }
    /// let pool = pool::Pool::new(Zeros, pool::Settings::default().max_idle(Duration::from_millis(5)))?;
    /// drop(pool.get(None)?);
    /// assert_eq!(pool.reap(), 0);
    /// std::thread::sleep(Duration::from_millis(10));
    /// assert_eq!((pool.reap(), pool.stats().open), (1, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reap(&self) -> usize {
        self.shared.reap()
    }

    /// Checks every idle item as a checkout would, closes the unfit and returns how many they were.
    ///
    /// For when something has changed that the items must learn of before somebody needs them. Checkouts go on meanwhile: an item that
    /// is being looked at is as good as checked out.
    ///
    /// # Example
    /// ```
    /// # use std::{convert::Infallible, time::{Duration, Instant}};
    /// struct OddOnes;
    /// impl pool::Manage for OddOnes {
    ///     // …
    /// #     type Item = u32;
    /// #     type Error = Infallible;
    /// #     fn open(&self, _: Option<Instant>) -> Result<u32, Infallible> { Ok(1) }
    /// #     fn is_clean(&self, _: &u32) -> bool { true }
    ///     fn check(&self, item: &mut u32, _: Duration, _: Option<Instant>) -> bool {
    ///         *item % 2 == 1
    ///     }
    /// }
    /// let pool = pool::Pool::new(OddOnes, pool::Settings::default())?;
    /// let (one, mut two) = (pool.get(None)?, pool.get(None)?);
    /// *two = 2;
    /// drop((one, two));
    /// assert_eq!((pool.recheck(None), pool.stats().idle), (1, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn recheck(&self, deadline: Option<Instant>) -> usize {
        self.shared().recheck(deadline)
    }

    /// The pool, without keeping it alive.
    #[must_use]
    pub fn downgrade(&self) -> WeakPool<M> {
        WeakPool(Arc::downgrade(&self.shared))
    }

    /// Closes the pool for good: no checkout succeeds any more.
    ///
    /// Idle items are closed at once, those in use when they come back; who waits for one gets [`Error::Closed`]. An opening that
    /// is under way is not interrupted. Closing a closed pool does nothing. In a process with children each closes
    /// its own; a child that is forked later finds its pool closed.
    ///
    /// # Example
    /// ```
    /// # use std::{convert::Infallible, time::{Duration, Instant}};
    /// # struct Zeros;
    /// # impl pool::Manage for Zeros {
    /// #     type Item = u32;
    /// #     type Error = Infallible;
    /// #     fn open(&self, _: Option<Instant>) -> Result<u32, Infallible> { Ok(0) }
    /// #     fn check(&self, _: &mut u32, _: Duration, _: Option<Instant>) -> bool { true }
    /// #     fn is_clean(&self, _: &u32) -> bool { true }
    /// # }
    /// let pool = pool::Pool::new(Zeros, pool::Settings::default())?;
    /// let guard = pool.get(None)?;
    /// pool.close();
    /// assert_eq!(pool.get(None).unwrap_err(), pool::Error::Closed);
    /// drop(guard);
    /// assert_eq!((pool.stats().open, pool.stats().closed.shutdown), (0, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn close(&self) {
        self.shared.close();
    }

    /// [Closes](Self::close) the pool and waits until everything has come back, or until the deadline; `None` waits for ever.
    ///
    /// A thread that holds a guard itself waits in vain for it.
    ///
    /// # Errors
    /// [`InUse`] with the number of items that were still in use, or being opened or closed, at the deadline. The pool is closed all
    /// the same, and draining can be tried again.
    ///
    /// # Example
    /// ```
    /// # use std::{convert::Infallible, time::{Duration, Instant}};
    /// # struct Zeros;
    /// # impl pool::Manage for Zeros {
    /// #     type Item = u32;
    /// #     type Error = Infallible;
    /// #     fn open(&self, _: Option<Instant>) -> Result<u32, Infallible> { Ok(0) }
    /// #     fn check(&self, _: &mut u32, _: Duration, _: Option<Instant>) -> bool { true }
    /// #     fn is_clean(&self, _: &u32) -> bool { true }
    /// # }
    /// let pool = pool::Pool::new(Zeros, pool::Settings::default())?;
    /// let guard = pool.get(None)?;
    /// let soon = Instant::now() + Duration::from_millis(5);
    /// assert_eq!(pool.drain(Some(soon)), Err(pool::InUse { items: 1 }));
    /// drop(guard);
    /// assert_eq!(pool.drain(None), Ok(()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn drain(&self, deadline: Option<Instant>) -> Result<(), InUse> {
        self.shared.drain(deadline)
    }

    /// Returns whether the pool was [closed](Self::close).
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.shared.is_closed()
    }

    /// Returns what is in the pool and what has happened so far; in a forked child, since the fork.
    ///
    /// # Example
    /// See [`Stats`].
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.shared.stats()
    }

    /// Returns how many items may exist at the same time.
    #[must_use]
    pub fn max_size(&self) -> usize {
        self.shared.settings().max_size
    }

    /// Returns the manager that opens the items.
    #[must_use]
    pub fn manage(&self) -> &M {
        self.shared.manage()
    }

    #[inline]
    pub(crate) fn shared(&self) -> &Shared<M> {
        &self.shared
    }

    /// Returns the era of this process, with its maintenance running if there shall be one.
    #[inline]
    pub(crate) fn era(&self) -> &Era<M::Item> {
        let era = self.shared.era();
        self.start_maintenance(era);
        era
    }

    #[inline]
    fn start_maintenance(&self, era: &Era<M::Item>) {
        if let Some(interval) = self.shared.settings().maintain {
            era.maintainer().start_once(&self.shared, interval);
        }
    }
}

/// A [`Pool`] that somebody else keeps alive; see [`Pool::downgrade`].
pub struct WeakPool<M: Manage>(Weak<Shared<M>>);

impl<M: Manage> WeakPool<M> {
    /// The pool, if anybody still has it.
    ///
    /// # Example
    /// ```
    /// # use std::{convert::Infallible, time::{Duration, Instant}};
    /// # struct Zeros;
    /// # impl pool::Manage for Zeros {
    /// #     type Item = u32;
    /// #     type Error = Infallible;
    /// #     fn open(&self, _: Option<Instant>) -> Result<u32, Infallible> { Ok(0) }
    /// #     fn check(&self, _: &mut u32, _: Duration, _: Option<Instant>) -> bool { true }
    /// #     fn is_clean(&self, _: &u32) -> bool { true }
    /// # }
    /// let pool = pool::Pool::new(Zeros, pool::Settings::default())?;
    /// let weak = pool.downgrade();
    /// assert!(weak.upgrade().is_some());
    /// drop(pool);
    /// assert!(weak.upgrade().is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn upgrade(&self) -> Option<Pool<M>> {
        self.0.upgrade().map(|shared| Pool { shared })
    }
}

impl<M: Manage> fmt::Debug for WeakPool<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeakPool").finish_non_exhaustive()
    }
}

impl<M: Manage> Clone for Pool<M> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<M: Manage> fmt::Debug for Pool<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("settings", self.shared.settings())
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}
