//! Commands about the clients of a server: who they are, holding them up, and sending them away.

use std::time::Duration;

use resp::{DecodeError, Request, View};

use super::arguments::timeout_millis;
use super::info::text;
use crate::Commands;
use crate::execute::Execute;

impl<E: Execute> Commands<E> {
    /// `CLIENT LIST`: the clients that are connected to the server.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.client_id()?;
    /// let clients = client.client_list()?;
    /// assert!(clients.iter().any(|client| client.id() == own));
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_list(&self) -> E::Output<Vec<ClientInfo>> {
        self.call_with(Request::new("CLIENT LIST"), |view| {
            text(view)?.lines().map(|line| ClientInfo::parse(line, view)).collect()
        })
    }

    /// `CLIENT INFO`: what the server knows of the connection that ran this (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let info = client.client_info()?;
    /// assert_eq!(info.db(), 0);
    /// assert_eq!(info.field("cmd"), Some("client|info"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_info(&self) -> E::Output<ClientInfo> {
        self.call_with(Request::new("CLIENT INFO"), |view| ClientInfo::parse(text(view)?.trim_end(), view))
    }

    /// `CLIENT KILL ID`: whether there was a client with this number, whose connection is closed now. The connection
    /// that runs this is spared.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(!client.client_kill_id(client.client_id()? + 1_000_000)?);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "client_kill")]
    pub fn client_kill_id(&self, id: i64) -> E::Output<bool> {
        self.call(Request::new("CLIENT KILL").arg("ID").arg(id))
    }

    /// `CLIENT PAUSE`: the server answers no client for so long, in whole milliseconds, rounded up; zero is an error.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::Build;
    ///
    /// let command = Build::new().client_pause(Duration::from_secs(1));
    /// assert_eq!(command.args(), [&b"CLIENT"[..], b"PAUSE", b"1000"]);
    /// ```
    pub fn client_pause(&self, time: Duration) -> E::Output<()> {
        self.call(Request::new("CLIENT PAUSE").with(|r| timeout_millis(r, time)))
    }

    /// `CLIENT PAUSE … WRITE`: the server answers no client that wants to write for so long (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::Build;
    ///
    /// let command = Build::new().client_pause_writes(Duration::from_secs(1));
    /// assert_eq!(command.args(), [&b"CLIENT"[..], b"PAUSE", b"1000", b"WRITE"]);
    /// ```
    pub fn client_pause_writes(&self, time: Duration) -> E::Output<()> {
        self.call(Request::new("CLIENT PAUSE").with(|r| timeout_millis(r, time)).arg("WRITE"))
    }

    /// `CLIENT UNPAUSE`: ends a pause (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.client_unpause()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_unpause(&self) -> E::Output<()> {
        self.call(Request::new("CLIENT UNPAUSE"))
    }
}

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

    /// Any field, by the name the server gives it: `age`, `cmd`, `flags`, `lib-name`, `user`, …
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields().find(|(field, _)| *field == name).map(|(_, value)| value)
    }

    /// All fields with their values, in the server's order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (&**name, &**value))
    }

    pub(super) fn parse(line: &str, view: View<'_>) -> Result<Self, DecodeError> {
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
