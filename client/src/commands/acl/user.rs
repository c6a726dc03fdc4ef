//! What a server tells about a user.

use std::fmt;

use resp::{Decode, DecodeError, DecodeOwned, Reply, View};

use crate::commands::info::text;
use crate::commands::reply::{field, optional, text_field, texts};

/// A user of a server: what he is, and what he may do. Rules are in the words of the server, whichever its version:
/// [`AclRules::rule`](crate::AclRules::rule) takes them again.
///
/// It is printed without the hashes of his passwords.
#[derive(Clone)]
#[non_exhaustive]
pub struct AclUser {
    /// `on` or `off`, `nopass`, and others.
    pub flags: Vec<String>,
    /// The SHA-256 hashes of his passwords, in hexadecimal digits.
    pub passwords: Vec<String>,
    /// What he may run: `-@all`, `+@read`, `+config|get`, …
    pub commands: Vec<String>,
    /// The keys he may use: `~app:*`, `%R~shared:*`, …
    pub keys: Vec<String>,
    /// The channels he may use: `&app:*`, …
    pub channels: Vec<String>,
    /// The databases he may use: `alldbs` or `db=0,1` (only Valkey, 9.1).
    pub databases: Option<String>,
    /// What else he may do: commands with those keys and channels (Redis 7.0).
    pub selectors: Vec<AclSelector>,
    all: Reply,
}

impl AclUser {
    /// Whether he may log in.
    pub fn is_on(&self) -> bool {
        self.has("on")
    }

    /// Whether any password is right.
    pub fn is_nopass(&self) -> bool {
        self.has("nopass")
    }

    /// Any field, by the name the server gives it. `None` if there is no such field, or it is no `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }

    fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|word| word == flag)
    }
}

impl Decode<'_> for AclUser {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            flags: field(view, "flags")?,
            passwords: field(view, "passwords")?,
            commands: words(text_field(view, "commands")?),
            keys: patterns(view, "keys", "~")?,
            channels: patterns(view, "channels", "&")?,
            databases: optional(view, "databases")?,
            selectors: optional(view, "selectors")?.unwrap_or_default(),
            all: view.to_reply(),
        })
    }
}

impl fmt::Debug for AclUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AclUser")
            .field("flags", &self.flags)
            .field("passwords", &format_args!("{} of them", self.passwords.len()))
            .field("commands", &self.commands)
            .field("keys", &self.keys)
            .field("channels", &self.channels)
            .field("databases", &self.databases)
            .field("selectors", &self.selectors)
            .finish_non_exhaustive()
    }
}

/// Commands that a user may run with some keys and channels, whatever else he may do.
#[derive(Clone)]
#[non_exhaustive]
pub struct AclSelector {
    /// What he may run: `-@all`, `+@read`, `+config|get`, …
    pub commands: Vec<String>,
    /// With which keys: `~app:*`, `%R~shared:*`, …
    pub keys: Vec<String>,
    /// On which channels: `&app:*`, …
    pub channels: Vec<String>,
    /// In which databases: `alldbs` or `db=0,1` (only Valkey, 9.1).
    pub databases: Option<String>,
    all: Reply,
}

impl AclSelector {
    /// Any field, by the name the server gives it. `None` if there is no such field, or it is no `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl Decode<'_> for AclSelector {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            commands: words(text_field(view, "commands")?),
            keys: patterns(view, "keys", "~")?,
            channels: patterns(view, "channels", "&")?,
            databases: optional(view, "databases")?,
            all: view.to_reply(),
        })
    }
}

impl fmt::Debug for AclSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AclSelector")
            .field("commands", &self.commands)
            .field("keys", &self.keys)
            .field("channels", &self.channels)
            .field("databases", &self.databases)
            .finish_non_exhaustive()
    }
}

/// Patterns as rules: one text from Redis 7.0 on, before a list of patterns without their signs.
fn patterns(view: View<'_>, name: &'static str, sign: &str) -> Result<Vec<String>, DecodeError> {
    let Some(view) = view.find(name) else { return Ok(Vec::new()) };
    let list = match view.kind().is_aggregate() {
        true => texts(view).map(|list| list.iter().map(|pattern| format!("{sign}{pattern}")).collect()),
        false => text(view).map(words),
    };
    list.map_err(|error| error.at_field(name))
}

fn words(text: impl AsRef<str>) -> Vec<String> {
    text.as_ref().split_ascii_whitespace().map(Into::into).collect()
}
