//! Strings.

use std::fmt::Debug;
use std::time::{Duration, SystemTime};

use client::{Bytes, GetExOptions, SetOptions, Ttl};

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
        assert_eq!(client.lcs::<String>(&a, on.key("missing")).unwrap(), "");
        assert_eq!(client.lcs_len(&a, on.key("missing")).unwrap(), 0);
        client.hset(on.key("h"), ("f", 1)).unwrap();
        assert!(client.lcs::<String>(&a, on.key("h")).unwrap_err().code().is_some());
    });
}
