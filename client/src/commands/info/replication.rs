//! Who copies whom.

use std::time::Duration;

use super::Info;
use super::section::Section;

impl Info {
    /// The section `replication`; `None` if the reply lacks it.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let replication = client.info("replication")?.replication().ok_or("asked for")?;
    /// assert_eq!((&*replication.role, replication.primary), ("master", None));
    /// assert!(replication.replicas.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn replication(&self) -> Option<InfoReplication> {
        let section = Section::of(self, "replication")?;
        Some(InfoReplication {
            role: section.text("role"),
            primary: section.field("master_host").map(|_| InfoPrimary::read(&section)),
            connected_slaves: section.number("connected_slaves"),
            replicas: section.iter().filter_map(|(name, value)| InfoReplica::read(name, value)).collect(),
            master_failover_state: section.some_text("master_failover_state"),
            master_replid: section.text("master_replid"),
            master_replid2: section.text("master_replid2"),
            master_repl_offset: section.number("master_repl_offset"),
            second_repl_offset: section.get("second_repl_offset").filter(|offset| *offset >= 0),
            repl_backlog_active: section.flag("repl_backlog_active"),
            repl_backlog_size: section.number("repl_backlog_size"),
            repl_backlog_first_byte_offset: section.number("repl_backlog_first_byte_offset"),
            repl_backlog_histlen: section.number("repl_backlog_histlen"),
        })
    }
}

/// Who copies whom.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InfoReplication {
    /// `master` or `slave`.
    pub role: String,
    /// The server that this one copies, if it does.
    pub primary: Option<InfoPrimary>,
    /// How many servers copy this one.
    pub connected_slaves: u64,
    /// The servers that copy this one.
    pub replicas: Vec<InfoReplica>,
    /// How far a [`failover`](crate::Commands::failover) has come, such as `no-failover` (Redis 6.2).
    pub master_failover_state: Option<String>,
    /// The name of the history that the data has.
    pub master_replid: String,
    /// The name of the history that it had before the last change of its primary; all zeros if there was none.
    pub master_replid2: String,
    /// How many bytes of its history have been written.
    pub master_repl_offset: i64,
    /// Up to where the older history is the same, if there is one.
    pub second_repl_offset: Option<i64>,
    /// Whether the last part of the history is kept for replicas that were away for a while.
    pub repl_backlog_active: bool,
    /// How many bytes of it may be kept.
    pub repl_backlog_size: u64,
    /// Where the part that is kept begins.
    pub repl_backlog_first_byte_offset: i64,
    /// How many bytes are kept.
    pub repl_backlog_histlen: u64,
}

/// The server that a replica copies.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InfoPrimary {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether there is a connection to it.
    pub is_up: bool,
    /// How long ago it said something, in whole seconds; `None` if there is no connection.
    pub last_io: Option<Duration>,
    /// Whether it is sending everything.
    pub is_syncing: bool,
    /// How long ago the connection was lost, in whole seconds; `None` if there is one.
    pub down_since: Option<Duration>,
    /// How many bytes of its history the replica has.
    pub replica_offset: i64,
    /// Whether the replica refuses writes.
    pub replica_is_read_only: bool,
    /// In which order a Sentinel promotes the replica: the smallest first, 0 never.
    pub replica_priority: u64,
}

impl InfoPrimary {
    fn read(section: &Section<'_>) -> Self {
        Self {
            host: section.text("master_host"),
            port: section.number("master_port"),
            is_up: section.field("master_link_status") == Some("up"),
            last_io: section.seconds("master_last_io_seconds_ago"),
            is_syncing: section.flag("master_sync_in_progress"),
            down_since: section.seconds("master_link_down_since_seconds"),
            replica_offset: section.number("slave_repl_offset"),
            replica_is_read_only: section.flag("slave_read_only"),
            replica_priority: section.number("slave_priority"),
        }
    }
}

/// A server that copies this one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InfoReplica {
    /// Its address.
    pub ip: String,
    /// Its port.
    pub port: u16,
    /// How far it is: `wait_bgsave`, `send_bulk`, `online`.
    pub state: String,
    /// How many bytes of the history it has.
    pub offset: i64,
    /// How long ago it said so, in whole seconds; `None` if it never did.
    pub lag: Option<Duration>,
}

impl InfoReplica {
    /// Reads `slave0:ip=127.0.0.1,port=6380,state=online,offset=14,lag=1`.
    fn read(name: &str, value: &str) -> Option<Self> {
        name.strip_prefix("slave")?.parse::<u32>().ok()?;
        let parts = Section::parts(value);
        Some(Self {
            ip: parts.text("ip"),
            port: parts.number("port"),
            state: parts.text("state"),
            offset: parts.number("offset"),
            lag: parts.seconds("lag"),
        })
    }
}
