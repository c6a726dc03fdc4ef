//! Pushes that come between the replies of pooled connections, and who takes them.
//!
//! The thread whose call meets a push only passes it on. The handlers run on a thread of the client's own, which starts
//! with the first push, so that a slow or a panicking one holds up no reply.
//!
//! ```text
//!  connection ─▶ Pushes ── queue, bounded ──▶ thread ─┬─ invalidate ──────▶ on_invalidation ─┐ if there is none,
//!                                                     ├─ message, …  ─────▶ on_message ──────┤ and for all others
//!                                                     └──────────────────────────────────────┴▶ on_push
//! ```
//! A forked child starts a thread of its own. It leaks its end of the parent's queue: another thread may have held the
//! lock in it.

use std::fmt;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use arc_swap::ArcSwapOption;
use bytes::Bytes;
use resp::Reply;

use crate::{Client, Message};

/// The server says that keys which were read have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invalidation {
    /// These keys have.
    Keys(Vec<Bytes>),
    /// All keys may have: the database was flushed.
    All,
}

type Handler<T> = Arc<dyn Fn(&T) + Send + Sync>;

/// Who takes what.
#[derive(Clone, Default)]
pub(crate) struct PushHandlers {
    pub(crate) push: Option<Handler<Reply>>,
    pub(crate) invalidation: Option<Handler<Invalidation>>,
    pub(crate) message: Option<Handler<Message>>,
}

/// Where the connections of a client leave their pushes.
pub(crate) struct Pushes {
    handlers: PushHandlers,
    line: ArcSwapOption<Line>,
    dropped: AtomicU64,
}

/// The way to the thread of one process.
struct Line {
    pid: u32,
    /// `None` only while it is dropped.
    sender: Option<SyncSender<Reply>>,
}

/// So many pushes may wait for a slow handler; what comes then is dropped and counted.
const QUEUE: usize = 1_024;

impl PushHandlers {
    pub(crate) fn is_any(&self) -> bool {
        self.push.is_some() || self.invalidation.is_some() || self.message.is_some()
    }

    fn take(&self, push: Reply) {
        if let (Some(handler), Some(invalidation)) = (&self.invalidation, Invalidation::of(&push)) {
            return handler(&invalidation);
        }
        let rest = match &self.message {
            None => push,
            Some(handler) => match Message::of(push) {
                Ok(message) => return handler(&message),
                Err(other) => other,
            },
        };
        if let Some(handler) = &self.push {
            handler(&rest);
        }
    }

    fn run(&self, pushes: &Receiver<Reply>) {
        for push in pushes {
            // What a handler leaves half done is its own.
            let _ = catch_unwind(AssertUnwindSafe(|| self.take(push)));
        }
    }
}

impl Pushes {
    pub(crate) fn new(handlers: PushHandlers) -> Self {
        Self { handlers, line: ArcSwapOption::empty(), dropped: AtomicU64::new(0) }
    }

    /// Passes a push on, without waiting.
    pub(crate) fn pass_on(&self, push: Reply) {
        let line = self.line();
        let sent =
            line.is_some_and(|line| line.sender.as_ref().is_some_and(|sender| sender.try_send(push).is_ok()));
        if !sent {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn line(&self) -> Option<Arc<Line>> {
        let line = self.line.load_full();
        if line.as_ref().is_some_and(|line| line.pid == process::id()) {
            return line;
        }
        let (sender, pushes) = sync_channel(QUEUE);
        let handlers = self.handlers.clone();
        let run = move || handlers.run(&pushes);
        thread::Builder::new().name("redisy-pushes".into()).spawn(run).ok()?;
        let new = Arc::new(Line { pid: process::id(), sender: Some(sender) });
        let before = self.line.compare_and_swap(&line, Some(Arc::clone(&new)));
        let is_ours = match (&*before, &line) {
            (Some(before), Some(line)) => Arc::ptr_eq(before, line),
            (None, None) => true,
            _ => false,
        };
        // If another thread was faster, its line is the one.
        if is_ours { Some(new) } else { self.line.load_full() }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        // The thread ends when it has taken all. In a child there is none, and a lock in the queue may be held for ever.
        if self.pid != process::id() {
            mem::forget(self.sender.take());
        }
    }
}

impl Invalidation {
    fn of(push: &Reply) -> Option<Self> {
        let mut parts = push.view().iter();
        if parts.next()?.as_bytes()? != b"invalidate" {
            return None;
        }
        let keys = parts.next()?;
        Some(if keys.is_null() {
            Self::All
        } else {
            Self::Keys(keys.iter().filter_map(|key| key.share_bytes()).collect())
        })
    }
}

impl Client {
    /// The number of pushes that were dropped, because [`Config::on_push`](crate::Config::on_push) and its like were too
    /// slow to take them: 1,024 may wait.
    pub fn dropped_pushes(&self) -> u64 {
        self.pool().manage().pushes().map_or(0, |pushes| pushes.dropped.load(Ordering::Relaxed))
    }
}

impl fmt::Debug for PushHandlers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_any() { "own" } else { "none" })
    }
}

impl fmt::Debug for Pushes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.handlers.fmt(f)
    }
}
