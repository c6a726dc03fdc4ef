//! Counters and latencies for every command, made to be read by an exporter.
//!
//! All counters are relaxed atomics: each is exact, but they need not fit each other while calls go on. There is no
//! lock, so that a forked child can go on counting, from where its parent was.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use super::histogram::Buckets;
use super::{Call, Connect, Histogram, Observe};
use crate::{CommandFacts, Outcome};

/// Counts what clients do: calls by command with their latencies, failures by outcome, connections, waits.
///
/// Give a clone of it to [`Config::observer`](crate::Config::observer), of one client or of several, and read it from
/// wherever the numbers are wanted; `client/examples/prometheus.rs` is an exporter. Names of commands come from the
/// [table](CommandFacts); all that it lacks is counted as `other`, so that their number is bounded.
///
/// # Example
/// ```
/// use client::{Client, Config, Metrics};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let url = std::env::var("REDISY_URL")?;
/// let metrics = Metrics::new();
/// let client = Client::new(&url.parse::<Config>()?.observer(metrics.clone()))?;
/// client.set("doc:metrics", "a")?;
/// client.get::<String>("doc:metrics")?;
/// client.get::<String>("doc:metrics")?;
///
/// let get = metrics.commands().find(|command| command.name == "GET").ok_or("no GET")?;
/// assert_eq!((get.calls, get.failed(), get.latency.count()), (2, 0, 2));
/// assert_eq!((metrics.connects().count(), metrics.closed()), (1, 0));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Metrics(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// As the commands in the table; then pipelines, then all others.
    commands: Box<[Counters]>,
    connects: Buckets,
    failed_connects: AtomicU64,
    closed: AtomicU64,
    waits: Buckets,
}

#[derive(Debug, Default)]
struct Counters {
    calls: AtomicU64,
    commands: AtomicU64,
    not_sent: AtomicU64,
    unknown: AtomicU64,
    answered: AtomicU64,
    retries: AtomicU64,
    latency: Buckets,
}

/// What was counted of one command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommandMetrics {
    /// Its name, `pipeline`, or `other`.
    pub name: &'static str,
    /// Calls, failed ones too.
    pub calls: u64,
    /// Commands in these calls: more than calls only for pipelines.
    pub commands: u64,
    /// Calls that failed before anything was sent.
    pub not_sent: u64,
    /// Calls that failed, and may have been executed.
    pub unknown: u64,
    /// Calls that the server answered with an error, or with another type than was asked for.
    pub answered: u64,
    /// Attempts after the first.
    pub retries: u64,
    /// How long the calls took, failed ones too.
    pub latency: Histogram,
}

impl CommandMetrics {
    /// All calls that failed.
    pub fn failed(&self) -> u64 {
        self.not_sent + self.unknown + self.answered
    }
}

const PIPELINE: &str = "pipeline";
const OTHER: &str = "other";

impl Default for Inner {
    fn default() -> Self {
        Self {
            commands: names().map(|_| Counters::default()).collect(),
            connects: Buckets::default(),
            failed_connects: AtomicU64::new(0),
            closed: AtomicU64::new(0),
            waits: Buckets::default(),
        }
    }
}

/// What is counted apart.
fn names() -> impl Iterator<Item = &'static str> {
    CommandFacts::all().map(CommandFacts::name).chain([PIPELINE, OTHER])
}

impl Metrics {
    /// Counters at zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// What was called so far, by the commands' names in alphabetical order, then pipelines and others.
    pub fn commands(&self) -> impl Iterator<Item = CommandMetrics> {
        let named = names().zip(&self.0.commands);
        named.map(|(name, counters)| counters.read(name)).filter(|command| command.calls > 0)
    }

    /// How long it took to open connections, from the lookup to the end of the handshake.
    pub fn connects(&self) -> Histogram {
        self.0.connects.read()
    }

    /// How many connections could not be opened.
    pub fn failed_connects(&self) -> u64 {
        self.0.failed_connects.load(Relaxed)
    }

    /// How many connections were closed.
    pub fn closed(&self) -> u64 {
        self.0.closed.load(Relaxed)
    }

    /// How long calls waited for the pool, of those that had to.
    pub fn waits(&self) -> Histogram {
        self.0.waits.read()
    }

    fn counters(&self, command: &str) -> Option<&Counters> {
        let known = CommandFacts::index(command);
        let others = self.0.commands.len() - 1;
        let at = if command == PIPELINE { others - 1 } else { known.unwrap_or(others) };
        self.0.commands.get(at)
    }
}

impl Counters {
    fn read(&self, name: &'static str) -> CommandMetrics {
        CommandMetrics {
            name,
            calls: self.calls.load(Relaxed),
            commands: self.commands.load(Relaxed),
            not_sent: self.not_sent.load(Relaxed),
            unknown: self.unknown.load(Relaxed),
            answered: self.answered.load(Relaxed),
            retries: self.retries.load(Relaxed),
            latency: self.latency.read(),
        }
    }
}

impl Observe for Metrics {
    fn called(&self, call: &Call<'_>) {
        let Some(counters) = self.counters(call.command) else { return };
        counters.calls.fetch_add(1, Relaxed);
        counters.commands.fetch_add(call.commands as u64, Relaxed);
        counters.retries.fetch_add(u64::from(call.attempts.saturating_sub(1)), Relaxed);
        counters.latency.add(call.took);
        if let Some(error) = call.error {
            let failed = match error.outcome() {
                Outcome::NotSent => &counters.not_sent,
                Outcome::Unknown => &counters.unknown,
                Outcome::Answered => &counters.answered,
            };
            failed.fetch_add(1, Relaxed);
        }
    }

    fn connected(&self, connect: &Connect<'_>) {
        match connect.succeeded {
            true => self.0.connects.add(connect.took),
            false => drop(self.0.failed_connects.fetch_add(1, Relaxed)),
        }
    }

    fn closed(&self) {
        self.0.closed.fetch_add(1, Relaxed);
    }

    fn waited(&self, time: Duration) {
        self.0.waits.add(time);
    }
}
