//! Numbers as arguments, where not every number is one.

use std::time::Duration;

use resp::{Flaw, Request};

/// Adds a number that something is to be increased by. Infinity and NaN are a flaw: no server takes them.
pub(super) fn finite(mut request: Request<'_>, number: f64) -> Request<'_> {
    if !number.is_finite() {
        request.refuse(Flaw::Argument("needs a finite number"));
    }
    request.arg(number)
}

/// Adds how long the server is to hold something back, in whole milliseconds, rounded up. Zero is a flaw: the server
/// takes it for an end, or for none.
pub(super) fn timeout_millis(mut request: Request<'_>, time: Duration) -> Request<'_> {
    match i64::try_from(time.as_nanos().div_ceil(1_000_000)) {
        Ok(millis @ 1..) => request.arg(millis),
        _ => {
            request.refuse(Flaw::Argument("needs a timeout above zero and of less than 292 million years"));
            request
        }
    }
}
