//! Commands on sorted sets: members with their scores. Ranges, combinations and pops are in files of their own.
//!
//! Pairs are `(member, score)`, although `ZADD` sends the score first: so read the replies, so a `HashMap` of scores
//! can be written, and what was read can be written back. Single arguments come in the order of Redis.

use resp::{Arg, DecodeOwned, Flaw, Request, ToArg, ToArgs, ToPairs};

use super::arguments::{at_most, pairs_at_most, score};
use crate::execute::{Blocking, Execute};
use crate::scan::Page;
use crate::{Commands, Scan, ScanOptions};

mod bound;
pub use bound::{LexBound, ScoreBound};
mod combine;
pub use combine::{Aggregate, CombineOptions};
mod pop;
pub use pop::Extreme;
mod range;
pub use range::ZRange;

/// # Sorted sets
impl<E: Execute> Commands<E> {
    /// `ZADD`: sets the scores of members, given as `(member, score)`. Returns how many members are new.
    ///
    /// # Example
    /// ```
    /// use std::collections::HashMap;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zadd")?;
    /// assert_eq!(client.zadd("doc:zadd", ("a", 1))?, 1);
    /// assert_eq!(client.zadd("doc:zadd", [("a", 2.5), ("b", f64::INFINITY)])?, 1);
    /// assert_eq!(client.zadd("doc:zadd", HashMap::from([("c", 3), ("d", 4)]))?, 2);
    /// assert_eq!(client.zscore("doc:zadd", "a")?, Some(2.5));
    /// # Ok(())
    /// # }
    /// ```
    pub fn zadd(&self, key: impl ToArg, members: impl ToPairs) -> E::Output<i64> {
        self.zadd_with(key, members, ZaddOptions::new())
    }

    /// `ZADD` with options: sets the scores of members under a condition. Returns how many members are new, or with
    /// [`ch`](ZaddOptions::ch) how many are new or have another score.
    ///
    /// # Example
    /// ```
    /// use client::ZaddOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zadd_with")?;
    /// client.zadd("doc:zadd_with", ("a", 5))?;
    /// let options = ZaddOptions::new().gt().ch();
    /// assert_eq!(client.zadd_with("doc:zadd_with", [("a", 4), ("b", 4)], options)?, 1);
    /// assert_eq!(client.zadd_with("doc:zadd_with", [("a", 6), ("b", 6)], options)?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zadd_with(
        &self,
        key: impl ToArg,
        members: impl ToPairs,
        options: impl Into<ZaddOptions>,
    ) -> E::Output<i64> {
        let (options, members) = (options.into(), ScoreFirst(&members));
        self.call(Request::new("ZADD").key(&key).with(|r| options.write(r)).pairs(&members))
    }

    /// `ZADD … INCR`: adds to the score of a member, under a condition. Returns the new score, `None` if the
    /// condition has prevented it.
    ///
    /// # Example
    /// ```
    /// use client::ZaddOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zadd_incr")?;
    /// assert_eq!(client.zadd_incr("doc:zadd_incr", 1.5, "a", ZaddOptions::new().nx())?, Some(1.5));
    /// assert_eq!(client.zadd_incr("doc:zadd_incr", 1.5, "a", ZaddOptions::new().nx())?, None);
    /// assert_eq!(client.zadd_incr("doc:zadd_incr", 1.5, "a", ZaddOptions::new().xx())?, Some(3.0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn zadd_incr(
        &self,
        key: impl ToArg,
        increment: impl Into<f64>,
        member: impl ToArg,
        options: impl Into<ZaddOptions>,
    ) -> E::Output<Option<f64>> {
        let (options, increment) = (options.into(), increment.into());
        let request = Request::new("ZADD").key(&key).with(|r| options.write(r)).arg("INCR");
        self.call(request.with(|r| score(r, increment)).arg(&member))
    }

    /// `ZINCRBY`: adds to the score of a member, which is 0 before it is there. Returns the new score.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zincrby")?;
    /// assert_eq!(client.zincrby("doc:zincrby", 2, "a")?, 2.0);
    /// assert_eq!(client.zincrby("doc:zincrby", -0.5, "a")?, 1.5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zincrby(&self, key: impl ToArg, increment: impl Into<f64>, member: impl ToArg) -> E::Output<f64> {
        let increment = increment.into();
        self.call(Request::new("ZINCRBY").key(&key).with(|r| score(r, increment)).arg(&member))
    }

    /// `ZREM`: removes members. Returns how many were there.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zrem")?;
    /// client.zadd("doc:zrem", [("a", 1), ("b", 2)])?;
    /// assert_eq!(client.zrem("doc:zrem", ["b", "c"])?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zrem(&self, key: impl ToArg, members: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("ZREM").key(&key).args(&members))
    }

    /// `ZCARD`: the number of members, 0 if the sorted set does not exist.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zcard")?;
    /// client.zadd("doc:zcard", [("a", 1), ("b", 2)])?;
    /// assert_eq!(client.zcard("doc:zcard")?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zcard(&self, key: impl ToArg) -> E::Output<i64> {
        self.call(Request::new("ZCARD").key(&key))
    }

    /// `ZSCORE`: the score of a member, `None` if it is not there.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zscore")?;
    /// client.zadd("doc:zscore", ("a", 1.5))?;
    /// assert_eq!(client.zscore("doc:zscore", "a")?, Some(1.5));
    /// assert_eq!(client.zscore("doc:zscore", "b")?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zscore(&self, key: impl ToArg, member: impl ToArg) -> E::Output<Option<f64>> {
        self.call(Request::new("ZSCORE").key(&key).arg(&member))
    }

    /// `ZMSCORE`: for each of `members` its score, `None` if it is not there (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zmscore")?;
    /// client.zadd("doc:zmscore", ("a", 1.5))?;
    /// assert_eq!(client.zmscore("doc:zmscore", ["a", "b"])?, [Some(1.5), None]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zmscore(&self, key: impl ToArg, members: impl ToArgs) -> E::Output<Vec<Option<f64>>> {
        self.call(Request::new("ZMSCORE").key(&key).args(&members))
    }

    /// `ZRANK`: how many members come before this one when the lowest score is first, `None` if it is not there.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zrank")?;
    /// client.zadd("doc:zrank", [("a", 1), ("b", 2), ("c", 3)])?;
    /// assert_eq!(client.zrank("doc:zrank", "c")?, Some(2));
    /// assert_eq!(client.zrank("doc:zrank", "x")?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zrank(&self, key: impl ToArg, member: impl ToArg) -> E::Output<Option<i64>> {
        self.call(Request::new("ZRANK").key(&key).arg(&member))
    }

    /// `ZRANK … WITHSCORE`: as [`zrank`](Self::zrank), with the member's score (Redis 7.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zrank_with_score")?;
    /// client.zadd("doc:zrank_with_score", [("a", 1), ("b", 2)])?;
    /// assert_eq!(client.zrank_with_score("doc:zrank_with_score", "b")?, Some((1, 2.0)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn zrank_with_score(&self, key: impl ToArg, member: impl ToArg) -> E::Output<Option<(i64, f64)>> {
        self.call(Request::new("ZRANK").key(&key).arg(&member).arg("WITHSCORE"))
    }

    /// `ZREVRANK`: how many members come before this one when the highest score is first, `None` if it is not there.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zrevrank")?;
    /// client.zadd("doc:zrevrank", [("a", 1), ("b", 2), ("c", 3)])?;
    /// assert_eq!(client.zrevrank("doc:zrevrank", "c")?, Some(0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn zrevrank(&self, key: impl ToArg, member: impl ToArg) -> E::Output<Option<i64>> {
        self.call(Request::new("ZREVRANK").key(&key).arg(&member))
    }

    /// `ZREVRANK … WITHSCORE`: as [`zrevrank`](Self::zrevrank), with the member's score (Redis 7.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zrevrank_with_score")?;
    /// client.zadd("doc:zrevrank_with_score", [("a", 1), ("b", 2)])?;
    /// assert_eq!(client.zrevrank_with_score("doc:zrevrank_with_score", "b")?, Some((0, 2.0)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn zrevrank_with_score(&self, key: impl ToArg, member: impl ToArg) -> E::Output<Option<(i64, f64)>> {
        self.call(Request::new("ZREVRANK").key(&key).arg(&member).arg("WITHSCORE"))
    }

    /// `ZRANDMEMBER`: a random member, `None` if the sorted set does not exist (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zrandmember")?;
    /// client.zadd("doc:zrandmember", ("a", 1))?;
    /// assert_eq!(client.zrandmember::<String>("doc:zrandmember")?.as_deref(), Some("a"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn zrandmember<M: DecodeOwned>(&self, key: impl ToArg) -> E::Output<Option<M>> {
        self.call(Request::new("ZRANDMEMBER").key(&key))
    }

    /// `ZRANDMEMBER` with a count: up to so many random members, each once (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zrandmember_count")?;
    /// client.zadd("doc:zrandmember_count", [("a", 1), ("b", 2), ("c", 3)])?;
    /// assert_eq!(client.zrandmember_count::<String>("doc:zrandmember_count", 2)?.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zrandmember_count<M: DecodeOwned>(&self, key: impl ToArg, count: usize) -> E::Output<Vec<M>> {
        self.call(Request::new("ZRANDMEMBER").key(&key).arg(at_most(count)))
    }

    /// `ZRANDMEMBER … WITHSCORES`: up to so many random members, each once, with their scores (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zrandmember_with_scores")?;
    /// client.zadd("doc:zrandmember_with_scores", ("a", 1))?;
    /// let members: Vec<(String, f64)> = client.zrandmember_with_scores("doc:zrandmember_with_scores", 5)?;
    /// assert_eq!(members, [("a".to_owned(), 1.0)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zrandmember_with_scores<M: DecodeOwned>(
        &self,
        key: impl ToArg,
        count: usize,
    ) -> E::Output<Vec<(M, f64)>> {
        self.call(Request::new("ZRANDMEMBER").key(&key).arg(pairs_at_most(count)).arg("WITHSCORES"))
    }

    /// `ZRANDMEMBER` with a negative count: just so many random members, any of them again and again. None if the
    /// sorted set does not exist (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zrandmember_repeating")?;
    /// client.zadd("doc:zrandmember_repeating", [("heads", 0), ("tails", 0)])?;
    /// assert_eq!(client.zrandmember_repeating::<String>("doc:zrandmember_repeating", 10)?.len(), 10);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zrandmember_repeating<M: DecodeOwned>(&self, key: impl ToArg, count: usize) -> E::Output<Vec<M>> {
        self.call(Request::new("ZRANDMEMBER").key(&key).arg(-at_most(count)))
    }

    /// `ZRANDMEMBER … WITHSCORES` with a negative count: as [`zrandmember_repeating`](Self::zrandmember_repeating),
    /// with the members' scores (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zrandmember_repeating_with_scores")?;
    /// let key = "doc:zrandmember_repeating_with_scores";
    /// client.zadd(key, ("a", 1))?;
    /// let members: Vec<(String, f64)> = client.zrandmember_repeating_with_scores(key, 2)?;
    /// assert_eq!(members, [("a".to_owned(), 1.0), ("a".to_owned(), 1.0)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zrandmember_repeating_with_scores<M: DecodeOwned>(
        &self,
        key: impl ToArg,
        count: usize,
    ) -> E::Output<Vec<(M, f64)>> {
        self.call(Request::new("ZRANDMEMBER").key(&key).arg(-pairs_at_most(count)).arg("WITHSCORES"))
    }

    /// `ZSCAN`, one page: the next cursor and some members with their scores. The first page is at cursor 0, the last
    /// one has 0 as its next cursor.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zscan_page")?;
    /// client.zadd("doc:zscan_page", ("a", 1))?;
    /// let (next, members) = client.zscan_page::<String>("doc:zscan_page", 0, "*")?;
    /// assert_eq!((next, members), (0, vec![("a".to_owned(), 1.0)]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn zscan_page<'o, M: DecodeOwned>(
        &self,
        key: impl ToArg,
        cursor: u64,
        options: impl Into<ScanOptions<'o>>,
    ) -> E::Output<(u64, Vec<(M, f64)>)> {
        self.call(Page::of("ZSCAN", &key, options.into()).at(cursor))
    }
}

/// # Sorted sets: scan
impl<E: Blocking> Commands<E> {
    /// `ZSCAN`: the members of a sorted set with their scores, in no order, page by page.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zscan")?;
    /// client.zadd("doc:zscan", [("a", 1), ("b", 2)])?;
    /// let mut all: Vec<(String, f64)> = client.zscan("doc:zscan", "*").collect::<Result<_, _>>()?;
    /// all.sort_by(|a, b| a.1.total_cmp(&b.1));
    /// assert_eq!(all, [("a".to_owned(), 1.0), ("b".to_owned(), 2.0)]);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "zscan_iter")]
    pub fn zscan<'o, M: DecodeOwned>(
        &self,
        key: impl ToArg,
        options: impl Into<ScanOptions<'o>>,
    ) -> Scan<'_, E, (M, f64)> {
        Scan::new(self, Page::of("ZSCAN", &key, options.into()))
    }

    /// `ZSCAN … NOSCORES`: the members of a sorted set, page by page (only Valkey, 8.0).
    ///
    /// # Example
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = client::Client::open("valkey://127.0.0.1")?;
    /// client.zadd("z", [("a", 1), ("b", 2)])?;
    /// let mut members: Vec<String> = client.zscan_noscores("z", "*").collect::<Result<_, _>>()?;
    /// members.sort();
    /// assert_eq!(members, ["a", "b"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zscan_noscores<'o, M: DecodeOwned>(
        &self,
        key: impl ToArg,
        options: impl Into<ScanOptions<'o>>,
    ) -> Scan<'_, E, M> {
        Scan::new(self, Page::of("ZSCAN", &key, options.into()).last("NOSCORES"))
    }
}

/// The options of `ZADD`: which members may change, and what is counted.
///
/// # Example
/// ```
/// use client::{Build, ZaddOptions};
///
/// let command = Build::new().zadd_with("k", ("m", 1), ZaddOptions::new().xx().gt().ch());
/// assert_eq!(command.args()[2..], [&b"XX"[..], b"GT", b"CH", b"1", b"m"]);
/// assert!(Build::new().zadd_with("k", ("m", 1), ZaddOptions::new().nx().gt()).flaw().is_some());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ZaddOptions {
    existence: Option<&'static str>,
    comparison: Option<&'static str>,
    changed: Option<&'static str>,
}

impl ZaddOptions {
    /// No option: every score is set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only members that are not there. Not with `gt` or `lt`.
    #[must_use]
    pub fn nx(mut self) -> Self {
        self.existence = Some("NX");
        self
    }

    /// Only members that are there.
    #[must_use]
    pub fn xx(mut self) -> Self {
        self.existence = Some("XX");
        self
    }

    /// Of the members that are there, only those whose score grows by it (Redis 6.2).
    #[must_use]
    pub fn gt(mut self) -> Self {
        self.comparison = Some("GT");
        self
    }

    /// Of the members that are there, only those whose score falls by it (Redis 6.2).
    #[must_use]
    pub fn lt(mut self) -> Self {
        self.comparison = Some("LT");
        self
    }

    /// Counts the members whose score has changed together with the new ones.
    #[must_use]
    pub fn ch(mut self) -> Self {
        self.changed = Some("CH");
        self
    }

    fn write(self, mut request: Request<'_>) -> Request<'_> {
        if self.existence == Some("NX") && self.comparison.is_some() {
            request.refuse(Flaw::Argument(
                "takes only members that are not there, or compares scores, not both",
            ));
        }
        [self.existence, self.comparison, self.changed].into_iter().flatten().fold(request, Request::arg)
    }
}

/// Pairs of member and score in the order that the server reads.
struct ScoreFirst<'p, T>(&'p T);

impl<T: ToPairs> ToPairs for ScoreFirst<'_, T> {
    fn for_each_pair<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>, Arg<'a>)) {
        self.0.for_each_pair(&mut |member, score| each(score, member));
    }
}
