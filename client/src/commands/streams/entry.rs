//! An entry of a stream, as every command returns it.

use std::time::Duration;

use resp::{Decode, DecodeError, DecodeOwned, View};

use super::StreamId;

/// An entry: its ID and its fields, which decode to whatever pairs can become: a `HashMap`, a `Vec` of pairs, a
/// struct.
///
/// # Example
/// ```
/// use std::collections::HashMap;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// # client.del("doc:entry")?;
/// let id = client.xadd("doc:entry", [("sensor", "7"), ("celsius", "21.5")])?;
/// let entries = client.xrange::<HashMap<String, f64>>("doc:entry", id, id)?;
/// assert_eq!((entries[0].id, entries[0].fields["celsius"]), (id, 21.5));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamEntry<T> {
    /// The entry's ID.
    pub id: StreamId,
    /// Its fields with their values. An entry that a group remembers and that is deleted has none:
    /// [`xreadgroup`](crate::Commands::xreadgroup) says where this may happen.
    pub fields: T,
    /// How it was delivered before, if it was read with [`claim`](crate::XreadgroupOptions::claim).
    pub delivery: Option<Delivery>,
}

/// How an entry was delivered to a consumer that has not acknowledged it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// How long ago the last time was.
    pub idle: Duration,
    /// How often.
    pub count: u64,
}

impl<'a, T: Decode<'a>> Decode<'a> for StreamEntry<T> {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        let mut parts = view.iter();
        let (Some(id), Some(fields)) = (parts.next(), parts.next()) else {
            return Err(DecodeError::because("an entry of a stream", view, " without ID and fields"));
        };
        let id = id.decode().map_err(|error| error.at(0))?;
        let fields = fields.decode().map_err(|error| error.at(1))?;
        let delivery = match (parts.next(), parts.next()) {
            (Some(idle), Some(count)) => Some(Delivery {
                idle: millis(idle).map_err(|e| e.at(2))?,
                count: count.decode().map_err(|e| e.at(3))?,
            }),
            _ => None,
        };
        Ok(Self { id, fields, delivery })
    }
}

/// The streams that have entries to be read, by their keys, each with these entries.
pub type Streams<K, T> = Vec<(K, Vec<StreamEntry<T>>)>;

/// As `XREAD` answers: null if there are none.
pub(super) fn streams<K: DecodeOwned, T: DecodeOwned>(view: View<'_>) -> Result<Streams<K, T>, DecodeError> {
    Ok(view.decode::<Option<_>>()?.unwrap_or_default())
}

/// Elements, without those that Redis 6.2 says null for: it claims entries that are deleted.
pub(super) fn present<T: DecodeOwned>(view: View<'_>) -> Result<Vec<T>, DecodeError> {
    Ok(view.decode::<Vec<Option<T>>>()?.into_iter().flatten().collect())
}

/// A time in milliseconds.
pub(super) fn millis(view: View<'_>) -> Result<Duration, DecodeError> {
    view.decode().map(Duration::from_millis)
}
