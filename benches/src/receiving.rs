//! Bytes arrive in a connection's buffer and become what the crate hands to its next layer: the way of every reply.
//!
//! Everybody copies the bytes into a buffer that is warm, which stands for the kernel's copy, and makes a reply that
//! owns them: `resp` a `Reply`, rustis a frame and its tape, redis-protocol a tree of shared bytes, redis-rs a tree of
//! copies.

use bytes::BytesMut;
use resp::Parser;

use crate::{Contender, Corpus, Race, peers};

pub(crate) fn races() -> Vec<Race> {
    let race = |Corpus { name, bytes }| {
        Race::new("receiving", name, move || {
            let mut contenders = vec![ours(bytes.clone())];
            contenders.extend(peers::receiving(&bytes));
            contenders
        })
    };
    Corpus::all().map(race).collect()
}

fn ours(bytes: Vec<u8>) -> Contender {
    let (mut parser, mut buffer) = (Parser::default(), BytesMut::new());
    Contender::ours(move || {
        buffer.extend_from_slice(&bytes);
        parser.parse(&mut buffer).is_ok_and(|reply| reply.is_some())
    })
}
