//! Many commands in one flight: each call packs its command and returns a ticket for the reply.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};

use conn::Connection;
use resp::{Request, Wait};

use super::admit::{Effect, Place, admit};
use super::names::Names;
use super::terms::Span;
use super::transaction::TRANSACTION;
use super::{Batching, CodeCall, Decoder, Execute, OneConnection, Redeem, Replies, Ticket};
use crate::{CommandFacts, Commands, Error};

/// Commands that are collected and then sent together, by [`Commands::pipeline`] or [`Commands::send`].
///
/// A call returns a [`Ticket`] at once; nothing is sent before the closure has ended, or before `send`. Nothing at all
/// is sent if one of the commands is flawed.
///
/// # Example
/// ```
/// use client::Pipeline;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// # client.del("doc:pipeline:a")?;
/// // It grows wherever it is handed to, and its tickets are kept wherever they belong.
/// let pipeline = Pipeline::new();
/// let mut hits = Vec::new();
/// for _ in 0..3 {
///     hits.push(pipeline.incr("doc:pipeline:a"));
/// }
/// let wrong = pipeline.lpush("doc:pipeline:a", "x");
///
/// let mut replies = client.send(pipeline)?;
/// assert_eq!(replies.redeem(hits)?, [1, 2, 3]); // the command that fails hides none of the others
/// assert_eq!(replies.redeem(wrong).unwrap_err().code(), Some("WRONGTYPE"));
/// replies.finish()?;
/// # Ok(())
/// # }
/// ```
pub type Pipeline = Commands<Pipelined>;

/// The executor of a [`Pipeline`].
#[derive(Debug, Default)]
pub struct Pipelined {
    flight: RefCell<Flight>,
}

/// What a pipeline is called where a command has a name.
pub(super) const PIPELINE: &str = "pipeline";

/// Packed commands.
#[derive(Debug)]
pub(super) struct Flight {
    /// Tells its tickets from those of all others of this process.
    number: u64,
    bytes: Vec<u8>,
    /// The name of each command, for errors.
    names: Names,
    /// Where what loads a script or a library is among the commands, in order. Its reply has no ticket.
    loads: Vec<usize>,
    /// Which of the loads belongs to what code.
    known: BTreeMap<Box<[u8]>, usize>,
    /// The longest that the server may hold back the answers, all together.
    wait: Wait,
    leaves_state: bool,
    refused: Option<Error>,
    /// The first command is `MULTI`, and the last will be `EXEC`.
    is_atomic: bool,
}

impl Pipeline {
    /// A pipeline without a command.
    pub fn new() -> Self {
        Self { executor: Pipelined::default() }
    }

    /// How many commands were collected, and what loads the scripts and libraries that they call.
    pub fn len(&self) -> usize {
        let flight = self.executor.flight.borrow();
        flight.names.len() - usize::from(flight.is_atomic)
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One whose commands are to run together, or not at all.
    pub(super) fn begin_atomic() -> Self {
        let mut flight = Flight { is_atomic: true, ..Flight::default() };
        flight.pack(&mut Request::new("MULTI"));
        Self { executor: Pipelined { flight: RefCell::new(flight) } }
    }

    /// All of it, to be run.
    pub(super) fn end_atomic(self) -> Self {
        self.executor.flight.borrow_mut().end();
        self
    }

    /// The replies to nothing.
    pub(super) fn none(self) -> Replies<'static> {
        self.executor.flight.into_inner().awaits()
    }

    /// Has what was collected sent by `fly`, and hands the replies to `land`. Of nothing there are none.
    pub(super) fn fly<T, L: FnMut(&mut Replies<'_>) -> Result<T, Error>>(
        self,
        mut land: L,
        fly: impl FnOnce(&Flight, L) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut flight = self.executor.flight.into_inner();
        match flight.refused.take() {
            Some(error) => Err(error),
            None if flight.names.is_empty() => land(&mut flight.awaits()),
            None => fly(&flight, land),
        }
    }
}

impl AsRef<Self> for Pipeline {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl Default for Pipeline {
    fn default() -> Self {
        Self::new()
    }
}

/// # Pipelines
impl<E: Batching> Commands<E> {
    /// Sends many commands in one flight and returns what their tickets stand for.
    ///
    /// # Errors
    /// The first error of the server's that no ticket has caught (see [`Ticket::caught`]), or why the flight failed as
    /// a whole.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:pipe:a", "doc:pipe:b"])?;
    /// let (a, all) = client.pipeline(|p| {
    ///     let all: Vec<_> = (0..3).map(|_| p.incr("doc:pipe:b")).collect();
    ///     (p.incr("doc:pipe:a"), all)
    /// })?;
    /// assert_eq!((a, all), (1, vec![1, 2, 3]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn pipeline<T: Redeem>(&self, commands: impl FnOnce(&Pipeline) -> T) -> Result<T::Output, Error> {
        self.pipeline_as(commands)
    }

    /// A pipeline whose commands are collected by way of `P`.
    pub(crate) fn pipeline_as<P: From<Pipeline> + Into<Pipeline>, T: Redeem>(
        &self,
        commands: impl FnOnce(&P) -> T,
    ) -> Result<T::Output, Error> {
        let pipeline = P::from(Pipeline::new());
        let tickets = commands(&pipeline);
        self.executor.fly(pipeline.into(), |replies| tickets.redeem(replies))
    }

    /// Sends the commands of a [`Pipeline`] in one flight and returns their replies, to be redeemed with the tickets
    /// one by one or many at once.
    ///
    /// # Errors
    /// [`Error`] why the flight failed as a whole. That a command has failed is for its ticket to say.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let pipeline = client::Pipeline::new();
    /// let name = pipeline.get::<String>("doc:send:no such name");
    /// assert_eq!(client.send(pipeline)?.redeem(name)?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn send(&self, pipeline: Pipeline) -> Result<Replies<'static>, Error> {
        self.executor.fly(pipeline, |replies| Ok(replies.keep()))
    }
}

impl Pipelined {
    /// Takes out what was collected, its bytes into `wire`, to begin anew in the memory of `wire`.
    pub(super) fn take(&self, wire: &mut Vec<u8>) -> Flight {
        let mut flight = self.flight.take();
        wire.clear();
        mem::swap(wire, &mut flight.bytes);
        self.flight.borrow_mut().bytes = mem::take(&mut flight.bytes);
        flight
    }

    /// How many commands, and how many bytes, were collected.
    pub(super) fn size(&self) -> (usize, usize) {
        let flight = self.flight.borrow();
        (flight.names.len(), flight.bytes.len())
    }

    /// Why one of the commands must not be sent. All from `size` on are forgotten then.
    pub(super) fn refusal(&self, size: (usize, usize)) -> Option<Error> {
        let mut flight = self.flight.borrow_mut();
        let error = flight.refused.take()?;
        flight.names.truncate(size.0);
        flight.bytes.truncate(size.1);
        flight.loads.retain(|at| *at < size.0);
        flight.known.retain(|_, at| *at < size.0);
        Some(error)
    }
}

impl Flight {
    pub(super) fn leaves_state(&self) -> bool {
        self.leaves_state
    }

    /// What it is called where a command has a name.
    pub(super) fn title(&self) -> &'static str {
        if self.is_atomic { TRANSACTION } else { PIPELINE }
    }

    /// Whether none of the commands does harm if it runs twice. Code that is loaded once stays what it is, and what
    /// stands around a transaction does nothing by itself.
    pub(super) fn is_repeatable(&self) -> bool {
        let is_repeatable = |name: &str| {
            self.is_atomic && matches!(name, "MULTI" | "EXEC")
                || CommandFacts::of(name).is_some_and(CommandFacts::is_repeatable)
        };
        if self.loads.is_empty() {
            return self.names.kinds().all(is_repeatable);
        }
        let mut others = (0..self.names.len()).filter(|at| self.loads.binary_search(at).is_err());
        others.all(|at| self.names.get(at).is_some_and(is_repeatable))
    }

    /// Sends all of it, and has `land` make something of the replies while they come.
    ///
    /// # Errors
    /// Why the flight has failed. If it has not, what `land` says, and the first error of the server's that it left.
    pub(super) fn fly<T>(
        &self,
        connection: &mut Connection,
        span: Span,
        land: &mut impl FnMut(&mut Replies<'_>) -> Result<T, Error>,
    ) -> Result<Result<T, Error>, Error> {
        let flight = connection.flight(&self.bytes, self.names.len(), span.allow(self.wait))?;
        let mut replies = Replies::of(self.number, &self.names, &self.loads, flight);
        let landed = land(&mut replies);
        let left = replies.end()?;
        Ok(landed.and_then(|landed| left.map(|()| landed)))
    }

    /// What its replies are to be put into.
    pub(super) fn awaits(self) -> Replies<'static> {
        Replies::none(self.number, Cow::Owned(self.names), Cow::Owned(self.loads))
    }

    /// Sees to it that the server knows the code of a call that comes next; returns where it is loaded.
    fn load(&mut self, call: &CodeCall<'_>) -> usize {
        if let Some(at) = self.known.get(call.id()) {
            return *at;
        }
        let at = self.push(call.load());
        self.loads.push(at);
        self.known.insert(call.id().into(), at);
        at
    }

    fn push(&mut self, mut request: Request<'_>) -> usize {
        let at = self.names.len();
        match admit(&request, Place::Same) {
            Ok(effect) => self.leaves_state |= effect == Effect::State,
            Err(error) => {
                self.refused.get_or_insert_with(|| error.of(request.name()));
            }
        }
        self.wait = match (self.wait, request.wait()) {
            (Wait::Forever, _) | (_, Wait::Forever) => Wait::Forever,
            (Wait::For(a), Wait::For(b)) => Wait::For(a.saturating_add(b)),
            (Wait::No, other) | (other, Wait::No) => other,
        };
        self.pack(&mut request);
        at
    }

    fn pack(&mut self, request: &mut Request<'_>) {
        request.wire().write_to(&mut self.bytes);
        self.names.push(request.name());
    }

    /// The end of a transaction. What would end it before, or is not for its inside, is refused.
    fn end(&mut self) {
        let is_misplaced = |name: &&str| MISPLACED.iter().any(|word| name.eq_ignore_ascii_case(word));
        if let Some(name) = self.names.kinds().skip(1).find(is_misplaced) {
            let error = Error::usage("has no place in a transaction").of(name);
            self.refused.get_or_insert(error);
        }
        self.pack(&mut Request::new("EXEC"));
    }
}

/// What begins a transaction, ends it, or leaves its connection.
const MISPLACED: &[&str] =
    &["MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH", "RESET", "QUIT", "HELLO", "AUTH"];

impl Default for Flight {
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            bytes: Vec::new(),
            names: Names::default(),
            loads: Vec::new(),
            known: BTreeMap::new(),
            wait: Wait::No,
            leaves_state: false,
            refused: None,
            is_atomic: false,
        }
    }
}

impl OneConnection for Pipelined {}

impl Execute for Pipelined {
    type Output<R> = Ticket<R>;

    fn execute<R>(&self, request: Request<'_>, decode: Decoder<R>) -> Ticket<R> {
        let mut flight = self.flight.borrow_mut();
        let at = flight.push(request);
        Ticket::new(flight.number, at, decode)
    }

    fn execute_code<R>(&self, call: CodeCall<'_>, decode: Decoder<R>) -> Ticket<R> {
        let mut flight = self.flight.borrow_mut();
        let load = flight.load(&call);
        let at = flight.push(call.into_request());
        Ticket::new(flight.number, at, decode).after(load)
    }
}
