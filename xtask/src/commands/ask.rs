//! What one server says of its commands: COMMAND and COMMAND DOCS, in the words of the table.
//!
//! Where the keys are is written short, words counted from 0, one entry a key specification:
//!
//! | entry | keys |
//! |---|---|
//! | `1` | the word 1 |
//! | `1..-1` | from the word 1 to the last |
//! | `1..-1/2` | each second of these |
//! | `#2` | as many as the word 2 says, behind it; `#2/2` each second word |
//! | `STORE@5` | the word behind `STORE`, which is sought from the word 5 on |
//! | `STREAMS@1..-1%2` | the first half of the words behind `STREAMS` |
//! | `?` | nobody knows without the command's own grammar |

use std::collections::BTreeMap;
use std::io::{BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::answer::Answer;
use crate::release::Release;
use crate::server::Server;

/// All commands and sub-commands of a server, by their names as one types them: `CONFIG GET`.
pub(super) struct Said {
    pub(super) release: Release,
    pub(super) commands: BTreeMap<String, Facts>,
}

/// What a server says of a command.
#[derive(Default)]
pub(super) struct Facts {
    /// The number of words; at least so many, if negative.
    pub(super) arity: i64,
    pub(super) flags: Vec<String>,
    pub(super) keys: Vec<String>,
    pub(super) since: String,
    pub(super) group: String,
    /// Since when it is, and what to use instead.
    pub(super) deprecated: String,
}

/// Asks a server.
pub(super) fn commands(server: &Server) -> Result<Said> {
    let stream = TcpStream::connect(("127.0.0.1", server.port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    (&stream).write_all(b"COMMAND\r\nCOMMAND DOCS\r\n")?;
    let mut stream = BufReader::new(stream);
    let infos = Answer::read(&mut stream).context("COMMAND")?;
    let docs = Answer::read(&mut stream).context("COMMAND DOCS")?;
    let mut commands = BTreeMap::new();
    read(&infos, &docs, &mut commands).with_context(|| server.release.to_string())?;
    ensure!(commands.len() > 100, "{} knows {} commands, which cannot be", server.release, commands.len());
    Ok(Said { release: server.release, commands })
}

/// Reads commands, and the sub-commands of each.
fn read(infos: &Answer, docs: &Answer, into: &mut BTreeMap<String, Facts>) -> Result<()> {
    for info in infos.list() {
        let [name, arity, flags, _, _, _, _, _, keys, children] = info.list() else {
            bail!("a command is described by {} elements, not by 10", info.list().len());
        };
        let docs = docs.get(name.text());
        let name = name.text().to_uppercase().replace('|', " ");
        let keys: Result<_> = keys.list().iter().map(key).collect();
        // The documentation has one flag of its own that matters: nobody but servers sends such a command.
        let mut flags: Vec<_> = flags.texts().map(str::to_owned).collect();
        flags.extend(docs.get("doc_flags").texts().filter(|flag| *flag == "syscmd").map(str::to_owned));
        flags.sort();
        let facts = Facts {
            arity: arity.number(),
            flags,
            keys: keys.with_context(|| name.clone())?,
            since: docs.get("since").text().to_owned(),
            group: docs.get("group").text().to_owned(),
            deprecated: deprecated(docs),
        };
        ensure!(
            !facts.since.is_empty() && !facts.group.is_empty(),
            "COMMAND DOCS has no since or group of {name}"
        );
        read(children, docs.get("subcommands"), into)?;
        into.insert(name, facts);
    }
    Ok(())
}

fn deprecated(docs: &Answer) -> String {
    match (docs.get("deprecated_since").text(), docs.get("replaced_by").text()) {
        ("", _) => String::new(),
        (since, "") => since.to_owned(),
        (since, instead) => format!("{since}: {instead}"),
    }
}

/// One key specification, in the notation above.
fn key(key: &Answer) -> Result<String> {
    let (begin, find) = (key.get("begin_search"), key.get("find_keys"));
    let number = |of: &Answer, name: &str| of.get("spec").get(name).number();
    let step = |of| match number(of, "keystep") {
        1 => String::new(),
        step => format!("/{step}"),
    };
    let start = match begin.get("type").text() {
        "index" => number(begin, "index").to_string(),
        "keyword" => {
            format!("{}@{}", begin.get("spec").get("keyword").text(), number(begin, "startfrom"))
        }
        "unknown" => return Ok("?".to_owned()),
        other => bail!("keys begin by {other}, which has no notation yet"),
    };
    match find.get("type").text() {
        "range" => {
            let end = match (number(find, "lastkey"), number(find, "limit")) {
                (0, 0) => return Ok(start),
                (last @ ..0, limit @ (0 | 2)) => {
                    format!("..{last}{}", if limit == 2 { "%2" } else { "" })
                }
                (last @ 1.., 0) => format!("..{}", number(begin, "index") + last),
                other => bail!("keys end by {other:?}, which has no notation yet"),
            };
            Ok(format!("{start}{end}{}", step(find)))
        }
        "keynum" if (number(find, "keynumidx"), number(find, "firstkey")) == (0, 1) => {
            Ok(format!("#{start}{}", step(find)))
        }
        other => bail!("keys are found by {other}, which has no notation yet"),
    }
}

const PATIENCE: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(begin: &str, spec: &str, find: &str, found: &str) -> String {
        let part = |kind: &str, spec: &str| {
            let words: Vec<_> = spec.split_whitespace().map(word).collect();
            format!("*4\r\n+type\r\n+{kind}\r\n+spec\r\n*{}\r\n{}", words.len(), words.concat())
        };
        let text = format!("*4\r\n+begin_search\r\n{}+find_keys\r\n{}", part(begin, spec), part(find, found));
        key(&Answer::read(&mut text.as_bytes()).unwrap())
            .map_err(|error| error.to_string())
            .unwrap_or_else(|e| e)
    }

    fn word(word: &str) -> String {
        let mark = if word.parse::<i64>().is_ok() { ':' } else { '+' };
        format!("{mark}{word}\r\n")
    }

    #[test]
    fn keys_are_written_short() {
        let range = |start, last, step, limit| {
            let found = format!("lastkey {last} keystep {step} limit {limit}");
            spec("index", &format!("index {start}"), "range", &found)
        };
        assert_eq!(range(1, 0, 1, 0), "1");
        assert_eq!(range(2, -1, 1, 0), "2..-1");
        assert_eq!(range(1, -1, 2, 0), "1..-1/2");
        assert_eq!(range(1, 1, 1, 0), "1..2");
        assert_eq!(range(1, -1, 1, 3), "keys end by (-1, 3), which has no notation yet");
        let counted =
            |step| spec("index", "index 2", "keynum", &format!("keynumidx 0 firstkey 1 keystep {step}"));
        assert_eq!(counted(1), "#2");
        assert_eq!(counted(2), "#2/2");
        let streams = spec("keyword", "keyword STREAMS startfrom 1", "range", "lastkey -1 keystep 1 limit 2");
        assert_eq!(streams, "STREAMS@1..-1%2");
        let store = spec("keyword", "keyword STORE startfrom 5", "range", "lastkey 0 keystep 1 limit 0");
        assert_eq!(store, "STORE@5");
        assert_eq!(spec("unknown", "", "unknown", ""), "?");
        assert_eq!(spec("other", "", "range", ""), "keys begin by other, which has no notation yet");
    }
}
