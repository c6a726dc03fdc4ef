//! What a guard and the keeper both know of a lock that is held.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::thread::ThreadId;
use std::time::Duration;

use crate::keys::Keys;
use crate::{Fence, Lost, LostReason, LostSignal, Token};

/// A lock that is held. Times are those of the manager's clock.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) id: u64,
    pub(crate) keys: Arc<Keys>,
    pub(crate) token: Token,
    pub(crate) pid: u32,
    /// Which thread asked for it.
    pub(crate) thread: ThreadId,
    /// When the holder stops relying on it, in nanoseconds.
    until: AtomicU64,
    /// When the server lets go of it, at the earliest.
    ends: AtomicU64,
    /// Counts the holder's own extensions: the answer to an older renewal says nothing any more.
    edition: AtomicU64,
    pub(crate) lost: LostSignal,
    /// A release may have been executed.
    pub(crate) is_doubtful: AtomicBool,
    pub(crate) fence: Option<Fence>,
    /// How many guards there are for it.
    guards: AtomicUsize,
}

/// Never.
const NEVER: u64 = u64::MAX;

impl Held {
    pub(crate) fn new(
        id: u64,
        keys: Arc<Keys>,
        token: Token,
        term: Option<Term>,
        fence: Option<Fence>,
    ) -> Self {
        Self {
            id,
            keys,
            token,
            pid: std::process::id(),
            thread: std::thread::current().id(),
            until: AtomicU64::new(nanos(term.map(|term| term.until))),
            ends: AtomicU64::new(nanos(term.map(|term| term.ends))),
            edition: AtomicU64::new(0),
            lost: LostSignal::new(),
            is_doubtful: AtomicBool::new(false),
            fence,
            guards: AtomicUsize::new(1),
        }
    }

    /// One more guard; false if the last one is being released.
    pub(crate) fn enter(&self) -> bool {
        self.guards.fetch_update(SeqCst, SeqCst, |guards| (guards > 0).then_some(guards + 1)).is_ok()
    }

    /// One guard less; how many are left.
    pub(crate) fn leave(&self) -> usize {
        self.guards.fetch_sub(1, SeqCst) - 1
    }

    /// The last guard has left, and comes back.
    pub(crate) fn come_back(&self) {
        self.guards.store(1, SeqCst);
    }

    pub(crate) fn is_nested(&self) -> bool {
        self.guards.load(SeqCst) > 1
    }

    pub(crate) fn name(&self) -> &str {
        &self.keys.lock
    }

    pub(crate) fn until(&self) -> Option<Duration> {
        Some(self.until.load(SeqCst)).filter(|until| *until != NEVER).map(Duration::from_nanos)
    }

    pub(crate) fn is_over(&self, now: Duration) -> bool {
        self.until().is_some_and(|until| until <= now)
    }

    pub(crate) fn is_valid(&self, now: Duration) -> bool {
        !self.lost.is_lost() && !self.is_over(now) && self.pid == std::process::id()
    }

    /// The loss, if it is lost.
    pub(crate) fn check(&self, now: Duration) -> Result<(), Lost> {
        let reason = match self.lost.reason() {
            _ if self.pid != std::process::id() => LostReason::Forked,
            Some(reason) => reason,
            None if self.is_over(now) => LostReason::LeaseEnded,
            None => return Ok(()),
        };
        Err(Lost { name: self.name().to_owned(), reason })
    }

    /// The holder begins an extension of his own.
    pub(crate) fn begin_edition(&self) -> u64 {
        self.edition.fetch_add(1, SeqCst) + 1
    }

    pub(crate) fn edition(&self) -> u64 {
        self.edition.load(SeqCst)
    }

    /// When the server lets go of it, at the earliest.
    pub(crate) fn ends(&self) -> Option<Duration> {
        Some(self.ends.load(SeqCst)).filter(|ends| *ends != NEVER).map(Duration::from_nanos)
    }

    /// The server has agreed to `term`. What shortens holds too.
    pub(crate) fn set(&self, term: Term) {
        self.until.store(nanos(Some(term.until)), SeqCst);
        self.ends.store(nanos(Some(term.ends)), SeqCst);
    }

    /// The server has agreed to `term`, or had agreed to more.
    pub(crate) fn lengthen(&self, term: Term) {
        self.until.fetch_max(nanos(Some(term.until)), SeqCst);
        self.ends.fetch_max(nanos(Some(term.ends)), SeqCst);
    }

    /// The server may have agreed to `term`: it holds where it ends sooner.
    pub(crate) fn shorten(&self, term: Term) {
        self.until.fetch_min(nanos(Some(term.until)), SeqCst);
        self.ends.fetch_min(nanos(Some(term.ends)), SeqCst);
    }

    /// The server has agreed to a renewal that was sent in `edition`.
    pub(crate) fn renewed(&self, term: Term, edition: u64) {
        if self.edition() == edition {
            self.lengthen(term);
        }
    }
}

/// A clock that counts from the start of the system needs five centuries to reach the limit.
fn nanos(time: Option<Duration>) -> u64 {
    time.map_or(NEVER, |time| u64::try_from(time.as_nanos()).unwrap_or(NEVER))
}

/// Until when a lock is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    /// When the holder stops relying on it.
    until: Duration,
    /// When the server lets go of it, at the earliest.
    ends: Duration,
}

impl Term {
    /// Both are counted from when the request was about to be sent, so that a slow reply costs nobody but the holder. 1 %
    /// and 2 ms are for clocks that go unlike (the drift of Redlock's paper, and of redlock-rb and redsync).
    pub(crate) fn new(asked: Duration, lease: Duration, margin: Duration) -> Self {
        let drift = lease / 100 + Duration::from_millis(2);
        let until = asked.saturating_add(lease.saturating_sub(drift));
        Self { until, ends: asked.saturating_add(lease).saturating_add(margin) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn held(term: Option<Term>) -> Held {
        Held::new(1, Arc::new(Keys::of("x".into())), Token::from("t"), term, None)
    }

    /// So long, exactly.
    fn term(seconds: u32) -> Term {
        Term { until: seconds * SECOND, ends: seconds * SECOND }
    }

    #[test]
    fn the_time_is_counted_from_the_question_and_shortened_by_the_drift() {
        let long = Term::new(SECOND, 10 * SECOND, SECOND);
        assert_eq!((long.until, long.ends), (Duration::from_millis(10_898), 12 * SECOND));
        assert_eq!(Term::new(SECOND, Duration::from_millis(1), Duration::ZERO).until, SECOND);
    }

    #[test]
    fn a_renewal_that_an_extension_has_overtaken_changes_nothing() {
        let held = held(Some(term(1)));
        let edition = held.edition();
        held.renewed(term(3), edition);
        held.renewed(term(2), edition);
        assert_eq!((held.until(), held.ends()), (Some(3 * SECOND), Some(3 * SECOND)));
        held.begin_edition();
        held.set(term(2));
        held.renewed(term(9), edition);
        assert_eq!(held.until(), Some(2 * SECOND));
    }

    #[test]
    fn what_never_ends_is_valid_until_it_is_lost() {
        let held = held(None);
        assert!(held.is_valid(Duration::MAX) && held.check(Duration::MAX).is_ok());
        held.lost.raise(LostReason::Deleted);
        assert!(!held.is_valid(Duration::ZERO));
        assert_eq!(held.check(Duration::ZERO).unwrap_err().reason, LostReason::Deleted);
    }
}
