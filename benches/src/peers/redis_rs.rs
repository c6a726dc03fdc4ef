//! redis-rs: a tree of owned values, made by `combine`.

use std::collections::HashMap;
use std::hint::black_box;
use std::io::{self, Read};

use redis::Parser;

use super::Target;
use crate::Contender;
use crate::decoding::Wide;
use crate::packing::KEY;
use crate::pieces::PIECE;

pub(super) mod client;

const NAME: &str = "redis-rs";

pub(super) fn receiving(bytes: &[u8]) -> Contender {
    let (bytes, mut parser) = (bytes.to_vec(), Parser::new());
    Contender::peer(NAME, move || black_box(parser.parse_value(black_box(bytes.as_slice()))).is_ok())
}

pub(super) fn decoding<T: Target>(bytes: &[u8]) -> Contender {
    let (bytes, mut parser) = (bytes.to_vec(), Parser::new());
    Contender::peer(NAME, move || {
        parser.parse_value(black_box(bytes.as_slice())).is_ok_and(|value| T::by_redis_rs(value))
    })
}

pub(super) fn structs(bytes: &[u8]) -> [Contender; 2] {
    let map = |bytes: &[u8], parser: &mut Parser| {
        let value = parser.parse_value(black_box(bytes)).ok()?;
        redis::from_redis_value::<HashMap<String, String>>(value).ok()
    };
    let (alone, mut parser) = (bytes.to_vec(), Parser::new());
    let alone = Contender::peer("redis-rs, HashMap", move || black_box(map(&alone, &mut parser)).is_some());
    let (bytes, mut parser) = (bytes.to_vec(), Parser::new());
    let whole = Contender::peer("redis-rs, HashMap and struct", move || {
        black_box(map(&bytes, &mut parser).and_then(Wide::from_map)).is_some()
    });
    [alone, whole]
}

pub(super) fn pieces(bytes: &[u8]) -> Contender {
    let (bytes, mut parser) = (bytes.to_vec(), Parser::new());
    Contender::peer(NAME, move || black_box(parser.parse_value(Packets(&bytes))).is_ok())
}

pub(super) fn packing(value: &str) -> Contender {
    let value = value.to_owned();
    Contender::peer(NAME, move || {
        let mut command = redis::cmd("SET");
        command.arg(black_box(KEY)).arg(black_box(value.as_str()));
        black_box(command.get_packed_command()).len() > value.len()
    })
}

/// Gives a packet for each read.
struct Packets<'a>(&'a [u8]);

impl Read for Packets<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(PIECE);
        let count = self.0.read(buffer.get_mut(..most).unwrap_or_default())?;
        Ok(count)
    }
}
