//! RESP2 and RESP3 without I/O: bytes in, values out.
//!
//! The crate speaks the protocol of Redis and Valkey and nothing else. It opens no socket, reads no clock,
//! starts no thread and has no `unsafe`, so a proxy, a test server or an asynchronous client can be built on it.
//!
//! ```text
//!  Request ── wire() ──▶ bytes ──▶ (your socket) ──▶ bytes ──▶ Parser ──▶ Reply ──▶ View ──▶ your types
//!  packs once            a large argument            resumable   shared    lends      Decode
//!                        stays borrowed              flat tape   bytes     &[u8]
//! ```
//!
//! A server has the same from its side: [`RequestParser`] reads what clients send, [`ReplyWriter`] writes the replies,
//! in either version of the protocol.
//!
//! With the feature `serde` replies also become structs, and structs arguments: `View::deserialize`, `ser::pairs`.
//!
//! # Example
//! ```
//! use bytes::BytesMut;
//! use resp::{Parser, Request};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut request = Request::new("SET").key("greeting").arg("hello");
//! assert_eq!(request.wire().to_vec(), b"*3\r\n$3\r\nSET\r\n$8\r\ngreeting\r\n$5\r\nhello\r\n");
//!
//! let mut parser = Parser::default();
//! let mut buffer = BytesMut::from(&b"*2\r\n$1\r\na\r\n:1"[..]);
//! assert!(parser.parse(&mut buffer)?.is_none()); // half a reply
//! buffer.extend_from_slice(b"2\r\n");
//! let reply = parser.parse(&mut buffer)?.expect("whole now");
//! assert_eq!(reply.decode::<(String, i64)>()?, ("a".to_owned(), 12));
//! assert_eq!(reply.to_string(), "1) \"a\"\n2) (integer) 12");
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]
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

// Going down: a command becomes bytes.
mod arg;
pub use arg::{Arg, ToArg};
mod args;
pub use args::{ToArgs, ToPairs};
mod body;
mod request;
pub use request::{Flaw, LARGE_ARGUMENT, Request, Wait};
mod wire;
pub use wire::Wire;

// Coming up: bytes become a reply.
mod kind;
pub use kind::Kind;
mod limits;
pub use limits::Limits;
mod leaf;
mod parser;
mod tape;
pub use parser::Parser;
mod builder;
pub use builder::ReplyBuilder;
mod reply;
pub use reply::Reply;
mod view;
pub use view::{Elements, Pairs, View};
mod display;

// A reply becomes the caller's type.
mod decode;
pub use decode::{Decode, DecodeOwned, Millis, Seconds};
mod value;
pub use value::Value;

// The caller's own types, through serde.
#[cfg(feature = "serde")]
mod de;
#[cfg(feature = "serde")]
pub use de::Serde;
#[cfg(feature = "serde")]
pub mod ser;

// The other end of the wire: requests in, replies out.
mod server;
pub use server::{
    Command, CommandArgs, Protocol, ReplyBuffer, ReplyWriter, RequestError, RequestErrorKind, RequestLimits,
    RequestParser,
};

mod error;
pub use error::{DecodeError, ParseError, ParseErrorKind, ServerError};
