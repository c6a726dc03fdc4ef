//! The client against real servers (`live`), and against a scripted one where a real one will not do on demand.

// Where it is in the graph, a number may be compared with JSON too, and what compiles without it may not: now all do.
use serde_json as _;

#[cfg(feature = "tls")]
#[path = "../../../conn/tests/it/certificates.rs"]
mod certificates;
mod defects;
mod faults;
mod kit;
mod live;
mod retries;
#[path = "../../../conn/tests/it/scripted.rs"]
mod scripted;
#[cfg(feature = "tls")]
mod secured;
mod spelling;
mod urls;
