//! Commands on strings: text, bytes and counters.

use std::time::{Duration, SystemTime};

use resp::{DecodeOwned, Request, ToArg, ToArgs, ToPairs};

use super::arguments::{counted_pairs, finite};
use super::expiry::Expiry;
use crate::Commands;
use crate::execute::Execute;

mod compare;
pub use compare::{Digest, IfValue};
mod increx;
pub use increx::{IncrExOptions, Increment};
mod lcs;
pub use lcs::{LcsMatch, LcsMatches};

/// # Strings
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

    /// `SET` with options: whether the value was set, which a condition (`nx`, `xx`, or one on the value that is there)
    /// may have prevented.
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
    pub fn set_with<'o>(
        &self,
        key: impl ToArg,
        value: impl ToArg,
        options: impl Into<SetOptions<'o>>,
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
    pub fn set_get<'o, T: DecodeOwned>(
        &self,
        key: impl ToArg,
        value: impl ToArg,
        options: impl Into<SetOptions<'o>>,
    ) -> E::Output<Option<T>> {
        let options = options.into();
        self.call(Request::new("SET").key(&key).arg(&value).with(|r| options.write(r)).arg("GET"))
    }

    /// `GETDEL`: the value of a key that it deletes, `None` if the key does not exist (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:getdel", "once")?;
    /// assert_eq!(client.getdel::<String>("doc:getdel")?.as_deref(), Some("once"));
    /// assert_eq!(client.getdel::<String>("doc:getdel")?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn getdel<T: DecodeOwned>(&self, key: impl ToArg) -> E::Output<Option<T>> {
        self.call(Request::new("GETDEL").key(&key))
    }

    /// `GETEX`: the value, `None` if the key does not exist; it sets or drops the key's expiry (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::GetExOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:getex", "session")?;
    /// let value: Option<String> = client.getex("doc:getex", Duration::from_secs(60))?;
    /// assert_eq!(value.as_deref(), Some("session"));
    /// let value: Option<String> = client.getex("doc:getex", GetExOptions::new().persist())?;
    /// assert_eq!(value.as_deref(), Some("session"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn getex<T: DecodeOwned>(
        &self,
        key: impl ToArg,
        options: impl Into<GetExOptions>,
    ) -> E::Output<Option<T>> {
        let options = options.into();
        self.call(Request::new("GETEX").key(&key).with(|r| options.write(r)))
    }

    /// `GETRANGE`: the bytes from `start` to `end`, both included; what lies outside the value is left out.
    ///
    /// Negative positions count from the end, which is -1. A key that does not exist is an empty string.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:getrange", "Hello, world")?;
    /// assert_eq!(client.getrange::<String>("doc:getrange", 0, 4)?, "Hello");
    /// assert_eq!(client.getrange::<String>("doc:getrange", -5, -1)?, "world");
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "substr")]
    pub fn getrange<T: DecodeOwned>(&self, key: impl ToArg, start: i64, end: i64) -> E::Output<T> {
        self.call(Request::new("GETRANGE").key(&key).arg(start).arg(end))
    }

    /// `SETRANGE`: the length of the value after its bytes from `offset` on were overwritten.
    ///
    /// A value that was too short is filled up with zero bytes.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:setrange", "Hello, world")?;
    /// assert_eq!(client.setrange("doc:setrange", 7, "Redis")?, 12);
    /// assert_eq!(client.get::<String>("doc:setrange")?.as_deref(), Some("Hello, Redis"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn setrange(&self, key: impl ToArg, offset: u64, value: impl ToArg) -> E::Output<i64> {
        self.call(Request::new("SETRANGE").key(&key).arg(offset).arg(&value))
    }

    /// `APPEND`: the length of the value after `value` was added to its end. A missing key is an empty string.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:append")?;
    /// assert_eq!(client.append("doc:append", "ab")?, 2);
    /// assert_eq!(client.append("doc:append", "c")?, 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn append(&self, key: impl ToArg, value: impl ToArg) -> E::Output<i64> {
        self.call(Request::new("APPEND").key(&key).arg(&value))
    }

    /// `STRLEN`: the length of the value in bytes, 0 if the key does not exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:strlen", "é")?;
    /// assert_eq!(client.strlen("doc:strlen")?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn strlen(&self, key: impl ToArg) -> E::Output<i64> {
        self.call(Request::new("STRLEN").key(&key))
    }

    /// `INCR`: the number after 1 was added to it. A missing key is 0.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:incr")?;
    /// assert_eq!(client.incr("doc:incr")?, 1);
    /// assert_eq!(client.incr("doc:incr")?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn incr(&self, key: impl ToArg) -> E::Output<i64> {
        self.call(Request::new("INCR").key(&key))
    }

    /// `INCRBY`: the number after `amount` was added to it. A missing key is 0.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:incrby", 40)?;
    /// assert_eq!(client.incrby("doc:incrby", 2)?, 42);
    /// # Ok(())
    /// # }
    /// ```
    pub fn incrby(&self, key: impl ToArg, amount: i64) -> E::Output<i64> {
        self.call(Request::new("INCRBY").key(&key).arg(amount))
    }

    /// `INCRBYFLOAT`: the number after `amount` was added to it. A missing key is 0. An `amount` that is not finite
    /// is an error.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:incrbyfloat", 3)?;
    /// assert_eq!(client.incrbyfloat("doc:incrbyfloat", -0.5)?, 2.5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn incrbyfloat(&self, key: impl ToArg, amount: impl Into<f64>) -> E::Output<f64> {
        self.call(Request::new("INCRBYFLOAT").key(&key).with(|r| finite(r, amount.into())))
    }

    /// `DECR`: the number after 1 was taken from it. A missing key is 0.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:decr", 3)?;
    /// assert_eq!(client.decr("doc:decr")?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn decr(&self, key: impl ToArg) -> E::Output<i64> {
        self.call(Request::new("DECR").key(&key))
    }

    /// `DECRBY`: the number after `amount` was taken from it. A missing key is 0.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:decrby", 50)?;
    /// assert_eq!(client.decrby("doc:decrby", 8)?, 42);
    /// # Ok(())
    /// # }
    /// ```
    pub fn decrby(&self, key: impl ToArg, amount: i64) -> E::Output<i64> {
        self.call(Request::new("DECRBY").key(&key).arg(amount))
    }

    /// `MGET`: the values of several keys, in their order: a list, an array or a tuple. A key that does not exist, or
    /// holds no string, is a null: `Option` takes it.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.mset([("doc:mget:name", "Ada"), ("doc:mget:born", "1815")])?;
    /// let keys = ["doc:mget:name", "doc:mget:born", "doc:mget:missing"];
    /// let list: Vec<Option<String>> = client.mget(keys)?;
    /// assert_eq!(list, [Some("Ada".into()), Some("1815".into()), None]);
    /// let (name, born, died): (String, i64, Option<i64>) = client.mget(keys)?;
    /// assert_eq!((name.as_str(), born, died), ("Ada", 1815, None));
    /// # Ok(())
    /// # }
    /// ```
    pub fn mget<T: DecodeOwned>(&self, keys: impl ToArgs) -> E::Output<T> {
        self.call(Request::new("MGET").keys(&keys))
    }

    /// `MSET`: sets several keys at once, as [`set`](Self::set) does: pairs of a key and its value, or a map.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.mset([("doc:mset:a", 1), ("doc:mset:b", 2)])?;
    /// assert_eq!(client.mget::<Vec<i64>>(["doc:mset:a", "doc:mset:b"])?, [1, 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn mset(&self, pairs: impl ToPairs) -> E::Output<()> {
        self.call(Request::new("MSET").key_pairs(&pairs))
    }

    /// `MSETNX`: whether the keys were set: all of them, or none if one of them exists.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:msetnx:a", "doc:msetnx:b"])?;
    /// assert!(client.msetnx(("doc:msetnx:a", 1))?);
    /// assert!(!client.msetnx([("doc:msetnx:a", 2), ("doc:msetnx:b", 2)])?);
    /// assert_eq!(client.exists("doc:msetnx:b")?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn msetnx(&self, pairs: impl ToPairs) -> E::Output<bool> {
        self.call(Request::new("MSETNX").key_pairs(&pairs))
    }

    /// `MSETEX`: sets several keys at once with one expiry: whether they were set, all of them or none, which a
    /// condition may have prevented (Redis 8.4, Valkey 9.1).
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::MSetExOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:msetex:a", "doc:msetex:b"])?;
    /// assert!(client.msetex(("doc:msetex:a", 1), Duration::from_secs(60))?);
    /// let pairs = [("doc:msetex:a", 2), ("doc:msetex:b", 2)];
    /// assert!(!client.msetex(pairs, MSetExOptions::new().nx())?);
    /// assert_eq!(client.exists("doc:msetex:b")?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn msetex(&self, pairs: impl ToPairs, options: impl Into<MSetExOptions>) -> E::Output<bool> {
        let options = options.into();
        self.call(Request::new("MSETEX").with(|r| counted_pairs(r, &pairs)).with(|r| options.write(r)))
    }
}

/// The options of `SET`: an expiry, a condition. A `Duration` alone is an expiry, an [`IfValue`] alone a condition.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use client::{Build, IfValue, SetOptions};
///
/// let options = SetOptions::new().expire(Duration::from_millis(1_500)).nx();
/// let command = Build::new().set_with("k", "v", options);
/// assert_eq!(command.args()[3..], [&b"PX"[..], b"1500", b"NX"]);
///
/// let command = Build::new().set_with("k", "new", IfValue::is("old")); // compare and set
/// assert_eq!(command.args()[3..], [b"IFEQ", &b"old"[..]]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SetOptions<'a> {
    expiry: Option<Expiry>,
    condition: Option<Condition<'a>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Condition<'a> {
    Existence(&'static str),
    Value(IfValue<'a>),
}

impl<'a> SetOptions<'a> {
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
        self.condition = Some(Condition::Existence("NX"));
        self
    }

    /// Only if the key exists.
    #[must_use]
    pub fn xx(mut self) -> Self {
        self.condition = Some(Condition::Existence("XX"));
        self
    }

    /// Only if the value that is there fulfils this condition (Redis 8.4; [`IfValue::is`] also Valkey 8.1).
    #[doc(alias = "ifeq")]
    #[must_use]
    pub fn when(mut self, condition: IfValue<'a>) -> Self {
        self.condition = Some(Condition::Value(condition));
        self
    }

    fn write<'r>(self, request: Request<'r>) -> Request<'r>
    where
        'a: 'r,
    {
        let request = self.expiry.into_iter().fold(request, |request, expiry| expiry.write(request));
        match self.condition {
            None => request,
            Some(Condition::Existence(word)) => request.arg(word),
            Some(Condition::Value(condition)) => condition.write(request),
        }
    }
}

impl From<Duration> for SetOptions<'_> {
    fn from(expire: Duration) -> Self {
        Self::new().expire(expire)
    }
}

impl<'a> From<IfValue<'a>> for SetOptions<'a> {
    fn from(condition: IfValue<'a>) -> Self {
        Self::new().when(condition)
    }
}

/// The options of `MSETEX`: an expiry, a condition. A `Duration` alone is an expiry.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use client::{Build, MSetExOptions};
///
/// let options = MSetExOptions::new().expire(Duration::from_secs(60)).nx();
/// let command = Build::new().msetex([("a", 1), ("b", 2)], options);
/// assert_eq!(command.args().join(&b' '), b"MSETEX 2 a 1 b 2 PX 60000 NX");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MSetExOptions {
    expiry: Option<Expiry>,
    condition: Option<&'static str>,
}

impl MSetExOptions {
    /// No option: the values are set in any case and do not expire.
    pub fn new() -> Self {
        Self::default()
    }

    /// The keys expire after `time`, in whole milliseconds, rounded up. Zero is an error.
    #[must_use]
    pub fn expire(mut self, time: Duration) -> Self {
        self.expiry = Some(Expiry::After(time));
        self
    }

    /// The keys expire at `time`.
    #[must_use]
    pub fn expire_at(mut self, time: SystemTime) -> Self {
        self.expiry = Some(Expiry::At(time));
        self
    }

    /// The keys keep the expiry they have.
    #[must_use]
    pub fn keepttl(mut self) -> Self {
        self.expiry = Some(Expiry::Keep);
        self
    }

    /// Only if none of the keys exists.
    #[must_use]
    pub fn nx(mut self) -> Self {
        self.condition = Some("NX");
        self
    }

    /// Only if all of the keys exist.
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

impl From<Duration> for MSetExOptions {
    fn from(expire: Duration) -> Self {
        Self::new().expire(expire)
    }
}

/// What `GETEX` and `HGETEX` do to the expiry: nothing, unless told. A `Duration` alone is an expiry.
///
/// # Example
/// ```
/// use client::{Build, GetExOptions};
///
/// let command = Build::new().getex::<String>("k", GetExOptions::new().persist());
/// assert_eq!(command.args(), [&b"GETEX"[..], b"k", b"PERSIST"]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GetExOptions {
    expiry: Option<Expiry>,
}

impl GetExOptions {
    /// No option: the expiry stays as it is.
    pub fn new() -> Self {
        Self::default()
    }

    /// It expires after `time`, in whole milliseconds, rounded up. Zero is an error.
    #[must_use]
    pub fn expire(mut self, time: Duration) -> Self {
        self.expiry = Some(Expiry::After(time));
        self
    }

    /// It expires at `time`.
    #[must_use]
    pub fn expire_at(mut self, time: SystemTime) -> Self {
        self.expiry = Some(Expiry::At(time));
        self
    }

    /// It no longer expires.
    #[must_use]
    pub fn persist(mut self) -> Self {
        self.expiry = Some(Expiry::Persist);
        self
    }

    pub(super) fn write(self, request: Request<'_>) -> Request<'_> {
        self.expiry.into_iter().fold(request, |request, expiry| expiry.write(request))
    }
}

impl From<Duration> for GetExOptions {
    fn from(expire: Duration) -> Self {
        Self::new().expire(expire)
    }
}
