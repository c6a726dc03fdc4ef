//! A call that waits in one thread is called off from another.
//!
//! ```text
//!   calling thread                  Canceller                    another thread
//!   ──────────────                  ─────────                    ──────────────
//!   enter: cancelled? ◀──────────── flag
//!          register ──────────────▶ list of interrupters
//!   blocked in a receive                 │ ◀───────────────────── cancel: flag, interrupt all
//!   wakes, the socket is shut ◀──────────┘
//!   leave: off the list, was it cut? ─▶ the connection is discarded, also when its reply came just in time
//! ```

use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use conn::Interrupter;

use crate::Error;

/// Calls off what others are waiting for: a BLPOP, an XREAD, a long reply.
///
/// A client takes it by [`Client::cancelled_by`](crate::Client::cancelled_by). It works once and for good: calls that
/// wait end at once, later ones fail before anything is sent, both with an error that
/// [is cancelled](crate::Error::is_cancelled). Clones are one and the same. It belongs to the process that made it; a
/// forked child makes its own.
///
/// Waiting for a free connection, looking up a name and connecting are not cut short: they end by the deadline of the
/// call.
///
/// # Example
/// ```
/// use std::{thread, time::Duration};
/// use client::{Canceller, Timeout};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// let canceller = Canceller::new();
/// let worker = client.cancelled_by(&canceller);
/// let waiting = thread::spawn(move || worker.blpop::<String, String>("doc:no jobs", Timeout::Forever));
/// thread::sleep(Duration::from_millis(50));
/// canceller.cancel();
/// assert!(waiting.join().unwrap().unwrap_err().is_cancelled());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Canceller(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// The process whose threads it may wake, and whose lock it may take.
    pid: u32,
    is_cancelled: AtomicBool,
    waiting: Mutex<Waiting>,
    /// Told of the cancellation: who sleeps between two attempts listens.
    cancelled: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    next: u64,
    calls: Vec<(u64, Interrupter)>,
}

/// A call that may be called off; it ends with the value.
#[derive(Debug)]
pub(crate) struct Entered<'a> {
    canceller: &'a Canceller,
    number: u64,
}

impl Default for Inner {
    fn default() -> Self {
        Self {
            pid: process::id(),
            is_cancelled: AtomicBool::default(),
            waiting: Mutex::default(),
            cancelled: Condvar::default(),
        }
    }
}

impl Canceller {
    /// A canceller of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls off what waits now and all that comes later. In a forked child it does nothing to the parent's calls.
    pub fn cancel(&self) {
        self.0.is_cancelled.store(true, Ordering::SeqCst);
        if self.0.pid == process::id() {
            self.waiting().calls.iter().for_each(|(_, interrupter)| interrupter.interrupt());
            self.0.cancelled.notify_all();
        }
    }

    /// Whether [`Canceller::cancel`] was called.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::SeqCst)
    }

    /// Begins a call on the connection of `interrupter`.
    ///
    /// # Errors
    /// [`Error`] when it is cancelled already, or belongs to another process.
    pub(crate) fn enter(&self, interrupter: Interrupter) -> Result<Entered<'_>, Error> {
        self.check()?;
        let mut waiting = self.waiting();
        // Again, under the lock: whoever cancels now finds the call on the list, or has been seen here.
        if self.is_cancelled() {
            return Err(Error::cancelled(None));
        }
        let number = waiting.next;
        waiting.next = number.wrapping_add(1);
        waiting.calls.push((number, interrupter));
        Ok(Entered { canceller: self, number })
    }

    /// # Errors
    /// [`Error`] when it is cancelled already, or belongs to another process.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match (self.0.pid == process::id(), self.is_cancelled()) {
            (false, _) => Err(Error::usage("has a canceller that belongs to the parent of this process")),
            (true, true) => Err(Error::cancelled(None)),
            (true, false) => Ok(()),
        }
    }

    /// Sleeps, but not after it is cancelled.
    pub(crate) fn sleep(&self, time: Duration) {
        let waiting = self.waiting();
        let result = self.0.cancelled.wait_timeout_while(waiting, time, |_| !self.is_cancelled());
        drop(result);
    }

    /// Nothing panics under this lock.
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entered<'_> {
    /// Ends the call, and says whether its connection may have been cut.
    pub(crate) fn leave(self) -> bool {
        let canceller = self.canceller;
        drop(self);
        canceller.is_cancelled()
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        let mut waiting = self.canceller.waiting();
        if let Some(at) = waiting.calls.iter().position(|(number, _)| *number == self.number) {
            waiting.calls.swap_remove(at);
        }
    }
}
