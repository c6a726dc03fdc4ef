//! Why a checkout failed, and why a pool is not empty.

use std::time::Duration;

/// Why a checkout failed; `E` is the error of [`Manage::open`](crate::Manage::open).
///
/// # Example
/// ```
/// use std::time::Duration;
///
/// let error = pool::Error::<std::io::Error>::Timeout { max: 8, waited: Duration::from_millis(250) };
/// assert_eq!(error.to_string(), "no item of the pool came free in 250ms, all 8 are in use");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error<E> {
    /// Every item is in use; [`Pool::try_get`](crate::Pool::try_get) does not wait for one.
    #[error("the pool is exhausted, all {max} items are in use")]
    Exhausted {
        /// The size of the pool.
        max: usize,
    },

    /// The deadline came before an item did; see [`Pool::get`](crate::Pool::get).
    #[error("no item of the pool came free in {waited:?}, all {max} are in use")]
    Timeout {
        /// The size of the pool.
        max: usize,
        /// How long the caller waited.
        waited: Duration,
    },

    /// The pool is closed, or was closed while the caller waited; see [`Pool::close`](crate::Pool::close).
    #[error("the pool is closed")]
    Closed,

    /// There was room, but the item could not be opened.
    #[error("the pool could not open an item")]
    Open(#[source] E),
}

/// Items of a closed pool were still in use at the deadline; see [`Pool::drain`](crate::Pool::drain).
///
/// # Example
/// ```
/// assert_eq!(pool::InUse { items: 2 }.to_string(), "the closed pool still has 2 items in use");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the closed pool still has {items} {} in use", if *items == 1 { "item" } else { "items" })]
pub struct InUse {
    /// How many of them there were.
    pub items: usize,
}
