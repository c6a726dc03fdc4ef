//! Commands on arrays: values at indices, with gaps between them that take no memory (Redis 8.8).
//!
//! Indices go from 0 to 2⁶⁴ − 2, so that counts are `u64` here. Searches and sums are in files of their own.

use resp::{DecodeOwned, Flaw, Request, ToArg, ToArgs, ToPairs};

use super::arguments::at_most;
use crate::Commands;
use crate::execute::Execute;

mod search;
pub use search::{ArrayBound, ArrayMatch, ArraySearch};
mod about;
mod aggregate;
pub use about::ArrayInfo;

/// # Arrays
impl<E: Execute> Commands<E> {
    /// `ARSET`: sets values at `index` and those behind it. Returns how many of the places were empty (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arset")?;
    /// assert_eq!(client.arset("doc:arset", 5, "a")?, 1);
    /// assert_eq!(client.arset("doc:arset", 5, ["b", "c"])?, 1);
    /// assert_eq!(client.armget::<(String, String)>("doc:arset", [5, 6])?, ("b".into(), "c".into()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn arset(&self, key: impl ToArg, index: u64, values: impl ToArgs) -> E::Output<u64> {
        self.call(Request::new("ARSET").key(&key).arg(index).args(&values))
    }

    /// `ARMSET`: sets values at several indices, given as `(index, value)`. Returns how many of the places were empty
    /// (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:armset")?;
    /// assert_eq!(client.armset("doc:armset", [(5, "a"), (1_000_000, "b")])?, 2);
    /// assert_eq!(client.arlen("doc:armset")?, 1_000_001);
    /// # Ok(())
    /// # }
    /// ```
    pub fn armset(&self, key: impl ToArg, values: impl ToPairs) -> E::Output<u64> {
        self.call(Request::new("ARMSET").key(&key).pairs(&values))
    }

    /// `ARGET`: the value at this index, `None` if there is none (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arget")?;
    /// client.arset("doc:arget", 5, "a")?;
    /// assert_eq!(client.arget::<String>("doc:arget", 5)?.as_deref(), Some("a"));
    /// assert_eq!(client.arget::<String>("doc:arget", 6)?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn arget<T: DecodeOwned>(&self, key: impl ToArg, index: u64) -> E::Output<Option<T>> {
        self.call(Request::new("ARGET").key(&key).arg(index))
    }

    /// `ARMGET`: the values at several indices, in their order: a list of `Option`s, or a tuple if it is known what is
    /// there (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:armget")?;
    /// client.armset("doc:armget", [(5, 50), (7, 70)])?;
    /// assert_eq!(client.armget::<Vec<Option<i64>>>("doc:armget", [5, 6, 7])?, [Some(50), None, Some(70)]);
    /// assert_eq!(client.armget::<[i64; 2]>("doc:armget", [7, 5])?, [70, 50]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn armget<T: DecodeOwned>(&self, key: impl ToArg, indices: impl ToArgs) -> E::Output<T> {
        self.call(Request::new("ARMGET").key(&key).args(&indices))
    }

    /// `ARGETRANGE`: what is at each index from `start` to `end`, both included; backwards if `end` is the smaller one
    /// (Redis 8.8).
    ///
    /// More than a million places are an error: [`arscan`](Self::arscan) leaves out those that are empty.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:argetrange")?;
    /// client.arset("doc:argetrange", 1, [10, 20])?;
    /// assert_eq!(client.argetrange::<i64>("doc:argetrange", 0, 2)?, [None, Some(10), Some(20)]);
    /// assert_eq!(client.argetrange::<i64>("doc:argetrange", 2, 1)?, [Some(20), Some(10)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn argetrange<T: DecodeOwned>(
        &self,
        key: impl ToArg,
        start: u64,
        end: u64,
    ) -> E::Output<Vec<Option<T>>> {
        self.call(Request::new("ARGETRANGE").key(&key).arg(start).arg(end))
    }

    /// `ARDEL`: takes out the values at these indices. Returns how many there were (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:ardel")?;
    /// client.arset("doc:ardel", 0, ["a", "b"])?;
    /// assert_eq!(client.ardel("doc:ardel", [1, 2])?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn ardel(&self, key: impl ToArg, indices: impl ToArgs) -> E::Output<u64> {
        self.call(Request::new("ARDEL").key(&key).args(&indices))
    }

    /// `ARDELRANGE`: takes out the values in these ranges, given as `(start, end)`, both included. Returns how many
    /// there were (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:ardelrange")?;
    /// client.arset("doc:ardelrange", 0, ["a", "b", "c", "d"])?;
    /// assert_eq!(client.ardelrange("doc:ardelrange", (2, 1_000_000))?, 2);
    /// assert_eq!(client.ardelrange("doc:ardelrange", [(0, 0), (1, 1)])?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn ardelrange(&self, key: impl ToArg, ranges: impl ToPairs) -> E::Output<u64> {
        self.call(Request::new("ARDELRANGE").key(&key).pairs(&ranges))
    }

    /// `ARLEN`: the last index that has a value, and 1; 0 if the array does not exist (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arlen")?;
    /// client.arset("doc:arlen", 99, "a")?;
    /// assert_eq!(client.arlen("doc:arlen")?, 100);
    /// # Ok(())
    /// # }
    /// ```
    pub fn arlen(&self, key: impl ToArg) -> E::Output<u64> {
        self.call(Request::new("ARLEN").key(&key))
    }

    /// `ARCOUNT`: how many values there are, 0 if the array does not exist (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arcount")?;
    /// client.arset("doc:arcount", 99, "a")?;
    /// assert_eq!(client.arcount("doc:arcount")?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn arcount(&self, key: impl ToArg) -> E::Output<u64> {
        self.call(Request::new("ARCOUNT").key(&key))
    }

    /// `ARINSERT`: sets values behind the one that was inserted last, or from 0 on. Returns the index of the last one
    /// (Redis 8.8).
    ///
    /// The array remembers where: [`arseek`](Self::arseek) changes it, and [`arset`](Self::arset) does not.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arinsert")?;
    /// assert_eq!(client.arinsert("doc:arinsert", ["a", "b"])?, 1);
    /// assert_eq!(client.arinsert("doc:arinsert", "c")?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn arinsert(&self, key: impl ToArg, values: impl ToArgs) -> E::Output<u64> {
        self.call(Request::new("ARINSERT").key(&key).args(&values))
    }

    /// `ARRING`: inserts values as [`arinsert`](Self::arinsert) does, but begins at 0 again behind the index `size −
    /// 1`, so that the array has the last so many values. Returns the index of the last one (Redis 8.8).
    ///
    /// With another size than before, the newest values that follow one another are kept, and moved to the front. Zero
    /// is an error.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arring")?;
    /// assert_eq!(client.arring("doc:arring", 3, ["a", "b", "c"])?, 2);
    /// assert_eq!(client.arring("doc:arring", 3, "d")?, 0);
    /// assert_eq!(client.argetrange::<String>("doc:arring", 0, 0)?, [Some("d".to_owned())]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn arring(&self, key: impl ToArg, size: u64, values: impl ToArgs) -> E::Output<u64> {
        self.call(Request::new("ARRING").key(&key).with(|r| above_zero(r, size)).args(&values))
    }

    /// `ARLASTITEMS`: what is at the places that were inserted last, up to so many, the oldest first. A value that was
    /// taken out since is `None` (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arlastitems")?;
    /// client.arring("doc:arlastitems", 3, [1, 2, 3, 4])?;
    /// assert_eq!(client.arlastitems::<i64>("doc:arlastitems", 2)?, [Some(3), Some(4)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn arlastitems<T: DecodeOwned>(&self, key: impl ToArg, count: usize) -> E::Output<Vec<Option<T>>> {
        self.call(Request::new("ARLASTITEMS").key(&key).arg(at_most(count)))
    }

    /// `ARLASTITEMS … REV`: as [`arlastitems`](Self::arlastitems), but the newest first (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arlastitems_rev")?;
    /// client.arring("doc:arlastitems_rev", 3, [1, 2, 3, 4])?;
    /// assert_eq!(client.arlastitems_rev::<i64>("doc:arlastitems_rev", 2)?, [Some(4), Some(3)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn arlastitems_rev<T: DecodeOwned>(
        &self,
        key: impl ToArg,
        count: usize,
    ) -> E::Output<Vec<Option<T>>> {
        self.call(Request::new("ARLASTITEMS").key(&key).arg(at_most(count)).arg("REV"))
    }

    /// `ARNEXT`: the index at which the next value would be inserted, `None` when they are used up (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arnext")?;
    /// assert_eq!(client.arnext("doc:arnext")?, Some(0));
    /// client.arinsert("doc:arnext", ["a", "b"])?;
    /// assert_eq!(client.arnext("doc:arnext")?, Some(2));
    /// # Ok(())
    /// # }
    /// ```
    pub fn arnext(&self, key: impl ToArg) -> E::Output<Option<u64>> {
        self.call(Request::new("ARNEXT").key(&key))
    }

    /// `ARSEEK`: sets the index at which the next value is inserted. Returns whether the array exists (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arseek")?;
    /// assert!(!client.arseek("doc:arseek", 10)?);
    /// client.arinsert("doc:arseek", "a")?;
    /// assert!(client.arseek("doc:arseek", 10)?);
    /// assert_eq!(client.arinsert("doc:arseek", "b")?, 10);
    /// # Ok(())
    /// # }
    /// ```
    pub fn arseek(&self, key: impl ToArg, index: u64) -> E::Output<bool> {
        self.call(Request::new("ARSEEK").key(&key).arg(index))
    }
}

/// Adds a size or a limit. Zero is a flaw, as it is an error to the server; what is beyond its numbers is all there
/// are.
fn above_zero(mut request: Request<'_>, size: u64) -> Request<'_> {
    if size == 0 {
        request.refuse(Flaw::Argument("needs a number above zero"));
    }
    request.arg(i64::try_from(size).unwrap_or(i64::MAX))
}
