//! Consumers of groups: every entry at least once, and none twice without a reason.

use std::collections::{BTreeMap, HashMap};
use std::net::{Ipv4Addr, SocketAddr};
use std::thread;
use std::time::Duration;

use client::{Client, Config, Consumer, ConsumerOptions, Pooled, StreamId, XgroupOptions};
use proxy::{Fault, Proxy, Rule};

use crate::kit::{self, Subject};

type Fields = HashMap<String, i64>;

const SHORT: Duration = Duration::from_millis(20);

fn waits() -> ConsumerOptions {
    ConsumerOptions::new().create().wait(SHORT)
}

fn add(on: &Subject, key: &str, numbers: impl IntoIterator<Item = i64>) -> Vec<StreamId> {
    numbers.into_iter().map(|n| on.client.xadd(key, ("n", n)).unwrap()).collect()
}

/// The numbers that come until nothing comes.
fn numbers(consumer: &mut Consumer<'_, Pooled, Fields>) -> Vec<i64> {
    consumer.map(|entry| entry.unwrap().fields["n"]).collect()
}

fn pending(on: &Subject, key: &str) -> i64 {
    i64::try_from(on.client.xpending(key, "g").unwrap().count).unwrap()
}

#[test]
fn its_own_first_then_new_ones() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("s"));
        add(on, &key, 0..25);
        let mut ann = client.consumer::<Fields>(&key, "g", "ann", waits().count(7));
        assert_eq!(numbers(&mut ann), (0..25).collect::<Vec<_>>());
        assert_eq!(pending(on, &key), 25);
        // The same consumer does not repeat itself, a new one of that name does, and another has no part in them.
        assert_eq!(numbers(&mut ann), [0; 0]);
        add(on, &key, [25]);
        let mut again = client.consumer::<Fields>(&key, "g", "ann", waits().count(7));
        assert_eq!(numbers(&mut again), (0..26).collect::<Vec<_>>());
        let mut bob = client.consumer::<Fields>(&key, "g", "bob", waits());
        assert_eq!(numbers(&mut bob), [0; 0]);

        let last = again.last_id().unwrap();
        assert!(again.ack(last).unwrap());
        assert!(!again.ack(last).unwrap());
        assert_eq!(pending(on, &key), 25);
    });
}

#[test]
fn an_entry_is_acknowledged_when_its_caller_comes_back() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("s"));
        add(on, &key, 0..5);
        let mut ann = client.consumer::<Fields>(&key, "g", "ann", waits().ack_on_next());
        for left in (1..=5).rev() {
            ann.next().unwrap().unwrap();
            assert_eq!(pending(on, &key), left);
        }
        assert!(ann.next().is_none());
        assert_eq!(pending(on, &key), 0);

        add(on, &key, 5..8);
        for entry in client.consumer::<Fields>(&key, "g", "ann", waits().ack_on_next()) {
            if entry.unwrap().fields["n"] == 6 {
                break;
            }
        }
        // The one that it was at, and the one that it had not come to.
        assert_eq!(pending(on, &key), 2);
        let mut again = client.consumer::<Fields>(&key, "g", "ann", waits().ack_on_next());
        assert_eq!(numbers(&mut again), [6, 7]);
        assert_eq!(pending(on, &key), 0);
    });
}

#[test]
fn several_share_the_work() {
    kit::each(|on| {
        let key = on.key("s");
        add(on, &key, 0..100);
        let done: Vec<i64> = thread::scope(|scope| {
            let workers: Vec<_> = (0..4)
                .map(|worker| {
                    let key = &key;
                    scope.spawn(move || {
                        let options = waits().ack_on_next().count(3);
                        numbers(&mut on.client.consumer(key, "g", worker, options))
                    })
                })
                .collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
        });
        let counts = done.iter().fold(BTreeMap::new(), |mut counts, n| {
            *counts.entry(*n).or_insert(0) += 1;
            counts
        });
        assert!(counts.len() == 100 && counts.values().all(|count| *count == 1), "{counts:?}");
        assert_eq!(pending(on, &key), 0);
    });
}

#[test]
fn what_is_idle_is_taken_over() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("s"));
        add(on, &key, 0..25);
        let mut dead = client.consumer::<Fields>(&key, "g", "dead", waits().count(100));
        dead.next().unwrap().unwrap();
        drop(dead);
        let idle = Duration::from_millis(60);
        let mut ann = client.consumer::<Fields>(&key, "g", "ann", waits().claim(idle).ack_on_next());
        let early = numbers(&mut ann);
        // It looks again by itself, also while it waits.
        let options = waits().claim(idle).ack_on_next().wait(Duration::from_secs(5));
        let bob = client.consumer::<Fields>(&key, "g", "bob", options);
        let mut all: Vec<i64> = bob.take(25 - early.len()).map(|entry| entry.unwrap().fields["n"]).collect();
        all.extend(early);
        all.sort_unstable();
        assert_eq!(all, (0..25).collect::<Vec<_>>());
    });
}

#[test]
fn a_deleted_entry_is_acknowledged_and_passed_over() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("s"));
        let ids = add(on, &key, 0..4);
        numbers(&mut client.consumer(&key, "g", "ann", waits()));
        client.xdel(&key, [ids[0], ids[2], ids[3]]).unwrap();
        let mut again = client.consumer::<Fields>(&key, "g", "ann", waits());
        assert_eq!(numbers(&mut again), [1]);
        assert_eq!(pending(on, &key), 1);
    });
}

#[test]
fn an_entry_that_is_something_else_stays_pending_and_hides_no_other() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("s"));
        add(on, &key, [1]);
        let bad = client.xadd(&key, ("n", "secret")).unwrap();
        add(on, &key, [2]);
        let mut ann = client.consumer::<Fields>(&key, "g", "ann", waits().ack_on_next());
        assert_eq!(ann.next().unwrap().unwrap().fields["n"], 1);
        let error = ann.next().unwrap().unwrap_err();
        let what = "value of pair 0: expected an integer, found a bulk string that is not a number";
        assert_eq!(error.to_string(), format!("XREADGROUP: entry {bad}: {what}"));
        assert_eq!(ann.last_id(), Some(bad));
        assert_eq!(numbers(&mut ann), [2]);
        assert_eq!(pending(on, &key), 1);
        assert!(ann.ack(bad).unwrap());
    });
}

#[test]
fn a_group_that_is_not_there() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("s"));
        let options = ConsumerOptions::new().wait(SHORT);
        let mut ann = client.consumer::<Fields>(&key, "g", "ann", options);
        assert_eq!(ann.next().unwrap().unwrap_err().code(), Some("NOGROUP"));
        assert!(ann.next().is_none() && ann.next().is_none());

        // It makes the group, from where it is told to.
        let ids = add(on, &key, 0..3);
        assert_eq!(numbers(&mut client.consumer(&key, "end", "ann", options.create_at_end())), [0; 0]);
        assert_eq!(numbers(&mut client.consumer(&key, "after", "ann", options.create_after(ids[1]))), [2]);
        assert_eq!(numbers(&mut client.consumer(&key, "all", "ann", options.create())), [0, 1, 2]);
        // One that is there stays as it is.
        assert_eq!(numbers(&mut client.consumer(&key, "end", "ann", options.create())), [0; 0]);
        client.set(on.key("text"), 1).unwrap();
        let mut none = client.consumer::<Fields>(on.key("text"), "g", "ann", options.create());
        assert_eq!(none.next().unwrap().unwrap_err().code(), Some("WRONGTYPE"));
        assert!(none.next().is_none());
        let mut none = client.consumer::<Fields>(&key, "all", "ann", options.count(0));
        assert!(none.next().unwrap().unwrap_err().is_usage());
    });
}

#[test]
fn a_stream_that_is_deleted_meanwhile() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("s"));
        let group = |options| client.xgroup_create_with(&key, "g", 0, options).unwrap();
        group(XgroupOptions::new().mkstream());
        let mut without = client.consumer::<Fields>(&key, "g", "ann", ConsumerOptions::new().wait(SHORT));
        let mut with = client.consumer::<Fields>(&key, "g", "ann", waits().ack_on_next());
        assert!(without.next().is_none() && with.next().is_none());
        client.del(&key).unwrap();
        assert_eq!(without.next().unwrap().unwrap_err().code(), Some("NOGROUP"));
        assert!(without.next().is_none());
        // It says so, and makes the group again.
        assert_eq!(with.next().unwrap().unwrap_err().code(), Some("NOGROUP"));
        assert!(with.next().is_none());
        add(on, &key, [1]);
        assert_eq!(numbers(&mut with), [1]);

        // While it waits.
        let waits_long = waits().wait(Duration::from_secs(20)).ack_on_next();
        thread::scope(|scope| {
            let waiting = scope.spawn(|| {
                let mut ann = client.consumer::<Fields>(&key, "g", "bob", waits_long);
                let error = ann.next().unwrap().unwrap_err();
                (error, ann.next().unwrap().unwrap().fields["n"])
            });
            thread::sleep(SHORT);
            client.del(&key).unwrap();
            thread::sleep(SHORT);
            add(on, &key, [2]);
            let (error, n) = waiting.join().unwrap();
            assert!(matches!(error.code(), Some("NOGROUP" | "UNBLOCKED")), "{error}");
            assert_eq!(n, 2);
        });
    });
}

#[test]
fn what_a_lost_reply_held_comes_all_the_same() {
    for server in kit::servers() {
        let key = Subject::newest().key("s");
        let proxy = Proxy::start(SocketAddr::from((Ipv4Addr::LOCALHOST, server.port))).unwrap();
        let config: Config = format!("redis://127.0.0.1:{}", proxy.port()).parse().unwrap();
        let (direct, client) = (Client::open(&server.url()).unwrap(), Client::new(&config).unwrap());
        for n in 0..20 {
            direct.xadd(&key, ("n", n)).unwrap();
        }
        // The first reads what is pending; the third has the entries from the fourth on.
        proxy.rule(Rule::new(Fault::CutReply).command("XREADGROUP").nth(3).byte(30));
        proxy.rule(Rule::new(Fault::CutReply).command("XREADGROUP").nth(6).byte(0));
        proxy.rule(Rule::new(Fault::CutReply).command("XACK").nth(5).byte(0));
        let options = waits().count(3).ack_on_next();
        let (entries, errors): (Vec<_>, Vec<_>) =
            client.consumer::<Fields>(&key, "g", "ann", options).partition(Result::is_ok);
        let numbers: Vec<_> = entries.into_iter().map(|entry| entry.unwrap().fields["n"]).collect();
        assert_eq!(numbers, (0..20).collect::<Vec<_>>());
        assert!((2..=3).contains(&errors.len()), "{errors:?}");
        assert!(errors.iter().all(|error| error.as_ref().unwrap_err().is_connection()));
        assert_eq!(direct.xpending(&key, "g").unwrap().count, 0);
    }
}
