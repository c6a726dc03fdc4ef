//! The kinds of reply that RESP2 and RESP3 know.

use std::fmt;

/// What a reply, or an element of one, is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Kind {
    /// `+OK`: a status, one line of text.
    SimpleString,
    /// `-ERR …`: an error, one line of text.
    SimpleError,
    /// `:1`: a signed integer of 64 bits.
    Integer,
    /// `$5 hello`: bytes of any kind.
    BulkString,
    /// `_`, and RESP2's `$-1` and `*-1`: nothing.
    Null,
    /// `#t` or `#f`.
    Boolean,
    /// `,3.25`: a float.
    Double,
    /// `(123…`: an integer of any size, as text.
    BigNumber,
    /// `!21 SYNTAX …`: an error that may hold any bytes.
    BulkError,
    /// `=15 txt:Some string`: text with a format of three letters.
    VerbatimString,
    /// `$?` and its chunks: bytes whose length was not known when they were begun.
    StreamedString,
    /// `*2`: a list.
    Array,
    /// `%1`: pairs of a key and a value.
    Map,
    /// `~2`: elements without an order.
    Set,
    /// `>2`: a message that answers no command.
    Push,
    /// `|1`: pairs that say something about the element after them.
    Attribute,
}

impl Kind {
    /// Whether the reply says that a command failed.
    pub fn is_error(self) -> bool {
        matches!(self, Self::SimpleError | Self::BulkError)
    }

    /// Whether the reply holds other elements.
    pub fn is_aggregate(self) -> bool {
        self as u8 >= Self::StreamedString as u8
    }
}

impl fmt::Display for Kind {
    /// Writes the name with its article, as it stands in an error: "a bulk string".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SimpleString => "a simple string",
            Self::SimpleError => "an error",
            Self::Integer => "an integer",
            Self::BulkString => "a bulk string",
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Double => "a double",
            Self::BigNumber => "a big number",
            Self::BulkError => "a bulk error",
            Self::VerbatimString => "a verbatim string",
            Self::StreamedString => "a streamed string",
            Self::Array => "an array",
            Self::Map => "a map",
            Self::Set => "a set",
            Self::Push => "a push",
            Self::Attribute => "an attribute",
        })
    }
}
