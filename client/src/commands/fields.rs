//! Fields of hashes that expire, each at its own time (Redis 7.4, Valkey 9.0).

use std::time::{Duration, SystemTime};

use resp::{Decode, DecodeError, DecodeOwned, Request, ToArg, ToArgs, ToPairs, View};

use super::expiry::{Expiry, millis, unix_millis};
use crate::execute::Execute;
use crate::{Commands, ExpireOptions, ExpireTime, GetExOptions, Ttl};

/// # Hashes: fields that expire
impl<E: Execute> Commands<E> {
    /// `HPEXPIRE`: for each field, whether it expires after `time` now (Redis 7.4, Valkey 9.0).
    ///
    /// The time is in whole milliseconds, rounded up; zero is an error.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::FieldExpire;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.hset("doc:hexpire", ("f", 1))?;
    /// let fields = client.hexpire("doc:hexpire", Duration::from_secs(60), ["f", "missing"])?;
    /// assert_eq!(fields, [FieldExpire::Set, FieldExpire::Missing]);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "hpexpire")]
    pub fn hexpire(
        &self,
        key: impl ToArg,
        time: Duration,
        fields: impl ToArgs,
    ) -> E::Output<Vec<FieldExpire>> {
        self.hexpire_with(key, time, fields, ExpireOptions::new())
    }

    /// `HPEXPIRE` with a condition: for each field, whether it expires after `time` now (Redis 7.4, Valkey 9.0).
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::{ExpireOptions, FieldExpire};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.hset("doc:hexpire_with", ("f", 1))?;
    /// let options = ExpireOptions::new().xx();
    /// let fields = client.hexpire_with("doc:hexpire_with", Duration::from_secs(60), "f", options)?;
    /// assert_eq!(fields, [FieldExpire::Unchanged]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hexpire_with(
        &self,
        key: impl ToArg,
        time: Duration,
        fields: impl ToArgs,
        options: impl Into<ExpireOptions>,
    ) -> E::Output<Vec<FieldExpire>> {
        let options = options.into();
        self.call(
            Request::new("HPEXPIRE")
                .key(&key)
                .with(|r| millis(r, time))
                .with(|r| options.write(r))
                .with(|r| named(r, &fields)),
        )
    }

    /// `HPEXPIREAT`: for each field, whether it expires at `time` now. If that time is over, the field is gone at
    /// once (Redis 7.4, Valkey 9.0).
    ///
    /// # Example
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use client::FieldExpire;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.hset("doc:hexpire_at", ("f", 1))?;
    /// let time = SystemTime::now() + Duration::from_secs(60);
    /// assert_eq!(client.hexpire_at("doc:hexpire_at", time, "f")?, [FieldExpire::Set]);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "hexpireat")]
    #[doc(alias = "hpexpireat")]
    pub fn hexpire_at(
        &self,
        key: impl ToArg,
        time: SystemTime,
        fields: impl ToArgs,
    ) -> E::Output<Vec<FieldExpire>> {
        self.hexpire_at_with(key, time, fields, ExpireOptions::new())
    }

    /// `HPEXPIREAT` with a condition: for each field, whether it expires at `time` now (Redis 7.4, Valkey 9.0).
    ///
    /// # Example
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use client::{ExpireOptions, FieldExpire};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.hset("doc:hexpire_at_with", ("f", 1))?;
    /// let time = SystemTime::now() + Duration::from_secs(60);
    /// let options = ExpireOptions::new().nx();
    /// let fields = client.hexpire_at_with("doc:hexpire_at_with", time, "f", options)?;
    /// assert_eq!(fields, [FieldExpire::Set]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hexpire_at_with(
        &self,
        key: impl ToArg,
        time: SystemTime,
        fields: impl ToArgs,
        options: impl Into<ExpireOptions>,
    ) -> E::Output<Vec<FieldExpire>> {
        let options = options.into();
        self.call(
            Request::new("HPEXPIREAT")
                .key(&key)
                .with(|r| unix_millis(r, time))
                .with(|r| options.write(r))
                .with(|r| named(r, &fields)),
        )
    }

    /// `HPERSIST`: for each field, whether it had an expiry, which it has no longer (Redis 7.4, Valkey 9.0).
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::FieldPersist;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.hset("doc:hpersist", ("f", 1))?;
    /// client.hexpire("doc:hpersist", Duration::from_secs(60), "f")?;
    /// assert_eq!(client.hpersist("doc:hpersist", "f")?, [FieldPersist::Persisted]);
    /// assert_eq!(client.hpersist("doc:hpersist", "f")?, [FieldPersist::NoExpiry]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hpersist(&self, key: impl ToArg, fields: impl ToArgs) -> E::Output<Vec<FieldPersist>> {
        self.call(Request::new("HPERSIST").key(&key).with(|r| named(r, &fields)))
    }

    /// `HPTTL`: for each field, the time after which it expires, in milliseconds (Redis 7.4, Valkey 9.0).
    ///
    /// # Example
    /// ```
    /// use client::Ttl;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.hset("doc:httl", ("f", 1))?;
    /// assert_eq!(client.httl("doc:httl", ["f", "missing"])?, [Ttl::NoExpiry, Ttl::Missing]);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "hpttl")]
    pub fn httl(&self, key: impl ToArg, fields: impl ToArgs) -> E::Output<Vec<Ttl>> {
        self.call(Request::new("HPTTL").key(&key).with(|r| named(r, &fields)))
    }

    /// `HPEXPIRETIME`: for each field, the time at which it expires, in milliseconds (Redis 7.4, Valkey 9.0).
    ///
    /// # Example
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    /// use client::ExpireTime;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let time = UNIX_EPOCH + Duration::from_secs(4_000_000_000);
    /// client.hset("doc:hexpiretime", ("f", 1))?;
    /// client.hexpire_at("doc:hexpiretime", time, "f")?;
    /// assert_eq!(client.hexpiretime("doc:hexpiretime", "f")?, [ExpireTime::At(time)]);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "hpexpiretime")]
    pub fn hexpiretime(&self, key: impl ToArg, fields: impl ToArgs) -> E::Output<Vec<ExpireTime>> {
        self.call(Request::new("HPEXPIRETIME").key(&key).with(|r| named(r, &fields)))
    }

    /// `HGETDEL`: the values of fields that it deletes: a list, an array or a tuple, as [`hmget`](Self::hmget)
    /// returns them (Redis 8.0, Valkey 9.1).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.hset("doc:hgetdel", ("f", 1))?;
    /// let values: Vec<Option<i64>> = client.hgetdel("doc:hgetdel", ["f", "missing"])?;
    /// assert_eq!(values, [Some(1), None]);
    /// assert_eq!(client.exists("doc:hgetdel")?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hgetdel<T: DecodeOwned>(&self, key: impl ToArg, fields: impl ToArgs) -> E::Output<T> {
        self.call(Request::new("HGETDEL").key(&key).with(|r| named(r, &fields)))
    }

    /// `HGETEX`: the values of fields, as [`hmget`](Self::hmget) returns them; it sets or drops their expiry (Redis
    /// 8.0, Valkey 9.0).
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.hset("doc:hgetex", ("f", 1))?;
    /// let (value,): (i64,) = client.hgetex("doc:hgetex", "f", Duration::from_secs(60))?;
    /// assert_eq!(value, 1);
    /// assert!(client.httl("doc:hgetex", "f")?[0].duration().is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub fn hgetex<T: DecodeOwned>(
        &self,
        key: impl ToArg,
        fields: impl ToArgs,
        options: impl Into<GetExOptions>,
    ) -> E::Output<T> {
        let options = options.into();
        self.call(Request::new("HGETEX").key(&key).with(|r| options.write(r)).with(|r| named(r, &fields)))
    }

    /// `HSETEX`: whether the fields were set, which a condition may have prevented; with an expiry for each of them
    /// (Redis 8.0, Valkey 9.0).
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::HSetExOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:hsetex")?;
    /// let fields = [("a", 1), ("b", 2)];
    /// assert!(client.hsetex("doc:hsetex", fields, Duration::from_secs(60))?);
    /// assert!(!client.hsetex("doc:hsetex", ("a", 3), HSetExOptions::new().fnx())?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hsetex(
        &self,
        key: impl ToArg,
        pairs: impl ToPairs,
        options: impl Into<HSetExOptions>,
    ) -> E::Output<bool> {
        let options = options.into();
        self.call(Request::new("HSETEX").key(&key).with(|r| options.write(r)).with(|r| paired(r, &pairs)))
    }
}

/// What became of a field that was to expire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldExpire {
    /// The key or the field does not exist.
    Missing,
    /// The condition did not hold.
    Unchanged,
    /// It expires at the new time.
    Set,
    /// It is gone: the time was over already.
    Deleted,
}

impl Decode<'_> for FieldExpire {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        match view.decode()? {
            -2 => Ok(Self::Missing),
            0 => Ok(Self::Unchanged),
            1 => Ok(Self::Set),
            2 => Ok(Self::Deleted),
            _ => Err(DecodeError::because("-2, 0, 1 or 2", view, " of another value")),
        }
    }
}

/// What became of a field that was to live for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldPersist {
    /// The key or the field does not exist.
    Missing,
    /// It had no expiry.
    NoExpiry,
    /// It had one and has it no longer.
    Persisted,
}

impl Decode<'_> for FieldPersist {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        match view.decode()? {
            -2 => Ok(Self::Missing),
            -1 => Ok(Self::NoExpiry),
            1 => Ok(Self::Persisted),
            _ => Err(DecodeError::because("-2, -1 or 1", view, " of another value")),
        }
    }
}

/// The options of `HSETEX`: an expiry, conditions. A `Duration` alone is an expiry.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use client::{Build, HSetExOptions};
///
/// let options = HSetExOptions::new().expire(Duration::from_secs(60)).fnx();
/// let command = Build::new().hsetex("h", ("f", 1), options);
/// assert_eq!(command.args().join(&b' '), b"HSETEX h FNX PX 60000 FIELDS 1 f 1");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HSetExOptions {
    expiry: Option<Expiry>,
    key: Option<&'static str>,
    fields: Option<&'static str>,
}

impl HSetExOptions {
    /// No option: the fields are set in any case and do not expire.
    pub fn new() -> Self {
        Self::default()
    }

    /// The fields expire after `time`, in whole milliseconds, rounded up. Zero is an error.
    #[must_use]
    pub fn expire(mut self, time: Duration) -> Self {
        self.expiry = Some(Expiry::After(time));
        self
    }

    /// The fields expire at `time`.
    #[must_use]
    pub fn expire_at(mut self, time: SystemTime) -> Self {
        self.expiry = Some(Expiry::At(time));
        self
    }

    /// The fields keep the expiry they have.
    #[must_use]
    pub fn keepttl(mut self) -> Self {
        self.expiry = Some(Expiry::Keep);
        self
    }

    /// Only if the hash does not exist (only Valkey).
    #[must_use]
    pub fn nx(mut self) -> Self {
        self.key = Some("NX");
        self
    }

    /// Only if the hash exists (only Valkey).
    #[must_use]
    pub fn xx(mut self) -> Self {
        self.key = Some("XX");
        self
    }

    /// Only if none of the fields exists.
    #[must_use]
    pub fn fnx(mut self) -> Self {
        self.fields = Some("FNX");
        self
    }

    /// Only if all of the fields exist.
    #[must_use]
    pub fn fxx(mut self) -> Self {
        self.fields = Some("FXX");
        self
    }

    fn write(self, request: Request<'_>) -> Request<'_> {
        let request = self.key.into_iter().chain(self.fields).fold(request, Request::arg);
        self.expiry.into_iter().fold(request, |request, expiry| expiry.write(request))
    }
}

impl From<Duration> for HSetExOptions {
    fn from(expire: Duration) -> Self {
        Self::new().expire(expire)
    }
}

/// Adds `FIELDS`, the number of fields, and the fields.
fn named<'a>(request: Request<'a>, fields: &'a impl ToArgs) -> Request<'a> {
    let mut count = 0_usize;
    fields.for_each_arg(&mut |_| count += 1);
    request.arg("FIELDS").arg(count).args(fields)
}

/// Adds `FIELDS`, the number of pairs, and the pairs.
fn paired<'a>(request: Request<'a>, pairs: &'a impl ToPairs) -> Request<'a> {
    let mut count = 0_usize;
    pairs.for_each_pair(&mut |_, _| count += 1);
    request.arg("FIELDS").arg(count).pairs(pairs)
}
