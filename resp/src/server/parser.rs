//! Bytes become commands, as a server reads them (`processInputBuffer` in Redis, `networking.c`, 8.x).
//!
//! ```text
//!            ┌──────────── next argument ────────────┐
//!            ▼                                       │
//!  first ─ * ─▶ count ─▶ $ length ─▶ payload, CRLF ──┴─▶ all there: a command
//!    │          └─ 0 or less: nothing, begin again
//!    └─ else ─▶ line to LF ─▶ words and quotes ────────▶ a command; nothing in it: begin again
//! ```
//!
//! As in Redis: a count of 0 or less and an empty line are skipped; an inline command ends with LF, before which one
//! CR is dropped; numbers have no `+`, no leading zero, no `-0`. Stricter than Redis: every CRLF is checked.
//!
//! Between two calls the whole state is six numbers, however many arguments a command has: where it stopped, how many
//! arguments are left, and what it awaits. An error is the same however the request was cut.

use bytes::{Buf, BytesMut};

use super::{Command, RequestError, RequestErrorKind as Fault, RequestLimits, inline};
use crate::leaf;

/// Reads commands from bytes as they come, however they are cut: arrays of bulk strings, and inline commands.
///
/// # Example
/// ```
/// use bytes::BytesMut;
/// use resp::{ReplyWriter, RequestParser};
///
/// # fn main() -> Result<(), resp::RequestError> {
/// // A server that knows ECHO, in one function.
/// let mut parser = RequestParser::default();
/// let mut received = BytesMut::from(&b"ECHO 'a b'\r\n*2\r\n$4\r\necho\r\n$1\r\nx\r\nPING\r\n*2\r\n$4"[..]);
/// let mut answer = Vec::new();
/// let mut writer = ReplyWriter::resp3(&mut answer);
/// while let Some(command) = parser.parse(&mut received)? {
///     match command.arg(1) {
///         Some(text) if command.is("ECHO") => writer.bulk(text),
///         _ => writer.error("ERR unknown command"),
///     };
/// }
/// assert_eq!(answer, b"$3\r\na b\r\n$1\r\nx\r\n-ERR unknown command\r\n");
/// assert!(!parser.is_idle()); // the last one is half there
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct RequestParser {
    limits: RequestLimits,
    /// All before it was read.
    position: usize,
    /// Where the header of the first argument begins.
    first: usize,
    /// Arguments of the array, and those of them still to come.
    count: usize,
    left: usize,
    /// The length of the argument whose header was read.
    body: Option<usize>,
    /// So many bytes of an inline command hold no end of line.
    searched: usize,
    needed: usize,
    half_read: bool,
    /// What went wrong: nothing behind it is read any more.
    failed: Option<RequestError>,
}

/// How far the bytes reach.
enum Reach {
    /// The end of the request has not come.
    Starved,
    /// An array of so many bytes is whole.
    Array(usize),
    /// A line is whole: its length without its end, and with it.
    Line(usize, usize),
}

impl RequestParser {
    /// A parser with limits of the caller's.
    pub fn new(limits: RequestLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Takes other limits for what is read from now on, as after a client has authenticated.
    pub fn set_limits(&mut self, limits: RequestLimits) {
        self.limits = limits;
    }

    /// Takes the next whole command out of `buffer`, or returns `None` when its end has not come yet.
    ///
    /// Between calls bytes may only be appended to `buffer`.
    ///
    /// # Errors
    /// [`RequestError`] when the bytes are no request or go over a limit. Nothing behind it can be trusted, so the
    /// parser says the same ever after; [`RequestParser::reset`] readies it for another client.
    pub fn parse(&mut self, buffer: &mut BytesMut) -> Result<Option<Command>, RequestError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        loop {
            let command = self.next(buffer).inspect_err(|error| self.failed = Some(*error))?;
            match command {
                Some(command) if command.len() == 0 => {}
                command => return Ok(command),
            }
        }
    }

    /// A number of bytes that must still come before [`RequestParser::parse`] can return the command it has begun: at
    /// least 1, never more than are missing, and all of the payload and its CRLF inside an argument. 0 between
    /// commands.
    pub fn needed(&self) -> usize {
        self.needed
    }

    /// Whether no command was left half read by the last [`RequestParser::parse`]. After an error it is false.
    pub fn is_idle(&self) -> bool {
        !self.half_read
    }

    /// Forgets a command that is half read, or an error: the next bytes begin a stream.
    pub fn reset(&mut self) {
        *self = Self::new(self.limits);
    }

    /// The next command, also one without arguments.
    fn next(&mut self, buffer: &mut BytesMut) -> Result<Option<Command>, RequestError> {
        (self.needed, self.half_read) = (usize::from(!buffer.is_empty()), !buffer.is_empty());
        let command = match self.advance(buffer)? {
            Reach::Starved => return Ok(None),
            Reach::Array(len) => Command::new(buffer.split_to(len).freeze(), self.first, self.count),
            Reach::Line(line, len) => {
                let command = inline::split(buffer.get(..line).unwrap_or_default(), self.limits)?;
                buffer.advance(len);
                command
            }
        };
        self.reset();
        Ok(Some(command))
    }

    /// Reads on in `input`, which starts with the request's first byte.
    fn advance(&mut self, input: &[u8]) -> Result<Reach, RequestError> {
        match input.first() {
            None => return Ok(Reach::Starved),
            Some(b'*') => {}
            Some(_) => return self.line(input),
        }
        if self.position == 0 {
            let Some(count) = self.number(input, Fault::Count)? else { return Ok(Reach::Starved) };
            let limit = self.limits.arguments;
            self.count = usize::try_from(count.max(0)).unwrap_or(usize::MAX);
            if self.count > limit {
                return Err(RequestError::new(Fault::TooManyArguments { limit }, 0));
            }
            (self.first, self.left) = (self.position, self.count);
        }
        while self.left > 0 {
            let Some(len) = self.bulk_length(input)? else { return Ok(Reach::Starved) };
            let end = self.position.saturating_add(len);
            let Some(crlf) = input.get(end..end.saturating_add(2)) else {
                self.needed = end.saturating_add(2).saturating_sub(input.len());
                return Ok(Reach::Starved);
            };
            if crlf != b"\r\n" {
                return Err(RequestError::new(Fault::Crlf, end));
            }
            self.position = end.saturating_add(2);
            self.left = self.left.saturating_sub(1);
            self.body = None;
        }
        Ok(Reach::Array(self.position))
    }

    /// The length of the argument that comes next, read only once.
    fn bulk_length(&mut self, input: &[u8]) -> Result<Option<usize>, RequestError> {
        if self.body.is_some() {
            return Ok(self.body);
        }
        let start = self.position;
        let fault = |kind| Err(RequestError::new(kind, start));
        match input.get(start) {
            None => return Ok(None),
            Some(b'$') => {}
            Some(other) => return fault(Fault::NoBulk(*other)),
        }
        let Some(len) = self.number(input, Fault::BulkLength)? else { return Ok(None) };
        let (bulk, request) = (self.limits.bulk, self.limits.request);
        match usize::try_from(len) {
            Err(_) if len < 0 => return fault(Fault::BulkLength),
            Ok(len) if len <= bulk => self.body = Some(len),
            _ => return fault(Fault::BulkTooLong { limit: bulk }),
        }
        let end = self.position.saturating_add(self.body.unwrap_or_default()).saturating_add(2);
        if end > request {
            return fault(Fault::RequestTooLong { limit: request });
        }
        Ok(self.body)
    }

    /// Reads the number and the CRLF after a sign, and moves behind them.
    fn number(&mut self, input: &[u8], fault: Fault) -> Result<Option<i64>, RequestError> {
        match leaf::number(input.get(self.position.saturating_add(1)..).unwrap_or_default()) {
            Ok((rest, number)) => {
                self.position = input.len().saturating_sub(rest.len());
                Ok(Some(number))
            }
            Err(nom::Err::Incomplete(_)) => Ok(None),
            Err(nom::Err::Error(error) | nom::Err::Failure(error)) => {
                Err(RequestError::new(fault, input.len().saturating_sub(error.input.len())))
            }
        }
    }

    /// Finds the end of an inline command, in no more bytes than it may have.
    fn line(&mut self, input: &[u8]) -> Result<Reach, RequestError> {
        let limit = self.limits.inline.min(self.limits.request);
        let window = limit.saturating_add(2);
        let seen = input.get(..window).unwrap_or(input);
        let new = seen.get(self.searched..).unwrap_or_default();
        match new.iter().position(|byte| *byte == b'\n') {
            Some(at) => {
                let end = self.searched.saturating_add(at);
                let line = seen.get(..end).unwrap_or_default();
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                if line.len() <= limit {
                    return Ok(Reach::Line(line.len(), end.saturating_add(1)));
                }
            }
            None if seen.len() < window => {
                self.searched = seen.len();
                return Ok(Reach::Starved);
            }
            None => {}
        }
        Err(RequestError::new(Fault::InlineTooLong { limit }, 0))
    }
}
