//! Many commands in one flight: each call packs its command and returns a ticket for the reply.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

use conn::Connection;
use resp::{Reply, Request, Wait};

use super::admit::{Effect, Place, admit};
use super::names::Names;
use super::terms::Span;
use super::{Decoder, Execute, Redeem, Replies, Ticket};
use crate::{CommandFacts, Commands, Error};

/// Commands that are collected and then sent together, by [`Client::pipeline`](crate::Client::pipeline).
///
/// A call returns a [`Ticket`] at once; nothing is sent before the closure has ended. Nothing at all is sent if one
/// of the commands is flawed.
pub type Pipeline = Commands<Pipelined>;

/// The executor of a [`Pipeline`].
#[derive(Debug, Default)]
pub struct Pipelined {
    flight: RefCell<Flight>,
}

/// Packed commands.
#[derive(Debug)]
pub(super) struct Flight {
    /// Tells its tickets from those of all others of this process.
    number: u64,
    bytes: Vec<u8>,
    /// The name of each command, for errors.
    names: Names,
    /// The longest that the server may hold back the answers, all together.
    wait: Wait,
    leaves_state: bool,
    refused: Option<Error>,
}

impl Pipeline {
    pub(super) fn begin() -> Self {
        Self { executor: Pipelined::default() }
    }

    /// How many commands were collected.
    pub(super) fn len(&self) -> usize {
        self.executor.flight.borrow().names.len()
    }

    /// Sends what was collected by `fly`, which returns a reply for each command, and redeems the tickets.
    pub(super) fn fly<T: Redeem>(
        self,
        tickets: T,
        fly: impl FnOnce(&Flight) -> Result<Vec<Option<Reply>>, Error>,
    ) -> Result<T::Output, Error> {
        let mut flight = self.executor.flight.into_inner();
        if let Some(error) = flight.refused.take() {
            return Err(error);
        }
        let replies =
            if flight.names.is_empty() { Vec::new() } else { fly(&flight).map_err(|e| e.of("pipeline"))? };
        let mut replies = Replies::new(flight.number, replies, flight.names);
        let output = tickets.redeem(&mut replies)?;
        replies.finish()?;
        Ok(output)
    }
}

impl Flight {
    pub(super) fn leaves_state(&self) -> bool {
        self.leaves_state
    }

    /// Whether none of the commands does harm if it runs twice.
    pub(super) fn is_repeatable(&self) -> bool {
        self.names.iter().all(|name| CommandFacts::of(name).is_some_and(CommandFacts::is_repeatable))
    }

    pub(super) fn fly(&self, connection: &mut Connection, span: Span) -> Result<Vec<Option<Reply>>, Error> {
        let mut replies = Vec::with_capacity(self.names.len());
        connection.flight(&self.bytes, self.names.len(), span.allow(self.wait), &mut |reply| {
            replies.push(Some(reply));
        })?;
        Ok(replies)
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
        request.wire().write_to(&mut self.bytes);
        self.names.push(request.name());
        at
    }
}

impl Default for Flight {
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            bytes: Vec::new(),
            names: Names::default(),
            wait: Wait::No,
            leaves_state: false,
            refused: None,
        }
    }
}

impl Execute for Pipelined {
    type Output<R> = Ticket<R>;

    fn execute<R>(&self, request: Request<'_>, decode: Decoder<R>) -> Ticket<R> {
        let mut flight = self.flight.borrow_mut();
        let at = flight.push(request);
        Ticket::new(flight.number, at, decode)
    }
}
