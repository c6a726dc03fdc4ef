//! The end of a pool: it is closed, and then perhaps drained.
//!
//! Closing cannot be undone. It concerns this process alone: a parent's pool does not notice that a child closes its own.

use std::time::Instant;

use crate::error::InUse;
use crate::manage::Manage;
use crate::shared::Shared;
use crate::slot::Slot;
use crate::stats::Reason;

impl<M: Manage> Shared<M> {
    /// Closes the pool and the idle items.
    pub(crate) fn close(&self) {
        // Before the era is looked for: see `Shared::era`.
        self.set_closed();
        let era = self.era();
        era.slots().close();
        era.maintainer().wake();
        while let Some(idle) = era.slots().take_rest() {
            drop(Slot::new(era).with(self, idle.item, Reason::Shutdown));
        }
    }

    /// Closes the pool and waits until everything has come back.
    pub(crate) fn drain(&self, deadline: Option<Instant>) -> Result<(), InUse> {
        self.close();
        match self.era().slots().wait_until_all_are_back(deadline) {
            0 => Ok(()),
            items => Err(InUse { items }),
        }
    }
}
