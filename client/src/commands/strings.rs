//! Commands on strings: text, bytes and counters.

use std::time::{Duration, SystemTime};

use resp::{DecodeOwned, Request, ToArg};

use super::expiry::Expiry;
use crate::Commands;
use crate::execute::Execute;

impl<E: Execute> Commands<E> {
    /// `GET`: the value, `None` if the key does not exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:get", "12")?;
    /// assert_eq!(client.get::<String>("doc:get")?.as_deref(), Some("12"));
    /// assert_eq!(client.get::<i64>("doc:get")?, Some(12));
    /// assert_eq!(client.get::<Vec<u8>>("doc:get:missing")?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn get<T: DecodeOwned>(&self, key: impl ToArg) -> E::Output<Option<T>> {
        self.call(Request::new("GET").key(&key))
    }

    /// `SET`: sets the value, whatever was there before, and drops the key's expiry.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:set", "value")?;
    /// client.set("doc:set", 42)?;
    /// assert_eq!(client.get("doc:set")?, Some(42));
    /// # Ok(())
    /// # }
    /// ```
    pub fn set(&self, key: impl ToArg, value: impl ToArg) -> E::Output<()> {
        self.call(Request::new("SET").key(&key).arg(&value))
    }

    /// `SET` with options: whether the value was set, which a condition (`nx`, `xx`) may have prevented.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::SetOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:set_with")?;
    /// assert!(client.set_with("doc:set_with", "a", Duration::from_secs(60))?);
    /// assert!(!client.set_with("doc:set_with", "b", SetOptions::new().nx())?);
    /// assert_eq!(client.get::<String>("doc:set_with")?.as_deref(), Some("a"));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "setex")]
    #[doc(alias = "psetex")]
    #[doc(alias = "setnx")]
    pub fn set_with(
        &self,
        key: impl ToArg,
        value: impl ToArg,
        options: impl Into<SetOptions>,
    ) -> E::Output<bool> {
        let options = options.into();
        self.call_with(Request::new("SET").key(&key).arg(&value).with(|r| options.write(r)), |view| {
            Ok(!view.is_null())
        })
    }

    /// `SET … GET`: sets the value and returns the old one, `None` if there was none. With `nx` the server must be
    /// Redis 7 or later.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:set_get", "old")?;
    /// let old: Option<String> = client.set_get("doc:set_get", "new", client::SetOptions::new())?;
    /// assert_eq!(old.as_deref(), Some("old"));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getset")]
    pub fn set_get<T: DecodeOwned>(
        &self,
        key: impl ToArg,
        value: impl ToArg,
        options: impl Into<SetOptions>,
    ) -> E::Output<Option<T>> {
        let options = options.into();
        self.call(Request::new("SET").key(&key).arg(&value).with(|r| options.write(r)).arg("GET"))
    }
}

/// The options of `SET`: an expiry, a condition. A `Duration` alone is an expiry.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use client::{Build, SetOptions};
///
/// let options = SetOptions::new().expire(Duration::from_millis(1_500)).nx();
/// let command = Build::new().set_with("k", "v", options);
/// assert_eq!(command.args()[3..], [&b"PX"[..], b"1500", b"NX"]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SetOptions {
    expiry: Option<Expiry>,
    condition: Option<&'static str>,
}

impl SetOptions {
    /// No option: the value is set in any case and does not expire.
    pub fn new() -> Self {
        Self::default()
    }

    /// The key expires after `time`, in whole milliseconds, rounded up. Zero is an error.
    #[must_use]
    pub fn expire(mut self, time: Duration) -> Self {
        self.expiry = Some(Expiry::After(time));
        self
    }

    /// The key expires at `time` (Redis 6.2).
    #[must_use]
    pub fn expire_at(mut self, time: SystemTime) -> Self {
        self.expiry = Some(Expiry::At(time));
        self
    }

    /// The key keeps the expiry it has.
    #[must_use]
    pub fn keepttl(mut self) -> Self {
        self.expiry = Some(Expiry::Keep);
        self
    }

    /// Only if the key does not exist.
    #[must_use]
    pub fn nx(mut self) -> Self {
        self.condition = Some("NX");
        self
    }

    /// Only if the key exists.
    #[must_use]
    pub fn xx(mut self) -> Self {
        self.condition = Some("XX");
        self
    }

    fn write(self, request: Request<'_>) -> Request<'_> {
        let request = self.expiry.into_iter().fold(request, |request, expiry| expiry.write(request));
        self.condition.into_iter().fold(request, Request::arg)
    }
}

impl From<Duration> for SetOptions {
    fn from(expire: Duration) -> Self {
        Self::new().expire(expire)
    }
}
