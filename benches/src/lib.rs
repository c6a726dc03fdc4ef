//! What the benchmarks measure, and who races whom; the clock and the counter are the programs in `benches/`.
//!
//! ```text
//!  corpora/*.resp ──▶ Corpus ──▶ Race: ours and, with the feature `peers`, the others ──▶ Meter
//!                                                                benches/speed.rs: time  │
//!                                                      benches/allocations.rs: memory ◀──┘
//! ```
//! `cargo xtask bench` runs both programs and presents what they print. `cargo xtask bench client` does the same with the
//! races of the client, `benches/client.rs`, and a real server.
#![deny(unsafe_code)]

mod corpus;
pub use corpus::Corpus;
mod meter;
pub use meter::{Clock, Meter};
mod race;
pub use race::{Contender, Race, Role, Run};

mod client;
pub use client::races as client_races;
mod crowd;
mod wire;

mod decoding;
mod engine;
mod framing;
mod packing;
mod pieces;
mod receiving;

#[cfg(not(feature = "peers"))]
mod nobody;
#[cfg(feature = "peers")]
mod peers;
#[cfg(not(feature = "peers"))]
use nobody as peers;

/// Every race, group after group.
pub fn races() -> Vec<Race> {
    let groups = [
        framing::races(),
        engine::races(),
        receiving::races(),
        decoding::races(),
        pieces::races(),
        packing::races(),
    ];
    groups.into_iter().flatten().collect()
}
