//! A command on its way out: packed while it is put together, and never again.
//!
//! Small arguments are copied into one [`Body`] that starts on the stack. An argument above [`LARGE_ARGUMENT`]
//! stays where it is and goes out as a segment of its own, so that a 16 MB value is never copied:
//!
//! ```text
//!  body   [ headroom | $3 SET $3 key $16000000 ]───┐   [ CRLF ]      one buffer, split at the marks
//!  large                                            └▶ value ─▶┘     borrowed, or given away
//!          *3 is written backwards into the headroom when the count is known
//! ```

use std::fmt;
use std::time::Duration;

use smallvec::SmallVec;

use crate::body::{Body, HEADROOM};
use crate::wire::{Args, Large, Segment};
use crate::{Arg, ToArgs, ToPairs, Wire};

/// Arguments longer than this many bytes are not copied but sent from where they are.
///
/// 6,000 is where redis-py (`_parsers`/`connection.py`, 8.0) draws the same line: below it a copy costs less than
/// one more entry in a vectored send.
pub const LARGE_ARGUMENT: usize = 6_000;

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
    body: Body,
    count: u32,
    /// The first keys; of most commands all.
    keys: KeySpan,
    wait: Wait,
    rare: Option<Box<Rare<'a>>>,
}

/// What few requests have, out of the way of those that have not: a request is moved each time something is added.
#[derive(Clone, Default)]
struct Rare<'a> {
    large: Vec<Large<'a>>,
    /// Keys that do not follow upon the first ones.
    more_keys: Vec<KeySpan>,
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
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// A value that is no argument; the text says why and names the field, never the value.
    Value(Box<str>),
}

/// The arguments `first, first + step, …` (`count` of them) are keys. The name's first word is argument 0.
#[derive(Clone, Copy)]
struct KeySpan {
    first: u32,
    step: u32,
    count: u32,
}

impl<'a> Request<'a> {
    /// Starts the command `name`; each word of it becomes an argument (`CONFIG GET` is two).
    #[inline(never)]
    pub fn new(name: &'a str) -> Self {
        let mut request = Self {
            name,
            body: Body::new(),
            count: 0,
            keys: KeySpan { first: 0, step: 1, count: 0 },
            wait: Wait::No,
            rare: None,
        };
        request.push_name();
        request
    }

    /// Adds a key. Keys are marked, so that a router finds them without a table of commands.
    #[inline]
    #[must_use]
    pub fn key(self, key: impl Into<Arg<'a>>) -> Self {
        match key.into() {
            Arg::Borrowed(key) => self.lend_key(key),
            key => self.push_key(key),
        }
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
    #[inline]
    #[must_use]
    pub fn arg(self, arg: impl Into<Arg<'a>>) -> Self {
        match arg.into() {
            Arg::Borrowed(arg) => self.lend_arg(arg),
            arg => self.push_arg(arg),
        }
    }

    /// Adds one argument that is never copied into the request, however short: a password. What
    /// [`Wire::write_to`] makes is the caller's to overwrite.
    ///
    /// # Example
    /// ```
    /// let password = "s3cret".to_owned();
    /// let mut request = resp::Request::new("AUTH").secret(&password);
    /// let segments: Vec<&[u8]> = request.wire().segments().collect();
    /// assert!(std::ptr::eq(segments[1], password.as_bytes()));
    /// ```
    #[must_use]
    pub fn secret(mut self, secret: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        self.segment(Segment::Borrowed(secret.as_ref()));
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
    #[cold]
    #[inline]
    pub fn refuse(&mut self, flaw: Flaw) {
        self.rare().flaw.get_or_insert(flaw);
    }

    /// The name as it was given to [`Request::new`].
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// The number of arguments, the words of the name included.
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether there is nothing to send, not even a name.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Why this request must not be sent, if so.
    pub fn flaw(&self) -> Option<Flaw> {
        self.rare.as_ref()?.flaw.clone()
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
        let more = self.rare.as_ref().map(|rare| rare.more_keys.as_slice()).unwrap_or_default();
        self.args_iter()
            .zip(0..)
            .filter(move |(_, at)| self.keys.has(*at) || more.iter().any(|span| span.has(*at)))
            .map(|(arg, _)| arg)
    }

    /// All arguments, the words of the name first.
    ///
    /// # Example
    /// ```
    /// let request = resp::Request::new("GET").key("k");
    /// assert_eq!(request.args_iter().collect::<Vec<_>>(), [&b"GET"[..], b"k"]);
    /// ```
    pub fn args_iter(&self) -> impl Iterator<Item = &[u8]> {
        Args::new(self.body.written(), HEADROOM, self.large())
    }

    /// The bytes to send, in segments. Writes the header, so that it needs `&mut`.
    #[inline]
    pub fn wire(&mut self) -> Wire<'_> {
        let start = self.write_header();
        Wire::new(self.body.written(), start, self.large())
    }

    /// Writes the number of arguments in front of them; returns where the request begins.
    #[inline]
    fn write_header(&mut self) -> usize {
        if self.count < 10 {
            const START: usize = HEADROOM - 4;
            let digit = b'0'.wrapping_add(self.count as u8);
            if let Some(room) = self.body.written_mut().get_mut(START..HEADROOM) {
                room.copy_from_slice(&[b'*', digit, b'\r', b'\n']);
            }
            return START;
        }
        self.write_long_header()
    }

    fn write_long_header(&mut self) -> usize {
        let mut digits = itoa::Buffer::new();
        let digits = digits.format(self.count).as_bytes();
        let start = HEADROOM.saturating_sub(digits.len().saturating_add(3));
        if let Some([star, room @ .., cr, lf]) = self.body.written_mut().get_mut(start..HEADROOM) {
            (*star, *cr, *lf) = (b'*', b'\r', b'\n');
            room.iter_mut().zip(digits).for_each(|(to, from)| *to = *from);
        }
        start
    }

    // A request is moved at each step. These four are no part of their callers, so that it is moved once in each.

    #[inline(never)]
    fn lend_key(mut self, key: &'a [u8]) -> Self {
        let first = self.count;
        self.lend(key);
        self.mark_keys(first, 1);
        self
    }

    #[inline(never)]
    fn push_key(mut self, key: Arg<'a>) -> Self {
        let first = self.count;
        self.push(key);
        self.mark_keys(first, 1);
        self
    }

    #[inline(never)]
    fn lend_arg(mut self, arg: &'a [u8]) -> Self {
        self.lend(arg);
        self
    }

    #[inline(never)]
    fn push_arg(mut self, arg: Arg<'a>) -> Self {
        self.push(arg);
        self
    }

    #[inline]
    fn push_name(&mut self) {
        let name = self.name.as_bytes();
        if !name.is_empty() && !name.iter().any(u8::is_ascii_whitespace) {
            return self.lend(name); // most names are one word
        }
        self.name.split_ascii_whitespace().for_each(|word| self.lend(word.as_bytes()));
        if self.count == 0 {
            self.refuse(Flaw::NoName);
        }
    }

    #[inline]
    fn push(&mut self, arg: Arg<'a>) {
        match arg {
            Arg::Borrowed(bytes) => self.lend(bytes),
            Arg::Owned(bytes) => self.give(bytes),
            Arg::Int(number) => self.int(number),
            Arg::Uint(number) => self.uint(number),
            Arg::Double(number) => self.double(number),
            Arg::Hyphened(first, second) => self.hyphened(first, second),
            Arg::Refused(why) => self.refuse(Flaw::Value(why)),
        }
    }

    #[inline]
    fn lend(&mut self, bytes: &'a [u8]) {
        if bytes.len() <= LARGE_ARGUMENT { self.bulk(bytes) } else { self.segment(Segment::Borrowed(bytes)) }
    }

    #[inline]
    fn give(&mut self, bytes: Vec<u8>) {
        if bytes.len() <= LARGE_ARGUMENT { self.bulk(&bytes) } else { self.segment(Segment::Owned(bytes)) }
    }

    #[inline]
    fn int(&mut self, number: i64) {
        self.bulk(itoa::Buffer::new().format(number).as_bytes());
    }

    #[inline]
    fn uint(&mut self, number: u64) {
        self.bulk(itoa::Buffer::new().format(number).as_bytes());
    }

    #[inline]
    fn double(&mut self, number: f64) {
        self.bulk(ryu::Buffer::new().format(number).as_bytes());
    }

    fn hyphened(&mut self, first: u64, second: u64) {
        let (mut a, mut b) = (itoa::Buffer::new(), itoa::Buffer::new());
        let parts = [a.format(first).as_bytes(), b"-", b.format(second).as_bytes()];
        let text: SmallVec<[u8; 64]> = parts.into_iter().flatten().copied().collect();
        self.bulk(&text);
    }

    #[inline]
    fn bulk(&mut self, bytes: &[u8]) {
        if self.count_one() {
            self.body.bulk(bytes);
        }
    }

    #[inline]
    fn segment(&mut self, bytes: Segment<'a>) {
        if self.count_one() {
            let at = self.body.split_bulk(bytes.as_slice().len());
            self.rare().large.push(Large { at, bytes });
        }
    }

    /// Counts one more argument; false when there are too many.
    #[inline]
    fn count_one(&mut self) -> bool {
        self.count = self.count.saturating_add(1);
        let fits = self.count <= i32::MAX as u32;
        if !fits {
            self.refuse(Flaw::TooManyArguments);
        }
        fits
    }

    #[cold]
    #[inline]
    fn rare(&mut self) -> &mut Rare<'a> {
        self.rare.get_or_insert_default()
    }

    #[inline]
    fn large(&self) -> &[Large<'a>] {
        self.rare.as_ref().map(|rare| rare.large.as_slice()).unwrap_or_default()
    }

    /// Of the arguments from `first` on, each `step`-th is a key.
    #[inline]
    fn mark_keys(&mut self, first: u32, step: u32) {
        let count = self.count.saturating_sub(first);
        let count = if step == 1 { count } else { count.div_ceil(step) };
        let span = KeySpan { first, step, count };
        if self.keys.count == 0 {
            self.keys = span;
        } else {
            self.mark_more_keys(span);
        }
    }

    #[cold]
    #[inline]
    fn mark_more_keys(&mut self, span: KeySpan) {
        let more = self.rare.as_mut().and_then(|rare| rare.more_keys.last_mut());
        let last = more.unwrap_or(&mut self.keys);
        if span.count > 0 && !last.extend(span) {
            self.rare().more_keys.push(span);
        }
    }
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
            Self::Value(why) => why,
        })
    }
}

impl KeySpan {
    /// Takes in the keys that follow at once; returns whether they do.
    fn extend(&mut self, next: Self) -> bool {
        let end = self.first.saturating_add(self.count);
        let follows = self.step == 1 && next.step == 1 && end == next.first;
        if follows {
            self.count = self.count.saturating_add(next.count);
        }
        follows
    }

    fn has(self, at: u32) -> bool {
        let Some(distance) = at.checked_sub(self.first) else { return false };
        distance.checked_rem(self.step) == Some(0)
            && distance.checked_div(self.step).is_some_and(|n| n < self.count)
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
        let refused = Request::new("SET").key("k").arg(Arg::Refused("no".into())).args(&none);
        assert_eq!(refused.flaw(), Some(Flaw::Value("no".into())));
    }

    #[test]
    fn debug_shows_no_value() {
        assert_eq!(
            format!("{:?}", Request::new("AUTH").arg("secret")),
            "Request { name: \"AUTH\", arguments: 2, .. }"
        );
    }
}
