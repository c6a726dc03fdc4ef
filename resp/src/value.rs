//! An owned tree of a reply, for those who want to keep or compare any reply whatever it is.

use crate::{Decode, DecodeError, Elements, Kind, ServerError, View};

/// A reply as an owned tree: one more type to decode into.
///
/// Attributes are left out. Its depth is bounded by [`Limits::depth`](crate::Limits::depth): one of the deepest
/// allowed, 1,024, is made without recursion and dropped on a stack of 256 KiB; cloning one took 2 MiB in a debug
/// build and 256 KiB in a release build (rustc 1.95). At the default depth of 128 it is an eighth of that.
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
        /// The format: three letters; `txt` if what came is not UTF-8.
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
    /// Without recursion: the depth of a reply is a stranger's choice.
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let mut open: Vec<Branch<'_>> = Vec::new();
        let mut view = view;
        loop {
            let mut value = match Branch::open(view) {
                Some(branch) => {
                    open.push(branch);
                    None
                }
                None => Some(Self::leaf(view)),
            };
            view = loop {
                let Some(branch) = open.last_mut() else { return Ok(value.unwrap_or(Self::Null)) };
                branch.done.extend(value);
                match branch.elements.next() {
                    Some(element) => break element,
                    None => value = open.pop().map(Branch::close),
                }
            };
        }
    }
}

impl Value {
    /// The value of what has nothing in it.
    fn leaf(view: View<'_>) -> Self {
        let text = || String::from_utf8_lossy(view.as_bytes().unwrap_or_default()).into_owned();
        let bytes = || view.to_bytes().unwrap_or_default().into_owned();
        match view.kind() {
            Kind::Boolean => Self::Boolean(view.as_boolean().unwrap_or_default()),
            Kind::Integer => Self::Integer(view.as_integer().unwrap_or_default()),
            Kind::Double => Self::Double(view.as_double().unwrap_or_default()),
            Kind::BigNumber => Self::BigNumber(text()),
            Kind::SimpleString => Self::SimpleString(text()),
            Kind::BulkString | Kind::StreamedString => Self::BulkString(bytes()),
            Kind::VerbatimString => {
                Self::VerbatimString { format: view.format().unwrap_or("txt").to_owned(), text: bytes() }
            }
            Kind::SimpleError | Kind::BulkError => Self::Error(ServerError::new(text())),
            Kind::Null | Kind::Array | Kind::Map | Kind::Set | Kind::Push | Kind::Attribute => Self::Null,
        }
    }
}

/// An aggregate some of whose elements are values already.
struct Branch<'a> {
    kind: Kind,
    elements: Elements<'a>,
    done: Vec<Value>,
}

impl<'a> Branch<'a> {
    fn open(view: View<'a>) -> Option<Self> {
        let kind = view.kind();
        if !kind.is_aggregate() || kind == Kind::StreamedString {
            return None;
        }
        let elements = view.iter();
        let done = Vec::with_capacity(elements.len());
        Some(Self { kind, elements, done })
    }

    fn close(self) -> Value {
        match self.kind {
            Kind::Set => Value::Set(self.done),
            Kind::Push => Value::Push(self.done),
            Kind::Map | Kind::Attribute => {
                let mut pairs = Vec::with_capacity(self.done.len() / 2);
                let mut done = self.done.into_iter();
                while let (Some(key), Some(value)) = (done.next(), done.next()) {
                    pairs.push((key, value));
                }
                Value::Map(pairs)
            }
            _ => Value::Array(self.done),
        }
    }
}
