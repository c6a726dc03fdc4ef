//! Each published crate must compile with any of its features, and with none.
//!
//! All combinations of a few features; of many, each one alone, none and all.

use anyhow::{Result, ensure};

use super::cargo;
use crate::{hiredis, job};

/// Runs clippy on the library of each published crate, once for each combination.
pub(super) fn run() -> Result<()> {
    let metadata = cargo::metadata(&["--no-deps"])?;
    let has_hack = cargo::has("hack");
    println!("{}", if has_hack { "with cargo-hack" } else { "without cargo-hack, which is not installed" });
    let mut failed = Vec::new();
    for name in cargo::PUBLISHED {
        let mut features = cargo::features(&metadata, name);
        if hiredis::ready().is_err() {
            features.retain(|feature| feature != hiredis::FEATURE);
        }
        println!("{name}: {}", if features.is_empty() { "no features".into() } else { features.join(", ") });
        if has_hack {
            let mode = if features.len() <= FEW { "--feature-powerset" } else { "--each-feature" };
            // It names the combination that fails itself.
            let mut args = vec!["clippy", "--keep-going", mode];
            if hiredis::ready().is_err() {
                args.extend(["--exclude-features", hiredis::FEATURE]);
            }
            failed.extend(clippy("hack", &args, name).err());
            continue;
        }
        for combination in combinations(&features) {
            let joined = combination.join(",");
            let args = ["--no-default-features", "--features", &joined];
            failed.extend(clippy("clippy", if joined.is_empty() { &args[..1] } else { &args }, name).err());
            job::check()?;
        }
    }
    let failed: Vec<_> = failed.iter().map(ToString::to_string).collect();
    ensure!(failed.is_empty(), "{} of the combinations failed\n{}", failed.len(), failed.join("\n"));
    Ok(())
}

fn clippy(subcommand: &str, args: &[&str], package: &str) -> Result<()> {
    let mut command = cargo::bare(subcommand);
    command.args(args).args(["--locked", "--quiet", "--lib", "-p", package]);
    cargo::must(command.args(["--", "-D", "warnings"]))
}

/// Which features to turn on together: always with none and all among them.
fn combinations(features: &[String]) -> Vec<Vec<&str>> {
    let all = || features.iter().map(String::as_str);
    if features.len() <= FEW {
        let chosen =
            |set: usize| all().enumerate().filter(move |(i, _)| set >> i & 1 == 1).map(|(_, name)| name);
        return (0..1 << features.len()).map(|set| chosen(set).collect()).collect();
    }
    let alone = all().map(|name| vec![name]);
    [vec![]].into_iter().chain(alone).chain([all().collect()]).collect()
}

/// Up to so many features, every combination is tried.
const FEW: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(features: &[&str]) -> Vec<String> {
        let features: Vec<_> = features.iter().map(ToString::to_string).collect();
        combinations(&features).iter().map(|names| names.join("+")).collect()
    }

    #[test]
    fn few_features_in_every_combination() {
        assert_eq!(joined(&[]), [""]);
        assert_eq!(joined(&["a"]), ["", "a"]);
        assert_eq!(joined(&["a", "b", "c"]), ["", "a", "b", "a+b", "c", "a+c", "b+c", "a+b+c"]);
        assert_eq!(joined(&["a", "b", "c", "d"]).len(), 16);
    }

    #[test]
    fn many_features_alone() {
        assert_eq!(joined(&["a", "b", "c", "d", "e"]), ["", "a", "b", "c", "d", "e", "a+b+c+d+e"]);
    }
}
