//! The end of a server.

use resp::Request;

use crate::Commands;
use crate::execute::Execute;

/// # Shutdown
impl<E: Execute> Commands<E> {
    /// `SHUTDOWN`: saves the data if the server is set to do so, and ends it. The server closes the connection instead of
    /// answering, which is a success; an answer is an error.
    ///
    /// It may take longer than a call of the client's may: [`Client::timeout`](crate::Client::timeout). In a
    /// [`Pipeline`](crate::Pipeline) it ends the whole flight with an error.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().shutdown().args(), [b"SHUTDOWN"]);
    /// ```
    pub fn shutdown(&self) -> E::Output<()> {
        self.shutdown_with(ShutdownOptions::new())
    }

    /// `SHUTDOWN` with options: ends the server, as [`shutdown`](Self::shutdown).
    ///
    /// # Example
    /// ```
    /// use client::{Build, ShutdownOptions};
    ///
    /// let command = Build::new().shutdown_with(ShutdownOptions::new().nosave().now());
    /// assert_eq!(command.args(), [&b"SHUTDOWN"[..], b"NOSAVE", b"NOW"]);
    /// ```
    pub fn shutdown_with(&self, options: impl Into<ShutdownOptions>) -> E::Output<()> {
        let options = options.into();
        self.call(Request::new("SHUTDOWN").with(|r| options.write(r)))
    }

    /// `SHUTDOWN ABORT`: calls off a [`shutdown`](Self::shutdown) that waits for its replicas. It is an error if there is
    /// none (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert_eq!(client.shutdown_abort().unwrap_err().code(), Some("ERR"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn shutdown_abort(&self) -> E::Output<()> {
        self.call(Request::new("SHUTDOWN").arg("ABORT"))
    }
}

/// The options of `SHUTDOWN`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShutdownOptions {
    save: Option<&'static str>,
    now: Option<&'static str>,
    force: Option<&'static str>,
    safe: Option<&'static str>,
    failover: Option<&'static str>,
}

impl ShutdownOptions {
    /// No option: the data is saved if the server is set to do so.
    pub fn new() -> Self {
        Self::default()
    }

    /// The data is saved in any case.
    #[must_use]
    pub fn save(mut self) -> Self {
        self.save = Some("SAVE");
        self
    }

    /// The data is not saved: what was written since the last time is lost.
    #[must_use]
    pub fn nosave(mut self) -> Self {
        self.save = Some("NOSAVE");
        self
    }

    /// Does not wait for replicas that have not got everything (Redis 7.0).
    #[must_use]
    pub fn now(mut self) -> Self {
        self.now = Some("NOW");
        self
    }

    /// Ends also if the data cannot be saved (Redis 7.0).
    #[must_use]
    pub fn force(mut self) -> Self {
        self.force = Some("FORCE");
        self
    }

    /// Does not end if the server has slots of a cluster (Valkey 9.0).
    #[must_use]
    pub fn safe(mut self) -> Self {
        self.safe = Some("SAFE");
        self
    }

    /// Hands its slots of a cluster over to a replica first (Valkey 9.0).
    #[must_use]
    pub fn failover(mut self) -> Self {
        self.failover = Some("FAILOVER");
        self
    }

    fn write(self, request: Request<'_>) -> Request<'_> {
        let words = [self.save, self.now, self.force, self.safe, self.failover];
        words.into_iter().flatten().fold(request, Request::arg)
    }
}
