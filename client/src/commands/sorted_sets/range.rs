//! Members in the order of their scores: reading, counting, keeping and removing a range of them.

use resp::{DecodeOwned, Flaw, Request, ToArg};

use super::{LexBound, ScoreBound};
use crate::Commands;
use crate::commands::arguments::at_most;
use crate::execute::Execute;

/// # Sorted sets: ranges
impl<E: Execute> Commands<E> {
    /// `ZRANGE`: the members from rank `start` to rank `stop`, both included, the lowest score first. Negative ranks
    /// count from the end: −1 is the member with the highest score. What is out of range is left out.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zrange")?;
    /// client.zadd("doc:zrange", [("a", 1), ("b", 2), ("c", 3)])?;
    /// assert_eq!(client.zrange::<String>("doc:zrange", 0, 1)?, ["a", "b"]);
    /// assert_eq!(client.zrange::<String>("doc:zrange", -2, -1)?, ["b", "c"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zrange<M: DecodeOwned>(&self, key: impl ToArg, start: i64, stop: i64) -> E::Output<Vec<M>> {
        self.zrange_by(key, ZRange::rank(start, stop))
    }

    /// `ZRANGE … WITHSCORES`: as [`zrange`](Self::zrange), with the members' scores.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zrange_with_scores")?;
    /// client.zadd("doc:zrange_with_scores", [("a", 1), ("b", 2)])?;
    /// let all: Vec<(String, f64)> = client.zrange_with_scores("doc:zrange_with_scores", 0, -1)?;
    /// assert_eq!(all, [("a".to_owned(), 1.0), ("b".to_owned(), 2.0)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zrange_with_scores<M: DecodeOwned>(
        &self,
        key: impl ToArg,
        start: i64,
        stop: i64,
    ) -> E::Output<Vec<(M, f64)>> {
        self.zrange_by_with_scores(key, ZRange::rank(start, stop))
    }

    /// `ZRANGE` with options: the members in a range of ranks, of scores or of the members themselves, in either
    /// direction (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// use client::{LexBound, ScoreBound, ZRange};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zrange_by")?;
    /// client.zadd("doc:zrange_by", [("a", 1), ("b", 2), ("c", 3)])?;
    /// let members: Vec<String> = client.zrange_by("doc:zrange_by", ZRange::score(2, ScoreBound::MAX))?;
    /// assert_eq!(members, ["b", "c"]);
    ///
    /// let best = ZRange::score(ScoreBound::MIN, ScoreBound::MAX).rev().limit(0, 2);
    /// assert_eq!(client.zrange_by::<String>("doc:zrange_by", best)?, ["c", "b"]);
    ///
    /// # client.del("doc:zrange_by:lex")?;
    /// client.zadd("doc:zrange_by:lex", [("ant", 0), ("bee", 0), ("cat", 0)])?;
    /// let from_b = ZRange::lex("b", LexBound::Max);
    /// assert_eq!(client.zrange_by::<String>("doc:zrange_by:lex", from_b)?, ["bee", "cat"]);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "zrevrange")]
    #[doc(alias = "zrangebyscore")]
    #[doc(alias = "zrevrangebyscore")]
    #[doc(alias = "zrangebylex")]
    #[doc(alias = "zrevrangebylex")]
    pub fn zrange_by<M: DecodeOwned>(&self, key: impl ToArg, range: ZRange<'_>) -> E::Output<Vec<M>> {
        self.call(Request::new("ZRANGE").key(&key).with(|r| range.write(r)))
    }

    /// `ZRANGE … WITHSCORES` with options: as [`zrange_by`](Self::zrange_by), with the members' scores. Not for a
    /// range of members, which all have the same score.
    ///
    /// # Example
    /// ```
    /// use client::ZRange;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zrange_by_with_scores")?;
    /// client.zadd("doc:zrange_by_with_scores", [("a", 1), ("b", 2), ("c", 3)])?;
    /// let best: Vec<(String, f64)> =
    ///     client.zrange_by_with_scores("doc:zrange_by_with_scores", ZRange::rank(0, 1).rev())?;
    /// assert_eq!(best, [("c".to_owned(), 3.0), ("b".to_owned(), 2.0)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zrange_by_with_scores<M: DecodeOwned>(
        &self,
        key: impl ToArg,
        range: ZRange<'_>,
    ) -> E::Output<Vec<(M, f64)>> {
        self.call(Request::new("ZRANGE").key(&key).with(|r| range.write_with_scores(r)))
    }

    /// `ZRANGESTORE`: makes `to` the sorted set of the members in a range of another, whatever was there before.
    /// Returns how many they are; with none, `to` is gone (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// use client::ZRange;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:zrangestore", "doc:zrangestore:to"])?;
    /// client.zadd("doc:zrangestore", [("a", 1), ("b", 2), ("c", 3)])?;
    /// assert_eq!(client.zrangestore("doc:zrangestore:to", "doc:zrangestore", ZRange::rank(0, 1).rev())?, 2);
    /// assert_eq!(client.zrange::<String>("doc:zrangestore:to", 0, -1)?, ["b", "c"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zrangestore(&self, to: impl ToArg, from: impl ToArg, range: ZRange<'_>) -> E::Output<i64> {
        self.call(Request::new("ZRANGESTORE").key(&to).key(&from).with(|r| range.write(r)))
    }

    /// `ZCOUNT`: the number of members whose scores are between `min` and `max`.
    ///
    /// # Example
    /// ```
    /// use client::ScoreBound;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zcount")?;
    /// client.zadd("doc:zcount", [("a", 1), ("b", 2), ("c", 3)])?;
    /// assert_eq!(client.zcount("doc:zcount", 1, 2)?, 2);
    /// assert_eq!(client.zcount("doc:zcount", ScoreBound::Exclusive(1.0), ScoreBound::MAX)?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zcount(
        &self,
        key: impl ToArg,
        min: impl Into<ScoreBound>,
        max: impl Into<ScoreBound>,
    ) -> E::Output<i64> {
        let (min, max) = (min.into(), max.into());
        self.call(Request::new("ZCOUNT").key(&key).with(|r| min.write(r)).with(|r| max.write(r)))
    }

    /// `ZLEXCOUNT`: the number of members between `min` and `max`, if all have the same score.
    ///
    /// # Example
    /// ```
    /// use client::LexBound;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zlexcount")?;
    /// client.zadd("doc:zlexcount", [("ant", 0), ("bee", 0), ("cat", 0)])?;
    /// assert_eq!(client.zlexcount("doc:zlexcount", "b", LexBound::Max)?, 2);
    /// assert_eq!(client.zlexcount("doc:zlexcount", LexBound::Min, LexBound::exclusive("bee"))?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zlexcount<'b>(
        &self,
        key: impl ToArg,
        min: impl Into<LexBound<'b>>,
        max: impl Into<LexBound<'b>>,
    ) -> E::Output<i64> {
        let (min, max) = (min.into(), max.into());
        self.call(Request::new("ZLEXCOUNT").key(&key).with(|r| min.write(r)).with(|r| max.write(r)))
    }

    /// `ZREMRANGEBYRANK`: removes the members from rank `start` to rank `stop`, both included. Negative ranks count
    /// from the end. Returns how many it has removed.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zremrangebyrank")?;
    /// client.zadd("doc:zremrangebyrank", [("a", 1), ("b", 2), ("c", 3)])?;
    /// assert_eq!(client.zremrangebyrank("doc:zremrangebyrank", 0, -2)?, 2);
    /// assert_eq!(client.zrange::<String>("doc:zremrangebyrank", 0, -1)?, ["c"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zremrangebyrank(&self, key: impl ToArg, start: i64, stop: i64) -> E::Output<i64> {
        self.call(Request::new("ZREMRANGEBYRANK").key(&key).arg(start).arg(stop))
    }

    /// `ZREMRANGEBYSCORE`: removes the members whose scores are between `min` and `max`. Returns how many it has
    /// removed.
    ///
    /// # Example
    /// ```
    /// use client::ScoreBound;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zremrangebyscore")?;
    /// client.zadd("doc:zremrangebyscore", [("a", 1), ("b", 2), ("c", 3)])?;
    /// assert_eq!(client.zremrangebyscore("doc:zremrangebyscore", ScoreBound::MIN, 2)?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zremrangebyscore(
        &self,
        key: impl ToArg,
        min: impl Into<ScoreBound>,
        max: impl Into<ScoreBound>,
    ) -> E::Output<i64> {
        let (min, max) = (min.into(), max.into());
        self.call(Request::new("ZREMRANGEBYSCORE").key(&key).with(|r| min.write(r)).with(|r| max.write(r)))
    }

    /// `ZREMRANGEBYLEX`: removes the members between `min` and `max`, if all have the same score. Returns how many it
    /// has removed.
    ///
    /// # Example
    /// ```
    /// use client::LexBound;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zremrangebylex")?;
    /// client.zadd("doc:zremrangebylex", [("ant", 0), ("bee", 0), ("cat", 0)])?;
    /// assert_eq!(client.zremrangebylex("doc:zremrangebylex", "b", LexBound::Max)?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zremrangebylex<'b>(
        &self,
        key: impl ToArg,
        min: impl Into<LexBound<'b>>,
        max: impl Into<LexBound<'b>>,
    ) -> E::Output<i64> {
        let (min, max) = (min.into(), max.into());
        self.call(Request::new("ZREMRANGEBYLEX").key(&key).with(|r| min.write(r)).with(|r| max.write(r)))
    }
}

/// A range of a sorted set: which members, in which direction, how many.
///
/// # Example
/// ```
/// use client::{Build, ScoreBound, ZRange};
///
/// let range = ZRange::score(ScoreBound::Exclusive(1.0), 5.0).rev().limit(10, 20);
/// let command = Build::new().zrange_by::<String>("k", range);
/// assert_eq!(command.args().join(&b' '), b"ZRANGE k 5.0 (1.0 BYSCORE REV LIMIT 10 20");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ZRange<'a> {
    by: By<'a>,
    rev: bool,
    limit: Option<(usize, usize)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum By<'a> {
    Rank(i64, i64),
    Score(ScoreBound, ScoreBound),
    Lex(LexBound<'a>, LexBound<'a>),
}

impl<'a> ZRange<'a> {
    /// The members from rank `start` to rank `stop`, both included. Negative ranks count from the end.
    pub fn rank(start: i64, stop: i64) -> Self {
        Self::new(By::Rank(start, stop))
    }

    /// The members whose scores are between `min` and `max`.
    pub fn score(min: impl Into<ScoreBound>, max: impl Into<ScoreBound>) -> Self {
        Self::new(By::Score(min.into(), max.into()))
    }

    /// The members between `min` and `max`, if all have the same score.
    pub fn lex(min: impl Into<LexBound<'a>>, max: impl Into<LexBound<'a>>) -> Self {
        Self::new(By::Lex(min.into(), max.into()))
    }

    /// The other way round: the highest first, from where ranks are counted too. `min` and `max` stay what they are,
    /// although the server wants them swapped.
    #[must_use]
    pub fn rev(mut self) -> Self {
        self.rev = true;
        self
    }

    /// Only `count` of the members, after the first `offset`. Not for ranks, which say that already.
    #[must_use]
    pub fn limit(mut self, offset: usize, count: usize) -> Self {
        self.limit = Some((offset, count));
        self
    }

    fn new(by: By<'a>) -> Self {
        Self { by, rev: false, limit: None }
    }

    fn write(self, request: Request<'_>) -> Request<'_> {
        let mut request = match self.by {
            By::Rank(start, stop) => request.arg(start).arg(stop),
            By::Score(min, max) => {
                let (first, last) = if self.rev { (max, min) } else { (min, max) };
                last.write(first.write(request)).arg("BYSCORE")
            }
            By::Lex(min, max) => {
                let (first, last) = if self.rev { (max, min) } else { (min, max) };
                last.write(first.write(request)).arg("BYLEX")
            }
        };
        if self.limit.is_some() && matches!(self.by, By::Rank(..)) {
            request.refuse(Flaw::Argument("takes a limit with scores or with members, not with ranks"));
        }
        if self.rev {
            request = request.arg("REV");
        }
        self.limit.into_iter().fold(request, |request, (offset, count)| {
            request.arg("LIMIT").arg(at_most(offset)).arg(at_most(count))
        })
    }

    fn write_with_scores(self, mut request: Request<'_>) -> Request<'_> {
        if matches!(self.by, By::Lex(..)) {
            request.refuse(Flaw::Argument("returns no scores with a range of members"));
        }
        self.write(request).arg("WITHSCORES")
    }
}
