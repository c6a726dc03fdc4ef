//! Fetches the pristine source archive of a package from the mirror that the machine's own apt uses.
//!
//! apt gets a state of its own in a folder of ours: nothing in /etc or /var changes, and root is not needed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::job;

/// Downloads what upstream released as `package`, in the version that `suite` has today.
pub(crate) fn fetch_source(package: &str, suite: &str, folder: &Path) -> Result<PathBuf> {
    ensure!(Path::new(KEYRING).exists(), "the package debian-archive-keyring is not installed");
    let apt = Apt::new(suite, folder)?;
    apt.get(&["update"])?;
    apt.get(&["source", "--download-only", "--tar-only", &format!("{package}/{suite}")])?;
    let mut files = fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    files
        .find(|path| path.to_string_lossy().contains(".orig.tar."))
        .with_context(|| format!("apt left no source archive of {package}"))
}

/// An apt that keeps to one folder and knows one suite.
struct Apt<'a> {
    folder: &'a Path,
}

impl<'a> Apt<'a> {
    fn new(suite: &str, folder: &'a Path) -> Result<Self> {
        for needed in ["lists/partial", "cache/archives/partial"] {
            fs::create_dir_all(folder.join(needed))?;
        }
        let mirror = mirror()?;
        fs::write(folder.join("list"), format!("deb-src [signed-by={KEYRING}] {mirror} {suite} main\n"))?;
        Ok(Self { folder })
    }

    fn get(&self, args: &[&str]) -> Result<()> {
        let ours = |name: &str| self.folder.join(name).display().to_string();
        let options = [
            ("Dir::Etc::sourcelist", ours("list")),
            ("Dir::Etc::sourceparts", "-".into()),
            ("Dir::State", ours("")),
            ("Dir::State::Lists", ours("lists")),
            ("Dir::State::status", "/dev/null".into()),
            ("Dir::Cache", ours("cache")),
            ("Acquire::Languages", "none".into()),
            ("APT::Sandbox::User", "root".into()),
        ];
        let mut command = Command::new("apt-get");
        command.current_dir(self.folder).args(args).arg("-qq");
        for (name, value) in options {
            command.arg("-o").arg(format!("{name}={value}"));
        }
        job::quiet(&mut command).map(drop)
    }
}

/// The address that most of the machine's package lists come from, which is the distribution's own.
fn mirror() -> Result<String> {
    let targets = ["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"];
    let addresses = job::quiet(Command::new("apt-get").args(targets))?;
    match most_frequent(addresses.lines().filter(|line| !line.contains("security"))) {
        Some(mirror) => Ok(mirror.to_owned()),
        None => bail!("apt has no package source"),
    }
}

fn most_frequent<'a>(lines: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut counts = BTreeMap::new();
    for line in lines {
        *counts.entry(line).or_insert(0) += 1;
    }
    counts.into_iter().max_by_key(|&(_, count)| count).map(|(line, _)| line)
}

const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

#[cfg(test)]
mod tests {
    #[test]
    fn the_main_mirror_is_the_most_frequent_address() {
        assert_eq!(super::most_frequent(["other", "main", "main"].into_iter()), Some("main"));
        assert_eq!(super::most_frequent([].into_iter()), None);
    }
}
