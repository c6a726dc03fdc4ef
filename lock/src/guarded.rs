//! Work that is done only while the lock is ours, in one step with the look at it.

use client::{DecodeOwned, Request, Script, ToArgs};

use crate::script::GUARDED;
use crate::{LockError, LockGuard, LostReason, NotOwned};

/// Runs scripts and commands only while the lock is its holder's, from [`LockGuard::guarded`].
///
/// The server looks at the lock and does the work in one step: nobody can come in between, however late the request
/// arrives. For data on the same server that is as good as a fence. In a cluster the keys must be in the lock's slot:
/// give both the same `{tag}`.
///
/// # Example
/// ```
/// use client::Request;
/// use lock::LockExt;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// # client.del("doc:guarded:data")?;
/// let guard = client.lock("doc:guarded").acquire()?;
/// let stored: i64 = guard.guarded().run(Request::new("RPUSH").key("doc:guarded:data").arg("mine"))?;
/// assert_eq!(stored, 1);
///
/// client.lock("doc:guarded").force_release()?; // an administrator, or the time was over
/// let late = guard.guarded().run::<i64>(Request::new("RPUSH").key("doc:guarded:data").arg("late"));
/// assert!(late.unwrap_err().is_not_owned());
/// assert_eq!(client.llen("doc:guarded:data")?, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Guarded<'a> {
    guard: &'a LockGuard,
}

/// The code of the error by which the scripts here say that the lock is not ours.
const NOT_OURS: &str = "NOTOURS";

impl<'a> Guarded<'a> {
    pub(crate) fn new(guard: &'a LockGuard) -> Self {
        Self { guard }
    }

    /// Runs one command if the lock is ours, and returns its reply. It is not tried again when the reply was lost.
    ///
    /// # Errors
    /// [`LockError::NotOwned`] when the lock is not ours: then nothing was done. [`LockError::Client`] when the server
    /// could not be asked, or refuses the command.
    pub fn run<R: DecodeOwned>(&self, request: Request<'_>) -> Result<R, LockError> {
        if request.flaw().is_some() {
            return Err(LockError::Config("an argument of the command is none that Redis can take"));
        }
        let token = self.guard.token().as_bytes();
        let args: Vec<&[u8]> = std::iter::once(token).chain(request.args_iter()).collect();
        self.answer(self.guard.asking().call_script(&GUARDED, self.guard.name(), args))
    }

    /// Runs a Lua script if the lock is ours, and returns what it returns. `KEYS` and `ARGV` are what is given here. It is
    /// not tried again when the reply was lost.
    ///
    /// # Errors
    /// As [`Guarded::run`].
    ///
    /// # Example
    /// ```
    /// use lock::LockExt;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:guarded:sum")?;
    /// let guard = client.lock("doc:guarded:eval").acquire()?;
    /// let add = "return redis.call('INCRBY', KEYS[1], ARGV[1])";
    /// assert_eq!(guard.guarded().eval::<i64>(add, "doc:guarded:sum", 42)?, 42);
    /// # Ok(())
    /// # }
    /// ```
    pub fn eval<R: DecodeOwned>(
        &self,
        script: &str,
        keys: impl ToArgs,
        args: impl ToArgs,
    ) -> Result<R, LockError> {
        let script = Script::from(format!(
            "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('{NOT_OURS} it is held no more') end
             local function body(KEYS, ARGV)
             {script}
             end
             local keys, args = {{}}, {{}}
             for i = 2, #KEYS do keys[i - 1] = KEYS[i] end
             for i = 2, #ARGV do args[i - 1] = ARGV[i] end
             return body(keys, args)"
        ));
        let keys = listed(Request::new("KEYS").arg(self.guard.name()).args(&keys))?;
        let args = listed(Request::new("ARGV").arg(self.guard.token().as_bytes()).args(&args))?;
        self.answer(self.guard.asking().call_script(&script, keys, args))
    }

    fn answer<R>(&self, result: Result<R, client::Error>) -> Result<R, LockError> {
        match result {
            Err(error) if error.code() == Some(NOT_OURS) => {
                // Whether it is gone or another's, the release would tell; for the holder it is the same.
                Err(self.guard.lose(LostReason::Deleted, NotOwned::Gone))
            }
            Err(error) => Err(error.into()),
            Ok(reply) => Ok(reply),
        }
    }
}

/// The arguments of a request, without its name.
fn listed(request: Request<'_>) -> Result<Vec<Vec<u8>>, LockError> {
    match request.flaw() {
        None => Ok(request.args_iter().skip(1).map(<[u8]>::to_vec).collect()),
        Some(_) => Err(LockError::Config("an argument of the script is none that Redis can take")),
    }
}
