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
    let len = bytes.len();
    // Enough work between two looks at the clock, and not so much that it leaves the cache.
    let most = (32_768 / len).max(4);
    let many = bytes.repeat(most);
    let run = Box::new(move |times: u64, meter: &mut dyn crate::Meter| {
        let mut left = usize::try_from(times).unwrap_or(usize::MAX);
        while left > 0 {
            let count = left.min(most);
            let mut buffer = BytesMut::from(many.get(..len * count).unwrap_or_default());
            meter.measure(&mut || {
                for _ in 0..count {
                    black_box(parser.parse(&mut buffer).is_ok_and(|reply| reply.is_some()));
                }
            });
            assert!(buffer.is_empty(), "every reply was read");
            left -= count;
        }
    });
    Contender { name: OURS, role: Role::Ours, run }
}
