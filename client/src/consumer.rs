//! One consumer of a group as an iterator: `XREADGROUP`, and what has to happen around it.
//!
//! ```text
//!            first next()              none is left              new ones
//!  join ───────────────────▶ own ─────────────────────▶ read ────────────▶ lend them, acknowledging each
//!   makes the group,          what was pending for       idle ones of        before the next, if asked to
//!   if asked to               this consumer before       others first,
//!     ▲                         ▲                        if asked to
//!     │ the group is gone       │ the reply may be lost     │
//!     └─────────────────────────┴───────────────────────────┴── Err
//! ```
//! What it has been given is pending until it is acknowledged, so that nothing is lost with a reply or with a program.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use resp::{DecodeOwned, ToArg};

use crate::execute::Blocking;
use crate::tail::{Anything, Tried, bytes, end, is_over, known, passes, patience};
use crate::{Commands, Error, StreamEntry, StreamId, XgroupOptions, XreadOptions};

/// # Consumers of groups
impl<E: Blocking> Commands<E> {
    /// The entries of a stream that a group of consumers has for this one: an iterator that waits for them.
    ///
    /// First come those that were pending for the consumer already, then new ones. Each is pending until it is
    /// acknowledged: by [`ack`](Consumer::ack), or [by itself](ConsumerOptions::ack_on_next).
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::ConsumerOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:consumer")?;
    /// client.xadd("doc:consumer", ("job", 7))?;
    /// client.xadd("doc:consumer", ("job", 8))?;
    ///
    /// let options = ConsumerOptions::new().create().ack_on_next().wait(Duration::from_millis(10));
    /// let mut done = Vec::new();
    /// for job in client.consumer::<Vec<(String, i64)>>("doc:consumer", "workers", "ann", options) {
    ///     done.push(job?.fields[0].1);
    /// }
    /// assert_eq!(done, [7, 8]);
    /// assert_eq!(client.xpending("doc:consumer", "workers")?.count, 0);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "xreadgroup")]
    pub fn consumer<T: DecodeOwned>(
        &self,
        key: impl ToArg,
        group: impl ToArg,
        name: impl ToArg,
        options: ConsumerOptions,
    ) -> Consumer<'_, E, T> {
        let [key, group, name] = [key.to_arg(), group.to_arg(), name.to_arg()].map(bytes);
        Consumer {
            commands: self,
            names: Names { key, group, name },
            options,
            phase: Phase::Join,
            found: VecDeque::new(),
            done: None,
            last: None,
            newest: StreamId::MIN,
            claimed: StreamId::MIN,
            claim_at: Instant::now(),
        }
    }
}

/// The options of [`consumer`](Commands::consumer).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsumerOptions {
    create: Option<Start>,
    count: usize,
    wait: Option<Duration>,
    claim: Option<Duration>,
    acks: bool,
}

/// What a new group is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    After(StreamId),
    End,
}

impl ConsumerOptions {
    /// The group must exist; ten entries at once, for ever; each is to be acknowledged by the caller.
    pub fn new() -> Self {
        Self { create: None, count: 10, wait: None, claim: None, acks: false }
    }

    /// Makes the group and the stream if they are not there, also when they were deleted meanwhile. The group is given
    /// all entries that there are and come.
    #[must_use]
    pub fn create(self) -> Self {
        self.create_after(StreamId::MIN)
    }

    /// The same, but the group is given the entries behind this one.
    #[must_use]
    pub fn create_after(mut self, id: StreamId) -> Self {
        self.create = Some(Start::After(id));
        self
    }

    /// The same, but the group is given the entries that are still to come.
    #[must_use]
    pub fn create_at_end(mut self) -> Self {
        self.create = Some(Start::End);
        self
    }

    /// Reads at most so many entries at once. They wait for this consumer then, and for no other: fewer for long jobs.
    /// Zero is an error.
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

    /// Takes over what has been pending with any consumer for so long: that one has died, or this one did not
    /// acknowledge it. It looks at once, and again when half of the time is over, whenever it has nothing else to hand out.
    ///
    /// It must be longer than what was read at once takes, else two do the same.
    #[must_use]
    pub fn claim(mut self, min_idle: Duration) -> Self {
        self.claim = Some(min_idle);
        self
    }

    /// Acknowledges an entry when `next` is called the next time: who comes back is done with it. One that `next` was
    /// not called after stays pending, be it because of an error, a panic or a `break`.
    #[must_use]
    pub fn ack_on_next(mut self) -> Self {
        self.acks = true;
        self
    }
}

impl Default for ConsumerOptions {
    fn default() -> Self {
        Self::new()
    }
}

/// The entries that a group has for one of its consumers, as they come.
///
/// Every entry comes at least once. It comes again if it was not acknowledged, to the next consumer of this name or to
/// one that [claims](ConsumerOptions::claim) it.
///
/// | after | the next `next` |
/// |---|---|
/// | `None`: nothing came for as long as it [waits](ConsumerOptions::wait) | waits again |
/// | an entry that is no `T`: it stays pending, to be claimed again, and [`last_id`](Self::last_id) names it | returns the entry behind it |
/// | a lost connection, a timeout, a busy server, a full pool | goes on, with what a lost reply may have held |
/// | `NOGROUP`, or `UNBLOCKED` (Redis 7.0): the stream or the group was deleted | makes it again, if [asked to](ConsumerOptions::create); else returns `None` |
/// | any other error: no stream, no permission, cancelled | returns `None`, for ever |
///
/// An entry that was deleted while it was pending is acknowledged and passed over.
#[derive(Debug)]
pub struct Consumer<'c, E, T> {
    commands: &'c Commands<E>,
    names: Names,
    options: ConsumerOptions,
    phase: Phase,
    /// What was read and not yet lent. The fields of a deleted entry are `None`.
    found: VecDeque<StreamEntry<Option<Tried<T>>>>,
    /// To be acknowledged before anything else: what the caller had and came back from, or what was deleted.
    done: Option<StreamId>,
    last: Option<StreamId>,
    /// The highest ID that was given to this consumer: what a lost reply held is behind it.
    newest: StreamId,
    /// Up to where idle entries were looked for.
    claimed: StreamId,
    /// When they are looked for again.
    claim_at: Instant,
}

#[derive(Debug)]
struct Names {
    key: Vec<u8>,
    group: Vec<u8>,
    name: Vec<u8>,
}

/// What it does when it has nothing to lend.
#[derive(Clone, Copy, Debug)]
enum Phase {
    /// Makes the group, if asked to.
    Join,
    /// Reads what is pending for it behind an ID.
    Own(StreamId),
    /// Claims and reads.
    Read,
    Ended,
}

impl<E: Blocking, T: DecodeOwned> Consumer<'_, E, T> {
    /// Acknowledges an entry: whether it was pending. For those who do not want it done [by
    /// itself](ConsumerOptions::ack_on_next).
    ///
    /// # Errors
    /// [`Error`] when the server could not be told. To tell it again does no harm.
    pub fn ack(&self, id: StreamId) -> Result<bool, Error> {
        let Names { key, group, .. } = &self.names;
        self.commands.now().xack(key, group, id).map(|count| count > 0)
    }

    /// The ID of the entry that `next` returned last, even if that was no `T`.
    pub fn last_id(&self) -> Option<StreamId> {
        self.last
    }

    /// Acknowledges what has to be, and does what the phase says; `false` if there is nothing until `end`.
    fn step(&mut self, end: Option<Instant>) -> Result<bool, Error> {
        if let Some(id) = self.done {
            self.ack(id)?;
            self.done = None;
        }
        if !self.found.is_empty() {
            return Ok(true);
        }
        match self.phase {
            Phase::Join => self.join()?,
            Phase::Own(after) => self.own(after)?,
            Phase::Read => {
                if !self.claim()? {
                    self.read(end)?;
                    return Ok(!self.found.is_empty() || !is_over(end) || self.claims_now());
                }
            }
            Phase::Ended => {}
        }
        Ok(true)
    }

    fn join(&mut self) -> Result<(), Error> {
        let (Names { key, group, .. }, options) = (&self.names, XgroupOptions::new().mkstream());
        let made = match self.options.create {
            None => Ok(()),
            Some(Start::After(id)) => self.commands.now().xgroup_create_with(key, group, id, options),
            Some(Start::End) => self.commands.now().xgroup_create_with(key, group, "$", options),
        };
        match made {
            Err(error) if error.code() != Some("BUSYGROUP") => return Err(error),
            _ => {}
        }
        (self.newest, self.claimed) = (StreamId::MIN, StreamId::MIN);
        self.phase = Phase::Own(StreamId::MIN);
        Ok(())
    }

    fn own(&mut self, after: StreamId) -> Result<(), Error> {
        self.read_group(after, XreadOptions::new())?;
        self.phase = self.found.back().map_or(Phase::Read, |last| Phase::Own(last.id));
        Ok(())
    }

    fn read(&mut self, end: Option<Instant>) -> Result<(), Error> {
        // What is idle is looked for in time, even if nothing new comes.
        let end =
            self.options.claim.map_or(end, |_| Some(end.map_or(self.claim_at, |end| end.min(self.claim_at))));
        let options = XreadOptions::new();
        self.read_group(">", patience(end).map_or(options, |time| options.block(time)))
    }

    fn read_group(&mut self, after: impl ToArg, options: XreadOptions) -> Result<(), Error> {
        let Names { key, group, name } = &self.names;
        let options = options.count(self.options.count);
        let read = self.commands.now().xreadgroup_with::<Anything, _>(group, name, (key, after), options)?;
        self.found.extend(read.into_iter().flat_map(|(_, entries)| entries));
        self.newest = self.found.back().map_or(self.newest, |last| last.id.max(self.newest));
        Ok(())
    }

    /// Takes over what is idle, if it is time to; whether there was any, or more is to be looked through.
    fn claim(&mut self) -> Result<bool, Error> {
        let Some(min_idle) = self.options.claim.filter(|_| self.claims_now()) else { return Ok(false) };
        let (Names { key, group, name }, count) = (&self.names, self.options.count);
        let now = self.commands.now();
        let claimed =
            now.xautoclaim_count::<Option<Tried<T>>>(key, group, name, min_idle, self.claimed, count)?;
        self.claimed = claimed.next;
        self.found.extend(claimed.claimed);
        let is_all = claimed.next == StreamId::MIN;
        if is_all {
            self.claim_at = Instant::now() + (min_idle / 2).clamp(SOONEST, LATEST);
        }
        Ok(!is_all || !self.found.is_empty())
    }

    fn claims_now(&self) -> bool {
        self.options.claim.is_some() && is_over(Some(self.claim_at))
    }

    /// Where it goes on after an error.
    fn after(&self, error: &Error) -> Phase {
        match error.code() {
            Some("NOGROUP" | "UNBLOCKED") if self.options.create.is_some() => Phase::Join,
            _ if !passes(error) => Phase::Ended,
            _ => match self.phase {
                Phase::Read => Phase::Own(self.newest),
                phase => phase,
            },
        }
    }
}

impl<E: Blocking, T: DecodeOwned> Iterator for Consumer<'_, E, T> {
    type Item = Result<StreamEntry<T>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let end = end(self.options.wait);
        while !matches!(self.phase, Phase::Ended) {
            match self.step(end) {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.phase = self.after(&error);
                    return Some(Err(error));
                }
            }
            let Some(StreamEntry { id, fields, delivery }) = self.found.pop_front() else { continue };
            let Some(fields) = fields else {
                self.done = Some(id);
                continue;
            };
            self.last = Some(id);
            let entry = known(StreamEntry { id, fields, delivery }, "XREADGROUP");
            self.done = entry.is_ok().then_some(id).filter(|_| self.options.acks);
            return Some(entry);
        }
        None
    }
}

/// It does not look for idle entries more often than this, however short their time is.
const SOONEST: Duration = Duration::from_millis(50);

/// And not less often than this: a clock can be added to no more than so much.
const LATEST: Duration = Duration::from_secs(3_600);
