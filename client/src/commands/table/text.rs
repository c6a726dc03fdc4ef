//! The text of the table, read by the compiler: names and flags, and where a search for a name begins.
//!
//! Only `const fn`s, so there are no iterators; nothing of this is left in a program but the three statics.

use super::{ADMIN, CONTAINER, CommandFacts, FLAGS, ONLY_TELL, TELLS, hash};

/// All commands, in the order of the table.
pub(super) static ROWS: [CommandFacts; COUNT] = rows();

/// At the hash of each name the number of its row, or behind it, if another came first.
pub(super) static SLOTS: [u16; SLOT_COUNT] = slots();

/// More than twice as many as there are rows, so that a search is short and ends.
pub(super) const SLOT_COUNT: usize = 1_024;

/// In place of a row's number where there is none.
pub(super) const EMPTY: u16 = u16::MAX;

/// The names, one behind the other.
static NAMES: [u8; NAME_BYTES] = names();

const TEXT: &[u8] = include_bytes!("../table.tsv");
const COUNT: usize = shape().0;
const NAME_BYTES: usize = shape().1;
const NAME: usize = 0;
const WORDS: usize = 3;

const fn rows() -> [CommandFacts; COUNT] {
    let mut rows = [CommandFacts { name: "", flags: 0 }; COUNT];
    let (mut row, mut line, mut names, mut telling) = (0, line_after(0), NAMES.as_slice(), 0);
    while row < COUNT {
        let name = cell(line, NAME);
        let (own, rest) = names.split_at(name.len());
        let mut flags = flags(cell(line, WORDS));
        if is_among(name, &ONLY_TELL) {
            assert!(flags & !ADMIN == 0, "a command that only tells is no write and does not block");
            flags |= TELLS;
            telling += 1;
        }
        let Ok(name) = std::str::from_utf8(own) else { panic!("a name in table.tsv is no text") };
        rows[row] = CommandFacts { name, flags };
        if row > 0 {
            // Its sub-commands come right behind a container, as a space comes before all letters.
            mark_container(&mut rows, row);
        }
        names = rest;
        line = line_after(line);
        row += 1;
    }
    assert!(telling == ONLY_TELL.len(), "a command that only tells is not in table.tsv, or is named twice");
    rows
}

const fn slots() -> [u16; SLOT_COUNT] {
    const { assert!(COUNT * 2 < SLOT_COUNT, "more commands than the slots were made for") }
    let mut slots = [EMPTY; SLOT_COUNT];
    let mut row = 0;
    while row < COUNT {
        let mut slot = hash(ROWS[row].name.as_bytes(), b"");
        while slots[slot] != EMPTY {
            slot = (slot + 1) % SLOT_COUNT;
        }
        slots[slot] = row as u16;
        row += 1;
    }
    slots
}

const fn names() -> [u8; NAME_BYTES] {
    let mut names = [0; NAME_BYTES];
    let (mut at, mut line) = (0, line_after(0));
    while line < TEXT.len() {
        let name = cell(line, NAME);
        let mut i = 0;
        while i < name.len() {
            names[at] = name[i];
            (at, i) = (at + 1, i + 1);
        }
        line = line_after(line);
    }
    names
}

/// The number of rows, and the length of all names.
const fn shape() -> (usize, usize) {
    let (mut rows, mut bytes, mut line) = (0, 0, line_after(0));
    while line < TEXT.len() {
        bytes += cell(line, NAME).len();
        line = line_after(line);
        rows += 1;
    }
    (rows, bytes)
}

/// Marks the row before `row`, or the container that this one belongs to already.
const fn mark_container(rows: &mut [CommandFacts; COUNT], row: usize) {
    let (before, own) = (rows[row - 1].name.as_bytes(), rows[row].name.as_bytes());
    if own.len() > before.len() && own[before.len()] == b' ' && is_same(own.split_at(before.len()).0, before)
    {
        rows[row - 1].flags |= CONTAINER;
    }
}

/// The flags among words with commas between.
const fn flags(words: &[u8]) -> u8 {
    let (mut flags, mut start) = (0, 0);
    while start < words.len() {
        let end = find(words, start, b',');
        let word = words.split_at(end).0.split_at(start).1;
        let brand = find(word, 0, b':');
        let mut i = 0;
        while i < FLAGS.len() {
            if is_same(word, FLAGS[i].0.as_bytes()) {
                flags |= FLAGS[i].1;
            }
            if brand < word.len() && is_same(word.split_at(brand + 1).1, FLAGS[i].0.as_bytes()) {
                panic!("the servers are not of one mind about a flag that matters");
            }
            i += 1;
        }
        start = end + 1;
    }
    assert!(flags & (CONTAINER | TELLS) == 0, "a flag of the servers' has a name of ours");
    flags
}

/// The cell of a column, in the line that begins at `line`.
const fn cell(line: usize, column: usize) -> &'static [u8] {
    let (mut start, mut i) = (line, 0);
    while i < column {
        start = find(TEXT, start, b'\t') + 1;
        i += 1;
    }
    TEXT.split_at(find(TEXT, start, b'\t')).0.split_at(start).1
}

const fn line_after(line: usize) -> usize {
    find(TEXT, line, b'\n') + 1
}

/// Where `byte` is, from `at` on, or the end.
const fn find(text: &[u8], mut at: usize, byte: u8) -> usize {
    while at < text.len() && text[at] != byte {
        at += 1;
    }
    at
}

const fn is_among(name: &[u8], names: &[&str]) -> bool {
    let mut i = 0;
    while i < names.len() {
        if is_same(name, names[i].as_bytes()) {
            return true;
        }
        i += 1;
    }
    false
}

const fn is_same(a: &[u8], b: &[u8]) -> bool {
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}
