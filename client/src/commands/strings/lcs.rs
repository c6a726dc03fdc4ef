//! What two values have in common.

use std::ops::RangeInclusive;

use resp::{Decode, DecodeError, DecodeOwned, Request, ToArg, View};

use crate::Commands;
use crate::commands::arguments::at_most;
use crate::commands::reply::field;
use crate::execute::Execute;

/// # Strings: what two have in common
impl<E: Execute> Commands<E> {
    /// `LCS`: the longest sequence of bytes that two values have in common, not necessarily side by side (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.mset([("doc:lcs:a", "ohmytext"), ("doc:lcs:b", "mynewtext")])?;
    /// assert_eq!(client.lcs::<String>("doc:lcs:a", "doc:lcs:b")?, "mytext");
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "stralgo")]
    pub fn lcs<T: DecodeOwned>(&self, key: impl ToArg, other: impl ToArg) -> E::Output<T> {
        self.call(Request::new("LCS").key(&key).key(&other))
    }

    /// `LCS … LEN`: the length of what [`lcs`](Self::lcs) returns (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.mset([("doc:lcs_len:a", "ohmytext"), ("doc:lcs_len:b", "mynewtext")])?;
    /// assert_eq!(client.lcs_len("doc:lcs_len:a", "doc:lcs_len:b")?, 6);
    /// # Ok(())
    /// # }
    /// ```
    pub fn lcs_len(&self, key: impl ToArg, other: impl ToArg) -> E::Output<i64> {
        self.call(Request::new("LCS").key(&key).key(&other).arg("LEN"))
    }

    /// `LCS … IDX MINMATCHLEN`: where the pieces of what [`lcs`](Self::lcs) returns are in both values, the last one
    /// first, but only those of at least `min_len` bytes; zero means all (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.mset([("doc:lcs_idx:a", "ohmytext"), ("doc:lcs_idx:b", "mynewtext")])?;
    /// let common = client.lcs_idx("doc:lcs_idx:a", "doc:lcs_idx:b", 4)?;
    /// assert_eq!((common.len, common.matches.len()), (6, 1)); // "my" is too short
    /// assert_eq!((&common.matches[0].first, &common.matches[0].second), (&(4..=7), &(5..=8))); // "text"
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "lcs")]
    pub fn lcs_idx(&self, key: impl ToArg, other: impl ToArg, min_len: usize) -> E::Output<LcsMatches> {
        let request = Request::new("LCS").key(&key).key(&other).arg("IDX");
        self.call(request.arg("MINMATCHLEN").arg(at_most(min_len)))
    }
}

/// Where two values are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LcsMatches {
    /// How many bytes they have in common, also in pieces that are too short to be told.
    pub len: u64,
    /// The pieces, the last one first.
    pub matches: Vec<LcsMatch>,
}

/// A piece that two values have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LcsMatch {
    /// Its bytes in the first value, counted from 0.
    pub first: RangeInclusive<u64>,
    /// Its bytes in the second value, as many.
    pub second: RangeInclusive<u64>,
}

impl Decode<'_> for LcsMatches {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        Ok(Self { len: field(view, "len")?, matches: field(view, "matches")? })
    }
}

impl Decode<'_> for LcsMatch {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let ((start, end), (other_start, other_end)) = view.decode()?;
        Ok(Self { first: start..=end, second: other_start..=other_end })
    }
}
