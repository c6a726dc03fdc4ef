//! How much there is to do: clients, memory, processor time, and what was done so far.

use std::time::Duration;

use super::Info;
use super::section::Section;

impl Info {
    /// The section `clients`; `None` if the reply lacks it.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let clients = client.info("clients")?.clients().ok_or("asked for")?;
    /// assert!(clients.connected_clients > 0 && clients.maxclients > Some(clients.connected_clients));
    /// # Ok(())
    /// # }
    /// ```
    pub fn clients(&self) -> Option<InfoClients> {
        let section = Section::of(self, "clients")?;
        Some(InfoClients {
            connected_clients: section.number("connected_clients"),
            maxclients: section.get("maxclients"),
            blocked_clients: section.number("blocked_clients"),
            tracking_clients: section.number("tracking_clients"),
            pubsub_clients: section.get("pubsub_clients"),
            watching_clients: section.get("watching_clients"),
            client_recent_max_input_buffer: section.number("client_recent_max_input_buffer"),
            client_recent_max_output_buffer: section.number("client_recent_max_output_buffer"),
        })
    }

    /// The section `memory`; `None` if the reply lacks it.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let memory = client.info("memory")?.memory().ok_or("asked for")?;
    /// assert!(memory.used_memory > 0 && memory.total_system_memory > memory.used_memory);
    /// # Ok(())
    /// # }
    /// ```
    pub fn memory(&self) -> Option<InfoMemory> {
        let section = Section::of(self, "memory")?;
        Some(InfoMemory {
            used_memory: section.number("used_memory"),
            used_memory_rss: section.number("used_memory_rss"),
            used_memory_peak: section.number("used_memory_peak"),
            used_memory_peak_perc: section.percent("used_memory_peak_perc"),
            used_memory_overhead: section.number("used_memory_overhead"),
            used_memory_startup: section.number("used_memory_startup"),
            used_memory_dataset: section.number("used_memory_dataset"),
            used_memory_dataset_perc: section.percent("used_memory_dataset_perc"),
            used_memory_scripts: section.number("used_memory_scripts"),
            total_system_memory: section.number("total_system_memory"),
            maxmemory: section.number("maxmemory"),
            maxmemory_policy: section.text("maxmemory_policy"),
            mem_fragmentation_ratio: section.number("mem_fragmentation_ratio"),
            mem_fragmentation_bytes: section.number("mem_fragmentation_bytes"),
            mem_allocator: section.text("mem_allocator"),
            active_defrag_running: section.number::<u64>("active_defrag_running") > 0,
            lazyfree_pending_objects: section.number("lazyfree_pending_objects"),
        })
    }

    /// The section `cpu`; `None` if the reply lacks it.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let cpu = client.info("cpu")?.cpu().ok_or("asked for")?;
    /// assert!(!(cpu.sys + cpu.user).is_zero());
    /// # Ok(())
    /// # }
    /// ```
    pub fn cpu(&self) -> Option<InfoCpu> {
        let section = Section::of(self, "cpu")?;
        Some(InfoCpu {
            sys: section.fraction("used_cpu_sys").unwrap_or_default(),
            user: section.fraction("used_cpu_user").unwrap_or_default(),
            sys_children: section.fraction("used_cpu_sys_children").unwrap_or_default(),
            user_children: section.fraction("used_cpu_user_children").unwrap_or_default(),
            sys_main_thread: section.fraction("used_cpu_sys_main_thread"),
            user_main_thread: section.fraction("used_cpu_user_main_thread"),
        })
    }

    /// The section `stats`; `None` if the reply lacks it.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let stats = client.info("stats")?.stats().ok_or("asked for")?;
    /// assert!(stats.total_connections_received > 0 && stats.total_net_input_bytes > 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn stats(&self) -> Option<InfoStats> {
        let section = Section::of(self, "stats")?;
        Some(InfoStats {
            total_connections_received: section.number("total_connections_received"),
            rejected_connections: section.number("rejected_connections"),
            total_commands_processed: section.number("total_commands_processed"),
            instantaneous_ops_per_sec: section.number("instantaneous_ops_per_sec"),
            total_net_input_bytes: section.number("total_net_input_bytes"),
            total_net_output_bytes: section.number("total_net_output_bytes"),
            instantaneous_input_kbps: section.number("instantaneous_input_kbps"),
            instantaneous_output_kbps: section.number("instantaneous_output_kbps"),
            total_error_replies: section.get("total_error_replies"),
            keyspace_hits: section.number("keyspace_hits"),
            keyspace_misses: section.number("keyspace_misses"),
            expired_keys: section.number("expired_keys"),
            evicted_keys: section.number("evicted_keys"),
            evicted_clients: section.get("evicted_clients"),
            pubsub_channels: section.number("pubsub_channels"),
            pubsub_patterns: section.number("pubsub_patterns"),
            pubsubshard_channels: section.get("pubsubshard_channels"),
            tracking_total_keys: section.number("tracking_total_keys"),
            sync_full: section.number("sync_full"),
            sync_partial_ok: section.number("sync_partial_ok"),
            sync_partial_err: section.number("sync_partial_err"),
            total_forks: section.get("total_forks"),
            latest_fork: Duration::from_micros(section.number("latest_fork_usec")),
        })
    }
}

/// Who is connected.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InfoClients {
    /// How many clients, without replicas.
    pub connected_clients: u64,
    /// How many there may be, with replicas and connections of the cluster (Redis 6.0).
    pub maxclients: Option<u64>,
    /// How many wait for a command such as `BLPOP`.
    pub blocked_clients: u64,
    /// For how many keys are tracked.
    pub tracking_clients: u64,
    /// How many listen to channels (Redis 7.4, Valkey 8.0).
    pub pubsub_clients: Option<u64>,
    /// How many watch keys (Redis 7.4, Valkey 8.0).
    pub watching_clients: Option<u64>,
    /// The largest input buffer of late, in bytes.
    pub client_recent_max_input_buffer: u64,
    /// The largest output buffer of late, in bytes.
    pub client_recent_max_output_buffer: u64,
}

/// Where the memory is, in bytes.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct InfoMemory {
    /// What the allocator has given out.
    pub used_memory: u64,
    /// What the operating system has given to the process.
    pub used_memory_rss: u64,
    /// The most that was ever given out.
    pub used_memory_peak: u64,
    /// What is given out, in per cent of the peak.
    pub used_memory_peak_perc: f64,
    /// What the server takes to manage the data.
    pub used_memory_overhead: u64,
    /// What it took when it started.
    pub used_memory_startup: u64,
    /// What the data takes.
    pub used_memory_dataset: u64,
    /// What the data takes, in per cent of all but what it took when it started.
    pub used_memory_dataset_perc: f64,
    /// What scripts and functions take.
    pub used_memory_scripts: u64,
    /// What the machine has.
    pub total_system_memory: u64,
    /// What the server may take; 0 for no limit.
    pub maxmemory: u64,
    /// What it does at that limit, such as `noeviction`.
    pub maxmemory_policy: String,
    /// What the process has, in relation to what is given out.
    pub mem_fragmentation_ratio: f64,
    /// The difference between the two.
    pub mem_fragmentation_bytes: i64,
    /// The allocator, such as `jemalloc-5.3.0`.
    pub mem_allocator: String,
    /// Whether values are being moved together.
    pub active_defrag_running: bool,
    /// How many values are still to be given back in the background.
    pub lazyfree_pending_objects: u64,
}

/// The time the processor spent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InfoCpu {
    /// In the operating system.
    pub sys: Duration,
    /// In the server.
    pub user: Duration,
    /// In the operating system, by processes in the background.
    pub sys_children: Duration,
    /// In the server, by processes in the background.
    pub user_children: Duration,
    /// In the operating system, by the main thread (Redis 6.2).
    pub sys_main_thread: Option<Duration>,
    /// In the server, by the main thread (Redis 6.2).
    pub user_main_thread: Option<Duration>,
}

/// What was done since the server started, or since [`config_resetstat`](crate::Commands::config_resetstat).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct InfoStats {
    /// Connections that were taken.
    pub total_connections_received: u64,
    /// Connections that were refused, as one too many.
    pub rejected_connections: u64,
    /// Commands.
    pub total_commands_processed: u64,
    /// Commands a second of late.
    pub instantaneous_ops_per_sec: u64,
    /// Bytes received.
    pub total_net_input_bytes: u64,
    /// Bytes sent.
    pub total_net_output_bytes: u64,
    /// Kibibytes received a second of late.
    pub instantaneous_input_kbps: f64,
    /// Kibibytes sent a second of late.
    pub instantaneous_output_kbps: f64,
    /// Errors that were answered (Redis 6.2).
    pub total_error_replies: Option<u64>,
    /// Keys that were looked for and found.
    pub keyspace_hits: u64,
    /// Keys that were looked for and not found.
    pub keyspace_misses: u64,
    /// Keys whose time was over.
    pub expired_keys: u64,
    /// Keys that were deleted for want of memory.
    pub evicted_keys: u64,
    /// Clients that were sent away for want of memory (Redis 7.0).
    pub evicted_clients: Option<u64>,
    /// Channels that somebody listens to now.
    pub pubsub_channels: u64,
    /// Patterns of channels that somebody listens to now.
    pub pubsub_patterns: u64,
    /// Channels of shards that somebody listens to now (Redis 7.0).
    pub pubsubshard_channels: Option<u64>,
    /// Keys that are tracked now.
    pub tracking_total_keys: u64,
    /// Replicas that were sent everything.
    pub sync_full: u64,
    /// Replicas that were sent what they had missed.
    pub sync_partial_ok: u64,
    /// Replicas that asked for what they had missed, and had to be sent everything.
    pub sync_partial_err: u64,
    /// Processes in the background that were started (Redis 6.2).
    pub total_forks: Option<u64>,
    /// How long it took to start the last of them, in microseconds.
    pub latest_fork: Duration,
}
