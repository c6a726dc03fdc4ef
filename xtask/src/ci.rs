//! `cargo xtask ci`: everything that must hold before a change lands, in the order in which it is quick to know.
//!
//! Every step runs, whatever the ones before it said, so that one run tells all there is to mend. What could not be
//! checked on this machine is said by name; it must never pass for checked.

use std::env;
use std::fmt;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::ValueEnum;

use crate::{bench, commands, deny, fuzz, hiredis, job, msrv, tidy};

pub(crate) mod cargo;

mod features;

/// Checks everything that CI checks.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Run these steps alone.
    #[arg(long, value_name = "STEP", num_args = 1..)]
    only: Vec<Step>,
}

/// How a step ended that did not fail.
#[derive(Debug, PartialEq)]
pub(crate) enum Outcome {
    Passed,
    /// Nothing was found out, and why.
    NotRun(String),
}

/// Runs the steps, and returns whether none failed.
pub(crate) fn run(args: &Args) -> Result<bool> {
    let mut report = Report::default();
    for &step in Step::value_variants() {
        if !args.only.is_empty() && !args.only.contains(&step) {
            continue;
        }
        println!("\n== {}: {}", step.name(), step.about());
        let start = Instant::now();
        let outcome = step.run();
        job::check()?;
        if let Err(error) = &outcome {
            // The first line comes with the outcome.
            format!("{error:#}").lines().skip(1).for_each(|line| println!("{line}"));
        }
        report.lines.push((step, outcome, start.elapsed()));
        println!("-- {}", report.lines.last().map(line).unwrap_or_default());
    }
    print!("\n{report}");
    Ok(report.passed())
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Step {
    Hiredis,
    Fmt,
    Tidy,
    Clippy,
    Docs,
    Features,
    Msrv,
    Deny,
    Commands,
    Tests,
    Fuzz,
}

impl Step {
    fn about(self) -> &'static str {
        match self {
            Self::Hiredis => "the library behind the feature of that name",
            Self::Fmt => "the code is formatted",
            Self::Tidy => "the rules of the house",
            Self::Clippy => {
                "no warning, with default and with all features, and in the benchmarks with the peers"
            }
            Self::Docs => "the docs build without a warning, private items too",
            Self::Features => "each published crate compiles with any of its features",
            Self::Msrv => "the oldest compiler that we promise",
            Self::Deny => "licences, duplicates and sources of what we depend on",
            Self::Commands => "the table of commands is what the servers say",
            Self::Tests => "every test",
            Self::Fuzz => "each fuzz target for forty seconds",
        }
    }

    fn run(self) -> Result<Outcome> {
        match self {
            Self::Hiredis => {
                if let Err(why) = hiredis::ready() {
                    let why = why.lines().next().unwrap_or_default().trim_end_matches(':');
                    return Ok(Outcome::NotRun(format!(
                        "no step has the feature `{}`: {why}",
                        hiredis::FEATURE
                    )));
                }
            }
            Self::Fmt => cargo::must(cargo::bare("fmt").args(["--all", "--check"]))?,
            Self::Tidy => anyhow::ensure!(tidy::run()?, "untidy"),
            Self::Clippy => clippy()?,
            Self::Docs => docs()?,
            Self::Features => features::run()?,
            Self::Msrv => return msrv::run(),
            Self::Deny => deny::run()?,
            Self::Commands => return commands::check(),
            Self::Tests if env::var_os(TESTED).is_some_and(|value| value == "1") => {
                return Ok(Outcome::NotRun(format!("{TESTED}=1 says that they have just run")));
            }
            Self::Tests => cargo::must(cargo::bare("xtask").arg("test"))?,
            Self::Fuzz => return fuzz::step(),
        }
        Ok(Outcome::Passed)
    }

    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

fn clippy() -> Result<()> {
    let deny_warnings = ["--", "-D", "warnings"];
    cargo::must(cargo::command("clippy").args(["--workspace", "--all-targets"]).args(deny_warnings))?;
    let mut all_features = cargo::command("clippy");
    all_features.args(cargo::published()).args(cargo::all_features()?).arg("--all-targets");
    cargo::must(all_features.args(deny_warnings))?;
    // The peers are heavy, a minute and a half of one core: last, so that the rest is known before.
    let mut peers = cargo::command("clippy");
    peers.args(["-p", "benches", "--features", bench::peers(), "--all-targets"]);
    cargo::must(peers.args(deny_warnings))
}

fn docs() -> Result<()> {
    let doc = || {
        let mut doc = cargo::command("doc");
        doc.args(["--no-deps", "--document-private-items"]).env("RUSTDOCFLAGS", "-D warnings");
        doc
    };
    cargo::must(doc().args(cargo::published()).args(cargo::all_features()?))?;
    cargo::must(doc().args(["-p", "proxy", "-p", "xtask", "-p", "benches"]))
}

/// What the closing table shows.
#[derive(Default)]
struct Report {
    lines: Vec<(Step, Result<Outcome>, Duration)>,
}

impl Report {
    fn passed(&self) -> bool {
        self.lines.iter().all(|(_, outcome, _)| outcome.is_ok())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.lines {
            writeln!(f, "{}", line(step))?;
        }
        Ok(())
    }
}

fn line((step, outcome, took): &(Step, Result<Outcome>, Duration)) -> String {
    let (word, reason) = match outcome {
        Ok(Outcome::Passed) => ("ok", String::new()),
        Ok(Outcome::NotRun(reason)) => ("not run", format!("  {reason}")),
        Err(error) => ("FAILED", format!("  {}", format!("{error:#}").lines().next().unwrap_or_default())),
    };
    format!("{:<9} {word:<8} {:>7.1} s{reason}", step.name(), took.as_secs_f32())
}

/// Set to 1 by `.ci/run`, which runs the tests first.
const TESTED: &str = "REDISY_CI_TESTED";

#[cfg(test)]
mod tests {
    use super::*;

    fn report(outcomes: impl IntoIterator<Item = Result<Outcome>>) -> Report {
        let steps = Step::value_variants().iter().copied();
        let lines = steps.zip(outcomes).map(|(step, outcome)| (step, outcome, Duration::from_millis(1_250)));
        Report { lines: lines.collect() }
    }

    #[test]
    fn the_table_says_what_happened() {
        let outcomes =
            [Ok(Outcome::Passed), Ok(Outcome::NotRun("no such thing".into())), Err(anyhow::anyhow!("a\nb"))];
        let report = report(outcomes);
        let table = "hiredis   ok           1.2 s\n\
                     fmt       not run      1.2 s  no such thing\n\
                     tidy      FAILED       1.2 s  a\n";
        assert_eq!(report.to_string(), table);
        assert!(!report.passed());
    }

    #[test]
    fn only_a_failure_fails() {
        assert!(report([Ok(Outcome::Passed), Ok(Outcome::NotRun(String::new()))]).passed());
        assert!(!report([Ok(Outcome::Passed), Err(anyhow::anyhow!("x"))]).passed());
    }
}
