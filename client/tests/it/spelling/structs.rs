//! How structs are spelt as hashes, and what becomes of replies that are none.

use std::collections::BTreeMap;

use client::{Build, Json, fields};
use serde::Serialize;

use super::{check, decodes, fails, refused};

#[derive(Serialize)]
struct User {
    name: &'static str,
    email: Option<&'static str>,
}

type Map = BTreeMap<String, i64>;

#[test]
fn structs() {
    let (b, user) = (Build::new(), User { name: "Ada", email: None });
    check(b.hset_all("h", &user), "HSET h name Ada", "h");
    check(b.hset_all("h", &User { email: Some(""), ..user }), "HSET h name Ada email ", "h");
    check(b.hset_all("h", &[("a", true)][..]), "HSET h a 1", "h");
    check(b.xadd("s", fields(&BTreeMap::from([("a", 1.5)]))), "XADD s * a 1.5", "s");
    check(b.mset(fields(&[("a", 1)])), "MSET a 1", "a");
    check(b.set("k", Json([1, 2])), "SET k [1,2]", "k");
    check(b.mset([("k", Json("v"))]), "MSET k \"v\"", "k");
    check(b.hgetall_as::<Map>("h"), "HGETALL h", "h");

    refused(b.hset_all("h", &()), "expected a struct or a map, found nothing");
    refused(b.hset_all("h", &Map::new()), "needs at least one pair");
    refused(b.xadd("s", fields(&[("a", [1])])), "argument 1: expected one argument, found a list");
    let map = || b.hgetall_as::<Map>("h");
    for none in ["*0\r\n", "%0\r\n", "*-1\r\n", "_\r\n", "$-1\r\n"] {
        decodes(map(), none, None);
    }
    for some in ["*2\r\n$1\r\na\r\n$1\r\n7\r\n", "%1\r\n+a\r\n:7\r\n"] {
        decodes(map(), some, Some(Map::from([("a".into(), 7)])));
    }
    fails(map(), ":0\r\n", "expected pairs, found an integer");
    fails(map(), "*1\r\n+a\r\n", "expected pairs, found an array of odd length");
}
