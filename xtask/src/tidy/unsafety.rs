//! `unsafe` only where DESIGN allows it: the hiredis engine, one buffer module, and the tests that fork; and where
//! `benches` calls hiredis, to race against it.
//!
//! Every other crate root forbids it, so that the compiler stands behind this check; `conn` and `benches` may only
//! soften `forbid` to `deny` once one of their modules exists.

use super::code::{self, Token};
use super::{File, Finding};

/// Reports each `unsafe` in the wrong place, and each crate root that does not forbid it.
pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let rust: Vec<_> =
        files.iter().filter(|file| file.is_rust()).map(|f| (f, code::tokens(&f.text))).collect();
    let has_unsafe = |tokens: &[Token]| tokens.iter().any(|(_, word)| word == "unsafe");
    let needs_it = |root: &str| {
        let folder = root.strip_suffix("lib.rs").filter(|folder| !folder.is_empty());
        folder.is_some_and(|folder| {
            rust.iter().any(|(file, tokens)| {
                file.path.starts_with(folder) && is_unsafe_module(&file.path) && has_unsafe(tokens)
            })
        })
    };
    let mut findings = Vec::new();
    for (file, tokens) in &rust {
        if !is_unsafe_module(&file.path) && !is_fork_test(&file.path) {
            let places = tokens.iter().filter(|(_, word)| word == "unsafe");
            findings.extend(
                places.map(|&(line, _)| file.finding(line, RULE, "unsafe in a file that may not have it")),
            );
        }
        if is_crate_root(&file.path) {
            let level = if needs_it(&file.path) { "deny" } else { "forbid" };
            if !has_attribute(tokens, level) {
                findings.push(file.finding(
                    1,
                    RULE,
                    format!("a crate root without `#![{level}(unsafe_code)]`"),
                ));
            }
        }
    }
    findings
}

fn is_unsafe_module(path: &str) -> bool {
    let files = ["conn/src/buffer.rs", "conn/src/hiredis.rs", "benches/src/peers/hiredis/ffi.rs"];
    files.contains(&path) || path.starts_with("conn/src/hiredis/")
}

/// `*/tests/**/fork*.rs`
fn is_fork_test(path: &str) -> bool {
    let mut parts = path.split('/').skip(1);
    parts.next() == Some("tests") && parts.last().is_some_and(|name| name.starts_with("fork"))
}

fn is_crate_root(path: &str) -> bool {
    // The annexe lies in the folder of a room. (The manifest of the fuzz targets forbids it for all of them.)
    let path = path.replace("conn/proxy/", "proxy/");
    let parts: Vec<_> = path.split('/').collect();
    matches!(parts[..], [_, "src", "lib.rs" | "main.rs"] | [_, "src", "bin", _])
}

/// Whether `#![level(…, unsafe_code, …)]` is there; `forbid` also does where `deny` would.
fn has_attribute(tokens: &[Token], level: &str) -> bool {
    let words: Vec<_> = tokens.iter().map(|token| token.1.as_str()).collect();
    words.windows(5).enumerate().any(|(i, start)| {
        matches!(start, ["#", "!", "[", found, "("] if *found == level || *found == "forbid")
            && words[i..].iter().take_while(|&&word| word != "]").any(|&word| word == "unsafe_code")
    })
}

const RULE: &str = "unsafe";

#[cfg(test)]
mod tests {
    use super::super::tests::{file, short};
    use super::*;

    #[test]
    fn unsafe_has_its_places() {
        let cases = [
            ("conn/src/hiredis.rs", 0),
            ("conn/src/hiredis/reader.rs", 0),
            ("conn/src/buffer.rs", 0),
            ("benches/src/peers/hiredis/ffi.rs", 0),
            ("benches/src/peers/hiredis.rs", 1),
            ("pool/tests/it/fork.rs", 0),
            ("client/tests/it/deep/fork_and_wait.rs", 0),
            ("conn/src/buffers.rs", 1),
            ("conn/src/hiredis_other.rs", 1),
            ("resp/src/buffer.rs", 1),
            ("pool/src/fork.rs", 1),
            ("pool/tests/it/main.rs", 1),
            ("pool/tests/fork/main.rs", 1),
            ("benches/benches/get.rs", 1),
        ];
        for (path, expected) in cases {
            assert_eq!(check(&[file(path, "fn f() {\n    unsafe { g() }\n}")]).len(), expected, "{path}");
        }
    }

    #[test]
    fn each_use_is_reported_and_words_about_it_are_not() {
        let source = "//! unsafe\n#![forbid(unsafe_code)]\nunsafe impl A {} // unsafe\n\"unsafe\"; r#\"unsafe\"#;\nunsafe fn f() {}";
        assert_eq!(short(&check(&[file("pool/src/lib.rs", source)])), ["3 unsafe", "5 unsafe"]);
    }

    #[test]
    fn crate_roots_forbid_it() {
        let cases = [
            ("pool/src/lib.rs", "#![forbid(unsafe_code)]", 0),
            ("pool/src/lib.rs", "#![forbid(missing_docs, unsafe_code)]", 0),
            ("pool/src/lib.rs", "// #![forbid(unsafe_code)]", 1),
            ("pool/src/lib.rs", "#![deny(unsafe_code)]", 1),
            ("pool/src/lib.rs", "#![forbid(missing_docs)] fn unsafe_code() {}", 1),
            ("xtask/src/main.rs", "", 1),
            ("client/src/bin/demo.rs", "", 1),
            ("conn/proxy/src/lib.rs", "", 1),
            ("pool/src/other.rs", "", 0),
            ("pool/tests/it/main.rs", "", 0),
            ("conn/src/lib.rs", "#![deny(unsafe_code)]", 1),
        ];
        for (path, source, expected) in cases {
            assert_eq!(check(&[file(path, source)]).len(), expected, "{path}: {source}");
        }
        let elsewhere =
            [file("pool/src/lib.rs", "#![deny(unsafe_code)]"), file("conn/src/buffer.rs", "unsafe {}")];
        assert_eq!(check(&elsewhere).len(), 1, "another crate's module softens nothing");
    }

    #[test]
    fn a_crate_may_soften_it_for_its_module() {
        let cases = [
            ("#![deny(unsafe_code)]", "unsafe {}", 0),
            ("#![forbid(unsafe_code)]", "unsafe {}", 0), // the compiler's business
            ("", "unsafe {}", 1),
            ("#![deny(unsafe_code)]", "// no unsafe yet", 1),
        ];
        for (root, module, expected) in cases {
            for (crate_root, place) in [
                ("conn/src/lib.rs", "conn/src/buffer.rs"),
                ("benches/src/lib.rs", "benches/src/peers/hiredis/ffi.rs"),
            ] {
                let files = [file(crate_root, root), file(place, module)];
                assert_eq!(check(&files).len(), expected, "{crate_root}: {root} {module}");
            }
        }
    }
}
