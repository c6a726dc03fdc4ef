//! The words of commands: what a server's manual names, a method sends (live::manual asks the servers).
//!
//! Commands of one group share their options, and one test of an option will do: a word counts if any command of the
//! group is spelt with it. So this finds each word that is new, but not an old one at one more command.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use client::{CommandArgument, CommandDocs};

use super::coverage::{SPELLINGS, reasons};
use super::table::rows;

thread_local! {
    static SPELT: RefCell<BTreeMap<&'static str, BTreeSet<String>>> = RefCell::default();
}

/// Takes down the words with which a method sends a command of this group.
pub(super) fn spelt(group: &'static str, args: &[Vec<u8>]) {
    let words = args.iter().map(|word| String::from_utf8_lossy(word).to_uppercase());
    SPELT.with_borrow_mut(|spelt| spelt.entry(group).or_default().extend(words));
}

/// Words that no test spells, of any command or of one, and why.
const UNSAID: &[(&str, &str)] = &[
    ("EX", "PX is finer"),
    ("EXAT", "PXAT is finer"),
    ("BYTE", "the default"),
    ("CLIENT KILL PRIMARY", "MASTER is known to all servers"),
    ("CLIENT KILL SLAVE", "another word for REPLICA"),
    ("CLIENT PAUSE ALL", "the default"),
    ("CLIENT UNBLOCK TIMEOUT", "the default"),
    ("CLUSTER SLOT-STATS DESC", "the default"),
    ("GEORADIUS STORE", "GEOSEARCHSTORE"),
    ("GEORADIUSBYMEMBER STORE", "GEOSEARCHSTORE"),
    ("HSCAN NOVALUES", "sent by an iterator: live::scan"),
    ("LCS WITHMATCHLEN", "the lengths are those of the ranges"),
    ("SORT ASC", "the default"),
    ("SORT_RO ASC", "the default"),
    ("VADD VALUES", "FP32 is shorter"),
    ("VSIM VALUES", "FP32 is shorter"),
    ("ZSCAN NOSCORES", "sent by an iterator: live::sorted_sets"),
];

/// The names of all commands but sub-commands, as one asks a manual for them.
pub(crate) fn names() -> Vec<&'static str> {
    rows().iter().map(|row| row.name).filter(|name| !name.contains(' ')).collect()
}

/// Says of a command and its manual which words no test spells, each behind the command's name.
pub(crate) fn unspelt() -> impl Fn(&str, &CommandDocs) -> Vec<String> {
    SPELLINGS.iter().for_each(|spell| spell());
    let spelt = SPELT.take();
    move |name, docs| {
        let name = name.replace('|', " ").to_uppercase();
        if reasons().any(|(reasoned, _)| reasoned == name) {
            return Vec::new();
        }
        let row = rows().iter().find(|row| row.name == name).unwrap();
        let is_said = |word: &String| spelt[row.group].contains(word);
        let is_unsaid = |own: &String, word: &String| UNSAID.iter().any(|(it, _)| it == word || it == own);
        let words = words(&docs.arguments).filter(|word| !is_said(word));
        let named = words.map(|word| (format!("{name} {word}"), word));
        named.filter(|(own, word)| !is_unsaid(own, word)).map(|(own, _)| own).collect()
    }
}

/// The words among these arguments, and among those that they are made of.
fn words(arguments: &[CommandArgument]) -> impl Iterator<Item = String> {
    let mut words = Vec::new();
    let mut rest: Vec<_> = arguments.iter().collect();
    while let Some(argument) = rest.pop() {
        words.extend(argument.token.iter().flat_map(|token| token.split(' ').map(str::to_uppercase)));
        rest.extend(&argument.arguments);
    }
    words.into_iter().filter(|word| word != "\"\"")
}
