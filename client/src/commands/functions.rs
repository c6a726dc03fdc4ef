//! Functions: named Lua code that the server keeps in libraries, as it keeps data.

use resp::{DecodeOwned, Request, ToArg, ToArgs};

use super::scripting::call_of;
use crate::execute::{CodeCall, Execute, decode};
use crate::{Commands, FlushMode};

mod about;
pub use about::{EngineStats, FunctionInfo, FunctionStats, LibraryInfo, RunningFunction};
mod library;
pub use library::FunctionLibrary;

/// # Functions
impl<E: Execute> Commands<E> {
    /// `FCALL`: calls a function by its name and returns what it returns (Redis 7.0). Every key that it touches belongs
    /// into `keys`, everything else into `args`; either may be empty.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.function_load_replace(
    ///     "#!lua name=doc_fcall\nredis.register_function('doc_fcall', function(keys, args) return args[1] * 2 end)",
    /// )?;
    /// assert_eq!(client.fcall::<i64>("doc_fcall", (), 21)?, 42);
    /// # client.function_delete("doc_fcall")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn fcall<R: DecodeOwned>(
        &self,
        function: impl ToArg,
        keys: impl ToArgs,
        args: impl ToArgs,
    ) -> E::Output<R> {
        self.call(call_of("FCALL", function.to_arg(), &keys, &args))
    }

    /// `FCALL_RO`: calls a function that is declared to write nothing (`no-writes`); a replica may run it (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.function_load_replace(
    ///     "#!lua name=doc_fcall_ro\nredis.register_function{function_name = 'doc_fcall_ro', flags = {'no-writes'},
    ///      callback = function(keys, args) return redis.call('STRLEN', keys[1]) end}",
    /// )?;
    /// client.set("doc:fcall_ro", "value")?;
    /// assert_eq!(client.fcall_ro::<i64>("doc_fcall_ro", "doc:fcall_ro", ())?, 5);
    /// # client.function_delete("doc_fcall_ro")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn fcall_ro<R: DecodeOwned>(
        &self,
        function: impl ToArg,
        keys: impl ToArgs,
        args: impl ToArgs,
    ) -> E::Output<R> {
        self.call(call_of("FCALL_RO", function.to_arg(), &keys, &args))
    }

    /// Calls a function of a [`FunctionLibrary`] and returns what it returns: `FCALL`, and where the server does not
    /// know the function, `FUNCTION LOAD` and once more `FCALL` (Redis 7.0).
    ///
    /// A library of the same name that is there already is not replaced: if it lacks the function, the call fails. A new
    /// version is loaded by [`function_load_replace`](Self::function_load_replace).
    ///
    /// In a pipeline the library is loaded before its first call, in the same flight, unless it is there.
    ///
    /// # Example
    /// ```
    /// use client::FunctionLibrary;
    ///
    /// static MATHS: FunctionLibrary = FunctionLibrary::new(
    ///     "#!lua name=doc_maths\nredis.register_function('doc_double', function(keys, args) return args[1] * 2 end)",
    /// );
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert_eq!(client.call_function::<i64>(&MATHS, "doc_double", (), 21)?, 42);
    /// # client.function_delete("doc_maths")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn call_function<R: DecodeOwned>(
        &self,
        library: &FunctionLibrary,
        function: impl ToArg,
        keys: impl ToArgs,
        args: impl ToArgs,
    ) -> E::Output<R> {
        let call = call_of("FCALL", function.to_arg(), &keys, &args);
        self.executor.execute_code(CodeCall::function(call, library.code()), decode)
    }

    /// Does what [`call_function`](Self::call_function) does by `FCALL_RO`, for a function that is declared to write
    /// nothing: a replica may run it, and it is tried again when its reply was lost (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// use client::FunctionLibrary;
    ///
    /// static LENGTHS: FunctionLibrary = FunctionLibrary::new(
    ///     "#!lua name=doc_lengths\nredis.register_function{function_name = 'doc_length', flags = {'no-writes'},
    ///      callback = function(keys, args) return redis.call('STRLEN', keys[1]) end}",
    /// );
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:call_function_ro", "value")?;
    /// assert_eq!(client.call_function_ro::<i64>(&LENGTHS, "doc_length", "doc:call_function_ro", ())?, 5);
    /// # client.function_delete("doc_lengths")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn call_function_ro<R: DecodeOwned>(
        &self,
        library: &FunctionLibrary,
        function: impl ToArg,
        keys: impl ToArgs,
        args: impl ToArgs,
    ) -> E::Output<R> {
        let call = call_of("FCALL_RO", function.to_arg(), &keys, &args);
        self.executor.execute_code(CodeCall::function(call, library.code()), decode)
    }

    /// `FUNCTION LOAD`: makes a library known to the server, whose code begins with `#!lua name=…`. Returns its name
    /// (Redis 7.0). A library of that name that is there already is an error.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let code = "#!lua name=doc_load\nredis.register_function('doc_load', function() return 1 end)";
    /// assert_eq!(client.function_load(code)?, "doc_load");
    /// let error = client.function_load(code).unwrap_err();
    /// assert_eq!(error.to_string(), "FUNCTION LOAD: ERR Library 'doc_load' already exists");
    /// # client.function_delete("doc_load")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn function_load(&self, code: impl ToArg) -> E::Output<String> {
        self.call(Request::new("FUNCTION LOAD").arg(&code))
    }

    /// `FUNCTION LOAD … REPLACE`: makes a library known to the server in place of the one of that name, if there is one
    /// (Redis 7.0). Returns its name.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// for result in [1, 2] {
    ///     client.function_load_replace(format!(
    ///         "#!lua name=doc_replace\nredis.register_function('doc_replace', function() return {result} end)",
    ///     ))?;
    ///     assert_eq!(client.fcall::<i64>("doc_replace", (), ())?, result);
    /// }
    /// # client.function_delete("doc_replace")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn function_load_replace(&self, code: impl ToArg) -> E::Output<String> {
        self.call(Request::new("FUNCTION LOAD").arg("REPLACE").arg(&code))
    }

    /// `FUNCTION LIST`: the libraries with their functions (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.function_load_replace("#!lua name=doc_list\nredis.register_function('doc_list', function() end)")?;
    /// let libraries = client.function_list()?;
    /// let own = libraries.iter().find(|library| library.name == "doc_list").ok_or("not there")?;
    /// assert_eq!(own.functions[0].name, "doc_list");
    /// # client.function_delete("doc_list")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn function_list(&self) -> E::Output<Vec<LibraryInfo>> {
        self.call(Request::new("FUNCTION LIST"))
    }

    /// `FUNCTION LIST` with options: some libraries, or with their code (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// use client::FunctionListOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let code = "#!lua name=doc_list_with\nredis.register_function('doc_list_with', function() end)";
    /// # client.function_load_replace(code)?;
    /// let options = FunctionListOptions::new().library("doc_list_*").with_code();
    /// assert_eq!(client.function_list_with(options)?[0].code.as_deref(), Some(code));
    /// # client.function_delete("doc_list_with")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn function_list_with<'o>(
        &self,
        options: impl Into<FunctionListOptions<'o>>,
    ) -> E::Output<Vec<LibraryInfo>> {
        let options = options.into();
        self.call(Request::new("FUNCTION LIST").with(|r| options.write(r)))
    }

    /// `FUNCTION DELETE`: makes the server forget a library. One that is not there is an error (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let error = client.function_delete("doc_no_such_library").unwrap_err();
    /// assert_eq!(error.to_string(), "FUNCTION DELETE: ERR Library not found");
    /// # Ok(())
    /// # }
    /// ```
    pub fn function_delete(&self, library: impl ToArg) -> E::Output<()> {
        self.call(Request::new("FUNCTION DELETE").arg(&library))
    }

    /// `FUNCTION FLUSH`: makes the server forget all libraries, those of others too, in the way that its
    /// `lazyfree-lazy-user-flush` says (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// let command = client::Build::new().function_flush(); // not run here: others have functions on this server
    /// assert_eq!(command.args(), [b"FUNCTION", &b"FLUSH"[..]]);
    /// ```
    pub fn function_flush(&self) -> E::Output<()> {
        self.call(Request::new("FUNCTION FLUSH"))
    }

    /// `FUNCTION FLUSH` with a mode: makes the server forget all libraries, those of others too (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// use client::{Build, FlushMode};
    ///
    /// let command = Build::new().function_flush_with(FlushMode::Sync);
    /// assert_eq!(command.args(), [&b"FUNCTION"[..], b"FLUSH", b"SYNC"]);
    /// ```
    pub fn function_flush_with(&self, mode: FlushMode) -> E::Output<()> {
        self.call(Request::new("FUNCTION FLUSH").arg(mode.as_str()))
    }

    /// `FUNCTION DUMP`: all libraries in the server's own form, for [`function_restore`](Self::function_restore)
    /// (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let dump = client.function_dump()?;
    /// assert!(dump.len() >= 10); // a version and a check sum at least
    /// # Ok(())
    /// # }
    /// ```
    pub fn function_dump(&self) -> E::Output<Vec<u8>> {
        self.call(Request::new("FUNCTION DUMP"))
    }

    /// `FUNCTION RESTORE`: makes libraries known of what [`function_dump`](Self::function_dump) returned (Redis 7.0).
    /// One whose name is there already is an error; then none is restored.
    ///
    /// # Example
    /// ```
    /// let command = client::Build::new().function_restore(b"dump");
    /// assert_eq!(command.args(), [&b"FUNCTION"[..], b"RESTORE", b"dump"]);
    /// ```
    pub fn function_restore(&self, dump: impl ToArg) -> E::Output<()> {
        self.call(Request::new("FUNCTION RESTORE").arg(&dump))
    }

    /// `FUNCTION RESTORE` with a policy for what is there already (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// use client::{Build, FunctionRestore};
    ///
    /// let command = Build::new().function_restore_with(b"dump", FunctionRestore::Flush);
    /// assert_eq!(command.args()[2..], [b"dump", &b"FLUSH"[..]]);
    /// ```
    pub fn function_restore_with(&self, dump: impl ToArg, policy: FunctionRestore) -> E::Output<()> {
        self.call(Request::new("FUNCTION RESTORE").arg(&dump).arg(policy.as_str()))
    }

    /// `FUNCTION KILL`: ends the function that is running for too long, if it has not written anything yet. Its caller
    /// gets an error (Redis 7.0).
    ///
    /// It needs a connection that is not waiting for the function itself. The code of the error is `NOTBUSY` when none
    /// is running, and `UNKILLABLE` when it has written.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert_eq!(client.function_kill().unwrap_err().code(), Some("NOTBUSY"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn function_kill(&self) -> E::Output<()> {
        self.call(Request::new("FUNCTION KILL"))
    }

    /// `FUNCTION STATS`: what is running, and how much each engine has. It is answered while a function is running
    /// (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let stats = client.function_stats()?;
    /// assert_eq!(stats.running, None);
    /// assert_eq!(stats.engines[0].name, "LUA");
    /// # Ok(())
    /// # }
    /// ```
    pub fn function_stats(&self) -> E::Output<FunctionStats> {
        self.call(Request::new("FUNCTION STATS"))
    }
}

/// The options of `FUNCTION LIST`. A text alone is a pattern of library names.
///
/// # Example
/// ```
/// use client::{Build, FunctionListOptions};
///
/// let options = FunctionListOptions::new().library("app_*").with_code();
/// let command = Build::new().function_list_with(options);
/// assert_eq!(command.args()[2..], [&b"LIBRARYNAME"[..], b"app_*", b"WITHCODE"]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FunctionListOptions<'a> {
    library: Option<&'a [u8]>,
    code: Option<&'static str>,
}

impl<'a> FunctionListOptions<'a> {
    /// No option: all libraries, without their code.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only libraries whose names match the pattern, in which `*`, `?`, `[a-z]` and `\` have their meaning.
    #[doc(alias = "libraryname")]
    #[must_use]
    pub fn library(mut self, pattern: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        self.library = Some(pattern.as_ref());
        self
    }

    /// With the code of each library.
    #[doc(alias = "withcode")]
    #[must_use]
    pub fn with_code(mut self) -> Self {
        self.code = Some("WITHCODE");
        self
    }

    fn write(self, request: Request<'a>) -> Request<'a> {
        let library = self.library.into_iter();
        let request = library.fold(request, |r, pattern| r.arg("LIBRARYNAME").arg(pattern));
        self.code.into_iter().fold(request, Request::arg)
    }
}

impl<'a> From<&'a str> for FunctionListOptions<'a> {
    fn from(pattern: &'a str) -> Self {
        Self::new().library(pattern)
    }
}

/// What `FUNCTION RESTORE` does with the libraries that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FunctionRestore {
    /// They stay; one with the name of another that comes is an error, and then none comes.
    Append,
    /// They stay, but for those that are replaced by one with the same name.
    Replace,
    /// All of them go first.
    Flush,
}

impl FunctionRestore {
    fn as_str(self) -> &'static str {
        match self {
            Self::Append => "APPEND",
            Self::Replace => "REPLACE",
            Self::Flush => "FLUSH",
        }
    }
}
