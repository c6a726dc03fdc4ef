//! A reply put together element by element, for an engine that has another parser than ours.
//!
//! It trusts nobody: counts, depth and lengths are held against the [`Limits`], and texts against what their kind
//! allows, so that whatever an engine says, the tape that comes out is whole. It reads no header and must never need
//! the reply's bytes before they are all there.

use bytes::{Buf, Bytes, BytesMut};

use crate::parser::{is_big_number, is_paired};
use crate::tape::{self, LONGEST_DOUBLE, Node, Spare, Tape};
use crate::{Kind, Limits, ParseErrorKind as Fault, Reply};

/// Builds a [`Reply`] from outside: elements are told in the order of their bytes, and each says where its text lies
/// among the bytes of the reply, so that nothing is copied.
///
/// An aggregate closes by itself when it has the elements that it was opened with.
///
/// # Example
/// ```
/// use bytes::Bytes;
/// use resp::{Kind, Limits, ReplyBuilder};
///
/// # fn main() -> Result<(), resp::ParseErrorKind> {
/// let bytes = Bytes::from_static(b"*2\r\n$1\r\na\r\n:7\r\n");
/// let mut builder = ReplyBuilder::new(Limits::default());
/// builder.open(Kind::Array, 2)?;
/// builder.text(Kind::BulkString, 8, &bytes[8..9])?;
/// assert!(!builder.is_whole());
/// builder.integer(7)?;
/// assert_eq!(builder.finish(bytes)?.to_string(), "1) \"a\"\n2) (integer) 7");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct ReplyBuilder {
    limits: Limits,
    tape: Vec<Node>,
    spare: Spare,
    stack: Vec<Open>,
    /// Elements that were announced: what [`Limits::elements`] counts.
    announced: u64,
    /// Where the last of the texts ends.
    end: usize,
    whole: bool,
}

/// A reply of one element, for [`ReplyBuilder::take_alone`].
#[derive(Debug, Clone, Copy)]
pub enum Alone {
    /// An integer.
    Integer(i64),
    /// A string of any kind, an error or a big number.
    Text {
        /// Which of these.
        kind: Kind,
        /// Where its text begins in the reply.
        start: usize,
        /// Where it ends.
        end: usize,
    },
}

/// An aggregate that is not full yet.
#[derive(Debug)]
struct Open {
    /// Its node on the tape.
    node: usize,
    kind: Kind,
    /// Elements still to come, keys and values apart; at least one.
    left: u64,
}

impl ReplyBuilder {
    /// A builder of replies that keep to `limits`.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            tape: Vec::new(),
            spare: Spare::default(),
            stack: Vec::new(),
            announced: 0,
            end: 0,
            whole: false,
        }
    }

    /// Adds a string of any kind, an error or a big number: its text, which lies at `offset` of the reply. That of a
    /// verbatim string begins with its format.
    ///
    /// # Errors
    /// What is wrong with the text, or the limit that it exceeds.
    #[inline]
    pub fn text(&mut self, kind: Kind, offset: usize, text: &[u8]) -> Result<(), Fault> {
        self.check_text(kind, offset, text)?;
        self.end = offset.saturating_add(text.len());
        self.element(Node::text(kind, offset, text.len()))
    }

    /// Adds a double, whose text lies at `offset`.
    ///
    /// # Errors
    /// [`ParseErrorKind::Double`](Fault::Double) when the text is too long for one; a limit that it exceeds.
    pub fn double(&mut self, value: f64, offset: usize, len: usize) -> Result<(), Fault> {
        self.expect_text(Kind::Double, offset, len)?;
        if len > LONGEST_DOUBLE {
            return Err(Fault::Double);
        }
        self.end = offset.saturating_add(len);
        self.element(Node::double(value, offset, len))
    }

    /// Adds an integer.
    ///
    /// # Errors
    /// [`ParseErrorKind::Engine`](Fault::Engine) behind the end of the reply.
    #[inline]
    pub fn integer(&mut self, value: i64) -> Result<(), Fault> {
        self.element(Node::integer(value))
    }

    /// Adds a boolean.
    ///
    /// # Errors
    /// [`ParseErrorKind::Engine`](Fault::Engine) behind the end of the reply.
    pub fn boolean(&mut self, value: bool) -> Result<(), Fault> {
        self.element(Node::boolean(value))
    }

    /// Adds a null.
    ///
    /// # Errors
    /// [`ParseErrorKind::Engine`](Fault::Engine) behind the end of the reply.
    pub fn null(&mut self) -> Result<(), Fault> {
        self.element(Node::null())
    }

    /// Opens an array, a map, a set, a push or an attribute of so many `elements`, pairs counted once.
    ///
    /// # Errors
    /// The limit that it exceeds, a push inside something else, or a kind that is no such aggregate.
    pub fn open(&mut self, kind: Kind, elements: u64) -> Result<(), Fault> {
        if !kind.is_aggregate() || kind == Kind::StreamedString {
            return Err(Fault::Engine("an aggregate of a kind that has no length"));
        }
        if kind == Kind::Push && !self.stack.is_empty() {
            return Err(Fault::NestedPush);
        }
        let left = if is_paired(kind) { elements.saturating_mul(2) } else { elements };
        // An attribute is no element of what it stands in, but takes a node like one.
        let nodes = if kind == Kind::Attribute { left.saturating_add(1) } else { left };
        let announced = self.announced.saturating_add(nodes);
        if announced > self.limits.elements as u64 {
            return Err(Fault::TooManyElements { limit: self.limits.elements });
        }
        if self.stack.len() >= self.limits.depth {
            return Err(Fault::TooDeep { limit: self.limits.depth });
        }
        if left == 0 && kind != Kind::Attribute {
            return self.element(Node::aggregate(kind, 0));
        }
        self.refuse_more()?;
        self.announced = announced;
        if left > 0 {
            self.stack.push(Open { node: self.tape.len(), kind, left });
        }
        tape::make_room(&mut self.tape, &mut self.spare, left, 0);
        self.tape.push(Node::aggregate(kind, elements));
        Ok(())
    }

    /// Checks, before it has come, that a text of `len` bytes at `offset` would keep to the limits.
    ///
    /// # Errors
    /// The limit that it exceeds, or a kind that has no text.
    #[inline]
    pub fn expect_text(&self, kind: Kind, offset: usize, len: usize) -> Result<(), Fault> {
        let Limits { bulk, line, reply, .. } = self.limits;
        let room = reply.saturating_sub(offset.saturating_add(2));
        match kind {
            Kind::BulkString | Kind::BulkError | Kind::VerbatimString if len > bulk => {
                return Err(Fault::BulkTooLong { limit: bulk });
            }
            // Whichever limit a line meets first.
            Kind::SimpleString | Kind::SimpleError | Kind::BigNumber | Kind::Double
                if len > line && line <= room =>
            {
                return Err(Fault::LineTooLong { limit: line });
            }
            Kind::Integer | Kind::Boolean | Kind::Null => {
                return Err(Fault::Engine("a text of a kind that has none"));
            }
            kind if kind.is_aggregate() => return Err(Fault::Engine("a text of a kind that has none")),
            _ => {}
        }
        self.expect_reply(offset.saturating_add(len).saturating_add(2))
    }

    /// Checks that a reply of `len` bytes would keep to its limit.
    ///
    /// # Errors
    /// [`ParseErrorKind::ReplyTooLong`](Fault::ReplyTooLong) if not.
    #[inline]
    pub fn expect_reply(&self, len: usize) -> Result<(), Fault> {
        let limit = self.limits.reply;
        if len > limit { Err(Fault::ReplyTooLong { limit }) } else { Ok(()) }
    }

    /// Whether all elements of the reply are there.
    #[inline]
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// How many aggregates are open.
    #[inline]
    pub fn depth(&self) -> usize {
        self.stack.len()
    }

    /// The reply, of which `bytes` are all the bytes. The builder is ready for the next one.
    ///
    /// # Errors
    /// [`ParseErrorKind::Incomplete`](Fault::Incomplete) when elements are missing or a text lies behind the end of
    /// `bytes`; a limit that the reply exceeds.
    #[inline]
    pub fn finish(&mut self, bytes: Bytes) -> Result<Reply, Fault> {
        self.expect_reply(bytes.len())?;
        if !self.whole || self.end > bytes.len() {
            return Err(Fault::Incomplete);
        }
        (self.announced, self.end, self.whole) = (0, 0, false);
        let tape = Tape::taken_from(&mut self.tape, &mut self.spare);
        Ok(Reply::new(bytes, tape))
    }

    /// Takes the first `len` bytes of `buffer` as a reply that is `alone` and nothing else: for between two replies,
    /// where most need nothing built. What is being built stays as it is.
    ///
    /// # Errors
    /// What is wrong with the text, or the limit that it exceeds; [`ParseErrorKind::Incomplete`](Fault::Incomplete)
    /// when it lies behind the end. The buffer is as it was then.
    #[inline]
    pub fn take_alone(&mut self, buffer: &mut BytesMut, len: usize, alone: Alone) -> Result<Reply, Fault> {
        self.expect_reply(len)?;
        let reply = buffer.get(..len).ok_or(Fault::Incomplete)?;
        let (node, needs_bytes) = match alone {
            Alone::Integer(value) => (Node::integer(value), false),
            Alone::Text { kind, start, end } => {
                let text = reply.get(start..end).ok_or(Fault::Incomplete)?;
                self.check_text(kind, start, text)?;
                (Node::text(kind, start, text.len()), kind != Kind::SimpleString || reply != b"+OK\r\n")
            }
        };
        if !needs_bytes {
            buffer.advance(len);
            return Ok(Reply::alone(node));
        }
        if self.spare.is_kept() {
            self.spare.let_go();
        }
        Ok(Reply::new(buffer.split_to(len).freeze(), Tape::One(node)))
    }

    /// Forgets what was built.
    pub fn clear(&mut self) {
        *self = Self::new(self.limits);
    }

    #[inline]
    fn check_text(&self, kind: Kind, offset: usize, text: &[u8]) -> Result<(), Fault> {
        self.expect_text(kind, offset, text.len())?;
        match kind {
            Kind::SimpleString | Kind::SimpleError
                if text.iter().any(|byte| matches!(byte, b'\r' | b'\n')) =>
            {
                Err(Fault::Crlf)
            }
            Kind::BigNumber if !is_big_number(text) => Err(Fault::BigNumber),
            Kind::VerbatimString if text.get(3) != Some(&b':') => Err(Fault::Verbatim),
            _ => Ok(()),
        }
    }

    fn refuse_more(&self) -> Result<(), Fault> {
        if self.whole { Err(Fault::Engine("an element behind the end of the reply")) } else { Ok(()) }
    }

    #[inline]
    fn element(&mut self, node: Node) -> Result<(), Fault> {
        self.refuse_more()?;
        self.tape.push(node);
        self.close_up();
        Ok(())
    }

    /// Counts an element into what is open around it, and closes all that is full.
    #[inline]
    fn close_up(&mut self) {
        while let Some(open) = self.stack.last_mut() {
            open.left = open.left.saturating_sub(1);
            if open.left > 0 {
                return;
            }
            let Some(open) = self.stack.pop() else { return };
            let inner = self.tape.len().saturating_sub(open.node).saturating_sub(1);
            if let Some(node) = self.tape.get_mut(open.node) {
                node.close(inner);
            }
            if open.kind == Kind::Attribute {
                return; // what it speaks of is still to come
            }
        }
        self.whole = true;
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;

    fn builder() -> ReplyBuilder {
        ReplyBuilder::new(Limits::default().depth(2).elements(4).bulk(5).line(5).reply(60))
    }

    #[test]
    fn the_same_reply_as_the_parser() {
        let bytes = Bytes::from_static(b"|1\r\n+a\r\n#t\r\n%2\r\n=5\r\ntxt:x\r\n,1.5\r\n(12\r\n~0\r\n");
        let mut builder = ReplyBuilder::new(Limits::default());
        let text = |builder: &mut ReplyBuilder, kind, at: usize, len| {
            builder.text(kind, at, &bytes[at..at + len]).unwrap();
        };
        builder.open(Kind::Attribute, 1).unwrap();
        text(&mut builder, Kind::SimpleString, 5, 1);
        builder.boolean(true).unwrap();
        builder.open(Kind::Map, 2).unwrap();
        text(&mut builder, Kind::VerbatimString, 20, 5);
        builder.double(1.5, 28, 3).unwrap();
        text(&mut builder, Kind::BigNumber, 34, 2);
        assert!(!builder.is_whole() && builder.depth() == 1);
        builder.open(Kind::Set, 0).unwrap();
        assert!(builder.is_whole());
        let built = builder.finish(bytes.clone()).unwrap();
        let parsed = Reply::from_bytes(bytes).unwrap();
        assert_eq!(built.to_string(), parsed.to_string());
        assert_eq!(built.view().attributes().count(), 1);
        assert_eq!(format!("{built:?}"), format!("{parsed:?}"), "the tapes too");
        assert!(!builder.is_whole(), "ready for the next one");
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let refuses = |fault, tell: fn(&mut ReplyBuilder) -> Result<(), Fault>| {
            assert_eq!(tell(&mut builder()), Err(fault));
        };
        refuses(Fault::BulkTooLong { limit: 5 }, |b| b.text(Kind::BulkString, 0, b"123456"));
        refuses(Fault::LineTooLong { limit: 5 }, |b| b.text(Kind::SimpleString, 0, b"123456"));
        refuses(Fault::ReplyTooLong { limit: 60 }, |b| b.text(Kind::SimpleString, 58, b"1"));
        refuses(Fault::ReplyTooLong { limit: 60 }, |b| b.double(1.0, usize::MAX, 5));
        refuses(Fault::TooManyElements { limit: 4 }, |b| b.open(Kind::Array, 5));
        refuses(Fault::TooManyElements { limit: 4 }, |b| b.open(Kind::Map, u64::MAX));
        refuses(Fault::Crlf, |b| b.text(Kind::SimpleString, 0, b"1\r2"));
        refuses(Fault::BigNumber, |b| b.text(Kind::BigNumber, 0, b"1.2"));
        refuses(Fault::Verbatim, |b| b.text(Kind::VerbatimString, 0, b"txt"));
        refuses(Fault::NestedPush, |b| b.open(Kind::Array, 1).and_then(|()| b.open(Kind::Push, 1)));
        refuses(Fault::TooDeep { limit: 2 }, |b| {
            b.open(Kind::Array, 1).and_then(|()| b.open(Kind::Array, 1)).and_then(|()| b.open(Kind::Array, 0))
        });
        let is_engine = |result| matches!(result, Err(Fault::Engine(_)));
        assert!(is_engine(builder().open(Kind::StreamedString, 1)));
        assert!(is_engine(builder().text(Kind::Integer, 0, b"1")));
        assert!(is_engine(builder().text(Kind::Array, 0, b"1")));
        let mut whole = builder();
        whole.integer(1).unwrap();
        assert!(is_engine(whole.integer(1)) && is_engine(whole.open(Kind::Array, 1)));
        assert!(is_engine(whole.open(Kind::Attribute, 0)));
    }

    #[test]
    fn a_reply_of_one_element() {
        let mut builder = builder();
        builder.open(Kind::Array, 1).unwrap();
        let mut text = |kind, text: Range<usize>, bytes: &[u8]| {
            let mut buffer = BytesMut::from(bytes);
            let alone = Alone::Text { kind, start: text.start, end: text.end };
            let taken = builder.take_alone(&mut buffer, bytes.len() - 1, alone);
            assert_eq!(buffer.len(), if taken.is_ok() { 1 } else { bytes.len() });
            taken.map(|reply| reply.to_string())
        };
        assert_eq!(text(Kind::BulkString, 4..6, b"$2\r\nab\r\n:").as_deref(), Ok("\"ab\""));
        assert_eq!(text(Kind::SimpleString, 1..3, b"+OK\r\n:").as_deref(), Ok("OK"));
        assert_eq!(text(Kind::SimpleString, 1..4, b"+a\rb\r\n:"), Err(Fault::Crlf));
        let long = text(Kind::BulkString, 4..10, b"$6\r\nabcdef\r\n:");
        assert_eq!(long, Err(Fault::BulkTooLong { limit: 5 }));
        for range in [4..6, 6..7, usize::MAX..usize::MAX, 1..usize::MAX] {
            assert_eq!(text(Kind::SimpleString, range, b"+OK\r\n"), Err(Fault::Incomplete));
        }
        let mut integer = |len: usize, buffer: &[u8]| {
            let mut buffer = BytesMut::from(buffer);
            builder.take_alone(&mut buffer, len, Alone::Integer(7)).map(|reply| reply.to_string())
        };
        assert_eq!(integer(4, b":7\r\n:").as_deref(), Ok("(integer) 7"));
        assert_eq!(integer(5, b":7\r\n"), Err(Fault::Incomplete));
        assert_eq!(integer(61, &[b'0'; 61]), Err(Fault::ReplyTooLong { limit: 60 }));
        assert_eq!((builder.depth(), builder.is_whole()), (1, false), "what is being built stays");
    }

    #[test]
    fn bytes_must_hold_the_reply() {
        let mut builder = builder();
        assert_eq!(builder.finish(Bytes::new()).unwrap_err(), Fault::Incomplete);
        builder.open(Kind::Attribute, 0).unwrap();
        assert_eq!(builder.finish(Bytes::from_static(b"|0\r\n")).unwrap_err(), Fault::Incomplete);
        builder.text(Kind::SimpleString, 5, b"abc").unwrap();
        assert_eq!(builder.finish(Bytes::from_static(b"|0\r\n+ab")).unwrap_err(), Fault::Incomplete);
        assert_eq!(builder.finish(Bytes::from_static(b"|0\r\n+abc\r\n")).unwrap().to_string(), "abc");
    }
}
