//! What the proxy has done so far.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::Fault;

/// How much went through a proxy, and which faults it has done how often.
///
/// A fault counts when it is done. One that was chosen for a reply which the server never gave does not count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Connections that were accepted.
    pub connections: u64,
    /// Requests that came from clients, or chunks of bytes.
    pub requests: u64,
    /// Replies that came from the server, or chunks of bytes; no pushes.
    pub replies: u64,
    faults: [u64; Fault::ALL.len()],
}

impl Counts {
    /// How often this fault was done.
    pub fn of(&self, fault: Fault) -> u64 {
        self.faults[fault as usize]
    }

    /// How many faults were done in all.
    pub fn faults(&self) -> u64 {
        self.faults.iter().sum()
    }
}

impl fmt::Display for Counts {
    /// One line: `3 connections, 9 requests, 8 replies; drop reply 1, flip 2`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { connections, requests, replies, .. } = self;
        write!(f, "{connections} connections, {requests} requests, {replies} replies")?;
        let done = Fault::ALL.into_iter().filter(|fault| self.of(*fault) > 0);
        for (index, fault) in done.enumerate() {
            write!(f, "{} {fault} {}", if index == 0 { ";" } else { "," }, self.of(fault))?;
        }
        Ok(())
    }
}

/// The counters themselves. Relaxed: each is exact, and they decide nothing.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) connections: AtomicU64,
    pub(crate) requests: AtomicU64,
    pub(crate) replies: AtomicU64,
    faults: [AtomicU64; Fault::ALL.len()],
}

impl Counters {
    pub(crate) fn done(&self, fault: Fault) {
        self.faults[fault as usize].fetch_add(1, Relaxed);
    }

    pub(crate) fn snapshot(&self) -> Counts {
        Counts {
            connections: self.connections.load(Relaxed),
            requests: self.requests.load(Relaxed),
            replies: self.replies.load(Relaxed),
            faults: std::array::from_fn(|index| self.faults[index].load(Relaxed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_has_its_own_counter() {
        let counters = Counters::default();
        for (times, fault) in Fault::ALL.into_iter().enumerate() {
            (0..times).for_each(|_| counters.done(fault));
        }
        let counts = counters.snapshot();
        assert_eq!((counts.of(Fault::DropReply), counts.of(Fault::Twice), counts.faults()), (1, 15, 120));
    }

    #[test]
    fn a_line_for_people() {
        let counters = Counters::default();
        counters.requests.fetch_add(9, Relaxed);
        assert_eq!(counters.snapshot().to_string(), "0 connections, 9 requests, 0 replies");
        counters.done(Fault::Twice);
        counters.done(Fault::DropReply);
        let text = "0 connections, 9 requests, 0 replies; drop reply 1, twice 1";
        assert_eq!(counters.snapshot().to_string(), text);
    }
}
