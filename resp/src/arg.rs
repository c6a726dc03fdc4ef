//! What may stand as one argument of a command.
//!
//! [`ToArg`] is the generic edge; [`Arg`] is the concrete form that [`Request`](crate::Request) packs. A type
//! that could be several arguments (a `Vec<String>`) is no `ToArg`, so that a list passed as a key does not compile.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;

/// One argument, ready to be packed.
#[derive(Debug, Clone)]
pub enum Arg<'a> {
    /// Bytes of the caller's, copied into the request when small and only borrowed when large.
    Borrowed(&'a [u8]),
    /// Bytes made for this argument.
    Owned(Vec<u8>),
    /// A signed integer, written in decimal.
    Int(i64),
    /// An unsigned integer, written in decimal.
    Uint(u64),
    /// A float, written in the shortest form that reads back the same; infinities as `inf` and `-inf`.
    Double(f64),
    /// Two unsigned integers in decimal with a hyphen in between, as the IDs of a stream's entries are.
    Hyphened(u64, u64),
    /// A value that is no argument, and why: a request with it is not sent, see [`Flaw::Value`](crate::Flaw::Value).
    Refused(Box<str>),
}

/// A type that is exactly one argument: text, bytes, an integer or a float.
///
/// `bool` and `Option` are missing on purpose: Redis has no spelling for them, and a guess would be a trap.
/// `u8` is missing so that `Vec<u8>` and `&[u8]` can only mean bytes, never a list of numbers.
///
/// # Example
/// ```
/// use resp::{Arg, Request, ToArg};
///
/// struct UserId(u64);
/// impl ToArg for UserId {
///     fn to_arg(&self) -> Arg<'_> {
///         Arg::Owned(format!("user:{}", self.0).into_bytes())
///     }
/// }
///
/// let mut request = Request::new("GET").key(&UserId(7));
/// assert_eq!(request.wire().to_vec(), b"*2\r\n$3\r\nGET\r\n$6\r\nuser:7\r\n");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not one argument of a Redis command",
    note = "text, bytes, integers (but not `u8` or `bool`) and floats are; a list goes where `impl ToArgs` is asked for"
)]
pub trait ToArg {
    /// The argument that is sent.
    fn to_arg(&self) -> Arg<'_>;
}

/// Whatever is an argument can be lent to a request.
impl<'a, T: ToArg + ?Sized> From<&'a T> for Arg<'a> {
    fn from(value: &'a T) -> Self {
        value.to_arg()
    }
}

impl<T: ToArg + ?Sized> ToArg for &T {
    fn to_arg(&self) -> Arg<'_> {
        T::to_arg(self)
    }
}

macro_rules! bytes {
    ($($type:ty, $value:ident => $bytes:expr;)*) => {$(
        impl ToArg for $type {
            fn to_arg(&self) -> Arg<'_> {
                let $value = self;
                Arg::Borrowed($bytes)
            }
        }
    )*};
}

bytes! {
    str, text => text.as_bytes();
    String, text => text.as_bytes();
    Box<str>, text => text.as_bytes();
    Rc<str>, text => text.as_bytes();
    Arc<str>, text => text.as_bytes();
    Cow<'_, str>, text => text.as_bytes();
    [u8], bytes => bytes;
    Vec<u8>, bytes => bytes;
    Bytes, bytes => bytes;
    Cow<'_, [u8]>, bytes => bytes;
}

impl<const N: usize> ToArg for [u8; N] {
    fn to_arg(&self) -> Arg<'_> {
        Arg::Borrowed(self)
    }
}

/// A number is an argument, and can be given to a request by value.
macro_rules! number {
    ($($type:ty, $value:ident => $arg:expr;)*) => {$(
        impl ToArg for $type {
            fn to_arg(&self) -> Arg<'_> {
                let $value = *self;
                $arg
            }
        }

        impl From<$type> for Arg<'_> {
            fn from($value: $type) -> Self {
                $arg
            }
        }
    )*};
}

number! {
    i8, number => Arg::Int(number.into());
    i16, number => Arg::Int(number.into());
    i32, number => Arg::Int(number.into());
    i64, number => Arg::Int(number);
    isize, number => Arg::Int(number as i64);
    u16, number => Arg::Uint(number.into());
    u32, number => Arg::Uint(number.into());
    u64, number => Arg::Uint(number);
    usize, number => Arg::Uint(number as u64);
    f32, number => Arg::Owned(ryu::Buffer::new().format(number).as_bytes().to_vec());
    f64, number => Arg::Double(number);
}

impl From<String> for Arg<'_> {
    fn from(text: String) -> Self {
        Self::Owned(text.into_bytes())
    }
}

impl From<Vec<u8>> for Arg<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Owned(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Request;

    fn packed<'a>(arg: impl Into<Arg<'a>>) -> Vec<u8> {
        let wire = Request::new("ECHO").arg(arg).wire().to_vec();
        wire[b"*2\r\n$4\r\nECHO\r\n".len()..].to_vec()
    }

    #[test]
    fn every_kind_of_argument_has_one_spelling() {
        assert_eq!(packed("é"), "$2\r\né\r\n".as_bytes());
        let text = String::from("x");
        assert_eq!(packed(&text), b"$1\r\nx\r\n");
        assert_eq!(packed(text), b"$1\r\nx\r\n");
        assert_eq!(packed(&b"\0\r\n"[..]), b"$3\r\n\0\r\n\r\n");
        assert_eq!(packed(b""), b"$0\r\n\r\n");
        assert_eq!(packed(i64::MIN), b"$20\r\n-9223372036854775808\r\n");
        assert_eq!(packed(u64::MAX), b"$20\r\n18446744073709551615\r\n");
        assert_eq!(packed(0.1 + 0.2), b"$19\r\n0.30000000000000004\r\n");
        assert_eq!(packed(f64::NEG_INFINITY), b"$4\r\n-inf\r\n");
        assert_eq!(packed(0.1_f32), b"$3\r\n0.1\r\n");
        assert_eq!(packed(&Cow::Borrowed("c")), b"$1\r\nc\r\n");
        assert_eq!(packed(&Bytes::from_static(b"b")), b"$1\r\nb\r\n");
        assert_eq!(packed(Arg::Hyphened(17, 3)), b"$4\r\n17-3\r\n");
        assert_eq!(
            packed(Arg::Hyphened(u64::MAX, u64::MAX)),
            b"$41\r\n18446744073709551615-18446744073709551615\r\n"
        );
    }
}
