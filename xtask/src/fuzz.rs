//! `cargo xtask fuzz`: bytes that nobody thought of, a million a minute.
//!
//! ```text
//! resp/fuzz/seeds ─┐
//! target/fuzz/corpus ─▶ target, two at a time, one a core ─▶ log ─▶ table: runs, coverage, findings
//!      ▲───── inputs that reached something new ──┘└─ target/fuzz/findings/TARGET/…
//! ```
//! The targets are those of cargo-fuzz, for whoever prefers that, but cargo-fuzz takes longer to install than the
//! targets take to build, and all it adds are compiler flags: see `compile.rs`.

mod compile;
mod libfuzzer;

use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::ci::Outcome;
use crate::hiredis;
use crate::job;
use crate::progress::Progress;
use crate::workspace;
use compile::Built;
use libfuzzer::Log;

/// Feed the protocol crate with made-up bytes and see whether it stands.
///
/// Runs the fuzz targets of resp/fuzz, two at a time, and closes with a table. Inputs that reached something new are
/// kept in target/fuzz/corpus, so that the next run goes on from there. An input that breaks something is kept in
/// target/fuzz/findings, and you are told how to make it a test.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only these targets [default: all of resp/fuzz/fuzz_targets]
    target: Vec<String>,
    /// How long each target runs
    #[arg(long, value_name = "N", default_value_t = 1.0)]
    minutes: f64,
    /// Also with an address sanitizer, which needs a nightly toolchain and is some ten times slower
    #[arg(long)]
    sanitize: bool,
    /// Run this input once instead: a finding, to see whether it still is one
    #[arg(long, value_name = "FILE", requires = "target")]
    input: Option<PathBuf>,
}

/// Runs the task; false if something was found.
pub(crate) fn run(args: &Args) -> Result<bool> {
    let targets = chosen(&args.target)?;
    let targets = runnable(targets, hiredis::ready(), !args.target.is_empty())?;
    compile::prepare(args.sanitize).context("fuzzing was not run")?;
    let built = compile::build(args.sanitize)?;
    if let Some(input) = &args.input {
        // A path is meant from where the user stands, and that is where the target runs.
        let again =
            |target| job::run(Command::new(built.binary(target)).arg(input).env("RESP_FUZZ_SHOW", "1"));
        return targets.iter().try_fold(true, |good, target| Ok(good & again(target)?.success()));
    }
    let time = Duration::try_from_secs_f64(args.minutes * 60.0).context("--minutes makes no sense")?;
    let reports = fuzz(&targets, &built, time)?;
    let sanitizer = if args.sanitize { "with an address sanitizer" } else { "without a sanitizer" };
    println!("\n{} of each target, {sanitizer}", minutes(time));
    print!("{}", Table(&reports));
    if let (Err(why), true) = (hiredis::ready(), args.target.is_empty()) {
        println!("not run: {NEEDS_HIREDIS}, for there is no hiredis ({why})");
    }
    reports
        .iter()
        .filter_map(|report| report.log.finding.as_ref().map(|path| (report, path)))
        .for_each(explain);
    Ok(reports.iter().all(|report| report.log.finding.is_none()))
}

/// The step of `cargo xtask ci`: a minute of each, four in all.
pub(crate) fn step() -> Result<Outcome> {
    if let Err(error) = compile::prepare(false) {
        job::check()?;
        return Ok(Outcome::NotRun(format!("{error:#}")));
    }
    compile::lint()?;
    ensure!(
        run(&Args { target: Vec::new(), minutes: STEP, sanitize: false, input: None })?,
        "fuzzing found something"
    );
    Ok(Outcome::Passed)
}

/// What came of a target.
struct Report {
    target: String,
    log: Log,
    took: Duration,
}

/// The targets that were asked for, or all.
fn chosen(asked: &[String]) -> Result<Vec<String>> {
    let mut known = Vec::new();
    for entry in fs::read_dir(folder().join("fuzz_targets"))? {
        let path = entry?.path();
        let name = path.file_stem().filter(|_| path.extension().is_some_and(|ending| ending == "rs"));
        known.extend(name.map(|name| name.to_string_lossy().into_owned()));
    }
    known.sort();
    if let Some(name) = asked.iter().find(|name| !known.contains(name)) {
        bail!("there is no target {name}, only {}", known.join(", "));
    }
    Ok(if asked.is_empty() { known } else { asked.to_vec() })
}

/// Leaves out the target that needs hiredis where there is none; to have asked for it is an error then.
fn runnable(targets: Vec<String>, hiredis: &Result<String, String>, asked: bool) -> Result<Vec<String>> {
    let Err(why) = hiredis else { return Ok(targets) };
    let (without, rest): (Vec<_>, Vec<_>) = targets.into_iter().partition(|name| name == NEEDS_HIREDIS);
    ensure!(!asked || without.is_empty(), "{NEEDS_HIREDIS} needs hiredis: {why}");
    Ok(rest)
}

/// Runs the targets, as many at a time as there are cores for, two at most.
fn fuzz(targets: &[String], built: &Built, time: Duration) -> Result<Vec<Report>> {
    let workers = thread::available_parallelism().map_or(1, usize::from).clamp(1, AT_A_TIME);
    let (left, done) = (Mutex::new(targets.iter()), Mutex::new(Vec::new()));
    let progress = Progress::new();
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let next = left.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some(target) = next else { return };
                    let report = fuzz_one(target, built, time, &progress);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push(report);
                }
            });
        }
    });
    let reports: Result<Vec<_>> =
        done.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().collect();
    let mut reports = reports?;
    reports.sort_by(|a, b| a.target.cmp(&b.target));
    Ok(reports)
}

fn fuzz_one(target: &str, built: &Built, time: Duration, progress: &Progress) -> Result<Report> {
    let corpus = built.corpus(target)?;
    let findings = built.findings(target)?;
    let mut command = Command::new(built.binary(target));
    // A time of 0 would mean for ever.
    command.arg(format!("-max_total_time={}", time.as_secs().max(1)));
    // Not a path that is joined, but one that names are appended to.
    command.arg(format!("-artifact_prefix={}/", findings.display()));
    command.arg(format!("-dict={}", folder().join("resp.dict").display()));
    command.args(["-max_len=8192", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1"]);
    command.env("RUST_BACKTRACE", "0");
    // The first folder also takes what is new; the others are only read.
    command.arg(corpus).arg(seeds(target));
    let (line, start) = (progress.line(target), Instant::now());
    let (mut log, mut told) = (Log::default(), start);
    let status = job::stream(&mut command, |_, text| {
        log.read(text);
        if told.elapsed() > TELL {
            line.step(format!("{} runs, coverage {}", log.runs, log.coverage));
            told = Instant::now();
        }
    })?;
    ensure!(status.success() || log.finding.is_some(), "{target} failed ({status}):\n{}", log.tail());
    Ok(Report { target: target.to_owned(), log, took: start.elapsed() })
}

/// Says where a finding is and what to do with it.
fn explain((Report { target, log, .. }, path): (&Report, &String)) {
    println!("\n{target} found something:\n{}", log.tail());
    println!("the input:       {path}");
    println!("to run it again: cargo xtask fuzz {target} --input {path}   (prints the stream it stands for)");
    println!(
        "to keep it:      give resp/tests/it/fuzzed.rs a test with that stream, named for what is wrong"
    );
}

/// The fuzz crate, a workspace of its own.
fn folder() -> PathBuf {
    workspace::root().join("resp/fuzz")
}

/// Replies, or for a target that has seeds of its own, those.
fn seeds(target: &str) -> PathBuf {
    let seeds = folder().join("seeds");
    Some(seeds.join(target)).filter(|own| own.exists()).unwrap_or_else(|| seeds.join("replies"))
}

fn minutes(time: Duration) -> String {
    match time.as_secs() {
        seconds if seconds % 60 == 0 => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    }
}

/// What the task closes with.
struct Table<'a>(&'a [Report]);

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "target            runs   a second  coverage  features  corpus  findings")?;
        for Report { target, log, took } in self.0 {
            let rate = log.runs as f64 / took.as_secs_f64().max(1.0);
            let Log { runs, coverage, features, corpus, .. } = log;
            let findings = u8::from(log.finding.is_some());
            writeln!(
                f,
                "{target:<10} {runs:>11} {rate:>10.0} {coverage:>9} {features:>9} {corpus:>7} {findings:>9}"
            )?;
        }
        Ok(())
    }
}

const AT_A_TIME: usize = 2;
const STEP: f64 = 1.0;
/// The target that compares the engines of `conn`.
const NEEDS_HIREDIS: &str = "engines";
const TELL: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_targets_are_known() {
        let all = ["cut", "decode", "engines", "inverse", "parse", "pass_on", "request", "structs"];
        assert_eq!(chosen(&[]).unwrap(), all);
        assert_eq!(chosen(&["parse".into()]).unwrap(), ["parse"]);
        assert!(chosen(&["pars".into()]).unwrap_err().to_string().contains("no target pars, only cut, "));
    }

    #[test]
    fn what_needs_hiredis_is_named_where_there_is_none() {
        let both = || vec!["cut".to_owned(), NEEDS_HIREDIS.to_owned()];
        let (there, missing) = (Ok("installed".to_owned()), Err("no network".to_owned()));
        assert_eq!(runnable(both(), &there, true).unwrap(), both());
        assert_eq!(runnable(both(), &missing, false).unwrap(), ["cut"]);
        let error = runnable(both(), &missing, true).unwrap_err();
        assert_eq!(error.to_string(), "engines needs hiredis: no network");
        assert_eq!(runnable(vec!["cut".to_owned()], &missing, true).unwrap(), ["cut"]);
    }

    #[test]
    fn each_target_has_seeds() {
        for target in chosen(&[]).unwrap() {
            assert!(fs::read_dir(seeds(&target)).unwrap().count() > 1, "{target}");
        }
    }

    #[test]
    fn the_table_says_what_came_of_it() {
        let log = Log { runs: 1_234_567, coverage: 374, features: 1_403, corpus: 425, ..Log::default() };
        let report = Report { target: "parse".into(), log, took: Duration::from_secs(60) };
        let table = "target            runs   a second  coverage  features  corpus  findings\n\
                     parse          1234567      20576       374      1403     425         0\n";
        assert_eq!(Table(&[report]).to_string(), table);
    }
}
