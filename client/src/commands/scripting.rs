//! Lua scripts on the server. Functions (`FCALL`) are in `functions`.

use resp::{Arg, DecodeOwned, Request, ToArg, ToArgs};

use super::arguments::any_args;
use crate::execute::{CodeCall, Execute, decode};
use crate::{Commands, FlushMode};

mod script;
pub use script::Script;

/// # Scripts
impl<E: Execute> Commands<E> {
    /// `EVAL`: runs a script and returns what it returns. Every key that it touches belongs into `keys` (`KEYS` in
    /// Lua), everything else into `args` (`ARGV`); either may be empty.
    ///
    /// Lua cuts the fraction off a number that it returns: return `tostring(x)` to keep it.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:eval")?;
    /// let script = "return redis.call('INCRBY', KEYS[1], ARGV[1]) * 2";
    /// assert_eq!(client.eval::<i64>(script, "doc:eval", 21)?, 42);
    ///
    /// let sum: i64 = client.eval("return ARGV[1] + ARGV[2]", (), (40, "2"))?;
    /// assert_eq!(sum, 42);
    /// # Ok(())
    /// # }
    /// ```
    pub fn eval<R: DecodeOwned>(
        &self,
        script: impl ToArg,
        keys: impl ToArgs,
        args: impl ToArgs,
    ) -> E::Output<R> {
        self.call(call_of("EVAL", script.to_arg(), &keys, &args))
    }

    /// `EVAL_RO`: as [`eval`](Self::eval), for a script that writes nothing: the server refuses its writes, and a
    /// replica may run it (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:eval_ro", "value")?;
    /// let script = "return redis.call('GET', KEYS[1])";
    /// assert_eq!(client.eval_ro::<String>(script, "doc:eval_ro", ())?, "value");
    /// let error = client.eval_ro::<i64>("return redis.call('DEL', KEYS[1])", "doc:eval_ro", ()).unwrap_err();
    /// assert!(error.to_string().contains("read-only"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn eval_ro<R: DecodeOwned>(
        &self,
        script: impl ToArg,
        keys: impl ToArgs,
        args: impl ToArgs,
    ) -> E::Output<R> {
        self.call(call_of("EVAL_RO", script.to_arg(), &keys, &args))
    }

    /// `EVALSHA`: runs the script that the server knows by this SHA-1, in 40 hexadecimal digits, and returns what it
    /// returns. An error with the code `NOSCRIPT` says that the server does not know it (any more).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let sha = client.script_load("return ARGV[1]")?;
    /// assert_eq!(client.evalsha::<String>(&sha, (), "x")?, "x");
    ///
    /// let unknown = "0".repeat(40);
    /// let error = client.evalsha::<String>(&unknown, (), "x").unwrap_err();
    /// assert_eq!(error.code(), Some("NOSCRIPT"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn evalsha<R: DecodeOwned>(
        &self,
        sha: impl ToArg,
        keys: impl ToArgs,
        args: impl ToArgs,
    ) -> E::Output<R> {
        self.call(call_of("EVALSHA", sha.to_arg(), &keys, &args))
    }

    /// `EVALSHA_RO`: as [`evalsha`](Self::evalsha), for a script that writes nothing: the server refuses its writes,
    /// and a replica may run it (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let sha = client.script_load("return #KEYS")?;
    /// assert_eq!(client.evalsha_ro::<i64>(&sha, ["a", "b"], ())?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn evalsha_ro<R: DecodeOwned>(
        &self,
        sha: impl ToArg,
        keys: impl ToArgs,
        args: impl ToArgs,
    ) -> E::Output<R> {
        self.call(call_of("EVALSHA_RO", sha.to_arg(), &keys, &args))
    }

    /// Runs a [`Script`] and returns what it returns: `EVALSHA`, and where the server does not know it, `EVAL`.
    ///
    /// Every key that it touches belongs into `keys` (`KEYS` in Lua), everything else into `args` (`ARGV`); either may
    /// be empty. As a rule that is one short command. One deadline covers both, if it takes two.
    ///
    /// In a pipeline the script is loaded before its first call, in the same flight, so that no call can miss it.
    ///
    /// # Example
    /// ```
    /// use client::Script;
    ///
    /// static ADD: Script = Script::new("return redis.call('INCRBY', KEYS[1], ARGV[1])");
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:call_script")?;
    /// assert_eq!(client.call_script::<i64>(&ADD, "doc:call_script", 40)?, 40);
    /// let (one, two) = client.pipeline(|p| {
    ///     let add = |n: i64| p.call_script::<i64>(&ADD, "doc:call_script", n);
    ///     (add(1), add(1))
    /// })?;
    /// assert_eq!((one, two), (41, 42));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "invoke")]
    pub fn call_script<R: DecodeOwned>(
        &self,
        script: &Script,
        keys: impl ToArgs,
        args: impl ToArgs,
    ) -> E::Output<R> {
        let whole = || call_of("EVAL", script.to_arg(), &keys, &args);
        let by_sha = call_of("EVALSHA", script.sha().to_arg(), &keys, &args);
        let call = CodeCall::script(by_sha, script.sha(), script.source(), &whole);
        self.executor.execute_code(call, decode)
    }

    /// Does what [`call_script`](Self::call_script) does for a script that writes nothing, by `EVALSHA_RO` and `EVAL_RO`:
    /// the server refuses its writes, a replica may run it, and it is tried again when its reply was lost (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// use client::Script;
    ///
    /// static SUM: Script = Script::new("return redis.call('GET', KEYS[1]) + redis.call('GET', KEYS[2])");
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.mset([("doc:call_script_ro:a", 40), ("doc:call_script_ro:b", 2)])?;
    /// let sum: i64 = client.call_script_ro(&SUM, ["doc:call_script_ro:a", "doc:call_script_ro:b"], ())?;
    /// assert_eq!(sum, 42);
    /// # Ok(())
    /// # }
    /// ```
    pub fn call_script_ro<R: DecodeOwned>(
        &self,
        script: &Script,
        keys: impl ToArgs,
        args: impl ToArgs,
    ) -> E::Output<R> {
        let whole = || call_of("EVAL_RO", script.to_arg(), &keys, &args);
        let by_sha = call_of("EVALSHA_RO", script.sha().to_arg(), &keys, &args);
        let call = CodeCall::script(by_sha, script.sha(), script.source(), &whole);
        self.executor.execute_code(call, decode)
    }

    /// `SCRIPT LOAD`: makes a script known to the server without running it. Returns its SHA-1 in hexadecimal digits.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert_eq!(client.script_load("return 1")?, "e0e1f9fabfc9d4800c877a703b823ac0578ff8db");
    /// # Ok(())
    /// # }
    /// ```
    pub fn script_load(&self, script: impl ToArg) -> E::Output<String> {
        self.call(Request::new("SCRIPT LOAD").arg(&script))
    }

    /// `SCRIPT EXISTS`: for each SHA-1 whether the server knows its script.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let sha = client.script_load("return 2")?;
    /// assert_eq!(client.script_exists([&*sha, "no such script"])?, [true, false]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn script_exists(&self, shas: impl ToArgs) -> E::Output<Vec<bool>> {
        self.call(Request::new("SCRIPT EXISTS").args(&shas))
    }

    /// `SCRIPT FLUSH`: makes the server forget all scripts, those of others too.
    ///
    /// # Example
    /// ```
    /// let command = client::Build::new().script_flush(); // not run here: others have scripts on this server
    /// assert_eq!(command.args(), [b"SCRIPT", &b"FLUSH"[..]]);
    /// ```
    pub fn script_flush(&self) -> E::Output<()> {
        self.call(Request::new("SCRIPT FLUSH"))
    }

    /// `SCRIPT FLUSH` with a mode: makes the server forget all scripts, those of others too (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// use client::{Build, FlushMode};
    ///
    /// let command = Build::new().script_flush_with(FlushMode::Async);
    /// assert_eq!(command.args(), [&b"SCRIPT"[..], b"FLUSH", b"ASYNC"]);
    /// ```
    pub fn script_flush_with(&self, mode: FlushMode) -> E::Output<()> {
        self.call(Request::new("SCRIPT FLUSH").arg(mode.as_str()))
    }

    /// `SCRIPT SHOW`: the source of the script that the server knows by this SHA-1; an error with the code `NOSCRIPT`
    /// if it knows none (Valkey 8.0; no Redis has it).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().script_show::<String>("e0e1f9fabfc9d4800c877a703b823ac0578ff8db");
    /// assert_eq!(command.args()[..2], [b"SCRIPT", &b"SHOW"[..]]);
    /// ```
    pub fn script_show<T: DecodeOwned>(&self, sha: impl ToArg) -> E::Output<T> {
        self.call(Request::new("SCRIPT SHOW").arg(&sha))
    }

    /// `SCRIPT DEBUG`: whether the scripts that this connection runs next are run by the debugger.
    ///
    /// It needs a [`Dedicated`](crate::Dedicated) connection. The next [`eval`](Self::eval) returns what the debugger
    /// says at first, as a `Vec<String>`; what it is told goes through [`run`](Self::run): `step`, `continue`, `print`.
    /// When the script has ended, the server closes the connection.
    ///
    /// # Example
    /// ```
    /// use client::{Request, ScriptDebug};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.dedicated()?;
    /// own.script_debug(ScriptDebug::Forked)?;
    /// let lines: Vec<String> = own.eval("local a = 40\nreturn a + 2", (), ())?;
    /// assert!(lines[0].contains("Stopped at 1"));
    /// own.run::<Vec<String>>(Request::new("step"))?;
    /// let lines: Vec<String> = own.run(Request::new("print").arg("a"))?;
    /// assert_eq!(lines, ["<value> 40"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn script_debug(&self, mode: ScriptDebug) -> E::Output<()> {
        self.call(Request::new("SCRIPT DEBUG").arg(mode.as_str()))
    }

    /// `SCRIPT KILL`: ends the script that is running for too long, if it has not written anything yet. Its caller
    /// gets an error.
    ///
    /// It needs a connection that is not waiting for the script itself. The code of the error is `NOTBUSY` when no
    /// script is running, and `UNKILLABLE` when it has written.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert_eq!(client.script_kill().unwrap_err().code(), Some("NOTBUSY"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn script_kill(&self) -> E::Output<()> {
        self.call(Request::new("SCRIPT KILL"))
    }
}

/// How scripts are run by the debugger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ScriptDebug {
    /// In a fork of the server: others are not held up, and what the script writes is gone afterwards.
    #[doc(alias = "yes")]
    Forked,
    /// In the server itself: it answers nobody else meanwhile, and what the script writes stays.
    Sync,
    /// Not at all.
    #[doc(alias = "no")]
    Off,
}

impl ScriptDebug {
    fn as_str(self) -> &'static str {
        match self {
            Self::Forked => "YES",
            Self::Sync => "SYNC",
            Self::Off => "NO",
        }
    }
}

/// A call of code, by a name or in full, with its keys and arguments.
pub(super) fn call_of<'a, K: ToArgs, A: ToArgs>(
    command: &'a str,
    code: Arg<'a>,
    keys: &'a K,
    args: &'a A,
) -> Request<'a> {
    Request::new(command).arg(code).counted_keys(keys).with(|r| any_args(r, args))
}
