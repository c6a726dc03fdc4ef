//! Arguments with a rule that several commands share.

use std::fmt::{Arguments, Write};
use std::time::Duration;

use resp::{Flaw, Request, ToArgs, ToPairs};

/// Adds the number of `keys` and the keys; none at all is a flaw, unlike with `EVAL`.
pub(super) fn some_keys<'a, T: ToArgs + ?Sized>(request: Request<'a>, keys: &'a T) -> Request<'a> {
    let before = request.len();
    let mut request = request.counted_keys(keys);
    if request.len() == before + 1 {
        request.refuse(Flaw::NoKeys);
    }
    request
}

/// Adds the number of pairs of a key and its value, and the pairs.
pub(super) fn counted_pairs<'a, T: ToPairs + ?Sized>(request: Request<'a>, pairs: &'a T) -> Request<'a> {
    let mut count = 0_usize;
    pairs.for_each_pair(&mut |_, _| count += 1);
    request.arg(count).key_pairs(pairs)
}

/// Adds `args`, be there any or none.
pub(super) fn any_args<'a, T: ToArgs + ?Sized>(request: Request<'a>, args: &'a T) -> Request<'a> {
    let mut is_empty = true;
    args.for_each_arg(&mut |_| is_empty = false);
    if is_empty { request } else { request.args(args) }
}

/// A number of elements. What is beyond the server's numbers is beyond its memory too: all there are.
pub(super) fn at_most(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A number of pairs. The server doubles it.
pub(super) fn pairs_at_most(count: usize) -> i64 {
    at_most(count).min(i64::MAX / 2)
}

/// Adds `COUNT` and a number; zero is a flaw, as it is an error to the server.
pub(super) fn count_above_zero(mut request: Request<'_>, count: usize) -> Request<'_> {
    if count == 0 {
        request.refuse(Flaw::Argument("needs a count above zero"));
    }
    request.arg("COUNT").arg(at_most(count))
}

/// Adds a score, or what changes one: infinity is one, NaN is a flaw.
pub(super) fn score(mut request: Request<'_>, score: f64) -> Request<'_> {
    if score.is_nan() {
        request.refuse(Flaw::Argument("needs a number, and NaN is none"));
    }
    request.arg(score)
}

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

/// Adds how long something has been idle at least, in whole milliseconds, rounded up. What is beyond the server's
/// numbers is longer than anything has been.
pub(super) fn idle_millis(request: Request<'_>, time: Duration) -> Request<'_> {
    request.arg(i64::try_from(time.as_nanos().div_ceil(1_000_000)).unwrap_or(i64::MAX))
}

/// The text of a bound that is not in its range, in one allocation: no float and no ID is longer.
pub(super) fn exclusive(bound: Arguments<'_>) -> String {
    let mut text = String::with_capacity(48);
    text.push('(');
    let _ = text.write_fmt(bound); // a String takes all
    text
}
