//! Who runs a command, and so what a call returns.
//!
//! Nothing outside this folder may assume that a call blocks.

use resp::{DecodeError, DecodeOwned, Reply, Request, View};

use crate::Error;

mod admit;
mod beside;
pub use beside::Beside;
mod build;
pub use build::{Build, Builder, Command};
mod code;
pub use code::CodeCall;
mod connector;
pub use connector::{ConnectionPool, Connector};
mod dedicated;
pub use dedicated::{Dedicated, Direct};
mod farewell;
mod feed;
pub use feed::Feed;
mod lifetime;
mod names;
mod now;
mod pipeline;
pub use pipeline::{Pipeline, Pipelined};
mod pooled;
pub use pooled::{Client, Pooled};
mod replies;
mod terms;
pub use replies::Replies;
mod ticket;
mod trace;
mod transaction;
mod way;
pub use ticket::{Caught, Redeem, Ticket};
pub(crate) use way::Way;

/// Makes the caller's type of a reply. A plain function, so that a command can say what its reply means.
pub type Decoder<R> = fn(View<'_>) -> Result<R, DecodeError>;

/// Runs commands, or keeps them to be run.
pub trait Execute {
    /// What a call returns for a command whose reply is an `R`.
    type Output<R>;

    /// Runs `request`; its reply is what `decode` makes of it.
    fn execute<R>(&self, request: Request<'_>, decode: Decoder<R>) -> Self::Output<R>;

    /// Runs a call of a script or a function, and sees to it that the server knows what is called.
    fn execute_code<R>(&self, call: CodeCall<'_>, decode: Decoder<R>) -> Self::Output<R>;
}

/// An executor whose calls return when the server has answered.
pub trait Blocking: Execute {
    /// Runs `request` and waits for its reply.
    ///
    /// # Errors
    /// [`Error`] when it could not be sent, was not answered, was answered with an error, or was answered with
    /// something else than an `R`.
    fn execute_now<R>(&self, request: Request<'_>, decode: Decoder<R>) -> Result<R, Error>;
}

/// An executor that sends many commands at once: what runs a [`Pipeline`].
pub trait Batching: Blocking {
    /// Sends all commands of `pipeline` or, if one is flawed, none. What the call returns is made by `land` while the
    /// replies come, and anew if they have to come again.
    ///
    /// # Errors
    /// [`Error`] when the flight has failed as a whole, that of `land`, or that of a reply which `land` left.
    fn fly<T>(
        &self,
        pipeline: Pipeline,
        land: impl FnMut(&mut Replies<'_>) -> Result<T, Error>,
    ) -> Result<T, Error>;

    /// Sends what `feed` asks for as long as it does.
    ///
    /// # Errors
    /// [`Error`] when the connection has failed, with what was not answered by then.
    fn feed(&self, feed: Feed<'_>) -> Result<(), Error>;
}

/// An executor whose commands all run on the same connection, so that one may change it for those after it: `SELECT`,
/// `CLIENT TRACKING`. That of a [`Client`] is none: the next command may run on another connection.
///
/// # Example
/// ```compile_fail,E0599
/// # fn select(client: &client::Client) {
/// client.select(1); // use client.dedicated(), or a pipeline
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` may run the next command on another connection",
    note = "`Client::dedicated` and `Client::pipeline` have one connection"
)]
pub trait OneConnection: Execute {}

/// The [`Decoder`] of a type that decodes itself.
pub(crate) fn decode<R: DecodeOwned>(view: View<'_>) -> Result<R, DecodeError> {
    R::decode(view)
}

/// The end of every call: an error of the server's is an error, whatever type was asked for.
#[inline]
fn finish<R>(reply: &Reply, decode: Decoder<R>) -> Result<R, Error> {
    match reply.server_error() {
        Some(error) => Err(Error::server(error)),
        None => decoded(reply, decode),
    }
}

/// What the caller wanted, from a reply that is no error.
#[inline]
fn decoded<R>(reply: &Reply, decode: Decoder<R>) -> Result<R, Error> {
    decode(reply.view()).map_err(Error::decode)
}
