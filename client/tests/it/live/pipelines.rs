//! Pipelines: every reply keeps its type and its own failure, and a million commands need no memory.

use std::thread;
use std::time::{Duration, Instant};

use client::{Canceller, Client, Outcome, Pipeline, Redeem, Reply, Request, SetOptions, Ticket};

use crate::kit;

#[test]
fn a_pipeline_grows_where_it_is_handed_to() {
    /// Somebody else's commands, and the shape of their tickets.
    fn visit(p: &Pipeline, key: &str) -> (Ticket<i64>, Ticket<Option<String>>) {
        (p.incr(key), p.get(key))
    }

    kit::each(|on| {
        let (client, keys) = (&on.client, ["a", "b", "c"].map(|name| on.key(name)));
        let pipeline = Pipeline::new();
        assert!(pipeline.is_empty());
        let mut visits = Vec::new();
        for key in keys.iter().chain(&keys) {
            visits.push(visit(&pipeline, key));
        }
        let all = pipeline.mget::<Vec<i64>>(&keys);
        assert_eq!(pipeline.len(), 13);

        let mut replies = client.send(pipeline).unwrap();
        assert_eq!(replies.redeem(all).unwrap(), [2, 2, 2]);
        let visits = replies.redeem(visits).unwrap();
        let (first, last) = ((1, Some("1".to_owned())), (2, Some("2".to_owned())));
        assert_eq!((&visits[0], &visits[5]), (&first, &last));
        replies.finish().unwrap();

        let empty = client.send(Pipeline::new()).unwrap();
        empty.finish().unwrap();
    });
}

#[test]
fn a_command_that_fails_hides_no_other() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("k"));
        let commands =
            |p: &Pipeline| (p.set(&key, "x"), p.incr(&key), p.append(&key, "y"), p.lpop::<i64>(&key));
        let pipeline = Pipeline::new();
        let (set, incr, append, lpop) = commands(&pipeline);
        let mut replies = client.send(pipeline).unwrap();
        assert_eq!(replies.redeem(lpop).unwrap_err().code(), Some("WRONGTYPE"));
        assert_eq!(replies.redeem(append).unwrap(), 2);
        let error = replies.redeem(incr).unwrap_err();
        assert_eq!((error.command(), error.outcome()), (Some("INCR"), Outcome::Answered));
        replies.redeem(set).unwrap();
        replies.finish().unwrap();

        // The same in one go, each as a `Result`.
        let (set, incr, append, lpop) = client
            .pipeline(|p| {
                let (set, incr, append, lpop) = commands(p);
                (set.caught(), incr.caught(), append.caught(), lpop.caught())
            })
            .unwrap();
        assert!(set.is_ok() && incr.is_err() && lpop.is_err());
        assert_eq!(append.unwrap(), 2);

        // Whoever drops a ticket learns of its failure at the end.
        let pipeline = Pipeline::new();
        let (set, ..) = commands(&pipeline);
        let mut replies = client.send(pipeline).unwrap();
        replies.redeem(set).unwrap();
        assert_eq!(replies.finish().unwrap_err().command(), Some("INCR"));
    });
}

#[test]
fn a_pipeline_on_a_connection_of_its_own() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("k"));
        let own = client.dedicated().unwrap();
        own.select(1).unwrap();
        let ((), one) = own.pipeline(|p| (p.set(&key, "in 1"), p.get::<String>(&key))).unwrap();
        assert_eq!(one.as_deref(), Some("in 1"));
        own.pipeline_each(0..3, |p, _| p.append(&key, "!"), |_| ()).unwrap();
        assert_eq!(own.get::<String>(&key).unwrap().as_deref(), Some("in 1!!!"));
        own.del(&key).unwrap();
        assert_eq!(client.get::<String>(&key).unwrap(), None);

        // What a pipeline changes is seen by the next command, and not by the next user of the pool.
        let own = client.dedicated().unwrap();
        own.pipeline(|p| p.run::<()>(Request::new("SELECT").arg(2))).unwrap();
        assert_eq!(own.client_info().unwrap().db(), 2);
        let id = own.client_id().unwrap();
        drop(own);
        assert_ne!(client.client_id().unwrap(), id);
        let own = client.dedicated().unwrap();
        let id = own.client_id().unwrap();
        own.pipeline_each([3], |p, db| p.run::<()>(Request::new("SELECT").arg(db)), |()| ()).unwrap();
        drop(own);
        assert_ne!(client.client_id().unwrap(), id);
    });
}

#[test]
fn each_item_gets_its_own_in_order() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("k"));
        let mut seen = Vec::new();
        client
            .pipeline_each(
                0..20_000_i64,
                |p, n| (p.incrby(&key, 1), p.echo::<i64>(n)),
                |pair| seen.push(pair),
            )
            .unwrap();
        assert_eq!(seen, (0..20_000).map(|n| (n + 1, n)).collect::<Vec<_>>());

        // An item may ask for nothing; a shape may vary from item to item.
        let mut seen = Vec::new();
        client
            .pipeline_each(
                0..5_000_usize,
                |p, n| (0..n % 3).map(|i| p.echo::<usize>(n + i)).collect::<Vec<_>>(),
                |list| seen.push(list),
            )
            .unwrap();
        assert_eq!(seen, (0..5_000).map(|n| (n..n + n % 3).collect()).collect::<Vec<Vec<_>>>());
        let mut none = 0;
        client.pipeline_each(0..5_000, |_, _| (), |()| none += 1).unwrap();
        assert_eq!(none, 5_000);
        client.pipeline_each([0; 0], Pipeline::echo::<i64>, |_| unreachable!()).unwrap();
        assert_eq!(client.pool_stats().created, 1);
    });
}

#[test]
fn what_fails_in_a_stream_ends_it_unless_it_is_caught() {
    kit::each(|on| {
        let (client, text, number) = (&on.client, on.key("text"), on.key("n"));
        client.set(&text, "x").unwrap();
        let key = |n: i64| if n == 1_000 { &text } else { &number };

        let (mut taken, mut done) = (0, 0);
        let items = (0..1_000_000).inspect(|_| taken += 1);
        let error = client.pipeline_each(items, |p, n| p.incr(key(n)), |_| done += 1).unwrap_err();
        assert_eq!((error.code(), error.command()), (Some("ERR"), Some("INCR")));
        // All that were sent have run, and were handed over; no more were taken.
        assert_eq!(client.get::<i64>(&number).unwrap(), Some(done));
        assert_eq!(taken, done + 1);
        assert!((1_000..100_000).contains(&done), "{done}");

        let (mut good, mut bad) = (0, 0);
        let each = |result: client::Result<i64>| if result.is_ok() { good += 1 } else { bad += 1 };
        client.pipeline_each(0..5_000, |p, n| p.incr(key(n)).caught(), each).unwrap();
        assert_eq!((good, bad), (4_999, 1));

        // A ticket that was dropped does not fail in silence.
        let error = client.pipeline_each(999..1_001, |p, n| _ = p.incr(key(n)), |()| ()).unwrap_err();
        assert_eq!(error.command(), Some("INCR"));

        // What must not be sent is not, nor what belongs to the same item.
        let before = client.get::<i64>(&number).unwrap().unwrap();
        let mut done = 0;
        let expire = |n| SetOptions::new().expire(Duration::from_secs(3 - n));
        let error = client
            .pipeline_each(0..9_u64, |p, n| (p.incr(&number), p.set_with(&text, n, expire(n))), |_| done += 1)
            .unwrap_err();
        assert!(error.is_usage() && error.command() == Some("SET"), "{error}");
        assert_eq!((done, error.outcome()), (3, Outcome::NotSent));
        assert_eq!(client.get::<i64>(&number).unwrap(), Some(before + 3));
        assert_eq!(client.pool_stats().created, 1, "none of it has hurt the connection");
    });
}

#[test]
fn a_server_that_goes_away_ends_a_stream() {
    kit::each(|on| {
        let client = &on.client;
        let id = client.client_id().unwrap();
        let other = Client::open(&on.server.url()).unwrap();
        let mut done = 0;
        let each = |()| {
            done += 1;
            if done == 500 {
                assert!(other.client_kill_id(id).unwrap());
            }
        };
        let key = on.key("k");
        let error = client.pipeline_each(0..10_000_000, |p, n| p.set(&key, n), each).unwrap_err();
        assert!(error.is_connection(), "{error}");
        assert_eq!((error.outcome(), error.command()), (Outcome::Unknown, Some("pipeline")));
        assert!(done >= 500);
        client.ping().unwrap();
    });
}

#[test]
fn one_deadline_covers_a_stream_and_a_canceller_ends_it() {
    kit::each(|on| {
        let (client, key, limit) = (&on.client, on.key("k"), Duration::from_millis(200));
        client.ping().unwrap();
        let endless = |client: &Client| {
            let (begin, mut done) = (Instant::now(), 0_u64);
            let error = client.pipeline_each(0_u64.., |p, n| p.set(&key, n), |()| done += 1).unwrap_err();
            let took = begin.elapsed();
            // The canceller's time began a little before.
            let soonest = limit.mul_f64(0.9);
            assert!(done > 0 && took >= soonest && took < limit + Duration::from_secs(2), "{done}, {took:?}");
            error
        };
        assert!(endless(&client.timeout(limit)).is_timeout());
        let canceller = Canceller::new();
        let error = thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(limit);
                canceller.cancel();
            });
            endless(&client.timeout(None).cancelled_by(&canceller))
        });
        assert!(error.is_cancelled(), "{error}");
        client.ping().unwrap();
    });
}

/// The most memory that `run` needs on this thread at any one time, in bytes.
fn memory(run: impl FnOnce()) -> u64 {
    allocation_counter::measure(run).bytes_max
}

#[test]
fn a_million_commands_need_no_more_memory_than_a_few() {
    const MILLION: u32 = 1_000_000;
    let on = kit::Subject::newest();
    let (client, value) = (on.client.timeout(None), [b'v'; 100]);
    let keys: Vec<_> = (0..1_000).map(|n| on.key(&n.to_string())).collect();
    client.ping().unwrap();
    let set = |count: u32| {
        let mut done = 0;
        let bytes = memory(|| {
            let command = |p: &Pipeline, n: u32| p.set(&keys[n as usize % 1_000], value);
            client.pipeline_each(0..count, command, |()| done += 1).unwrap();
        });
        assert_eq!(done, count);
        bytes
    };
    let (few, many) = (set(50_000), set(MILLION));
    println!("the most memory of 50,000 SETs: {few} bytes; of a million: {many}");
    assert_eq!(client.mget::<Vec<Vec<u8>>>(&keys).unwrap(), vec![value; 1_000]);
    // All of it packed is 150 MB. At once there are 128 KiB of it, and the tickets of 16,384 at most.
    assert!(many < 2_000_000, "{many}");
    client.del(&keys).unwrap();
}

#[test]
fn large_values_in_both_directions_wait_for_nobody_and_fill_no_memory() {
    // 200 MB out and 200 MB in: far more than the sockets hold. The server's share is watched as well.
    const LARGE: usize = 1 << 20;
    kit::each(|on| {
        let client = on.client.timeout(Duration::from_secs(60));
        let (value, id) = ("x".repeat(LARGE), client.client_id().unwrap());
        let other = Client::open(&on.server.url()).unwrap();
        let (mut done, mut most) = (0, 0_u64);
        let bytes = memory(|| {
            let each = |reply: Reply| {
                assert_eq!(reply.view().as_str().map(str::len), Some(LARGE));
                done += 1;
                if done % 20 == 0 {
                    // A slow reader, who looks at what the server holds for him.
                    thread::sleep(Duration::from_millis(2));
                    let clients = other.client_list().unwrap();
                    let own = clients.iter().find(|client| client.id() == id).unwrap();
                    most = most.max(own.field("omem").unwrap().parse().unwrap());
                }
            };
            let ask = |p: &Pipeline, _| p.run::<Reply>(Request::new("ECHO").arg(&value));
            client.pipeline_each(0..200, ask, each).unwrap();
        });
        println!("the most memory for 200 MiB: {bytes} bytes here, {most} at {}", on.server.name);
        assert_eq!(done, 200);
        assert!(bytes < 16 << 20, "{bytes}");
        assert!(most < 64 << 20, "{most}");
        assert!(client.ping().is_ok() && client.pool_stats().created == 1);
    });
}

#[test]
fn small_questions_with_large_answers_do_not_heap_up_at_the_server() {
    kit::each(|on| {
        let client = on.client.timeout(Duration::from_secs(60));
        let (key, id) = (on.key("large"), client.client_id().unwrap());
        client.set(&key, vec![b'x'; 1 << 20]).unwrap();
        let other = Client::open(&on.server.url()).unwrap();
        let (mut done, mut most) = (0, 0_u64);
        let each = |value: Option<client::Bytes>| {
            assert_eq!(value.map(|value| value.len()), Some(1 << 20));
            done += 1;
            if done % 50 == 0 {
                let clients = other.client_list().unwrap();
                let own = clients.iter().find(|client| client.id() == id).unwrap();
                most = most.max(own.field("omem").unwrap().parse().unwrap());
            }
        };
        let bytes = memory(|| client.pipeline_each(0..500, |p, _| p.get(&key), each).unwrap());
        println!("the most memory for 500 MiB: {bytes} bytes here, {most} at {}", on.server.name);
        assert_eq!(done, 500);
        // 128 are owed at first, before anybody knows how large they are; 16 MiB after that.
        assert!(bytes < 16 << 20 && most < 160 << 20, "{bytes}, {most}");
    });
}

#[test]
fn a_long_pipeline_is_redeemed_at_once() {
    // It keeps all tickets and replies, as its caller wants; neither side waits for the other.
    let on = kit::Subject::newest();
    let (client, key) = (on.client.timeout(None), on.key("n"));
    let numbers = client.pipeline(|p| (0..200_000).map(|_| p.incr(&key)).collect::<Vec<_>>()).unwrap();
    assert!(numbers.into_iter().eq(1..=200_000));
}

/// Whatever holds tickets is one shape: tuples, arrays, `Vec`s and options, nested.
#[test]
fn shapes_nest() {
    fn redeemed<T: Redeem>(client: &Client, shape: impl FnOnce(&Pipeline) -> T) -> T::Output {
        client.pipeline(shape).unwrap()
    }
    kit::each(|on| {
        let client = &on.client;
        let shape = redeemed(client, |p| {
            let echo = |n: i64| p.echo::<i64>(n);
            (
                echo(1),
                [echo(2), echo(3)],
                vec![(echo(4), Some(echo(5)))],
                None::<Ticket<i64>>,
                echo(6).caught(),
            )
        });
        assert_eq!((shape.0, shape.1, shape.2, shape.3), (1, vec![2, 3], vec![(4, Some(5))], None));
        assert_eq!(shape.4.unwrap(), 6);
        let twelve = redeemed(client, |p| {
            let e = |n: i64| p.echo::<i64>(n);
            (e(1), e(2), e(3), e(4), e(5), e(6), e(7), e(8), e(9), e(10), e(11), e(12))
        });
        assert_eq!(twelve.11, 12);
    });
}
