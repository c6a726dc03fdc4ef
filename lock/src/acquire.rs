//! How a lock is acquired: look, wait, look again.

use std::thread;
use std::time::{Duration, Instant};

use client::Canceller;

use crate::attempts::{Tried, chance, persist};
use crate::keeper::Job;
use crate::script::{ACQUIRE, Call, millis};
use crate::{Fence, Lock, LockError, LockGuard, Locks, Token};

/// How long to wait.
#[derive(Clone, Copy, Debug)]
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
    /// A request may still be under way that takes the lock; until then the server would keep it.
    stray_until: Option<Duration>,
}

/// What a look has shown.
enum Look {
    Ours { asked: Duration, fence: Option<Fence> },
    Held { holder: Vec<u8> },
}

/// The last look is at the limit, and its answer may take so long.
const GRACE: Duration = Duration::from_millis(50);

/// While somebody may call it off, the thread sleeps no longer than this at a time.
const SLICE: Duration = Duration::from_millis(20);

/// A lock without a timeout that nobody knows of is looked for as long as this.
const STRAY: Duration = Duration::from_secs(60);

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
                keeper.forget(&lock.name, token);
                token.clone()
            }
        };
        let end = if let Limit::For(limit) = limit { Instant::now().checked_add(limit) } else { None };
        Ok(Self { lock, locks, canceller, token, limit, end, stray_until: None })
    }

    /// Looks until the lock is ours or the limit is over. The last look is at the limit itself, not before it.
    pub(crate) fn wait(mut self) -> Result<Option<LockGuard>, LockError> {
        let mut is_first = true;
        loop {
            let holder = match self.look()? {
                Look::Ours { asked, fence } => return self.guard(asked, fence).map(Some),
                Look::Held { holder } => holder,
            };
            if is_first
                && matches!(self.limit, Limit::Never)
                && self.locks.keeper().is_mine(&self.lock.name, &holder)
            {
                self.clean_up();
                return Err(LockError::WouldDeadlock { name: self.lock.name.clone() });
            }
            is_first = false;
            let left = self.left();
            if left.is_some_and(|left| left.is_zero()) {
                self.clean_up();
                return Ok(None);
            }
            let pause = self.lock.sleep.mul_f64(0.75 + 0.5 * chance());
            self.sleep(left.map_or(pause, |left| left.min(pause)))?;
        }
    }

    /// One look, which takes the lock if it is free.
    fn look(&mut self) -> Result<Look, LockError> {
        let lease = self.lock.ttl().map_or_else(|| "0".into(), millis);
        let side = self.lock.side("fence");
        let fenced: &[u8] = if self.lock.fenced { b"1" } else { b"0" };
        let (keys, args) = ([&*self.lock.name, &side], [self.token.as_bytes(), lease.as_bytes(), fenced]);
        let call = Call { script: &ACQUIRE, keys: &keys, args: &args };
        let limit = match self.limit {
            Limit::For(_) => self.left().map(|left| left.max(GRACE)),
            Limit::Now | Limit::Never => None,
        };
        let mut asked = self.locks.now();
        let Tried { result, is_doubtful } = persist(self.locks, limit, self.canceller, |client| {
            asked = self.locks.now();
            call.run::<Answer>(client)
        });
        if is_doubtful {
            let ttl = self.lock.ttl().unwrap_or(STRAY);
            self.stray_until = Some(self.locks.now().saturating_add(ttl));
        }
        match result {
            Ok(reply) => Ok(Look::of(reply, asked, self.lock.fenced)),
            Err(error) if error.is_cancelled() => {
                self.clean_up();
                Err(self.cancelled())
            }
            Err(source) if self.stray_until.is_some() => {
                self.clean_up();
                let (name, token) = (self.lock.name.clone(), self.token.clone());
                Err(LockError::Indeterminate { name, token, source })
            }
            Err(error) => Err(error.into()),
        }
    }

    fn guard(self, asked: Duration, fence: Option<Fence>) -> Result<LockGuard, LockError> {
        LockGuard::begin(self.lock, self.locks, self.token, asked, fence)
            .map(|guard| guard.with_stray(self.stray_until))
    }

    fn sleep(&self, pause: Duration) -> Result<(), LockError> {
        let Some(canceller) = self.canceller else {
            thread::sleep(pause);
            return Ok(());
        };
        let end = Instant::now() + pause;
        while !canceller.is_cancelled() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            thread::sleep(left.min(SLICE));
        }
        self.clean_up();
        Err(self.cancelled())
    }

    /// Nobody waits any more. What may still take the lock is released by the keeper.
    fn clean_up(&self) {
        if let Some(until) = self.stray_until {
            let job = Job::new(&self.lock.name, &self.token, self.locks.now(), until);
            self.locks.keeper().release_later(job.again_and_again());
        }
    }

    fn cancelled(&self) -> LockError {
        LockError::Cancelled { name: self.lock.name.clone() }
    }

    fn left(&self) -> Option<Duration> {
        match self.limit {
            Limit::Now => Some(Duration::ZERO),
            Limit::For(_) => self.end.map(|end| end.saturating_duration_since(Instant::now())),
            Limit::Never => None,
        }
    }
}

/// What the script says: 1 and the fence, or 0, the time that is left and the holder.
type Answer = (i64, i64, Vec<u8>);

impl Look {
    fn of((is_ours, number, holder): Answer, asked: Duration, fenced: bool) -> Self {
        if is_ours == 0 {
            return Self::Held { holder };
        }
        let fence = u64::try_from(number).ok().filter(|_| fenced);
        Self::Ours { asked, fence: fence.map(Fence::new) }
    }
}
