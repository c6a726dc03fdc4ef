//! The oldest Rust that the root manifest promises, tried with a compiler of that very version.
//!
//! ```text
//! one that rustup or the system has ─▶ else Debian's package of it, unpacked into the cache ─▶ else "not run"
//! ```
//! Nothing is installed: Debian's compiler is unpacked beside our other cached things, and our own cargo drives it.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::ci::{Outcome, cargo};
use crate::tidy::manifest;
use crate::{cache, job, workspace};

/// Compiles the published crates with the oldest compiler, if one can be had.
pub(crate) fn run() -> Result<Outcome> {
    let version = stated()?;
    let compiler = match installed(&version).map_or_else(|| from_debian(&version), Ok) {
        Ok(compiler) => compiler,
        Err(error) => {
            job::check()?;
            return Ok(Outcome::NotRun(format!("no rustc {version} to be had: {error:#}")));
        }
    };
    println!("{} ({})", compiler.version()?.trim(), compiler.origin);
    let metadata = cargo::metadata(&["--no-deps"])?;
    let target = metadata["target_directory"].as_str().context("cargo names no target directory")?;
    for features in [vec![], cargo::all_features()?] {
        let mut check = cargo::command("check");
        check.args(cargo::published()).arg("--lib").args(features);
        check.env("RUSTC", &compiler.rustc).env("CARGO_TARGET_DIR", Path::new(target).join("msrv"));
        cargo::must(compiler.at_home(&mut check))?;
    }
    Ok(Outcome::Passed)
}

/// A compiler and where it came from, for people.
struct Compiler {
    rustc: PathBuf,
    /// Folders with shared libraries that the system does not have.
    libraries: Vec<PathBuf>,
    origin: String,
}

impl Compiler {
    fn version(&self) -> Result<String> {
        job::quiet(self.at_home(Command::new(&self.rustc).arg("--version")))
    }

    fn is(&self, version: &str) -> bool {
        self.version().is_ok_and(|banner| banner.starts_with(&format!("rustc {version}.")))
    }

    /// Lets a command, or what it starts, run this compiler.
    fn at_home<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        match env::join_paths(&self.libraries) {
            Ok(paths) if !paths.is_empty() => command.env("LD_LIBRARY_PATH", paths),
            _ => command,
        }
    }
}

/// The `rust-version` of the root manifest.
fn stated() -> Result<String> {
    let settings = manifest::read(&fs::read_to_string(workspace::root().join("Cargo.toml"))?);
    let found = settings.iter().find(|s| s.section == "workspace.package" && s.key == "rust-version");
    Ok(found.context("the root manifest states no rust-version")?.value.trim_matches('"').to_owned())
}

/// A compiler that this machine has anyway.
fn installed(version: &str) -> Option<Compiler> {
    let toolchains = job::quiet(Command::new("rustup").args(["toolchain", "list"])).unwrap_or_default();
    let of_rustup =
        toolchains.split_whitespace().filter(|name| is_toolchain(name, version)).filter_map(|name| {
            let path =
                job::quiet(Command::new("rustup").args(["which", "rustc", "--toolchain", name])).ok()?;
            Some((PathBuf::from(path.trim()), "rustup"))
        });
    let of_system = ["rustc", "/usr/bin/rustc"].map(|path| (PathBuf::from(path), "installed"));
    of_rustup
        .chain(of_system)
        .map(|(rustc, origin)| Compiler { rustc, libraries: Vec::new(), origin: origin.into() })
        .find(|compiler| compiler.is(version))
}

/// Whether `1.85-x86_64-unknown-linux-gnu` or `1.85.1-…` is of version 1.85.
fn is_toolchain(name: &str, version: &str) -> bool {
    name.strip_prefix(version).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
}

/// Debian's compiler, from the cache or fetched into it.
fn from_debian(version: &str) -> Result<Compiler> {
    let scratch = cache::scratch()?;
    let apt = Apt::new(version, scratch.path())?;
    let (package, release) = match apt.candidate(version) {
        Err(_) => {
            // A new machine has no package index; only root may fetch one.
            job::quiet(Command::new("apt-get").args(["-qq", "update"]))?;
            apt.candidate(version)?
        }
        found => found?,
    };
    let place = scratch.path().with_file_name(format!("{package}-{release}"));
    let origin = format!("{package} {release} of Debian");
    if let Some(kept) = unpacked(&place, &origin).filter(|kept| kept.is(version)) {
        return Ok(kept);
    }
    println!("fetching {origin}");
    let root = scratch.path().join("root");
    apt.fetch(package, scratch.path(), &root)?;
    // Whoever else made the same one meanwhile made it as well as we did.
    let _ = fs::remove_dir_all(&place);
    let renamed = fs::rename(&root, &place);
    let made = unpacked(&place, &origin).filter(|made| made.is(version));
    made.with_context(|| format!("{origin} does not run here ({renamed:?})"))
}

/// apt, told to take this version of Rust even where a newer one is there too.
struct Apt {
    pins: PathBuf,
}

impl Apt {
    fn new(version: &str, folder: &Path) -> Result<Self> {
        let pins = folder.join("preferences");
        fs::write(&pins, format!("Package: *rust*\nPin: version {version}.*\nPin-Priority: 1001\n"))?;
        Ok(Self { pins })
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.arg("-o").arg(format!("Dir::Etc::Preferences={}", self.pins.display()));
        command
    }

    /// The package with this version of Rust, and its full version.
    fn candidate(&self, version: &str) -> Result<(&'static str, String)> {
        for package in ["rustc", "rustc-web"] {
            let policy =
                job::quiet(self.command("apt-cache").args(["policy", package])).context("this needs apt")?;
            let found = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate: "));
            if let Some(release) = found.filter(|release| release.starts_with(&format!("{version}."))) {
                return Ok((package, release.to_owned()));
            }
        }
        anyhow::bail!("apt has no rustc {version}")
    }

    /// Unpacks a package and whatever it needs that is not installed.
    fn fetch(&self, package: &str, folder: &Path, root: &Path) -> Result<()> {
        let args = ["depends", "--recurse", "--no-recommends", "--no-suggests", "--no-conflicts"];
        let more = ["--no-breaks", "--no-replaces", "--no-enhances", package];
        let needed = job::quiet(self.command("apt-cache").args(args).args(more))?;
        let format = "--showformat=${db:Status-Status} ${Package}\n";
        let installed = job::quiet(Command::new("dpkg-query").args(["--show", format]))?;
        let mut download = self.command("apt-get");
        download.current_dir(folder).args(["-qq", "-o", "APT::Sandbox::User=root", "download"]);
        job::quiet(download.args(missing(&needed, &installed)))?;
        for file in fs::read_dir(folder)? {
            let file = file?.path();
            if file.extension().is_some_and(|end| end == "deb") {
                job::quiet(Command::new("dpkg-deb").arg("-x").arg(file).arg(root))?;
            }
        }
        ensure!(root.join(RUSTC).exists(), "{package} holds no {RUSTC}");
        Ok(())
    }
}

/// What to fetch: all that is needed and not installed. The parts of Rust look for each other beside themselves, so
/// they are fetched either way.
fn missing<'a>(needed: &'a str, installed: &str) -> BTreeSet<&'a str> {
    let installed: BTreeSet<_> =
        installed.lines().filter_map(|line| line.strip_prefix("installed ")).collect();
    // Packages stand at the start of a line, their dependencies below them; `<virtual>` ones are no packages.
    let names = needed.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_alphanumeric()));
    names.filter(|name| name.contains("rust") || !installed.contains(name)).collect()
}

/// The compiler in a folder, if one is there.
fn unpacked(place: &Path, origin: &str) -> Option<Compiler> {
    let rustc = place.join(RUSTC);
    rustc.exists().then_some(())?;
    let folders = ["usr/lib", "lib"].map(|lib| fs::read_dir(place.join(lib)));
    let entries = folders.into_iter().flatten().flatten().flatten().map(|entry| entry.path());
    let libraries = entries.filter(|path| path.to_string_lossy().contains("-linux-gnu")).collect();
    Some(Compiler { rustc, libraries, origin: origin.to_owned() })
}

const RUSTC: &str = "usr/bin/rustc";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_stated() {
        assert!(stated().unwrap().starts_with("1."));
    }

    #[test]
    fn toolchains() {
        for name in ["1.85", "1.85.0", "1.85-x86_64-unknown-linux-gnu", "1.85.1-aarch64-apple-darwin"] {
            assert!(is_toolchain(name, "1.85"), "{name}");
        }
        for name in ["1.8", "1.850", "1.86.0", "stable-x86_64-unknown-linux-gnu", "(default)"] {
            assert!(!is_toolchain(name, "1.85"), "{name}");
        }
    }

    #[test]
    fn only_what_is_missing_is_fetched() {
        let needed = "rustc-web\n  Depends: libc6\n  Depends: <libc-dev>\nlibc6\nlibz3-4\n<libc-dev>\n  libc6-dev\nlibstd-rust-dev\n";
        let installed = "installed libc6\nconfig-files libz3-4\ninstalled libstd-rust-dev\n";
        let expected = BTreeSet::from(["libstd-rust-dev", "libz3-4", "rustc-web"]);
        assert_eq!(missing(needed, installed), expected);
    }
}
