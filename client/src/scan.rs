//! A cursor becomes an iterator: `SCAN` and its kin, page by page.

use std::vec;

use resp::{Arg, DecodeOwned, Flaw, Request};

use crate::execute::{Blocking, decode};
use crate::{Commands, Error, KeyType};

/// What a scan finds, one by one. A page is fetched when the one before it is used up.
///
/// As the server promises it: what is there during the whole scan comes at least once; what comes and goes meanwhile
/// may or may not come; something may come twice. After an error the iterator ends.
#[derive(Debug)]
pub struct Scan<'c, E, T> {
    commands: &'c Commands<E>,
    /// Packs the request for the page at a cursor.
    page: Page,
    /// `None` when the last page was fetched.
    cursor: Option<u64>,
    /// The cursor of the last answer.
    answered: u64,
    begun: bool,
    items: vec::IntoIter<T>,
}

/// The options of `SCAN`, `HSCAN`, `SSCAN` and `ZSCAN`. A text alone is a pattern.
///
/// # Example
/// ```
/// use client::{Build, KeyType, ScanOptions};
///
/// let options = ScanOptions::new().pattern("user:*").count(1_000).key_type(&KeyType::Hash);
/// let command = Build::new().scan_page::<String>(0, options);
/// assert_eq!(command.args()[2..], [&b"MATCH"[..], b"user:*", b"COUNT", b"1000", b"TYPE", b"hash"]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScanOptions<'a> {
    pattern: Option<&'a [u8]>,
    count: Option<u32>,
    key_type: Option<&'a str>,
}

impl<'a> ScanOptions<'a> {
    /// No option: everything is found, in pages of the server's choice (about ten).
    pub fn new() -> Self {
        Self::default()
    }

    /// Only what matches the pattern, in which `*`, `?`, `[a-z]` and `\` have their meaning.
    ///
    /// The server looks at as many keys or elements as without it and leaves out the others.
    #[doc(alias = "match")]
    #[must_use]
    pub fn pattern(mut self, pattern: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        self.pattern = Some(pattern.as_ref());
        self
    }

    /// How many keys or elements the server looks at for a page: more make fewer pages, and longer ones. Zero is an
    /// error.
    #[must_use]
    pub fn count(mut self, count: u32) -> Self {
        self.count = Some(count);
        self
    }

    /// Only keys of this type. Elements have none: anywhere but in `SCAN` it is an error.
    #[doc(alias = "type")]
    #[must_use]
    pub fn key_type(mut self, key_type: &'a KeyType) -> Self {
        self.key_type = Some(key_type.as_str());
        self
    }
}

impl<'a> From<&'a str> for ScanOptions<'a> {
    fn from(pattern: &'a str) -> Self {
        Self::new().pattern(pattern)
    }
}

impl<'a> From<&'a String> for ScanOptions<'a> {
    fn from(pattern: &'a String) -> Self {
        Self::new().pattern(pattern)
    }
}

/// Everything of a page's request but its cursor.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    name: &'static str,
    /// Absent for `SCAN` itself.
    key: Option<Vec<u8>>,
    pattern: Option<Vec<u8>>,
    count: Option<u32>,
    key_type: Option<String>,
    /// The word after the options, such as `NOVALUES`.
    last: Option<&'static str>,
}

impl Page {
    /// A page of `SCAN`.
    pub(crate) fn new(name: &'static str, options: ScanOptions<'_>) -> Self {
        Self {
            name,
            key: None,
            pattern: options.pattern.map(<[u8]>::to_vec),
            count: options.count,
            key_type: options.key_type.map(str::to_owned),
            last: None,
        }
    }

    /// A page of the elements of `key`.
    pub(crate) fn of<'k>(name: &'static str, key: impl Into<Arg<'k>>, options: ScanOptions<'_>) -> Self {
        let page = Request::new(name).key(key);
        Self { key: page.keys_iter().next().map(<[u8]>::to_vec), ..Self::new(name, options) }
    }

    /// The same page with a word after its options.
    pub(crate) fn last(mut self, word: &'static str) -> Self {
        self.last = Some(word);
        self
    }

    /// The request for the page at `cursor`.
    pub(crate) fn at(&self, cursor: u64) -> Request<'_> {
        let request = self.key.iter().fold(Request::new(self.name), Request::key).arg(cursor);
        let mut request = self.options(request);
        if self.key.is_some() && self.key_type.is_some() {
            request.refuse(Flaw::Argument("finds elements, which have no type"));
        }
        request
    }

    /// Adds all that follows the cursor.
    pub(crate) fn options<'a>(&'a self, request: Request<'a>) -> Request<'a> {
        let request = self.pattern.iter().fold(request, |r, pattern| r.arg("MATCH").arg(pattern));
        let request = self.count.into_iter().fold(request, |r, count| r.arg("COUNT").arg(count));
        let request = self.key_type.iter().fold(request, |r, key_type| r.arg("TYPE").arg(key_type));
        let mut request = self.last.into_iter().fold(request, Request::arg);
        if self.count == Some(0) {
            request.refuse(Flaw::Argument("needs a count above zero"));
        }
        request
    }
}

impl<'c, E, T> Scan<'c, E, T> {
    pub(crate) fn new(commands: &'c Commands<E>, page: Page) -> Self {
        Self { commands, page, cursor: Some(0), answered: 0, begun: false, items: Vec::new().into_iter() }
    }
}

impl<E: Blocking, T> Scan<'_, E, T> {
    /// How far the scan has come, for those who watch it. It asks for the number of keys or elements, by `DBSIZE`,
    /// `HLEN`, `SCARD` or `ZCARD`.
    ///
    /// It is an estimate that never goes back: no command says it. The servers go through their hash tables by the
    /// reversed bits of the cursor (`dictScan` of Redis, `hashtableScan` of Valkey; looked at in Redis 6.2 to 8.10 and
    /// Valkey 9.1), so that a cursor stands for a part of the table, and what the table holds is spread evenly over it.
    /// A scan that is slowed down by a pattern or a type comes as far.
    ///
    /// # Errors
    /// [`Error`] when the server does not say how many there are.
    ///
    /// # Example
    /// ```
    /// use client::ScanOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.sadd("doc:progress", (0..1_000).collect::<Vec<i32>>())?;
    /// let mut scan = client.sscan::<String>("doc:progress", ScanOptions::new().count(100));
    /// let mut found = 0;
    /// while let Some(member) = scan.next() {
    ///     member?;
    ///     found += 1;
    ///     if found == 500 {
    ///         let progress = scan.progress()?;
    ///         assert_eq!(progress.total, 1_000);
    ///         assert!((0.3..0.8).contains(&progress.part), "{progress:?}");
    ///     }
    /// }
    /// assert_eq!(scan.progress()?.part, 1.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn progress(&self) -> Result<ScanProgress, Error> {
        let (now, key) = (self.commands.now(), self.page.key.as_deref().unwrap_or_default());
        let total = match self.page.name {
            "HSCAN" => now.hlen(key),
            "SSCAN" => now.scard(key),
            "ZSCAN" => now.zcard(key),
            _ => now.dbsize(),
        }?;
        let part = if self.begun && self.answered == 0 { 1.0 } else { part(self.answered) };
        Ok(ScanProgress { part, total: total.unsigned_abs() })
    }
}

/// How far a scan has come: see [`Scan::progress`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ScanProgress {
    /// The part of the keys or elements that the server has looked at, from 0 to 1, as an estimate.
    pub part: f64,
    /// How many there are now.
    pub total: u64,
}

/// The part of a table that is before a cursor, which counts with its highest bit first.
fn part(cursor: u64) -> f64 {
    cursor.reverse_bits() as f64 / 2_f64.powi(64)
}

impl<E: Blocking, T: DecodeOwned> Iterator for Scan<'_, E, T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Result<T, Error>> {
        loop {
            if let Some(item) = self.items.next() {
                return Some(Ok(item));
            }
            let request = self.page.at(self.cursor.take()?);
            match self.commands.executor.execute_now(request, decode::<(u64, Vec<T>)>) {
                Ok((cursor, items)) => {
                    self.cursor = Some(cursor).filter(|cursor| *cursor != 0);
                    (self.answered, self.begun) = (cursor, true);
                    self.items = items.into_iter();
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_cursor_is_a_part_of_the_table() {
        // As a table of eight goes: 0, 4, 2, 6, 1, 5, 3, 7.
        let parts = [0, 4, 2, 6, 1, 5, 3, 7].map(|cursor: u64| super::part(cursor) * 8.0);
        assert!(parts.is_sorted() && parts[0] == 0.0 && parts[7] < 8.0, "{parts:?}");
        assert_eq!(super::part(1), 0.5);
    }
}
