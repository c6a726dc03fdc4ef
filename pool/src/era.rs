//! The pool's state, once for every process that uses it.
//!
//! ```text
//!     parent        child               grandchild
//!     Era(100) ───▶ Era(101) ─────────▶ Era(102)
//!                   appended at the     appended at the
//!                   child's first use   grandchild's first use
//! ```
//!
//! A fork copies the memory as it is: a lock that another thread held at this moment stays locked in the child
//! for ever, for that thread does not exist there. So a process only ever touches its own era. It finds it by
//! walking to the last one and comparing the process id, and a child that finds its parent's there appends its own.
//!
//! Why the walk is safe right after a fork: the links are [`OnceBox`]es, a pointer that is set by one compare-exchange. It is null or
//! it points to a finished era; there is no half-set state to be caught in (std's `OnceLock` has one, and
//! would wait for ever for the thread that was setting it). Its Acquire and Release make a finished era visible to the other
//! threads of the same process; across a fork they are not needed, the child starts as a copy.
//!
//! Only the *last* era counts, because process ids are used again: a descendant may well have the id of a dead ancestor.
//! It goes unnoticed if a process has the same id as the last one among its ancestors that used the pool. Ids wrap around after
//! tens of thousands to millions of processes; a child that is made process 1 of a new pid namespace by a process 1
//! would be another case. Both are out of reach without `pthread_atfork`, which needs unsafe code.
//!
//! An era must never touch the insides of another process's, not even to drop them: they are leaked.

use std::{mem, process};

use once_cell::race::OnceBox;

use crate::slots::{Free, Slots};
use crate::stats::{Counters, Reason, Stats};

/// The state of a pool in one process, and the link to that of its child.
#[derive(Debug)]
pub(crate) struct Era<T> {
    pid: u32,
    max_size: usize,
    /// INVARIANT: `None` only inside of `drop`.
    slots: Option<Slots<T>>,
    counters: Counters,
    /// Set by a child, in its own copy of the memory.
    next: OnceBox<Self>,
}

impl<T> Era<T> {
    /// Makes the era of this process, with every slot free.
    pub(crate) fn new(max_size: usize) -> Self {
        Self::with_pid(process::id(), max_size)
    }

    fn with_pid(pid: u32, max_size: usize) -> Self {
        Self {
            pid,
            max_size,
            slots: Some(Slots::new(max_size)),
            counters: Counters::default(),
            next: OnceBox::new(),
        }
    }

    /// Returns the era of this process, and appends it to the list if this is its first use after a fork.
    ///
    /// It costs one `getpid`, a real system call. The two of a checkout and its return are 260 of their 350 ns (`examples/checkout.rs`
    /// with and without them, on a busy virtual machine, 2026-11-22).
    #[inline]
    pub(crate) fn current(&self) -> &Self {
        let pid = process::id();
        let last = self.last();
        if last.pid == pid { last } else { last.append(pid) }
    }

    /// Returns the era with this process id if it is the current one.
    #[inline]
    pub(crate) fn own(&self, pid: u32) -> Option<&Self> {
        (process::id() == pid).then(|| self.last())
    }

    fn last(&self) -> &Self {
        let mut era = self;
        while let Some(next) = era.next.get() {
            era = next;
        }
        era
    }

    #[cold]
    fn append(&self, pid: u32) -> &Self {
        // Two threads of the child may come here at once: one wins, the other drops its fresh era.
        self.next.get_or_init(|| Box::new(Self::with_pid(pid, self.max_size)))
    }

    /// Returns the process that this era belongs to.
    pub(crate) const fn pid(&self) -> u32 {
        self.pid
    }

    /// Returns the free slots; only for the process that this era belongs to.
    #[inline]
    pub(crate) const fn slots(&self) -> &Slots<T> {
        match &self.slots {
            Some(slots) => slots,
            None => panic!("an era has its slots until it is dropped"),
        }
    }

    pub(crate) const fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Returns what has happened in this process.
    pub(crate) fn stats(&self) -> Stats {
        self.counters.snapshot(self.slots().idle(), self.slots().waiting())
    }
}

impl<T> Drop for Era<T> {
    fn drop(&mut self) {
        if self.pid != process::id() {
            // Inherited: neither the locks inside nor the items are ours.
            mem::forget(self.slots.take());
        }
    }
}

/// A slot that this thread holds; dropping it makes it free again and wakes a waiter.
///
/// It stands guard while hooks of the manager run, so that a panic there loses no slot.
#[derive(Debug)]
pub(crate) struct Slot<'a, T> {
    era: &'a Era<T>,
    /// Why the item in this slot would be closed if it were dropped now; `None` when there is no item.
    closes: Option<Reason>,
}

impl<'a, T> Slot<'a, T> {
    /// Answers for a slot without an item.
    pub(crate) const fn empty(era: &'a Era<T>) -> Self {
        Self { era, closes: None }
    }

    /// Answers for a slot whose item, if nothing better comes up, is closed for this reason.
    pub(crate) const fn full(era: &'a Era<T>, reason: Reason) -> Self {
        Self { era, closes: Some(reason) }
    }

    /// Drops the item of this slot for this reason and keeps the slot.
    pub(crate) fn close(mut self, item: T, reason: Reason) -> Self {
        self.closes = Some(reason);
        drop(item);
        self.closes = None;
        self.era.counters.closed(reason);
        self
    }

    pub(crate) const fn counters(&self) -> &Counters {
        &self.era.counters
    }

    /// Returns the era; the slot lives on in whatever the caller makes of it.
    pub(crate) fn keep(self) -> &'a Era<T> {
        let era = self.era;
        mem::forget(self);
        era
    }
}

impl<T> Drop for Slot<'_, T> {
    fn drop(&mut self) {
        if let Some(reason) = self.closes {
            self.era.counters.closed(reason);
        }
        // A hook of the manager may have forked: then this is the child, and the slot is the parent's.
        if self.era.pid == process::id() {
            self.era.slots().put(Free::Permit);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;
    use std::time::Instant;

    use super::*;
    use crate::slots::Idle;

    /// Not the id of this process: as after a fork, without one.
    fn foreign() -> u32 {
        process::id().wrapping_add(1)
    }

    fn fill<T>(era: &Era<T>, item: T) {
        let now = Instant::now();
        assert!(era.slots().try_take().is_some());
        era.slots().put(Free::Item(Idle { item, born: now, since: now }));
    }

    #[test]
    fn a_foreign_era_is_left_alone_and_ours_follows_it() {
        let root = Era::with_pid(foreign(), 2);
        fill(&root, Arc::new(()));
        let ours = root.current();
        assert_eq!(ours.pid(), process::id());
        assert_eq!(ours.slots().idle(), 0);
        assert!(std::ptr::eq(ours, root.current()));
        assert!(root.own(foreign()).is_none());
    }

    #[test]
    fn dropping_leaks_the_foreign_items_and_drops_ours() {
        let (theirs, mine) = (Arc::new(()), Arc::new(()));
        let root = Era::with_pid(foreign(), 2);
        fill(&root, Arc::clone(&theirs));
        fill(root.current(), Arc::clone(&mine));
        drop(root);
        assert_eq!((Arc::strong_count(&theirs), Arc::strong_count(&mine)), (2, 1));
    }

    #[test]
    fn an_ancestor_with_our_reused_id_is_not_ours() {
        let root: Era<()> = Era::with_pid(process::id(), 1);
        let child = Box::new(Era::with_pid(foreign(), 1));
        assert!(root.next.set(child).is_ok());
        assert!(!std::ptr::eq(root.current(), &root));
    }

    #[test]
    fn threads_that_append_at_once_agree() {
        for _ in 0..100 {
            let root: Era<()> = Era::with_pid(foreign(), 1);
            let seen: Vec<usize> = thread::scope(|scope| {
                let threads: Vec<_> =
                    (0..4).map(|_| scope.spawn(|| std::ptr::from_ref(root.current()) as usize)).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            assert!(seen.iter().all(|era| *era == seen[0]));
        }
    }

    #[test]
    fn a_dropped_slot_is_free_again_but_not_in_a_foreign_era() {
        for (pid, free) in [(process::id(), true), (foreign(), false)] {
            let era: Era<()> = Era::with_pid(pid, 1);
            assert!(era.slots().try_take().is_some());
            drop(Slot::full(&era, Reason::Stale));
            assert_eq!(era.slots().try_take().is_some(), free);
        }
    }
}
