//! What happens in a pool, told to whoever wants to know.
//!
//! A listener can neither stop nor break anything: it is called with no lock held, on the thread to which the event happens, and a
//! panic of its own ends there.

use std::time::Duration;

use crate::manage::Manage;
use crate::stats::Reason;

/// Listens to what happens in a pool; see [`Pool::with_events`](crate::Pool::with_events). Each method does nothing unless implemented.
///
/// A call comes on the thread to which the event happens, and that thread goes on when the listener has returned: it should be quick.
/// No lock of the pool is held, so a slow one only holds up its own caller, and it may ask the pool for its
/// [`stats`](crate::Pool::stats). A panic is caught (after the panic hook has had its say) and costs nothing else.
///
/// In a forked child it hears of what the child does, never of what was inherited.
///
/// # Example
/// ```
/// # use std::{convert::Infallible, time::{Duration, Instant}};
/// # struct Zeros;
/// # impl pool::Manage for Zeros {
/// #     type Item = u32;
/// #     type Error = Infallible;
/// #     fn open(&self, _: Option<Instant>) -> Result<u32, Infallible> { Ok(0) }
/// #     fn check(&self, _: &mut u32, _: Duration, _: Option<Instant>) -> bool { true }
/// #     fn is_clean(&self, _: &u32) -> bool { true }
/// # }
/// use std::sync::mpsc::{Sender, channel};
///
/// struct Diary(Sender<String>);
///
/// impl pool::Events<Zeros> for Diary {
///     fn opened(&self, item: &u32, _took: Duration) {
///         let _ = self.0.send(format!("opened {item}"));
///     }
///     fn closed(&self, reason: pool::Reason) {
///         let _ = self.0.send(format!("closed: {reason:?}"));
///     }
/// }
///
/// let (send, diary) = channel();
/// let pool = pool::Pool::with_events(Zeros, pool::Settings::default(), Diary(send))?;
/// pool.get(None)?.discard();
/// assert_eq!(diary.try_iter().collect::<Vec<_>>(), ["opened 0", "closed: Discarded"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Events<M: Manage>: Send + Sync + 'static {
    /// An item was opened, and it took so long.
    fn opened(&self, item: &M::Item, took: Duration) {
        let _ = (item, took);
    }

    /// An item could not be opened, and it took so long to find out.
    fn open_failed(&self, error: &M::Error, took: Duration) {
        let _ = (error, took);
    }

    /// An item was checked out, after a wait of so long for it to come free: zero if there was one at hand, or room.
    ///
    /// The time that opening took is not in it.
    fn checked_out(&self, item: &M::Item, waited: Duration) {
        let _ = (item, waited);
    }

    /// An item came back after so long, in whatever state; [`closed`](Self::closed) follows if it was not kept.
    fn returned(&self, item: &M::Item, held: Duration) {
        let _ = (item, held);
    }

    /// An item was closed.
    fn closed(&self, reason: Reason) {
        let _ = reason;
    }
}
