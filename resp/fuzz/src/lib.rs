//! How the bytes of an input become the bytes of a stream.
//!
//! Most bytes in a row are no RESP, and a fuzzer that turns one byte into another seldom makes three headers that
//! fit each other. So an input that begins with a byte from 128 up is written in words: each byte after it stands for
//! one, and what the words leave open is closed. Any other input is the stream itself; no type of RESP begins with
//! such a byte.

use std::borrow::Cow;
use std::env;

use resp::Limits;

/// The stream that an input stands for, which is printed if `RESP_FUZZ_SHOW` is set.
pub fn stream(input: &[u8]) -> Cow<'_, [u8]> {
    let stream = written(input);
    if env::var_os("RESP_FUZZ_SHOW").is_some() {
        eprintln!("stream: b\"{}\"", stream.escape_ascii());
    }
    stream
}

/// An input that comes in pieces.
///
/// One that starts with a byte `n` below 32 goes on with `n` sizes of pieces, which also make tight limits; then come
/// the bytes to parse, or words. No type of RESP starts with such a byte, so any reply is an input too: it comes byte
/// by byte.
pub struct Cut<'a> {
    /// The stream.
    pub bytes: Cow<'a, [u8]>,
    sizes: &'a [u8],
}

impl<'a> Cut<'a> {
    /// What an input stands for.
    pub fn new(input: &'a [u8]) -> Self {
        let (sizes, bytes) = match input {
            [count @ ..32, rest @ ..] => rest.split_at(usize::from(*count).min(rest.len())),
            _ => (&[][..], input),
        };
        Self { bytes: stream(bytes), sizes }
    }

    /// The sizes again and again; byte by byte if there are none.
    pub fn pieces(&self) -> impl Iterator<Item = usize> {
        let sizes = if self.sizes.is_empty() { &[1] } else { self.sizes };
        sizes.iter().copied().map(usize::from).cycle()
    }

    /// Limits to run into, if the input has enough sizes to make them of.
    pub fn limits(&self) -> Option<Limits> {
        let [depth, bulk, elements, line, reply, ..] = *self.sizes else { return None };
        let limits = Limits::default().depth(depth.into()).bulk(bulk.into()).elements(elements.into());
        Some(limits.line(line.into()).reply(usize::from(reply) * 4))
    }
}

fn written(input: &[u8]) -> Cow<'_, [u8]> {
    match input {
        [128..=255, words @ ..] => {
            let mut writer = Writer::default();
            words.iter().for_each(|byte| writer.word(*byte));
            Cow::Owned(writer.finish())
        }
        bytes => Cow::Borrowed(bytes),
    }
}

/// Writes words where they fit.
#[derive(Default)]
struct Writer {
    out: Vec<u8>,
    open: Vec<Open>,
    /// An attribute ended and what it speaks of has not begun.
    dangling: bool,
}

struct Open {
    /// Elements still to come; of a streamed aggregate nobody knows.
    left: Option<usize>,
    /// Whether a streamed map lacks a value.
    odd: bool,
    paired: bool,
    attribute: bool,
}

impl Writer {
    fn word(&mut self, byte: u8) {
        match usize::from(byte) {
            at @ 0..SCALARS_END => self.scalar(SCALARS[at % SCALARS.len()]),
            at @ SCALARS_END..HEADERS_END => self.header(HEADERS[at % HEADERS.len()], at / HEADERS.len() % 3),
            HEADERS_END..ENDS => self.end(),
            at => self.out.extend(WRONG[at % WRONG.len()]),
        }
    }

    fn scalar(&mut self, bytes: &[u8]) {
        self.out.extend(bytes);
        self.dangling = false;
        self.count();
    }

    /// An aggregate of so many elements or pairs; a push inside something else is an array.
    fn header(&mut self, (sign, streamed): (u8, bool), elements: usize) {
        let sign = if sign == b'>' && (!self.open.is_empty() || self.dangling) { b'*' } else { sign };
        let (paired, attribute) = (b"%|".contains(&sign), sign == b'|');
        let count = if streamed { "?".to_owned() } else { elements.to_string() };
        self.out.extend([&[sign], count.as_bytes(), b"\r\n"].concat());
        self.dangling = attribute && elements == 0;
        match elements {
            0 if !streamed && !attribute => self.count(),
            0 if !streamed => {}
            _ => {
                let left = (!streamed).then_some(if paired { 2 * elements } else { elements });
                self.open.push(Open { left, odd: false, paired, attribute });
            }
        }
    }

    /// Ends the innermost aggregate if it is a streamed one that may end here, or else is one more element.
    fn end(&mut self) {
        match self.open.last() {
            Some(Open { left: None, odd: false, .. }) if !self.dangling => {
                self.out.extend(b".\r\n");
                self.open.pop();
                self.count();
            }
            _ => self.scalar(b"_\r\n"),
        }
    }

    /// One more element is whole, and with it whatever it fills.
    fn count(&mut self) {
        while let Some(open) = self.open.last_mut() {
            open.odd = open.paired && !open.odd;
            let Some(left) = &mut open.left else { return };
            *left -= 1;
            if *left > 0 {
                return;
            }
            if self.open.pop().is_some_and(|open| open.attribute) {
                self.dangling = true;
                return;
            }
        }
    }

    fn finish(mut self) -> Vec<u8> {
        while !self.open.is_empty() || self.dangling {
            self.end();
        }
        self.out
    }
}

const SCALARS_END: usize = 120;
const HEADERS_END: usize = 210;
const ENDS: usize = 248;

const SCALARS: [&[u8]; 30] = [
    b"+OK\r\n",
    b"+\r\n",
    b"-ERR no\r\n",
    b"-\r\n",
    b":0\r\n",
    b":1\r\n",
    b":-9223372036854775808\r\n",
    b":256\r\n",
    b"$0\r\n\r\n",
    b"$1\r\na\r\n",
    b"$1\r\n1\r\n",
    b"$3\r\n1.5\r\n",
    b"$2\r\n\xff\n\r\n",
    b"$10\r\n0123456789\r\n",
    b"$-1\r\n",
    b"*-1\r\n",
    b"_\r\n",
    b"#t\r\n",
    b"#f\r\n",
    b",1.5\r\n",
    b",-inf\r\n",
    b",nan\r\n",
    b"(18446744073709551616\r\n",
    b"(-1\r\n",
    b"!5\r\nERR x\r\n",
    b"=5\r\ntxt:a\r\n",
    b"=4\r\nmkd:\r\n",
    b"$?\r\n;0\r\n",
    b"$?\r\n;1\r\n1\r\n;0\r\n",
    b"$?\r\n;2\r\n\r\n\r\n;1\r\na\r\n;0\r\n",
];

const HEADERS: [(u8, bool); 8] = [
    (b'*', false),
    (b'%', false),
    (b'~', false),
    (b'|', false),
    (b'>', false),
    (b'*', true),
    (b'%', true),
    (b'~', true),
];

const WRONG: [&[u8]; 8] =
    [b".\r\n", b"|0\r\n", b">0\r\n", b"*134217729\r\n", b"$1\r\nab\r\n", b"=3\r\ntxt\r\n", b"\r", b";0\r\n"];
