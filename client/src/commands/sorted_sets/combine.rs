//! Intersections, unions and differences of sorted sets.

use resp::{DecodeOwned, Flaw, Request, ToArg, ToArgs};

use crate::Commands;
use crate::commands::arguments::{at_most, score, some_keys};
use crate::execute::Execute;

/// # Sorted sets: combine
impl<E: Execute> Commands<E> {
    /// `ZINTER`: the members that all of the sorted sets have, the lowest sum of scores first (Redis 6.2). Plain sets
    /// will do too; their members have the score 1.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:zinter:a", "doc:zinter:b"])?;
    /// client.zadd("doc:zinter:a", [("x", 1), ("y", 2)])?;
    /// client.zadd("doc:zinter:b", [("y", 3), ("z", 4)])?;
    /// assert_eq!(client.zinter::<String>(["doc:zinter:a", "doc:zinter:b"])?, ["y"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zinter<M: DecodeOwned>(&self, keys: impl ToArgs) -> E::Output<Vec<M>> {
        self.call(Request::new("ZINTER").with(|r| some_keys(r, &keys)))
    }

    /// `ZINTER … WITHSCORES`: as [`zinter`](Self::zinter), with the scores, which the options may make otherwise than
    /// by adding (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// use client::CombineOptions;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:zinter_with_scores:a", "doc:zinter_with_scores:b"])?;
    /// client.zadd("doc:zinter_with_scores:a", [("x", 1), ("y", 2)])?;
    /// client.zadd("doc:zinter_with_scores:b", [("y", 3), ("z", 4)])?;
    /// let keys = ["doc:zinter_with_scores:a", "doc:zinter_with_scores:b"];
    /// let sum: Vec<(String, f64)> = client.zinter_with_scores(keys, CombineOptions::new())?;
    /// assert_eq!(sum, [("y".to_owned(), 5.0)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zinter_with_scores<'o, M: DecodeOwned>(
        &self,
        keys: impl ToArgs,
        options: impl Into<CombineOptions<'o>>,
    ) -> E::Output<Vec<(M, f64)>> {
        let options = options.into();
        self.call(Request::new("ZINTER").with(|r| options.write(r, &keys)).arg("WITHSCORES"))
    }

    /// `ZINTERSTORE`: makes `to` the sorted set of the members that all of the sorted sets have, whatever was there
    /// before. Returns how many they are; with none, `to` is gone.
    ///
    /// # Example
    /// ```
    /// use client::Aggregate;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:zinterstore:a", "doc:zinterstore:b"])?;
    /// client.zadd("doc:zinterstore:a", [("x", 1), ("y", 2)])?;
    /// client.zadd("doc:zinterstore:b", [("y", 3), ("z", 4)])?;
    /// let keys = ["doc:zinterstore:a", "doc:zinterstore:b"];
    /// assert_eq!(client.zinterstore("doc:zinterstore:to", keys, Aggregate::Max)?, 1);
    /// assert_eq!(client.zscore("doc:zinterstore:to", "y")?, Some(3.0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn zinterstore<'o>(
        &self,
        to: impl ToArg,
        keys: impl ToArgs,
        options: impl Into<CombineOptions<'o>>,
    ) -> E::Output<i64> {
        let options = options.into();
        self.call(Request::new("ZINTERSTORE").key(&to).with(|r| options.write(r, &keys)))
    }

    /// `ZINTERCARD`: how many members all of the sorted sets have (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:zintercard:a", "doc:zintercard:b"])?;
    /// client.zadd("doc:zintercard:a", [("x", 1), ("y", 2)])?;
    /// client.zadd("doc:zintercard:b", [("y", 3), ("z", 4)])?;
    /// assert_eq!(client.zintercard(["doc:zintercard:a", "doc:zintercard:b"])?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zintercard(&self, keys: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("ZINTERCARD").with(|r| some_keys(r, &keys)))
    }

    /// `ZINTERCARD` with a limit: as [`zintercard`](Self::zintercard), but counts no further than `limit`; zero means
    /// no limit.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del("doc:zintercard_limit")?;
    /// client.zadd("doc:zintercard_limit", [("x", 1), ("y", 2), ("z", 3)])?;
    /// assert_eq!(client.zintercard_limit("doc:zintercard_limit", 2)?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zintercard_limit(&self, keys: impl ToArgs, limit: usize) -> E::Output<i64> {
        self.call(Request::new("ZINTERCARD").with(|r| some_keys(r, &keys)).arg("LIMIT").arg(at_most(limit)))
    }

    /// `ZUNION`: the members that any of the sorted sets has, the lowest sum of scores first (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:zunion:a", "doc:zunion:b"])?;
    /// client.zadd("doc:zunion:a", [("x", 1), ("y", 2)])?;
    /// client.zadd("doc:zunion:b", [("y", 3), ("z", 4)])?;
    /// assert_eq!(client.zunion::<String>(["doc:zunion:a", "doc:zunion:b"])?, ["x", "z", "y"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zunion<M: DecodeOwned>(&self, keys: impl ToArgs) -> E::Output<Vec<M>> {
        self.call(Request::new("ZUNION").with(|r| some_keys(r, &keys)))
    }

    /// `ZUNION … WITHSCORES`: as [`zunion`](Self::zunion), with the scores, which the options may make otherwise than
    /// by adding (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:zunion_with_scores:a", "doc:zunion_with_scores:b"])?;
    /// client.zadd("doc:zunion_with_scores:a", [("x", 1), ("y", 2)])?;
    /// client.zadd("doc:zunion_with_scores:b", ("y", 3))?;
    /// let keys = ["doc:zunion_with_scores:a", "doc:zunion_with_scores:b"];
    /// let weighted: Vec<(String, f64)> = client.zunion_with_scores(keys, &[1.0, 10.0])?;
    /// assert_eq!(weighted, [("x".to_owned(), 1.0), ("y".to_owned(), 32.0)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zunion_with_scores<'o, M: DecodeOwned>(
        &self,
        keys: impl ToArgs,
        options: impl Into<CombineOptions<'o>>,
    ) -> E::Output<Vec<(M, f64)>> {
        let options = options.into();
        self.call(Request::new("ZUNION").with(|r| options.write(r, &keys)).arg("WITHSCORES"))
    }

    /// `ZUNIONSTORE`: makes `to` the sorted set of the members that any of the sorted sets has, whatever was there
    /// before. Returns how many they are; with none, `to` is gone.
    ///
    /// # Example
    /// ```
    /// use client::{Aggregate, CombineOptions};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:zunionstore:a", "doc:zunionstore:b"])?;
    /// client.zadd("doc:zunionstore:a", [("x", 1), ("y", 2)])?;
    /// client.zadd("doc:zunionstore:b", ("y", 3))?;
    /// let keys = ["doc:zunionstore:a", "doc:zunionstore:b"];
    /// let options = CombineOptions::new().weights(&[2.0, 1.0]).aggregate(Aggregate::Min);
    /// assert_eq!(client.zunionstore("doc:zunionstore:to", keys, options)?, 2);
    /// assert_eq!(client.zmscore("doc:zunionstore:to", ["x", "y"])?, [Some(2.0), Some(3.0)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zunionstore<'o>(
        &self,
        to: impl ToArg,
        keys: impl ToArgs,
        options: impl Into<CombineOptions<'o>>,
    ) -> E::Output<i64> {
        let options = options.into();
        self.call(Request::new("ZUNIONSTORE").key(&to).with(|r| options.write(r, &keys)))
    }

    /// `ZDIFF`: the members of the first sorted set that none of the others has, the lowest score first (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:zdiff:a", "doc:zdiff:b"])?;
    /// client.zadd("doc:zdiff:a", [("x", 1), ("y", 2)])?;
    /// client.zadd("doc:zdiff:b", ("y", 3))?;
    /// assert_eq!(client.zdiff::<String>(["doc:zdiff:a", "doc:zdiff:b"])?, ["x"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zdiff<M: DecodeOwned>(&self, keys: impl ToArgs) -> E::Output<Vec<M>> {
        self.call(Request::new("ZDIFF").with(|r| some_keys(r, &keys)))
    }

    /// `ZDIFF … WITHSCORES`: as [`zdiff`](Self::zdiff), with the scores that the members have in the first sorted set
    /// (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:zdiff_with_scores:a", "doc:zdiff_with_scores:b"])?;
    /// client.zadd("doc:zdiff_with_scores:a", [("x", 1), ("y", 2)])?;
    /// client.zadd("doc:zdiff_with_scores:b", ("y", 3))?;
    /// let keys = ["doc:zdiff_with_scores:a", "doc:zdiff_with_scores:b"];
    /// let rest: Vec<(String, f64)> = client.zdiff_with_scores(keys)?;
    /// assert_eq!(rest, [("x".to_owned(), 1.0)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zdiff_with_scores<M: DecodeOwned>(&self, keys: impl ToArgs) -> E::Output<Vec<(M, f64)>> {
        self.call(Request::new("ZDIFF").with(|r| some_keys(r, &keys)).arg("WITHSCORES"))
    }

    /// `ZDIFFSTORE`: makes `to` the sorted set of the members of the first sorted set that none of the others has,
    /// whatever was there before. Returns how many they are; with none, `to` is gone (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// # client.del(["doc:zdiffstore:a", "doc:zdiffstore:b"])?;
    /// client.zadd("doc:zdiffstore:a", [("x", 1), ("y", 2)])?;
    /// client.zadd("doc:zdiffstore:b", ("y", 3))?;
    /// let keys = ["doc:zdiffstore:a", "doc:zdiffstore:b"];
    /// assert_eq!(client.zdiffstore("doc:zdiffstore:to", keys)?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zdiffstore(&self, to: impl ToArg, keys: impl ToArgs) -> E::Output<i64> {
        self.call(Request::new("ZDIFFSTORE").key(&to).with(|r| some_keys(r, &keys)))
    }
}

/// What becomes of the scores when sorted sets are combined. Weights alone and an [`Aggregate`] alone are options
/// too.
///
/// # Example
/// ```
/// use client::{Aggregate, Build, CombineOptions};
///
/// let options = CombineOptions::new().weights(&[1.0, 0.5]).aggregate(Aggregate::Max);
/// let command = Build::new().zunionstore("to", ["a", "b"], options);
/// assert_eq!(command.args().join(&b' '), b"ZUNIONSTORE to 2 a b WEIGHTS 1.0 0.5 AGGREGATE MAX");
/// assert!(Build::new().zunionstore("to", ["a", "b", "c"], options).flaw().is_some());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CombineOptions<'a> {
    weights: Option<&'a [f64]>,
    aggregate: Option<Aggregate>,
}

/// How the scores that a member has in several sorted sets become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Aggregate {
    /// Their sum: the default.
    Sum,
    /// The lowest.
    Min,
    /// The highest.
    Max,
    /// In how many of the sorted sets the member is, or the sum of their weights (Redis 8.8).
    Count,
}

impl<'a> CombineOptions<'a> {
    /// No option: the scores are added.
    pub fn new() -> Self {
        Self::default()
    }

    /// Multiplies the scores of each sorted set by its weight; as many weights as keys, in the same order.
    #[must_use]
    pub fn weights(mut self, weights: &'a [f64]) -> Self {
        self.weights = Some(weights);
        self
    }

    /// How the scores become one.
    #[must_use]
    pub fn aggregate(mut self, aggregate: Aggregate) -> Self {
        self.aggregate = Some(aggregate);
        self
    }

    /// Adds the keys, and the options after them.
    fn write<'k, T: ToArgs + ?Sized>(self, request: Request<'k>, keys: &'k T) -> Request<'k> {
        let before = request.len();
        let mut request = some_keys(request, keys);
        if let Some(weights) = self.weights {
            if weights.len() != request.len() - before - 1 {
                request.refuse(Flaw::Argument("needs as many weights as keys"));
            }
            request = weights.iter().fold(request.arg("WEIGHTS"), |r, weight| score(r, *weight));
        }
        self.aggregate.into_iter().fold(request, |r, aggregate| r.arg("AGGREGATE").arg(aggregate.word()))
    }
}

impl From<Aggregate> for CombineOptions<'_> {
    fn from(aggregate: Aggregate) -> Self {
        Self::new().aggregate(aggregate)
    }
}

impl<'a> From<&'a [f64]> for CombineOptions<'a> {
    fn from(weights: &'a [f64]) -> Self {
        Self::new().weights(weights)
    }
}

impl<'a, const N: usize> From<&'a [f64; N]> for CombineOptions<'a> {
    fn from(weights: &'a [f64; N]) -> Self {
        Self::new().weights(weights)
    }
}

impl Aggregate {
    fn word(self) -> &'static str {
        match self {
            Self::Sum => "SUM",
            Self::Min => "MIN",
            Self::Max => "MAX",
            Self::Count => "COUNT",
        }
    }
}
