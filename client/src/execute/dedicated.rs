//! One connection for one caller, who may leave it as he likes.

use std::cell::{Cell, RefCell};

use conn::Connection;
use pool::Guard;
use resp::{Reply, Request};

use super::admit::{Effect, Place, admit};
use super::farewell::farewell;
use super::feed::Feed;
use super::pipeline::PIPELINE;
use super::pooled::call;
use super::terms::{Attempts, Span, Terms};
use super::{
    Batching, Blocking, CodeCall, Connector, Decoder, Execute, OneConnection, Pipeline, Replies, decoded,
};
use crate::{Commands, Error};

/// A connection for one caller alone, taken from a client's pool by [`Client::dedicated`](crate::Client::dedicated).
///
/// It can be sent to another thread, not shared between two. When it is dropped, it goes back to the pool, unless a
/// command has changed it (`SELECT`, `WATCH`, …): then it is closed.
///
/// # Example
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// let own = client.dedicated()?;
/// own.select(1)?;
/// own.set("doc:dedicated", "in database 1")?;
/// drop(own);
/// assert_eq!(client.get::<String>("doc:dedicated")?, None); // in database 0
/// # Ok(())
/// # }
/// ```
pub type Dedicated = Commands<Direct>;

/// The executor of a [`Dedicated`] connection.
#[derive(Debug)]
pub struct Direct {
    /// `None` only while it is dropped.
    connection: RefCell<Option<Guard<Connector>>>,
    terms: Terms,
    changed: Cell<bool>,
    /// A transaction watches keys.
    watching: Cell<bool>,
}

impl Dedicated {
    pub(super) fn new(connection: Guard<Connector>, terms: Terms) -> Self {
        Self {
            executor: Direct {
                connection: RefCell::new(Some(connection)),
                terms,
                changed: Cell::new(false),
                watching: Cell::new(false),
            },
        }
    }
}

impl OneConnection for Direct {}

impl Execute for Direct {
    type Output<R> = Result<R, Error>;

    fn execute<R>(&self, request: Request<'_>, decode: Decoder<R>) -> Result<R, Error> {
        self.execute_now(request, decode)
    }

    fn execute_code<R>(&self, mut code: CodeCall<'_>, decode: Decoder<R>) -> Result<R, Error> {
        let mut attempts = Attempts::begin(&self.terms, code.name());
        let reply = code.run(&mut attempts, |request, attempts| self.round_trip(request, attempts.span()));
        let done = reply.and_then(|reply| decoded(&reply, decode)).map_err(|error| error.of(code.name()));
        attempts.end(code.name(), 1, done)
    }
}

impl Blocking for Direct {
    fn execute_now<R>(&self, mut request: Request<'_>, decode: Decoder<R>) -> Result<R, Error> {
        let attempts = Attempts::begin(&self.terms, request.name());
        let reply = self.round_trip(&mut request, attempts.span());
        let done = reply.and_then(|reply| decoded(&reply, decode)).map_err(|error| error.of(request.name()));
        attempts.end(request.name(), 1, done)
    }
}

impl Batching for Direct {
    fn fly<T>(
        &self,
        pipeline: Pipeline,
        land: impl FnMut(&mut Replies<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let attempts = Attempts::begin(&self.terms, PIPELINE);
        let commands = pipeline.len();
        let done = pipeline.fly(land, |flight, mut land| {
            self.changes(flight.leaves_state());
            let landed = self.on(|connection| flight.fly(connection, attempts.span(), &mut land));
            landed.map_err(|error| error.of(flight.title()))?
        });
        attempts.end(PIPELINE, commands, done)
    }

    fn feed(&self, mut feed: Feed<'_>) -> Result<(), Error> {
        let attempts = Attempts::begin(&self.terms, PIPELINE);
        let done = self.on(|connection| feed.talk(connection, attempts.span().deadline));
        self.changes(feed.leaves_state());
        attempts.end(PIPELINE, feed.commands(), done.map_err(|error| error.of(PIPELINE)))
    }
}

impl Direct {
    fn round_trip(&self, request: &mut Request<'_>, span: Span) -> Result<Reply, Error> {
        self.changes(admit(request, Place::Same)? == Effect::State);
        self.on(|connection| call(connection, request, span, span.now))
            .or_else(|error| farewell(request, error))
    }

    /// Watches the keys of `watch` until somebody says that it is over: else the connection is closed.
    pub(super) fn begin_to_watch(&self, watch: &mut Request<'_>) -> Result<(), Error> {
        let span = self.terms.begin();
        admit(watch, Place::Same)?;
        self.watching.set(true);
        self.on(|connection| call(connection, watch, span, span.now)).map(drop).map_err(|e| e.of("WATCH"))
    }

    /// Watches nothing any more, if the server still listens.
    pub(super) fn end_to_watch(&self) {
        let span = self.terms.begin();
        let unwatch = &mut Request::new("UNWATCH");
        if self.on(|connection| call(connection, unwatch, span, span.now)).is_ok() {
            self.watches_no_more();
        }
    }

    /// `EXEC` was answered.
    pub(super) fn watches_no_more(&self) {
        self.watching.set(false);
    }

    /// The connection is not as it was, if so.
    fn changes(&self, so: bool) {
        self.changed.set(self.changed.get() || so);
    }

    fn on<T>(&self, call: impl FnOnce(&mut Connection) -> Result<T, Error>) -> Result<T, Error> {
        let mut connection = self.connection.borrow_mut();
        let Some(connection) = connection.as_mut().filter(|connection| !connection.is_inherited()) else {
            return Err(Error::usage(
                "belongs to the process that opened the connection, not to a forked child",
            ));
        };
        let (result, is_cut) = self.terms.run(connection, call);
        self.changes(is_cut);
        result
    }
}

impl Drop for Direct {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take().filter(|_| self.changed.get() || self.watching.get())
        {
            connection.discard();
        }
    }
}
