//! Sorted sets.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Debug;
use std::time::Duration;

use client::{
    Aggregate, CombineOptions, Extreme, LexBound, ScanOptions, ScoreBound, Timeout, ZRange, ZaddOptions,
};

use crate::kit;

const SHORT: Duration = Duration::from_millis(20);
const LONG: Duration = Duration::from_secs(20);
const INFINITY: f64 = f64::INFINITY;

#[track_caller]
fn wrong_type<R: Debug>(result: client::Result<R>) {
    assert_eq!(result.unwrap_err().code(), Some("WRONGTYPE"));
}

/// Members with their scores, as they are returned.
fn scored<const N: usize>(members: [(&str, f64); N]) -> Vec<(String, f64)> {
    members.into_iter().map(|(member, score)| (member.to_owned(), score)).collect()
}

#[test]
fn scores() {
    kit::each(|on| {
        let (client, key, missing) = (&on.client, on.key("z"), on.key("missing"));
        assert_eq!(client.zadd(&key, (b"\0\xff\r\n", 0.1 + 0.2)).unwrap(), 1);
        assert_eq!(client.zadd(&key, [("inf", INFINITY), ("-inf", -INFINITY)]).unwrap(), 2);
        assert_eq!(client.zadd(&key, HashMap::from([("int", i64::MAX), ("int", 7)])).unwrap(), 1);
        assert_eq!(client.zadd(&key, BTreeMap::from([("text", "1e300")])).unwrap(), 1);
        assert_eq!(client.zcard(&key).unwrap(), 5);
        assert_eq!(client.zscore(&key, b"\0\xff\r\n").unwrap(), Some(0.1 + 0.2));
        assert_eq!(client.zscore(&key, "x").unwrap(), None);
        assert_eq!(client.zscore(&missing, "x").unwrap(), None);
        assert_eq!(
            client.zmscore(&key, ["inf", "-inf", "x", "text", "int"]).unwrap(),
            [Some(INFINITY), Some(-INFINITY), None, Some(1e300), Some(7.0)]
        );
        assert_eq!(client.zmscore(&missing, "x").unwrap(), [None]);
        assert_eq!(client.zrem(&key, ["inf", "-inf", "x"]).unwrap(), 2);
        assert_eq!(client.zrem(&missing, "x").unwrap(), 0);
        assert_eq!(client.zcard(&missing).unwrap(), 0);

        assert_eq!(client.zincrby(&key, 1.5, "n").unwrap(), 1.5);
        assert_eq!(client.zincrby(&key, -2, "n").unwrap(), -0.5);
        assert_eq!(client.zincrby(&key, INFINITY, "n").unwrap(), INFINITY);
        assert_eq!(client.zincrby(&key, -INFINITY, "n").unwrap_err().code(), Some("ERR"));
        assert!(client.zincrby(&key, f64::NAN, "n").unwrap_err().is_usage());
        assert_eq!(client.zadd(&key, ("n", "text")).unwrap_err().code(), Some("ERR"));
        assert_eq!(client.zadd(&key, ("n", f64::NAN)).unwrap_err().code(), Some("ERR"));
        let none: [(&str, f64); 0] = [];
        assert!(client.zadd(&key, none).unwrap_err().is_usage());
    });
}

#[test]
fn conditions() {
    kit::each(|on| {
        let (client, key, options) = (&on.client, on.key("z"), ZaddOptions::new());
        assert_eq!(client.zadd_with(&key, ("a", 1), options.xx()).unwrap(), 0);
        assert_eq!(client.zadd_with(&key, ("a", 1), options.nx()).unwrap(), 1);
        assert_eq!(client.zadd_with(&key, [("a", 2), ("b", 2)], options.nx()).unwrap(), 1);
        assert_eq!(client.zadd_with(&key, [("a", 0), ("b", 3)], options.gt()).unwrap(), 0);
        assert_eq!(client.zmscore(&key, ["a", "b"]).unwrap(), [Some(1.0), Some(3.0)]);
        assert_eq!(client.zadd_with(&key, [("a", 0), ("b", 4)], options.lt().ch()).unwrap(), 1);
        assert_eq!(client.zadd_with(&key, [("a", 9), ("c", 9)], options.xx().gt().ch()).unwrap(), 1);
        assert!(client.zadd_with(&key, ("a", 1), options.nx().lt()).unwrap_err().is_usage());

        assert_eq!(client.zadd_incr(&key, 0.5, "a", options).unwrap(), Some(9.5));
        assert_eq!(client.zadd_incr(&key, 1, "a", options.nx()).unwrap(), None);
        assert_eq!(client.zadd_incr(&key, 1, "x", options.xx()).unwrap(), None);
        assert_eq!(client.zadd_incr(&key, -1, "a", options.gt()).unwrap(), None);
        assert_eq!(client.zadd_incr(&key, -1, "a", options.lt()).unwrap(), Some(8.5));
        assert!(client.zadd_incr(&key, f64::NAN, "a", options).unwrap_err().is_usage());
    });
}

#[test]
fn ranks() {
    kit::each(|on| {
        let (client, key, missing) = (&on.client, on.key("z"), on.key("missing"));
        client.zadd(&key, [("a", 1), ("b", 2), ("c", 3)]).unwrap();
        assert_eq!(client.zrank(&key, "a").unwrap(), Some(0));
        assert_eq!(client.zrevrank(&key, "a").unwrap(), Some(2));
        assert_eq!(client.zrank(&key, "x").unwrap(), None);
        assert_eq!(client.zrevrank(&key, "x").unwrap(), None);
        assert_eq!(client.zrank(&missing, "x").unwrap(), None);
        if on.has("ZRANK with WITHSCORE", (7, 2), (7, 2)) {
            assert_eq!(client.zrank_with_score(&key, "b").unwrap(), Some((1, 2.0)));
            assert_eq!(client.zrevrank_with_score(&key, "c").unwrap(), Some((0, 3.0)));
            assert_eq!(client.zrank_with_score(&key, "x").unwrap(), None);
            assert_eq!(client.zrevrank_with_score(&missing, "x").unwrap(), None);
        }
    });
}

#[test]
fn ranges_of_ranks() {
    kit::each(|on| {
        let (client, key, missing) = (&on.client, on.key("z"), on.key("missing"));
        client.zadd(&key, [("a", 1.5), ("b", 2.0), ("c", INFINITY)]).unwrap();
        assert_eq!(client.zrange::<String>(&key, 0, -1).unwrap(), ["a", "b", "c"]);
        assert_eq!(client.zrange::<Vec<u8>>(&key, -2, 100).unwrap(), [b"b", b"c"]);
        assert!(client.zrange::<String>(&key, 2, 1).unwrap().is_empty());
        assert!(client.zrange::<String>(&missing, 0, -1).unwrap().is_empty());
        let all = scored([("a", 1.5), ("b", 2.0), ("c", INFINITY)]);
        assert_eq!(client.zrange_with_scores::<String>(&key, 0, -1).unwrap(), all);
        assert!(client.zrange_with_scores::<String>(&missing, 0, -1).unwrap().is_empty());
        let reversed = ZRange::rank(0, 1).rev();
        assert_eq!(client.zrange_by::<String>(&key, reversed).unwrap(), ["c", "b"]);
        assert_eq!(
            client.zrange_by_with_scores::<String>(&key, reversed).unwrap(),
            scored([("c", INFINITY), ("b", 2.0)])
        );
        assert!(client.zrange_by::<String>(&key, reversed.limit(0, 1)).unwrap_err().is_usage());

        assert_eq!(client.zremrangebyrank(&key, 0, 0).unwrap(), 1);
        assert_eq!(client.zremrangebyrank(&key, -1, -1).unwrap(), 1);
        assert_eq!(client.zremrangebyrank(&missing, 0, -1).unwrap(), 0);
        assert_eq!(client.zrange::<String>(&key, 0, -1).unwrap(), ["b"]);
    });
}

#[test]
fn ranges_of_scores() {
    kit::each(|on| {
        let (client, key, missing) = (&on.client, on.key("z"), on.key("missing"));
        client.zadd(&key, [("a", 1.0), ("b", 1.5), ("c", 1e300), ("d", INFINITY)]).unwrap();
        let range = |range| client.zrange_by::<String>(&key, range).unwrap();
        let exclusive = ScoreBound::Exclusive;
        let all = ZRange::score(ScoreBound::MIN, ScoreBound::MAX);
        assert_eq!(range(all), ["a", "b", "c", "d"]);
        assert_eq!(range(all.rev()), ["d", "c", "b", "a"]);
        assert_eq!(range(ZRange::score(1, 1.5)), ["a", "b"]);
        assert_eq!(range(ZRange::score(1, 1.5).rev()), ["b", "a"]);
        assert_eq!(range(ZRange::score(exclusive(1.0), exclusive(1e300))), ["b"]);
        assert_eq!(range(ZRange::score(exclusive(1.5), exclusive(INFINITY)).rev()), ["c"]);
        assert_eq!(range(all.limit(1, 2)), ["b", "c"]);
        assert_eq!(range(all.rev().limit(2, usize::MAX)), ["b", "a"]);
        assert!(range(all.limit(4, 1)).is_empty());
        assert!(range(all.limit(0, 0)).is_empty());
        assert!(range(ZRange::score(2, 1)).is_empty());
        assert!(client.zrange_by::<String>(&missing, all).unwrap().is_empty());
        assert_eq!(
            client.zrange_by_with_scores::<String>(&key, all.limit(1, 2)).unwrap(),
            scored([("b", 1.5), ("c", 1e300)])
        );
        assert!(client.zrange_by::<String>(&key, ZRange::score(f64::NAN, 1)).unwrap_err().is_usage());

        assert_eq!(client.zcount(&key, ScoreBound::MIN, ScoreBound::MAX).unwrap(), 4);
        assert_eq!(client.zcount(&key, exclusive(1.0), 1e300).unwrap(), 2);
        assert_eq!(client.zcount(&missing, 0, 1).unwrap(), 0);
        assert_eq!(client.zremrangebyscore(&key, exclusive(1.0), 1.5).unwrap(), 1);
        assert_eq!(client.zremrangebyscore(&missing, 0, 1).unwrap(), 0);
        assert_eq!(range(all), ["a", "c", "d"]);
    });
}

#[test]
fn ranges_of_members() {
    kit::each(|on| {
        let (client, key, missing) = (&on.client, on.key("z"), on.key("missing"));
        client.zadd(&key, [(&b"a"[..], 0), (b"b", 0), (b"c\0", 0), (b"\xff", 0)]).unwrap();
        let range = |range| client.zrange_by::<Vec<u8>>(&key, range).unwrap();
        let all = ZRange::lex(LexBound::Min, LexBound::Max);
        assert_eq!(range(all), [&b"a"[..], b"b", b"c\0", b"\xff"]);
        assert_eq!(range(all.rev().limit(1, 2)), [&b"c\0"[..], b"b"]);
        assert_eq!(range(ZRange::lex("b", LexBound::exclusive(b"\xff"))), [&b"b"[..], b"c\0"]);
        assert_eq!(range(ZRange::lex(LexBound::exclusive("b"), &"d".to_owned()).rev()), [b"c\0"]);
        assert!(client.zrange_by::<String>(&missing, all).unwrap().is_empty());
        assert!(client.zrange_by_with_scores::<String>(&key, all).unwrap_err().is_usage());
        assert_eq!(client.zlexcount(&key, LexBound::Min, LexBound::Max).unwrap(), 4);
        assert_eq!(client.zlexcount(&key, "b", LexBound::inclusive(b"c\0")).unwrap(), 2);
        assert_eq!(client.zlexcount(&missing, "a", "b").unwrap(), 0);
        assert_eq!(client.zremrangebylex(&key, LexBound::Min, LexBound::exclusive("b")).unwrap(), 1);
        assert_eq!(client.zremrangebylex(&missing, "a", "b").unwrap(), 0);
        assert_eq!(client.zcard(&key).unwrap(), 3);
    });
}

#[test]
fn stored_ranges() {
    kit::each(|on| {
        let (client, key, to) = (&on.client, on.key("z"), on.key("to"));
        client.zadd(&key, [("a", 1), ("b", 2), ("c", 3)]).unwrap();
        assert_eq!(client.zrangestore(&to, &key, ZRange::rank(0, 1).rev()).unwrap(), 2);
        assert_eq!(client.zrange_with_scores(&to, 0, -1).unwrap(), scored([("b", 2.0), ("c", 3.0)]));
        let scores = ZRange::score(ScoreBound::MIN, ScoreBound::Exclusive(3.0));
        assert_eq!(client.zrangestore(&to, &key, scores.rev().limit(1, 1)).unwrap(), 1);
        assert_eq!(client.zrange::<String>(&to, 0, -1).unwrap(), ["a"]);
        assert_eq!(client.zrangestore(&to, &key, ZRange::lex("b", LexBound::Max)).unwrap(), 2);
        assert_eq!(client.zrangestore(&to, on.key("missing"), ZRange::rank(0, -1)).unwrap(), 0);
        assert_eq!(client.exists(&to).unwrap(), 0);
    });
}

#[test]
fn pops() {
    kit::each(|on| {
        let (client, key, missing) = (&on.client, on.key("z"), on.key("missing"));
        client
            .zadd(&key, [("a", 1.5), ("b", 2.0), ("c", 3.0), ("d", 4.0), ("e", 5.0), ("f", INFINITY)])
            .unwrap();
        assert_eq!(client.zpopmin(&key).unwrap(), Some(("a".to_owned(), 1.5)));
        assert_eq!(client.zpopmax(&key).unwrap(), Some((b"f".to_vec(), INFINITY)));
        assert_eq!(client.zpopmin_count(&key, 2).unwrap(), scored([("b", 2.0), ("c", 3.0)]));
        assert_eq!(client.zpopmin_count(&key, 0).unwrap(), scored([]));
        assert_eq!(client.zpopmax_count(&key, usize::MAX).unwrap(), scored([("e", 5.0), ("d", 4.0)]));
        assert_eq!(client.zpopmin::<String>(&missing).unwrap(), None);
        assert_eq!(client.zpopmax::<String>(&missing).unwrap(), None);
        assert!(client.zpopmin_count::<String>(&missing, 1).unwrap().is_empty());
        assert!(client.zpopmax_count::<String>(&missing, 1).unwrap().is_empty());
    });
}

#[test]
fn pops_that_wait() {
    kit::each(|on| {
        let (client, a, b) = (&on.client, on.key("a"), on.key("b"));
        let keys = [&a, &b];
        client.zadd(&b, [("x", 1.5), ("y", 2.0), ("z", 3.0)]).unwrap();
        assert_eq!(client.bzpopmin(keys, LONG).unwrap(), Some((b.clone(), "x".to_owned(), 1.5)));
        assert_eq!(client.bzpopmax(keys, Timeout::Forever).unwrap(), Some((b.clone(), b"z".to_vec(), 3.0)));
        assert_eq!(client.bzpopmin(&b, LONG).unwrap(), Some((b.clone(), "y".to_owned(), 2.0)));
        assert_eq!(client.bzpopmin::<String, String>(keys, SHORT).unwrap(), None);
        assert_eq!(client.bzpopmax::<String, String>(keys, SHORT).unwrap(), None);
        assert!(client.bzpopmax::<String, String>(keys, Duration::ZERO).unwrap_err().is_usage());
    });
}

#[test]
fn pops_of_many() {
    kit::each(|on| {
        if !on.has("ZMPOP", (7, 0), (7, 2)) {
            return;
        }
        let (client, a, b) = (&on.client, on.key("a"), on.key("b"));
        let keys = [&a, &b];
        assert_eq!(client.zmpop::<String, String>(keys, Extreme::Min, 1).unwrap(), None);
        assert_eq!(client.bzmpop::<String, String>(keys, Extreme::Min, 1, SHORT).unwrap(), None);
        client.zadd(&b, [("w", 1.0), ("x", 1.5), ("y", 2.0), ("z", 3.0)]).unwrap();
        let (key, members) = client.zmpop::<String, String>(keys, Extreme::Max, 1).unwrap().unwrap();
        assert_eq!((&key, members), (&b, scored([("z", 3.0)])));
        let (key, members) = client.bzmpop::<String, String>(keys, Extreme::Min, 2, LONG).unwrap().unwrap();
        assert_eq!((&key, members), (&b, scored([("w", 1.0), ("x", 1.5)])));
        let rest = client.bzmpop::<String, String>(keys, Extreme::Min, usize::MAX, Timeout::Forever);
        assert_eq!(rest.unwrap(), Some((b.clone(), scored([("y", 2.0)]))));
        assert!(client.zmpop::<String, String>(keys, Extreme::Max, 0).unwrap_err().is_usage());
        assert!(client.zmpop::<String, String>([""; 0], Extreme::Max, 1).unwrap_err().is_usage());
        client.set(&a, "text").unwrap();
        wrong_type(client.zmpop::<String, String>(keys, Extreme::Max, 1));
        wrong_type(client.bzmpop::<String, String>(keys, Extreme::Max, 1, LONG));
    });
}

#[test]
fn random_members() {
    kit::each(|on| {
        let (client, key, missing) = (&on.client, on.key("z"), on.key("missing"));
        client.zadd(&key, [("a", 1.5), ("b", 2.0)]).unwrap();
        assert!(["a", "b"].contains(&&*client.zrandmember::<String>(&key).unwrap().unwrap()));
        assert_eq!(client.zrandmember_count::<String>(&key, usize::MAX).unwrap().len(), 2);
        assert_eq!(client.zrandmember_count::<Vec<u8>>(&key, 1).unwrap().len(), 1);
        let mut all: Vec<(String, f64)> = client.zrandmember_with_scores(&key, usize::MAX).unwrap();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(all, scored([("a", 1.5), ("b", 2.0)]));
        assert_eq!(client.zrandmember_repeating::<String>(&key, 50).unwrap().len(), 50);
        let many: Vec<(String, f64)> = client.zrandmember_repeating_with_scores(&key, 50).unwrap();
        assert_eq!(many.len(), 50);
        assert!(many.iter().all(|member| all.contains(member)));

        assert_eq!(client.zrandmember::<String>(&missing).unwrap(), None);
        assert!(client.zrandmember_count::<String>(&missing, 2).unwrap().is_empty());
        assert!(client.zrandmember_with_scores::<String>(&missing, 2).unwrap().is_empty());
        assert!(client.zrandmember_repeating::<String>(&missing, 2).unwrap().is_empty());
        assert!(client.zrandmember_repeating_with_scores::<String>(&missing, 2).unwrap().is_empty());
    });
}

#[test]
fn combinations() {
    kit::each(|on| {
        let (client, a, b, set) = (&on.client, on.key("a"), on.key("b"), on.key("set"));
        let (keys, missing, none) = ([&a, &b], on.key("missing"), CombineOptions::new());
        client.zadd(&a, [("x", 1), ("y", 2)]).unwrap();
        client.zadd(&b, [("y", 3), ("z", 4)]).unwrap();
        client.sadd(&set, "y").unwrap();

        assert_eq!(client.zinter::<String>(keys).unwrap(), ["y"]);
        assert_eq!(client.zunion::<String>(keys).unwrap(), ["x", "z", "y"]);
        assert_eq!(client.zdiff::<Vec<u8>>(keys).unwrap(), [b"x"]);
        assert!(client.zinter::<String>([&a, &missing]).unwrap().is_empty());
        assert_eq!(client.zunion::<String>([&a, &missing]).unwrap(), ["x", "y"]);
        assert!(client.zdiff::<String>(&missing).unwrap().is_empty());
        assert!(client.zunion::<String>([""; 0]).unwrap_err().is_usage());

        assert_eq!(client.zinter_with_scores(keys, none).unwrap(), scored([("y", 5.0)]));
        assert_eq!(client.zinter_with_scores([&a, &set], Aggregate::Min).unwrap(), scored([("y", 1.0)]));
        let options = none.weights(&[10.0, 0.5]).aggregate(Aggregate::Max);
        let weighted = scored([("z", 2.0), ("x", 10.0), ("y", 20.0)]);
        assert_eq!(client.zunion_with_scores(keys, options).unwrap(), weighted);
        assert_eq!(client.zunion_with_scores(&b, Aggregate::Sum).unwrap(), scored([("y", 3.0), ("z", 4.0)]));
        assert_eq!(client.zdiff_with_scores(keys).unwrap(), scored([("x", 1.0)]));
        if on.has("AGGREGATE COUNT", (8, 8), None) {
            let counted = scored([("x", 1.0), ("z", 1.0), ("y", 2.0)]);
            assert_eq!(client.zunion_with_scores(keys, Aggregate::Count).unwrap(), counted);
            let weighted = none.weights(&[10.0, 0.5]).aggregate(Aggregate::Count);
            assert_eq!(client.zinter_with_scores(keys, weighted).unwrap(), scored([("y", 10.5)]));
        }
        assert!(client.zinter_with_scores::<String>(keys, &[1.0]).unwrap_err().is_usage());
        assert!(client.zinter_with_scores::<String>(keys, &[1.0, f64::NAN]).unwrap_err().is_usage());
    });
}

#[test]
fn stored_combinations() {
    kit::each(|on| {
        let (client, a, b, to) = (&on.client, on.key("a"), on.key("b"), on.key("to"));
        let (keys, missing, none) = ([&a, &b], on.key("missing"), CombineOptions::new());
        client.zadd(&a, [("x", 1), ("y", 2)]).unwrap();
        client.zadd(&b, [("y", 3), ("z", 4)]).unwrap();
        assert_eq!(client.zinterstore(&to, keys, &[2.0, 1.0]).unwrap(), 1);
        assert_eq!(client.zrange_with_scores(&to, 0, -1).unwrap(), scored([("y", 7.0)]));
        assert_eq!(client.zunionstore(&to, keys, Aggregate::Max).unwrap(), 3);
        let all = scored([("x", 1.0), ("y", 3.0), ("z", 4.0)]);
        assert_eq!(client.zrange_with_scores(&to, 0, -1).unwrap(), all);
        assert_eq!(client.zdiffstore(&to, keys).unwrap(), 1);
        assert_eq!(client.zrange_with_scores(&to, 0, -1).unwrap(), scored([("x", 1.0)]));
        assert_eq!(client.zinterstore(&to, [&a, &missing], none).unwrap(), 0);
        assert_eq!(client.exists(&to).unwrap(), 0);

        if on.has("ZINTERCARD", (7, 0), (7, 2)) {
            assert_eq!(client.zintercard(keys).unwrap(), 1);
            assert_eq!(client.zintercard(&a).unwrap(), 2);
            assert_eq!(client.zintercard_limit(&a, 1).unwrap(), 1);
            assert_eq!(client.zintercard_limit(&a, 0).unwrap(), 2);
            assert_eq!(client.zintercard(&missing).unwrap(), 0);
            client.set(&to, "text").unwrap();
            wrong_type(client.zintercard([&to, &a]));
        }
    });
}

#[test]
fn scans() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("z"));
        assert_eq!(client.zscan::<i64>(&key, ScanOptions::new()).count(), 0);
        client.zadd(&key, (0..2_000).map(|n| (n, f64::from(n) / 2.0)).collect::<Vec<_>>()).unwrap();
        let found: Vec<(i32, f64)> =
            client.zscan(&key, ScanOptions::new().count(100)).collect::<Result<_, _>>().unwrap();
        assert!(found.iter().all(|(member, score)| f64::from(*member) / 2.0 == *score));
        assert_eq!(found.into_iter().map(|(member, _)| member).collect::<BTreeSet<_>>().len(), 2_000);
        let (cursor, page) = client.zscan_page::<String>(&key, 0, "199?").unwrap();
        assert!(cursor != 0 && page.len() <= 10);
        if on.has("ZSCAN … NOSCORES", None, (8, 0)) {
            assert_eq!(client.zscan_noscores::<i64>(on.key("missing"), "*").count(), 0);
            let members = client.zscan_noscores(&key, ScanOptions::new().count(100));
            let members: BTreeSet<i32> = members.collect::<Result<_, _>>().unwrap();
            assert!(members.into_iter().eq(0..2_000));
            client.zadd(on.key("binary"), (b"\xff\0", 1)).unwrap();
            let mut members =
                client.zscan_noscores::<Vec<u8>>(on.key("binary"), ScanOptions::new().pattern(b"\xff*"));
            assert_eq!(members.next().unwrap().unwrap(), b"\xff\0");
            assert_eq!(members.progress().unwrap().total, 1);
        }

        client.set(&key, "text").unwrap();
        wrong_type(client.zscan_page::<String>(&key, 0, "*"));
        wrong_type(client.zscan::<String>(&key, "*").next().unwrap());
        wrong_type(client.zscan_noscores::<String>(&key, "*").next().unwrap());
    });
}

#[test]
fn text_is_no_sorted_set() {
    kit::each(|on| {
        let (client, key, to, options) = (&on.client, on.key("t"), on.key("to"), CombineOptions::new());
        client.set(&key, "text").unwrap();
        wrong_type(client.zadd(&key, ("x", 1)));
        wrong_type(client.zadd_with(&key, ("x", 1), ZaddOptions::new().ch()));
        wrong_type(client.zadd_incr(&key, 1, "x", ZaddOptions::new()));
        wrong_type(client.zincrby(&key, 1, "x"));
        wrong_type(client.zrem(&key, "x"));
        wrong_type(client.zcard(&key));
        wrong_type(client.zscore(&key, "x"));
        wrong_type(client.zmscore(&key, "x"));
        wrong_type(client.zrank(&key, "x"));
        wrong_type(client.zrevrank(&key, "x"));
        wrong_type(client.zrandmember::<String>(&key));
        wrong_type(client.zrandmember_count::<String>(&key, 1));
        wrong_type(client.zrandmember_with_scores::<String>(&key, 1));
        wrong_type(client.zrandmember_repeating::<String>(&key, 1));
        wrong_type(client.zrandmember_repeating_with_scores::<String>(&key, 1));
        wrong_type(client.zrange::<String>(&key, 0, -1));
        wrong_type(client.zrange_with_scores::<String>(&key, 0, -1));
        wrong_type(client.zrange_by::<String>(&key, ZRange::score(0, 1)));
        wrong_type(client.zrange_by_with_scores::<String>(&key, ZRange::score(0, 1)));
        wrong_type(client.zrangestore(&to, &key, ZRange::rank(0, -1)));
        wrong_type(client.zcount(&key, 0, 1));
        wrong_type(client.zlexcount(&key, "a", "b"));
        wrong_type(client.zremrangebyrank(&key, 0, -1));
        wrong_type(client.zremrangebyscore(&key, 0, 1));
        wrong_type(client.zremrangebylex(&key, "a", "b"));
        wrong_type(client.zpopmin::<String>(&key));
        wrong_type(client.zpopmin_count::<String>(&key, 1));
        wrong_type(client.zpopmax::<String>(&key));
        wrong_type(client.zpopmax_count::<String>(&key, 1));
        wrong_type(client.bzpopmin::<String, String>(&key, LONG));
        wrong_type(client.bzpopmax::<String, String>(&key, LONG));
        wrong_type(client.zinter::<String>(&key));
        wrong_type(client.zinter_with_scores::<String>(&key, options));
        wrong_type(client.zinterstore(&to, &key, options));
        wrong_type(client.zunion::<String>(&key));
        wrong_type(client.zunion_with_scores::<String>(&key, options));
        wrong_type(client.zunionstore(&to, &key, options));
        wrong_type(client.zdiff::<String>(&key));
        wrong_type(client.zdiff_with_scores::<String>(&key));
        wrong_type(client.zdiffstore(&to, &key));
    });
}
