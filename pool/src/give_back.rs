//! How an item comes back: the quick way, which asks for no process id, and the careful one.
//!
//! A `getpid` is a system call, and was 140 of the 340 ns of a checkout and return (`examples/checkout.rs`, a quiet virtual machine,
//! 2026-11-22). A checkout cannot do without. A return can, because it goes to the slots that the item came from and nowhere else:
//! [`Loan::depth`](crate::guard::Loan) names their era. In the process that checked the item out this is the current era. In a forked
//! child it is the child's *copy of the parent's* era, which the child never takes anything from: its checkouts compare the
//! process id and find an era of their own. So an item that a child puts there has been forgotten: nothing is said on it, nothing
//! closed, and `Era::drop` leaks it with the rest. What is left to show is that the child cannot hang or do harm on the way.
//!
//! # In a child, step by step
//! A fork stops no thread, but it copies each of them between two of its writes: as the memory is write-protected, a thread that writes on
//! waits for the fork to end. So the copy is what a thread could have seen at one moment. The child's one thread was
//! not in here then (it was in `fork`), but any other thread of the parent may have been anywhere:
//!
//! | at the fork, another thread | the child's `try_keep` | then |
//! |---|---|---|
//! | was not in the slots | gets the lock, pushes | forgotten, as above |
//! | held the lock, the state half changed | does not get it, and does not wait | the process id says no: [`Manage::forget`] |
//! | had just let go of the lock, and was to wake the next | gets it; the state is whole | forgotten, as above |
//! | waited in line | gets the lock, sees a waiter, lets go | the process id says no; the waiter's channel, whose lock may be held, is not touched |
//! | was about to line up, or to leave the line | as in the first or the second row | |
//! | served a waiter, who is off the line already | as in the first row: the channel is out of sight | |
//! | had closed the pool | sees that it is closed, lets go | the process id says no |
//! | swept, reaped or took statistics | as in the first or the second row; a sweep that is due goes the careful way | the process id says no |
//!
//! The push itself needs no memory: there is room for `max` items from the start, and this one was one of them. Letting go
//! of the lock may wake threads that do not exist in the child: a system call without an effect. Two threads of a child may
//! both be here with guards of the parent's: then one of them does not get the lock.
//!
//! Before `try_keep` comes [`Manage::is_clean`], which is documented to look at memory only. If it says no, or panics, the item is
//! dropped by an [`Occupied`](crate::slot::Occupied), which compares the process id first. The counters that a child changes are
//! those of its copy, and nobody reads them again. A listener to events might take a lock of its own, so where there is one, the
//! process id comes first.
//!
//! # Why not always
//! Forgotten by a push is less than forgotten by [`Manage::forget`], which can let go of a file descriptor. So what was held
//! for long ([`BRIEF`]), and a guard that lives through a fork mostly is, takes the careful way, where a system call does not count.

use std::time::{Duration, Instant};

use crate::era::Era;
use crate::guard::Loan;
use crate::manage::Manage;
use crate::shared::Shared;
use crate::slot::Slot;
use crate::slots::Idle;
use crate::stats::Reason;

impl<M: Manage> Shared<M> {
    /// Takes an item back.
    #[inline]
    pub(crate) fn give_back(&self, item: M::Item, loan: Loan) {
        let era = self.era_at(loan.depth);
        let now = Instant::now();
        // An addition, because to subtract one instant from another takes forty instructions.
        let is_brief = loan.taken.checked_add(BRIEF).is_some_and(|end| now < end);
        if (!is_brief || self.has_events()) && !era.is_current() {
            return self.manage().forget(item);
        }
        // From here on this may still be a child, as long as there are no events.
        self.tell(|events| events.returned(&item, now.saturating_duration_since(loan.taken)));
        let mut occupied = Slot::new(era).with(self, item, Reason::Dirty);
        if !self.manage().is_clean(occupied.item()) {
            return drop(occupied);
        }
        if loan.dies.is_some_and(|dies| now >= dies) {
            return drop(occupied.close(Reason::Age));
        }
        let (item, slot) = occupied.save();
        match era.slots().try_keep(Idle { item, dies: loan.dies, since: now }) {
            Ok(()) => slot.keep(),
            Err(idle) => self.give_back_carefully(slot, idle),
        }
    }

    /// Takes an item back when there is more to do than to put it down, or somebody else is at the slots.
    #[inline(never)]
    fn give_back_carefully(&self, slot: Slot<'_, M>, idle: Idle<M::Item>) {
        let era = slot.era();
        if !era.is_current() {
            slot.keep();
            return self.manage().forget(idle.item);
        }
        let now = idle.since;
        match era.slots().keep(idle) {
            Ok(sweep) => {
                slot.keep();
                if sweep {
                    self.sweep(era, now);
                }
            }
            Err(idle) => drop(slot.with(self, idle.item, Reason::Shutdown)),
        }
    }

    /// Closes an item that was given up.
    pub(crate) fn discard(&self, item: M::Item, loan: Loan) {
        let era: &Era<M::Item> = self.era_at(loan.depth);
        // Dropped at once: closed if it is ours, forgotten if it is not.
        drop(Slot::new(era).with(self, item, Reason::Discarded));
    }
}

/// An item that was held for longer is asked whose it is: 140 ns are nothing then. From a checkout through a fork to the first steps of the
/// child it takes some 0.3 ms, so most of what crosses a fork in somebody's hands is older when it comes back. Named at
/// [`Manage::forget`].
const BRIEF: Duration = Duration::from_millis(10);
