//! A lazy blocking pool of anything, which knows when its process has forked.
//!
//! A pool has a number of slots and opens an item for a slot only when somebody needs it. Checkout gives an idle item if there is
//! one, opens one if there is room, and otherwise fails at once ([`Pool::try_get`]) or waits until a deadline ([`Pool::get`]).
//! What an item is and how it is opened is told by a [`Manage`]; the pool knows of nothing else.
//!
//! ```
//! use pool::{Manage, Pool, Settings};
//! use std::convert::Infallible;
//! use std::time::{Duration, Instant};
//!
//! struct Words;
//!
//! impl Manage for Words {
//!     type Item = String;
//!     type Error = Infallible;
//!
//!     fn open(&self, _deadline: Option<Instant>) -> Result<String, Infallible> {
//!         Ok(String::new())
//!     }
//!     fn check(&self, _item: &mut String, _idle: Duration, _: Option<Instant>) -> bool {
//!         true
//!     }
//!     fn is_clean(&self, item: &String) -> bool {
//!         !item.contains('?')
//!     }
//! }
//!
//! let pool = Pool::new(Words, Settings::default().max_size(8).max_idle(Duration::from_secs(60)))?;
//! let mut word = pool.get(Some(Instant::now() + Duration::from_secs(1)))?;
//! word.push_str("hello");
//! drop(word); // goes back
//! assert_eq!(*pool.get(None)?, "hello");
//! assert_eq!(pool.stats().created, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The life of an item
//! ```text
//!              open                   checkout                  drop(guard), clean
//!   permit ──────────▶ in use ◀──────────────────────── idle ◀────────────────────── in use
//!     ▲                  │                                │
//!     │                  │ drop(guard), not clean: dirty  │ at a checkout, in passing at a return, or reap()
//!     │                  │ drop(guard), too old:   age    │ max_idle: idle, max_age: age
//!     │                  │ discard():          discarded  │ check() says no at checkout: stale
//!     │                  │ the pool is closed:  shutdown  │ close(): shutdown
//!     │                  ▼                                ▼
//!     └──────────────── closed ◀──────────────────────────┘
//! ```
//! Opening, checking and closing happen outside every lock, on the thread that asked. If one of them fails or panics the slot becomes
//! a permit again and wakes a waiter. `idle + permits + in use` is always the size of the pool.
//!
//! # No thread
//! A pool does what it does on the threads that use it: a checkout opens, a return also closes a few idle items that are over their limits.
//! So one that nobody uses stays as it is, until [`Pool::reap`] and [`Pool::warm_up`] are called; or, if
//! [`Settings::maintain`] asks for it, a thread of its own calls them.
//!
//! # After a fork
//! A child has a copy of the pool, but not the threads which were using it. A lock that one of them held stays
//! locked for ever, and the items are still the parent's: a word said on them, even a goodbye, would be said in its name.
//!
//! So every checkout compares the process id. A child that finds another one starts with an empty state of
//! its own and never takes anything from the parent's again. It leaks the idle items; if they are connections, close-on-exec and the
//! end of the child take care of the descriptors. A guard that was held at the fork and is dropped in the child goes to
//! [`Manage::forget`], or is leaked too, and [`Guard::is_inherited`] tells. None of this waits for a lock of the parent's, so none of it
//! can hang. Children of children work the same way.

#![forbid(unsafe_code)]

mod manage;
pub use manage::Manage;

mod settings;
pub use settings::{InvalidSettings, Settings};

mod pool;
pub use pool::{Pool, WeakPool};

mod guard;
pub use guard::Guard;
mod lent;
pub use lent::Lent;

mod error;
pub use error::{Error, InUse};

mod events;
pub use events::Events;

mod stats;
pub use stats::{Closed, Reason, Stats};
mod waits;
pub use waits::Waits;

// What the pool does, in the order in which an item meets it.
mod checkout;
mod give_back;
mod maintain;
mod shut;
mod upkeep;

// What it does it with.
mod ages;
mod era;
mod shared;
mod slot;
mod slots;
