//! Strings.

use std::fmt::Debug;
use std::time::{Duration, SystemTime};

use client::{Bytes, Digest, GetExOptions, IfValue, IncrExOptions, MSetExOptions, SetOptions, Ttl};

use crate::kit;

const BINARY: &[u8] = b"\0\xff\r\n";

#[track_caller]
fn wrong_type<R: Debug>(result: client::Result<R>) {
    assert_eq!(result.unwrap_err().code(), Some("WRONGTYPE"));
}

#[test]
fn get_and_set() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("s"));
        assert_eq!(client.get::<String>(&key).unwrap(), None);
        client.set(&key, BINARY).unwrap();
        assert_eq!(client.get::<Vec<u8>>(&key).unwrap().unwrap(), BINARY);
        assert_eq!(client.get::<Bytes>(&key).unwrap().unwrap(), BINARY);
        assert!(client.get::<String>(&key).unwrap_err().is_decode());
        assert!(!client.set_with(&key, 1, SetOptions::new().nx()).unwrap());
        assert!(client.set_with(&key, 1, Duration::from_secs(100)).unwrap());
        assert_eq!(client.set_get::<i64>(&key, 2, SetOptions::new().keepttl()).unwrap(), Some(1));
        assert_eq!(client.get::<i64>(&key).unwrap(), Some(2));
        assert!(client.ttl(&key).unwrap().duration().is_some());
        client.set(&key, "").unwrap();
        assert_eq!(client.ttl(&key).unwrap(), Ttl::NoExpiry);
        assert_eq!(client.get::<String>(&key).unwrap().as_deref(), Some(""));
        assert!(!client.set_with(on.key("missing"), 1, SetOptions::new().xx()).unwrap());
        let later = SystemTime::now() + Duration::from_secs(100);
        assert!(client.set_with(&key, 1, SetOptions::new().xx().expire_at(later)).unwrap());
        assert!(client.ttl(&key).unwrap().duration() > Some(Duration::from_secs(50)));
    });
}

#[test]
fn a_key_may_be_any_bytes() {
    kit::each(|on| {
        let (client, mut key) = (&on.client, on.key("").into_bytes());
        key.extend_from_slice(BINARY);
        client.set(&key, 1).unwrap();
        assert_eq!(client.incr(&key).unwrap(), 2);
        assert_eq!(client.mget::<(i64,)>([&key]).unwrap(), (2,));
        assert_eq!(client.del([&key]).unwrap(), 1);
    });
}

#[test]
fn set_with_get_and_nx_returns_what_is_there() {
    kit::each(|on| {
        if !on.has("SET … NX GET", (7, 0), (7, 2)) {
            return;
        }
        let (client, key, nx) = (&on.client, on.key("s"), SetOptions::new().nx());
        assert_eq!(client.set_get::<i64>(&key, 1, nx).unwrap(), None);
        assert_eq!(client.set_get::<i64>(&key, 2, nx).unwrap(), Some(1));
        assert_eq!(client.get::<i64>(&key).unwrap(), Some(1));
    });
}

#[test]
fn get_and_do_something_else() {
    kit::each(|on| {
        if !on.has("GETEX", (6, 2), (7, 2)) {
            return;
        }
        let (client, key, missing) = (&on.client, on.key("s"), on.key("missing"));
        client.set(&key, BINARY).unwrap();
        let value = |options: GetExOptions| client.getex::<Vec<u8>>(&key, options).unwrap().unwrap();
        assert_eq!(value(Duration::from_secs(100).into()), BINARY);
        assert!(client.ttl(&key).unwrap().duration() > Some(Duration::from_secs(50)));
        assert_eq!(value(GetExOptions::new()), BINARY);
        assert!(client.ttl(&key).unwrap().duration().is_some());
        assert_eq!(value(GetExOptions::new().persist()), BINARY);
        assert_eq!(client.ttl(&key).unwrap(), Ttl::NoExpiry);
        assert_eq!(
            value(GetExOptions::new().expire_at(SystemTime::now() + Duration::from_secs(100))),
            BINARY
        );
        assert!(client.ttl(&key).unwrap().duration().is_some());
        assert_eq!(client.getex::<String>(&missing, GetExOptions::new()).unwrap(), None);

        assert_eq!(client.getdel::<Vec<u8>>(&key).unwrap().unwrap(), BINARY);
        assert_eq!(client.getdel::<Vec<u8>>(&key).unwrap(), None);
        client.hset(&key, ("f", 1)).unwrap();
        wrong_type(client.getdel::<String>(&key));
        wrong_type(client.getex::<String>(&key, GetExOptions::new()));
    });
}

#[test]
fn parts() {
    kit::each(|on| {
        let (client, key, missing) = (&on.client, on.key("s"), on.key("missing"));
        assert_eq!(client.append(&key, "Hello").unwrap(), 5);
        assert_eq!(client.append(&key, b"\0\xff").unwrap(), 7);
        assert_eq!(client.strlen(&key).unwrap(), 7);
        assert_eq!(client.getrange::<String>(&key, 1, 3).unwrap(), "ell");
        assert_eq!(client.getrange::<Vec<u8>>(&key, -2, -1).unwrap(), b"\0\xff");
        assert_eq!(client.getrange::<String>(&key, 5, 2).unwrap(), "");
        assert_eq!(client.setrange(&key, 5, "!").unwrap(), 7);
        assert_eq!(client.get::<Vec<u8>>(&key).unwrap().unwrap(), b"Hello!\xff");

        assert_eq!(client.strlen(&missing).unwrap(), 0);
        assert_eq!(client.getrange::<String>(&missing, 0, -1).unwrap(), "");
        assert_eq!(client.setrange(&missing, 2, "x").unwrap(), 3);
        assert_eq!(client.get::<Vec<u8>>(&missing).unwrap().unwrap(), b"\0\0x");
        assert_eq!(client.setrange(&key, u64::MAX, "x").unwrap_err().code(), Some("ERR"));

        let hash = on.key("h");
        client.hset(&hash, ("f", 1)).unwrap();
        wrong_type(client.append(&hash, "x"));
        wrong_type(client.strlen(&hash));
        wrong_type(client.getrange::<String>(&hash, 0, -1));
        wrong_type(client.setrange(&hash, 0, "x"));
    });
}

#[test]
fn counters() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("n"));
        assert_eq!(client.incr(&key).unwrap(), 1);
        assert_eq!(client.incrby(&key, 10).unwrap(), 11);
        assert_eq!(client.incrby(&key, -1).unwrap(), 10);
        assert_eq!(client.decr(&key).unwrap(), 9);
        assert_eq!(client.decrby(&key, -1).unwrap(), 10);
        assert_eq!(client.decrby(on.key("new"), 3).unwrap(), -3);
        assert_eq!(client.incrby(on.key("max"), i64::MAX).unwrap(), i64::MAX);
        assert_eq!(client.incr(on.key("max")).unwrap_err().code(), Some("ERR"));
        assert_eq!(client.incrbyfloat(&key, 0.5).unwrap(), 10.5);
        assert_eq!(client.incrbyfloat(&key, -5e2).unwrap(), -489.5);
        assert_eq!(client.incrbyfloat(on.key("float"), 1e-300).unwrap(), 0.0); // the server keeps 17 digits
        assert_eq!(client.incr(&key).unwrap_err().code(), Some("ERR"));
        assert!(client.incrbyfloat(&key, f64::NAN).unwrap_err().is_usage());
        assert_eq!(client.get::<f64>(&key).unwrap(), Some(-489.5));
        client.hset(on.key("h"), ("f", 1)).unwrap();
        wrong_type(client.incr(on.key("h")));
        wrong_type(client.incrbyfloat(on.key("h"), 1.0));
    });
}

#[test]
fn several_at_once() {
    kit::each(|on| {
        let (client, a, b, hash) = (&on.client, on.key("a"), on.key("b"), on.key("h"));
        client.mset([(&a, BINARY), (&b, b"2")]).unwrap();
        client.hset(&hash, ("f", 1)).unwrap();
        let list: Vec<Option<Vec<u8>>> = client.mget([&a, &b, &hash, &on.key("missing")]).unwrap();
        assert_eq!(list, [Some(BINARY.to_vec()), Some(b"2".to_vec()), None, None]);
        let (bytes, number): (Bytes, i64) = client.mget([&a, &b]).unwrap();
        assert_eq!((&bytes[..], number), (BINARY, 2));
        assert!(client.mget::<Vec<i64>>([&b, &hash]).unwrap_err().is_decode());

        assert!(!client.msetnx([(&a, 1), (&on.key("c"), 2)]).unwrap());
        assert!(client.msetnx([(&on.key("c"), 1), (&on.key("d"), 2)]).unwrap());
        assert_eq!(client.mget::<[i64; 2]>([on.key("c"), on.key("d")]).unwrap(), [1, 2]);
        assert!(client.mset([("", ""); 0]).unwrap_err().is_usage());
        assert!(client.mget::<Vec<String>>([""; 0]).unwrap_err().is_usage());
    });
}

#[test]
fn common_subsequence() {
    kit::each(|on| {
        if !on.has("LCS", (7, 0), (7, 2)) {
            return;
        }
        let (client, a, b) = (&on.client, on.key("a"), on.key("b"));
        client.mset([(&a, b"ohmy\xfftext"), (&b, b"my\xffnewtex")]).unwrap();
        assert_eq!(client.lcs::<Vec<u8>>(&a, &b).unwrap(), b"my\xfftex");
        assert_eq!(client.lcs_len(&a, &b).unwrap(), 6);
        let common = client.lcs_idx(&a, &b, 0).unwrap();
        assert_eq!(common.len, 6);
        assert_eq!(common.matches.iter().map(|m| m.first.clone().count()).sum::<usize>(), 6);
        assert!(common.matches.iter().all(|m| m.first.clone().count() == m.second.clone().count()));
        assert!(common.matches.windows(2).all(|pair| pair[0].first.start() > pair[1].first.end()));
        assert!(client.lcs_idx(&a, &b, usize::MAX).unwrap().matches.is_empty());
        assert_eq!(client.lcs_idx(&a, on.key("missing"), 0).unwrap().len, 0);
        assert_eq!(client.lcs::<String>(&a, on.key("missing")).unwrap(), "");
        assert_eq!(client.lcs_len(&a, on.key("missing")).unwrap(), 0);
        client.hset(on.key("h"), ("f", 1)).unwrap();
        assert!(client.lcs::<String>(&a, on.key("h")).unwrap_err().code().is_some());
        assert!(client.lcs_idx(&a, on.key("h"), 0).unwrap_err().code().is_some());
    });
}

#[test]
fn set_if_the_value_is_another() {
    kit::each(|on| {
        if !on.has("SET … IFEQ", (8, 4), (8, 1)) {
            return;
        }
        let (client, key, missing) = (&on.client, on.key("s"), on.key("missing"));
        client.set(&key, BINARY).unwrap();
        assert!(!client.set_with(&key, 1, IfValue::is("x")).unwrap());
        let kept = SetOptions::new().when(IfValue::is(BINARY)).expire(Duration::from_secs(100));
        assert_eq!(client.set_get::<Vec<u8>>(&key, "new", kept).unwrap().unwrap(), BINARY);
        assert!(client.ttl(&key).unwrap().duration() > Some(Duration::from_secs(50)));
        assert!(!client.set_with(&missing, 1, IfValue::is("")).unwrap());
        assert_eq!(client.get::<String>(&key).unwrap().as_deref(), Some("new"));
        client.rpush(on.key("l"), 1).unwrap();
        wrong_type(client.set_with(on.key("l"), 1, IfValue::is("1")));
    });
}

#[test]
fn digests() {
    kit::each(|on| {
        if !on.has("DIGEST", (8, 4), None) {
            return;
        }
        let (client, key, missing) = (&on.client, on.key("s"), on.key("missing"));
        client.set(&key, "").unwrap();
        let empty = Digest(0x2d06_8005_38d3_94c2); // XXH3 of no bytes, by its own test vectors
        assert_eq!(client.digest(&key).unwrap(), Some(empty));
        assert_eq!(client.digest(&missing).unwrap(), None);
        assert!(client.set_with(&key, BINARY, IfValue::HasDigest(empty)).unwrap());
        assert!(!client.set_with(&key, 1, IfValue::HasDigest(empty)).unwrap());
        assert!(!client.set_with(&key, 1, IfValue::is_not(BINARY)).unwrap());
        assert!(client.set_with(&key, 1, IfValue::is_not("x")).unwrap());
        assert!(client.set_with(&missing, 1, IfValue::is_not("x")).unwrap());
        assert!(client.set_with(on.key("other"), 1, IfValue::HasNotDigest(empty)).unwrap());

        let digest = client.digest(&key).unwrap().unwrap();
        assert!(!client.delex(&key, IfValue::HasNotDigest(digest)).unwrap());
        assert!(!client.delex(&key, IfValue::HasDigest(empty)).unwrap());
        assert!(!client.delex(&key, IfValue::is_not("1")).unwrap());
        assert!(client.delex(&key, IfValue::is("1")).unwrap());
        assert!(!client.delex(&key, IfValue::is("1")).unwrap());
        assert!(client.delex(&missing, IfValue::HasDigest(digest)).unwrap());
        assert!(!client.delex(&missing, IfValue::is_not("x")).unwrap());
        client.rpush(on.key("l"), 1).unwrap();
        wrong_type(client.digest(on.key("l")));
        assert_eq!(client.delex(on.key("l"), IfValue::is("1")).unwrap_err().code(), Some("ERR"));
    });
}

#[test]
fn delete_if_it_is_this() {
    kit::each(|on| {
        if !on.has("DELIFEQ", None, (9, 0)) {
            return;
        }
        let (client, key) = (&on.client, on.key("s"));
        client.set(&key, BINARY).unwrap();
        assert!(!client.delifeq(&key, "x").unwrap());
        assert!(client.delifeq(&key, BINARY).unwrap());
        assert!(!client.delifeq(&key, BINARY).unwrap());
        client.rpush(&key, 1).unwrap();
        wrong_type(client.delifeq(&key, 1));
    });
}

#[test]
fn several_keys_with_one_expiry() {
    kit::each(|on| {
        if !on.has("MSETEX", (8, 4), (9, 1)) {
            return;
        }
        let (client, a, b) = (&on.client, on.key("a"), on.key("b"));
        let set = |options: MSetExOptions| client.msetex([(&a, BINARY), (&b, b"2")], options).unwrap();
        assert!(!set(MSetExOptions::new().xx()));
        assert!(set(MSetExOptions::new().nx().expire(Duration::from_secs(100))));
        assert!(!set(MSetExOptions::new().nx()));
        assert!(client.ttl(&b).unwrap().duration() > Some(Duration::from_secs(50)));
        assert!(set(MSetExOptions::new().keepttl().xx()));
        assert!(client.ttl(&a).unwrap().duration().is_some());
        assert_eq!(client.mget::<(Vec<u8>, i64)>([&a, &b]).unwrap(), (BINARY.to_vec(), 2));
        assert!(set(MSetExOptions::new()));
        assert_eq!(client.ttl(&a).unwrap(), Ttl::NoExpiry);
        assert!(set(MSetExOptions::new().expire_at(SystemTime::now() + Duration::from_secs(100))));
        assert!(client.ttl(&a).unwrap().duration() > Some(Duration::from_secs(50)));
        client.del(&a).unwrap();
        client.rpush(&a, 1).unwrap();
        assert!(set(MSetExOptions::new())); // as SET does, whatever was there
        assert_eq!(client.get::<Vec<u8>>(&a).unwrap().unwrap(), BINARY);
    });
}

#[test]
fn counters_with_bounds() {
    kit::each(|on| {
        if !on.has("INCREX", (8, 8), None) {
            return;
        }
        let (client, key) = (&on.client, on.key("n"));
        let add = |amount: i64, options: IncrExOptions<i64>| {
            let added = client.increx(&key, amount, options).unwrap();
            (added.value, added.applied)
        };
        let none = IncrExOptions::new();
        assert_eq!(add(5, none), (5, 5));
        assert_eq!(add(5, none.ubound(7)), (5, 0));
        assert_eq!(add(5, none.ubound(7).saturate()), (7, 2));
        assert_eq!(add(-10, none.lbound(0).ubound(7).saturate()), (0, -7));
        assert_eq!(client.ttl(&key).unwrap(), Ttl::NoExpiry);
        assert_eq!(add(1, Duration::from_secs(100).into()), (1, 1));
        assert_eq!(add(1, none.expire(Duration::from_secs(1_000)).enx()), (2, 1));
        let left = client.ttl(&key).unwrap().duration();
        assert!(left > Some(Duration::from_secs(50)) && left <= Some(Duration::from_secs(100)));
        assert_eq!(add(1, none.expire_at(SystemTime::now() + Duration::from_secs(1_000))), (3, 1));
        assert!(client.ttl(&key).unwrap().duration() > Some(Duration::from_secs(500)));
        assert_eq!(add(1, none.persist()), (4, 1));
        assert_eq!(client.ttl(&key).unwrap(), Ttl::NoExpiry);
        assert_eq!(add(i64::MAX, none), (4, 0));
        assert_eq!(add(i64::MAX, none.saturate()), (i64::MAX, i64::MAX - 4));

        client.set(&key, "1.5").unwrap();
        let full = IncrExOptions::new().ubound(2.25);
        let added = client.increx_float(&key, 1, full).unwrap();
        assert_eq!((added.value, added.applied), (1.5, 0.0));
        let added = client.increx_float(&key, 1, full.saturate()).unwrap();
        assert_eq!((added.value, added.applied), (2.25, 0.75));
        assert!(client.increx(&key, 1, none).is_err()); // 2.25 is no integer
        client.rpush(on.key("l"), 1).unwrap();
        wrong_type(client.increx(on.key("l"), 1, none));
    });
}
