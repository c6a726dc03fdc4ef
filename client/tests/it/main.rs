//! The client against real servers (`live`), and against a scripted one where a real one will not do on demand.

mod faults;
mod kit;
mod live;
mod retries;
#[path = "../../../conn/tests/it/scripted.rs"]
mod scripted;
mod spelling;
