//! The two classes of redis-py 2.x, for programs that come from there: arguments in the order they had, and the replies.
//!
//! [`StrictRedis`] has the official syntax, that of the server's manual. [`Redis`] has the older one, also in its
//! pipelines. Both are the same client below and have every other command as it is.
//!
//! | command | [`Commands`](crate::Commands) | [`StrictRedis`] | [`Redis`] |
//! |---|---|---|---|
//! | `SETEX` | `set_with(key, value, time)` | `setex(key, time, value)` | `setex(key, value, time)` |
//! | `LREM` | `lrem(key, count, element)` | the same | `lrem(key, element, count)` |
//! | `ZADD` | `zadd(key, (member, score))`, … | `zadd(key, (score, member))`, … | `zadd(key, (member, score))`, …; the pairs go out in reverse, so that of two for one member the first wins |
//! | `ZINCRBY` | `zincrby(key, increment, member)` | the same | `zincrby(key, member, increment)` |
//! | `TTL`, `PTTL` | `ttl(key)` returns a [`Ttl`](crate::Ttl) | the number as it is: -1 without expiry, -2 without key | `None` for -1, -2 and 0 |
//!
//! Redis-py's `pipeline()` is [`atomic`](Legacy::atomic) here, and its `pipeline(transaction=False)` is
//! [`pipeline`](Legacy::pipeline). [`transaction`](crate::Commands::transaction) lends connections and pipelines of ours.
//!
//! Times are [`Duration`](std::time::Duration)s everywhere. Any client, connection or pipeline is wrapped by `Redis::from`,
//! and what it wraps is had back by `Commands::from`.

use resp::{Arg, ToPairs};

mod class;
pub use class::Legacy;
mod strict;
pub use strict::{Official, StrictRedis};
mod redis;
pub use redis::{Old, Redis};

/// Pairs with their halves exchanged.
struct Swapped<T>(T);

impl<T: ToPairs> ToPairs for Swapped<T> {
    fn for_each_pair<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>, Arg<'a>)) {
        self.0.for_each_pair(&mut |a, b| each(b, a));
    }
}

/// Pairs read from the end of their list.
struct Reversed<T>(T);

impl<T: ToPairs> ToPairs for Reversed<T> {
    fn for_each_pair<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>, Arg<'a>)) {
        let mut pairs = Vec::new();
        self.0.for_each_pair(&mut |a, b| pairs.push((a, b)));
        pairs.into_iter().rev().for_each(|(a, b)| each(a, b));
    }
}
