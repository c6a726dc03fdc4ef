//! rustis: a frame parser that builds a tape, and serde on top. Reached through the shims of its feature `bench`.

pub(super) mod client;

use std::hint::black_box;

use bytes::BytesMut;
use rustis::resp::FastPathCommandBuilder;
use rustis::resp::bench_support::{
    BenchDecoder, BenchTape, bench_decode_stream_grow, bench_encode_command, bench_parse_only,
};

use super::Target;
use crate::packing::KEY;
use crate::pieces::PIECE;
use crate::{Contender, Role};

const NAME: &str = "rustis";

pub(super) fn framing(bytes: &[u8]) -> Contender {
    let (bytes, mut tape) = (bytes.to_vec(), BenchTape::new());
    Contender::peer(NAME, move || {
        bench_parse_only(black_box(&bytes), &mut tape);
        true
    })
}

pub(super) fn receiving(bytes: &[u8]) -> Contender {
    let (bytes, mut decoder) = (bytes.to_vec(), BenchDecoder::new());
    Contender::peer(NAME, move || decoder.feed(black_box(&bytes)).is_ok())
}

pub(super) fn decoding<T: Target>(bytes: &[u8]) -> Contender {
    let bytes = bytes.to_vec();
    Contender::new(NAME, Role::PeerLikeLast, move || T::by_rustis(black_box(&bytes)))
}

pub(super) fn pieces(bytes: &[u8]) -> Contender {
    let bytes = bytes.to_vec();
    let job = move || bench_decode_stream_grow(black_box(&bytes), PIECE).is_ok_and(|len| len == bytes.len());
    Contender::new(NAME, Role::PeerLikeLast, job)
}

/// It packs a command and then copies it into the connection's buffer.
pub(super) fn packing(value: &str) -> Contender {
    let (value, mut buffer) = (value.to_owned(), BytesMut::new());
    Contender::peer(NAME, move || {
        let command = FastPathCommandBuilder::set(black_box(KEY), black_box(value.as_str()));
        bench_encode_command(&command, &mut buffer);
        buffer.len() > value.len()
    })
}
