//! Commands on keys of any type: whether they are there, what they are called and which ones there are.

use resp::{Decode, DecodeError, DecodeOwned, Request, ToArg, ToArgs, View};

use crate::execute::{Blocking, Execute};
use crate::scan::Page;
use crate::{Commands, Scan, ScanOptions};

/// # Keys
impl<E: Execute> Commands<E> {
    /// `DEL`: how many of the keys were there and are gone now.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.mset([("doc:del:a", 1), ("doc:del:b", 2)])?;
    /// assert_eq!(client.del(["doc:del:a", "doc:del:b", "doc:del:missing"])?, 2);
    /// assert_eq!(client.del("doc:del:a")?, 0);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete")]
    pub fn del(&self, keys: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("DEL").keys(&keys))
    }

    /// `UNLINK`: how many of the keys were there and are gone now. Their memory is given back later, which does not
    /// hold up the server when they are large.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:unlink", "x")?;
    /// assert_eq!(client.unlink("doc:unlink")?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn unlink(&self, keys: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("UNLINK").keys(&keys))
    }

    /// `EXISTS`: how many of the keys exist. A key that is named twice counts twice.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:exists", "x")?;
    /// assert_eq!(client.exists("doc:exists")?, 1);
    /// assert_eq!(client.exists(["doc:exists", "doc:exists:missing"])?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn exists(&self, keys: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("EXISTS").keys(&keys))
    }

    /// `TOUCH`: how many of the keys exist; they count as just used.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:touch", "x")?;
    /// assert_eq!(client.touch(["doc:touch", "doc:touch:missing"])?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn touch(&self, keys: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("TOUCH").keys(&keys))
    }

    /// `TYPE`: what the key holds.
    ///
    /// # Example
    /// ```
    /// use client::KeyType;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:key_type", "x")?;
    /// assert_eq!(client.key_type("doc:key_type")?, KeyType::String);
    /// assert_eq!(client.key_type("doc:key_type:missing")?, KeyType::None);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "type")]
    pub fn key_type(&self, key: impl ToArg) -> E::Output<KeyType> {
        self.call(Request::new("TYPE").key(&key))
    }

    /// `COPY`: whether the value was copied, with its expiry: not if there is none, nor over a key that exists (Redis
    /// 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:copy:new")?;
    /// client.set("doc:copy", "x")?;
    /// assert!(client.copy("doc:copy", "doc:copy:new")?);
    /// assert!(!client.copy("doc:copy", "doc:copy:new")?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn copy(&self, source: impl ToArg, destination: impl ToArg) -> E::Output<bool> {
        self.copy_with(source, destination, CopyOptions::new())
    }

    /// `COPY` with options: whether the value was copied, perhaps over a key that exists or to another database
    /// (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// use client::CopyOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.mset([("doc:copy_with", "new"), ("doc:copy_with:old", "old")])?;
    /// assert!(client.copy_with("doc:copy_with", "doc:copy_with:old", CopyOptions::new().replace())?);
    /// assert_eq!(client.get::<String>("doc:copy_with:old")?.as_deref(), Some("new"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn copy_with(
        &self,
        source: impl ToArg,
        destination: impl ToArg,
        options: impl Into<CopyOptions>,
    ) -> E::Output<bool> {
        let options = options.into();
        self.call(Request::new("COPY").key(&source).key(&destination).with(|r| options.write(r)))
    }

    /// `RENAME`: gives a key another name, with its value and expiry. What had the name before is gone. A key that
    /// does not exist is an error.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:rename", "x")?;
    /// client.rename("doc:rename", "doc:rename:new")?;
    /// assert_eq!(client.exists("doc:rename")?, 0);
    /// assert!(client.rename("doc:rename", "doc:rename:new").is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn rename(&self, key: impl ToArg, new: impl ToArg) -> E::Output<()> {
        self.call(Request::new("RENAME").key(&key).key(&new))
    }

    /// `RENAMENX`: whether the key has got another name, which it does not if a key of that name exists.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.mset([("doc:renamenx:a", 1), ("doc:renamenx:b", 2)])?;
    /// assert!(!client.renamenx("doc:renamenx:a", "doc:renamenx:b")?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn renamenx(&self, key: impl ToArg, new: impl ToArg) -> E::Output<bool> {
        self.call(Request::new("RENAMENX").key(&key).key(&new))
    }

    /// `MOVE`: whether the key was moved to another database: not if it does not exist here, or exists there.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(!client.move_to_db("doc:move_to_db:missing", 1)?);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "move")]
    pub fn move_to_db(&self, key: impl ToArg, db: u32) -> E::Output<bool> {
        self.call(Request::new("MOVE").key(&key).arg(db))
    }

    /// `KEYS`: all keys that match the pattern, in which `*`, `?`, `[a-z]` and `\` have their meaning.
    ///
    /// The server looks at every key it has and answers nobody else meanwhile: in production use
    /// [`scan`](Self::scan).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.mset([("doc:keys:1", "x"), ("doc:keys:2", "x")])?;
    /// let mut keys: Vec<String> = client.keys("doc:keys:?")?;
    /// keys.sort();
    /// assert_eq!(keys, ["doc:keys:1", "doc:keys:2"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn keys<T: DecodeOwned>(&self, pattern: impl ToArg) -> E::Output<Vec<T>> {
        self.call(Request::new("KEYS").arg(&pattern))
    }

    /// `RANDOMKEY`: any key of the database, `None` if it is empty.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:randomkey", "x")?;
    /// assert!(client.randomkey::<Vec<u8>>()?.is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub fn randomkey<T: DecodeOwned>(&self) -> E::Output<Option<T>> {
        self.call(Request::new("RANDOMKEY"))
    }

    /// `SCAN`: one page of keys and the cursor of the next; the first page and the end are 0.
    ///
    /// [`scan`](Self::scan) turns the pages. A page may be empty before the last one.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:scan_page", "x")?;
    /// let (mut cursor, mut keys) = client.scan_page::<String>(0, "doc:scan_page")?;
    /// while cursor != 0 {
    ///     let page;
    ///     (cursor, page) = client.scan_page(cursor, "doc:scan_page")?;
    ///     keys.extend(page);
    /// }
    /// assert_eq!(keys, ["doc:scan_page"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn scan_page<'o, T: DecodeOwned>(
        &self,
        cursor: u64,
        options: impl Into<ScanOptions<'o>>,
    ) -> E::Output<(u64, Vec<T>)> {
        self.call(Page::new("SCAN", options.into()).at(cursor))
    }
}

/// # Keys: scan
impl<E: Blocking> Commands<E> {
    /// `SCAN`: the keys of the database, page by page, while the server answers others in between.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.mset([("doc:scan:1", "x"), ("doc:scan:2", "x")])?;
    /// let mut keys: Vec<String> = client.scan("doc:scan:*").collect::<Result<_, _>>()?;
    /// keys.sort();
    /// assert_eq!(keys, ["doc:scan:1", "doc:scan:2"]);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "scan_iter")]
    pub fn scan<'o, T: DecodeOwned>(&self, options: impl Into<ScanOptions<'o>>) -> Scan<'_, E, T> {
        Scan::new(self, Page::new("SCAN", options.into()))
    }
}

/// What a key holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyType {
    /// Nothing: the key does not exist.
    None,
    /// Text, bytes or a number; also bitmaps and HyperLogLogs.
    String,
    /// A list.
    List,
    /// A set.
    Set,
    /// A sorted set; also places.
    ZSet,
    /// A hash.
    Hash,
    /// A stream.
    Stream,
    /// A vector set (Redis 8.0).
    VectorSet,
    /// An array (Redis 8.8).
    Array,
    /// A type that a module brought, or that is newer than this library.
    Other(Box<str>),
}

impl KeyType {
    /// The word by which servers call it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::None => "none",
            Self::String => "string",
            Self::List => "list",
            Self::Set => "set",
            Self::ZSet => "zset",
            Self::Hash => "hash",
            Self::Stream => "stream",
            Self::VectorSet => "vectorset",
            Self::Array => "array",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for KeyType {
    fn from(word: &str) -> Self {
        let known = [
            Self::None,
            Self::String,
            Self::List,
            Self::Set,
            Self::ZSet,
            Self::Hash,
            Self::Stream,
            Self::VectorSet,
            Self::Array,
        ];
        known.into_iter().find(|known| known.as_str() == word).unwrap_or_else(|| Self::Other(word.into()))
    }
}

impl Decode<'_> for KeyType {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        view.decode::<&str>().map(Self::from)
    }
}

/// The options of `COPY`.
///
/// # Example
/// ```
/// use client::{Build, CopyOptions};
///
/// let command = Build::new().copy_with("a", "b", CopyOptions::new().db(2).replace());
/// assert_eq!(command.args()[3..], [&b"DB"[..], b"2", b"REPLACE"]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CopyOptions {
    db: Option<u32>,
    replace: Option<&'static str>,
}

impl CopyOptions {
    /// No option: the copy is in the same database, and nothing is overwritten.
    pub fn new() -> Self {
        Self::default()
    }

    /// The copy is in this database.
    #[must_use]
    pub fn db(mut self, db: u32) -> Self {
        self.db = Some(db);
        self
    }

    /// A key of the new name is overwritten.
    #[must_use]
    pub fn replace(mut self) -> Self {
        self.replace = Some("REPLACE");
        self
    }

    fn write(self, request: Request<'_>) -> Request<'_> {
        let request = self.db.into_iter().fold(request, |r, db| r.arg("DB").arg(db));
        self.replace.into_iter().fold(request, Request::arg)
    }
}
