//! Who copies whom, and changing that.

use std::time::Duration;

use resp::{Decode, DecodeError, Flaw, Request, ToArg, View};

use super::arguments::timeout_millis;
use super::info::text;
use super::reply::element;
use crate::Commands;
use crate::execute::Execute;

/// # Replication
impl<E: Execute> Commands<E> {
    /// `ROLE`: whether the server is a primary, a replica or a Sentinel, and of whom.
    ///
    /// # Example
    /// ```
    /// use client::Role;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// match client.role()? {
    ///     Role::Primary { replicas, .. } => assert!(replicas.is_empty()),
    ///     other => panic!("{other:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn role(&self) -> E::Output<Role> {
        self.call(Request::new("ROLE"))
    }

    /// `REPLICAOF`: the server becomes a replica of another one, and its own data is lost. It returns before the copy
    /// has begun.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().replicaof("10.0.0.1", 6379);
    /// assert_eq!(command.args().join(&b' '), b"REPLICAOF 10.0.0.1 6379");
    /// ```
    #[doc(alias = "slaveof")]
    pub fn replicaof(&self, host: impl ToArg, port: u16) -> E::Output<()> {
        self.call(Request::new("REPLICAOF").arg(&host).arg(port))
    }

    /// `REPLICAOF NO ONE`: a replica becomes a primary, with the data it has.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.replicaof_no_one()?; // it is one already
    /// # Ok(())
    /// # }
    /// ```
    pub fn replicaof_no_one(&self) -> E::Output<()> {
        self.call(Request::new("REPLICAOF").arg("NO").arg("ONE"))
    }

    /// `FAILOVER`: the server begins to change places with one of its replicas (Redis 6.2). It returns at once;
    /// [`InfoReplication`](crate::InfoReplication) tells how far it is.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert_eq!(client.failover().unwrap_err().code(), Some("ERR")); // it has no replicas
    /// # Ok(())
    /// # }
    /// ```
    pub fn failover(&self) -> E::Output<()> {
        self.failover_with(FailoverOptions::new())
    }

    /// `FAILOVER` with options: the server begins to change places with a replica, which they may name (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::{Build, FailoverOptions};
    ///
    /// let options = FailoverOptions::new().to("10.0.0.2", 6379).timeout(Duration::from_secs(5)).force();
    /// assert_eq!(
    ///     Build::new().failover_with(options).args().join(&b' '),
    ///     b"FAILOVER TO 10.0.0.2 6379 FORCE TIMEOUT 5000"
    /// );
    /// ```
    pub fn failover_with<'o>(&self, options: impl Into<FailoverOptions<'o>>) -> E::Output<()> {
        let options = options.into();
        self.call(Request::new("FAILOVER").with(|r| options.write(r)))
    }

    /// `FAILOVER ABORT`: the server stays what it is, while the replica has not taken over yet; it is an error if there
    /// is no failover (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert_eq!(client.failover_abort().unwrap_err().code(), Some("ERR"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn failover_abort(&self) -> E::Output<()> {
        self.call(Request::new("FAILOVER").arg("ABORT"))
    }
}

/// The options of `FAILOVER`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FailoverOptions<'o> {
    to: Option<(&'o str, u16)>,
    timeout: Option<Duration>,
    force: bool,
}

impl<'o> FailoverOptions<'o> {
    /// No option: any replica takes over, as soon as it has got everything.
    pub fn new() -> Self {
        Self::default()
    }

    /// This replica takes over.
    #[must_use]
    pub fn to(mut self, host: &'o str, port: u16) -> Self {
        self.to = Some((host, port));
        self
    }

    /// Gives up if no replica has got everything after so long, in whole milliseconds, rounded up. Zero is an error.
    #[must_use]
    pub fn timeout(mut self, time: Duration) -> Self {
        self.timeout = Some(time);
        self
    }

    /// After that time the replica takes over all the same: what it has not got is lost. It needs both of the others.
    #[must_use]
    pub fn force(mut self) -> Self {
        self.force = true;
        self
    }

    fn write<'r>(self, mut request: Request<'r>) -> Request<'r>
    where
        'o: 'r,
    {
        if self.force && (self.to.is_none() || self.timeout.is_none()) {
            request.refuse(Flaw::Argument("can be forced only with a replica and a timeout"));
        }
        let to = self.to.into_iter();
        let request = to.fold(request, |r, (host, port)| r.arg("TO").arg(host).arg(port));
        let request = if self.force { request.arg("FORCE") } else { request };
        self.timeout.into_iter().fold(request, |r, time| r.arg("TIMEOUT").with(|r| timeout_millis(r, time)))
    }
}

/// What a server is to others.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// Others may copy it.
    #[non_exhaustive]
    Primary {
        /// How many bytes of its history have been written.
        offset: i64,
        /// Those that copy it.
        replicas: Vec<RoleReplica>,
    },
    /// It copies another one.
    #[non_exhaustive]
    Replica {
        /// The other one's host.
        host: String,
        /// The other one's port.
        port: u16,
        /// How far it is: `connect`, `connecting`, `handshake`, `sync`, `connected`.
        state: String,
        /// How many bytes of the history it has; `None` before the first.
        offset: Option<i64>,
    },
    /// It watches others.
    #[non_exhaustive]
    Sentinel {
        /// The names of the primaries it watches.
        masters: Vec<String>,
    },
}

impl Decode<'_> for Role {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let at = |at| element(view, at);
        match &*text(at(0)?)? {
            "master" => Ok(Self::Primary { offset: at(1)?.decode()?, replicas: at(2)?.decode()? }),
            "slave" => Ok(Self::Replica {
                host: text(at(1)?)?.into(),
                port: at(2)?.decode()?,
                state: text(at(3)?)?.into(),
                offset: Some(at(4)?.decode()?).filter(|offset| *offset >= 0),
            }),
            "sentinel" => Ok(Self::Sentinel { masters: at(1)?.decode()? }),
            _ => Err(DecodeError::because("a role", view, " that names another")),
        }
    }
}

/// A server that copies another one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RoleReplica {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How many bytes of the history it has got, as far as it has said.
    pub offset: i64,
}

impl Decode<'_> for RoleReplica {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let at = |at| element(view, at);
        Ok(Self { host: text(at(0)?)?.into(), port: at(1)?.decode()?, offset: at(2)?.decode()? })
    }
}
