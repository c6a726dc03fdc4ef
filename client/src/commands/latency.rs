//! Commands about how long a server takes: for each command, and when something held it up.
//!
//! It takes down what holds it up for longer than its setting `latency-monitor-threshold` says; zero, the default, is
//! never.

use std::collections::HashMap;
use std::fmt;
use std::time::{Duration, SystemTime};

use resp::{Decode, DecodeError, DecodeOwned, Millis, Reply, Request, Seconds, ToArgs, View};

use super::arguments::any_args;
use super::info::text;
use super::reply::{element, field, since_1970};
use crate::Commands;
use crate::execute::Execute;

/// # Latency
impl<E: Execute> Commands<E> {
    /// `LATENCY LATEST`: the kinds of events that held up the server, such as `command` or `fork`, each with the latest
    /// one.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().latency_latest();
    /// let reply = client::Reply::from_bytes(&b"*1\r\n*4\r\n$4\r\nfork\r\n:1700000000\r\n:12\r\n:30\r\n"[..])?;
    /// let events = command.decode(&reply)?;
    /// assert_eq!((&*events[0].event, events[0].latest.as_millis(), events[0].max.as_millis()), ("fork", 12, 30));
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn latency_latest(&self) -> E::Output<Vec<LatencyEvent>> {
        self.call(Request::new("LATENCY LATEST"))
    }

    /// `LATENCY HISTORY`: when events of a kind held up the server, the oldest first, at most 160; of those within a
    /// second only the longest.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(client.latency_history("no such event")?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn latency_history(&self, event: &str) -> E::Output<Vec<LatencySample>> {
        self.call(Request::new("LATENCY HISTORY").arg(event))
    }

    /// `LATENCY RESET`: how many of these kinds of events there were, which are forgotten now; `()` is all of them.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert_eq!(client.latency_reset("no such event")?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn latency_reset(&self, events: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("LATENCY RESET").with(|r| any_args(r, &events)))
    }

    /// `LATENCY HISTOGRAM`: how long commands took, by their names; `()` is all commands. Those that were not called are
    /// left out, and a container stands for its sub-commands (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:latency_histogram", "x")?;
    /// let latencies = client.latency_histogram("SET")?;
    /// assert!(latencies["set"].calls > 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn latency_histogram(&self, commands: impl ToArgs) -> E::Output<HashMap<String, CommandLatency>> {
        self.call(Request::new("LATENCY HISTOGRAM").with(|r| any_args(r, &commands)))
    }

    /// `LATENCY GRAPH`: the events of a kind as a picture of letters, for people to look at. It is an error if there
    /// were none.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(client.latency_graph("no such event").is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn latency_graph(&self, event: &str) -> E::Output<String> {
        self.call_with(Request::new("LATENCY GRAPH").arg(event), |view| text(view).map(Into::into))
    }

    /// `LATENCY DOCTOR`: what held up the server and what to do about it, for people to read.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(client.latency_doctor()?.contains("latency"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn latency_doctor(&self) -> E::Output<String> {
        self.call_with(Request::new("LATENCY DOCTOR"), |view| text(view).map(Into::into))
    }
}

/// Something that held up the server, and may have done so more than once.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LatencyEvent {
    /// What it was: `command`, `fork`, `aof-write`, …
    pub event: String,
    /// When it was the last time, in seconds.
    pub at: SystemTime,
    /// How long it took then.
    pub latest: Duration,
    /// How long it took at most.
    pub max: Duration,
    /// How long it took each time that its history has, added up (only Valkey, 8.1).
    pub sum: Option<Duration>,
    /// How many times its history has (only Valkey, 8.1).
    pub count: Option<u64>,
}

impl Decode<'_> for LatencyEvent {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let LatencySample { at, latency } = sample(view, 1)?;
        Ok(Self {
            event: text(element(view, 0)?).map_err(|error| error.at(0))?.into(),
            at,
            latest: latency,
            max: element(view, 3)?.decode::<Millis>().map_err(|error| error.at(3))?.0,
            sum: view
                .get(4)
                .map(View::decode::<Millis>)
                .transpose()
                .map_err(|error| error.at(4))?
                .map(|sum| sum.0),
            count: view.get(5).map(View::decode).transpose().map_err(|error| error.at(5))?,
        })
    }
}

/// One time that something held up the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LatencySample {
    /// When it was, in seconds.
    pub at: SystemTime,
    /// How long it took, in milliseconds.
    pub latency: Duration,
}

impl Decode<'_> for LatencySample {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        sample(view, 0)
    }
}

/// How long a command took.
#[derive(Clone)]
#[non_exhaustive]
pub struct CommandLatency {
    /// How often it was called.
    pub calls: u64,
    /// Times, each with the number of calls that took no longer, in microseconds.
    pub histogram: Vec<(Duration, u64)>,
    all: Reply,
}

impl CommandLatency {
    /// Any field, by the name the server gives it. `None` if there is no such field, or it is no `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl Decode<'_> for CommandLatency {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let histogram: Vec<(u64, u64)> = field(view, "histogram_usec")?;
        Ok(Self {
            calls: field(view, "calls")?,
            histogram: histogram
                .into_iter()
                .map(|(time, calls)| (Duration::from_micros(time), calls))
                .collect(),
            all: view.to_reply(),
        })
    }
}

impl fmt::Debug for CommandLatency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CommandLatency").field(&self.all).finish()
    }
}

/// A time in seconds, and behind it one in milliseconds.
fn sample(view: View<'_>, from: usize) -> Result<LatencySample, DecodeError> {
    let (at, latency) = (element(view, from)?, element(view, from + 1)?);
    let at = at.decode::<Seconds>().and_then(|time| since_1970(at, time.0));
    Ok(LatencySample {
        at: at.map_err(|error| error.at(from))?,
        latency: latency.decode::<Millis>().map_err(|error| error.at(from + 1))?.0,
    })
}
