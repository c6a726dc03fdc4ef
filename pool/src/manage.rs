//! What a pool has to know about its items: how to open one, and which of them to keep.
//!
//! The pool calls these hooks with no lock held, so they may take their time and they may panic: the slot comes free again.
//! They must never call `get(None)` on the same pool (a full one would wait for itself), nor return in a child that they have forked.
//! In a forked child the pool calls `is_clean` and `forget` for items of the parent's, and nothing else.

use std::mem;
use std::time::{Duration, Instant};

/// Opens items and judges them; the only thing a [`Pool`](crate::Pool) knows about what it holds.
///
/// # Example
/// ```
/// use std::convert::Infallible;
/// use std::time::{Duration, Instant};
///
/// /// Hands out empty buffers, and keeps those that come back empty.
/// struct Buffers;
///
/// impl pool::Manage for Buffers {
///     type Item = Vec<u8>;
///     type Error = Infallible;
///
///     fn open(&self, _deadline: Option<Instant>) -> Result<Vec<u8>, Infallible> {
///         Ok(Vec::with_capacity(4096))
///     }
///     fn check(&self, _buffer: &mut Vec<u8>, _idle: Duration, _: Option<Instant>) -> bool {
///         true
///     }
///     fn is_clean(&self, buffer: &Vec<u8>) -> bool {
///         buffer.is_empty()
///     }
/// }
///
/// let pool = pool::Pool::new(Buffers, pool::Settings::default())?;
/// let buffer = pool.get(None)?;
/// assert_eq!(buffer.capacity(), 4096);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Manage: Send + Sync + 'static {
    /// What the pool holds. It is moved at each checkout and return, so a large one is better boxed.
    type Item: Send + 'static;

    /// Why an item could not be opened.
    type Error;

    /// Opens a new item, on the thread that asked for it.
    ///
    /// `deadline` is the one that was given to the checkout; keeping to it is the implementation's business, because the pool
    /// cannot interrupt it.
    ///
    /// # Errors
    /// Whatever keeps the item from opening; the caller finds it in [`Error::Open`](crate::Error::Open).
    fn open(&self, deadline: Option<Instant>) -> Result<Self::Item, Self::Error>;

    /// Returns whether an item that has been idle for so long is still fit for use.
    ///
    /// It is called at every checkout of an idle item that is not [fresh](crate::Settings::fresh), and as a rule should be a quick look without a round trip. `deadline` is
    /// the one of the checkout; keeping to it is the implementation's business. After a `false` the item is
    /// dropped and the pool takes the next idle one, or opens one.
    fn check(&self, item: &mut Self::Item, idle: Duration, deadline: Option<Instant>) -> bool;

    /// Returns whether an item that comes back may be used by somebody else.
    ///
    /// `false` means that it was left in the middle of something: it is dropped.
    ///
    /// It must only look at what this process has in memory: no system call, no lock. A forked child that drops a guard of its parent's
    /// may get here before it is told from its parent; what this returns makes no difference then.
    fn is_clean(&self, item: &Self::Item) -> bool;

    /// Takes an item that was checked out before a fork and is given up by the child.
    ///
    /// Not every such item gets here: one that was held for less than ten milliseconds in all may be leaked
    /// instead, as those that lay idle at the fork are.
    ///
    /// The item belongs to the parent, which goes on using it. The default leaks it: no destructor runs, so nothing is said
    /// to the other end and no lock is touched that another thread may have held at the fork. Override it only where
    /// dropping is plainly safe: where it closes a file descriptor and frees memory, and nothing else.
    fn forget(&self, item: Self::Item) {
        mem::forget(item);
    }
}
