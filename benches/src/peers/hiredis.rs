//! hiredis, in C: with its own objects, as its users get them, and with callbacks that do nothing.
//!
//! A reader is fed as many replies at once as fit into 4 KiB, or one that is larger, and then gives all of them. That is
//! the best for it: it moves what it has left down after every kilobyte that it has read, so that a whole flight fed at
//! once costs it the square of its length. Its own `redisBufferRead` feeds up to 16 KiB.
//!
//! It cannot read in a buffer of ours. Where only the parsers are compared the copy that it makes is not counted, and
//! where bytes arrive it is.

use std::hint::black_box;

use bytes::BytesMut;
use conn::Engine;
use resp::Limits;

use crate::packing::KEY;
use crate::pieces::PIECE;
use crate::{Contender, Role, framing};
use ffi::{Made, Reader};

pub(super) mod client;
mod ffi;

const OBJECTS: &str = "hiredis, own objects";
const NOTHING: &str = "hiredis, callbacks that do nothing";

pub(super) fn framing(bytes: &[u8]) -> [Contender; 2] {
    [framed(NOTHING, Made::Nothing, bytes), framed(OBJECTS, Made::Objects, bytes)].map(in_c)
}

pub(super) fn receiving(bytes: &[u8]) -> [Contender; 1] {
    let (bytes, mut reader) = (bytes.to_vec(), Reader::new(Made::Objects));
    let job = move || reader.feed(black_box(&bytes)) && reader.replies() == Some(1);
    [in_c(Contender::peer(OBJECTS, job))]
}

pub(super) fn pieces(bytes: &[u8]) -> [Contender; 1] {
    let (bytes, mut reader) = (bytes.to_vec(), Reader::new(Made::Objects));
    let job = move || {
        let mut whole = 0;
        for piece in bytes.chunks(PIECE) {
            whole += if reader.feed(piece) { reader.replies().unwrap_or_default() } else { 0 };
        }
        whole == 1
    };
    [in_c(Contender::peer(OBJECTS, job))]
}

pub(super) fn packing(value: &str) -> [Contender; 2] {
    let (by_list, by_format) = (value.to_owned(), value.to_owned());
    [
        Contender::peer("hiredis, list of arguments", move || {
            let words = [b"SET", black_box(KEY).as_bytes(), black_box(&by_list).as_bytes()];
            ffi::pack(words).is_some_and(|len| len > by_list.len())
        }),
        Contender::peer("hiredis, format", move || {
            let packed = ffi::pack_set(black_box(KEY).as_bytes(), black_box(&by_format).as_bytes());
            packed.is_some_and(|len| len > by_format.len())
        }),
    ]
    .map(in_c)
}

/// Our engine over hiredis, and hiredis with its own objects. Both get a flight of replies and copy it into a reader.
pub(super) fn engine(bytes: &[u8]) -> Option<[Contender; 2]> {
    let mut parser = Engine::Hiredis.parser(Limits::default()).ok()?;
    let parse = move |buffer: &mut BytesMut| parser.parse(buffer).is_ok_and(|reply| reply.is_some());
    let ours = framing::from_a_flight("hiredis engine", Role::Ours, bytes, parse);

    let (len, at_once) = (bytes.len(), fed_at_once(bytes));
    let (many, mut reader) = (bytes.repeat(framing::flight(bytes)), Reader::new(Made::Objects));
    let objects = Contender::in_flights(OBJECTS, Role::Peer, framing::flight(bytes), move |count, meter| {
        let flight = many.get(..len * count).unwrap_or_default();
        let mut read = 0;
        meter.measure(&mut || {
            for piece in black_box(flight).chunks(len * at_once) {
                read += if reader.feed(piece) { reader.replies().unwrap_or_default() } else { 0 };
            }
        });
        assert_eq!(read, count, "every reply was read");
    });
    Some([ours, in_c(objects)])
}

/// Only what it does with bytes that it has already. Several readers share the flight, so that the clock, which stands
/// while they are fed, is looked at as seldom as for the others.
fn framed(name: &'static str, made: Made, bytes: &[u8]) -> Contender {
    let (at_once, flight) = (fed_at_once(bytes), framing::flight(bytes));
    let many = bytes.repeat(at_once);
    let len = bytes.len();
    let mut readers: Vec<_> = (0..flight.div_ceil(at_once)).map(|_| Reader::new(made)).collect();
    Contender::in_flights(name, Role::Peer, flight, move |count, meter| {
        let mut left = count;
        for reader in &mut readers {
            let now = left.min(at_once);
            assert!(reader.feed(many.get(..len * now).unwrap_or_default()), "it takes bytes");
            left -= now;
        }
        let mut read = 0;
        meter.measure(&mut || {
            read = readers.iter_mut().map(|reader| reader.replies().unwrap_or_default()).sum();
        });
        assert_eq!(read, count, "every reply was read");
    })
}

/// What it allocates is not seen by the counter.
fn in_c(contender: Contender) -> Contender {
    Contender { is_c: true, ..contender }
}

/// How many replies a reader is given at once.
fn fed_at_once(bytes: &[u8]) -> usize {
    (4_096 / bytes.len()).max(1)
}
