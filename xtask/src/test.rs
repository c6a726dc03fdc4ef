//! `cargo xtask test`: every test against the servers of the matrix.
//!
//! The tests learn of the servers from the environment and start none of the matrix themselves:
//! `REDISY_TEST_SERVERS` = `name,binary,port,socket` for each, `;` between, the newest Redis first; `REDISY_URL` = the
//! first of them, for doc tests and examples. Without the variables they run offline. What a test leaves out on a
//! server that lacks it, it writes into the file `REDISY_TEST_NOTES`, a line each; all of it is printed at the end.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Write};
use std::panic::resume_unwind;
use std::path::Path;
use std::process::Command;
use std::{env, fs, thread};

use anyhow::Result;
use tempfile::NamedTempFile;

use crate::count::Count;
use crate::hiredis;
use crate::job::{self, Output};
use crate::matrix::Matrix;
use crate::packages;
use crate::progress::Progress;
use crate::server::Server;
use crate::servers;
use crate::workspace::cargo;

/// Run all tests against real servers: unit, integration and doc tests.
///
/// Finds or makes the servers as `cargo xtask servers` does, starts them on free ports of 127.0.0.1, runs the tests
/// with cargo-nextest if it is there (else with cargo test), then the doc tests, and stops the servers. The last line
/// is the count of all of it.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only the tests whose name contains one of these
    filter: Vec<String>,
    /// Only against the servers whose name contains NAME, such as `8.10` or `valkey`
    #[arg(long, value_name = "NAME", conflicts_with = "offline")]
    server: Option<String>,
    /// Also the tests that take long
    #[arg(long)]
    slow: bool,
    /// Start no server and leave out what needs one
    #[arg(long)]
    offline: bool,
}

/// Runs the task; false if a test failed.
pub(crate) fn run(args: &Args) -> Result<bool> {
    let matrix = if args.offline { Matrix::default() } else { demand(args.server.as_slice())? };
    if cfg!(target_os = "linux") && !args.offline {
        packages::ensure(&packages::TESTS, &Progress::new().line("system"))?;
    }
    let servers = start_all(&matrix)?;
    let notes = NamedTempFile::with_prefix("redisy-notes-")?;
    let suite = Suite { args, servers: &servers, notes: notes.path() };
    let tests = suite.run_tests()?;
    let docs = if tests.ran { suite.run_doc_tests()? } else { Outcome::default() };
    let has_engines = suite.has_hiredis();
    drop(servers);

    println!();
    print_notes(notes.path())?;
    if !has_engines {
        println!("left out: the parser hiredis, which is not there (`cargo xtask hiredis` says why)");
    }
    if tests.ran {
        print_surroundings(args.offline, &matrix);
    } else {
        println!("the tests did not build; the doc tests were not tried");
    }
    let mut count = tests.count;
    count += docs.count;
    println!("{count}");
    Ok(tests.succeeded && docs.succeeded && count.failed == 0)
}

/// The servers that were asked for; what is missing is named at once if it is too much.
fn demand(names: &[String]) -> Result<Matrix> {
    let matrix = Matrix::fill(names)?;
    let enough = matrix.require();
    if enough.is_err() {
        servers::print_missing(&matrix);
    }
    enough.map(|()| matrix)
}

/// What to run, and against what.
struct Suite<'a> {
    args: &'a Args,
    servers: &'a [Server],
    notes: &'a Path,
}

/// What came of a runner.
#[derive(Default)]
struct Outcome {
    /// Whether it came as far as counting.
    ran: bool,
    succeeded: bool,
    count: Count,
}

impl Suite<'_> {
    fn run_tests(&self) -> Result<Outcome> {
        let mut cargo = self.cargo();
        if has_nextest() {
            cargo.args(["nextest", "run", "--no-fail-fast", "--no-tests=pass"]);
            if self.args.offline {
                cargo.args(["-E", "not test(/(^|::)live::/)"]);
            }
            cargo.args(self.features(&PACKAGES));
            return self.follow(cargo.args(&self.args.filter), Count::from_nextest);
        }
        println!("cargo-nextest is not there: running cargo test");
        cargo.args(["test", "--tests", "--no-fail-fast"]).args(self.features(&PACKAGES)).arg("--");
        if self.args.offline {
            cargo.args(["--skip", "live::"]);
        }
        self.follow(cargo.args(&self.args.filter), Count::from_libtest)
    }

    fn run_doc_tests(&self) -> Result<Outcome> {
        let mut cargo = self.cargo();
        cargo.args(["test", "--doc", "--no-fail-fast"]);
        if self.args.offline {
            cargo.args(["--workspace", "--exclude", "benches"]);
            cargo.args(NEED_A_SERVER.map(|package| ["--exclude", package]).as_flattened());
            cargo.args(self.features(&PACKAGES[..1]));
        } else {
            cargo.args(self.features(&PACKAGES));
        }
        self.follow(cargo.arg("--").args(&self.args.filter), Count::from_libtest)
    }

    /// TLS and serde are tested always, both engines where hiredis can be had.
    fn features(&self, packages: &[&str]) -> [String; 2] {
        let features: &[&str] = if self.has_hiredis() { &["tls", hiredis::FEATURE] } else { &["tls"] };
        let named = packages
            .iter()
            .flat_map(|package| features.iter().map(move |feature| format!("{package}/{feature}")));
        let json = packages.contains(&"client").then(|| "client/json".to_owned());
        ["--features".into(), named.chain(json).collect::<Vec<_>>().join(",")]
    }

    fn has_hiredis(&self) -> bool {
        match self.args.offline {
            true => hiredis::find().is_ok_and(|found| found.is_some()),
            false => hiredis::ready().is_ok(),
        }
    }

    /// The cargo that the tests run under, which tells them of their servers.
    fn cargo(&self) -> Command {
        let mut cargo = cargo();
        cargo.env_remove("REDISY_TEST_SERVERS").env_remove("REDISY_URL");
        if let Some(newest) = self.servers.first() {
            let entries: Vec<_> = self.servers.iter().map(entry).collect();
            cargo.env("REDISY_TEST_SERVERS", entries.join(";")).env("REDISY_URL", newest.url());
            cargo.env("REDISY_TEST_NOTES", self.notes);
        }
        if self.args.slow {
            cargo.env("REDISY_TEST_SLOW", "1");
        }
        if io::stderr().is_terminal() && env::var_os("CARGO_TERM_COLOR").is_none() {
            // It writes into our pipe, but in the end onto a terminal.
            cargo.env("CARGO_TERM_COLOR", "always");
        }
        cargo
    }

    /// Passes on what a runner prints, and picks its counts out of it.
    fn follow(&self, runner: &mut Command, read: impl Fn(&str) -> Option<Count>) -> Result<Outcome> {
        let mut outcome = Outcome::default();
        let status = job::stream(runner, |output, line| {
            // Nobody may be reading any more; the tests still count.
            let _ = match output {
                Output::Stdout => writeln!(io::stdout(), "{line}"),
                Output::Stderr => writeln!(io::stderr(), "{line}"),
            };
            if let Some(count) = read(line) {
                outcome.ran = true;
                outcome.count += count;
            }
        })?;
        outcome.succeeded = status.success();
        outcome.ran |= outcome.succeeded;
        Ok(outcome)
    }
}

fn entry(server: &Server) -> String {
    let Server { release, binary, port, .. } = server;
    format!("{release},{},{port},{}", binary.display(), server.socket().display())
}

/// Starts every server that could be had, side by side.
fn start_all(matrix: &Matrix) -> Result<Vec<Server>> {
    let servers: Result<Vec<_>> = thread::scope(|scope| {
        let starting: Vec<_> = matrix.found().map(|found| scope.spawn(|| Server::start(found))).collect();
        starting
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    });
    let mut servers = servers?;
    servers.sort_by_key(|server| server.release.rank());
    Ok(servers)
}

fn print_surroundings(offline: bool, matrix: &Matrix) {
    if offline {
        let packages = NEED_A_SERVER.join(" and ");
        println!(
            "ran offline; left out, as they need a server: tests in a module `live`, doc tests of {packages}"
        );
        return;
    }
    let names: Vec<_> = matrix.found().map(|found| found.release.to_string()).collect();
    println!("ran against {}", names.join(", "));
    servers::print_missing(matrix);
}

/// What was left out on which server, each once.
fn print_notes(notes: &Path) -> Result<()> {
    let notes = fs::read_to_string(notes)?;
    let lines: BTreeSet<_> = notes.lines().collect();
    lines.into_iter().for_each(|line| println!("{line}"));
    Ok(())
}

fn has_nextest() -> bool {
    job::quiet(cargo().args(["nextest", "--version"])).is_ok()
}

/// The packages with the features `tls` and `hiredis`. The first needs no server.
const PACKAGES: [&str; 2] = ["conn", "client"];

/// The packages whose doc tests talk to a server.
const NEED_A_SERVER: [&str; 2] = ["client", "lock"];
