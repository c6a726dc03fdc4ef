//! Which commands of the table have a method, which have a reason to have none, and which are missing.
//!
//! A command is typed if a method sends it, or if a method can be found under its name: `expire` sends `PEXPIRE`, and
//! `set_with` has the alias `setex`. Containers are no commands of their own.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::table::{Row, rows};
use super::{
    about, acl, arrays, bits, cluster, collections, geo, latency, pubsub, scripting, streams, subscriber,
    transactions, upkeep, values, vectors,
};

/// Every list of commands that are spelt, so that one test sees them all.
pub(super) const SPELLINGS: &[fn()] = &[
    about::sessions,
    about::clients,
    about::tracking,
    about::modules,
    upkeep::catalog,
    upkeep::memory,
    upkeep::hotkeys,
    upkeep::saving,
    upkeep::replication,
    upkeep::art,
    values::strings,
    values::bounded_counters,
    values::imports,
    values::migrations,
    values::keys,
    values::expiry,
    values::sorting,
    values::objects,
    values::hashes,
    values::fields_that_expire,
    values::server,
    collections::lists,
    collections::sets,
    collections::sorted_sets,
    collections::ranges,
    collections::combinations,
    scripting::scripting,
    scripting::functions,
    streams::streams,
    streams::stream_groups,
    geo::geo,
    arrays::arrays,
    arrays::array_searches,
    arrays::array_sums,
    bits::bitmaps,
    bits::hyperloglogs,
    acl::users,
    acl::rules,
    latency::latency,
    latency::logs,
    cluster::telling,
    cluster::slots,
    cluster::members,
    cluster::migrations,
    transactions::transactions,
    pubsub::pubsub,
    subscriber::subscriptions,
    subscriber::monitor,
    pubsub::waiting,
    vectors::vector_sets,
    vectors::vector_searches,
];

/// Why a command has no method: its name and the reason, with a tab between.
const REASONS: &str = include_str!("reasons.tsv");

/// As few as this, and all of them internal or for debugging.
const MOST_REASONS: usize = 15;

thread_local! {
    static SPELT: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// Takes down that a method sends this command.
pub(super) fn spelt(name: &str) {
    SPELT.with_borrow_mut(|spelt| spelt.insert(name.to_owned()));
}

/// `cargo xtask commands --report` runs it and prints what it writes.
#[test]
fn every_command_has_a_method_or_a_reason() {
    let (report, missing) = report();
    if let Some(path) = std::env::var_os("REDISY_COMMANDS_REPORT") {
        fs::write(path, &report).unwrap();
    }
    assert_eq!(missing, 0, "\n{report}");
}

#[test]
fn a_reason_is_for_a_command_that_has_no_method() {
    let typed = typed();
    assert!(reasons().count() < MOST_REASONS);
    for (name, reason) in reasons() {
        assert!(rows().iter().any(|row| row.name == name), "{name} is no command");
        assert!(!typed.contains(name), "{name} has a method: it needs no reason");
        assert!(!reason.is_empty(), "{name} has no reason");
    }
}

#[test]
fn every_method_is_spelt() {
    let tests = sources("tests/it/spelling").concat();
    let is_called =
        |name: &str| [format!(".{name}("), format!(".{name}::<")].iter().any(|call| tests.contains(call));
    let methods = [EVERYWHERE, ON_ONE_CONNECTION].map(|block| methods(block).0).concat();
    assert!(methods.len() > 200, "only {} methods were found", methods.len());
    let silent: Vec<_> = methods.into_iter().filter(|name| name != "run" && !is_called(name)).collect();
    assert_eq!(silent, [""; 0], "no test spells these methods");
}

/// The report, and how many commands are missing.
fn report() -> (String, usize) {
    let typed = typed();
    let mut groups = BTreeMap::<_, [Vec<_>; 3]>::new();
    for row in rows().iter().filter(|row| !row.is_container()) {
        let state = match () {
            () if typed.contains(row.name) => 0,
            () if reasons().any(|(name, _)| name == row.name) => 1,
            () => 2,
        };
        groups.entry(row.group).or_default()[state].push(row.name);
    }
    let mut report = String::new();
    for (group, lists) in &groups {
        report += &format!("{group}\n");
        for (state, names) in STATES.iter().zip(lists).filter(|(_, names)| !names.is_empty()) {
            report += &format!("  {state:8} {:3}  {}\n", names.len(), names.join(", "));
        }
    }
    let [typed, reasoned, missing] =
        [0, 1, 2].map(|state| groups.values().map(|lists| lists[state].len()).sum::<usize>());
    report += &format!("typed {typed}, reasoned {reasoned}, missing {missing}\n");
    (report, missing)
}

const STATES: [&str; 3] = ["typed", "reasoned", "missing"];

/// The names of all commands that are typed, as in the table.
fn typed() -> BTreeSet<&'static str> {
    SPELLINGS.iter().for_each(|spell| spell());
    let sent = SPELT.take();
    let [every, one] = [EVERYWHERE, ON_ONE_CONNECTION].map(methods);
    let found: BTreeSet<_> = [every.0, every.1, one.0, one.1].into_iter().flatten().collect();
    let is_typed = |row: &&Row| {
        let method = row.name.to_lowercase().replace([' ', '-'], "_");
        sent.contains(row.name) || found.contains(&method)
    };
    rows().iter().filter(is_typed).map(|row| row.name).collect()
}

/// How the blocks begin in which the methods are.
pub(super) const EVERYWHERE: &str = "impl<E: Execute> Commands<E> {";
pub(super) const ON_ONE_CONNECTION: &str = "impl<E: OneConnection> Commands<E> {";

/// The names of the methods in blocks that begin with `block`, and their aliases.
fn methods(block: &str) -> (Vec<String>, Vec<String>) {
    let (mut methods, mut aliases) = (Vec::new(), Vec::new());
    for source in sources("src") {
        for block in source.split(&format!("\n{block}\n")).skip(1) {
            for line in block.lines().take_while(|line| *line != "}") {
                if let Some(rest) = line.strip_prefix("    pub fn ") {
                    methods.push(rest.split(['(', '<']).next().unwrap().to_owned());
                } else if let Some(rest) = line.strip_prefix("    #[doc(alias = \"") {
                    aliases.push(rest.split('"').next().unwrap().to_owned());
                }
            }
        }
    }
    (methods, aliases)
}

/// The texts of all Rust files below a folder of this package.
pub(super) fn sources(folder: &str) -> Vec<String> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            match path.extension() {
                None => folders.push(path),
                Some(extension) if extension == "rs" => files.push(fs::read_to_string(path).unwrap()),
                Some(_) => {}
            }
        }
    }
    files
}

/// The names with their reasons.
pub(super) fn reasons() -> impl Iterator<Item = (&'static str, &'static str)> {
    REASONS.lines().map(|line| line.split_once('\t').unwrap_or((line, "")))
}
