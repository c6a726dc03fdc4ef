//! The pool's state, once for every process that uses it.
//!
//! ```text
//!     parent        child               grandchild
//!     Era(100) ───▶ Era(101) ─────────▶ Era(102)
//!     depth 0       depth 1             depth 2
//!                   appended at the     appended at the
//!                   child's first use   grandchild's first use
//! ```
//!
//! A fork copies the memory as it is: a lock that another thread held at this moment stays locked in the child
//! for ever, for that thread does not exist there. So a process only ever waits for a lock of its own era. It finds it by
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
//! What was checked out is given back to the era at the same *depth*, never to "the current one": so a guard that
//! crosses a fork can only ever meet the slots it came from, or the child's copy of them.
//!
//! An era must never touch the insides of another process's, not even to drop them: they are leaked. The one exception is
//! `Slots::try_keep`, see `give_back.rs`.

use std::time::Instant;
use std::{mem, process};

use once_cell::race::OnceBox;

use crate::ages::Spread;
use crate::maintain::Maintainer;
use crate::slots::Slots;
use crate::stats::{Counters, Stats};

/// The state of a pool in one process, and the link to that of its child.
#[derive(Debug)]
pub(crate) struct Era<T> {
    pid: u32,
    depth: u32,
    max_size: usize,
    /// INVARIANT: `None` only inside of `drop`.
    slots: Option<Slots<T>>,
    counters: Counters,
    spread: Spread,
    maintainer: Maintainer,
    /// Set by a child, in its own copy of the memory.
    next: OnceBox<Self>,
}

impl<T> Era<T> {
    /// Makes the first era, that of this process, with every slot free.
    pub(crate) fn new(max_size: usize, sweep: Option<Instant>) -> Self {
        Self::with(process::id(), 0, Slots::new(max_size, false, sweep), max_size)
    }

    /// Makes an era for this process, a child of the one that this era belongs to.
    pub(crate) fn child(&self, closed: bool, sweep: Option<Instant>) -> Self {
        let slots = Slots::new(self.max_size, closed, sweep);
        Self::with(process::id(), self.depth + 1, slots, self.max_size)
    }

    fn with(pid: u32, depth: u32, slots: Slots<T>, max_size: usize) -> Self {
        Self {
            pid,
            depth,
            max_size,
            slots: Some(slots),
            counters: Counters::default(),
            spread: Spread::new(),
            maintainer: Maintainer::default(),
            next: OnceBox::new(),
        }
    }

    /// Returns the era of this process; if this is its first use after a fork, `child` makes it of the last one.
    ///
    /// It costs one `getpid`, a real system call and the dearest part of a checkout.
    #[inline]
    pub(crate) fn current(&self, child: impl FnOnce(&Self) -> Self) -> &Self {
        let pid = process::id();
        let last = self.last();
        if last.pid == pid { last } else { last.append(child) }
    }

    /// Returns the last era: of this process, or of the last one among its ancestors that used the pool.
    #[inline]
    pub(crate) fn last(&self) -> &Self {
        let mut era = self;
        while let Some(next) = era.next.get() {
            era = next;
        }
        era
    }

    #[cold]
    fn append(&self, child: impl FnOnce(&Self) -> Self) -> &Self {
        // Two threads of the child may come here at once: one wins, the other drops its fresh era.
        self.next.get_or_init(|| Box::new(child(self)))
    }

    /// Returns the era so many forks after this one, the first. No system call, and no other era's insides.
    #[inline]
    pub(crate) fn at(&self, depth: u32) -> &Self {
        let mut era = self;
        while era.depth < depth {
            let Some(next) = era.next.get() else { break };
            era = next;
        }
        era
    }

    /// Returns whether this era belongs to this process. It costs a system call.
    #[inline]
    pub(crate) fn is_current(&self) -> bool {
        self.pid == process::id() && self.next.get().is_none()
    }

    /// Returns how many forks lie between the maker of the pool and the process of this era.
    pub(crate) const fn depth(&self) -> u32 {
        self.depth
    }

    /// Returns the free slots; only for the process that this era belongs to, but for `try_keep`.
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

    pub(crate) const fn spread(&self) -> &Spread {
        &self.spread
    }

    pub(crate) const fn maintainer(&self) -> &Maintainer {
        &self.maintainer
    }

    /// Returns what has happened in this process.
    pub(crate) fn stats(&self) -> Stats {
        let (idle, waiting) = self.slots().idle_and_waiting();
        self.counters.snapshot(idle, waiting)
    }
}

impl<T> Drop for Era<T> {
    fn drop(&mut self) {
        if !self.is_current() {
            // Inherited: neither the locks inside nor the items are ours.
            mem::forget(self.slots.take());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use super::*;
    use crate::slots::Idle;

    /// Not the id of this process: as after a fork, without one.
    fn foreign() -> u32 {
        process::id().wrapping_add(1)
    }

    fn era<T>(pid: u32, depth: u32) -> Era<T> {
        Era::with(pid, depth, Slots::new(2, false, None), 2)
    }

    fn here<T>(root: &Era<T>) -> &Era<T> {
        root.current(|parent| parent.child(false, None))
    }

    fn fill<T>(era: &Era<T>, item: T) {
        assert!(era.slots().try_take().is_ok());
        assert!(era.slots().try_keep(Idle { item, dies: None, since: Instant::now() }).is_ok());
    }

    #[test]
    fn a_foreign_era_is_left_alone_and_ours_follows_it() {
        let root = era(foreign(), 0);
        fill(&root, Arc::new(()));
        let ours = here(&root);
        assert!(ours.is_current() && !root.is_current());
        assert_eq!(ours.slots().idle_and_waiting().0, 0);
        assert!(std::ptr::eq(ours, here(&root)));
        assert!(std::ptr::eq(ours, root.at(1)) && std::ptr::eq(&root, root.at(0)));
    }

    #[test]
    fn dropping_leaks_the_foreign_items_and_drops_ours() {
        let (theirs, mine) = (Arc::new(()), Arc::new(()));
        let root = era(foreign(), 0);
        fill(&root, Arc::clone(&theirs));
        fill(here(&root), Arc::clone(&mine));
        drop(root);
        assert_eq!((Arc::strong_count(&theirs), Arc::strong_count(&mine)), (2, 1));
    }

    #[test]
    fn an_ancestor_with_our_reused_id_is_not_ours() {
        let theirs = Arc::new(());
        let root = era(process::id(), 0);
        fill(&root, Arc::clone(&theirs));
        let child = Box::new(era(foreign(), 1));
        assert!(root.next.set(child).is_ok());
        assert!(!root.is_current());
        let ours = here(&root);
        assert!(ours.is_current() && ours.depth() == 2);
        drop(root);
        assert_eq!(Arc::strong_count(&theirs), 2, "it was dropped");
    }

    #[test]
    fn threads_that_append_at_once_agree() {
        for _ in 0..100 {
            let root: Era<()> = era(foreign(), 0);
            let seen: Vec<usize> = thread::scope(|scope| {
                let threads: Vec<_> =
                    (0..4).map(|_| scope.spawn(|| std::ptr::from_ref(here(&root)) as usize)).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            assert!(seen.iter().all(|era| *era == seen[0]));
        }
    }
}
