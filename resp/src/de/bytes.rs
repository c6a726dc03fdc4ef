//! Bytes where a list is wanted: serde's spelling of `Vec<u8>` and `[u8; N]`.

use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::{DecodeError, View};

/// Lends bytes one by one to a list of `u8`, and to no other list.
pub(super) struct Bytes<'b, 'de> {
    bytes: std::slice::Iter<'b, u8>,
    view: View<'de>,
}

impl<'b, 'de> Bytes<'b, 'de> {
    pub(super) fn new(bytes: &'b [u8], view: View<'de>) -> Self {
        Self { bytes: bytes.iter(), view }
    }
}

impl<'de> SeqAccess<'de> for Bytes<'_, 'de> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DecodeError> {
        let Some(&byte) = self.bytes.next() else { return Ok(None) };
        seed.deserialize(Byte { byte, view: self.view }).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.bytes.len())
    }
}

struct Byte<'de> {
    byte: u8,
    view: View<'de>,
}

impl<'de> Deserializer<'de> for Byte<'de> {
    type Error = DecodeError;

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_u8(self.byte)
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, DecodeError> {
        Err(DecodeError::kind("a list", self.view))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
