//! A step is tried until it is answered: it is safe to repeat, and what is in doubt afterwards is remembered.

use std::thread;
use std::time::{Duration, Instant};

use client::{Canceller, Client, Error, Outcome};

use crate::Locks;

/// What came of a step.
pub(crate) struct Tried<R> {
    pub(crate) result: Result<R, Error>,
    /// One of the attempts may have been executed, or may still be under way.
    pub(crate) is_doubtful: bool,
}

/// So often a step is tried, as a client tries a call.
const ATTEMPTS: u32 = 5;

/// After the first failure the pause is at most this long, then twice as long and so on.
const PAUSE: Duration = Duration::from_millis(10);

/// Tries `ask` until the server has answered, all together for as long as one call may take, or for `limit`.
pub(crate) fn persist<R>(
    locks: &Locks,
    limit: Option<Duration>,
    canceller: Option<&Canceller>,
    mut ask: impl FnMut(&Client) -> Result<R, Error>,
) -> Tried<R> {
    let end = Instant::now() + locks.call_timeout(limit);
    let mut is_doubtful = false;
    for attempt in 1.. {
        let mut client = locks.calls(Some(end.saturating_duration_since(Instant::now())));
        if let Some(canceller) = canceller {
            client = client.cancelled_by(canceller);
        }
        let error = match ask(&client) {
            Ok(reply) => return Tried { result: Ok(reply), is_doubtful },
            Err(error) => error,
        };
        is_doubtful |= error.outcome() == Outcome::Unknown;
        let pause = PAUSE.saturating_mul(1 << attempt).mul_f64(chance() / 2.0);
        if attempt >= ATTEMPTS || !error.is_transient() || Instant::now() + pause >= end {
            return Tried { result: Err(error), is_doubtful };
        }
        thread::sleep(pause);
    }
    unreachable!("the last attempt returns")
}

/// A number from 0 to 1; the middle, if the system has no random numbers.
pub(crate) fn chance() -> f64 {
    let mut byte = [0];
    match getrandom::fill(&mut byte) {
        Ok(()) => f64::from(byte[0]) / 255.0,
        Err(_) => 0.5,
    }
}
