//! Maps, from any of the three ways in which servers spell pairs.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};

use crate::{Decode, DecodeError, View};

const PAIRS: &str = "pairs";

/// The pairs of an element, one by one, each error with its place.
pub(super) fn pairs<'a, K: Decode<'a>, V: Decode<'a>>(
    view: View<'a>,
) -> Result<impl Iterator<Item = Result<(K, V), DecodeError>> + use<'a, K, V>, DecodeError> {
    if !view.has_pairs() {
        return Err(DecodeError::kind(PAIRS, view));
    }
    Ok(view.pairs().enumerate().map(|(index, (key, value))| {
        let key = K::decode(key).map_err(|error| error.at_key(index))?;
        let value = V::decode(value).map_err(|error| error.at_value(index))?;
        Ok((key, value))
    }))
}

impl<'a, K, V, S> Decode<'a> for HashMap<K, V, S>
where
    K: Decode<'a> + Eq + Hash,
    V: Decode<'a>,
    S: BuildHasher + Default,
{
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        pairs(view)?.collect()
    }
}

impl<'a, K: Decode<'a> + Ord, V: Decode<'a>> Decode<'a> for BTreeMap<K, V> {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        pairs(view)?.collect()
    }
}
