//! The table as text: a line a command, sorted by name, its cells parted by tabs.
//!
//! | column | says |
//! |---|---|
//! | name | as one types it, with the sub-command |
//! | group | of the documentation |
//! | arity | how many words; at least so many, if negative |
//! | flags | those of COMMAND, and `syscmd` of COMMAND DOCS |
//! | keys | where they are, in the notation of `ask` |
//! | redis-…, valkey-… | since which version it has the command; `-` when it lacks it |
//! | deprecated | since when, and what to use instead |
//!
//! The heading names the versions that were asked. What one of two servers alone says of a command that both have is
//! marked with its brand: `redis:3,valkey:-3`. An empty cell is `-`.

use std::collections::{BTreeMap, BTreeSet};

use super::ask::{Facts, Said};
use crate::release::Brand;

/// The whole table.
pub(super) fn text(said: &[Said; 2]) -> String {
    let [redis, valkey] = said;
    let heading =
        format!("name\tgroup\tarity\tflags\tkeys\t{}\t{}\tdeprecated\n", redis.release, valkey.release);
    let names: BTreeSet<_> = redis.commands.keys().chain(valkey.commands.keys()).collect();
    let lines = names.into_iter().map(|name| line(name, redis.commands.get(name), valkey.commands.get(name)));
    heading + &lines.collect::<String>()
}

/// The names of the two servers that a table was made from.
pub(super) fn releases(table: &str) -> [String; 2] {
    let heading: Vec<_> = table.lines().next().unwrap_or_default().split('\t').collect();
    [5, 6].map(|column| heading.get(column).map_or_else(String::new, ToString::to_string))
}

/// The lines in which two tables differ, `-` before those of the old one and `+` before those of the new one.
pub(super) fn differences(old: &str, new: &str) -> Vec<String> {
    let lines = |text| -> BTreeMap<String, String> {
        str::lines(text)
            .map(|line| (line.split('\t').next().unwrap_or_default().into(), line.into()))
            .collect()
    };
    let (old, new) = (lines(old), lines(new));
    let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let changed = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    changed
        .flat_map(|name| {
            let before = old.get(name).map(|line| format!("- {line}"));
            before.into_iter().chain(new.get(name).map(|line| format!("+ {line}")))
        })
        .collect()
}

fn line(name: &str, redis: Option<&Facts>, valkey: Option<&Facts>) -> String {
    let said = [redis, valkey];
    let cells = [
        name.to_owned(),
        cell(said, |facts| vec![facts.group.clone()]),
        cell(said, |facts| vec![facts.arity.to_string()]),
        cell(said, |facts| facts.flags.clone()),
        cell(said, |facts| facts.keys.clone()),
        redis.map_or_else(none, |facts| facts.since.clone()),
        valkey.map_or_else(none, |facts| facts.since.clone()),
        // Valkey has taken many deprecations back: what Redis says is enough.
        redis
            .or(valkey)
            .map(|facts| facts.deprecated.clone())
            .filter(|text| !text.is_empty())
            .unwrap_or_else(none),
    ];
    cells.join("\t") + "\n"
}

/// The words of both, those of one alone marked with its brand.
fn cell(said: [Option<&Facts>; 2], words: impl Fn(&Facts) -> Vec<String>) -> String {
    let cell = match said.map(|facts| facts.map(&words)) {
        [Some(redis), Some(valkey)] => {
            let both = redis.iter().filter(|word| valkey.contains(word)).cloned();
            let marked = |brand: Brand, own: &[String], other: &[String]| -> Vec<String> {
                let alone = own.iter().filter(|word| !other.contains(word));
                alone.map(|word| format!("{}:{word}", brand.stem())).collect()
            };
            let (redis_alone, valkey_alone) =
                (marked(Brand::Redis, &redis, &valkey), marked(Brand::Valkey, &valkey, &redis));
            both.chain(redis_alone).chain(valkey_alone).collect::<Vec<_>>()
        }
        [one, other] => one.or(other).unwrap_or_default(),
    };
    if cell.is_empty() { none() } else { cell.join(",") }
}

fn none() -> String {
    "-".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(arity: i64, flags: &[&str], since: &str) -> Facts {
        let flags = flags.iter().map(ToString::to_string).collect();
        Facts { arity, flags, since: since.into(), group: "string".into(), ..Facts::default() }
    }

    #[test]
    fn a_command_of_one_server_alone() {
        let get = facts(2, &["fast", "readonly"], "1.0.0");
        assert_eq!(line("GET", Some(&get), None), "GET\tstring\t2\tfast,readonly\t-\t1.0.0\t-\t-\n");
        assert_eq!(line("GET", None, Some(&get)), "GET\tstring\t2\tfast,readonly\t-\t-\t1.0.0\t-\n");
    }

    #[test]
    fn where_servers_differ_they_are_named() {
        let (redis, valkey) = (facts(3, &["a", "b"], "8.0.0"), facts(-3, &["b", "c"], "9.0.0"));
        let expected = "X\tstring\tredis:3,valkey:-3\tb,redis:a,valkey:c\t-\t8.0.0\t9.0.0\t-\n";
        assert_eq!(line("X", Some(&redis), Some(&valkey)), expected);
    }

    #[test]
    fn differences_are_named_by_line() {
        let (old, new) = ("h\t1\nA\t1\nB\t1\nC\t1\n", "h\t1\nA\t1\nC\t2\nD\t1\n");
        assert_eq!(differences(old, old), [""; 0]);
        assert_eq!(differences(old, new), ["- B\t1", "- C\t1", "+ C\t2", "+ D\t1"]);
    }

    #[test]
    fn the_heading_names_the_servers() {
        let heading = "name\tgroup\tarity\tflags\tkeys\tredis-8.10.2\tvalkey-9.1.2\tdeprecated\n";
        assert_eq!(releases(heading), ["redis-8.10.2", "valkey-9.1.2"]);
        assert_eq!(releases(""), ["", ""]);
    }
}
