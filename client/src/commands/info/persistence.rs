//! What is on disk.

use std::time::{Duration, SystemTime};

use super::Info;
use super::section::Section;

impl Info {
    /// The section `persistence`; `None` if the reply lacks it.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let persistence = client.info("persistence")?.persistence().ok_or("asked for")?;
    /// assert!(!persistence.loading && persistence.rdb_last_bgsave_ok);
    /// assert_eq!(persistence.rdb_last_save_time, Some(client.lastsave()?));
    /// # Ok(())
    /// # }
    /// ```
    pub fn persistence(&self) -> Option<InfoPersistence> {
        let section = Section::of(self, "persistence")?;
        Some(InfoPersistence {
            loading: section.flag("loading"),
            async_loading: section.flag("async_loading"),
            rdb_changes_since_last_save: section.number("rdb_changes_since_last_save"),
            rdb_bgsave_in_progress: section.flag("rdb_bgsave_in_progress"),
            rdb_last_save_time: section.time("rdb_last_save_time"),
            rdb_last_bgsave_ok: section.is_ok("rdb_last_bgsave_status"),
            rdb_last_bgsave_time: section.seconds("rdb_last_bgsave_time_sec"),
            rdb_current_bgsave_time: section.seconds("rdb_current_bgsave_time_sec"),
            rdb_saves: section.get("rdb_saves"),
            rdb_last_cow_size: section.number("rdb_last_cow_size"),
            aof_enabled: section.flag("aof_enabled"),
            aof_rewrite_in_progress: section.flag("aof_rewrite_in_progress"),
            aof_rewrite_scheduled: section.flag("aof_rewrite_scheduled"),
            aof_last_rewrite_time: section.seconds("aof_last_rewrite_time_sec"),
            aof_current_rewrite_time: section.seconds("aof_current_rewrite_time_sec"),
            aof_last_bgrewrite_ok: section.is_ok("aof_last_bgrewrite_status"),
            aof_last_write_ok: section.is_ok("aof_last_write_status"),
            aof_current_size: section.get("aof_current_size"),
            aof_base_size: section.get("aof_base_size"),
        })
    }
}

/// What is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InfoPersistence {
    /// Whether the data is being loaded.
    pub loading: bool,
    /// Whether that of a primary is being loaded, and the old one still served (Redis 7.0).
    pub async_loading: bool,
    /// How many changes there were since the data was last saved.
    pub rdb_changes_since_last_save: u64,
    /// Whether it is being saved in the background.
    pub rdb_bgsave_in_progress: bool,
    /// When it was last saved; when the server started, if it never was.
    pub rdb_last_save_time: Option<SystemTime>,
    /// Whether the last save in the background went well, or there was none.
    pub rdb_last_bgsave_ok: bool,
    /// How long that took, in whole seconds; `None` if there was none.
    pub rdb_last_bgsave_time: Option<Duration>,
    /// How long the present one has taken so far, in whole seconds; `None` if there is none.
    pub rdb_current_bgsave_time: Option<Duration>,
    /// How often it was saved since the server started (Redis 7.0).
    pub rdb_saves: Option<u64>,
    /// How many bytes were copied because they changed during the last save.
    pub rdb_last_cow_size: u64,
    /// Whether every write is logged to a file.
    pub aof_enabled: bool,
    /// Whether that log is being rewritten.
    pub aof_rewrite_in_progress: bool,
    /// Whether it will be, as soon as the data is saved.
    pub aof_rewrite_scheduled: bool,
    /// How long the last rewrite took, in whole seconds; `None` if there was none.
    pub aof_last_rewrite_time: Option<Duration>,
    /// How long the present one has taken so far, in whole seconds; `None` if there is none.
    pub aof_current_rewrite_time: Option<Duration>,
    /// Whether the last rewrite went well, or there was none.
    pub aof_last_bgrewrite_ok: bool,
    /// Whether the last write to the log went well, or there was none.
    pub aof_last_write_ok: bool,
    /// The size of the log in bytes, if there is one.
    pub aof_current_size: Option<u64>,
    /// Its size in bytes after the last rewrite, if there is one.
    pub aof_base_size: Option<u64>,
}
