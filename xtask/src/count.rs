//! How many tests passed, failed and were skipped, read from what the test runners print.

use std::fmt;
use std::ops::AddAssign;

/// A count of tests; prints as `5 passed, 0 failed, 1 skipped`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    /// Ignored, or left out by a filter.
    pub(crate) skipped: u64,
}

impl Count {
    /// Reads nextest's last line: `Summary [   0.003s] 4 tests run: 2 passed (1 slow), 1 failed, 1 timed out, 3 skipped`.
    pub(crate) fn from_nextest(line: &str) -> Option<Self> {
        let line = without_colours(line);
        let (_, counts) = line.trim_start().strip_prefix("Summary [")?.split_once(" run: ")?;
        Some(Self::tally(without_parentheses(counts).split(',')))
    }

    /// Reads cargo test's last line for a binary: `test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; ..`.
    pub(crate) fn from_libtest(line: &str) -> Option<Self> {
        let line = without_colours(line);
        let (_, counts) = line.trim_start().strip_prefix("test result: ")?.split_once(". ")?;
        Some(Self::tally(counts.split(';')))
    }

    /// Adds up parts such as `2 passed`. A word that says neither good nor harmless counts as failed.
    fn tally<'a>(parts: impl Iterator<Item = &'a str>) -> Self {
        let mut count = Self::default();
        for part in parts {
            let Some((number, word)) = part.trim().split_once(' ') else { continue };
            let Ok(number) = number.parse::<u64>() else { continue };
            match word {
                "passed" => count.passed += number,
                "skipped" | "ignored" | "filtered out" => count.skipped += number,
                "measured" => {}
                _ => count.failed += number,
            }
        }
        count
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { passed, failed, skipped } = self;
        write!(f, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

/// Drops escape sequences such as `ESC [ 32 m`.
fn without_colours(line: &str) -> String {
    let mut pieces = line.split("\x1b[");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        plain.push_str(piece.split_once('m').map_or(piece, |(_, rest)| rest));
    }
    plain
}

fn without_parentheses(text: &str) -> String {
    let mut depth = 0_u32;
    let outside = |c: &char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    };
    text.chars().filter(outside).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(passed: u64, failed: u64, skipped: u64) -> Option<Count> {
        Some(Count { passed, failed, skipped })
    }

    #[test]
    fn nextest() {
        let cases = [
            ("     Summary [   0.003s] 2 tests run: 2 passed, 0 skipped", count(2, 0, 0)),
            ("     Summary [   0.003s] 1 test run: 1 passed, 4 skipped", count(1, 0, 4)),
            (
                "     Summary [   1.2s] 3/9 tests run: 1 passed (1 slow, 2 leaky), 1 failed, 1 timed out, 7 skipped",
                count(1, 2, 7),
            ),
            ("     Summary [   0.0s] 0 tests run: 0 passed, 3 skipped", count(0, 0, 3)),
            (
                "\x1b[32;1m     Summary\x1b[0m [   0.003s] \x1b[1m2\x1b[0m tests run: \x1b[1m2\x1b[0m \
                 \x1b[32;1mpassed\x1b[0m, \x1b[1m0\x1b[0m \x1b[33;1mskipped\x1b[0m",
                count(2, 0, 0),
            ),
            ("        PASS [   0.002s] xtask::bin/xtask count::tests::nextest", None),
            ("", None),
        ];
        for (line, expected) in cases {
            assert_eq!(Count::from_nextest(line), expected, "{line:?}");
        }
    }

    #[test]
    fn libtest() {
        let cases = [
            (
                "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.00s",
                count(5, 0, 3),
            ),
            (
                "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.50s",
                count(1, 2, 0),
            ),
            (
                "test result: \x1b[32mok\x1b[m. 1 passed; 0 failed; 0 ignored; 7 measured; 0 filtered out; \
                 finished in 0.31s; merged doctests compilation took 0.30s",
                count(1, 0, 0),
            ),
            ("test count::tests::libtest ... ok", None),
            ("", None),
        ];
        for (line, expected) in cases {
            assert_eq!(Count::from_libtest(line), expected, "{line:?}");
        }
    }

    #[test]
    fn prints_the_closing_line() {
        let mut sum = Count { passed: 40, failed: 1, skipped: 2 };
        sum += Count { passed: 2, failed: 0, skipped: 0 };
        assert_eq!(sum.to_string(), "42 passed, 1 failed, 2 skipped");
    }
}
