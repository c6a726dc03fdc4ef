//! Commands on sets.
//!
//! A set's members come as the collection that the caller asks for: a `HashSet` to look things up in, a `BTreeSet`
//! for an order, or a `Vec` to walk over, which costs no hashing.

use resp::{DecodeOwned, Request, ToArg, ToArgs};

use super::arguments::{at_most, some_keys};
use crate::execute::{Blocking, Execute};
use crate::scan::Page;
use crate::{Commands, Scan, ScanOptions};

/// # Sets
impl<E: Execute> Commands<E> {
    /// `SADD`: adds members. Returns how many were not there before.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:sadd")?;
    /// assert_eq!(client.sadd("doc:sadd", ["a", "b"])?, 2);
    /// assert_eq!(client.sadd("doc:sadd", "b")?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sadd(&self, key: impl ToArg, members: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("SADD").key(&key).args(&members))
    }

    /// `SREM`: removes members. Returns how many were there.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:srem")?;
    /// client.sadd("doc:srem", ["a", "b"])?;
    /// assert_eq!(client.srem("doc:srem", ["b", "c"])?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn srem(&self, key: impl ToArg, members: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("SREM").key(&key).args(&members))
    }

    /// `SMEMBERS`: all members, none if the set does not exist.
    ///
    /// # Example
    /// ```
    /// use std::collections::{BTreeSet, HashSet};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:smembers")?;
    /// client.sadd("doc:smembers", ["b", "a"])?;
    /// let members: HashSet<String> = client.smembers("doc:smembers")?;
    /// assert!(members.contains("a"));
    /// assert_eq!(client.smembers::<BTreeSet<String>>("doc:smembers")?.first().unwrap(), "a");
    /// assert_eq!(client.smembers::<Vec<String>>("doc:smembers")?.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn smembers<C: DecodeOwned>(&self, key: impl ToArg) -> E::Output<C> {
        self.call(Request::new("SMEMBERS").key(&key))
    }

    /// `SISMEMBER`: whether the set has this member.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:sismember")?;
    /// client.sadd("doc:sismember", "a")?;
    /// assert!(client.sismember("doc:sismember", "a")?);
    /// assert!(!client.sismember("doc:sismember", "b")?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sismember(&self, key: impl ToArg, member: impl ToArg) -> E::Output<bool> {
        self.call(Request::new("SISMEMBER").key(&key).arg(&member))
    }

    /// `SMISMEMBER`: for each of `members` whether the set has it (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:smismember")?;
    /// client.sadd("doc:smismember", "a")?;
    /// assert_eq!(client.smismember("doc:smismember", ["a", "b"])?, [true, false]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn smismember(&self, key: impl ToArg, members: impl ToArgs) -> E::Output<Vec<bool>> {
        self.call(Request::new("SMISMEMBER").key(&key).args(&members))
    }

    /// `SCARD`: the number of members, 0 if the set does not exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:scard")?;
    /// client.sadd("doc:scard", ["a", "b"])?;
    /// assert_eq!(client.scard("doc:scard")?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn scard(&self, key: impl ToArg) -> E::Output<i64> {
        self.call(Request::new("SCARD").key(&key))
    }

    /// `SMOVE`: moves a member to another set. Returns whether it was there to be moved.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:smove:a", "doc:smove:b"])?;
    /// client.sadd("doc:smove:a", "x")?;
    /// assert!(client.smove("doc:smove:a", "doc:smove:b", "x")?);
    /// assert!(!client.smove("doc:smove:a", "doc:smove:b", "x")?);
    /// assert!(client.sismember("doc:smove:b", "x")?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn smove(&self, from: impl ToArg, to: impl ToArg, member: impl ToArg) -> E::Output<bool> {
        self.call(Request::new("SMOVE").key(&from).key(&to).arg(&member))
    }

    /// `SPOP`: takes out a random member, `None` if the set does not exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:spop")?;
    /// client.sadd("doc:spop", 7)?;
    /// assert_eq!(client.spop("doc:spop")?, Some(7));
    /// assert_eq!(client.spop::<i64>("doc:spop")?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn spop<T: DecodeOwned>(&self, key: impl ToArg) -> E::Output<Option<T>> {
        self.call(Request::new("SPOP").key(&key))
    }

    /// `SPOP` with a count: takes out up to so many random members.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:spop_count")?;
    /// client.sadd("doc:spop_count", [1, 2, 3])?;
    /// let two: Vec<i64> = client.spop_count("doc:spop_count", 2)?;
    /// assert_eq!(two.len(), 2);
    /// assert_eq!(client.scard("doc:spop_count")?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn spop_count<C: DecodeOwned>(&self, key: impl ToArg, count: usize) -> E::Output<C> {
        self.call(Request::new("SPOP").key(&key).arg(at_most(count)))
    }

    /// `SRANDMEMBER`: a random member, which stays; `None` if the set does not exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:srandmember")?;
    /// client.sadd("doc:srandmember", 7)?;
    /// assert_eq!(client.srandmember("doc:srandmember")?, Some(7));
    /// assert_eq!(client.srandmember("doc:srandmember")?, Some(7));
    /// # Ok(())
    /// # }
    /// ```
    pub fn srandmember<T: DecodeOwned>(&self, key: impl ToArg) -> E::Output<Option<T>> {
        self.call(Request::new("SRANDMEMBER").key(&key))
    }

    /// `SRANDMEMBER` with a count: up to so many random members, each once.
    ///
    /// # Example
    /// ```
    /// use std::collections::HashSet;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:srandmember_count")?;
    /// client.sadd("doc:srandmember_count", [1, 2, 3])?;
    /// let two: HashSet<i64> = client.srandmember_count("doc:srandmember_count", 2)?;
    /// assert_eq!(two.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn srandmember_count<C: DecodeOwned>(&self, key: impl ToArg, count: usize) -> E::Output<C> {
        self.call(Request::new("SRANDMEMBER").key(&key).arg(at_most(count)))
    }

    /// `SRANDMEMBER` with a negative count: just so many random members, any of them again and again. None if the set
    /// does not exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:srandmember_repeating")?;
    /// client.sadd("doc:srandmember_repeating", ["heads", "tails"])?;
    /// assert_eq!(client.srandmember_repeating::<String>("doc:srandmember_repeating", 10)?.len(), 10);
    /// # Ok(())
    /// # }
    /// ```
    pub fn srandmember_repeating<T: DecodeOwned>(&self, key: impl ToArg, count: usize) -> E::Output<Vec<T>> {
        self.call(Request::new("SRANDMEMBER").key(&key).arg(-at_most(count)))
    }

    /// `SINTER`: the members that all of the sets have.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:sinter:a", "doc:sinter:b"])?;
    /// client.sadd("doc:sinter:a", [1, 2])?;
    /// client.sadd("doc:sinter:b", [2, 3])?;
    /// assert_eq!(client.sinter::<Vec<i64>>(["doc:sinter:a", "doc:sinter:b"])?, [2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sinter<C: DecodeOwned>(&self, keys: impl ToArgs) -> E::Output<C> {
        self.call(Request::new("SINTER").keys(&keys))
    }

    /// `SINTERSTORE`: makes `to` the set of the members that all of the sets have, whatever was there before. Returns
    /// how many they are; with none, `to` is gone.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:sinterstore:a", "doc:sinterstore:b"])?;
    /// client.sadd("doc:sinterstore:a", [1, 2])?;
    /// client.sadd("doc:sinterstore:b", [2, 3])?;
    /// let keys = ["doc:sinterstore:a", "doc:sinterstore:b"];
    /// assert_eq!(client.sinterstore("doc:sinterstore:to", keys)?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sinterstore(&self, to: impl ToArg, keys: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("SINTERSTORE").key(&to).keys(&keys))
    }

    /// `SINTERCARD`: how many members all of the sets have (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:sintercard:a", "doc:sintercard:b"])?;
    /// client.sadd("doc:sintercard:a", [1, 2])?;
    /// client.sadd("doc:sintercard:b", [2, 3])?;
    /// assert_eq!(client.sintercard(["doc:sintercard:a", "doc:sintercard:b"])?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sintercard(&self, keys: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("SINTERCARD").with(|r| some_keys(r, &keys)))
    }

    /// `SINTERCARD` with a limit: as [`sintercard`](Self::sintercard), but counts no further than `limit`; zero means
    /// no limit.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:sintercard_limit:a", "doc:sintercard_limit:b"])?;
    /// client.sadd("doc:sintercard_limit:a", [1, 2, 3])?;
    /// client.sadd("doc:sintercard_limit:b", [1, 2, 3])?;
    /// let keys = ["doc:sintercard_limit:a", "doc:sintercard_limit:b"];
    /// assert_eq!(client.sintercard_limit(keys, 2)?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sintercard_limit(&self, keys: impl ToArgs, limit: usize) -> E::Output<i64> {
        self.call(Request::new("SINTERCARD").with(|r| some_keys(r, &keys)).arg("LIMIT").arg(at_most(limit)))
    }

    /// `SUNION`: the members that any of the sets has.
    ///
    /// # Example
    /// ```
    /// use std::collections::BTreeSet;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:sunion:a", "doc:sunion:b"])?;
    /// client.sadd("doc:sunion:a", [1, 2])?;
    /// client.sadd("doc:sunion:b", [2, 3])?;
    /// let all: BTreeSet<i64> = client.sunion(["doc:sunion:a", "doc:sunion:b"])?;
    /// assert_eq!(all, BTreeSet::from([1, 2, 3]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn sunion<C: DecodeOwned>(&self, keys: impl ToArgs) -> E::Output<C> {
        self.call(Request::new("SUNION").keys(&keys))
    }

    /// `SUNIONSTORE`: makes `to` the set of the members that any of the sets has, whatever was there before. Returns
    /// how many they are; with none, `to` is gone.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:sunionstore:a", "doc:sunionstore:b"])?;
    /// client.sadd("doc:sunionstore:a", [1, 2])?;
    /// client.sadd("doc:sunionstore:b", [2, 3])?;
    /// let keys = ["doc:sunionstore:a", "doc:sunionstore:b"];
    /// assert_eq!(client.sunionstore("doc:sunionstore:to", keys)?, 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sunionstore(&self, to: impl ToArg, keys: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("SUNIONSTORE").key(&to).keys(&keys))
    }

    /// `SDIFF`: the members of the first set that none of the others has.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:sdiff:a", "doc:sdiff:b"])?;
    /// client.sadd("doc:sdiff:a", [1, 2])?;
    /// client.sadd("doc:sdiff:b", [2, 3])?;
    /// assert_eq!(client.sdiff::<Vec<i64>>(["doc:sdiff:a", "doc:sdiff:b"])?, [1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sdiff<C: DecodeOwned>(&self, keys: impl ToArgs) -> E::Output<C> {
        self.call(Request::new("SDIFF").keys(&keys))
    }

    /// `SDIFFSTORE`: makes `to` the set of the members of the first set that none of the others has, whatever was
    /// there before. Returns how many they are; with none, `to` is gone.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:sdiffstore:a", "doc:sdiffstore:b"])?;
    /// client.sadd("doc:sdiffstore:a", [1, 2])?;
    /// client.sadd("doc:sdiffstore:b", [2, 3])?;
    /// let keys = ["doc:sdiffstore:a", "doc:sdiffstore:b"];
    /// assert_eq!(client.sdiffstore("doc:sdiffstore:to", keys)?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sdiffstore(&self, to: impl ToArg, keys: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("SDIFFSTORE").key(&to).keys(&keys))
    }

    /// `SDIFFCARD`: how many members of the first set none of the others has (Redis 8.10).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:sdiffcard:a", "doc:sdiffcard:b"])?;
    /// client.sadd("doc:sdiffcard:a", [1, 2])?;
    /// client.sadd("doc:sdiffcard:b", [2, 3, 4])?;
    /// assert_eq!(client.sdiffcard(["doc:sdiffcard:a", "doc:sdiffcard:b"])?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sdiffcard(&self, keys: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("SDIFFCARD").with(|r| some_keys(r, &keys)))
    }

    /// `SDIFFCARD` with a limit: as [`sdiffcard`](Self::sdiffcard), but counts no further than `limit`; zero means no
    /// limit.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:sdiffcard_limit")?;
    /// client.sadd("doc:sdiffcard_limit", [1, 2, 3])?;
    /// assert_eq!(client.sdiffcard_limit(["doc:sdiffcard_limit", "doc:no such set"], 2)?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sdiffcard_limit(&self, keys: impl ToArgs, limit: usize) -> E::Output<i64> {
        self.call(Request::new("SDIFFCARD").with(|r| some_keys(r, &keys)).arg("LIMIT").arg(at_most(limit)))
    }

    /// `SUNIONCARD`: how many members there are that any of the sets has (Redis 8.10).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:sunioncard:a", "doc:sunioncard:b"])?;
    /// client.sadd("doc:sunioncard:a", [1, 2])?;
    /// client.sadd("doc:sunioncard:b", [2, 3, 4])?;
    /// assert_eq!(client.sunioncard(["doc:sunioncard:a", "doc:sunioncard:b"])?, 4);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sunioncard(&self, keys: impl ToArgs) -> E::Output<i64> {
        self.sunioncard_with(keys, SunioncardOptions::new())
    }

    /// `SUNIONCARD` with options: as [`sunioncard`](Self::sunioncard), but roughly, or up to a limit.
    ///
    /// # Example
    /// ```
    /// use client::SunioncardOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:sunioncard_with:a", "doc:sunioncard_with:b"])?;
    /// client.sadd("doc:sunioncard_with:a", [1, 2])?;
    /// client.sadd("doc:sunioncard_with:b", [2, 3, 4])?;
    /// let keys = ["doc:sunioncard_with:a", "doc:sunioncard_with:b"];
    /// assert_eq!(client.sunioncard_with(keys, SunioncardOptions::new().limit(3))?, 3);
    /// assert_eq!(client.sunioncard_with(keys, SunioncardOptions::new().approx())?, 4);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sunioncard_with(
        &self,
        keys: impl ToArgs,
        options: impl Into<SunioncardOptions>,
    ) -> E::Output<i64> {
        let options = options.into();
        self.call(Request::new("SUNIONCARD").with(|r| some_keys(r, &keys)).with(|r| options.write(r)))
    }

    /// `SSCAN`, one page: the next cursor and some members. The first page is at cursor 0, the last one has 0 as its
    /// next cursor.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:sscan_page")?;
    /// client.sadd("doc:sscan_page", "a")?;
    /// let (next, members) = client.sscan_page::<String>("doc:sscan_page", 0, "*")?;
    /// assert_eq!((next, members), (0, vec!["a".to_owned()]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn sscan_page<'o, T: DecodeOwned>(
        &self,
        key: impl ToArg,
        cursor: u64,
        options: impl Into<ScanOptions<'o>>,
    ) -> E::Output<(u64, Vec<T>)> {
        self.call(Page::of("SSCAN", &key, options.into()).at(cursor))
    }
}

/// # Sets: scan
impl<E: Blocking> Commands<E> {
    /// `SSCAN`: the members of a set, page by page, while the server answers others in between.
    ///
    /// # Example
    /// ```
    /// use std::collections::BTreeSet;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:sscan")?;
    /// client.sadd("doc:sscan", ["apple", "avocado", "banana"])?;
    /// let found: BTreeSet<String> = client.sscan("doc:sscan", "a*").collect::<Result<_, _>>()?;
    /// assert_eq!(found, BTreeSet::from(["apple".to_owned(), "avocado".to_owned()]));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "sscan_iter")]
    pub fn sscan<'o, T: DecodeOwned>(
        &self,
        key: impl ToArg,
        options: impl Into<ScanOptions<'o>>,
    ) -> Scan<'_, E, T> {
        Scan::new(self, Page::of("SSCAN", &key, options.into()))
    }
}

/// The options of `SUNIONCARD`.
///
/// # Example
/// ```
/// use client::{Build, SunioncardOptions};
///
/// let options = SunioncardOptions::new().approx().limit(1_000);
/// let command = Build::new().sunioncard_with(["a", "b"], options);
/// assert_eq!(command.args().join(&b' '), b"SUNIONCARD 2 a b APPROX LIMIT 1000");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SunioncardOptions {
    approx: Option<&'static str>,
    limit: Option<usize>,
}

impl SunioncardOptions {
    /// No option: all members are counted.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number may be an estimate, which takes the server less memory.
    #[must_use]
    pub fn approx(mut self) -> Self {
        self.approx = Some("APPROX");
        self
    }

    /// Counts no further than this; zero means no limit.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }

    fn write(self, request: Request<'_>) -> Request<'_> {
        let request = self.approx.into_iter().fold(request, Request::arg);
        self.limit.into_iter().fold(request, |r, limit| r.arg("LIMIT").arg(at_most(limit)))
    }
}
