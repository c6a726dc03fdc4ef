//! A distributed lock on Redis for Rust threads: ownership with an end.
//!
//! A [`Lock`] is a name with settings; a [`LockGuard`] is ownership, until it is released or its time is over. On
//! the wire it is redis-py's lock (same key, same value, same expiry), so that a Rust and a Python process exclude
//! each other.
//!
//! ```
//! use lock::LockExt;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
//! # client.del("doc:report:fence")?;
//! // The resource remembers the largest fence that it has seen, and refuses a smaller one.
//! let store = "
//!     local seen = tonumber(redis.call('HGET', KEYS[1], 'fence') or '0')
//!     if tonumber(ARGV[1]) < seen then return 0 end
//!     redis.call('HSET', KEYS[1], 'fence', ARGV[1], 'text', ARGV[2])
//!     return 1";
//!
//! let guard = client.lock("doc:report").fenced(true).acquire()?;
//! let fence = guard.fence().expect("it is fenced").get();
//! let stored: bool = client.eval(store, "doc:report:fence", (fence, "the text"))?;
//! assert!(stored);
//! guard.release()?;
//!
//! let late: bool = client.eval(store, "doc:report:fence", (fence - 1, "from somebody who slept"))?;
//! assert!(!late);
//! # Ok(())
//! # }
//! ```
//!
//! # What a lease promises, and what not
//! Data on the same Redis needs no fence: [`LockGuard::guarded`] looks at the lock and does the work in one step.
//!
//! The server lets go of the lock when its time is over, whatever the holder is doing then: a process that is
//! stopped for longer than that may go on working while another one holds the lock. No lock with an end can prevent it,
//! for between the holder's look at the clock and his write he can be stopped. Where that must not happen, the
//! resource itself has to refuse a late writer, as above. For all else the holder looks at
//! [`LockGuard::check`] between the steps of his work: it costs no I/O, and tells of the loss by the holder's own clock
//! before the server lets go.
//!
//! One Redis that loses its memory loses the locks in it: after a restart without persistence, or a failover to a replica
//! that has not heard of the last write, a second holder may get the lock while the first one goes on. The first one is
//! told when the keeper renews next. Fences grow all the same. [`Durability`] narrows the window, [`Locks::preflight`] says
//! what about a server widens it.
//!
//! # Who is next
//! Who waits stands in line, and is woken by the one who releases the lock: that costs four requests, however many wait.
//! Threads of one process are one waiter, with one connection of the manager's. [`Lock::fair`] and [`Lock::wait`] have
//! other ways. Holders that wake nobody, such as redis-py's, are looked at every [`Lock::sleep`] by the first in line. A
//! wake-up is a hint: each wait ends all the same when the holder's time is over.
//!
//! # Faults, what is promised, and the test
//! The tests are in `lock/tests/it/live`; those marked *slow* do more with `cargo xtask test --slow`.
//!
//! | fault | promise | test |
//! |---|---|---|
//! | the holder is killed | the next one gets the lock when its time is over, within 0.5 s | `f01_…` |
//! | the holder stands still for longer than his time | his first step afterwards tells him; he neither extends nor deletes what is another's | `f02_…` |
//! | the system sleeps | invalid at once: the clock goes on | `f03_…` |
//! | the server restarts without persistence | told at the next renewal | `f04_…` |
//! | the server is killed | what [`Durability::Aof`] has acknowledged is still there | `f05_…` |
//! | a failover loses the lock | told at the next renewal, and the next fence is larger; with [`Durability::Replicas`] it is not acquired in the first place, and a renewal that too few have does not count | `f06_…` |
//! | the reply to acquire is lost | ours, with the same token; or [`LockError::Indeterminate`] and released within a second; never "somebody else has it" | `f09_…` |
//! | the request to acquire is lost | sent again | `f10_…` |
//! | the request arrives after the caller has gone | released by the keeper, also if a release overtook it | `f11_…` |
//! | the reply to release is lost | no error; the next one has the lock at once | `f12_…` |
//! | the reply to extend is lost | the time is added once | `f13_…` |
//! | the server is down at the release | [`LockGuard::release`] gives the guard back, a drop takes 250 ms at most, the keeper goes on trying | `f14_…` |
//! | the network swallows everything, or the replies alone | lost by the holder's own clock, before the server lets go; called within 50 ms | `f15_…`, `f16_…` |
//! | the machine is busy | renewals come in time, or the holder knows (*slow*: 10 minutes) | `f17_…` |
//! | the client's pool is full | renewal and release need none of its connections | `f18_…` |
//! | a callback takes its time | it holds up nobody | `f19_…` |
//! | the lock is evicted | [`Locks::preflight`] warns; told at the next renewal | `f26_…` |
//! | memory is full, replicas are missing, the server is a replica, scripts are gone, a waiter is unblocked | extended and released when memory is full; told by the server's code; nothing is lost | `f27_…` |
//! | many processes | they exclude each other however they wait; in line each gets its turn (*slow*: 50 × 200) | `f20_…` |
//! | all of it together | no write that its writer stands by comes behind one of a later holder (*slow*: 2 minutes) | `f21_…` |
//! | a fork | the child owns nothing, the parent all; the child's tokens and connections are its own | `f22_…` |
//! | a panic, a forgotten guard | released; ended by [`Lock::max_hold`] | `f23_…` |
//! | an inner guard asks for less time than the outer | the time never gets shorter | `f24_…` |
//! | an administrator deletes, replaces, renames or persists the key | told at the next renewal; what is another's is never deleted | `f25_…` |
//! | the first in line is dead | passed over; who only stood still is in line again | `f28_…` |
//! | the lock was handed to somebody who dies at that moment | free after a second | `f29_…` |
//! | the release comes between a look and the wait | the wait ends at once (*slow*: 10,000 times) | `f30_…` |
//! | the connection of a waiter ends | he keeps his place | `f35_…` |
//! | the program ends | [`Locks::close`] releases all in one flight | `f36_…` |
//!
//! # For those who come from redis-py
//! | redis-py | here |
//! |---|---|
//! | `client.lock(name, timeout=, sleep=, blocking=, blocking_timeout=)` | `client.lock(name).timeout(…).sleep(…).blocking(…).blocking_timeout(…)` |
//! | `lock.acquire()` | [`Lock::acquire`]; a failure is an error, not `False` |
//! | `lock.acquire(blocking=False)`, `lock.acquire(blocking_timeout=x)` | [`Lock::try_acquire`], [`Lock::acquire_for`] |
//! | `lock.acquire(token=…)` | [`Lock::token`] |
//! | `with lock:` | a [`LockGuard`] in a scope, or [`Lock::with`] |
//! | `lock.locked()`, `lock.owned()` | [`Lock::locked`], [`LockGuard::owned`] |
//! | `lock.release()`, `lock.reacquire()` | [`LockGuard::release`], [`LockGuard::reacquire`] |
//! | `lock.extend(t)`, `lock.extend(t, replace_ttl=True)` | [`LockGuard::extend`], [`LockGuard::extend_to`] |
//! | `lock.name`, `lock.local.token` | [`Lock::name`], [`LockGuard::token`] |
//! | `LockError`, `LockNotOwnedError` | [`LockError`], [`LockError::is_not_owned`] |
//! | `thread_local`, `lock_class` | none: the token is in the guard, which any thread may release |
//!
//! What is different: a lock has an end unless [`Lock::no_timeout`] says otherwise, and a timeout of zero is an error.
//! `blocking_timeout` is kept to the millisecond instead of ending up to one `sleep` early. A thread that waits without
//! limit for a lock that it holds is told so at once. Time cannot be taken away by extending.
#![forbid(unsafe_code)]

// What a user sees.
mod locks;
pub use locks::{HeldInfo, Locks, LocksBuilder};
mod lock;
pub use lock::{Lock, LockExt, OwnerInfo, Renew, Wait};
mod guard;
pub use guard::{LockGuard, ReleaseError};
mod semaphore;
pub use semaphore::{Permit, Semaphore};
mod lost;
pub use lost::{Lost, LostReason, LostSignal};
mod fence;
pub use fence::Fence;
mod guarded;
pub use guarded::Guarded;
mod durability;
pub use durability::Durability;
mod preflight;
pub use preflight::{Preflight, Warning};
mod event;
pub use event::Event;
mod clock;
pub use clock::{BootClock, Clock};
mod token;
pub use token::Token;
mod error;
pub use error::{LockError, NotOwned};

// How it is done.
mod acquire;
mod attempts;
mod gate;
mod held;
mod keeper;
mod keys;
mod plain;
mod script;
