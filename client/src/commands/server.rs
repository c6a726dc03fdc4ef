//! Commands about the server itself: its data, its settings, its clock and what it tells about itself.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use resp::{Request, Seconds, ToArgs, ToPairs};

use super::arguments::any_args;
use super::reply::since_1970;
use crate::execute::Execute;
use crate::{Commands, Info};

/// # Server
impl<E: Execute> Commands<E> {
    /// `DBSIZE`: the number of keys in the database.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:dbsize", "x")?;
    /// assert!(client.dbsize()? > 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn dbsize(&self) -> E::Output<i64> {
        self.call(Request::new("DBSIZE"))
    }

    /// `FLUSHDB`: deletes all keys of the database, in the way that the server's `lazyfree-lazy-user-flush` says.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().flushdb().args(), [b"FLUSHDB"]);
    /// ```
    pub fn flushdb(&self) -> E::Output<()> {
        self.call(Request::new("FLUSHDB"))
    }

    /// `FLUSHDB` with a mode: deletes all keys of the database.
    ///
    /// # Example
    /// ```
    /// use client::{Build, FlushMode};
    ///
    /// let command = Build::new().flushdb_with(FlushMode::Async);
    /// assert_eq!(command.args(), [&b"FLUSHDB"[..], b"ASYNC"]);
    /// ```
    pub fn flushdb_with(&self, mode: FlushMode) -> E::Output<()> {
        self.call(Request::new("FLUSHDB").arg(mode.as_str()))
    }

    /// `FLUSHALL`: deletes all keys of all databases, in the way that the server's `lazyfree-lazy-user-flush` says.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().flushall().args(), [b"FLUSHALL"]);
    /// ```
    pub fn flushall(&self) -> E::Output<()> {
        self.call(Request::new("FLUSHALL"))
    }

    /// `FLUSHALL` with a mode: deletes all keys of all databases.
    ///
    /// # Example
    /// ```
    /// use client::{Build, FlushMode};
    ///
    /// let command = Build::new().flushall_with(FlushMode::Sync);
    /// assert_eq!(command.args(), [&b"FLUSHALL"[..], b"SYNC"]);
    /// ```
    pub fn flushall_with(&self, mode: FlushMode) -> E::Output<()> {
        self.call(Request::new("FLUSHALL").arg(mode.as_str()))
    }

    /// `SWAPDB`: exchanges two databases; every client finds the other one's keys from now on.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().swapdb(0, 1).args(), [&b"SWAPDB"[..], b"0", b"1"]);
    /// ```
    pub fn swapdb(&self, one: u32, other: u32) -> E::Output<()> {
        self.call(Request::new("SWAPDB").arg(one).arg(other))
    }

    /// `TIME`: the server's clock, in microseconds.
    ///
    /// # Example
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let ahead = client.time()?.duration_since(SystemTime::now()).unwrap_or_default();
    /// assert!(ahead < Duration::from_secs(60));
    /// # Ok(())
    /// # }
    /// ```
    pub fn time(&self) -> E::Output<SystemTime> {
        self.call_with(Request::new("TIME"), |view| {
            let (seconds, micros) = view.decode::<(u64, u32)>()?;
            let micros = Duration::from_micros(micros.into());
            since_1970(view, Duration::from_secs(seconds).saturating_add(micros))
        })
    }

    /// `LASTSAVE`: when the data was last saved to disk, in seconds; when the server started, if it never was.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(client.lastsave()? <= client.time()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn lastsave(&self) -> E::Output<SystemTime> {
        self.call_with(Request::new("LASTSAVE"), |view| since_1970(view, view.decode::<Seconds>()?.0))
    }

    /// `INFO`: what the server tells about itself in a section: `server`, `memory`, `keyspace`, …; `default` are the
    /// usual ones, `all` and `everything` more. From Redis 7.0 on there may be several.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let info = client.info("server")?;
    /// assert_eq!(info.get::<u32>("arch_bits"), Some(64));
    /// assert!(info.field("redis_version").is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub fn info(&self, sections: impl ToArgs) -> E::Output<Info> {
        self.call(Request::new("INFO").args(&sections))
    }

    /// `CONFIG GET`: the settings whose names match, with their values. From Redis 7.0 on there may be several
    /// patterns.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let settings = client.config_get("maxmemory*")?;
    /// assert_eq!(settings["maxmemory-policy"], "noeviction");
    /// # Ok(())
    /// # }
    /// ```
    pub fn config_get(&self, patterns: impl ToArgs) -> E::Output<HashMap<String, String>> {
        self.call(Request::new("CONFIG GET").args(&patterns))
    }

    /// `CONFIG SET`: changes settings while the server runs. From Redis 7.0 on there may be several: all of them
    /// change, or none.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.config_set(("slowlog-max-len", 128))?;
    /// assert_eq!(client.config_get("slowlog-max-len")?["slowlog-max-len"], "128");
    /// # Ok(())
    /// # }
    /// ```
    pub fn config_set(&self, settings: impl ToPairs) -> E::Output<()> {
        self.call(Request::new("CONFIG SET").pairs(&settings))
    }

    /// `CONFIG RESETSTAT`: sets the statistics that [`info`](Self::info) tells back to zero.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().config_resetstat().args(), [&b"CONFIG"[..], b"RESETSTAT"]);
    /// ```
    pub fn config_resetstat(&self) -> E::Output<()> {
        self.call(Request::new("CONFIG RESETSTAT"))
    }

    /// `CONFIG REWRITE`: writes the settings as they are now into the server's file of settings. It is an error if it was
    /// started without one.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert_eq!(client.config_rewrite().unwrap_err().code(), Some("ERR")); // it has none
    /// # Ok(())
    /// # }
    /// ```
    pub fn config_rewrite(&self) -> E::Output<()> {
        self.call(Request::new("CONFIG REWRITE"))
    }

    /// `LOLWUT`: a work of art, and the server's version below it.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(client.lolwut()?.contains("Redis ver. 8"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn lolwut(&self) -> E::Output<String> {
        self.call(Request::new("LOLWUT"))
    }

    /// `LOLWUT VERSION`: the work of art of another version, with what that one takes, as the size of the picture.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let (columns, squares_a_row, squares_a_column) = (20, 2, 2);
    /// let art = client.lolwut_version(5, (columns, squares_a_row, squares_a_column))?;
    /// assert!(art.contains("Georg Nees"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn lolwut_version(&self, version: u32, args: impl ToArgs) -> E::Output<String> {
        self.call(Request::new("LOLWUT").arg("VERSION").arg(version).with(|r| any_args(r, &args)))
    }
}

/// Whether a flush gives the memory back before it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FlushMode {
    /// It does; nobody else is answered meanwhile (Redis 6.2).
    Sync,
    /// It answers at once and gives the memory back later.
    Async,
}

impl FlushMode {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Sync => "SYNC",
            Self::Async => "ASYNC",
        }
    }
}
