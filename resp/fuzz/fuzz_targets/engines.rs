//! The same bytes by both engines of `conn`, whole and in pieces: the same replies, or one of the differences that
//! the tests of `conn` justify.
//!
//! Sizes of pieces and tight limits stand in the input as in `cut`. The fuzzer sees the branches of the Rust side of
//! the engine over hiredis, not those of the C: gcc has no counters that libFuzzer understands.
#![no_main]

#[path = "../../../conn/tests/it/agreement.rs"]
mod agreement;
#[allow(dead_code, reason = "what the tests check with")]
#[path = "../../tests/it/arrivals.rs"]
mod pure;

use agreement::{agree, feed};
use libfuzzer_sys::fuzz_target;
use resp::Limits;

fuzz_target!(|input: &[u8]| {
    let cut = resp_fuzz::Cut::new(input);
    check(Limits::default(), &cut);
    if let Some(limits) = cut.limits() {
        check(limits, &cut);
    }
});

fn check(limits: Limits, cut: &resp_fuzz::Cut<'_>) {
    let found = feed(limits, &cut.bytes, []);
    // Why hiredis fails may depend on the pieces, where more than one thing is wrong; after what does not.
    let in_pieces = feed(limits, &cut.bytes, cut.pieces());
    assert_eq!(in_pieces.0, found.0, "hiredis in pieces and whole");
    assert_eq!(in_pieces.1.is_some(), found.1.is_some(), "{:?} in pieces, {:?} whole", in_pieces.1, found.1);
    agree(limits, &cut.bytes, &pure::feed(limits, &cut.bytes, []), &found);
}
