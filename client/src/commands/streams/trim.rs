//! How short a stream is kept, and what becomes of what groups remember of the entries that go.

use resp::{Flaw, Request};

use super::StreamId;
use crate::commands::arguments::at_most;

/// How much of a stream stays: the newest entries, by number or by ID.
///
/// # Example
/// ```
/// use client::{Build, StreamId, Trim};
///
/// let command = Build::new().xtrim("s", Trim::maxlen(1_000).approximately());
/// assert_eq!(command.args()[2..], [&b"MAXLEN"[..], b"~", b"1000"]);
/// let command = Build::new().xtrim("s", Trim::minid(StreamId::new(5, 0)));
/// assert_eq!(command.args()[2..], [&b"MINID"[..], b"=", b"5-0"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Trim {
    keep: Keep,
    approximately: bool,
    limit: Option<usize>,
    references: Option<References>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keep {
    Newest(usize),
    From(StreamId),
}

impl Trim {
    /// The newest `count` entries stay.
    pub fn maxlen(count: usize) -> Self {
        Self { keep: Keep::Newest(count), approximately: false, limit: None, references: None }
    }

    /// The entries from `id` on stay (Redis 6.2).
    pub fn minid(id: StreamId) -> Self {
        Self { keep: Keep::From(id), ..Self::maxlen(0) }
    }

    /// A few more may stay, down to where a whole block of entries can go at once: much cheaper.
    pub fn approximately(mut self) -> Self {
        self.approximately = true;
        self
    }

    /// At most so many entries go at once, zero meaning any number; only together with
    /// [`approximately`](Self::approximately) (Redis 6.2).
    pub fn limit(mut self, count: usize) -> Self {
        self.limit = Some(count);
        self
    }

    /// What becomes of what groups remember of the entries that go (Redis 8.2).
    pub fn references(mut self, references: References) -> Self {
        self.references = Some(references);
        self
    }

    /// Adds how much stays.
    pub(super) fn write(self, mut request: Request<'_>) -> Request<'_> {
        if self.limit.is_some() && !self.approximately {
            request.refuse(Flaw::Argument("takes a limit only when it trims approximately"));
        }
        let how = if self.approximately { "~" } else { "=" };
        let request = match self.keep {
            Keep::Newest(count) => request.arg("MAXLEN").arg(how).arg(at_most(count)),
            Keep::From(id) => request.arg("MINID").arg(how).arg(id),
        };
        self.limit.into_iter().fold(request, |r, limit| r.arg("LIMIT").arg(at_most(limit)))
    }

    /// Adds what becomes of references, which `XADD` takes before and `XTRIM` behind the rest.
    pub(super) fn write_references(self, request: Request<'_>) -> Request<'_> {
        self.references.into_iter().fold(request, |r, references| r.arg(references.word()))
    }
}

/// What becomes of what groups remember of an entry that is deleted (Redis 8.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum References {
    /// Groups go on remembering that it was delivered.
    Keep,
    /// All groups forget it.
    Delete,
    /// It is deleted only if all groups have acknowledged it.
    Acked,
}

impl References {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Keep => "KEEPREF",
            Self::Delete => "DELREF",
            Self::Acked => "ACKED",
        }
    }
}
