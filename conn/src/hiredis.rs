//! The second engine: hiredis reads, and what it says becomes the same [`Reply`] that `resp` makes.
//!
//! ```text
//!  buffer ──feed: a piece──▶ hiredis ──elements: distances from the end──▶ tell ──offsets into buffer──▶ ReplyBuilder
//!     └─────────────────────── the bytes themselves, unmoved, become the reply ────────────────────────────▶ Reply
//! ```
//!
//! A piece is read at once, however many replies it holds; their elements wait in a list until each reply is asked for.
//! What hiredis refuses is an error when the replies before it have been taken.
//!
//! hiredis copies what it is fed. The texts are taken from our own buffer all the same: the bytes that hiredis has
//! not read yet are the last ones fed, so the distance of a text from their end says where it lies with us. A copy
//! out of hiredis's memory for each text would be one more; so would be its objects. And whatever hiredis says is
//! held against bytes of ours, so this file needs no `unsafe`.
//!
//! hiredis is fed in small pieces, for what it tells of them should stay in the nearest cache until it is taken. In
//! pieces of 2 KiB a reply of 1 KiB took 79 ns instead of 60.
//!
//! On 22 November 2026, least of 60 runs on a busy two-core machine, hiredis 1.5 at -O3, nanoseconds for a reply out of
//! 32 KiB of the same (`cargo xtask bench --group engine`), in brackets hiredis with its own objects: `+OK` 24 (37), an
//! integer 23 (31), `$16` 31 (38), `$1024` 66 (85), 1,000 strings 20,400 (62,800), an XRANGE of 100 17,900 (57,500), a
//! map of 100 4,100 (13,700), 1 MiB 28,800 (53,500). Of a short reply, hiredis itself takes 11 to 15.
//!
//! It must hold to all that [`resp::Parser`] promises, but for what the table in `tests/it/engines.rs` justifies.
//! What hiredis does not check is checked here: the CRLF behind a payload, the byte of a boolean, nulls of the wrong
//! type, and each limit, a payload's length as soon as its header has come.

use bytes::BytesMut;
use resp::{Alone, Kind, Limits, ParseError, ParseErrorKind as Fault, Reply, ReplyBuilder};

use crate::Parser;
use ffi::{Element, Reader, Tag};

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
    /// What hiredis has told: of the first `told`, those from `next` on wait to be taken.
    elements: Box<[Element]>,
    next: usize,
    told: usize,
    /// Of so many bytes behind those elements hiredis has made nothing yet.
    unread: usize,
    /// hiredis refuses what stands behind those elements.
    refused: bool,
    /// So many bytes of the caller's buffer were fed, from the first of the reply.
    fed: usize,
    /// All that was told is taken, and what is unread has been looked at.
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

/// More elements cannot be in a piece and what was unread before it: none is shorter than `_\r\n`.
const MOST_ELEMENTS: usize = PIECE / 3 + 2;

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
            elements: vec![Element::NONE; MOST_ELEMENTS].into_boxed_slice(),
            next: 0,
            told: 0,
            unread: 0,
            refused: false,
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
            if let Some(len) = self.take_elements(buffer)? {
                return Ok(Some(len));
            }
            if self.refused {
                return Err(self.fault(buffer));
            }
            if self.fed == 0 && self.bloated {
                (self.reader, self.bloated) = (Reader::new(), false);
            }
            if !self.starved {
                self.starved = true;
                self.look_ahead(buffer, self.fed.saturating_sub(self.unread))?;
            }
            if !self.feed(buffer)? {
                return Ok(None);
            }
        }
    }

    /// The next reply and its length, if it is a string, a status or an integer that waits to be taken: most are, and
    /// need nothing built.
    #[inline]
    fn alone(&self, buffer: &[u8]) -> Option<(Alone, usize)> {
        let element = self.elements.get(..self.told)?.get(self.next)?;
        if self.end != 0 || element.nested != 0 {
            return None;
        }
        let start = self.fed.checked_sub(element.behind)?;
        let kind = match (element.event, element.tag) {
            (Tag::INTEGER, _) => return Some((Alone::Integer(element.number), start)),
            (Tag::STRING, Tag::STRING) => Kind::BulkString,
            (Tag::STRING, Tag::STATUS) => Kind::SimpleString,
            _ => return None,
        };
        let end = start.checked_add(element.len())?;
        let len = end.checked_add(2)?;
        (buffer.get(end..len)? == b"\r\n").then_some((Alone::Text { kind, start, end }, len))
    }

    /// Takes the next reply, whatever it is, if it is whole. Not a part of `parse`, which is small for replies of one
    /// element: a reply that is moved between being made and being returned costs up to 10 ns more.
    #[inline(never)]
    fn take(&mut self, buffer: &mut BytesMut) -> Result<Option<Reply>, ParseError> {
        let Some(len) = self.advance(buffer)? else { return Ok(None) };
        let reply = self.builder.finish(buffer.split_to(len).freeze());
        let reply = reply.map_err(|kind| ParseError::new(kind, self.end))?;
        self.fed = self.fed.saturating_sub(len);
        self.end = 0;
        Ok(Some(reply))
    }

    /// Builds with what was told until the reply is whole; returns its length then.
    #[inline]
    fn take_elements(&mut self, buffer: &[u8]) -> Result<Option<usize>, ParseError> {
        let bytes = buffer.get(..self.fed).unwrap_or(buffer);
        let waiting = self.elements.get(self.next..self.told).unwrap_or_default();
        for element in waiting {
            self.next = self.next.saturating_add(1);
            match tell(&mut self.builder, bytes, element) {
                Ok(end) => self.end = end,
                Err(kind) => return Err(ParseError::new(kind, self.end)),
            }
            // Not so after an attribute, which hiredis takes for a reply of its own.
            if self.builder.is_whole() {
                let fits = self.builder.expect_reply(self.end);
                return fits.map(|()| Some(self.end)).map_err(|kind| ParseError::new(kind, self.end));
            }
        }
        Ok(None)
    }

    /// Lets hiredis read the next piece; false if it has not come yet.
    fn feed(&mut self, buffer: &[u8]) -> Result<bool, ParseError> {
        let least = self.awaited.max(self.fed.saturating_add(1));
        if buffer.len() < least {
            self.needed = if buffer.is_empty() { 0 } else { least.saturating_sub(buffer.len()) };
            return Ok(false);
        }
        let end = least.max(self.fed.saturating_add(PIECE)).min(buffer.len());
        let piece = buffer.get(self.fed..end).unwrap_or_default();
        if !self.reader.feed(piece) {
            return Err(ParseError::new(Fault::Engine("hiredis ran out of memory"), self.end));
        }
        self.bloated |= piece.len() > LARGE;
        let advance = self.reader.advance(&mut self.elements);
        (self.next, self.told) = (0, advance.count);
        (self.unread, self.refused) = (advance.unread, advance.failed);
        (self.fed, self.starved, self.awaited, self.needed) = (end, false, 0, 0);
        Ok(true)
    }

    /// Looks at the element that has begun, where hiredis, at `position`, waits for the rest of it without a limit.
    fn look_ahead(&mut self, buffer: &[u8], position: usize) -> Result<(), ParseError> {
        let wrong = |kind| ParseError::new(kind, self.end);
        let rest = buffer.get(position..self.fed).unwrap_or_default();
        let text = rest.strip_suffix(b"\r").unwrap_or(rest).len();
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
}

impl Parser for Hiredis {
    fn parse(&mut self, buffer: &mut BytesMut) -> Result<Option<Reply>, ParseError> {
        if let Some((alone, len)) = self.alone(buffer) {
            // What is wrong with it is found again, and told, by those who build.
            if let Ok(reply) = self.builder.take_alone(buffer, len, alone) {
                self.next = self.next.saturating_add(1);
                self.fed = self.fed.saturating_sub(len);
                return Ok(Some(reply));
            }
        }
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.take(buffer).inspect_err(|error| {
            self.failed = Some(*error);
            self.told = 0;
        })
    }

    fn needed(&self) -> usize {
        self.needed
    }
}

/// Hands an element of hiredis over to the builder, as a place in `bytes`: all that was fed from the reply's first byte
/// on. Returns where it ends.
#[inline]
fn tell(builder: &mut ReplyBuilder, bytes: &[u8], element: &Element) -> Result<usize, Fault> {
    let &Element { event, tag, nested, behind, number, .. } = element;
    let len = element.len();
    let place = bytes.len().checked_sub(behind).ok_or(MISPLACED)?;
    if (nested == 0) != (builder.depth() == 0) {
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
            let behind = bytes.get(place..).and_then(|rest| rest.split_at_checked(len));
            let (text, behind) = behind.ok_or(MISPLACED)?;
            if !behind.starts_with(b"\r\n") {
                return Err(Fault::Crlf);
            }
            end = place.saturating_add(len).saturating_add(2);
            builder.text(kind, place, text)?;
        }
        Tag::ARRAY => open(builder, tag, nested != 0, len as u64)?,
        Tag::INTEGER => builder.integer(number)?,
        Tag::DOUBLE => {
            let digits = usize::from(element.digits);
            let start = place.checked_sub(digits).and_then(|at| at.checked_sub(2)).ok_or(MISPLACED)?;
            let text = bytes.get(start..).and_then(|rest| rest.get(..digits)).ok_or(MISPLACED)?;
            builder.double(double(text, number)?, start, digits)?;
        }
        Tag::NIL if tag == Tag::STRING => {
            // Told when only the type byte has been read.
            end = place.saturating_add(b"-1\r\n".len());
            builder.null()?;
        }
        Tag::NIL if tag == Tag::NIL || tag == Tag::ARRAY => builder.null()?,
        Tag::NIL => return Err(Fault::Length),
        Tag::BOOL => {
            let letter = place.checked_sub(3).and_then(|at| bytes.get(at));
            if !matches!(letter, Some(b't' | b'f')) {
                return Err(Fault::Boolean);
            }
            builder.boolean(number != 0)?;
        }
        _ => return Err(UNKNOWN),
    }
    Ok(end)
}

/// The double that hiredis has read from `text`.
fn double(text: &[u8], bits: i64) -> Result<f64, Fault> {
    // hiredis 1.0 takes all that `strtod` does: spaces, hexadecimal digits.
    if !text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte))
        || text.iter().any(|byte| matches!(byte, b'x' | b'X'))
    {
        return Err(Fault::Double);
    }
    Ok(match f64::from_bits(bits as u64) {
        value if !value.is_nan() => value,
        // hiredis forgets its sign, which nobody needs and `resp` keeps.
        _ if text.starts_with(b"-") => -f64::NAN,
        _ => f64::NAN,
    })
}

fn open(builder: &mut ReplyBuilder, tag: Tag, nested: bool, items: u64) -> Result<(), Fault> {
    match tag {
        Tag::ARRAY => builder.open(Kind::Array, items),
        Tag::SET => builder.open(Kind::Set, items),
        Tag::PUSH => builder.open(Kind::Push, items),
        Tag::MAP => builder.open(Kind::Map, items / 2),
        Tag::ATTR if nested => {
            Err(Fault::Engine("an attribute inside a reply, which hiredis takes for an element"))
        }
        Tag::ATTR => builder.open(Kind::Attribute, items / 2),
        _ => Err(UNKNOWN),
    }
}

const MISPLACED: Fault = Fault::Engine("hiredis told of bytes that it was not fed");
const UNKNOWN: Fault = Fault::Engine("hiredis told of a type that did not exist in 1.5");
