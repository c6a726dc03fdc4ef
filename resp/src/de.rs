//! Replies into whatever implements serde's `Deserialize`, straight from the tape.
//!
//! | serde asks for | reads |
//! |---|---|
//! | a struct, a map | a map, a flat array of even length, an array (or a set) of arrays of two |
//! | a list | an array, a set, a push; of pairs also a map or a flat array; of `u8` also bytes |
//! | a tuple, an array | a list of just that length; of `u8` also as many bytes |
//! | integers, floats, `bool`, text, bytes | what [`Decode`] reads; a number too large for its type is an error |
//! | `Option<T>` | null as `None`; a field that is missing too |
//! | an enum | text as a variant without content; one pair as a variant and its content |
//! | `()`, a unit struct | a status, null |
//! | whatever comes (`deserialize_any`) | what the element is; text stays text, also if it is digits |
//!
//! An error of the server's is never a value: it comes out as [`DecodeError::server`], wherever it stood, but for
//! fields that nobody asked for.
//!
//! A struct from a list of its fields in order, as `XRANGE` has entries, is a tuple struct. As in all formats that
//! do not say what they hold, `flatten`, `untagged` and tags inside see numbers of a RESP2 hash as text. An empty
//! string is also an empty list, because serde does not tell a list of bytes from others.
//!
//! A type that holds itself is read by a call inside a call for each list or map, 128 of them at most, as in
//! serde_json: one more is an error. Of the types that serde derives, the greediest took 551 KiB of stack for that in
//! a debug build and 183 KiB in a release build (rustc 1.95, 22 November 2026).

mod access;
mod bytes;
mod deserializer;
mod error;

use serde::de::{Deserialize, DeserializeOwned};

use crate::{Decode, DecodeError, Reply, View};

impl<'a> View<'a> {
    /// The caller's type by serde, borrowed from the reply where the type allows it. Needs the feature `serde`.
    ///
    /// # Errors
    /// [`DecodeError`] names the field or element that was something else, what was wanted and what was found.
    ///
    /// # Example
    /// ```
    /// #[derive(serde::Deserialize)]
    /// struct User<'a> {
    ///     name: &'a str,
    ///     born: u16,
    ///     email: Option<String>,
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// // HGETALL in RESP2: a flat array, and the number is text.
    /// let bytes = &b"*4\r\n$4\r\nname\r\n$3\r\nAda\r\n$4\r\nborn\r\n$4\r\n1815\r\n"[..];
    /// let reply = resp::Reply::from_bytes(bytes)?;
    /// let user: User<'_> = reply.view().deserialize()?;
    /// assert_eq!((user.name, user.born, user.email), ("Ada", 1815, None));
    /// # Ok(())
    /// # }
    /// ```
    pub fn deserialize<T: Deserialize<'a>>(self) -> Result<T, DecodeError> {
        T::deserialize(self)
    }
}

impl Reply {
    /// The caller's type by serde, made straight from the tape. Needs the feature `serde`.
    ///
    /// # Errors
    /// [`DecodeError`] names the field or element that was something else, what was wanted and what was found.
    ///
    /// # Example
    /// ```
    /// #[derive(Debug, serde::Deserialize)]
    /// struct Point {
    ///     x: f64,
    ///     y: f64,
    /// }
    ///
    /// let reply = resp::Reply::from_bytes(&b"*1\r\n%2\r\n+x\r\n:1\r\n+y\r\n#t\r\n"[..]).unwrap();
    /// let error = reply.deserialize::<Vec<Point>>().unwrap_err();
    /// assert_eq!(error.to_string(), "element 0, field y: expected a number, found a boolean");
    /// ```
    pub fn deserialize<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        T::deserialize(self.view())
    }
}

/// A type that serde makes, where one that is [`Decode`] is asked for. Needs the feature `serde`.
///
/// # Example
/// ```
/// use resp::{Reply, Serde};
///
/// #[derive(serde::Deserialize)]
/// struct Member {
///     id: u64,
/// }
///
/// let reply = Reply::from_bytes(&b"*2\r\n:3\r\n%1\r\n+id\r\n:7\r\n"[..]).unwrap();
/// let (total, Serde(first)): (i64, Serde<Member>) = reply.decode().unwrap();
/// assert_eq!((total, first.id), (3, 7));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serde<T>(pub T);

impl<'a, T: Deserialize<'a>> Decode<'a> for Serde<T> {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        view.deserialize().map(Self)
    }
}
