//! Cursors: every element once, whatever the pages.

use std::collections::{BTreeMap, BTreeSet};

use client::{KeyType, ScanOptions};

use crate::kit;

#[test]
fn keys() {
    kit::each(|on| {
        let (client, pattern) = (&on.client, on.key("k:*"));
        let expected: BTreeSet<String> = (0..300).map(|n| on.key(&format!("k:{n}"))).collect();
        client.mset(expected.iter().map(|key| (key, 1)).collect::<Vec<_>>()).unwrap();
        client.hset(on.key("k:hash"), ("f", 1)).unwrap();

        let strings = ScanOptions::new().pattern(&pattern).count(50).key_type(&KeyType::String);
        let found: BTreeSet<String> = client.scan(strings).collect::<Result<_, _>>().unwrap();
        assert_eq!(found, expected);
        let hashes = ScanOptions::new().pattern(&pattern).count(1_000).key_type(&KeyType::Hash);
        let found: BTreeSet<String> = client.scan(hashes).collect::<Result<_, _>>().unwrap();
        assert_eq!(found, BTreeSet::from([on.key("k:hash")]));
        assert_eq!(client.scan::<String>(&pattern).filter(Result::is_ok).count(), 301);

        let none = client.scan::<String>(&on.key("no such *")).next();
        assert!(none.is_none());
    });
}

#[test]
fn an_iterator_ends_after_an_error() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("s"));
        client.set(&key, 1).unwrap();
        let mut scan = client.hscan::<String, String>(&key, ScanOptions::new());
        assert_eq!(scan.next().unwrap().unwrap_err().code(), Some("WRONGTYPE"));
        assert!(scan.next().is_none());
        let mut scan = client.scan::<String>(ScanOptions::new().count(0));
        assert!(scan.next().unwrap().unwrap_err().is_usage());
        let typed = ScanOptions::new().key_type(&KeyType::Hash);
        assert!(client.hscan::<String, String>(&key, typed).next().unwrap().unwrap_err().is_usage());
        let key = on.key("h");
        client.hset(&key, ("f", "no number")).unwrap();
        assert!(client.hscan::<String, i64>(&key, "*").next().unwrap().unwrap_err().is_decode());
    });
}

#[test]
fn pages_in_a_pipeline() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("k"));
        client.hset(&key, [("a", 1), ("b", 2)]).unwrap();
        let (keys, pairs) = client
            .pipeline(|p| {
                (
                    p.scan_page::<String>(0, ScanOptions::new().count(1)),
                    p.hscan_page::<String, i64>(&key, 0, "a"),
                )
            })
            .unwrap();
        assert!(keys.1.len() <= 50);
        assert_eq!(pairs, (0, vec![("a".to_owned(), 1)]));
    });
}

#[test]
fn fields() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("h"));
        let expected: BTreeMap<Vec<u8>, i64> =
            (0..1_000).map(|n| (format!("{n}\0").into_bytes(), n)).collect();
        client.hset(&key, &expected).unwrap();
        let pairs = client.hscan(&key, ScanOptions::new().count(100));
        assert_eq!(pairs.collect::<Result<BTreeMap<Vec<u8>, i64>, _>>().unwrap(), expected);
        let some = client.hscan::<Vec<u8>, i64>(&key, ScanOptions::new().pattern(b"99?\0").count(100));
        assert_eq!(some.count(), 10);
        assert!(client.hscan::<String, String>(on.key("missing"), "*").next().is_none());
        if on.has("HSCAN … NOVALUES", (7, 4), (8, 0)) {
            let names = client.hscan_novalues::<Vec<u8>>(&key, ScanOptions::new().count(100));
            let names: BTreeSet<_> = names.collect::<Result<_, _>>().unwrap();
            assert!(names.iter().eq(expected.keys()));
        }
    });
}

#[test]
fn progress() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("set"));
        client.sadd(&key, (0..10_000).map(|n| format!("member:{n}")).collect::<Vec<_>>()).unwrap();
        let mut scan = client.sscan::<String>(&key, ScanOptions::new().count(50));
        assert_eq!(scan.progress().unwrap().part, 0.0);
        let (mut found, mut last) = (0_u32, 0.0);
        while let Some(member) = scan.next() {
            member.unwrap();
            found += 1;
            if found % 500 == 0 {
                let progress = scan.progress().unwrap();
                let is_near = (progress.part - f64::from(found) / 10_000.0).abs() < 0.1;
                assert!(progress.part >= last && is_near, "{found}: {progress:?}");
                assert_eq!(progress.total, 10_000);
                last = progress.part;
            }
        }
        assert_eq!(scan.progress().unwrap().part, 1.0);

        // A page of nothing counts too, and so does all that the server has.
        let mut keys = client.scan::<String>(ScanOptions::new().pattern("no such key").count(10));
        assert!(keys.next().is_none());
        let progress = keys.progress().unwrap();
        assert!(progress.part == 1.0 && progress.total > 0, "{progress:?}");
        client.zadd(on.key("z"), ("m", 1)).unwrap();
        client.hset(on.key("h"), [("a", 1), ("b", 2)]).unwrap();
        let mut members = client.zscan::<String>(on.key("z"), "*");
        let mut fields = client.hscan::<String, i64>(on.key("h"), "*");
        assert!(members.next().is_some() && fields.next().is_some());
        assert_eq!(members.progress().unwrap().total, 1);
        assert_eq!(fields.progress().unwrap().total, 2);

        // It fails as the scan does, and an error moves nothing.
        client.set(&key, 1).unwrap();
        let mut wrong = client.sscan::<String>(&key, "*");
        assert!(wrong.next().unwrap().is_err());
        assert_eq!(wrong.progress().unwrap_err().code(), Some("WRONGTYPE"));
    });
}
