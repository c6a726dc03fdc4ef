//! The short cut: a short element that is wholly there goes from its first byte to its node without the machine.
//!
//! INVARIANT: what it takes, the machine would have taken just so, under the same limits. What it does not know (long,
//! rare, cut off or wrong) it leaves untouched, and the machine says what that is.
//!
//! It reads eight bytes at a time as one number, so that the digits of a length or of an integer cost a few
//! multiplications and no loop. And it expects neighbours to be alike: those in a list mostly have the same header
//! (`$13\r\n`), in a map the keys one and the values another. A header that is compared instead of read tells the
//! processor where the next element begins before this one has come out of memory.

use super::{Open, Parser, STREAMED};
use crate::Kind;
use crate::tape::Node;

/// The header of a bulk string of less than a hundred thousand bytes: `$16\r\n`. The default is that of none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    /// Its bytes, as the lowest of a word.
    word: u64,
    /// Those of a word that belong to it.
    mask: u64,
    /// How many they are.
    size: usize,
    /// The length that it announces.
    len: usize,
}

/// How many digits an integer has: at most eight. The default is that of none.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Width {
    count: usize,
    /// The bits of a word that they take.
    bits: u32,
    /// The least integer that has so many digits.
    least: u64,
}

impl Parser {
    /// The whole reply that `input` begins with, if it is a short one: its node, its length, and whether the node
    /// says all, so that the reply needs no bytes.
    #[inline]
    pub(super) fn short_reply(&mut self, input: &[u8]) -> Option<(Node, usize, bool)> {
        if self.half_read | self.spare.is_kept() {
            return None;
        }
        let word = word(input);
        let (node, rest, is_alone) = match byte(word) {
            b'$' => {
                let [header, ..] = &mut self.headers;
                let header = header.expect(word, self.limits.bulk)?;
                (Node::text(Kind::BulkString, header.size, header.len), header.behind(input)?, false)
            }
            b':' => {
                let (rest, value) = self.width.integer(input.get(1..)?)?;
                (Node::integer(value), rest, true)
            }
            b'+' => {
                let (rest, len, is_ok) = status(input).filter(|(_, len, _)| *len <= self.limits.line)?;
                (Node::text(Kind::SimpleString, 1, len), rest, is_ok)
            }
            _ => return None,
        };
        let len = input.len().wrapping_sub(rest.len());
        (len <= self.limits.reply).then_some((node, len, is_alone))
    }

    /// Takes short elements, as many as come next, opens short arrays and closes what is full: most of what fills
    /// aggregates. True when the innermost aggregate is full and the machine must close it.
    pub(super) fn short_elements(&mut self, input: &[u8]) -> bool {
        let input = input.get(..self.limits.reply).unwrap_or(input);
        let start = input.get(self.position..).unwrap_or_default();
        let (Some(mut open), mut rest) = (self.stack.pop(), start) else { return false };
        loop {
            let before = rest.len();
            rest = match (open.left, rest.first()) {
                (0, _) => match self.close(&open) {
                    Some(outer) => {
                        open = outer;
                        continue;
                    }
                    None => break,
                },
                (STREAMED, _) => break,
                (_, Some(b'$')) => self.strings(&mut open.left, rest, input.len()),
                (_, Some(b':')) => self.integers(&mut open.left, rest),
                (_, Some(b'*')) => self.array(&mut open, rest),
                _ => break,
            };
            if rest.len() == before {
                break;
            }
        }
        if rest.len() < start.len() {
            self.position = input.len().wrapping_sub(rest.len());
            self.dangling = false;
        }
        self.stack.push(open);
        open.left == 0
    }

    /// Takes bulk strings while some are `left`, and returns what follows them.
    #[inline]
    fn strings<'a>(&mut self, left: &mut u64, mut rest: &'a [u8], end: usize) -> &'a [u8] {
        let level = (self.stack.len() & 1) << 1;
        while *left > 0 {
            let Some(header) = self.headers.get_mut(level | *left as usize & 1) else { break };
            let Some(header) = header.expect(word(rest), self.limits.bulk) else { break };
            let Some(after) = header.behind(rest) else { break };
            let start = end.wrapping_sub(rest.len()).wrapping_add(header.size);
            self.tape.push(Node::text(Kind::BulkString, start, header.len));
            rest = after;
            *left = left.wrapping_sub(1);
        }
        rest
    }

    /// Takes integers while some are `left`, and returns what follows them.
    #[inline]
    fn integers<'a>(&mut self, left: &mut u64, mut rest: &'a [u8]) -> &'a [u8] {
        let mut width = self.width;
        while let ([b':', text @ ..], 1..) = (rest, *left) {
            let Some((after, value)) = width.integer(text) else { break };
            self.tape.push(Node::integer(value));
            rest = after;
            *left = left.wrapping_sub(1);
        }
        self.width = width;
        rest
    }

    /// Opens an array of less than ten elements, but not of none, inside `open`, whose place it takes.
    #[inline]
    fn array<'a>(&mut self, open: &mut Open, input: &'a [u8]) -> &'a [u8] {
        let [b'*', count @ b'1'..=b'9', b'\r', b'\n', rest @ ..] = input else { return input };
        let count = u64::from(count & 15);
        let announced = self.announced.saturating_add(count);
        // One level is not on the stack.
        if self.stack.len().saturating_add(1) >= self.limits.depth || announced > self.limits.elements as u64
        {
            return input;
        }
        self.announced = announced;
        self.stack.push(*open);
        *open = Open { node: self.tape.len(), kind: Kind::Array, left: count, come: 0 };
        self.tape.push(Node::aggregate(Kind::Array, count));
        rest
    }

    /// Closes what is full, and returns what is open around it. None where that takes more than counting.
    #[inline]
    fn close(&mut self, full: &Open) -> Option<Open> {
        if full.kind == Kind::Attribute || self.stack.last()?.left == STREAMED {
            return None;
        }
        let inner = self.tape.len().wrapping_sub(full.node).wrapping_sub(1);
        self.tape.get_mut(full.node)?.close(inner);
        let mut outer = self.stack.pop()?;
        outer.left = outer.left.saturating_sub(1);
        Some(outer)
    }
}

impl Default for Header {
    fn default() -> Self {
        Self { word: 1, mask: 0, size: 0, len: 0 } // what no word is under its mask
    }
}

impl Header {
    /// The header that `word` begins with, which is mostly this one; another one takes its place.
    #[inline]
    fn expect(&mut self, word: u64, limit: usize) -> Option<Self> {
        if word & self.mask != self.word {
            *self = Self::read(word).filter(|header| header.len <= limit)?;
        }
        Some(*self)
    }

    #[inline]
    fn read(word: u64) -> Option<Self> {
        let text = word >> 8;
        let (count, len) = digits(text);
        let is_number = count == 1 || count > 1 && byte(text) != b'0';
        let is_whole = text.checked_shr(count.wrapping_mul(8))? & 0xFFFF == CRLF;
        if byte(word) != b'$' || !is_number || !is_whole {
            return None;
        }
        let size = count.wrapping_add(3);
        let mask = u64::MAX.checked_shr(64_u32.wrapping_sub(size.wrapping_mul(8)))?;
        Some(Self { word: word & mask, mask, size: size as usize, len: len as usize })
    }

    /// What follows the string, which stands at the start of `input` with this header before it.
    #[inline]
    fn behind(self, input: &[u8]) -> Option<&[u8]> {
        input.get(self.size.wrapping_add(self.len)..)?.strip_prefix(b"\r\n")
    }
}

impl Width {
    /// The integer before a CRLF, which mostly has as many digits as the one before; at most sixteen.
    /// What follows it, and its value.
    #[inline]
    fn integer<'a>(&mut self, input: &'a [u8]) -> Option<(&'a [u8], i64)> {
        let text = word(input);
        match self.value(text, input) {
            None => self.unlike(text, input),
            found => found,
        }
    }

    /// The integer that `text` begins with, if it is just so wide and CRLF follows.
    #[inline(always)] // a call costs as much again
    fn value<'a>(&self, text: u64, input: &'a [u8]) -> Option<(&'a [u8], i64)> {
        let digits = left_padded(text ^ ZEROS, self.bits);
        let value = value(digits);
        let rest = input.get(self.count..)?.strip_prefix(b"\r\n")?;
        (others(digits) == 0 && value >= self.least).then_some((rest, value as i64))
    }

    /// An integer that is not so wide: those that follow may be like it.
    #[cold]
    fn unlike<'a>(&mut self, text: u64, input: &'a [u8]) -> Option<(&'a [u8], i64)> {
        *self = Self::read(text);
        self.value(text, input).or_else(|| long_integer(input))
    }

    fn read(text: u64) -> Self {
        let (count, _) = digits(text);
        let least = if count < 2 { 0 } else { 10_u64.wrapping_pow(count.wrapping_sub(1)) };
        Self { bits: count.wrapping_mul(8), count: count as usize, least }
    }
}

/// The integer before a CRLF, if it has at most sixteen digits: what follows, and its value.
fn long_integer(input: &[u8]) -> Option<(&[u8], i64)> {
    let (negative, text) = match input {
        [b'-', text @ ..] => (true, text),
        text => (false, text),
    };
    let first = word(text);
    let (mut count, mut value) = digits(first);
    if count == 8 {
        let (more, low) = digits(word(text.get(8..)?));
        value = value.wrapping_mul(10_u64.wrapping_pow(more)).wrapping_add(low);
        count = count.wrapping_add(more);
    }
    let is_number = count > 0 && (byte(first) != b'0' || count == 1 && !negative);
    let rest = text.get(count as usize..)?.strip_prefix(b"\r\n").filter(|_| is_number)?;
    let value = value as i64; // below 10^16
    Some((rest, if negative { value.wrapping_neg() } else { value }))
}

/// A status of at most 32 bytes that is wholly there: what follows it, its length, and whether it is `OK`.
#[inline]
fn status(input: &[u8]) -> Option<(&[u8], usize, bool)> {
    let [b'+', text @ ..] = input else { return None };
    if let Some(rest) = text.strip_prefix(b"OK\r\n") {
        return Some((rest, 2, true));
    }
    let len = text.iter().take(33).position(|byte| matches!(byte, b'\r' | b'\n'))?;
    Some((text.get(len..)?.strip_prefix(b"\r\n")?, len, false))
}

/// The first eight bytes as a number, the first of them lowest. Where there are fewer, zeros stand for the others,
/// which are part of nothing that is looked for.
#[inline]
fn word(input: &[u8]) -> u64 {
    if let Some(bytes) = input.first_chunk() {
        return u64::from_le_bytes(*bytes);
    }
    match (input.first_chunk(), input.last_chunk()) {
        // Four to seven bytes: the first four, and the last four behind them, some of which are the same.
        (Some(first), Some(last)) => {
            let [first, last] = [*first, *last].map(|four| u64::from(u32::from_le_bytes(four)));
            first | last << (input.len().wrapping_sub(4).wrapping_mul(8) & 31)
        }
        _ => input.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

/// The first byte of a word.
#[inline]
fn byte(word: u64) -> u8 {
    word as u8
}

/// The decimal digits that `text` begins with: how many they are, and their value.
#[inline]
fn digits(text: u64) -> (u32, u64) {
    let values = text ^ ZEROS;
    let bits = others(values).trailing_zeros() & !7;
    (bits / 8, if bits == 0 { 0 } else { value(left_padded(values, bits)) })
}

/// Zero for each byte below the first that is no value of a digit, and something in that one.
#[inline]
fn others(values: u64) -> u64 {
    // Such a byte has a bit above the lowest four, or has one when 6 is added. What a carry does to bytes behind it is
    // of no interest.
    (values | values.wrapping_add(u64::from_le_bytes([6; 8]))) & u64::from_le_bytes([0xF0; 8])
}

/// The lowest `bits` become the highest; zeros stand before them.
#[inline]
fn left_padded(values: u64, bits: u32) -> u64 {
    values.wrapping_shl(64_u32.wrapping_sub(bits))
}

/// What eight digits are together, of which these are the values.
#[inline]
fn value(digits: u64) -> u64 {
    // Neighbours are joined: to pairs, fours, eight.
    let pairs = digits.wrapping_mul(10 << 8 | 1) >> 8 & 0x00FF_00FF_00FF_00FF;
    let fours = pairs.wrapping_mul(100 << 16 | 1) >> 16 & 0x0000_FFFF_0000_FFFF;
    fours.wrapping_mul(10_000 << 32 | 1) >> 32
}

const ZEROS: u64 = u64::from_le_bytes([b'0'; 8]);

/// CR and LF as the lowest bytes of a word.
const CRLF: u64 = u16::from_le_bytes(*b"\r\n") as u64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_few_bytes_ends_in_zeros() {
        let all = *b"\x81\x02\xF3\x04\x85\x06\xF7\x08";
        for len in 0..=8 {
            let mut bytes = [0; 8];
            bytes[..len].copy_from_slice(&all[..len]);
            assert_eq!(word(&all[..len]).to_le_bytes(), bytes);
        }
    }

    #[test]
    fn digits_are_what_stands_before_anything_else() {
        for value in (0..20_000).chain([99_999, 100_000, 1_234_567, 9_999_999, 12_345_678, 99_999_999]) {
            let text = value.to_string();
            for behind in ["\r\n:1\r\n", "/", ":", "\0", "\u{ff}", "-12345678", " 7"] {
                let input = format!("{text}{behind}");
                assert_eq!(digits(word(input.as_bytes())), (text.len() as u32, value), "{input:?}");
            }
            assert_eq!(digits(word(text.as_bytes())), (text.len() as u32, value));
        }
        for byte in (0..=u8::MAX).filter(|byte| !byte.is_ascii_digit()) {
            assert_eq!(digits(word(&[b'1', b'2', byte, b'3', byte, b'4', b'5', b'6'])), (2, 12), "{byte}");
            assert_eq!(digits(word(&[byte; 8])), (0, 0));
        }
    }

    #[test]
    fn a_header_is_expected_and_replaced() {
        let mut header = Header::default();
        let mut expect =
            |text: &str| header.expect(word(text.as_bytes()), 70_000).map(|read| (read.size, read.len));
        for _ in 0..2 {
            assert_eq!(expect("$0\r\n\r\n"), Some((4, 0)));
            assert_eq!(expect("$16\r\nab"), Some((5, 16)));
            assert_eq!(expect("$16\r\n"), Some((5, 16)));
            assert_eq!(expect("$65536\r\n"), Some((8, 65_536)));
            assert_eq!(expect("$70001\r\n"), None, "over the limit");
            assert_eq!(expect("$65536\r\n"), Some((8, 65_536)), "what is not taken replaces nothing");
        }
        for other in [
            "",
            "$",
            "$1",
            "$1\r",
            "$16\r",
            "$16\n\r",
            "$-1\r\n",
            "$\r\n",
            "$016\r\n",
            "$00\r\n",
            "$100000\r\n",
            "=5\r\ntxt",
            "*2\r\n$1\r",
            ":1\r\n$1\r\n",
        ] {
            assert_eq!(expect(other), None, "{other:?}");
        }
    }

    #[test]
    fn integers_of_sixteen_digits() {
        let read =
            |text: &str| Width::default().integer(text.as_bytes()).map(|(rest, value)| (rest.len(), value));
        for value in
            [0, 7, -7, 1_234_567, 12_345_678, -123_456_789, 9_999_999_999_999_999, -9_999_999_999_999_999_i64]
        {
            assert_eq!(read(&format!("{value}\r\n")), Some((0, value)));
            assert_eq!(read(&format!("{value}\r\n:1\r\n")), Some((4, value)));
            assert_eq!(read(&format!("{value}\r")), None);
            assert_eq!(read(&format!("{value}x\r\n")), None);
        }
        for other in
            ["", "-", "\r\n", "-\r\n", "-0\r\n", "01\r\n", "+1\r\n", "10000000000000000\r\n", "12345678\n"]
        {
            assert_eq!(read(other), None, "{other:?}");
        }
    }
}
