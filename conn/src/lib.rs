//! One blocking connection to a Redis or Valkey server: a socket, a conversation and one deadline.
//!
//! The crate knows how bytes come and go and in what order replies answer requests. It knows no command's meaning,
//! but for the few of its own handshake.
//!
//! ```text
//!            open                    send                      receive
//!  Address ────────▶ handshaken ────────────▶ replies awaited ────────────▶ clean, to be used again
//!     │                  │                        │
//!     └── any error ─────┴────────────────────────┴──▶ poisoned: never used again
//! ```
//!
//! Every call ends by its [`Deadline`]; every [`Error`] says whether the server may have seen the request.
//!
//! # Example
//! ```no_run
//! use std::time::Duration;
//! use conn::{Config, Connection, Deadline};
//! use resp::Request;
//!
//! # fn main() -> Result<(), conn::Error> {
//! let deadline = Deadline::after(Duration::from_secs(1));
//! let mut connection = Connection::open(&Config::tcp("127.0.0.1", 6379), deadline)?;
//! let reply = connection.call(&mut Request::new("PING"), deadline)?;
//! assert_eq!(reply.view().as_str(), Some("PONG"));
//! # Ok(())
//! # }
//! ```
#![deny(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

// Where to, and with what.
mod address;
pub use address::Address;
mod config;
pub use config::Config;
mod setup;
pub use setup::{Setup, TlsSetup};
mod credentials;
pub use credentials::Credentials;
pub use resp::Protocol;
mod deadline;
pub use deadline::Deadline;
mod tls;
pub use tls::{Tls, TlsError, TlsFailure, TlsInfo, TlsVersion};

// The conversation.
mod connection;
pub use connection::{Connection, Flight, Listener, Speaker, Talk};
mod handshake;
pub use handshake::Greeting;
mod interrupt;
pub use interrupt::Interrupter;
mod parser;
pub use parser::{Engine, EngineMissing, Parser};
#[cfg(feature = "hiredis")]
#[allow(unsafe_code, reason = "C is called: `hiredis/ffi.rs` justifies each block")]
mod hiredis;
#[cfg(feature = "hiredis")]
pub use hiredis::hiredis_version;

// What is below it.
mod dial;
mod lookup;
mod socket;
mod spare;
mod stream;

mod error;
pub use error::{Error, ErrorKind, Outcome, Phase};
