//! What a server tells about its functions.

use std::fmt;
use std::time::Duration;

use resp::{Decode, DecodeError, DecodeOwned, Millis, Reply, View};

use crate::commands::info::text;
use crate::commands::reply::{field, optional, text_field};

/// What a server knows of a library of functions.
#[derive(Clone)]
#[non_exhaustive]
pub struct LibraryInfo {
    /// The library's name.
    pub name: String,
    /// What runs it: `LUA`.
    pub engine: String,
    /// Its functions, in no particular order.
    pub functions: Vec<FunctionInfo>,
    /// Its code, if that was asked for.
    pub code: Option<String>,
    all: Reply,
}

impl LibraryInfo {
    /// Any field, by the name the server gives it. `None` if there is no such field, or it is no `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl Decode<'_> for LibraryInfo {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let code = view.find("library_code").map(text).transpose();
        Ok(Self {
            name: text_field(view, "library_name")?,
            engine: text_field(view, "engine")?,
            functions: field(view, "functions")?,
            code: code.map_err(|error| error.at_field("library_code"))?.map(Into::into),
            all: view.to_reply(),
        })
    }
}

impl fmt::Debug for LibraryInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LibraryInfo").field(&self.all).finish()
    }
}

/// What a server knows of a function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FunctionInfo {
    /// The name by which it is called.
    pub name: String,
    /// What its author says of it.
    pub description: Option<String>,
    /// What it is declared to do or not to do: `no-writes`, `allow-oom`, `allow-stale`, `no-cluster`, …
    pub flags: Vec<String>,
}

impl Decode<'_> for FunctionInfo {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            name: text_field(view, "name")?,
            description: optional(view, "description")?,
            flags: optional(view, "flags")?.unwrap_or_default(),
        })
    }
}

/// What is running, and how much each engine has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FunctionStats {
    /// The function that is running.
    pub running: Option<RunningFunction>,
    /// The engines, by their names: as a rule only `LUA`.
    pub engines: Vec<EngineStats>,
}

impl Decode<'_> for FunctionStats {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let engines = view.find("engines").map_or_else(|| Ok(Vec::new()), engines);
        Ok(Self {
            running: optional(view, "running_script")?,
            engines: engines.map_err(|error| error.at_field("engines"))?,
        })
    }
}

/// A function that is running.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunningFunction {
    /// Its name.
    pub name: String,
    /// The words of the command that has called it.
    pub command: Vec<Vec<u8>>,
    /// For how long it has been running, in whole milliseconds.
    pub duration: Duration,
}

impl Decode<'_> for RunningFunction {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let Millis(duration) = field(view, "duration_ms")?;
        Ok(Self { name: text_field(view, "name")?, command: field(view, "command")?, duration })
    }
}

/// How much an engine has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EngineStats {
    /// Its name.
    pub name: String,
    /// How many libraries it has.
    pub libraries: u64,
    /// How many functions are in them.
    pub functions: u64,
}

fn engines(view: View<'_>) -> Result<Vec<EngineStats>, DecodeError> {
    let engine = |(name, stats): (View<'_>, View<'_>)| {
        Ok(EngineStats {
            name: text(name)?.into(),
            libraries: field(stats, "libraries_count")?,
            functions: field(stats, "functions_count")?,
        })
    };
    view.pairs().map(engine).collect()
}
