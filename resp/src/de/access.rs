//! What serde walks over: the elements of a list, the pairs of a map, the content of an enum.

use serde::Deserializer;
use serde::de::{DeserializeSeed, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::deserializer::{Element, Levels};
use crate::{DecodeError, Elements, Pairs, View};

/// The elements of a list, each error with its place.
pub(super) struct List<'de> {
    elements: Elements<'de>,
    index: usize,
    left: Levels,
}

impl<'de> List<'de> {
    pub(super) fn new(elements: Elements<'de>, left: Levels) -> Self {
        Self { elements, index: 0, left }
    }
}

impl<'de> SeqAccess<'de> for List<'de> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DecodeError> {
        let Some(view) = self.elements.next() else { return Ok(None) };
        let index = self.index;
        self.index = index.saturating_add(1);
        let element = Element::in_list(view, &mut self.elements, self.left);
        seed.deserialize(element).map(Some).map_err(|error| error.at(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.elements.len())
    }
}

/// A key and its value as a tuple of two.
pub(super) struct Two<'de> {
    views: [View<'de>; 2],
    index: usize,
    left: Levels,
}

impl<'de> Two<'de> {
    pub(super) fn new(views: [View<'de>; 2], left: Levels) -> Self {
        Self { views, index: 0, left }
    }
}

impl<'de> SeqAccess<'de> for Two<'de> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DecodeError> {
        let index = self.index;
        let Some(view) = self.views.get(index) else { return Ok(None) };
        self.index = index.saturating_add(1);
        seed.deserialize(Element::one(*view, self.left)).map(Some).map_err(|error| error.at(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(2_usize.saturating_sub(self.index))
    }
}

/// The pairs of a map: for a struct, for a map, or as tuples for a list of them.
pub(super) struct Map<'de> {
    pairs: Pairs<'de>,
    /// The key that was read last, and the value beside it.
    last: Option<(View<'de>, View<'de>)>,
    index: usize,
    left: Levels,
}

impl<'de> Map<'de> {
    pub(super) fn new(pairs: Pairs<'de>, left: Levels) -> Self {
        Self { pairs, last: None, index: 0, left }
    }
}

impl<'de> MapAccess<'de> for Map<'de> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, DecodeError> {
        self.last = self.pairs.next();
        let Some((key, _)) = self.last else { return Ok(None) };
        let index = self.index;
        self.index = index.saturating_add(1);
        seed.deserialize(Element::one(key, self.left)).map(Some).map_err(|error| error.at_key(index))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, DecodeError> {
        let Some((key, value)) = self.last.take() else { return Err(DecodeError::missing("a value")) };
        let index = self.index.saturating_sub(1);
        seed.deserialize(Element::one(value, self.left)).map_err(|error| beside(key, index, error))
    }

    fn size_hint(&self) -> Option<usize> {
        self.pairs.size_hint().1
    }
}

/// A map where a list of pairs is wanted.
impl<'de> SeqAccess<'de> for Map<'de> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DecodeError> {
        let Some((key, value)) = self.pairs.next() else { return Ok(None) };
        let index = self.index;
        self.index = index.saturating_add(1);
        let pair = Element::pair(key, value, self.left);
        seed.deserialize(pair).map(Some).map_err(|error| error.at(index))
    }

    fn size_hint(&self) -> Option<usize> {
        self.pairs.size_hint().1
    }
}

/// The variant of an enum: its name, and what is beside it.
pub(super) struct Variant<'de> {
    name: View<'de>,
    content: Option<View<'de>>,
    left: Levels,
}

impl<'de> Variant<'de> {
    pub(super) fn new(name: View<'de>, content: Option<View<'de>>, left: Levels) -> Self {
        Self { name, content, left }
    }

    fn content<T>(
        self,
        read: impl FnOnce(Element<'de, 'de>) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        match self.content {
            Some(content) => {
                read(Element::one(content, self.left)).map_err(|error| beside(self.name, 0, error))
            }
            None => Err(DecodeError::kind("one pair of a variant and its content", self.name)),
        }
    }
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = DecodeError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), DecodeError> {
        seed.deserialize(Element::one(self.name, self.left)).map(|variant| (variant, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = DecodeError;

    fn unit_variant(self) -> Result<(), DecodeError> {
        match self.content {
            Some(content) => content.deserialize().map_err(|error| beside(self.name, 0, error)),
            None => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, DecodeError> {
        self.content(|content| seed.deserialize(content))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, DecodeError> {
        self.content(|content| content.deserialize_tuple(len, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.content(|content| content.deserialize_struct("", fields, visitor))
    }
}

/// Where an error in a value was: by the name beside it, or the pair's number if that is no text.
fn beside(key: View<'_>, index: usize, error: DecodeError) -> DecodeError {
    match key.as_str() {
        Some(name) => error.at_field(name),
        None => error.at_value(index),
    }
}
