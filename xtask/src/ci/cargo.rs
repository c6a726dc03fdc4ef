//! How the checks call cargo, and what they learn from it.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{hiredis, job, workspace};

/// The packages that users depend on.
pub(crate) const PUBLISHED: [&str; 5] = ["resp", "conn", "pool", "client", "lock"];

/// A cargo command that takes Cargo.lock as it is.
pub(crate) fn command(subcommand: &str) -> Command {
    let mut command = bare(subcommand);
    command.arg("--locked");
    command
}

/// A cargo command that has no `--locked`.
pub(crate) fn bare(subcommand: &str) -> Command {
    let mut command = workspace::cargo();
    command.arg(subcommand);
    command
}

/// `-p` for each published package.
pub(crate) fn published() -> impl Iterator<Item = &'static str> {
    PUBLISHED.into_iter().flat_map(|name| ["-p", name])
}

/// All features of the published packages: without the one that needs hiredis, where that cannot be had.
pub(crate) fn all_features() -> Result<Vec<String>> {
    if hiredis::ready().is_ok() {
        return Ok(vec!["--all-features".into()]);
    }
    let metadata = metadata(&["--no-deps"])?;
    let named = PUBLISHED.iter().flat_map(|package| {
        let features = features(&metadata, package).into_iter();
        features.filter(|name| name != hiredis::FEATURE).map(move |name| format!("{package}/{name}"))
    });
    Ok(vec!["--features".into(), named.collect::<Vec<_>>().join(",")])
}

/// The features of a package, without `default`, which only names others.
pub(crate) fn features(metadata: &Value, package: &str) -> Vec<String> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let found = packages.filter(|p| p["name"] == package).filter_map(|p| p["features"].as_object());
    found.flat_map(|features| features.keys()).filter(|name| *name != "default").cloned().collect()
}

/// Runs a command whose failure is a finding.
pub(crate) fn must(command: &mut Command) -> Result<()> {
    let status = job::run(command)?;
    ensure!(status.success(), "{}", describe(command));
    Ok(())
}

/// What `cargo metadata` says.
pub(crate) fn metadata(args: &[&str]) -> Result<Value> {
    let text = job::quiet(command("metadata").args(["--format-version", "1"]).args(args))?;
    serde_json::from_str(&text).context("cannot read the output of `cargo metadata`")
}

/// Whether cargo has a subcommand that is installed apart, as `cargo-deny` is.
pub(crate) fn has(subcommand: &str) -> bool {
    job::quiet(bare(subcommand).arg("--version")).is_ok()
}

/// A command as one would type it.
fn describe(command: &Command) -> String {
    let args = command.get_args().map(|arg| arg.to_string_lossy());
    format!("`cargo {}` failed", args.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_of_one_package() {
        let metadata = serde_json::json!({"packages": [
            {"name": "resp", "features": {"default": ["serde"], "serde": [], "x": []}},
            {"name": "conn", "features": {"tls": []}},
        ]});
        assert_eq!(features(&metadata, "resp"), ["serde", "x"]);
        assert_eq!(features(&metadata, "pool"), [""; 0]);
    }

    #[test]
    fn a_failure_is_told_as_typed() {
        assert_eq!(describe(command("check").args(["-p", "resp"])), "`cargo check --locked -p resp` failed");
    }
}
