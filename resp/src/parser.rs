//! Bytes become a tape. nom reads the leaves; an explicit stack holds what is open around them.
//!
//! ```text
//!            ┌───────────────────────── next element ─────────────────────────┐
//!            ▼                                                                │
//!  input ─▶ header ── + - : , # ( _ ────────────────────────────▶ node ─▶ close up
//!            │ │                                                   ▲          │
//!            │ └─ $ ! = ; ──▶ body: so many bytes and CRLF ────────┘          ├─▶ stack empty: reply
//!            └─── * % ~ > | $? ──▶ push on the stack ── not empty ────────────┘
//! ```
//!
//! Short elements that are wholly there take a short cut from their first byte to their node (`parser/short.rs`). What
//! the short cut does not know is left to the machine.
//!
//! Between two calls the whole state is `position` (all before it is on the tape), `searched` (so many bytes after
//! it hold no end of line), `body` (a header was read, its payload is awaited), `announced` and the stack. So a reply
//! that comes in a thousand pieces is read once, and an error is the same however the reply was cut: each check sees
//! only bytes that it also sees in the whole reply.

use bytes::{Buf, Bytes, BytesMut};

use crate::leaf::{self, Leaf, Length};
use crate::tape::{self, LONGEST_DOUBLE, Node, Spare, Tape};
use crate::{Kind, Limits, ParseError, ParseErrorKind as Fault, Reply};

mod short;

use short::{Header, Width};

/// Reads replies from bytes as they come, however they are cut.
///
/// # Example
/// ```
/// use bytes::BytesMut;
/// use resp::Parser;
///
/// # fn main() -> Result<(), resp::ParseError> {
/// let mut parser = Parser::default();
/// let mut buffer = BytesMut::from(&b"+OK\r\n:7\r\n$5\r\nhel"[..]);
/// assert_eq!(parser.parse(&mut buffer)?.unwrap().to_string(), "OK");
/// assert_eq!(parser.parse(&mut buffer)?.unwrap().to_string(), "(integer) 7");
/// assert!(parser.parse(&mut buffer)?.is_none());
/// assert_eq!(parser.needed(), 4); // "lo" and CRLF
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct Parser {
    limits: Limits,
    tape: Vec<Node>,
    spare: Spare,
    stack: Vec<Open>,
    position: usize,
    searched: usize,
    body: Option<Body>,
    /// An attribute ended and what it speaks of has not begun.
    dangling: bool,
    /// Elements that headers have announced or that have come in streams: what [`Limits::elements`] counts.
    announced: u64,
    half_read: bool,
    needed: usize,
    /// The last headers of short strings: what the short cut expects to come again.
    headers: [Header; 4],
    /// The same of short integers.
    width: Width,
    /// What went wrong: nothing behind it is read any more.
    failed: Option<ParseError>,
}

/// An aggregate that is not full yet.
#[derive(Debug, Clone, Copy)]
struct Open {
    /// Its node on the tape.
    node: usize,
    kind: Kind,
    /// Elements still to come, keys and values apart; `STREAMED` when only a `.` ends it.
    left: u64,
    /// Elements that have come in a stream, keys and values apart.
    come: u64,
}

/// A string whose header was read.
#[derive(Debug, Clone, Copy)]
struct Body {
    kind: Kind,
    len: usize,
}

const STREAMED: u64 = u64::MAX;

/// How a step of the machine ended.
enum Step {
    /// An element is on the tape.
    Element,
    /// Something was opened, or a header was read: go on.
    More,
    /// The input ends here.
    Starved,
}

impl Parser {
    /// A parser with limits of the caller's.
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Takes the next whole reply out of `buffer`, or returns `None` when its end has not come yet.
    ///
    /// Between calls bytes may only be appended to `buffer`.
    ///
    /// # Errors
    /// [`ParseError`] when the bytes are not RESP or go over a limit. Nothing behind it can be trusted, so the parser
    /// says the same ever after; [`Parser::reset`] readies it for another stream.
    pub fn parse(&mut self, buffer: &mut BytesMut) -> Result<Option<Reply>, ParseError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        if let Some((node, len, is_alone)) = self.short_reply(buffer) {
            self.needed = 0;
            // Two ends, so that a reply is made where it will be: moving it costs as much as reading it.
            if is_alone {
                buffer.advance(len);
                return Ok(Some(Reply::alone(node)));
            }
            return Ok(Some(Reply::new(buffer.split_to(len).freeze(), Tape::One(node))));
        }
        let Some(len) = self.advance(buffer).inspect_err(|error| self.failed = Some(*error))? else {
            return Ok(None);
        };
        let tape = Tape::taken_from(&mut self.tape, &mut self.spare);
        Ok(Some(Reply::new(buffer.split_to(len).freeze(), tape)))
    }

    /// A number of bytes that must still come before [`Parser::parse`] can return the reply it has begun: at least
    /// 1, never more than are missing, and all of the payload and its CRLF inside a bulk string. 0 between replies.
    pub fn needed(&self) -> usize {
        self.needed
    }

    /// Whether no reply was left half read by the last [`Parser::parse`]. After an error it is false.
    ///
    /// Bytes behind the last reply may still be in the caller's buffer.
    pub fn is_idle(&self) -> bool {
        !self.half_read
    }

    /// Forgets a reply that is half read, or an error: the next bytes begin a stream.
    pub fn reset(&mut self) {
        *self = Self { limits: self.limits, ..Self::default() };
    }

    /// Reads on in `input`, which starts with the reply's first byte; returns the reply's length when it is whole.
    fn advance(&mut self, input: &[u8]) -> Result<Option<usize>, ParseError> {
        (self.needed, self.half_read) = (1, !input.is_empty());
        loop {
            let step = match self.body {
                Some(body) => self.payload(input, body)?,
                None if self.stack.is_empty() => self.header(input)?,
                None => match self.short_elements(input) {
                    true => Step::Element,
                    false => self.header(input)?,
                },
            };
            match step {
                Step::Starved => return Ok(None),
                Step::Element if self.close_up()? => {
                    let len = self.position;
                    (self.position, self.announced, self.needed, self.half_read) = (0, 0, 0, false);
                    return Ok(Some(len));
                }
                Step::Element | Step::More => {}
            }
        }
    }

    /// Reads a type byte and the line after it.
    fn header(&mut self, input: &[u8]) -> Result<Step, ParseError> {
        let rest = input.get(self.position..).unwrap_or_default();
        let Some((&byte, rest)) = rest.split_first() else { return Ok(Step::Starved) };
        if self.in_streamed_string() && byte != b';' {
            return Err(self.fault(Fault::UnexpectedByte(byte)));
        }
        match byte {
            b'+' => self.line(rest, Kind::SimpleString),
            b'-' => self.line(rest, Kind::SimpleError),
            b'(' => self.line(rest, Kind::BigNumber),
            b',' => self.line(rest, Kind::Double),
            b':' => match self.read(input, leaf::number(rest), Fault::Integer)? {
                Some(value) => Ok(self.element(Node::integer(value))),
                None => Ok(Step::Starved),
            },
            b'#' => match self.read(input, leaf::boolean(rest), Fault::Boolean)? {
                Some(value) => Ok(self.element(Node::boolean(value))),
                None => Ok(Step::Starved),
            },
            b'_' => match self.read(input, leaf::crlf(rest), Fault::Null)? {
                Some(()) => Ok(self.element(Node::null())),
                None => Ok(Step::Starved),
            },
            b'.' => {
                let start = self.position;
                match self.read(input, leaf::crlf(rest), Fault::StreamEnd)? {
                    Some(()) => self.end_stream(start),
                    None => Ok(Step::Starved),
                }
            }
            b'$' => self.sized(input, rest, Kind::BulkString),
            b'!' => self.sized(input, rest, Kind::BulkError),
            b'=' => self.sized(input, rest, Kind::VerbatimString),
            b';' if self.in_streamed_string() => self.sized(input, rest, Kind::StreamedString),
            b'*' => self.sized(input, rest, Kind::Array),
            b'%' => self.sized(input, rest, Kind::Map),
            b'~' => self.sized(input, rest, Kind::Set),
            b'|' => self.sized(input, rest, Kind::Attribute),
            b'>' if self.stack.is_empty() => self.sized(input, rest, Kind::Push),
            b'>' => Err(self.fault(Fault::NestedPush)),
            other => Err(self.fault(Fault::UnexpectedByte(other))),
        }
    }

    /// A type byte with a length: a string whose payload follows, or an aggregate.
    fn sized(&mut self, input: &[u8], rest: &[u8], kind: Kind) -> Result<Step, ParseError> {
        let start = self.position;
        let fault = |kind| ParseError::new(kind, start);
        let Some(length) = self.read(input, leaf::length(rest), Fault::Length)? else {
            return Ok(Step::Starved);
        };
        match (kind, length) {
            (Kind::BulkString | Kind::Array, Length::Known(-1)) => Ok(self.element(Node::null())),
            (_, Length::Known(..0)) => Err(fault(Fault::Length)),
            (Kind::StreamedString, Length::Known(0)) => self.end_stream(start),
            (Kind::StreamedString, Length::Known(len)) => self.expect_body(start, Kind::BulkString, len),
            (Kind::BulkString | Kind::BulkError | Kind::VerbatimString, Length::Known(len)) => {
                self.expect_body(start, kind, len)
            }
            (_, Length::Known(count)) => {
                let step = self.open(start, kind, count.unsigned_abs())?;
                self.make_room(input);
                Ok(step)
            }
            (Kind::BulkString, Length::Streamed) => self.open_stream(start, Kind::StreamedString),
            (Kind::Array | Kind::Map | Kind::Set, Length::Streamed) => self.open_stream(start, kind),
            (_, Length::Streamed) => Err(fault(Fault::Length)),
        }
    }

    fn expect_body(&mut self, start: usize, kind: Kind, len: i64) -> Result<Step, ParseError> {
        let limit = self.limits.bulk;
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        if len > limit {
            return Err(ParseError::new(Fault::BulkTooLong { limit }, start));
        }
        self.check_size(self.position.saturating_add(len).saturating_add(2), start)?;
        self.body = Some(Body { kind, len });
        Ok(Step::More)
    }

    /// Reads the payload whose header promised it.
    fn payload(&mut self, input: &[u8], body: Body) -> Result<Step, ParseError> {
        let start = self.position;
        let end = start.saturating_add(body.len);
        let Some([cr, lf]) = input.get(end..end.saturating_add(2)) else {
            self.needed = end.saturating_add(2).saturating_sub(input.len());
            return Ok(Step::Starved);
        };
        if [*cr, *lf] != *b"\r\n" {
            return Err(ParseError::new(Fault::Crlf, end));
        }
        if body.kind == Kind::VerbatimString && input.get(start.saturating_add(3)) != Some(&b':')
            || self.short(body)
        {
            return Err(ParseError::new(Fault::Verbatim, start));
        }
        self.body = None;
        self.position = end.saturating_add(2);
        Ok(self.element(Node::text(body.kind, start, body.len)))
    }

    /// A verbatim string without room for its format.
    fn short(&self, body: Body) -> bool {
        body.kind == Kind::VerbatimString && body.len < 4
    }

    /// Reads a line of text. It must fit into its own limit and into what is left of the reply's.
    fn line(&mut self, rest: &[u8], kind: Kind) -> Result<Step, ParseError> {
        let start = self.position.saturating_add(1);
        let room = self.limits.reply.saturating_sub(start.saturating_add(2));
        let window = self.limits.line.min(room).saturating_add(2);
        let rest = rest.get(..window).unwrap_or(rest);
        let line = match leaf::line(rest, self.searched) {
            Ok((_, line)) => line,
            Err(nom::Err::Incomplete(_)) if rest.len() < window => {
                // The CR of a CRLF that is cut in two is searched again.
                self.searched = rest.strip_suffix(b"\r").unwrap_or(rest).len();
                return Ok(Step::Starved);
            }
            Err(nom::Err::Incomplete(_)) => return Err(self.fault(self.overlong(room))),
            Err(nom::Err::Error(error) | nom::Err::Failure(error)) => {
                let at = rest.len().saturating_sub(error.input.len());
                return Err(ParseError::new(Fault::Crlf, start.saturating_add(at)));
            }
        };
        let end = start.saturating_add(line.len()).saturating_add(2);
        self.check_size(end, self.position)?;
        let node = match kind {
            Kind::Double => self.double(line, start)?,
            Kind::BigNumber if !is_big_number(line) => return Err(self.fault(Fault::BigNumber)),
            kind => Node::text(kind, start, line.len()),
        };
        (self.searched, self.position) = (0, end);
        Ok(self.element(node))
    }

    /// Which limit a line meets first where the reply has so much room left.
    fn overlong(&self, room: usize) -> Fault {
        match self.limits {
            Limits { line, .. } if line <= room => Fault::LineTooLong { limit: line },
            Limits { reply, .. } => Fault::ReplyTooLong { limit: reply },
        }
    }

    fn double(&self, line: &[u8], start: usize) -> Result<Node, ParseError> {
        let text = std::str::from_utf8(line).ok().filter(|text| text.len() <= LONGEST_DOUBLE);
        let value = text.and_then(read_double).ok_or_else(|| self.fault(Fault::Double))?;
        Ok(Node::double(value, start, line.len()))
    }

    fn open(&mut self, start: usize, kind: Kind, count: u64) -> Result<Step, ParseError> {
        let items = if is_paired(kind) { count.saturating_mul(2) } else { count };
        // An attribute is no element of what it stands in, but takes a node like one.
        let nodes = if kind == Kind::Attribute { items.saturating_add(1) } else { items };
        self.announce(nodes, start)?;
        self.push(start, kind, count, items)
    }

    /// Room on the tape for what the innermost aggregate announced, but for no more than the bytes that are there may
    /// hold: no element has less than three, and most have more than four.
    fn make_room(&mut self, input: &[u8]) {
        let Some(open) = self.stack.last() else { return };
        let there = input.len().saturating_sub(self.position) / 4;
        tape::make_room(&mut self.tape, &mut self.spare, open.left, there);
    }

    /// Counts elements before anything is kept for them.
    fn announce(&mut self, elements: u64, start: usize) -> Result<(), ParseError> {
        let limit = self.limits.elements;
        self.announced = self.announced.saturating_add(elements);
        if self.announced > limit as u64 {
            return Err(ParseError::new(Fault::TooManyElements { limit }, start));
        }
        Ok(())
    }

    fn open_stream(&mut self, start: usize, kind: Kind) -> Result<Step, ParseError> {
        self.push(start, kind, 0, STREAMED)
    }

    fn push(&mut self, start: usize, kind: Kind, elements: u64, left: u64) -> Result<Step, ParseError> {
        let limit = self.limits.depth;
        if self.stack.len() >= limit {
            return Err(ParseError::new(Fault::TooDeep { limit }, start));
        }
        if left == 0 && kind != Kind::Attribute {
            return Ok(self.element(Node::aggregate(kind, 0)));
        }
        let node = self.tape.len();
        self.tape.push(Node::aggregate(kind, elements));
        self.dangling = kind == Kind::Attribute;
        if left > 0 {
            self.stack.push(Open { node, kind, left, come: 0 });
        }
        Ok(Step::More)
    }

    /// Ends a streamed aggregate at its `.`, a streamed string at its empty chunk.
    fn end_stream(&mut self, start: usize) -> Result<Step, ParseError> {
        match self.stack.last_mut() {
            Some(open)
                if open.left == STREAMED
                    && !self.dangling
                    && (open.kind != Kind::Map || open.come % 2 == 0) =>
            {
                open.left = 0;
                let elements = if is_paired(open.kind) { open.come / 2 } else { open.come };
                if let Some(node) = self.tape.get_mut(open.node) {
                    node.count(elements);
                }
                Ok(Step::Element)
            }
            _ => Err(ParseError::new(Fault::StreamEnd, start)),
        }
    }

    fn element(&mut self, node: Node) -> Step {
        self.tape.push(node);
        self.dangling = false;
        Step::Element
    }

    /// Counts an element into what is open around it, and closes all that is full. True when nothing is open.
    fn close_up(&mut self) -> Result<bool, ParseError> {
        let mut ended = self.stack.last().is_some_and(|open| open.left == 0);
        loop {
            let Some(open) = self.stack.last_mut() else { return Ok(true) };
            if !ended && open.left == STREAMED {
                open.come = open.come.saturating_add(1);
                self.announce(1, self.position)?;
                return Ok(false);
            }
            if !ended {
                open.left = open.left.saturating_sub(1);
            }
            if open.left > 0 {
                return Ok(false);
            }
            let kind = open.kind;
            let inner = self.tape.len().saturating_sub(open.node).saturating_sub(1);
            if let Some(node) = self.tape.get_mut(open.node) {
                node.close(inner);
            }
            self.stack.pop();
            if kind == Kind::Attribute {
                self.dangling = true; // what it speaks of is still to come
                return Ok(false);
            }
            ended = false;
        }
    }

    fn in_streamed_string(&self) -> bool {
        self.stack.last().is_some_and(|open| open.kind == Kind::StreamedString)
    }

    /// Moves behind what a leaf has read.
    fn read<T>(&mut self, input: &[u8], leaf: Leaf<'_, T>, fault: Fault) -> Result<Option<T>, ParseError> {
        match leaf {
            Ok((rest, value)) => {
                let end = input.len().saturating_sub(rest.len());
                self.check_size(end, self.position)?;
                self.position = end;
                Ok(Some(value))
            }
            Err(nom::Err::Incomplete(_)) => Ok(None),
            Err(nom::Err::Error(error) | nom::Err::Failure(error)) => {
                Err(ParseError::new(fault, input.len().saturating_sub(error.input.len())))
            }
        }
    }

    /// What starts at `start` must end, at `end`, within the reply's limit.
    fn check_size(&self, end: usize, start: usize) -> Result<(), ParseError> {
        let limit = self.limits.reply;
        if end > limit { Err(ParseError::new(Fault::ReplyTooLong { limit }, start)) } else { Ok(()) }
    }

    fn fault(&self, kind: Fault) -> ParseError {
        ParseError::new(kind, self.position)
    }
}

impl Reply {
    /// Reads exactly one reply from `bytes`.
    ///
    /// # Errors
    /// [`ParseError`] when the bytes are not RESP, when the reply is not whole (the offset is where the bytes end),
    /// or when something stands behind it.
    ///
    /// # Example
    /// ```
    /// let reply = resp::Reply::from_bytes(&b"$5\r\nhello\r\n"[..]).unwrap();
    /// assert_eq!(reply.view().as_str(), Some("hello"));
    /// assert!(resp::Reply::from_bytes(&b"$5\r\nhel"[..]).is_err());
    /// ```
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Result<Self, ParseError> {
        let bytes = bytes.into();
        let mut parser = Parser::default();
        match parser.advance(&bytes)? {
            Some(len) if len == bytes.len() => Ok(Self::new(bytes, Tape::from(parser.tape))),
            Some(len) => {
                let byte = bytes.get(len).copied().unwrap_or_default();
                Err(ParseError::new(Fault::UnexpectedByte(byte), len))
            }
            None => Err(ParseError::new(Fault::Incomplete, bytes.len())),
        }
    }
}

/// Whether keys and values stand in turn.
pub(crate) fn is_paired(kind: Kind) -> bool {
    matches!(kind, Kind::Map | Kind::Attribute)
}

/// What RESP3 allows after a `,`: a decimal number, `inf`, `-inf` or `nan` in any case.
fn read_double(text: &str) -> Option<f64> {
    // Rust's grammar is RESP3's and a little more: the table at the head of the crate says what.
    text.parse().ok()
}

/// An optional sign and digits.
pub(crate) fn is_big_number(line: &[u8]) -> bool {
    let digits = line.strip_prefix(b"-").or_else(|| line.strip_prefix(b"+")).unwrap_or(line);
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}
