//! Commands over the connection of a subscriber, between its messages.

use conn::Deadline;
use resp::{Reply, Request, Wait};

use super::admit::{Effect, Place, admit};
use super::terms::Attempts;
use super::{Blocking, CodeCall, Decoder, Execute, decoded};
use crate::{Commands, Error, PubSubHandle};

/// The executor of [`PubSubHandle::commands`].
#[derive(Clone, Debug)]
pub struct Beside(PubSubHandle);

impl Beside {
    pub(crate) fn commands(handle: PubSubHandle) -> Commands<Self> {
        Commands { executor: Self(handle) }
    }

    fn round_trip(&self, request: &mut Request<'_>, deadline: Deadline) -> Result<Reply, Error> {
        match (admit(request, Place::Same)?, request.wait()) {
            (Effect::State, _) => {
                Err(Error::usage("changes its connection, which is the subscriber's: use dedicated()"))
            }
            (_, Wait::No) => self.0.run_beside(&request.wire().to_vec(), deadline),
            _ => Err(Error::usage("would keep the subscriber's connection waiting: use the client")),
        }
    }
}

impl Execute for Beside {
    type Output<R> = Result<R, Error>;

    fn execute<R>(&self, request: Request<'_>, decode: Decoder<R>) -> Result<R, Error> {
        self.execute_now(request, decode)
    }

    fn execute_code<R>(&self, mut code: CodeCall<'_>, decode: Decoder<R>) -> Result<R, Error> {
        let mut attempts = Attempts::begin(self.0.way().terms(), code.name());
        let reply =
            code.run(&mut attempts, |request, attempts| self.round_trip(request, attempts.span().deadline));
        let done = reply.and_then(|reply| decoded(&reply, decode)).map_err(|error| error.of(code.name()));
        attempts.end(code.name(), 1, done)
    }
}

impl Blocking for Beside {
    fn execute_now<R>(&self, mut request: Request<'_>, decode: Decoder<R>) -> Result<R, Error> {
        let attempts = Attempts::begin(self.0.way().terms(), request.name());
        let reply = self.round_trip(&mut request, attempts.span().deadline);
        let done = reply.and_then(|reply| decoded(&reply, decode)).map_err(|error| error.of(request.name()));
        attempts.end(request.name(), 1, done)
    }
}
