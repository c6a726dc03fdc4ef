//! The conversation against a scripted server on loopback: what a real one will not do on demand.

mod agreement;
#[cfg(feature = "tls")]
mod certificates;
mod engines;
mod flights;
mod handshake;
mod listening;
mod replies;
mod scripted;
mod silence;
#[cfg(feature = "tls")]
mod tls;

// The tables of `resp`, which call `crate::arrivals`: here that is both engines.
use engines as arrivals;
#[path = "../../../resp/tests/it/limits.rs"]
mod limits;
#[path = "../../../resp/tests/it/malformed.rs"]
mod malformed;
#[path = "../../../resp/tests/it/arrivals.rs"]
#[allow(dead_code, reason = "what `resp` checks of itself")]
mod pure;
#[path = "../../../resp/tests/it/values.rs"]
mod values;
#[path = "../../../resp/tests/it/vectors.rs"]
mod vectors;
