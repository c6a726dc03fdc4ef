//! When a key expires: spelt in milliseconds, so that nothing is rounded away.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use resp::{Flaw, Request};

/// When a key expires, as the options of several commands say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expiry {
    After(Duration),
    At(SystemTime),
    /// The expiry that is there stays.
    Keep,
    /// The expiry that is there goes.
    Persist,
}

impl Expiry {
    /// Adds `PX`, `PXAT`, `KEEPTTL` or `PERSIST`.
    pub(super) fn write(self, request: Request<'_>) -> Request<'_> {
        match self {
            Self::After(time) => request.arg("PX").with(|r| millis(r, time)),
            Self::At(time) => request.arg("PXAT").with(|r| unix_millis(r, time)),
            Self::Keep => request.arg("KEEPTTL"),
            Self::Persist => request.arg("PERSIST"),
        }
    }
}

/// Adds a time in whole milliseconds, rounded up: a key must not vanish early, and half a millisecond is not none.
/// Zero is a flaw, because the server takes it for an error or for "delete".
pub(super) fn millis(mut request: Request<'_>, time: Duration) -> Request<'_> {
    if time.is_zero() {
        request.refuse(Flaw::Argument("needs an expiry above zero"));
    }
    let millis = time.as_nanos().div_ceil(1_000_000);
    match i64::try_from(millis) {
        Ok(millis) => request.arg(millis),
        Err(_) => {
            request.refuse(Flaw::Argument("needs an expiry of less than 292 million years"));
            request
        }
    }
}

/// Adds a point in time in milliseconds since 1970. An earlier one is a flaw.
pub(super) fn unix_millis(mut request: Request<'_>, time: SystemTime) -> Request<'_> {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => millis(request, since),
        Err(_) => {
            request.refuse(Flaw::Argument("needs an expiry after 1970"));
            request
        }
    }
}
