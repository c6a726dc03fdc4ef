//! What a server tells about what it denied.

use std::fmt;
use std::time::{Duration, SystemTime};

use resp::{Decode, DecodeError, DecodeOwned, Millis, Reply, View};

use crate::ClientInfo;
use crate::commands::info::text;
use crate::commands::reply::{field, find, optional, since_1970, text_field};

/// Something that was denied to somebody.
#[derive(Clone)]
#[non_exhaustive]
pub struct AclLogEntry {
    /// How often it was, within a minute of each other.
    pub count: u64,
    /// Why it was.
    pub reason: AclReason,
    /// Where it came from: `toplevel`, `multi`, `lua`, `module`.
    pub context: String,
    /// What was denied: the name of the command, a key, a channel, a database; `AUTH` if it was the login.
    pub object: String,
    /// To whom.
    pub username: String,
    /// How long ago, to the millisecond.
    pub age: Duration,
    /// The client that tried; `None` if the server tells less of it than its number and its database.
    pub client: Option<ClientInfo>,
    /// The number of the entry since the server started (Redis 7.2).
    pub entry_id: Option<u64>,
    /// When it happened first (Redis 7.2).
    pub created: Option<SystemTime>,
    /// When it happened last (Redis 7.2).
    pub last_updated: Option<SystemTime>,
    all: Reply,
}

impl AclLogEntry {
    /// Any field, by the name the server gives it. `None` if there is no such field, or it is no `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl Decode<'_> for AclLogEntry {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let client = find(view, "client-info")?;
        Ok(Self {
            count: field(view, "count")?,
            reason: AclReason::from(&*text_field(view, "reason")?),
            context: text_field(view, "context")?,
            object: text_field(view, "object")?,
            username: text_field(view, "username")?,
            age: find(view, "age-seconds").and_then(age).map_err(|error| error.at_field("age-seconds"))?,
            client: text(client).and_then(|line| ClientInfo::parse(line.trim_end(), client)).ok(),
            entry_id: optional(view, "entry-id")?,
            created: time(view, "timestamp-created")?,
            last_updated: time(view, "timestamp-last-updated")?,
            all: view.to_reply(),
        })
    }
}

impl fmt::Debug for AclLogEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AclLogEntry").field(&self.all).finish()
    }
}

/// Why something was denied.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AclReason {
    /// The user or the password was wrong.
    Auth,
    /// The user may not run the command.
    Command,
    /// The user may not use the key.
    Key,
    /// The user may not use the channel.
    Channel,
    /// The user may not use the database (only Valkey, 9.1).
    Database,
    /// A reason that is newer than this library.
    Other(Box<str>),
}

impl From<&str> for AclReason {
    fn from(word: &str) -> Self {
        match word {
            "auth" => Self::Auth,
            "command" => Self::Command,
            "key" => Self::Key,
            "channel" => Self::Channel,
            "database" => Self::Database,
            word => Self::Other(word.into()),
        }
    }
}

/// Seconds with a fraction.
fn age(view: View<'_>) -> Result<Duration, DecodeError> {
    let malformed = |_| DecodeError::because("a time", view, " that is negative or out of range");
    Duration::try_from_secs_f64(view.decode()?).map_err(malformed)
}

/// Milliseconds since 1970.
fn time(view: View<'_>, name: &'static str) -> Result<Option<SystemTime>, DecodeError> {
    let time: Option<Millis> = optional(view, name)?;
    time.map(|time| since_1970(view, time.0).map_err(|error| error.at_field(name))).transpose()
}
