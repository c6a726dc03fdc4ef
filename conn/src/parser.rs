//! The engine that turns bytes into replies is a choice: pure Rust, or hiredis.

use bytes::BytesMut;
use resp::{ParseError, Reply};

/// An engine that takes replies out of a buffer as they become whole.
///
/// All engines give the same [`Reply`] for the same bytes and fail on the same bytes.
pub trait Parser: Send {
    /// Takes the next whole reply out of `buffer`, or `None` when its end has not come yet.
    ///
    /// # Errors
    /// [`ParseError`] when the bytes are not RESP or go over a limit; the connection is lost then.
    fn parse(&mut self, buffer: &mut BytesMut) -> Result<Option<Reply>, ParseError>;

    /// The least number of bytes that must come before the reply that has begun is whole.
    fn needed(&self) -> usize;
}

impl Parser for resp::Parser {
    fn parse(&mut self, buffer: &mut BytesMut) -> Result<Option<Reply>, ParseError> {
        Self::parse(self, buffer)
    }

    fn needed(&self) -> usize {
        Self::needed(self)
    }
}
