//! The thread that keeps a pool in shape while nobody uses it, for those who ask for one.
//!
//! ```text
//!     first checkout ──▶ work ──▶ sleep for the interval ──▶ work ──▶ …
//!     of a process                     │ woken by the end of the pool, or by close()
//!                                      ▼
//!                                   the end
//! ```
//! It has only a weak hold on the pool, so that it does not keep one alive: it takes a strong one to work, and if the last owner lets
//! go at this moment, the pool is dropped by this thread. A forked child does not have it and starts its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Weak};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use once_cell::race::OnceBox;

use crate::manage::Manage;
use crate::shared::Shared;

/// The place of an era's maintenance thread, whether it has one or not.
#[derive(Debug, Default)]
pub(crate) struct Maintainer {
    started: AtomicBool,
    thread: OnceBox<Thread>,
}

impl Maintainer {
    /// Starts the thread, if it has not been tried before.
    #[inline]
    pub(crate) fn start_once<M: Manage>(&self, shared: &Arc<Shared<M>>, interval: Duration) {
        // Relaxed: nothing else hangs on it; the swap lets one of them through.
        if !self.started.load(Relaxed) && !self.started.swap(true, Relaxed) {
            self.start(Arc::downgrade(shared), interval);
        }
    }

    #[cold]
    fn start<M: Manage>(&self, pool: Weak<Shared<M>>, interval: Duration) {
        let thread = thread::Builder::new().name("pool maintenance".to_owned());
        if let Ok(handle) = thread.spawn(move || run(&pool, interval)) {
            let _ = self.thread.set(Box::new(handle.thread().clone()));
        }
    }

    /// Wakes the thread, so that it sees whether it is still needed.
    pub(crate) fn wake(&self) {
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }
}

fn run<M: Manage>(pool: &Weak<Shared<M>>, interval: Duration) {
    let mut due = Instant::now();
    loop {
        {
            let Some(shared) = pool.upgrade().filter(|shared| !shared.is_closed()) else { return };
            if Instant::now() >= due {
                // A panic of the manager's is for the panic hook; tomorrow is another day.
                let _ = catch_unwind(AssertUnwindSafe(|| work(&shared, interval)));
                let Some(next) = Instant::now().checked_add(interval) else { return };
                due = next;
            }
        }
        thread::park_timeout(due.saturating_duration_since(Instant::now()));
    }
}

fn work<M: Manage>(shared: &Shared<M>, interval: Duration) {
    shared.reap();
    // A failure is counted and told to the listener; the next round tries again.
    let _ = shared.warm_up(Instant::now().checked_add(interval.max(PATIENCE)));
}

/// How long an opening may take at least, however short the interval; what redis-py grants a connect (`_defaults.py`, 8.0).
const PATIENCE: Duration = Duration::from_secs(5);
