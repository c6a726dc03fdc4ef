//! A stream becomes an iterator that waits for more: `XREAD`, and the ID behind which it goes on.
//!
//! ```text
//!            first next()                entries                 they are used up
//!  begin ──────────────────▶ read ────────────────▶ lend them ────────────────────▶ read behind the last
//!   `$` becomes an ID          │ nothing for as long as it waits: None, and the next next() reads on
//!                              │ connection lost, server busy:    Err,  and the next next() reads on
//!                              └ anything else:                   Err,  and that was all
//! ```
//! It never asks for `$`, which would miss what comes between two reads.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use bytes::Bytes;
use resp::{Arg, Decode, DecodeError, DecodeOwned, Request, ToArg, ToArgs, ToPairs, View};

use crate::execute::Blocking;
use crate::{Commands, Error, StreamBound, StreamEntry, StreamId, XreadOptions};

/// # Tails of streams
impl<E: Blocking> Commands<E> {
    /// The entries of a stream that are yet to come, or all behind an ID: an iterator that waits for them. A
    /// [`StreamId`] alone is the option to begin behind that entry.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::TailOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:tail")?;
    /// for n in 1..=3 {
    ///     client.xadd("doc:tail", ("n", n))?;
    /// }
    /// let options = TailOptions::new().from_start().wait(Duration::from_millis(10));
    /// let mut sum = 0;
    /// for entry in client.tail::<Vec<(String, i64)>>("doc:tail", options) {
    ///     sum += entry?.fields[0].1;
    /// }
    /// assert_eq!(sum, 6); // and nothing came for ten milliseconds
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "xread")]
    pub fn tail<T: DecodeOwned>(&self, key: impl ToArg, options: impl Into<TailOptions>) -> Tail<'_, E, T> {
        Tail(Tails::new(self, &[key.to_arg()].map(bytes), options.into()))
    }

    /// The entries of several streams, each with the key of its stream: as [`tail`](Self::tail). What several streams
    /// have comes stream by stream, not by time.
    ///
    /// # Example
    /// ```
    /// use std::collections::HashMap;
    /// use std::time::Duration;
    /// use client::TailOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:tails:a", "doc:tails:b"])?;
    /// let options = TailOptions::new().wait(Duration::from_millis(10));
    /// let mut news = client.tails::<String, HashMap<String, i64>>(["doc:tails:a", "doc:tails:b"], options);
    /// assert!(news.next().is_none()); // nothing yet; from here on nothing is missed
    ///
    /// client.xadd("doc:tails:b", ("n", 1))?;
    /// let (stream, entry) = news.next().expect("an entry has come")?;
    /// assert_eq!((stream.as_str(), entry.fields["n"]), ("doc:tails:b", 1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn tails<K: DecodeOwned + Clone, T: DecodeOwned>(
        &self,
        keys: impl ToArgs,
        options: impl Into<TailOptions>,
    ) -> Tails<'_, E, K, T> {
        let mut list = Vec::new();
        keys.for_each_arg(&mut |key| list.push(bytes(key)));
        Tails::new(self, &list, options.into())
    }
}

/// The options of [`tail`](Commands::tail): where it begins, how much it reads at once, and how long it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TailOptions {
    after: Option<StreamId>,
    count: usize,
    wait: Option<Duration>,
}

impl TailOptions {
    /// What comes after the first [`next`](Iterator::next), up to 100 entries at once, for ever.
    pub fn new() -> Self {
        Self { after: None, count: 100, wait: None }
    }

    /// Begins behind this entry: where a program goes on that has ended.
    #[must_use]
    pub fn after(mut self, id: StreamId) -> Self {
        self.after = Some(id);
        self
    }

    /// Begins with the first entry there is.
    #[must_use]
    pub fn from_start(self) -> Self {
        self.after(StreamId::MIN)
    }

    /// Reads at most so many entries of each stream at once. Zero is an error.
    #[must_use]
    pub fn count(mut self, count: usize) -> Self {
        self.count = count;
        self
    }

    /// Returns `None` when nothing has come for so long; `next` may be called again all the same. Zero never waits.
    #[must_use]
    pub fn wait(mut self, time: Duration) -> Self {
        self.wait = Some(time);
        self
    }
}

impl Default for TailOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl From<StreamId> for TailOptions {
    fn from(after: StreamId) -> Self {
        Self::new().after(after)
    }
}

/// The entries of one stream, as they come: see [`Tails`].
#[derive(Debug)]
pub struct Tail<'c, E, T>(Tails<'c, E, Anything, T>);

impl<E: Blocking, T: DecodeOwned> Tail<'_, E, T> {
    /// Finds its place now, and not at the first `next`: what is added from here on comes.
    ///
    /// # Errors
    /// [`Error`] when the server does not say, or has no stream there.
    pub fn begin(&mut self) -> Result<(), Error> {
        self.0.begin()
    }

    /// Behind which entry it goes on: that of the last `next`. `None` while it has not begun.
    pub fn place(&self) -> Option<StreamId> {
        self.0.places.first().and_then(|place| place.after)
    }
}

impl<E: Blocking, T: DecodeOwned> Iterator for Tail<'_, E, T> {
    type Item = Result<StreamEntry<T>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|found| found.map(|(_, entry)| entry))
    }
}

/// The entries of several streams, as they come, each with the key of its stream.
///
/// It reads some at once, hands them out one by one, and waits for more on a connection of the pool. Nothing comes twice
/// and nothing is missed between two reads.
///
/// | after | the next `next` |
/// |---|---|
/// | `None`: nothing came for as long as it [waits](TailOptions::wait) | waits again |
/// | an entry that is no `T` | returns the entry behind it |
/// | a lost connection, a timeout, a busy server, a full pool | goes on where it was |
/// | any other error: no stream, no permission, cancelled | returns `None`, for ever |
///
/// Since it never reads from `$`, to read twice does no harm: a client with
/// [`Retry::idempotent`](crate::Retry::idempotent) hides what passes.
///
/// A stream that does not exist, or is deleted, is one without entries. Should it come back with lower IDs, those are
/// passed over.
#[derive(Debug)]
pub struct Tails<'c, E, K, T> {
    commands: &'c Commands<E>,
    options: TailOptions,
    places: Vec<Place>,
    /// What was read and not yet lent, each with the number of its stream.
    found: VecDeque<(usize, K, StreamEntry<Tried<T>>)>,
    ended: bool,
}

/// A stream, and behind which of its entries it is read on; `None` before it is known where it ends.
#[derive(Debug)]
struct Place {
    key: Vec<u8>,
    after: Option<StreamId>,
}

impl<'c, E, K, T> Tails<'c, E, K, T> {
    fn new(commands: &'c Commands<E>, keys: &[Vec<u8>], options: TailOptions) -> Self {
        let places = keys.iter().map(|key| Place { key: key.clone(), after: options.after });
        Self { commands, options, places: places.collect(), found: VecDeque::new(), ended: false }
    }

    /// Begins one of its streams behind this entry, wherever the others begin. A stream that is none of them is added.
    #[must_use]
    pub fn after(mut self, key: impl ToArg, id: StreamId) -> Self {
        let key = bytes(key.to_arg());
        match self.places.iter_mut().find(|place| place.key == key) {
            Some(place) => place.after = Some(id),
            None => self.places.push(Place { key, after: Some(id) }),
        }
        self
    }

    /// The keys of the streams, each with the ID behind which it goes on: that of the last entry that was returned.
    /// `None` while it has not begun.
    pub fn places(&self) -> impl Iterator<Item = (&[u8], Option<StreamId>)> {
        self.places.iter().map(|place| (place.key.as_slice(), place.after))
    }
}

impl<E: Blocking, K: DecodeOwned + Clone, T: DecodeOwned> Tails<'_, E, K, T> {
    /// Finds its places now, and not at the first `next`: what is added from here on comes.
    ///
    /// # Errors
    /// [`Error`] when the server does not say, or has no stream there.
    pub fn begin(&mut self) -> Result<(), Error> {
        let now = self.commands.now();
        for place in self.places.iter_mut().filter(|place| place.after.is_none()) {
            let last =
                now.xrevrange_count::<Anything>(place.key.as_slice(), StreamBound::Max, StreamBound::Min, 1)?;
            place.after = Some(last.first().map_or(StreamId::MIN, |entry| entry.id));
        }
        Ok(())
    }

    /// Reads what is there or comes until `end`.
    fn read(&mut self, end: Option<Instant>) -> Result<(), Error> {
        self.begin()?;
        let options = XreadOptions::new().count(self.options.count);
        let options = patience(end).map_or(options, |time| options.block(time));
        let read = self.commands.now().xread_with::<Named<K>, Tried<T>>(Places(&self.places), options)?;
        for (stream, entries) in read {
            let Some(at) = self.places.iter().position(|place| place.key == stream.key) else { continue };
            self.found.extend(entries.into_iter().map(|entry| (at, stream.name.clone(), entry)));
        }
        Ok(())
    }
}

impl<E: Blocking, K: DecodeOwned + Clone, T: DecodeOwned> Iterator for Tails<'_, E, K, T> {
    type Item = Result<(K, StreamEntry<T>), Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let end = end(self.options.wait);
        while !self.ended {
            if let Some((at, key, entry)) = self.found.pop_front() {
                if let Some(place) = self.places.get_mut(at) {
                    place.after = Some(entry.id);
                }
                return Some(known(entry, "XREAD").map(|entry| (key, entry)));
            }
            match self.read(end) {
                Ok(()) if self.found.is_empty() && is_over(end) => return None,
                Ok(()) => {}
                Err(error) => {
                    self.ended = !passes(&error);
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

/// A read waits for so long at most, so that a connection that is dead without a word is noticed.
const LONGEST: Duration = Duration::from_secs(5);

/// When it has waited for long enough.
pub(crate) fn end(wait: Option<Duration>) -> Option<Instant> {
    wait.and_then(|wait| Instant::now().checked_add(wait))
}

pub(crate) fn is_over(end: Option<Instant>) -> bool {
    end.is_some_and(|end| end <= Instant::now())
}

/// How long a read may wait until `end`, if at all.
pub(crate) fn patience(end: Option<Instant>) -> Option<Duration> {
    let left = end.map_or(LONGEST, |end| end.saturating_duration_since(Instant::now()).min(LONGEST));
    Some(left).filter(|left| !left.is_zero())
}

/// Whether what went wrong may have passed when it is tried again.
pub(crate) fn passes(error: &Error) -> bool {
    // The server says so to those who wait on it when it becomes a replica.
    let is_unblocked = error.code() == Some("UNBLOCKED");
    let is_lost = error.is_connection() && error.tls_failure().is_none();
    error.is_transient() || is_lost || error.is_pool_exhausted() || is_unblocked
}

/// The entry, if its fields are a `T`.
pub(crate) fn known<T>(entry: StreamEntry<Tried<T>>, command: &str) -> Result<StreamEntry<T>, Error> {
    let StreamEntry { id, fields: Tried(fields), delivery } = entry;
    match fields {
        Ok(fields) => Ok(StreamEntry { id, fields, delivery }),
        Err(error) => Err(Error::decode(DecodeError::refused(format!("entry {id}: {error}"))).of(command)),
    }
}

/// Something, or why it is none: one entry that is no `T` does not hide the others.
#[derive(Debug)]
pub(crate) struct Tried<T>(pub(crate) Result<T, DecodeError>);

impl<'a, T: Decode<'a>> Decode<'a> for Tried<T> {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        Ok(Self(T::decode(view)))
    }
}

/// Whatever it is, nobody looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Anything;

impl Decode<'_> for Anything {
    fn decode(_: View<'_>) -> Result<Self, DecodeError> {
        Ok(Self)
    }
}

/// The key of a stream: ours, and as its caller wants it.
struct Named<K> {
    key: Bytes,
    name: K,
}

impl<'a, K: Decode<'a>> Decode<'a> for Named<K> {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        Ok(Self { key: view.decode()?, name: view.decode()? })
    }
}

/// Keys and IDs, as `XREAD` takes them.
struct Places<'p>(&'p [Place]);

impl ToPairs for Places<'_> {
    fn for_each_pair<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>, Arg<'a>)) {
        for Place { key, after } in self.0 {
            each(Arg::Borrowed(key), after.unwrap_or(StreamId::MIN).into());
        }
    }
}

/// What an argument is, for longer than it was lent.
pub(crate) fn bytes(arg: Arg<'_>) -> Vec<u8> {
    Request::new("").arg(arg).args_iter().next().unwrap_or_default().to_vec()
}
