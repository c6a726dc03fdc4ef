//! Reading what comes behind an entry, of several streams at once, alone or as one of a group.

use std::time::Duration;

use resp::{Arg, DecodeOwned, Request, ToArg, ToArgs, ToPairs};

use super::Streams;
use super::entry::streams;
use crate::commands::arguments::{at_most, count_above_zero, idle_millis};
use crate::execute::Execute;
use crate::{Commands, Timeout};

/// # Streams: reading
impl<E: Execute> Commands<E> {
    /// `XREAD`: the entries behind the given IDs, by stream; the streams that have none are left out.
    ///
    /// An ID is a [`StreamId`](crate::StreamId), `0` for all entries, or `+` for the last one (Redis 7.4).
    ///
    /// # Example
    /// ```
    /// use std::collections::HashMap;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:xread:a", "doc:xread:b"])?;
    /// let first = client.xadd("doc:xread:a", ("n", 1))?;
    /// client.xadd("doc:xread:a", ("n", 2))?;
    /// let news = client.xread::<String, HashMap<String, i64>>([("doc:xread:a", first), ("doc:xread:b", first)])?;
    /// let [(stream, entries)] = &news[..] else { return Err("one stream has news".into()) };
    /// assert_eq!((&**stream, entries[0].fields["n"]), ("doc:xread:a", 2));
    /// # Ok(())
    /// # }
    /// ```
    pub fn xread<K: DecodeOwned, T: DecodeOwned>(&self, streams: impl ToPairs) -> E::Output<Streams<K, T>> {
        self.xread_with(streams, XreadOptions::new())
    }

    /// `XREAD` with options: it may wait for entries, and is empty when the timeout comes first.
    ///
    /// While it waits, the ID `$` stands for the last entry there is when it begins: what comes between two such
    /// calls is missed, so that a loop goes on with the last ID that it got.
    ///
    /// # Example
    /// ```
    /// use std::collections::HashMap;
    /// use std::time::Duration;
    /// use client::XreadOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xread_with")?;
    /// client.xadd("doc:xread_with", ("n", 1))?;
    /// let options = XreadOptions::new().count(10).block(Duration::from_millis(10));
    /// let all = client.xread_with::<String, HashMap<String, i64>>(("doc:xread_with", 0), options)?;
    /// assert_eq!(all[0].1.len(), 1);
    /// let none = client.xread_with::<String, HashMap<String, i64>>(("doc:xread_with", "$"), options)?;
    /// assert_eq!(none, []);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xread_with<K: DecodeOwned, T: DecodeOwned>(
        &self,
        streams: impl ToPairs,
        options: XreadOptions,
    ) -> E::Output<Streams<K, T>> {
        let (keys, ids) = (Keys(&streams), Ids(&streams));
        let request = Request::new("XREAD").with(|r| options.write(r)).arg("STREAMS");
        self.call_with(request.keys(&keys).args(&ids), self::streams)
    }

    /// `XREADGROUP`: entries that no consumer of the group has got yet, if the ID is `>`; they are pending until they
    /// are acknowledged. With another ID, the entries behind it that are pending for this consumer.
    ///
    /// An entry that is pending and was deleted meanwhile has no fields: where that may be, ask for `Option<T>`.
    ///
    /// # Example
    /// ```
    /// use std::collections::HashMap;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xreadgroup")?;
    /// client.xadd("doc:xreadgroup", ("job", 7))?;
    /// client.xgroup_create("doc:xreadgroup", "workers", 0)?;
    /// let jobs =
    ///     client.xreadgroup::<String, HashMap<String, i64>>("workers", "ann", ("doc:xreadgroup", ">"))?;
    /// for job in &jobs[0].1 {
    ///     assert_eq!(job.fields["job"], 7);
    ///     client.xack("doc:xreadgroup", "workers", job.id)?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn xreadgroup<K: DecodeOwned, T: DecodeOwned>(
        &self,
        group: impl ToArg,
        consumer: impl ToArg,
        streams: impl ToPairs,
    ) -> E::Output<Streams<K, T>> {
        self.xreadgroup_with(group, consumer, streams, XreadgroupOptions::new())
    }

    /// `XREADGROUP` with options: it may wait for entries, and is empty when the timeout comes first.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::XreadgroupOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xreadgroup_with")?;
    /// client.xadd("doc:xreadgroup_with", ("job", 7))?;
    /// client.xgroup_create("doc:xreadgroup_with", "workers", 0)?;
    /// let options = XreadgroupOptions::new().count(1).block(Duration::from_secs(5)).noack();
    /// let stream = ("doc:xreadgroup_with", ">");
    /// let jobs = client.xreadgroup_with::<String, Vec<(String, i64)>>("workers", "ann", stream, options)?;
    /// assert_eq!(jobs[0].1[0].fields, [("job".to_owned(), 7)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xreadgroup_with<K: DecodeOwned, T: DecodeOwned>(
        &self,
        group: impl ToArg,
        consumer: impl ToArg,
        streams: impl ToPairs,
        options: impl Into<XreadgroupOptions>,
    ) -> E::Output<Streams<K, T>> {
        let (keys, ids, options) = (Keys(&streams), Ids(&streams), options.into());
        let request = Request::new("XREADGROUP").arg("GROUP").arg(&group).arg(&consumer);
        let request = request.with(|r| options.write(r)).arg("STREAMS");
        self.call_with(request.keys(&keys).args(&ids), self::streams)
    }
}

/// The options of `XREAD`: how much at most, and how long to wait.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use client::{Build, XreadOptions};
///
/// let options = XreadOptions::new().count(10).block(Duration::from_secs(5));
/// let command = Build::new().xread_with::<String, Vec<(String, String)>>([("a", "$"), ("b", "0")], options);
/// assert_eq!(command.args().join(&b' '), b"XREAD COUNT 10 BLOCK 5000 STREAMS a b $ 0");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct XreadOptions {
    count: Option<usize>,
    maxcount: Option<usize>,
    maxsize: Option<usize>,
    block: Option<Timeout>,
}

impl XreadOptions {
    /// No option: all entries, at once.
    pub fn new() -> Self {
        Self::default()
    }

    /// At most so many entries of each stream. Zero is an error.
    #[must_use]
    pub fn count(mut self, count: usize) -> Self {
        self.count = Some(count);
        self
    }

    /// At most so many entries of all streams together (Redis 8.10).
    #[must_use]
    pub fn maxcount(mut self, count: usize) -> Self {
        self.maxcount = Some(count);
        self
    }

    /// At most about so many bytes of all streams together (Redis 8.10).
    #[must_use]
    pub fn maxsize(mut self, bytes: usize) -> Self {
        self.maxsize = Some(bytes);
        self
    }

    /// Waits if there are no entries. A `Duration` is a timeout.
    #[must_use]
    pub fn block(mut self, timeout: impl Into<Timeout>) -> Self {
        self.block = Some(timeout.into());
        self
    }

    fn write(self, request: Request<'_>) -> Request<'_> {
        let request = self.count.into_iter().fold(request, count_above_zero);
        let request =
            self.maxcount.into_iter().fold(request, |r, count| r.arg("MAXCOUNT").arg(at_most(count)));
        let request = self.maxsize.into_iter().fold(request, |r, bytes| r.arg("MAXSIZE").arg(at_most(bytes)));
        self.block.into_iter().fold(request, |r, timeout| timeout.write_millis(r.arg("BLOCK")))
    }
}

/// The options of `XREADGROUP`: those of `XREAD`, and what becomes of the entries.
///
/// # Example
/// ```
/// use client::{Build, XreadgroupOptions};
///
/// let options = XreadgroupOptions::new().count(10).noack();
/// let command = Build::new().xreadgroup_with::<String, Vec<(String, String)>>("g", "c", ("s", ">"), options);
/// assert_eq!(command.args().join(&b' '), b"XREADGROUP GROUP g c COUNT 10 NOACK STREAMS s >");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct XreadgroupOptions {
    read: XreadOptions,
    claim: Option<Duration>,
    noack: bool,
}

impl XreadgroupOptions {
    /// No option: all entries, at once, to be acknowledged.
    pub fn new() -> Self {
        Self::default()
    }

    /// At most so many entries of each stream. Zero is an error.
    #[must_use]
    pub fn count(mut self, count: usize) -> Self {
        self.read = self.read.count(count);
        self
    }

    /// At most so many entries of all streams together (Redis 8.10).
    #[must_use]
    pub fn maxcount(mut self, count: usize) -> Self {
        self.read = self.read.maxcount(count);
        self
    }

    /// At most about so many bytes of all streams together (Redis 8.10).
    #[must_use]
    pub fn maxsize(mut self, bytes: usize) -> Self {
        self.read = self.read.maxsize(bytes);
        self
    }

    /// Waits if there are no entries. A `Duration` is a timeout.
    #[must_use]
    pub fn block(mut self, timeout: impl Into<Timeout>) -> Self {
        self.read = self.read.block(timeout);
        self
    }

    /// The entries are not pending: one that this consumer loses is lost.
    #[must_use]
    pub fn noack(mut self) -> Self {
        self.noack = true;
        self
    }

    /// First the entries that have been pending for so long with any consumer, which are this one's now: each comes
    /// with its [`Delivery`](crate::Delivery). In whole milliseconds, rounded up (Redis 8.4).
    #[must_use]
    pub fn claim(mut self, min_idle: Duration) -> Self {
        self.claim = Some(min_idle);
        self
    }

    fn write(self, request: Request<'_>) -> Request<'_> {
        let request = self.read.write(request);
        let request = self.claim.into_iter().fold(request, |r, idle| idle_millis(r.arg("CLAIM"), idle));
        if self.noack { request.arg("NOACK") } else { request }
    }
}

impl From<XreadOptions> for XreadgroupOptions {
    fn from(read: XreadOptions) -> Self {
        Self { read, ..Self::new() }
    }
}

/// The first halves of pairs.
struct Keys<'p, T>(&'p T);

impl<T: ToPairs> ToArgs for Keys<'_, T> {
    fn for_each_arg<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>)) {
        self.0.for_each_pair(&mut |key, _| each(key));
    }
}

/// The second halves of pairs.
struct Ids<'p, T>(&'p T);

impl<T: ToPairs> ToArgs for Ids<'_, T> {
    fn for_each_arg<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>)) {
        self.0.for_each_pair(&mut |_, id| each(id));
    }
}
