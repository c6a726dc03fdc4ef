//! How long a blocking command waits: for a time, or for ever, and never by accident.

use std::time::Duration;

use resp::{Flaw, Request, Wait};

use super::arguments::timeout_millis;

/// How long the server may hold back the answer of a blocking command. A `Duration` is a timeout.
///
/// The client's own timeout is for everything else: the two add up, so that a `BLPOP` of ten seconds works with a
/// client whose calls must end within one.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use client::{Build, Timeout};
///
/// assert_eq!(Build::new().blpop::<String, String>("k", Duration::from_millis(1_500)).args()[2], b"1.500");
/// assert_eq!(Build::new().blpop::<String, String>("k", Timeout::Forever).args()[2], b"0");
/// assert!(Build::new().blpop::<String, String>("k", Duration::ZERO).flaw().is_some());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeout {
    /// At most so long, in whole milliseconds, rounded up. Zero is an error: the server would take it for ever.
    After(Duration),
    /// Until there is something to answer.
    Forever,
}

impl From<Duration> for Timeout {
    fn from(time: Duration) -> Self {
        Self::After(time)
    }
}

impl Timeout {
    /// Adds the seconds, and states that the deadline must make room for them.
    pub(super) fn write(self, mut request: Request<'_>) -> Request<'_> {
        let Self::After(time) = self else {
            return request.arg(0).waits(Wait::Forever);
        };
        if time.is_zero() {
            request.refuse(Flaw::Argument("zero means for ever to the server: say Timeout::Forever"));
        }
        let millis = time.as_nanos().div_ceil(1_000_000);
        let Some(millis) = u64::try_from(millis).ok().filter(|millis| *millis <= LONGEST) else {
            request.refuse(Flaw::Argument("needs a timeout of less than 146 million years"));
            return request;
        };
        request.arg(seconds(millis)).waits(Wait::For(Duration::from_millis(millis)))
    }

    /// The same in milliseconds, as some commands want it.
    pub(super) fn write_millis(self, request: Request<'_>) -> Request<'_> {
        match self {
            Self::After(time) => timeout_millis(request, time).waits(Wait::For(time)),
            Self::Forever => request.arg(0).waits(Wait::Forever),
        }
    }
}

fn seconds(millis: u64) -> String {
    match (millis / 1_000, millis % 1_000) {
        (seconds, 0) => seconds.to_string(),
        (seconds, millis) => format!("{seconds}.{millis:03}"),
    }
}

/// In milliseconds: the server adds it to its clock in an `i64`.
const LONGEST: u64 = i64::MAX as u64 / 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(timeout: impl Into<Timeout>, arg: &str, wait: Wait) {
        let request = timeout.into().write(Request::new("X"));
        assert_eq!(request.flaw(), None);
        assert_eq!(request.args_iter().nth(1), Some(arg.as_bytes()));
        assert_eq!(request.wait(), wait);
    }

    #[test]
    fn milliseconds_are_rounded_up_and_sent_as_seconds() {
        check(Timeout::Forever, "0", Wait::Forever);
        check(Duration::from_nanos(1), "0.001", Wait::For(Duration::from_millis(1)));
        check(Duration::from_micros(1_001), "0.002", Wait::For(Duration::from_millis(2)));
        check(Duration::from_millis(1_050), "1.050", Wait::For(Duration::from_millis(1_050)));
        check(Duration::from_secs(3_600), "3600", Wait::For(Duration::from_secs(3_600)));
        check(
            Duration::from_millis(LONGEST),
            "4611686018427387.903",
            Wait::For(Duration::from_millis(LONGEST)),
        );
    }

    #[test]
    fn what_the_server_takes_for_something_else_is_a_flaw() {
        for time in [Duration::ZERO, Duration::from_millis(LONGEST + 1), Duration::MAX] {
            assert!(Timeout::After(time).write(Request::new("X")).flaw().is_some(), "{time:?}");
        }
    }
}
