//! Sets.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Debug;

use client::{ScanOptions, SunioncardOptions};

use crate::kit;

#[track_caller]
fn wrong_type<R: Debug>(result: client::Result<R>) {
    assert_eq!(result.unwrap_err().code(), Some("WRONGTYPE"));
}

#[test]
fn members() {
    kit::each(|on| {
        let (client, key, missing) = (&on.client, on.key("s"), on.key("missing"));
        assert_eq!(client.sadd(&key, [&b"a"[..], b"\0\xff\r\n", b"a"]).unwrap(), 2);
        assert_eq!(client.sadd(&key, 7).unwrap(), 1);
        assert_eq!(client.sadd(&key, HashSet::from(["a", "b"])).unwrap(), 1);
        assert_eq!(client.scard(&key).unwrap(), 4);
        let all: HashSet<Vec<u8>> = client.smembers(&key).unwrap();
        assert_eq!(all, HashSet::from([b"a".to_vec(), b"b".to_vec(), b"7".to_vec(), b"\0\xff\r\n".to_vec()]));
        assert_eq!(client.smembers::<Vec<Vec<u8>>>(&key).unwrap().len(), 4);
        assert!(client.smembers::<HashSet<String>>(&key).unwrap_err().is_decode());
        assert!(client.sismember(&key, 7).unwrap());
        assert!(!client.sismember(&key, "x").unwrap());
        assert_eq!(client.smismember(&key, ["a", "x", "7"]).unwrap(), [true, false, true]);
        assert_eq!(client.srem(&key, [&b"\0\xff\r\n"[..], b"x"]).unwrap(), 1);

        assert!(client.smembers::<BTreeSet<String>>(&missing).unwrap().is_empty());
        assert!(!client.sismember(&missing, "a").unwrap());
        assert_eq!(client.smismember(&missing, "a").unwrap(), [false]);
        assert_eq!(client.scard(&missing).unwrap(), 0);
        assert_eq!(client.srem(&missing, "a").unwrap(), 0);
        assert!(client.sadd(&missing, [""; 0]).unwrap_err().is_usage());
    });
}

#[test]
fn moves() {
    kit::each(|on| {
        let (client, from, to) = (&on.client, on.key("from"), on.key("to"));
        assert!(!client.smove(&from, &to, "a").unwrap());
        client.sadd(&from, ["a", "b"]).unwrap();
        assert!(client.smove(&from, &to, "a").unwrap());
        assert!(!client.smove(&from, &to, "a").unwrap());
        assert_eq!(client.smembers::<Vec<String>>(&to).unwrap(), ["a"]);
    });
}

#[test]
fn random_members() {
    kit::each(|on| {
        let (client, key, missing) = (&on.client, on.key("s"), on.key("missing"));
        let all = BTreeSet::from([1, 2, 3]);
        client.sadd(&key, &all).unwrap();
        assert!(all.contains(&client.srandmember::<i64>(&key).unwrap().unwrap()));
        assert_eq!(client.srandmember_count::<BTreeSet<i64>>(&key, 2).unwrap().len(), 2);
        assert_eq!(client.srandmember_count::<BTreeSet<i64>>(&key, usize::MAX).unwrap(), all);
        assert!(client.srandmember_count::<Vec<i64>>(&key, 0).unwrap().is_empty());
        let many: Vec<i64> = client.srandmember_repeating(&key, 100).unwrap();
        assert_eq!(many.len(), 100);
        assert!(many.iter().all(|member| all.contains(member)));
        assert!(client.srandmember_repeating::<i64>(&key, 0).unwrap().is_empty());

        let mut popped: BTreeSet<i64> = client.spop_count(&key, 2).unwrap();
        assert_eq!((popped.len(), client.scard(&key).unwrap()), (2, 1));
        popped.extend(client.spop::<i64>(&key).unwrap());
        assert_eq!(popped, all);

        assert_eq!(client.spop::<i64>(&missing).unwrap(), None);
        assert!(client.spop_count::<HashSet<i64>>(&missing, 2).unwrap().is_empty());
        assert!(client.spop_count::<Vec<i64>>(&missing, 0).unwrap().is_empty());
        assert_eq!(client.srandmember::<i64>(&missing).unwrap(), None);
        assert!(client.srandmember_count::<Vec<i64>>(&missing, 2).unwrap().is_empty());
        assert!(client.srandmember_repeating::<i64>(&missing, 2).unwrap().is_empty());
    });
}

#[test]
fn combinations() {
    kit::each(|on| {
        let (client, a, b, to) = (&on.client, on.key("a"), on.key("b"), on.key("to"));
        let (keys, missing) = ([&a, &b], on.key("missing"));
        client.sadd(&a, [1, 2, 3]).unwrap();
        client.sadd(&b, [2, 3, 4]).unwrap();
        assert_eq!(client.sinter::<BTreeSet<i64>>(keys).unwrap(), BTreeSet::from([2, 3]));
        assert_eq!(client.sunion::<HashSet<i64>>(keys).unwrap(), HashSet::from([1, 2, 3, 4]));
        assert_eq!(client.sdiff::<Vec<i64>>(keys).unwrap(), [1]);
        assert_eq!(client.sinter::<Vec<i64>>(&a).unwrap().len(), 3);
        assert!(client.sinter::<Vec<i64>>([&a, &missing]).unwrap().is_empty());
        assert!(client.sunion::<Vec<i64>>(&missing).unwrap().is_empty());
        assert!(client.sdiff::<Vec<i64>>([&missing, &a]).unwrap().is_empty());
        assert!(client.sinter::<Vec<i64>>([""; 0]).unwrap_err().is_usage());

        assert_eq!(client.sunionstore(&to, keys).unwrap(), 4);
        assert_eq!(client.sdiffstore(&to, keys).unwrap(), 1);
        assert_eq!(client.sinterstore(&to, keys).unwrap(), 2);
        assert_eq!(client.smembers::<BTreeSet<i64>>(&to).unwrap(), BTreeSet::from([2, 3]));
        assert_eq!(client.sinterstore(&to, [&a, &missing]).unwrap(), 0);
        assert_eq!(client.exists(&to).unwrap(), 0);

        if on.has("SINTERCARD", (7, 0), (7, 2)) {
            assert_eq!(client.sintercard(keys).unwrap(), 2);
            assert_eq!(client.sintercard_limit(keys, 1).unwrap(), 1);
            assert_eq!(client.sintercard_limit(keys, 0).unwrap(), 2);
            assert_eq!(client.sintercard_limit(keys, usize::MAX).unwrap(), 2);
            assert_eq!(client.sintercard([&a, &missing]).unwrap(), 0);
            assert!(client.sintercard([""; 0]).unwrap_err().is_usage());
            client.set(&to, "text").unwrap();
            wrong_type(client.sintercard([&a, &to]));
        }
    });
}

#[test]
fn scans() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("s"));
        assert_eq!(client.sscan::<i64>(&key, ScanOptions::new()).count(), 0);
        let all: BTreeSet<i64> = (0..2_000).collect();
        client.sadd(&key, &all).unwrap();
        let found: BTreeSet<i64> =
            client.sscan(&key, ScanOptions::new().count(100)).collect::<Result<_, _>>().unwrap();
        assert_eq!(found, all);
        let found: BTreeSet<String> = client.sscan(&key, "199?").collect::<Result<_, _>>().unwrap();
        assert_eq!(found.len(), 10);

        let (cursor, page) = client.sscan_page::<i64>(&key, 0, ScanOptions::new().count(10)).unwrap();
        assert!(cursor != 0 && page.len() >= 10);
        assert!(client.sscan_page::<i64>(&key, 0, ScanOptions::new().count(0)).unwrap_err().is_usage());

        client.set(&key, "text").unwrap();
        let results: Vec<_> = client.sscan::<i64>(&key, ScanOptions::new()).collect();
        assert_eq!(results.len(), 1);
        wrong_type(results.into_iter().next().unwrap());
    });
}

#[test]
fn text_is_no_set() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("t"));
        client.set(&key, "text").unwrap();
        wrong_type(client.sadd(&key, "x"));
        wrong_type(client.srem(&key, "x"));
        wrong_type(client.smembers::<Vec<String>>(&key));
        wrong_type(client.sismember(&key, "x"));
        wrong_type(client.smismember(&key, "x"));
        wrong_type(client.scard(&key));
        wrong_type(client.smove(&key, on.key("to"), "x"));
        wrong_type(client.spop::<String>(&key));
        wrong_type(client.spop_count::<Vec<String>>(&key, 1));
        wrong_type(client.srandmember::<String>(&key));
        wrong_type(client.srandmember_count::<Vec<String>>(&key, 1));
        wrong_type(client.srandmember_repeating::<String>(&key, 1));
        wrong_type(client.sinter::<Vec<String>>(&key));
        wrong_type(client.sunion::<Vec<String>>(&key));
        wrong_type(client.sdiff::<Vec<String>>(&key));
        wrong_type(client.sinterstore(on.key("to"), &key));
        wrong_type(client.sunionstore(on.key("to"), &key));
        wrong_type(client.sdiffstore(on.key("to"), &key));
    });
}

#[test]
fn sizes_of_differences_and_unions() {
    kit::each(|on| {
        if !on.has("SUNIONCARD", (8, 10), None) {
            return;
        }
        let (client, a, b, missing) = (&on.client, on.key("a"), on.key("b"), on.key("missing"));
        client.sadd(&a, [&b"1"[..], b"2", b"\0\xff\r\n"]).unwrap();
        client.sadd(&b, [2, 3]).unwrap();
        assert_eq!(client.sdiffcard([&a, &b]).unwrap(), 2);
        assert_eq!(client.sdiffcard([&b, &a]).unwrap(), 1);
        assert_eq!(client.sdiffcard([&a, &missing]).unwrap(), 3);
        assert_eq!(client.sdiffcard([&missing, &a]).unwrap(), 0);
        assert_eq!(client.sdiffcard_limit([&a, &b], 1).unwrap(), 1);
        assert_eq!(client.sdiffcard_limit([&a, &b], 0).unwrap(), 2);
        assert_eq!(client.sunioncard([&a, &b]).unwrap(), 4);
        assert_eq!(client.sunioncard(&missing).unwrap(), 0);
        let options = SunioncardOptions::new();
        assert_eq!(client.sunioncard_with([&a, &b], options.limit(3)).unwrap(), 3);
        assert_eq!(client.sunioncard_with([&a, &b], options.limit(0)).unwrap(), 4);
        assert_eq!(client.sunioncard_with([&a, &b], options.approx()).unwrap(), 4);
        assert_eq!(client.sunioncard_with([&a, &b], options.approx().limit(usize::MAX)).unwrap(), 4);
        client.set(on.key("s"), 1).unwrap();
        wrong_type(client.sdiffcard([&a, &on.key("s")]));
        wrong_type(client.sunioncard([&a, &on.key("s")]));
    });
}
