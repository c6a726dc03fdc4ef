//! The same bytes whole and in pieces: the same replies, the same error at the same byte.
//!
//! An input that starts with a byte `n` below 32 goes on with `n` sizes of pieces, which also make tight limits; then
//! come the bytes to parse, or words. No type of RESP starts with such a byte, so any reply is an input too: it comes
//! byte by byte.
#![no_main]

#[allow(dead_code, reason = "what the tests check with")]
#[path = "../../tests/it/arrivals.rs"]
mod arrivals;

use arrivals::feed;
use libfuzzer_sys::fuzz_target;
use resp::Limits;

fuzz_target!(|input: &[u8]| {
    let (sizes, bytes) = match input {
        [count @ ..32, rest @ ..] => rest.split_at(usize::from(*count).min(rest.len())),
        _ => (&[][..], input),
    };
    let bytes = &*resp_fuzz::stream(bytes);
    let whole = feed(Limits::default(), bytes, []);
    assert_eq!(feed(Limits::default(), bytes, pieces(sizes)), whole);
    if let [depth, bulk, elements, line, reply, ..] = *sizes {
        let limits = Limits::default().depth(depth.into()).bulk(bulk.into()).elements(elements.into());
        let limits = limits.line(line.into()).reply(usize::from(reply) * 4);
        assert_eq!(feed(limits, bytes, pieces(sizes)), feed(limits, bytes, []));
    }
});

/// The sizes again and again; byte by byte if there are none.
fn pieces(sizes: &[u8]) -> impl Iterator<Item = usize> {
    let sizes = if sizes.is_empty() { &[1] } else { sizes };
    sizes.iter().copied().map(usize::from).cycle()
}
