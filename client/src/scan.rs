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
        Self { commands, page, cursor: Some(0), items: Vec::new().into_iter() }
    }
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
                    self.items = items.into_iter();
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
