//! Lists, sets and arrays.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::hash::{BuildHasher, Hash};

use crate::{Decode, DecodeError, Kind, View};

const LIST: &str = "a list";

/// The elements of a list, one by one, each error with its place.
fn elements<'a, T: Decode<'a>>(
    view: View<'a>,
) -> Result<impl Iterator<Item = Result<T, DecodeError>> + use<'a, T>, DecodeError> {
    match view.kind() {
        Kind::Array | Kind::Set | Kind::Push => Ok(view
            .iter()
            .enumerate()
            .map(|(index, element)| T::decode(element).map_err(|error| error.at(index)))),
        _ => Err(DecodeError::kind(LIST, view)),
    }
}

/// All elements of a list, in memory that is reserved once: `view` has as many as it says.
pub(super) fn collect<'a, T: Decode<'a>>(view: View<'a>) -> Result<Vec<T>, DecodeError> {
    let elements = elements(view)?;
    let mut list = Vec::with_capacity(view.len());
    for element in elements {
        list.push(element?);
    }
    Ok(list)
}

/// What [`collect`] does, for text. To look once at all of it takes a tenth of the time of a look at each short string.
pub(super) fn collect_text<'a, T: Decode<'a> + From<&'a str>>(view: View<'a>) -> Result<Vec<T>, DecodeError> {
    let text = match view.kind() {
        Kind::Array | Kind::Set | Kind::Push => view.text_inside(),
        _ => None,
    };
    let Some(text) = text else { return collect(view) };
    let mut list = Vec::with_capacity(view.len());
    for (index, element) in view.iter().enumerate() {
        list.push(match element.bulk_in(&text) {
            Some(text) => text.into(),
            None => T::decode(element).map_err(|error| error.at(index))?,
        });
    }
    Ok(list)
}

impl<'a, T: Decode<'a>> Decode<'a> for Vec<T> {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        T::decode_list(view)
    }
}

impl<'a, T: Decode<'a>> Decode<'a> for Box<[T]> {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        T::decode_list(view).map(Into::into)
    }
}

impl<'a, T: Decode<'a>> Decode<'a> for VecDeque<T> {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        T::decode_list(view).map(Into::into)
    }
}

impl<'a, T: Decode<'a> + Eq + Hash, S: BuildHasher + Default> Decode<'a> for HashSet<T, S> {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        let elements = elements(view)?;
        let mut set = Self::with_capacity_and_hasher(view.len(), S::default());
        for element in elements {
            set.insert(element?);
        }
        Ok(set)
    }
}

impl<'a, T: Decode<'a> + Ord> Decode<'a> for BTreeSet<T> {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        elements(view)?.collect()
    }
}

impl<'a, T: Decode<'a>, const N: usize> Decode<'a> for [T; N] {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        let list = T::decode_list(view)?;
        list.try_into().map_err(|_| match view.kind().is_aggregate() {
            true => DecodeError::elements("as many elements as the array holds", view),
            false => DecodeError::because("as many bytes as the array holds", view, " of another length"),
        })
    }
}
