//! Commands on HyperLogLogs: how many different elements there were, counted in 12 kB with an error of about 0.81 %.

use resp::{Request, ToArg, ToArgs};

use super::arguments::any_args;
use crate::Commands;
use crate::execute::Execute;

/// # HyperLogLog
impl<E: Execute> Commands<E> {
    /// `PFADD`: counts elements, and returns whether that changed anything. Without an element it only creates the
    /// key.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:pfadd")?;
    /// assert!(client.pfadd("doc:pfadd", ["ann", "bob"])?);
    /// assert!(!client.pfadd("doc:pfadd", "ann")?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn pfadd(&self, key: impl ToArg, elements: impl ToArgs) -> E::Output<bool> {
        self.call(Request::new("PFADD").key(&key).with(|r| any_args(r, &elements)))
    }

    /// `PFCOUNT`: about how many different elements were counted under all these keys together.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["{doc:pfcount}:a", "{doc:pfcount}:b"])?;
    /// client.pfadd("{doc:pfcount}:a", ["ann", "bob"])?;
    /// client.pfadd("{doc:pfcount}:b", ["bob", "cleo"])?;
    /// assert_eq!(client.pfcount(["{doc:pfcount}:a", "{doc:pfcount}:b"])?, 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn pfcount(&self, keys: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("PFCOUNT").keys(&keys))
    }

    /// `PFMERGE`: counts under the key `to` also what was counted under the other keys.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["{doc:pfmerge}:week", "{doc:pfmerge}:monday"])?;
    /// client.pfadd("{doc:pfmerge}:monday", ["ann", "bob"])?;
    /// client.pfmerge("{doc:pfmerge}:week", "{doc:pfmerge}:monday")?;
    /// assert_eq!(client.pfcount("{doc:pfmerge}:week")?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn pfmerge(&self, to: impl ToArg, keys: impl ToArgs) -> E::Output<()> {
        self.call(Request::new("PFMERGE").key(&to).keys(&keys))
    }
}
