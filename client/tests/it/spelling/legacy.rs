//! How redis-py 2.x's two classes spell what they spell in their own way.

use std::time::Duration;

use client::Build;
use client::legacy::{Redis, StrictRedis};

use super::{check, decodes, fails, refused};

#[test]
fn each_class_has_its_order() {
    let (strict, redis) = (StrictRedis::from(Build::new()), Redis::from(Build::new()));
    let minute = Duration::from_secs(60);
    check(strict.setex("k", minute, "v"), "SET k v PX 60000", "k");
    check(redis.setex("k", "v", minute), "SET k v PX 60000", "k");
    check(strict.setex("k", Duration::from_millis(1_500), "v"), "SET k v PX 1500", "k");
    refused(redis.setex("k", "v", Duration::ZERO), "needs an expiry above zero");

    check(strict.lrem("k", -2, "x"), "LREM k -2 x", "k");
    check(redis.lrem("k", "x", -2), "LREM k -2 x", "k");

    check(strict.zadd("k", (1.5, "a")), "ZADD k 1.5 a", "k");
    check(strict.zadd("k", [(1, "a"), (2, "b")]), "ZADD k 1 a 2 b", "k");
    check(redis.zadd("k", ("a", 1.5)), "ZADD k 1.5 a", "k");
    check(redis.zadd("k", vec![("a", 1), ("b", 2), ("a", 3)]), "ZADD k 3 a 2 b 1 a", "k");
    refused(redis.zadd("k", [("a", 1); 0]), "needs at least one pair");

    check(strict.zincrby("k", 2, "a"), "ZINCRBY k 2.0 a", "k");
    check(redis.zincrby("k", "a", 2), "ZINCRBY k 2.0 a", "k");

    check(strict.ttl("k"), "TTL k", "k");
    check(strict.pttl("k"), "PTTL k", "k");
    check(redis.ttl("k"), "TTL k", "k");
    check(redis.pttl("k"), "PTTL k", "k");
    // All else is as it is everywhere.
    check(redis.get::<String>("k"), "GET k", "k");
    check(redis.rpush("k", ["a", "b"]), "RPUSH k a b", "k");
}

#[test]
fn each_class_has_its_replies() {
    let (strict, redis) = (StrictRedis::from(Build::new()), Redis::from(Build::new()));
    for (reply, number, old) in
        [(":-2\r\n", -2, None), (":-1\r\n", -1, None), (":0\r\n", 0, None), (":7\r\n", 7, Some(7))]
    {
        decodes(strict.ttl("k"), reply, number);
        decodes(strict.pttl("k"), reply, number);
        decodes(redis.ttl("k"), reply, old);
        decodes(redis.pttl("k"), reply, old);
    }
    fails(redis.ttl("k"), "+OK\r\n", "expected an integer, found a simple string that is not a number");
}
