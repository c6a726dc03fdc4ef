//! Adding entries, once even if the reply of the first time was lost.

use std::time::Duration;

use resp::{Flaw, Request, ToArg, ToPairs};

use super::{StreamId, Trim};
use crate::Commands;
use crate::commands::arguments::at_most;
use crate::execute::Execute;

/// # Streams: adding
impl<E: Execute> Commands<E> {
    /// `XADD`: adds an entry, and returns the ID that the server made for it. The stream is created if it does not
    /// exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let first = client.xadd("doc:xadd", [("user", "7"), ("action", "login")])?;
    /// let second = client.xadd("doc:xadd", ("user", 8))?;
    /// assert!(first < second);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xadd(&self, key: impl ToArg, fields: impl ToPairs) -> E::Output<StreamId> {
        self.call(Request::new("XADD").key(&key).arg("*").pairs(&fields))
    }

    /// `XADD` with options: the entry's ID; `None` if the stream does not exist and was not to be created.
    ///
    /// # Example
    /// ```
    /// use client::{StreamId, Trim, XaddOptions};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:xadd_with")?;
    /// let options = XaddOptions::new().id(StreamId::new(17, 0)).trim(Trim::maxlen(1_000).approximately());
    /// assert_eq!(client.xadd_with("doc:xadd_with", ("f", 1), options)?, Some(StreamId::new(17, 0)));
    ///
    /// let only_if_there = XaddOptions::new().nomkstream();
    /// assert_eq!(client.xadd_with("doc:xadd_with:missing", ("f", 1), only_if_there)?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn xadd_with<'o>(
        &self,
        key: impl ToArg,
        fields: impl ToPairs,
        options: impl Into<XaddOptions<'o>>,
    ) -> E::Output<Option<StreamId>> {
        let options = options.into();
        self.call(Request::new("XADD").key(&key).with(|r| options.write(r)).pairs(&fields))
    }

    /// `XCFGSET`: how long and how many of its producers' message IDs a stream remembers, for
    /// [`idmp`](XaddOptions::idmp) (Redis 8.6).
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::IdmpOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.xadd("doc:xcfgset", ("f", 1))?;
    /// client.xcfgset("doc:xcfgset", IdmpOptions::new().duration(Duration::from_secs(600)).maxsize(1_000))?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn xcfgset(&self, key: impl ToArg, options: IdmpOptions) -> E::Output<()> {
        self.call(Request::new("XCFGSET").key(&key).with(|r| options.write(r)))
    }
}

/// The options of `XADD`. A [`Trim`] alone is one, and so is a [`StreamId`].
///
/// # Example
/// ```
/// use client::{Build, References, Trim, XaddOptions};
///
/// let trim = Trim::maxlen(9).references(References::Acked);
/// let command = Build::new().xadd_with("s", ("f", 1), XaddOptions::new().nomkstream().trim(trim));
/// assert_eq!(command.args()[2..].join(&b' '), b"NOMKSTREAM ACKED MAXLEN = 9 * f 1");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct XaddOptions<'o> {
    id: Id,
    nomkstream: bool,
    trim: Option<Trim>,
    producer: Option<&'o [u8]>,
    message: Option<&'o [u8]>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Id {
    #[default]
    Made,
    Millis(u64),
    Given(StreamId),
}

impl<'o> XaddOptions<'o> {
    /// No option: the server makes the ID, and the stream if need be.
    pub fn new() -> Self {
        Self::default()
    }

    /// The entry's ID, which must be above all that were in the stream.
    #[must_use]
    pub fn id(mut self, id: StreamId) -> Self {
        self.id = Id::Given(id);
        self
    }

    /// The first half of the entry's ID; the server makes the other (Redis 7.0).
    #[must_use]
    pub fn id_millis(mut self, millis: u64) -> Self {
        self.id = Id::Millis(millis);
        self
    }

    /// Adds nothing if the stream does not exist (Redis 6.2).
    #[must_use]
    pub fn nomkstream(mut self) -> Self {
        self.nomkstream = true;
        self
    }

    /// Shortens the stream too.
    #[must_use]
    pub fn trim(mut self, trim: Trim) -> Self {
        self.trim = Some(trim);
        self
    }

    /// Adds the entry once, however often it is sent: one of this producer's with this ID that is in the stream
    /// already is not added again, and its ID in the stream is returned (Redis 8.6). The server makes the ID.
    #[must_use]
    pub fn idmp(
        mut self,
        producer: &'o (impl AsRef<[u8]> + ?Sized),
        message: &'o (impl AsRef<[u8]> + ?Sized),
    ) -> Self {
        (self.producer, self.message) = (Some(producer.as_ref()), Some(message.as_ref()));
        self
    }

    /// As [`idmp`](Self::idmp), but it is the same entry if it has the same fields and values (Redis 8.6).
    #[must_use]
    pub fn idmpauto(mut self, producer: &'o (impl AsRef<[u8]> + ?Sized)) -> Self {
        (self.producer, self.message) = (Some(producer.as_ref()), None);
        self
    }

    fn write<'r>(self, mut request: Request<'r>) -> Request<'r>
    where
        'o: 'r,
    {
        if self.producer.is_some() && self.id != Id::Made {
            request.refuse(Flaw::Argument("takes a producer only when the server makes the ID"));
        }
        let request = if self.nomkstream { request.arg("NOMKSTREAM") } else { request };
        let request = self.trim.into_iter().fold(request, |r, trim| trim.write_references(r));
        let request = match (self.producer, self.message) {
            (Some(producer), Some(message)) => request.arg("IDMP").arg(producer).arg(message),
            (Some(producer), None) => request.arg("IDMPAUTO").arg(producer),
            (None, _) => request,
        };
        let request = self.trim.into_iter().fold(request, |r, trim| trim.write(r));
        match self.id {
            Id::Made => request.arg("*"),
            Id::Millis(millis) => request.arg(format!("{millis}-*")),
            Id::Given(id) => request.arg(id),
        }
    }
}

impl From<Trim> for XaddOptions<'_> {
    fn from(trim: Trim) -> Self {
        Self::new().trim(trim)
    }
}

impl From<StreamId> for XaddOptions<'_> {
    fn from(id: StreamId) -> Self {
        Self::new().id(id)
    }
}

/// What a stream remembers of its producers' messages, for [`XaddOptions::idmp`]; at least one of the two.
///
/// # Example
/// ```
/// use client::{Build, IdmpOptions};
///
/// let command = Build::new().xcfgset("s", IdmpOptions::new().maxsize(500));
/// assert_eq!(command.args()[2..], [&b"IDMP-MAXSIZE"[..], b"500"]);
/// assert!(Build::new().xcfgset("s", IdmpOptions::new()).flaw().is_some());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IdmpOptions {
    duration: Option<Duration>,
    maxsize: Option<usize>,
}

impl IdmpOptions {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// For how long, in whole seconds, rounded up: from one to a day.
    #[must_use]
    pub fn duration(mut self, time: Duration) -> Self {
        self.duration = Some(time);
        self
    }

    /// How many for each producer: from 1 to 10,000.
    #[must_use]
    pub fn maxsize(mut self, count: usize) -> Self {
        self.maxsize = Some(count);
        self
    }

    fn write(self, mut request: Request<'_>) -> Request<'_> {
        if self == Self::new() {
            request.refuse(Flaw::Argument("needs a duration or a size"));
        }
        let seconds =
            self.duration.map(|time| time.as_secs().saturating_add(u64::from(time.subsec_nanos() > 0)));
        let request = seconds.into_iter().fold(request, |r, seconds| r.arg("IDMP-DURATION").arg(seconds));
        self.maxsize.into_iter().fold(request, |r, size| r.arg("IDMP-MAXSIZE").arg(at_most(size)))
    }
}
