//! How much a stranger may send: every length, count and depth has an end.

/// The limits of one reply. A reply that goes over one is an error, and nothing is reserved for it.
///
/// # Example
/// ```
/// use bytes::BytesMut;
/// use resp::{Limits, ParseErrorKind, Parser};
///
/// let mut parser = Parser::new(Limits::default().bulk(1_000));
/// let error = parser.parse(&mut BytesMut::from(&b"$1001\r\n"[..])).unwrap_err();
/// assert_eq!(error.kind(), ParseErrorKind::BulkTooLong { limit: 1_000 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub(crate) depth: usize,
    pub(crate) bulk: usize,
    pub(crate) elements: usize,
    pub(crate) line: usize,
    pub(crate) reply: usize,
}

/// The depth that no setting exceeds, so that a [`Value`](crate::Value) can be dropped on any thread's stack: one so
/// deep takes 256 KiB of it in a debug build and 71 KiB in a release build (rustc 1.95, 22 November 2026).
/// It is what hiredis 1.5 allows.
const DEEPEST: usize = 1_024;

/// Lengths are kept in 56 bits of a tape node, offsets of doubles in 44.
const LARGEST: usize = bytes(1 << 44);

/// On a machine of 32 bits some limits are more than it can address.
const fn bytes(count: u64) -> usize {
    if count > usize::MAX as u64 { usize::MAX } else { count as usize }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // No command nests deeper than a handful; Lua's own conversion stops at 100 or so. rustis takes 128 too.
            depth: 128,
            // `proto-max-bulk-len` of a server, by default.
            bulk: 512 << 20,
            // 128 Mi elements are a tape of 2 GiB, more than a reply in memory should be.
            elements: 128 << 20,
            // Errors and statuses are lines; a script may raise a long one. Redis reads lines of 64 KiB itself.
            line: 1 << 20,
            // Eight of the largest bulks.
            reply: bytes(4 << 30),
        }
    }
}

impl Limits {
    /// Sets how deep aggregates may nest: 1 to 1,024, by default 128. A streamed string and its chunks are a level.
    #[must_use]
    pub fn depth(mut self, depth: usize) -> Self {
        self.depth = depth.clamp(1, DEEPEST);
        self
    }

    /// Sets the length of one bulk string in bytes, by default 512 MiB.
    #[must_use]
    pub fn bulk(mut self, bytes: usize) -> Self {
        self.bulk = bytes.min(LARGEST);
        self
    }

    /// Sets how many elements a reply may have in all, at every level: by default 134,217,728. Keys, values, chunks
    /// and attributes count, the reply itself does not.
    #[must_use]
    pub fn elements(mut self, elements: usize) -> Self {
        self.elements = elements;
        self
    }

    /// Sets the length of a line (a status, an error, a big number) in bytes, by default 1 MiB.
    #[must_use]
    pub fn line(mut self, bytes: usize) -> Self {
        self.line = bytes.min(LARGEST);
        self
    }

    /// Sets the length of a whole reply in bytes, by default 4 GiB.
    #[must_use]
    pub fn reply(mut self, bytes: usize) -> Self {
        self.reply = bytes.min(LARGEST);
        self
    }
}
