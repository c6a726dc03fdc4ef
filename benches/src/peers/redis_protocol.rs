//! redis-protocol: what fred is built on. A tree of ranges, then a tree of shared bytes.

use std::hint::black_box;

use bytes::BytesMut;
use redis_protocol::resp3::decode::complete::{decode_bytes_mut, decode_range};
use redis_protocol::resp3::encode::complete::extend_encode_borrowed;
use redis_protocol::resp3::types::BorrowedFrame;

use super::Target;
use crate::Contender;
use crate::packing::KEY;
use crate::pieces::PIECE;

const NAME: &str = "redis-protocol";

pub(super) fn framing(bytes: &[u8]) -> Contender {
    let bytes = bytes.to_vec();
    Contender::peer(NAME, move || {
        black_box(decode_range(black_box(&bytes))).is_ok_and(|frame| frame.is_some())
    })
}

pub(super) fn receiving(bytes: &[u8]) -> Contender {
    let (bytes, mut buffer) = (bytes.to_vec(), BytesMut::new());
    Contender::peer(NAME, move || {
        buffer.extend_from_slice(black_box(&bytes));
        black_box(decode_bytes_mut(&mut buffer)).is_ok_and(|frame| frame.is_some())
    })
}

pub(super) fn decoding<T: Target>(bytes: &[u8]) -> Contender {
    let (bytes, mut buffer) = (bytes.to_vec(), BytesMut::new());
    Contender::peer(NAME, move || {
        buffer.extend_from_slice(black_box(&bytes));
        match decode_bytes_mut(&mut buffer) {
            Ok(Some((frame, ..))) => T::by_redis_protocol(frame),
            _ => false,
        }
    })
}

/// It begins at the first byte again with every piece.
pub(super) fn pieces(bytes: &[u8]) -> Contender {
    let (bytes, mut buffer) = (bytes.to_vec(), BytesMut::new());
    Contender::peer(NAME, move || {
        let mut whole = 0;
        for piece in bytes.chunks(PIECE) {
            buffer.extend_from_slice(piece);
            whole += usize::from(matches!(decode_bytes_mut(&mut buffer), Ok(Some(_))));
        }
        whole == 1
    })
}

pub(super) fn packing(value: &str) -> Contender {
    let (value, mut buffer) = (value.to_owned(), BytesMut::new());
    Contender::peer(NAME, move || {
        buffer.clear();
        let word = |data| BorrowedFrame::BlobString { data, attributes: None };
        let words = [word(b"SET"), word(black_box(KEY).as_bytes()), word(black_box(&value).as_bytes())];
        let frame = BorrowedFrame::Array { data: &words, attributes: None };
        extend_encode_borrowed(&mut buffer, &frame, false).is_ok() && black_box(&buffer).len() > value.len()
    })
}
