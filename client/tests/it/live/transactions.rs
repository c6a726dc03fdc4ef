//! Transactions: all or nothing, and only while what was read still holds.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use client::{Client, Config, Outcome, Request, Retry, Script, Ticket};

use crate::kit::{self, Private};
use crate::scripted::{Peer, Scripted};

#[test]
fn atomic_commands_have_their_types_and_their_own_failures() {
    kit::each(|on| {
        let (client, a, b) = (&on.client, on.key("a"), on.key("b"));
        let ((), one, many, list) = client
            .atomic(|p| {
                let many: Vec<_> = (2..5).map(|n| p.incrby(&a, n)).collect();
                assert_eq!(p.len(), 3);
                (p.set(&b, "x"), p.get::<String>(&b), many, p.lrange::<String>(on.key("none"), 0, -1))
            })
            .unwrap();
        assert_eq!((one.as_deref(), many, list), (Some("x"), vec![2, 5, 9], vec![]));

        // What fails while it runs undoes nothing and hides no other.
        let (wrong, right) = client.atomic(|p| (p.incr(&b).caught(), p.incr(&a))).unwrap();
        let error = wrong.unwrap_err();
        assert_eq!((error.code(), error.command(), right), (Some("ERR"), Some("INCR"), 10));
        let error = client.atomic(|p| (p.incr(&a), p.lpop::<String>(&b), p.incr(&a))).unwrap_err();
        assert_eq!((error.code(), error.command()), (Some("WRONGTYPE"), Some("LPOP")));
        assert_eq!(client.get::<i64>(&a).unwrap(), Some(12));
        let error = client.atomic(|p| drop(p.lpop::<String>(&b))).unwrap_err();
        assert_eq!(error.command(), Some("LPOP"), "whose ticket was dropped");

        client.atomic(|_| ()).unwrap();
        assert_eq!(client.pool_stats().created, 1);
    });
}

#[test]
fn scripts_are_loaded_in_the_transaction_that_calls_them() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("k"));
        let script = Script::from(format!("return redis.call('incrby', KEYS[1], ARGV[1]) -- {key}"));
        let values = client
            .atomic(|p| {
                let call = |by| p.call_script::<i64>(&script, &key, by);
                (call(1), p.incr(&key), call(2))
            })
            .unwrap();
        assert_eq!(values, (1, 2, 4));
    });
}

#[test]
fn a_command_that_is_not_taken_is_named_and_nothing_is_done() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("k"));
        let nonsense = || Request::new("NOSUCHCOMMAND").arg(1);
        let error = client.atomic(|p| (p.incr(&key), p.run::<()>(nonsense()), p.incr(&key))).unwrap_err();
        assert_eq!((error.command(), error.code()), (Some("NOSUCHCOMMAND"), Some("ERR")));
        assert_eq!(error.outcome(), Outcome::Answered);
        let wrong = |p: &client::Pipeline| (p.incr(&key), p.run::<()>(Request::new("GET")).caught());
        let error = client.atomic(wrong).map(drop).unwrap_err();
        assert_eq!(error.command(), Some("GET"), "for one who has caught it too");
        assert_eq!(client.exists(&key).unwrap(), 0);
        assert_eq!(client.pool_stats().created, 1, "the connection is fine");
    });
}

#[test]
fn what_would_end_a_transaction_is_not_sent() {
    let on = kit::Subject::newest();
    for name in ["EXEC", "discard", "MULTI", "WATCH", "UNWATCH", "RESET", "QUIT"] {
        let error = on
            .client
            .atomic(|p| (p.incr(on.key("k")), p.run::<()>(Request::new(name)), p.incr(on.key("k"))))
            .unwrap_err();
        assert_eq!(error.to_string(), format!("{name}: has no place in a transaction"));
        assert!(error.is_usage() && error.outcome() == Outcome::NotSent);
    }
    assert_eq!(on.client.pool_stats().created, 0);
    let error = on.client.atomic(|p| p.del([""; 0])).unwrap_err();
    assert!(error.is_usage());
}

#[test]
fn watched_by_hand() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("k"));
        let own = client.dedicated().unwrap();
        own.watch([&key, &on.key("other")]).unwrap();
        assert_eq!(own.atomic(|p| p.incr(&key)).unwrap(), 1);
        client.incr(&key).unwrap();
        assert_eq!(own.atomic(|p| p.incr(&key)).unwrap(), 3, "EXEC has ended the watch");

        own.watch(&key).unwrap();
        client.incr(&key).unwrap();
        let error = own.atomic(|p| (p.incr(&key), p.get::<i64>(&key).caught())).unwrap_err();
        assert!(error.is_conflict() && error.attempts() == 1);
        assert_eq!(error.to_string(), "nothing was done, as somebody else has changed a watched key");
        assert_eq!(error.outcome(), Outcome::Answered);

        own.watch(&key).unwrap();
        client.incr(&key).unwrap();
        own.unwatch().unwrap();
        own.multi().unwrap();
        own.run::<()>(Request::new("INCR").key(&key)).unwrap();
        assert_eq!(own.exec::<(i64,)>().unwrap(), Some((6,)));
        own.watch(&key).unwrap();
        client.incr(&key).unwrap();
        own.multi().unwrap();
        assert_eq!(own.exec::<Vec<i64>>().unwrap(), None);
        own.multi().unwrap();
        own.discard().unwrap();
        assert!(own.watch([""; 0]).unwrap_err().is_usage());
    });
}

#[test]
fn a_transaction_is_tried_until_nobody_interferes() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("k"));
        let mut bodies = 0;
        let value = client
            .transaction(&key, |own, p| {
                bodies += 1;
                let read = own.get::<i64>(&key)?.unwrap_or(0);
                if bodies < 4 {
                    client.incr(&key)?;
                }
                Ok((p.set(&key, read * 10), p.get::<i64>(&key)))
            })
            .unwrap();
        assert_eq!((bodies, value), (4, ((), Some(30))));

        // To do nothing is a decision too: it holds only if what it was based on does.
        let mut bodies = 0;
        let nothing: Option<i64> = client
            .transaction(&key, |own, p| {
                bodies += 1;
                let read = own.get::<i64>(&key)?;
                if bodies == 1 {
                    client.incr(&key)?;
                }
                Ok((read > Some(1_000)).then(|| p.decr(&key)))
            })
            .unwrap();
        assert_eq!((bodies, nothing), (2, None));
        assert_eq!(client.pool_stats().open, 2, "no connection was lost");
        assert_eq!(client.pool_stats().created, 2);
    });
}

#[test]
fn somebody_who_always_interferes_is_told_of_in_the_end() {
    let on = kit::Subject::newest();
    let (client, key) = (&on.client, on.key("k"));
    let disturbed = |client: &Client| {
        client
            .transaction(&key, |own, p| {
                own.get::<i64>(&key)?;
                on.client.incr(&key)?;
                Ok(p.set(&key, "x"))
            })
            .unwrap_err()
    };
    let error = disturbed(client);
    assert!(error.is_conflict() && error.attempts() == 100, "{error}");
    assert_eq!(
        error.to_string(),
        "transaction: nothing was done, as somebody else has changed a watched key; tried 100 times"
    );
    let begin = Instant::now();
    let error = disturbed(&client.timeout(Duration::from_millis(20)));
    assert!(error.is_conflict() || error.is_timeout(), "{error}");
    assert!(begin.elapsed() < Duration::from_millis(120));
}

#[test]
fn whichever_way_out_nothing_stays_watched() {
    let on = kit::Subject::newest();
    let (client, key) = (&on.client, on.key("k"));
    client.set(&key, 5).unwrap();
    // An early return.
    let error = client
        .transaction(&key, |own, p| {
            let _ = p.set(&key, 6);
            own.lpop::<String>(&key)?;
            Ok(p.incr(&key))
        })
        .unwrap_err();
    assert_eq!((error.command(), error.code()), (Some("LPOP"), Some("WRONGTYPE")));
    assert_eq!(client.pool_stats().created, 1);
    // The same connection, whose keys were watched.
    let id = client.client_id().unwrap();
    client.incr(&key).unwrap();
    let own = client.dedicated().unwrap();
    assert_eq!(own.client_id().unwrap(), id);
    assert_eq!(own.atomic(|p| p.incr(&key)).unwrap(), 7);
    drop(own);

    // A command that is flawed, or not taken.
    let error = client.transaction(&key, |_, p| Ok(p.del([""; 0]))).unwrap_err();
    assert!(error.is_usage());
    let error = client.transaction(&key, |_, p| Ok(p.run::<()>(Request::new("GET")))).unwrap_err();
    assert_eq!(error.command(), Some("GET"));
    let error = client.transaction([""; 0], |_, p| Ok(p.incr(&key))).unwrap_err();
    assert!(error.is_usage(), "{error}");

    // A panic.
    let panics = || drop(client.transaction(&key, |_, _| -> client::Result<Ticket<()>> { panic!("wanted") }));
    assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
    let stats = client.pool_stats();
    assert_eq!((stats.in_use, stats.idle), (0, stats.open));
    client.incr(&key).unwrap();
    let own = client.dedicated().unwrap();
    assert_eq!(own.atomic(|p| p.incr(&key)).unwrap(), 9);
}

#[test]
fn a_lost_reply_to_exec_is_unknown_and_not_sent_again() {
    let sent = std::sync::Arc::new(AtomicU32::new(0));
    let counter = std::sync::Arc::clone(&sent);
    let server = Scripted::start(move |mut peer: Peer| {
        peer.greet();
        while let Some(request) = peer.request() {
            match &*request {
                "EXEC" => {
                    counter.fetch_add(1, Ordering::SeqCst);
                    return; // and closes
                }
                "MULTI" | "WATCH k" => peer.say("+OK\r\n"),
                "GET k" => peer.say("$1\r\n1\r\n"),
                _ => peer.say("+QUEUED\r\n"),
            }
        }
    });
    let client = Client::open(&server.url()).unwrap().retry(Retry::attempts(5));
    let error = client.atomic(|p| p.incr("k")).unwrap_err();
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1), "{error}");
    assert!(error.to_string().starts_with("transaction: "), "{error}");
    let transaction = |client: &Client| {
        client.transaction("k", |own, p| {
            own.run::<String>(Request::new("GET").key("k"))?;
            Ok(p.incr("k"))
        })
    };
    let error = transaction(&client).unwrap_err();
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1), "{error}");
    assert_eq!(sent.load(Ordering::SeqCst), 2);
}

#[test]
fn a_server_without_multi_is_an_error_and_no_answer() {
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        for answer in ["-NOPERM no MULTI for you\r\n", ":1\r\n", "-ERR EXEC without MULTI\r\n"] {
            peer.request();
            peer.say(answer);
        }
        for answer in ["+OK\r\n", "+QUEUED\r\n", "*2\r\n:1\r\n:2\r\n"] {
            peer.request();
            peer.say(answer);
        }
        peer.stay_silent();
    });
    let client = Client::open(&server.url()).unwrap();
    let error = client.atomic(|p| p.incr("k")).unwrap_err();
    assert_eq!(error.to_string(), "MULTI: NOPERM no MULTI for you");
    let error = client.atomic(|p| p.incr("k")).unwrap_err();
    assert_eq!((error.command(), error.is_decode()), (Some("EXEC"), true), "{error}");
}

/// 64 threads move money between 100 accounts, while connections are killed.
#[test]
fn transfers() {
    const THREADS: usize = 64;
    const ACCOUNTS: u64 = 100;
    const EACH: i64 = 1_000;
    let length = Duration::from_secs(if kit::slow() { 30 } else { 4 });
    let server = Private::start(&kit::newest().binary, &[]);
    let config: Config = server.url().parse().unwrap();
    let client = Client::new(&config.max_connections(THREADS).timeout(Duration::from_secs(10))).unwrap();
    let accounts: Vec<_> = (0..ACCOUNTS).map(|number| format!("account:{number}")).collect();
    client.mset(accounts.iter().map(|account| (account, EACH)).collect::<Vec<_>>()).unwrap();
    let (done, unknown, failed, most) =
        (AtomicU32::new(0), AtomicU32::new(0), AtomicU32::new(0), AtomicU32::new(0));
    let is_over = AtomicBool::new(false);
    thread::scope(|threads| {
        for thread in 0..THREADS {
            let (client, accounts) = (&client, &accounts);
            let (done, unknown, failed, most, is_over) = (&done, &unknown, &failed, &most, &is_over);
            threads.spawn(move || {
                let mut dice = proxy::Dice::new(thread as u64 + 1);
                while !is_over.load(Ordering::Relaxed) {
                    let [from, to] = [(); 2].map(|()| &accounts[dice.below(ACCOUNTS) as usize]);
                    let amount = dice.below(50) as i64;
                    let mut tried = 0;
                    let moved = client.transaction([from, to], |own, p| {
                        tried += 1;
                        let (a, b): (i64, i64) = own.mget([from, to])?;
                        let is_possible = from != to && a >= amount;
                        Ok(is_possible.then(|| (p.set(from, a - amount), p.set(to, b + amount))))
                    });
                    most.fetch_max(tried, Ordering::Relaxed);
                    match moved {
                        Ok(_) => done.fetch_add(1, Ordering::Relaxed),
                        Err(error) if error.outcome() == Outcome::Unknown => {
                            unknown.fetch_add(1, Ordering::Relaxed)
                        }
                        Err(error) => {
                            assert!(error.is_connection() || error.is_conflict(), "{error}");
                            failed.fetch_add(1, Ordering::Relaxed)
                        }
                    };
                }
            });
        }
        let begin = Instant::now();
        let killer = Client::open(&server.url()).unwrap().retry(Retry::attempts(20));
        while begin.elapsed() < length {
            thread::sleep(Duration::from_millis(100));
            let kill = Request::new("CLIENT KILL").arg("TYPE").arg("normal").arg("SKIPME").arg("yes");
            killer.run::<u64>(kill).unwrap();
        }
        is_over.store(true, Ordering::Relaxed);
    });
    let sum: i64 = client.mget::<Vec<i64>>(&accounts).unwrap().into_iter().sum();
    assert_eq!(sum, EACH * ACCOUNTS as i64);
    println!("{done:?} done, {unknown:?} unknown, {failed:?} failed, at most {most:?} attempts");
    assert!(done.into_inner() > 100);
    assert_eq!(client.pool_stats().in_use, 0);
    let watching = client.run::<String>(Request::new("INFO").arg("clients")).unwrap();
    let watching = watching.lines().find(|line| line.starts_with("watching_clients")).unwrap();
    assert_eq!(watching, "watching_clients:0");
}
