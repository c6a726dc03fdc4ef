//! How a server keeps a value: its encoding, its use, and the form in which it travels to another server.

use std::time::{Duration, SystemTime};

use resp::{Flaw, Request, Seconds, ToArg};

use super::expiry::{Expiry, millis, unix_millis};
use crate::Commands;
use crate::execute::Execute;

/// # Objects
impl<E: Execute> Commands<E> {
    /// `DUMP`: the value in the server's own form, for [`restore`](Self::restore); `None` if the key does not exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:dump", "x")?;
    /// assert!(client.dump("doc:dump")?.is_some());
    /// assert_eq!(client.dump("doc:dump:missing")?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn dump(&self, key: impl ToArg) -> E::Output<Option<Vec<u8>>> {
        self.call(Request::new("DUMP").key(&key))
    }

    /// `RESTORE`: makes a key of what [`dump`](Self::dump) returned. A key that exists is an error.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:restore:copy")?;
    /// client.set("doc:restore", "x")?;
    /// let dump = client.dump("doc:restore")?.expect("it was just set");
    /// client.restore("doc:restore:copy", dump)?;
    /// assert_eq!(client.get::<String>("doc:restore:copy")?.as_deref(), Some("x"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn restore(&self, key: impl ToArg, dump: impl ToArg) -> E::Output<()> {
        self.restore_with(key, dump, RestoreOptions::new())
    }

    /// `RESTORE` with options: makes a key of what [`dump`](Self::dump) returned, perhaps over one that exists.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::RestoreOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:restore_with", "x")?;
    /// let dump = client.dump("doc:restore_with")?.expect("it was just set");
    /// let options = RestoreOptions::new().replace().expire(Duration::from_secs(60));
    /// client.restore_with("doc:restore_with", dump, options)?;
    /// assert!(client.ttl("doc:restore_with")?.duration().is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub fn restore_with(
        &self,
        key: impl ToArg,
        dump: impl ToArg,
        options: impl Into<RestoreOptions>,
    ) -> E::Output<()> {
        let options = options.into();
        self.call(
            Request::new("RESTORE").key(&key).with(|r| options.ttl(r)).arg(&dump).with(|r| options.write(r)),
        )
    }

    /// `OBJECT ENCODING`: how the server keeps the value, such as `listpack`; `None` if the key does not exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:object_encoding", 12)?;
    /// assert_eq!(client.object_encoding("doc:object_encoding")?.as_deref(), Some("int"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn object_encoding(&self, key: impl ToArg) -> E::Output<Option<String>> {
        self.call(Request::new("OBJECT ENCODING").key(&key))
    }

    /// `OBJECT IDLETIME`: how long the key was not used, in whole seconds; `None` if it does not exist.
    ///
    /// A server whose `maxmemory-policy` is one of the LFU ones does not know it, which is an error.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:object_idletime", "x")?;
    /// assert!(client.object_idletime("doc:object_idletime")? < Some(Duration::from_secs(60)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn object_idletime(&self, key: impl ToArg) -> E::Output<Option<Duration>> {
        self.call_with(Request::new("OBJECT IDLETIME").key(&key), |view| {
            Ok(view.decode::<Option<Seconds>>()?.map(|idle| idle.0))
        })
    }

    /// `OBJECT FREQ`: how often the key is used, from 0 to 255 on a logarithmic scale; `None` if it does not exist.
    ///
    /// Only a server whose `maxmemory-policy` is one of the LFU ones knows it; elsewhere it is an error.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:object_freq", "x")?;
    /// assert!(client.object_freq("doc:object_freq").is_err()); // not an LFU policy
    /// # Ok(())
    /// # }
    /// ```
    pub fn object_freq(&self, key: impl ToArg) -> E::Output<Option<i64>> {
        self.call(Request::new("OBJECT FREQ").key(&key))
    }

    /// `OBJECT REFCOUNT`: how often the server refers to the value; `None` if the key does not exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:object_refcount", "no small number")?;
    /// assert_eq!(client.object_refcount("doc:object_refcount")?, Some(1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn object_refcount(&self, key: impl ToArg) -> E::Output<Option<i64>> {
        self.call(Request::new("OBJECT REFCOUNT").key(&key))
    }
}

/// The options of `RESTORE`. A `Duration` alone is an expiry.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use client::{Build, RestoreOptions};
///
/// let command = Build::new().restore_with("k", "dump", Duration::from_secs(60));
/// assert_eq!(command.args(), [&b"RESTORE"[..], b"k", b"60000", b"dump"]);
/// let command = Build::new().restore_with("k", "dump", RestoreOptions::new().replace().freq(9));
/// assert_eq!(command.args()[2..], [&b"0"[..], b"dump", b"REPLACE", b"FREQ", b"9"]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RestoreOptions {
    expiry: Option<Expiry>,
    replace: Option<&'static str>,
    idletime: Option<Duration>,
    freq: Option<u8>,
}

impl RestoreOptions {
    /// No option: the key does not expire, and nothing is overwritten.
    pub fn new() -> Self {
        Self::default()
    }

    /// The key expires after `time`, in whole milliseconds, rounded up. Zero is an error.
    #[must_use]
    pub fn expire(mut self, time: Duration) -> Self {
        self.expiry = Some(Expiry::After(time));
        self
    }

    /// The key expires at `time`.
    #[doc(alias = "absttl")]
    #[must_use]
    pub fn expire_at(mut self, time: SystemTime) -> Self {
        self.expiry = Some(Expiry::At(time));
        self
    }

    /// A key of that name is overwritten.
    #[must_use]
    pub fn replace(mut self) -> Self {
        self.replace = Some("REPLACE");
        self
    }

    /// The key counts as not used for so long, in whole seconds, rounded up.
    #[must_use]
    pub fn idletime(mut self, time: Duration) -> Self {
        self.idletime = Some(time);
        self
    }

    /// The key counts as used so often, on the scale of [`object_freq`](Commands::object_freq). Not together with
    /// [`idletime`](Self::idletime).
    #[must_use]
    pub fn freq(mut self, freq: u8) -> Self {
        self.freq = Some(freq);
        self
    }

    /// The argument before the value.
    fn ttl(self, request: Request<'_>) -> Request<'_> {
        match self.expiry {
            Some(Expiry::After(time)) => millis(request, time),
            Some(Expiry::At(time)) => unix_millis(request, time),
            _ => request.arg(0),
        }
    }

    /// The arguments after the value.
    fn write(self, mut request: Request<'_>) -> Request<'_> {
        if self.idletime.is_some() && self.freq.is_some() {
            request.refuse(Flaw::Argument("takes an idle time or a frequency, not both"));
        }
        let at = matches!(self.expiry, Some(Expiry::At(_))).then_some("ABSTTL");
        let request = self.replace.into_iter().chain(at).fold(request, Request::arg);
        let idle = self.idletime.map(|time| time.as_secs().saturating_add((time.subsec_nanos() > 0).into()));
        let request = idle.into_iter().fold(request, |r, seconds| r.arg("IDLETIME").arg(seconds));
        self.freq.into_iter().fold(request, |r, freq| r.arg("FREQ").arg(u32::from(freq)))
    }
}

impl From<Duration> for RestoreOptions {
    fn from(expire: Duration) -> Self {
        Self::new().expire(expire)
    }
}
