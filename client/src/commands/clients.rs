//! Commands about the clients of a server: who they are, holding them up, and sending them away.

use std::time::Duration;

use resp::{DecodeError, Request, ToArg, View};

use super::arguments::timeout_millis;
use super::info::text;
use crate::Commands;
use crate::execute::Execute;

mod filter;
pub use filter::{ClientFilter, ClientType};
mod info;
pub use info::ClientInfo;

/// # Clients
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
        self.call_with(Request::new("CLIENT LIST"), clients)
    }

    /// `CLIENT LIST` with a filter: the clients that pass it. Redis takes either a type or numbers (6.2), Valkey 8.1 and
    /// later all of them together.
    ///
    /// # Example
    /// ```
    /// use client::{ClientFilter, ClientType};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.dedicated()?;
    /// let id = own.client_id()?;
    /// assert_eq!(client.client_list_with(ClientFilter::new().ids(&[id]))?[0].id(), id);
    /// assert!(client.client_list_with(ClientType::Replica)?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_list_with<'o>(&self, filter: impl Into<ClientFilter<'o>>) -> E::Output<Vec<ClientInfo>> {
        let filter = filter.into();
        self.call_with(Request::new("CLIENT LIST").with(|r| filter.write(r)), clients)
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
    pub fn client_kill_id(&self, id: i64) -> E::Output<bool> {
        self.call(Request::new("CLIENT KILL").arg("ID").arg(id))
    }

    /// `CLIENT KILL ADDR`: whether there was a client with this [`addr`](ClientInfo::addr), whose connection is closed
    /// now. The connection that runs this is spared.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.dedicated()?;
    /// assert!(client.client_kill_addr(own.client_info()?.addr())?);
    /// assert!(own.ping().unwrap_err().is_connection());
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_kill_addr(&self, addr: impl ToArg) -> E::Output<bool> {
        self.call(Request::new("CLIENT KILL").arg("ADDR").arg(&addr))
    }

    /// `CLIENT KILL` with a filter: how many clients pass it, whose connections are closed now. The connection that runs
    /// this is spared, unless [`skipme`](ClientFilter::skipme) says otherwise.
    ///
    /// # Example
    /// ```
    /// use client::ClientFilter;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let nobody = ClientFilter::new().user("default").laddr("192.0.2.1:1");
    /// assert_eq!(client.client_kill(nobody)?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_kill<'o>(&self, filter: impl Into<ClientFilter<'o>>) -> E::Output<i64> {
        let filter = filter.into();
        self.call(Request::new("CLIENT KILL").with(|r| filter.write_some(r)))
    }

    /// `CLIENT UNBLOCK`: whether the client with this number was blocked, by a command such as `BLPOP`, whose time is
    /// over now.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(!client.client_unblock(client.client_id()?)?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_unblock(&self, id: i64) -> E::Output<bool> {
        self.call(Request::new("CLIENT UNBLOCK").arg(id))
    }

    /// `CLIENT UNBLOCK … ERROR`: whether the client with this number was blocked, by a command that fails now with the
    /// code `UNBLOCKED`.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(!client.client_unblock_error(client.client_id()?)?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_unblock_error(&self, id: i64) -> E::Output<bool> {
        self.call(Request::new("CLIENT UNBLOCK").arg(id).arg("ERROR"))
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

fn clients(view: View<'_>) -> Result<Vec<ClientInfo>, DecodeError> {
    text(view)?.lines().map(|line| ClientInfo::parse(line, view)).collect()
}
