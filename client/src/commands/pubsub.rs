//! Publishing messages, and who listens for them.

use resp::{DecodeOwned, Request, ToArg, ToArgs};

use crate::Commands;
use crate::execute::Execute;

/// # Publishing
impl<E: Execute> Commands<E> {
    /// `PUBLISH`: how many clients of this server got the message; one that listens in two ways counts twice. In a
    /// cluster others get it too and are not counted.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert_eq!(client.publish("doc:publish", "hello")?, 0); // nobody listens
    /// # Ok(())
    /// # }
    /// ```
    pub fn publish(&self, channel: impl ToArg, message: impl ToArg) -> E::Output<i64> {
        self.call(Request::new("PUBLISH").arg(&channel).arg(&message))
    }

    /// `SPUBLISH`: how many clients of this server got the message on a channel that belongs to a hash slot, as a key
    /// does, and so to a shard of a cluster (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert_eq!(client.spublish("doc:spublish", "hello")?, 0); // nobody listens
    /// # Ok(())
    /// # }
    /// ```
    pub fn spublish(&self, channel: impl ToArg, message: impl ToArg) -> E::Output<i64> {
        self.call(Request::new("SPUBLISH").key(&channel).arg(&message))
    }

    /// `PUBSUB CHANNELS`: the channels that match a pattern and that somebody listens to by their names; `*` is all.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let channels: Vec<String> = client.pubsub_channels("doc:pubsub_channels:*")?;
    /// assert!(channels.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn pubsub_channels<T: DecodeOwned>(&self, pattern: impl ToArg) -> E::Output<Vec<T>> {
        self.call(Request::new("PUBSUB CHANNELS").arg(&pattern))
    }

    /// `PUBSUB NUMPAT`: how many different patterns clients listen to.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(client.pubsub_numpat()? >= 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn pubsub_numpat(&self) -> E::Output<i64> {
        self.call(Request::new("PUBSUB NUMPAT"))
    }

    /// `PUBSUB NUMSUB`: the channels, each with the number of clients that listen to it by its name.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let listeners = client.pubsub_numsub::<String>(["doc:a", "doc:b"])?;
    /// assert_eq!(listeners, [("doc:a".to_owned(), 0), ("doc:b".to_owned(), 0)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn pubsub_numsub<T: DecodeOwned>(&self, channels: impl ToArgs) -> E::Output<Vec<(T, i64)>> {
        self.call(Request::new("PUBSUB NUMSUB").args(&channels))
    }

    /// `PUBSUB SHARDCHANNELS`: the channels of shards that match a pattern and that somebody listens to; `*` is all
    /// (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let channels: Vec<String> = client.pubsub_shardchannels("doc:pubsub_shardchannels:*")?;
    /// assert!(channels.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn pubsub_shardchannels<T: DecodeOwned>(&self, pattern: impl ToArg) -> E::Output<Vec<T>> {
        self.call(Request::new("PUBSUB SHARDCHANNELS").arg(&pattern))
    }

    /// `PUBSUB SHARDNUMSUB`: the channels of shards, each with the number of clients that listen to it (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert_eq!(client.pubsub_shardnumsub::<String>("doc:a")?, [("doc:a".to_owned(), 0)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn pubsub_shardnumsub<T: DecodeOwned>(&self, channels: impl ToArgs) -> E::Output<Vec<(T, i64)>> {
        self.call(Request::new("PUBSUB SHARDNUMSUB").args(&channels))
    }
}
