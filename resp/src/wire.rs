//! A packed request as it goes over the wire: in segments, because large arguments stay where they are.
//!
//! It only looks at what [`Request`](crate::Request) has packed, and copies nothing unless asked to.

use std::io::IoSlice;
use std::ops::Range;

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
    #[inline]
    pub(crate) fn new(body: &'a [u8], start: usize, large: &'a [Large<'a>]) -> Self {
        Self { body, start, large }
    }

    /// All bytes, if they are one segment: the usual case.
    #[inline]
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
    #[inline]
    pub fn write_to(&self, out: &mut Vec<u8>) {
        match self.as_slice() {
            Some(all) => out.extend_from_slice(all),
            None => self.write_segments_to(out),
        }
    }

    fn write_segments_to(&self, out: &mut Vec<u8>) {
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

/// Walks over what a request has packed, which is why it trusts the lengths.
pub(crate) struct Args<'a> {
    body: &'a [u8],
    at: usize,
    large: &'a [Large<'a>],
}

impl<'a> Args<'a> {
    pub(crate) fn new(body: &'a [u8], at: usize, large: &'a [Large<'a>]) -> Self {
        Self { body, at, large }
    }
}

impl<'a> Iterator for Args<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        let line = self.body.get(self.at..)?.strip_prefix(b"$")?.iter();
        let digits = line.map_while(|byte| byte.is_ascii_digit().then_some(usize::from(byte & 15)));
        let number = |(len, count): (usize, usize), digit| {
            (len.wrapping_mul(10).wrapping_add(digit), count.wrapping_add(1))
        };
        let (len, digits) = digits.fold((0, 0), number);
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

/// A large argument and where in the body it belongs.
#[derive(Clone)]
pub(crate) struct Large<'a> {
    pub(crate) at: usize,
    pub(crate) bytes: Segment<'a>,
}

#[derive(Clone)]
pub(crate) enum Segment<'a> {
    Borrowed(&'a [u8]),
    Owned(Vec<u8>),
}

impl Segment<'_> {
    pub(crate) fn as_slice(&self) -> &[u8] {
        match self {
            Self::Borrowed(bytes) => bytes,
            Self::Owned(bytes) => bytes,
        }
    }
}
