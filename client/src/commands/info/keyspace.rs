//! The databases, the cluster and the modules.

use std::time::Duration;

use super::Info;
use super::section::Section;

impl Info {
    /// The section `keyspace`: the databases that are not empty. Empty if the reply lacks it.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set_with("doc:keyspace", "x", Duration::from_secs(60))?;
    /// let databases = client.info("keyspace")?.keyspace();
    /// assert_eq!(databases[0].db, 0);
    /// assert!(databases[0].expires > 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn keyspace(&self) -> Vec<InfoDatabase> {
        self.section("keyspace").filter_map(|(name, value)| InfoDatabase::read(name, value)).collect()
    }

    /// The section `cluster`; `None` if the reply lacks it.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let cluster = client.info("cluster")?.cluster().ok_or("asked for")?;
    /// assert!(!cluster.enabled);
    /// # Ok(())
    /// # }
    /// ```
    pub fn cluster(&self) -> Option<InfoCluster> {
        let section = Section::of(self, "cluster")?;
        Some(InfoCluster { enabled: section.flag("cluster_enabled") })
    }

    /// The section `modules`: those that are loaded. Empty if the reply lacks it.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let modules = client.info("modules")?.modules();
    /// assert!(modules.iter().any(|module| module.name == "vectorset")); // built in
    /// # Ok(())
    /// # }
    /// ```
    pub fn modules(&self) -> Vec<InfoModule> {
        let lines = self.section("modules").filter(|(name, _)| *name == "module");
        lines.map(|(_, value)| InfoModule::read(value)).collect()
    }
}

/// A database.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InfoDatabase {
    /// Its number.
    pub db: u32,
    /// The number of keys.
    pub keys: u64,
    /// How many of them expire.
    pub expires: u64,
    /// The time they have on average, in milliseconds, as far as the server has looked; zero if it has not.
    pub avg_ttl: Duration,
    /// How many hashes have fields that expire (Redis 7.4, Valkey 9.0).
    pub subexpiry: Option<u64>,
}

impl InfoDatabase {
    /// Reads `db0:keys=1,expires=0,avg_ttl=0,subexpiry=0`.
    fn read(name: &str, value: &str) -> Option<Self> {
        let parts = Section::parts(value);
        Some(Self {
            db: name.strip_prefix("db")?.parse().ok()?,
            keys: parts.number("keys"),
            expires: parts.number("expires"),
            avg_ttl: Duration::from_millis(parts.number("avg_ttl")),
            subexpiry: parts.get("subexpiry").or_else(|| parts.get("keys_with_volatile_items")),
        })
    }
}

/// What the server is to a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InfoCluster {
    /// Whether it is part of one.
    pub enabled: bool,
}

/// A module that is loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InfoModule {
    /// Its name.
    pub name: String,
    /// Its version, in the way of its own.
    pub ver: i64,
    /// The version of the interface it uses.
    pub api: i64,
    /// How many filters of commands it has.
    pub filters: u64,
    /// The modules that use it.
    pub usedby: Vec<String>,
    /// The modules that it uses.
    pub using: Vec<String>,
    /// What it has declared, such as `handle-io-errors`.
    pub options: Vec<String>,
}

impl InfoModule {
    /// Reads `name=a,ver=1,api=1,filters=0,usedby=[],using=[b|c],options=[handle-io-errors]`.
    fn read(value: &str) -> Self {
        let parts = Section::parts(value);
        let list = |name: &str| {
            let list = parts.field(name).unwrap_or_default().trim_matches(['[', ']']).split('|');
            list.filter(|word| !word.is_empty()).map(Into::into).collect()
        };
        Self {
            name: parts.text("name"),
            ver: parts.number("ver"),
            api: parts.number("api"),
            filters: parts.number("filters"),
            usedby: list("usedby"),
            using: list("using"),
            options: list("options"),
        }
    }
}
