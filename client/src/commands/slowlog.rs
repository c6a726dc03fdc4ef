//! The commands that a server took down because they were slow or large.
//!
//! Its settings say from when on a command is, and how many are kept: `slowlog-log-slower-than`, `slowlog-max-len`, and
//! those with `commandlog` in their names.

use std::time::{Duration, SystemTime};

use resp::{Decode, DecodeError, Request, Seconds, View};

use super::arguments::at_most;
use super::info::text;
use super::reply::{element, since_1970};
use crate::Commands;
use crate::execute::Execute;

/// # Slow log
impl<E: Execute> Commands<E> {
    /// `SLOWLOG GET`: the slow commands, the newest first, at most `count`.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// for entry in client.slowlog_get(10)? {
    ///     println!("{:?} took {:?}", entry.args.first(), entry.duration);
    /// }
    /// assert!(client.slowlog_get(1)?.len() <= 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn slowlog_get(&self, count: usize) -> E::Output<Vec<SlowEntry>> {
        self.call(Request::new("SLOWLOG GET").arg(at_most(count)))
    }

    /// `SLOWLOG LEN`: how many slow commands the server has taken down.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(client.slowlog_len()? >= 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn slowlog_len(&self) -> E::Output<i64> {
        self.call(Request::new("SLOWLOG LEN"))
    }

    /// `SLOWLOG RESET`: forgets the slow commands.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().slowlog_reset().args(), [&b"SLOWLOG"[..], b"RESET"]);
    /// ```
    pub fn slowlog_reset(&self) -> E::Output<()> {
        self.call(Request::new("SLOWLOG RESET"))
    }

    /// `COMMANDLOG GET … slow`: the slow commands, the newest first, at most `count` (only Valkey, 8.1).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().commandlog_get_slow(10);
    /// assert_eq!(command.args(), [&b"COMMANDLOG"[..], b"GET", b"10", b"slow"]);
    /// ```
    #[doc(alias = "commandlog_get")]
    pub fn commandlog_get_slow(&self, count: usize) -> E::Output<Vec<SlowEntry>> {
        self.call(commandlog(count, CommandlogKind::Slow))
    }

    /// `COMMANDLOG GET … large-request`: the commands that were large themselves, the newest first, at most `count` (only
    /// Valkey, 8.1).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().commandlog_get_large_requests(10);
    /// assert_eq!(command.args(), [&b"COMMANDLOG"[..], b"GET", b"10", b"large-request"]);
    /// ```
    #[doc(alias = "commandlog_get")]
    pub fn commandlog_get_large_requests(&self, count: usize) -> E::Output<Vec<LargeEntry>> {
        self.call(commandlog(count, CommandlogKind::LargeRequest))
    }

    /// `COMMANDLOG GET … large-reply`: the commands whose replies were large, the newest first, at most `count` (only
    /// Valkey, 8.1).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().commandlog_get_large_replies(10);
    /// assert_eq!(command.args(), [&b"COMMANDLOG"[..], b"GET", b"10", b"large-reply"]);
    /// ```
    #[doc(alias = "commandlog_get")]
    pub fn commandlog_get_large_replies(&self, count: usize) -> E::Output<Vec<LargeEntry>> {
        self.call(commandlog(count, CommandlogKind::LargeReply))
    }

    /// `COMMANDLOG LEN`: how many commands of a kind the server has taken down (only Valkey, 8.1).
    ///
    /// # Example
    /// ```
    /// use client::{Build, CommandlogKind};
    ///
    /// let command = Build::new().commandlog_len(CommandlogKind::Slow);
    /// assert_eq!(command.args(), [&b"COMMANDLOG"[..], b"LEN", b"slow"]);
    /// ```
    pub fn commandlog_len(&self, kind: CommandlogKind) -> E::Output<i64> {
        self.call(Request::new("COMMANDLOG LEN").arg(kind.word()))
    }

    /// `COMMANDLOG RESET`: forgets the commands of a kind (only Valkey, 8.1).
    ///
    /// # Example
    /// ```
    /// use client::{Build, CommandlogKind};
    ///
    /// let command = Build::new().commandlog_reset(CommandlogKind::LargeReply);
    /// assert_eq!(command.args(), [&b"COMMANDLOG"[..], b"RESET", b"large-reply"]);
    /// ```
    pub fn commandlog_reset(&self, kind: CommandlogKind) -> E::Output<()> {
        self.call(Request::new("COMMANDLOG RESET").arg(kind.word()))
    }
}

/// Why a server takes a command down (only Valkey, 8.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommandlogKind {
    /// It took long.
    Slow,
    /// It was large itself.
    LargeRequest,
    /// Its reply was large.
    LargeReply,
}

impl CommandlogKind {
    fn word(self) -> &'static str {
        match self {
            Self::Slow => "slow",
            Self::LargeRequest => "large-request",
            Self::LargeReply => "large-reply",
        }
    }
}

/// A command that took long.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SlowEntry {
    /// The number of the entry since the server started.
    pub id: u64,
    /// When it ended, in seconds.
    pub at: SystemTime,
    /// How long it took, in microseconds; waiting for its turn or for data does not count.
    pub duration: Duration,
    /// The command and its arguments, at most 32. Those of more than 128 bytes are cut, and both are said in words.
    pub args: Vec<Vec<u8>>,
    /// The client's address: `host:port`, or the path of a Unix socket and `:0`.
    pub client_addr: Option<String>,
    /// The client's name, if it had one.
    pub client_name: Option<String>,
    /// How many words it had, those left out included; `None` if the server does not tell. Redis 8.10 does.
    pub arg_count: Option<u64>,
}

impl Decode<'_> for SlowEntry {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let Entry { id, at, amount, args, client_addr, client_name, arg_count } = view.decode()?;
        Ok(Self {
            id,
            at,
            duration: Duration::from_micros(amount),
            args,
            client_addr,
            client_name,
            arg_count,
        })
    }
}

/// A command that was large, or whose reply was.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LargeEntry {
    /// The number of the entry since the server started.
    pub id: u64,
    /// When it ended, in seconds.
    pub at: SystemTime,
    /// The bytes of the command, or of its reply.
    pub size: u64,
    /// The command and its arguments, at most 32. Those of more than 128 bytes are cut, and both are said in words.
    pub args: Vec<Vec<u8>>,
    /// The client's address: `host:port`, or the path of a Unix socket and `:0`.
    pub client_addr: Option<String>,
    /// The client's name, if it had one.
    pub client_name: Option<String>,
}

impl Decode<'_> for LargeEntry {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let Entry { id, at, amount: size, args, client_addr, client_name, .. } = view.decode()?;
        Ok(Self { id, at, size, args, client_addr, client_name })
    }
}

/// What both have, however long the list is.
struct Entry {
    id: u64,
    at: SystemTime,
    amount: u64,
    args: Vec<Vec<u8>>,
    client_addr: Option<String>,
    client_name: Option<String>,
    arg_count: Option<u64>,
}

impl Decode<'_> for Entry {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let at = element(view, 1)?;
        let seconds = at.decode::<Seconds>().and_then(|time| since_1970(at, time.0));
        let word = |index| view.get(index).map(|word| text(word).map(String::from).map_err(|e| e.at(index)));
        Ok(Self {
            id: element(view, 0)?.decode().map_err(|error| error.at(0))?,
            at: seconds.map_err(|error| error.at(1))?,
            amount: element(view, 2)?.decode().map_err(|error| error.at(2))?,
            args: element(view, 3)?.decode().map_err(|error| error.at(3))?,
            client_addr: word(4).transpose()?,
            client_name: word(5).transpose()?.filter(|name| !name.is_empty()),
            arg_count: view.get(6).and_then(|count| count.decode().ok()),
        })
    }
}

fn commandlog(count: usize, kind: CommandlogKind) -> Request<'static> {
    Request::new("COMMANDLOG GET").arg(at_most(count)).arg(kind.word())
}
