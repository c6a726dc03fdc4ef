//! Maps, from any of the three ways in which servers spell pairs.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};

use crate::{Decode, DecodeError, Kind, View};

const PAIRS: &str = "pairs";

#[cold]
pub(crate) fn no_pairs(view: View<'_>) -> DecodeError {
    match view.kind() {
        Kind::Array | Kind::Push if view.pairs().is_nested() => {
            DecodeError::because(PAIRS, view, " not all of whose elements are pairs")
        }
        Kind::Array | Kind::Push => DecodeError::because(PAIRS, view, " of odd length"),
        _ => DecodeError::kind(PAIRS, view),
    }
}

/// The pairs of an element, one by one, each error with its place.
fn pairs<'a, K: Decode<'a>, V: Decode<'a>>(
    view: View<'a>,
) -> Result<impl Iterator<Item = Result<(K, V), DecodeError>> + use<'a, K, V>, DecodeError> {
    if !view.has_pairs() {
        return Err(no_pairs(view));
    }
    Ok(view.pairs().enumerate().map(|(index, (key, value))| {
        let key = K::decode(key).map_err(|error| error.at_key(index))?;
        let value = V::decode(value).map_err(|error| error.at_value(index))?;
        Ok((key, value))
    }))
}

/// All pairs, in memory that is reserved once.
pub(super) fn collect<'a, K: Decode<'a>, V: Decode<'a>>(view: View<'a>) -> Result<Vec<(K, V)>, DecodeError> {
    let pairs = pairs(view)?;
    let mut list = Vec::with_capacity(count(&pairs));
    for pair in pairs {
        list.push(pair?);
    }
    Ok(list)
}

/// How many pairs there are at most; they are all on the tape already.
fn count(pairs: &impl Iterator) -> usize {
    pairs.size_hint().1.unwrap_or_default()
}

impl<'a, K, V, S> Decode<'a> for HashMap<K, V, S>
where
    K: Decode<'a> + Eq + Hash,
    V: Decode<'a>,
    S: BuildHasher + Default,
{
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        let pairs = pairs(view)?;
        let mut map = Self::with_capacity_and_hasher(count(&pairs), S::default());
        for pair in pairs {
            let (key, value) = pair?;
            map.insert(key, value);
        }
        Ok(map)
    }
}

impl<'a, K: Decode<'a> + Ord, V: Decode<'a>> Decode<'a> for BTreeMap<K, V> {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        pairs(view)?.collect()
    }
}
