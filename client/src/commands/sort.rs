//! Sorting what a list, a set or a sorted set holds.

use resp::{DecodeOwned, Request, ToArg};

use crate::Commands;
use crate::execute::Execute;

/// # Sort
impl<E: Execute> Commands<E> {
    /// `SORT`: the elements of a list, a set or a sorted set in the order of their numbers.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:sort")?;
    /// client.rpush("doc:sort", [10, 9, 8])?;
    /// assert_eq!(client.sort::<i64>("doc:sort")?, [8, 9, 10]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sort<T: DecodeOwned>(&self, key: impl ToArg) -> E::Output<Vec<T>> {
        self.sort_with(key, SortOptions::new())
    }

    /// `SORT` with options: the elements in another order, a part of them, or what other keys hold for them.
    ///
    /// # Example
    /// ```
    /// use client::SortOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:sort_with")?;
    /// client.rpush("doc:sort_with", ["b", "a", "c"])?;
    /// client.mset([("doc:sort_with:a", "Ada"), ("doc:sort_with:b", "Bob")])?;
    /// let options = SortOptions::new().alpha().get(&["#", "doc:sort_with:*"]);
    /// let names: Vec<(String, Option<String>)> = client.sort_with("doc:sort_with", options)?;
    /// assert_eq!(names[0], ("a".into(), Some("Ada".into())));
    /// assert_eq!(names[2], ("c".into(), None));
    /// # Ok(())
    /// # }
    /// ```
    pub fn sort_with<'o, T: DecodeOwned>(
        &self,
        key: impl ToArg,
        options: impl Into<SortOptions<'o>>,
    ) -> E::Output<Vec<T>> {
        let options = options.into();
        self.call(Request::new("SORT").key(&key).with(|r| options.write(r)))
    }

    /// `SORT_RO`: what [`sort_with`](Self::sort_with) returns; a replica answers it too (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// use client::SortOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:sort_ro")?;
    /// client.rpush("doc:sort_ro", [2, 1])?;
    /// assert_eq!(client.sort_ro::<i64>("doc:sort_ro", SortOptions::new().desc())?, [2, 1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sort_ro<'o, T: DecodeOwned>(
        &self,
        key: impl ToArg,
        options: impl Into<SortOptions<'o>>,
    ) -> E::Output<Vec<T>> {
        let options = options.into();
        self.call(Request::new("SORT_RO").key(&key).with(|r| options.write(r)))
    }

    /// `SORT … STORE`: how many elements the list at `destination` has, which are what [`sort_with`](Self::sort_with)
    /// returns.
    ///
    /// # Example
    /// ```
    /// use client::SortOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:sort_store")?;
    /// client.rpush("doc:sort_store", [2, 1])?;
    /// assert_eq!(client.sort_store("doc:sort_store", "doc:sort_store:to", SortOptions::new())?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sort_store<'o>(
        &self,
        key: impl ToArg,
        destination: impl ToArg,
        options: impl Into<SortOptions<'o>>,
    ) -> E::Output<i64> {
        let options = options.into();
        self.call(Request::new("SORT").key(&key).with(|r| options.write(r)).arg("STORE").key(&destination))
    }
}

/// The options of `SORT`.
///
/// # Example
/// ```
/// use client::{Build, SortOptions};
///
/// let options = SortOptions::new().by("weight:*").limit(0, 10).get(&["#", "name:*"]).desc().alpha();
/// let command = Build::new().sort_with::<String>("k", options);
/// assert_eq!(
///     command.args()[2..].join(&b' '),
///     b"BY weight:* LIMIT 0 10 GET # GET name:* DESC ALPHA"
/// );
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SortOptions<'a> {
    by: Option<&'a [u8]>,
    limit: Option<(u64, u64)>,
    get: &'a [&'a str],
    order: Option<&'static str>,
    alpha: Option<&'static str>,
}

impl<'a> SortOptions<'a> {
    /// No option: all elements, as numbers, the smallest first.
    pub fn new() -> Self {
        Self::default()
    }

    /// By what the keys of this pattern hold: the element stands for its `*`, and `->field` at its end means a hash.
    /// A pattern without `*` means no order at all.
    #[must_use]
    pub fn by(mut self, pattern: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        self.by = Some(pattern.as_ref());
        self
    }

    /// Only `count` elements from the one at `offset` on, which is counted from 0.
    #[must_use]
    pub fn limit(mut self, offset: u64, count: u64) -> Self {
        self.limit = Some((offset, count));
        self
    }

    /// What the keys of these patterns hold instead of each element, one after the other; `#` is the element itself.
    #[must_use]
    pub fn get(mut self, patterns: &'a [&'a str]) -> Self {
        self.get = patterns;
        self
    }

    /// The largest first.
    #[must_use]
    pub fn desc(mut self) -> Self {
        self.order = Some("DESC");
        self
    }

    /// As text, not as numbers.
    #[must_use]
    pub fn alpha(mut self) -> Self {
        self.alpha = Some("ALPHA");
        self
    }

    fn write<'r>(self, request: Request<'r>) -> Request<'r>
    where
        'a: 'r,
    {
        let request = self.by.into_iter().fold(request, |r, pattern| r.arg("BY").arg(pattern));
        let limit = self.limit.into_iter();
        let request = limit.fold(request, |r, (offset, count)| r.arg("LIMIT").arg(offset).arg(count));
        let request = self.get.iter().fold(request, |r, pattern| r.arg("GET").arg(pattern));
        self.order.into_iter().chain(self.alpha).fold(request, Request::arg)
    }
}
