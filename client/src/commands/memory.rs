//! Where a server's memory is.

use std::fmt;

use resp::{Decode, DecodeError, DecodeOwned, Reply, Request, ToArg, View};

use super::arguments::at_most;
use super::reply::{field, optional};
use crate::Commands;
use crate::execute::Execute;

/// # Memory
impl<E: Execute> Commands<E> {
    /// `MEMORY USAGE`: how many bytes a key and its value take, as far as five of the elements of a nested value tell;
    /// `None` if the key does not exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:memory_usage", "x".repeat(1_000))?;
    /// assert!(client.memory_usage("doc:memory_usage")? > Some(1_000));
    /// assert_eq!(client.memory_usage("doc:memory_usage:missing")?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn memory_usage(&self, key: impl ToArg) -> E::Output<Option<u64>> {
        self.call(Request::new("MEMORY USAGE").key(&key))
    }

    /// `MEMORY USAGE … SAMPLES`: the same, as far as so many of the elements tell; 0 for all of them.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.rpush("doc:memory_usage_samples", ["x".repeat(5_000), "y".into()])?;
    /// assert!(client.memory_usage_samples("doc:memory_usage_samples", 0)? > Some(5_000));
    /// # client.del("doc:memory_usage_samples")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn memory_usage_samples(&self, key: impl ToArg, samples: usize) -> E::Output<Option<u64>> {
        self.call(Request::new("MEMORY USAGE").key(&key).arg("SAMPLES").arg(at_most(samples)))
    }

    /// `MEMORY STATS`: where the server's memory is.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:memory_stats", "x")?;
    /// let stats = client.memory_stats()?;
    /// assert!(stats.keys_count > 0 && stats.total_allocated > stats.startup_allocated);
    /// assert_eq!(stats.databases[0].db, 0);
    /// assert!(stats.get::<u64>("replica.fullsync.buffer").is_some()); // any field that the server has
    /// # Ok(())
    /// # }
    /// ```
    pub fn memory_stats(&self) -> E::Output<MemoryStats> {
        self.call(Request::new("MEMORY STATS"))
    }

    /// `MEMORY DOCTOR`: what the server thinks of its memory, for people to read.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(client.memory_doctor()?.contains("Sam"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn memory_doctor(&self) -> E::Output<String> {
        self.call(Request::new("MEMORY DOCTOR"))
    }

    /// `MEMORY MALLOC-STATS`: what the allocator tells, in its own words.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(!client.memory_malloc_stats()?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn memory_malloc_stats(&self) -> E::Output<String> {
        self.call(Request::new("MEMORY MALLOC-STATS"))
    }

    /// `MEMORY PURGE`: the allocator gives back to the operating system what it can.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.memory_purge()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn memory_purge(&self) -> E::Output<()> {
        self.call(Request::new("MEMORY PURGE"))
    }
}

/// Where a server's memory is, in bytes.
#[derive(Clone)]
#[non_exhaustive]
pub struct MemoryStats {
    /// The most that was ever given out.
    pub peak_allocated: u64,
    /// What is given out.
    pub total_allocated: u64,
    /// What was given out when the server had started.
    pub startup_allocated: u64,
    /// The part of the history that is kept for replicas.
    pub replication_backlog: u64,
    /// Replicas.
    pub clients_replicas: u64,
    /// All other clients.
    pub clients_normal: u64,
    /// Connections of the cluster (Redis 7.0).
    pub cluster_links: Option<u64>,
    /// What is still to be written to the log.
    pub aof_buffer: u64,
    /// Scripts.
    pub lua_caches: u64,
    /// Functions (Redis 7.0).
    pub functions_caches: Option<u64>,
    /// All that the server takes to manage the data.
    pub overhead_total: u64,
    /// The number of keys.
    pub keys_count: u64,
    /// What the data takes for each of them.
    pub keys_bytes_per_key: u64,
    /// What the data takes.
    pub dataset_bytes: u64,
    /// What the data takes, in per cent of all but what was given out at the start.
    pub dataset_percentage: f64,
    /// What is given out, in per cent of the peak.
    pub peak_percentage: f64,
    /// What the process has, in relation to what is given out.
    pub fragmentation: f64,
    /// The difference between the two.
    pub fragmentation_bytes: i64,
    /// The databases that are not empty.
    pub databases: Vec<MemoryDatabase>,
    all: Reply,
}

impl MemoryStats {
    /// Any field, by the name the server gives it: `allocator.active`, `rss-overhead.ratio`, … `None` if there is no such
    /// field, or it is no `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl Decode<'_> for MemoryStats {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let number = |name| Ok(optional(view, name)?.unwrap_or_default());
        let ratio = |name| Ok(optional(view, name)?.unwrap_or_default());
        let databases = view.pairs().filter_map(|(name, value)| {
            Some(MemoryDatabase::read(name.as_str()?.strip_prefix("db.")?.parse().ok()?, value))
        });
        Ok(Self {
            peak_allocated: field(view, "peak.allocated")?,
            total_allocated: field(view, "total.allocated")?,
            startup_allocated: number("startup.allocated")?,
            replication_backlog: number("replication.backlog")?,
            clients_replicas: number("clients.slaves")?,
            clients_normal: number("clients.normal")?,
            cluster_links: optional(view, "cluster.links")?,
            aof_buffer: number("aof.buffer")?,
            lua_caches: number("lua.caches")?,
            functions_caches: optional(view, "functions.caches")?,
            overhead_total: number("overhead.total")?,
            keys_count: number("keys.count")?,
            keys_bytes_per_key: number("keys.bytes-per-key")?,
            dataset_bytes: number("dataset.bytes")?,
            dataset_percentage: ratio("dataset.percentage")?,
            peak_percentage: ratio("peak.percentage")?,
            fragmentation: ratio("fragmentation")?,
            fragmentation_bytes: optional(view, "fragmentation.bytes")?.unwrap_or_default(),
            databases: databases.collect::<Result<_, DecodeError>>()?,
            all: view.to_reply(),
        })
    }
}

impl fmt::Debug for MemoryStats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MemoryStats").field(&self.all).finish()
    }
}

/// What the server takes to manage a database, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemoryDatabase {
    /// The number of the database.
    pub db: u32,
    /// For the table of its keys.
    pub overhead_hashtable_main: u64,
    /// For the table of those that expire.
    pub overhead_hashtable_expires: u64,
}

impl MemoryDatabase {
    fn read(db: u32, view: View<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            db,
            overhead_hashtable_main: optional(view, "overhead.hashtable.main")?.unwrap_or_default(),
            overhead_hashtable_expires: optional(view, "overhead.hashtable.expires")?.unwrap_or_default(),
        })
    }
}
