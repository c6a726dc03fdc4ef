//! Groups of consumers, each entry for one of them, and the acknowledgement that it is done.

use resp::{Request, ToArg, ToArgs};

use super::{EntryDelete, References, counted};
use crate::Commands;
use crate::execute::Execute;

/// # Streams: groups
impl<E: Execute> Commands<E> {
    /// `XGROUP CREATE`: makes a group that is given the entries behind the ID `start`: `0` for all, `$` for those
    /// that are still to come. The stream must exist; a group of that name must not.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xgroup_create")?;
    /// client.xadd("doc:xgroup_create", ("job", 7))?;
    /// client.xgroup_create("doc:xgroup_create", "workers", "$")?;
    /// let again = client.xgroup_create("doc:xgroup_create", "workers", "$").unwrap_err();
    /// assert_eq!(again.code(), Some("BUSYGROUP"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn xgroup_create(&self, key: impl ToArg, group: impl ToArg, start: impl ToArg) -> E::Output<()> {
        self.call(Request::new("XGROUP CREATE").key(&key).arg(&group).arg(&start))
    }

    /// `XGROUP CREATE` with options.
    ///
    /// # Example
    /// ```
    /// use client::XgroupOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xgroup_create_with")?;
    /// client.xgroup_create_with("doc:xgroup_create_with", "workers", 0, XgroupOptions::new().mkstream())?;
    /// assert_eq!(client.xlen("doc:xgroup_create_with")?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xgroup_create_with(
        &self,
        key: impl ToArg,
        group: impl ToArg,
        start: impl ToArg,
        options: XgroupOptions,
    ) -> E::Output<()> {
        let request = Request::new("XGROUP CREATE").key(&key).arg(&group).arg(&start);
        self.call(request.with(|r| options.write(r)))
    }

    /// `XGROUP SETID`: the group is given the entries behind the ID `last` next.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xgroup_setid")?;
    /// client.xadd("doc:xgroup_setid", ("job", 7))?;
    /// client.xgroup_create("doc:xgroup_setid", "workers", "$")?;
    /// client.xgroup_setid("doc:xgroup_setid", "workers", 0)?;
    /// let jobs =
    ///     client.xreadgroup::<String, Vec<(String, i64)>>("workers", "ann", ("doc:xgroup_setid", ">"))?;
    /// assert_eq!(jobs[0].1.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xgroup_setid(&self, key: impl ToArg, group: impl ToArg, last: impl ToArg) -> E::Output<()> {
        self.call(Request::new("XGROUP SETID").key(&key).arg(&group).arg(&last))
    }

    /// `XGROUP SETID` with the number of entries that the group has read by then, from which its lag is counted
    /// (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().xgroup_setid_with("s", "g", "17-0", 5);
    /// assert_eq!(command.args().join(&b' '), b"XGROUP SETID s g 17-0 ENTRIESREAD 5");
    /// ```
    pub fn xgroup_setid_with(
        &self,
        key: impl ToArg,
        group: impl ToArg,
        last: impl ToArg,
        entries_read: u64,
    ) -> E::Output<()> {
        let request = Request::new("XGROUP SETID").key(&key).arg(&group).arg(&last);
        self.call(request.arg("ENTRIESREAD").arg(entries_read))
    }

    /// `XGROUP DESTROY`: whether there was such a group, which is gone now with all that was pending in it.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xgroup_destroy")?;
    /// client.xadd("doc:xgroup_destroy", ("job", 7))?;
    /// client.xgroup_create("doc:xgroup_destroy", "workers", 0)?;
    /// assert!(client.xgroup_destroy("doc:xgroup_destroy", "workers")?);
    /// assert!(!client.xgroup_destroy("doc:xgroup_destroy", "workers")?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xgroup_destroy(&self, key: impl ToArg, group: impl ToArg) -> E::Output<bool> {
        self.call(Request::new("XGROUP DESTROY").key(&key).arg(&group))
    }

    /// `XGROUP CREATECONSUMER`: whether the consumer is new. Reading makes one too (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xgroup_createconsumer")?;
    /// client.xadd("doc:xgroup_createconsumer", ("job", 7))?;
    /// client.xgroup_create("doc:xgroup_createconsumer", "workers", 0)?;
    /// assert!(client.xgroup_createconsumer("doc:xgroup_createconsumer", "workers", "ann")?);
    /// assert!(!client.xgroup_createconsumer("doc:xgroup_createconsumer", "workers", "ann")?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xgroup_createconsumer(
        &self,
        key: impl ToArg,
        group: impl ToArg,
        consumer: impl ToArg,
    ) -> E::Output<bool> {
        self.call(Request::new("XGROUP CREATECONSUMER").key(&key).arg(&group).arg(&consumer))
    }

    /// `XGROUP DELCONSUMER`: removes a consumer, and returns how many entries were pending for it. Nobody will get
    /// these any more: [`xautoclaim`](Self::xautoclaim) them before.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xgroup_delconsumer")?;
    /// client.xadd("doc:xgroup_delconsumer", ("job", 7))?;
    /// client.xgroup_create("doc:xgroup_delconsumer", "workers", 0)?;
    /// let stream = ("doc:xgroup_delconsumer", ">");
    /// client.xreadgroup::<String, Vec<(String, i64)>>("workers", "ann", stream)?;
    /// assert_eq!(client.xgroup_delconsumer("doc:xgroup_delconsumer", "workers", "ann")?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xgroup_delconsumer(
        &self,
        key: impl ToArg,
        group: impl ToArg,
        consumer: impl ToArg,
    ) -> E::Output<i64> {
        self.call(Request::new("XGROUP DELCONSUMER").key(&key).arg(&group).arg(&consumer))
    }

    /// `XACK`: says that entries are done, and returns how many of them were pending.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xack")?;
    /// let id = client.xadd("doc:xack", ("job", 7))?;
    /// client.xgroup_create("doc:xack", "workers", 0)?;
    /// client.xreadgroup::<String, Vec<(String, i64)>>("workers", "ann", ("doc:xack", ">"))?;
    /// assert_eq!(client.xack("doc:xack", "workers", id)?, 1);
    /// assert_eq!(client.xack("doc:xack", "workers", [id])?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xack(&self, key: impl ToArg, group: impl ToArg, ids: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("XACK").key(&key).arg(&group).args(&ids))
    }

    /// `XACKDEL`: says that entries are done, deletes them, and returns what became of each (Redis 8.2).
    ///
    /// # Example
    /// ```
    /// use client::{EntryDelete, References};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xackdel")?;
    /// let id = client.xadd("doc:xackdel", ("job", 7))?;
    /// client.xgroup_create("doc:xackdel", "workers", 0)?;
    /// client.xreadgroup::<String, Vec<(String, i64)>>("workers", "ann", ("doc:xackdel", ">"))?;
    /// let done = client.xackdel("doc:xackdel", "workers", References::Acked, id)?;
    /// assert_eq!(done, [EntryDelete::Deleted]);
    /// assert_eq!(client.xlen("doc:xackdel")?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xackdel(
        &self,
        key: impl ToArg,
        group: impl ToArg,
        references: References,
        ids: impl ToArgs,
    ) -> E::Output<Vec<EntryDelete>> {
        let request = Request::new("XACKDEL").key(&key).arg(&group).arg(references.word());
        self.call(request.with(|r| counted(r, &ids)))
    }
}

/// The options of `XGROUP CREATE`.
///
/// # Example
/// ```
/// use client::{Build, XgroupOptions};
///
/// let command = Build::new().xgroup_create_with("s", "g", 0, XgroupOptions::new().mkstream().entries_read(5));
/// assert_eq!(command.args().join(&b' '), b"XGROUP CREATE s g 0 MKSTREAM ENTRIESREAD 5");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct XgroupOptions {
    mkstream: bool,
    entries_read: Option<u64>,
}

impl XgroupOptions {
    /// No option: the stream must exist.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes an empty stream if there is none.
    #[must_use]
    pub fn mkstream(mut self) -> Self {
        self.mkstream = true;
        self
    }

    /// How many entries there were up to where the group begins, from which its lag is counted (Redis 7.0).
    #[must_use]
    pub fn entries_read(mut self, count: u64) -> Self {
        self.entries_read = Some(count);
        self
    }

    fn write(self, request: Request<'_>) -> Request<'_> {
        let request = if self.mkstream { request.arg("MKSTREAM") } else { request };
        self.entries_read.into_iter().fold(request, |r, count| r.arg("ENTRIESREAD").arg(count))
    }
}
