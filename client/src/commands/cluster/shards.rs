//! A shard of a cluster: slots, and the nodes that have them.

use std::fmt;
use std::ops::RangeInclusive;

use resp::{Decode, DecodeError, DecodeOwned, Reply, View};

use super::slots::ranges_of;
use crate::commands::reply::{field, optional, text_field};

/// A shard of a cluster: slots, and the nodes that have them.
#[derive(Clone)]
#[non_exhaustive]
pub struct ClusterShard {
    /// Its slots; none if its nodes are new or empty.
    pub slots: Vec<RangeInclusive<u16>>,
    /// Its nodes, in no order.
    pub nodes: Vec<ClusterShardNode>,
    /// Its ID (only Valkey, 9.1).
    pub id: Option<String>,
    all: Reply,
}

impl ClusterShard {
    /// Its primary, if that is known.
    pub fn primary(&self) -> Option<&ClusterShardNode> {
        self.nodes.iter().find(|node| node.is_primary())
    }

    /// Any field, by the name the node gives it. `None` if there is no such field, or it is no `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl Decode<'_> for ClusterShard {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let slots: Vec<(u16, u16)> = field(view, "slots")?;
        Ok(Self {
            slots: ranges_of(slots),
            nodes: field(view, "nodes")?,
            id: optional(view, "id")?,
            all: view.to_reply(),
        })
    }
}

impl fmt::Debug for ClusterShard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClusterShard").field(&self.all).finish()
    }
}

/// A node of a shard.
#[derive(Clone)]
#[non_exhaustive]
pub struct ClusterShardNode {
    /// Its ID.
    pub id: String,
    /// The port for clients without TLS, if there is one.
    pub port: Option<u16>,
    /// The port for clients with TLS, if there is one.
    pub tls_port: Option<u16>,
    /// Its IP address; empty if the node does not know its own yet.
    pub ip: String,
    /// Where clients should connect to, by the settings of the cluster: its address, its name, or `None` for where the
    /// client is connected already.
    pub endpoint: Option<String>,
    /// Its name, if it has one.
    pub hostname: Option<String>,
    /// What it is: `master` or `replica`.
    pub role: String,
    /// How far it has got in the stream of writes.
    pub replication_offset: i64,
    /// How it is: `online`, `fail`, or `loading` for a replica that has not got everything yet.
    pub health: String,
    all: Reply,
}

impl ClusterShardNode {
    /// Whether it is the primary.
    pub fn is_primary(&self) -> bool {
        self.role == "master" || self.role == "primary"
    }

    /// Whether it is well.
    pub fn is_online(&self) -> bool {
        self.health == "online"
    }

    /// Any field, by the name the node gives it: `availability-zone`, … `None` if there is no such field, or it is no
    /// `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl Decode<'_> for ClusterShardNode {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let word = |name| optional::<String>(view, name).map(|word| word.filter(|word| !word.is_empty()));
        Ok(Self {
            id: field(view, "id")?,
            port: optional(view, "port")?,
            tls_port: optional(view, "tls-port")?,
            ip: text_field(view, "ip")?,
            endpoint: word("endpoint")?.filter(|host| host != "?"),
            hostname: word("hostname")?,
            role: field(view, "role")?,
            replication_offset: field(view, "replication-offset")?,
            health: field(view, "health")?,
            all: view.to_reply(),
        })
    }
}

impl fmt::Debug for ClusterShardNode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClusterShardNode").field(&self.all).finish()
    }
}
