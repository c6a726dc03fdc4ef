//! A distributed lock on Redis for Rust threads: ownership with an end.
//!
//! A [`Lock`] is a name with settings; a [`LockGuard`] is ownership, until it is released or its time is over. On
//! the wire it is redis-py's lock (same key, same value, same expiry), so that a Rust and a Python process exclude
//! each other.
//!
//! ```
//! use std::time::Duration;
//! use lock::LockExt;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
//! let lock = client.lock("doc:report").timeout(Duration::from_secs(10));
//! let guard = lock.acquire()?;
//! assert!(lock.try_acquire()?.is_none()); // nobody else gets it meanwhile
//! guard.release()?;
//! # Ok(())
//! # }
//! ```
//!
//! # What a lease promises, and what not
//! The server lets go of the lock when its time is over, whatever the holder is doing then: a process that is
//! stopped for longer than `timeout` may go on working while another one holds the lock. Where that must not happen,
//! the resource itself has to refuse a late writer.
#![forbid(unsafe_code)]

mod lock;
pub use lock::{Lock, LockExt};
mod guard;
pub use guard::{LockGuard, ReleaseError};
mod script;
mod token;
pub use token::Token;
mod error;
pub use error::LockError;
