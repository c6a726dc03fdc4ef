//! A reply, or an element of one, lent for reading.

use std::borrow::Cow;

use bytes::Bytes;

use crate::tape::{Node, Tape};
use crate::{Decode, DecodeError, Kind, Reply, ServerError};

/// An element of a reply. It is `Copy`, borrows everything and parses nothing.
///
/// # Example
/// ```
/// use resp::{Kind, Reply};
///
/// let reply = Reply::from_bytes(&b"%2\r\n+name\r\n$3\r\nAda\r\n+born\r\n:1815\r\n"[..]).unwrap();
/// let view = reply.view();
/// assert_eq!((view.kind(), view.len()), (Kind::Map, 2));
/// assert_eq!(view.find("name").and_then(|name| name.as_str()), Some("Ada"));
/// assert_eq!(view.pairs().map(|(key, _)| key.as_str().unwrap()).collect::<Vec<_>>(), ["name", "born"]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    bytes: &'a Bytes,
    node: Node,
    /// The nodes of what is in it.
    inner: &'a [Node],
    /// The nodes of the attributes before it, usually none.
    attributes: &'a [Node],
}

impl<'a> View<'a> {
    pub(crate) fn root(bytes: &'a Bytes, nodes: &'a [Node]) -> Self {
        Elements { bytes, rest: nodes, left: 1 }.next().unwrap_or_else(|| View {
            bytes,
            node: Node::null(),
            inner: &[],
            attributes: &[],
        })
    }

    /// What the element is.
    #[inline]
    pub fn kind(&self) -> Kind {
        self.node.kind()
    }

    /// Whether the element is a null, of RESP3 or of RESP2.
    #[inline]
    pub fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    /// The bytes of a string of any kind, of an error, a big number or a double's text.
    /// `None` for anything else, and for a streamed string in several chunks: see [`View::to_bytes`].
    /// A verbatim string lends what follows its format.
    #[inline]
    pub fn as_bytes(&self) -> Option<&'a [u8]> {
        match self.kind() {
            Kind::BulkString => self.as_bulk(),
            Kind::Integer | Kind::Boolean | Kind::Null => None,
            Kind::StreamedString if self.len() > 1 => None,
            Kind::StreamedString => self.iter().next().map_or(Some(&[][..]), |chunk| chunk.as_bytes()),
            kind if kind.is_aggregate() => None,
            kind => {
                let (offset, len) = self.node.place();
                let text = self.bytes.get(offset..offset.checked_add(len)?)?;
                if kind == Kind::VerbatimString { text.get(4..) } else { Some(text) }
            }
        }
    }

    /// The bytes of a bulk string, and of nothing else: the short way to what most replies are made of.
    #[inline]
    pub(crate) fn as_bulk(&self) -> Option<&'a [u8]> {
        let (offset, len) = self.node.bulk()?;
        self.bytes.get(offset..offset.checked_add(len)?)
    }

    /// All text from the first bulk string right inside it to the end of the last, if that is UTF-8.
    pub(crate) fn text_inside(&self) -> Option<Text<'a>> {
        let (start, _) = self.inner.first()?.bulk()?;
        let (last, len) = self.inner.last()?.bulk()?;
        let bytes = self.bytes.get(start..last.checked_add(len)?)?;
        Some(Text { start, text: std::str::from_utf8(bytes).ok()? })
    }

    /// The text of a bulk string, if it lies in `text`.
    #[inline]
    pub(crate) fn bulk_in(&self, text: &Text<'a>) -> Option<&'a str> {
        let (offset, len) = self.node.bulk()?;
        let start = offset.checked_sub(text.start)?;
        text.text.get(start..start.checked_add(len)?)
    }

    /// The same as [`View::as_bytes`], with the chunks of a streamed string joined.
    #[inline]
    pub fn to_bytes(&self) -> Option<Cow<'a, [u8]>> {
        match self.as_bytes() {
            Some(bytes) => Some(Cow::Borrowed(bytes)),
            None if self.kind() == Kind::StreamedString => Some(Cow::Owned(
                self.iter().filter_map(|chunk| chunk.as_bytes()).flatten().copied().collect(),
            )),
            None => None,
        }
    }

    /// The same as [`View::as_bytes`], sharing the reply's memory instead of borrowing it.
    pub fn share_bytes(&self) -> Option<Bytes> {
        match self.to_bytes()? {
            Cow::Borrowed(bytes) => Some(self.bytes.slice_ref(bytes)),
            Cow::Owned(bytes) => Some(bytes.into()),
        }
    }

    /// The text of a string of any kind, if it is UTF-8.
    #[inline]
    pub fn as_str(&self) -> Option<&'a str> {
        std::str::from_utf8(self.as_bytes()?).ok()
    }

    /// The value of an integer. A string of digits is not one: [`View::decode`] reads both.
    #[inline]
    pub fn as_integer(&self) -> Option<i64> {
        (self.kind() == Kind::Integer).then(|| self.node.value())
    }

    /// The value of a double.
    #[inline]
    pub fn as_double(&self) -> Option<f64> {
        (self.kind() == Kind::Double).then(|| self.node.float())
    }

    /// The value of a boolean.
    pub fn as_boolean(&self) -> Option<bool> {
        (self.kind() == Kind::Boolean).then(|| self.node.value() != 0)
    }

    /// The three letters that tell what a verbatim string holds: `txt` or `mkd`.
    pub fn format(&self) -> Option<&'a str> {
        let (offset, _) = self.node.place();
        let format = self.bytes.get(offset..offset.checked_add(3)?)?;
        (self.kind() == Kind::VerbatimString).then(|| std::str::from_utf8(format).ok()).flatten()
    }

    /// The server's error, if the element is one.
    #[inline]
    pub fn server_error(&self) -> Option<ServerError> {
        if !self.kind().is_error() {
            return None; // which every reply is asked
        }
        Some(ServerError::new(String::from_utf8_lossy(self.as_bytes()?)))
    }

    /// The number of elements of an aggregate, of pairs in a map, of chunks in a streamed string; 0 for a scalar.
    #[inline]
    pub fn len(&self) -> usize {
        if self.kind().is_aggregate() { self.node.elements() } else { 0 }
    }

    /// Whether there is no element in it; true for a scalar.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The elements of an aggregate; of a map its keys and values in turn. Nothing for a scalar.
    #[inline]
    pub fn iter(&self) -> Elements<'a> {
        let paired = matches!(self.kind(), Kind::Map | Kind::Attribute);
        let left = if paired { self.len().saturating_mul(2) } else { self.len() };
        Elements { bytes: self.bytes, rest: self.inner, left }
    }

    /// The element at `index`, counted from 0. Behind elements that have some of their own it is found by walking there.
    pub fn get(&self, index: usize) -> Option<Self> {
        // Where each element is one node, as in most lists, there is nothing to count.
        if self.inner.len() == self.node.elements() && self.kind().is_aggregate() {
            let node = *self.inner.get(index)?;
            return Some(View { bytes: self.bytes, node, inner: &[], attributes: &[] });
        }
        self.iter().nth(index)
    }

    /// The pairs of a map, of a flat list (`name, Ada, born, 1815`), or of a list of lists of two:
    /// the three ways in which RESP2 and RESP3 spell the same thing. Nothing for anything else: a set has no order,
    /// so that only one of lists of two has pairs.
    ///
    /// A list whose first element is itself a list of two is read as a list of lists. In a flat list of odd length
    /// the last element is left out; [`View::has_pairs`] tells.
    pub fn pairs(&self) -> Pairs<'a> {
        let none = Elements { bytes: self.bytes, rest: &[], left: 0 };
        let first = self.iter().next();
        let nested = first.is_some_and(|first| first.is_pair());
        match self.kind() {
            Kind::Map | Kind::Attribute => Pairs { elements: self.iter(), nested: false },
            Kind::Array | Kind::Push => Pairs { elements: self.iter(), nested },
            Kind::Set if nested => Pairs { elements: self.iter(), nested },
            _ => Pairs { elements: none, nested: false },
        }
    }

    /// Whether [`View::pairs`] gives back all that is in it.
    pub fn has_pairs(&self) -> bool {
        match self.kind() {
            Kind::Map | Kind::Attribute => true,
            Kind::Array | Kind::Set | Kind::Push => {
                let pairs = self.pairs();
                if pairs.nested {
                    self.iter().all(|pair| pair.is_pair())
                } else {
                    self.is_empty() || self.kind() != Kind::Set && self.len() % 2 == 0
                }
            }
            _ => false,
        }
    }

    /// The value beside the first key that is `key`.
    pub fn find(&self, key: &str) -> Option<Self> {
        self.pairs().find(|(name, _)| name.as_bytes() == Some(key.as_bytes())).map(|(_, value)| value)
    }

    /// What the server said about the element, as pairs: nothing, unless RESP3 attributes stood before it.
    ///
    /// # Example
    /// ```
    /// let reply = resp::Reply::from_bytes(&b"|1\r\n+ttl\r\n:60\r\n$1\r\nv\r\n"[..]).unwrap();
    /// let (name, value) = reply.view().attributes().next().unwrap();
    /// assert_eq!((name.as_str(), value.as_integer()), (Some("ttl"), Some(60)));
    /// assert_eq!(reply.view().as_str(), Some("v"));
    /// ```
    pub fn attributes(&self) -> impl Iterator<Item = (View<'a>, View<'a>)> + use<'a> {
        let (bytes, mut rest) = (self.bytes, self.attributes);
        let mut pairs = Pairs { elements: Elements { bytes, rest: &[], left: 0 }, nested: false };
        std::iter::from_fn(move || {
            loop {
                if let Some(pair) = pairs.next() {
                    return Some(pair);
                }
                let (node, after) = rest.split_first()?;
                let (inner, after) = after.split_at_checked(node.inner())?;
                let left = node.elements().saturating_mul(2);
                (pairs.elements, rest) = (Elements { bytes, rest: inner, left }, after);
            }
        })
    }

    /// The element as a reply of its own, with its attributes, sharing the memory.
    /// Its [`Reply::to_bytes`] are those of the whole reply it was in; an integer has only its own.
    pub fn to_reply(&self) -> Reply {
        let tape = match (self.attributes, self.inner) {
            ([], []) if self.kind() == Kind::Integer => return Reply::alone(self.node),
            ([], []) => Tape::One(self.node),
            (before, inner) => Tape::Many([before, &[self.node], inner].concat().into()),
        };
        Reply::new(self.bytes.clone(), tape)
    }

    /// The caller's type, borrowed from the reply where the type allows it.
    ///
    /// # Errors
    /// [`DecodeError`] when the element is something else.
    pub fn decode<T: Decode<'a>>(self) -> Result<T, DecodeError> {
        T::decode(self)
    }

    /// Hands over its attributes, itself and what is in it, in the order of the wire and without recursion.
    /// What is in an aggregate is left out where `each` says false.
    pub(crate) fn walk(self, mut each: impl FnMut(Self) -> bool) {
        let walk = |mut rest: &'a [Node], each: &mut dyn FnMut(Self) -> bool| {
            while let Some((node, after)) = rest.split_first() {
                let (inner, behind) = after.split_at_checked(node.inner()).unwrap_or_default();
                let view = View { bytes: self.bytes, node: *node, inner, attributes: &[] };
                rest = if each(view) { after } else { behind };
            }
        };
        walk(self.attributes, &mut each);
        if each(View { attributes: &[], ..self }) {
            walk(self.inner, &mut each);
        }
    }

    /// Whether it is a list of two.
    fn is_pair(&self) -> bool {
        self.kind() == Kind::Array && self.len() == 2
    }
}

/// A part of a reply that is UTF-8, with all between its strings: one look at it tells that all of them are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'a> {
    /// Where it begins in the reply.
    start: usize,
    text: &'a str,
}

/// Walks over the elements of an aggregate.
#[derive(Debug, Clone)]
pub struct Elements<'a> {
    bytes: &'a Bytes,
    rest: &'a [Node],
    left: usize,
}

impl<'a> Iterator for Elements<'a> {
    type Item = View<'a>;

    #[inline]
    fn next(&mut self) -> Option<View<'a>> {
        let start = self.rest;
        let (mut node, mut after) = start.split_first()?;
        if !node.kind().is_aggregate() {
            self.rest = after;
            self.left = self.left.saturating_sub(1);
            return Some(View { bytes: self.bytes, node: *node, inner: &[], attributes: &[] });
        }
        while node.kind() == Kind::Attribute {
            (node, after) = after.get(node.inner()..)?.split_first()?;
        }
        let before = start.len().saturating_sub(after.len()).saturating_sub(1);
        let (inner, rest) = after.split_at_checked(node.inner())?;
        let attributes = start.get(..before)?;
        self.rest = rest;
        self.left = self.left.saturating_sub(1);
        Some(View { bytes: self.bytes, node: *node, inner, attributes })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Elements<'_> {}

/// Walks over pairs, however the server spelt them.
#[derive(Debug, Clone)]
pub struct Pairs<'a> {
    elements: Elements<'a>,
    nested: bool,
}

impl Pairs<'_> {
    /// Whether each pair is a list of its own.
    pub(crate) fn is_nested(&self) -> bool {
        self.nested
    }
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (View<'a>, View<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let first = self.elements.next()?;
        if !self.nested {
            return Some((first, self.elements.next()?));
        }
        let mut pair = first.iter();
        Some((pair.next()?, pair.next()?))
    }

    /// Exact, but where a list that began with a list of two goes on with something else.
    fn size_hint(&self) -> (usize, Option<usize>) {
        if self.nested {
            (0, Some(self.elements.left))
        } else {
            (self.elements.left / 2, Some(self.elements.left / 2))
        }
    }
}
