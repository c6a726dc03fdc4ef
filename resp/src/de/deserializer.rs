//! `serde::Deserializer` over an element of a reply: each method is what one of serde's words means on the tape.

use std::borrow::Cow;

use serde::de::{Deserializer, Visitor};

use super::access::{List, Map, Two, Variant};
use super::bytes::Bytes;
use super::error::seen;
use crate::decode::{pair, text};
use crate::{Decode, DecodeError, Elements, Kind, View};

/// An element, and what serde may take with it where it asks for a pair.
pub(super) struct Element<'de, 'l> {
    view: View<'de>,
    beside: Beside<'de, 'l>,
    left: Levels,
}

/// So many lists and maps may still be opened inside one another.
pub(super) type Levels = u8;

enum Beside<'de, 'l> {
    Nothing,
    /// The value of the pair whose key is the element.
    Value(View<'de>),
    /// What follows in the same list, which may be flat pairs.
    List(&'l mut Elements<'de>),
}

impl<'de, 'l> Element<'de, 'l> {
    pub(super) fn one(view: View<'de>, left: Levels) -> Self {
        Self { view, beside: Beside::Nothing, left }
    }

    pub(super) fn in_list(view: View<'de>, rest: &'l mut Elements<'de>, left: Levels) -> Self {
        Self { view, beside: Beside::List(rest), left }
    }

    pub(super) fn pair(key: View<'de>, value: View<'de>, left: Levels) -> Self {
        Self { view: key, beside: Beside::Value(value), left }
    }

    /// The levels that are left inside the element: serde opens each one by a call inside a call.
    fn inside(&self) -> Result<Levels, DecodeError> {
        self.left.checked_sub(1).ok_or_else(too_deep)
    }

    pub(super) fn view(&self) -> View<'de> {
        self.view
    }

    /// The element itself, where only one is wanted: a pair is refused.
    fn alone(&self, wanted: &'static str) -> Result<View<'de>, DecodeError> {
        match self.beside {
            Beside::Value(_) => Err(DecodeError::count(wanted.to_owned(), 2)),
            _ => Ok(self.view),
        }
    }

    /// The pair that it is, or begins.
    fn two(&mut self) -> Option<Two<'de>> {
        let value = match &mut self.beside {
            Beside::Value(value) => *value,
            Beside::List(rest) if is_string(self.view) || is_number(self.view) => rest.next()?,
            _ => return None,
        };
        Some(Two::new([self.view, value], self.left))
    }
}

fn is_list(view: View<'_>) -> bool {
    matches!(view.kind(), Kind::Array | Kind::Set | Kind::Push)
}

/// What `Decode` makes, given to the visitor.
macro_rules! decoded {
    ($($name:ident $visit:ident $type:ty, $wanted:literal;)*) => {$(
        fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
            let value = <$type>::decode(self.alone($wanted)?)?;
            seen(visitor.$visit(value), &self)
        }
    )*};
}

impl<'de> Deserializer<'de> for Element<'de, '_> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        if let Beside::Value(_) = self.beside {
            return self.deserialize_seq(visitor);
        }
        let view = self.view;
        match view.kind() {
            Kind::Null => seen(visitor.visit_unit(), &self),
            Kind::Boolean => self.deserialize_bool(visitor),
            Kind::Integer => self.deserialize_i64(visitor),
            Kind::Double => seen(visitor.visit_f64(view.as_double().unwrap_or_default()), &self),
            Kind::SimpleError | Kind::BulkError => Err(DecodeError::kind("a value", view)),
            Kind::Array | Kind::Set | Kind::Push => self.deserialize_seq(visitor),
            Kind::Map | Kind::Attribute => self.deserialize_map(visitor),
            _ => self.deserialize_identifier(visitor),
        }
    }

    decoded! {
        deserialize_bool visit_bool bool, "a boolean";
        deserialize_i8 visit_i8 i8, "an integer";
        deserialize_i16 visit_i16 i16, "an integer";
        deserialize_i32 visit_i32 i32, "an integer";
        deserialize_i64 visit_i64 i64, "an integer";
        deserialize_i128 visit_i128 i128, "an integer";
        deserialize_u8 visit_u8 u8, "an integer";
        deserialize_u16 visit_u16 u16, "an integer";
        deserialize_u32 visit_u32 u32, "an integer";
        deserialize_u64 visit_u64 u64, "an integer";
        deserialize_u128 visit_u128 u128, "an integer";
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let view = self.alone(NUMBER)?;
        let wide = float(view)?;
        let value = wide as f32;
        if value.is_infinite() && wide.is_finite() {
            return Err(DecodeError::because(NUMBER, view, TOO_LARGE));
        }
        seen(visitor.visit_f32(value), &self)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let value = float(self.alone(NUMBER)?)?;
        seen(visitor.visit_f64(value), &self)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match <Cow<'de, str>>::decode(self.alone("text")?)? {
            Cow::Borrowed(text) => seen(visitor.visit_borrowed_str(text), &self),
            Cow::Owned(text) => seen(visitor.visit_string(text), &self),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let view = self.alone("bytes")?;
        if is_list(view) {
            return visitor.visit_seq(List::new(view.iter(), self.inside()?));
        }
        match text::bytes(view, "bytes")? {
            Cow::Borrowed(bytes) => seen(visitor.visit_borrowed_bytes(bytes), &self),
            Cow::Owned(bytes) => seen(visitor.visit_byte_buf(bytes), &self),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.beside {
            Beside::Nothing | Beside::List(_) if self.view.is_null() => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let view = self.alone("a status")?;
        match view.kind() {
            Kind::SimpleString | Kind::Null => seen(visitor.visit_unit(), &self),
            _ => Err(DecodeError::kind("a status", view)),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        if let Beside::Value(value) = self.beside {
            return seen(visitor.visit_seq(Two::new([self.view, value], self.left)), &self);
        }
        let view = self.view;
        let result = match view.kind() {
            Kind::Array | Kind::Set | Kind::Push => visitor.visit_seq(List::new(view.iter(), self.inside()?)),
            Kind::Map | Kind::Attribute => visitor.visit_seq(Map::new(view.pairs(), self.inside()?)),
            _ => match view.to_bytes() {
                Some(bytes) if is_string(view) => visitor.visit_seq(Bytes::new(&bytes, view)),
                _ => Err(DecodeError::kind("a list", view)),
            },
        };
        seen(result, &self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(mut self, len: usize, visitor: V) -> Result<V::Value, DecodeError> {
        if len == 2 {
            if let Some(two) = self.two() {
                return seen(visitor.visit_seq(two), &self);
            }
        }
        let wanted = || format!("a list of {len}");
        let view = self.alone("a tuple")?;
        let result = match view.to_bytes() {
            _ if is_list(view) && view.len() == len => {
                visitor.visit_seq(List::new(view.iter(), self.inside()?))
            }
            _ if is_list(view) => Err(DecodeError::count(wanted(), view.len())),
            Some(bytes) if is_string(view) && bytes.len() == len => {
                visitor.visit_seq(Bytes::new(&bytes, view))
            }
            _ if view.kind().is_error() => Err(DecodeError::kind("a list", view)),
            _ => Err(DecodeError::unseen(wanted(), "")),
        };
        seen(result, &self)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let view = self.alone("pairs")?;
        if !view.has_pairs() {
            return Err(pair::no_pairs(view));
        }
        seen(visitor.visit_map(Map::new(view.pairs(), self.inside()?)), &self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        let view = match self.beside {
            Beside::Value(value) => {
                return visitor.visit_enum(Variant::new(self.view, Some(value), self.left));
            }
            _ => self.view,
        };
        if is_string(view) || view.kind() == Kind::Integer {
            return seen(visitor.visit_enum(Variant::new(view, None, self.left)), &self);
        }
        let mut pairs = view.pairs();
        match (pairs.next(), pairs.next()) {
            (Some((name, content)), None) if view.has_pairs() => {
                seen(visitor.visit_enum(Variant::new(name, Some(content), self.inside()?)), &self)
            }
            _ => Err(DecodeError::kind("a variant, by itself or with its content", view)),
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match text::bytes(self.alone("a name")?, "a name")? {
            Cow::Borrowed(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => seen(visitor.visit_borrowed_str(text), &self),
                Err(_) => seen(visitor.visit_borrowed_bytes(bytes), &self),
            },
            Cow::Owned(bytes) => match String::from_utf8(bytes) {
                Ok(text) => seen(visitor.visit_string(text), &self),
                Err(error) => seen(visitor.visit_byte_buf(error.into_bytes()), &self),
            },
        }
    }

    /// Without a look at it, and so without recursion.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_unit()
    }
}

/// A view by itself has nothing beside it.
macro_rules! forward {
    ($($name:ident($($arg:ident: $type:ty),*);)*) => {$(
        fn $name<V: Visitor<'de>>(self, $($arg: $type,)* visitor: V) -> Result<V::Value, DecodeError> {
            Element::one(self, DEEPEST).$name($($arg,)* visitor)
        }
    )*};
}

/// Needs the feature `serde`. [`View::deserialize`] is the shorter way to use it.
impl<'de> Deserializer<'de> for View<'de> {
    type Error = DecodeError;

    forward! {
        deserialize_any();
        deserialize_bool();
        deserialize_i8();
        deserialize_i16();
        deserialize_i32();
        deserialize_i64();
        deserialize_i128();
        deserialize_u8();
        deserialize_u16();
        deserialize_u32();
        deserialize_u64();
        deserialize_u128();
        deserialize_f32();
        deserialize_f64();
        deserialize_char();
        deserialize_str();
        deserialize_string();
        deserialize_bytes();
        deserialize_byte_buf();
        deserialize_option();
        deserialize_unit();
        deserialize_unit_struct(name: &'static str);
        deserialize_newtype_struct(name: &'static str);
        deserialize_seq();
        deserialize_tuple(len: usize);
        deserialize_tuple_struct(name: &'static str, len: usize);
        deserialize_map();
        deserialize_struct(name: &'static str, fields: &'static [&'static str]);
        deserialize_enum(name: &'static str, variants: &'static [&'static str]);
        deserialize_identifier();
        deserialize_ignored_any();
    }
}

/// A float as `Decode` reads it, but one beyond the largest is an error and not infinity.
fn float(view: View<'_>) -> Result<f64, DecodeError> {
    let value = f64::decode(view)?;
    // The text of a true infinity has no digits.
    let has_digits = || view.to_bytes().is_some_and(|text| text.iter().any(u8::is_ascii_digit));
    if value.is_infinite() && has_digits() {
        return Err(DecodeError::because(NUMBER, view, TOO_LARGE));
    }
    Ok(value)
}

fn is_number(view: View<'_>) -> bool {
    matches!(view.kind(), Kind::Integer | Kind::Double | Kind::BigNumber)
}

fn is_string(view: View<'_>) -> bool {
    matches!(view.kind(), Kind::SimpleString | Kind::BulkString | Kind::VerbatimString | Kind::StreamedString)
}

#[cold]
fn too_deep() -> DecodeError {
    DecodeError::refused(format!("more than {DEEPEST} lists and maps inside one another, too deep for serde"))
}

/// As deep as serde_json goes by default, and a parser with our own default limits.
const DEEPEST: Levels = 128;
const NUMBER: &str = "a number";
const TOO_LARGE: &str = " that is out of range";
