//! The server half: requests in, replies out, for proxies and test servers.
//!
//! ```text
//!  bytes ──▶ RequestParser ──▶ Command ──▶ (your server) ──▶ ReplyWriter ──▶ bytes
//!            resumable          args()                       RESP2 or RESP3,
//!            no allocation      lent                         views and values passed on
//! ```

mod command;
mod error;
mod inline;
mod limits;
mod parser;
mod pass_on;
mod writer;

pub use command::{Command, CommandArgs};
pub use error::{RequestError, RequestErrorKind};
pub use limits::RequestLimits;
pub use parser::RequestParser;
pub use writer::{Protocol, ReplyBuffer, ReplyWriter};
