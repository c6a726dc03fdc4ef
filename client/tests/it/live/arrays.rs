//! Arrays.

use std::fmt::Debug;

use client::{ArrayBound, ArrayMatch, ArraySearch, KeyType};

use crate::kit::{self, Subject};

const BINARY: &[u8] = b"\0\xff\r\n";
/// The last index there is.
const LAST: u64 = u64::MAX - 1;

#[track_caller]
fn wrong_type<R: Debug>(result: client::Result<R>) {
    assert_eq!(result.unwrap_err().code(), Some("WRONGTYPE"));
}

fn has_arrays(on: &Subject) -> bool {
    on.has("ARSET", (8, 8), None)
}

#[test]
fn values_at_indices() {
    kit::each(|on| {
        if !has_arrays(on) {
            return;
        }
        let (client, key, missing) = (&on.client, on.key("a"), on.key("missing"));
        assert_eq!(client.arset(&key, 5, [b"x", BINARY]).unwrap(), 2);
        assert_eq!(client.arset(&key, 6, [BINARY, b"z"]).unwrap(), 1);
        assert_eq!(client.armset(&key, [(LAST, "end"), (5, "new")]).unwrap(), 1);
        assert_eq!(client.key_type(&key).unwrap(), KeyType::Array);
        assert_eq!(client.arget::<Vec<u8>>(&key, 6).unwrap().unwrap(), BINARY);
        assert_eq!(client.arget::<String>(&key, LAST).unwrap().as_deref(), Some("end"));
        assert_eq!(client.arget::<String>(&key, 8).unwrap(), None);
        let (five, none): (String, Option<String>) = client.armget(&key, [5, 0]).unwrap();
        assert_eq!((&*five, none), ("new", None));
        let (new, z) = (Some(b"new".to_vec()), Some(b"z".to_vec()));
        let range: Vec<Option<Vec<u8>>> = client.argetrange(&key, 4, 7).unwrap();
        assert_eq!(range, [None, new.clone(), Some(BINARY.to_vec()), z.clone()]);
        assert_eq!(client.argetrange::<Vec<u8>>(&key, 8, 7).unwrap(), [None, z]);
        assert_eq!(client.arlen(&key).unwrap(), u64::MAX);
        assert_eq!(client.arcount(&key).unwrap(), 4);
        assert_eq!(client.arset(&key, LAST, ["a", "b"]).unwrap_err().code(), Some("ERR"));
        assert_eq!(client.arget::<String>(&key, u64::MAX).unwrap_err().code(), Some("ERR"));
        assert_eq!(client.argetrange::<String>(&key, 0, 1_000_000).unwrap_err().code(), Some("ERR"));

        assert_eq!(client.ardel(&key, [LAST, 0]).unwrap(), 1);
        assert_eq!(client.arlen(&key).unwrap(), 8);
        assert_eq!(client.ardelrange(&key, [(7, 6), (100, 200)]).unwrap(), 2);
        assert_eq!(client.ardel(&key, 5).unwrap(), 1);
        assert_eq!(client.exists(&key).unwrap(), 0);

        assert_eq!(client.arget::<String>(&missing, 5).unwrap(), None);
        assert_eq!(client.armget::<Vec<Option<String>>>(&missing, [0, 1]).unwrap(), [None, None]);
        assert_eq!(client.argetrange::<String>(&missing, 0, 1).unwrap(), [None, None]);
        assert_eq!((client.arlen(&missing).unwrap(), client.arcount(&missing).unwrap()), (0, 0));
        assert_eq!(client.ardel(&missing, 5).unwrap(), 0);
        assert_eq!(client.ardelrange(&missing, (0, LAST)).unwrap(), 0);
        client.set(on.key("s"), 1).unwrap();
        wrong_type(client.arset(on.key("s"), 0, "x"));
        wrong_type(client.arget::<String>(on.key("s"), 0));
        wrong_type(client.arlen(on.key("s")));
        wrong_type(client.ardel(on.key("s"), 0));
    });
}

#[test]
fn insertions_and_rings() {
    kit::each(|on| {
        if !has_arrays(on) {
            return;
        }
        let (client, key, ring, missing) = (&on.client, on.key("a"), on.key("ring"), on.key("missing"));
        assert_eq!(client.arnext(&key).unwrap(), Some(0));
        assert_eq!(client.arinsert(&key, [b"a", BINARY]).unwrap(), 1);
        assert_eq!(client.arnext(&key).unwrap(), Some(2));
        assert!(client.arseek(&key, LAST).unwrap());
        assert_eq!(client.arinsert(&key, "end").unwrap(), LAST);
        assert_eq!(client.arnext(&key).unwrap(), None);
        assert_eq!(client.arinsert(&key, "more").unwrap_err().code(), Some("ERR"));
        assert!(client.arseek(&key, u64::MAX).unwrap());
        assert!(!client.arseek(&missing, 5).unwrap());

        assert_eq!(client.arring(&ring, 3, [1, 2, 3, 4]).unwrap(), 0);
        assert_eq!(client.argetrange::<i64>(&ring, 0, 3).unwrap(), [Some(4), Some(2), Some(3), None]);
        assert_eq!(client.arlastitems::<i64>(&ring, usize::MAX).unwrap(), [Some(2), Some(3), Some(4)]);
        assert_eq!(client.arlastitems_rev::<i64>(&ring, 2).unwrap(), [Some(4), Some(3)]);
        let holes = on.key("holes");
        client.arinsert(&holes, [1, 2, 3, 4]).unwrap();
        client.ardel(&holes, 2).unwrap();
        assert_eq!(client.arlastitems::<i64>(&holes, 3).unwrap(), [Some(2), None, Some(4)]);
        assert_eq!(client.arring(&ring, 2, 5).unwrap(), 0);
        assert_eq!(client.arlastitems::<i64>(&ring, 9).unwrap(), [Some(4), Some(5)]);
        assert_eq!(client.arring(&ring, u64::MAX, 6).unwrap(), 2);
        assert!(client.arlastitems::<i64>(&ring, 0).unwrap().is_empty());
        assert!(client.arlastitems_rev::<i64>(&missing, 5).unwrap().is_empty());
        client.set(on.key("s"), 1).unwrap();
        wrong_type(client.arinsert(on.key("s"), 1));
        wrong_type(client.arring(on.key("s"), 3, 1));
        wrong_type(client.arnext(on.key("s")));
        wrong_type(client.arseek(on.key("s"), 1));
        wrong_type(client.arlastitems::<i64>(on.key("s"), 1));
    });
}

#[test]
fn searches() {
    kit::each(|on| {
        if !has_arrays(on) {
            return;
        }
        let (client, key, missing) = (&on.client, on.key("a"), on.key("missing"));
        client.armset(&key, [(1, &b"GET a"[..]), (3, b"SET b"), (4, BINARY), (LAST, b"get c")]).unwrap();
        let all: Vec<(u64, Vec<u8>)> = client.arscan(&key, 0, LAST).unwrap();
        assert_eq!(all.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [1, 3, 4, LAST]);
        assert_eq!(all[2].1, BINARY);
        let back: Vec<(u64, Vec<u8>)> = client.arscan_limit(&key, LAST, 0, 2).unwrap();
        assert_eq!(back, [(LAST, b"get c".to_vec()), (4, BINARY.to_vec())]);
        assert!(client.arscan::<String>(&missing, 0, LAST).unwrap().is_empty());

        let (first, last) = (ArrayBound::First, ArrayBound::Last);
        let find = |search: ArraySearch<'_>| client.argrep(&key, first, last, search).unwrap();
        assert_eq!(find(ArrayMatch::glob("GET *").into()), [1]);
        assert_eq!(find(ArraySearch::from(ArrayMatch::glob("GET *")).nocase()), [1, LAST]);
        assert_eq!(find(ArrayMatch::exact(BINARY).into()), [4]);
        assert_eq!(find(ArrayMatch::contains("ET").into()), [1, 3]);
        assert_eq!(find(ArrayMatch::regex("^.ET [a-b]$").into()), [1, 3]);
        let both = [ArrayMatch::contains("get"), ArrayMatch::contains("b")];
        assert_eq!(find(ArraySearch::any(&both)), [3, LAST]);
        assert_eq!(find(ArraySearch::any(&both).nocase().limit(2)), [1, 3]);
        assert!(find(ArraySearch::all(&both)).is_empty());
        assert_eq!(client.argrep(&key, last, 2, ArrayMatch::contains("b")).unwrap(), [3]);
        let found: Vec<(u64, String)> =
            client.argrep_with_values(&key, last, first, ArrayMatch::regex("[ac]$")).unwrap();
        assert_eq!(found, [(LAST, "get c".to_owned()), (1, "GET a".to_owned())]);
        assert!(client.argrep(&missing, first, last, both[0]).unwrap().is_empty());
        let broken = client.argrep(&key, first, last, ArrayMatch::regex("("));
        assert_eq!(broken.unwrap_err().code(), Some("ERR"));
        client.set(on.key("s"), 1).unwrap();
        wrong_type(client.arscan::<String>(on.key("s"), 0, 1));
        wrong_type(client.argrep(on.key("s"), first, last, both[0]));
    });
}

#[test]
fn sums() {
    kit::each(|on| {
        if !has_arrays(on) {
            return;
        }
        let (client, key, missing) = (&on.client, on.key("a"), on.key("missing"));
        client.arset(&key, 0, [&b"6"[..], b"2.5", b"-3", BINARY, b"6"]).unwrap();
        assert_eq!(client.arop_sum(&key, 0, LAST).unwrap(), Some(11.5));
        assert_eq!(client.arop_min(&key, LAST, 0).unwrap(), Some(-3.0));
        assert_eq!(client.arop_max(&key, 0, 9).unwrap(), Some(6.0));
        assert_eq!(client.arop_and(&key, 0, 1).unwrap(), Some(2));
        assert_eq!(client.arop_or(&key, 0, 2).unwrap(), Some(-1));
        assert_eq!(client.arop_xor(&key, 0, 1).unwrap(), Some(4));
        assert_eq!(client.arop_match(&key, 0, 9, 6).unwrap(), 2);
        assert_eq!(client.arop_match(&key, 0, 9, BINARY).unwrap(), 1);
        assert_eq!(client.arop_used(&key, 1, LAST).unwrap(), 4);
        assert_eq!(client.arop_sum(&key, 3, 3).unwrap(), None);
        assert_eq!(client.arop_max(&key, 3, 3).unwrap(), None);
        assert_eq!(client.arop_and(&key, 3, 3).unwrap(), None);
        assert_eq!(client.arop_min(&missing, 0, 9).unwrap(), None);
        assert_eq!(client.arop_xor(&missing, 0, 9).unwrap(), None);
        assert_eq!(client.arop_match(&missing, 0, 9, 6).unwrap(), 0);
        assert_eq!(client.arop_used(&missing, 0, 9).unwrap(), 0);
        client.arset(&key, 0, [i64::MAX; 2]).unwrap();
        assert_eq!(client.arop_sum(&key, 0, 1).unwrap(), Some(18_446_744_073_709_551_616.0));
        client.set(on.key("s"), 1).unwrap();
        wrong_type(client.arop_sum(on.key("s"), 0, 1));
        wrong_type(client.arop_used(on.key("s"), 0, 1));
    });
}

#[test]
fn what_the_server_knows() {
    kit::each(|on| {
        if !has_arrays(on) {
            return;
        }
        let (client, key, missing) = (&on.client, on.key("a"), on.key("missing"));
        client.armset(&key, [(0, "a"), (LAST, "b")]).unwrap();
        let info = client.arinfo(&key).unwrap();
        assert_eq!((info.count, info.len, info.slices), (2, u64::MAX, 2));
        assert_eq!((info.dense_slices, info.get::<u64>("slice-size")), (None, Some(4096)));
        let info = client.arinfo_full(&key).unwrap();
        assert_eq!(info.dense_slices.unwrap() + info.sparse_slices.unwrap(), info.slices);
        assert!(info.get::<f64>("avg-sparse-size").is_some());
        assert_eq!(client.arinfo(&missing).unwrap_err().code(), Some("ERR"));
        client.set(on.key("s"), 1).unwrap();
        wrong_type(client.arinfo_full(on.key("s")));
    });
}
