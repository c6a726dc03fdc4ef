//! Replies print as `redis-cli` prints them to a terminal.
//!
//! A stack of what is open takes the place of recursion: the depth of a reply is a stranger's choice.

use std::fmt::{self, Write};

use crate::{Elements, Kind, Reply, View};

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view().fmt(f)
    }
}

impl fmt::Display for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut open = Vec::from_iter(Level::begin(f, *self, 0)?);
        while let Some(level) = open.last_mut() {
            let Some(element) = level.elements.next() else {
                open.pop();
                continue;
            };
            level.mark(f)?;
            let indent = level.indent.saturating_add(level.width).saturating_add(2);
            open.extend(Level::begin(f, element, indent)?);
        }
        Ok(())
    }
}

/// An aggregate some of whose elements are printed.
struct Level<'a> {
    elements: Elements<'a>,
    kind: Kind,
    /// Keys and values printed so far.
    printed: usize,
    /// Columns before the number of an element.
    indent: usize,
    /// Columns of the number itself.
    width: usize,
}

impl<'a> Level<'a> {
    /// Prints a scalar, or opens an aggregate.
    fn begin(f: &mut fmt::Formatter<'_>, view: View<'a>, indent: usize) -> Result<Option<Self>, fmt::Error> {
        if !view.kind().is_aggregate() || view.is_empty() || view.kind() == Kind::StreamedString {
            scalar(f, view)?;
            return Ok(None);
        }
        let width = view.len().checked_ilog10().unwrap_or(0) as usize;
        let width = width.saturating_add(1);
        Ok(Some(Self { elements: view.iter(), kind: view.kind(), printed: 0, indent, width }))
    }

    /// Prints what stands before the next element.
    fn mark(&mut self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.printed;
        self.printed = self.printed.saturating_add(1);
        let paired = matches!(self.kind, Kind::Map | Kind::Attribute);
        if paired && at % 2 == 1 {
            return f.write_str(" => ");
        }
        if at > 0 {
            write!(f, "\n{:indent$}", "", indent = self.indent)?;
        }
        let number = if paired { at / 2 } else { at }.saturating_add(1);
        let sign = match self.kind {
            Kind::Map => '#',
            Kind::Set => '~',
            Kind::Attribute => '|',
            _ => ')',
        };
        write!(f, "{number:width$}{sign} ", width = self.width)
    }
}

fn scalar(f: &mut fmt::Formatter<'_>, view: View<'_>) -> fmt::Result {
    match view.kind() {
        Kind::Null => f.write_str("(nil)"),
        Kind::Integer => write!(f, "(integer) {}", view.as_integer().unwrap_or_default()),
        Kind::Boolean => f.write_str(if view.as_boolean() == Some(true) { "(true)" } else { "(false)" }),
        Kind::Double => write!(f, "(double) {}", view.as_str().unwrap_or_default()),
        Kind::BigNumber => write!(f, "(big number) {}", view.as_str().unwrap_or_default()),
        Kind::SimpleError | Kind::BulkError => {
            write!(f, "(error) {}", String::from_utf8_lossy(view.as_bytes().unwrap_or_default()))
        }
        Kind::SimpleString | Kind::VerbatimString => {
            f.write_str(&String::from_utf8_lossy(view.as_bytes().unwrap_or_default()))
        }
        Kind::BulkString | Kind::StreamedString => quoted(f, &view.to_bytes().unwrap_or_default()),
        Kind::Map => f.write_str("(empty hash)"),
        Kind::Set => f.write_str("(empty set)"),
        Kind::Array => f.write_str("(empty array)"),
        Kind::Push => f.write_str("(empty push)"),
        Kind::Attribute => f.write_str("(empty attribute)"),
    }
}

/// `"…"`, with everything that is not plain ASCII escaped as redis-cli's `sdscatrepr` does.
fn quoted(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    f.write_char('"')?;
    for &byte in bytes {
        match byte {
            b'\\' | b'"' => write!(f, "\\{}", char::from(byte))?,
            b'\n' => f.write_str("\\n")?,
            b'\r' => f.write_str("\\r")?,
            b'\t' => f.write_str("\\t")?,
            0x07 => f.write_str("\\a")?,
            0x08 => f.write_str("\\b")?,
            b' '..=b'~' => f.write_char(char::from(byte))?,
            _ => write!(f, "\\x{byte:02x}")?,
        }
    }
    f.write_char('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &'static str, printed: &str) {
        assert_eq!(Reply::from_bytes(bytes).unwrap().to_string(), printed, "{bytes:?}");
    }

    #[test]
    fn prints_as_redis_cli_does() {
        check("+OK\r\n", "OK");
        check("-ERR no\r\n", "(error) ERR no");
        check(":-3\r\n", "(integer) -3");
        check("$-1\r\n", "(nil)");
        check("$5\r\na\"\n\x01\\\r\n", r#""a\"\n\x01\\""#);
        check(",3.25\r\n", "(double) 3.25");
        check("#t\r\n", "(true)");
        check("=8\r\ntxt:line\r\n", "line");
        check("(12345678901234567890\r\n", "(big number) 12345678901234567890");
        check("*0\r\n", "(empty array)");
        check("%0\r\n", "(empty hash)");
        check("~0\r\n", "(empty set)");
        check("*2\r\n*2\r\n:1\r\n:2\r\n+x\r\n", "1) 1) (integer) 1\n   2) (integer) 2\n2) x");
        check("%2\r\n+a\r\n:1\r\n+b\r\n*2\r\n+x\r\n+y\r\n", "1# a => (integer) 1\n2# b => 1) x\n   2) y");
        check("~1\r\n+a\r\n", "1~ a");
        check("$?\r\n;2\r\nab\r\n;1\r\nc\r\n;0\r\n", "\"abc\"");
    }

    #[test]
    fn numbers_are_aligned() {
        let reply = Reply::from_bytes(format!("*10\r\n{}", "+x\r\n".repeat(10))).unwrap();
        let text = reply.to_string();
        assert!(text.starts_with(" 1) x\n 2) x") && text.ends_with("\n10) x"), "{text}");
    }
}
