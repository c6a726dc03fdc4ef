//! The pool itself: how an item is checked out and how it comes back.
//!
//! Checkout looks for an idle item first, then for a permit to open one, then it fails or waits. Everything that belongs to the
//! manager (opening, checking, closing) runs here, and never under the lock of the slots.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use crate::era::{Era, Slot};
use crate::error::Error;
use crate::guard::Guard;
use crate::manage::Manage;
use crate::settings::{InvalidSize, Settings};
use crate::slots::{Free, Idle};
use crate::stats::{Reason, Stats};

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
/// #     fn check(&self, _: &mut u32, _: Duration) -> bool { true }
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

/// What all clones share.
struct Shared<M: Manage> {
    root: Era<M::Item>,
    settings: Settings,
    manage: M,
}

impl<M: Manage> Pool<M> {
    /// Makes a pool and opens nothing.
    ///
    /// # Errors
    /// [`InvalidSize`] unless `max_size` is from 1 to [`Settings::LARGEST_MAX_SIZE`].
    ///
    /// # Example
    /// ```
    /// # use std::{convert::Infallible, time::{Duration, Instant}};
    /// # struct Zeros;
    /// # impl pool::Manage for Zeros {
    /// #     type Item = u32;
    /// #     type Error = Infallible;
    /// #     fn open(&self, _: Option<Instant>) -> Result<u32, Infallible> { Ok(0) }
    /// #     fn check(&self, _: &mut u32, _: Duration) -> bool { true }
    /// #     fn is_clean(&self, _: &u32) -> bool { true }
    /// # }
    /// let pool = pool::Pool::new(Zeros, pool::Settings::default())?;
    /// assert_eq!(pool.stats().open, 0);
    /// assert!(pool::Pool::new(Zeros, pool::Settings::new(0)).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(manage: M, settings: Settings) -> Result<Self, InvalidSize> {
        let settings = settings.checked()?;
        let root = Era::new(settings.max_size);
        Ok(Self { shared: Arc::new(Shared { root, settings, manage }) })
    }

    /// Checks an item out, or fails at once when all are in use.
    ///
    /// `deadline` only bounds the opening of a new item; `None` leaves it unbounded.
    ///
    /// # Errors
    /// [`Error::Exhausted`] when all items are in use, [`Error::Open`] when a new one could not be opened.
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
    /// #     fn check(&self, _: &mut u32, _: Duration) -> bool { true }
    /// #     fn is_clean(&self, _: &u32) -> bool { true }
    /// # }
    /// let pool = pool::Pool::new(Zeros, pool::Settings::new(1))?;
    /// let item = pool.try_get(None)?;
    /// assert_eq!(pool.try_get(None).unwrap_err(), pool::Error::Exhausted { max: 1 });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn try_get(&self, deadline: Option<Instant>) -> Result<Guard<M>, Error<M::Error>> {
        self.checkout(deadline, |era| {
            era.counters().exhausted();
            Err(Error::Exhausted { max: self.max_size() })
        })
    }

    /// Checks an item out, and waits for one until the deadline; `None` waits for ever.
    ///
    /// The same deadline bounds the opening of a new item. One that has already passed still gets what is at hand.
    ///
    /// # Errors
    /// [`Error::Timeout`] when nothing came free in time, [`Error::Open`] when a new item could not be opened.
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
    /// #     fn check(&self, _: &mut u32, _: Duration) -> bool { true }
    /// #     fn is_clean(&self, _: &u32) -> bool { true }
    /// # }
    /// let pool = pool::Pool::new(Zeros, pool::Settings::new(1))?;
    /// let item = pool.get(None)?;
    /// let late = pool.get(Some(Instant::now() + Duration::from_millis(5)));
    /// assert!(matches!(late, Err(pool::Error::Timeout { max: 1, .. })));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get(&self, deadline: Option<Instant>) -> Result<Guard<M>, Error<M::Error>> {
        self.checkout(deadline, |era| {
            let begin = Instant::now();
            era.slots().take(deadline).ok_or_else(|| {
                era.counters().timed_out();
                Error::Timeout { max: self.max_size(), waited: begin.elapsed() }
            })
        })
    }

    /// Returns what is in the pool and what has happened so far; in a forked child, since the fork.
    ///
    /// # Example
    /// See [`Stats`].
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.shared.root.current().stats()
    }

    /// Returns how many items may exist at the same time.
    #[must_use]
    pub fn max_size(&self) -> usize {
        self.shared.settings.max_size
    }

    /// Returns the manager that opens the items.
    #[must_use]
    pub fn manage(&self) -> &M {
        &self.shared.manage
    }

    /// Checks an item out; `full` says what to do when there is no free slot.
    fn checkout(
        &self,
        deadline: Option<Instant>,
        full: impl FnOnce(&Era<M::Item>) -> Result<Free<M::Item>, Error<M::Error>>,
    ) -> Result<Guard<M>, Error<M::Error>> {
        let era = self.shared.root.current();
        let mut free = match era.slots().try_take() {
            Some(free) => free,
            None => full(era)?,
        };
        loop {
            let slot = match free {
                Free::Permit => return self.open(Slot::empty(era), deadline),
                Free::Item(idle) => match self.admit(era, idle) {
                    Ok(guard) => return Ok(guard),
                    Err(slot) => slot,
                },
            };
            // The item was closed but we hold on to its slot, or we would have to queue again. Another idle item is better
            // than opening one; then the slot we have is somebody else's.
            match era.slots().try_idle() {
                None => return self.open(slot, deadline),
                Some(next) => free = Free::Item(next),
            }
        }
    }

    /// Checks out an idle item, or closes it and returns the slot it had.
    fn admit<'a>(&self, era: &'a Era<M::Item>, idle: Idle<M::Item>) -> Result<Guard<M>, Slot<'a, M::Item>> {
        let slot = Slot::full(era, Reason::Stale);
        let Idle { mut item, born, since } = idle;
        let Settings { max_idle, max_age, .. } = self.shared.settings;
        let now = Instant::now();
        let idle = now.saturating_duration_since(since);
        if max_idle.is_some_and(|limit| idle > limit) {
            return Err(slot.close(item, Reason::Idle));
        }
        if max_age.is_some_and(|limit| now.saturating_duration_since(born) > limit) {
            return Err(slot.close(item, Reason::Age));
        }
        if !self.shared.manage.check(&mut item, idle) {
            return Err(slot.close(item, Reason::Stale));
        }
        era.counters().reused();
        Ok(self.guard(slot, item, born))
    }

    /// Opens an item in this slot.
    fn open(&self, slot: Slot<'_, M::Item>, deadline: Option<Instant>) -> Result<Guard<M>, Error<M::Error>> {
        match self.shared.manage.open(deadline) {
            Ok(item) => {
                slot.counters().created();
                Ok(self.guard(slot, item, Instant::now()))
            }
            Err(error) => {
                slot.counters().failed();
                Err(Error::Open(error))
            }
        }
    }

    fn guard(&self, slot: Slot<'_, M::Item>, item: M::Item, born: Instant) -> Guard<M> {
        let pid = slot.keep().pid();
        Guard::new(self.clone(), item, born, pid)
    }

    /// Takes an item back that was checked out by the process `pid`.
    pub(crate) fn give_back(&self, item: M::Item, born: Instant, pid: u32) {
        let manage = &self.shared.manage;
        let Some(era) = self.shared.root.own(pid) else {
            return manage.forget(item);
        };
        let slot = Slot::full(era, Reason::Dirty);
        if manage.is_clean(&item) {
            let since = Instant::now();
            slot.keep().slots().put(Free::Item(Idle { item, born, since }));
        } else {
            drop(slot.close(item, Reason::Dirty));
        }
    }

    /// Closes an item that was checked out by the process `pid`.
    pub(crate) fn discard(&self, item: M::Item, pid: u32) {
        match self.shared.root.own(pid) {
            Some(era) => drop(Slot::full(era, Reason::Discarded).close(item, Reason::Discarded)),
            None => self.shared.manage.forget(item),
        }
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
            .field("settings", &self.shared.settings)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}
