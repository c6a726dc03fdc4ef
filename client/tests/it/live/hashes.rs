//! Hashes, and fields that expire.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use client::{Bytes, ExpireOptions, ExpireTime, FieldExpire, FieldPersist, GetExOptions, HSetExOptions, Ttl};

use crate::kit;

const MINUTE: Duration = Duration::from_secs(60);
const BINARY: &[u8] = b"\0\xff\r\n";

#[track_caller]
fn wrong_type<R: Debug>(result: client::Result<R>) {
    assert_eq!(result.unwrap_err().code(), Some("WRONGTYPE"));
}

#[test]
fn fields() {
    kit::each(|on| {
        let (client, key, missing) = (&on.client, on.key("h"), on.key("missing"));
        assert_eq!(client.hset(&key, (BINARY, BINARY)).unwrap(), 1);
        assert_eq!(client.hset(&key, [("a", 1), ("b", 2)]).unwrap(), 2);
        assert_eq!(client.hset(&key, HashMap::from([("b", 3)])).unwrap(), 0);
        assert!(!client.hsetnx(&key, "a", 9).unwrap());
        assert!(client.hsetnx(&key, "c", 9).unwrap());

        assert_eq!(client.hget::<Vec<u8>>(&key, BINARY).unwrap().unwrap(), BINARY);
        assert_eq!(client.hget::<i64>(&key, "b").unwrap(), Some(3));
        assert_eq!(client.hget::<i64>(&key, "x").unwrap(), None);
        assert!(client.hexists(&key, BINARY).unwrap());
        assert!(!client.hexists(&key, "x").unwrap());
        assert_eq!(client.hstrlen(&key, BINARY).unwrap(), 4);
        assert_eq!(client.hlen(&key).unwrap(), 4);
        let (bytes, b, x): (Bytes, i64, Option<i64>) = client.hmget(&key, [BINARY, b"b", b"x"]).unwrap();
        assert_eq!((&bytes[..], b, x), (BINARY, 3, None));
        assert_eq!(client.hmget::<Vec<Option<i64>>>(&key, "a").unwrap(), [Some(1)]);
        assert_eq!(client.hdel(&key, [BINARY, b"c", b"x"]).unwrap(), 2);

        assert_eq!(
            client.hgetall::<BTreeMap<String, i64>>(&key).unwrap(),
            [("a".into(), 1), ("b".into(), 3)].into()
        );
        assert_eq!(client.hgetall::<Vec<(String, i64)>>(&key).unwrap(), [("a".into(), 1), ("b".into(), 3)]);
        assert_eq!(client.hkeys::<String>(&key).unwrap(), ["a", "b"]);
        assert_eq!(client.hvals::<i64>(&key).unwrap(), [1, 3]);

        assert!(client.hgetall::<HashMap<String, String>>(&missing).unwrap().is_empty());
        assert!(client.hkeys::<String>(&missing).unwrap().is_empty());
        assert_eq!(client.hvals::<String>(&missing).unwrap(), [""; 0]);
        assert_eq!(client.hmget::<Vec<Option<i64>>>(&missing, ["a", "b"]).unwrap(), [None, None]);
        assert_eq!((client.hlen(&missing).unwrap(), client.hstrlen(&missing, "a").unwrap()), (0, 0));
        assert_eq!(client.hdel(&missing, "a").unwrap(), 0);
        assert!(client.hset(&key, [("", ""); 0]).unwrap_err().is_usage());
        assert!(client.hdel(&key, [""; 0]).unwrap_err().is_usage());
    });
}

#[test]
fn numbers() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("h"));
        assert_eq!(client.hincrby(&key, "f", 40).unwrap(), 40);
        assert_eq!(client.hincrby(&key, "f", -50).unwrap(), -10);
        assert_eq!(client.hincrbyfloat(&key, "f", 0.25).unwrap(), -9.75);
        assert_eq!(client.hincrby(&key, "f", 1).unwrap_err().code(), Some("ERR"));
        assert!(client.hincrbyfloat(&key, "f", f64::INFINITY).unwrap_err().is_usage());
    });
}

#[test]
fn another_type_is_an_error() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("s"));
        client.set(&key, 1).unwrap();
        wrong_type(client.hset(&key, ("f", 1)));
        wrong_type(client.hsetnx(&key, "f", 1));
        wrong_type(client.hget::<String>(&key, "f"));
        wrong_type(client.hmget::<Vec<Option<String>>>(&key, "f"));
        wrong_type(client.hgetall::<HashMap<String, String>>(&key));
        wrong_type(client.hdel(&key, "f"));
        wrong_type(client.hexists(&key, "f"));
        wrong_type(client.hlen(&key));
        wrong_type(client.hstrlen(&key, "f"));
        wrong_type(client.hincrby(&key, "f", 1));
        wrong_type(client.hincrbyfloat(&key, "f", 1.0));
        wrong_type(client.hkeys::<String>(&key));
        wrong_type(client.hvals::<String>(&key));
    });
}

#[test]
fn random_fields() {
    kit::each(|on| {
        if !on.has("HRANDFIELD", (6, 2), (7, 2)) {
            return;
        }
        let (client, key, missing) = (&on.client, on.key("h"), on.key("missing"));
        client.hset(&key, [("a", 1), ("b", 1)]).unwrap();
        let field: String = client.hrandfield(&key).unwrap().unwrap();
        assert!(["a", "b"].contains(&&*field));
        let mut all: Vec<String> = client.hrandfield_count(&key, 9).unwrap();
        all.sort();
        assert_eq!(all, ["a", "b"]);
        assert_eq!(client.hrandfield_repeating::<String>(&key, 9).unwrap().len(), 9);
        let pairs: Vec<(String, i64)> = client.hrandfield_repeating_with_values(&key, 9).unwrap();
        assert!(pairs.len() == 9 && pairs.iter().all(|(_, value)| *value == 1));
        let map: BTreeMap<String, i64> =
            client.hrandfield_with_values(&key, 2).unwrap().into_iter().collect();
        assert_eq!(map, [("a".into(), 1), ("b".into(), 1)].into());

        assert_eq!(client.hrandfield::<String>(&missing).unwrap(), None);
        assert!(client.hrandfield_count::<String>(&missing, 2).unwrap().is_empty());
        assert!(client.hrandfield_with_values::<String, String>(&missing, 2).unwrap().is_empty());
        client.set(on.key("s"), 1).unwrap();
        wrong_type(client.hrandfield::<String>(on.key("s")));
        wrong_type(client.hrandfield_with_values::<String, String>(on.key("s"), 1));
    });
}

#[test]
fn fields_that_expire() {
    kit::each(|on| {
        if !on.has("HPEXPIRE", (7, 4), (9, 0)) {
            return;
        }
        use FieldExpire::{Deleted, Missing, Set, Unchanged};
        let (client, key, missing) = (&on.client, on.key("h"), on.key("missing"));
        client.hset(&key, [("a", 1), ("b", 2), ("c", 3)]).unwrap();
        assert_eq!(client.httl(&key, ["a", "x"]).unwrap(), [Ttl::NoExpiry, Ttl::Missing]);
        assert_eq!(client.hexpire(&key, MINUTE, ["a", "x"]).unwrap(), [Set, Missing]);
        assert!(client.httl(&key, "a").unwrap()[0].duration() > Some(MINUTE / 2));
        let only = ExpireOptions::new();
        assert_eq!(client.hexpire_with(&key, MINUTE, ["a", "b"], only.nx()).unwrap(), [Unchanged, Set]);
        assert_eq!(client.hexpire_with(&key, MINUTE * 2, ["a", "c"], only.xx()).unwrap(), [Set, Unchanged]);
        let time = UNIX_EPOCH + Duration::from_secs(4_000_000_000);
        assert_eq!(client.hexpire_at(&key, time, "a").unwrap(), [Set]);
        assert_eq!(
            client.hexpire_at_with(&key, time - MINUTE, ["a", "b"], only.lt()).unwrap(),
            [Set, Unchanged]
        );
        assert_eq!(
            client.hexpiretime(&key, ["a", "c", "x"]).unwrap(),
            [ExpireTime::At(time - MINUTE), ExpireTime::NoExpiry, ExpireTime::Missing]
        );
        assert_eq!(
            client.hpersist(&key, ["a", "c", "x"]).unwrap(),
            [FieldPersist::Persisted, FieldPersist::NoExpiry, FieldPersist::Missing]
        );
        assert_eq!(client.hexpire_at(&key, UNIX_EPOCH + MINUTE, "a").unwrap(), [Deleted]);
        assert!(!client.hexists(&key, "a").unwrap());

        assert_eq!(client.hexpire(&missing, MINUTE, ["a", "b"]).unwrap(), [Missing, Missing]);
        assert_eq!(client.httl(&missing, "a").unwrap(), [Ttl::Missing]);
        assert_eq!(client.hexpiretime(&missing, "a").unwrap(), [ExpireTime::Missing]);
        assert_eq!(client.hpersist(&missing, "a").unwrap(), [FieldPersist::Missing]);
        assert!(client.hexpire(&key, Duration::ZERO, "b").unwrap_err().is_usage());
        assert!(client.hexpire(&key, MINUTE, [""; 0]).unwrap_err().is_usage());
        client.set(on.key("s"), 1).unwrap();
        wrong_type(client.hexpire(on.key("s"), MINUTE, "a"));
        wrong_type(client.httl(on.key("s"), "a"));
        wrong_type(client.hpersist(on.key("s"), "a"));
    });
}

#[test]
fn get_or_set_with_an_expiry() {
    kit::each(|on| {
        if !on.has("HGETEX", (8, 0), (9, 0)) {
            return;
        }
        let (client, key, missing) = (&on.client, on.key("h"), on.key("missing"));
        assert!(client.hsetex(&key, [(b"a", BINARY), (b"b", b"2")], HSetExOptions::new()).unwrap());
        assert_eq!(client.httl(&key, "a").unwrap(), [Ttl::NoExpiry]);
        let (a, x): (Vec<u8>, Option<String>) = client.hgetex(&key, ["a", "x"], MINUTE).unwrap();
        assert_eq!((&a[..], x), (BINARY, None));
        assert!(client.httl(&key, "a").unwrap()[0].duration() > Some(MINUTE / 2));
        assert_eq!(client.hgetex::<[i64; 1]>(&key, "b", GetExOptions::new()).unwrap(), [2]);
        let later = SystemTime::now() + MINUTE;
        assert_eq!(client.hgetex::<[i64; 1]>(&key, "b", GetExOptions::new().expire_at(later)).unwrap(), [2]);
        assert!(client.hsetex(&key, ("b", 3), HSetExOptions::new().keepttl()).unwrap());
        assert!(client.httl(&key, "b").unwrap()[0].duration().is_some());
        assert_eq!(client.hgetex::<[i64; 1]>(&key, "b", GetExOptions::new().persist()).unwrap(), [3]);
        assert_eq!(client.httl(&key, "b").unwrap(), [Ttl::NoExpiry]);
        assert_eq!(
            client.hgetex::<Vec<Option<String>>>(&missing, ["a", "b"], GetExOptions::new()).unwrap(),
            [None, None]
        );

        assert!(!client.hsetex(&key, [("b", 4), ("new", 4)], HSetExOptions::new().fnx()).unwrap());
        assert!(!client.hsetex(&key, [("b", 4), ("new", 4)], HSetExOptions::new().fxx()).unwrap());
        assert!(client.hsetex(&key, ("new", 4), HSetExOptions::new().fnx().expire(MINUTE)).unwrap());
        assert!(client.hsetex(&key, ("new", 5), HSetExOptions::new().fxx().expire_at(later)).unwrap());
        assert_eq!(client.hmget::<[i64; 2]>(&key, ["b", "new"]).unwrap(), [3, 5]);
        if on.has("HSETEX NX and XX", None, (9, 0)) {
            let (nx, xx) = (HSetExOptions::new().nx(), HSetExOptions::new().xx());
            assert!(!client.hsetex(&key, ("other", 6), nx).unwrap());
            assert!(!client.hsetex(&missing, ("other", 6), xx).unwrap());
            assert!(!client.hsetex(&key, ("new", 6), xx.fnx()).unwrap());
            assert!(client.hsetex(&key, ("other", 6), xx.fnx()).unwrap());
            assert!(client.hsetex(&missing, ("other", 7), nx.expire(MINUTE)).unwrap());
            assert_eq!(client.hmget::<[i64; 2]>(&key, ["new", "other"]).unwrap(), [5, 6]);
            assert!(client.httl(&missing, "other").unwrap()[0].duration().is_some());
        }
        client.set(on.key("s"), 1).unwrap();
        wrong_type(client.hsetex(on.key("s"), ("a", 1), MINUTE));
        wrong_type(client.hgetex::<Vec<Option<String>>>(on.key("s"), "a", MINUTE));
    });
}

#[test]
fn get_and_delete() {
    kit::each(|on| {
        if !on.has("HGETDEL", (8, 0), (9, 1)) {
            return;
        }
        let (client, key) = (&on.client, on.key("h"));
        client.hset(&key, [(BINARY, BINARY), (b"b", b"2")]).unwrap();
        let values: Vec<Option<Vec<u8>>> = client.hgetdel(&key, [BINARY, b"x"]).unwrap();
        assert_eq!(values, [Some(BINARY.to_vec()), None]);
        assert_eq!(client.hgetdel::<(i64,)>(&key, "b").unwrap(), (2,));
        assert_eq!(client.exists(&key).unwrap(), 0);
        assert_eq!(client.hgetdel::<Vec<Option<i64>>>(&key, "b").unwrap(), [None]);
        client.set(on.key("s"), 1).unwrap();
        wrong_type(client.hgetdel::<Vec<Option<i64>>>(on.key("s"), "b"));
    });
}
