//! How the commands on lists, sets and sorted sets are spelt, and which of their arguments are keys.

use std::time::Duration;

use client::{
    Aggregate, Build, CombineOptions, End, Extreme, LexBound, LmovemOptions, LposOptions, ScanOptions,
    ScoreBound, SunioncardOptions, Timeout, ZRange, ZaddOptions,
};
use resp::Wait;

use super::{check, decodes, refused};

#[test]
pub(super) fn lists() {
    let (b, secs) = (Build::new(), Duration::from_secs);
    check(b.lpush("k", "a"), "LPUSH k a", "k");
    check(b.lpushx("k", ["a", "b"]), "LPUSHX k a b", "k");
    check(b.rpush("k", [1, 2]), "RPUSH k 1 2", "k");
    check(b.rpushx("k", "a"), "RPUSHX k a", "k");
    check(b.lpop::<String>("k"), "LPOP k", "k");
    check(b.lpop_count::<String>("k", 2), "LPOP k 2", "k");
    check(b.rpop::<String>("k"), "RPOP k", "k");
    check(b.rpop_count::<String>("k", usize::MAX), "RPOP k 9223372036854775807", "k");
    check(b.lmpop::<String, String>(["a", "b"], End::Left, 3), "LMPOP 2 a b LEFT COUNT 3", "a b");
    check(b.lmove::<String>("a", "b", End::Left, End::Right), "LMOVE a b LEFT RIGHT", "a b");
    check(b.lrange::<String>("k", 0, -1), "LRANGE k 0 -1", "k");
    check(b.lindex::<String>("k", -1), "LINDEX k -1", "k");
    check(b.llen("k"), "LLEN k", "k");
    check(b.lpos("k", "x"), "LPOS k x", "k");
    let options = LposOptions::new().maxlen(9).rank(-2);
    check(b.lpos_with("k", "x", options), "LPOS k x RANK -2 MAXLEN 9", "k");
    check(b.lpos_count("k", "x", 0, options), "LPOS k x RANK -2 MAXLEN 9 COUNT 0", "k");
    check(b.lset("k", 1, "x"), "LSET k 1 x", "k");
    check(b.linsert_before("k", "p", "x"), "LINSERT k BEFORE p x", "k");
    check(b.linsert_after("k", "p", "x"), "LINSERT k AFTER p x", "k");
    check(b.lrem("k", -2, "x"), "LREM k -2 x", "k");
    check(b.ltrim("k", 0, 9), "LTRIM k 0 9", "k");
    check(b.blpop::<String, String>(["a", "b"], secs(5)), "BLPOP a b 5", "a b");
    check(b.brpop::<String, String>("a", Timeout::Forever), "BRPOP a 0", "a");
    check(b.blmove::<String>("a", "b", End::Right, End::Left, secs(5)), "BLMOVE a b RIGHT LEFT 5", "a b");
    check(
        b.blmpop::<String, String>(["a", "b"], End::Right, 3, secs(5)),
        "BLMPOP 5 2 a b RIGHT COUNT 3",
        "a b",
    );
    let (left, right) = (End::Left, End::Right);
    check(b.lmovem::<String>("a", "b", left, right, 3), "LMOVEM a b LEFT RIGHT COUNT 3 OBO", "a b");
    let five = LmovemOptions::exactly(5).bulk();
    check(b.lmovem::<String>("a", "b", right, left, five), "LMOVEM a b RIGHT LEFT EXACTLY 5 BULK", "a b");
    let words = "BLMOVEM a b LEFT LEFT 5 EXACTLY 5 BULK";
    check(b.blmovem::<String>("a", "b", left, left, five, secs(5)), words, "a b");
    let words = "BLMOVEM a b LEFT LEFT 0 COUNT 1 OBO";
    check(b.blmovem::<String>("a", "b", left, left, 1, Timeout::Forever), words, "a b");
    refused(b.lmovem::<String>("a", "b", left, left, 0), "needs a count above zero");
    refused(
        b.blmovem::<String>("a", "b", left, left, LmovemOptions::exactly(0), secs(1)),
        "needs a count above zero",
    );
    decodes(b.lmovem::<String>("a", "b", left, left, 1), "*-1\r\n", vec![]);
}

#[test]
pub(super) fn sets() {
    let (b, ab) = (Build::new(), ["a", "b"]);
    check(b.sadd("k", ab), "SADD k a b", "k");
    check(b.srem("k", ab), "SREM k a b", "k");
    check(b.smembers::<Vec<String>>("k"), "SMEMBERS k", "k");
    check(b.sismember("k", "a"), "SISMEMBER k a", "k");
    check(b.smismember("k", ab), "SMISMEMBER k a b", "k");
    check(b.scard("k"), "SCARD k", "k");
    check(b.smove("a", "b", "x"), "SMOVE a b x", "a b");
    check(b.spop::<String>("k"), "SPOP k", "k");
    check(b.spop_count::<Vec<String>>("k", 2), "SPOP k 2", "k");
    check(b.srandmember::<String>("k"), "SRANDMEMBER k", "k");
    check(b.srandmember_count::<Vec<String>>("k", 2), "SRANDMEMBER k 2", "k");
    check(b.srandmember_repeating::<String>("k", 2), "SRANDMEMBER k -2", "k");
    check(b.sinter::<Vec<String>>(ab), "SINTER a b", "a b");
    check(b.sinterstore("to", ab), "SINTERSTORE to a b", "to a b");
    check(b.sintercard(ab), "SINTERCARD 2 a b", "a b");
    check(b.sintercard_limit(ab, 5), "SINTERCARD 2 a b LIMIT 5", "a b");
    check(b.sunion::<Vec<String>>(ab), "SUNION a b", "a b");
    check(b.sunionstore("to", ab), "SUNIONSTORE to a b", "to a b");
    check(b.sdiff::<Vec<String>>(ab), "SDIFF a b", "a b");
    check(b.sdiffstore("to", ab), "SDIFFSTORE to a b", "to a b");
    check(b.sdiffcard(ab), "SDIFFCARD 2 a b", "a b");
    check(b.sdiffcard_limit(ab, 5), "SDIFFCARD 2 a b LIMIT 5", "a b");
    check(b.sunioncard(ab), "SUNIONCARD 2 a b", "a b");
    let options = SunioncardOptions::new().limit(5);
    check(b.sunioncard_with(ab, options), "SUNIONCARD 2 a b LIMIT 5", "a b");
    check(b.sunioncard_with(ab, options.approx()), "SUNIONCARD 2 a b APPROX LIMIT 5", "a b");
    refused(b.sdiffcard([""; 0]), "needs at least one key");
    refused(b.sunioncard([""; 0]), "needs at least one key");
    let options = ScanOptions::new().pattern("x*").count(5);
    check(b.sscan_page::<String>("k", 7, options), "SSCAN k 7 MATCH x* COUNT 5", "k");
}

#[test]
pub(super) fn sorted_sets() {
    let b = Build::new();
    check(b.zadd("k", [("a", 1.5), ("b", -0.5)]), "ZADD k 1.5 a -0.5 b", "k");
    let options = ZaddOptions::new().ch().lt().xx();
    check(b.zadd_with("k", ("a", 1), options), "ZADD k XX LT CH 1 a", "k");
    check(b.zadd_with("k", ("a", 1), ZaddOptions::new().gt()), "ZADD k GT 1 a", "k");
    check(b.zadd_with("k", ("a", 1), ZaddOptions::new().nx()), "ZADD k NX 1 a", "k");
    check(b.zadd_incr("k", 2.5, "a", options), "ZADD k XX LT CH INCR 2.5 a", "k");
    check(b.zincrby("k", f64::NEG_INFINITY, "a"), "ZINCRBY k -inf a", "k");
    check(b.zrem("k", ["a", "b"]), "ZREM k a b", "k");
    check(b.zcard("k"), "ZCARD k", "k");
    check(b.zscore("k", "a"), "ZSCORE k a", "k");
    check(b.zmscore("k", ["a", "b"]), "ZMSCORE k a b", "k");
    check(b.zrank("k", "a"), "ZRANK k a", "k");
    check(b.zrank_with_score("k", "a"), "ZRANK k a WITHSCORE", "k");
    check(b.zrevrank("k", "a"), "ZREVRANK k a", "k");
    check(b.zrevrank_with_score("k", "a"), "ZREVRANK k a WITHSCORE", "k");
    check(b.zrandmember::<String>("k"), "ZRANDMEMBER k", "k");
    check(b.zrandmember_count::<String>("k", 2), "ZRANDMEMBER k 2", "k");
    check(b.zrandmember_with_scores::<String>("k", 2), "ZRANDMEMBER k 2 WITHSCORES", "k");
    check(
        b.zrandmember_with_scores::<String>("k", usize::MAX),
        "ZRANDMEMBER k 4611686018427387903 WITHSCORES",
        "k",
    );
    check(b.zrandmember_repeating::<String>("k", 2), "ZRANDMEMBER k -2", "k");
    check(b.zrandmember_repeating_with_scores::<String>("k", 2), "ZRANDMEMBER k -2 WITHSCORES", "k");
    check(b.zscan_page::<String>("k", 7, "x*"), "ZSCAN k 7 MATCH x*", "k");
    check(b.zpopmin::<String>("k"), "ZPOPMIN k", "k");
    check(b.zpopmin_count::<String>("k", 2), "ZPOPMIN k 2", "k");
    check(b.zpopmax::<String>("k"), "ZPOPMAX k", "k");
    check(b.zpopmax_count::<String>("k", 2), "ZPOPMAX k 2", "k");
    let (ab, time) = (["a", "b"], Duration::from_millis(50));
    check(b.bzpopmin::<String, String>(ab, time), "BZPOPMIN a b 0.050", "a b");
    check(b.bzpopmax::<String, String>(ab, time), "BZPOPMAX a b 0.050", "a b");
    check(b.zmpop::<String, String>(ab, Extreme::Min, 2), "ZMPOP 2 a b MIN COUNT 2", "a b");
    check(b.bzmpop::<String, String>(ab, Extreme::Max, 2, time), "BZMPOP 0.050 2 a b MAX COUNT 2", "a b");
}

#[test]
pub(super) fn ranges() {
    let (b, exclusive) = (Build::new(), ScoreBound::Exclusive);
    check(b.zrange::<String>("k", 0, -1), "ZRANGE k 0 -1", "k");
    check(b.zrange_with_scores::<String>("k", 0, -1), "ZRANGE k 0 -1 WITHSCORES", "k");
    check(b.zrange_by::<String>("k", ZRange::rank(0, 9).rev()), "ZRANGE k 0 9 REV", "k");
    let scores = ZRange::score(1, exclusive(1e300));
    check(b.zrange_by::<String>("k", scores), "ZRANGE k 1.0 (1e300 BYSCORE", "k");
    check(
        b.zrange_by_with_scores::<String>("k", scores.rev().limit(2, usize::MAX)),
        "ZRANGE k (1e300 1.0 BYSCORE REV LIMIT 2 9223372036854775807 WITHSCORES",
        "k",
    );
    let members = ZRange::lex(LexBound::exclusive("a"), LexBound::Max);
    check(b.zrange_by::<String>("k", members), "ZRANGE k (a + BYLEX", "k");
    check(b.zrange_by::<String>("k", members.rev()), "ZRANGE k + (a BYLEX REV", "k");
    check(b.zrangestore("to", "k", members.limit(0, 1)), "ZRANGESTORE to k (a + BYLEX LIMIT 0 1", "to k");
    check(b.zcount("k", ScoreBound::MIN, exclusive(f64::INFINITY)), "ZCOUNT k -inf (inf", "k");
    check(b.zlexcount("k", LexBound::Min, "a"), "ZLEXCOUNT k - [a", "k");
    check(b.zremrangebyrank("k", 0, -2), "ZREMRANGEBYRANK k 0 -2", "k");
    check(b.zremrangebyscore("k", exclusive(-0.5), 2), "ZREMRANGEBYSCORE k (-0.5 2.0", "k");
    check(b.zremrangebylex("k", "a", "b"), "ZREMRANGEBYLEX k [a [b", "k");
}

#[test]
pub(super) fn combinations() {
    let (b, ab, none) = (Build::new(), ["a", "b"], CombineOptions::new());
    let options = none.aggregate(Aggregate::Min).weights(&[2.0, 0.5]);
    check(b.zinter::<String>(ab), "ZINTER 2 a b", "a b");
    check(b.zinter_with_scores::<String>(ab, none), "ZINTER 2 a b WITHSCORES", "a b");
    check(b.zinterstore("to", ab, options), "ZINTERSTORE to 2 a b WEIGHTS 2.0 0.5 AGGREGATE MIN", "to a b");
    check(b.zintercard(ab), "ZINTERCARD 2 a b", "a b");
    check(b.zintercard_limit(ab, 5), "ZINTERCARD 2 a b LIMIT 5", "a b");
    check(b.zunion::<String>("a"), "ZUNION 1 a", "a");
    check(
        b.zunion_with_scores::<String>(ab, options),
        "ZUNION 2 a b WEIGHTS 2.0 0.5 AGGREGATE MIN WITHSCORES",
        "a b",
    );
    check(b.zunionstore("to", ab, Aggregate::Sum), "ZUNIONSTORE to 2 a b AGGREGATE SUM", "to a b");
    check(b.zdiff::<String>(ab), "ZDIFF 2 a b", "a b");
    check(b.zdiff_with_scores::<String>(ab), "ZDIFF 2 a b WITHSCORES", "a b");
    check(b.zdiffstore("to", ab), "ZDIFFSTORE to 2 a b", "to a b");
}

#[test]
fn what_no_server_takes_is_refused() {
    let (b, none, time) = (Build::new(), [""; 0], Duration::from_secs(1));
    let (no_keys, no_arguments) = ("needs at least one key", "needs at least one argument");
    refused(b.lpush("k", none), no_arguments);
    refused(b.sadd("k", none), no_arguments);
    refused(b.zadd("k", Vec::<(&str, f64)>::new()), "needs at least one pair");
    refused(b.blpop::<String, String>(none, time), no_keys);
    refused(b.lmpop::<String, String>(none, End::Left, 1), no_keys);
    refused(b.bzmpop::<String, String>(none, Extreme::Min, 1, time), no_keys);
    refused(b.sinter::<Vec<String>>(none), no_keys);
    refused(b.sintercard(none), no_keys);
    refused(b.zunionstore("to", none, Aggregate::Sum), no_keys);
    refused(b.zdiff::<String>(none), no_keys);
    refused(b.lmpop::<String, String>("k", End::Left, 0), "needs a count above zero");
    refused(b.bzmpop::<String, String>("k", Extreme::Min, 0, time), "needs a count above zero");

    let forever = "zero means for ever to the server: say Timeout::Forever";
    refused(b.brpop::<String, String>("k", Duration::ZERO), forever);
    refused(b.blmove::<String>("a", "b", End::Left, End::Left, Duration::ZERO), forever);
    let rank = "needs a rank other than 0: 1 is the first, -1 the last";
    refused(b.lpos_with("k", "x", LposOptions::new().rank(0)), rank);

    let nan = "needs a number, and NaN is none";
    refused(b.zincrby("k", f64::NAN, "a"), nan);
    refused(b.zadd_incr("k", f64::NAN, "a", ZaddOptions::new()), nan);
    refused(b.zcount("k", ScoreBound::Exclusive(f64::NAN), 1), nan);
    refused(b.zrange_by::<String>("k", ZRange::score(1, f64::NAN)), nan);
    refused(b.zunion_with_scores::<String>("k", &[f64::NAN]), nan);
    let weights = "needs as many weights as keys";
    refused(b.zinterstore("to", ["a", "b"], &[1.0]), weights);
    refused(b.zinterstore("to", "a", &[1.0, 2.0]), weights);
    let both = "takes only members that are not there, or compares scores, not both";
    refused(b.zadd_with("k", ("a", 1), ZaddOptions::new().nx().gt()), both);
    let limit = "takes a limit with scores or with members, not with ranks";
    refused(b.zrange_by::<String>("k", ZRange::rank(0, 1).limit(0, 1)), limit);
    let lex = "returns no scores with a range of members";
    refused(b.zrange_by_with_scores::<String>("k", ZRange::lex("a", "b")), lex);
}

#[test]
fn waits_are_stated() {
    let (b, time) = (Build::new(), Duration::from_millis(1_500));
    assert_eq!(b.blpop::<String, String>("k", time).wait(), Wait::For(time));
    assert_eq!(b.brpop::<String, String>("k", Timeout::Forever).wait(), Wait::Forever);
    assert_eq!(b.blmove::<String>("a", "b", End::Left, End::Left, time).wait(), Wait::For(time));
    assert_eq!(b.blmpop::<String, String>("k", End::Left, 1, time).wait(), Wait::For(time));
    assert_eq!(b.bzpopmin::<String, String>("k", time).wait(), Wait::For(time));
    assert_eq!(b.bzpopmax::<String, String>("k", time).wait(), Wait::For(time));
    assert_eq!(b.bzmpop::<String, String>("k", Extreme::Min, 1, time).wait(), Wait::For(time));
    assert_eq!(b.lpop::<String>("k").wait(), Wait::No);
}

#[test]
fn pairs_with_scores_decode_from_both_protocols() {
    let (b, two) = (Build::new(), vec![("a".to_owned(), 1.5), ("b".to_owned(), f64::INFINITY)]);
    let range = || b.zrange_with_scores("k", 0, -1);
    decodes(range(), "*4\r\n$1\r\na\r\n$3\r\n1.5\r\n$1\r\nb\r\n$3\r\ninf\r\n", two.clone());
    decodes(range(), "*2\r\n*2\r\n$1\r\na\r\n,1.5\r\n*2\r\n$1\r\nb\r\n,inf\r\n", two.clone());
    decodes(range(), "*0\r\n", Vec::<(String, f64)>::new());
    for reply in ["*2\r\n$1\r\na\r\n$3\r\n1.5\r\n", "*2\r\n$1\r\na\r\n,1.5\r\n"] {
        decodes(b.zpopmin("k"), reply, Some(two[0].clone()));
    }
    decodes(b.zpopmax::<String>("k"), "*0\r\n", None);
    let popped = Some(("k".to_owned(), two[..1].to_vec()));
    let zmpop = || b.zmpop("k", Extreme::Min, 1);
    decodes(zmpop(), "*2\r\n$1\r\nk\r\n*1\r\n*2\r\n$1\r\na\r\n$3\r\n1.5\r\n", popped.clone());
    decodes(zmpop(), "*2\r\n$1\r\nk\r\n*1\r\n*2\r\n$1\r\na\r\n,1.5\r\n", popped);
    for null in ["*-1\r\n", "_\r\n", "$-1\r\n"] {
        decodes(b.zmpop::<String, String>("k", Extreme::Min, 1), null, None);
        decodes(b.bzpopmin::<String, String>("k", Timeout::Forever), null, None);
        decodes(b.blpop::<String, String>("k", Timeout::Forever), null, None);
        decodes(b.lpop_count::<String>("k", 1), null, vec![]);
        decodes(b.zadd_incr("k", 1, "m", ZaddOptions::new()), null, None);
        decodes(b.zrank_with_score("k", "m"), null, None);
    }
    decodes(
        b.zscan_page("k", 0, "*"),
        "*2\r\n$1\r\n0\r\n*2\r\n$1\r\na\r\n$3\r\n1.5\r\n",
        (0, two[..1].to_vec()),
    );
}
