//! The commands are spelt alike: a method says what its command is made of, and does not make it.

use super::coverage::{EVERYWHERE, ON_ONE_CONNECTION, sources};

/// A method, and the lines between its braces.
struct Body {
    name: String,
    lines: Vec<String>,
}

/// The methods of all commands.
fn bodies() -> Vec<Body> {
    let sources = sources("src/commands");
    let blocks = [EVERYWHERE, ON_ONE_CONNECTION].into_iter().flat_map(|block| {
        sources
            .iter()
            .flat_map(move |source| source.split(block).skip(1).map(|rest| rest.split("\n}").next()))
    });
    blocks.flatten().flat_map(|block| block.split("\n    pub fn ").skip(1)).map(body).collect()
}

/// The method that `text` begins with, behind its `pub fn`.
fn body(text: &str) -> Body {
    let name = text.split(['(', '<']).next().unwrap().to_owned();
    let opens = |line: &&str| !line.ends_with('{'); // the last line of the signature
    let lines = text.lines().skip_while(opens).skip(1).take_while(|line| *line != "    }");
    Body { name, lines: lines.map(|line| line.trim().to_owned()).collect() }
}

#[test]
fn a_method_has_three_lines_as_a_rule() {
    let mut counts: Vec<_> = bodies().iter().map(|body| body.lines.len()).collect();
    counts.sort_unstable();
    assert!(counts.len() > 300 && counts[0] > 0, "{} methods were found", counts.len());
    assert!(counts[counts.len() / 2] <= 3, "the median is {} lines", counts[counts.len() / 2]);
}

#[test]
fn no_method_packs_in_a_loop_of_its_own() {
    let is_loop = |line: &String| {
        ["for ", "while ", "loop "].iter().any(|word| line.starts_with(word)) || line.contains("for_each(")
    };
    let loops: Vec<_> =
        bodies().into_iter().filter(|body| body.lines.iter().any(is_loop)).map(|body| body.name).collect();
    assert_eq!(loops, [""; 0]);
}

#[test]
fn no_macro_writes_a_signature() {
    for source in sources("src") {
        for definition in source.split("macro_rules!").skip(1) {
            let text = definition.split("\n}\n").next().unwrap();
            assert!(!text.contains("pub fn"), "{text}");
        }
    }
}

#[test]
fn each_family_has_its_heading_in_the_documentation() {
    let mut families = 0;
    for source in sources("src") {
        let lines: Vec<_> = source.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let is_block = line.starts_with("impl<E: ") && line.ends_with("> Commands<E> {");
            let mut inside = lines[at..].iter().take_while(|line| **line != "}");
            if is_block && inside.any(|line| line.starts_with("    pub fn ")) {
                let docs = lines[..at].iter().rev().take_while(|line| line.starts_with("///"));
                let heading = docs.last().filter(|line| line.starts_with("/// # "));
                assert!(heading.is_some(), "line {} has no heading: {}", at + 1, lines[0]);
                families += 1;
            }
        }
    }
    assert!(families > 60, "only {families} were found");
}
