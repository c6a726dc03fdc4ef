//! A library of functions that is loaded when it is missed.

use std::borrow::Cow;

use resp::{Arg, ToArg};

/// A library of functions with its code, to be called by [`call_function`](crate::Commands::call_function) on any client,
/// connection or pipeline (Redis 7.0).
///
/// A fixed one is a `static`, its code maybe an `include_str!`. `&FunctionLibrary` stands for its code wherever an
/// argument is wanted, as in `client.function_load_replace(&LIBRARY)`.
///
/// # Example
/// ```
/// use client::FunctionLibrary;
///
/// static HITS: FunctionLibrary = FunctionLibrary::new(
///     "#!lua name=doc_hits
///     redis.register_function('doc_hit', function(keys, args) return redis.call('INCR', keys[1]) end)",
/// );
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// # client.del("doc:hits")?;
/// assert_eq!(HITS.name(), Some("doc_hits"));
/// let hits: i64 = client.call_function(&HITS, "doc_hit", "doc:hits", ())?; // loads it, if it is not there
/// assert_eq!(hits, 1);
/// # client.function_delete("doc_hits")?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FunctionLibrary {
    code: Cow<'static, [u8]>,
}

impl FunctionLibrary {
    /// A library with this code, which begins with `#!lua name=…`. [`FunctionLibrary::from`] takes a `String` or a
    /// `Vec<u8>`.
    pub const fn new(code: &'static str) -> Self {
        Self { code: Cow::Borrowed(code.as_bytes()) }
    }

    /// The name in its first line; `None` if the server would find none either.
    pub fn name(&self) -> Option<&str> {
        let line = self.code.split(|byte| *byte == b'\n').next()?.strip_prefix(b"#!")?;
        std::str::from_utf8(line).ok()?.split_ascii_whitespace().find_map(|word| word.strip_prefix("name="))
    }

    /// The code.
    pub fn code(&self) -> &[u8] {
        &self.code
    }
}

impl From<&'static str> for FunctionLibrary {
    fn from(code: &'static str) -> Self {
        Self::new(code)
    }
}

impl From<String> for FunctionLibrary {
    fn from(code: String) -> Self {
        code.into_bytes().into()
    }
}

impl From<Vec<u8>> for FunctionLibrary {
    fn from(code: Vec<u8>) -> Self {
        Self { code: code.into() }
    }
}

impl ToArg for FunctionLibrary {
    fn to_arg(&self) -> Arg<'_> {
        Arg::Borrowed(&self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::FunctionLibrary;

    #[test]
    fn the_name_is_in_the_first_line() {
        let name = |code: &'static str| FunctionLibrary::new(code).name().map(str::to_owned);
        assert_eq!(name("#!lua name=a\nname=b").as_deref(), Some("a"));
        assert_eq!(name("#!lua  other=1 name=a").as_deref(), Some("a"));
        assert_eq!(name("#!lua name=a\r\n").as_deref(), Some("a"));
        for code in ["", "lua name=a", "#!lua", "#!lua\nname=a", "\n#!lua name=a"] {
            assert_eq!(name(code), None, "{code}");
        }
        assert_eq!(FunctionLibrary::from(b"#!lua name=\xff".to_vec()).name(), None);
    }
}
