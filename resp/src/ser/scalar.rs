//! A value that must be exactly one argument: a field's name, a field's value, an element of a list.

use serde::ser::{Impossible, Serialize, Serializer};

use super::{Packed, SerializeError};

/// Writes one argument. It answers whether there was one: `None` is none.
pub(super) struct Scalar<'p>(pub(super) &'p mut Packed);

const ONE: &str = "one argument";

fn refuse<T>(found: &'static str) -> Result<T, SerializeError> {
    Err(SerializeError::other(ONE, found))
}

macro_rules! written {
    ($($name:ident($value:ident: $type:ty) $bytes:expr;)*) => {$(
        fn $name(self, $value: $type) -> Result<bool, SerializeError> {
            self.0.push($bytes);
            Ok(true)
        }
    )*};
}

impl Serializer for Scalar<'_> {
    type Ok = bool;
    type Error = SerializeError;
    type SerializeSeq = Impossible<bool, SerializeError>;
    type SerializeTuple = Impossible<bool, SerializeError>;
    type SerializeTupleStruct = Impossible<bool, SerializeError>;
    type SerializeTupleVariant = Impossible<bool, SerializeError>;
    type SerializeMap = Impossible<bool, SerializeError>;
    type SerializeStruct = Impossible<bool, SerializeError>;
    type SerializeStructVariant = Impossible<bool, SerializeError>;

    written! {
        serialize_bool(value: bool) if value { b"1" } else { b"0" };
        serialize_i8(value: i8) itoa::Buffer::new().format(value).as_bytes();
        serialize_i16(value: i16) itoa::Buffer::new().format(value).as_bytes();
        serialize_i32(value: i32) itoa::Buffer::new().format(value).as_bytes();
        serialize_i64(value: i64) itoa::Buffer::new().format(value).as_bytes();
        serialize_i128(value: i128) itoa::Buffer::new().format(value).as_bytes();
        serialize_u8(value: u8) itoa::Buffer::new().format(value).as_bytes();
        serialize_u16(value: u16) itoa::Buffer::new().format(value).as_bytes();
        serialize_u32(value: u32) itoa::Buffer::new().format(value).as_bytes();
        serialize_u64(value: u64) itoa::Buffer::new().format(value).as_bytes();
        serialize_u128(value: u128) itoa::Buffer::new().format(value).as_bytes();
        serialize_f32(value: f32) ryu::Buffer::new().format(value).as_bytes();
        serialize_f64(value: f64) ryu::Buffer::new().format(value).as_bytes();
        serialize_char(value: char) value.encode_utf8(&mut [0; 4]).as_bytes();
        serialize_str(value: &str) value.as_bytes();
        serialize_bytes(value: &[u8]) value;
    }

    fn serialize_none(self) -> Result<bool, SerializeError> {
        Ok(false)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<bool, SerializeError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<bool, SerializeError> {
        refuse("nothing")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<bool, SerializeError> {
        refuse("nothing")
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<bool, SerializeError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<bool, SerializeError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<bool, SerializeError> {
        refuse("a variant with content")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, SerializeError> {
        refuse("a list")
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, SerializeError> {
        refuse("a list")
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, SerializeError> {
        refuse("a list")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, SerializeError> {
        refuse("a variant with content")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, SerializeError> {
        refuse("a map")
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, SerializeError> {
        refuse("a struct")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, SerializeError> {
        refuse("a variant with content")
    }
}
