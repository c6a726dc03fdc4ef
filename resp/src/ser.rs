//! The caller's own types as arguments, by serde's `Serialize`. Needs the feature `serde`.
//!
//! [`pairs`] makes fields and their values of a struct or a map, as `HSET` and `XADD` take them; [`args`] makes
//! arguments of a list; [`fields`] is `pairs` for those who would rather have the request refused than an error before
//! it. All are flat, as the hash in Redis is:
//!
//! | serde says | becomes |
//! |---|---|
//! | text, bytes, integers | as they are |
//! | floats | the shortest text that reads back the same |
//! | `bool` | `1` or `0` |
//! | a variant without content | its name |
//! | `None` in a field | no field at all |
//! | anything with something in it, `()`, `None` elsewhere | an error that names the field |
//!
//! What was written so is read back by [`View::deserialize`](crate::View::deserialize). A `Vec<u8>` is a list to
//! serde; `serde_bytes` makes bytes of it.

mod error;
mod root;
mod scalar;

use serde::Serialize;
use smallvec::SmallVec;

pub use error::SerializeError;

use crate::{Arg, ToArgs, ToPairs};

/// The fields of a struct or the pairs of a map, or of a list of pairs, for [`Request::pairs`](crate::Request::pairs).
///
/// # Errors
/// [`SerializeError`] when `value` is something else, or when one of its fields is not one argument.
///
/// # Example
/// ```
/// use resp::{Request, ser};
///
/// #[derive(serde::Serialize)]
/// struct User {
///     name: &'static str,
///     born: u16,
///     email: Option<String>,
/// }
///
/// # fn main() -> Result<(), ser::SerializeError> {
/// let fields = ser::pairs(&User { name: "Ada", born: 1815, email: None })?;
/// let mut request = Request::new("HSET").key("user:7").pairs(&fields);
/// assert_eq!(request.args_iter().collect::<Vec<_>>(), [&b"HSET"[..], b"user:7", b"name", b"Ada", b"born", b"1815"]);
/// # Ok(())
/// # }
/// ```
pub fn pairs<T: Serialize + ?Sized>(value: &T) -> Result<Pairs, SerializeError> {
    let mut packed = Packed::default();
    value.serialize(root::Root::pairs(&mut packed))?;
    Ok(Pairs(packed))
}

/// As [`pairs`], but a value that has none is refused by the request that they are added to, with a
/// [`Flaw`](crate::Flaw::Value) that names the field.
///
/// # Example
/// ```
/// use resp::{Request, ser};
///
/// #[derive(serde::Serialize)]
/// struct User {
///     name: &'static str,
///     born: Vec<u16>,
/// }
///
/// let fields = ser::fields(&User { name: "Ada", born: vec![1815] });
/// let flaw = Request::new("HSET").key("user:7").pairs(&fields).flaw().unwrap();
/// assert_eq!(flaw.to_string(), "field born: expected one argument, found a list");
/// ```
pub fn fields<T: Serialize + ?Sized>(value: &T) -> Fields {
    Fields(pairs(value))
}

/// The elements of a list, or a single value, for [`Request::args`](crate::Request::args).
///
/// # Errors
/// [`SerializeError`] when one of the elements is not one argument.
///
/// # Example
/// ```
/// use resp::{Request, ser};
///
/// #[derive(serde::Serialize)]
/// #[serde(rename_all = "lowercase")]
/// enum Colour {
///     Red,
///     Green,
/// }
///
/// # fn main() -> Result<(), ser::SerializeError> {
/// let args = ser::args(&[Colour::Red, Colour::Green])?;
/// let request = Request::new("SADD").key("colours").args(&args);
/// assert_eq!(request.args_iter().skip(2).collect::<Vec<_>>(), [&b"red"[..], b"green"]);
/// # Ok(())
/// # }
/// ```
pub fn args<T: Serialize + ?Sized>(value: &T) -> Result<Args, SerializeError> {
    let mut packed = Packed::default();
    value.serialize(root::Root::args(&mut packed))?;
    Ok(Args(packed))
}

/// Pairs that [`pairs`] made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pairs(Packed);

impl Pairs {
    /// The number of pairs.
    pub fn len(&self) -> usize {
        self.0.ends.len() / 2
    }

    /// Whether there are none, as when every field is `None`.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The pairs, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let mut args = self.0.iter();
        std::iter::from_fn(move || Some((args.next()?, args.next()?)))
    }
}

impl ToPairs for Pairs {
    fn for_each_pair<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>, Arg<'a>)) {
        self.iter().for_each(|(a, b)| each(Arg::Borrowed(a), Arg::Borrowed(b)));
    }
}

/// Names and values in turn.
impl ToArgs for Pairs {
    fn for_each_arg<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>)) {
        self.0.iter().for_each(|arg| each(Arg::Borrowed(arg)));
    }
}

/// What [`fields`] made: pairs, or why there are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields(Result<Pairs, SerializeError>);

impl ToPairs for Fields {
    fn for_each_pair<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>, Arg<'a>)) {
        match &self.0 {
            Ok(pairs) => pairs.for_each_pair(each),
            Err(error) => each(Arg::Refused(error.to_string().into()), Arg::Borrowed(&[])),
        }
    }
}

/// Arguments that [`args`] made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Args(Packed);

impl Args {
    /// The number of arguments.
    pub fn len(&self) -> usize {
        self.0.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The arguments, in order.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter()
    }
}

impl ToArgs for Args {
    fn for_each_arg<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>)) {
        self.iter().for_each(|arg| each(Arg::Borrowed(arg)));
    }
}

/// Arguments in one buffer, and where each ends. serde lends values too briefly to keep them uncopied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Packed {
    bytes: Vec<u8>,
    ends: SmallVec<[usize; TYPICAL_ARGS]>,
}

/// A struct of a dozen fields costs one allocation, that of its bytes.
const TYPICAL_ARGS: usize = 24;

/// So many bytes at first. A request that is longer than 128 allocates too, but keeps its memory for the next.
const TYPICAL_BYTES: usize = 512;

impl Packed {
    fn push(&mut self, arg: &[u8]) {
        if self.bytes.capacity() == 0 {
            self.bytes.reserve(TYPICAL_BYTES.max(arg.len()));
        }
        self.bytes.extend_from_slice(arg);
        self.ends.push(self.bytes.len());
    }

    /// Takes the last one back.
    fn pop(&mut self) {
        self.ends.pop();
        self.bytes.truncate(self.ends.last().copied().unwrap_or_default());
    }

    fn last(&self) -> &[u8] {
        self.iter().last().unwrap_or_default()
    }

    fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(&0).chain(&self.ends);
        self.ends.iter().zip(starts).map(|(&end, &start)| self.bytes.get(start..end).unwrap_or_default())
    }
}
