//! On what terms a call runs: how long, how often, and who may call it off.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use conn::{Connection, Deadline};
use resp::Wait;

use super::trace;
use crate::observe::Observer;
use crate::retry::at_random;
use crate::stats::Tally;
use crate::{Call, Canceller, Config, Error, Outcome, Retry, WhenFull};

/// What a client's views change. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    pub(super) limit: Limit,
    pub(super) when_full: WhenFull,
    pub(super) retry: Retry,
    pub(super) canceller: Option<Canceller>,
    pub(super) observer: Observer,
    pub(super) tally: Arc<Tally>,
}

/// How the time of a call is limited.
#[derive(Clone, Copy, Debug)]
pub(super) enum Limit {
    /// So long for each call, but for what the server may take for itself.
    Timeout(Option<Duration>),
    /// At this moment all is over.
    Deadline(Instant),
}

/// The time of one call, with all its attempts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    /// By when a connection must be there and, unless the server may hold back its answer, all else as well.
    pub(super) deadline: Deadline,
    /// When the attempt began. Read once: what follows reads the clock only after it has waited.
    pub(super) now: Instant,
    is_final: bool,
}

impl Terms {
    pub(super) fn of(config: &Config) -> Self {
        Self {
            limit: Limit::Timeout(config.timeout),
            when_full: config.when_full,
            retry: config.retry.clone(),
            canceller: None,
            observer: config.observer.clone(),
            tally: Arc::default(),
        }
    }

    /// A call begins now.
    #[inline]
    pub(super) fn begin(&self) -> Span {
        let now = Instant::now();
        let (deadline, is_final) = match self.limit {
            Limit::Timeout(None) => (Deadline::NEVER, false),
            Limit::Timeout(Some(timeout)) => (Deadline::since(now, timeout), false),
            Limit::Deadline(instant) => (Deadline::at(instant), true),
        };
        Span { deadline, now, is_final }
    }

    /// # Errors
    /// [`Error`] when the call is called off before it has begun.
    #[inline]
    pub(super) fn check(&self) -> Result<(), Error> {
        self.canceller.as_ref().map_or(Ok(()), Canceller::check)
    }

    /// Lets `call` use the connection and others call it off. Says too whether the connection may have been cut off: then
    /// it is of no more use, whatever came of the call.
    #[inline]
    pub(super) fn run<T>(
        &self,
        connection: &mut Connection,
        call: impl FnOnce(&mut Connection) -> Result<T, Error>,
    ) -> (Result<T, Error>, bool) {
        let Some(canceller) = &self.canceller else { return (call(connection), false) };
        let entered = match canceller.enter(connection.interrupter()) {
            Ok(entered) => entered,
            Err(error) => return (Err(error), false),
        };
        let result = call(connection);
        match entered.leave() {
            false => (result, false),
            true => (result.map_err(Error::by_cancellation), true),
        }
    }
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            limit: Limit::Timeout(Some(Config::TIMEOUT)),
            when_full: WhenFull::default(),
            retry: Retry::default(),
            canceller: None,
            observer: Observer::default(),
            tally: Arc::default(),
        }
    }
}

impl Span {
    /// By when a server that may hold back its answer for so long must have answered.
    pub(super) fn allow(self, wait: Wait) -> Deadline {
        match wait {
            _ if self.is_final => self.deadline,
            Wait::No => self.deadline,
            Wait::For(time) => self.deadline.plus(time),
            Wait::Forever => Deadline::NEVER,
        }
    }
}

/// The attempts of one call.
pub(super) struct Attempts<'a> {
    terms: &'a Terms,
    span: Span,
    failed: u32,
    /// One of them may have been executed: then the call as a whole may have been.
    unknown: bool,
    began: Instant,
    trace: trace::Span,
}

impl<'a> Attempts<'a> {
    /// A call begins now.
    #[inline]
    pub(super) fn begin(terms: &'a Terms, command: &str) -> Self {
        let trace = trace::Span::call(command);
        let span = terms.begin();
        Self { terms, span, failed: 0, unknown: false, began: span.now, trace }
    }

    /// The time that all of them have.
    #[inline]
    pub(super) fn span(&self) -> Span {
        self.span
    }

    /// The call goes on with another request, in the time that is left.
    pub(super) fn go_on(&mut self) {
        self.span.now = Instant::now();
    }

    /// The last error was an answer that one had to expect: it does not count as a failure.
    pub(super) fn forgive(&mut self) {
        self.failed = self.failed.saturating_sub(1);
    }

    /// Waits for the next attempt, if `error` allows one and the time suffices. `repeatable` is asked whether the call
    /// does no harm if it runs twice.
    ///
    /// # Errors
    /// The error of the call, which knows of all attempts.
    #[cold]
    pub(super) fn again(&mut self, error: Error, repeatable: impl FnOnce() -> bool) -> Result<(), Error> {
        self.failed = self.failed.saturating_add(1);
        self.unknown |= error.outcome() == Outcome::Unknown;
        let pause = self.terms.retry.pause(&error, self.failed, repeatable);
        let Some(pause) = pause.filter(|pause| self.is_time_for(*pause)) else {
            return Err(error.after(self.failed, self.unknown));
        };
        self.rest(pause)?;
        self.terms.tally.retried();
        self.span.now = Instant::now();
        Ok(())
    }

    /// Waits for the next attempt after one that did nothing, as somebody else was faster: for a random time of at most
    /// `pause`, if there were less than `most` attempts and the time suffices.
    ///
    /// # Errors
    /// The error of the call, which knows of all attempts.
    #[cold]
    pub(super) fn again_after_a_race(
        &mut self,
        error: Error,
        most: u32,
        pause: Duration,
    ) -> Result<(), Error> {
        self.failed = self.failed.saturating_add(1);
        let pause = at_random(pause);
        if self.failed >= most || !self.is_time_for(pause) {
            return Err(error.after(self.failed, self.unknown));
        }
        self.rest(pause)
    }

    fn rest(&self, pause: Duration) -> Result<(), Error> {
        match &self.terms.canceller {
            None => thread::sleep(pause),
            Some(canceller) => {
                canceller.sleep(pause);
                canceller.check().map_err(|error| error.after(self.failed, self.unknown))?;
            }
        }
        Ok(())
    }

    /// The call has ended: whoever wants to know is told.
    #[inline]
    pub(super) fn end<T>(self, command: &str, commands: usize, result: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &result {
            self.terms.tally.failed(error);
            self.trace.failed(error);
        }
        if let Some(observer) = &self.terms.observer.0 {
            let error = result.as_ref().err();
            let attempts = error.map_or_else(|| self.failed.saturating_add(1), Error::attempts);
            observer.called(&Call { command, commands, took: self.began.elapsed(), attempts, error });
        }
        result
    }

    fn is_time_for(&self, pause: Duration) -> bool {
        self.span.deadline.instant().is_none_or(|end| Instant::now() + pause < end)
    }
}
