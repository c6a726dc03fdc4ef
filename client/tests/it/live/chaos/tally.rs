//! What has come of all calls, and what must not have.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use client::{Error, Outcome};

/// A call may end so much later than its limit.
const GRACE: Duration = Duration::from_millis(100);

/// The counts of one caller, or of all.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) calls: u64,
    pub(super) commands: u64,
    /// Commands with the right reply.
    pub(super) answered: u64,
    /// Commands with an error of the server's, by code.
    refused: BTreeMap<String, u64>,
    /// Calls that failed.
    not_sent: u64,
    unknown: u64,
    /// What was wrong with them, without addresses and numbers.
    reasons: BTreeMap<String, u64>,
    pub(super) crossed: Vec<String>,
    pub(super) corrupt: Vec<String>,
    late: Vec<String>,
    /// The longest call, and what of it was the client's own time.
    longest: (Duration, Duration),
}

impl Tally {
    pub(super) fn took(&mut self, took: Duration, own: Duration, limit: Duration, name: impl Fn() -> String) {
        self.longest = self.longest.max((took, own));
        if own > limit + GRACE {
            self.late.push(format!("{} took {took:?}, {own:?} of its own", name()));
        }
    }

    pub(super) fn refused(&mut self, code: &str) {
        *self.refused.entry(code.to_owned()).or_default() += 1;
    }

    pub(super) fn failed(&mut self, error: &Error) {
        match error.outcome() {
            Outcome::NotSent => self.not_sent += 1,
            Outcome::Unknown => self.unknown += 1,
            Outcome::Answered => panic!("{error}: each command was caught"),
        }
        let text = error.to_string();
        let text = text.split_once(": ").map_or(&*text, |(_, text)| text);
        let plain = text.replace(|c: char| c.is_ascii_digit(), "").replace("...:", "PROXY");
        *self.reasons.entry(plain).or_default() += 1;
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.commands += other.commands;
        self.answered += other.answered;
        self.not_sent += other.not_sent;
        self.unknown += other.unknown;
        other
            .refused
            .iter()
            .for_each(|(code, count)| *self.refused.entry(code.clone()).or_default() += count);
        other
            .reasons
            .iter()
            .for_each(|(text, count)| *self.reasons.entry(text.clone()).or_default() += count);
        self.crossed.extend_from_slice(&other.crossed);
        self.corrupt.extend_from_slice(&other.corrupt);
        self.late.extend_from_slice(&other.late);
        self.longest = self.longest.max(other.longest);
    }

    /// Fails if a promise was broken, or if there was too little chaos for it to mean anything.
    #[track_caller]
    pub(super) fn check(&self) {
        assert_eq!(self.crossed, [""; 0], "crossed replies");
        assert_eq!(self.late, [""; 0], "calls that hung");
        // A restarted server says this while it reads its file.
        assert!(self.refused.keys().all(|code| code == "LOADING"), "{:?}", self.refused);
        assert!(self.answered > 1_000 && self.unknown > 10, "too little happened");
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { calls, commands, answered, refused, not_sent, unknown, longest, .. } = self;
        writeln!(
            f,
            "{calls} calls failed {not_sent} not sent, {unknown} unknown; of {commands} commands {answered} answered, refused {refused:?}"
        )?;
        writeln!(
            f,
            "crossed {}, corrupt {}, late {}; the longest call took {:.1?} ({:.1?} of its own)",
            self.crossed.len(),
            self.corrupt.len(),
            self.late.len(),
            longest.0,
            longest.1
        )?;
        let reasons: Vec<_> =
            self.reasons.iter().map(|(text, count)| format!("  {count} × {text}")).collect();
        f.write_str(&reasons.join("\n"))
    }
}
