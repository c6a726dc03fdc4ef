//! Without the feature `hiredis` it does not race.

use crate::Contender;

pub(super) mod client;

pub(super) fn framing(_: &[u8]) -> [Contender; 0] {
    []
}

pub(super) fn receiving(_: &[u8]) -> [Contender; 0] {
    []
}

pub(super) fn pieces(_: &[u8]) -> [Contender; 0] {
    []
}

pub(super) fn packing(_: &str) -> [Contender; 0] {
    []
}

pub(super) fn engine(_: &[u8]) -> Option<[Contender; 0]> {
    None
}
