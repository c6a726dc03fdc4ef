//! Where a range of a sorted set begins and ends.

use resp::{Flaw, Request};

use crate::commands::arguments::{exclusive, score};

/// A bound of a range of scores. A number is an inclusive bound.
///
/// # Example
/// ```
/// use client::{Build, ScoreBound};
///
/// let command = Build::new().zcount("k", ScoreBound::Exclusive(1.5), ScoreBound::MAX);
/// assert_eq!(command.args()[2..], [&b"(1.5"[..], b"inf"]);
/// assert!(Build::new().zcount("k", f64::NAN, 1).flaw().is_some());
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ScoreBound {
    /// The score itself is in the range.
    Inclusive(f64),
    /// The score itself is not in the range.
    Exclusive(f64),
}

impl ScoreBound {
    /// As low as scores go.
    pub const MIN: Self = Self::Inclusive(f64::NEG_INFINITY);
    /// As high as scores go.
    pub const MAX: Self = Self::Inclusive(f64::INFINITY);

    pub(super) fn write(self, mut request: Request<'_>) -> Request<'_> {
        match self {
            Self::Inclusive(bound) => score(request, bound),
            Self::Exclusive(bound) => {
                if bound.is_nan() {
                    request.refuse(Flaw::Argument("needs a number, and NaN is none"));
                }
                // Debug, because Display spells 1e300 with 300 zeros.
                request.arg(exclusive(format_args!("{bound:?}")))
            }
        }
    }
}

impl From<f64> for ScoreBound {
    fn from(score: f64) -> Self {
        Self::Inclusive(score)
    }
}

/// The nearest `f64`, as the server would take it too.
impl From<i64> for ScoreBound {
    fn from(score: i64) -> Self {
        Self::Inclusive(score as f64)
    }
}

/// A bound of a range of members, for members that all have the same score. Text and bytes are an inclusive bound.
///
/// # Example
/// ```
/// use client::{Build, LexBound};
///
/// let command = Build::new().zlexcount("k", "a", LexBound::Exclusive(b"c"));
/// assert_eq!(command.args()[2..], [b"[a", b"(c"]);
/// assert_eq!(Build::new().zlexcount("k", LexBound::Min, LexBound::Max).args()[2..], [b"-", b"+"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LexBound<'a> {
    /// Before all members.
    Min,
    /// The member itself is in the range.
    Inclusive(&'a [u8]),
    /// The member itself is not in the range.
    Exclusive(&'a [u8]),
    /// After all members.
    Max,
}

impl<'a> LexBound<'a> {
    /// The member itself is in the range.
    pub fn inclusive(member: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self::Inclusive(member.as_ref())
    }

    /// The member itself is not in the range.
    pub fn exclusive(member: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self::Exclusive(member.as_ref())
    }

    pub(in crate::commands) fn write(self, request: Request<'_>) -> Request<'_> {
        match self {
            Self::Min => request.arg("-"),
            Self::Inclusive(member) => request.arg([b"[", member].concat()),
            Self::Exclusive(member) => request.arg([b"(", member].concat()),
            Self::Max => request.arg("+"),
        }
    }
}

impl<'a, T: AsRef<[u8]> + ?Sized> From<&'a T> for LexBound<'a> {
    fn from(member: &'a T) -> Self {
        Self::Inclusive(member.as_ref())
    }
}
