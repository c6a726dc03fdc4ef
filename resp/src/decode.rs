//! From the tape to the caller's type, with no tree in between.
//!
//! | type | reads |
//! |---|---|
//! | integers | an integer, a string of digits |
//! | `f64`, `f32` | a double, an integer, a string that is a number |
//! | `bool` | a boolean, an integer (0 is false), the string `0` or `1`, the status `OK` |
//! | `String`, `&str`, bytes | a string of any kind, a big number, a double's text; an integer's digits when owned |
//! | [`Seconds`], [`Millis`] | an integer that counts them, as `Duration` |
//! | `()` | any status, such as `OK` |
//! | `Vec<u8>`, `[u8; N]` | bytes as `String` reads them, or a list of numbers below 256 |
//! | `Option<T>` | null as `None` |
//! | lists, sets, arrays | an array, a set, a push |
//! | maps, lists of pairs | a map, a flat array of even length, an array (or a set) of arrays of two |
//! | tuples | an array of just that length |
//! | `Result<T, ServerError>` | an error as `Err`, so that one failed element does not hide the others |
//!
//! No type here calls itself for a reply's depth: how deep it goes is written in the type. One of yours that holds
//! itself goes as deep as [`Limits::depth`](crate::Limits::depth) lets the reply, by default 128 levels, and took up to
//! 2.8 KiB of stack for each in a debug build, 0.6 KiB in a release build (rustc 1.95, 22 November 2026).

mod list;
pub(crate) mod pair;
mod scalar;
pub(crate) mod text;
mod time;
mod tuple;

pub use time::{Millis, Seconds};

use crate::{DecodeError, Reply, ServerError, View};

/// A type that can be made from a reply, borrowing from it where the type allows that.
///
/// # Example
/// ```
/// use resp::{Decode, DecodeError, Reply, View};
///
/// struct Celsius(f64);
/// impl<'a> Decode<'a> for Celsius {
///     fn decode(view: View<'a>) -> Result<Self, DecodeError> {
///         view.decode().map(Celsius)
///     }
/// }
///
/// let reply = Reply::from_bytes(&b"*2\r\n$4\r\n21.5\r\n,-3\r\n"[..]).unwrap();
/// let degrees: Vec<Celsius> = reply.decode().unwrap();
/// assert_eq!((degrees[0].0, degrees[1].0), (21.5, -3.0));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made from a reply",
    note = "integers, floats, text, bytes, `Option`, lists, sets, maps and tuples of them can; `u8` only inside `Vec<u8>`"
)]
pub trait Decode<'a>: Sized {
    /// Makes the value.
    ///
    /// # Errors
    /// [`DecodeError`] when the element is something else.
    fn decode(view: View<'a>) -> Result<Self, DecodeError>;

    /// Makes a list of values. Only types whose lists are special say how: bytes, and pairs.
    #[doc(hidden)]
    fn decode_list(view: View<'a>) -> Result<Vec<Self>, DecodeError> {
        list::collect(view)
    }
}

/// A type that can be made from any reply and outlives it.
pub trait DecodeOwned: for<'a> Decode<'a> {}

impl<T: for<'a> Decode<'a>> DecodeOwned for T {}

impl<'a, T: Decode<'a>> Decode<'a> for Option<T> {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        if view.is_null() { Ok(None) } else { T::decode(view).map(Some) }
    }
}

impl<'a, T: Decode<'a>> Decode<'a> for Result<T, ServerError> {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        match view.server_error() {
            Some(error) => Ok(Err(error)),
            None => T::decode(view).map(Ok),
        }
    }
}

impl<'a, T: Decode<'a>> Decode<'a> for Box<T> {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        T::decode(view).map(Self::new)
    }
}

impl<'a> Decode<'a> for View<'a> {
    fn decode(view: Self) -> Result<Self, DecodeError> {
        Ok(view)
    }
}

/// The reply itself, or an element of it with the memory it lies in.
impl Decode<'_> for Reply {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        Ok(view.to_reply())
    }
}
