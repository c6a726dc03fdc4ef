//! The nodes of a large reply, kept for the next large one, which would otherwise fault in every page anew: a list of a
//! million elements has 4,096 pages of them, and a fault took 2.6 µs on a virtual machine (November 2026).
//!
//! One maker of replies in a process keeps them, however many there are, and at most [`MOST`] nodes. It lets go of them
//! with its next small reply, or when it is dropped. They are its own again when nobody holds the reply any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Node;

/// What a maker of replies keeps of its last large one.
#[derive(Debug, Default)]
pub(crate) struct Spare {
    nodes: Option<Arc<Vec<Node>>>,
    /// It is the one that may keep some.
    is_chosen: bool,
}

/// Somebody is chosen. It guards no memory, so that no order of other accesses matters.
static CHOSEN: AtomicBool = AtomicBool::new(false);

/// More nodes than these are not kept: 32 MiB.
const MOST: usize = 2 << 20;

impl Spare {
    /// Keeps the nodes of a large reply.
    #[cold]
    pub(super) fn keep(&mut self, nodes: &Arc<Vec<Node>>) {
        self.is_chosen |= !CHOSEN.swap(true, Ordering::Relaxed);
        self.nodes = (self.is_chosen && nodes.capacity() <= MOST).then(|| Arc::clone(nodes));
    }

    /// Whether a small reply has something to let go of.
    #[inline]
    pub(crate) fn is_kept(&self) -> bool {
        self.is_chosen
    }

    /// After a small reply nothing is kept.
    #[cold]
    pub(crate) fn let_go(&mut self) {
        self.nodes = None;
        if std::mem::take(&mut self.is_chosen) {
            CHOSEN.store(false, Ordering::Relaxed);
        }
    }

    /// Moves `nodes` to the memory that is kept, if there is some and nobody uses it.
    #[cold]
    pub(super) fn lend(&mut self, nodes: &mut Vec<Node>) {
        let kept = self.nodes.take().and_then(|nodes| Arc::try_unwrap(nodes).ok());
        if let Some(mut kept) = kept.filter(|kept| kept.capacity() > nodes.capacity()) {
            kept.clear();
            kept.append(nodes);
            *nodes = kept;
        }
    }
}

impl Drop for Spare {
    fn drop(&mut self) {
        self.let_go();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{MOST, Spare};
    use crate::tape::Node;

    const LARGE: usize = 100_000;

    fn large(capacity: usize) -> Arc<Vec<Node>> {
        Arc::new(Vec::with_capacity(capacity))
    }

    fn lent(spare: &mut Spare) -> usize {
        let mut nodes = vec![Node::integer(7)];
        spare.lend(&mut nodes);
        assert!(matches!(&nodes[..], [node] if node.value() == 7));
        nodes.capacity()
    }

    // One test, for one is chosen in a process.
    #[test]
    fn it_is_there_once_for_one_unless_it_is_held_let_go_or_too_large() {
        let mut spare = Spare::default();
        while !spare.is_kept() {
            spare.keep(&large(LARGE)); // another test of this process may be chosen
        }
        assert_eq!(lent(&mut spare), LARGE);
        assert!(lent(&mut spare) < LARGE, "it is taken");
        let held = large(LARGE);
        spare.keep(&held);
        assert!(lent(&mut spare) < LARGE, "the reply is still held");
        spare.keep(&large(MOST + 1));
        assert!(lent(&mut spare) < LARGE, "it is more than is kept");

        let mut other = Spare::default();
        other.keep(&large(LARGE));
        assert!(!other.is_kept() && lent(&mut other) < LARGE, "another one is chosen");
        spare.keep(&large(LARGE));
        spare.let_go();
        assert!(lent(&mut spare) < LARGE, "it was let go");
        while !other.is_kept() {
            other.keep(&large(LARGE));
        }
        assert_eq!(lent(&mut other), LARGE);
    }
}
