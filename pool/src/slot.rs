//! A slot that a thread holds, with or without an item: whatever happens, it comes free again.
//!
//! These stand guard while code of others runs (the manager's hooks, an item's destructor), so that a panic there loses no
//! slot. They also are the last line of the defence after a fork: before one of them closes an item or frees a slot it compares the process
//! id, because a hook may have forked, and because a child may get as far as [`Manage::is_clean`] with an item of its parent's.
//!
//! ```text
//!     Occupied ──┬── Doomed   dropped: the item is closed, or forgotten in a child; save() takes it out
//!                └── Slot     dropped after it: the slot is free, and a waiter woken; keep() hands it over
//! ```

use std::mem;

use crate::era::Era;
use crate::manage::Manage;
use crate::shared::Shared;
use crate::stats::Reason;

/// A slot that this thread holds; dropping it makes it free again and wakes a waiter.
pub(crate) struct Slot<'a, M: Manage> {
    era: &'a Era<M::Item>,
}

/// A slot that this thread holds and the item in it; dropping it closes the item and frees the slot.
pub(crate) struct Occupied<'a, M: Manage> {
    /// Declared before the slot, and so dropped before it.
    doomed: Doomed<'a, M>,
    slot: Slot<'a, M>,
}

/// An item that is closed when this is dropped, for this reason, unless it is saved.
struct Doomed<'a, M: Manage> {
    shared: &'a Shared<M>,
    era: &'a Era<M::Item>,
    /// INVARIANT: `None` only once it is saved or dropped.
    item: Option<M::Item>,
    reason: Reason,
}

impl<'a, M: Manage> Slot<'a, M> {
    /// Answers for a slot of this era that has been taken.
    #[inline]
    pub(crate) const fn new(era: &'a Era<M::Item>) -> Self {
        Self { era }
    }

    pub(crate) const fn era(&self) -> &'a Era<M::Item> {
        self.era
    }

    /// Returns the slot with this item in it.
    #[inline]
    pub(crate) fn with(self, shared: &'a Shared<M>, item: M::Item, reason: Reason) -> Occupied<'a, M> {
        let era = self.era;
        Occupied { doomed: Doomed { shared, era, item: Some(item), reason }, slot: self }
    }

    /// Ends the answering: somebody else has the slot now.
    #[inline]
    pub(crate) fn keep(self) {
        mem::forget(self);
    }
}

impl<M: Manage> Drop for Slot<'_, M> {
    fn drop(&mut self) {
        if self.era.is_current() {
            self.era.slots().put();
        }
    }
}

impl<'a, M: Manage> Occupied<'a, M> {
    /// Returns the item.
    #[inline]
    pub(crate) fn item(&mut self) -> &mut M::Item {
        self.doomed.item.as_mut().expect("only save() and drop() take it, and they are the end")
    }

    /// Takes the item out.
    #[inline]
    pub(crate) fn save(self) -> (M::Item, Slot<'a, M>) {
        let Self { mut doomed, slot } = self;
        let item = doomed.item.take().expect("only save() and drop() take it, and they are the end");
        mem::forget(doomed);
        (item, slot)
    }

    /// Closes the item for this reason.
    pub(crate) fn close(mut self, reason: Reason) -> Slot<'a, M> {
        self.doomed.reason = reason;
        self.slot
    }
}

impl<M: Manage> Drop for Doomed<'_, M> {
    fn drop(&mut self) {
        let Some(item) = self.item.take() else { return };
        if !self.era.is_current() {
            return self.shared.manage().forget(item);
        }
        /// Counts it even when the item's destructor panics.
        struct Count<'a, M: Manage>(&'a Shared<M>, &'a Era<M::Item>, Reason);
        impl<M: Manage> Drop for Count<'_, M> {
            fn drop(&mut self) {
                let Self(shared, era, reason) = *self;
                era.counters().closed(reason);
                shared.tell(|events| events.closed(reason));
            }
        }
        let _count = Count(self.shared, self.era, self.reason);
        drop(item);
    }
}
