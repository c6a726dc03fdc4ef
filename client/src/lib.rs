//! A blocking Redis and Valkey client for Rust threads.
//!
//! One [`Client`] serves all threads of a program: it is cheap to clone, takes `&self`, and has a lazy pool of
//! connections that survives a fork. Every call ends by one deadline, and every error says whether the server may
//! have executed the command.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let url = std::env::var("REDISY_URL")?;
//! let client = client::Client::open(&url)?; // "redis://localhost:6379"
//! client.set("doc:hits", 41)?;
//! let name: Option<String> = client.get("doc:no such name")?;
//! assert_eq!(name, None);
//!
//! let (hits, name) = client.pipeline(|p| (p.incr("doc:hits"), p.get::<String>("doc:hits")))?;
//! assert_eq!((hits, name.as_deref()), (42, Some("42")));
//! # Ok(())
//! # }
//! ```
//!
//! # Who runs a command
//! Every command is spelt once, as a method of [`Commands`]. The executor decides what a call returns:
//!
//! | type | executor | a call returns |
//! |---|---|---|
//! | [`Client`] | a pooled connection for each call | `Result<R, Error>` |
//! | [`Dedicated`] | one connection of its own | `Result<R, Error>` |
//! | [`Pipeline`] | many commands in one flight | [`Ticket<R>`], redeemed when the pipeline is done |
//! | [`Build`] | nobody | the [`Command`] itself |
#![forbid(unsafe_code)]

// Where to connect to, and with what.
mod config;
pub use config::{Config, WhenFull};
mod url;

// Every command, once.
mod commands;
pub use commands::*;

// Who runs it.
mod execute;
pub use execute::{
    Batching, Beside, Blocking, Build, Builder, Caught, Client, CodeCall, Command, ConnectionPool, Connector,
    Decoder, Dedicated, Direct, Execute, Feed, OneConnection, Pipeline, Pipelined, Pooled, Redeem, Replies,
    Ticket,
};

// Who the client is, when that changes.
mod rotation;
pub use rotation::RotatingCredentials;

// What becomes of a call that fails, or that nobody waits for any more.
mod retry;
pub use retry::Retry;
mod cancel;
pub use cancel::Canceller;

// Messages that answer no command.
mod pubsub;
pub use pubsub::{
    Confirmation, Event, KeyNotification, KeyPattern, Message, PubSub, PubSubHandle, PubSubOptions,
    PubSubThread, Topic, WhenSlow,
};
mod pushes;
pub use pushes::Invalidation;
mod monitor;
pub use monitor::{Monitor, MonitorCloser, MonitorSource, Monitored};

// What a client tells of itself.
mod observe;
pub use observe::{Call, CommandMetrics, Connect, Histogram, Metrics, Observe};
mod stats;
pub use stats::Stats;

// Cursors and streams become iterators.
mod scan;
pub use scan::{Scan, ScanOptions, ScanProgress};
mod tail;
pub use tail::{Tail, TailOptions, Tails};
mod consumer;
pub use consumer::{Consumer, ConsumerOptions};

// The caller's own types.
#[cfg(feature = "json")]
mod json;
#[cfg(feature = "json")]
pub use json::Json;
#[cfg(feature = "serde")]
pub use resp::{
    Serde,
    ser::{Fields, fields},
};

// For programs that come from redis-py 2.x.
pub mod legacy;

mod error;
pub use error::{Error, Outcome, Result};

pub use bytes::Bytes;
pub use conn::{Address, Credentials, Engine, Protocol, Tls, TlsFailure, TlsVersion};
pub use pool::{Closed as PoolClosed, InUse, Stats as PoolStats, Waits as PoolWaits};
pub use resp::{
    Arg, Decode, DecodeError, DecodeOwned, Limits, Reply, Request, ServerError, ToArg, ToArgs, ToPairs,
    Value, View,
};

/// The program in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
