//! Streams and their groups.

use std::collections::HashMap;
use std::fmt::Debug;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use client::{
    EntryDelete, IdmpOptions, Nack, References, StreamBound, StreamId, Timeout, Trim, XaddOptions,
    XclaimOptions, XgroupOptions, XnackOptions, XpendingOptions, XreadOptions, XreadgroupOptions,
};

use crate::kit;

type Fields = HashMap<String, i64>;

const ALL: (StreamBound, StreamBound) = (StreamBound::Min, StreamBound::Max);
const SHORT: Duration = Duration::from_millis(20);
const LONG: Duration = Duration::from_secs(20);

#[track_caller]
fn code<R: Debug>(result: client::Result<R>, code: &str) {
    assert_eq!(result.unwrap_err().code(), Some(code));
}

fn id(millis: u64) -> StreamId {
    StreamId::new(millis, 0)
}

/// Adds entries with the IDs 1-0, 2-0, … and the field `n`.
fn fill(on: &kit::Subject, name: &str, count: u64) -> String {
    let key = on.key(name);
    for n in 1..=count {
        assert_eq!(on.client.xadd_with(&key, ("n", n), id(n)).unwrap(), Some(id(n)));
    }
    key
}

#[test]
fn entries() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("s"));
        assert_eq!(client.xlen(&key).unwrap(), 0);
        assert!(client.xrange::<Fields>(&key, ALL.0, ALL.1).unwrap().is_empty());
        let before = SystemTime::now() - LONG;
        let first = client.xadd(&key, [(&b"\xff"[..], &b"\0\r\n"[..]), (b"\xff", b"")]).unwrap();
        let second = client.xadd(&key, ("n", 2)).unwrap();
        assert!(first < second && first.time() > Some(before));
        assert_eq!(client.xlen(&key).unwrap(), 2);
        let binary = client.xrange::<Vec<(Vec<u8>, Vec<u8>)>>(&key, first, first).unwrap();
        assert_eq!(binary[0].fields, [(b"\xff".to_vec(), b"\0\r\n".to_vec()), (b"\xff".to_vec(), vec![])]);
        let since = client.xrange::<Vec<(Vec<u8>, Vec<u8>)>>(&key, before, StreamBound::Max).unwrap();
        assert_eq!(since.iter().map(|entry| entry.id).collect::<Vec<_>>(), [first, second]);
        assert!(client.xrange::<Fields>(&key, first, first).unwrap_err().is_decode());

        assert_eq!(client.xdel(&key, [first, first]).unwrap(), 1);
        assert_eq!(client.xdel(&key, "no id").unwrap_err().code(), Some("ERR"));
        assert_eq!(client.xdel(on.key("missing"), first).unwrap(), 0);
        code(client.xadd_with(&key, ("n", 1), first), "ERR");
        assert_eq!(
            client.xadd_with(on.key("missing"), ("n", 1), XaddOptions::new().nomkstream()).unwrap(),
            None
        );
        if on.has("XADD with half an ID", (7, 0), (7, 2)) {
            let next = XaddOptions::new().id_millis(second.millis);
            let next = client.xadd_with(&key, ("n", 3), next).unwrap();
            assert_eq!(next, Some(StreamId::new(second.millis, second.sequence + 1)));
        }
    });
}

#[test]
fn ranges() {
    kit::each(|on| {
        let (client, key) = (&on.client, fill(on, "s", 5));
        let ids = |entries: Vec<client::StreamEntry<Fields>>| -> Vec<u64> {
            entries
                .into_iter()
                .inspect(|e| assert_eq!(e.fields["n"] as u64, e.id.millis))
                .map(|e| e.id.millis)
                .collect()
        };
        assert_eq!(ids(client.xrange(&key, ALL.0, ALL.1).unwrap()), [1, 2, 3, 4, 5]);
        assert_eq!(ids(client.xrange(&key, id(2), StreamBound::Millis(4)).unwrap()), [2, 3, 4]);
        assert_eq!(ids(client.xrange_count(&key, id(2), StreamBound::Max, 2).unwrap()), [2, 3]);
        assert_eq!(ids(client.xrevrange(&key, StreamBound::Max, id(4)).unwrap()), [5, 4]);
        assert_eq!(ids(client.xrevrange_count(&key, id(4), StreamBound::Min, 2).unwrap()), [4, 3]);
        assert_eq!(
            ids(client.xrange_count(&key, StreamBound::Min, StreamBound::Max, usize::MAX).unwrap()).len(),
            5
        );
        let inside = (StreamBound::Excluded(id(1)), StreamBound::Excluded(id(3)));
        assert_eq!(ids(client.xrange(&key, inside.0, inside.1).unwrap()), [2]);
        assert!(client.xrange::<Fields>(&key, id(3), id(2)).unwrap().is_empty());
    });
}

#[test]
fn trimming() {
    kit::each(|on| {
        let (client, key) = (&on.client, fill(on, "s", 9));
        assert_eq!(client.xtrim(&key, Trim::maxlen(8)).unwrap(), 1);
        assert_eq!(client.xtrim(&key, Trim::minid(id(4))).unwrap(), 2);
        // A block of entries is larger than this stream.
        assert_eq!(client.xtrim(&key, Trim::maxlen(1).approximately().limit(100)).unwrap(), 0);
        client.xadd_with(&key, ("n", 10), Trim::maxlen(2)).unwrap();
        assert_eq!(client.xlen(&key).unwrap(), 2);
        assert_eq!(client.xtrim(&key, Trim::maxlen(0)).unwrap(), 2);
        assert_eq!(client.xtrim(on.key("missing"), Trim::maxlen(0)).unwrap(), 0);

        client.xsetid(&key, id(u64::from(u32::MAX) << 20)).unwrap();
        code(client.xadd_with(&key, ("n", 1), id(50)), "ERR");
        if on.has("XSETID with what a replica is told", (7, 0), (7, 2)) {
            let last = id(u64::from(u32::MAX) << 21);
            client.xsetid_with(&key, last, 99, id(9)).unwrap();
            let info = client.xinfo_stream(&key).unwrap();
            assert_eq!((info.entries_added, info.last_generated_id), (Some(99), last));
        }
        code(client.xsetid(on.key("missing"), id(1)), "ERR");
    });
}

#[test]
fn reading() {
    kit::each(|on| {
        let (client, a, b) = (&on.client, fill(on, "a", 3), on.key("b"));
        let news = client.xread::<String, Fields>([(&a, id(1)), (&b, id(1))]).unwrap();
        assert_eq!((news.len(), &news[0].0), (1, &a));
        assert_eq!(news[0].1.iter().map(|entry| entry.id).collect::<Vec<_>>(), [id(2), id(3)]);
        assert!(client.xread::<String, Fields>([(&a, id(3)), (&b, id(0))]).unwrap().is_empty());
        let one = XreadOptions::new().count(1);
        assert_eq!(client.xread_with::<Vec<u8>, Fields>((&a, 0), one).unwrap()[0].1.len(), 1);
        client.xadd_with(&b, ("n", 9), id(9)).unwrap();
        let both = client.xread_with::<String, Fields>([(&a, 0), (&b, 0)], one.block(LONG)).unwrap();
        assert_eq!(both.iter().map(|(key, _)| key).collect::<Vec<_>>(), [&a, &b]);

        let begin = Instant::now();
        let wait = XreadOptions::new().block(SHORT);
        assert!(client.xread_with::<String, Fields>((&a, "$"), wait).unwrap().is_empty());
        assert!(begin.elapsed() >= SHORT);
        if on.has("XREAD with +", (7, 4), None) {
            let last = client.xread::<String, Fields>((&a, "+")).unwrap();
            assert_eq!(last[0].1[0].id, id(3));
        }
        if on.has("XREAD MAXCOUNT", (8, 10), None) {
            let two = XreadOptions::new().maxcount(2).maxsize(1 << 20);
            let read = client.xread_with::<String, Fields>([(&a, 0), (&b, 0)], two).unwrap();
            assert_eq!(read.iter().map(|(_, entries)| entries.len()).sum::<usize>(), 2);
        }
    });
}

#[test]
fn an_entry_wakes_who_waits() {
    kit::each(|on| {
        let (client, key) = (&on.client, fill(on, "s", 1));
        client.xgroup_create(&key, "g", "$").unwrap();
        let begin = Instant::now();
        thread::scope(|scope| {
            // Behind an ID, not behind `$`: it must end also if it begins late.
            let forever = XreadOptions::new().block(Timeout::Forever);
            let from = (on.key("s"), id(1));
            let waiting = scope.spawn(move || client.xread_with::<String, Fields>(from, forever));
            let wait = XreadgroupOptions::new().block(LONG);
            let group = scope
                .spawn(move || client.xreadgroup_with::<String, Fields>("g", "c", (on.key("s"), ">"), wait));
            thread::sleep(SHORT);
            client.xadd_with(&key, ("n", 7), id(7)).unwrap();
            for news in [waiting.join().unwrap(), group.join().unwrap()] {
                assert_eq!(news.unwrap()[0].1[0].fields["n"], 7);
            }
        });
        assert!(begin.elapsed() < LONG);
    });
}

#[test]
fn groups() {
    kit::each(|on| {
        let (client, key, missing) = (&on.client, fill(on, "s", 3), on.key("missing"));
        client.xgroup_create(&key, "g", 0).unwrap();
        code(client.xgroup_create(&key, "g", 0), "BUSYGROUP");
        code(client.xgroup_create(&missing, "g", 0), "ERR");
        client.xgroup_create_with(&missing, "g", "$", XgroupOptions::new().mkstream()).unwrap();
        assert_eq!(client.xlen(&missing).unwrap(), 0);

        let read = |consumer: &str, from: &str, count| {
            let options = XreadgroupOptions::new().count(count);
            client.xreadgroup_with::<String, Option<Fields>>("g", consumer, (&key, from), options).unwrap()
        };
        assert_eq!(read("ann", ">", 2)[0].1.len(), 2);
        assert_eq!(read("bob", ">", 2)[0].1[0].id, id(3));
        assert!(read("bob", ">", 2).is_empty());
        assert_eq!(client.xack(&key, "g", [id(1), id(3), id(4)]).unwrap(), 2);
        assert_eq!(client.xack(&key, "no group", id(1)).unwrap(), 0);
        client.xdel(&key, id(2)).unwrap();
        let pending = read("ann", "0", 10);
        assert_eq!((pending[0].1[0].id, &pending[0].1[0].fields), (id(2), &None));
        code(client.xreadgroup::<String, Fields>("no group", "ann", (&key, ">")), "NOGROUP");

        client.xgroup_setid(&key, "g", "0").unwrap();
        let noack = XreadgroupOptions::new().noack();
        assert_eq!(
            client.xreadgroup_with::<String, Fields>("g", "cleo", (&key, ">"), noack).unwrap()[0].1.len(),
            2
        );
        assert_eq!(client.xgroup_delconsumer(&key, "g", "cleo").unwrap(), 0);
        assert_eq!(client.xgroup_delconsumer(&key, "g", "ann").unwrap(), 1);
        if on.has("XGROUP CREATECONSUMER", (6, 2), (7, 2)) {
            assert!(client.xgroup_createconsumer(&key, "g", "dan").unwrap());
            assert!(!client.xgroup_createconsumer(&key, "g", "dan").unwrap());
        }
        if on.has("XGROUP SETID ENTRIESREAD", (7, 0), (7, 2)) {
            client.xgroup_setid_with(&key, "g", id(3), 3).unwrap();
            assert_eq!(client.xinfo_groups(&key).unwrap()[0].entries_read, Some(3));
            let options = XgroupOptions::new().entries_read(1);
            client.xgroup_create_with(&key, "h", id(1), options).unwrap();
        }
        assert!(client.xgroup_destroy(&key, "g").unwrap());
        assert!(!client.xgroup_destroy(&key, "g").unwrap());
        code(client.xgroup_destroy(on.key("nothing"), "g"), "ERR");
    });
}

#[test]
fn pending_entries() {
    kit::each(|on| {
        let (client, key) = (&on.client, fill(on, "s", 3));
        client.xgroup_create(&key, "g", 0).unwrap();
        let none = client.xpending(&key, "g").unwrap();
        assert_eq!((none.count, none.lowest, none.highest, none.consumers), (0, None, None, vec![]));
        code(client.xpending(&key, "no group"), "NOGROUP");
        client
            .xreadgroup_with::<String, Fields>("g", "ann", (&key, ">"), XreadOptions::new().count(2))
            .unwrap();
        client.xreadgroup::<String, Fields>("g", "bob", (&key, ">")).unwrap();
        let all = client.xpending(&key, "g").unwrap();
        assert_eq!((all.count, all.lowest, all.highest), (3, Some(id(1)), Some(id(3))));
        assert_eq!(all.consumers, [("ann".to_owned(), 2), ("bob".to_owned(), 1)]);

        let range = client.xpending_range(&key, "g", ALL.0, ALL.1, 10).unwrap();
        let told: Vec<_> = range.iter().map(|e| (e.id.millis, &*e.consumer, e.deliveries)).collect();
        assert_eq!(told, [(1, "ann", 1), (2, "ann", 1), (3, "bob", 1)]);
        assert!(range.iter().all(|entry| entry.idle < Some(LONG)));
        assert_eq!(client.xpending_range(&key, "g", id(2), id(2), 10).unwrap().len(), 1);
        let of = |options| client.xpending_range_with(&key, "g", ALL.0, ALL.1, 10, options).unwrap().len();
        assert_eq!(of(XpendingOptions::new().consumer("bob")), 1);
        assert_eq!(of(XpendingOptions::new().consumer("cleo")), 0);
        assert_eq!(of(XpendingOptions::new().idle(LONG)), 0);
        assert_eq!(of(XpendingOptions::new().idle(Duration::ZERO)), 3);
    });
}

#[test]
fn claims() {
    kit::each(|on| {
        let (client, key) = (&on.client, fill(on, "s", 4));
        client.xgroup_create(&key, "g", 0).unwrap();
        client.xreadgroup::<String, Fields>("g", "ann", (&key, ">")).unwrap();
        client.xdel(&key, id(2)).unwrap();
        let (now, ids) = (Duration::ZERO, [id(1), id(2)]);
        let claimed = client.xclaim::<Fields>(&key, "g", "bob", now, ids).unwrap();
        assert_eq!(claimed.iter().map(|entry| entry.id).collect::<Vec<_>>(), [id(1)]);
        assert!(client.xclaim::<Fields>(&key, "g", "bob", LONG, ids).unwrap().is_empty());
        let options = XclaimOptions::new().idle(LONG).retrycount(7);
        client.xclaim_with::<Fields>(&key, "g", "bob", now, id(3), options).unwrap();
        let third = &client.xpending_range(&key, "g", id(3), id(3), 1).unwrap()[0];
        assert_eq!((&*third.consumer, third.deliveries), ("bob", 7));
        assert!(third.idle >= Some(LONG));
        let options = XclaimOptions::new().time(SystemTime::now() - LONG);
        assert_eq!(client.xclaim_justid(&key, "g", "cleo", now, id(4), options).unwrap(), [id(4)]);

        if on.has("XAUTOCLAIM", (6, 2), (7, 2)) {
            let first = client.xautoclaim_count::<Fields>(&key, "g", "dan", now, StreamId::MIN, 1).unwrap();
            assert_eq!((first.claimed[0].fields["n"], first.claimed.len()), (1, 1));
            assert!(first.next > id(1));
            let rest = client.xautoclaim::<Fields>(&key, "g", "dan", now, first.next).unwrap();
            assert_eq!(rest.claimed.iter().map(|entry| entry.id).collect::<Vec<_>>(), [id(3), id(4)]);
            assert_eq!(rest.next, StreamId::MIN);
            let ids = client.xautoclaim_justid(&key, "g", "eve", now, id(3), 10).unwrap();
            assert_eq!((ids.claimed, ids.deleted), (vec![id(3), id(4)], vec![]));
            assert!(
                client
                    .xautoclaim::<Fields>(&key, "g", "dan", LONG, StreamId::MIN)
                    .unwrap()
                    .claimed
                    .is_empty()
            );
        }
        if on.has("XAUTOCLAIM telling what is deleted", (7, 0), (7, 2)) {
            client.xdel(&key, id(4)).unwrap();
            let found = client.xautoclaim::<Fields>(&key, "g", "dan", now, id(4)).unwrap();
            assert_eq!((found.claimed.len(), found.deleted), (0, vec![id(4)]));
        }
        code(client.xclaim::<Fields>(&key, "no group", "bob", now, id(1)), "NOGROUP");
    });
}

#[test]
fn what_is_told() {
    kit::each(|on| {
        let (client, key) = (&on.client, fill(on, "s", 3));
        client.xgroup_create(&key, b"\xff", 0).unwrap();
        client
            .xreadgroup_with::<String, Fields>(b"\xff", "ann", (&key, ">"), XreadOptions::new().count(2))
            .unwrap();
        let info = client.xinfo_stream(&key).unwrap();
        assert_eq!((info.length, info.last_generated_id, info.groups), (3, id(3), 1));
        assert_eq!(info.first_entry::<Fields>().unwrap().unwrap().id, id(1));
        assert_eq!(info.last_entry::<Fields>().unwrap().unwrap().fields["n"], 3);
        assert!(info.first_entry::<Vec<i64>>().unwrap_err().to_string().contains("first-entry"));
        assert_eq!((info.get::<u64>("radix-tree-keys"), info.get::<u64>("no such field")), (Some(1), None));
        client.xadd_with(on.key("empty"), ("n", 1), Trim::maxlen(0)).unwrap();
        assert!(client.xinfo_stream(on.key("empty")).unwrap().first_entry::<Fields>().unwrap().is_none());

        let groups = client.xinfo_groups(&key).unwrap();
        let group = &groups[0];
        assert_eq!((&*group.name, group.consumers, group.pending), ("\u{fffd}", 1, 2));
        assert_eq!((group.last_delivered_id, group.get::<u64>("pending")), (id(2), Some(2)));
        if on.has("the lag of a group", (7, 0), (7, 2)) {
            assert_eq!((info.entries_added, group.entries_read, group.lag), (Some(3), Some(2), Some(1)));
        }
        let consumers = client.xinfo_consumers(&key, b"\xff").unwrap();
        let ann = &consumers[0];
        assert_eq!((&*ann.name, ann.pending, ann.get::<u64>("pending")), ("ann", 2, Some(2)));
        assert!(ann.idle < LONG);
        if on.has("since when a consumer got nothing", (7, 2), (7, 2)) {
            assert!(ann.inactive < Some(LONG));
            client.xgroup_createconsumer(&key, b"\xff", "bob").unwrap();
            assert_eq!(client.xinfo_consumers(&key, b"\xff").unwrap()[1].inactive, None);
        }
        code(client.xinfo_stream(on.key("missing")), "ERR");
        code(client.xinfo_groups(on.key("missing")), "ERR");
        code(client.xinfo_consumers(&key, "no group"), "NOGROUP");
    });
}

#[test]
fn everything_that_is_told() {
    kit::each(|on| {
        let (client, key) = (&on.client, fill(on, "s", 3));
        let before = SystemTime::now() - LONG;
        client.xgroup_create(&key, "g", 0).unwrap();
        client
            .xreadgroup_with::<String, Fields>("g", "ann", (&key, ">"), XreadOptions::new().count(2))
            .unwrap();
        let info = client.xinfo_stream_full::<Fields>(&key, 1).unwrap();
        assert_eq!((info.length, info.last_generated_id), (3, id(3)));
        assert_eq!(
            info.entries.iter().map(|entry| (entry.id, entry.fields["n"])).collect::<Vec<_>>(),
            [(id(1), 1)]
        );
        assert_eq!((info.get::<u64>("length"), info.get::<u64>("no such field")), (Some(3), None));
        let group = &info.groups[0];
        assert_eq!((&*group.name, group.last_delivered_id, group.pending_count), ("g", id(2), 2));
        let [pending] = &group.pending[..] else { panic!("{group:?}") };
        assert_eq!((pending.id, &*pending.consumer, pending.deliveries), (id(1), "ann", 1));
        assert!(pending.delivered > Some(before));
        let ann = &group.consumers[0];
        assert_eq!((&*ann.name, ann.pending_count, &ann.pending[..]), ("ann", 2, &[id(1)][..]));
        assert!(ann.seen > Some(before));
        if on.has("the lag of a group", (7, 0), (7, 2)) {
            assert_eq!((group.entries_read, group.lag), (Some(2), Some(1)));
        }
        if on.has("since when a consumer got nothing", (7, 2), (7, 2)) {
            assert!(ann.active > Some(before));
            client.xgroup_createconsumer(&key, "g", "bob").unwrap();
            let all = client.xinfo_stream_full::<Fields>(&key, 0).unwrap();
            assert_eq!((all.entries.len(), all.groups[0].consumers[1].active), (3, None));
        }
        if on.has("XNACK", (8, 8), None) {
            client.xnack(&key, "g", Nack::Fail, id(1)).unwrap();
            let given_back = &client.xinfo_stream_full::<Fields>(&key, 1).unwrap().groups[0].pending[0];
            assert_eq!((&*given_back.consumer, given_back.delivered), ("", None));
        }
        code(client.xinfo_stream_full::<Fields>(on.key("missing"), 1), "ERR");
    });
}

#[test]
fn what_redis_8_adds() {
    kit::each(|on| {
        let (client, key) = (&on.client, fill(on, "s", 4));
        client.xgroup_create(&key, "g", 0).unwrap();
        client.xreadgroup::<String, Fields>("g", "ann", (&key, ">")).unwrap();
        if on.has("XACKDEL and XDELEX", (8, 2), None) {
            let done = client.xackdel(&key, "g", References::Acked, [id(1), id(99)]).unwrap();
            assert_eq!(done, [EntryDelete::Deleted, EntryDelete::Missing]);
            assert_eq!(client.xdelex(&key, References::Acked, id(2)).unwrap(), [EntryDelete::Kept]);
            let gone = client.xdelex(&key, References::Delete, [id(2), id(99)]).unwrap();
            assert_eq!(gone, [EntryDelete::Deleted, EntryDelete::Missing]);
            assert_eq!(client.xpending(&key, "g").unwrap().count, 2);
            let trim = Trim::maxlen(1).references(References::Delete);
            assert_eq!(client.xtrim(&key, trim).unwrap(), 1);
            assert_eq!(client.xpending(&key, "g").unwrap().count, 1);
        }
        if on.has("XREADGROUP CLAIM", (8, 4), None) {
            let claim = XreadgroupOptions::new().claim(Duration::ZERO);
            let claimed = client.xreadgroup_with::<String, Fields>("g", "bob", (&key, ">"), claim).unwrap();
            let delivery = claimed[0].1[0].delivery.unwrap();
            assert_eq!((claimed[0].1[0].id, delivery.count), (id(4), 1));
            assert!(delivery.idle < LONG);
        }
        if on.has("idempotent XADD", (8, 6), None) {
            let options = XaddOptions::new().idmp("ann", "1");
            let first = client.xadd_with(&key, ("n", 1), options).unwrap();
            assert_eq!(client.xadd_with(&key, ("n", 1), options).unwrap(), first);
            let auto = XaddOptions::new().idmpauto("ann");
            let second = client.xadd_with(&key, ("n", 1), auto).unwrap();
            assert_eq!(client.xadd_with(&key, ("n", 1), auto).unwrap(), second);
            assert_ne!(first, second);
            client.xcfgset(&key, IdmpOptions::new().duration(LONG).maxsize(9)).unwrap();
            assert_eq!(client.xinfo_stream(&key).unwrap().get::<u64>("idmp-maxsize"), Some(9));
            code(client.xcfgset(on.key("missing"), IdmpOptions::new().maxsize(9)), "ERR");
        }
        if on.has("XNACK", (8, 8), None) {
            assert_eq!(client.xnack(&key, "g", Nack::Fail, [id(4), id(99)]).unwrap(), 1);
            let given_back = &client.xpending_range(&key, "g", id(4), id(4), 1).unwrap()[0];
            assert_eq!((&*given_back.consumer, given_back.idle), ("", None));
            let options = XnackOptions::new().retrycount(9).force();
            client.xnack_with(&key, "g", Nack::Silent, id(4), options).unwrap();
            assert_eq!(client.xpending_range(&key, "g", id(4), id(4), 1).unwrap()[0].deliveries, 9);
        }
    });
}

#[test]
fn text_is_no_stream() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("text"));
        client.set(&key, "text").unwrap();
        code(client.xadd(&key, ("n", 1)), "WRONGTYPE");
        code(client.xlen(&key), "WRONGTYPE");
        code(client.xrange::<Fields>(&key, ALL.0, ALL.1), "WRONGTYPE");
        code(client.xrevrange::<Fields>(&key, ALL.1, ALL.0), "WRONGTYPE");
        code(client.xdel(&key, id(1)), "WRONGTYPE");
        code(client.xtrim(&key, Trim::maxlen(1)), "WRONGTYPE");
        code(client.xread::<String, Fields>((&key, 0)), "WRONGTYPE");
        code(client.xreadgroup::<String, Fields>("g", "c", (&key, ">")), "WRONGTYPE");
        code(client.xgroup_create(&key, "g", 0), "WRONGTYPE");
        code(client.xack(&key, "g", id(1)), "WRONGTYPE");
        code(client.xpending(&key, "g"), "WRONGTYPE");
        code(client.xclaim::<Fields>(&key, "g", "c", SHORT, id(1)), "WRONGTYPE");
        code(client.xautoclaim::<Fields>(&key, "g", "c", SHORT, id(1)), "WRONGTYPE");
        code(client.xinfo_stream(&key), "WRONGTYPE");
        code(client.xsetid(&key, id(1)), "WRONGTYPE");
    });
}
