//! `cargo xtask tidy`: the rules of STYLE and DESIGN that no compiler knows.
//!
//! Reads text only: it compiles nothing and must work when nothing compiles. Each rule is a plain function from files
//! to findings, so that a test can hand it a made-up file. All findings are reported at once.

use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::workspace;

pub(crate) mod manifest;

mod code;
mod purity;
mod rooms;
mod size;
mod unsafety;

/// One file of the tree: its path from the root, with `/`, and what it holds.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// A place where a rule is broken, or (a note) nearly so.
#[derive(Debug, PartialEq)]
pub(crate) struct Finding {
    path: String,
    line: usize,
    what: String,
    /// The short name of the rule.
    rule: &'static str,
    is_note: bool,
}

/// Prints what is untidy, and returns whether nothing is.
pub(crate) fn run() -> Result<bool> {
    let files = read_tree(workspace::root())?;
    let findings = check(&files);
    for finding in &findings {
        println!("{finding}");
    }
    let notes = findings.iter().filter(|finding| finding.is_note).count();
    let violations = findings.len() - notes;
    println!("tidy: {} files, {violations} violations, {notes} notes", files.len());
    Ok(violations == 0)
}

/// What all the rules have to say, sorted by place.
fn check(files: &[File]) -> Vec<Finding> {
    let mut findings = rooms::check(files);
    findings.extend(unsafety::check(files));
    for file in files.iter().filter(|file| file.is_rust()) {
        findings.extend(purity::check(file));
        findings.extend(size::check(file));
    }
    findings.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    findings
}

impl File {
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    fn finding(&self, line: usize, rule: &'static str, what: impl Into<String>) -> Finding {
        Finding { path: self.path.clone(), line, what: what.into(), rule, is_note: false }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, what, rule, is_note } = self;
        write!(f, "{path}:{line}: {}{what} [{rule}]", if *is_note { "note: " } else { "" })
    }
}

/// Every Rust file and manifest below the root, but for what cargo and git keep there.
fn read_tree(root: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type()?.is_dir() {
                if !name.starts_with('.') && name != "target" {
                    folders.push(entry.path());
                }
            } else if name.ends_with(".rs") || name == "Cargo.toml" {
                let path = entry.path().strip_prefix(root)?.to_string_lossy().replace('\\', "/");
                let text = fs::read_to_string(entry.path()).with_context(|| format!("cannot read {path}"))?;
                files.push(File { path, text });
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A made-up file.
    pub(super) fn file(path: &str, text: &str) -> File {
        File { path: path.into(), text: text.into() }
    }

    /// Findings as `line rule`, sorted, notes marked.
    pub(super) fn short(findings: &[Finding]) -> Vec<String> {
        let mut lines: Vec<_> = findings
            .iter()
            .map(|f| format!("{} {}{}", f.line, f.rule, if f.is_note { " note" } else { "" }))
            .collect();
        lines.sort();
        lines
    }

    #[test]
    fn this_tree_is_read() {
        let files = read_tree(workspace::root()).unwrap();
        for path in ["Cargo.toml", "resp/src/lib.rs", "xtask/Cargo.toml", "xtask/src/tidy/code.rs"] {
            assert!(files.iter().any(|file| file.path == path), "{path} is missing");
        }
        assert!(files.iter().all(|file| !file.path.contains("target/")));
    }

    #[test]
    fn all_rules_report_at_once_in_order() {
        let files = [
            file("resp/src/a.rs", "use std::net::TcpStream;\nunsafe {}\n"),
            file("client/src/types.rs", "//! x\n"),
        ];
        let lines: Vec<_> =
            check(&files).iter().filter(|finding| finding.rule != "rooms").map(ToString::to_string).collect();
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert!(
            lines[0].starts_with("client/src/types.rs:1: ") && lines[0].ends_with(" [names]"),
            "{lines:?}"
        );
        assert!(lines[1..3].iter().all(|line| line.starts_with("resp/src/a.rs:1: ")), "{lines:?}");
        assert!(lines[3].starts_with("resp/src/a.rs:2: ") && lines[3].ends_with(" [unsafe]"), "{lines:?}");
    }
}
