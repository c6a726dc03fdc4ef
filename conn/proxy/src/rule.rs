//! A fault that a test asks for by name: which request, and what is done to it.

use std::time::Duration;

use crate::Fault;
use crate::plan::{Blow, Place};

/// Says which requests suffer a fault; by default every one.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use proxy::{Fault, Rule};
///
/// // The 3rd GET: its reply is lost.
/// let lost = Rule::new(Fault::DropReply).command("GET").nth(3);
/// // Every request is late by 20 ms.
/// let slow = Rule::new(Fault::DelayRequest).delay(Duration::from_millis(20));
/// // Of the first reply of all, the first byte comes.
/// let cut = Rule::new(Fault::CutReply).nth(1).byte(1);
/// ```
#[derive(Debug, Clone)]
pub struct Rule {
    pub(crate) fault: Fault,
    pub(crate) command: Option<String>,
    nth: Option<u64>,
    delay: Duration,
    byte: Place,
    /// Requests so far that it was meant for.
    seen: u64,
}

impl Rule {
    /// A rule that does this to every request.
    pub fn new(fault: Fault) -> Self {
        Self { fault, command: None, nth: None, delay: Duration::ZERO, byte: Place::At(0), seen: 0 }
    }

    /// Only to commands of this name, in whatever case.
    #[must_use]
    pub fn command(mut self, name: &str) -> Self {
        self.command = Some(name.to_owned());
        self
    }

    /// Only to the `nth` of them, over all connections, from when the rule was made known; the first is 1.
    #[must_use]
    pub fn nth(mut self, nth: u64) -> Self {
        self.nth = Some(nth);
        self
    }

    /// How long a delay is, by default not at all.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// How many bytes go through before a cut, or which of the bytes of its structure a flip flips; by default 0.
    /// More than there are means all, and the last.
    #[must_use]
    pub fn byte(mut self, byte: usize) -> Self {
        self.byte = Place::At(byte);
        self
    }

    /// What it does to this request, which is the next one of that name.
    pub(crate) fn judge(&mut self, name: Option<&[u8]>) -> Option<Blow> {
        let is_meant = match (&self.command, name) {
            (None, _) => true,
            (Some(command), Some(name)) => command.as_bytes().eq_ignore_ascii_case(name),
            (Some(_), None) => false,
        };
        if !is_meant {
            return None;
        }
        self.seen += 1;
        let is_hit = self.nth.is_none_or(|nth| nth == self.seen);
        is_hit.then_some(Blow { fault: self.fault, delay: self.delay, place: self.byte })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_nth_of_a_name() {
        let mut rule = Rule::new(Fault::Twice).command("get").nth(2);
        let hit: Vec<_> =
            ["GET", "SET", "GET", "Get"].iter().map(|name| rule.judge(Some(name.as_bytes()))).collect();
        assert_eq!(hit.iter().map(Option::is_some).collect::<Vec<_>>(), [false, false, true, false]);
    }

    #[test]
    fn every_request_when_nothing_is_said() {
        let mut rule = Rule::new(Fault::Flip).byte(7);
        assert!((0..3).all(|_| rule.judge(None).is_some_and(|blow| blow.place == Place::At(7))));
    }
}
