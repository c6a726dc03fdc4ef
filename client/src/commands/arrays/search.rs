//! What is where in an array: values with their indices, all of them or those that match.

use resp::{DecodeOwned, Flaw, Request, ToArg};

use super::above_zero;
use crate::Commands;
use crate::execute::Execute;

/// # Arrays: search
impl<E: Execute> Commands<E> {
    /// `ARSCAN`: the values from `start` to `end`, both included, each with its index; backwards if `end` is the
    /// smaller one (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arscan")?;
    /// client.armset("doc:arscan", [(5, "a"), (1_000_000, "b")])?;
    /// let all: Vec<(u64, String)> = client.arscan("doc:arscan", 0, u64::MAX - 1)?;
    /// assert_eq!(all, [(5, "a".to_owned()), (1_000_000, "b".to_owned())]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn arscan<T: DecodeOwned>(&self, key: impl ToArg, start: u64, end: u64) -> E::Output<Vec<(u64, T)>> {
        self.call(Request::new("ARSCAN").key(&key).arg(start).arg(end))
    }

    /// `ARSCAN` with a limit: as [`arscan`](Self::arscan), but only the first so many. Whoever goes on behind the last
    /// index has them all in the end. Zero is an error (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arscan_limit")?;
    /// client.armset("doc:arscan_limit", [(5, "a"), (7, "b"), (1_000_000, "c")])?;
    /// let page = client.arscan_limit::<String>("doc:arscan_limit", 0, u64::MAX - 1, 2)?;
    /// assert_eq!(page.last().unwrap().0, 7);
    /// let page = client.arscan_limit::<String>("doc:arscan_limit", 7 + 1, u64::MAX - 1, 2)?;
    /// assert_eq!(page, [(1_000_000, "c".to_owned())]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn arscan_limit<T: DecodeOwned>(
        &self,
        key: impl ToArg,
        start: u64,
        end: u64,
        limit: u64,
    ) -> E::Output<Vec<(u64, T)>> {
        let request = Request::new("ARSCAN").key(&key).arg(start).arg(end).arg("LIMIT");
        self.call(request.with(|r| above_zero(r, limit)))
    }

    /// `ARGREP`: the indices of the values from `start` to `end` that match, both included; backwards if `end` is the
    /// smaller one (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// use client::{ArrayBound, ArrayMatch, ArraySearch};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:argrep")?;
    /// client.arset("doc:argrep", 0, ["GET a", "SET b 1", "DEL a"])?;
    /// let (first, last) = (ArrayBound::First, ArrayBound::Last);
    /// assert_eq!(client.argrep("doc:argrep", first, last, ArrayMatch::glob("*a"))?, [0, 2]);
    /// let both = [ArrayMatch::contains("a"), ArrayMatch::regex("^(get|set) ")];
    /// assert_eq!(client.argrep("doc:argrep", last, 0, ArraySearch::all(&both).nocase())?, [0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn argrep<'o>(
        &self,
        key: impl ToArg,
        start: impl Into<ArrayBound>,
        end: impl Into<ArrayBound>,
        search: impl Into<ArraySearch<'o>>,
    ) -> E::Output<Vec<u64>> {
        let (start, end, search) = (start.into(), end.into(), search.into());
        let request = Request::new("ARGREP").key(&key).with(|r| start.write(r)).with(|r| end.write(r));
        self.call(request.with(|r| search.write(r)))
    }

    /// `ARGREP … WITHVALUES`: as [`argrep`](Self::argrep), each index with its value (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// use client::{ArrayBound, ArrayMatch};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:argrep_with_values")?;
    /// client.arset("doc:argrep_with_values", 0, ["GET a", "SET b 1", "DEL a"])?;
    /// let found: Vec<(u64, String)> =
    ///     client.argrep_with_values("doc:argrep_with_values", 0, ArrayBound::Last, ArrayMatch::exact("DEL a"))?;
    /// assert_eq!(found, [(2, "DEL a".to_owned())]);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "argrep")]
    pub fn argrep_with_values<'o, T: DecodeOwned>(
        &self,
        key: impl ToArg,
        start: impl Into<ArrayBound>,
        end: impl Into<ArrayBound>,
        search: impl Into<ArraySearch<'o>>,
    ) -> E::Output<Vec<(u64, T)>> {
        let (start, end, search) = (start.into(), end.into(), search.into());
        let request = Request::new("ARGREP").key(&key).with(|r| start.write(r)).with(|r| end.write(r));
        self.call(request.with(|r| search.write(r)).arg("WITHVALUES"))
    }
}

/// An end of a range of an array that is searched. An index is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArrayBound {
    /// Index 0.
    First,
    /// The last index that has a value.
    Last,
    /// This index, itself included.
    Index(u64),
}

impl ArrayBound {
    fn write(self, request: Request<'_>) -> Request<'_> {
        match self {
            Self::First => request.arg("-"),
            Self::Last => request.arg("+"),
            Self::Index(index) => request.arg(index),
        }
    }
}

impl From<u64> for ArrayBound {
    fn from(index: u64) -> Self {
        Self::Index(index)
    }
}

/// What a value of an array is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArrayMatch<'a> {
    /// This is the value (`EXACT`).
    Exact(&'a [u8]),
    /// This is in the value (`MATCH`).
    Contains(&'a [u8]),
    /// The whole value fits this pattern, in which `*`, `?`, `[a-z]` and `\` have their meaning (`GLOB`).
    Glob(&'a [u8]),
    /// This extended regular expression of POSIX is found in the value (`RE`). It has up to 2,048 bytes and no
    /// backreferences.
    Regex(&'a [u8]),
}

impl<'a> ArrayMatch<'a> {
    /// This is the value.
    pub fn exact(value: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self::Exact(value.as_ref())
    }

    /// This is in the value.
    #[doc(alias = "match")]
    pub fn contains(part: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self::Contains(part.as_ref())
    }

    /// The whole value fits this pattern, in which `*`, `?`, `[a-z]` and `\` have their meaning.
    pub fn glob(pattern: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self::Glob(pattern.as_ref())
    }

    /// This extended regular expression of POSIX is found in the value.
    #[doc(alias = "re")]
    pub fn regex(expression: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self::Regex(expression.as_ref())
    }

    fn write<'r>(self, request: Request<'r>) -> Request<'r>
    where
        'a: 'r,
    {
        match self {
            Self::Exact(text) => request.arg("EXACT").arg(text),
            Self::Contains(text) => request.arg("MATCH").arg(text),
            Self::Glob(text) => request.arg("GLOB").arg(text),
            Self::Regex(text) => request.arg("RE").arg(text),
        }
    }
}

/// What is searched for in an array. An [`ArrayMatch`] alone is enough.
///
/// # Example
/// ```
/// use client::{ArrayMatch, ArraySearch, Build};
///
/// let either = [ArrayMatch::exact("a"), ArrayMatch::glob("b*")];
/// let command = Build::new().argrep("k", 0, 9, ArraySearch::any(&either).limit(5));
/// assert_eq!(command.args()[4..].join(&b' '), b"EXACT a GLOB b* OR LIMIT 5");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct ArraySearch<'a> {
    matches: Matches<'a>,
    limit: Option<u64>,
    nocase: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Matches<'a> {
    One(ArrayMatch<'a>),
    Several(&'a [ArrayMatch<'a>], &'static str),
}

impl<'a> ArraySearch<'a> {
    /// Values that any of these matches fits: 1 to 250 of them.
    #[doc(alias = "or")]
    pub fn any(matches: &'a [ArrayMatch<'a>]) -> Self {
        Self::of(Matches::Several(matches, "OR"))
    }

    /// Values that all of these matches fit: 1 to 250 of them.
    #[doc(alias = "and")]
    pub fn all(matches: &'a [ArrayMatch<'a>]) -> Self {
        Self::of(Matches::Several(matches, "AND"))
    }

    fn of(matches: Matches<'a>) -> Self {
        Self { matches, limit: None, nocase: None }
    }

    /// Only the first so many. Zero is an error.
    pub fn limit(mut self, limit: u64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Upper and lower case are the same, at least of the letters of ASCII.
    pub fn nocase(mut self) -> Self {
        self.nocase = Some("NOCASE");
        self
    }

    fn write<'r>(self, request: Request<'r>) -> Request<'r>
    where
        'a: 'r,
    {
        let request = match self.matches {
            Matches::One(one) => one.write(request),
            Matches::Several(several, word) => write_several(request, several).arg(word),
        };
        let request = self.limit.into_iter().fold(request, |r, limit| above_zero(r.arg("LIMIT"), limit));
        self.nocase.into_iter().fold(request, Request::arg)
    }
}

impl<'a> From<ArrayMatch<'a>> for ArraySearch<'a> {
    fn from(one: ArrayMatch<'a>) -> Self {
        Self::of(Matches::One(one))
    }
}

/// Adds several matches. None are a flaw, and so are more than the server takes (`ARGREP_MAX_PREDICATES` of Redis 8.8).
fn write_several<'r>(mut request: Request<'r>, several: &[ArrayMatch<'r>]) -> Request<'r> {
    if several.is_empty() || several.len() > 250 {
        request.refuse(Flaw::Argument("needs from 1 to 250 matches"));
    }
    several.iter().fold(request, |request, one| one.write(request))
}
