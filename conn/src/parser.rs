//! The engine that turns bytes into replies is a choice: pure Rust, or hiredis.

use bytes::BytesMut;
use resp::{Limits, ParseError, Reply};

/// Which engine reads replies. Both give the same [`Reply`] for the same bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Engine {
    /// The parser of `resp`, in Rust. It is the faster one.
    #[default]
    Pure,
    /// hiredis, the parser of Redis's own C client, which must be built in: the cargo feature `hiredis`.
    ///
    /// It has no streamed types, no bulk errors and no attributes inside a reply (before 1.3 none at all): a server
    /// that sent one would lose the connection. None does unless asked by a module or by `DEBUG PROTOCOL`.
    Hiredis,
}

/// An engine that was chosen is not part of this build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the parser hiredis is not part of this build: turn on the cargo feature `hiredis`")]
pub struct EngineMissing;

/// Makes an engine that keeps to limits.
pub(crate) type Make = fn(Limits) -> Box<dyn Parser>;

impl Engine {
    /// A parser of this kind, for those who have a stream of their own.
    ///
    /// # Errors
    /// [`EngineMissing`] when it is not part of this build.
    ///
    /// # Example
    /// ```
    /// use bytes::BytesMut;
    /// use conn::Engine;
    /// use resp::Limits;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut parser = Engine::Pure.parser(Limits::default())?;
    /// let mut buffer = BytesMut::from(&b"+OK\r\n"[..]);
    /// assert_eq!(parser.parse(&mut buffer)?.unwrap().to_string(), "OK");
    /// # Ok(())
    /// # }
    /// ```
    pub fn parser(self, limits: Limits) -> Result<Box<dyn Parser>, EngineMissing> {
        self.make().map(|make| make(limits))
    }

    /// Whether it is part of this build.
    pub fn is_available(self) -> bool {
        self.make().is_ok()
    }

    pub(crate) fn make(self) -> Result<Make, EngineMissing> {
        match self {
            Self::Pure => Ok(PURE),
            Self::Hiredis => HIREDIS.ok_or(EngineMissing),
        }
    }
}

pub(crate) const PURE: Make = |limits| Box::new(resp::Parser::new(limits));

#[cfg(feature = "hiredis")]
const HIREDIS: Option<Make> = Some(|limits| Box::new(crate::hiredis::Hiredis::new(limits)));
#[cfg(not(feature = "hiredis"))]
const HIREDIS: Option<Make> = None;

/// An engine that takes replies out of a buffer as they become whole.
///
/// All engines give the same [`Reply`] for the same bytes and fail on the same bytes.
pub trait Parser: Send {
    /// Takes the next whole reply out of `buffer`, or `None` when its end has not come yet.
    ///
    /// # Errors
    /// [`ParseError`] when the bytes are not RESP or go over a limit; the connection is lost then.
    fn parse(&mut self, buffer: &mut BytesMut) -> Result<Option<Reply>, ParseError>;

    /// The least number of bytes that must come before the reply that has begun is whole; 0 between replies.
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
