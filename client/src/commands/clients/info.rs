//! What a server knows of its clients: a line of `name=value` for each.

use std::str::FromStr;
use std::time::Duration;

use resp::{DecodeError, View};

/// What a server knows of a client. Servers differ in what they tell: [`ClientInfo::field`] reads all of it.
///
/// # Example
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// let clients = client.client_list()?;
/// let one = &clients[0];
/// assert_eq!(one.field("id"), Some(one.id().to_string().as_str()));
/// assert_eq!(one.field("no such field"), None);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientInfo {
    id: i64,
    db: u32,
    fields: Vec<(Box<str>, Box<str>)>,
}

impl ClientInfo {
    /// The number of its connection.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Its database.
    pub fn db(&self) -> u32 {
        self.db
    }

    /// Its address: `host:port`, or the path of a Unix socket and `:0`.
    pub fn addr(&self) -> &str {
        self.field("addr").unwrap_or_default()
    }

    /// The name it gave itself, if it did.
    pub fn name(&self) -> Option<&str> {
        self.field("name").filter(|name| !name.is_empty())
    }

    /// The address at the server's end, as [`addr`](Self::addr) (Redis 6.2).
    pub fn laddr(&self) -> Option<&str> {
        self.field("laddr")
    }

    /// The user it is.
    pub fn user(&self) -> Option<&str> {
        self.field("user")
    }

    /// What it is, a letter for each: `N` a normal client, `b` one that blocks, `P` a subscriber, `S` a replica, `t`
    /// one for whom keys are tracked, …
    pub fn flags(&self) -> &str {
        self.field("flags").unwrap_or_default()
    }

    /// The command it ran last, in lower case: `get`, `client|list` (before Redis 7.0 without the sub-command).
    pub fn cmd(&self) -> Option<&str> {
        self.field("cmd").filter(|command| *command != "NULL")
    }

    /// For how long it has been connected, in whole seconds.
    pub fn age(&self) -> Duration {
        Duration::from_secs(self.get("age").unwrap_or_default())
    }

    /// For how long it has done nothing, in whole seconds.
    pub fn idle(&self) -> Duration {
        Duration::from_secs(self.get("idle").unwrap_or_default())
    }

    /// The library at its end, if it has told (Redis 7.2).
    pub fn lib_name(&self) -> Option<&str> {
        self.field("lib-name").filter(|name| !name.is_empty())
    }

    /// The version of that library, if it has told (Redis 7.2).
    pub fn lib_ver(&self) -> Option<&str> {
        self.field("lib-ver").filter(|version| !version.is_empty())
    }

    /// A field as a number or whatever else its text means; `None` if there is no such field, or its text does not
    /// mean that.
    pub fn get<T: FromStr>(&self, name: &str) -> Option<T> {
        self.field(name)?.parse().ok()
    }

    /// Any field, by the name the server gives it: `fd`, `qbuf`, `tot-mem`, `resp`, …
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields().find(|(field, _)| *field == name).map(|(_, value)| value)
    }

    /// All fields with their values, in the server's order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (&**name, &**value))
    }

    pub(in crate::commands) fn parse(line: &str, view: View<'_>) -> Result<Self, DecodeError> {
        let fields = fields(line);
        let info = Self { id: 0, db: 0, fields };
        let malformed = || DecodeError::because("a client with its id and db", view, " without them");
        let id = info.field("id").and_then(|id| id.parse().ok()).ok_or_else(malformed)?;
        let db = info.field("db").and_then(|db| db.parse().ok()).ok_or_else(malformed)?;
        Ok(Self { id, db, ..info })
    }
}

/// The fields of a line `id=1 addr=/tmp/a b.sock:0 name= db=0`, in which a value may contain a space.
fn fields(line: &str) -> Vec<(Box<str>, Box<str>)> {
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let mut fields: Vec<(Box<str>, Box<str>)> = Vec::new();
    for word in line.split(' ') {
        match (word.split_once('='), fields.last_mut()) {
            (Some((name, value)), _) if is_name(name) => fields.push((name.into(), value.into())),
            (_, Some((_, value))) => *value = format!("{value} {word}").into(),
            (_, None) => {}
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_may_hold_a_space_and_an_equals_sign() {
        let line =
            "id=7 addr=/tmp/a b=c.sock:0 laddr=/tmp/A B=C.sock:0 name= db=3 cmd=client|list lib-name=x=y";
        let expected = [
            ("id", "7"),
            ("addr", "/tmp/a"),
            ("b", "c.sock:0"), // nothing tells it from a field
            ("laddr", "/tmp/A B=C.sock:0"),
            ("name", ""),
            ("db", "3"),
            ("cmd", "client|list"),
            ("lib-name", "x=y"),
        ];
        let fields = fields(line);
        assert_eq!(fields.iter().map(|(a, b)| (&**a, &**b)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_line_without_a_number_is_no_client() {
        let reply = resp::Reply::from_bytes(&b"$4\r\nid=x\r\n"[..]).unwrap();
        for line in ["", "id=", "id=x db=0", "db=0", "id=3 db=-1"] {
            assert!(ClientInfo::parse(line, reply.view()).is_err(), "{line}");
        }
        let info = ClientInfo::parse("id=3 db=2 name=", reply.view()).unwrap();
        assert_eq!((info.id(), info.db(), info.name(), info.addr()), (3, 2, None, ""));
    }
}
