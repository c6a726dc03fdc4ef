//! An owned tree of a reply, for those who want to keep or compare any reply whatever it is.

use crate::{Decode, DecodeError, Elements, Kind, ServerError, View};

/// A reply as an owned tree: one more type to decode into.
///
/// Attributes are left out. Making one, cloning, comparing and writing it need no stack, however deep it is; dropping it
/// and printing it with `{:?}` do, by a call inside a call for each level. No reply nests deeper than
/// [`Limits::depth`](crate::Limits::depth) lets it, 1,024 at most; one of that depth is dropped on a stack of 256 KiB
/// and printed on one of 1,050 KiB (rustc 1.95, a debug build, 22 November 2026: `resp/tests/it/deep.rs` holds it to
/// that). A tree that you nest deeper yourself is yours to take apart.
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
#[derive(Debug)]
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
        Ok(build(view, Branch::of_view, Self::leaf))
    }
}

/// Without recursion, like decoding.
impl Clone for Value {
    fn clone(&self) -> Self {
        build(self, Branch::of_value, Self::clone_leaf)
    }
}

/// Without recursion, like decoding. NaN is not equal to itself.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        let mut open: Vec<(Parts<'_>, Parts<'_>)> = Vec::new();
        let (mut one, mut other) = (self, other);
        loop {
            match (one.parts(), other.parts()) {
                (Some(a), Some(b)) => {
                    if one.kind() != other.kind() || one.count() != other.count() {
                        return false;
                    }
                    open.push((a, b));
                }
                (None, None) if one.eq_leaf(other) => {}
                _ => return false,
            }
            (one, other) = loop {
                let Some((a, b)) = open.last_mut() else { return true };
                match a.next().zip(b.next()) {
                    Some(next) => break next,
                    None => drop(open.pop()),
                }
            };
        }
    }
}

/// A tree of any depth out of another, from its root: `open` what has something in it, and make each `leaf`.
fn build<S: Copy, I: Iterator<Item = S>>(
    root: S,
    open: impl Fn(S) -> Option<Branch<I>>,
    leaf: impl Fn(S) -> Value,
) -> Value {
    let mut branches: Vec<Branch<I>> = Vec::new();
    let mut source = root;
    loop {
        let mut value = match open(source) {
            Some(branch) => {
                branches.push(branch);
                None
            }
            None => Some(leaf(source)),
        };
        source = loop {
            let Some(branch) = branches.last_mut() else { return value.unwrap_or(Value::Null) };
            branch.done.extend(value);
            match branch.elements.next() {
                Some(element) => break element,
                None => value = branches.pop().map(Branch::close),
            }
        };
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

impl Value {
    /// What is directly in it; nothing for what can have nothing in it.
    pub(crate) fn parts(&self) -> Option<Parts<'_>> {
        match self {
            Self::Array(list) | Self::Set(list) | Self::Push(list) => Some(Parts::List(list.iter())),
            Self::Map(pairs) => Some(Parts::Pairs(pairs.iter(), None)),
            _ => None,
        }
    }

    /// The number of elements or of pairs.
    fn count(&self) -> usize {
        match self {
            Self::Array(list) | Self::Set(list) | Self::Push(list) => list.len(),
            Self::Map(pairs) => pairs.len(),
            _ => 0,
        }
    }

    /// The kind of what has something in it.
    fn kind(&self) -> Kind {
        match self {
            Self::Map(_) => Kind::Map,
            Self::Set(_) => Kind::Set,
            Self::Push(_) => Kind::Push,
            _ => Kind::Array,
        }
    }

    fn clone_leaf(&self) -> Self {
        match self {
            Self::Boolean(value) => Self::Boolean(*value),
            Self::Integer(value) => Self::Integer(*value),
            Self::Double(value) => Self::Double(*value),
            Self::BigNumber(digits) => Self::BigNumber(digits.clone()),
            Self::SimpleString(text) => Self::SimpleString(text.clone()),
            Self::BulkString(bytes) => Self::BulkString(bytes.clone()),
            Self::VerbatimString { format, text } => {
                Self::VerbatimString { format: format.clone(), text: text.clone() }
            }
            Self::Error(error) => Self::Error(error.clone()),
            Self::Null | Self::Array(_) | Self::Map(_) | Self::Set(_) | Self::Push(_) => Self::Null,
        }
    }

    fn eq_leaf(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Boolean(a), Self::Boolean(b)) => a == b,
            (Self::Integer(a), Self::Integer(b)) => a == b,
            (Self::Double(a), Self::Double(b)) => a == b,
            (Self::BigNumber(a), Self::BigNumber(b)) | (Self::SimpleString(a), Self::SimpleString(b)) => {
                a == b
            }
            (Self::BulkString(a), Self::BulkString(b)) => a == b,
            (Self::VerbatimString { format, text }, Self::VerbatimString { format: other, text: words }) => {
                format == other && text == words
            }
            (Self::Error(a), Self::Error(b)) => a == b,
            _ => false,
        }
    }
}

/// What is directly in a value: elements, or keys and values in turn.
pub(crate) enum Parts<'v> {
    List(std::slice::Iter<'v, Value>),
    /// Pairs, and the value whose key was taken last.
    Pairs(std::slice::Iter<'v, (Value, Value)>, Option<&'v Value>),
}

impl<'v> Iterator for Parts<'v> {
    type Item = &'v Value;

    fn next(&mut self) -> Option<&'v Value> {
        match self {
            Self::List(list) => list.next(),
            Self::Pairs(pairs, value) => value.take().or_else(|| {
                let (key, beside) = pairs.next()?;
                *value = Some(beside);
                Some(key)
            }),
        }
    }
}

/// An aggregate some of whose elements are values already.
struct Branch<I> {
    kind: Kind,
    elements: I,
    done: Vec<Value>,
}

impl<'v> Branch<Parts<'v>> {
    fn of_value(value: &'v Value) -> Option<Self> {
        let elements = value.parts()?;
        let each = if value.kind() == Kind::Map { 2 } else { 1 };
        let done = Vec::with_capacity(value.count().saturating_mul(each));
        Some(Self { kind: value.kind(), elements, done })
    }
}

impl<'a> Branch<Elements<'a>> {
    fn of_view(view: View<'a>) -> Option<Self> {
        let kind = view.kind();
        if !kind.is_aggregate() || kind == Kind::StreamedString {
            return None;
        }
        let elements = view.iter();
        let done = Vec::with_capacity(elements.len());
        Some(Self { kind, elements, done })
    }
}

impl<I> Branch<I> {
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
