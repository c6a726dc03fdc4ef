//! Just enough RESP2 to read what a server says of its commands. This package may not depend on `resp`.

use std::io::BufRead;

use anyhow::{Context, Result, bail, ensure};

/// A reply.
#[derive(Debug, PartialEq)]
pub(crate) enum Answer {
    Text(String),
    Number(i64),
    List(Vec<Self>),
    Null,
}

impl Answer {
    /// Reads one reply; an error of the server's is an error.
    pub(crate) fn read(from: &mut impl BufRead) -> Result<Self> {
        let mut line = String::new();
        ensure!(from.read_line(&mut line)? > 0, "the server closed the connection");
        let line = line.trim_end_matches("\r\n");
        let (kind, rest) = line.split_at_checked(1).context("an empty line instead of a reply")?;
        Ok(match kind {
            "+" => Self::Text(rest.to_owned()),
            ":" => Self::Number(rest.parse()?),
            "-" => bail!("the server answers: {rest}"),
            "$" | "*" if rest == "-1" => Self::Null,
            "$" => Self::Text(bulk(from, rest.parse()?)?),
            "*" => Self::List((0..rest.parse()?).map(|_| Self::read(from)).collect::<Result<_>>()?),
            _ => bail!("no reply of RESP2: {line}"),
        })
    }

    /// The elements; nothing if it is no list.
    pub(crate) fn list(&self) -> &[Self] {
        if let Self::List(list) = self { list } else { &[] }
    }

    /// The text; empty if it is none.
    pub(crate) fn text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }

    /// The number; zero if it is none.
    pub(crate) fn number(&self) -> i64 {
        if let Self::Number(number) = self { *number } else { 0 }
    }

    /// The texts of a list.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.list().iter().map(Self::text)
    }

    /// The pairs of a map, which RESP2 writes as a flat list.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &Self)> {
        self.list().chunks_exact(2).map(|pair| (pair[0].text(), &pair[1]))
    }

    /// The value of a field of a map.
    pub(crate) fn get(&self, field: &str) -> &Self {
        self.pairs().find(|(name, _)| *name == field).map_or(&Self::Null, |(_, value)| value)
    }
}

fn bulk(from: &mut impl BufRead, length: usize) -> Result<String> {
    let mut bytes = vec![0; length + 2];
    from.read_exact(&mut bytes)?;
    bytes.truncate(length);
    Ok(String::from_utf8(bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_read_whole() {
        let bytes = b"*4\r\n$3\r\na\r\n\r\n+b\r\n*2\r\n+x\r\n:-7\r\n$-1\r\n+rest\r\n";
        let mut from = &bytes[..];
        let answer = Answer::read(&mut from).unwrap();
        assert_eq!(answer.get("a\r\n").text(), "b");
        assert_eq!(answer.list()[2].get("x").number(), -7);
        assert_eq!(answer.list()[3], Answer::Null);
        assert_eq!(from, b"+rest\r\n");
    }

    #[test]
    fn what_is_no_reply_is_an_error() {
        for bytes in ["", "\r\n", "-ERR no\r\n", "%1\r\n", "*1\r\n", "$3\r\nab", ":x\r\n"] {
            assert!(Answer::read(&mut bytes.as_bytes()).is_err(), "{bytes:?}");
        }
    }
}
