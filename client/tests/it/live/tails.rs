//! Streams that are followed: nothing missed, nothing twice, whatever happens to the connection or the stream.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::thread;
use std::time::{Duration, Instant};

use client::{Canceller, Client, Config, Retry, StreamId, TailOptions};
use proxy::{Fault, Proxy, Rule};

use crate::kit::{self, Subject};

type Fields = HashMap<String, i64>;

const SHORT: Duration = Duration::from_millis(20);

fn add(on: &Subject, key: &str, numbers: impl IntoIterator<Item = i64>) -> Vec<StreamId> {
    numbers.into_iter().map(|n| on.client.xadd(key, ("n", n)).unwrap()).collect()
}

/// The numbers that come until nothing comes.
fn numbers<T>(tail: impl Iterator<Item = client::Result<client::StreamEntry<T>>>) -> Vec<i64>
where
    T: IntoIterator<Item = (String, i64)>,
{
    tail.flat_map(|entry| entry.unwrap().fields).map(|(_, n)| n).collect()
}

#[test]
fn from_the_end_the_start_and_behind_an_entry() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("s"));
        let waits = TailOptions::new().wait(SHORT);
        assert_eq!(numbers(client.tail::<Fields>(&key, waits)), [0; 0]);
        let ids = add(on, &key, 0..250);
        assert_eq!(numbers(client.tail::<Fields>(&key, waits)), [0; 0]);
        let all: Vec<i64> = (0..250).collect();
        assert_eq!(numbers(client.tail::<Fields>(&key, waits.from_start())), all);
        assert_eq!(numbers(client.tail::<Fields>(&key, waits.from_start().count(7))), all);
        assert_eq!(numbers(client.tail::<Fields>(&key, waits.after(ids[247]))), [248, 249]);

        let mut one = client.tail::<Fields>(&key, ids[248]);
        assert_eq!(one.place(), Some(ids[248]));
        assert_eq!(one.next().unwrap().unwrap().id, ids[249]);
        assert_eq!(one.place(), Some(ids[249]));
        // Without waiting it looks once.
        assert!(client.tail::<Fields>(&key, waits.wait(Duration::ZERO)).next().is_none());
        let at_once = waits.wait(Duration::ZERO).from_start().count(100);
        assert_eq!(numbers(client.tail::<Fields>(&key, at_once)), all);
        assert_eq!(numbers(client.dedicated().unwrap().tail::<Fields>(&key, at_once)), all);
    });
}

#[test]
fn what_comes_between_two_calls_is_not_missed() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("s"));
        let mut tail = client.tail::<Fields>(&key, TailOptions::new().wait(SHORT));
        // It begins with the first call, at the end of a stream that is not there yet.
        assert_eq!(tail.place(), None);
        let begin = Instant::now();
        assert!(tail.next().is_none());
        assert!(begin.elapsed() >= SHORT);
        for n in 0..5 {
            add(on, &key, [n]);
            assert_eq!(numbers(tail.by_ref()), [n]);
        }
        // A deleted entry at the end of the stream moves no place.
        let last = add(on, &key, [7]);
        client.xdel(&key, &last).unwrap();
        add(on, &key, [8]);
        assert_eq!(numbers(tail.by_ref()), [8]);

        let mut begun = client.tail::<Fields>(&key, TailOptions::new().wait(SHORT));
        begun.begin().unwrap();
        add(on, &key, [9]);
        assert_eq!(numbers(begun), [9]);
    });
}

#[test]
fn it_waits_for_what_comes() {
    kit::each(|on| {
        let key = on.key("s");
        thread::scope(|scope| {
            let reader = scope.spawn(|| {
                let tail = on.client.tail::<Fields>(&key, TailOptions::new().from_start().count(3));
                tail.take(50).map(|entry| entry.unwrap().fields["n"]).collect::<Vec<_>>()
            });
            for n in 0..50 {
                add(on, &key, [n]);
                thread::sleep(Duration::from_micros(200));
            }
            assert_eq!(reader.join().unwrap(), (0..50).collect::<Vec<_>>());
        });
    });
}

#[test]
fn several_streams() {
    kit::each(|on| {
        let (client, a, b, c) = (&on.client, on.key("a"), on.key("b\0\r\n"), on.key("c"));
        let options = TailOptions::new().wait(SHORT).count(2);
        let old = add(on, &a, 0..3);
        let mut tails = client.tails::<String, Fields>([&a, &b], options).after(&a, old[0]).after(&c, old[0]);
        let mut found = |expected: &[(&String, i64)]| {
            let mut found: Vec<_> = tails
                .by_ref()
                .map(|found| found.map(|(key, entry)| (key, entry.fields["n"])).unwrap())
                .collect();
            found.sort();
            assert_eq!(found, expected.iter().map(|&(key, n)| (key.clone(), n)).collect::<Vec<_>>());
        };
        found(&[(&a, 1), (&a, 2)]);
        add(on, &b, 10..15);
        let last = add(on, &a, [3]);
        found(&[(&a, 3), (&b, 10), (&b, 11), (&b, 12), (&b, 13), (&b, 14)]);
        found(&[]);
        let places: Vec<_> = tails.places().map(|(key, id)| (key.to_vec(), id)).collect();
        assert_eq!(places[0], (a.clone().into_bytes(), Some(last[0])));
        assert_eq!(places[2], (c.into_bytes(), Some(old[0])));
    });
}

#[test]
fn an_entry_that_is_something_else_hides_no_other() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("s"));
        add(on, &key, [1]);
        let bad = client.xadd(&key, ("n", "secret")).unwrap();
        add(on, &key, [2]);
        let mut tail = client.tail::<Fields>(&key, TailOptions::new().from_start().wait(SHORT));
        assert_eq!(tail.next().unwrap().unwrap().fields["n"], 1);
        let error = tail.next().unwrap().unwrap_err();
        let what = "value of pair 0: expected an integer, found a bulk string that is not a number";
        assert_eq!(error.to_string(), format!("XREAD: entry {bad}: {what}"));
        assert!(error.is_decode());
        assert_eq!(tail.place(), Some(bad));
        assert_eq!(numbers(tail.by_ref()), [2]);
        assert!(tail.next().is_none());
    });
}

#[test]
fn a_deleted_stream_is_one_without_entries() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("s"));
        add(on, &key, [1]);
        let mut tail = client.tail::<Fields>(&key, TailOptions::new().from_start().wait(SHORT));
        assert_eq!(numbers(tail.by_ref()), [1]);
        client.del(&key).unwrap();
        assert_eq!(numbers(tail.by_ref()), [0; 0]);
        add(on, &key, [2]);
        assert_eq!(numbers(tail.by_ref()), [2]);
        // Lower IDs than those that were read.
        client.del(&key).unwrap();
        client.xadd_with(&key, ("n", 3), StreamId::new(5, 0)).unwrap();
        assert_eq!(numbers(tail.by_ref()), [0; 0]);
    });
}

#[test]
fn what_cannot_pass_ends_it() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("s"));
        client.set(&key, 1).unwrap();
        for options in [TailOptions::new(), TailOptions::new().from_start()] {
            let mut tail = client.tail::<Fields>(&key, options);
            assert_eq!(tail.next().unwrap().unwrap_err().code(), Some("WRONGTYPE"));
            assert!(tail.next().is_none() && tail.next().is_none());
        }
        let mut none = client.tail::<Fields>(on.key("no"), TailOptions::new().count(0));
        assert!(none.next().unwrap().unwrap_err().is_usage());
        let mut none = client.tails::<String, Fields>([""; 0], TailOptions::new());
        assert!(none.next().unwrap().unwrap_err().is_usage());
        assert!(none.next().is_none());

        let canceller = Canceller::new();
        let cancelled = client.cancelled_by(&canceller);
        thread::scope(|scope| {
            let waiting = scope.spawn(|| {
                let mut tail = cancelled.tail::<Fields>(on.key("no"), TailOptions::new());
                (tail.next().unwrap().unwrap_err(), tail.next().is_none())
            });
            thread::sleep(SHORT);
            canceller.cancel();
            let (error, ended) = waiting.join().unwrap();
            assert!(error.is_cancelled() && ended, "{error}");
        });
    });
}

#[test]
fn a_lost_connection_loses_no_entry() {
    for server in kit::servers() {
        let on = Subject::newest();
        let proxy = Proxy::start(SocketAddr::from((Ipv4Addr::LOCALHOST, server.port))).unwrap();
        let url = format!("redis://127.0.0.1:{}", proxy.port());
        let config: Config = url.parse().unwrap();
        let (direct, key) = (Client::open(&server.url()).unwrap(), on.key("s"));
        for n in 0..10 {
            direct.xadd(&key, ("n", n)).unwrap();
        }
        let options = TailOptions::new().from_start().count(3).wait(SHORT);
        // To read twice does no harm: who says so does not notice.
        proxy.rule(Rule::new(Fault::CutReply).command("XREAD").nth(2).byte(40));
        let client = Client::new(&config).unwrap();
        let repeating = client.retry(Retry::default().idempotent());
        assert_eq!(numbers(repeating.tail::<Fields>(&key, options)), (0..10).collect::<Vec<_>>());
        assert_eq!(proxy.counts().of(Fault::CutReply), 1);

        // Else there are errors in between, and it goes on where it was.
        proxy.rule(Rule::new(Fault::CutReply).command("XREAD").nth(3).byte(40));
        proxy.rule(Rule::new(Fault::ResetRequest).command("XREAD").nth(2));
        let (entries, errors): (Vec<_>, Vec<_>) =
            client.tail::<Fields>(&key, options).partition(Result::is_ok);
        assert_eq!(numbers(entries.into_iter()), (0..10).collect::<Vec<_>>());
        assert_eq!(errors.len(), 2, "{errors:?}");
        assert!(errors.iter().all(|error| error.as_ref().unwrap_err().is_connection()));
    }
}
