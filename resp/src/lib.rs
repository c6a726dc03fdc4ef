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
//! # Strict and lenient where Redis is
//! What Redis's own readers do decides: hiredis 1.5 for replies (`read.c`), `networking.c` of Redis 8.10 and Valkey
//! 9.1 for requests, and the RESP3 specification where they say nothing. Each row has its test, in `tests/it` of this
//! crate or of `conn`, whose tests hold this parser against hiredis byte for byte.
//!
//! | replies | here | why | test |
//! |---|---|---|---|
//! | integers with `+`, a leading zero, `-0`, blanks, or beyond 64 bits | refused | `string2ll` of hiredis and Redis | `malformed::integers` |
//! | the same in lengths | refused | `string2ll` | `malformed::lengths` |
//! | `$-1`, `*-1` | null | hiredis; both are RESP2's | `values::small_ones` |
//! | `-1` as any other length | refused | the specification has `_`; hiredis makes null of it, Redis never sends it | `malformed::lengths` |
//! | two bytes other than CRLF behind a payload | refused | the specification; hiredis does not look | `malformed::payloads_end_with_crlf` |
//! | a CR or LF by itself in a line | refused | hiredis | `malformed::lines_end_with_crlf_and_hold_neither` |
//! | bytes in a status or an error that are not UTF-8 | kept, replaced in text | hiredis has bytes only | `values::lines` |
//! | `#T`, `#F` | refused | the specification; hiredis takes them, Redis never sends them | `malformed::scalars_with_other_content` |
//! | something in a null | refused | hiredis | `malformed::scalars_with_other_content` |
//! | `inf`, `-inf`, `nan`, `-nan` in capitals or not | taken | hiredis | `values::doubles` |
//! | doubles like `+1`, `.5`, `1.`, `1E5`, `infinity` | taken | the specification has `+` and exponents, the rest is Rust's grammar; hiredis 1.5 takes neither `+` nor `infinity` | `values::doubles`, `engines::differences` |
//! | doubles out of range | `inf` or 0 | as `strtod` rounds; hiredis refuses them | `values::doubles`, `engines::differences` |
//! | doubles of more than 4,095 bytes | refused | no number needs 800; hiredis stops at 325 | `malformed::scalars_with_other_content`, `engines::differences` |
//! | big numbers with `+`, or leading zeros | taken | the specification has `+`; hiredis does not take it | `values::lines`, `engines::differences` |
//! | big numbers without a digit | refused | the specification; hiredis does not look | `malformed::scalars_with_other_content` |
//! | verbatim strings without three bytes and a colon | refused | hiredis | `malformed::verbatim_strings_without_a_format` |
//! | bulk errors, streamed strings and aggregates | taken | the specification; hiredis knows none, Redis sends none | `values::streamed_aggregates`, `engines::differences` |
//! | attributes, also inside a reply | taken and kept | the specification; hiredis only in front of one | `values::attributes_change_no_value`, `engines::differences` |
//! | an attribute before nothing, a key without a value | refused | the specification | `malformed::streams_that_end_wrongly` |
//! | a push inside a reply | refused | the specification; hiredis takes it for an element | `malformed::pushes_inside` |
//! | members of a set and keys of a map that come twice | kept as they came | hiredis; which one counts is the type's to say | `values::aggregates` |
//! | any other first byte, also an HTTP answer | refused | hiredis | `malformed::bytes_that_begin_nothing` |
//! | more than a limit | refused before anything is kept for it | hiredis bounds depth and elements, see [`Limits`] | `limits::depth`, `limits::elements` |
//!
//! | requests | here | why | test |
//! |---|---|---|---|
//! | a count of 0 or less, an empty line | skipped | Redis | `requests::what_says_nothing_is_skipped` |
//! | counts and lengths with `+`, a leading zero, `-0` | refused | Redis | `requests::what_is_no_array_of_bulks` |
//! | bytes other than CRLF behind a count, a length or a payload | refused | Valkey 9.1; Redis 8.10 does not look | `requests::what_is_no_array_of_bulks` |
//! | an element that is no bulk string, also `$-1` | refused | Redis | `requests::what_is_no_array_of_bulks` |
//! | a line that does not begin with `*` | a command, ended by LF, one CR before it dropped | Redis | `requests::inline_commands` |
//! | quotes and escapes in such a line | as `sdssplitargs` has them | Redis | `requests::inline_quotes`, `requests::unbalanced_quotes` |
//! | a zero byte in such a line | refused | Redis waits for ever | `requests::inline_commands` |
//! | limits, and those before a password | of Redis, but for 1,048,576 arguments as up to 6.2 | see [`RequestLimits`] | `requests::limits` |
//!
//! | decoding | here | why | test |
//! |---|---|---|---|
//! | text as a number: `+5`, `007` | taken | Rust's grammar: it is the caller's data, not the protocol | `decoding::text_as_a_number` |
//! | an error without a code in capitals | has the code `ERR` | Redis puts `ERR` before those of its own that have none | `decoding::codes_of_errors` |
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
pub use builder::{Alone, ReplyBuilder};
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
