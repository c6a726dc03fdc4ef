//! The right to use one item, which ends with a return.
//!
//! A guard is an owned value: it may outlive the borrow of its pool, move to another thread, or sit in a struct. It must
//! never give an item back in a process which did not check it out.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::time::Instant;

use crate::manage::Manage;
use crate::pool::Pool;

/// An item that is checked out; dropping it gives the item back to the pool.
///
/// Given back is what [`Manage::is_clean`] calls clean; the rest is dropped. In a forked child nothing is given back: the item goes to
/// [`Manage::forget`], or is leaked.
///
/// # Example
/// ```
/// # use std::{convert::Infallible, time::{Duration, Instant}};
/// # struct Names;
/// # impl pool::Manage for Names {
/// #     type Item = String;
/// #     type Error = Infallible;
/// #     fn open(&self, _: Option<Instant>) -> Result<String, Infallible> { Ok("new".to_owned()) }
/// #     fn check(&self, _: &mut String, _: Duration, _: Option<Instant>) -> bool { true }
/// #     fn is_clean(&self, _: &String) -> bool { true }
/// # }
/// let pool = pool::Pool::new(Names, pool::Settings::new(1))?;
/// let mut guard = pool.get(None)?;
/// guard.push_str("er");
/// drop(guard);
/// assert_eq!(*pool.get(None)?, "newer");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "an item is given back as soon as its guard is dropped"]
pub struct Guard<M: Manage> {
    pool: Pool<M>,
    /// INVARIANT: `None` only once the item is on its way back.
    item: Option<M::Item>,
    loan: Loan,
}

/// What is known of an item that is checked out.
#[derive(Clone, Copy)]
pub(crate) struct Loan {
    /// The depth of the era that it was taken from.
    pub(crate) depth: u32,
    /// When it was checked out.
    pub(crate) taken: Instant,
    /// When it will be too old.
    pub(crate) dies: Option<Instant>,
}

impl<M: Manage> Guard<M> {
    #[inline]
    pub(crate) const fn new(pool: Pool<M>, item: Option<M::Item>, loan: Loan) -> Self {
        Self { pool, item, loan }
    }

    /// Drops the item instead of giving it back, and makes its slot free.
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
    /// pool.get(None)?.discard();
    /// assert_eq!(pool.stats().open, 0);
    /// assert_eq!(pool.stats().closed.discarded, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn discard(mut self) {
        if let Some(item) = self.item.take() {
            self.pool.shared().discard(item, self.loan);
        }
    }

    /// Returns whether this process is a forked child of the one that checked the item out.
    ///
    /// Then the item is the parent's, and must not be used. It costs a system call; ask where a guard is kept for long.
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
    /// assert!(!pool.get(None)?.is_inherited());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_inherited(&self) -> bool {
        !self.pool.shared().era_at(self.loan.depth).is_current()
    }
}

impl<M: Manage> Deref for Guard<M> {
    type Target = M::Item;

    fn deref(&self) -> &M::Item {
        self.item.as_ref().expect("a guard has its item until it ends")
    }
}

impl<M: Manage> DerefMut for Guard<M> {
    fn deref_mut(&mut self) -> &mut M::Item {
        self.item.as_mut().expect("a guard has its item until it ends")
    }
}

impl<M: Manage> Drop for Guard<M> {
    #[inline]
    fn drop(&mut self) {
        if let Some(item) = self.item.take() {
            self.pool.shared().give_back(item, self.loan);
        }
    }
}

impl<M: Manage> fmt::Debug for Guard<M>
where
    M::Item: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Guard").field(&**self).finish()
    }
}
