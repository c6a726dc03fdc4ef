//! `cargo xtask servers`: the real servers that tests and the demo run against, found or made.

use std::env;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::found::Found;
use crate::matrix::Matrix;

/// Find or make the servers that the tests run against.
///
/// They are kept in the folder `redisy` of your cache folder ($XDG_CACHE_HOME, else ~/.cache), one folder a version, so
/// that a second run costs nothing; remove a folder to have its server made anew. They are built with TLS, but at -O1
/// and with libc's malloc: quick to build, fine for tests, not meant for benchmarks.
///
/// What building needs (a C compiler, make, the headers of OpenSSL, Python with pip) is installed if you are root on
/// Debian or one of its children; otherwise you are told what to type.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only the servers whose name contains one of these, such as `8.10` or `valkey` [default: all]
    name: Vec<String>,
}

/// Runs the task.
pub(crate) fn run(args: &Args) -> Result<()> {
    let started = Instant::now();
    let matrix = Matrix::fill(&args.name)?;
    print_table(&matrix);
    print_missing(&matrix);
    println!("done in {:.1} s", started.elapsed().as_secs_f64());
    matrix.require()
}

/// Any server that is good enough for a demo: `$REDISY_SERVER`, one that is installed, or the newest Redis made here.
pub(crate) fn any() -> Result<Found> {
    if let Some(path) = env::var_os("REDISY_SERVER").filter(|path| !path.is_empty()) {
        return Found::at(Path::new(&path), "REDISY_SERVER").context("REDISY_SERVER is of no use");
    }
    Found::installed(|release| release.version >= [7, 0, 0]).map_or_else(Matrix::newest, Ok)
}

/// Names the servers that could not be had, with the reasons.
pub(crate) fn print_missing(matrix: &Matrix) {
    for (name, reason) in matrix.missing() {
        println!("missing: {name} ({reason:#})");
    }
}

fn print_table(matrix: &Matrix) {
    let mut rows = vec![["name", "version", "where it came from", "path"].map(str::to_owned)];
    rows.extend(matrix.found().map(|Found { release, binary, origin }| {
        [release.to_string(), release.number(), origin.clone(), binary.display().to_string()]
    }));
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let widths = [width(0), width(1), width(2)];
    for [name, version, origin, path] in &rows {
        println!("{name:0$}  {version:1$}  {origin:2$}  {path}", widths[0], widths[1], widths[2]);
    }
}
