//! Text and bytes: lent, shared or copied, as the type asks.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;

use super::list;
use crate::{Decode, DecodeError, Kind, View};

const TEXT: &str = "text";
const BYTES: &str = "bytes";

pub(crate) fn bytes<'a>(view: View<'a>, wanted: &'static str) -> Result<Cow<'a, [u8]>, DecodeError> {
    if view.kind().is_error() {
        return Err(DecodeError::kind(wanted, view));
    }
    if let Some(value) = view.as_integer() {
        return Ok(Cow::Owned(value.to_string().into_bytes()));
    }
    view.to_bytes().ok_or_else(|| DecodeError::kind(wanted, view))
}

fn lent(view: View<'_>) -> Result<&[u8], DecodeError> {
    match view.as_bytes() {
        Some(bytes) if !view.kind().is_error() => Ok(bytes),
        _ if view.kind() == Kind::StreamedString => {
            Err(DecodeError::because("bytes to borrow", view, " in several chunks"))
        }
        _ => Err(DecodeError::kind("bytes to borrow", view)),
    }
}

#[cold]
fn not_utf8(view: View<'_>) -> DecodeError {
    DecodeError::because(TEXT, view, " that is not UTF-8")
}

impl<'a> Decode<'a> for &'a str {
    #[inline]
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        let bytes = match view.as_bulk() {
            Some(bytes) => bytes,
            None => lent(view)?,
        };
        std::str::from_utf8(bytes).map_err(|_| not_utf8(view))
    }

    fn decode_list(view: View<'a>) -> Result<Vec<Self>, DecodeError> {
        list::collect_text(view)
    }
}

impl<'a> Decode<'a> for &'a [u8] {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        lent(view)
    }
}

impl<'a> Decode<'a> for Cow<'a, str> {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        match bytes(view, TEXT)? {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| not_utf8(view)),
            Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(|_| not_utf8(view)),
        }
    }
}

impl<'a> Decode<'a> for Cow<'a, [u8]> {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        bytes(view, BYTES)
    }
}

impl Decode<'_> for String {
    #[inline]
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        // What most replies are made of needs no detour.
        match view.as_bulk() {
            Some(bytes) => std::str::from_utf8(bytes).map(Into::into).map_err(|_| not_utf8(view)),
            None => <Cow<'_, str>>::decode(view).map(Cow::into_owned),
        }
    }

    fn decode_list(view: View<'_>) -> Result<Vec<Self>, DecodeError> {
        list::collect_text(view)
    }
}

impl Decode<'_> for Box<str> {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        String::decode(view).map(Into::into)
    }
}

impl Decode<'_> for Rc<str> {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        <Cow<'_, str>>::decode(view).map(Into::into)
    }
}

impl Decode<'_> for Arc<str> {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        <Cow<'_, str>>::decode(view).map(Into::into)
    }
}

/// Shares the memory of the reply. Bytes kept for long keep all of it.
impl Decode<'_> for Bytes {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        match view.share_bytes() {
            Some(bytes) if !view.kind().is_error() => Ok(bytes),
            _ => bytes(view, BYTES).map(|bytes| bytes.into_owned().into()),
        }
    }
}

/// A byte by itself is a number of one byte; a list of them is bytes.
impl Decode<'_> for u8 {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let value = u16::decode(view)?;
        value.try_into().map_err(|_| DecodeError::because("an integer", view, " that is out of range"))
    }

    fn decode_list(view: View<'_>) -> Result<Vec<Self>, DecodeError> {
        match view.kind() {
            Kind::Array | Kind::Set | Kind::Push => list::collect(view),
            _ => bytes(view, BYTES).map(Cow::into_owned),
        }
    }
}
