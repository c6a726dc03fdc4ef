//! What all clones of a pool share.
//!
//! Nothing here is under a lock: the settings do not change, the flag is atomic, and the state is the eras' business.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use crate::ages::Ages;
use crate::era::Era;
use crate::events::Events;
use crate::manage::Manage;
use crate::settings::Settings;
use crate::stats::Stats;

/// What all clones of a pool share.
pub(crate) struct Shared<M: Manage> {
    root: Era<M::Item>,
    settings: Settings,
    /// Set once. It is beside the eras so that the child of a closed pool's process finds its own pool closed, whatever the parent's
    /// threads were doing at the fork.
    closed: AtomicBool,
    manage: M,
    events: Option<Box<dyn Events<M>>>,
}

impl<M: Manage> Shared<M> {
    pub(crate) fn new(manage: M, settings: Settings, events: Option<Box<dyn Events<M>>>) -> Self {
        let root = Era::new(settings.max_size, Ages::of(&settings).next_sweep());
        Self { root, settings, closed: AtomicBool::new(false), manage, events }
    }

    /// Returns the era of this process; makes one if it is a child that uses the pool for the first time.
    #[inline]
    pub(crate) fn era(&self) -> &Era<M::Item> {
        self.root.current(|parent| {
            // Two threads of a child may come here while one of them closes the pool: whichever era wins, `close` marks that one.
            parent.child(self.is_closed(), self.ages().next_sweep())
        })
    }

    /// Returns the era with this depth, which may be that of another process.
    #[inline]
    pub(crate) fn era_at(&self, depth: u32) -> &Era<M::Item> {
        self.root.at(depth)
    }

    pub(crate) const fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) const fn ages(&self) -> Ages {
        Ages::of(&self.settings)
    }

    pub(crate) const fn manage(&self) -> &M {
        &self.manage
    }

    pub(crate) const fn has_events(&self) -> bool {
        self.events.is_some()
    }

    /// Tells the listener, if there is one; its panic ends here.
    #[inline]
    pub(crate) fn tell(&self, event: impl FnOnce(&dyn Events<M>)) {
        if let Some(events) = &self.events {
            // The panic hook has reported it. What the listener left half done is seen by nobody but the listener.
            let _ = catch_unwind(AssertUnwindSafe(|| event(&**events)));
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(SeqCst)
    }

    pub(crate) fn set_closed(&self) {
        self.closed.store(true, SeqCst);
    }

    pub(crate) fn stats(&self) -> Stats {
        self.era().stats()
    }
}

impl<M: Manage> Drop for Shared<M> {
    fn drop(&mut self) {
        // A child that never used the pool has nothing to close, and must not make an era for it.
        if self.root.last().is_current() {
            self.close();
        }
    }
}
