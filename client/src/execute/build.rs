//! Commands that nobody runs: for tests, for scripts, and to check how they are spelt.

use resp::{Arg, Flaw, Reply, Request, ToArgs, Wait};

use super::{CodeCall, Decoder, Execute, OneConnection, finish};
use crate::{Commands, Error};

/// Makes commands without running them.
///
/// # Example
/// ```
/// use client::Build;
///
/// let command = Build::new().set("k", "v");
/// assert_eq!(command.name(), "SET");
/// assert_eq!(command.args(), [&b"SET"[..], b"k", b"v"]);
/// assert_eq!(command.keys(), [b"k"]);
/// assert_eq!(command.wire(), b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n");
/// ```
pub type Build = Commands<Builder>;

/// The executor of [`Build`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Builder;

impl Build {
    /// Commands that are made and not run.
    pub fn new() -> Self {
        Self { executor: Builder }
    }
}

impl Default for Build {
    fn default() -> Self {
        Self::new()
    }
}

/// A command that was made and not run.
#[derive(Debug, Clone)]
pub struct Command<R> {
    name: String,
    wire: Vec<u8>,
    args: Vec<Vec<u8>>,
    keys: Vec<Vec<u8>>,
    wait: Wait,
    flaw: Option<Flaw>,
    decode: Decoder<R>,
}

impl<R> Command<R> {
    /// The command's name, with its sub-command if it has one.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The bytes that would be sent.
    pub fn wire(&self) -> &[u8] {
        &self.wire
    }

    /// The arguments, the words of the name first.
    pub fn args(&self) -> &[Vec<u8>] {
        &self.args
    }

    /// The keys among the arguments.
    pub fn keys(&self) -> &[Vec<u8>] {
        &self.keys
    }

    /// How long the server may hold back its answer.
    pub fn wait(&self) -> Wait {
        self.wait
    }

    /// Why the command would not be sent, if so.
    pub fn flaw(&self) -> Option<Flaw> {
        self.flaw.clone()
    }

    /// What a call would return for `reply`.
    ///
    /// # Errors
    /// [`Error`] when the reply is an error, or something else than an `R`.
    pub fn decode(&self, reply: &Reply) -> Result<R, Error> {
        finish(reply, self.decode).map_err(|error| error.of(&self.name))
    }
}

/// A command as the argument of another, such as `ACL DRYRUN`: its words. Its flaw does not go with them.
impl<R> ToArgs for Command<R> {
    fn for_each_arg<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>)) {
        self.args.for_each_arg(each);
    }
}

impl OneConnection for Builder {}

impl Execute for Builder {
    type Output<R> = Command<R>;

    fn execute<R>(&self, mut request: Request<'_>, decode: Decoder<R>) -> Command<R> {
        Command {
            name: request.name().to_owned(),
            args: request.args_iter().map(<[u8]>::to_vec).collect(),
            keys: request.keys_iter().map(<[u8]>::to_vec).collect(),
            wait: request.wait(),
            flaw: request.flaw(),
            wire: request.wire().to_vec(),
            decode,
        }
    }

    fn execute_code<R>(&self, call: CodeCall<'_>, decode: Decoder<R>) -> Command<R> {
        self.execute(call.into_request(), decode)
    }
}
