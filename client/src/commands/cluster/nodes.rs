//! A node of a cluster, as a line of `CLUSTER NODES` has it:
//!
//! ```text
//! <id> <host>:<port>[@<bus port>][,<hostname>[,<name>=<value>…]] <flags> <primary> <ping> <pong> <epoch> <link> <slots…>
//! ```
//! A slot is `5`, `0-100`, `[93-<-<id>]` while it comes from a node, `[77->-<id>]` while it goes to one.

use std::ops::RangeInclusive;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use resp::{DecodeError, View};

use super::slots::range;

/// A node of a cluster, as another sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClusterNode {
    /// Its ID, 40 hexadecimal digits.
    pub id: String,
    /// Its address; empty if the node does not know its own yet.
    pub host: String,
    /// The port for clients.
    pub port: u16,
    /// The port for other nodes (Redis 4.0).
    pub bus_port: Option<u16>,
    /// Its name, if it has one (Redis 7.0).
    pub hostname: Option<String>,
    /// What it is, and what is wrong with it: `myself`, `master`, `slave`, `fail?`, `fail`, `handshake`, `noaddr`, …
    pub flags: Vec<String>,
    /// The ID of its primary, if it is a replica of a node that is known.
    pub primary: Option<String>,
    /// Since when it owes an answer to a ping; `None` if it does not.
    pub ping_sent: Option<SystemTime>,
    /// When it answered last; `None` if it never did, and of the node that tells.
    pub pong_received: Option<SystemTime>,
    /// Its configuration epoch, or that of its primary.
    pub config_epoch: u64,
    /// Whether the node that tells is connected to it.
    pub is_connected: bool,
    /// Its slots.
    pub slots: Vec<RangeInclusive<u16>>,
    /// Slots that go to other nodes, with the IDs of these; only of the node that tells.
    pub migrating: Vec<(u16, String)>,
    /// Slots that come from other nodes, with the IDs of these; only of the node that tells.
    pub importing: Vec<(u16, String)>,
    line: Box<str>,
}

impl ClusterNode {
    /// Whether it is the node that tells.
    pub fn is_myself(&self) -> bool {
        self.has("myself")
    }

    /// Whether it is a primary.
    pub fn is_primary(&self) -> bool {
        self.has("master") || self.has("primary")
    }

    /// Whether it is a replica.
    pub fn is_replica(&self) -> bool {
        self.has("slave") || self.has("replica")
    }

    /// Whether most primaries cannot reach it.
    pub fn is_failed(&self) -> bool {
        self.has("fail")
    }

    /// Whether it has this flag.
    pub fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|word| word == flag)
    }

    /// What the node tells of itself by a name, as behind `shard-id=`.
    pub fn field(&self, name: &str) -> Option<&str> {
        let address = self.line.split(' ').nth(1)?;
        address.split(',').skip(2).find_map(|field| field.strip_prefix(name)?.strip_prefix('='))
    }

    /// The whole line.
    pub fn as_str(&self) -> &str {
        &self.line
    }

    pub(super) fn parse(line: &str, view: View<'_>) -> Result<Self, DecodeError> {
        read(line).ok_or_else(|| DecodeError::because("a line about a node", view, " with another one"))
    }
}

fn read(line: &str) -> Option<ClusterNode> {
    let mut words = line.split_ascii_whitespace();
    let (id, address) = (words.next()?, words.next()?);
    let (address, more) = address.split_once(',').unwrap_or((address, ""));
    let (address, bus_port) = match address.split_once('@') {
        Some((address, port)) => (address, Some(port.parse().ok()?)),
        None => (address, None),
    };
    let (host, port) = address.rsplit_once(':')?; // an IPv6 address has colons too
    let hostname = more.split(',').next().filter(|name| !name.is_empty());
    let mut node = ClusterNode {
        id: id.into(),
        host: host.into(),
        port: port.parse().ok()?,
        bus_port,
        hostname: hostname.map(Into::into),
        flags: words.next()?.split(',').map(Into::into).collect(),
        primary: words.next().map(|id| (id != "-").then(|| id.into()))?,
        ping_sent: time(words.next()?)?,
        pong_received: time(words.next()?)?,
        config_epoch: words.next()?.parse().ok()?,
        is_connected: words.next()? == "connected",
        slots: Vec::new(),
        migrating: Vec::new(),
        importing: Vec::new(),
        line: line.into(),
    };
    for word in words {
        match word.strip_prefix('[').and_then(|word| word.strip_suffix(']')) {
            None => node.slots.push(range(word)?),
            Some(moves) => {
                let (list, parts) = match (moves.split_once("->-"), moves.split_once("-<-")) {
                    (Some(parts), _) => (&mut node.migrating, parts),
                    (None, Some(parts)) => (&mut node.importing, parts),
                    (None, None) => continue, // a way of moving that is newer than this library
                };
                list.push((parts.0.parse().ok()?, parts.1.into()));
            }
        }
    }
    Some(node)
}

/// Milliseconds since 1970, zero for never.
fn time(word: &str) -> Option<Option<SystemTime>> {
    match word.parse().ok()? {
        0 => Some(None),
        millis => UNIX_EPOCH.checked_add(Duration::from_millis(millis)).map(Some),
    }
}
