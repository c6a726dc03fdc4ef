//! Lua scripts on the server. Functions (`FCALL`) are not here.

use resp::{DecodeOwned, Request, ToArg, ToArgs};

use super::arguments::any_args;
use crate::Commands;
use crate::execute::Execute;

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
        self.call(Request::new("EVAL").arg(&script).counted_keys(&keys).with(|r| any_args(r, &args)))
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
        self.call(Request::new("EVAL_RO").arg(&script).counted_keys(&keys).with(|r| any_args(r, &args)))
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
        self.call(Request::new("EVALSHA").arg(&sha).counted_keys(&keys).with(|r| any_args(r, &args)))
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
        self.call(Request::new("EVALSHA_RO").arg(&sha).counted_keys(&keys).with(|r| any_args(r, &args)))
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
