//! The second engine: hiredis reads, and what it says becomes the same [`Reply`] that `resp` makes.
//!
//! ```text
//!  buffer ──feed: a piece──▶ hiredis ──element: distance from the end──▶ Telling ──offset into buffer──▶ ReplyBuilder
//!     └────────────────────── the bytes themselves, unmoved, become the reply ─────────────────────────────▶ Reply
//! ```
//!
//! hiredis copies what it is fed. The texts are taken from our own buffer all the same: the bytes that hiredis has
//! not read yet are the last ones fed, so the distance of a text from their end says where it lies with us. A copy
//! out of hiredis's memory for each text would be one more; so would be its objects. And whatever hiredis says is
//! held against bytes of ours, so this file needs no `unsafe`.
//!
//! hiredis is fed in small pieces, for it moves what it has left down after every kilobyte that it read: with a whole
//! flight fed at once that grows with the square of its length. In pieces of 4 KiB a reply of 1 KiB took 110 ns, in
//! pieces of 16 KiB 158 ns.
//!
//! On 22 November 2026, least of 150 runs on a shared two-core machine, hiredis 1.5 at -O3, nanoseconds for a reply
//! out of 64 KiB of the same, in brackets hiredis with its own objects: `$16` 51 (38), `$1024` 110 (147), 1,000
//! strings 20,260 (60,200), an XRANGE of 100 17,900 (37,900), a map of 100 3,990 (12,400), `+OK` 50 (35), an integer
//! 50 (31). Where a reply is one small scalar, what is slower is the share in the buffer that each reply gets: it is
//! most of the 31 ns of `resp`'s own parser too.
//!
//! It must hold to all that [`resp::Parser`] promises, but for what the table in `tests/it/engines.rs` justifies.
//! What hiredis does not check is checked here: the CRLF behind a payload, the byte of a boolean, nulls of the wrong
//! type, and each limit, a payload's length as soon as its header has come.

use bytes::BytesMut;
use resp::{Kind, Limits, ParseError, ParseErrorKind as Fault, Reply, ReplyBuilder};

use crate::Parser;
use ffi::{Element, Reader, Sink, Status, Tag};

mod ffi;

/// The version of hiredis that is built in: `(1, 5, 0)`.
pub fn hiredis_version() -> (i32, i32, i32) {
    let version = ffi::version();
    (version.wrapping_div(1_000_000), version.wrapping_div(1_000) % 1_000, version % 1_000)
}

/// Replies by hiredis.
pub(crate) struct Hiredis {
    reader: Reader,
    builder: ReplyBuilder,
    /// So many bytes of the caller's buffer were fed, from the first of the reply.
    fed: usize,
    /// hiredis has nothing to go on with until it is fed.
    starved: bool,
    /// The buffer must be so long before the element that has begun can be whole.
    awaited: usize,
    /// Where the last element ended: where the next one begins, which is wrong if hiredis fails.
    end: usize,
    needed: usize,
    /// hiredis holds a large buffer that no reply needs any more.
    bloated: bool,
    failed: Option<ParseError>,
}

/// So much is fed at once, unless a longer payload is there as a whole.
const PIECE: usize = 4 << 10;

/// After a reply of more than this, hiredis's memory is given back.
const LARGE: usize = 1 << 20;

/// hiredis keeps the length of a line in an `int`.
const LONGEST_LINE: usize = 1 << 30;

/// No header of a type that has a number or one letter is longer, but for its CRLF.
const LONGEST_HEADER: usize = 20;

impl Hiredis {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            reader: Reader::new(),
            builder: ReplyBuilder::new(limits),
            fed: 0,
            starved: true,
            awaited: 0,
            end: 0,
            needed: 0,
            bloated: false,
            failed: None,
        }
    }

    /// Reads on in `buffer`, which starts with the reply's first byte; returns the reply's length when it is whole.
    fn advance(&mut self, buffer: &[u8]) -> Result<Option<usize>, ParseError> {
        loop {
            if self.starved {
                let least = self.awaited.max(self.fed.saturating_add(1));
                if buffer.len() < least {
                    self.needed = if buffer.is_empty() { 0 } else { least.saturating_sub(buffer.len()) };
                    return Ok(None);
                }
                let end = least.max(self.fed.saturating_add(PIECE)).min(buffer.len());
                let piece = buffer.get(self.fed..end).unwrap_or_default();
                if !self.reader.feed(piece) {
                    return Err(ParseError::new(Fault::Engine("hiredis ran out of memory"), self.end));
                }
                self.bloated |= piece.len() > LARGE;
                (self.fed, self.starved) = (end, false);
            }
            let bytes = buffer.get(..self.fed).unwrap_or(buffer);
            let mut telling = Telling { builder: &mut self.builder, bytes, end: &mut self.end, fault: None };
            let status = self.reader.advance(&mut telling);
            if let Some(error) = telling.fault {
                return Err(error);
            }
            match status {
                Status::Whole { unread } if self.builder.is_whole() => {
                    let len = self.fed.saturating_sub(unread);
                    let fits = self.builder.expect_reply(len);
                    return fits.map(|()| Some(len)).map_err(|kind| ParseError::new(kind, self.end));
                }
                // An attribute, which hiredis takes for a reply of its own.
                Status::Whole { .. } => {}
                Status::Starved { unread } => {
                    self.starved = true;
                    self.look_ahead(buffer, self.fed.saturating_sub(unread))?;
                }
                Status::Failed => return Err(self.fault(buffer)),
            }
        }
    }

    /// Looks at the element that has begun, where hiredis, at `position`, waits for the rest of it without a limit.
    fn look_ahead(&mut self, buffer: &[u8], position: usize) -> Result<(), ParseError> {
        let wrong = |kind| ParseError::new(kind, self.end);
        let rest = buffer.get(position..self.fed).unwrap_or_default();
        let text = rest.strip_suffix(b"\r").unwrap_or(rest).len();
        self.awaited = 0;
        let tag = position.checked_sub(1).and_then(|at| buffer.get(at)).copied();
        match tag {
            Some(tag @ (b'$' | b'=')) => {
                let header = rest.get(..LONGEST_HEADER.saturating_add(2)).unwrap_or(rest);
                let header = header.windows(2).position(|end| end == b"\r\n").and_then(|at| header.get(..at));
                if let Some(header) = header {
                    let digits = std::str::from_utf8(header).ok();
                    let len: usize =
                        digits.and_then(|digits| digits.parse().ok()).ok_or_else(|| wrong(Fault::Length))?;
                    let start = position.saturating_add(header.len()).saturating_add(2);
                    let kind = if tag == b'$' { Kind::BulkString } else { Kind::VerbatimString };
                    self.builder.expect_text(kind, start, len).map_err(wrong)?;
                    self.awaited = start.saturating_add(len).saturating_add(2);
                } else if text > LONGEST_HEADER {
                    return Err(wrong(Fault::Length));
                }
            }
            Some(b'+' | b'-' | b'(' | b',') => {
                self.builder.expect_text(Kind::SimpleString, position, text).map_err(wrong)?;
                if text > LONGEST_LINE {
                    return Err(wrong(Fault::Engine("a line longer than hiredis can take")));
                }
            }
            Some(b'\n') | None => {}
            Some(tag) if text > LONGEST_HEADER => {
                return Err(wrong(match tag {
                    b':' => Fault::Integer,
                    b'#' => Fault::Boolean,
                    b'_' => Fault::Null,
                    _ => Fault::Length,
                }));
            }
            Some(_) => {}
        }
        // More is to come.
        self.builder.expect_reply(self.fed.saturating_add(1)).map_err(wrong)
    }

    /// What hiredis found wrong with the element behind the last one that it told.
    fn fault(&mut self, buffer: &[u8]) -> ParseError {
        let message = self.reader.error();
        let byte = |at: usize| buffer.get(self.end.saturating_add(at)).copied();
        let says = |words: &str| message.contains(words);
        let kind = match byte(0) {
            Some(byte) if says("reply type byte") => Fault::UnexpectedByte(byte),
            _ if says("integer") => Fault::Integer,
            _ if says("ouble") => Fault::Double,
            _ if says("nil") => Fault::Null,
            _ if says("bool") => Fault::Boolean,
            _ if says("bignum") => Fault::BigNumber,
            _ if says("simple string") => Fault::Crlf,
            _ if says("erbatim") => Fault::Verbatim,
            _ if says("ulk") && says("out of range") && byte(1) != Some(b'-') => {
                self.builder.open(Kind::Array, u64::MAX).err().unwrap_or(Fault::Length)
            }
            _ if says("ulk") => Fault::Length,
            _ if says("depth") => self.builder.open(Kind::Array, 1).err().unwrap_or(Fault::Length),
            _ if says("memory") => Fault::Engine("hiredis ran out of memory"),
            _ => Fault::Engine("hiredis refused the bytes"),
        };
        ParseError::new(kind, self.end)
    }

    /// The reply that ends at `len` of the buffer.
    #[inline]
    fn take(&mut self, buffer: &mut BytesMut, len: usize) -> Result<Reply, ParseError> {
        let reply = self.builder.finish(buffer.split_to(len).freeze());
        let reply = reply.map_err(|kind| ParseError::new(kind, self.end))?;
        self.fed = self.fed.saturating_sub(len);
        self.starved = self.fed == 0;
        (self.awaited, self.end, self.needed) = (0, 0, 0);
        if self.bloated && self.starved {
            (self.reader, self.bloated) = (Reader::new(), false);
        }
        Ok(reply)
    }
}

impl Parser for Hiredis {
    fn parse(&mut self, buffer: &mut BytesMut) -> Result<Option<Reply>, ParseError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let parsed = match self.advance(buffer) {
            Ok(Some(len)) => self.take(buffer, len),
            Ok(None) => return Ok(None),
            Err(error) => Err(error),
        };
        match parsed {
            Ok(reply) => Ok(Some(reply)),
            Err(error) => {
                self.failed = Some(error);
                Err(error)
            }
        }
    }

    fn needed(&self) -> usize {
        self.needed
    }
}

/// Hands the elements of hiredis over to the builder, as places in bytes of ours.
struct Telling<'a> {
    builder: &'a mut ReplyBuilder,
    /// All that was fed of the reply.
    bytes: &'a [u8],
    end: &'a mut usize,
    fault: Option<ParseError>,
}

impl Telling<'_> {
    #[inline]
    fn tell(&mut self, element: Element) -> Result<(), Fault> {
        let Element { event, tag, nested, behind, len, number } = element;
        let place = self.bytes.len().checked_sub(behind).ok_or(MISPLACED)?;
        if nested == (self.builder.depth() == 0) {
            return Err(Fault::Engine("hiredis lost count of its elements"));
        }
        let mut end = place;
        match event {
            Tag::STRING => {
                let kind = match tag {
                    Tag::STRING => Kind::BulkString,
                    Tag::STATUS => Kind::SimpleString,
                    Tag::ERROR => Kind::SimpleError,
                    Tag::BIGNUM => Kind::BigNumber,
                    Tag::VERB => Kind::VerbatimString,
                    _ => return Err(UNKNOWN),
                };
                let behind = self.bytes.get(place..).and_then(|rest| rest.split_at_checked(len));
                let (text, behind) = behind.ok_or(MISPLACED)?;
                if !behind.starts_with(b"\r\n") {
                    return Err(Fault::Crlf);
                }
                end = place.saturating_add(len).saturating_add(2);
                self.builder.text(kind, place, text)?;
            }
            Tag::ARRAY => self.open(tag, nested, len as u64)?,
            Tag::INTEGER => self.builder.integer(number)?,
            Tag::DOUBLE => {
                let start = place.checked_sub(len).and_then(|at| at.checked_sub(2)).ok_or(MISPLACED)?;
                let text = self.bytes.get(start..).and_then(|rest| rest.get(..len)).ok_or(MISPLACED)?;
                // hiredis 1.0 takes all that `strtod` does: spaces, hexadecimal digits.
                if !text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte))
                    || text.iter().any(|byte| matches!(byte, b'x' | b'X'))
                {
                    return Err(Fault::Double);
                }
                let value = match f64::from_bits(number as u64) {
                    value if !value.is_nan() => value,
                    // hiredis forgets its sign, which nobody needs and `resp` keeps.
                    _ if text.starts_with(b"-") => -f64::NAN,
                    _ => f64::NAN,
                };
                self.builder.double(value, start, len)?;
            }
            Tag::NIL if tag == Tag::STRING => {
                // Told when only the type byte has been read.
                end = place.saturating_add(b"-1\r\n".len());
                self.builder.null()?;
            }
            Tag::NIL if tag == Tag::NIL || tag == Tag::ARRAY => self.builder.null()?,
            Tag::NIL => return Err(Fault::Length),
            Tag::BOOL => {
                let letter = place.checked_sub(3).and_then(|at| self.bytes.get(at));
                if !matches!(letter, Some(b't' | b'f')) {
                    return Err(Fault::Boolean);
                }
                self.builder.boolean(number != 0)?;
            }
            _ => return Err(UNKNOWN),
        }
        *self.end = end;
        Ok(())
    }

    fn open(&mut self, tag: Tag, nested: bool, items: u64) -> Result<(), Fault> {
        match tag {
            Tag::ARRAY => self.builder.open(Kind::Array, items),
            Tag::SET => self.builder.open(Kind::Set, items),
            Tag::PUSH => self.builder.open(Kind::Push, items),
            Tag::MAP => self.builder.open(Kind::Map, items / 2),
            Tag::ATTR if nested => {
                Err(Fault::Engine("an attribute inside a reply, which hiredis takes for an element"))
            }
            Tag::ATTR => self.builder.open(Kind::Attribute, items / 2),
            _ => Err(UNKNOWN),
        }
    }
}

impl Sink for Telling<'_> {
    #[inline]
    fn element(&mut self, element: Element) -> bool {
        match self.tell(element) {
            Ok(()) => true,
            Err(kind) => {
                self.fault = Some(ParseError::new(kind, *self.end));
                false
            }
        }
    }
}

const MISPLACED: Fault = Fault::Engine("hiredis told of bytes that it was not fed");
const UNKNOWN: Fault = Fault::Engine("hiredis told of a type that did not exist in 1.5");
