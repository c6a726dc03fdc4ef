//! The right to use one item for as long as the pool is borrowed: what every checkout makes first.
//!
//! It costs a checkout no more than it must: the pool's count of clones, which all threads share, is left alone. Like a
//! [`Guard`], it must never give an item back in a process which did not check it out.

use std::ops::{Deref, DerefMut};
use std::time::Instant;

use crate::guard::{Guard, Loan};
use crate::manage::Manage;
use crate::pool::Pool;
use crate::shared::Shared;

/// An item that is lent by [`Pool::lend`]; dropping it gives the item back, as dropping a [`Guard`] does.
#[must_use = "an item is given back as soon as it is dropped"]
pub struct Lent<'a, M: Manage> {
    shared: &'a Shared<M>,
    /// INVARIANT: `None` only once the item is on its way back, or in a guard.
    item: Option<M::Item>,
    loan: Loan,
}

impl<'a, M: Manage> Lent<'a, M> {
    #[inline]
    pub(crate) const fn new(shared: &'a Shared<M>, item: M::Item, loan: Loan) -> Self {
        Self { shared, item: Some(item), loan }
    }

    /// Returns the item in a guard that keeps the pool.
    pub(crate) fn into_guard(mut self, pool: Pool<M>) -> Guard<M> {
        Guard::new(pool, self.item.take(), self.loan)
    }

    /// Returns what the clock showed when the checkout was over. Nothing has waited since.
    ///
    /// It is the caller's own reading if the item was at hand and [fresh](crate::Settings::fresh).
    #[inline]
    #[must_use]
    pub const fn taken(&self) -> Instant {
        self.loan.taken
    }

    /// Drops the item instead of giving it back, and makes its slot free.
    pub fn discard(mut self) {
        if let Some(item) = self.item.take() {
            self.shared.discard(item, self.loan);
        }
    }
}

impl<M: Manage> Deref for Lent<'_, M> {
    type Target = M::Item;

    #[inline]
    fn deref(&self) -> &M::Item {
        self.item.as_ref().expect("what is lent is there until it ends")
    }
}

impl<M: Manage> DerefMut for Lent<'_, M> {
    #[inline]
    fn deref_mut(&mut self) -> &mut M::Item {
        self.item.as_mut().expect("what is lent is there until it ends")
    }
}

impl<M: Manage> Drop for Lent<'_, M> {
    #[inline]
    fn drop(&mut self) {
        if let Some(item) = self.item.take() {
            self.shared.give_back(item, self.loan);
        }
    }
}
