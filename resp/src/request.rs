//! A command on its way out: packed while it is put together, and never again.
//!
//! Small arguments are copied into one buffer that starts on the stack. An argument above [`LARGE_ARGUMENT`]
//! stays where it is and goes out as a segment of its own, so that a 16 MB value is never copied:
//!
//! ```text
//!  body   [ headroom | $3 SET $3 key $16000000 ]───┐   [ CRLF ]      one buffer, split at the marks
//!  large                                            └▶ value ─▶┘     borrowed, or given away
//!          *3 is written backwards into the headroom when the count is known
//! ```

use std::fmt;
use std::io::IoSlice;
use std::ops::Range;
use std::time::Duration;

use smallvec::SmallVec;

use crate::{Arg, ToArgs, ToPairs};

/// Arguments longer than this many bytes are not copied but sent from where they are.
///
/// 6,000 is where redis-py (`_parsers`/`connection.py`, 8.0) draws the same line: below it a copy costs less than
/// one more entry in a vectored send.
pub const LARGE_ARGUMENT: usize = 6_000;

/// Room for `*`, ten digits and CRLF before the first argument.
const HEADROOM: usize = 13;

/// A typical command with its header fits here without an allocation.
const INLINE: usize = 128;

/// A command with its arguments, packed in the form that goes over the wire.
///
/// # Example
/// ```
/// use resp::Request;
///
/// let mut request = Request::new("CONFIG GET").arg("maxmemory");
/// assert_eq!(request.wire().to_vec(), b"*3\r\n$6\r\nCONFIG\r\n$3\r\nGET\r\n$9\r\nmaxmemory\r\n");
/// assert_eq!(request.name(), "CONFIG GET");
/// ```
#[derive(Clone)]
pub struct Request<'a> {
    name: &'a str,
    /// `HEADROOM` bytes, the packed arguments after them, and then perhaps room.
    body: SmallVec<[u8; INLINE]>,
    /// How much of the body is written. Writing into room costs a fraction of what appending does.
    used: usize,
    large: Vec<Large<'a>>,
    count: usize,
    keys: SmallVec<[KeySpan; 1]>,
    wait: Wait,
    flaw: Option<Flaw>,
}

/// How long the server itself may hold back its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// It answers as soon as it can.
    No,
    /// A blocking command with a time limit (`BLPOP key 5`).
    For(Duration),
    /// A blocking command without one (`BLPOP key 0`).
    Forever,
}

/// Why a request must not be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// The command has no name.
    NoName,
    /// A list of keys was empty.
    NoKeys,
    /// A list of arguments was empty.
    NoArguments,
    /// A list of pairs was empty.
    NoPairs,
    /// More arguments than Redis reads: 2³¹ − 1 (`processMultibulkBuffer` in Redis 7 and later).
    TooManyArguments,
    /// An argument that contradicts another or is out of its range; the text says which.
    Argument(&'static str),
}

/// A large argument and where in the body it belongs.
#[derive(Clone)]
struct Large<'a> {
    at: usize,
    bytes: Segment<'a>,
}

#[derive(Clone)]
enum Segment<'a> {
    Borrowed(&'a [u8]),
    Owned(Vec<u8>),
}

/// The arguments `first, first + step, …` (`count` of them) are keys. The name's first word is argument 0.
#[derive(Clone, Copy)]
struct KeySpan {
    first: usize,
    step: usize,
    count: usize,
}

impl<'a> Request<'a> {
    /// Starts the command `name`; each word of it becomes an argument (`CONFIG GET` is two).
    pub fn new(name: &'a str) -> Self {
        let mut request = Self {
            name,
            body: SmallVec::from_buf([0; INLINE]),
            used: HEADROOM,
            large: Vec::new(),
            count: 0,
            keys: SmallVec::new(),
            wait: Wait::No,
            flaw: None,
        };
        name.split_ascii_whitespace().for_each(|word| request.push(Arg::Borrowed(word.as_bytes())));
        if request.count == 0 {
            request.refuse(Flaw::NoName);
        }
        request
    }

    /// Adds a key. Keys are marked, so that a router finds them without a table of commands.
    #[must_use]
    pub fn key(mut self, key: impl Into<Arg<'a>>) -> Self {
        let first = self.count;
        self.push(key.into());
        self.mark_keys(first, 1);
        self
    }

    /// Adds keys; none at all is a [`Flaw`].
    #[must_use]
    pub fn keys<T: ToArgs + ?Sized>(mut self, keys: &'a T) -> Self {
        let first = self.count;
        keys.for_each_arg(&mut |key| self.push(key));
        if self.count == first {
            self.refuse(Flaw::NoKeys);
        }
        self.mark_keys(first, 1);
        self
    }

    /// Adds one argument.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<Arg<'a>>) -> Self {
        self.push(arg.into());
        self
    }

    /// Adds arguments; none at all is a [`Flaw`].
    #[must_use]
    pub fn args<T: ToArgs + ?Sized>(mut self, args: &'a T) -> Self {
        let first = self.count;
        args.for_each_arg(&mut |arg| self.push(arg));
        if self.count == first {
            self.refuse(Flaw::NoArguments);
        }
        self
    }

    /// Adds pairs of arguments, such as fields and their values; none at all is a [`Flaw`].
    #[must_use]
    pub fn pairs<T: ToPairs + ?Sized>(mut self, pairs: &'a T) -> Self {
        let first = self.count;
        pairs.for_each_pair(&mut |a, b| {
            self.push(a);
            self.push(b);
        });
        if self.count == first {
            self.refuse(Flaw::NoPairs);
        }
        self
    }

    /// Adds pairs of a key and its value, as `MSET` takes them; none at all is a [`Flaw`].
    #[must_use]
    pub fn key_pairs<T: ToPairs + ?Sized>(mut self, pairs: &'a T) -> Self {
        let first = self.count;
        self = self.pairs(pairs);
        self.mark_keys(first, 2);
        self
    }

    /// Adds the number of `keys` and then the keys, as `EVAL` and `SINTERCARD` take them.
    #[must_use]
    pub fn counted_keys<T: ToArgs + ?Sized>(mut self, keys: &'a T) -> Self {
        let mut list: SmallVec<[Arg<'a>; 4]> = SmallVec::new();
        keys.for_each_arg(&mut |key| list.push(key));
        self.push(Arg::Uint(list.len() as u64));
        let first = self.count;
        list.into_iter().for_each(|key| self.push(key));
        self.mark_keys(first, 1);
        self
    }

    /// Adds what `options` adds: the way an option list writes itself.
    #[must_use]
    pub fn with(self, options: impl FnOnce(Self) -> Self) -> Self {
        options(self)
    }

    /// States that the server may hold back its answer, so that a deadline makes room for it.
    #[must_use]
    pub fn waits(mut self, wait: Wait) -> Self {
        self.wait = wait;
        self
    }

    /// Marks the request as one that must not be sent. The first reason stays.
    pub fn refuse(&mut self, flaw: Flaw) {
        self.flaw.get_or_insert(flaw);
    }

    /// The name as it was given to [`Request::new`].
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// The number of arguments, the words of the name included.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is nothing to send, not even a name.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Why this request must not be sent, if so.
    pub fn flaw(&self) -> Option<Flaw> {
        self.flaw
    }

    /// How long the server may hold back its answer.
    pub fn wait(&self) -> Wait {
        self.wait
    }

    /// The keys, in order.
    ///
    /// # Example
    /// ```
    /// let request = resp::Request::new("MSET").key_pairs(&[("a", 1), ("b", 2)]);
    /// assert_eq!(request.keys_iter().collect::<Vec<_>>(), [b"a", b"b"]);
    /// ```
    pub fn keys_iter(&self) -> impl Iterator<Item = &[u8]> {
        let spans = &self.keys;
        self.args_iter()
            .enumerate()
            .filter(|(at, _)| spans.iter().any(|span| span.has(*at)))
            .map(|(_, arg)| arg)
    }

    /// All arguments, the words of the name first.
    ///
    /// # Example
    /// ```
    /// let request = resp::Request::new("GET").key("k");
    /// assert_eq!(request.args_iter().collect::<Vec<_>>(), [&b"GET"[..], b"k"]);
    /// ```
    pub fn args_iter(&self) -> impl Iterator<Item = &[u8]> {
        Args { body: self.written(), at: HEADROOM, large: &self.large }
    }

    /// The bytes to send, in segments. Writes the header, so that it needs `&mut`.
    pub fn wire(&mut self) -> Wire<'_> {
        let mut digits = itoa::Buffer::new();
        let digits = digits.format(self.count).as_bytes();
        let start = HEADROOM.saturating_sub(digits.len().saturating_add(3));
        if let Some([star, room @ .., cr, lf]) = self.body.get_mut(start..HEADROOM) {
            (*star, *cr, *lf) = (b'*', b'\r', b'\n');
            room.iter_mut().zip(digits).for_each(|(to, from)| *to = *from);
        }
        Wire { body: self.written(), start, large: &self.large }
    }

    fn push(&mut self, arg: Arg<'a>) {
        self.count = self.count.saturating_add(1);
        if self.count > i32::MAX as usize {
            self.refuse(Flaw::TooManyArguments);
            return;
        }
        match arg {
            Arg::Borrowed(bytes) if bytes.len() <= LARGE_ARGUMENT => self.bulk(bytes),
            Arg::Borrowed(bytes) => self.segment(Segment::Borrowed(bytes)),
            Arg::Owned(bytes) if bytes.len() <= LARGE_ARGUMENT => self.bulk(&bytes),
            Arg::Owned(bytes) => self.segment(Segment::Owned(bytes)),
            Arg::Int(number) => self.bulk(itoa::Buffer::new().format(number).as_bytes()),
            Arg::Uint(number) => self.bulk(itoa::Buffer::new().format(number).as_bytes()),
            Arg::Double(number) => self.bulk(ryu::Buffer::new().format(number).as_bytes()),
        }
    }

    fn written(&self) -> &[u8] {
        self.body.get(..self.used).unwrap_or_default()
    }

    fn bulk(&mut self, bytes: &[u8]) {
        if self.bulk_in_place(bytes) {
            return;
        }
        self.body.truncate(self.used);
        self.body.reserve(bytes.len().saturating_add(HEADROOM));
        self.append_length(bytes.len());
        self.body.extend_from_slice(bytes);
        self.append_end();
    }

    /// Writes a short argument where there is room for it; returns whether there was.
    fn bulk_in_place(&mut self, bytes: &[u8]) -> bool {
        let len = bytes.len();
        let digit = |value: usize| b'0'.wrapping_add((value % 10) as u8);
        let room = self.body.get_mut(self.used..).unwrap_or_default();
        let start = match len {
            0..=9 => put(room, [b'$', digit(len), b'\r', b'\n']),
            10..=99 => put(room, [b'$', digit(len / 10), digit(len), b'\r', b'\n']),
            _ => return false,
        };
        let end = start.saturating_add(len);
        let Some((value, rest)) = room.get_mut(start..).and_then(|room| room.split_at_mut_checked(len))
        else {
            return false;
        };
        if rest.len() < 2 {
            return false;
        }
        value.copy_from_slice(bytes);
        put(rest, *b"\r\n");
        self.used = self.used.saturating_add(end).saturating_add(2);
        true
    }

    fn segment(&mut self, bytes: Segment<'a>) {
        self.body.truncate(self.used);
        self.append_length(bytes.as_slice().len());
        self.large.push(Large { at: self.body.len(), bytes });
        self.append_end();
    }

    /// Appends the line before an argument.
    fn append_length(&mut self, len: usize) {
        self.body.push(b'$');
        self.body.extend_from_slice(itoa::Buffer::new().format(len).as_bytes());
        self.body.extend_from_slice(b"\r\n");
    }

    /// Appends the CRLF after an argument.
    fn append_end(&mut self) {
        self.body.extend_from_slice(b"\r\n");
        self.used = self.body.len();
    }

    /// Of the arguments from `first` on, each `step`-th is a key.
    fn mark_keys(&mut self, first: usize, step: usize) {
        let count = self.count.saturating_sub(first);
        let count = if step == 1 { count } else { count.div_ceil(step) };
        match self.keys.last_mut() {
            _ if count == 0 => {}
            Some(last) if last.step == 1 && step == 1 && last.first.saturating_add(last.count) == first => {
                last.count = last.count.saturating_add(count);
            }
            _ => self.keys.push(KeySpan { first, step, count }),
        }
    }
}

/// Writes `bytes` at the beginning of `room`, and returns how many they are.
fn put<const N: usize>(room: &mut [u8], bytes: [u8; N]) -> usize {
    if let Some(room) = room.first_chunk_mut() {
        *room = bytes;
    }
    N
}

impl fmt::Debug for Request<'_> {
    /// Shows the name and the number of arguments, never a value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("name", &self.name)
            .field("arguments", &self.count)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoName => "a command needs a name",
            Self::NoKeys => "needs at least one key",
            Self::NoArguments => "needs at least one argument",
            Self::NoPairs => "needs at least one pair",
            Self::TooManyArguments => "takes at most 2147483647 arguments",
            Self::Argument(what) => what,
        })
    }
}

impl KeySpan {
    fn has(self, at: usize) -> bool {
        let Some(distance) = at.checked_sub(self.first) else { return false };
        distance.checked_rem(self.step) == Some(0)
            && distance.checked_div(self.step).is_some_and(|n| n < self.count)
    }
}

impl Segment<'_> {
    fn as_slice(&self) -> &[u8] {
        match self {
            Self::Borrowed(bytes) => bytes,
            Self::Owned(bytes) => bytes,
        }
    }
}

/// The bytes of a request in the order they are sent: one segment, or more when an argument is large.
///
/// # Example
/// ```
/// let value = vec![b'x'; 16_000_000];
/// let mut request = resp::Request::new("SET").key("k").arg(&value);
/// let segments: Vec<&[u8]> = request.wire().segments().collect();
/// assert_eq!(segments.len(), 3);
/// assert!(std::ptr::eq(segments[1], &value[..])); // borrowed, not copied
/// ```
#[derive(Clone, Copy)]
pub struct Wire<'a> {
    body: &'a [u8],
    start: usize,
    large: &'a [Large<'a>],
}

impl<'a> Wire<'a> {
    /// All bytes, if they are one segment: the usual case.
    pub fn as_slice(&self) -> Option<&'a [u8]> {
        if self.large.is_empty() { self.body.get(self.start..) } else { None }
    }

    /// The segments, in order.
    pub fn segments(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let body = self.body;
        let ends = self.large.iter().map(|large| large.at).chain([body.len()]);
        let starts = std::iter::once(self.start).chain(self.large.iter().map(|large| large.at));
        let after = self.large.iter().map(|large| Some(large.bytes.as_slice())).chain([None]);
        starts
            .zip(ends)
            .map(move |(start, end)| body.get(Range { start, end }).unwrap_or_default())
            .zip(after)
            .flat_map(|(small, large)| std::iter::once(small).chain(large))
    }

    /// The segments in the form that a vectored write takes.
    pub fn io_slices(&self) -> Vec<IoSlice<'a>> {
        self.segments().map(IoSlice::new).collect()
    }

    /// The number of bytes.
    pub fn len(&self) -> usize {
        self.segments().map(<[u8]>::len).fold(0, usize::saturating_add)
    }

    /// Whether there are no bytes; a request always has some.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends all bytes to `out`, as a pipeline does.
    pub fn write_to(&self, out: &mut Vec<u8>) {
        out.reserve(self.len());
        self.segments().for_each(|segment| out.extend_from_slice(segment));
    }

    /// A copy of all bytes.
    pub fn to_vec(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write_to(&mut out);
        out
    }
}

/// Walks over what `push` has packed, which is why it trusts the lengths.
struct Args<'a> {
    body: &'a [u8],
    at: usize,
    large: &'a [Large<'a>],
}

impl<'a> Iterator for Args<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.body.get(self.at..)?.strip_prefix(b"$")?;
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let len: usize = std::str::from_utf8(rest.get(..digits)?).ok()?.parse().ok()?;
        let start = self.at.checked_add(digits)?.checked_add(3)?;
        if let Some((first, others)) = self.large.split_first().filter(|(first, _)| first.at == start) {
            (self.large, self.at) = (others, start.checked_add(2)?);
            return Some(first.bytes.as_slice());
        }
        let end = start.checked_add(len)?;
        self.at = end.checked_add(2)?;
        self.body.get(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_the_vector_of_redis_py() {
        let float = (&b"b\0"[..], 3.25);
        let mut request =
            Request::new("HSET").key("foo").pairs(&[("key", "value1")]).pairs(&float).pairs(&("i", 67));
        assert_eq!(
            request.wire().to_vec(),
            b"*8\r\n$4\r\nHSET\r\n$3\r\nfoo\r\n$3\r\nkey\r\n$6\r\nvalue1\r\n$2\r\nb\0\r\n$4\r\n3.25\r\n$1\r\ni\r\n$2\r\n67\r\n"
        );
    }

    #[test]
    fn header_grows_into_the_headroom() {
        for count in [1_usize, 9, 10, 99, 100, 12_345] {
            let keys = vec!["k"; count];
            let mut request = Request::new("DEL").keys(&keys);
            let wire = request.wire().to_vec();
            assert!(
                wire.starts_with(format!("*{}\r\n$3\r\nDEL\r\n$1\r\nk\r\n", count + 1).as_bytes()),
                "{count}"
            );
        }
    }

    #[test]
    fn large_arguments_are_lent_or_moved_and_never_copied() {
        let lent = vec![1_u8; LARGE_ARGUMENT + 1];
        let moved = vec![2_u8; LARGE_ARGUMENT + 1];
        let places = [lent.as_ptr(), moved.as_ptr()];
        let mut request = Request::new("X").arg(&lent).arg("small").arg(moved);
        let wire = request.wire();
        assert_eq!(wire.as_slice(), None);
        let large: Vec<_> =
            wire.segments().filter(|s| s.len() > LARGE_ARGUMENT).map(<[u8]>::as_ptr).collect();
        assert_eq!(large, places);
        assert_eq!(wire.len(), wire.to_vec().len());
        assert_eq!(wire.io_slices().len(), 5);
        let lens: Vec<_> = request.args_iter().map(<[u8]>::len).collect();
        assert_eq!(lens, [1, LARGE_ARGUMENT + 1, 5, LARGE_ARGUMENT + 1]);
    }

    #[test]
    fn keys_are_found_wherever_they_stand() {
        let keys = |request: Request<'_>| -> Vec<String> {
            request.keys_iter().map(|key| String::from_utf8_lossy(key).into_owned()).collect()
        };
        assert_eq!(keys(Request::new("PING")), [""; 0]);
        assert_eq!(keys(Request::new("GET").key("a")), ["a"]);
        assert_eq!(keys(Request::new("RENAME").key("a").key("b")), ["a", "b"]);
        assert_eq!(keys(Request::new("BITOP").arg("AND").key("d").keys(&["a", "b"])), ["d", "a", "b"]);
        assert_eq!(keys(Request::new("MSET").key_pairs(&[("a", 1), ("b", 2)])), ["a", "b"]);
        assert_eq!(keys(Request::new("EVAL").arg("return 1").counted_keys(&["a", "b"]).arg("c")), ["a", "b"]);
        assert_eq!(keys(Request::new("EVAL").arg("return 1").counted_keys(&[""; 0]).arg("c")), [""; 0]);
        assert_eq!(keys(Request::new("OBJECT ENCODING").key("a")), ["a"]);
        let large = "k".repeat(LARGE_ARGUMENT + 1);
        assert_eq!(keys(Request::new("GETRANGE").key(&large).arg(0).arg(1)), [large]);
    }

    #[test]
    fn empty_lists_are_flaws_and_the_first_one_stays() {
        let none: [&str; 0] = [];
        let no_pairs: [(&str, &str); 0] = [];
        assert_eq!(Request::new("DEL").keys(&none).flaw(), Some(Flaw::NoKeys));
        assert_eq!(Request::new("SADD").key("k").args(&none).flaw(), Some(Flaw::NoArguments));
        assert_eq!(Request::new("MSET").key_pairs(&no_pairs).flaw(), Some(Flaw::NoPairs));
        assert_eq!(Request::new(" ").flaw(), Some(Flaw::NoName));
        assert_eq!(Request::new("DEL").keys(&none).args(&none).flaw(), Some(Flaw::NoKeys));
        assert_eq!(Request::new("DEL").keys("k").flaw(), None);
    }

    #[test]
    fn debug_shows_no_value() {
        assert_eq!(
            format!("{:?}", Request::new("AUTH").arg("secret")),
            "Request { name: \"AUTH\", arguments: 2, .. }"
        );
    }
}
