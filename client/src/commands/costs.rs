//! What it costs to make a command: at most one allocation, however many options it has.

use std::cell::Cell;
use std::time::{Duration, SystemTime};

use resp::Request;

use crate::execute::{CodeCall, Decoder, Execute};
use crate::*;

/// Packs a request as an executor does that sends it, and drops it.
struct Packs;

impl Execute for Packs {
    type Output<R> = usize;

    fn execute<R>(&self, mut request: Request<'_>, _: Decoder<R>) -> usize {
        assert_eq!(request.flaw(), None, "{request:?}");
        request.wire().len()
    }

    fn execute_code<R>(&self, call: CodeCall<'_>, decode: Decoder<R>) -> usize {
        self.execute(call.into_request(), decode)
    }
}

static SCRIPT: Script = Script::new("return 1");

thread_local! {
    static CHECKED: Cell<usize> = const { Cell::new(0) };
}

/// The first time a thread makes a command that is longer than 128 bytes it keeps the memory for the next, so that the
/// second is counted.
#[track_caller]
fn check(most: u64, make: impl Fn(&Commands<Packs>) -> usize) {
    let packs = Commands { executor: Packs };
    make(&packs);
    let count = allocation_counter::measure(|| assert!(make(&packs) > 0)).count_total;
    assert!(count <= most, "{count} allocations");
    CHECKED.set(CHECKED.get() + 1);
}

type Pairs = Vec<(String, String)>;

#[test]
fn a_command_allocates_once_at_most() {
    let (key, minute, id) =
        ("user:1000:profile", Duration::from_secs(60), StreamId::new(1_700_000_000_000, 7));
    let (long, now) = ("v".repeat(5_000), SystemTime::now());
    check(0, |c| c.get::<String>(key));
    check(0, |c| c.set(key, "value"));
    check(0, |c| c.set(key, &long));
    check(0, |c| c.set_with(key, &long, SetOptions::new().nx().expire(minute)));
    check(0, |c| c.getex::<String>(key, GetExOptions::new().expire_at(now)));
    check(0, |c| c.mset([("a", 1), ("b", 2), ("c", 3)]));
    check(0, |c| c.mget::<Vec<Option<String>>>(["a", "b", "c", "d", "e", "f"]));
    check(0, |c| c.incrby(key, i64::MIN));
    check(0, |c| c.expire_with(key, minute, ExpireOptions::new().gt()));
    check(0, |c| c.del(["a", "b", "c"]));
    check(0, |c| c.hset(key, [("name", "Ada"), ("born", "1815"), ("died", "1852")]));
    check(0, |c| c.hmget::<Pairs>(key, ["name", "born", "died"]));
    check(0, |c| c.hsetex(key, [("name", "Ada")], HSetExOptions::new().expire(minute).fnx()));
    check(0, |c| c.call_script::<i64>(&SCRIPT, key, ("a", 1)));
    check(0, |c| c.fcall::<i64>("function", [key, key], ("a", 1)));
    check(0, |c| c.lpush(key, ["a", "b", "c"]));
    check(0, |c| c.lrange::<String>(key, 0, -1));
    check(1, |c| c.blpop::<String, String>([key, "other"], Duration::from_millis(1_500)));
    check(0, |c| c.sadd(key, [1, 2, 3]));
    check(0, |c| c.zadd_with(key, [(1.5, "a"), (2.5, "b")], ZaddOptions::new().gt()));
    check(1, |c| c.zrange_by::<String>(key, ZRange::score(ScoreBound::Exclusive(1.0), 5.0).limit(0, 10)));
    check(0, |c| c.xadd_with(key, [("f", 1)], Trim::maxlen(1_000).approximately()));
    check(1, |c| c.xrange_count::<Pairs>(key, StreamBound::Excluded(id), StreamBound::Max, 100));
    check(0, |c| c.xrange::<Pairs>(key, id, id));
    let options = XreadgroupOptions::new().count(10).block(minute);
    check(0, |c| c.xreadgroup_with::<String, Pairs>("group", "consumer", (key, ">"), options));
    check(0, |c| c.xread::<String, Pairs>([("a", id), ("b", id), ("c", id)]));
    check(0, |c| c.xack(key, "group", [id, id, id]));
    check(0, |c| c.geoadd(key, [("Berlin", GeoPoint::new(13.4, 52.5))]));
    check(0, |c| c.eval::<i64>("return ARGV[1]", key, ("a", 1)));
    assert!(CHECKED.get() > 20);
}

#[cfg(feature = "serde")]
#[test]
fn a_struct_allocates_once() {
    let map = std::collections::BTreeMap::from_iter((0..12).map(|n| (n, "value of a typical length")));
    check(1, |c| c.hset_all("user:1000", &map));
    check(1, |c| c.xadd("s", fields(&map)));
}
