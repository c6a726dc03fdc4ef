//! The lock against real servers.

#[path = "../../../client/tests/it/kit.rs"]
mod kit;
mod live;
