//! Numbers as arguments, where not every number is one.

use resp::{Flaw, Request};

/// Adds a number that something is to be increased by. Infinity and NaN are a flaw: no server takes them.
pub(super) fn finite(mut request: Request<'_>, number: f64) -> Request<'_> {
    if !number.is_finite() {
        request.refuse(Flaw::Argument("needs a finite number"));
    }
    request.arg(number)
}
