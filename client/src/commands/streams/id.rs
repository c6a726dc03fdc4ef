//! Which entry of a stream: its ID, and the ends of a range of IDs.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use resp::{Arg, Decode, DecodeError, ToArg, ToArgs, View};

use crate::Error;
use crate::commands::arguments::exclusive;

/// The ID of an entry: a time in milliseconds since 1970, and a number among the entries of that millisecond.
///
/// It stands wherever an ID is asked for, as does its text.
///
/// # Example
/// ```
/// use client::StreamId;
///
/// let id: StreamId = "1700000000000-3".parse()?;
/// assert_eq!(id, StreamId::new(1_700_000_000_000, 3));
/// assert_eq!(id.to_string(), "1700000000000-3");
/// assert!(StreamId::MIN < id && id < StreamId::MAX);
/// # Ok::<_, client::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId {
    /// Milliseconds since 1970, by the server's clock if the server made the ID.
    pub millis: u64,
    /// The number among the entries of the same millisecond, counted from 0.
    pub sequence: u64,
}

impl StreamId {
    /// `0-0`, before all entries: who reads behind it reads from the beginning.
    pub const MIN: Self = Self::new(0, 0);

    /// Behind all entries.
    pub const MAX: Self = Self::new(u64::MAX, u64::MAX);

    /// The ID of these two numbers.
    pub const fn new(millis: u64, sequence: u64) -> Self {
        Self { millis, sequence }
    }

    /// When the entry was added, if the server made its ID; `None` if it is beyond what a `SystemTime` can hold.
    ///
    /// # Example
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    ///
    /// let time = client::StreamId::new(1_500, 0).time();
    /// assert_eq!(time, Some(UNIX_EPOCH + Duration::from_millis(1_500)));
    /// ```
    pub fn time(self) -> Option<SystemTime> {
        UNIX_EPOCH.checked_add(Duration::from_millis(self.millis))
    }

    fn parse(text: &str) -> Option<Self> {
        let (millis, sequence) = text.split_once('-').unwrap_or((text, "0"));
        let number = |text: &str| text.parse().ok().filter(|_| !text.starts_with('+'));
        Some(Self::new(number(millis)?, number(sequence)?))
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.millis, self.sequence)
    }
}

impl FromStr for StreamId {
    type Err = Error;

    /// Reads `1700000000000-3`, or the milliseconds alone, whose first entry it is.
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text).ok_or_else(|| Error::usage("the ID of a stream's entry is two numbers, as in 17-0"))
    }
}

impl Decode<'_> for StreamId {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        view.as_str()
            .and_then(Self::parse)
            .ok_or_else(|| DecodeError::because("the ID of a stream's entry", view, " that is none"))
    }
}

impl ToArg for StreamId {
    fn to_arg(&self) -> Arg<'_> {
        Arg::from(*self)
    }
}

impl ToArgs for StreamId {
    fn for_each_arg<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>)) {
        each(self.to_arg());
    }
}

impl From<StreamId> for Arg<'_> {
    fn from(id: StreamId) -> Self {
        Self::Hyphened(id.millis, id.sequence)
    }
}

/// An end of a range of entries. A [`StreamId`] is one, and so is a time.
///
/// # Example
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use client::{Build, StreamBound, StreamId};
///
/// let noon = UNIX_EPOCH + Duration::from_secs(43_200);
/// let command = Build::new().xrange::<Vec<(String, String)>>("s", noon, StreamBound::Max);
/// assert_eq!(command.args()[2..], [&b"43200000"[..], b"+"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamBound {
    /// The first entry there is.
    Min,
    /// The last entry there is.
    Max,
    /// This entry, itself included.
    Included(StreamId),
    /// This entry, itself excluded (Redis 6.2).
    Excluded(StreamId),
    /// All entries of this millisecond since 1970 included, whichever end it is.
    Millis(u64),
}

impl StreamBound {
    /// As the server reads it.
    pub(super) fn arg(self) -> Arg<'static> {
        match self {
            Self::Min => Arg::Borrowed(b"-"),
            Self::Max => Arg::Borrowed(b"+"),
            Self::Included(id) => id.into(),
            Self::Excluded(id) => exclusive(format_args!("{id}")).into(),
            Self::Millis(millis) => millis.into(),
        }
    }
}

impl From<StreamId> for StreamBound {
    fn from(id: StreamId) -> Self {
        Self::Included(id)
    }
}

/// The millisecond that the time is in. Before 1970 there was no stream.
impl From<SystemTime> for StreamBound {
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::Millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_two_numbers() {
        let id = |text: &str| text.parse::<StreamId>().ok();
        assert_eq!(id("5-7"), Some(StreamId::new(5, 7)));
        assert_eq!(id("5"), Some(StreamId::new(5, 0)));
        assert_eq!(id("18446744073709551615-18446744073709551615"), Some(StreamId::MAX));
        for text in
            ["", "-", "5-", "-5", "+5-0", "5-+1", "5-1-2", "18446744073709551616-0", "*", "$", "5 - 1"]
        {
            assert_eq!(id(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_before_1970_is_the_beginning() {
        assert_eq!(StreamBound::from(UNIX_EPOCH - Duration::from_secs(1)), StreamBound::Millis(0));
    }
}
