//! Replies on their way out: every type of RESP3, and what a client of RESP2 gets in its place.
//!
//! | RESP3 | in RESP2, as Redis writes it |
//! |---|---|
//! | null `_` | `$-1`, or `*-1` where a list was asked for |
//! | boolean `#t` | `:1`, `:0` |
//! | double, big number, verbatim string | a bulk string, the last one without its format |
//! | bulk error `!` | an error on one line |
//! | map `%n` | a flat array of 2 × n |
//! | set, push | an array |
//! | attributes | nothing |
//! | streamed strings and aggregates | whole ones |
//!
//! A line end in a status or an error on one line becomes a blank, as in Redis: no text can break out of its reply.

use std::fmt::{self, Display};

use bytes::BytesMut;

/// A version of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Protocol {
    /// RESP2: what every connection speaks until its client says `HELLO 3`.
    #[default]
    Resp2,
    /// RESP3: since Redis 6.
    Resp3,
}

/// What replies can be written into: a `Vec<u8>` or a `BytesMut`.
pub trait ReplyBuffer: Default + AsRef<[u8]> {
    /// Appends bytes.
    fn put(&mut self, bytes: &[u8]);
}

impl ReplyBuffer for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

impl ReplyBuffer for BytesMut {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// Appends replies to a buffer, in the protocol that the client understands.
///
/// It keeps no count: after `array(2)` two more values must follow, whatever they are.
///
/// # Example
/// ```
/// use resp::{Protocol, ReplyWriter};
///
/// let write = |protocol| {
///     let mut out = Vec::new();
///     ReplyWriter::new(&mut out, protocol).map(2).simple("name").bulk("Ada").simple("alive").boolean(false);
///     out
/// };
/// assert_eq!(write(Protocol::Resp3), b"%2\r\n+name\r\n$3\r\nAda\r\n+alive\r\n#f\r\n");
/// assert_eq!(write(Protocol::Resp2), b"*4\r\n+name\r\n$3\r\nAda\r\n+alive\r\n:0\r\n");
/// ```
#[derive(Debug)]
pub struct ReplyWriter<'o, B: ReplyBuffer = Vec<u8>> {
    out: &'o mut B,
    protocol: Protocol,
}

impl<'o, B: ReplyBuffer> ReplyWriter<'o, B> {
    /// A writer that appends to `out`.
    pub fn new(out: &'o mut B, protocol: Protocol) -> Self {
        Self { out, protocol }
    }

    /// A writer for a client of RESP2.
    pub fn resp2(out: &'o mut B) -> Self {
        Self::new(out, Protocol::Resp2)
    }

    /// A writer for a client of RESP3.
    pub fn resp3(out: &'o mut B) -> Self {
        Self::new(out, Protocol::Resp3)
    }

    /// The version of the protocol that is written.
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Whether that is RESP3.
    pub(super) fn is_3(&self) -> bool {
        self.protocol == Protocol::Resp3
    }

    /// Writes a status.
    pub fn simple(&mut self, text: &str) -> &mut Self {
        self.text_line(b'+', text.as_bytes())
    }

    /// Writes the status `OK`.
    pub fn ok(&mut self) -> &mut Self {
        self.simple("OK")
    }

    /// Writes an error: text that begins with a code, or a [`ServerError`](crate::ServerError). Text of several lines
    /// is a bulk error in RESP3.
    pub fn error(&mut self, text: impl Display) -> &mut Self {
        let text = text.to_string();
        if self.is_3() && text.contains(['\r', '\n']) {
            self.bulk_error(text)
        } else {
            self.text_line(b'-', text.as_bytes())
        }
    }

    /// Writes an error that may hold any bytes.
    pub fn bulk_error(&mut self, text: impl AsRef<[u8]>) -> &mut Self {
        if self.is_3() { self.sized(b'!', &[text.as_ref()]) } else { self.text_line(b'-', text.as_ref()) }
    }

    /// Writes an integer.
    pub fn integer(&mut self, value: i64) -> &mut Self {
        self.line(b':', itoa::Buffer::new().format(value).as_bytes())
    }

    /// Writes bytes.
    pub fn bulk(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.sized(b'$', &[bytes.as_ref()])
    }

    /// Writes null where one value was asked for: `$-1` in RESP2.
    pub fn null(&mut self) -> &mut Self {
        self.put(if self.is_3() { b"_\r\n" } else { b"$-1\r\n" })
    }

    /// Writes null where a list was asked for: `*-1` in RESP2.
    pub fn null_array(&mut self) -> &mut Self {
        self.put(if self.is_3() { b"_\r\n" } else { b"*-1\r\n" })
    }

    /// Writes a boolean.
    pub fn boolean(&mut self, value: bool) -> &mut Self {
        match self.is_3() {
            true => self.line(b'#', if value { b"t" } else { b"f" }),
            false => self.integer(value.into()),
        }
    }

    /// Writes a float in the shortest form that reads back the same.
    ///
    /// # Example
    /// ```
    /// let mut out = Vec::new();
    /// resp::ReplyWriter::resp3(&mut out).double(3.0).double(0.1).double(f64::NEG_INFINITY).double(f64::NAN);
    /// assert_eq!(out, b",3\r\n,0.1\r\n,-inf\r\n,nan\r\n");
    /// ```
    pub fn double(&mut self, value: f64) -> &mut Self {
        let mut buffer = ryu::Buffer::new();
        let text = match value {
            _ if value.is_nan() => "nan",
            _ => buffer.format(value),
        };
        self.double_text(text.strip_suffix(".0").unwrap_or(text).as_bytes())
    }

    pub(super) fn double_text(&mut self, text: &[u8]) -> &mut Self {
        if self.is_3() { self.text_line(b',', text) } else { self.bulk(text) }
    }

    /// Writes an integer of any size: a sign and digits.
    pub fn big_number(&mut self, digits: impl AsRef<[u8]>) -> &mut Self {
        if self.is_3() { self.text_line(b'(', digits.as_ref()) } else { self.bulk(digits) }
    }

    /// Writes text with its format, `txt` or `mkd`.
    ///
    /// # Example
    /// ```
    /// let mut out = Vec::new();
    /// resp::ReplyWriter::resp3(&mut out).verbatim(*b"txt", "Some string");
    /// assert_eq!(out, b"=15\r\ntxt:Some string\r\n");
    /// ```
    pub fn verbatim(&mut self, format: [u8; 3], text: impl AsRef<[u8]>) -> &mut Self {
        if self.is_3() { self.sized(b'=', &[&format, b":", text.as_ref()]) } else { self.bulk(text) }
    }

    /// Begins a list of so many elements, which must follow.
    pub fn array(&mut self, elements: usize) -> &mut Self {
        self.header(b'*', elements)
    }

    /// Begins a map of so many pairs, whose keys and values must follow in turn.
    pub fn map(&mut self, pairs: usize) -> &mut Self {
        if self.is_3() { self.header(b'%', pairs) } else { self.array(pairs.saturating_mul(2)) }
    }

    /// Begins a set of so many elements, which must follow.
    pub fn set(&mut self, elements: usize) -> &mut Self {
        if self.is_3() { self.header(b'~', elements) } else { self.array(elements) }
    }

    /// Begins a message that answers no command; so many elements must follow. It never stands inside another reply.
    pub fn push(&mut self, elements: usize) -> &mut Self {
        if self.is_3() { self.header(b'>', elements) } else { self.array(elements) }
    }

    /// Writes so many pairs that say something about the value after them. RESP2 has no such thing, so that `write`
    /// is not even called.
    ///
    /// # Example
    /// ```
    /// use resp::{Protocol, ReplyWriter};
    ///
    /// let write = |protocol| {
    ///     let mut out = Vec::new();
    ///     let mut writer = ReplyWriter::new(&mut out, protocol);
    ///     writer.attributes(1, |w| {
    ///         w.simple("ttl").integer(60);
    ///     });
    ///     writer.bulk("v");
    ///     out
    /// };
    /// assert_eq!(write(Protocol::Resp3), b"|1\r\n+ttl\r\n:60\r\n$1\r\nv\r\n");
    /// assert_eq!(write(Protocol::Resp2), b"$1\r\nv\r\n");
    /// ```
    pub fn attributes(&mut self, pairs: usize, write: impl FnOnce(&mut Self)) -> &mut Self {
        if self.is_3() {
            self.header(b'|', pairs);
            write(self);
        }
        self
    }

    /// Writes bytes whose length was not known when they were begun, chunk by chunk.
    ///
    /// # Example
    /// ```
    /// let mut out = Vec::new();
    /// resp::ReplyWriter::resp3(&mut out).streamed_string(["Hell", "o"]);
    /// assert_eq!(out, b"$?\r\n;4\r\nHell\r\n;1\r\no\r\n;0\r\n");
    /// ```
    pub fn streamed_string<T: AsRef<[u8]>>(&mut self, chunks: impl IntoIterator<Item = T>) -> &mut Self {
        if !self.is_3() {
            let mut whole = Vec::new();
            chunks.into_iter().for_each(|chunk| whole.extend_from_slice(chunk.as_ref()));
            return self.bulk(whole);
        }
        self.put(b"$?\r\n");
        for chunk in chunks {
            // An empty one would be the end.
            if !chunk.as_ref().is_empty() {
                self.sized(b';', &[chunk.as_ref()]);
            }
        }
        self.put(b";0\r\n")
    }

    /// Writes a list whose length was not known when it was begun: `write` writes exactly one value for each item.
    ///
    /// # Example
    /// ```
    /// use resp::{Protocol, ReplyWriter};
    ///
    /// let write = |protocol| {
    ///     let mut out = Vec::new();
    ///     ReplyWriter::new(&mut out, protocol).streamed_array(1..3, |w, item| {
    ///         w.integer(item);
    ///     });
    ///     out
    /// };
    /// assert_eq!(write(Protocol::Resp3), b"*?\r\n:1\r\n:2\r\n.\r\n");
    /// assert_eq!(write(Protocol::Resp2), b"*2\r\n:1\r\n:2\r\n");
    /// ```
    pub fn streamed_array<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        write: impl FnMut(&mut ReplyWriter<'_, B>, T),
    ) -> &mut Self {
        self.streamed(b'*', items, write)
    }

    /// Writes a set whose length was not known: `write` writes exactly one value for each item.
    pub fn streamed_set<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        write: impl FnMut(&mut ReplyWriter<'_, B>, T),
    ) -> &mut Self {
        self.streamed(b'~', items, write)
    }

    /// Writes a map whose length was not known: `write` writes exactly a key and a value for each item.
    pub fn streamed_map<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        write: impl FnMut(&mut ReplyWriter<'_, B>, T),
    ) -> &mut Self {
        self.streamed(b'%', items, write)
    }

    fn streamed<T>(
        &mut self,
        sign: u8,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut ReplyWriter<'_, B>, T),
    ) -> &mut Self {
        if self.is_3() {
            self.line(sign, b"?");
            items.into_iter().for_each(|item| write(self, item));
            return self.put(b".\r\n");
        }
        let (mut whole, mut count) = (B::default(), 0_usize);
        for item in items {
            write(&mut ReplyWriter::new(&mut whole, self.protocol), item);
            count = count.saturating_add(1);
        }
        if sign == b'%' {
            self.map(count)
        } else {
            self.array(count)
        };
        self.put(whole.as_ref())
    }

    /// Writes bytes that are a reply already, such as [`Reply::to_bytes`](crate::Reply::to_bytes) of one in the same
    /// protocol: the cheapest way to pass it on.
    pub fn raw(&mut self, reply: &[u8]) -> &mut Self {
        self.put(reply)
    }

    fn header(&mut self, sign: u8, elements: usize) -> &mut Self {
        self.line(sign, itoa::Buffer::new().format(elements).as_bytes())
    }

    /// A length, the parts of a payload, and CRLF.
    pub(super) fn sized(&mut self, sign: u8, parts: &[&[u8]]) -> &mut Self {
        self.header(sign, parts.iter().map(|part| part.len()).fold(0, usize::saturating_add));
        parts.iter().for_each(|part| self.out.put(part));
        self.put(b"\r\n")
    }

    /// A line of somebody's text, its line ends blanked.
    pub(super) fn text_line(&mut self, sign: u8, text: &[u8]) -> &mut Self {
        let mut lines = text.split(|byte| matches!(byte, b'\r' | b'\n'));
        self.out.put(&[sign]);
        self.out.put(lines.next().unwrap_or_default());
        for line in lines {
            self.out.put(b" ");
            self.out.put(line);
        }
        self.put(b"\r\n")
    }

    fn line(&mut self, sign: u8, text: &[u8]) -> &mut Self {
        self.out.put(&[sign]);
        self.out.put(text);
        self.put(b"\r\n")
    }

    fn put(&mut self, bytes: &[u8]) -> &mut Self {
        self.out.put(bytes);
        self
    }
}

impl Display for Protocol {
    /// Writes "RESP2" or "RESP3".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Resp2 => "RESP2",
            Self::Resp3 => "RESP3",
        })
    }
}
