//! Transactions word by word, for a connection of one's own. [`atomic`](Commands::atomic) and
//! [`Client::transaction`](crate::Client::transaction) are the usual way.

use resp::{DecodeOwned, Request, ToArgs};

use crate::Commands;
use crate::execute::OneConnection;

/// # Transactions, word by word
impl<E: OneConnection> Commands<E> {
    /// `WATCH`: the next `EXEC` does nothing if one of the keys changes before it.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:watch", 1)?;
    /// let own = client.dedicated()?;
    /// own.watch("doc:watch")?;
    /// client.incr("doc:watch")?; // somebody else
    /// let error = own.atomic(|p| p.set("doc:watch", 10)).unwrap_err();
    /// assert!(error.is_conflict());
    /// assert_eq!(own.get("doc:watch")?, Some(2));
    /// # Ok(())
    /// # }
    /// ```
    pub fn watch(&self, keys: impl ToArgs) -> E::Output<()> {
        self.call(Request::new("WATCH").keys(&keys))
    }

    /// `UNWATCH`: no key is watched any more.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.dedicated()?;
    /// own.watch("doc:unwatch")?;
    /// own.unwatch()?;
    /// client.set("doc:unwatch", 1)?;
    /// assert_eq!(own.atomic(|p| p.incr("doc:unwatch"))?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn unwatch(&self) -> E::Output<()> {
        self.call(Request::new("UNWATCH"))
    }

    /// `MULTI`: the commands after it are queued, and answered `QUEUED`: run them as `()`.
    ///
    /// # Example
    /// ```
    /// use client::Request;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:multi")?;
    /// let own = client.dedicated()?;
    /// own.multi()?;
    /// own.run::<()>(Request::new("INCR").key("doc:multi"))?;
    /// own.run::<()>(Request::new("GET").key("doc:multi"))?;
    /// assert_eq!(own.exec::<(i64, String)>()?, Some((1, "1".to_owned())));
    /// # Ok(())
    /// # }
    /// ```
    pub fn multi(&self) -> E::Output<()> {
        self.call(Request::new("MULTI"))
    }

    /// `EXEC`: what the queued commands have returned, as a tuple or a list; `None` if a watched key has changed, and
    /// nothing was done.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.dedicated()?;
    /// own.multi()?;
    /// assert_eq!(own.exec::<Vec<i64>>()?, Some(vec![]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn exec<R: DecodeOwned>(&self) -> E::Output<Option<R>> {
        self.call(Request::new("EXEC"))
    }

    /// `DISCARD`: forgets what was queued, and watches no key any more.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.dedicated()?;
    /// own.multi()?;
    /// own.discard()?;
    /// assert_eq!(own.exec::<()>().unwrap_err().code(), Some("ERR")); // nothing was begun
    /// # Ok(())
    /// # }
    /// ```
    pub fn discard(&self) -> E::Output<()> {
        self.call(Request::new("DISCARD"))
    }
}
