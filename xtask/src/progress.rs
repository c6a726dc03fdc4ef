//! Tells a waiting person what goes on: moving lines on a terminal, plain lines in a log.

use std::borrow::Cow;
use std::io::{IsTerminal, stderr};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// Several things that go on at the same time, a line each.
pub(crate) struct Progress {
    bars: MultiProgress,
}

/// One thing that goes on.
pub(crate) struct Line {
    name: String,
    bar: Option<ProgressBar>,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self { bars: MultiProgress::new() }
    }

    /// Adds a line, which shows nothing until its first step.
    pub(crate) fn line(&self, name: &str) -> Line {
        let bar = stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{spinner} {prefix:<14} {msg} {elapsed:.dim}");
            let bar = ProgressBar::new_spinner().with_prefix(name.to_owned());
            self.bars.add(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner())))
        });
        Line { name: name.to_owned(), bar }
    }
}

impl Line {
    /// Says what is being done now.
    pub(crate) fn step(&self, what: impl Into<Cow<'static, str>>) {
        let what = what.into();
        match &self.bar {
            None => eprintln!("{}: {what}", self.name),
            Some(bar) => {
                bar.enable_steady_tick(Duration::from_millis(100));
                bar.set_message(what);
            }
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
