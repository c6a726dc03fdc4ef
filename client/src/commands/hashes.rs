//! Commands on hashes: fields with values under one key.

use resp::{DecodeOwned, Request, ToArg, ToArgs, ToPairs};

use super::arguments::{at_most, finite, pairs_at_most};
use crate::execute::{Blocking, Execute};
use crate::scan::Page;
use crate::{Commands, Scan, ScanOptions};

/// # Hashes
impl<E: Execute> Commands<E> {
    /// `HSET`: how many of the fields are new; all have their values now. It takes one pair, a list of pairs or a
    /// map.
    ///
    /// # Example
    /// ```
    /// use std::collections::HashMap;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:hset")?;
    /// assert_eq!(client.hset("doc:hset", ("name", "Ada"))?, 1);
    /// assert_eq!(client.hset("doc:hset", [("name", "Ada Lovelace"), ("born", "1815")])?, 1);
    /// assert_eq!(client.hset("doc:hset", HashMap::from([("died", 1852)]))?, 1);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "hmset")]
    pub fn hset(&self, key: impl ToArg, pairs: impl ToPairs) -> E::Output<i64> {
        self.call(Request::new("HSET").key(&key).pairs(&pairs))
    }

    /// `HSETNX`: whether the field was set, which it is not if it exists.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:hsetnx")?;
    /// assert!(client.hsetnx("doc:hsetnx", "f", 1)?);
    /// assert!(!client.hsetnx("doc:hsetnx", "f", 2)?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hsetnx(&self, key: impl ToArg, field: impl ToArg, value: impl ToArg) -> E::Output<bool> {
        self.call(Request::new("HSETNX").key(&key).arg(&field).arg(&value))
    }

    /// `HGET`: the value of a field, `None` if the key or the field does not exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.hset("doc:hget", ("f", 12))?;
    /// assert_eq!(client.hget::<i64>("doc:hget", "f")?, Some(12));
    /// assert_eq!(client.hget::<i64>("doc:hget", "missing")?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hget<T: DecodeOwned>(&self, key: impl ToArg, field: impl ToArg) -> E::Output<Option<T>> {
        self.call(Request::new("HGET").key(&key).arg(&field))
    }

    /// `HMGET`: the values of several fields, in their order: a list, an array or a tuple. A field that does not
    /// exist is a null: `Option` takes it.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.hset("doc:hmget", [("name", "Ada"), ("born", "1815")])?;
    /// let (name, born, died): (String, i64, Option<i64>) =
    ///     client.hmget("doc:hmget", ["name", "born", "died"])?;
    /// assert_eq!((name.as_str(), born, died), ("Ada", 1815, None));
    /// # Ok(())
    /// # }
    /// ```
    pub fn hmget<T: DecodeOwned>(&self, key: impl ToArg, fields: impl ToArgs) -> E::Output<T> {
        self.call(Request::new("HMGET").key(&key).args(&fields))
    }

    /// `HGETALL`: all fields with their values: a map, or a list of pairs in the server's order. It is empty if the
    /// key does not exist.
    ///
    /// # Example
    /// ```
    /// use std::collections::HashMap;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:hgetall")?;
    /// client.hset("doc:hgetall", [("a", 1), ("b", 2)])?;
    /// let map: HashMap<String, i64> = client.hgetall("doc:hgetall")?;
    /// assert_eq!(map["b"], 2);
    /// let list: Vec<(String, i64)> = client.hgetall("doc:hgetall:missing")?;
    /// assert_eq!(list, []);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hgetall<T: DecodeOwned>(&self, key: impl ToArg) -> E::Output<T> {
        self.call(Request::new("HGETALL").key(&key))
    }

    /// `HDEL`: how many of the fields were there and are gone now. A hash without fields is gone itself.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.hset("doc:hdel", [("a", 1), ("b", 2)])?;
    /// assert_eq!(client.hdel("doc:hdel", ["a", "b", "missing"])?, 2);
    /// assert_eq!(client.exists("doc:hdel")?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hdel(&self, key: impl ToArg, fields: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("HDEL").key(&key).args(&fields))
    }

    /// `HEXISTS`: whether the field exists.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.hset("doc:hexists", ("f", 1))?;
    /// assert!(client.hexists("doc:hexists", "f")?);
    /// assert!(!client.hexists("doc:hexists", "missing")?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hexists(&self, key: impl ToArg, field: impl ToArg) -> E::Output<bool> {
        self.call(Request::new("HEXISTS").key(&key).arg(&field))
    }

    /// `HLEN`: the number of fields, 0 if the key does not exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:hlen")?;
    /// client.hset("doc:hlen", [("a", 1), ("b", 2)])?;
    /// assert_eq!(client.hlen("doc:hlen")?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hlen(&self, key: impl ToArg) -> E::Output<i64> {
        self.call(Request::new("HLEN").key(&key))
    }

    /// `HSTRLEN`: the length of a field's value in bytes, 0 if there is none.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.hset("doc:hstrlen", ("f", "é"))?;
    /// assert_eq!(client.hstrlen("doc:hstrlen", "f")?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hstrlen(&self, key: impl ToArg, field: impl ToArg) -> E::Output<i64> {
        self.call(Request::new("HSTRLEN").key(&key).arg(&field))
    }

    /// `HINCRBY`: the number in a field after `amount` was added to it. A missing one is 0.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.hset("doc:hincrby", ("f", 40))?;
    /// assert_eq!(client.hincrby("doc:hincrby", "f", 2)?, 42);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hincrby(&self, key: impl ToArg, field: impl ToArg, amount: i64) -> E::Output<i64> {
        self.call(Request::new("HINCRBY").key(&key).arg(&field).arg(amount))
    }

    /// `HINCRBYFLOAT`: the number in a field after `amount` was added to it. A missing one is 0. An `amount` that is
    /// not finite is an error.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.hset("doc:hincrbyfloat", ("f", 3))?;
    /// assert_eq!(client.hincrbyfloat("doc:hincrbyfloat", "f", -0.5)?, 2.5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hincrbyfloat(&self, key: impl ToArg, field: impl ToArg, amount: impl Into<f64>) -> E::Output<f64> {
        self.call(Request::new("HINCRBYFLOAT").key(&key).arg(&field).with(|r| finite(r, amount.into())))
    }

    /// `HKEYS`: the names of all fields.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:hkeys")?;
    /// client.hset("doc:hkeys", ("f", 1))?;
    /// assert_eq!(client.hkeys::<String>("doc:hkeys")?, ["f"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hkeys<T: DecodeOwned>(&self, key: impl ToArg) -> E::Output<Vec<T>> {
        self.call(Request::new("HKEYS").key(&key))
    }

    /// `HVALS`: the values of all fields.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:hvals")?;
    /// client.hset("doc:hvals", ("f", 1))?;
    /// assert_eq!(client.hvals::<i64>("doc:hvals")?, [1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hvals<T: DecodeOwned>(&self, key: impl ToArg) -> E::Output<Vec<T>> {
        self.call(Request::new("HVALS").key(&key))
    }

    /// `HRANDFIELD`: the name of any field, `None` if the key does not exist (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:hrandfield")?;
    /// client.hset("doc:hrandfield", ("f", 1))?;
    /// assert_eq!(client.hrandfield::<String>("doc:hrandfield")?.as_deref(), Some("f"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn hrandfield<T: DecodeOwned>(&self, key: impl ToArg) -> E::Output<Option<T>> {
        self.call(Request::new("HRANDFIELD").key(&key))
    }

    /// `HRANDFIELD` with a count: the names of `count` different fields, or of all if there are fewer (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:hrandfield_count")?;
    /// client.hset("doc:hrandfield_count", ("f", 1))?;
    /// assert_eq!(client.hrandfield_count::<String>("doc:hrandfield_count", 3)?, ["f"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hrandfield_count<T: DecodeOwned>(&self, key: impl ToArg, count: usize) -> E::Output<Vec<T>> {
        self.call(Request::new("HRANDFIELD").key(&key).arg(at_most(count)))
    }

    /// `HRANDFIELD … WITHVALUES`: `count` different fields with their values (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:hrandfield_with_values")?;
    /// client.hset("doc:hrandfield_with_values", ("f", 1))?;
    /// let pairs: Vec<(String, i64)> = client.hrandfield_with_values("doc:hrandfield_with_values", 3)?;
    /// assert_eq!(pairs, [("f".into(), 1)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hrandfield_with_values<F: DecodeOwned, V: DecodeOwned>(
        &self,
        key: impl ToArg,
        count: usize,
    ) -> E::Output<Vec<(F, V)>> {
        self.call(Request::new("HRANDFIELD").key(&key).arg(pairs_at_most(count)).arg("WITHVALUES"))
    }

    /// `HRANDFIELD` with a negative count: the names of just `count` fields, of which some may be the same
    /// (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:hrandfield_repeating")?;
    /// client.hset("doc:hrandfield_repeating", ("f", 1))?;
    /// assert_eq!(client.hrandfield_repeating::<String>("doc:hrandfield_repeating", 3)?, ["f", "f", "f"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hrandfield_repeating<T: DecodeOwned>(&self, key: impl ToArg, count: usize) -> E::Output<Vec<T>> {
        self.call(Request::new("HRANDFIELD").key(&key).arg(-at_most(count)))
    }

    /// `HRANDFIELD … WITHVALUES` with a negative count: just `count` fields with their values, of which some may be
    /// the same (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:hrandfield_repeating_with")?;
    /// client.hset("doc:hrandfield_repeating_with", ("f", 1))?;
    /// let pairs: Vec<(String, i64)> =
    ///     client.hrandfield_repeating_with_values("doc:hrandfield_repeating_with", 2)?;
    /// assert_eq!(pairs, [("f".into(), 1), ("f".into(), 1)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hrandfield_repeating_with_values<F: DecodeOwned, V: DecodeOwned>(
        &self,
        key: impl ToArg,
        count: usize,
    ) -> E::Output<Vec<(F, V)>> {
        self.call(Request::new("HRANDFIELD").key(&key).arg(-pairs_at_most(count)).arg("WITHVALUES"))
    }

    /// `HSCAN`: one page of fields with their values, and the cursor of the next; the first page and the end are 0.
    ///
    /// [`hscan`](Self::hscan) turns the pages. A page may be empty before the last one.
    ///
    /// # Example
    /// ```
    /// use client::ScanOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:hscan_page")?;
    /// client.hset("doc:hscan_page", [("a", 1), ("b", 2)])?;
    /// let (cursor, pairs) = client.hscan_page::<String, i64>("doc:hscan_page", 0, ScanOptions::new())?;
    /// assert_eq!((cursor, pairs.len()), (0, 2));
    /// # Ok(())
    /// # }
    /// ```
    pub fn hscan_page<'o, F: DecodeOwned, V: DecodeOwned>(
        &self,
        key: impl ToArg,
        cursor: u64,
        options: impl Into<ScanOptions<'o>>,
    ) -> E::Output<(u64, Vec<(F, V)>)> {
        self.call(Page::of("HSCAN", &key, options.into()).at(cursor))
    }
}

/// # Hashes: scan
impl<E: Blocking> Commands<E> {
    /// `HSCAN`: the fields of a hash with their values, page by page, while the server answers others in between.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:hscan")?;
    /// client.hset("doc:hscan", [("name", "Ada"), ("born", "1815")])?;
    /// for pair in client.hscan("doc:hscan", "n*") {
    ///     let (field, value): (String, String) = pair?;
    ///     assert_eq!((field.as_str(), value.as_str()), ("name", "Ada"));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "hscan_iter")]
    pub fn hscan<'o, F: DecodeOwned, V: DecodeOwned>(
        &self,
        key: impl ToArg,
        options: impl Into<ScanOptions<'o>>,
    ) -> Scan<'_, E, (F, V)> {
        Scan::new(self, Page::of("HSCAN", &key, options.into()))
    }

    /// `HSCAN … NOVALUES`: the names of a hash's fields, page by page (Redis 7.4, Valkey 8.0).
    ///
    /// # Example
    /// ```
    /// use client::ScanOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:hscan_novalues")?;
    /// client.hset("doc:hscan_novalues", ("f", 1))?;
    /// let fields = client.hscan_novalues::<String>("doc:hscan_novalues", ScanOptions::new());
    /// assert_eq!(fields.collect::<Result<Vec<_>, _>>()?, ["f"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hscan_novalues<'o, F: DecodeOwned>(
        &self,
        key: impl ToArg,
        options: impl Into<ScanOptions<'o>>,
    ) -> Scan<'_, E, F> {
        Scan::new(self, Page::of("HSCAN", &key, options.into()).last("NOVALUES"))
    }
}
