//! The rooms are the seven of DESIGN, with its arrows between them, and one place for versions, lints and reasons.
//!
//! Two packages are no rooms. The cellar, `resp/fuzz`, is a workspace of its own. The annexe, `conn/proxy`, is a member:
//! what the tests of several rooms share, which nothing but a test may depend on.

use super::manifest::{self, Dependency, Setting};
use super::{File, Finding};

/// Reports what the manifests say against the plan.
pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let Some(root) = files.iter().find(|file| file.path == "Cargo.toml") else { return Vec::new() };
    let settings = manifest::read(&root.text);
    let shared = manifest::dependencies(&settings);
    let mut findings = check_root(root, &settings, &shared);
    for room in ROOMS {
        match files.iter().find(|file| file.path == format!("{room}/Cargo.toml")) {
            Some(file) => findings.extend(check_room(file, room, &shared)),
            None => findings.push(root.finding(1, "rooms", format!("the room {room} is missing"))),
        }
    }
    match files.iter().find(|file| file.path == ANNEXE_MANIFEST) {
        Some(file) => {
            findings.extend(check_room(file, ANNEXE, &shared));
            if value(&manifest::read(&file.text), "package.publish") != Some("false") {
                findings.push(file.finding(1, "rooms", "does not say publish = false"));
            }
        }
        None => findings.push(root.finding(1, "rooms", format!("{ANNEXE_MANIFEST} is missing"))),
    }
    for file in files {
        let is_inside = file.path.ends_with("/Cargo.toml") && file.path.matches('/').count() > 1;
        if is_inside && ![CELLAR, ANNEXE_MANIFEST].contains(&&*file.path) {
            findings.push(file.finding(
                1,
                "rooms",
                format!("a package inside a room, which only {CELLAR} and {ANNEXE_MANIFEST} may be"),
            ));
        }
        if let Some((folder, "Cargo.toml")) = file.path.split_once('/') {
            if !ROOMS.contains(&folder) {
                findings.push(file.finding(1, "rooms", format!("{folder} is no room of DESIGN")));
            }
        } else if file.path == CELLAR {
            findings.extend(check_cellar(file));
        }
    }
    findings
}

fn check_root(root: &File, settings: &[Setting], shared: &[Dependency]) -> Vec<Finding> {
    let mut findings = Vec::new();
    match settings.iter().find(|s| s.section == "workspace" && s.key == "members") {
        None => findings.push(root.finding(1, "rooms", "has no list of members")),
        Some(members) => {
            let (mut named, mut planned) = (members.strings(), ROOMS.to_vec());
            planned.push("conn/proxy");
            named.sort_unstable();
            planned.sort_unstable();
            if named != planned {
                let what = format!("the members are not the rooms of DESIGN: {}", planned.join(", "));
                findings.push(root.finding(members.line, "rooms", what));
            }
        }
    }
    for dependency in shared {
        if dependency.field("path").is_none() && !dependency.comment.contains(char::is_alphabetic) {
            let what = format!("{} has no comment that says why it is needed", dependency.name);
            findings.push(root.finding(dependency.line, "reasons", what));
        }
    }
    findings
}

fn check_room(file: &File, room: &str, shared: &[Dependency]) -> Vec<Finding> {
    let settings = manifest::read(&file.text);
    let mut findings = Vec::new();
    if value(&settings, "package.name") != Some(format!("\"{room}\"").as_str()) {
        findings.push(file.finding(1, "rooms", "the package is not named as its folder"));
    }
    for key in ["package.version", "package.edition", "package.rust-version", "package.license", "lints"] {
        if value(&settings, &format!("{key}.workspace")) != Some("true") {
            findings.push(file.finding(1, "rooms", format!("does not say {key}.workspace = true")));
        }
    }
    for dependency in manifest::dependencies(&settings) {
        if dependency.field("workspace") != Some("true") {
            let what = format!("{} does not say workspace = true", dependency.name);
            findings.push(file.finding(dependency.line, "rooms", what));
        }
        let to = package(&dependency, shared);
        if (ROOMS.contains(&to) || to == ANNEXE) && !is_drawn(room, to, &dependency.list) {
            let what = format!("{room} → {to} in {} is no arrow of DESIGN", dependency.list);
            findings.push(file.finding(dependency.line, "arrows", what));
        }
    }
    findings
}

/// The fuzz targets: a workspace of their own, unpublished, that depends on no room but the one it is in, and on `conn`
/// for its other engine, if that is turned on.
fn check_cellar(file: &File) -> Vec<Finding> {
    let settings = manifest::read(&file.text);
    let mut findings = Vec::new();
    if !file.text.lines().any(|line| line.trim() == "[workspace]") {
        findings.push(file.finding(1, "rooms", "is no workspace of its own: a plain build would meet it"));
    }
    if value(&settings, "package.publish") != Some("false") {
        findings.push(file.finding(1, "rooms", "does not say publish = false"));
    }
    if value(&settings, "lints.rust.unsafe_code") != Some("\"forbid\"") {
        findings.push(file.finding(1, "rooms", "does not forbid unsafe_code in its lints"));
    }
    for dependency in manifest::dependencies(&settings) {
        let name = dependency.name.as_str();
        let is_drawn = name == "resp" || name == "conn" && dependency.field("optional") == Some("true");
        if (ROOMS.contains(&name) || name == ANNEXE) && !is_drawn {
            findings.push(file.finding(
                dependency.line,
                "arrows",
                format!("resp/fuzz → {name} is no arrow of DESIGN"),
            ));
        }
        if !ROOMS.contains(&name) && !dependency.comment.contains(char::is_alphabetic) {
            let what = format!("{name} has no comment that says why it is needed");
            findings.push(file.finding(dependency.line, "reasons", what));
        }
    }
    findings
}

/// The value of `section.key`, whether or not the section is written as a header.
fn value<'a>(settings: &'a [Setting], path: &str) -> Option<&'a str> {
    let found =
        settings.iter().find(|s| format!("{}.{}", s.section, s.key).trim_start_matches('.') == path)?;
    Some(&found.value)
}

/// What a dependency is really called, if it was renamed here or in the root manifest.
fn package<'a>(dependency: &'a Dependency, shared: &'a [Dependency]) -> &'a str {
    let renamed = || shared.iter().find(|known| known.name == dependency.name)?.field("package");
    dependency.field("package").or_else(renamed).unwrap_or(&dependency.name)
}

fn is_drawn(from: &str, to: &str, list: &str) -> bool {
    if to == ANNEXE {
        return list == "dev-dependencies" && ["conn", "client", "lock"].contains(&from);
    }
    let drawn: &[&str] = match from {
        "conn" | ANNEXE => &["resp"],
        // Its tour example shows the lock too.
        "client" if list == "dev-dependencies" => &["resp", "conn", "pool", "lock"],
        "client" => &["resp", "conn", "pool"],
        "lock" => &["client"],
        "benches" => &["resp", "conn", "client"],
        _ => &[],
    };
    drawn.contains(&to)
}

/// Each is a folder and the package in it.
const ROOMS: [&str; 7] = ["resp", "conn", "pool", "client", "lock", "xtask", "benches"];
/// The fuzz targets.
const CELLAR: &str = "resp/fuzz/Cargo.toml";
/// The fault proxy, a member.
const ANNEXE: &str = "proxy";
const ANNEXE_MANIFEST: &str = "conn/proxy/Cargo.toml";

#[cfg(test)]
mod tests {
    use super::super::tests::{file, short};
    use super::*;

    const ROOT: &str = "[workspace]\nmembers = [\"resp\", \"conn\", \"conn/proxy\", \"pool\", \"client\", \"lock\", \"xtask\", \"benches\"]\n[workspace.dependencies]\nresp = { path = \"resp\" }\nalias = { path = \"lock\", package = \"lock\" }\n";

    /// A manifest without a flaw, and what is added to it: from line 9 on.
    fn room(name: &str, more: &str) -> File {
        let package = format!(
            "[package]\nname = \"{name}\"\nversion.workspace = true\nedition.workspace = true\n\
             rust-version.workspace = true\nlicense.workspace = true\n[lints]\nworkspace = true\n{more}"
        );
        let folder = if name == ANNEXE { "conn/proxy" } else { name };
        file(&format!("{folder}/Cargo.toml"), &package)
    }

    /// The same for the annexe, from line 10 on.
    fn annexe(more: &str) -> File {
        room(ANNEXE, &format!("[package]\npublish = false\n{more}"))
    }

    /// The whole tree, with one manifest replaced.
    fn found(changed: File) -> Vec<String> {
        let mut files = vec![file("Cargo.toml", ROOT)];
        files.extend(ROOMS.map(|name| room(name, "")));
        files.push(annexe(""));
        files.retain(|file| file.path != changed.path);
        files.push(changed);
        short(&check(&files))
    }

    #[test]
    fn the_plan_passes() {
        assert_eq!(found(room("resp", "")), [""; 0]);
    }

    #[test]
    fn arrows() {
        let drawn = [
            ("conn", "resp", "dependencies"),
            ("client", "resp", "dependencies"),
            ("client", "conn", "dependencies"),
            ("client", "pool", "build-dependencies"),
            ("client", "lock", "dev-dependencies"),
            ("lock", "client", "dev-dependencies"),
            ("benches", "client", "dev-dependencies"),
            ("conn", "proxy", "dev-dependencies"),
            ("client", "proxy", "dev-dependencies"),
            ("lock", "proxy", "dev-dependencies"),
        ];
        let not_drawn = [
            ("resp", "conn", "dev-dependencies"),
            ("conn", "pool", "dependencies"),
            ("pool", "resp", "dev-dependencies"),
            ("client", "lock", "dependencies"),
            ("client", "lock", "build-dependencies"),
            ("client", "alias", "dependencies"),
            ("lock", "resp", "dependencies"),
            ("xtask", "client", "dependencies"),
            ("benches", "pool", "dev-dependencies"),
            ("benches", "lock", "dependencies"),
            ("client", "proxy", "dependencies"),
            ("conn", "proxy", "build-dependencies"),
            ("pool", "proxy", "dev-dependencies"),
            ("benches", "proxy", "dev-dependencies"),
        ];
        for (from, to, list) in drawn {
            assert_eq!(
                found(room(from, &format!("[{list}]\n{to}.workspace = true"))),
                [""; 0],
                "{from} {to} {list}"
            );
        }
        for (from, to, list) in not_drawn {
            let findings = found(room(from, &format!("[{list}]\n{to}.workspace = true")));
            assert_eq!(findings, ["10 arrows"], "{from} {to} {list}");
        }
        let renamed = "[dependencies]\nx = { workspace = true, package = \"conn\" }";
        assert_eq!(found(room("resp", renamed)), ["10 arrows"]);
        assert_eq!(
            found(room("pool", "[target.'cfg(unix)'.dependencies.resp]\nworkspace = true")),
            ["10 arrows"]
        );
    }

    #[test]
    fn versions_come_from_the_workspace() {
        for line in ["a = \"1\"", "a = { version = \"1\" }", "a.version = \"1\"", "a.workspace = false"] {
            assert_eq!(found(room("pool", &format!("[dependencies]\n{line}"))), ["10 rooms"], "{line}");
        }
        for line in ["a.workspace = true", "a = { workspace = true, optional = true }"] {
            assert_eq!(found(room("pool", &format!("[dependencies]\n{line}"))), [""; 0], "{line}");
        }
    }

    #[test]
    fn each_setting_of_a_room_counts() {
        let flawless = room("pool", "").text;
        for needed in
            ["name = \"pool\"", "version.w", "edition.w", "rust-version.w", "license.w", "\nworkspace = true"]
        {
            let findings = found(file("pool/Cargo.toml", &flawless.replacen(needed, "\nx", 1)));
            assert_eq!(findings, ["1 rooms"], "{needed}");
        }
        let dotted = flawless
            .replace("[lints]\nworkspace", "[other]\n")
            .replace("[package]", "lints.workspace = true\n[package]");
        assert_eq!(found(file("pool/Cargo.toml", &dotted)), [""; 0]);
    }

    #[test]
    fn the_rooms_are_the_seven() {
        assert_eq!(found(file("Cargo.toml", &ROOT.replace("\"lock\", ", ""))), ["2 rooms"]);
        assert_eq!(found(file("Cargo.toml", &ROOT.replace("\"lock\"", "\"lock\", \"extra\""))).len(), 1);
        assert_eq!(found(file("Cargo.toml", "")), ["1 rooms"]);
        assert_eq!(found(file("extra/Cargo.toml", "")), ["1 rooms"]);
        assert_eq!(found(file("conn/fuzz/Cargo.toml", "")), ["1 rooms"]);
        assert_eq!(check(&[file("Cargo.toml", ROOT)]).len(), ROOMS.len() + 1);
    }

    #[test]
    fn the_annexe_is_for_tests_alone() {
        assert_eq!(found(annexe("[dependencies]\nresp.workspace = true")), [""; 0]);
        assert_eq!(found(annexe("[dependencies]\nconn.workspace = true")), ["12 arrows"]);
        assert_eq!(found(annexe("[dev-dependencies]\nclient.workspace = true")), ["12 arrows"]);
        assert_eq!(found(annexe("[dependencies]\na = \"1\"")), ["12 rooms"]);
        assert_eq!(found(room(ANNEXE, "")), ["1 rooms"]);
        let cellar = "[workspace]\n[package]\npublish = false\n[lints.rust]\nunsafe_code = \"forbid\"\n\
                      [dependencies]\nproxy = { path = \"..\" } # why\n";
        assert_eq!(found(file(CELLAR, cellar)), ["7 arrows"]);
    }

    #[test]
    fn the_fuzz_targets_keep_to_themselves() {
        let flawless = "[workspace]\n[package]\npublish = false\n[lints.rust]\nunsafe_code = \"forbid\"\n\
                        [dependencies]\nresp = { path = \"..\" }\na = \"1\" # why\n";
        let found = |text: &str| found(file(CELLAR, text));
        assert_eq!(found(flawless), [""; 0]);
        for needed in ["[workspace]", "publish = false", "unsafe_code = \"forbid\""] {
            assert_eq!(found(&flawless.replace(needed, "x = 1")), ["1 rooms"], "{needed}");
        }
        assert_eq!(found(&flawless.replace("# why", "")), ["8 reasons"]);
        assert_eq!(found(&flawless.replace("resp =", "conn =")), ["7 arrows"]);
        assert_eq!(found(&flawless.replace("resp =", "pool =")), ["7 arrows"]);
        let optional = "conn = { path = \"../../conn\", optional = true }\n";
        assert_eq!(found(&format!("{flawless}{optional}")), [""; 0]);
    }

    #[test]
    fn each_dependency_has_its_reason() {
        let root = |line: &str| file("Cargo.toml", &format!("{ROOT}{line}"));
        for line in
            ["a = \"1\"", "a = \"1\" #", "# far\n\na = \"1\"", "# of b\nb = { path = \"b\" }\na = \"1\""]
        {
            assert_eq!(found(root(line)).len(), 1, "{line}");
        }
        for line in
            ["a = \"1\" # why", "# why\na = \"1\"", "a = { version = \"1\", features = [\"#\"] } # why"]
        {
            assert_eq!(found(root(line)), [""; 0], "{line}");
        }
    }
}
