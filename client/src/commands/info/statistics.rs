//! Calls and errors, counted by name.

use std::collections::HashMap;
use std::time::Duration;

use super::Info;
use super::section::{Section, micros};

impl Info {
    /// The section `commandstats`, by the names of the commands in lower case: `get`, `client|list` (before Redis 7.0
    /// without the sub-command). Empty if the reply lacks it.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:commandstats", "x")?;
    /// let stats = client.info("commandstats")?.commandstats();
    /// assert!(stats["set"].calls > 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn commandstats(&self) -> HashMap<String, CommandStats> {
        self.named("cmdstat_", |value| {
            let parts = Section::parts(value);
            CommandStats {
                calls: parts.number("calls"),
                time: Duration::from_micros(parts.number("usec")),
                time_per_call: parts.field("usec_per_call").and_then(micros).unwrap_or_default(),
                rejected_calls: parts.number("rejected_calls"),
                failed_calls: parts.number("failed_calls"),
            }
        })
    }

    /// The section `latencystats` (Redis 7.0): how long the calls of each command took, as percentages with the time
    /// within which so many of them ended, in microseconds and nanoseconds. Empty if the reply lacks it.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:latencystats", "x")?;
    /// let stats = client.info("latencystats")?.latencystats();
    /// let percentages: Vec<f64> = stats["set"].iter().map(|(percentage, _)| *percentage).collect();
    /// assert_eq!(percentages, [50.0, 99.0, 99.9]); // `latency-tracking-info-percentiles`
    /// # Ok(())
    /// # }
    /// ```
    pub fn latencystats(&self) -> HashMap<String, Vec<(f64, Duration)>> {
        self.named("latency_percentiles_usec_", |value| {
            let percentile =
                |(name, time): (&str, &str)| Some((name.strip_prefix('p')?.parse().ok()?, micros(time)?));
            super::parts(value).filter_map(percentile).collect()
        })
    }

    /// The section `errorstats` (Redis 6.2): how often each error was answered, by its code. Empty if the reply lacks
    /// it.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:errorstats", "x")?;
    /// client.incr("doc:errorstats").unwrap_err();
    /// assert!(client.info("errorstats")?.errorstats()["ERR"] > 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn errorstats(&self) -> HashMap<String, u64> {
        self.named("errorstat_", |value| Section::parts(value).number("count"))
    }

    /// All fields that begin with `prefix`, by the rest of their names.
    fn named<T>(&self, prefix: &str, read: impl Fn(&str) -> T) -> HashMap<String, T> {
        let named = self.fields().filter_map(|(name, value)| Some((name.strip_prefix(prefix)?, value)));
        named.map(|(name, value)| (name.to_owned(), read(value))).collect()
    }
}

/// How often a command was called, and how long that took.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommandStats {
    /// Calls that were run.
    pub calls: u64,
    /// How long they took together, in microseconds.
    pub time: Duration,
    /// How long one took, in tens of nanoseconds.
    pub time_per_call: Duration,
    /// Calls that were refused (Redis 6.2).
    pub rejected_calls: u64,
    /// Calls that failed (Redis 6.2).
    pub failed_calls: u64,
}
