//! How commands are spelt, which of their arguments are keys, what their replies become, and what is refused before it
//! is sent. No server is needed: the commands are made and not run.

use client::{Command, Reply};

mod about;
mod acl;
mod arrays;
mod bits;
mod bodies;
mod cluster;
mod collections;
mod coverage;
mod geo;
mod latency;
mod legacy;
mod pubsub;
mod scripting;
mod streams;
#[cfg(feature = "json")]
mod structs;
mod subscriber;
mod table;
mod transactions;
mod upkeep;
mod values;
mod vectors;
pub(crate) mod words;

/// Arguments and keys, each with a space in between; the table of the servers must say the same.
#[track_caller]
fn check<R>(command: Command<R>, args: &str, keys: &str) {
    let text = |list: &[Vec<u8>]| String::from_utf8(list.join(&b' ')).unwrap();
    assert_eq!(text(command.args()), args);
    assert_eq!(text(command.keys()), keys, "the keys of {args}");
    assert_eq!(command.flaw(), None, "{args}");
    let row = table::fits(&command);
    coverage::spelt(row.name);
    words::spelt(row.group, command.args());
}

#[track_caller]
fn refused<R>(command: Command<R>, why: &str) {
    assert_eq!(command.flaw().map(|flaw| flaw.to_string()).as_deref(), Some(why));
}

#[track_caller]
fn decodes<R: PartialEq + std::fmt::Debug>(command: Command<R>, reply: &'static str, value: R) {
    let reply = Reply::from_bytes(reply.as_bytes()).unwrap();
    assert_eq!(command.decode(&reply).unwrap(), value, "{}", command.name());
}

#[track_caller]
fn fails<R: std::fmt::Debug>(command: Command<R>, reply: &'static str, why: &str) {
    let error = command.decode(&Reply::from_bytes(reply.as_bytes()).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), format!("{}: {why}", command.name()));
}
