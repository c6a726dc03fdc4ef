//! The same bytes whole and in pieces: the same replies, the same error at the same byte.
#![no_main]

#[allow(dead_code, reason = "what the tests check with")]
#[path = "../../tests/it/arrivals.rs"]
mod arrivals;

use arrivals::feed;
use libfuzzer_sys::fuzz_target;
use resp::Limits;

fuzz_target!(|input: &[u8]| {
    let cut = resp_fuzz::Cut::new(input);
    for limits in [Some(Limits::default()), cut.limits()].into_iter().flatten() {
        assert_eq!(feed(limits, &cut.bytes, cut.pieces()), feed(limits, &cut.bytes, []));
    }
});
