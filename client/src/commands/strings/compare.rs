//! Commands that look at a value before they act on it: its text, or the digest that stands for it.

use std::fmt;
use std::str::FromStr;

use resp::{Decode, DecodeError, Request, ToArg, View};

use crate::execute::Execute;
use crate::{Commands, Error};

/// # Strings: compare and set
impl<E: Execute> Commands<E> {
    /// `DIGEST`: the digest of the value, `None` if the key does not exist (Redis 8.4).
    ///
    /// # Example
    /// ```
    /// use client::IfValue;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:digest", "a long text")?;
    /// let seen = client.digest("doc:digest")?.ok_or("it is gone")?;
    /// // Later, and without sending the text once more:
    /// assert!(client.set_with("doc:digest", "another", IfValue::HasDigest(seen))?);
    /// assert!(!client.set_with("doc:digest", "a third", IfValue::HasDigest(seen))?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn digest(&self, key: impl ToArg) -> E::Output<Option<Digest>> {
        self.call(Request::new("DIGEST").key(&key))
    }

    /// `DELEX`: deletes the key if its value fulfils the condition. Returns whether it did (Redis 8.4).
    ///
    /// # Example
    /// ```
    /// use client::IfValue;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:delex", "token of mine")?;
    /// assert!(!client.delex("doc:delex", IfValue::is("token of another"))?);
    /// assert!(client.delex("doc:delex", IfValue::is("token of mine"))?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn delex(&self, key: impl ToArg, condition: IfValue<'_>) -> E::Output<bool> {
        self.call(Request::new("DELEX").key(&key).with(|r| condition.write(r)))
    }

    /// `DELIFEQ`: deletes the key if this is its value. Returns whether it did (Valkey 9.0). Redis has
    /// [`delex`](Self::delex) for it.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().delifeq("lock", "token");
    /// assert_eq!(command.args(), [&b"DELIFEQ"[..], b"lock", b"token"]);
    /// ```
    pub fn delifeq(&self, key: impl ToArg, value: impl ToArg) -> E::Output<bool> {
        self.call(Request::new("DELIFEQ").key(&key).arg(&value))
    }
}

/// A condition on the value that a key has. A key that does not exist has none: it is no value, and has no digest.
///
/// # Example
/// ```
/// use client::{Build, Digest, IfValue};
///
/// let b = Build::new();
/// assert_eq!(b.delex("k", IfValue::is_not("v")).args()[2..], [b"IFNE", &b"v"[..]]);
/// let digest = IfValue::HasDigest(Digest(0xff));
/// assert_eq!(b.set_with("k", "v", digest).args()[3..], [&b"IFDEQ"[..], b"00000000000000ff"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IfValue<'a> {
    /// This is the value (`IFEQ`: Redis 8.4, and `SET` of Valkey 8.1).
    Is(&'a [u8]),
    /// This is not the value, or there is none (`IFNE`).
    IsNot(&'a [u8]),
    /// This is the value's digest (`IFDEQ`).
    HasDigest(Digest),
    /// This is not the value's digest, or there is no value (`IFDNE`).
    HasNotDigest(Digest),
}

impl<'a> IfValue<'a> {
    /// This is the value (`IFEQ`).
    #[doc(alias = "ifeq")]
    pub fn is(value: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self::Is(value.as_ref())
    }

    /// This is not the value, or there is none (`IFNE`).
    #[doc(alias = "ifne")]
    pub fn is_not(value: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self::IsNot(value.as_ref())
    }

    pub(super) fn write<'r>(self, request: Request<'r>) -> Request<'r>
    where
        'a: 'r,
    {
        match self {
            Self::Is(value) => request.arg("IFEQ").arg(value),
            Self::IsNot(value) => request.arg("IFNE").arg(value),
            Self::HasDigest(digest) => request.arg("IFDEQ").arg(digest.to_string()),
            Self::HasNotDigest(digest) => request.arg("IFDNE").arg(digest.to_string()),
        }
    }
}

/// What stands for a value: its XXH3 hash of 64 bits, with the seed 0. Equal values have equal digests; two that
/// differ have the same by chance alone, and it is no protection against somebody who wants them to.
///
/// # Example
/// ```
/// use client::Digest;
///
/// let digest: Digest = "2d06800538d394c2".parse()?; // of the empty value
/// assert_eq!(digest, Digest(0x2d06_8005_38d3_94c2));
/// assert_eq!(digest.to_string(), "2d06800538d394c2");
/// # Ok::<_, client::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest(pub u64);

impl Digest {
    fn parse(text: &str) -> Option<Self> {
        let is_hex = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        u64::from_str_radix(text, 16).ok().filter(|_| is_hex).map(Self)
    }
}

/// Sixteen hexadecimal digits, as the server has it.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Digest {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text).ok_or_else(|| Error::usage("a digest is sixteen hexadecimal digits"))
    }
}

impl Decode<'_> for Digest {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        view.as_str()
            .and_then(Self::parse)
            .ok_or_else(|| DecodeError::because("a digest of 16 hexadecimal digits", view, " that is none"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_sixteen_digits() {
        let digest = |text: &str| text.parse::<Digest>().ok();
        assert_eq!(digest("00000000000000fF"), Some(Digest(255)));
        assert_eq!(digest("ffffffffffffffff"), Some(Digest(u64::MAX)));
        for text in
            ["", "ff", "+0000000000000ff", "-0000000000000ff", "00000000000000fg", "000000000000000ff"]
        {
            assert_eq!(digest(text), None, "{text}");
        }
    }
}
