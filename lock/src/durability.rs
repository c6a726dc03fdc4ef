//! When an acquisition counts: as soon as the server has it, or only when more than its memory has.

use std::time::Duration;

use client::{Client, Pipeline, Redeem, Ticket};

use crate::LockError;

/// What must have the lock besides the memory of the server, before its holder does.
///
/// It narrows the window in which a restart or a failover loses the lock, and costs the time that it takes. It does not
/// close it: a replica that has not answered may be promoted all the same, unless `count` is all of them. Renewals and
/// extensions need it as well: one that fewer have does not count for the holder.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use lock::{Durability, LockError, LockExt};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// let replicas = Durability::Replicas { count: 2, within: Duration::from_millis(50) };
/// let error = client.lock("doc:durable").durability(replicas).acquire().unwrap_err();
/// assert!(matches!(error, LockError::NotReplicated { wanted: 2, got: 0, .. })); // this server has none
/// assert!(!client.lock("doc:durable").locked()?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Durability {
    /// Nothing.
    #[default]
    Memory,
    /// So many replicas (`WAIT`).
    Replicas {
        /// How many.
        count: u32,
        /// How long to wait for them, at least 1 ms.
        within: Duration,
    },
    /// The disk of the server, and of so many replicas (`WAITAOF`: Redis 7.2, Valkey 7.2; it needs `appendonly yes`).
    Aof {
        /// How many replicas.
        replicas: u32,
        /// How long to wait for them, at least 1 ms.
        within: Duration,
    },
}

/// How many have it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Copies {
    local: u64,
    replicas: u64,
}

impl Durability {
    /// Asks, behind what the same flight has written, who has it.
    pub(crate) fn ask(self, pipeline: &Pipeline) -> Asked {
        match self {
            Self::Memory => Asked::Nothing,
            Self::Replicas { count, within } => Asked::Replicas(pipeline.wait(count, within)),
            Self::Aof { replicas, within } => Asked::Aof(pipeline.waitaof(1, replicas, within)),
        }
    }

    /// Whether so many are enough.
    pub(crate) fn holds(self, copies: Copies) -> bool {
        match self {
            Self::Memory => true,
            Self::Replicas { count, .. } => copies.replicas >= u64::from(count),
            Self::Aof { replicas, .. } => copies.local >= 1 && copies.replicas >= u64::from(replicas),
        }
    }

    /// # Errors
    /// [`LockError::NotReplicated`] when they are not.
    pub(crate) fn check(self, copies: Copies, name: &str) -> Result<(), LockError> {
        let wanted = match self {
            _ if self.holds(copies) => return Ok(()),
            Self::Memory => 0,
            Self::Replicas { count, .. } => count,
            Self::Aof { replicas, .. } => replicas + 1,
        };
        let got = copies.local + copies.replicas;
        let got = u32::try_from(got).unwrap_or(u32::MAX);
        Err(LockError::NotReplicated { name: name.to_owned(), wanted, got })
    }

    /// One command on `client`, and who has it then.
    pub(crate) fn run<R>(
        self,
        client: &Client,
        command: impl FnOnce(&Pipeline) -> Ticket<R>,
    ) -> Result<(R, Copies), client::Error> {
        client.pipeline(|p| (command(p), self.ask(p)))
    }
}

/// The answer to come.
pub(crate) enum Asked {
    Nothing,
    Replicas(Ticket<i64>),
    Aof(Ticket<client::AofSynced>),
}

impl Redeem for Asked {
    type Output = Copies;

    fn redeem(&self, replies: &mut client::Replies) -> Result<Copies, client::Error> {
        Ok(match self {
            Self::Nothing => Copies::default(),
            Self::Replicas(ticket) => {
                Copies { local: 0, replicas: u64::try_from(ticket.redeem(replies)?).unwrap_or(0) }
            }
            Self::Aof(ticket) => {
                let synced = ticket.redeem(replies)?;
                Copies { local: synced.local, replicas: synced.replicas }
            }
        })
    }
}
