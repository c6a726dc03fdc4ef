//! What we depend on: under which licences, from where, how often, and how much of it.
//!
//! deny.toml is the policy. `cargo-deny` carries it out where it is installed; elsewhere the part of it that needs no
//! network is done here, so that a new machine checks it too.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::ci::cargo;
use crate::tidy::manifest;
use crate::{job, workspace};

mod licence;

/// Fails if a dependency breaks the policy, or `client` has grown too large.
pub(crate) fn run() -> Result<()> {
    let mut problems = Vec::new();
    let crates = crates_of_client()?;
    println!("client with its default features: {crates} crates, {MOST_CRATES} at most");
    if crates > MOST_CRATES {
        problems.push(format!("client pulls in {crates} crates"));
    }
    if cargo::has("deny") {
        println!("licences, duplicates, sources: by cargo-deny");
        problems.extend(by_cargo_deny().err().map(|error| error.to_string()));
    } else {
        println!("licences, duplicates, sources: by the built-in audit, as cargo-deny is not installed");
        let policy = Policy::read()?;
        let platforms = policy.targets.iter().flat_map(|target| ["--filter-platform", target]);
        let args: Vec<_> = ["--all-features"].into_iter().chain(platforms).collect();
        problems.extend(Audit::new(&cargo::metadata(&args)?).problems(&policy));
    }
    println!("advisories: not checked, their database is not part of this repository");
    ensure!(problems.is_empty(), "problems: {}\n{}", problems.len(), problems.join("\n"));
    Ok(())
}

/// How many crates `client` compiles with its default features, itself among them.
fn crates_of_client() -> Result<usize> {
    let mut tree = cargo::command("tree");
    let args = ["-p", "client", "-e", "normal", "--prefix", "none", "--no-dedupe", "-f", "{p}"];
    let crates = job::quiet(tree.args(args))?;
    Ok(crates.lines().collect::<BTreeSet<_>>().len())
}

fn by_cargo_deny() -> Result<()> {
    cargo::must(cargo::bare("deny").args(["--offline", "--locked", "check", "licenses", "sources"]))?;
    // Two versions of a crate hurt whoever compiles us, not our tasks.
    cargo::must(cargo::bare("deny").args(["--offline", "--locked", "--exclude", "xtask", "check", "bans"]))
}

/// What the built-in audit takes from deny.toml.
struct Policy {
    licences: Vec<String>,
    targets: Vec<String>,
    excluded: Vec<String>,
    /// `name@version`, or the beginning of a version: may be there beside another one.
    skipped: Vec<String>,
}

impl Policy {
    fn read() -> Result<Self> {
        Ok(Self::from_text(&fs::read_to_string(workspace::root().join("deny.toml"))?))
    }

    fn from_text(text: &str) -> Self {
        let settings = manifest::read(text);
        let list = |section: &str, key: &str| {
            let found = settings.iter().filter(|s| s.section == section && s.key == key);
            found.flat_map(|s| s.strings()).map(str::to_owned).collect()
        };
        Self {
            licences: list("licenses", "allow"),
            targets: list("graph", "targets"),
            excluded: list("graph", "exclude"),
            skipped: list("bans", "skip"),
        }
    }

    /// Whether this version of a crate does not count as a second one.
    fn skips(&self, name: &str, version: &str) -> bool {
        self.skipped.iter().filter_map(|spec| spec.split_once('@')).any(|(skipped, start)| {
            skipped == name
                && version.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }
}

/// The packages that cargo resolved, by id.
struct Audit<'a> {
    packages: BTreeMap<&'a str, &'a Value>,
    /// Of each package, what it needs and whether at run time.
    needs: BTreeMap<&'a str, Vec<(&'a str, bool)>>,
    members: Vec<&'a str>,
}

impl<'a> Audit<'a> {
    fn new(metadata: &'a Value) -> Self {
        let list = |value: &'a Value| value.as_array().into_iter().flatten();
        let id = |value: &'a Value| value.as_str().unwrap_or_default();
        let need =
            |dep: &'a Value| (id(&dep["pkg"]), list(&dep["dep_kinds"]).any(|kind| kind["kind"].is_null()));
        Self {
            packages: list(&metadata["packages"]).map(|package| (id(&package["id"]), package)).collect(),
            needs: list(&metadata["resolve"]["nodes"])
                .map(|node| (id(&node["id"]), list(&node["deps"]).map(need).collect()))
                .collect(),
            members: list(&metadata["workspace_members"]).map(id).collect(),
        }
    }

    fn problems(&self, policy: &Policy) -> Vec<String> {
        let allowed: Vec<_> = policy.licences.iter().map(String::as_str).collect();
        let mut problems = Vec::new();
        let ours =
            self.members.iter().copied().filter(|id| !policy.excluded.iter().any(|x| x == self.name(id)));
        let audited = self.reached(ours, false);
        println!("{} packages", audited.len());
        for id in audited {
            let Some(package) = self.packages.get(id) else { continue };
            let name = format!("{} {}", self.name(id), package["version"].as_str().unwrap_or_default());
            let licence = package["license"].as_str().unwrap_or_default();
            if licence::is_met(licence, &allowed) != Some(true) {
                problems.push(format!("{name}: the licence `{licence}` is not allowed"));
            }
            let source = package["source"].as_str().unwrap_or("path");
            if !source.starts_with("registry+") && !self.members.contains(&id) {
                problems.push(format!("{name} comes from {source}, not from a registry"));
            }
        }
        let published = self.members.iter().copied().filter(|id| cargo::PUBLISHED.contains(&self.name(id)));
        let mut versions: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for id in self.reached(published, true) {
            let version = self.packages.get(id).and_then(|package| package["version"].as_str());
            let (name, version) = (self.name(id), version.unwrap_or_default());
            if !policy.skips(name, version) {
                versions.entry(name).or_default().push(version);
            }
        }
        let twice = versions.iter().filter(|(_, versions)| versions.len() > 1);
        problems.extend(
            twice.map(|(name, versions)| format!("{name} is there more than once: {}", versions.join(", "))),
        );
        problems
    }

    /// These packages and all that they need, directly or not.
    fn reached(&self, from: impl Iterator<Item = &'a str>, at_run_time: bool) -> BTreeSet<&'a str> {
        let mut open: Vec<_> = from.collect();
        let mut reached: BTreeSet<_> = open.iter().copied().collect();
        while let Some(id) = open.pop() {
            let needs = self.needs.get(id).into_iter().flatten();
            for &(need, _) in needs.filter(|(_, is_normal)| *is_normal || !at_run_time) {
                if reached.insert(need) {
                    open.push(need);
                }
            }
        }
        reached
    }

    fn name(&self, id: &str) -> &'a str {
        self.packages.get(id).and_then(|package| package["name"].as_str()).unwrap_or_default()
    }
}

/// What DESIGN promises; the Rust peers need 46 and 75.
const MOST_CRATES: usize = 30;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// `client` needs `a`; `xtask` needs `b` 1; and what a case adds.
    fn problems(change: impl Fn(&mut Value)) -> Vec<String> {
        let package = |id: &str, name: &str, source: Option<&str>| json!({"id": id, "name": name, "version": id, "license": "MIT", "source": source});
        let registry = Some("registry+here");
        let need = |id: &str, kind: Option<&str>| json!({"pkg": id, "dep_kinds": [{"kind": kind}]});
        let mut metadata = json!({
            "packages": [
                package("client", "client", None), package("xtask", "xtask", None), package("benches", "benches", None),
                package("a", "a", registry), package("b1", "b", registry), package("b2", "b", registry),
            ],
            "workspace_members": ["client", "xtask", "benches"],
            "resolve": {"nodes": [
                {"id": "client", "deps": [need("a", None), need("b2", Some("dev"))]},
                {"id": "a", "deps": [need("b1", None)]},
                {"id": "xtask", "deps": [need("b2", None)]},
            ]},
        });
        change(&mut metadata);
        let policy = Policy::from_text("[graph]\nexclude = [\"benches\"]\n[licenses]\nallow = [\"MIT\"]");
        Audit::new(&metadata).problems(&policy)
    }

    #[test]
    fn a_clean_tree_passes() {
        assert_eq!(problems(|_| {}), [""; 0]);
    }

    #[test]
    fn licences() {
        assert_eq!(problems(|m| m["packages"][4]["license"] = json!("GPL-3.0")).len(), 1);
        assert_eq!(problems(|m| m["packages"][4]["license"] = json!(null)).len(), 1);
        assert_eq!(problems(|m| m["packages"][2]["license"] = json!("excluded")), [""; 0]);
    }

    #[test]
    fn sources() {
        assert_eq!(problems(|m| m["packages"][3]["source"] = json!("git+somewhere")).len(), 1);
        assert_eq!(problems(|m| m["packages"][3]["source"] = json!(null)).len(), 1);
    }

    #[test]
    fn duplicates() {
        let normal = problems(|m| m["resolve"]["nodes"][0]["deps"][1]["dep_kinds"][0]["kind"] = json!(null));
        assert_eq!(normal, ["b is there more than once: b1, b2"]);
    }

    #[test]
    fn a_second_version_may_be_skipped() {
        let policy = Policy::from_text("[bans]\nskip = [\n    # why\n    \"a@0.2\",\n    \"b@1.0.1\",\n]");
        for (name, version, skipped) in [
            ("a", "0.2.17", true),
            ("a", "0.20.1", false),
            ("b", "1.0.1", true),
            ("b", "1.0.2", false),
            ("c", "0.2.0", false),
        ] {
            assert_eq!(policy.skips(name, version), skipped, "{name} {version}");
        }
    }

    #[test]
    fn the_policy_is_read() {
        let policy = Policy::read().unwrap();
        assert!(policy.licences.contains(&"MIT".to_owned()) && !policy.targets.is_empty());
        assert_eq!(policy.excluded, ["benches"]);
    }
}
