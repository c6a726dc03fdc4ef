//! Sums and the like over a range of an array, made by the server.
//!
//! Each is from `start` to `end`, both included and in either order, and looks at no place that is empty.

use resp::{Request, ToArg};

use crate::Commands;
use crate::execute::Execute;

/// # Arrays: aggregates
impl<E: Execute> Commands<E> {
    /// `AROP … SUM`: the sum of the numbers in a range, `None` if there is none. What is no number is left out (Redis
    /// 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arop_sum")?;
    /// client.arset("doc:arop_sum", 0, ["1", "x", "2.5"])?;
    /// assert_eq!(client.arop_sum("doc:arop_sum", 0, 9)?, Some(3.5));
    /// assert_eq!(client.arop_sum("doc:arop_sum", 1, 1)?, None);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "arop")]
    pub fn arop_sum(&self, key: impl ToArg, start: u64, end: u64) -> E::Output<Option<f64>> {
        self.call(Request::new("AROP").key(&key).arg(start).arg(end).arg("SUM"))
    }

    /// `AROP … MIN`: the smallest of the numbers in a range, `None` if there is none. What is no number is left out
    /// (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arop_min")?;
    /// client.arset("doc:arop_min", 0, ["1", "x", "2.5"])?;
    /// assert_eq!(client.arop_min("doc:arop_min", 0, 9)?, Some(1.0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn arop_min(&self, key: impl ToArg, start: u64, end: u64) -> E::Output<Option<f64>> {
        self.call(Request::new("AROP").key(&key).arg(start).arg(end).arg("MIN"))
    }

    /// `AROP … MAX`: the largest of the numbers in a range, `None` if there is none. What is no number is left out
    /// (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arop_max")?;
    /// client.arset("doc:arop_max", 0, ["1", "x", "2.5"])?;
    /// assert_eq!(client.arop_max("doc:arop_max", 0, 9)?, Some(2.5));
    /// # Ok(())
    /// # }
    /// ```
    pub fn arop_max(&self, key: impl ToArg, start: u64, end: u64) -> E::Output<Option<f64>> {
        self.call(Request::new("AROP").key(&key).arg(start).arg(end).arg("MAX"))
    }

    /// `AROP … AND`: the bits that all numbers in a range have, `None` if there is none. Fractions are cut off, and
    /// what does not fit 64 bits is left out (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arop_and")?;
    /// client.arset("doc:arop_and", 0, [0b110, 0b011])?;
    /// assert_eq!(client.arop_and("doc:arop_and", 0, 9)?, Some(0b010));
    /// # Ok(())
    /// # }
    /// ```
    pub fn arop_and(&self, key: impl ToArg, start: u64, end: u64) -> E::Output<Option<i64>> {
        self.call(Request::new("AROP").key(&key).arg(start).arg(end).arg("AND"))
    }

    /// `AROP … OR`: the bits that any number in a range has, `None` if there is none. It takes what
    /// [`arop_and`](Self::arop_and) takes (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arop_or")?;
    /// client.arset("doc:arop_or", 0, [0b110, 0b011])?;
    /// assert_eq!(client.arop_or("doc:arop_or", 0, 9)?, Some(0b111));
    /// # Ok(())
    /// # }
    /// ```
    pub fn arop_or(&self, key: impl ToArg, start: u64, end: u64) -> E::Output<Option<i64>> {
        self.call(Request::new("AROP").key(&key).arg(start).arg(end).arg("OR"))
    }

    /// `AROP … XOR`: the bits that an odd number of the numbers in a range have, `None` if there is none. It takes what
    /// [`arop_and`](Self::arop_and) takes (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arop_xor")?;
    /// client.arset("doc:arop_xor", 0, [0b110, 0b011])?;
    /// assert_eq!(client.arop_xor("doc:arop_xor", 0, 9)?, Some(0b101));
    /// # Ok(())
    /// # }
    /// ```
    pub fn arop_xor(&self, key: impl ToArg, start: u64, end: u64) -> E::Output<Option<i64>> {
        self.call(Request::new("AROP").key(&key).arg(start).arg(end).arg("XOR"))
    }

    /// `AROP … MATCH`: how often this very value is in a range (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arop_match")?;
    /// client.arset("doc:arop_match", 0, ["a", "b", "a"])?;
    /// assert_eq!(client.arop_match("doc:arop_match", 0, 9, "a")?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn arop_match(&self, key: impl ToArg, start: u64, end: u64, value: impl ToArg) -> E::Output<u64> {
        self.call(Request::new("AROP").key(&key).arg(start).arg(end).arg("MATCH").arg(&value))
    }

    /// `AROP … USED`: how many values are in a range (Redis 8.8).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:arop_used")?;
    /// client.arset("doc:arop_used", 5, ["a", "b"])?;
    /// assert_eq!(client.arop_used("doc:arop_used", 6, 1_000)?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn arop_used(&self, key: impl ToArg, start: u64, end: u64) -> E::Output<u64> {
        self.call(Request::new("AROP").key(&key).arg(start).arg(end).arg("USED"))
    }
}
