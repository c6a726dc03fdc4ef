//! Compiles the fuzz targets with the compiler's eyes open: counters in every branch, comparisons told to the fuzzer.
//!
//! These are the flags of cargo-fuzz 0.13 (`FuzzProject::cargo`). A stable compiler takes all of them but the address
//! sanitizer, without which runs are some ten times faster; `resp` has no `unsafe` that it could look at, but the target
//! `engines` runs hiredis too.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::ci::cargo;
use crate::progress::Progress;
use crate::{hiredis, job, packages, workspace};

/// Where the compiled targets are, and what they keep.
pub(super) struct Built {
    /// `target/fuzz`.
    folder: PathBuf,
    host: String,
}

/// Sees to what a build needs; an error says what is missing.
pub(super) fn prepare(sanitize: bool) -> Result<()> {
    ensure!(
        !sanitize || job::quiet(cargo_of(true)?.arg("--version")).is_ok(),
        "the address sanitizer needs a nightly toolchain: type `rustup toolchain install nightly`, or leave out --sanitize"
    );
    packages::ensure(&packages::FUZZ, &Progress::new().line("system"))?;
    // Not offline halfway.
    let fetched = job::quiet(cargo_of(sanitize)?.args(["fetch", "--quiet", "--locked"]).arg(MANIFEST));
    fetched.context("cannot fetch what resp/fuzz depends on").map(drop)
}

/// Compiles all targets.
pub(super) fn build(sanitize: bool) -> Result<Built> {
    let built = Built { folder: target()?, host: host(sanitize)? };
    let mut build = with_flags(cargo_of(sanitize)?, &built, sanitize);
    cargo::must(build.args(["build", "--bins"]).args(common()).arg("--target").arg(&built.host))?;
    Ok(built)
}

/// No warning in the targets either, and they are formatted.
pub(super) fn lint() -> Result<()> {
    cargo::must(cargo_of(false)?.args(["fmt", "--check", MANIFEST]))?;
    let built = Built { folder: target()?, host: host(false)? };
    let mut clippy = with_flags(cargo_of(false)?, &built, false);
    clippy.args(["clippy", "--bins"]).args(common()).arg("--target").arg(&built.host);
    cargo::must(clippy.args(["--", "-D", "warnings"]))
}

impl Built {
    pub(super) fn binary(&self, target: &str) -> PathBuf {
        self.folder.join(&self.host).join("release").join(target)
    }

    /// The inputs that reached something new, in earlier runs too.
    pub(super) fn corpus(&self, target: &str) -> Result<PathBuf> {
        self.kept("corpus", target)
    }

    /// The inputs that broke something.
    pub(super) fn findings(&self, target: &str) -> Result<PathBuf> {
        self.kept("findings", target)
    }

    fn kept(&self, what: &str, target: &str) -> Result<PathBuf> {
        let folder = self.folder.join(what).join(target);
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        Ok(folder)
    }
}

/// What every build is told: the target that needs hiredis is left out where that cannot be had.
fn common() -> impl Iterator<Item = &'static str> {
    let engines = hiredis::ready().is_ok().then_some("--features=hiredis");
    ["--release", "--locked", MANIFEST].into_iter().chain(engines)
}

/// A cargo in the fuzz crate: ours, or for the sanitizer the nightly one.
fn cargo_of(nightly: bool) -> Result<Command> {
    if !nightly {
        return Ok(workspace::cargo());
    }
    let mut cargo = Command::new("rustup");
    // Ours has told the children which toolchain it is.
    cargo.args(["run", "nightly", "cargo"]).env_remove("CARGO").env_remove("RUSTC");
    cargo.current_dir(workspace::root());
    Ok(cargo)
}

fn with_flags(mut cargo: Command, built: &Built, sanitize: bool) -> Command {
    let mut flags = FLAGS.to_vec();
    flags.extend(sanitize.then_some("-Zsanitizer=address"));
    if sanitize {
        // Of hiredis: a build script's C is instrumented too.
        cargo.env("CFLAGS", "-fsanitize=address -fno-omit-frame-pointer");
    }
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f")).env("CARGO_TARGET_DIR", &built.folder);
    cargo
}

fn target() -> Result<PathBuf> {
    let metadata = cargo::metadata(&["--no-deps"])?;
    let target = metadata["target_directory"].as_str().context("cargo names no target directory")?;
    Ok(Path::new(target).join("fuzz"))
}

/// The machine that the compiler compiles for. Only when it is named do build scripts go without the flags.
fn host(nightly: bool) -> Result<String> {
    let version = job::quiet(cargo_of(nightly)?.args(["--version", "--verbose"]))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("cargo does not say what it runs on")
}

const MANIFEST: &str = "--manifest-path=resp/fuzz/Cargo.toml";
const FLAGS: [&str; 7] = [
    "--cfg=fuzzing",
    "-Ccodegen-units=1",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];
