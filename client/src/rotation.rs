//! Credentials that are replaced while connections live: tokens that expire.
//!
//! ```text
//!   rotate(new) ─▶ current ◀── asked by every connect, checkout and end of a call
//!       │
//!       └────────▶ every pool: idle connections are authenticated anew, at once
//! ```
//! There is no lock in it, so that a forked child cannot meet one that is held.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use arc_swap::ArcSwap;
use conn::Credentials;
use pool::WeakPool;

use crate::{Config, ConnectionPool, Connector};

/// Credentials that may be replaced while clients work. Clones are one and the same.
///
/// Whoever gets the tokens calls [`rotate`](Self::rotate); the clients follow. In a forked child it is a copy, to be
/// rotated by the child.
///
/// # Example
/// ```
/// use client::{Client, Config, Credentials, RotatingCredentials};
///
/// # fn main() -> Result<(), client::Error> {
/// let token = RotatingCredentials::new(Credentials::new("first token").username("ann"));
/// let config = "redis://localhost".parse::<Config>()?.rotating_credentials(&token);
/// let client = Client::new(&config)?;
/// // Later, in whatever thread knows of a new one:
/// token.rotate(Credentials::new("second token").username("ann"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RotatingCredentials(Arc<Inner>);

struct Inner {
    current: ArcSwap<Credentials>,
    pools: ArcSwap<Vec<WeakPool<Connector>>>,
}

impl RotatingCredentials {
    /// The credentials to begin with.
    pub fn new(credentials: Credentials) -> Self {
        let (current, pools) = (ArcSwap::from_pointee(credentials), ArcSwap::from_pointee(Vec::new()));
        Self(Arc::new(Inner { current, pools }))
    }

    /// Replaces the credentials. From now on connections are opened with the new ones; those that lie idle are
    /// authenticated anew before this returns, within 5 s in all, those in use when their call ends. A connection whose
    /// server refuses them is closed.
    pub fn rotate(&self, credentials: Credentials) {
        self.0.current.store(Arc::new(credentials));
        let deadline = Instant::now().checked_add(Config::TIMEOUT);
        for pool in self.0.pools.load().iter().filter_map(WeakPool::upgrade) {
            pool.recheck(deadline);
        }
    }

    /// What is valid now.
    pub(crate) fn current(&self) -> Arc<Credentials> {
        self.0.current.load_full()
    }

    /// Takes in a pool that is to follow; those that are gone go.
    pub(crate) fn register(&self, pool: &ConnectionPool) {
        self.0.pools.rcu(|pools| {
            let living = pools.iter().filter_map(WeakPool::upgrade).map(|pool| pool.downgrade());
            living.chain([pool.downgrade()]).collect::<Vec<_>>()
        });
    }
}

impl fmt::Debug for RotatingCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.current().fmt(f)
    }
}
