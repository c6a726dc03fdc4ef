//! `cargo xtask bench`: the parsers against each other.
//!
//! ```text
//!  benches: speed ───────▶ JSON lines ─┐
//!  benches: allocations ─▶ JSON lines ─┴▶ Figure ─▶ table in the terminal, page under target/, --json FILE
//! ```
//! Nothing is measured here. That the contenders take turns, and why, is told in `benches/benches/speed.rs`.

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
pub(crate) struct Args {
    /// Only cases whose `group/case` matches this regular expression
    filter: Option<String>,
    /// Only these groups
    #[arg(long, value_name = "GROUP", num_args = 1..)]
    group: Vec<Group>,
    /// End within two minutes after the build; without it, it takes four or so
    #[arg(long)]
    quick: bool,
    /// Write a row for each figure to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
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
    build()?;
    let filter = args.pattern();
    let mut figures = speed(args, &filter)?;
    ensure!(!figures.is_empty(), "nothing is called that: {filter}");
    allocations(&mut figures)?;
    print!("{}", table::Table(&figures));

    let conditions = conditions(args, &before);
    println!("{conditions}");
    let page = target()?.join("bench").join("index.html");
    write(&page, &page::page(&figures, &conditions))?;
    println!("charts: {}", page.display());
    if let Err(why) = hiredis::ready() {
        println!(
            "did not race: hiredis, and the engine over it ({})",
            why.lines().next().unwrap_or_default()
        );
    }
    if let Some(path) = &args.json {
        write(path, &figure::json(&figures))?;
    }
    Ok(())
}

impl Args {
    /// What criterion matches `group/case` with.
    fn pattern(&self) -> String {
        let groups: Vec<_> = self.group.iter().map(|group| group.name()).collect();
        let filter = self.filter.as_deref().unwrap_or_default();
        if groups.is_empty() { filter.into() } else { format!("^(?:{})/.*(?:{filter})", groups.join("|")) }
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

fn build() -> Result<()> {
    for name in ["speed", "allocations"] {
        cargo::must(program(name).arg("--no-run"))?;
    }
    Ok(())
}

fn speed(args: &Args, filter: &str) -> Result<Vec<Figure>> {
    let list = job::quiet(program("speed").args(["--quiet", "--", "--list", filter]))?;
    let cases = list.lines().filter(|line| line.ends_with(": benchmark")).count();
    let bar = ProgressBar::new(cases as u64);
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} {elapsed:.dim}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(100));

    let mut command = program("speed");
    command.args(["--quiet", "--"]);
    if args.quick {
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
fn conditions(args: &Args, before: &str) -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let manner = if args.quick { "quick" } else { "full" };
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
            Args { filter, group: group.into(), quick: true, json: None }.pattern()
        };
        assert_eq!(pattern(&[], None), "");
        assert_eq!(pattern(&[], Some("map")), "map");
        assert_eq!(pattern(&[Group::Framing, Group::Packing], None), "^(?:framing|packing)/.*(?:)");
        assert_eq!(pattern(&[Group::Framing], Some("map|set")), "^(?:framing)/.*(?:map|set)");
    }
}
