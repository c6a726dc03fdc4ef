//! The fields of one section, read as what they mean.

use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{Info, heading};

/// The fields of a section, or the parts of one field.
pub(super) struct Section<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Section<'a> {
    /// `None` if the reply has no such section.
    pub(super) fn of(info: &'a Info, name: &str) -> Option<Self> {
        let is_there =
            info.text.lines().filter_map(heading).any(|heading| heading.eq_ignore_ascii_case(name));
        is_there.then(|| info.section(name).collect()).map(Self)
    }

    /// The parts of a value.
    pub(super) fn parts(value: &'a str) -> Self {
        Self(super::parts(value).collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().copied()
    }

    pub(super) fn field(&self, name: &str) -> Option<&'a str> {
        self.iter().find(|(field, _)| *field == name).map(|(_, value)| value)
    }

    /// A text; empty if there is none.
    pub(super) fn text(&self, name: &str) -> String {
        self.field(name).unwrap_or_default().to_owned()
    }

    /// A text that may be missing or empty.
    pub(super) fn some_text(&self, name: &str) -> Option<String> {
        self.field(name).filter(|text| !text.is_empty()).map(Into::into)
    }

    /// A number that not every server tells.
    pub(super) fn get<T: FromStr>(&self, name: &str) -> Option<T> {
        self.field(name)?.parse().ok()
    }

    /// A number; zero if there is none.
    pub(super) fn number<T: FromStr + Default>(&self, name: &str) -> T {
        self.get(name).unwrap_or_default()
    }

    /// Per cent, as in `98.41%`.
    pub(super) fn percent(&self, name: &str) -> f64 {
        let value = self.field(name).unwrap_or_default();
        value.trim_end_matches('%').parse().unwrap_or_default()
    }

    /// `1` for yes.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.field(name) == Some("1")
    }

    /// `ok` for yes.
    pub(super) fn is_ok(&self, name: &str) -> bool {
        self.field(name) == Some("ok")
    }

    /// Whole seconds; -1 is none.
    pub(super) fn seconds(&self, name: &str) -> Option<Duration> {
        self.get(name).map(Duration::from_secs)
    }

    /// Seconds with a fraction.
    pub(super) fn fraction(&self, name: &str) -> Option<Duration> {
        self.get(name).and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
    }

    /// A time in whole seconds since 1970.
    pub(super) fn time(&self, name: &str) -> Option<SystemTime> {
        UNIX_EPOCH.checked_add(self.seconds(name)?)
    }
}

/// Microseconds with a fraction, to the nanosecond.
pub(super) fn micros(text: &str) -> Option<Duration> {
    let micros: f64 = text.parse().ok()?;
    Duration::try_from_secs_f64(micros / 1e6).ok()
}
