//! The crates that people would use instead, and how each is asked to do a job.
//!
//! Another one is a file beside `rustis.rs` and a line in each list here; the results follow by themselves. Note that the
//! order matters where a shim costs something: a peer that is `PeerLikeLast` comes first.

#[cfg(feature = "hiredis")]
#[allow(unsafe_code, reason = "C is called: `hiredis/ffi.rs` justifies each block")]
mod hiredis;
#[cfg(not(feature = "hiredis"))]
mod no_hiredis;
#[cfg(not(feature = "hiredis"))]
use no_hiredis as hiredis;

pub(crate) mod client;

mod redis_protocol;
mod redis_rs;
mod rustis;

pub(crate) use target::Target;

use crate::Contender;

mod target;

/// Whether there are peers.
pub(crate) const ARE_HERE: bool = true;

pub(crate) fn framing(bytes: &[u8]) -> Vec<Contender> {
    let mut all = vec![rustis::framing(bytes)];
    all.extend(hiredis::framing(bytes));
    all.push(redis_protocol::framing(bytes));
    all
}

pub(crate) fn receiving(bytes: &[u8]) -> Vec<Contender> {
    let mut all =
        vec![rustis::receiving(bytes), redis_protocol::receiving(bytes), redis_rs::receiving(bytes)];
    all.extend(hiredis::receiving(bytes));
    all
}

/// hiredis has no types to decode to: its users walk its objects.
pub(crate) fn decoding<T: Target>(bytes: &[u8]) -> Vec<Contender> {
    vec![rustis::decoding::<T>(bytes), redis_protocol::decoding::<T>(bytes), redis_rs::decoding::<T>(bytes)]
}

/// Fields and values as a map, and as a struct that is made of the map by hand.
pub(crate) fn structs(bytes: &[u8]) -> [Contender; 2] {
    redis_rs::structs(bytes)
}

pub(crate) fn pieces(bytes: &[u8]) -> Vec<Contender> {
    let mut all = vec![rustis::pieces(bytes), redis_rs::pieces(bytes)];
    all.extend(hiredis::pieces(bytes));
    all
}

/// For those whose cost grows with the square of the pieces: 4 MiB would take them a second or more.
pub(crate) fn small_pieces(bytes: &[u8]) -> Vec<Contender> {
    vec![redis_rs::pieces(bytes), redis_protocol::pieces(bytes)]
}

pub(crate) fn packing(value: &str) -> Vec<Contender> {
    let mut all = vec![rustis::packing(value), redis_protocol::packing(value), redis_rs::packing(value)];
    all.extend(hiredis::packing(value));
    all
}

/// The second engine and what it is measured by, if it is there.
pub(crate) fn engine(bytes: &[u8]) -> Option<Vec<Contender>> {
    hiredis::engine(bytes).map(Vec::from)
}
