//! Whether a call that failed is tried again, and after what pause.
//!
//! | the attempt | is it tried again? |
//! |---|---|
//! | was *not sent* | yes |
//! | is *unknown* | if the command does no harm when it runs twice ([`CommandFacts::is_repeatable`]), or its caller says so |
//! | was *answered* `LOADING`, `TRYAGAIN` or `MASTERDOWN` | yes: the server did not begin |
//! | was *answered* otherwise | no |
//! | was refused for its credentials or by TLS, was flawed or cancelled, found the pool full | no |
//! | was answered by something that is no RESP | no |
//!
//! A pipeline is one such command: all of it is repeated or nothing. Its answers are its own business.
//! Worth and safety are two questions: a predicate of the caller's answers the first for itself, never the second.
//!
//! [`CommandFacts::is_repeatable`]: crate::CommandFacts::is_repeatable

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::process;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::{Error, Outcome};

/// How often a call is tried, with what pauses, and for which errors.
///
/// Only what is safe is tried again: a command that was not sent, and one that only reads. All attempts together end by
/// the one deadline of the call. A pause is random, between nothing and a limit that doubles with each attempt, so that
/// many clients do not come back at the same moment.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use client::{Retry, SetOptions};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// let patient = client.retry(Retry::attempts(10).pauses(Duration::from_millis(20), Duration::from_secs(1)));
/// patient.get::<String>("doc:retry")?;
/// // To set the same value twice does no harm:
/// patient.retry(Retry::default().idempotent()).set("doc:retry", "v")?;
/// // And this must not run again, whatever happens:
/// client.retry(Retry::NEVER).set_with("doc:retry", "v", SetOptions::new().nx())?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Retry {
    pub(crate) attempts: u32,
    first: Duration,
    longest: Duration,
    idempotent: bool,
    worth: Option<Worth>,
}

/// The caller's own view of which errors are worth another attempt.
type Worth = Arc<dyn Fn(&Error) -> bool + Send + Sync>;

/// An attempt may wait for so long a pause at first: redis-py's choice (`_defaults.py`, 8.0).
const FIRST: Duration = Duration::from_millis(10);

/// And never for longer: redis-py's choice too.
const LONGEST: Duration = Duration::from_secs(1);

impl Retry {
    /// No second attempt.
    pub const NEVER: Self = Self::attempts(1);

    /// A policy of so many attempts in all, with pauses of at most 10 ms, 20 ms, 40 ms and so on up to 1 s. None at all
    /// is one.
    pub const fn attempts(attempts: u32) -> Self {
        Self { attempts, first: FIRST, longest: LONGEST, idempotent: false, worth: None }
    }

    /// Sets the limit of the first pause, which doubles with every attempt, and the limit that no pause exceeds.
    #[must_use]
    pub fn pauses(mut self, first: Duration, longest: Duration) -> Self {
        (self.first, self.longest) = (first, longest);
        self
    }

    /// Says that the commands may run twice: they are tried again also when the server may have executed them.
    #[must_use]
    pub fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// Sets who decides which errors are worth another attempt, in place of [`Retry::usual`]. What is not safe is not
    /// tried again whatever it says; an answer of the server's counts as safe, for a command that was refused has done
    /// nothing. (A script may have: think of it before you retry its errors.)
    ///
    /// # Example
    /// ```
    /// use client::Retry;
    ///
    /// let failover = Retry::attempts(8).when(|error| Retry::usual(error) || error.code() == Some("READONLY"));
    /// assert!(format!("{failover:?}").contains("attempts: 8"));
    /// ```
    #[must_use]
    pub fn when(mut self, worth: impl Fn(&Error) -> bool + Send + Sync + 'static) -> Self {
        self.worth = Some(Arc::new(worth));
        self
    }

    /// Whether an error is worth another attempt, as far as it goes: the connection was lost or could not be made, or
    /// the server says that it is busy with itself.
    pub fn usual(error: &Error) -> bool {
        error.is_transient()
    }

    /// The pause before the next attempt, if there is to be one after `error`. So many were `made`.
    pub(crate) fn pause(
        &self,
        error: &Error,
        made: u32,
        repeatable: impl FnOnce() -> bool,
    ) -> Option<Duration> {
        let is_safe = || error.outcome() != Outcome::Unknown || self.idempotent || repeatable();
        let worth = || self.worth.as_ref().map_or_else(|| Self::usual(error), |worth| worth(error));
        let again = made < self.attempts && error.may_be_repeated() && worth() && is_safe();
        again.then(|| at_random(self.limit(made)))
    }

    /// The pause before the next attempt to connect, after a connection that worked was lost, if there is to be one.
    pub(crate) fn backoff(&self, failed: u32) -> Option<Duration> {
        (failed < self.attempts).then(|| self.limit(failed).mul_f64(random()))
    }

    /// The longest pause after so many attempts.
    fn limit(&self, made: u32) -> Duration {
        let doubled =
            2_u32.checked_pow(made.saturating_sub(1)).and_then(|times| self.first.checked_mul(times));
        doubled.map_or(self.longest, |limit| limit.min(self.longest))
    }
}

impl Default for Retry {
    /// Five attempts, with pauses of 75 ms in all on the average and 150 ms at most: enough for a connection that was
    /// closed or a server that restarts at once, and an error that is no passing one is told soon.
    fn default() -> Self {
        Self::attempts(5)
    }
}

impl fmt::Debug for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry")
            .field("attempts", &self.attempts)
            .field("first", &self.first)
            .field("longest", &self.longest)
            .field("idempotent", &self.idempotent)
            .field("when", &self.worth.as_ref().map_or("usual", |_| "own"))
            .finish()
    }
}

/// A pause between nothing and `limit`.
pub(crate) fn at_random(limit: Duration) -> Duration {
    limit.mul_f64(random())
}

/// A number from 0 to 1, another one for each thread, moment and process. Forked children have the same random state.
fn random() -> f64 {
    let drawn = RandomState::new().hash_one((process::id(), Instant::now()));
    drawn as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(reply: &'static str) -> Error {
        Error::server(resp::Reply::from_bytes(reply).unwrap().server_error().unwrap())
    }

    #[test]
    fn pauses_double_up_to_the_longest() {
        let retry = Retry::attempts(99).pauses(Duration::from_millis(10), Duration::from_millis(100));
        let limits: Vec<_> = (1..7).map(|made| retry.limit(made).as_millis()).collect();
        assert_eq!(limits, [10, 20, 40, 80, 100, 100]);
        assert_eq!(retry.limit(u32::MAX), Duration::from_millis(100));
    }

    #[test]
    fn pauses_are_spread_over_the_whole_range() {
        let drawn: Vec<f64> = (0..1_000).map(|_| random()).collect();
        assert!(drawn.iter().all(|number| (0.0..=1.0).contains(number)));
        assert!(drawn.iter().any(|number| *number < 0.1) && drawn.iter().any(|number| *number > 0.9));
    }

    #[test]
    fn answers_that_mean_later_are_tried_again() {
        for (reply, again) in [
            ("-LOADING Redis is loading the dataset in memory\r\n", true),
            ("-TRYAGAIN Multiple keys request during rehashing of slot\r\n", true),
            ("-MASTERDOWN Link with MASTER is down\r\n", true),
            ("-WRONGTYPE x\r\n", false),
            ("-NOAUTH x\r\n", false),
            ("-WRONGPASS x\r\n", false),
            ("-READONLY x\r\n", false),
        ] {
            assert_eq!(Retry::default().pause(&error(reply), 1, || false).is_some(), again, "{reply}");
        }
    }

    #[test]
    fn a_predicate_decides_what_is_worth_it_and_not_what_is_safe() {
        let readonly = error("-READONLY x\r\n");
        let own = Retry::attempts(2).when(|error| error.code() == Some("READONLY"));
        assert!(own.pause(&readonly, 1, || false).is_some());
        assert!(own.pause(&error("-LOADING x\r\n"), 1, || true).is_none());
        assert!(own.pause(&readonly, 2, || true).is_none(), "two attempts were made");
        let always = Retry::attempts(2).when(|_| true);
        assert!(always.pause(&Error::usage("x"), 1, || true).is_none());
        assert!(always.pause(&error("-WRONGPASS x\r\n"), 1, || true).is_none());
    }
}
