//! Integers, floats, booleans and the reply that says nothing but "done".

use std::borrow::Cow;

use crate::{Decode, DecodeError, Kind, View};

macro_rules! integer {
    ($($type:ty),*) => {$(
        impl<'a> Decode<'a> for $type {
            #[inline]
            fn decode(view: View<'a>) -> Result<Self, DecodeError> {
                match view.as_integer() {
                    Some(value) => value.try_into().map_err(|_| out_of_range(view)),
                    None => digits(view)?.parse().map_err(|_| not_an_integer(view)),
                }
            }
        }
    )*};
}

integer!(i8, i16, i32, i64, i128, isize, u16, u32, u64, u128, usize);

const INTEGER: &str = "an integer";
const NUMBER: &str = "a number";
const BOOLEAN: &str = "a boolean";
const NO_NUMBER: &str = " that is not a number";

/// The text of an element that may hold an integer.
fn digits(view: View<'_>) -> Result<Cow<'_, str>, DecodeError> {
    if view.kind() == Kind::Double { Err(DecodeError::kind(INTEGER, view)) } else { text(view, INTEGER) }
}

/// The text of a string.
fn text<'a>(view: View<'a>, wanted: &'static str) -> Result<Cow<'a, str>, DecodeError> {
    let bytes = view.to_bytes().filter(|_| !view.kind().is_error());
    let text = match bytes.ok_or_else(|| DecodeError::kind(wanted, view))? {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
    };
    text.ok_or_else(|| DecodeError::because(wanted, view, NO_NUMBER))
}

#[cold]
fn out_of_range(view: View<'_>) -> DecodeError {
    DecodeError::because(INTEGER, view, " that is out of range")
}

#[cold]
fn not_an_integer(view: View<'_>) -> DecodeError {
    let text = digits(view).unwrap_or_default();
    let text = text.strip_prefix('-').unwrap_or(&text);
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        out_of_range(view)
    } else {
        DecodeError::because(INTEGER, view, NO_NUMBER)
    }
}

impl Decode<'_> for f64 {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        match (view.as_double(), view.as_integer()) {
            (Some(value), _) => Ok(value),
            (_, Some(value)) => Ok(value as Self),
            _ => text(view, NUMBER)?.parse().map_err(|_| DecodeError::because(NUMBER, view, NO_NUMBER)),
        }
    }
}

/// The nearest `f32`.
impl Decode<'_> for f32 {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        f64::decode(view).map(|value| value as Self)
    }
}

impl Decode<'_> for bool {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        if let Some(value) = view.as_boolean() {
            return Ok(value);
        }
        match (view.as_integer(), view.kind(), view.as_bytes()) {
            (Some(value), ..) => Ok(value != 0),
            (_, Kind::SimpleString, Some(b"OK")) => Ok(true),
            (_, Kind::BulkString, Some(b"1")) => Ok(true),
            (_, Kind::BulkString, Some(b"0")) => Ok(false),
            _ => Err(DecodeError::kind(BOOLEAN, view)),
        }
    }
}

impl Decode<'_> for () {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        match view.kind() {
            Kind::SimpleString => Ok(()),
            _ => Err(DecodeError::kind("a status", view)),
        }
    }
}
