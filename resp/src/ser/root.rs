//! The whole value: a struct, a map or a list whose parts are arguments.

use serde::ser::{
    Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct,
    Serializer,
};

use super::scalar::Scalar;
use super::{Packed, SerializeError};

/// What a value must be, and where its parts go.
pub(super) struct Root<'p> {
    packed: &'p mut Packed,
    wanted: Wanted,
}

#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    Pairs,
    /// Exactly two arguments: an element of a list of pairs.
    Pair,
    Args,
}

impl Wanted {
    fn name(self) -> &'static str {
        match self {
            Self::Pairs => "a struct or a map",
            Self::Pair => "a pair",
            Self::Args => "a list or one argument",
        }
    }
}

impl<'p> Root<'p> {
    pub(super) fn pairs(packed: &'p mut Packed) -> Self {
        Self { packed, wanted: Wanted::Pairs }
    }

    pub(super) fn args(packed: &'p mut Packed) -> Self {
        Self { packed, wanted: Wanted::Args }
    }

    /// A value that is one argument.
    fn one<T: Serialize + ?Sized>(self, value: &T, name: &'static str) -> Result<(), SerializeError> {
        match self.wanted {
            Wanted::Args => value.serialize(Scalar(self.packed)).map(drop),
            _ => self.refuse(name),
        }
    }

    fn refuse<T>(&self, found: &'static str) -> Result<T, SerializeError> {
        Err(SerializeError::other(self.wanted.name(), found))
    }

    fn list(self) -> Result<List<'p>, SerializeError> {
        Ok(List { packed: self.packed, wanted: self.wanted, count: 0 })
    }

    fn fields(self, found: &'static str) -> Result<Fields<'p>, SerializeError> {
        match self.wanted {
            Wanted::Pairs => Ok(Fields { packed: self.packed, count: 0 }),
            _ => self.refuse(found),
        }
    }
}

macro_rules! one {
    ($($name:ident($type:ty) $found:literal;)*) => {$(
        fn $name(self, value: $type) -> Result<(), SerializeError> {
            self.one(&value, $found)
        }
    )*};
}

impl<'p> Serializer for Root<'p> {
    type Ok = ();
    type Error = SerializeError;
    type SerializeSeq = List<'p>;
    type SerializeTuple = List<'p>;
    type SerializeTupleStruct = List<'p>;
    type SerializeTupleVariant = Impossible<(), SerializeError>;
    type SerializeMap = Fields<'p>;
    type SerializeStruct = Fields<'p>;
    type SerializeStructVariant = Impossible<(), SerializeError>;

    one! {
        serialize_bool(bool) "a boolean";
        serialize_i8(i8) "an integer";
        serialize_i16(i16) "an integer";
        serialize_i32(i32) "an integer";
        serialize_i64(i64) "an integer";
        serialize_i128(i128) "an integer";
        serialize_u8(u8) "an integer";
        serialize_u16(u16) "an integer";
        serialize_u32(u32) "an integer";
        serialize_u64(u64) "an integer";
        serialize_u128(u128) "an integer";
        serialize_f32(f32) "a float";
        serialize_f64(f64) "a float";
        serialize_char(char) "text";
        serialize_str(&str) "text";
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), SerializeError> {
        match self.wanted {
            Wanted::Args => Scalar(self.packed).serialize_bytes(value).map(drop),
            _ => self.refuse("bytes"),
        }
    }

    fn serialize_none(self) -> Result<(), SerializeError> {
        self.refuse("nothing")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), SerializeError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), SerializeError> {
        self.refuse("nothing")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), SerializeError> {
        self.refuse("nothing")
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), SerializeError> {
        self.one(variant, "a variant")
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), SerializeError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), SerializeError> {
        self.refuse("a variant with content")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List<'p>, SerializeError> {
        self.list()
    }

    fn serialize_tuple(self, _: usize) -> Result<List<'p>, SerializeError> {
        self.list()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List<'p>, SerializeError> {
        self.list()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, SerializeError> {
        self.refuse("a variant with content")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Fields<'p>, SerializeError> {
        self.fields("a map")
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields<'p>, SerializeError> {
        self.fields("a struct")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, SerializeError> {
        self.refuse("a variant with content")
    }
}

/// The elements of a list: arguments, or pairs of them.
pub(super) struct List<'p> {
    packed: &'p mut Packed,
    wanted: Wanted,
    count: usize,
}

impl List<'_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), SerializeError> {
        let index = self.count;
        self.count = index.saturating_add(1);
        if self.wanted == Wanted::Pairs {
            let pair = Root { packed: self.packed, wanted: Wanted::Pair };
            return value.serialize(pair).map_err(|error| error.at_argument(index));
        }
        match value.serialize(Scalar(self.packed)) {
            Ok(true) => Ok(()),
            Ok(false) => Err(SerializeError::other("one argument", "nothing").at_argument(index)),
            Err(error) => Err(error.at_argument(index)),
        }
    }

    fn close(self) -> Result<(), SerializeError> {
        match (self.wanted, self.count) {
            (Wanted::Pair, 2) | (Wanted::Pairs | Wanted::Args, _) => Ok(()),
            (Wanted::Pair, _) => Err(SerializeError::other("a pair", "a list of another length")),
        }
    }
}

macro_rules! list {
    ($($kind:ident $name:ident;)*) => {$(
        impl $kind for List<'_> {
            type Ok = ();
            type Error = SerializeError;

            fn $name<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), SerializeError> {
                self.element(value)
            }

            fn end(self) -> Result<(), SerializeError> {
                self.close()
            }
        }
    )*};
}

list! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
}

/// The fields of a struct or the pairs of a map. One whose value is `None` is left out.
pub(super) struct Fields<'p> {
    packed: &'p mut Packed,
    count: usize,
}

impl Fields<'_> {
    /// Writes the value beside the name that was written last.
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), SerializeError> {
        match value.serialize(Scalar(self.packed)) {
            Ok(true) => {}
            Ok(false) => self.packed.pop(),
            Err(error) => return Err(error.at_field(self.packed.last())),
        }
        Ok(())
    }
}

impl SerializeStruct for Fields<'_> {
    type Ok = ();
    type Error = SerializeError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), SerializeError> {
        self.packed.push(name.as_bytes());
        self.value(value)
    }

    fn end(self) -> Result<(), SerializeError> {
        Ok(())
    }
}

impl SerializeMap for Fields<'_> {
    type Ok = ();
    type Error = SerializeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), SerializeError> {
        let index = self.count;
        self.count = index.saturating_add(1);
        match key.serialize(Scalar(self.packed)) {
            Ok(true) => Ok(()),
            Ok(false) => Err(SerializeError::other("one argument", "nothing").at_key(index)),
            Err(error) => Err(error.at_key(index)),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), SerializeError> {
        self.value(value)
    }

    fn end(self) -> Result<(), SerializeError> {
        Ok(())
    }
}
