//! The replies of a pipeline: those that are there, and those that are still to come.
//!
//! ```text
//!  pipeline   connection ─▶ flight ─ when a ticket asks ─▶ taken          made into the caller's value while the
//!                              └─ before it is asked for ─▶ kept ─▶ taken  server is at work on the others
//!  send       all of them are kept, and the connection goes back
//! ```

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

use resp::{DecodeError, Reply, ServerError};

use super::names::Names;
use super::{Redeem, code};
use crate::Error;

/// The replies of a pipeline, to be redeemed with its tickets: what [`send`](crate::Commands::send) returns.
#[derive(Debug)]
#[must_use = "errors are among the replies: `finish` returns the first that was not redeemed"]
pub struct Replies<'a> {
    pipeline: u64,
    names: Cow<'a, Names>,
    /// The numbers of those to what loads code, in order: they have no tickets.
    loads: Cow<'a, [usize]>,
    /// Which of those have come.
    loaded: usize,
    /// Of those the ones that failed, with their numbers.
    unloaded: Vec<(usize, ServerError)>,
    /// The first that is kept has this number: all before it were taken.
    first: usize,
    kept: VecDeque<Option<Reply>>,
    /// Where the others come from.
    flight: Option<conn::Flight<'a>>,
    /// Why no more will come.
    broken: Option<conn::Error>,
}

impl<'a> Replies<'a> {
    /// Those that `flight` brings.
    pub(super) fn of(pipeline: u64, names: &'a Names, loads: &'a [usize], flight: conn::Flight<'a>) -> Self {
        Self { flight: Some(flight), ..Self::none(pipeline, Cow::Borrowed(names), Cow::Borrowed(loads)) }
    }

    /// None yet.
    pub(super) fn none(pipeline: u64, names: Cow<'a, Names>, loads: Cow<'a, [usize]>) -> Self {
        Self {
            pipeline,
            names,
            loads,
            loaded: 0,
            unloaded: Vec::new(),
            first: 0,
            kept: VecDeque::new(),
            flight: None,
            broken: None,
        }
    }

    /// What tickets stand for, in their shape: one alone, or a tuple, an array or a `Vec` of them.
    ///
    /// # Errors
    /// The first error of a ticket that was not [caught](crate::Ticket::caught). The others of its shape are redeemed no more;
    /// tickets that may fail alone are redeemed alone.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:redeem", "no number")?;
    /// let pipeline = client::Pipeline::new();
    /// let (bad, good) = (pipeline.incr("doc:redeem"), pipeline.strlen("doc:redeem"));
    /// let mut replies = client.send(pipeline)?;
    /// assert_eq!(replies.redeem(good)?, 9); // in any order
    /// assert_eq!(replies.redeem(bad).unwrap_err().code(), Some("ERR"));
    /// # replies.finish()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn redeem<T: Redeem>(&mut self, tickets: T) -> Result<T::Output, Error> {
        tickets.redeem(self)
    }

    /// Looks at what was not redeemed: a command whose ticket was dropped does not fail in silence.
    ///
    /// # Errors
    /// The first error of the server's among those replies.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:finish", "no number")?;
    /// let pipeline = client::Pipeline::new();
    /// drop(pipeline.incr("doc:finish"));
    /// assert_eq!(client.send(pipeline)?.finish().unwrap_err().command(), Some("INCR"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn finish(mut self) -> Result<(), Error> {
        self.let_go(0..self.names.len())
    }

    /// The reply with this number, for a ticket of `pipeline`.
    #[inline]
    pub(super) fn take(&mut self, pipeline: u64, at: usize) -> Result<Reply, Error> {
        if self.pipeline != pipeline {
            return Err(Error::usage("a ticket of another pipeline was returned"));
        }
        // After a failure on the way nobody sees this error: the pipeline fails as a whole.
        self.take_own(at).ok_or_else(|| Error::usage("a ticket was redeemed twice"))
    }

    /// The name of a command.
    pub(super) fn name(&self, at: usize) -> &str {
        self.names.get(at).unwrap_or_default()
    }

    /// Why a call found its code unknown: because that could not be loaded, or else as `error` says.
    pub(super) fn why_unknown(&self, load: usize, error: Error) -> Error {
        let why = self.unloaded.iter().find(|(at, _)| *at == load);
        why.map_or(error, |(_, why)| Error::server(why.clone()).of(self.name(load)))
    }

    /// Takes the next reply.
    pub(super) fn push(&mut self, reply: Reply) {
        let reply = self.unless_load(reply);
        self.kept.push_back(reply);
    }

    /// How many replies have come.
    pub(super) fn len(&self) -> usize {
        self.first + self.kept.len()
    }

    /// Lets go of those replies that were not redeemed.
    ///
    /// # Errors
    /// The first error among them.
    pub(super) fn let_go(&mut self, range: Range<usize>) -> Result<(), Error> {
        let mut first = Ok(());
        for at in range.start.max(self.first)..range.end {
            if let Some(error) = self.take_own(at).and_then(|reply| reply.server_error()) {
                first = first.and_then(|()| Err(Error::server(error).of(self.name(at))));
            }
        }
        first
    }

    /// What the last command, `EXEC`, has answered for those between the first, `MULTI`, and itself.
    ///
    /// # Errors
    /// The first error of a command that was not queued, that of `EXEC`, or a conflict: nothing was done.
    pub(super) fn executed(&mut self) -> Result<Replies<'_>, Error> {
        let exec = self.names.len() - 1;
        self.let_go(0..exec)?;
        let reply = self.take(self.pipeline, exec)?;
        if let Some(error) = reply.server_error() {
            return Err(Error::server(error).of("EXEC"));
        }
        let view = reply.view();
        if view.is_null() {
            return Err(Error::conflict());
        }
        if view.len() != exec - 1 {
            return Err(Error::decode(DecodeError::elements(
                "as many replies as commands were queued",
                view,
            ))
            .of("EXEC"));
        }
        let (names, loads) = (Cow::Borrowed(&*self.names), Cow::Borrowed(&*self.loads));
        let mut executed = Replies { first: 1, ..Replies::none(self.pipeline, names, loads) };
        view.iter().for_each(|reply| executed.push(reply.to_reply()));
        Ok(executed)
    }

    /// All replies, for one who has time.
    pub(super) fn keep(&mut self) -> Replies<'static> {
        while let Some(reply) = self.next() {
            self.push(reply);
        }
        let names = Cow::Owned(self.names.clone().into_owned());
        let all = Replies {
            kept: std::mem::take(&mut self.kept),
            unloaded: std::mem::take(&mut self.unloaded),
            ..Replies::none(self.pipeline, names, Cow::Borrowed(&[]))
        };
        self.first = self.names.len();
        all
    }

    /// The end of the flight: takes all that is left, so that the connection can be used again.
    ///
    /// # Errors
    /// Why the flight has failed. If it has not, the first error of the server's that was not redeemed.
    pub(super) fn end(mut self) -> Result<Result<(), Error>, conn::Error> {
        let left = self.let_go(0..self.names.len());
        while self.next().is_some() {} // and the look whether anything is behind them
        self.broken.map_or(Ok(left), Err)
    }

    #[inline]
    fn take_own(&mut self, at: usize) -> Option<Reply> {
        while at >= self.len() {
            let reply = self.next()?;
            if at == self.first && self.kept.is_empty() {
                let reply = self.unless_load(reply);
                self.first += 1;
                return reply;
            }
            self.push(reply);
        }
        let reply = self.kept.get_mut(at.checked_sub(self.first)?)?.take();
        while let Some(None) = self.kept.front() {
            self.kept.pop_front();
            self.first += 1;
        }
        reply
    }

    /// The reply that comes next, unless it is one to what loads code: that has no ticket.
    #[inline]
    fn unless_load(&mut self, reply: Reply) -> Option<Reply> {
        if self.loads.get(self.loaded) != Some(&self.len()) {
            return Some(reply);
        }
        self.loaded += 1;
        let error = reply.server_error().filter(|error| !code::is_there(error));
        self.unloaded.extend(error.map(|error| (self.len(), error)));
        None
    }

    /// The next reply to come.
    #[inline]
    fn next(&mut self) -> Option<Reply> {
        match self.flight.as_mut()?.next()? {
            Ok(reply) => Some(reply),
            Err(error) => {
                self.broken = Some(error);
                None
            }
        }
    }
}
