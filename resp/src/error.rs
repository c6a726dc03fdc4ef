//! What can be wrong with bytes, with types, and what a server says is wrong.

use std::borrow::Cow;
use std::fmt;

use crate::{Kind, View};

/// Bytes that are not RESP, or more of them than the [`Limits`](crate::Limits) allow.
///
/// After it the stream cannot be trusted: nobody knows where the next reply begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {offset} of the reply")]
pub struct ParseError {
    kind: ParseErrorKind,
    offset: usize,
}

/// What was wrong with the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// No type of RESP starts with this byte.
    #[error("unexpected byte '{}'", .0.escape_ascii())]
    UnexpectedByte(u8),
    /// A length is not a decimal number, or is negative where that means nothing.
    #[error("malformed length")]
    Length,
    /// An integer is not one of 64 bits.
    #[error("malformed integer")]
    Integer,
    /// A double is not a number, `inf` or `nan`.
    #[error("malformed double")]
    Double,
    /// A boolean is neither `t` nor `f`.
    #[error("malformed boolean")]
    Boolean,
    /// A null has something in it.
    #[error("malformed null")]
    Null,
    /// A big number has something other than digits in it.
    #[error("malformed big number")]
    BigNumber,
    /// A verbatim string has no format of three bytes and a colon.
    #[error("malformed verbatim string")]
    Verbatim,
    /// The bytes after a payload are not CRLF, or a line has a CR or LF by itself.
    #[error("missing CRLF")]
    Crlf,
    /// The bytes end before the reply does, where a whole one was asked for.
    #[error("the reply ends too early")]
    Incomplete,
    /// A push inside another reply.
    #[error("push inside a reply")]
    NestedPush,
    /// `.` where no streamed aggregate is open, or where a map lacks a value.
    #[error("unexpected end of a streamed aggregate")]
    StreamEnd,
    /// Aggregates nest deeper than allowed.
    #[error("more than {limit} aggregates inside one another")]
    TooDeep {
        /// The limit, in levels.
        limit: usize,
    },
    /// A bulk string is longer than allowed.
    #[error("a string longer than {limit} bytes")]
    BulkTooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// A line is longer than allowed.
    #[error("a line longer than {limit} bytes")]
    LineTooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// A reply has more elements than allowed.
    #[error("more than {limit} elements")]
    TooManyElements {
        /// The limit, in elements.
        limit: usize,
    },
    /// A reply is longer than allowed.
    #[error("a reply longer than {limit} bytes")]
    ReplyTooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// An engine that is not ours refused the bytes for a reason of its own, or broke off.
    #[error("{0}")]
    Engine(&'static str),
}

impl ParseError {
    /// Something wrong at `offset` of the reply, as an engine that is not ours reports it.
    pub fn new(kind: ParseErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    /// What was wrong.
    pub fn kind(&self) -> ParseErrorKind {
        self.kind
    }

    /// Where: bytes from the first one of the reply.
    pub fn offset(&self) -> usize {
        self.offset
    }
}

/// An error that the server answered: `WRONGTYPE Operation against a key …`.
///
/// # Example
/// ```
/// let error = resp::ServerError::new("WRONGTYPE Operation against a key holding the wrong kind of value");
/// assert_eq!(error.code(), "WRONGTYPE");
/// assert_eq!(error.message(), "Operation against a key holding the wrong kind of value");
/// assert_eq!(resp::ServerError::new("no code here").code(), "ERR");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct ServerError {
    text: Box<str>,
}

impl ServerError {
    /// An error from the line the server sent, without its `-`.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self { text: text.into() }
    }

    /// The first word, if it is in capitals as a code is; otherwise `ERR`.
    pub fn code(&self) -> &str {
        self.split().0
    }

    /// What follows the code.
    pub fn message(&self) -> &str {
        self.split().1
    }

    fn split(&self) -> (&str, &str) {
        let (word, rest) = self.text.split_once(' ').unwrap_or((&self.text, ""));
        let code =
            |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
        if word.starts_with(|first: char| first.is_ascii_uppercase()) && word.bytes().all(code) {
            (word, rest)
        } else {
            ("ERR", &self.text)
        }
    }
}

/// A reply that is not what the caller asked for. It says where, what was wanted and what was there.
///
/// # Example
/// ```
/// use resp::Reply;
///
/// let reply = Reply::from_bytes(&b"*2\r\n:1\r\n$3\r\nabc\r\n"[..]).unwrap();
/// let error = reply.decode::<Vec<i64>>().unwrap_err();
/// assert_eq!(error.to_string(), "element 1: expected an integer, found a bulk string that is not a number");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError(Box<Mismatch>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Mismatch {
    what: What,
    /// From the element outwards: it is filled while the error travels up.
    path: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Other {
        wanted: Cow<'static, str>,
        found: Found,
    },
    /// In the words of the type that refused.
    Refused(Box<str>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Found {
    Kind(Kind, &'static str),
    Elements(usize),
    Server(ServerError),
    Nothing,
    /// An element that whoever refused it did not see, only its value.
    #[cfg(feature = "serde")]
    Unseen(&'static str),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Element(usize),
    Key(usize),
    Value(usize),
    Field(Box<str>),
}

/// Names of fields longer than this many bytes are cut in errors: they may be a stranger's.
const LONGEST_NAME: usize = 64;

impl DecodeError {
    /// The element is not what was wanted: its kind says so.
    pub fn kind(wanted: &'static str, view: View<'_>) -> Self {
        match view.server_error() {
            Some(error) => Self::new(wanted, Found::Server(error)),
            None => Self::new(wanted, Found::Kind(view.kind(), "")),
        }
    }

    /// The element is of a kind that would do, but `why` (" that is not a number").
    pub fn because(wanted: &'static str, view: View<'_>, why: &'static str) -> Self {
        Self::new(wanted, Found::Kind(view.kind(), why))
    }

    /// The aggregate has the wrong number of elements.
    pub fn elements(wanted: &'static str, view: View<'_>) -> Self {
        Self::new(wanted, Found::Elements(view.len()))
    }

    /// An element is missing.
    pub fn missing(wanted: &'static str) -> Self {
        Self::new(wanted, Found::Nothing)
    }

    /// The element is what was wanted, but its type refuses it in its own words.
    ///
    /// # Example
    /// ```
    /// use resp::{Decode, DecodeError, View};
    ///
    /// struct Even(i64);
    /// impl<'a> Decode<'a> for Even {
    ///     fn decode(view: View<'a>) -> Result<Self, DecodeError> {
    ///         let value: i64 = view.decode()?;
    ///         if value % 2 == 0 { Ok(Self(value)) } else { Err(DecodeError::refused("an odd number")) }
    ///     }
    /// }
    ///
    /// let reply = resp::Reply::from_bytes(&b"*2\r\n:2\r\n:3\r\n"[..]).unwrap();
    /// assert_eq!(reply.decode::<Vec<Even>>().err().unwrap().to_string(), "element 1: an odd number");
    /// ```
    pub fn refused(why: impl Into<Box<str>>) -> Self {
        Self(Box::new(Mismatch { what: What::Refused(why.into()), path: Vec::new() }))
    }

    /// Says that the error was in the element at `index`, counted from 0.
    #[must_use]
    pub fn at(mut self, index: usize) -> Self {
        self.0.path.push(Step::Element(index));
        self
    }

    /// Says that the error was in the key of the pair at `index`, counted from 0.
    #[must_use]
    pub fn at_key(mut self, index: usize) -> Self {
        self.0.path.push(Step::Key(index));
        self
    }

    /// Says that the error was in the value of the pair at `index`, counted from 0.
    #[must_use]
    pub fn at_value(mut self, index: usize) -> Self {
        self.0.path.push(Step::Value(index));
        self
    }

    /// Says that the error was in the field `name`, or in the value beside that key.
    #[must_use]
    pub fn at_field(mut self, name: &str) -> Self {
        let end = (0..=LONGEST_NAME).rev().find(|end| name.is_char_boundary(*end)).unwrap_or_default();
        let name = match name.get(..end).filter(|_| name.len() > LONGEST_NAME) {
            Some(start) => format!("{start}…").into(),
            None => name.into(),
        };
        self.0.path.push(Step::Field(name));
        self
    }

    /// The server's error, if that is what stood where a value was wanted.
    pub fn server(&self) -> Option<&ServerError> {
        match &self.0.what {
            What::Other { found: Found::Server(error), .. } => Some(error),
            _ => None,
        }
    }

    fn new(wanted: impl Into<Cow<'static, str>>, found: Found) -> Self {
        let what = What::Other { wanted: wanted.into(), found };
        Self(Box::new(Mismatch { what, path: Vec::new() }))
    }
}

/// What serde's words for an error become.
#[cfg(feature = "serde")]
impl DecodeError {
    /// A value refused by a type that did not see the element it was made from.
    pub(crate) fn unseen(wanted: String, why: &'static str) -> Self {
        Self::new(wanted, Found::Unseen(why))
    }

    /// A list of another length.
    pub(crate) fn count(wanted: String, elements: usize) -> Self {
        Self::new(wanted, Found::Elements(elements))
    }

    /// Names the element that was refused, unless the error is about one in it.
    #[must_use]
    pub(crate) fn seen(mut self, view: View<'_>) -> Self {
        if let (What::Other { found, .. }, []) = (&mut self.0.what, &*self.0.path) {
            if let Found::Unseen(why) = *found {
                *found = Found::Kind(view.kind(), why);
            }
        }
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.path.iter().rev().enumerate() {
            f.write_str(if at == 0 { "" } else { ", " })?;
            match step {
                Step::Element(index) => write!(f, "element {index}")?,
                Step::Key(index) => write!(f, "key of pair {index}")?,
                Step::Value(index) => write!(f, "value of pair {index}")?,
                Step::Field(name) => write!(f, "field {}", name.escape_debug())?,
            }
        }
        f.write_str(if self.0.path.is_empty() { "" } else { ": " })?;
        let (wanted, found) = match &self.0.what {
            What::Refused(why) => return f.write_str(why),
            What::Other { wanted, found } => (wanted, found),
        };
        write!(f, "expected {wanted}, found ")?;
        match found {
            Found::Kind(kind, why) => write!(f, "{kind}{why}"),
            Found::Elements(count) => write!(f, "{count} elements"),
            Found::Server(error) => write!(f, "the error {error}"),
            Found::Nothing => f.write_str("nothing"),
            #[cfg(feature = "serde")]
            Found::Unseen(why) => write!(f, "something{why}"),
        }
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.server().map(|error| error as _)
    }
}
