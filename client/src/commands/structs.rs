//! Hashes as the caller's own structs, by serde. Needs the feature `serde`.
//!
//! ```text
//!  struct User { name, born, email: Option }  ── hset_all ──▶  hash: name, born (and email, if it is there)
//!                                             ◀─ hgetall_as ─
//! ```
//! That `hgetall::<User>` does not compile by itself is on purpose: if whatever is `Deserialize` were
//! [`Decode`](crate::Decode), a `String` or a `Vec` would be both, and nobody could add a type of his own. Three lines
//! make it compile for a type of yours, and [`Serde`](crate::Serde) stands for them where a type is asked for.

use resp::{DecodeError, Request, ToArg, View, ser};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Commands;
use crate::execute::Execute;

/// # Structs as hashes
impl<E: Execute> Commands<E> {
    /// `HSET` with the fields of a struct or the entries of a map: how many of them are new. Needs the feature `serde`.
    ///
    /// | a field of the type | is written as |
    /// |---|---|
    /// | text, `serde_bytes` | its bytes |
    /// | an integer, a float | its digits, the shortest that read back the same |
    /// | `bool` | `1` or `0` |
    /// | a variant without content | its name |
    /// | `None` | nothing: what the hash has in that field stays; [`hdel`](Self::hdel) removes it |
    /// | a list, a map, a struct, a variant with content | an error; but `Json<T>` is text (feature `json`) |
    ///
    /// `serde(rename)`, `serde(skip)` and their kin mean what they mean everywhere. [`fields`](crate::fields) does the
    /// same wherever pairs are taken: `client.xadd("s", fields(&event))`, `client.hsetex("h", fields(&user), ttl)`.
    ///
    /// # Errors
    /// Before anything is sent, if a field is no argument: the error names it. Also if there is no field at all.
    ///
    /// # Example
    /// ```
    /// #[derive(serde::Serialize, serde::Deserialize)]
    /// struct User {
    ///     name: String,
    ///     born: u16,
    ///     email: Option<String>,
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:hset_all")?;
    /// let ada = User { name: "Ada".into(), born: 1815, email: None };
    /// assert_eq!(client.hset_all("doc:hset_all", &ada)?, 2);
    ///
    /// let user: User = client.hgetall_as("doc:hset_all")?.expect("it was just written");
    /// assert_eq!((user.name.as_str(), user.born, user.email), ("Ada", 1815, None));
    /// # Ok(())
    /// # }
    /// ```
    pub fn hset_all<T: Serialize + ?Sized>(&self, key: impl ToArg, value: &T) -> E::Output<i64> {
        self.hset(key, ser::fields(value))
    }

    /// `HGETALL` as a struct or a map: `None` if the key does not exist. Needs the feature `serde`.
    ///
    /// | a field of the type | is read from |
    /// |---|---|
    /// | text, `serde_bytes` | the value |
    /// | an integer, a float | a value that is such a number and in the type's range |
    /// | `bool` | `1` or `0` |
    /// | a variant without content | its name |
    /// | `Option<T>` | a field that is missing is `None`; one that is there is a `T`, even if it is empty |
    /// | `Json<T>` | JSON text (feature `json`) |
    /// | `serde(default)` | a field that is missing is the default |
    ///
    /// Fields of the hash that the type does not have are left out, unless it says `deny_unknown_fields`.
    ///
    /// # Errors
    /// Names the field that is missing, or that holds something else than its type.
    ///
    /// # Example
    /// ```
    /// use client::{Decode, DecodeError, Serde, View};
    ///
    /// #[derive(Debug, serde::Deserialize)]
    /// struct User {
    ///     name: String,
    ///     born: u16,
    /// }
    ///
    /// // These lines make `hgetall::<User>` compile, and an entry of a stream a `StreamEntry<User>`.
    /// impl<'a> Decode<'a> for User {
    ///     fn decode(view: View<'a>) -> Result<Self, DecodeError> {
    ///         view.deserialize()
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:hgetall_as")?;
    /// assert!(client.hgetall_as::<User>("doc:hgetall_as")?.is_none());
    ///
    /// client.hset("doc:hgetall_as", [("name", "Ada"), ("born", "long ago")])?;
    /// let error = client.hgetall_as::<User>("doc:hgetall_as").unwrap_err();
    /// let what = "HGETALL: field born: expected an integer, found a bulk string that is not a number";
    /// assert_eq!(error.to_string(), what);
    ///
    /// client.hset("doc:hgetall_as", ("born", 1815))?;
    /// let user = client.hgetall::<User>("doc:hgetall_as")?;
    /// let Serde(same) = client.hgetall::<Serde<User>>("doc:hgetall_as")?; // without those lines
    /// assert_eq!((user.name, user.born), (same.name, 1815));
    /// # Ok(())
    /// # }
    /// ```
    pub fn hgetall_as<T: DeserializeOwned>(&self, key: impl ToArg) -> E::Output<Option<T>> {
        self.call_with(Request::new("HGETALL").key(&key), present)
    }
}

/// A hash without fields is none.
fn present<T: DeserializeOwned>(view: View<'_>) -> Result<Option<T>, DecodeError> {
    let is_none = view.is_null() || (view.is_empty() && view.has_pairs());
    if is_none { Ok(None) } else { view.deserialize().map(Some) }
}
