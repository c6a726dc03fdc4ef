//! How a cluster is, as a node tells it.

use std::str::FromStr;

use resp::{Decode, DecodeError, View};

use crate::Info;

/// How a cluster is. Numbers that the node does not tell are 0.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClusterInfo {
    /// Whether the cluster serves: enough primaries are there and, unless its settings say that it may lack some, all
    /// slots have nodes.
    pub is_ok: bool,
    /// How many of the 16,384 slots have nodes.
    pub slots_assigned: u32,
    /// How many of those have nodes that seem well.
    pub slots_ok: u32,
    /// How many have nodes that this node cannot reach.
    pub slots_pfail: u32,
    /// How many have nodes that most primaries cannot reach.
    pub slots_fail: u32,
    /// How many nodes are known, this one included.
    pub known_nodes: u32,
    /// How many primaries have slots.
    pub size: u32,
    /// The newest configuration epoch in the cluster.
    pub current_epoch: u64,
    /// That of this node, or of its primary.
    pub my_epoch: u64,
    all: Info,
}

impl ClusterInfo {
    /// Any field as a number or whatever else its text means, by the name the node gives it:
    /// `cluster_stats_messages_sent`, … `None` if there is no such field, or its text does not mean that.
    pub fn get<T: FromStr>(&self, name: &str) -> Option<T> {
        self.all.get(name)
    }

    /// All fields with their values, in the node's order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all.fields()
    }
}

impl Decode<'_> for ClusterInfo {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let all: Info = view.decode()?;
        let state = all.field("cluster_state").ok_or_else(|| DecodeError::missing("cluster_state"))?;
        let count = |name| all.get(name).unwrap_or_default();
        let epoch = |name| all.get(name).unwrap_or_default();
        Ok(Self {
            is_ok: state == "ok",
            slots_assigned: count("cluster_slots_assigned"),
            slots_ok: count("cluster_slots_ok"),
            slots_pfail: count("cluster_slots_pfail"),
            slots_fail: count("cluster_slots_fail"),
            known_nodes: count("cluster_known_nodes"),
            size: count("cluster_size"),
            current_epoch: epoch("cluster_current_epoch"),
            my_epoch: epoch("cluster_my_epoch"),
            all,
        })
    }
}
