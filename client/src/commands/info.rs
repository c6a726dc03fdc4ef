//! What a server tells about itself: a text of `name:value` lines in sections.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use resp::{Decode, DecodeError, View};

mod keyspace;
pub use keyspace::{InfoCluster, InfoDatabase, InfoModule};
mod load;
pub use load::{InfoClients, InfoCpu, InfoMemory, InfoStats};
mod persistence;
pub use persistence::InfoPersistence;
mod replication;
pub use replication::{InfoPrimary, InfoReplica, InfoReplication};
mod section;
mod server;
pub use server::InfoServer;
mod statistics;
pub use statistics::CommandStats;

/// The reply of [`Commands::info`](crate::Commands::info): the usual sections as types, and every field the server
/// sent, known or not.
///
/// A field of such a type that the server lacks, as an older one may, is `None`, zero or empty.
///
/// # Example
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// client.set("doc:info", "x")?;
/// let info = client.info("default")?;
/// assert!(info.memory().is_some_and(|memory| memory.used_memory > 0));
/// assert!(info.keyspace()[0].keys > 0);
/// assert!(info.get::<u32>("connected_clients") > Some(0)); // any field that the server has
/// assert_eq!(info.sections().next(), Some("Server"));
/// assert!(info.section("memory").any(|(name, _)| name == "used_memory"));
/// let keys = info.parts("db0").find(|(name, _)| *name == "keys"); // db0:keys=1,expires=0,…
/// assert!(keys.is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    text: Box<str>,
}

impl Info {
    /// The value of a field as a number or whatever else its text means; `None` if there is no such field, or its
    /// text does not mean that.
    pub fn get<T: FromStr>(&self, name: &str) -> Option<T> {
        self.field(name)?.parse().ok()
    }

    /// The text of a field's value.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields().find(|(field, _)| *field == name).map(|(_, value)| value)
    }

    /// The parts of a field's value, as in `db0:keys=1,expires=0`. One of them may be a name alone, whose value is
    /// empty. Nothing if the value is no list of parts.
    pub fn parts(&self, name: &str) -> impl Iterator<Item = (&str, &str)> {
        parts(self.field(name).unwrap_or_default())
    }

    /// All fields with their values, in the server's order. A name may come twice.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.text.lines().filter_map(field)
    }

    /// The names of the sections.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.text.lines().filter_map(heading)
    }

    /// The fields of a section with their values. Its name may be in upper or lower case.
    pub fn section(&self, name: &str) -> impl Iterator<Item = (&str, &str)> {
        let is_it = |line: &&str| heading(line).is_some_and(|heading| heading.eq_ignore_ascii_case(name));
        let at =
            self.text.lines().position(|line| is_it(&line)).map_or(usize::MAX, |at| at.saturating_add(1));
        self.text.lines().skip(at).take_while(|line| heading(line).is_none()).filter_map(field)
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Info {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Decode<'_> for Info {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        Ok(Self { text: text(view)?.into() })
    }
}

/// The text of a reply in which a path or a name may be no UTF-8, which must not make the rest unreadable.
pub(super) fn text(view: View<'_>) -> Result<Cow<'_, str>, DecodeError> {
    Ok(match view.decode::<Cow<'_, [u8]>>()? {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    })
}

fn heading(line: &str) -> Option<&str> {
    line.strip_prefix("# ")
}

fn field(line: &str) -> Option<(&str, &str)> {
    line.split_once(':').filter(|_| heading(line).is_none())
}

/// The parts of a value: `keys=1,expires=0`.
fn parts(value: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts = value.split(',').filter(|part| !part.is_empty() && value.contains('='));
    parts.map(|part| part.split_once('=').unwrap_or((part, "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_kept_known_or_not() {
        let text = "# Server\r\nredis_version:8.0.1\r\nexecutable:/a:bÿ\r\n\r\n# Odd one\r\nmodule:name=a,ver=1\r\n\
            module:name=b\r\nempty:\r\nnonsense\r\n# Keyspace\r\ndb0:keys=1,expires=0,x=y=z\r\n";
        let reply = resp::Reply::from_bytes(format!("={}\r\ntxt:{text}\r\n", text.len() + 4)).unwrap();
        let info: Info = reply.decode().unwrap();
        assert_eq!(info.sections().collect::<Vec<_>>(), ["Server", "Odd one", "Keyspace"]);
        assert_eq!(info.field("executable"), Some("/a:bÿ"));
        assert_eq!(info.field("empty"), Some(""));
        assert_eq!((info.field("nonsense"), info.field("# Server")), (None, None));
        assert_eq!(info.fields().filter(|(name, _)| *name == "module").count(), 2);
        assert_eq!(
            info.section("odd ONE").map(|(name, _)| name).collect::<Vec<_>>(),
            ["module", "module", "empty"]
        );
        assert_eq!(info.section("none").count(), 0);
        assert_eq!(info.parts("db0").collect::<Vec<_>>(), [("keys", "1"), ("expires", "0"), ("x", "y=z")]);
        assert_eq!(info.parts("none").count(), 0);
        assert_eq!((info.get::<u32>("redis_version"), info.get::<u32>("none")), (None, None));
        assert_eq!(info.to_string(), text);
    }

    #[test]
    fn bytes_that_are_no_text_do_not_hide_the_rest() {
        let reply = resp::Reply::from_bytes(&b"$11\r\na:\xff\r\nb:12\r\n\r\n"[..]).unwrap();
        let info: Info = reply.decode().unwrap();
        assert_eq!((info.field("a"), info.get("b")), (Some("\u{fffd}"), Some(12)));
    }
}
