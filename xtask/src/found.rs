//! A server that is ready to start.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::release::{Brand, Release};

/// A server that is ready to start.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) release: Release,
    pub(crate) binary: PathBuf,
    /// Where it came from, for people.
    pub(crate) origin: String,
}

impl Found {
    /// The server that a binary says it is.
    pub(crate) fn at(binary: &Path, origin: &str) -> Result<Self> {
        Ok(Self { release: Release::of(binary)?, binary: binary.to_owned(), origin: origin.to_owned() })
    }

    /// The first server on PATH that `wanted` accepts.
    pub(crate) fn installed(wanted: impl Fn(&Release) -> bool) -> Option<Self> {
        let path = env::var_os("PATH")?;
        let folders: Vec<PathBuf> = env::split_paths(&path).collect();
        [Brand::Redis, Brand::Valkey].into_iter().find_map(|brand| {
            let name = format!("{}-server", brand.stem());
            let binary = folders.iter().map(|folder| folder.join(&name)).find(|path| path.is_file())?;
            Self::at(&binary, "installed").ok().filter(|found| wanted(&found.release))
        })
    }
}
