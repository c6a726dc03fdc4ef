//! The memory of a large reply, kept for the next large one, which would otherwise fault in every page anew: with
//! `LRANGE` of a million elements that is a fifth of the page faults.
//!
//! There is at most one in a process, however many connections it has, and of at most [`MOST`] bytes. Who left it takes
//! it away with its next small reply, or when it is closed. It never waits for a lock, so that neither another thread
//! nor a fork can hold anybody up.

use std::sync::{Mutex, TryLockError};

use bytes::BytesMut;

static SPARE: Mutex<Option<BytesMut>> = Mutex::new(None);

/// More than this is not kept: room for a reply of some 32 MB that has grown by doubling.
pub(crate) const MOST: usize = 64 << 20;

/// Leaves the memory of a reply, of so many bytes, for the next one. The reply may still be in use.
pub(crate) fn leave(memory: BytesMut, capacity: usize) {
    if capacity <= MOST {
        put(Some(memory));
    }
}

/// Lets go of what was left.
pub(crate) fn forget() {
    put(None);
}

/// The same bytes in the memory that was left, with the room that is in it. As they were if there is none, if it is
/// smaller, or if somebody still holds the reply in it.
pub(crate) fn moved(bytes: BytesMut) -> BytesMut {
    let Some(mut spare) = put(None) else { return bytes };
    if !spare.try_reclaim(bytes.capacity()) {
        return bytes;
    }
    spare.extend_from_slice(&bytes);
    spare
}

/// What was there before, to be let go outside the lock. Whoever does not get the lock finds nothing, and leaves nothing.
fn put(memory: Option<BytesMut>) -> Option<BytesMut> {
    let mut slot = match SPARE.try_lock() {
        Ok(slot) => slot,
        Err(TryLockError::Poisoned(slot)) => slot.into_inner(),
        Err(TryLockError::WouldBlock) => return memory,
    };
    std::mem::replace(&mut *slot, memory)
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;

    use super::{MOST, forget, leave, moved};

    /// The memory of a reply of 1 MiB, which is left, and the reply.
    fn left(capacity: usize) -> BytesMut {
        let mut memory = BytesMut::zeroed(1 << 20);
        let reply = memory.split_to(1 << 20);
        leave(memory, capacity);
        reply
    }

    fn moved_capacity() -> usize {
        let bytes = moved(BytesMut::from(&b"begun"[..]));
        assert_eq!(bytes, b"begun"[..]);
        bytes.capacity()
    }

    // One test, for there is one spare.
    #[test]
    fn it_is_there_once_unless_it_is_held_forgotten_or_too_large() {
        assert!(moved_capacity() < 1 << 20);
        drop(left(1 << 20));
        assert_eq!(moved_capacity(), 1 << 20);
        assert!(moved_capacity() < 1 << 20, "it is taken");
        let held = left(1 << 20);
        assert!(moved_capacity() < 1 << 20, "the reply is still held");
        assert!(held.iter().all(|byte| *byte == 0));
        drop(left(1 << 20));
        forget();
        assert!(moved_capacity() < 1 << 20, "it was let go");
        drop(left(MOST + 1));
        assert!(moved_capacity() < 1 << 20, "it is more than is kept");
    }
}
