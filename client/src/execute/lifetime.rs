//! The beginning and the end of a client: its connections are opened ahead, and closed for good.

use std::time::{Duration, Instant};

use conn::Deadline;

use crate::{Client, Error, InUse};

impl Client {
    /// Opens connections until [`min_idle`](crate::Config::min_idle) of them lie ready; returns how many it opened.
    ///
    /// For the start of a program: without it the first calls open what they need, which takes them longer. All of it
    /// must be done within `patience`; `None` leaves each connection its connect timeout.
    ///
    /// # Errors
    /// [`Error`] when one could not be opened, or the client is closed.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let url = std::env::var("REDISY_URL")?;
    /// use std::time::Duration;
    ///
    /// let client = client::Client::open(&format!("{url}?min_idle=4"))?;
    /// assert_eq!(client.warm_up(Duration::from_secs(5))?, 4);
    /// assert_eq!(client.pool_stats().idle, 4);
    /// # Ok(())
    /// # }
    /// ```
    pub fn warm_up(&self, patience: impl Into<Option<Duration>>) -> Result<usize, Error> {
        Ok(self.pool().warm_up(end(patience.into()))?)
    }

    /// Closes the client for good, and with it all its clones and whoever shares its pool.
    ///
    /// Connections that lie idle are closed at once, those in use when their call ends. A call that waits for one fails,
    /// and so does every later one, with an error that [is closed](Error::is_closed).
    ///
    /// A client that is merely dropped closes its connections too; this is for one with clones that nobody can find.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let url = std::env::var("REDISY_URL")?;
    /// let client = client::Client::open(&url)?;
    /// client.ping()?;
    /// client.close();
    /// assert!(client.ping().unwrap_err().is_closed());
    /// assert_eq!(client.pool_stats().open, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn close(&self) {
        self.pool().close();
    }

    /// [Closes](Self::close) the client and waits for so long until every call has ended and every connection is
    /// closed; `None` for as long as it takes.
    ///
    /// # Errors
    /// [`InUse`] with the number of connections that were still in use then. The client is closed all the same.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let url = std::env::var("REDISY_URL")?;
    /// use std::time::Duration;
    ///
    /// let client = client::Client::open(&url)?;
    /// let own = client.dedicated()?;
    /// assert_eq!(client.drain(Duration::from_millis(5)), Err(client::InUse { items: 1 }));
    /// drop(own);
    /// assert_eq!(client.drain(Duration::from_secs(1)), Ok(()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn drain(&self, patience: impl Into<Option<Duration>>) -> Result<(), InUse> {
        self.pool().drain(end(patience.into()))
    }
}

fn end(patience: Option<Duration>) -> Option<Instant> {
    patience.map_or(Deadline::NEVER, Deadline::after).instant()
}
