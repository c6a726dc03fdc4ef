//! Threads of one process that want the same lock stand in line here; only the first of them talks to the server.
//!
//! So a process has one waiter for a name, however many threads it has, and they are served in order.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

/// All lines of one process.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    lines: Mutex<HashMap<String, VecDeque<Waiter>>>,
}

/// A place in a line; dropping it leaves the line.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    gate: &'a Gate,
    name: &'a str,
    number: u64,
}

#[derive(Debug)]
struct Waiter {
    number: u64,
    thread: Thread,
}

impl Gate {
    /// Goes to the end of the line.
    pub(crate) fn enter<'a>(&'a self, name: &'a str) -> Place<'a> {
        let mut lines = self.lines();
        let thread = thread::current();
        let number = match lines.get_mut(name) {
            Some(line) => {
                let number = line.back().map_or(0, |last| last.number + 1);
                line.push_back(Waiter { number, thread });
                number
            }
            None => {
                lines.insert(name.to_owned(), VecDeque::from([Waiter { number: 0, thread }]));
                0
            }
        };
        Place { gate: self, name, number }
    }

    /// Nothing panics under this lock.
    fn lines(&self) -> MutexGuard<'_, HashMap<String, VecDeque<Waiter>>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place<'_> {
    pub(crate) fn is_first(&self) -> bool {
        self.gate
            .lines()
            .get(self.name)
            .and_then(VecDeque::front)
            .is_none_or(|first| first.number == self.number)
    }

    /// Waits to be the first, at most until `end`; may return earlier.
    pub(crate) fn rest(&self, end: Instant) {
        let left = end.saturating_duration_since(Instant::now());
        if !left.is_zero() && !self.is_first() {
            thread::park_timeout(left.min(Duration::from_secs(3600)));
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut lines = self.gate.lines();
        let Some(line) = lines.get_mut(self.name) else { return };
        line.retain(|waiter| waiter.number != self.number);
        match line.front() {
            Some(first) => first.thread.unpark(),
            None => drop(lines.remove(self.name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_goes_and_the_next_is_first() {
        let gate = Gate::default();
        let (one, two, other) = (gate.enter("a"), gate.enter("a"), gate.enter("b"));
        assert!(one.is_first() && !two.is_first() && other.is_first());
        let three = gate.enter("a");
        drop(two);
        assert!(one.is_first() && !three.is_first());
        drop(one);
        assert!(three.is_first());
        drop((three, other));
        assert!(gate.lines().is_empty());
    }

    #[test]
    fn who_rests_is_woken() {
        let gate = Gate::default();
        let one = gate.enter("a");
        thread::scope(|scope| {
            let waiting = scope.spawn(|| {
                let two = gate.enter("a");
                let begin = Instant::now();
                while !two.is_first() {
                    two.rest(begin + Duration::from_secs(20));
                }
                begin.elapsed()
            });
            thread::sleep(Duration::from_millis(20));
            drop(one);
            assert!(waiting.join().unwrap() < Duration::from_secs(10));
        });
    }
}
