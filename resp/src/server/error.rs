//! What can be wrong with a request.

use crate::ServerError;

/// Bytes that are no request, or more of them than the [`RequestLimits`](crate::RequestLimits) allow.
///
/// After it the stream cannot be trusted: a server answers [`RequestError::reply`] and closes.
///
/// # Example
/// ```
/// use bytes::BytesMut;
/// use resp::{ReplyWriter, RequestParser};
///
/// let error = RequestParser::default().parse(&mut BytesMut::from(&b"*1\r\n:1\r\n"[..])).unwrap_err();
/// assert_eq!(error.to_string(), "expected '$', got ':' at byte 4 of the request");
/// let mut out = Vec::new();
/// ReplyWriter::resp2(&mut out).error(error.reply());
/// assert_eq!(out, b"-ERR Protocol error: expected '$', got ':'\r\n");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {offset} of the request")]
pub struct RequestError {
    kind: RequestErrorKind,
    offset: usize,
}

/// What was wrong with a request, in the words of Redis where it has some.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestErrorKind {
    /// The number of arguments is not a decimal number.
    #[error("invalid multibulk length")]
    Count,
    /// An argument is no bulk string.
    #[error("expected '$', got '{}'", .0.escape_ascii())]
    NoBulk(u8),
    /// The length of an argument is not a decimal number, or is negative.
    #[error("invalid bulk length")]
    BulkLength,
    /// The bytes after an argument are not CRLF.
    #[error("missing CRLF")]
    Crlf,
    /// A quote of an inline command is not closed, or something follows the closing one.
    #[error("unbalanced quotes in request")]
    Quotes,
    /// An inline command has a zero byte in it, behind which Redis would look for no end of line.
    #[error("zero byte in inline request")]
    Zero,
    /// An inline command is longer than allowed.
    #[error("too big inline request, longer than {limit} bytes")]
    InlineTooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// A command has more arguments than allowed.
    #[error("invalid multibulk length, more than {limit} arguments")]
    TooManyArguments {
        /// The limit, in arguments.
        limit: usize,
    },
    /// An argument is longer than allowed.
    #[error("invalid bulk length, longer than {limit} bytes")]
    BulkTooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// A request is longer than allowed.
    #[error("a request longer than {limit} bytes")]
    RequestTooLong {
        /// The limit, in bytes.
        limit: usize,
    },
}

impl RequestError {
    pub(super) fn new(kind: RequestErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    /// What was wrong.
    pub fn kind(&self) -> RequestErrorKind {
        self.kind
    }

    /// Where: bytes from the first one of the request.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// What Redis answers before it closes the connection: `ERR Protocol error: …`.
    pub fn reply(&self) -> ServerError {
        ServerError::new(format!("ERR Protocol error: {}", self.kind))
    }
}
