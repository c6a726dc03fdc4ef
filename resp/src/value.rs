//! An owned tree of a reply, for those who want to keep or compare any reply whatever it is.

use crate::{Decode, DecodeError, Kind, ServerError, View};

/// A reply as an owned tree: one more type to decode into.
///
/// Its depth is bounded by [`Limits::depth`](crate::Limits::depth), so that walking and dropping it need no care.
///
/// # Example
/// ```
/// use resp::{Reply, Value};
///
/// let reply = Reply::from_bytes(&b"*2\r\n$1\r\na\r\n%1\r\n+k\r\n#t\r\n"[..]).unwrap();
/// let value: Value = reply.decode().unwrap();
/// assert_eq!(
///     value,
///     Value::Array(vec![
///         Value::BulkString(b"a".to_vec()),
///         Value::Map(vec![(Value::SimpleString("k".to_owned()), Value::Boolean(true))]),
///     ])
/// );
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// Nothing.
    Null,
    /// A boolean.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A float.
    Double(f64),
    /// An integer of any size, in decimal.
    BigNumber(String),
    /// A status such as `OK`; bytes that are not UTF-8 are replaced.
    SimpleString(String),
    /// Bytes, also those of a streamed string.
    BulkString(Vec<u8>),
    /// Text with its format, `txt` or `mkd`.
    VerbatimString {
        /// The format: three letters.
        format: String,
        /// The text.
        text: Vec<u8>,
    },
    /// An error of the server's.
    Error(ServerError),
    /// A list.
    Array(Vec<Self>),
    /// Pairs in the order they came.
    Map(Vec<(Self, Self)>),
    /// Elements of a set in the order they came.
    Set(Vec<Self>),
    /// A message that answers no command.
    Push(Vec<Self>),
}

impl Decode<'_> for Value {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let text = || String::from_utf8_lossy(view.as_bytes().unwrap_or_default()).into_owned();
        let bytes = || view.to_bytes().unwrap_or_default().into_owned();
        let list = || view.iter().map(Self::decode).collect::<Result<_, _>>();
        Ok(match view.kind() {
            Kind::Null => Self::Null,
            Kind::Boolean => Self::Boolean(view.as_boolean().unwrap_or_default()),
            Kind::Integer => Self::Integer(view.as_integer().unwrap_or_default()),
            Kind::Double => Self::Double(view.as_double().unwrap_or_default()),
            Kind::BigNumber => Self::BigNumber(text()),
            Kind::SimpleString => Self::SimpleString(text()),
            Kind::BulkString | Kind::StreamedString => Self::BulkString(bytes()),
            Kind::VerbatimString => {
                Self::VerbatimString { format: view.format().unwrap_or_default().to_owned(), text: bytes() }
            }
            Kind::SimpleError | Kind::BulkError => Self::Error(ServerError::new(text())),
            Kind::Array => Self::Array(list()?),
            Kind::Set => Self::Set(list()?),
            Kind::Push => Self::Push(list()?),
            Kind::Map | Kind::Attribute => Self::Map(
                view.pairs()
                    .map(|(key, value)| Ok((Self::decode(key)?, Self::decode(value)?)))
                    .collect::<Result<_, _>>()?,
            ),
        })
    }
}
