//! Hashes with the same fields, many of them: the fields are named once, and then only values are sent.
//!
//! The names are known to one connection only. Whoever imports has it for himself: a [`Dedicated`](crate::Dedicated)
//! connection or a [`Pipeline`](crate::Pipeline). A [`Client`](crate::Client) has none of these methods, because it
//! might run each of them on another connection.

use resp::{Request, ToArg, ToArgs};

use crate::Commands;
use crate::execute::OneConnection;

/// # Hashes: import
impl<E: OneConnection> Commands<E> {
    /// `HIMPORT PREPARE`: names the fields of hashes that [`himport_set`](Self::himport_set) will make, for this
    /// connection alone (Redis 8.10). A name that is there already now means these fields.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let people = [("doc:himport:1", ("Ada", 1815)), ("doc:himport:2", ("Alan", 1912))];
    /// client.pipeline(|p| {
    ///     let set = |(key, person)| p.himport_set(key, "person", person);
    ///     (p.himport_prepare("person", ["name", "born"]), people.into_iter().map(set).collect::<Vec<_>>())
    /// })?;
    /// assert_eq!(client.hget("doc:himport:2", "born")?, Some(1912));
    /// # Ok(())
    /// # }
    /// ```
    pub fn himport_prepare(&self, fieldset: impl ToArg, fields: impl ToArgs) -> E::Output<()> {
        self.call(Request::new("HIMPORT PREPARE").arg(&fieldset).args(&fields))
    }

    /// `HIMPORT SET`: makes a hash of the fields that were named and of these values, one for each of them and in their
    /// order; a hash that is there goes (Redis 8.10).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.dedicated()?;
    /// own.himport_prepare("point", ["x", "y"])?;
    /// own.himport_set("doc:himport_set", "point", [3, 4])?;
    /// assert_eq!(own.hget("doc:himport_set", "y")?, Some(4));
    /// # Ok(())
    /// # }
    /// ```
    pub fn himport_set(&self, key: impl ToArg, fieldset: impl ToArg, values: impl ToArgs) -> E::Output<()> {
        self.call(Request::new("HIMPORT SET").key(&key).arg(&fieldset).args(&values))
    }

    /// `HIMPORT DISCARD`: forgets fields that were named on this connection. Returns whether they were (Redis 8.10).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.dedicated()?;
    /// own.himport_prepare("point", ["x", "y"])?;
    /// assert!(own.himport_discard("point")?);
    /// assert!(!own.himport_discard("point")?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn himport_discard(&self, fieldset: impl ToArg) -> E::Output<bool> {
        self.call(Request::new("HIMPORT DISCARD").arg(&fieldset))
    }

    /// `HIMPORT DISCARDALL`: forgets all fields that were named on this connection. Returns how often they were
    /// (Redis 8.10).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.dedicated()?;
    /// own.himport_prepare("point", ["x", "y"])?;
    /// own.himport_prepare("person", ["name", "born"])?;
    /// assert_eq!(own.himport_discardall()?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn himport_discardall(&self) -> E::Output<i64> {
        self.call(Request::new("HIMPORT DISCARDALL"))
    }
}
