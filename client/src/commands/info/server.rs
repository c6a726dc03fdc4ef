//! What runs where, and since when.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Info;
use super::section::Section;

impl Info {
    /// The section `server`; `None` if the reply lacks it.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let server = client.info("server")?.server().ok_or("asked for")?;
    /// assert_eq!((&*server.name, &*server.mode, server.arch_bits), ("redis", "standalone", 64));
    /// assert!(server.version.starts_with("8."));
    /// # Ok(())
    /// # }
    /// ```
    pub fn server(&self) -> Option<InfoServer> {
        let section = Section::of(self, "server")?;
        Some(InfoServer {
            name: section.some_text("server_name").unwrap_or_else(|| "redis".to_owned()),
            version: section.some_text("valkey_version").unwrap_or_else(|| section.text("redis_version")),
            redis_version: section.text("redis_version"),
            mode: section.some_text("redis_mode").unwrap_or_else(|| section.text("server_mode")),
            os: section.text("os"),
            arch_bits: section.number("arch_bits"),
            process_id: section.number("process_id"),
            run_id: section.text("run_id"),
            tcp_port: section.number("tcp_port"),
            server_time: section
                .get("server_time_usec")
                .and_then(|micros| UNIX_EPOCH.checked_add(Duration::from_micros(micros))),
            uptime: section.seconds("uptime_in_seconds").unwrap_or_default(),
            hz: section.number("hz"),
            executable: section.text("executable"),
            config_file: section.some_text("config_file"),
        })
    }
}

/// What runs where, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InfoServer {
    /// What it is: `redis`, `valkey`.
    pub name: String,
    /// Its own version.
    pub version: String,
    /// The version of the Redis that it is, or that it is compatible with: every Valkey says `7.2.4`.
    pub redis_version: String,
    /// `standalone`, `sentinel` or `cluster`.
    pub mode: String,
    /// The operating system.
    pub os: String,
    /// 32 or 64.
    pub arch_bits: u32,
    /// The number of its process.
    pub process_id: u32,
    /// What no other run of a server has: a new one after each start.
    pub run_id: String,
    /// The TCP port it listens on; 0 if on none.
    pub tcp_port: u16,
    /// Its clock, in microseconds (Redis 6.2).
    pub server_time: Option<SystemTime>,
    /// For how long it has run, in whole seconds.
    pub uptime: Duration,
    /// How often a second it looks after what is not urgent.
    pub hz: u32,
    /// The path of the program.
    pub executable: String,
    /// The path of its file of settings, if it has one.
    pub config_file: Option<String>,
}
