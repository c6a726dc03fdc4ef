//! The nodes of a large reply, kept for the next large one, which would otherwise fault in every page anew: a list of a
//! million elements has 4,096 pages of them, and a fault took 2.6 µs on a virtual machine (November 2026).
//!
//! There is at most one in a process, however many parsers it has, and of at most [`MOST`] nodes. A parser that has read
//! a large reply lets go of it with its next small one, or when it is dropped. Nobody ever waits for the lock, so that
//! neither another thread nor a fork can hold anybody up.

use std::sync::{Mutex, TryLockError};

use super::{Node, Tape};

static SPARE: Mutex<Vec<Node>> = Mutex::new(Vec::new());

/// More nodes than these are not kept: 32 MiB.
const MOST: usize = 2 << 20;

/// Whether the last tape was a large one, which is left for the next.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    is_large: bool,
}

impl Trace {
    /// A reply was made.
    #[inline]
    pub(crate) fn follow(&mut self, tape: &Tape) {
        let was_large = std::mem::replace(&mut self.is_large, matches!(tape, Tape::Large(_)));
        if was_large && !self.is_large {
            forget();
        }
    }

    /// Whether the next small reply has something to let go of.
    #[inline]
    pub(crate) fn is_large(&self) -> bool {
        self.is_large
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        if self.is_large {
            forget();
        }
    }
}

/// Leaves the nodes of a reply that nobody needs any more.
#[cold]
pub(super) fn leave(mut nodes: Vec<Node>) {
    if nodes.capacity() <= MOST {
        nodes.clear();
        drop(put(nodes));
    }
}

/// Lets go of what was left.
#[cold]
fn forget() {
    drop(put(Vec::new()));
}

/// Moves to the memory that was left, if there is more of it.
#[cold]
pub(super) fn move_to(nodes: &mut Vec<Node>) {
    let mut spare = put(Vec::new());
    if spare.capacity() > nodes.capacity() {
        spare.append(nodes);
        *nodes = spare;
    }
}

/// What was there before, to be let go outside the lock. Whoever does not get the lock finds nothing, and leaves nothing.
fn put(nodes: Vec<Node>) -> Vec<Node> {
    match SPARE.try_lock() {
        Ok(mut slot) => std::mem::replace(&mut slot, nodes),
        Err(TryLockError::Poisoned(slot)) => std::mem::replace(&mut slot.into_inner(), nodes),
        Err(TryLockError::WouldBlock) => nodes,
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, forget, leave, move_to};
    use crate::tape::Node;

    fn moved_capacity() -> usize {
        let mut nodes = vec![Node::integer(7)];
        move_to(&mut nodes);
        assert!(matches!(&nodes[..], [node] if node.value() == 7));
        nodes.capacity()
    }

    // One test, for there is one spare. Other tests of this process leave smaller ones.
    #[test]
    fn it_is_there_once_unless_it_is_forgotten_or_too_large() {
        const LARGE: usize = MOST - 1;
        leave(Vec::with_capacity(LARGE));
        assert_eq!(moved_capacity(), LARGE);
        assert!(moved_capacity() < LARGE, "it is taken");
        leave(Vec::with_capacity(LARGE));
        forget();
        assert!(moved_capacity() < LARGE, "it was let go");
        leave(Vec::with_capacity(MOST + 1));
        assert!(moved_capacity() < LARGE, "it is more than is kept");
    }
}
