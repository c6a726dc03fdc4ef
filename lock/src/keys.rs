//! The keys of a lock: its name, and what belongs to it, in the same slot of a cluster.

use std::sync::atomic::AtomicBool;

/// What lies at the key, and so which scripts are for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A token.
    Lock,
    /// The tokens of so many holders at most.
    Permits(u32),
}

/// The keys of one lock, spelt once.
#[derive(Debug)]
pub(crate) struct Keys {
    pub(crate) kind: Kind,
    /// The name.
    pub(crate) lock: String,
    /// The last fence.
    pub(crate) fence: String,
    /// Who waits, in order.
    pub(crate) queue: String,
    /// Until when each of them counts as alive.
    pub(crate) alive: String,
    /// There while somebody waits for a signal.
    pub(crate) marker: String,
    /// Where a release leaves it.
    pub(crate) signal: String,
    /// What the name of each waiter's mailbox begins with.
    pub(crate) mailboxes: String,
    /// When it was last looked, somebody else wanted the lock too. A guess at what the next request should be.
    pub(crate) busy: AtomicBool,
}

impl Keys {
    pub(crate) fn of(lock: String) -> Self {
        Self::with_kind(lock, Kind::Lock)
    }

    pub(crate) fn with_kind(lock: String, kind: Kind) -> Self {
        // The first `{`, and the first `}` behind it with something between, as the server looks for them.
        let has_tag = lock.split_once('{').is_some_and(|(_, rest)| rest.find('}').is_some_and(|at| at > 0));
        let side = |what: &str| if has_tag { format!("{lock}:{what}") } else { format!("{{{lock}}}:{what}") };
        Self {
            kind,
            fence: side("fence"),
            queue: side("queue"),
            alive: side("alive"),
            marker: side("waits"),
            signal: side("signal"),
            mailboxes: side("mail:"),
            busy: AtomicBool::new(false),
            lock,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_a_lock_lies_in_its_slot() {
        for (lock, fence) in [
            ("a", "{a}:fence"),
            ("a{b}", "a{b}:fence"),
            ("a{b", "{a{b}:fence"),
            ("}{b}", "}{b}:fence"),
            ("{}a", "{{}a}:fence"),
        ] {
            assert_eq!(Keys::of(lock.into()).fence, fence);
        }
    }
}
