//! Calls of code by its name, which the server may not know yet: a script by its SHA-1, a function.
//!
//! | executor | what happens when the server may not know it |
//! |---|---|
//! | pooled, dedicated | the call goes first; only on `NOSCRIPT` or "Function not found" is the code told, once |
//! | pipeline | the code goes before its first call, so that no call of the flight can miss it |
//! | `Build` | nothing: the call is made as it would be sent first |

use resp::{Reply, Request, ServerError};

use super::terms::Attempts;
use crate::Error;

/// A call of code by its name, and how the server learns what it does not know.
pub struct CodeCall<'a> {
    call: Request<'a>,
    code: Code<'a>,
}

/// What is called.
enum Code<'a> {
    /// A script.
    Script {
        sha: &'a str,
        source: &'a [u8],
        /// Makes the call that has the source with it: the server knows it afterwards.
        whole: &'a dyn Fn() -> Request<'a>,
    },
    /// A function of a library.
    Function { library: &'a [u8] },
}

impl<'a> CodeCall<'a> {
    /// A call of a script by its SHA-1; `whole` makes one that needs no memory of the server's.
    pub(crate) fn script(
        call: Request<'a>,
        sha: &'a str,
        source: &'a [u8],
        whole: &'a dyn Fn() -> Request<'a>,
    ) -> Self {
        Self { call, code: Code::Script { sha, source, whole } }
    }

    /// A call of a function, which is in a library with this code.
    pub(crate) fn function(call: Request<'a>, library: &'a [u8]) -> Self {
        Self { call, code: Code::Function { library } }
    }

    /// The call alone.
    pub fn into_request(self) -> Request<'a> {
        self.call
    }

    /// The name of the command that calls.
    pub(super) fn name(&self) -> &'a str {
        self.call.name()
    }

    /// What the code is known by among others in a pipeline.
    pub(super) fn id(&self) -> &'a [u8] {
        match self.code {
            Code::Script { sha, .. } => sha.as_bytes(),
            Code::Function { library } => library,
        }
    }

    /// What makes the code known and does not run it.
    pub(super) fn load(&self) -> Request<'a> {
        match self.code {
            Code::Script { source, .. } => Request::new("SCRIPT LOAD").arg(source),
            Code::Function { library } => Request::new("FUNCTION LOAD").arg(library),
        }
    }

    /// Calls, and if the server does not know the code, tells it and calls again, by `round_trip`.
    pub(super) fn run(
        &mut self,
        attempts: &mut Attempts<'_>,
        mut round_trip: impl FnMut(&mut Request<'_>, &mut Attempts<'_>) -> Result<Reply, Error>,
    ) -> Result<Reply, Error> {
        match round_trip(&mut self.call, attempts) {
            Err(error) if is_unknown(&error) => attempts.forgive(),
            done => return done,
        }
        attempts.go_on();
        if let Code::Script { whole, .. } = &self.code {
            let mut whole = whole();
            return round_trip(&mut whole, attempts).map_err(|error| error.of(whole.name()));
        }
        let mut load = self.load();
        match round_trip(&mut load, attempts) {
            Ok(_) => {}
            Err(error) if error.server_error().is_some_and(is_there) => attempts.forgive(),
            Err(error) => return Err(error.of(load.name())),
        }
        attempts.go_on();
        round_trip(&mut self.call, attempts)
    }
}

/// Whether the server says that it does not know what was called. It has done nothing then.
///
/// The words are looked at as well: a script may fail with a code of its own choice, and must not run again.
pub(super) fn is_unknown(error: &Error) -> bool {
    error.server_error().is_some_and(|error| match error.code() {
        "NOSCRIPT" => error.message().starts_with("No matching script"),
        "ERR" => error.message() == "Function not found",
        _ => false,
    })
}

/// Whether the server has a library of that name already: somebody else was faster.
pub(super) fn is_there(error: &ServerError) -> bool {
    let text = error.message();
    error.code() == "ERR" && text.starts_with("Library '") && text.ends_with("' already exists")
}

impl std::fmt::Debug for CodeCall<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("CodeCall").field(&self.call).finish()
    }
}
