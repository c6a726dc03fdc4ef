//! The defects of the peers, against a real server with the fault proxy before it. The table is in `crate::defects`.

use std::thread;
use std::time::{Duration, Instant};

use client::{Client, Config, Outcome, Request, Retry, Timeout};
use proxy::{Fault, Proxy, Rule};

use crate::kit::{Private, Subject, newest};

const LIMIT: Duration = Duration::from_millis(250);

/// A client with a time limit and one connection, so that each call follows the one before it.
fn through(proxy: &Proxy, options: &str) -> Client {
    let config: Config = format!("{}?max_connections=1{options}", proxy.url()).parse().unwrap();
    Client::new(&config.timeout(LIMIT)).unwrap()
}

fn start() -> (Proxy, Client) {
    let proxy = Proxy::start(newest().port).unwrap();
    let client = through(&proxy, "");
    client.ping().unwrap();
    (proxy, client)
}

/// The call ended at its limit, 50 ms more or less.
#[track_caller]
fn at_its_limit(begin: Instant) {
    let took = begin.elapsed();
    assert!(took + Duration::from_millis(50) > LIMIT && took < LIMIT + Duration::from_millis(50), "{took:?}");
}

// A late reply handed to the next caller.

#[test]
fn a_reply_that_comes_after_its_timeout_is_never_the_next_answer() {
    let (proxy, client) = start();
    proxy.rule(Rule::new(Fault::DelayReply).command("ECHO").nth(1).delay(LIMIT + Duration::from_millis(50)));
    let begin = Instant::now();
    assert!(client.echo::<String>("late").unwrap_err().is_timeout());
    at_its_limit(begin);
    // Also when it has come by now.
    thread::sleep(Duration::from_millis(100));
    assert_eq!(client.echo::<String>("next").unwrap(), "next");
}

#[test]
fn a_reply_that_comes_twice_is_never_the_next_answer() {
    // Larger ones do not come in one piece, and no client can know what has not come yet: in conn a script sees to
    // that, `replies::a_reply_too_many_behind_a_large_one_is_never_the_next_answer`.
    for size in [1, 1_000, 30_000] {
        let (proxy, client) = start();
        proxy.rule(Rule::new(Fault::Twice).command("ECHO").nth(1));
        let error = client.retry(Retry::NEVER).echo::<String>("a".repeat(size)).unwrap_err();
        assert!(error.to_string().contains("a reply that nobody had asked for"), "{size}: {error}");
        assert_eq!(client.echo::<String>("next").unwrap(), "next", "after {size} bytes twice");
    }
}

#[test]
fn pushes_in_a_pipeline_shift_no_reply() {
    let (proxy, client) = start();
    for fault in [Fault::PushBefore, Fault::PushAfter] {
        proxy.calm();
        proxy.rule(Rule::new(fault).command("ECHO"));
        let asked: Vec<_> = (0..100).map(|number| number.to_string()).collect();
        let heard = client.pipeline(|p| asked.iter().map(|text| p.echo::<String>(text)).collect::<Vec<_>>());
        assert_eq!(heard.unwrap(), asked);
        assert_eq!(client.echo::<String>("next").unwrap(), "next");
        assert_eq!(proxy.counts().of(fault), 101);
    }
    assert_eq!(client.pool_stats().created, 1, "the connection is fine");
}

// A timeout multiplied by the length of a pipeline.

#[test]
fn a_pipeline_of_100_whose_server_stalls_ends_at_its_one_deadline() {
    for (fault, nth) in [(Fault::StallRequest, 1), (Fault::StallReply, 1), (Fault::StallReply, 50)] {
        let (proxy, client) = start();
        proxy.rule(Rule::new(fault).command("ECHO").nth(nth));
        let begin = Instant::now();
        let error = client
            .pipeline(|p| (0..100).map(|number| p.echo::<String>(number)).collect::<Vec<_>>())
            .unwrap_err();
        at_its_limit(begin);
        assert!(error.is_timeout(), "{error}");
    }
}

#[test]
fn a_pipeline_whose_replies_trickle_ends_at_its_one_deadline() {
    let (proxy, client) = start();
    proxy.rule(Rule::new(Fault::DelayReply).command("ECHO").delay(Duration::from_millis(20)));
    let begin = Instant::now();
    let error =
        client.pipeline(|p| (0..100).map(|number| p.echo::<String>(number)).collect::<Vec<_>>()).unwrap_err();
    at_its_limit(begin);
    assert!(error.is_timeout(), "{error}");
}

// INCR sent twice after a lost reply; a wrong password sent eleven times; BLPOP sent again.

#[test]
fn an_incr_whose_reply_is_lost_runs_once_and_is_unknown() {
    let subject = Subject::newest();
    for fault in [Fault::DropReply, Fault::CutReply, Fault::ResetReply, Fault::StallReply, Fault::Flip] {
        let (proxy, client) = start();
        let key = subject.key(&fault.to_string());
        proxy.rule(Rule::new(fault).command("INCR").nth(1));
        let error = client.incr(&key).unwrap_err();
        assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1), "{fault}: {error}");
        assert_eq!(subject.client.get::<i64>(&key).unwrap(), Some(1), "{fault}");
        assert_eq!(client.incr(&key).unwrap(), 2, "{fault}");
        subject.client.del(&key).unwrap();
    }
}

#[test]
fn a_wrong_password_is_sent_once() {
    let server = Private::start(&newest().binary, &["--requirepass", "right"]);
    let proxy = Proxy::start(server.port).unwrap();
    for protocol in ["2", "3"] {
        let (before, url) = (proxy.counts().connections, proxy.url().replace("://", "://:wrong@"));
        let error = Client::open(&format!("{url}?protocol={protocol}")).unwrap().ping().unwrap_err();
        assert_eq!((error.code(), error.outcome()), (Some("WRONGPASS"), Outcome::NotSent), "{error}");
        assert_eq!(proxy.counts().connections - before, 1);
    }
    // The server counts them too.
    let own = Client::open(&server.url().replace("://", "://:right@")).unwrap();
    assert_eq!(own.info("stats").unwrap().get::<u64>("acl_access_denied_auth"), Some(2));
}

#[test]
fn a_blpop_that_waits_longer_than_the_timeout_is_sent_once() {
    let subject = Subject::newest();
    let (proxy, client) = start();
    let key = subject.key("list");
    let before = proxy.counts().requests;
    let begin = Instant::now();
    let none = client.blpop::<String, String>(&key, Timeout::After(Duration::from_secs(1))).unwrap();
    assert_eq!(none, None);
    assert!(begin.elapsed() > Duration::from_millis(900), "{:?}", begin.elapsed());
    assert_eq!(proxy.counts().requests - before, 1);

    // And an item that comes after the timeout is not lost.
    thread::scope(|scope| {
        let popped = scope.spawn(|| client.blpop::<String, String>(&key, Timeout::Forever));
        thread::sleep(LIMIT * 2);
        subject.client.rpush(&key, "item").unwrap();
        assert_eq!(popped.join().unwrap().unwrap(), Some((key.clone(), "item".to_owned())));
    });
    assert_eq!(proxy.counts().requests - before, 2);
}

// WATCH left behind on a pooled connection.

#[test]
fn a_watch_never_goes_back_to_the_pool() {
    let subject = Subject::newest();
    let (_proxy, client) = start();
    let key = subject.key("watched");
    let watch = || Request::new("WATCH").key(&key);

    let error = client.run::<()>(watch()).unwrap_err();
    assert!(error.is_usage() && error.outcome() == Outcome::NotSent, "{error}");

    let own = client.dedicated().unwrap();
    own.run::<()>(watch()).unwrap();
    let watching = own.client_id().unwrap();
    drop(own);
    assert_ne!(client.client_id().unwrap(), watching, "after a dedicated connection");

    let (watching, ()) = client.pipeline(|p| (p.client_id(), p.run::<()>(watch()))).unwrap();
    assert_ne!(client.client_id().unwrap(), watching, "after a pipeline");
    let held = || {
        let watching = || client.pipeline(|p| (p.run::<()>(watch()), p.run::<()>(Request::new("NOSUCH"))));
        let before = client.client_id().unwrap();
        assert!(watching().is_err());
        assert_ne!(client.client_id().unwrap(), before, "after a pipeline that failed");
    };
    held();
}

// A PING for every checkout; four to six round trips before the first command.

#[test]
fn a_checkout_sends_nothing_of_its_own() {
    let (proxy, client) = start();
    let before = proxy.counts().requests;
    for _ in 0..20 {
        client.echo::<String>("x").unwrap();
        // Also after a pause in which the connection is looked at.
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(proxy.counts().requests - before, 20);
    assert_eq!(client.pool_stats().created, 1);
}

#[test]
fn one_round_trip_comes_before_the_first_command() {
    let server = Private::start(&newest().binary, &["--requirepass", "secret"]);
    let proxy = Proxy::opaque(server.port).unwrap();
    for protocol in ["2", "3"] {
        let before = proxy.counts();
        let url = proxy.url().replace("://", "://:secret@");
        let client = Client::open(&format!("{url}/1?client_name=test&protocol={protocol}")).unwrap();
        client.ping().unwrap();
        let after = proxy.counts();
        // A chunk for the handshake, a chunk for the command.
        assert_eq!(after.requests - before.requests, 2, "RESP{protocol}");
        drop(client);
    }
}

// A CRLF that nobody checks.

#[test]
fn a_broken_line_end_is_an_error_and_the_end_of_the_connection() {
    // `$5 CRLF hello CRLF`: the structure is four bytes of header and two behind the payload.
    for byte in 2..6 {
        let (proxy, client) = start();
        proxy.rule(Rule::new(Fault::Flip).command("INCRBYFLOAT").byte(byte));
        let subject = Subject::newest();
        let error = client.run::<String>(Request::new("INCRBYFLOAT").key(subject.key("float")).arg("0.125"));
        let error = error.unwrap_err();
        assert!(error.to_string().contains("broke the protocol"), "{byte}: {error}");
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert_eq!(client.echo::<String>("next").unwrap(), "next");
        assert_eq!(client.pool_stats().created, 2);
        subject.client.del(subject.key("float")).unwrap();
    }
}
