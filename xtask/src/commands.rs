//! `cargo xtask commands`: the table of all commands, as the newest Redis and the newest Valkey describe themselves.
//!
//! The table is committed, reviewed like code, and compiled into `client`. What of it is typed is the business of a
//! test of `client`, which knows the methods; this task only asks it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};

use crate::ci::Outcome;
use crate::matrix::Matrix;
use crate::server::Server;
use crate::{job, workspace};

use ask::Said;

pub(crate) mod answer;
mod ask;
mod table;

/// Make the table of commands anew: client/src/commands/table.tsv.
///
/// Asks the newest Redis and the newest Valkey of the test matrix for COMMAND and COMMAND DOCS.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Write nothing: say whether the committed table is what the servers say
    #[arg(long, conflicts_with = "report")]
    check: bool,
    /// Ask no server: list which commands of the table are typed, reasoned and missing
    #[arg(long)]
    report: bool,
}

/// Runs the task, and returns whether nothing is stale or missing.
pub(crate) fn run(args: &Args) -> Result<bool> {
    if args.report {
        return report();
    }
    if args.check {
        return match check()? {
            Outcome::Passed => Ok(true),
            Outcome::NotRun(why) => bail!("the table cannot be checked here: {why}"),
        };
    }
    let text = table::text(&ask_both(&servers()?)?);
    let before = fs::read_to_string(path()).unwrap_or_default();
    fs::write(path(), &text)?;
    println!("{TABLE}: {} commands", text.lines().count().saturating_sub(1));
    table::differences(&before, &text).iter().for_each(|line| println!("{line}"));
    Ok(true)
}

/// Whether the committed table is what the servers say, if they are of the versions that it was made from.
pub(crate) fn check() -> Result<Outcome> {
    let committed = fs::read_to_string(path()).with_context(|| format!("cannot read {TABLE}"))?;
    let servers = match servers() {
        Ok(servers) => servers,
        Err(why) => return Ok(Outcome::NotRun(format!("{why:#}"))),
    };
    let said = ask_both(&servers)?;
    let made_from = table::releases(&committed);
    let here = said.each_ref().map(|said| said.release.to_string());
    if made_from != here {
        return Ok(Outcome::NotRun(format!(
            "the table is of {}, and here are {}",
            made_from.join(" and "),
            here.join(" and ")
        )));
    }
    let stale = table::differences(&committed, &table::text(&said));
    ensure!(stale.is_empty(), "{TABLE} is stale: run `cargo xtask commands`\n{}", stale.join("\n"));
    println!("{TABLE}: {} commands, as {} say", committed.lines().count() - 1, here.join(" and "));
    Ok(Outcome::Passed)
}

/// Prints what the test of `client` finds, and returns whether it misses nothing.
fn report() -> Result<bool> {
    let folder = tempfile::tempdir()?;
    let report = folder.path().join("report");
    let mut test = workspace::cargo();
    test.args(["test", "--package", "client", "--test", "it", "--", "--exact", COVERAGE]);
    // It fails if any is missing, and so says the report.
    let outcome = job::quiet(test.env("REDISY_COMMANDS_REPORT", &report));
    let report = fs::read_to_string(&report).ok();
    let report = report.map_or_else(|| outcome.context("the test that makes the report failed"), Ok)?;
    print!("{report}");
    Ok(report.trim_end().ends_with(" missing 0"))
}

/// The newest Redis and the newest Valkey, running.
fn servers() -> Result<[Server; 2]> {
    let matrix = Matrix::fill(&["8.10".to_owned(), "valkey".to_owned()])?;
    if let Some((name, why)) = matrix.missing().next() {
        bail!("{name} cannot be had ({why:#})");
    }
    let servers: Vec<_> = matrix.found().map(Server::start).collect::<Result<_>>()?;
    servers.try_into().ok().context("the matrix has not one Redis and one Valkey of these names")
}

fn ask_both([redis, valkey]: &[Server; 2]) -> Result<[Said; 2]> {
    Ok([ask::commands(redis)?, ask::commands(valkey)?])
}

fn path() -> PathBuf {
    workspace::root().join(TABLE)
}

const TABLE: &str = "client/src/commands/table.tsv";
const COVERAGE: &str = "spelling::coverage::every_command_has_a_method_or_a_reason";
