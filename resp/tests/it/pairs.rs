//! Pairs in the three spellings of RESP2 and RESP3, and in none of them.

use std::collections::{BTreeMap, HashMap};

use resp::{DecodeOwned, Reply};

type Pairs = Vec<(String, i64)>;

fn reply(bytes: &'static str) -> Reply {
    Reply::from_bytes(bytes).unwrap()
}

/// Checks that it is the pairs, as a list and as maps, and as views.
fn is(bytes: &'static str, pairs: &[(&str, i64)]) {
    let reply = reply(bytes);
    let expected: Pairs = pairs.iter().map(|&(key, value)| (key.to_owned(), value)).collect();
    assert_eq!(reply.decode::<Pairs>().unwrap(), expected, "{bytes:?}");
    assert_eq!(
        reply.decode::<HashMap<String, i64>>().unwrap(),
        expected.iter().cloned().collect(),
        "{bytes:?}"
    );
    assert_eq!(
        reply.decode::<BTreeMap<String, i64>>().unwrap(),
        expected.iter().cloned().collect(),
        "{bytes:?}"
    );
    assert!(reply.view().has_pairs(), "{bytes:?}");
    assert_eq!(reply.view().pairs().count(), pairs.len(), "{bytes:?}");
    for (key, value) in pairs {
        assert_eq!(reply.view().find(key).unwrap().decode::<i64>().unwrap(), *value, "{bytes:?}");
    }
    assert!(reply.view().find("none").is_none());
}

fn refuses<T: DecodeOwned + std::fmt::Debug>(bytes: &'static str, message: &str) {
    assert_eq!(reply(bytes).decode::<T>().unwrap_err().to_string(), message, "{bytes:?}");
}

#[test]
fn three_ways() {
    let pairs = [("a", 1), ("b", 2)];
    is("%2\r\n+a\r\n:1\r\n$1\r\nb\r\n:2\r\n", &pairs);
    is("%?\r\n+a\r\n:1\r\n+b\r\n:2\r\n.\r\n", &pairs);
    is("*4\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n$1\r\n2\r\n", &pairs);
    is("*?\r\n+a\r\n:1\r\n+b\r\n:2\r\n.\r\n", &pairs);
    is("*2\r\n*2\r\n+a\r\n:1\r\n*2\r\n+b\r\n:2\r\n", &pairs);
    is("~2\r\n*2\r\n+a\r\n:1\r\n*2\r\n+b\r\n:2\r\n", &pairs);
    is("%2\r\n|1\r\n+x\r\n+y\r\n+a\r\n:1\r\n+b\r\n|0\r\n:2\r\n", &pairs);
    is("*2\r\n|1\r\n+x\r\n+y\r\n*2\r\n+a\r\n|0\r\n:1\r\n*?\r\n+b\r\n:2\r\n.\r\n", &pairs);
}

#[test]
fn one_pair_and_none() {
    is("%1\r\n+a\r\n:1\r\n", &[("a", 1)]);
    is("*2\r\n+a\r\n:1\r\n", &[("a", 1)]);
    is("*1\r\n*2\r\n+a\r\n:1\r\n", &[("a", 1)]);
    for empty in ["%0\r\n", "*0\r\n", "~0\r\n", "%?\r\n.\r\n", "*?\r\n.\r\n"] {
        is(empty, &[]);
    }
}

#[test]
fn what_has_no_pairs() {
    for (bytes, why) in [
        ("*3\r\n+a\r\n:1\r\n+b\r\n", "found an array of odd length"),
        ("*1\r\n+a\r\n", "found an array of odd length"),
        ("*2\r\n*2\r\n+a\r\n:1\r\n+b\r\n", "found an array not all of whose elements are pairs"),
        (
            "*2\r\n*2\r\n+a\r\n:1\r\n*3\r\n+b\r\n:1\r\n:2\r\n",
            "found an array not all of whose elements are pairs",
        ),
        ("~2\r\n+a\r\n:1\r\n", "found a set"),
        ("~2\r\n*2\r\n+a\r\n:1\r\n:2\r\n", "found a set"),
        (":1\r\n", "found an integer"),
        ("$2\r\nab\r\n", "found a bulk string"),
        ("$?\r\n;1\r\na\r\n;1\r\n1\r\n;0\r\n", "found a streamed string"),
        ("_\r\n", "found null"),
        ("-ERR no\r\n", "found the error ERR no"),
    ] {
        let message = format!("expected pairs, {why}");
        assert!(!reply(bytes).view().has_pairs(), "{bytes:?}");
        refuses::<Pairs>(bytes, &message);
        refuses::<HashMap<String, i64>>(bytes, &message);
        refuses::<BTreeMap<String, i64>>(bytes, &message);
    }
    assert_eq!(reply("~2\r\n+a\r\n:1\r\n").view().pairs().count(), 0);
    assert_eq!(reply("$?\r\n;1\r\na\r\n;1\r\n1\r\n;0\r\n").view().pairs().count(), 0);
    // The last of an odd list is left out, and `has_pairs` tells.
    assert_eq!(reply("*3\r\n+a\r\n:1\r\n+b\r\n").view().pairs().count(), 1);
}

/// A list that begins with a list of two could be flat with a list as its first key: no server sends that.
#[test]
fn a_list_of_two_in_front_makes_a_list_of_lists() {
    let entries = "*2\r\n*2\r\n+1-0\r\n*2\r\n+f\r\n+v\r\n*2\r\n+2-0\r\n*2\r\n+g\r\n+w\r\n";
    let expected = [
        ("1-0".to_owned(), vec![("f".to_owned(), "v".to_owned())]),
        ("2-0".to_owned(), vec![("g".to_owned(), "w".to_owned())]),
    ];
    assert_eq!(reply(entries).decode::<Vec<(String, Vec<(String, String)>)>>().unwrap(), expected);
    // Values that are lists of two do not confuse a flat list, nor keys of that shape a map.
    let flat = reply("*2\r\n+k\r\n*2\r\n:1\r\n:2\r\n").decode::<HashMap<String, (i64, i64)>>().unwrap();
    assert_eq!(flat, HashMap::from([("k".to_owned(), (1, 2))]));
    let map = reply("%1\r\n*2\r\n:1\r\n:2\r\n*2\r\n:3\r\n:4\r\n").decode::<HashMap<(i64, i64), (i64, i64)>>();
    assert_eq!(map.unwrap(), HashMap::from([((1, 2), (3, 4))]));
    // Scores of RESP2 and RESP3.
    for bytes in ["*2\r\n$1\r\na\r\n$3\r\n1.5\r\n", "*1\r\n*2\r\n$1\r\na\r\n,1.5\r\n"] {
        assert_eq!(reply(bytes).decode::<Vec<(String, f64)>>().unwrap(), [("a".to_owned(), 1.5)]);
    }
}

#[test]
fn the_last_of_equal_keys_stays_in_a_map() {
    let twice = reply("%2\r\n+a\r\n:1\r\n+a\r\n:2\r\n");
    assert_eq!(twice.decode::<HashMap<String, i64>>().unwrap()["a"], 2);
    assert_eq!(twice.decode::<Pairs>().unwrap().len(), 2);
    assert_eq!(twice.view().find("a").unwrap().as_integer(), Some(1));
}
