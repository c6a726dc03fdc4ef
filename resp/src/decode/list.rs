//! Lists, sets and arrays.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::hash::{BuildHasher, Hash};

use crate::{Decode, DecodeError, Kind, View};

const LIST: &str = "a list";

/// The elements of a list, one by one, each error with its place.
pub(super) fn elements<'a, T: Decode<'a>>(
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

pub(super) fn collect<'a, T: Decode<'a>, C: FromIterator<T>>(view: View<'a>) -> Result<C, DecodeError> {
    elements(view)?.collect()
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
        collect(view)
    }
}

impl<'a, T: Decode<'a> + Ord> Decode<'a> for BTreeSet<T> {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        collect(view)
    }
}

impl<'a, T: Decode<'a>, const N: usize> Decode<'a> for [T; N] {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        let list = T::decode_list(view)?;
        list.try_into().map_err(|_| DecodeError::elements("an array of another length", view))
    }
}
