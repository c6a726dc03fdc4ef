//! How a lock is acquired: look, wait to be woken, look again.
//!
//! ```text
//!   the gate of the process ──▶ look (one script) ──▶ ours
//!                                 ▲      │ held
//!                                 │      ▼
//!                                 └── wait: at the own mailbox (in line), at the list of signals,
//!                                     or asleep (polling, or the holder wakes nobody)
//! ```
//!
//! What wakes a waiter is a hint: it only shortens the wait. Every wait ends when the holder's time is over, when the
//! waiter has to show that he is alive, and when the caller's own time is.

use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::{Duration, Instant};

use client::{Canceller, Pipeline};

use crate::attempts::{Tried, chance, persist};
use crate::durability::Copies;
use crate::gate::Place;
use crate::keeper::{Job, Keeper};
use crate::keys::Kind;
use crate::plain::{self, Taken};
use crate::script::{self, ALIVE, Acquired, Style};
use crate::{Durability, Fence, Lock, LockError, LockGuard, Locks, Token, Wait};

/// How long to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    Now,
    For(Duration),
    Never,
}

/// Somebody wants a lock.
pub(crate) struct Wanted<'a> {
    lock: &'a Lock,
    locks: &'a Locks,
    canceller: Option<&'a Canceller>,
    token: Token,
    limit: Limit,
    end: Option<Instant>,
    style: Style,
    /// The server may have us in line, or let us have the lock that we must not keep.
    is_queued: bool,
    /// A request may still be under way that takes the lock; until then the server would keep it.
    stray_until: Option<Duration>,
}

/// What a look has shown.
enum Look {
    Ours { asked: Duration, fence: Option<Fence> },
    Held { left: Option<Duration>, wakes: bool, is_first: bool },
}

/// The last look is at the limit, and its answer may take so long.
const GRACE: Duration = Duration::from_millis(50);

/// While somebody may call it off, the thread sleeps no longer than this at a time.
const SLICE: Duration = Duration::from_millis(20);

/// A lock without a timeout that nobody knows of is looked for as long as this.
const STRAY: Duration = Duration::from_secs(60);

/// Who leaves the line waits no longer than this for the server; then the keeper does it.
const LEAVE: Duration = Duration::from_millis(100);

impl<'a> Wanted<'a> {
    pub(crate) fn begin(
        lock: &'a Lock,
        limit: Limit,
        canceller: Option<&'a Canceller>,
    ) -> Result<Self, LockError> {
        lock.validate()?;
        let locks = lock.locks()?;
        let keeper = locks.keeper();
        if keeper.is_closed() {
            return Err(LockError::Closed);
        }
        let token = match &lock.token {
            None => Token::random()?,
            Some(token) => {
                keeper.forget(lock.name(), token);
                token.clone()
            }
        };
        let style = match (limit, lock.wait, lock.fair) {
            (Limit::Now, ..) | (_, Wait::Poll, _) => Style::Try,
            (_, Wait::Notify, true) => Style::Queue,
            (_, Wait::Notify, false) => Style::Signal,
        };
        let end = if let Limit::For(limit) = limit { Instant::now().checked_add(limit) } else { None };
        Ok(Self { lock, locks, canceller, token, limit, end, style, is_queued: false, stray_until: None })
    }

    /// Looks until the lock is ours or the limit is over. The last look is at the limit itself, not before it.
    pub(crate) fn wait(mut self) -> Result<Option<LockGuard>, LockError> {
        let keeper = self.locks.keeper();
        if let Some(held) = self.lock.reentrant.then(|| keeper.reenter(self.lock.name())).flatten() {
            return LockGuard::nested(self.lock, self.locks, held).map(Some);
        }
        let guard = if self.limit == Limit::Now {
            self.first_look()
        } else {
            let place = keeper.gate.enter(self.lock.name());
            self.stand_in_line(&keeper, &place)
        };
        // What may still take the lock, or is in line for it, must not stay.
        if !matches!(guard, Ok(Some(_))) {
            self.clean_up(&keeper);
        }
        guard.map(|guard| guard.map(|guard| guard.with_stray(self.stray_until)))
    }

    fn first_look(&mut self) -> Result<Option<LockGuard>, LockError> {
        match self.look()? {
            Look::Ours { asked, fence } => self.guard(asked, fence).map(Some),
            Look::Held { .. } => Ok(None),
        }
    }

    fn stand_in_line(&mut self, keeper: &Keeper, place: &Place<'_>) -> Result<Option<LockGuard>, LockError> {
        if !place.is_first() {
            self.refuse_hopeless(keeper)?;
        }
        while !place.is_first() {
            let left = self.left().unwrap_or(Duration::MAX);
            if left.is_zero() {
                return Ok(None);
            }
            let slice = if self.canceller.is_some() { SLICE } else { ALIVE };
            place.rest(Instant::now() + left.min(slice));
            self.go_on(keeper)?;
        }
        let mut is_checked = false;
        loop {
            let (left, wakes, is_first) = match self.look()? {
                Look::Ours { asked, fence } => return self.guard(asked, fence).map(Some),
                Look::Held { left, wakes, is_first } => (left, wakes, is_first),
            };
            if !std::mem::replace(&mut is_checked, true) {
                self.refuse_hopeless(keeper)?;
            }
            let own = self.left();
            if own.is_some_and(|own| own.is_zero()) {
                return Ok(None);
            }
            // A holder of another library wakes nobody: the first in line looks for all.
            let is_woken = self.style != Style::Try && (wakes || !is_first);
            let most = if is_woken { ALIVE / 2 } else { self.lock.sleep.mul_f64(0.75 + 0.5 * chance()) };
            // The server counts whole milliseconds.
            let over = left.map(|left| left + Duration::from_millis(1));
            let pause = [own, over].into_iter().flatten().fold(most, Duration::min);
            if is_woken {
                self.be_woken(pause)?;
            } else {
                self.sleep(pause);
            }
            self.go_on(keeper)?;
        }
    }

    /// Whether this thread would wait for itself, and for ever.
    fn refuse_hopeless(&self, keeper: &Keeper) -> Result<(), LockError> {
        // Who has one permit may wait for another.
        let is_lock = self.lock.keys.kind == Kind::Lock;
        match is_lock && self.limit == Limit::Never && keeper.is_mine(self.lock.name()) {
            true => Err(LockError::WouldDeadlock { name: self.lock.name().to_owned() }),
            false => Ok(()),
        }
    }

    /// One look, which takes the lock if it is free.
    fn look(&mut self) -> Result<Look, LockError> {
        let limit = match self.limit {
            Limit::For(_) => self.left().map(|left| left.max(GRACE)),
            Limit::Now | Limit::Never => None,
        };
        let (lock, ttl) = (self.lock, self.lock.ttl());
        let mut asked = self.locks.now();
        // Nobody else wants it, as far as is known: a plain command will do.
        let is_in_memory = lock.durability == Durability::Memory;
        let is_lock = lock.keys.kind == Kind::Lock;
        let mut is_plain = is_lock && is_in_memory && !lock.fenced && !lock.keys.busy.load(Relaxed);
        let mut copies = Copies::default();
        let Tried { result, is_doubtful } = persist(self.locks, limit, self.canceller, |client| {
            asked = self.locks.now();
            if std::mem::take(&mut is_plain) {
                match plain::acquire(self.locks.abilities(), client, &lock.keys, &self.token, ttl) {
                    Some(Ok(Taken::Ours)) => return Ok((1, 0, Vec::new(), 0)),
                    Some(Ok(Taken::Held(holder)))
                        if self.limit == Limit::Now && holder != self.token.as_bytes() =>
                    {
                        return Ok((0, -1, holder, 1));
                    }
                    Some(Err(error)) => return Err(error),
                    Some(Ok(Taken::Held(_))) | None => asked = self.locks.now(),
                }
            }
            if is_in_memory {
                return script::acquire(client, &lock.keys, &self.token, ttl, lock.fenced, self.style);
            }
            let acquire =
                |p: &Pipeline| script::acquire(p, &lock.keys, &self.token, ttl, lock.fenced, self.style);
            let (answer, reached) = lock.durability.run(client, acquire)?;
            copies = reached;
            Ok(answer)
        });
        self.is_queued |= self.style == Style::Queue && (result.is_ok() || is_doubtful);
        // It may be ours on the server and still be none that we keep.
        self.is_queued |= !is_in_memory;
        if is_doubtful {
            self.stray_until = Some(self.locks.now().saturating_add(ttl.unwrap_or(STRAY)));
        }
        if let Ok((0, ..)) = result {
            lock.keys.busy.store(true, Relaxed);
        }
        if let Ok((1, ..)) = result {
            lock.durability.check(copies, lock.name())?;
        }
        match result {
            Ok(answer) => Ok(Look::of(answer, asked, lock.fenced)),
            Err(error) if error.is_cancelled() => Err(self.cancelled()),
            Err(source) if self.stray_until.is_some() => {
                let (name, token) = (lock.name().to_owned(), self.token.clone());
                Err(LockError::Indeterminate { name, token, source })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Waits until whoever releases the lock says so.
    fn be_woken(&mut self, pause: Duration) -> Result<(), LockError> {
        let keys = &self.lock.keys;
        let key = match self.style {
            Style::Queue => [keys.mailboxes.as_bytes(), self.token.as_bytes()].concat(),
            _ => keys.signal.clone().into_bytes(),
        };
        match self.locks.wait_at(&key, pause, self.canceller) {
            Some(Ok(())) => {}
            Some(Err(error)) if error.is_cancelled() => return Err(self.cancelled()),
            // The connection is gone: the next look finds out how things are, and keeps the place in line.
            Some(Err(error)) if error.is_transient() => self.sleep(pause.min(SLICE)),
            // No such command for us, or no connection left.
            Some(Err(_)) | None => self.sleep(pause.min(self.lock.sleep)),
        }
        Ok(())
    }

    fn guard(&self, asked: Duration, fence: Option<Fence>) -> Result<LockGuard, LockError> {
        LockGuard::begin(self.lock, self.locks, self.token.clone(), asked, fence)
    }

    fn sleep(&self, pause: Duration) {
        let end = Instant::now() + pause;
        let slice = if self.canceller.is_some() { SLICE } else { pause };
        while !self.canceller.is_some_and(Canceller::is_cancelled) {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            thread::sleep(left.min(slice));
        }
    }

    /// Whether it makes sense to go on waiting.
    fn go_on(&self, keeper: &Keeper) -> Result<(), LockError> {
        if keeper.is_closed() {
            return Err(LockError::Closed);
        }
        match self.canceller.is_some_and(Canceller::is_cancelled) {
            true => Err(self.cancelled()),
            false => Ok(()),
        }
    }

    /// Leaves the line, and passes on what came too late. What the server does not answer is the keeper's.
    fn clean_up(&self, keeper: &std::sync::Arc<Keeper>) {
        let now = self.locks.now();
        let job = |until| Job::new(&self.lock.keys, &self.token, now, until);
        if let Some(until) = self.stray_until {
            keeper.release_later(job(until).again_and_again());
        } else if self.is_queued {
            let leave = |client: &_| script::release(client, &self.lock.keys, &self.token, true);
            if persist(self.locks, Some(LEAVE), None, leave).result.is_err() {
                keeper.release_later(job(now.saturating_add(self.lock.ttl().unwrap_or(STRAY))));
            }
        }
    }

    fn cancelled(&self) -> LockError {
        LockError::Cancelled { name: self.lock.name().to_owned() }
    }

    fn left(&self) -> Option<Duration> {
        match self.limit {
            Limit::Now => Some(Duration::ZERO),
            Limit::For(_) => self.end.map(|end| end.saturating_duration_since(Instant::now())),
            Limit::Never => None,
        }
    }
}

impl Look {
    fn of((is_ours, number, holder, first): Acquired, asked: Duration, fenced: bool) -> Self {
        let number = u64::try_from(number).ok();
        if is_ours == 1 {
            return Self::Ours { asked, fence: number.filter(|_| fenced).map(Fence::new) };
        }
        let left = number.map(Duration::from_millis);
        Self::Held { left, wakes: Token::wakes(&holder), is_first: first == 1 }
    }
}
