//! Every command that a server executes, as `MONITOR` shows it.
//!
//! ```text
//!  1339518083.107412 [0 127.0.0.1:60866] "set" "k" "a \"quoted\" \x00 byte"
//!  ──── time ─────── db ── source ──────  ── the command, quoted ────────
//! ```
//! The source is an address, `unix:` with the path of the socket, or `lua` for what a script calls.

use std::fmt;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use conn::{Deadline, Interrupter, Listener};
use resp::Request;

use crate::execute::Way;
use crate::pubsub::Trouble;
use crate::{Canceller, Client, Error};

mod line;

/// Shows every command that the server executes, as an iterator: [`Client::monitor`] makes one.
///
/// It has a connection of its own, which is closed with it. It ends with the error by which the connection is lost: what
/// came meanwhile would be missing. A command is a line, and one longer than [`Config::limits`](crate::Config::limits)
/// allows, by default 1 MiB, is such an error.
///
/// # Example
/// ```
/// use std::time::Duration;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// let mut monitor = client.monitor()?;
/// client.set("doc:monitor", "v")?;
/// while let Some(seen) = monitor.next_timeout(Duration::from_secs(5))? {
///     if seen.is("SET") && seen.args[1] == "doc:monitor" {
///         assert_eq!(seen.args[2], "v");
///         return Ok(());
///     }
/// }
/// # panic!("it is not seen")
/// # }
/// ```
pub struct Monitor {
    listener: Listener,
    closer: MonitorCloser,
    canceller: Option<Canceller>,
    is_over: bool,
}

/// Ends a [`Monitor`] from another thread. Cheap to clone.
#[derive(Clone, Debug)]
pub struct MonitorCloser {
    pid: u32,
    interrupter: Interrupter,
    closed: Arc<AtomicBool>,
}

/// A command that the server has executed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Monitored {
    /// When, by the server's clock.
    pub time: SystemTime,
    /// In which database.
    pub db: u32,
    /// Who has sent it.
    pub source: MonitorSource,
    /// The command's name, as it was sent, and its arguments. A password is not shown by the server.
    pub args: Vec<Bytes>,
}

/// Who has sent a command.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MonitorSource {
    /// A client on a TCP port: its address and its port. An IPv6 address has no brackets.
    Tcp(String, u16),
    /// A client on the Unix socket of this path.
    Unix(String),
    /// A script.
    Script,
    /// Something else, in the server's words.
    Other(String),
}

impl Client {
    /// Opens a connection that shows every command that the server executes: `MONITOR`. It costs the server half of its
    /// throughput.
    ///
    /// # Errors
    /// [`Error`] when it cannot be opened, or the server refuses.
    pub fn monitor(&self) -> Result<Monitor, Error> {
        Monitor::open(&self.way()).map_err(|error| error.of("MONITOR"))
    }
}

impl Monitor {
    fn open(way: &Way) -> Result<Self, Error> {
        let deadline = way.deadline();
        let connection = way.open("MONITOR")?;
        let closer = MonitorCloser {
            pid: process::id(),
            interrupter: connection.interrupter(),
            closed: Arc::default(),
        };
        let (mut listener, mut speaker) = connection.split();
        speaker.say(&Request::new("MONITOR").wire().to_vec(), deadline)?;
        let answer = listener.hear(deadline)?.ok_or(Trouble::Late)?;
        match answer.server_error() {
            Some(error) => Err(Error::server(error)),
            None => Ok(Self { listener, closer, canceller: way.canceller().cloned(), is_over: false }),
        }
    }

    /// The next command within `timeout`; `None` when there is none.
    ///
    /// # Errors
    /// [`Error`] when the connection is lost, what came is no line of MONITOR's, or it was closed: then it
    /// [is closed](Error::is_closed).
    #[doc(alias = "next_command")]
    pub fn next_timeout(&mut self, timeout: Duration) -> Result<Option<Monitored>, Error> {
        self.next_by(Deadline::after(timeout))
    }

    /// The next command by `deadline`; `None` when there is none.
    ///
    /// # Errors
    /// As [`next_timeout`](Self::next_timeout).
    pub fn next_deadline(&mut self, deadline: Instant) -> Result<Option<Monitored>, Error> {
        self.next_by(Deadline::at(deadline))
    }

    /// What ends it from another thread.
    pub fn closer(&self) -> MonitorCloser {
        self.closer.clone()
    }

    fn next_by(&mut self, deadline: Deadline) -> Result<Option<Monitored>, Error> {
        self.heard(deadline).map_err(|error| {
            self.is_over = true;
            error.of("MONITOR")
        })
    }

    fn heard(&mut self, deadline: Deadline) -> Result<Option<Monitored>, Error> {
        if self.closer.pid != process::id() {
            return Err(Error::usage("belongs to the process that opened it, not to a forked child"));
        }
        let heard = match &self.canceller {
            None => self.listener.hear(deadline).map_err(Error::from),
            Some(canceller) => {
                let entered = canceller.enter(self.listener.interrupter())?;
                let heard = self.listener.hear(deadline).map_err(Error::from);
                if entered.leave() {
                    return Err(Error::cancelled(None));
                }
                heard
            }
        };
        if self.closer.is_closed() {
            return Err(Trouble::Closed.into());
        }
        let Some(line) = heard? else { return Ok(None) };
        let text = line.view().as_bytes().unwrap_or_default();
        let seen =
            line::parse(text).ok_or_else(|| Error::config("the server sent what is no line of MONITOR's"))?;
        Ok(Some(seen))
    }
}

/// Ends when it is closed, or after the error that has ended it.
impl Iterator for Monitor {
    type Item = Result<Monitored, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        match self.next_by(Deadline::NEVER) {
            Err(error) if error.is_closed() => None,
            seen => seen.transpose(),
        }
    }
}

impl fmt::Debug for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Monitor").field("address", self.listener.address()).finish_non_exhaustive()
    }
}

impl MonitorCloser {
    /// Ends it. In a child of a fork it does nothing.
    pub fn close(&self) {
        if self.pid == process::id() {
            self.closed.store(true, Ordering::SeqCst);
            self.interrupter.interrupt();
        }
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }
}

impl Monitored {
    /// Whether it is this command, in whatever case.
    pub fn is(&self, command: &str) -> bool {
        self.args.first().is_some_and(|name| name.eq_ignore_ascii_case(command.as_bytes()))
    }
}
