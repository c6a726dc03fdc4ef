//! Redis-py 2.x's two classes.

use std::time::{Duration, Instant};

use client::legacy::{Redis, StrictRedis};
use client::{Canceller, Pipeline, Retry, SetOptions};

use crate::kit;

const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn expiries_with_the_value_first_or_last() {
    kit::each(|on| {
        let (strict, redis) = (StrictRedis::from(on.client.clone()), Redis::from(on.client.clone()));
        let (key, none) = (on.key("k"), on.key("none"));
        assert!(strict.setex(&key, MINUTE, b"\0\xff").unwrap());
        assert_eq!(strict.get::<Vec<u8>>(&key).unwrap().unwrap(), b"\0\xff");
        assert_eq!((strict.ttl(&key).unwrap(), redis.ttl(&key).unwrap()), (60, Some(60)));
        assert!(redis.setex(&key, "new", 2 * MINUTE).unwrap());
        assert_eq!(redis.get::<String>(&key).unwrap().as_deref(), Some("new"));
        assert!((119_000..=120_000).contains(&strict.pttl(&key).unwrap()));
        assert!((119_000..=120_000).contains(&redis.pttl(&key).unwrap().unwrap()));

        redis.persist(&key).unwrap();
        assert_eq!((strict.ttl(&key).unwrap(), strict.pttl(&key).unwrap()), (-1, -1));
        assert_eq!((redis.ttl(&key).unwrap(), redis.pttl(&key).unwrap()), (None, None));
        assert_eq!((strict.ttl(&none).unwrap(), strict.pttl(&none).unwrap()), (-2, -2));
        assert_eq!((redis.ttl(&none).unwrap(), redis.pttl(&none).unwrap()), (None, None));
        assert!(redis.setex(&key, "v", Duration::ZERO).unwrap_err().is_usage());
    });
}

#[test]
fn the_last_half_second_reads_as_none() {
    kit::each(|on| {
        let (strict, redis) = (StrictRedis::from(on.client.clone()), Redis::from(on.client.clone()));
        let key = on.key("k");
        // On a busy machine it may be gone before it is looked at: then once more.
        let seen = (0..50).find_map(|_| {
            redis.set_with(&key, "v", SetOptions::new().expire(Duration::from_millis(450))).unwrap();
            let (old, number) = (redis.ttl(&key).unwrap(), strict.ttl(&key).unwrap());
            (number != -2).then_some((old, number))
        });
        assert_eq!(seen, Some((None, 0)));
    });
}

#[test]
fn lists_and_sorted_sets_in_either_order() {
    kit::each(|on| {
        let (strict, redis) = (StrictRedis::from(on.client.clone()), Redis::from(on.client.clone()));
        let (list, set) = (on.key("list"), on.key("set"));
        redis.rpush(&list, ["a", "b", "a", "a"]).unwrap();
        assert_eq!(redis.lrem(&list, "a", -1).unwrap(), 1);
        assert_eq!(redis.lrange::<String>(&list, 0, -1).unwrap(), ["a", "b", "a"]);
        assert_eq!(strict.lrem(&list, 1, "a").unwrap(), 1);
        assert_eq!(redis.lrem(&list, "a", 0).unwrap(), 1);
        assert_eq!(redis.lrange::<String>(&list, 0, -1).unwrap(), ["b"]);

        assert_eq!(strict.zadd(&set, [(1.5, "a"), (2.0, "b"), (3.0, "a")]).unwrap(), 2);
        assert_eq!(strict.zscore(&set, "a").unwrap(), Some(3.0)); // the last one counts
        redis.del(&set).unwrap();
        assert_eq!(redis.zadd(&set, [("a", 1.5), ("b", 2.0), ("a", 3.0)]).unwrap(), 2);
        assert_eq!(redis.zscore(&set, "a").unwrap(), Some(1.5)); // the first one counts
        assert_eq!(redis.zincrby(&set, "a", 2).unwrap(), 3.5);
        assert_eq!(strict.zincrby(&set, -1, "a").unwrap(), 2.5);
        let error = redis.zadd(&list, ("a", 1)).unwrap_err();
        assert_eq!(error.code(), Some("WRONGTYPE"));
        assert_eq!(redis.lrem(&set, "a", 0).unwrap_err().code(), Some("WRONGTYPE"));
    });
}

#[test]
fn pipelines_have_the_order_of_their_class() {
    kit::each(|on| {
        let (strict, redis) = (StrictRedis::from(on.client.clone()), Redis::from(on.client.clone()));
        let (key, list, set) = (on.key("k"), on.key("list"), on.key("set"));
        let done = redis
            .pipeline(|p| {
                (
                    p.setex(&key, "v", MINUTE),
                    (p.ttl(&key), p.pttl(&list), p.get::<String>(&key)),
                    (p.rpush(&list, ["a", "b"]), p.lrem(&list, "a", 0)),
                    (p.zadd(&set, [("a", 1), ("a", 2)]), p.zincrby(&set, "a", 1)),
                    p.lrem(&key, "a", 0).caught(),
                )
            })
            .unwrap();
        assert_eq!(done.1, (Some(60), None, Some("v".to_owned())));
        assert_eq!((done.2, done.3), ((2, 1), (1, 2.0)));
        assert_eq!(done.4.unwrap_err().code(), Some("WRONGTYPE"));

        let done = strict
            .pipeline(|p| {
                (
                    p.setex(&key, MINUTE, "w"),
                    (p.ttl(&key), p.pttl(on.key("none"))),
                    (p.lrem(&list, 0, "b"), p.zadd(&set, (7, "b")), p.zincrby(&set, 1, "b")),
                )
            })
            .unwrap();
        assert_eq!((done.1, done.2), ((60, -2), (1, 1, 8.0)));

        let done =
            redis.atomic(|p| (p.setex(&key, "v", MINUTE), p.zadd(&set, [("c", 1), ("c", 2)]), p.pttl(&set)));
        assert_eq!(done.unwrap(), (true, 1, None));
        assert_eq!(redis.zscore(&set, "c").unwrap(), Some(1.0));
        let done = strict.atomic(|p| (p.setex(&key, MINUTE, "v"), p.zadd(&set, (3, "c")), p.ttl(&key)));
        assert_eq!(done.unwrap(), (true, 0, 60));

        // Item by item, on a connection of one's own, and in a pipeline that grows.
        redis.del(&set).unwrap();
        let (mut last, mut new) = (0.0, 0);
        let each = |(score, added)| (last, new) = (score, new + added);
        redis.pipeline_each(0..100, |p, n| (p.zincrby(&set, "sum", n), p.zadd(&set, (n, 1))), each).unwrap();
        assert_eq!((last, new), (4_950.0, 100));
        strict.pipeline_each([1], |p, n| p.zadd(&set, (7, n)), |new| assert_eq!(new, 0)).unwrap();
        assert_eq!(redis.zscore(&set, 1).unwrap(), Some(7.0));
        let own = redis.dedicated().unwrap();
        let left = own.pipeline(|p| (p.setex(&key, "x", MINUTE), p.ttl(&key))).unwrap().1;
        assert_eq!((left, own.ttl(on.key("none")).unwrap()), (Some(60), None));
        let pipeline = Redis::from(Pipeline::new());
        let ttl = pipeline.ttl(&key);
        let mut replies = own.send(pipeline.into()).unwrap();
        assert_eq!(replies.redeem(ttl).unwrap(), Some(60));
        replies.finish().unwrap();
    });
}

/// Whatever one gets from a client of the class is of that class: `lrem(key, 1, 2)` compiles in either order.
#[test]
fn views_keep_their_class() {
    fn is_old(redis: &Redis<impl client::Blocking<Output<i64> = client::Result<i64>>>, key: &str) {
        redis.rpush(key, [1, 2, 2]).unwrap();
        assert_eq!(redis.lrem(key, 2, 1).unwrap(), 1);
        assert_eq!(redis.lrem(key, 2, 5).unwrap(), 1);
        assert_eq!(redis.lrem(key, 1, 0).unwrap(), 1);
    }
    kit::each(|on| {
        let (redis, key) = (Redis::from(on.client.clone()), on.key("k"));
        let in_a_minute = Instant::now() + MINUTE;
        is_old(&redis, &key);
        is_old(&redis.timeout(MINUTE), &key);
        is_old(&redis.deadline(in_a_minute), &key);
        is_old(&redis.retry(Retry::NEVER), &key);
        is_old(&redis.cancelled_by(&Canceller::new()), &key);
        is_old(&redis.apart(1).unwrap(), &key);
        is_old(&redis.dedicated().unwrap(), &key);

        let strict = StrictRedis::from(on.client.clone());
        let views = [
            strict.timeout(MINUTE),
            strict.deadline(in_a_minute),
            strict.retry(Retry::NEVER),
            strict.cancelled_by(&Canceller::new()),
            strict.apart(1).unwrap(),
        ];
        for (score, view) in (5..).zip(views) {
            view.zadd(&key, (score, 1)).unwrap();
            assert_eq!(strict.zscore(&key, 1).unwrap(), Some(score.into()));
        }
        strict.dedicated().unwrap().zadd(&key, (4, 1)).unwrap();
        assert_eq!(strict.zscore(&key, 1).unwrap(), Some(4.0));
    });
    let redis = Redis::open(&kit::newest().url()).unwrap();
    let strict = StrictRedis::new(&kit::newest().url().parse().unwrap()).unwrap();
    assert!(redis.ping().is_ok() && strict.ping().is_ok());
    assert!(Redis::open("nonsense").unwrap_err().is_usage());
}
