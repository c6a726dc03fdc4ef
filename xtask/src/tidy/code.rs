//! Rust source as a list of words: comments and literals blanked, paths put together.
//!
//! Not a parser: it knows just enough grammar that a word in a comment, a string or a doc example never counts as
//! code, and that `use std::{io, net::TcpStream}` is seen as the two paths it names.

/// A word, a `::` or one sign, and the line it stands on.
pub(super) type Token = (usize, String);

/// The words and signs of a source file, without comments, strings and character literals.
pub(super) fn tokens(source: &str) -> Vec<Token> {
    let code: Vec<char> = blank(source).chars().collect();
    let mut tokens = Vec::new();
    let (mut i, mut line) = (0, 1);
    while i < code.len() {
        let start = i;
        i += match code[i] {
            c if is_word(c) => code[i..].iter().take_while(|&&c| is_word(c)).count(),
            ':' if code.get(i + 1) == Some(&':') => 2,
            _ => 1,
        };
        match code[start] {
            '\n' => line += 1,
            c if c.is_whitespace() => {}
            _ => tokens.push((line, code[start..i].iter().collect())),
        }
    }
    tokens
}

/// Every path that is named, imports spelt out: `use std::{io, fmt as f}` gives `std::io` and `std::fmt`.
pub(super) fn paths(tokens: &[Token]) -> Vec<(usize, Vec<&str>)> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        i = if is_name(tokens, i) { path(tokens, i, &[], &mut found) } else { i + 1 };
    }
    found
}

/// Reads the path that starts at `i` (below `prefix`, in a braced import), and returns where it ends.
fn path<'a>(
    tokens: &'a [Token],
    mut i: usize,
    prefix: &[&'a str],
    found: &mut Vec<(usize, Vec<&'a str>)>,
) -> usize {
    let mut names = prefix.to_vec();
    let line = tokens[i].0;
    while is_name(tokens, i) {
        names.push(&tokens[i].1);
        // After a keyword, `::` begins a path: `use ::std::io`.
        if sign(tokens, i + 1) != "::" || KEYWORDS.contains(&sign(tokens, i)) {
            i += 1;
            break;
        }
        i += 2;
    }
    match sign(tokens, i) {
        "*" if sign(tokens, i.wrapping_sub(1)) == "::" => {
            names.push("*");
            i += 1;
        }
        "{" if sign(tokens, i.wrapping_sub(1)) == "::" => {
            i += 1;
            while i < tokens.len() && sign(tokens, i) != "}" {
                match sign(tokens, i) {
                    "as" => i += 2,
                    "*" => {
                        found.push((tokens[i].0, names.iter().copied().chain(["*"]).collect()));
                        i += 1;
                    }
                    _ if is_name(tokens, i) => i = path(tokens, i, &names, found),
                    _ => i += 1,
                }
            }
            return i + 1;
        }
        _ => {}
    }
    if names.len() > 1 && names.last() == Some(&"self") {
        names.pop();
    }
    found.push((line, names));
    i
}

fn is_name(tokens: &[Token], i: usize) -> bool {
    sign(tokens, i).starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn sign(tokens: &[Token], i: usize) -> &str {
    tokens.get(i).map_or("", |token| token.1.as_str())
}

/// The source with comments, strings and character literals turned into blanks; lines stay where they are.
fn blank(source: &str) -> String {
    let text: Vec<char> = source.chars().collect();
    let mut code = String::with_capacity(source.len());
    let mut i = 0;
    while i < text.len() {
        let rest = &text[i..];
        let literal = match rest {
            ['/', '/', ..] => rest.iter().take_while(|&&c| c != '\n').count(),
            ['/', '*', ..] => block_comment(rest),
            ['"', ..] => quoted(rest, '"'),
            ['\'', '\\', ..] | ['\'', _, '\'', ..] => quoted(rest, '\''),
            _ => 0,
        };
        if literal > 0 {
            code.extend(rest[..literal].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
            i += literal;
            continue;
        }
        // A whole word at a time, so that only a whole `r`, `br` or `cr` can begin a raw string.
        let word = rest.iter().take_while(|&&c| is_word(c)).count();
        let raw = match rest[..word] {
            ['r'] | ['b' | 'c', 'r'] => raw_string(&rest[word..]),
            _ => 0,
        };
        code.extend(&rest[..word.max(1)]);
        code.extend(rest[word..word + raw].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
        i += word.max(1) + raw;
    }
    code
}

/// The length of `/* a /* nested */ comment */`.
fn block_comment(text: &[char]) -> usize {
    let (mut depth, mut i) = (0, 0);
    while i < text.len() {
        match text[i..] {
            ['/', '*', ..] => (depth, i) = (depth + 1, i + 2),
            ['*', '/', ..] if depth == 1 => return i + 2,
            ['*', '/', ..] => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
    }
    text.len()
}

/// The length of a literal that starts and ends with `quote`.
fn quoted(text: &[char], quote: char) -> usize {
    let mut i = 1;
    while i < text.len() && text[i] != quote {
        i += if text[i] == '\\' { 2 } else { 1 };
    }
    (i + 1).min(text.len())
}

/// The length of `#"…"#` with any number of `#`, or 0 if this is none (`r#type`).
fn raw_string(text: &[char]) -> usize {
    let hashes = text.iter().take_while(|&&c| c == '#').count();
    if text.get(hashes) != Some(&'"') {
        return 0;
    }
    let closes =
        |i: usize| text[i] == '"' && text[i + 1..].iter().take_while(|&&c| c == '#').count() >= hashes;
    (hashes + 1..text.len()).find(|&i| closes(i)).map_or(text.len(), |i| i + 1 + hashes)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

const KEYWORDS: [&str; 12] =
    ["use", "return", "impl", "dyn", "mut", "for", "as", "in", "where", "if", "match", "while"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_and_comments_are_blank() {
        let cases = [
            ("a // unsafe\nb", "a b"),
            ("a /* x /* unsafe */ y */ b", "a b"),
            ("//! unsafe\n/// unsafe\na", "a"),
            (r#"a "unsafe \" unsafe" b"#, "a b"),
            (r##"a r#"unsafe " unsafe"# b"##, "a r b"),
            (r#"a br"unsafe\" b"#, "a br b"),
            (r#"b"unsafe" c"unsafe" z"#, "b c z"),
            (r"'\'' a '\u{41}' b '/' '/' c", "a b c"),
            (r#"'"' a '"' b"#, "a b"),
            ("&'a str, 'static b", "& ' a str , ' static b"),
            ("r#type unsafe_code unsafe", "r # type unsafe_code unsafe"),
            ("\"never closed", ""),
            ("/* never closed", ""),
            ("for_r\"x\"", "for_r"),
        ];
        for (source, expected) in cases {
            let words: Vec<_> = tokens(source).into_iter().map(|token| token.1).collect();
            assert_eq!(words.join(" "), expected, "{source}");
        }
    }

    #[test]
    fn lines_survive_literals() {
        let tokens = tokens("/* 1\n2 */ a \"3\n\" b\n\nr#\"6\n\"# c");
        let places: Vec<_> = tokens.iter().map(|(line, word)| (*line, word.as_str())).collect();
        assert_eq!(places, [(2, "a"), (3, "b"), (5, "r"), (6, "c")]);
    }

    #[test]
    fn imports_are_spelt_out() {
        let cases = [
            ("use std::io;", "use std::io"),
            ("use std::{self, io::{self, Read as R}, net::*};", "use std std::io std::io::Read std::net::*"),
            ("use ::std::fs::File;", "use std::fs::File"),
            ("let x = std::thread::spawn(f);", "let x std::thread::spawn f"),
            ("Vec::<std::fs::File>::new()", "Vec std::fs::File new"),
            ("use std::*;", "use std::*"),
            ("a * b::c", "a b::c"),
            ("x::{", ""),
        ];
        for (source, expected) in cases {
            let tokens = tokens(source);
            let found: Vec<_> = paths(&tokens).into_iter().map(|(_, names)| names.join("::")).collect();
            assert_eq!(found.join(" "), expected, "{source}");
        }
    }
}
