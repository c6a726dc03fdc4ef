//! Bytes that are all there become a reply: the parser alone, with no copy of the bytes.
//!
//! Ours reads from a buffer that holds many replies, as the buffer of a pipeline does, and makes of each a `Reply` that
//! owns its bytes and outlives the buffer. That is more than the peers' shims do here: they lend a slice and drop the
//! frame. What each does for its users is in `receiving`.

use std::hint::black_box;

use bytes::BytesMut;
use resp::Parser;

use crate::race::OURS;
use crate::{Contender, Corpus, Race, Role, peers};

pub(crate) fn races() -> Vec<Race> {
    let race = |Corpus { name, bytes }| {
        Race::new("framing", name, move || {
            let mut contenders = vec![ours(&bytes)];
            contenders.extend(peers::framing(&bytes));
            contenders
        })
    };
    Corpus::all().map(race).collect()
}

fn ours(bytes: &[u8]) -> Contender {
    let mut parser = Parser::default();
    let parse = move |buffer: &mut BytesMut| parser.parse(buffer).is_ok_and(|reply| reply.is_some());
    from_a_flight(OURS, Role::Ours, bytes, parse)
}

/// Somebody who takes one reply after the other out of a buffer that holds a flight of them.
pub(crate) fn from_a_flight(
    name: &'static str,
    role: Role,
    bytes: &[u8],
    mut parse: impl FnMut(&mut BytesMut) -> bool + 'static,
) -> Contender {
    let len = bytes.len();
    let many = bytes.repeat(flight(bytes));
    Contender::in_flights(name, role, flight(bytes), move |count, meter| {
        let mut buffer = BytesMut::from(many.get(..len * count).unwrap_or_default());
        meter.measure(&mut || {
            for _ in 0..count {
                black_box(parse(&mut buffer));
            }
        });
        assert!(buffer.is_empty(), "every reply was read");
    })
}

/// How many replies are in the buffer: enough work between two looks at the clock, and not so much that it leaves the
/// cache.
pub(crate) fn flight(bytes: &[u8]) -> usize {
    (32_768 / bytes.len()).max(4)
}
