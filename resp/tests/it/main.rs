//! What `resp` promises, from outside: each module is one promise.

mod arrivals;
mod decisions;
mod decoding;
mod deep;
mod fuzzed;
mod limits;
mod malformed;
mod pairs;
mod properties;
mod requests;
#[cfg(feature = "serde")]
mod serde_read;
#[cfg(feature = "serde")]
mod serde_write;
mod spelling;
mod values;
mod vectors;
mod views;
mod writing;
