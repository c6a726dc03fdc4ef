//! Commands about the connection itself.

use resp::{Decode, DecodeError, DecodeOwned, Flaw, Request, ToArg, View};

use crate::execute::{Execute, OneConnection};
use crate::{Commands, Timeout};

/// # Connection
impl<E: Execute> Commands<E> {
    /// `PING`: `PONG`, if the server is there.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert_eq!(client.ping()?, "PONG");
    /// # Ok(())
    /// # }
    /// ```
    pub fn ping(&self) -> E::Output<String> {
        self.call(Request::new("PING"))
    }

    /// `ECHO`: the message.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert_eq!(client.echo::<String>("hello")?, "hello");
    /// # Ok(())
    /// # }
    /// ```
    pub fn echo<T: DecodeOwned>(&self, message: impl ToArg) -> E::Output<T> {
        self.call(Request::new("ECHO").arg(&message))
    }

    /// `CLIENT ID`: the number by which the server knows the connection that ran this.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(client.client_id()? > 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_id(&self) -> E::Output<i64> {
        self.call(Request::new("CLIENT ID"))
    }

    /// `CLIENT GETNAME`: the connection's name, `None` if it has none.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let url = std::env::var("REDISY_URL")?;
    /// let config: client::Config = url.parse()?;
    /// let client = client::Client::new(&config.client_name("doc"))?;
    /// assert_eq!(client.client_getname()?.as_deref(), Some("doc"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_getname(&self) -> E::Output<Option<String>> {
        self.call_with(Request::new("CLIENT GETNAME"), |view| {
            // RESP2 servers before 7 answer an empty string for no name.
            Ok(view.decode::<Option<String>>()?.filter(|name| !name.is_empty()))
        })
    }
}

/// # Connection: what replicas have got
impl<E: OneConnection> Commands<E> {
    /// `WAIT`: how many replicas have got everything that this connection wrote before, when there are `replicas` of
    /// them or the time is over.
    ///
    /// It speaks of one connection's writes, so it belongs behind them in a [`Pipeline`](crate::Pipeline), or on a
    /// [`Dedicated`](crate::Dedicated) connection: a [`Client`](crate::Client) might run it on another one.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let ((), replicas) = client.pipeline(|p| {
    ///     (p.set("doc:wait", "safe"), p.wait(0, Duration::from_millis(100)))
    /// })?;
    /// assert_eq!(replicas, 0); // this server has none
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait(&self, replicas: u32, timeout: impl Into<Timeout>) -> E::Output<i64> {
        let timeout = timeout.into();
        self.call(Request::new("WAIT").arg(replicas).with(|r| timeout.write_millis(r)))
    }

    /// `WAITAOF`: where everything that this connection wrote before is in the append-only file, when `local` servers
    /// (this one: 0 or 1) and `replicas` replicas have it there or the time is over (Redis 7.2).
    ///
    /// A `local` of 1 is an error if the server keeps no such file. As [`wait`](Self::wait), it belongs behind the
    /// writes in a [`Pipeline`](crate::Pipeline), or on a [`Dedicated`](crate::Dedicated) connection.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let ((), synced) = client.pipeline(|p| {
    ///     (p.set("doc:waitaof", "safe"), p.waitaof(0, 0, Duration::from_millis(100)))
    /// })?;
    /// assert_eq!((synced.local, synced.replicas), (0, 0)); // this server has neither a file nor replicas
    /// # Ok(())
    /// # }
    /// ```
    pub fn waitaof(&self, local: u32, replicas: u32, timeout: impl Into<Timeout>) -> E::Output<AofSynced> {
        let timeout = timeout.into();
        let mut request = Request::new("WAITAOF").arg(local).arg(replicas).with(|r| timeout.write_millis(r));
        if local > 1 {
            request.refuse(Flaw::Argument("has one local server: say 0 or 1"));
        }
        self.call(request)
    }
}

/// How many servers have it in their append-only files, as [`waitaof`](Commands::waitaof) tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct AofSynced {
    /// 1 if the server itself has.
    pub local: u64,
    /// How many of its replicas have.
    pub replicas: u64,
}

impl Decode<'_> for AofSynced {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let (local, replicas) = view.decode()?;
        Ok(Self { local, replicas })
    }
}
