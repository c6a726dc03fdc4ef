//! What real servers have answered, byte for byte, whole and cut at every byte: the files in `tests/vectors`.
//!
//! `cargo xtask record` makes them anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use bytes::BytesMut;
use resp::{Kind, Limits, Parser, Reply, Value, View};

use crate::arrivals::{feed_all_ways, feed_whole};

/// Calls back with each command, the bytes of its answer and the replies in them.
fn each(file: &str, mut check: impl FnMut(&str, &[u8], Vec<Reply>)) {
    for pair in lines(file).chunks(2) {
        let [command, answer] = pair else { panic!("{pair:?}") };
        let command = command.strip_prefix("> ").unwrap();
        let bytes = bytes(answer.strip_prefix("< ").unwrap());
        let (mut parser, mut buffer) = (Parser::default(), BytesMut::from(&bytes[..]));
        let replies = std::iter::from_fn(|| parser.parse(&mut buffer).unwrap()).collect();
        assert!(parser.is_idle() && buffer.is_empty(), "{command}");
        check(command, &bytes, replies);
    }
}

/// The lines of a file, without comments.
fn lines(file: &str) -> Vec<String> {
    // From `conn` too.
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../resp/tests/vectors").join(file);
    let text = fs::read_to_string(path).unwrap();
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

/// Undoes `escape_ascii`.
fn bytes(escaped: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = escaped.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next().unwrap() {
            b'r' => b'\r',
            b'n' => b'\n',
            b't' => b'\t',
            b'x' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            sign => sign,
        });
    }
    bytes
}

/// The kinds of an element and of all that is in it and before it.
fn kinds(view: View<'_>, found: &mut BTreeSet<String>) {
    found.insert(format!("{:?}", view.kind()));
    if view.attributes().next().is_some() {
        found.insert(format!("{:?}", Kind::Attribute));
    }
    view.attributes()
        .flat_map(|(name, value)| [name, value])
        .chain(view.iter())
        .for_each(|view| kinds(view, found));
}

/// Checks every answer in a file; returns how many there are, and the kinds in them.
fn check(file: &str) -> (usize, String) {
    let (mut count, mut found) = (0, BTreeSet::new());
    each(file, |command, bytes, replies| {
        assert!(!replies.is_empty(), "{command} has no answer");
        // Cutting a long one everywhere would take seconds and show nothing new.
        let (whole, error) = feed_all_ways(Limits::default(), &bytes[..bytes.len().min(LONG)]);
        assert!(error.is_none(), "{command}: {error:?}");
        let (replies_whole, error) = feed_whole(Limits::default(), bytes);
        assert_eq!((replies_whole.len(), error), (replies.len(), None), "{command}");
        assert!(bytes.len() > LONG || whole.len() == replies.len(), "{command}");
        for reply in &replies {
            kinds(reply.view(), &mut found);
            assert!(reply.decode::<Value>().is_ok(), "{command}");
            assert!(!reply.to_string().is_empty() || reply.view().as_bytes() == Some(b""), "{command}");
        }
        // What answers the command is one reply; pushes come beside it, and ` ; ` joins several commands.
        let answers = replies.iter().filter(|reply| !reply.is_push()).count();
        let asked = command.split(" ; ").count();
        // Whoever subscribes is answered by pushes, one for each channel.
        let subscribes = command.contains("SUBSCRIBE") && replies.len() >= asked;
        let pushes = command == "DEBUG PROTOCOL push" || subscribes;
        assert!(answers == asked || pushes, "{command}: {answers} answers");
        count += 1;
    });
    (count, Vec::from_iter(found).join(" "))
}

const LONG: usize = 2_000;
const OF_RESP2: &str = "Array BulkString Integer Null SimpleError SimpleString";
const OF_RESP3: &str = "Array Attribute BigNumber Boolean BulkString Double Integer Map Null Push Set SimpleError \
                        SimpleString VerbatimString";

#[test]
fn of_redis_in_resp2() {
    let (count, kinds) = check("redis-8.10.2-resp2.txt");
    assert!(count > 580, "{count}");
    assert_eq!(kinds, OF_RESP2);
}

#[test]
fn of_redis_in_resp3() {
    let (count, kinds) = check("redis-8.10.2-resp3.txt");
    assert!(count > 580, "{count}");
    assert_eq!(kinds, OF_RESP3);
}

#[test]
fn of_valkey() {
    assert_eq!(check("valkey-9.1.2-resp2.txt").1, OF_RESP2);
    assert_eq!(check("valkey-9.1.2-resp3.txt").1, OF_RESP3);
}

/// Checks that a server's recordings have an answer to each command that it lists, or that not-run.txt says why not.
fn has_every_command(server: &str) {
    let words = |line: &str| -> Vec<String> { line.split_whitespace().map(str::to_lowercase).collect() };
    let not_run = lines("not-run.txt");
    for line in &not_run {
        assert!(words(line).len() > 3, "no reason: {line}");
    }
    let listed = lines(&format!("{server}-commands.txt"));
    assert!(listed.len() > 380, "{}", listed.len());
    for protocol in ["resp2", "resp3"] {
        let mut known: BTreeSet<String> = not_run.iter().map(|line| words(line).remove(0)).collect();
        each(&format!("{server}-{protocol}.txt"), |command, _, _| {
            for words in command.split(" ; ").map(words) {
                known.extend([words[0].clone(), words[..words.len().min(2)].join("|")]);
            }
        });
        let missing: Vec<_> = listed.iter().filter(|name| !known.contains(*name)).collect();
        assert!(missing.is_empty(), "{server} in {protocol} lacks {missing:?}");
    }
}

#[test]
fn every_command_of_redis_is_recorded_or_named_with_a_reason() {
    has_every_command("redis-8.10.2");
}

#[test]
fn every_command_of_valkey_is_recorded_or_named_with_a_reason() {
    has_every_command("valkey-9.1.2");
}
