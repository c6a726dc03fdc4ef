//! `cargo xtask bench`: the parsers against each other; `cargo xtask bench client`: the client against its peers.
//!
//! ```text
//!  benches: speed ───────▶ JSON lines ─┐
//!  benches: allocations ─▶ JSON lines ─┼▶ Figure ─▶ table in the terminal, page under target/, --json FILE
//!  benches: client ──────▶ JSON lines ─┘
//!         └── a real server, started here
//! ```
//! Nothing is measured here. That the contenders take turns, and why, is told in `benches/benches/rounds/mod.rs`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};

use crate::ci::cargo;
use crate::hiredis;
use crate::job::{self, Output};
use crate::server::Server;
use crate::servers;

mod bar;
mod figure;
mod page;
mod table;

use figure::{Allocations, Figure};

/// Compare the parsers: ours with redis-rs, redis-protocol, rustis and hiredis, side by side on the same bytes.
///
/// Prints a table and writes a page with charts under the target folder. Whether a figure reaches the bar that issue 3
/// sets is shown beside it. The contenders take turns, so that the ratios hold on a machine that does other things too;
/// the times do not.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    other: Option<Other>,
    #[command(flatten)]
    manner: Manner,
    /// Only these groups
    #[arg(long, value_name = "GROUP", num_args = 1..)]
    group: Vec<Group>,
}

/// What else can be compared.
#[derive(clap::Subcommand)]
enum Other {
    /// Compare the client with raw system calls, redis-rs, r2d2 and hiredis, on a real server.
    ///
    /// The server is found or made as for `cargo xtask demo`, listens on a free port of 127.0.0.1 and is stopped
    /// afterwards. With $REDIS_URL, redis://HOST:PORT, it is that one; keys that begin with `bench:` are written there.
    Client(Manner),
}

/// How to compare.
#[derive(clap::Args)]
struct Manner {
    /// Only cases whose `group/case` matches this regular expression
    filter: Option<String>,
    /// End within two minutes after the build; without it, it takes four or so
    #[arg(long)]
    quick: bool,
    /// Write a row for each figure to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// What is compared.
#[derive(Clone, Copy, PartialEq)]
enum Subject {
    Parsers,
    Client,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Group {
    Framing,
    Engine,
    Receiving,
    Decoding,
    Borrowing,
    Pieces,
    Packing,
}

/// Runs the task.
pub(crate) fn run(args: &Args) -> Result<()> {
    let before = load();
    let (manner, subject, figures) = match &args.other {
        None => (&args.manner, Subject::Parsers, parsers(args)?),
        Some(Other::Client(manner)) => (manner, Subject::Client, client(manner)?),
    };
    print!("{}", table::Table(&figures));

    let conditions = conditions(manner, &before);
    println!("{conditions}");
    let page = target()?.join("bench").join(subject.file());
    write(&page, &page::page(subject, &figures, &conditions))?;
    println!("charts: {}", page.display());
    if let Err(why) = hiredis::ready() {
        println!("did not race: hiredis ({})", why.lines().next().unwrap_or_default());
    }
    if let Some(path) = &manner.json {
        write(path, &figure::json(&figures))?;
    }
    Ok(())
}

fn parsers(args: &Args) -> Result<Vec<Figure>> {
    build(&["speed", "allocations"])?;
    let mut figures = speed("speed", &args.manner, &args.pattern(), "")?;
    allocations(&mut figures)?;
    Ok(figures)
}

fn client(manner: &Manner) -> Result<Vec<Figure>> {
    build(&["client"])?;
    let filter = manner.filter.as_deref().unwrap_or_default();
    if let Some(url) = env::var("REDIS_URL").ok().filter(|url| !url.is_empty()) {
        return speed("client", manner, filter, &url);
    }
    let server = Server::start(&servers::any()?)?;
    println!("{} listens on {}", server.release, server.url());
    speed("client", manner, filter, &server.url())
}

impl Args {
    /// What criterion matches `group/case` with.
    fn pattern(&self) -> String {
        let groups: Vec<_> = self.group.iter().map(|group| group.name()).collect();
        let filter = self.manner.filter.as_deref().unwrap_or_default();
        if groups.is_empty() { filter.into() } else { format!("^(?:{})/.*(?:{filter})", groups.join("|")) }
    }
}

impl Subject {
    /// Where the page is.
    fn file(self) -> &'static str {
        match self {
            Self::Parsers => "index.html",
            Self::Client => "client.html",
        }
    }
}

impl Group {
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// Runs a program of `benches`, or only builds it.
fn program(name: &str) -> Command {
    let mut command = cargo::command("bench");
    command.args(["--package", "benches", "--features", peers(), "--bench", name]);
    command
}

/// The feature of `benches` that brings everybody who can be had.
pub(crate) fn peers() -> &'static str {
    if hiredis::ready().is_ok() { "hiredis" } else { "peers" }
}

fn build(programs: &[&str]) -> Result<()> {
    for name in programs {
        cargo::must(program(name).arg("--no-run"))?;
    }
    Ok(())
}

/// Runs a program that measures time, and shows how far it is.
fn speed(name: &str, manner: &Manner, filter: &str, url: &str) -> Result<Vec<Figure>> {
    let list = job::quiet(program(name).args(["--quiet", "--", "--list", filter]))?;
    let cases = list.lines().filter(|line| line.ends_with(": benchmark")).count();
    let bar = ProgressBar::new(cases as u64);
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} {elapsed:.dim}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(100));

    let mut command = program(name);
    command.args(["--quiet", "--"]).env("REDISY_URL", url);
    if manner.quick {
        command.args(QUICK);
    }
    let (mut figures, mut tail, mut bad) = (Vec::new(), Vec::new(), None);
    let status = job::stream(command.arg(filter), |output, line| match output {
        Output::Stdout if line.starts_with('{') => match Figure::read(line) {
            Ok(figure) => figures.push(figure),
            Err(error) => bad = Some(error),
        },
        Output::Stdout => {}
        Output::Stderr => {
            match line.strip_prefix("Benchmarking ").map(|what| (what, what.split_once(": "))) {
                Some((case, None)) if bar.is_hidden() => eprintln!("{case}"),
                Some((case, None)) => bar.set_message(case.to_owned()),
                Some((_, Some((_, "Analyzing")))) => bar.inc(1),
                Some(_) => {}
                None => tail.push(line.to_owned()),
            }
        }
    })?;
    bar.finish_and_clear();
    if let Some(error) = bad {
        return Err(error);
    }
    if !status.success() {
        bail!("the race ended early ({status}):\n    {}", tail.join("\n    "));
    }
    ensure!(!figures.is_empty(), "nothing is called that: {filter}");
    Ok(figures)
}

fn allocations(figures: &mut [Figure]) -> Result<()> {
    let text = job::quiet(program("allocations").arg("--quiet"))?;
    let counts: Vec<_> =
        text.lines().filter(|line| line.starts_with('{')).map(Allocations::read).collect::<Result<_>>()?;
    figures.iter_mut().for_each(|figure| figure.count(&counts));
    Ok(())
}

/// Where cargo puts what it makes.
fn target() -> Result<PathBuf> {
    let metadata = cargo::metadata(&["--no-deps"])?;
    let folder = metadata["target_directory"].as_str().context("cargo has no target folder")?;
    Ok(folder.into())
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Under which conditions the figures came about, for whoever reads them later.
fn conditions(manner: &Manner, before: &str) -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let manner = if manner.quick { "quick" } else { "full" };
    format!("{manner} run, {cores} cores, load average {before} before and {} after", load())
}

/// The load average of the last minute, where the system tells it.
fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().filter(|load| !load.is_empty()).unwrap_or("unknown").to_owned()
}

/// Options of criterion's. About 50 cases of one second each.
const QUICK: [&str; 8] =
    ["--sample-size", "20", "--warm-up-time", "0.2", "--measurement-time", "0.8", "--nresamples", "1000"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pattern_finds_groups_and_cases() {
        let pattern = |group: &[Group], filter: Option<&str>| {
            let filter = filter.map(Into::into);
            let manner = Manner { filter, quick: true, json: None };
            Args { other: None, manner, group: group.into() }.pattern()
        };
        assert_eq!(pattern(&[], None), "");
        assert_eq!(pattern(&[], Some("map")), "map");
        assert_eq!(pattern(&[Group::Framing, Group::Packing], None), "^(?:framing|packing)/.*(?:)");
        assert_eq!(pattern(&[Group::Framing], Some("map|set")), "^(?:framing)/.*(?:map|set)");
    }
}
