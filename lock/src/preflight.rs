//! What about a server is bad for locks, told before it happens.

use std::fmt;
use std::time::{Duration, Instant};

use crate::{LockError, Locks};

/// What [`Locks::preflight`] has found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Preflight {
    /// What is bad for locks; empty if nothing is.
    pub warnings: Vec<Warning>,
    /// How long a round trip took, the middle of five. A lease should be twenty times that at least.
    pub round_trip: Duration,
}

/// Something about a server that is bad for locks. Its text says what may happen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// When memory is full, locks are evicted like other keys: `maxmemory-policy`.
    Evicts {
        /// The policy.
        policy: String,
    },
    /// A restart forgets all locks: neither an append-only file, nor snapshots, nor replicas.
    Forgets,
    /// A failover may lose the last writes: there are replicas, and `min-replicas-to-write` is 0.
    MayLoseWrites {
        /// How many replicas.
        replicas: u32,
    },
    /// It is a replica: it takes no locks.
    IsReplica,
    /// It is too old for this crate: older than Redis 6.2.
    TooOld {
        /// The version.
        version: String,
    },
    /// The user may not run a command that locks need, or one that this look needs.
    Forbidden {
        /// The command.
        command: String,
    },
}

impl Locks {
    /// Looks at the server's settings, and says what about them is bad for locks. Not for every acquire: for the start
    /// of a program, or a test of a deployment.
    ///
    /// # Errors
    /// [`LockError::Client`] when the server could not be asked.
    ///
    /// # Example
    /// ```
    /// use lock::Locks;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// for warning in Locks::new(&client)?.preflight()?.warnings {
    ///     eprintln!("{warning}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn preflight(&self) -> Result<Preflight, LockError> {
        let client = self.calls(None);
        let mut times = [Duration::ZERO; 5];
        for time in &mut times {
            let begin = Instant::now();
            client.ping()?;
            *time = begin.elapsed();
        }
        times.sort_unstable();
        let mut warnings = Vec::new();

        let info = allowed("INFO", client.info("default"), &mut warnings)?;
        let number = |name: &str| info.as_ref().and_then(|info| info.get::<u32>(name)).unwrap_or(0);
        let text =
            |name: &str| info.as_ref().and_then(|info| info.field(name)).unwrap_or_default().to_owned();
        if text("role") == "slave" {
            warnings.push(Warning::IsReplica);
        }
        let version = text("redis_version");
        let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
        let parts = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        if !version.is_empty() && parts < (6, 2) {
            warnings.push(Warning::TooOld { version });
        }

        let names = ["maxmemory-policy", "appendonly", "save", "min-replicas-to-write"];
        // One by one: before 7.0 there is one at a time.
        let mut settings = Vec::new();
        for name in names {
            match allowed("CONFIG GET", client.config_get(name), &mut warnings)? {
                Some(mut found) => settings.push(found.remove(name).unwrap_or_default()),
                None => break,
            }
        }
        if let [policy, appendonly, save, min_replicas] = &settings[..] {
            if policy != "noeviction" {
                warnings.push(Warning::Evicts { policy: policy.clone() });
            }
            let replicas = number("connected_slaves");
            if appendonly != "yes" && save.is_empty() && replicas == 0 {
                warnings.push(Warning::Forgets);
            }
            if replicas > 0 && min_replicas == "0" {
                warnings.push(Warning::MayLoseWrites { replicas });
            }
        }

        let name = format!("redisy:preflight:{}", std::process::id());
        let tried = self.lock(name).timeout(Duration::from_secs(1)).try_acquire();
        let tried = tried.and_then(|guard| guard.map_or(Ok(()), |guard| Ok(guard.release()?)));
        match tried {
            Err(LockError::Client(error)) if error.code() == Some("NOPERM") => {
                warnings
                    .push(Warning::Forbidden { command: error.command().unwrap_or("EVALSHA").to_owned() });
            }
            // A replica has said so already.
            Err(LockError::Client(error)) if error.code() == Some("READONLY") => {}
            other => other?,
        }
        Ok(Preflight { warnings, round_trip: times[2] })
    }
}

/// The answer, unless the user may not ask.
fn allowed<R>(
    command: &str,
    result: Result<R, client::Error>,
    warnings: &mut Vec<Warning>,
) -> Result<Option<R>, LockError> {
    match result {
        Ok(reply) => Ok(Some(reply)),
        Err(error) if error.code() == Some("NOPERM") => {
            warnings.push(Warning::Forbidden { command: command.to_owned() });
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Evicts { policy } => {
                write!(
                    f,
                    "maxmemory-policy is {policy}: when memory is full, locks that are held may be evicted"
                )
            }
            Self::Forgets => f.write_str(
                "neither append-only file nor snapshots nor replicas: a restart forgets all locks",
            ),
            Self::MayLoseWrites { replicas } => write!(
                f,
                "{replicas} replicas, and min-replicas-to-write is 0: a failover may forget locks that are held"
            ),
            Self::IsReplica => f.write_str("the server is a replica: it takes no locks"),
            Self::TooOld { version } => write!(f, "version {version} is older than 6.2"),
            Self::Forbidden { command } => write!(f, "the user may not run {command}"),
        }
    }
}
