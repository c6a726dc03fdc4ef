//! A fault proxy for tests: it sits between a client and a real server, and spoils what it is told to.
//!
//! It knows requests and replies one by one, so that a test can say "the 3rd GET: drop the reply", or let a seeded
//! generator choose. It is no mock: a real server executes what reaches it.
//!
//! ```text
//!            ┌────────────── Link, one per connection ───────────────┐
//!  client ──▶│ requests ── plan: which fault? ──▶ awaited, in order   │──▶ server
//!         ◀──│ replies ◀── the fault of the request they answer      │◀──
//!            └───────────────────────────────────────────────────────┘
//! ```
//!
//! In front of a TLS server it knows no requests, only chunks of bytes: [`Proxy::opaque`].
//!
//! It is for tests: it panics where a test should fail, and only those may depend on it.
//!
//! # Example
//! ```
//! use std::io::{Read, Write};
//! use std::net::{Ipv4Addr, TcpListener, TcpStream};
//! use proxy::{Fault, Proxy, Rule};
//!
//! # fn main() -> std::io::Result<()> {
//! // A "server" that answers PONG to whatever comes; a test has a real one.
//! let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
//! let address = server.local_addr()?;
//! std::thread::spawn(move || -> std::io::Result<()> {
//!     let (mut client, _) = server.accept()?;
//!     let mut bytes = [0; 64];
//!     while client.read(&mut bytes)? > 0 {
//!         client.write_all(b"+PONG\r\n")?;
//!     }
//!     Ok(())
//! });
//!
//! let proxy = Proxy::start(address)?;
//! proxy.rule(Rule::new(Fault::CutReply).command("PING").nth(2).byte(3));
//!
//! let mut client = TcpStream::connect(("127.0.0.1", proxy.port()))?;
//! client.write_all(b"PING\r\n")?;
//! let mut pong = [0; 7];
//! client.read_exact(&mut pong)?;
//! assert_eq!(&pong, b"+PONG\r\n");
//!
//! client.write_all(b"PING\r\n")?;
//! let mut rest = Vec::new();
//! client.read_to_end(&mut rest)?;
//! assert_eq!(rest, b"+PO"); // and then it was closed
//! assert_eq!(proxy.counts().of(Fault::CutReply), 1);
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

// What a test says.
mod proxy;
pub use proxy::Proxy;
mod endpoint;
pub use endpoint::Endpoint;
mod fault;
pub use fault::Fault;
mod rule;
pub use rule::Rule;
mod random;
pub use random::{Dice, Random};
mod counts;
pub use counts::Counts;

// What comes of it.
mod plan;

// One connection.
mod link;
mod opaque;
mod replies;
mod requests;
