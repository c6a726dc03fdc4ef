//! Where the parser is strict and where it is lenient is written down at the head of the crate; each row names its test.

use std::fs;
use std::path::Path;

/// The rows of the tables: what is decided, what the decision is, why, and the tests.
fn rows() -> Vec<Vec<String>> {
    let lines = include_str!("../../src/lib.rs").lines();
    let lines = lines.skip_while(|line| !line.starts_with("//! # Strict and lenient"));
    let rows =
        lines.take_while(|line| *line != "//! # Example").filter_map(|line| line.strip_prefix("//! | "));
    let cells =
        |row: &str| row.trim_end_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    rows.map(cells).filter(|cells: &Vec<String>| cells.last().is_some_and(|cell| cell != "test")).collect()
}

#[test]
fn every_decision_has_a_reason_and_a_test() {
    let read = |room: &str, module: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(room).join("tests/it");
        fs::read_to_string(folder.join(format!("{module}.rs"))).unwrap_or_default()
    };
    let rows = rows();
    assert!(rows.len() > 30, "{} rows", rows.len());
    for row in rows {
        let [_, decision, reason, tests] = &row[..] else { panic!("{row:?}") };
        assert!(!decision.is_empty() && !reason.is_empty(), "{row:?}");
        for test in tests.split(", ") {
            let (module, name) = test.trim_matches('`').split_once("::").unwrap_or_else(|| panic!("{row:?}"));
            let function = format!("#[test]\nfn {name}()");
            let found = ["resp", "conn"].iter().any(|room| read(room, module).contains(&function));
            assert!(found, "no test {test}");
        }
    }
}
