//! What libFuzzer prints, line by line.

/// What a target has said so far.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Log {
    /// Inputs tried.
    pub(super) runs: u64,
    /// Places in the code that were reached.
    pub(super) coverage: u64,
    /// Places, and how often they were reached: what tells two inputs apart.
    pub(super) features: u64,
    /// Inputs worth keeping.
    pub(super) corpus: u64,
    /// The file with an input that broke something.
    pub(super) finding: Option<String>,
    /// Whatever else was said, the end of it.
    pub(super) said: Vec<String>,
}

impl Log {
    /// Reads one line: `#507578 DONE   cov: 365 ft: 1351 corp: 380/38Kb lim: 4096 exec/s: 101515 rss: 28Mb`.
    pub(super) fn read(&mut self, line: &str) {
        let number = |word: &str| word.split('/').next().and_then(|digits| digits.parse().ok());
        if let Some(status) = line.strip_prefix('#') {
            let words: Vec<_> = status.split_whitespace().collect();
            self.runs = words.first().copied().and_then(number).unwrap_or(self.runs);
            for pair in words.windows(2) {
                let Some(value) = number(pair[1]) else { continue };
                match pair[0] {
                    "cov:" => self.coverage = value,
                    "ft:" => self.features = value,
                    "corp:" => self.corpus = value,
                    _ => {}
                }
            }
        } else if let Some((_, path)) = line.split_once("Test unit written to ") {
            self.finding = Some(path.to_owned());
        } else if let Some(runs) = line.strip_prefix("stat::number_of_executed_units:") {
            self.runs = number(runs.trim()).unwrap_or(self.runs);
        } else if !NOISE.iter().any(|noise| line.starts_with(noise)) {
            self.said.push(line.to_owned());
            if self.said.len() > QUOTED {
                // The first lines say what, the last ones where.
                self.said.remove(QUOTED / 2);
            }
        }
    }

    /// What it said besides numbers, for a failure.
    pub(super) fn tail(&self) -> String {
        self.said.iter().map(|line| format!("    {line}\n")).collect()
    }
}

const QUOTED: usize = 24;
const NOISE: [&str; 6] =
    ["INFO:", "WARNING: Failed to find function", "Dictionary:", "stat::", "\"", "###### "];

#[cfg(test)]
mod tests {
    use super::*;

    fn log(lines: &[&str]) -> Log {
        let mut log = Log::default();
        lines.iter().for_each(|line| log.read(line));
        log
    }

    #[test]
    fn numbers_are_the_last_ones() {
        let found = log(&[
            "INFO: Seed: 182903857",
            "#455\tINITED cov: 618 ft: 2207 corp: 361/24Kb exec/s: 0 rss: 51Mb",
            "#507578\tDONE   cov: 620 ft: 2532 corp: 455/56Kb lim: 8192 exec/s: 5178 rss: 495Mb L: 41/6158 MS: 1 EraseBytes-",
            "###### Recommended dictionary. ######",
            "\"\\000\\000\" # Uses: 240",
            "stat::number_of_executed_units: 507579",
        ]);
        let expected = Log { runs: 507_579, coverage: 620, features: 2_532, corpus: 455, ..Log::default() };
        assert_eq!(found, expected);
    }

    #[test]
    fn a_finding_is_named_and_explained() {
        let found = log(&[
            "#9 NEW cov: 1 ft: 2 corp: 3/4b",
            "thread '<unnamed>' panicked at fuzz_targets/parse.rs:7:5:",
            "no",
            "artifact_prefix='x/'; Test unit written to x/crash-1",
            "Base64: Kg==",
        ]);
        assert_eq!(found.finding.as_deref(), Some("x/crash-1"));
        assert_eq!(
            found.tail(),
            "    thread '<unnamed>' panicked at fuzz_targets/parse.rs:7:5:\n    no\n    Base64: Kg==\n"
        );
    }

    #[test]
    fn a_long_story_is_cut_in_the_middle() {
        let lines: Vec<_> = (0..100).map(|at| at.to_string()).collect();
        let found = log(&lines.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!((found.said.len(), &found.said[0][..], &found.said[23][..]), (QUOTED, "0", "99"));
    }
}
