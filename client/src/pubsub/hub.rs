//! How threads wait together for what the server says.
//!
//! There is one connection, and one thread at a time hears it: whichever needs something and finds the listener free. It
//! takes the listener out, waits without the lock, and tells all others what has come. So a subscriber needs no
//! thread of its own, and whoever waits for a confirmation gets it although nobody reads messages.
//!
//! ```text
//!  wait ─┬─ it is there ──────────────────────────────────────▶ done
//!        ├─ the listener is free ─▶ take it ─▶ hear ─▶ take in ─▶ put it back, wake the sleepers ─▶ wait
//!        └─ somebody else hears, or connects ─▶ sleep until there is news ────────────────────────▶ wait
//! ```
//!
//! A child of a fork does nothing here: neither the socket nor the lock is its own.

use std::collections::VecDeque;
use std::process;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use conn::Deadline;
use resp::Reply;

use super::line::{Awaited, PING, Slip, ask, verb};
use super::message::Topic;
use super::options::{PubSubOptions, WhenSlow};
use super::state::{Ears, End, Handler, Item, Link, State};
use super::trouble::Trouble;
use crate::Error;
use crate::execute::Way;

/// What the parts of a subscriber share.
pub(super) struct Hub {
    pid: u32,
    way: Way,
    options: PubSubOptions,
    state: Mutex<State>,
    news: Condvar,
}

/// What a thread waits for.
enum Want<'a> {
    /// Anything for the reader.
    Items(&'a mut VecDeque<Item>),
    /// An answer.
    Answer(&'a Slip),
    /// A connection.
    Line,
    /// Nothing: it hears so that others need not.
    Nothing,
}

/// What came of waiting.
pub(super) enum Came {
    InTime,
    TooLate,
    /// It is over, and there is nothing left to read.
    Over(Error),
}

/// What is heard at once is taken in at once, but for this many.
const MOST_AT_ONCE: usize = 1_024;

/// Who can be called off looks so often whether he was, when he sleeps.
const LOOK: Duration = Duration::from_millis(20);

impl Hub {
    pub(super) fn open(way: Way, options: PubSubOptions) -> Result<Arc<Self>, Error> {
        let connection = way.open("pubsub")?;
        let state = State::new(options.clone(), way.pushes(), *connection);
        let hub = Arc::new(Self {
            pid: process::id(),
            way,
            options,
            state: Mutex::new(state),
            news: Condvar::new(),
        });
        if hub.options.when_slow != WhenSlow::Block {
            let own = Arc::clone(&hub);
            spawn(move || drop(own.wait(Deadline::NEVER, Want::Nothing)))?;
        }
        Ok(hub)
    }

    /// Fills what the reader takes from, which is empty.
    ///
    /// # Errors
    /// [`Error`] in a child of a fork.
    pub(super) fn items(
        self: &Arc<Self>,
        into: &mut VecDeque<Item>,
        deadline: Deadline,
    ) -> Result<Came, Error> {
        self.wait(deadline, Want::Items(into))
    }

    /// Subscribes and waits until the server has confirmed it.
    pub(super) fn subscribe(
        self: &Arc<Self>,
        topic: Topic,
        names: &[Bytes],
        handler: Option<&Handler>,
    ) -> Result<(), Error> {
        let deadline = self.way.deadline();
        let slip = Slip::default();
        {
            let mut state = self.state()?;
            let state = &mut *state;
            state.check().map_err(|error| error.of(verb(true, topic)))?;
            for name in names {
                state.wanted[topic as usize].entry(name.clone()).or_insert(false);
                match handler {
                    Some(handler) => {
                        state.handlers[topic as usize].insert(name.clone(), Arc::clone(handler));
                    }
                    None => drop(state.handlers[topic as usize].remove(name)),
                }
            }
            match &mut state.link {
                Link::Up { line, .. } => {
                    let mut wire = Vec::new();
                    let awaited = ask(&mut wire, true, topic, names, Some(slip.clone()));
                    line.say(&wire, [awaited], deadline);
                }
                Link::Down => state.orphans.push(slip.clone()),
            }
        }
        self.answer(&slip, deadline).map(drop).map_err(|error| error.of(verb(true, topic)))
    }

    /// Unsubscribes, from all of that kind if no names are given, and waits until the server has confirmed it.
    pub(super) fn unsubscribe(self: &Arc<Self>, topic: Topic, names: &[Bytes]) -> Result<(), Error> {
        let deadline = self.way.deadline();
        let slip = Slip::default();
        {
            let mut state = self.state()?;
            state.check().map_err(|error| error.of(verb(false, topic)))?;
            let wanted = &mut state.wanted[topic as usize];
            let names: Vec<_> = match names {
                [] => wanted.drain().map(|(name, _)| name).collect(),
                some => some.to_vec(),
            };
            names.iter().for_each(|name| {
                wanted.remove(name);
            });
            match &mut state.link {
                Link::Up { line, .. } if !names.is_empty() => {
                    let mut wire = Vec::new();
                    let awaited = ask(&mut wire, false, topic, &names, Some(slip.clone()));
                    line.say(&wire, [awaited], deadline);
                }
                // The next connection will not be subscribed to them.
                Link::Up { .. } | Link::Down => return Ok(()),
            }
        }
        self.answer(&slip, deadline).map(drop).map_err(|error| error.of(verb(false, topic)))
    }

    /// Runs a command beside the subscriptions. `in_resp2` says whether it may run there.
    pub(super) fn call(
        self: &Arc<Self>,
        wire: &[u8],
        deadline: Deadline,
        in_resp2: bool,
    ) -> Result<Reply, Error> {
        let slip = Slip::default();
        match self.wait(deadline, Want::Line)? {
            Came::InTime => {}
            Came::TooLate => return Err(Trouble::NoLine.into()),
            Came::Over(error) => return Err(error),
        }
        {
            let mut state = self.state()?;
            let Link::Up { line, .. } = &mut state.link else { return Err(Trouble::NoLine.into()) };
            if line.protocol == resp::Protocol::Resp2 && !in_resp2 {
                return Err(Error::usage(
                    "cannot run beside subscriptions in RESP2, which the configuration or the server wants: use the client",
                ));
            }
            line.say(wire, [Awaited::Reply(slip.clone())], deadline);
        }
        self.answer(&slip, deadline)?.ok_or_else(|| Trouble::Unasked.into())
    }

    /// Ends it. In a child of a fork it does nothing.
    pub(super) fn close(&self) {
        if let Ok(mut state) = self.state() {
            state.end(End::Closed);
            self.news.notify_all();
        }
    }

    pub(super) fn way(&self) -> &Way {
        &self.way
    }

    /// By when a call that begins now must have ended.
    pub(super) fn deadline(&self) -> Deadline {
        self.way.deadline()
    }

    /// Asks the shared state something.
    pub(super) fn ask<T>(&self, ask: impl FnOnce(&State) -> T) -> Result<T, Error> {
        self.state().map(|state| ask(&state))
    }

    fn answer(self: &Arc<Self>, slip: &Slip, deadline: Deadline) -> Result<Option<Reply>, Error> {
        match self.wait(deadline, Want::Answer(slip))? {
            Came::InTime => slip.take().unwrap_or_else(|| Err(Trouble::Unasked.into())),
            Came::TooLate => Err(Trouble::Late.into()),
            Came::Over(error) => Err(error),
        }
    }

    /// Waits, and hears meanwhile if nobody else does.
    fn wait(self: &Arc<Self>, deadline: Deadline, mut want: Want<'_>) -> Result<Came, Error> {
        let mut state = self.state()?;
        let mut has_looked = false;
        loop {
            let is_full = !state.has_room();
            if want.is_there(&mut state) {
                if is_full && state.has_room() {
                    self.news.notify_all();
                }
                return Ok(Came::InTime);
            }
            if let Some(end) = &state.end {
                return Ok(Came::Over(end.error()));
            }
            if let Some(error) = self.way.canceller().and_then(|canceller| canceller.check().err()) {
                state.end(End::Failed(error.of("pubsub")));
                self.news.notify_all();
                continue;
            }
            if has_looked && deadline.has_passed() {
                return Ok(Came::TooLate);
            }
            has_looked = true;
            state = match state.take_ears(self.may_hear(&want)) {
                Some(ears) => {
                    drop(state);
                    self.hear(ears, deadline)?
                }
                None => self.sleep(state, deadline),
            };
        }
    }

    /// With a thread of its own, only that one hears.
    fn may_hear(&self, want: &Want<'_>) -> bool {
        self.options.when_slow == WhenSlow::Block || matches!(want, Want::Nothing)
    }

    fn sleep<'a>(&'a self, mut state: MutexGuard<'a, State>, deadline: Deadline) -> MutexGuard<'a, State> {
        let deadline = match self.way.canceller() {
            Some(_) => deadline.earlier(Deadline::after(LOOK)),
            None => deadline,
        };
        state.sleepers += 1;
        let mut state = match deadline.instant() {
            None => self.news.wait(state).unwrap_or_else(PoisonError::into_inner),
            Some(instant) => {
                let left = instant.saturating_duration_since(Instant::now());
                self.news.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
            }
        };
        state.sleepers -= 1;
        state
    }

    /// Hears once, and takes in what has come.
    fn hear(
        self: &Arc<Self>,
        mut ears: Box<Ears>,
        deadline: Deadline,
    ) -> Result<MutexGuard<'_, State>, Error> {
        let half = self.options.silence.map(|silence| silence / 2);
        let since = ears.pinged_at.unwrap_or(ears.heard_at);
        let check_at = half.map_or(Deadline::NEVER, |half| Deadline::since(since, half));
        let (heard, is_cut) = match self.way.canceller() {
            None => (ears.hear(deadline.earlier(check_at)), false),
            Some(canceller) => match canceller.enter(ears.listener.interrupter()) {
                Ok(entered) => (ears.hear(deadline.earlier(check_at)), entered.leave()),
                Err(_) => (Ok(()), true),
            },
        };
        let mut state = self.state()?;
        let mut failed = heard.err().map(Error::from);
        if failed.is_none() && ears.heard.is_empty() && check_at.has_passed() {
            failed = self.ping(&mut state, &mut ears);
        }
        let taken = state.take_in(&mut ears.heard);
        if is_cut {
            state.end(End::Failed(Error::cancelled(None).of("pubsub")));
        } else if let Some(error) = failed.or_else(|| taken.err()) {
            if state.end.is_none() {
                self.reconnect(&mut state, error);
            }
        } else if let Link::Up { ears: place, .. } = &mut state.link {
            *place = Some(ears);
        }
        if state.sleepers > 0 {
            self.news.notify_all();
        }
        Ok(state)
    }

    /// The server was silent for too long: it is asked whether it is there, or given up.
    fn ping(&self, state: &mut State, ears: &mut Ears) -> Option<Error> {
        if ears.pinged_at.is_some() {
            return Some(Trouble::Silent(self.options.silence.unwrap_or_default()).into());
        }
        ears.pinged_at = Some(Instant::now());
        if let Link::Up { line, .. } = &mut state.link {
            line.say(PING, [Awaited::Pong], self.way.deadline());
        }
        None
    }

    /// The connection is lost: a thread makes the next one, so that nobody who waits has to wait for it longer than he
    /// wants to.
    fn reconnect(self: &Arc<Self>, state: &mut State, error: Error) {
        state.lost(error.clone());
        let Some(pause) = self.options.retry.backoff(state.failed) else {
            return state.end(End::Failed(error));
        };
        let hub = Arc::clone(self);
        if let Err(error) = spawn(move || hub.connect(pause)) {
            state.end(End::Failed(error));
        }
    }

    fn connect(self: &Arc<Self>, mut pause: Duration) {
        loop {
            if !self.rest(pause) {
                return;
            }
            let made = self.way.connect(self.way.deadline());
            let Ok(mut state) = self.state() else { return };
            if state.end.is_some() {
                return;
            }
            match made {
                Ok(connection) => {
                    state.restore(*connection, self.way.deadline());
                    return self.news.notify_all();
                }
                Err(error) => {
                    state.failed = state.failed.saturating_add(1);
                    match self.options.retry.pause(&error, state.failed, || true) {
                        Some(next) => pause = next,
                        None => {
                            state.end(End::Failed(error));
                            return self.news.notify_all();
                        }
                    }
                }
            }
        }
    }

    /// Waits before the next attempt; false when it is over meanwhile.
    fn rest(&self, pause: Duration) -> bool {
        let Ok(mut state) = self.state() else { return false };
        let deadline = Deadline::after(pause);
        while state.end.is_none() && !deadline.has_passed() {
            state = self.sleep(state, deadline);
        }
        state.end.is_none()
    }

    /// Whether this is a child of the process that it belongs to.
    pub(super) fn is_inherited(&self) -> bool {
        self.pid != process::id()
    }

    /// # Errors
    /// [`Error`] in a child of a fork, where another thread of the parent's may have held the lock.
    fn state(&self) -> Result<MutexGuard<'_, State>, Error> {
        if self.is_inherited() {
            return Err(Error::usage("belongs to the process that opened it, not to a forked child"));
        }
        Ok(self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    fn check(&self) -> Result<(), Error> {
        self.end.as_ref().map_or(Ok(()), |end| Err(end.error()))
    }

    fn take_ears(&mut self, may_hear: bool) -> Option<Box<Ears>> {
        if !may_hear || !self.has_room() {
            return None;
        }
        match &mut self.link {
            Link::Up { ears, .. } => ears.take(),
            Link::Down => None,
        }
    }
}

impl Want<'_> {
    fn is_there(&mut self, state: &mut State) -> bool {
        match self {
            Want::Items(_) if state.queue.is_empty() => false,
            Want::Items(into) => {
                state.hand_over(into);
                true
            }
            Want::Answer(slip) => slip.has_come(),
            Want::Line => matches!(state.link, Link::Up { .. }),
            Want::Nothing => false,
        }
    }
}

impl Ears {
    /// Hears what comes by the deadline, and what comes with it.
    fn hear(&mut self, deadline: Deadline) -> Result<(), conn::Error> {
        let mut next = self.listener.hear(deadline)?;
        if next.is_some() {
            (self.heard_at, self.pinged_at) = (Instant::now(), None);
        }
        while let Some(reply) = next {
            self.heard.push(reply);
            next = if self.heard.len() < MOST_AT_ONCE { self.listener.heard()? } else { None };
        }
        Ok(())
    }
}

fn spawn(job: impl FnOnce() + Send + 'static) -> Result<(), Error> {
    let made = thread::Builder::new().name("redisy-pubsub".into()).spawn(job);
    made.map(drop).map_err(|error| Error::config(format!("cannot start a thread: {error}")))
}
