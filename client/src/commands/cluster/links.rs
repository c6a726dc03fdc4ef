//! The connections between the nodes of a cluster.

use std::fmt;
use std::time::SystemTime;

use resp::{Decode, DecodeError, DecodeOwned, Millis, Reply, View};

use crate::commands::reply::{field, since_1970};

/// A connection between this node and another.
#[derive(Clone)]
#[non_exhaustive]
pub struct ClusterLink {
    /// Whether this node opened it; else the other did.
    pub is_outbound: bool,
    /// The ID of the other node.
    pub node: String,
    /// When it was opened.
    pub created: SystemTime,
    /// For what the node waits on it: `r` to read, `w` to write.
    pub events: String,
    /// The bytes that are reserved for what is to be sent.
    pub send_buffer_allocated: u64,
    /// The bytes of these that are in use.
    pub send_buffer_used: u64,
    all: Reply,
}

impl ClusterLink {
    /// Any field, by the name the node gives it. `None` if there is no such field, or it is no `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl Decode<'_> for ClusterLink {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let Millis(created) = field(view, "create-time")?;
        Ok(Self {
            is_outbound: field::<String>(view, "direction")? == "to",
            node: field(view, "node")?,
            created: since_1970(view, created).map_err(|error| error.at_field("create-time"))?,
            events: field(view, "events")?,
            send_buffer_allocated: field(view, "send-buffer-allocated")?,
            send_buffer_used: field(view, "send-buffer-used")?,
            all: view.to_reply(),
        })
    }
}

impl fmt::Debug for ClusterLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClusterLink").field(&self.all).finish()
    }
}
