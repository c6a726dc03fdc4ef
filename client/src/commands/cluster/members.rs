//! Who belongs to the cluster, and as what: all of it is about the node that is asked.

use resp::{Decode, DecodeError, Request, View};

use crate::Commands;
use crate::execute::{Execute, OneConnection};

/// # Cluster: members
impl<E: Execute> Commands<E> {
    /// `CLUSTER MEET`: this node makes itself known to another, by its IP address and its port for clients, and so to
    /// those that one knows. It answers before they have met.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().cluster_meet("10.0.0.2", 7000);
    /// assert_eq!(command.args()[1..], [&b"MEET"[..], b"10.0.0.2", b"7000"]);
    /// ```
    pub fn cluster_meet(&self, ip: &str, port: u16) -> E::Output<()> {
        self.call(Request::new("CLUSTER MEET").arg(ip).arg(port))
    }

    /// `CLUSTER MEET` with the other node's port for nodes, which is its port for clients and 10,000 if not said (Redis
    /// 4.0).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().cluster_meet_bus("10.0.0.2", 7000, 7001);
    /// assert_eq!(command.args()[1..], [&b"MEET"[..], b"10.0.0.2", b"7000", b"7001"]);
    /// ```
    pub fn cluster_meet_bus(&self, ip: &str, port: u16, bus_port: u16) -> E::Output<()> {
        self.call(Request::new("CLUSTER MEET").arg(ip).arg(port).arg(bus_port))
    }

    /// `CLUSTER FORGET`: this node forgets another, by its ID, and does not get to know it again for a minute.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().cluster_forget("07c37df").args()[1..], [&b"FORGET"[..], b"07c37df"]);
    /// ```
    pub fn cluster_forget(&self, node: &str) -> E::Output<()> {
        self.call(Request::new("CLUSTER FORGET").arg(node))
    }

    /// `CLUSTER REPLICATE`: this node becomes a replica of another, by its ID. A primary can only if it has neither slots
    /// nor keys.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().cluster_replicate("07c37df").args()[1..], [&b"REPLICATE"[..], b"07c37df"]);
    /// ```
    pub fn cluster_replicate(&self, node: &str) -> E::Output<()> {
        self.call(Request::new("CLUSTER REPLICATE").arg(node))
    }

    /// `CLUSTER REPLICATE NO ONE`: this replica becomes a primary without slots and keys (only Valkey, 9.0).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().cluster_replicate_no_one().args()[1..], [&b"REPLICATE"[..], b"NO", b"ONE"]);
    /// ```
    pub fn cluster_replicate_no_one(&self) -> E::Output<()> {
        self.call(Request::new("CLUSTER REPLICATE").arg("NO").arg("ONE"))
    }

    /// `CLUSTER FAILOVER`: this replica and its primary change places, in agreement and without a loss. It answers before
    /// they have.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().cluster_failover().args(), [&b"CLUSTER"[..], b"FAILOVER"]);
    /// ```
    pub fn cluster_failover(&self) -> E::Output<()> {
        self.call(Request::new("CLUSTER FAILOVER"))
    }

    /// `CLUSTER FAILOVER` without asking everybody: this replica takes the place of its primary.
    ///
    /// # Example
    /// ```
    /// use client::{Build, ClusterFailover};
    ///
    /// let command = Build::new().cluster_failover_with(ClusterFailover::Takeover);
    /// assert_eq!(command.args()[1..], [&b"FAILOVER"[..], b"TAKEOVER"]);
    /// ```
    pub fn cluster_failover_with(&self, mode: ClusterFailover) -> E::Output<()> {
        self.call(Request::new("CLUSTER FAILOVER").arg(mode.word()))
    }

    /// `CLUSTER RESET`: this node forgets the cluster. A primary can only while it has no keys; a replica becomes an empty
    /// primary.
    ///
    /// # Example
    /// ```
    /// use client::{Build, ClusterReset};
    ///
    /// let command = Build::new().cluster_reset(ClusterReset::Hard);
    /// assert_eq!(command.args()[1..], [&b"RESET"[..], b"HARD"]);
    /// ```
    pub fn cluster_reset(&self, mode: ClusterReset) -> E::Output<()> {
        self.call(Request::new("CLUSTER RESET").arg(mode.word()))
    }

    /// `CLUSTER SAVECONFIG`: writes what this node knows of the cluster to its file.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().cluster_saveconfig().args(), [&b"CLUSTER"[..], b"SAVECONFIG"]);
    /// ```
    pub fn cluster_saveconfig(&self) -> E::Output<()> {
        self.call(Request::new("CLUSTER SAVECONFIG"))
    }

    /// `CLUSTER SET-CONFIG-EPOCH`: the configuration epoch of this node, above zero, which can be set only while it has
    /// none and knows no other node.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().cluster_set_config_epoch(3).args()[1..], [&b"SET-CONFIG-EPOCH"[..], b"3"]);
    /// ```
    pub fn cluster_set_config_epoch(&self, epoch: u64) -> E::Output<()> {
        self.call(Request::new("CLUSTER SET-CONFIG-EPOCH").arg(epoch))
    }

    /// `CLUSTER BUMPEPOCH`: the configuration epoch of this node, which becomes the newest of the cluster unless it is.
    ///
    /// # Example
    /// ```
    /// use client::{Build, Reply};
    ///
    /// let reply = Reply::from_bytes(&b"+BUMPED 8\r\n"[..])?;
    /// let epoch = Build::new().cluster_bumpepoch().decode(&reply)?;
    /// assert_eq!((epoch.is_new, epoch.epoch), (true, 8));
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn cluster_bumpepoch(&self) -> E::Output<BumpedEpoch> {
        self.call(Request::new("CLUSTER BUMPEPOCH"))
    }
}

/// # Cluster: how one reads from a member
impl<E: OneConnection> Commands<E> {
    /// `READONLY`: this connection, to a replica of a cluster, reads from it what would else be redirected to the primary.
    ///
    /// It belongs on a [`Dedicated`](crate::Dedicated) connection, or before the reads in a
    /// [`Pipeline`](crate::Pipeline).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().readonly().args(), [b"READONLY"]);
    /// ```
    pub fn readonly(&self) -> E::Output<()> {
        self.call(Request::new("READONLY"))
    }

    /// `READWRITE`: ends what [`readonly`](Self::readonly) began.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().readwrite().args(), [b"READWRITE"]);
    /// ```
    pub fn readwrite(&self) -> E::Output<()> {
        self.call(Request::new("READWRITE"))
    }
}

/// Whom a replica does not ask when it takes the place of its primary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClusterFailover {
    /// Its primary, which may be gone: what it has not passed on is lost.
    Force,
    /// Nobody, not even the other primaries.
    Takeover,
}

impl ClusterFailover {
    fn word(self) -> &'static str {
        match self {
            Self::Force => "FORCE",
            Self::Takeover => "TAKEOVER",
        }
    }
}

/// What a node forgets with the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClusterReset {
    /// The other nodes and the slots.
    Soft,
    /// Its ID and its epochs too.
    Hard,
}

impl ClusterReset {
    fn word(self) -> &'static str {
        match self {
            Self::Soft => "SOFT",
            Self::Hard => "HARD",
        }
    }
}

/// What [`cluster_bumpepoch`](Commands::cluster_bumpepoch) did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct BumpedEpoch {
    /// Whether the node has got a new epoch; else it had the newest already.
    pub is_new: bool,
    /// The epoch of the node.
    pub epoch: u64,
}

impl Decode<'_> for BumpedEpoch {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let malformed = || DecodeError::because("BUMPED or STILL and an epoch", view, " of other words");
        let (word, epoch) = view.decode::<&str>()?.split_once(' ').ok_or_else(malformed)?;
        let is_new = match word {
            "BUMPED" => true,
            "STILL" => false,
            _ => return Err(malformed()),
        };
        Ok(Self { is_new, epoch: epoch.parse().map_err(|_| malformed())? })
    }
}
