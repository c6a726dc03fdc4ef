//! Which nodes have which slots, as `CLUSTER SLOTS` has it.

use std::ops::RangeInclusive;

use resp::{Decode, DecodeError, View};

use crate::commands::reply::element;

/// Slots, and the nodes that have them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClusterSlots {
    /// The slots.
    pub slots: RangeInclusive<u16>,
    /// The nodes: the primary and its replicas.
    pub nodes: Vec<ClusterEndpoint>,
}

impl Decode<'_> for ClusterSlots {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let slot = |at| element(view, at)?.decode::<u16>().map_err(|error| error.at(at));
        let nodes = view.iter().enumerate().skip(2);
        Ok(Self {
            slots: slot(0)?..=slot(1)?,
            nodes: nodes
                .map(|(at, node)| node.decode().map_err(|e: DecodeError| e.at(at)))
                .collect::<Result<_, _>>()?,
        })
    }
}

/// A node of a cluster, and where clients should connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClusterEndpoint {
    /// Its address or its name, whichever the settings of the cluster prefer; `None` for where the client is connected
    /// already.
    pub host: Option<String>,
    /// Its port.
    pub port: u16,
    /// Its ID (Redis 4.0).
    pub id: Option<String>,
    /// What else is known of it: `hostname`, `ip`, `availability-zone` (Redis 7.0).
    pub metadata: Vec<(String, String)>,
}

impl ClusterEndpoint {
    /// What is known of it by a name.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.metadata.iter().find(|(field, _)| field == name).map(|(_, value)| &**value)
    }
}

impl Decode<'_> for ClusterEndpoint {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let host: Option<String> = element(view, 0)?.decode().map_err(|error| error.at(0))?;
        let metadata = view.get(3).map(View::decode::<Vec<(String, Option<String>)>>).transpose();
        let metadata = metadata.map_err(|error| error.at(3))?.unwrap_or_default().into_iter();
        Ok(Self {
            // The server's own words for: as you came here.
            host: host.filter(|host| !host.is_empty() && host != "?"),
            port: element(view, 1)?.decode().map_err(|error| error.at(1))?,
            id: view.get(2).map(View::decode).transpose().map_err(|error| error.at(2))?,
            metadata: metadata.filter_map(|(name, value)| Some((name, value?))).collect(),
        })
    }
}
