//! The commands for those who call several of them one after another and need each answer at once, such as iterators.

use resp::Request;

use super::{Blocking, CodeCall, Decoder, Execute};
use crate::{Commands, Error};

/// Runs commands as `E` does, but a call always returns a `Result`.
#[derive(Debug)]
pub(crate) struct Now<'e, E>(&'e E);

impl<E: Blocking> Commands<E> {
    /// The same commands, each with its answer.
    pub(crate) fn now(&self) -> Commands<Now<'_, E>> {
        Commands { executor: Now(&self.executor) }
    }
}

impl<E: Blocking> Execute for Now<'_, E> {
    type Output<R> = Result<R, Error>;

    fn execute<R>(&self, request: Request<'_>, decode: Decoder<R>) -> Result<R, Error> {
        self.0.execute_now(request, decode)
    }

    /// An iterator calls no script, and so has none to send when the server does not know it.
    fn execute_code<R>(&self, call: CodeCall<'_>, decode: Decoder<R>) -> Result<R, Error> {
        self.0.execute_now(call.into_request(), decode)
    }
}
