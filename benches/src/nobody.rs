//! Without the feature `peers` nobody races but `resp` itself.

use std::collections::HashMap;

use resp::DecodeOwned;

use crate::Contender;

pub(crate) mod client;

/// Whether there are peers.
pub(crate) const ARE_HERE: bool = false;

/// A type that everybody can make.
pub(crate) trait Target: DecodeOwned + 'static {}

impl Target for String {}
impl Target for i64 {}
impl Target for Vec<String> {}
impl Target for Vec<i64> {}
impl Target for HashMap<String, String> {}
impl Target for Vec<(String, HashMap<String, String>)> {}

pub(crate) fn framing(_: &[u8]) -> [Contender; 0] {
    []
}

pub(crate) fn receiving(_: &[u8]) -> [Contender; 0] {
    []
}

pub(crate) fn decoding<T: Target>(_: &[u8]) -> [Contender; 0] {
    []
}

pub(crate) fn structs(_: &[u8]) -> [Contender; 0] {
    []
}

pub(crate) fn pieces(_: &[u8]) -> [Contender; 0] {
    []
}

pub(crate) fn small_pieces(_: &[u8]) -> [Contender; 0] {
    []
}

pub(crate) fn packing(_: &str) -> [Contender; 0] {
    []
}

pub(crate) fn engine(_: &[u8]) -> Option<Vec<Contender>> {
    None
}
