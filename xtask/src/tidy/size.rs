//! One idea per file (STYLE, "Files"): its length, how it opens, and what it is called.

use super::code::{self, Token};
use super::{File, Finding};

/// Reports a file that is too long, opens without `//!`, or has a name that says nothing.
pub(super) fn check(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(length(file));
    if file.path.contains("/src/") && !file.text.starts_with("//!") {
        findings.push(file.finding(1, "opening", "does not open with //!"));
    }
    if let Some(name) = file.path.split(['/', '.']).find(|part| EMPTY_NAMES.contains(part)) {
        findings.push(file.finding(1, "names", format!("`{name}` names no idea")));
    }
    for (line, name) in inline_modules(&code::tokens(&file.text)) {
        findings.push(file.finding(line, "names", format!("`mod {name}` names no idea")));
    }
    findings
}

fn length(file: &File) -> Option<Finding> {
    let lines = file.text.lines().count();
    let is_commands = file.path.starts_with("client/src/commands/");
    if lines > MOST {
        return Some(file.finding(MOST + 1, "size", format!("{lines} lines, and {MOST} are the most")));
    }
    let note =
        (lines > GOOD && !is_commands).then(|| file.finding(GOOD + 1, "size", format!("{lines} lines")))?;
    Some(Finding { is_note: true, ..note })
}

/// Modules written out in place, `mod types { … }`: the others are files, and judged by their own name.
fn inline_modules(tokens: &[Token]) -> impl Iterator<Item = (usize, &str)> {
    tokens.windows(3).filter_map(|words| {
        let [(_, keyword), (line, name), (_, open)] = words else { return None };
        (keyword == "mod" && open == "{" && EMPTY_NAMES.contains(&name.as_str()))
            .then_some((*line, name.as_str()))
    })
}

/// STYLE aims at 300 lines and stops at 600; command files, which are mostly docs, may reach 800.
const GOOD: usize = 600;
const MOST: usize = 800;
const EMPTY_NAMES: [&str; 4] = ["utils", "helpers", "common", "types"];

#[cfg(test)]
mod tests {
    use super::super::tests::{file, short};
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        short(&check(&file(path, text)))
    }

    #[test]
    fn lengths() {
        let cases = [
            ("client/src/a.rs", 600, None),
            ("client/src/a.rs", 601, Some("601 size note")),
            ("client/src/a.rs", 800, Some("601 size note")),
            ("client/src/a.rs", 801, Some("801 size")),
            ("client/src/commands/a.rs", 800, None),
            ("client/src/commands/a.rs", 801, Some("801 size")),
            ("pool/tests/it/a.rs", 801, Some("801 size")),
        ];
        for (path, lines, expected) in cases {
            let findings = found(path, &"//!\n".repeat(lines));
            assert_eq!(findings.first().map(String::as_str), expected, "{path} {lines}");
        }
    }

    #[test]
    fn openings() {
        assert_eq!(found("pool/src/lib.rs", "//! What it is for.\n"), [""; 0]);
        for text in ["", "// x\n//! y\n", "#![forbid(unsafe_code)]\n//! y\n", "/// x\n", "\n//! x"] {
            assert_eq!(found("pool/src/deep/a.rs", text), ["1 opening"], "{text:?}");
        }
        assert_eq!(found("pool/tests/it/main.rs", "fn main() {}"), [""; 0]);
    }

    #[test]
    fn names() {
        for path in
            ["pool/src/utils.rs", "pool/src/helpers/a.rs", "pool/tests/common/mod.rs", "pool/tests/types.rs"]
        {
            assert_eq!(found(path, "//! x"), ["1 names"], "{path}");
        }
        for path in ["pool/src/types_of_wait.rs", "pool/src/helper.rs", "pool/src/uncommon.rs"] {
            assert_eq!(found(path, "//! x\nmod types;\n// mod types {}\nuse a::types;"), [""; 0], "{path}");
        }
        assert_eq!(found("pool/src/a.rs", "//! x\n\nmod types {}"), ["3 names"]);
    }
}
