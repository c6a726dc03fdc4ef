//! A reply as a flat tape of fixed-width nodes, so that reading an element never parses again.
//!
//! A node is two words: `kind` (8 bits) and `size` (56 bits) in one, `data` in the other.
//!
//! | kind | size | data |
//! |---|---|---|
//! | strings, errors, big number | bytes | offset of the first |
//! | integer, boolean | 0 | the value itself |
//! | double | bytes of its text (12 bits), offset of the text (44 bits) | the value's bits |
//! | null | 0 | 0 |
//! | aggregate | its elements (pairs count once) | nodes that belong to it, without itself |
//!
//! Offsets count from the reply's first byte. An attribute stands before the element it speaks of.

use std::sync::Arc;

use crate::Kind;

mod spare;
pub(crate) use spare::Spare;

/// One element of a reply.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    head: u64,
    data: u64,
}

/// The nodes of one reply. A scalar needs no allocation.
#[derive(Debug, Clone)]
pub(crate) enum Tape {
    One(Node),
    Many(Box<[Node]>),
    /// So many that their memory is worth keeping for the next reply.
    Large(Arc<Vec<Node>>),
}

const SIZE_BITS: u32 = 56;
const SIZE_MASK: u64 = (1 << SIZE_BITS) - 1;
const OFFSET_BITS: u32 = 44;
const OFFSET_MASK: u64 = (1 << OFFSET_BITS) - 1;

/// A double's text must fit into twelve bits. The longest that Redis writes has 25 bytes (`%.17g`).
pub(crate) const LONGEST_DOUBLE: usize = (1 << (SIZE_BITS - OFFSET_BITS)) - 1;

impl Node {
    fn new(kind: Kind, size: u64, data: u64) -> Self {
        Self { head: (kind as u64) << SIZE_BITS | (size & SIZE_MASK), data }
    }

    pub(crate) fn text(kind: Kind, offset: usize, len: usize) -> Self {
        Self::new(kind, len as u64, offset as u64)
    }

    pub(crate) fn integer(value: i64) -> Self {
        Self::new(Kind::Integer, 0, value as u64)
    }

    pub(crate) fn boolean(value: bool) -> Self {
        Self::new(Kind::Boolean, 0, value.into())
    }

    pub(crate) fn null() -> Self {
        Self::new(Kind::Null, 0, 0)
    }

    pub(crate) fn double(value: f64, offset: usize, len: usize) -> Self {
        let size = (len as u64) << OFFSET_BITS | (offset as u64 & OFFSET_MASK);
        Self::new(Kind::Double, size, value.to_bits())
    }

    /// An aggregate that has nothing in it yet.
    pub(crate) fn aggregate(kind: Kind, elements: u64) -> Self {
        Self::new(kind, elements, 0)
    }

    /// Says how many elements an aggregate has, if its header did not.
    pub(crate) fn count(&mut self, elements: u64) {
        *self = Self::new(self.kind(), elements, self.data);
    }

    /// Closes an aggregate: so many nodes are in it.
    #[inline]
    pub(crate) fn close(&mut self, nodes: usize) {
        self.data = nodes as u64;
    }

    #[inline]
    pub(crate) fn kind(self) -> Kind {
        const KINDS: [Kind; 16] = [
            Kind::SimpleString,
            Kind::SimpleError,
            Kind::Integer,
            Kind::BulkString,
            Kind::Null,
            Kind::Boolean,
            Kind::Double,
            Kind::BigNumber,
            Kind::BulkError,
            Kind::VerbatimString,
            Kind::StreamedString,
            Kind::Array,
            Kind::Map,
            Kind::Set,
            Kind::Push,
            Kind::Attribute,
        ];
        // The mask changes nothing (kinds are below 16) and spares the bounds check.
        *KINDS.get((self.head >> SIZE_BITS) as usize & 15).unwrap_or(&Kind::Null)
    }

    /// Where the text of a bulk string lies: offset and length.
    #[inline]
    pub(crate) fn bulk(self) -> Option<(usize, usize)> {
        let is_bulk = self.head >> SIZE_BITS == Kind::BulkString as u64;
        is_bulk.then_some((self.data as usize, (self.head & SIZE_MASK) as usize))
    }

    /// The number of elements of an aggregate, pairs counted once.
    #[inline]
    pub(crate) fn elements(self) -> usize {
        (self.head & SIZE_MASK) as usize
    }

    /// The number of nodes after this one that belong to it.
    #[inline]
    pub(crate) fn inner(self) -> usize {
        if self.kind().is_aggregate() { self.data as usize } else { 0 }
    }

    #[inline]
    pub(crate) fn value(self) -> i64 {
        self.data as i64
    }

    #[inline]
    pub(crate) fn float(self) -> f64 {
        f64::from_bits(self.data)
    }

    /// Where the text of a scalar lies: offset and length.
    #[inline]
    pub(crate) fn place(self) -> (usize, usize) {
        let size = self.head & SIZE_MASK;
        match self.kind() {
            Kind::Double => ((size & OFFSET_MASK) as usize, (size >> OFFSET_BITS) as usize),
            _ => (self.data as usize, size as usize),
        }
    }
}

/// A tape up to this many nodes is copied out of the maker's own, which stays warm; a longer one is given away.
const COPIED_NODES: usize = 4_096;

/// Makes room for what an aggregate has announced: so many `elements`, of which so many nodes are `there`.
pub(crate) fn make_room(nodes: &mut Vec<Node>, spare: &mut Spare, elements: u64, there: usize) {
    let elements = usize::try_from(elements).unwrap_or(usize::MAX);
    if elements > COPIED_NODES && nodes.capacity() <= COPIED_NODES {
        spare.lend(nodes);
    }
    nodes.reserve(there.min(elements));
}

impl Tape {
    /// The tape of whoever fills one, which is empty then.
    #[inline]
    pub(crate) fn taken_from(nodes: &mut Vec<Node>, spare: &mut Spare) -> Self {
        if nodes.len() > COPIED_NODES {
            let nodes = Arc::new(std::mem::take(nodes));
            spare.keep(&nodes);
            return Self::Large(nodes);
        }
        let tape = match nodes.as_slice() {
            [node] => Self::One(*node),
            few => Self::Many(few.into()),
        };
        nodes.clear();
        if spare.is_kept() {
            spare.let_go();
            *nodes = Vec::new(); // perhaps much was announced, and little came
        }
        tape
    }

    #[inline]
    pub(crate) fn nodes(&self) -> &[Node] {
        match self {
            Self::One(node) => std::slice::from_ref(node),
            Self::Many(nodes) => nodes,
            Self::Large(nodes) => nodes,
        }
    }
}

impl From<Vec<Node>> for Tape {
    fn from(nodes: Vec<Node>) -> Self {
        match nodes.as_slice() {
            [node] => Self::One(*node),
            _ => Self::Many(nodes.into()),
        }
    }
}
