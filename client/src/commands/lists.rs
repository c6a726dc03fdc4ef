//! Commands on lists, those that wait for an element among them.

use resp::{DecodeOwned, Flaw, Request, ToArg, ToArgs};

use super::Timeout;
use super::arguments::{at_most, count_above_zero, some_keys};
use crate::Commands;
use crate::execute::Execute;

mod several;
pub use several::LmovemOptions;

/// # Lists
impl<E: Execute> Commands<E> {
    /// `LPUSH`: puts elements before the first one, one after the other, so that the last of them comes first.
    /// Returns the new length.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:lpush")?;
    /// assert_eq!(client.lpush("doc:lpush", "c")?, 1);
    /// assert_eq!(client.lpush("doc:lpush", ["b", "a"])?, 3);
    /// assert_eq!(client.lrange::<String>("doc:lpush", 0, -1)?, ["a", "b", "c"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn lpush(&self, key: impl ToArg, elements: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("LPUSH").key(&key).args(&elements))
    }

    /// `LPUSHX`: as [`lpush`](Self::lpush), but only if the list exists. Returns the new length, 0 without a list.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:lpushx")?;
    /// assert_eq!(client.lpushx("doc:lpushx", "a")?, 0);
    /// client.rpush("doc:lpushx", "b")?;
    /// assert_eq!(client.lpushx("doc:lpushx", "a")?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn lpushx(&self, key: impl ToArg, elements: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("LPUSHX").key(&key).args(&elements))
    }

    /// `RPUSH`: puts elements after the last one. Returns the new length.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:rpush")?;
    /// assert_eq!(client.rpush("doc:rpush", ["a", "b"])?, 2);
    /// assert_eq!(client.rpush("doc:rpush", 3)?, 3);
    /// assert_eq!(client.lrange::<String>("doc:rpush", 0, -1)?, ["a", "b", "3"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn rpush(&self, key: impl ToArg, elements: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("RPUSH").key(&key).args(&elements))
    }

    /// `RPUSHX`: as [`rpush`](Self::rpush), but only if the list exists. Returns the new length, 0 without a list.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:rpushx")?;
    /// assert_eq!(client.rpushx("doc:rpushx", "a")?, 0);
    /// client.rpush("doc:rpushx", "a")?;
    /// assert_eq!(client.rpushx("doc:rpushx", "b")?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn rpushx(&self, key: impl ToArg, elements: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("RPUSHX").key(&key).args(&elements))
    }

    /// `LPOP`: takes out the first element, `None` if the list does not exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:lpop")?;
    /// client.rpush("doc:lpop", ["a", "b"])?;
    /// assert_eq!(client.lpop::<String>("doc:lpop")?.as_deref(), Some("a"));
    /// assert_eq!(client.lpop::<String>("doc:lpop:missing")?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn lpop<T: DecodeOwned>(&self, key: impl ToArg) -> E::Output<Option<T>> {
        self.call(Request::new("LPOP").key(&key))
    }

    /// `LPOP` with a count: takes out up to so many elements from the first on (Redis 6.2). None are left of a list
    /// that does not exist, so that there is no need for an `Option`.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:lpop_count")?;
    /// client.rpush("doc:lpop_count", [1, 2, 3])?;
    /// assert_eq!(client.lpop_count::<i64>("doc:lpop_count", 2)?, [1, 2]);
    /// assert_eq!(client.lpop_count::<i64>("doc:lpop_count", 2)?, [3]);
    /// assert!(client.lpop_count::<i64>("doc:lpop_count", 2)?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn lpop_count<T: DecodeOwned>(&self, key: impl ToArg, count: usize) -> E::Output<Vec<T>> {
        self.call_with(Request::new("LPOP").key(&key).arg(at_most(count)), |view| {
            Ok(view.decode::<Option<Vec<T>>>()?.unwrap_or_default())
        })
    }

    /// `RPOP`: takes out the last element, `None` if the list does not exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:rpop")?;
    /// client.rpush("doc:rpop", ["a", "b"])?;
    /// assert_eq!(client.rpop::<String>("doc:rpop")?.as_deref(), Some("b"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn rpop<T: DecodeOwned>(&self, key: impl ToArg) -> E::Output<Option<T>> {
        self.call(Request::new("RPOP").key(&key))
    }

    /// `RPOP` with a count: takes out up to so many elements from the last on, the last one first (Redis 6.2). None
    /// are left of a list that does not exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:rpop_count")?;
    /// client.rpush("doc:rpop_count", [1, 2, 3])?;
    /// assert_eq!(client.rpop_count::<i64>("doc:rpop_count", 2)?, [3, 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn rpop_count<T: DecodeOwned>(&self, key: impl ToArg, count: usize) -> E::Output<Vec<T>> {
        self.call_with(Request::new("RPOP").key(&key).arg(at_most(count)), |view| {
            Ok(view.decode::<Option<Vec<T>>>()?.unwrap_or_default())
        })
    }

    /// `LMPOP`: takes out up to `count` elements from one end of the first list that has any, and returns its key
    /// with them; `None` if no list has any (Redis 7.0). No keys and a count of zero are errors.
    ///
    /// # Example
    /// ```
    /// use client::End;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:lmpop:a", "doc:lmpop:b"])?;
    /// client.rpush("doc:lmpop:b", [1, 2, 3])?;
    /// let (key, elements) = client.lmpop::<String, i64>(["doc:lmpop:a", "doc:lmpop:b"], End::Left, 2)?.unwrap();
    /// assert_eq!((&*key, &*elements), ("doc:lmpop:b", &[1, 2][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn lmpop<K: DecodeOwned, T: DecodeOwned>(
        &self,
        keys: impl ToArgs,
        end: End,
        count: usize,
    ) -> E::Output<Option<(K, Vec<T>)>> {
        let request = Request::new("LMPOP").with(|r| some_keys(r, &keys)).arg(end.word());
        self.call(request.with(|r| count_above_zero(r, count)))
    }

    /// `LMOVE`: takes an element from one end of a list, puts it to one end of another and returns it; `None` if the
    /// list does not exist (Redis 6.2). Both may be the same list, which then turns around.
    ///
    /// # Example
    /// ```
    /// use client::End;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:lmove:to do", "doc:lmove:doing"])?;
    /// client.rpush("doc:lmove:to do", ["a", "b"])?;
    /// let job: Option<String> = client.lmove("doc:lmove:to do", "doc:lmove:doing", End::Left, End::Right)?;
    /// assert_eq!(job.as_deref(), Some("a"));
    /// assert_eq!(client.lrange::<String>("doc:lmove:doing", 0, -1)?, ["a"]);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "rpoplpush")]
    pub fn lmove<T: DecodeOwned>(
        &self,
        from: impl ToArg,
        to: impl ToArg,
        take: End,
        put: End,
    ) -> E::Output<Option<T>> {
        self.call(Request::new("LMOVE").key(&from).key(&to).arg(take.word()).arg(put.word()))
    }

    /// `LRANGE`: the elements from `start` to `stop`, both included. Negative ones count from the end: −1 is the last
    /// element. What is out of range is left out.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:lrange")?;
    /// client.rpush("doc:lrange", [1, 2, 3, 4])?;
    /// assert_eq!(client.lrange::<i64>("doc:lrange", 0, 1)?, [1, 2]);
    /// assert_eq!(client.lrange::<i64>("doc:lrange", -2, -1)?, [3, 4]);
    /// assert!(client.lrange::<i64>("doc:lrange", 7, 9)?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn lrange<T: DecodeOwned>(&self, key: impl ToArg, start: i64, stop: i64) -> E::Output<Vec<T>> {
        self.call(Request::new("LRANGE").key(&key).arg(start).arg(stop))
    }

    /// `LINDEX`: the element at `index`, `None` if there is none. Negative ones count from the end.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:lindex")?;
    /// client.rpush("doc:lindex", ["a", "b"])?;
    /// assert_eq!(client.lindex::<String>("doc:lindex", -1)?.as_deref(), Some("b"));
    /// assert_eq!(client.lindex::<String>("doc:lindex", 2)?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn lindex<T: DecodeOwned>(&self, key: impl ToArg, index: i64) -> E::Output<Option<T>> {
        self.call(Request::new("LINDEX").key(&key).arg(index))
    }

    /// `LLEN`: the number of elements, 0 if the list does not exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:llen")?;
    /// client.rpush("doc:llen", ["a", "b"])?;
    /// assert_eq!(client.llen("doc:llen")?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn llen(&self, key: impl ToArg) -> E::Output<i64> {
        self.call(Request::new("LLEN").key(&key))
    }

    /// `LPOS`: the index of the first element that is equal to `element`, `None` if there is none (Redis 6.0.6).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:lpos")?;
    /// client.rpush("doc:lpos", ["a", "b", "c"])?;
    /// assert_eq!(client.lpos("doc:lpos", "b")?, Some(1));
    /// assert_eq!(client.lpos("doc:lpos", "x")?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn lpos(&self, key: impl ToArg, element: impl ToArg) -> E::Output<Option<i64>> {
        self.lpos_with(key, element, LposOptions::new())
    }

    /// `LPOS` with options: the index of a certain one among the elements that are equal to `element`.
    ///
    /// # Example
    /// ```
    /// use client::LposOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:lpos_with")?;
    /// client.rpush("doc:lpos_with", ["a", "b", "a", "a"])?;
    /// assert_eq!(client.lpos_with("doc:lpos_with", "a", LposOptions::new().rank(2))?, Some(2));
    /// assert_eq!(client.lpos_with("doc:lpos_with", "a", LposOptions::new().rank(-1))?, Some(3));
    /// # Ok(())
    /// # }
    /// ```
    pub fn lpos_with(
        &self,
        key: impl ToArg,
        element: impl ToArg,
        options: impl Into<LposOptions>,
    ) -> E::Output<Option<i64>> {
        let options = options.into();
        self.call(Request::new("LPOS").key(&key).arg(&element).with(|r| options.write(r)))
    }

    /// `LPOS` with a count: the indices of up to so many elements that are equal to `element`. Zero means all, as
    /// does `usize::MAX`.
    ///
    /// # Example
    /// ```
    /// use client::LposOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:lpos_count")?;
    /// client.rpush("doc:lpos_count", ["a", "b", "a", "a"])?;
    /// assert_eq!(client.lpos_count("doc:lpos_count", "a", 2, LposOptions::new())?, [0, 2]);
    /// assert_eq!(client.lpos_count("doc:lpos_count", "a", 2, LposOptions::new().rank(-1))?, [3, 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn lpos_count(
        &self,
        key: impl ToArg,
        element: impl ToArg,
        count: usize,
        options: impl Into<LposOptions>,
    ) -> E::Output<Vec<i64>> {
        let (options, count) = (options.into(), at_most(count));
        self.call(
            Request::new("LPOS").key(&key).arg(&element).with(|r| options.write(r)).arg("COUNT").arg(count),
        )
    }

    /// `LSET`: replaces the element at `index`. Negative ones count from the end.
    ///
    /// The server has an error for a list that does not exist, and for an index that is out of range.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:lset")?;
    /// client.rpush("doc:lset", ["a", "b"])?;
    /// client.lset("doc:lset", -1, "c")?;
    /// assert_eq!(client.lrange::<String>("doc:lset", 0, -1)?, ["a", "c"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn lset(&self, key: impl ToArg, index: i64, element: impl ToArg) -> E::Output<()> {
        self.call(Request::new("LSET").key(&key).arg(index).arg(&element))
    }

    /// `LINSERT … BEFORE`: puts an element before the first one that is equal to `pivot`. Returns the new length,
    /// `None` if there is no such one.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:linsert_before")?;
    /// client.rpush("doc:linsert_before", ["a", "c"])?;
    /// assert_eq!(client.linsert_before("doc:linsert_before", "c", "b")?, Some(3));
    /// assert_eq!(client.linsert_before("doc:linsert_before", "x", "b")?, None);
    /// assert_eq!(client.lrange::<String>("doc:linsert_before", 0, -1)?, ["a", "b", "c"]);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "linsert")]
    pub fn linsert_before(
        &self,
        key: impl ToArg,
        pivot: impl ToArg,
        element: impl ToArg,
    ) -> E::Output<Option<i64>> {
        self.call_with(Request::new("LINSERT").key(&key).arg("BEFORE").arg(&pivot).arg(&element), |view| {
            Ok(Some(view.decode()?).filter(|length| *length > 0))
        })
    }

    /// `LINSERT … AFTER`: puts an element after the first one that is equal to `pivot`. Returns the new length,
    /// `None` if there is no such one.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:linsert_after")?;
    /// client.rpush("doc:linsert_after", ["a", "c"])?;
    /// assert_eq!(client.linsert_after("doc:linsert_after", "a", "b")?, Some(3));
    /// assert_eq!(client.lrange::<String>("doc:linsert_after", 0, -1)?, ["a", "b", "c"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn linsert_after(
        &self,
        key: impl ToArg,
        pivot: impl ToArg,
        element: impl ToArg,
    ) -> E::Output<Option<i64>> {
        self.call_with(Request::new("LINSERT").key(&key).arg("AFTER").arg(&pivot).arg(&element), |view| {
            Ok(Some(view.decode()?).filter(|length| *length > 0))
        })
    }

    /// `LREM`: removes elements that are equal to `element`: the first `count` of them, with a negative count the
    /// last ones, with 0 all. Returns how many it has removed.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:lrem")?;
    /// client.rpush("doc:lrem", ["a", "b", "a", "a"])?;
    /// assert_eq!(client.lrem("doc:lrem", -1, "a")?, 1);
    /// assert_eq!(client.lrange::<String>("doc:lrem", 0, -1)?, ["a", "b", "a"]);
    /// assert_eq!(client.lrem("doc:lrem", 0, "a")?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn lrem(&self, key: impl ToArg, count: i64, element: impl ToArg) -> E::Output<i64> {
        self.call(Request::new("LREM").key(&key).arg(count).arg(&element))
    }

    /// `LTRIM`: removes all elements but those from `start` to `stop`, both included. Negative ones count from the
    /// end.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:ltrim")?;
    /// client.rpush("doc:ltrim", ["a", "b", "c", "d"])?;
    /// client.ltrim("doc:ltrim", 1, -2)?;
    /// assert_eq!(client.lrange::<String>("doc:ltrim", 0, -1)?, ["b", "c"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn ltrim(&self, key: impl ToArg, start: i64, stop: i64) -> E::Output<()> {
        self.call(Request::new("LTRIM").key(&key).arg(start).arg(stop))
    }
}

/// # Lists: waiting
///
/// The commands that wait.
impl<E: Execute> Commands<E> {
    /// `BLPOP`: takes out the first element of the first list that has any, and returns its key with it. If none has
    /// any, it waits for one; `None` when the timeout comes first.
    ///
    /// In a pipeline every command after it waits too.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:blpop:a", "doc:blpop:b"])?;
    /// client.rpush("doc:blpop:b", "x")?;
    /// let keys = ["doc:blpop:a", "doc:blpop:b"];
    /// let (key, element) = client.blpop::<String, String>(keys, Duration::from_secs(5))?.unwrap();
    /// assert_eq!((&*key, &*element), ("doc:blpop:b", "x"));
    /// assert_eq!(client.blpop::<String, String>(keys, Duration::from_millis(10))?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn blpop<K: DecodeOwned, T: DecodeOwned>(
        &self,
        keys: impl ToArgs,
        timeout: impl Into<Timeout>,
    ) -> E::Output<Option<(K, T)>> {
        let timeout = timeout.into();
        self.call(Request::new("BLPOP").keys(&keys).with(|r| timeout.write(r)))
    }

    /// `BRPOP`: as [`blpop`](Self::blpop), but takes the last element.
    ///
    /// # Example
    /// ```
    /// use client::Timeout;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:brpop")?;
    /// client.rpush("doc:brpop", [1, 2])?;
    /// let last: Option<(String, i64)> = client.brpop("doc:brpop", Timeout::Forever)?;
    /// assert_eq!(last, Some(("doc:brpop".to_owned(), 2)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn brpop<K: DecodeOwned, T: DecodeOwned>(
        &self,
        keys: impl ToArgs,
        timeout: impl Into<Timeout>,
    ) -> E::Output<Option<(K, T)>> {
        let timeout = timeout.into();
        self.call(Request::new("BRPOP").keys(&keys).with(|r| timeout.write(r)))
    }

    /// `BLMOVE`: as [`lmove`](Self::lmove), but waits for an element to move; `None` when the timeout comes first
    /// (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::End;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:blmove:a", "doc:blmove:b"])?;
    /// client.rpush("doc:blmove:a", [1, 2])?;
    /// let (from, to, timeout) = ("doc:blmove:a", "doc:blmove:b", Duration::from_secs(5));
    /// assert_eq!(client.blmove(from, to, End::Right, End::Left, timeout)?, Some(2));
    /// assert_eq!(client.llen("doc:blmove:b")?, 1);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "brpoplpush")]
    pub fn blmove<T: DecodeOwned>(
        &self,
        from: impl ToArg,
        to: impl ToArg,
        take: End,
        put: End,
        timeout: impl Into<Timeout>,
    ) -> E::Output<Option<T>> {
        let timeout = timeout.into();
        let request = Request::new("BLMOVE").key(&from).key(&to).arg(take.word()).arg(put.word());
        self.call(request.with(|r| timeout.write(r)))
    }

    /// `BLMPOP`: as [`lmpop`](Self::lmpop), but waits for an element; `None` when the timeout comes first (Redis
    /// 7.0).
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use client::End;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:blmpop")?;
    /// client.rpush("doc:blmpop", [1, 2, 3])?;
    /// let popped: Option<(String, Vec<i64>)> =
    ///     client.blmpop("doc:blmpop", End::Right, 2, Duration::from_secs(5))?;
    /// assert_eq!(popped.unwrap().1, [3, 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn blmpop<K: DecodeOwned, T: DecodeOwned>(
        &self,
        keys: impl ToArgs,
        end: End,
        count: usize,
        timeout: impl Into<Timeout>,
    ) -> E::Output<Option<(K, Vec<T>)>> {
        let timeout = timeout.into();
        let request = Request::new("BLMPOP").with(|r| timeout.write(r)).with(|r| some_keys(r, &keys));
        self.call(request.arg(end.word()).with(|r| count_above_zero(r, count)))
    }
}

/// An end of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// Where the first element is.
    Left,
    /// Where the last element is.
    Right,
}

impl End {
    fn word(self) -> &'static str {
        match self {
            Self::Left => "LEFT",
            Self::Right => "RIGHT",
        }
    }
}

/// The options of `LPOS`: which of the equal elements, and how far to look.
///
/// # Example
/// ```
/// use client::{Build, LposOptions};
///
/// let command = Build::new().lpos_with("k", "x", LposOptions::new().rank(-1).maxlen(1_000));
/// assert_eq!(command.args()[3..], [&b"RANK"[..], b"-1", b"MAXLEN", b"1000"]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LposOptions {
    rank: Option<i64>,
    maxlen: Option<usize>,
}

impl LposOptions {
    /// No option: the first one, wherever it is.
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins with the `rank`-th of the equal elements: 1 is the first, −1 the last, from where the search goes
    /// backwards. Zero is an error.
    #[must_use]
    pub fn rank(mut self, rank: i64) -> Self {
        self.rank = Some(rank);
        self
    }

    /// Looks at so many elements at most. Zero means all.
    #[must_use]
    pub fn maxlen(mut self, maxlen: usize) -> Self {
        self.maxlen = Some(maxlen);
        self
    }

    fn write(self, mut request: Request<'_>) -> Request<'_> {
        if matches!(self.rank, Some(0 | i64::MIN)) {
            request.refuse(Flaw::Argument("needs a rank other than 0: 1 is the first, -1 the last"));
        }
        let request = self.rank.into_iter().fold(request, |r, rank| r.arg("RANK").arg(rank));
        self.maxlen.into_iter().fold(request, |r, maxlen| r.arg("MAXLEN").arg(at_most(maxlen)))
    }
}
