//! What keeps a pool in shape: idle items that are over their limits are closed, and as many opened as shall lie ready.
//!
//! Each item is closed or opened on its own, with no lock held and its slot accounted for.

use std::time::Instant;

use crate::era::Era;
use crate::error::Error;
use crate::manage::Manage;
use crate::shared::Shared;
use crate::slot::{Occupied, Slot};
use crate::slots::{Idle, Refusal};
use crate::stats::Reason;

impl<M: Manage> Shared<M> {
    /// Closes some of the idle items that are over their limits: what a return can do in passing.
    #[cold]
    pub(crate) fn sweep(&self, era: &Era<M::Item>, now: Instant) {
        self.reap_up_to(era, now, SWEEP);
    }

    /// Closes all idle items that are over their limits and returns how many.
    pub(crate) fn reap(&self) -> usize {
        self.reap_up_to(self.era(), Instant::now(), usize::MAX)
    }

    fn reap_up_to(&self, era: &Era<M::Item>, now: Instant, limit: usize) -> usize {
        let ages = self.ages();
        let next = ages.sweep_every().and_then(|every| now.checked_add(every));
        let (mut from, mut reaped) = (0, 0);
        while reaped < limit {
            let over = era.slots().take_over(&mut from, next, |idle| ages.verdict(idle, now).is_some());
            let Some(idle) = over else { break };
            // It was over its age or its idle time a moment ago, and neither has come back.
            let reason = ages.verdict(&idle, now).unwrap_or(Reason::Idle);
            drop(Slot::new(era).with(self, idle.item, reason));
            reaped += 1;
        }
        reaped
    }

    /// Checks all idle items as a checkout would, closes the unfit and returns how many they were.
    pub(crate) fn recheck(&self, deadline: Option<Instant>) -> usize {
        let era = self.era();
        let mut closed = 0;
        // As many as lie there now. Each goes from one end of the list to the other, so that none is met twice while nobody else
        // is at work; somebody else may take one that was looked at, and then one more is looked at again.
        for _ in 0..era.stats().idle {
            let Some(Idle { item, dies, since }) = era.slots().take_oldest() else { break };
            let mut occupied = Slot::new(era).with(self, item, Reason::Stale);
            if !self.manage().check(occupied.item(), since.elapsed(), deadline) {
                closed += 1;
                continue;
            }
            let (item, slot) = occupied.save();
            match era.slots().keep(Idle { item, dies, since }) {
                Ok(_) => slot.keep(),
                // It was closed meanwhile.
                Err(idle) => drop(slot.with(self, idle.item, Reason::Shutdown)),
            }
        }
        closed
    }

    /// Opens items until as many lie ready as shall, or there is no room, and returns how many it opened.
    pub(crate) fn warm_up(&self, deadline: Option<Instant>) -> Result<usize, Error<M::Error>> {
        let era = self.era();
        let mut opened = 0;
        loop {
            match era.slots().try_permit(self.settings().min_idle) {
                Ok(true) => {}
                Ok(false) => return Ok(opened),
                Err(Refusal::Full | Refusal::Closed) => return Err(Error::Closed),
            }
            let occupied = self.open(Slot::new(era), deadline)?;
            era.counters().warmed();
            opened += 1;
            let now = Instant::now();
            let dies = self.ages().end(now, era.spread());
            let (item, slot) = occupied.save();
            match era.slots().keep(Idle { item, dies, since: now }) {
                Ok(_) => slot.keep(),
                // It was closed meanwhile.
                Err(idle) => drop(slot.with(self, idle.item, Reason::Shutdown)),
            }
        }
    }

    /// Opens an item in this slot.
    pub(crate) fn open<'a>(
        &'a self,
        slot: Slot<'a, M>,
        deadline: Option<Instant>,
    ) -> Result<Occupied<'a, M>, Error<M::Error>> {
        let begin = self.has_events().then(Instant::now);
        let took = || begin.map(|begin| begin.elapsed()).unwrap_or_default();
        let counters = slot.era().counters();
        match self.manage().open(deadline) {
            Ok(item) => {
                counters.created();
                self.tell(|events| events.opened(&item, took()));
                Ok(slot.with(self, item, Reason::Discarded))
            }
            Err(error) => {
                counters.failed();
                self.tell(|events| events.open_failed(&error, took()));
                Err(Error::Open(error))
            }
        }
    }
}

/// How many items a return closes in passing. Closing one takes some 10 µs, and this is somebody's call; if there are more, the next return
/// finds them. Documented at [`Settings::max_idle`](crate::Settings::max_idle).
const SWEEP: usize = 4;
