//! Every command that a test spells is held against the table of the servers: its name, its number of words, where its
//! keys are, and whether it may block.

use std::sync::OnceLock;

use client::{Command, CommandFacts};
use resp::Wait;

/// A line of client/src/commands/table.tsv; `cargo xtask commands` says what its cells mean.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) group: &'static str,
    arity: Vec<i64>,
    flags: Vec<&'static str>,
    keys: Vec<&'static str>,
}

/// All lines.
pub(super) fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| {
        include_str!("../../../src/commands/table.tsv").lines().skip(1).map(Row::read).collect()
    })
}

/// The line of the command in the table. Fails if no server would take it, or its marks are not those of the servers.
#[track_caller]
pub(super) fn fits<R>(command: &Command<R>) -> &'static Row {
    let (name, args) = (command.name(), command.args());
    let row = find(name, args).unwrap_or_else(|| panic!("no server has {name}"));
    let name = row.name;
    let words = i64::try_from(args.len()).unwrap();
    assert!(
        row.arity.iter().any(|&arity| if arity < 0 { words >= -arity } else { words == arity }),
        "{name} has {words} words, and its arity is {:?}",
        row.arity
    );

    let places: Vec<_> = row.keys.iter().map(|entry| places(entry, args)).collect();
    // MIGRATE has an empty word where its one key would be, if its keys come later.
    let words = places.iter().flatten().flatten().map(|&place| args[place].clone());
    let known = words.filter(|word| !word.is_empty()).collect::<Vec<_>>();
    let keys = if places.contains(&None) { &command.keys()[..known.len()] } else { command.keys() };
    assert_eq!(keys, known, "the keys of {name}, which the table has at {:?}", row.keys);

    let says = |words: &[u8]| args.iter().any(|word| word == words);
    let blocks = match name {
        "XREAD" | "XREADGROUP" => says(b"BLOCK"),
        "CLUSTER SETSLOT" => says(b"TIMEOUT"), // which the table does not know
        _ => row.flags.contains(&"blocking"),
    };
    assert_eq!(command.wait() != Wait::No, blocks, "whether {name} waits");
    row
}

/// The line of a command; its sub-command may be an argument.
fn find(name: &str, args: &[Vec<u8>]) -> Option<&'static Row> {
    let named = |name: &str| rows().iter().find(|row| row.name == name);
    let sub = args.get(1).and_then(|sub| named(&format!("{name} {}", String::from_utf8_lossy(sub))));
    sub.or_else(|| named(name).filter(|row| !row.is_container()))
}

impl Row {
    fn read(line: &'static str) -> Self {
        let cells: Vec<_> = line.split('\t').collect();
        let [name, group, arity, flags, keys, ..] = cells[..] else { panic!("a short line: {line}") };
        let words = |cell: &'static str| cell.split(',').filter(|word| *word != "-").collect();
        let arity =
            arity.split(',').map(|arity| arity.rsplit(':').next().unwrap().parse().unwrap()).collect();
        Self { name, group, arity, flags: words(flags), keys: words(keys) }
    }

    /// Whether it is nothing without a sub-command, as all that have some but COMMAND.
    pub(super) fn is_container(&self) -> bool {
        let is_own = |row: &Self| row.name.strip_prefix(self.name).is_some_and(|rest| rest.starts_with(' '));
        self.name != "COMMAND" && rows().iter().any(is_own)
    }
}

/// The places of the keys among the words, as one entry of the table says; `None` where it cannot say.
fn places(entry: &str, args: &[Vec<u8>]) -> Option<Vec<usize>> {
    if entry == "?" {
        return None;
    }
    let (entry, step) =
        entry.split_once('/').map_or((entry, 1), |(entry, step)| (entry, step.parse().unwrap()));
    if let Some(place) = entry.strip_prefix('#') {
        let place: usize = place.parse().unwrap();
        let count: usize = String::from_utf8_lossy(&args[place]).parse().unwrap();
        return Some((0..count).map(|i| place + 1 + i * step).collect());
    }
    let (entry, half) = entry.split_once("%2").map_or((entry, false), |(entry, _)| (entry, true));
    let (begin, last) = entry.split_once("..").map_or((entry, None), |(begin, last)| (begin, Some(last)));
    let Some(begin) = begins(begin, args) else { return Some(Vec::new()) };
    let end = match last.map(|last| last.parse::<isize>().unwrap()) {
        None => begin + 1,
        Some(last @ 0..) => last.unsigned_abs() + 1,
        Some(last) => args.len() + 1 - last.unsigned_abs(),
    };
    let end = if half { begin + (end - begin) / 2 } else { end };
    Some((begin..end).step_by(step).collect())
}

/// A place, or the one behind a word.
fn begins(begin: &str, args: &[Vec<u8>]) -> Option<usize> {
    let Some((word, from)) = begin.split_once('@') else { return begin.parse().ok() };
    let is_it = |place: &usize| args[*place].eq_ignore_ascii_case(word.as_bytes());
    let place = match from.parse::<isize>().unwrap() {
        from @ 0.. => (from.unsigned_abs()..args.len()).find(is_it),
        from => (0..=args.len() - from.unsigned_abs()).rev().find(is_it),
    };
    place.map(|place| place + 1)
}

#[test]
fn the_compiled_table_is_the_text() {
    for row in rows() {
        let facts = CommandFacts::of(row.name).unwrap_or_else(|| panic!("{} is not compiled", row.name));
        let has = |flag| row.flags.contains(&flag);
        assert_eq!(facts.name(), row.name);
        let compiled = [facts.is_read_only(), facts.is_write(), facts.is_blocking(), facts.is_admin()];
        assert_eq!(compiled, ["readonly", "write", "blocking", "admin"].map(has), "{}", row.name);
        if has("write") || has("blocking") {
            assert!(!facts.is_repeatable(), "{}", row.name);
        }
    }
}

#[test]
fn keys_are_where_the_table_says() {
    let places = |entry, words: &str| {
        places(entry, &words.split(' ').map(|word| word.as_bytes().to_vec()).collect::<Vec<_>>())
    };
    assert_eq!(places("1", "GET k"), Some(vec![1]));
    assert_eq!(places("1..-1", "DEL a b c"), Some(vec![1, 2, 3]));
    assert_eq!(places("1..-2", "BLPOP a b 5"), Some(vec![1, 2]));
    assert_eq!(places("1..-1/2", "MSET a 1 b 2"), Some(vec![1, 3]));
    assert_eq!(places("1..2", "LCS a b LEN"), Some(vec![1, 2]));
    assert_eq!(places("#2", "EVAL lua 2 a b x"), Some(vec![3, 4]));
    assert_eq!(places("#1/2", "MSETEX 2 a 1 b 2 NX"), Some(vec![2, 4]));
    assert_eq!(places("STREAMS@1..-1%2", "XREAD COUNT 5 STREAMS a b 0 0"), Some(vec![4, 5]));
    assert_eq!(places("STORE@5", "GEORADIUSBYMEMBER k m 1 km"), Some(vec![]));
    assert_eq!(places("STORE@5", "GEORADIUSBYMEMBER k m 1 km STORE to"), Some(vec![6]));
    assert_eq!(places("KEYS@-2..-1", "MIGRATE h 1 KEYS 0 5 KEYS a b"), Some(vec![7, 8]));
    assert_eq!(places("?", "SORT k"), None);
}
