//! Transactions: commands that run together or not at all, and only if what was read for them still holds.
//!
//! ```text
//!  atomic        MULTI ─ commands ─ EXEC                             one flight
//!  transaction   WATCH ─▶ reads ─▶ MULTI ─ commands ─ EXEC ─▶ done
//!                  ▲                          │ somebody was faster
//!                  └──────── a pause ─────────┘
//! ```
//!
//! On every other way out of a transaction the keys are watched no more: UNWATCH is sent, or the connection is closed.

use std::time::{Duration, Instant};

use resp::{Request, ToArgs};

use super::pooled::Client;
use super::terms::{Attempts, Limit};
use super::{Batching, Dedicated, Pipeline, Redeem, Replies};
use crate::{Commands, Error};

/// What a transaction is called where a command has a name.
pub(super) const TRANSACTION: &str = "transaction";

/// So often a transaction is tried while others are faster. Of 64 threads that move money between 100 accounts, two at a
/// time, none needed more than 20 attempts (22 November 2026, `live::transactions::transfers`).
const ATTEMPTS: u32 = 100;

/// The limit of the first pause after a lost race, which doubles with every attempt: a round trip or two.
const FIRST: Duration = Duration::from_micros(250);

/// The limit that no pause exceeds.
const LONGEST: Duration = Duration::from_millis(20);

/// # Transactions
impl<E: Batching> Commands<E> {
    /// Runs commands together, in one flight: others see all of them done or none (`MULTI`, `EXEC`). Returns what their
    /// tickets stand for.
    ///
    /// A command that fails while it runs undoes nothing, and hinders no other: its ticket says so.
    ///
    /// # Errors
    /// The first error of the server's that no ticket has caught (see [`Ticket::caught`](crate::Ticket::caught)). If the
    /// server did not take a command, its error, and nothing was done. [`Error::is_conflict`] on a connection whose
    /// watched keys have changed. *Unknown* if the reply was lost: it is not sent again.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:atomic:a", "doc:atomic:b"])?;
    /// let (a, b) = client.atomic(|p| (p.decr("doc:atomic:a"), p.incr("doc:atomic:b")))?;
    /// assert_eq!((a, b), (-1, 1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn atomic<T: Redeem>(&self, commands: impl FnOnce(&Pipeline) -> T) -> Result<T::Output, Error> {
        self.atomic_as(commands)
    }

    /// [`atomic`](Self::atomic) whose commands are collected by way of `P`.
    pub(crate) fn atomic_as<P: From<Pipeline> + Into<Pipeline>, T: Redeem>(
        &self,
        commands: impl FnOnce(&P) -> T,
    ) -> Result<T::Output, Error> {
        let pipeline = P::from(Pipeline::begin_atomic());
        let tickets = commands(&pipeline);
        let pipeline = pipeline.into();
        if pipeline.is_empty() {
            return tickets.redeem(&mut pipeline.none());
        }
        self.executor.fly(pipeline.end_atomic(), |replies| land(replies, &tickets))
    }
}

impl Client {
    /// Runs commands together, and only if none of `keys` has changed since they were read for it (`WATCH`).
    ///
    /// `body` reads on the connection that it is lent, and puts its commands into the pipeline. If somebody else changes
    /// one of the keys before they have run, nothing is done, and `body` is called again: it should do nothing but read
    /// and decide. Tickets in an `Option` let it decide to do nothing, which too is only valid if nothing has changed.
    ///
    /// The client's timeout is for all attempts together.
    ///
    /// # Errors
    /// The error of `body`, and then nothing was done; else as [`atomic`](Commands::atomic). [`Error::is_conflict`] after
    /// a hundred races that others have won, or those for which there was time; [`Error::attempts`] says how many.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.mset([("doc:account:ann", 50), ("doc:account:bob", 0)])?;
    /// let (from, to) = ("doc:account:ann", "doc:account:bob");
    /// let transfer = |amount| {
    ///     client.transaction([from, to], |own, p| {
    ///         let balance: i64 = own.get(from)?.unwrap_or(0);
    ///         Ok((balance >= amount).then(|| (p.decrby(from, amount), p.incrby(to, amount))))
    ///     })
    /// };
    /// assert_eq!(transfer(30)?, Some((20, 30)));
    /// assert_eq!(transfer(30)?, None);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "watch")]
    pub fn transaction<T: Redeem>(
        &self,
        keys: impl ToArgs,
        mut body: impl FnMut(&Dedicated, &Pipeline) -> Result<T, Error>,
    ) -> Result<T::Output, Error> {
        let view = match self.executor.terms().limit {
            Limit::Timeout(Some(timeout)) => self.deadline(Instant::now() + timeout),
            _ => self.clone(),
        };
        let mut attempts = Attempts::begin(view.executor.terms(), TRANSACTION);
        let mut pause = FIRST;
        let done = loop {
            let again = match view.attempt_transaction(&keys, &mut body) {
                Ok(done) => break done,
                Err(error) if error.is_conflict() => {
                    let again = attempts.again_after_a_race(error, ATTEMPTS, pause);
                    pause = LONGEST.min(pause * 2);
                    again
                }
                Err(error) => attempts.again(error, || false),
            };
            if let Err(error) = again {
                break Err(error.of(TRANSACTION));
            }
        };
        attempts.end(TRANSACTION, 1, done)
    }

    /// One attempt: what it came to, or why there may be another one.
    fn attempt_transaction<T: Redeem>(
        &self,
        keys: &impl ToArgs,
        body: &mut impl FnMut(&Dedicated, &Pipeline) -> Result<T, Error>,
    ) -> Result<Result<T::Output, Error>, Error> {
        let own = self.dedicated()?;
        own.executor.begin_to_watch(&mut Request::new("WATCH").keys(keys))?;
        let pipeline = Pipeline::begin_atomic();
        let tickets = match body(&own, &pipeline) {
            Ok(tickets) => tickets,
            Err(error) => {
                own.executor.end_to_watch();
                return Ok(Err(error));
            }
        };
        // What cannot be sent at all leaves the keys watched, and the connection is closed.
        let mut is_answered = false;
        let done = own.executor.fly(pipeline.end_atomic(), |replies| {
            let landed = land(replies, &tickets);
            is_answered = true;
            landed
        });
        if is_answered {
            own.executor.watches_no_more();
        }
        done.map(Ok)
    }
}

/// What the tickets stand for, from the answer to `EXEC`.
fn land<T: Redeem>(replies: &mut Replies<'_>, tickets: &T) -> Result<T::Output, Error> {
    let mut executed = replies.executed()?;
    let output = tickets.redeem(&mut executed)?;
    executed.finish()?;
    Ok(output)
}
