//! How an item is checked out.
//!
//! Checkout looks for an idle item first, then for a permit to open one, then it fails or waits. Everything that belongs to the
//! manager (opening, checking, closing) runs outside the lock of the slots.

use std::time::{Duration, Instant};

use crate::era::Era;
use crate::error::Error;
use crate::guard::Loan;
use crate::lent::Lent;
use crate::manage::Manage;
use crate::pool::Pool;
use crate::slot::Slot;
use crate::slots::{Free, Idle, Refusal};
use crate::stats::Reason;

/// A free slot, and how long it took to come by it.
type Found<M> = (Free<<M as Manage>::Item>, Duration);

impl<M: Manage> Pool<M> {
    /// Checks an item out, or fails if that takes a wait.
    #[inline]
    pub(crate) fn checkout_at_once(
        &self,
        now: Instant,
        deadline: Option<Instant>,
    ) -> Result<Lent<'_, M>, Error<M::Error>> {
        let era = self.era();
        let free = match era.slots().try_take() {
            Ok(Free::Item(idle)) if self.shared().ages().is_fresh(&idle, now) => {
                return Ok(self.reuse(era, idle, now, Duration::ZERO));
            }
            Ok(free) => free,
            Err(refusal) => {
                if refusal == Refusal::Full {
                    era.counters().exhausted();
                }
                return Err(self.refused(era, refusal, Error::Exhausted { max: self.max_size() }));
            }
        };
        self.settle(era, (free, Duration::ZERO), deadline)
    }

    /// Checks an item out, and waits for one until the deadline.
    #[inline]
    pub(crate) fn checkout(
        &self,
        now: Instant,
        deadline: Option<Instant>,
    ) -> Result<Lent<'_, M>, Error<M::Error>> {
        let era = self.era();
        let found = match era.slots().try_take() {
            Ok(Free::Item(idle)) if self.shared().ages().is_fresh(&idle, now) => {
                return Ok(self.reuse(era, idle, now, Duration::ZERO));
            }
            Ok(free) => (free, Duration::ZERO),
            Err(_) => self.wait(era, deadline)?,
        };
        self.settle(era, found, deadline)
    }

    #[cold]
    fn wait(&self, era: &Era<M::Item>, deadline: Option<Instant>) -> Result<Found<M>, Error<M::Error>> {
        if self.is_closed() {
            return Err(self.refused(era, Refusal::Closed, Error::Closed));
        }
        let begin = Instant::now();
        let free = era.slots().take(deadline);
        let waited = begin.elapsed();
        era.counters().waited(waited);
        free.map(|free| (free, waited)).map_err(|refusal| {
            if refusal == Refusal::Full {
                era.counters().timed_out();
            }
            self.refused(era, refusal, Error::Timeout { max: self.max_size(), waited })
        })
    }

    /// Returns the error of a refusal, `full` if the pool was full.
    #[cold]
    fn refused(&self, era: &Era<M::Item>, refusal: Refusal, full: Error<M::Error>) -> Error<M::Error> {
        match refusal {
            Refusal::Full => full,
            Refusal::Closed => {
                era.counters().refused();
                Error::Closed
            }
        }
    }

    /// Lends what is in a free slot, if it is fit, and opens an item for it if need be.
    fn settle<'a>(
        &'a self,
        era: &'a Era<M::Item>,
        (mut free, waited): Found<M>,
        deadline: Option<Instant>,
    ) -> Result<Lent<'a, M>, Error<M::Error>> {
        loop {
            let idle = match free {
                Free::Permit => return self.open(Slot::new(era), waited, deadline),
                Free::Item(idle) => idle,
            };
            let (slot, reason) = match self.admit(era, idle, waited, deadline) {
                Ok(guard) => return Ok(guard),
                Err(closed) => closed,
            };
            // The item was closed but we hold on to its slot, or we would have to queue again.
            if reason == Reason::Idle {
                // The others have been idle for longer still. Returns close them by and by; this caller has waited enough.
                return self.open(slot, waited, deadline);
            }
            // Another idle item is better than opening one; then the slot we have is somebody else's.
            match era.slots().try_idle() {
                Ok(None) => return self.open(slot, waited, deadline),
                Ok(Some(next)) => free = Free::Item(next),
                Err(refusal) => return Err(self.refused(era, refusal, Error::Closed)),
            }
        }
    }

    /// Checks out an idle item, or closes it and returns the slot it had, and why.
    fn admit<'a>(
        &'a self,
        era: &'a Era<M::Item>,
        idle: Idle<M::Item>,
        waited: Duration,
        deadline: Option<Instant>,
    ) -> Result<Lent<'a, M>, (Slot<'a, M>, Reason)> {
        let shared = self.shared();
        let now = Instant::now();
        if shared.ages().is_fresh(&idle, now) {
            return Ok(self.reuse(era, idle, now, waited));
        }
        let verdict = shared.ages().verdict(&idle, now);
        let Idle { item, dies, since } = idle;
        let mut occupied = Slot::new(era).with(shared, item, Reason::Stale);
        if let Some(reason) = verdict {
            return Err((occupied.close(reason), reason));
        }
        if !shared.manage().check(occupied.item(), now.saturating_duration_since(since), deadline) {
            return Err((occupied.close(Reason::Stale), Reason::Stale));
        }
        let (item, slot) = occupied.save();
        slot.keep();
        // The check may have waited for an answer.
        Ok(self.reuse(era, Idle { item, dies, since }, Instant::now(), waited))
    }

    /// Lends an item that is fit.
    #[inline]
    fn reuse<'a>(
        &'a self,
        era: &Era<M::Item>,
        idle: Idle<M::Item>,
        now: Instant,
        waited: Duration,
    ) -> Lent<'a, M> {
        era.counters().reused();
        self.hand_over(idle.item, Loan { depth: era.depth(), taken: now, dies: idle.dies }, waited)
    }

    /// Opens an item in this slot.
    #[cold]
    fn open<'a>(
        &'a self,
        slot: Slot<'a, M>,
        waited: Duration,
        deadline: Option<Instant>,
    ) -> Result<Lent<'a, M>, Error<M::Error>> {
        let shared = self.shared();
        let era = slot.era();
        let (item, slot) = shared.open(slot, deadline)?.save();
        let now = Instant::now();
        let dies = shared.ages().end(now, era.spread());
        slot.keep();
        Ok(self.hand_over(item, Loan { depth: era.depth(), taken: now, dies }, waited))
    }

    #[inline]
    fn hand_over(&self, item: M::Item, loan: Loan, waited: Duration) -> Lent<'_, M> {
        let lent = Lent::new(self.shared(), item, loan);
        self.shared().tell(|events| events.checked_out(&lent, waited));
        lent
    }
}
