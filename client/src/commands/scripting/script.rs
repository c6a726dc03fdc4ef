//! A script that is known by its SHA-1, which is made here, once, and not by the server.

use std::borrow::Cow;
use std::fmt;

use once_cell::race::OnceBox;
use resp::{Arg, ToArg};
use sha1_smol::Sha1;

/// A Lua script, to be called by [`call_script`](crate::Commands::call_script) on any client, connection or pipeline.
///
/// A fixed one is a `static`; its SHA-1 is made at the first call. `&Script` stands for its source wherever an argument
/// is wanted, as in `client.eval(&SCRIPT, …)`.
///
/// # Example
/// ```
/// use client::Script;
///
/// static FIXED: Script = Script::new("return 1");
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let made = Script::from(format!("return {}", 1));
/// assert_eq!(FIXED, made);
/// assert_eq!(FIXED.sha(), "e0e1f9fabfc9d4800c877a703b823ac0578ff8db");
///
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// assert_eq!(client.script_load(&FIXED)?, FIXED.sha());
/// assert_eq!(client.script_exists(FIXED.sha())?, [true]);
/// # Ok(())
/// # }
/// ```
#[doc(alias = "register_script")]
pub struct Script {
    source: Cow<'static, [u8]>,
    /// Not std's cell: a child that is forked while another thread fills that one would wait for ever.
    sha: OnceBox<Sha>,
}

/// In hexadecimal digits.
type Sha = String;

impl Script {
    /// A script with this source. [`Script::from`] takes a `String` or a `Vec<u8>`.
    pub const fn new(source: &'static str) -> Self {
        Self { source: Cow::Borrowed(source.as_bytes()), sha: OnceBox::new() }
    }

    /// The source.
    pub fn source(&self) -> &[u8] {
        &self.source
    }

    /// The SHA-1 of the source in 40 hexadecimal digits, by which the server knows the script.
    pub fn sha(&self) -> &str {
        self.sha.get_or_init(|| Box::new(Sha1::from(&self.source).digest().to_string()))
    }
}

impl From<&'static str> for Script {
    fn from(source: &'static str) -> Self {
        Self::new(source)
    }
}

impl From<String> for Script {
    fn from(source: String) -> Self {
        source.into_bytes().into()
    }
}

impl From<Vec<u8>> for Script {
    fn from(source: Vec<u8>) -> Self {
        Self { source: source.into(), sha: OnceBox::new() }
    }
}

impl ToArg for Script {
    fn to_arg(&self) -> Arg<'_> {
        Arg::Borrowed(&self.source)
    }
}

impl Clone for Script {
    fn clone(&self) -> Self {
        Self { source: self.source.clone(), sha: OnceBox::new() }
    }
}

impl PartialEq for Script {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Script {}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Script").field(&self.sha()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Script;

    #[test]
    fn the_sha_is_that_of_the_standard() {
        // FIPS 180-2, appendix A; and the one of nothing.
        for (source, sha) in [
            ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
            ),
            ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ] {
            assert_eq!(Script::new(source).sha(), sha);
            assert_eq!(Script::from(source.to_owned()).sha(), sha);
        }
        let million = Script::from(vec![b'a'; 1_000_000]);
        assert_eq!(million.sha(), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
        assert_eq!(
            format!("{:?}", Script::new("abc")),
            "Script(\"a9993e364706816aba3e25717850c26c9cd0d89d\")"
        );
    }
}
