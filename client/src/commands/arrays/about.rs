//! What a server tells about an array.

use std::fmt;

use resp::{Decode, DecodeError, DecodeOwned, Reply, Request, ToArg, View};

use crate::Commands;
use crate::commands::reply::{field, optional};
use crate::execute::Execute;

/// # Arrays: what they are
impl<E: Execute> Commands<E> {
    /// `ARINFO`: what the server knows of an array. It is an error if there is none (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arinfo")?;
    /// client.armset("doc:arinfo", [(5, "a"), (1_000_000, "b")])?;
    /// let info = client.arinfo("doc:arinfo")?;
    /// assert_eq!((info.count, info.len), (2, 1_000_001));
    /// assert_eq!(info.get::<u64>("slice-size"), Some(4096)); // any field that the server has
    /// # Ok(())
    /// # }
    /// ```
    pub fn arinfo(&self, key: impl ToArg) -> E::Output<ArrayInfo> {
        self.call(Request::new("ARINFO").key(&key))
    }

    /// `ARINFO … FULL`: as [`arinfo`](Self::arinfo), with what the server has to look for in the whole array (Redis
    /// 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arinfo_full")?;
    /// client.arset("doc:arinfo_full", 0, ["a", "b"])?;
    /// let info = client.arinfo_full("doc:arinfo_full")?;
    /// assert_eq!(info.dense_slices.zip(info.sparse_slices).map(|(dense, sparse)| dense + sparse), Some(1));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "arinfo")]
    pub fn arinfo_full(&self, key: impl ToArg) -> E::Output<ArrayInfo> {
        self.call(Request::new("ARINFO").key(&key).arg("FULL"))
    }
}

/// What a server knows of an array. It keeps values in slices: dense ones, which have memory for empty places too, and
/// sparse ones.
#[derive(Clone)]
#[non_exhaustive]
pub struct ArrayInfo {
    /// How many values there are.
    pub count: u64,
    /// The last index that has a value, and 1.
    pub len: u64,
    /// The number of slices.
    pub slices: u64,
    /// How many of them are dense; only [`arinfo_full`](crate::Commands::arinfo_full) tells.
    pub dense_slices: Option<u64>,
    /// How many of them are sparse; only [`arinfo_full`](crate::Commands::arinfo_full) tells.
    pub sparse_slices: Option<u64>,
    all: Reply,
}

impl ArrayInfo {
    /// Any field, by the name the server gives it: `directory-size`, `avg-dense-fill`, … `None` if there is no such
    /// field, or it is no `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl Decode<'_> for ArrayInfo {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            count: field(view, "count")?,
            len: field(view, "len")?,
            slices: field(view, "slices")?,
            dense_slices: optional(view, "dense-slices")?,
            sparse_slices: optional(view, "sparse-slices")?,
            all: view.to_reply(),
        })
    }
}

impl fmt::Debug for ArrayInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ArrayInfo").field(&self.all).finish()
    }
}
