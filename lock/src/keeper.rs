//! The keeper: one thread and one connection of its own that look after what a process holds.
//!
//! It renews leases, tells of losses, and releases what others could not. It never needs a connection that somebody else
//! may have, and waits for nobody: what users want to be called runs on threads of its own.
//!
//! ```text
//!   guards ── add, remove ──▶ ledger ◀── looks ── keeper thread ── one pipeline ──▶ server
//!                               ▲                     │
//!        drop, acquire ── jobs ─┘                     └── lost signals, hooks (on threads of their own)
//! ```
//!
//! The thread starts with the first thing that has a time, and ends when there was none for a while. Every time in the
//! ledger is absolute: a late look delays nothing that comes after it.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use client::{Caught, Client, Pipeline, Retry, Ticket};

use crate::durability::{Asked, Copies};
use crate::gate::Gate;
use crate::held::{Held, Term};
use crate::keys::Keys;
use crate::lost::Callback;
use crate::script::{self, Compared, How};
use crate::{Clock, Durability, Event, LostReason, Token};

/// The keeper of one process.
pub(crate) struct Keeper {
    pid: u32,
    clock: Arc<dyn Clock>,
    /// One connection, nobody else's.
    client: Client,
    hook: Option<Arc<Hook>>,
    ledger: Mutex<Ledger>,
    /// Told when there is something earlier to do, when a round trip is over, and when all is over.
    changed: Condvar,
    next: AtomicU64,
    /// Where this process's threads stand in line.
    pub(crate) gate: Gate,
}

pub(crate) type Hook = dyn Fn(&Event) + Send + Sync;

#[derive(Default)]
struct Ledger {
    held: HashMap<u64, Entry>,
    jobs: Vec<Job>,
    /// What the thread is asking the server about just now.
    in_flight: Vec<(String, Token)>,
    is_running: bool,
    is_closed: bool,
    /// When the thread will look again.
    wakes_at: Duration,
}

struct Entry {
    held: Arc<Held>,
    renewal: Option<Renewal>,
    /// Somebody wants to be called at the loss.
    is_watched: bool,
}

/// How a lease is renewed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Renewal {
    /// What it is renewed to, on the side of the holder and on that of the server.
    pub(crate) lease: Duration,
    pub(crate) margin: Duration,
    pub(crate) durability: Durability,
    pub(crate) every: Duration,
    pub(crate) next: Duration,
    /// When it ends.
    pub(crate) stop: Duration,
}

/// A release that is tried until it is of no more use.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) keys: Arc<Keys>,
    pub(crate) token: Token,
    pub(crate) at: Duration,
    /// The time after which the server lets go by itself.
    pub(crate) until: Duration,
    /// Whether one success is enough. A request that is still under way may undo it.
    pub(crate) once: bool,
    pub(crate) pause: Duration,
}

/// What is to be asked in one round trip.
enum Task {
    Renew { held: Arc<Held>, renewal: Renewal, edition: u64 },
    Release(Job),
}

/// A thread that has nothing to do for so long ends.
const IDLE: Duration = Duration::from_secs(10);

/// While anything has a time, the thread looks at the clock this often: its sleep stands still with the system.
const LOOK: Duration = Duration::from_secs(1);

/// A round trip may take so long, if no lease ends before.
const ROUND_TRIP: Duration = Duration::from_millis(500);

/// A job is tried again after this time, then after twice as long and so on, but never later than after the second.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(200);

impl Keeper {
    pub(crate) fn new(client: Client, clock: Arc<dyn Clock>, hook: Option<Arc<Hook>>) -> Arc<Self> {
        Arc::new(Self {
            pid: std::process::id(),
            clock,
            client: client.retry(Retry::NEVER),
            hook,
            ledger: Mutex::default(),
            changed: Condvar::new(),
            next: AtomicU64::new(0),
            gate: Gate::default(),
        })
    }

    /// Whether it belongs to a parent of this process: then its locks may be taken for ever.
    pub(crate) fn is_inherited(&self) -> bool {
        self.pid != std::process::id()
    }

    pub(crate) fn next_id(&self) -> u64 {
        self.next.fetch_add(1, SeqCst)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.ledger().is_closed
    }

    /// Looks after a lock from now on; false if the manager was closed.
    pub(crate) fn add(self: &Arc<Self>, held: Arc<Held>, renewal: Option<Renewal>) -> bool {
        let mut ledger = self.ledger();
        if ledger.is_closed {
            return false;
        }
        let is_watched = self.hook.is_some() || held.lost.is_listened();
        let entry = Entry { held, renewal, is_watched };
        let due = entry.due();
        ledger.held.insert(entry.held.id, entry);
        self.wake_for(&mut ledger, due);
        true
    }

    /// The lock is over, or of no more interest.
    pub(crate) fn remove(&self, id: u64) {
        let entry = self.ledger().held.remove(&id);
        drop(entry);
    }

    /// Has `callback` called at the loss, at once if it is lost.
    pub(crate) fn watch(self: &Arc<Self>, held: &Arc<Held>, callback: Callback) {
        if let Err((callback, reason)) = held.lost.listen(callback) {
            return aside(move || callback(reason));
        }
        let mut ledger = self.ledger();
        let due = ledger.held.get_mut(&held.id).and_then(|entry| {
            entry.is_watched = true;
            entry.due()
        });
        self.wake_for(&mut ledger, due);
    }

    /// The end of the lock has changed.
    pub(crate) fn retimed(self: &Arc<Self>, id: u64) {
        let mut ledger = self.ledger();
        let due = ledger.held.get(&id).and_then(Entry::due);
        self.wake_for(&mut ledger, due);
    }

    /// Releases on the side.
    pub(crate) fn release_later(self: &Arc<Self>, job: Job) {
        let mut ledger = self.ledger();
        if !ledger.is_closed {
            let due = job.at;
            ledger.jobs.push(job);
            self.wake_for(&mut ledger, Some(due));
        }
    }

    /// The holder of this token wants the lock again: nothing may release it behind his back.
    pub(crate) fn forget(&self, name: &str, token: &Token) {
        let is_it = |n: &str, t: &Token| n == name && t == token;
        let mut ledger = self.ledger();
        ledger.jobs.retain(|job| !is_it(job.name(), &job.token));
        while ledger.in_flight.iter().any(|(name, token)| is_it(name, token)) {
            ledger = self.changed.wait(ledger).unwrap_or_else(PoisonError::into_inner);
            ledger.jobs.retain(|job| !is_it(job.name(), &job.token));
        }
    }

    /// Whether this thread holds the lock, and relies on it.
    pub(crate) fn is_mine(&self, name: &str) -> bool {
        let (now, thread) = (self.clock.now(), thread::current().id());
        let is_mine = |held: &Held| held.thread == thread && held.name() == name && held.is_valid(now);
        self.ledger().held.values().any(|entry| is_mine(&entry.held))
    }

    /// The lock that this thread holds and relies on, for one more guard.
    pub(crate) fn reenter(&self, name: &str) -> Option<Arc<Held>> {
        let (now, thread) = (self.clock.now(), thread::current().id());
        let ledger = self.ledger();
        let mut held = ledger.held.values().map(|entry| &entry.held);
        let is_mine = |held: &&Arc<Held>| held.thread == thread && held.name() == name && held.is_valid(now);
        held.find(is_mine).filter(|held| held.enter()).map(Arc::clone)
    }

    /// What is held.
    pub(crate) fn held(&self) -> Vec<Arc<Held>> {
        self.ledger().held.values().map(|entry| Arc::clone(&entry.held)).collect()
    }

    /// Takes nothing any more and hands out what is held, and what was still to be released.
    pub(crate) fn close(&self) -> (Vec<Arc<Held>>, Vec<Job>) {
        let mut ledger = self.ledger();
        ledger.is_closed = true;
        let held = ledger.held.drain().map(|(_, entry)| entry.held).collect();
        let jobs = std::mem::take(&mut ledger.jobs);
        self.changed.notify_all();
        (held, jobs)
    }

    /// Waits until the thread has ended, at most until `end`.
    pub(crate) fn join(&self, end: Instant) {
        let mut ledger = self.ledger();
        while ledger.is_running {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            ledger = self.changed.wait_timeout(ledger, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Tells the holder, and whoever wants to know.
    pub(crate) fn lose(&self, held: &Held, reason: LostReason) {
        if let Some(callbacks) = held.lost.raise(reason) {
            for callback in callbacks {
                aside(move || callback(reason));
            }
            self.tell(Event::Lost { name: held.name().to_owned(), reason });
        }
    }

    pub(crate) fn tell(&self, event: Event) {
        if let Some(hook) = self.hook.clone() {
            aside(move || hook(&event));
        }
    }

    /// Wakes the thread if it would sleep for too long, and starts it if there is none.
    fn wake_for(self: &Arc<Self>, ledger: &mut Ledger, due: Option<Duration>) {
        let Some(due) = due else { return };
        if ledger.is_running {
            if due < ledger.wakes_at {
                ledger.wakes_at = due;
                self.changed.notify_all();
            }
            return;
        }
        let keeper = Arc::clone(self);
        let begun = thread::Builder::new().name("redisy-lock-keeper".into()).spawn(move || keeper.run());
        // Without a thread nothing is renewed and nobody is called, but every holder still has his clock.
        ledger.is_running = begun.is_ok();
    }

    fn run(&self) {
        let mut idle_since = self.clock.now();
        let mut ledger = self.ledger();
        while !ledger.is_closed {
            let now = self.clock.now();
            let (over, tasks, next) = ledger.due(now);
            if over.is_empty() && tasks.is_empty() {
                let idle = next.is_none() && ledger.held.is_empty();
                if idle && now.saturating_sub(idle_since) >= IDLE {
                    break;
                }
                let wait = next.map_or(IDLE, |next| next.saturating_sub(now).min(LOOK));
                ledger.wakes_at = now.saturating_add(wait);
                ledger = self.changed.wait_timeout(ledger, wait).unwrap_or_else(PoisonError::into_inner).0;
                continue;
            }
            idle_since = now;
            ledger.in_flight = tasks.iter().filter_map(Task::released).collect();
            let end = ledger.earliest_end();
            drop(ledger);
            for (held, reason) in over {
                self.lose(&held, reason);
            }
            let left = if tasks.is_empty() { Vec::new() } else { self.ask(tasks, now, end) };
            ledger = self.ledger();
            ledger.in_flight.clear();
            ledger.jobs.extend(left);
            self.changed.notify_all();
        }
        ledger.is_running = false;
        self.changed.notify_all();
    }

    /// One round trip, that ends when the first lease does. Returns the jobs that are still to be done.
    fn ask(&self, tasks: Vec<Task>, now: Duration, end: Option<Duration>) -> Vec<Job> {
        let limit = end.map_or(ROUND_TRIP, |end| end.saturating_sub(now).min(ROUND_TRIP));
        let client = self.client.deadline(Instant::now() + limit);
        // Who wants more than the memory of the server asks for it behind his own renewal.
        let replies = client.pipeline(|p| tasks.iter().map(|task| task.queue(p)).collect::<Vec<_>>());
        let replies: Vec<Option<i64>> = match replies {
            Ok(replies) => tasks.iter().zip(replies).map(|(task, reply)| task.durable(reply)).collect(),
            Err(_) => vec![None; tasks.len()],
        };
        let mut left = Vec::new();
        for (task, reply) in tasks.into_iter().zip(replies) {
            match (task, reply.map(Compared::of)) {
                (Task::Renew { held, renewal, edition }, Some(Compared::Ours)) => {
                    held.renewed(Term::new(now, renewal.lease, renewal.margin), edition);
                }
                (Task::Renew { held, edition, .. }, Some(other)) if held.edition() == edition => {
                    self.lose(
                        &held,
                        if other == Compared::Gone { LostReason::Deleted } else { LostReason::TakenOver },
                    );
                }
                // Nobody knows: it is tried again, until the holder's own clock says that it is lost.
                (Task::Renew { held, renewal, .. }, _) => {
                    if let Some(entry) = self.ledger().held.get_mut(&held.id) {
                        let soon = self.clock.now() + (renewal.every / 8).min(LONGEST_PAUSE);
                        if let Some(planned) = &mut entry.renewal {
                            planned.next = planned.next.min(soon);
                        }
                    }
                }
                (Task::Release(job), reply) => {
                    let is_done = job.once && reply.is_some();
                    let again = Job {
                        at: self.clock.now() + job.pause,
                        pause: (job.pause * 2).min(LONGEST_PAUSE),
                        ..job
                    };
                    match is_done || again.at > again.until {
                        true => self.tell(Event::Released {
                            name: again.name().to_owned(),
                            confirmed: reply.is_some(),
                        }),
                        false => left.push(again),
                    }
                }
            }
        }
        left
    }

    /// Nothing panics under this lock.
    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ledger {
    /// Takes what is due `now`: what is lost, what is to be asked; and when the next will be.
    #[expect(clippy::type_complexity, reason = "three lists that exist for one caller")]
    fn due(&mut self, now: Duration) -> (Vec<(Arc<Held>, LostReason)>, Vec<Task>, Option<Duration>) {
        let (mut over, mut tasks, mut next) = (Vec::new(), Vec::new(), None::<Duration>);
        for entry in self.held.values_mut() {
            if entry.held.lost.is_lost() {
                entry.renewal = None;
                continue;
            }
            if entry.held.is_over(now) {
                over.push((Arc::clone(&entry.held), LostReason::LeaseEnded));
                continue;
            }
            if let Some(renewal) = entry.renewal.as_mut() {
                if renewal.stop <= now {
                    over.push((Arc::clone(&entry.held), LostReason::MaxHold));
                    continue;
                }
                if renewal.next <= now {
                    tasks.push(Task::Renew {
                        held: Arc::clone(&entry.held),
                        renewal: *renewal,
                        edition: entry.held.edition(),
                    });
                    // From the plan, not from now; but what was slept through is not made up for.
                    renewal.next = (renewal.next + renewal.every).max(now + renewal.every / 2);
                }
            }
            next = earlier(next, entry.due());
        }
        self.jobs.retain(|job| {
            let is_due = job.at <= now;
            if is_due {
                tasks.push(Task::Release(job.clone()));
            } else {
                next = earlier(next, Some(job.at));
            }
            !is_due
        });
        (over, tasks, next)
    }

    /// When the first lease ends that somebody relies on.
    fn earliest_end(&self) -> Option<Duration> {
        let ends = self.held.values().filter(|entry| !entry.held.lost.is_lost());
        ends.filter_map(|entry| entry.held.until()).min()
    }
}

impl Entry {
    /// When the keeper has to look at it; never, if nobody wants it to.
    fn due(&self) -> Option<Duration> {
        if self.held.lost.is_lost() {
            return None;
        }
        let end = self.held.until().filter(|_| self.renewal.is_some() || self.is_watched);
        earlier(end, self.renewal.map(|renewal| renewal.next.min(renewal.stop)))
    }
}

impl Task {
    fn queue(&self, pipeline: &Pipeline) -> (Caught<i64>, Asked) {
        match self {
            Self::Renew { held, renewal, .. } => {
                let ttl = renewal.lease.saturating_add(renewal.margin);
                // Replicas confirm what was written last: there must be something.
                let is_in_memory = renewal.durability == Durability::Memory;
                let how = if is_in_memory { How::Lengthen } else { How::Write };
                let extended = script::extend(pipeline, &held.keys, &held.token, ttl, how).caught();
                (extended, renewal.durability.ask(pipeline))
            }
            Self::Release(job) => (job.queue(pipeline).caught(), Asked::Nothing),
        }
    }

    /// What the server has said, if enough have heard of it.
    fn durable(&self, (reply, copies): (Result<i64, client::Error>, Copies)) -> Option<i64> {
        let reply = reply.ok()?;
        match self {
            Self::Renew { renewal, .. } if reply == 1 && !renewal.durability.holds(copies) => None,
            _ => Some(reply),
        }
    }

    fn released(&self) -> Option<(String, Token)> {
        match self {
            Self::Renew { .. } => None,
            Self::Release(job) => Some((job.name().to_owned(), job.token.clone())),
        }
    }
}

impl Job {
    /// A job that begins at once.
    pub(crate) fn new(keys: &Arc<Keys>, token: &Token, now: Duration, until: Duration) -> Self {
        let (keys, token) = (Arc::clone(keys), token.clone());
        Self { keys, token, at: now, until, once: true, pause: FIRST_PAUSE }
    }

    pub(crate) fn name(&self) -> &str {
        &self.keys.lock
    }

    /// The same, for a request that may still be under way: it goes on until the end.
    pub(crate) fn again_and_again(self) -> Self {
        Self { once: false, ..self }
    }

    pub(crate) fn queue(&self, pipeline: &Pipeline) -> Ticket<i64> {
        script::release(pipeline, &self.keys, &self.token, true)
    }
}

/// Runs what users have given us where it holds up nobody.
fn aside(call: impl FnOnce() + Send + 'static) {
    // Without a thread nobody is called; the signal itself needs none.
    let _ = thread::Builder::new().name("redisy-lock-call".into()).spawn(call);
}

fn earlier(a: Option<Duration>, b: Option<Duration>) -> Option<Duration> {
    a.into_iter().chain(b).min()
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeper").field("pid", &self.pid).finish_non_exhaustive()
    }
}
