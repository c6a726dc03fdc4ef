//! Commands about the cluster that a server is a node of: what it looks like. Those that change it are in files of their
//! own. Other servers answer most of them with an error.

use resp::{DecodeError, Request, View};

use super::info::text;
use super::reply::texts;
use crate::Commands;
use crate::execute::Execute;

mod info;
pub use info::ClusterInfo;
mod nodes;
pub use nodes::ClusterNode;
mod shards;
pub use shards::{ClusterShard, ClusterShardNode};
mod map;
pub use map::{ClusterEndpoint, ClusterSlots};
mod links;
pub use links::ClusterLink;
mod stats;
pub use stats::{SlotMetric, SlotStats, SlotStatsOrder};
mod slots;
pub use slots::SlotState;
mod members;
pub use members::{BumpedEpoch, ClusterFailover, ClusterReset};
mod migration;
pub use migration::SlotMigration;
mod scan;

/// # Cluster
impl<E: Execute> Commands<E> {
    /// `CLUSTER INFO`: how the cluster is, as this node sees it.
    ///
    /// # Example
    /// ```
    /// use client::{Build, Reply};
    ///
    /// let reply = Reply::from_bytes(&b"$41\r\ncluster_state:ok\r\ncluster_known_nodes:6\r\n\r\n"[..])?;
    /// let info = Build::new().cluster_info().decode(&reply)?;
    /// assert!(info.is_ok);
    /// assert_eq!((info.known_nodes, info.get::<u32>("cluster_known_nodes")), (6, Some(6)));
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn cluster_info(&self) -> E::Output<ClusterInfo> {
        self.call(Request::new("CLUSTER INFO"))
    }

    /// `CLUSTER NODES`: all nodes that this one knows, itself included.
    ///
    /// # Example
    /// ```
    /// use client::{Build, Reply};
    ///
    /// let line = "07c37df 10.0.0.1:7000@17000,db1 myself,master - 0 0 1 connected 0-8191 [93-<-292f8b3]";
    /// let reply = Reply::from_bytes(format!("${}\r\n{line}\r\n", line.len()))?;
    /// let nodes = Build::new().cluster_nodes().decode(&reply)?;
    /// assert!(nodes[0].is_myself() && nodes[0].is_primary());
    /// assert_eq!((&*nodes[0].host, nodes[0].port, nodes[0].hostname.as_deref()), ("10.0.0.1", 7000, Some("db1")));
    /// assert_eq!(nodes[0].slots, [0..=8191]);
    /// assert_eq!(nodes[0].importing, [(93, "292f8b3".to_owned())]);
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn cluster_nodes(&self) -> E::Output<Vec<ClusterNode>> {
        self.call_with(Request::new("CLUSTER NODES"), |view| {
            text(view)?.lines().map(|line| ClusterNode::parse(line, view)).collect()
        })
    }

    /// `CLUSTER REPLICAS`: the replicas of a node, by the node's ID. Before Redis 5.0 it was `CLUSTER SLAVES`.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().cluster_replicas("07c37df").args()[1..], [&b"REPLICAS"[..], b"07c37df"]);
    /// ```
    #[doc(alias = "cluster_slaves")]
    pub fn cluster_replicas(&self, node: &str) -> E::Output<Vec<ClusterNode>> {
        self.call_with(Request::new("CLUSTER REPLICAS").arg(node), nodes)
    }

    /// `CLUSTER SHARDS`: the shards, each with its slots and its nodes (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().cluster_shards().args(), [&b"CLUSTER"[..], b"SHARDS"]);
    /// ```
    pub fn cluster_shards(&self) -> E::Output<Vec<ClusterShard>> {
        self.call(Request::new("CLUSTER SHARDS"))
    }

    /// `CLUSTER SLOTS`: which nodes have which slots, the primary first. From Redis 7.0 on
    /// [`cluster_shards`](Self::cluster_shards) tells more.
    ///
    /// # Example
    /// ```
    /// use client::{Build, Reply};
    ///
    /// let reply = b"*1\r\n*3\r\n:0\r\n:16383\r\n*4\r\n$8\r\n10.0.0.1\r\n:7000\r\n$7\r\n07c37df\r\n*0\r\n";
    /// let map = Build::new().cluster_slots().decode(&Reply::from_bytes(&reply[..])?)?;
    /// assert_eq!(map[0].slots, 0..=16_383);
    /// assert_eq!((map[0].nodes[0].host.as_deref(), map[0].nodes[0].port), (Some("10.0.0.1"), 7000));
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn cluster_slots(&self) -> E::Output<Vec<ClusterSlots>> {
        self.call(Request::new("CLUSTER SLOTS"))
    }

    /// `CLUSTER LINKS`: the connections between this node and the others, two for each (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().cluster_links().args(), [&b"CLUSTER"[..], b"LINKS"]);
    /// ```
    pub fn cluster_links(&self) -> E::Output<Vec<ClusterLink>> {
        self.call(Request::new("CLUSTER LINKS"))
    }

    /// `CLUSTER MYID`: the ID of this node.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().cluster_myid().args(), [&b"CLUSTER"[..], b"MYID"]);
    /// ```
    pub fn cluster_myid(&self) -> E::Output<String> {
        self.call(Request::new("CLUSTER MYID"))
    }

    /// `CLUSTER MYSHARDID`: the ID of this node's shard (Redis 7.2).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().cluster_myshardid().args(), [&b"CLUSTER"[..], b"MYSHARDID"]);
    /// ```
    pub fn cluster_myshardid(&self) -> E::Output<String> {
        self.call(Request::new("CLUSTER MYSHARDID"))
    }

    /// `CLUSTER COUNT-FAILURE-REPORTS`: how many nodes have told this one lately that they cannot reach a node.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().cluster_count_failure_reports("07c37df");
    /// assert_eq!(command.args()[1..], [&b"COUNT-FAILURE-REPORTS"[..], b"07c37df"]);
    /// ```
    pub fn cluster_count_failure_reports(&self, node: &str) -> E::Output<i64> {
        self.call(Request::new("CLUSTER COUNT-FAILURE-REPORTS").arg(node))
    }

    /// `CLUSTER SLOT-STATS`: what has happened in each of these slots, as far as they are this node's (Redis 8.2, Valkey
    /// 8.0).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().cluster_slot_stats(0..=100);
    /// assert_eq!(command.args()[2..], [&b"SLOTSRANGE"[..], b"0", b"100"]);
    /// ```
    pub fn cluster_slot_stats(&self, slots: std::ops::RangeInclusive<u16>) -> E::Output<Vec<SlotStats>> {
        self.call(Request::new("CLUSTER SLOT-STATS").arg("SLOTSRANGE").arg(*slots.start()).arg(*slots.end()))
    }

    /// `CLUSTER SLOT-STATS` in an order: this node's slots in which most has happened, or least (Redis 8.2, Valkey 8.0).
    ///
    /// # Example
    /// ```
    /// use client::{Build, SlotMetric, SlotStatsOrder};
    ///
    /// let order = SlotStatsOrder::by(SlotMetric::KeyCount).limit(3);
    /// let command = Build::new().cluster_slot_stats_by(order);
    /// assert_eq!(command.args()[2..], [&b"ORDERBY"[..], b"KEY-COUNT", b"LIMIT", b"3"]);
    /// ```
    pub fn cluster_slot_stats_by(&self, order: impl Into<SlotStatsOrder>) -> E::Output<Vec<SlotStats>> {
        let order = order.into();
        self.call(Request::new("CLUSTER SLOT-STATS").with(|r| order.write(r)))
    }
}

/// A list of the lines of nodes.
fn nodes(view: View<'_>) -> Result<Vec<ClusterNode>, DecodeError> {
    let lines = texts(view)?;
    lines.iter().enumerate().map(|(at, line)| ClusterNode::parse(line, view).map_err(|e| e.at(at))).collect()
}
