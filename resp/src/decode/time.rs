//! Times. A reply does not say in what it counts, the command does: so the type has to.

use std::time::Duration;

use crate::{Decode, DecodeError, View};

/// A time that the command counts in whole seconds: `TTL`, `OBJECT IDLETIME`, `LASTSAVE` (since 1970).
///
/// Negative numbers, by which `TTL` says that there is none, are an error: look for them first.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use resp::{Reply, Seconds};
///
/// let reply = Reply::from_bytes(&b":60\r\n"[..]).unwrap();
/// assert_eq!(reply.decode(), Ok(Seconds(Duration::from_secs(60))));
/// let reply = Reply::from_bytes(&b":-1\r\n"[..]).unwrap();
/// let error = reply.decode::<Option<Seconds>>().unwrap_err();
/// assert_eq!(error.to_string(), "expected a time, found an integer that is negative");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seconds(pub Duration);

/// A time that the command counts in whole milliseconds: `PTTL`, `PEXPIRETIME` (since 1970).
///
/// Negative numbers, by which `PTTL` says that there is none, are an error: look for them first.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use resp::{Millis, Reply};
///
/// let reply = Reply::from_bytes(&b"*2\r\n:1500\r\n$1\r\n0\r\n"[..]).unwrap();
/// let times: Vec<Millis> = reply.decode().unwrap();
/// assert_eq!(times, [Millis(Duration::from_millis(1_500)), Millis(Duration::ZERO)]);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub Duration);

impl Decode<'_> for Seconds {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        count(view).map(Duration::from_secs).map(Self)
    }
}

impl Decode<'_> for Millis {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        count(view).map(Duration::from_millis).map(Self)
    }
}

fn count(view: View<'_>) -> Result<u64, DecodeError> {
    let count = i128::decode(view)?;
    let why = if count < 0 { " that is negative" } else { " that is out of range" };
    u64::try_from(count).map_err(|_| DecodeError::because("a time", view, why))
}
