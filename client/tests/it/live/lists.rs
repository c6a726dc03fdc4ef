//! Lists.

use std::fmt::Debug;
use std::thread;
use std::time::{Duration, Instant};

use client::{Client, Config, End, LmovemOptions, LposOptions, Timeout};

use crate::kit;

const SHORT: Duration = Duration::from_millis(20);
const LONG: Duration = Duration::from_secs(20);

#[track_caller]
fn wrong_type<R: Debug>(result: client::Result<R>) {
    assert_eq!(result.unwrap_err().code(), Some("WRONGTYPE"));
}

#[test]
fn push_and_pop() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("l"));
        assert_eq!(client.lpushx(&key, "x").unwrap(), 0);
        assert_eq!(client.rpushx(&key, "x").unwrap(), 0);
        assert_eq!(client.rpush(&key, "b").unwrap(), 1);
        assert_eq!(client.lpush(&key, [&b"a"[..], b"\0\xff\r\n"]).unwrap(), 3);
        assert_eq!(client.lpushx(&key, vec![1, 2]).unwrap(), 5);
        assert_eq!(client.rpushx(&key, [3.5]).unwrap(), 6);
        let all: Vec<Vec<u8>> = client.lrange(&key, 0, -1).unwrap();
        assert_eq!(all, [&b"2"[..], b"1", b"\0\xff\r\n", b"a", b"b", b"3.5"]);
        assert_eq!(client.llen(&key).unwrap(), 6);

        assert_eq!(client.lpop::<i64>(&key).unwrap(), Some(2));
        assert_eq!(client.rpop::<f64>(&key).unwrap(), Some(3.5));
        assert_eq!(client.lpop_count::<Vec<u8>>(&key, 2).unwrap(), [&b"1"[..], b"\0\xff\r\n"]);
        assert_eq!(client.rpop_count::<String>(&key, usize::MAX).unwrap(), ["b", "a"]);
        assert_eq!(client.lpop::<i64>(&key).unwrap(), None);
        assert_eq!(client.rpop::<i64>(&key).unwrap(), None);
        assert!(client.lpop_count::<i64>(&key, 2).unwrap().is_empty());
        assert!(client.rpop_count::<i64>(&key, 2).unwrap().is_empty());
        assert_eq!(client.llen(&key).unwrap(), 0);
    });
}

#[test]
fn a_count_of_zero_pops_nothing() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("l"));
        assert!(client.lpop_count::<i64>(&key, 0).unwrap().is_empty());
        client.rpush(&key, [1, 2]).unwrap();
        assert!(client.lpop_count::<i64>(&key, 0).unwrap().is_empty());
        assert!(client.rpop_count::<i64>(&key, 0).unwrap().is_empty());
        assert_eq!(client.llen(&key).unwrap(), 2);
    });
}

#[test]
fn places() {
    kit::each(|on| {
        let (client, key, missing) = (&on.client, on.key("l"), on.key("missing"));
        client.rpush(&key, ["a", "b", "c", "b", "d"]).unwrap();
        assert_eq!(client.lrange::<String>(&key, 1, 2).unwrap(), ["b", "c"]);
        assert_eq!(client.lrange::<String>(&key, -2, 100).unwrap(), ["b", "d"]);
        assert!(client.lrange::<String>(&key, 3, 2).unwrap().is_empty());
        assert!(client.lrange::<String>(&missing, 0, -1).unwrap().is_empty());
        assert_eq!(client.lindex::<String>(&key, 0).unwrap().as_deref(), Some("a"));
        assert_eq!(client.lindex::<String>(&key, -1).unwrap().as_deref(), Some("d"));
        assert_eq!(client.lindex::<String>(&key, 5).unwrap(), None);
        assert_eq!(client.lindex::<String>(&missing, 0).unwrap(), None);

        assert_eq!(client.lpos(&key, "b").unwrap(), Some(1));
        assert_eq!(client.lpos(&key, "x").unwrap(), None);
        assert_eq!(client.lpos(&missing, "x").unwrap(), None);
        let options = LposOptions::new();
        assert_eq!(client.lpos_with(&key, "b", options.rank(2)).unwrap(), Some(3));
        assert_eq!(client.lpos_with(&key, "b", options.rank(3)).unwrap(), None);
        assert_eq!(client.lpos_with(&key, "b", options.rank(-1)).unwrap(), Some(3));
        assert_eq!(client.lpos_with(&key, "d", options.maxlen(4)).unwrap(), None);
        assert_eq!(client.lpos_count(&key, "b", 0, options).unwrap(), [1, 3]);
        assert_eq!(client.lpos_count(&key, "b", usize::MAX, options.maxlen(usize::MAX)).unwrap(), [1, 3]);
        assert_eq!(client.lpos_count(&key, "b", 1, options.rank(-1)).unwrap(), [3]);
        assert_eq!(client.lpos_count(&key, "x", 1, options).unwrap(), [0; 0]);
        assert_eq!(client.lpos_count(&missing, "x", 1, options).unwrap(), [0; 0]);
        assert!(client.lpos_with(&key, "b", options.rank(0)).unwrap_err().is_usage());
    });
}

#[test]
fn changes() {
    kit::each(|on| {
        let (client, key, missing) = (&on.client, on.key("l"), on.key("missing"));
        client.rpush(&key, ["a", "c"]).unwrap();
        assert_eq!(client.linsert_before(&key, "c", "b").unwrap(), Some(3));
        assert_eq!(client.linsert_after(&key, "c", b"\xff").unwrap(), Some(4));
        assert_eq!(client.linsert_before(&key, "x", "y").unwrap(), None);
        assert_eq!(client.linsert_after(&key, "x", "y").unwrap(), None);
        assert_eq!(client.linsert_before(&missing, "x", "y").unwrap(), None);
        client.lset(&key, -1, "d").unwrap();
        assert_eq!(client.lrange::<String>(&key, 0, -1).unwrap(), ["a", "b", "c", "d"]);
        assert_eq!(client.lset(&key, 4, "x").unwrap_err().code(), Some("ERR"));
        assert_eq!(client.lset(&missing, 0, "x").unwrap_err().code(), Some("ERR"));

        client.ltrim(&key, 1, -2).unwrap();
        assert_eq!(client.lrange::<String>(&key, 0, -1).unwrap(), ["b", "c"]);
        client.rpush(&key, ["b", "b", "c"]).unwrap();
        assert_eq!(client.lrem(&key, 1, "b").unwrap(), 1);
        assert_eq!(client.lrem(&key, -1, "c").unwrap(), 1);
        assert_eq!(client.lrem(&key, 0, "b").unwrap(), 2);
        assert_eq!(client.lrem(&key, 0, "b").unwrap(), 0);
        assert_eq!(client.lrange::<String>(&key, 0, -1).unwrap(), ["c"]);
        client.ltrim(&key, 1, 0).unwrap();
        assert_eq!(client.llen(&key).unwrap(), 0);
    });
}

#[test]
fn moves() {
    kit::each(|on| {
        let (client, from, to) = (&on.client, on.key("from"), on.key("to"));
        assert_eq!(client.lmove::<String>(&from, &to, End::Left, End::Right).unwrap(), None);
        client.rpush(&from, ["a", "b", "c", "d"]).unwrap();
        let take = |take, put| client.lmove::<String>(&from, &to, take, put).unwrap().unwrap();
        assert_eq!(take(End::Left, End::Left), "a");
        assert_eq!(take(End::Left, End::Right), "b");
        assert_eq!(take(End::Right, End::Left), "d");
        assert_eq!(take(End::Right, End::Right), "c");
        assert_eq!(client.lrange::<String>(&to, 0, -1).unwrap(), ["d", "a", "b", "c"]);
        assert_eq!(client.lmove::<String>(&to, &to, End::Left, End::Right).unwrap().as_deref(), Some("d"));
        assert_eq!(client.blmove(&to, &from, End::Left, End::Left, LONG).unwrap(), Some("a".to_owned()));
        assert_eq!(
            client.blmove(&to, &from, End::Left, End::Left, Timeout::Forever).unwrap(),
            Some("b".to_owned())
        );
        assert_eq!(client.lrange::<String>(&from, 0, -1).unwrap(), ["b", "a"]);
        let missing = on.key("missing");
        assert_eq!(client.blmove::<String>(&missing, &to, End::Left, End::Left, SHORT).unwrap(), None);
    });
}

#[test]
fn pops_of_the_first_list_that_has_any() {
    kit::each(|on| {
        let (client, a, b) = (&on.client, on.key("a"), on.key("b"));
        client.rpush(&b, [&b"\xff"[..], b"2", b"3"]).unwrap();
        let keys = [&a, &b];
        let first = client.blpop::<String, Vec<u8>>(keys, LONG).unwrap();
        assert_eq!(first, Some((b.clone(), b"\xff".to_vec())));
        let last = client.brpop::<Vec<u8>, i64>(keys, Timeout::Forever).unwrap();
        assert_eq!(last, Some((b.clone().into_bytes(), 3)));
        assert_eq!(client.blpop(&b, LONG).unwrap(), Some((b.clone(), 2)));
        assert_eq!(client.blpop::<String, i64>(keys, SHORT).unwrap(), None);
        assert_eq!(client.brpop::<String, i64>(keys, SHORT).unwrap(), None);
        let none: [&str; 0] = [];
        assert!(client.blpop::<String, i64>(none, SHORT).unwrap_err().is_usage());
        assert!(client.blpop::<String, i64>(keys, Duration::ZERO).unwrap_err().is_usage());
    });
}

#[test]
fn pops_of_many() {
    kit::each(|on| {
        if !on.has("LMPOP", (7, 0), (7, 2)) {
            return;
        }
        let (client, a, b) = (&on.client, on.key("a"), on.key("b"));
        let keys = [&a, &b];
        assert_eq!(client.lmpop::<String, i64>(keys, End::Left, 2).unwrap(), None);
        assert_eq!(client.blmpop::<String, i64>(keys, End::Left, 2, SHORT).unwrap(), None);
        client.rpush(&b, [1, 2, 3, 4, 5]).unwrap();
        assert_eq!(client.lmpop(keys, End::Left, 2).unwrap(), Some((b.clone(), vec![1, 2])));
        assert_eq!(client.blmpop(keys, End::Right, 2, LONG).unwrap(), Some((b.clone(), vec![5, 4])));
        assert_eq!(
            client.blmpop(&b, End::Right, usize::MAX, Timeout::Forever).unwrap(),
            Some((b.clone(), vec![3]))
        );
        assert!(client.lmpop::<String, i64>(keys, End::Left, 0).unwrap_err().is_usage());
        assert!(client.lmpop::<String, i64>([""; 0], End::Left, 1).unwrap_err().is_usage());
        client.set(&a, "text").unwrap();
        wrong_type(client.lmpop::<String, i64>(keys, End::Left, 1));
        wrong_type(client.blmpop::<String, i64>(keys, End::Left, 1, LONG));
    });
}

#[test]
fn the_deadline_makes_room_for_a_wait() {
    kit::each(|on| {
        let config: Config = on.server.url().parse().unwrap();
        let client = Client::new(&config.protocol(on.protocol).timeout(Duration::from_millis(200))).unwrap();
        let begin = Instant::now();
        let popped = client.blpop::<String, String>(on.key("never"), Duration::from_secs(1)).unwrap();
        let waited = begin.elapsed();
        assert_eq!(popped, None);
        assert!(Duration::from_millis(990) <= waited && waited < Duration::from_secs(5), "{waited:?}");
    });
}

#[test]
fn a_push_wakes_who_waits() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("l"));
        let begin = Instant::now();
        thread::scope(|scope| {
            let waiting = scope.spawn(|| client.blpop::<String, i64>(&key, Timeout::Forever));
            thread::sleep(SHORT);
            client.rpush(&key, 7).unwrap();
            assert_eq!(waiting.join().unwrap().unwrap(), Some((key.clone(), 7)));
        });
        assert!(begin.elapsed() < LONG);
    });
}

#[test]
fn a_pipeline_waits_too() {
    kit::each(|on| {
        let key = on.key("l");
        let (nothing, length, popped) = on
            .client
            .pipeline(|p| (p.blpop::<String, i64>(&key, SHORT), p.rpush(&key, 1), p.lpop::<i64>(&key)))
            .unwrap();
        assert_eq!((nothing, length, popped), (None, 1, Some(1)));
    });
}

#[test]
fn text_is_no_list() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("s"));
        client.set(&key, "text").unwrap();
        wrong_type(client.lpush(&key, "x"));
        wrong_type(client.lpushx(&key, "x"));
        wrong_type(client.rpush(&key, "x"));
        wrong_type(client.rpushx(&key, "x"));
        wrong_type(client.lpop::<String>(&key));
        wrong_type(client.lpop_count::<String>(&key, 1));
        wrong_type(client.rpop::<String>(&key));
        wrong_type(client.rpop_count::<String>(&key, 1));
        wrong_type(client.lrange::<String>(&key, 0, -1));
        wrong_type(client.lindex::<String>(&key, 0));
        wrong_type(client.llen(&key));
        wrong_type(client.lpos(&key, "x"));
        wrong_type(client.lpos_count(&key, "x", 1, LposOptions::new()));
        wrong_type(client.lset(&key, 0, "x"));
        wrong_type(client.linsert_before(&key, "x", "y"));
        wrong_type(client.linsert_after(&key, "x", "y"));
        wrong_type(client.lrem(&key, 0, "x"));
        wrong_type(client.ltrim(&key, 0, -1));
        wrong_type(client.lmove::<String>(&key, on.key("to"), End::Left, End::Left));
        wrong_type(client.blpop::<String, String>(&key, LONG));
        wrong_type(client.brpop::<String, String>(&key, LONG));
        wrong_type(client.blmove::<String>(&key, on.key("to"), End::Left, End::Left, LONG));
    });
}

#[test]
fn an_element_of_another_type_is_an_error() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("l"));
        client.rpush(&key, ["1", "x"]).unwrap();
        let error = client.lrange::<i64>(&key, 0, -1).unwrap_err();
        assert!(error.is_decode());
        assert!(client.rpush(&key, [""; 0]).unwrap_err().is_usage());
        assert_eq!(client.llen(&key).unwrap(), 2);
    });
}

#[test]
fn several_move_at_once() {
    kit::each(|on| {
        if !on.has("LMOVEM", (8, 10), None) {
            return;
        }
        let (client, a, b) = (&on.client, on.key("a"), on.key("b"));
        let (left, right) = (End::Left, End::Right);
        client.rpush(&a, [&b"1"[..], b"2", b"\0\xff\r\n", b"4", b"5"]).unwrap();
        assert_eq!(client.lmovem::<i64>(&a, &b, left, left, 2).unwrap(), [2, 1]);
        let two = LmovemOptions::up_to(2);
        let moved: Vec<Vec<u8>> = client.lmovem(&a, &b, left, left, two.bulk()).unwrap();
        assert_eq!(moved, [&b"\0\xff\r\n"[..], b"4"]);
        assert!(client.lmovem::<i64>(&a, &b, right, left, LmovemOptions::exactly(2)).unwrap().is_empty());
        assert_eq!(client.lmovem::<i64>(&a, &b, right, left, LmovemOptions::exactly(1)).unwrap(), [5]);
        assert!(client.lmovem::<i64>(&a, &b, right, left, usize::MAX).unwrap().is_empty());
        assert_eq!(client.llen(&b).unwrap(), 5);
        client.set(on.key("s"), 1).unwrap();
        wrong_type(client.lmovem::<i64>(on.key("s"), &b, left, left, 1));
    });
}

#[test]
fn several_that_are_waited_for() {
    kit::each(|on| {
        if !on.has("BLMOVEM", (8, 10), None) {
            return;
        }
        let (client, a, b) = (&on.client, on.key("a"), on.key("b"));
        let (left, right) = (End::Left, End::Right);
        assert!(client.blmovem::<i64>(&a, &b, left, right, 2, SHORT).unwrap().is_empty());
        client.rpush(&a, 1).unwrap();
        let three = LmovemOptions::exactly(3);
        assert!(client.blmovem::<i64>(&a, &b, left, right, three, SHORT).unwrap().is_empty());
        assert_eq!(client.blmovem::<i64>(&a, &b, left, right, 3, SHORT).unwrap(), [1]);
        thread::scope(|threads| {
            let moved =
                threads.spawn(|| client.blmovem::<i64>(&a, &b, left, left, three.bulk(), LONG).unwrap());
            thread::sleep(SHORT);
            client.rpush(&a, [2, 3, 4, 5]).unwrap();
            assert_eq!(moved.join().unwrap(), [2, 3, 4]);
        });
        client.set(on.key("s"), 1).unwrap();
        wrong_type(client.blmovem::<i64>(on.key("s"), &b, left, left, 1, SHORT));
    });
}
