//! What is tried again, what is not, and what the caller is told. The server counts what really arrives.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use client::{Client, Config, Error, Outcome, Retry};

use crate::scripted::{Peer, Scripted};

/// A server that plays `fault` for its first so many connections, and answers the rest of them well.
struct Flaky {
    url: String,
    requests: Arc<AtomicUsize>,
    connections: Arc<AtomicUsize>,
}

impl Flaky {
    fn start(faults: usize, fault: impl Fn(&mut Peer) + Send + Clone + 'static) -> Self {
        let (requests, connections) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (arrived, opened) = (Arc::clone(&requests), Arc::clone(&connections));
        let server = Scripted::start(move |mut peer: Peer| {
            let number = opened.fetch_add(1, Ordering::SeqCst);
            peer.greet();
            while peer.request().is_some() {
                arrived.fetch_add(1, Ordering::SeqCst);
                if number < faults {
                    return fault(&mut peer);
                }
                peer.say(":1\r\n");
            }
        });
        Self { url: server.url(), requests, connections }
    }

    fn client(&self) -> Client {
        let config: Config = self.url.parse().unwrap();
        Client::new(&config.timeout(Duration::from_secs(2)).retry(quick())).unwrap()
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

fn quick() -> Retry {
    Retry::attempts(3).pauses(Duration::from_millis(1), Duration::from_millis(1))
}

/// The server takes the request and closes.
fn lost(_: &mut Peer) {}

#[track_caller]
fn check(error: &Error, outcome: Outcome, attempts: u32) {
    assert_eq!((error.outcome(), error.attempts()), (outcome, attempts), "{error}");
}

#[test]
fn a_lost_reply_to_a_command_that_reads_is_asked_for_again() {
    let server = Flaky::start(2, lost);
    assert_eq!(server.client().get::<i64>("k").unwrap(), Some(1));
    assert_eq!((server.requests(), server.connections()), (3, 3));
}

#[test]
fn a_lost_reply_to_a_command_that_writes_is_unknown_and_never_sent_again() {
    let server = Flaky::start(usize::MAX, lost);
    let error = server.client().incr("k").unwrap_err();
    check(&error, Outcome::Unknown, 1);
    assert_eq!(server.requests(), 1);
}

#[test]
fn a_write_that_may_run_twice_is_sent_again_if_its_caller_says_so() {
    let server = Flaky::start(2, lost);
    server.client().retry(quick().idempotent()).del("k").unwrap();
    assert_eq!(server.requests(), 3);
}

#[test]
fn a_script_is_no_reader_and_its_read_only_kin_is() {
    let server = Flaky::start(2, lost);
    let run = |name| server.client().run::<i64>(client::Request::new(name).arg("return 1").arg(0));
    check(&run("EVAL").unwrap_err(), Outcome::Unknown, 1);
    assert_eq!(run("EVAL_RO").unwrap(), 1);
}

#[test]
fn a_command_that_nobody_knows_counts_as_a_write() {
    let server = Flaky::start(usize::MAX, lost);
    let error = server.client().run::<i64>(client::Request::new("FT.SEARCH").arg("x")).unwrap_err();
    check(&error, Outcome::Unknown, 1);
}

#[test]
fn what_was_once_unknown_stays_so() {
    // First the reply is lost, then nobody listens any more.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = gone.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (stream, _) = gone.accept().unwrap();
        drop(gone);
        Peer::on(stream)
    });
    let client = Client::open(&format!("redis://127.0.0.1:{port}")).unwrap().retry(quick().idempotent());
    let call = std::thread::spawn(move || client.set("k", "v").unwrap_err());
    let mut peer = server.join().unwrap();
    peer.greet();
    assert!(peer.request().is_some());
    drop(peer);
    let error = call.join().unwrap();
    check(&error, Outcome::Unknown, 3);
    assert!(
        error.to_string().ends_with("connection refused; the server may have executed it; tried 3 times"),
        "{error}"
    );
}

#[test]
fn a_server_that_is_busy_with_itself_is_asked_again_on_the_same_connection() {
    for busy in ["-LOADING x\r\n", "-TRYAGAIN x\r\n", "-MASTERDOWN x\r\n"] {
        let server = Scripted::start(move |mut peer: Peer| {
            peer.greet();
            for answer in [busy, busy, ":7\r\n"] {
                peer.request();
                peer.say(answer);
            }
            peer.stay_silent();
        });
        let client = Client::open(&server.url()).unwrap().retry(quick());
        assert_eq!(client.incr("k").unwrap(), 7, "{busy}");
        assert_eq!(client.pool_stats().created, 1);
    }
}

#[test]
fn a_wrong_password_is_sent_once() {
    let tries = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&tries);
    let server = Scripted::start(move |mut peer: Peer| {
        if peer.request().is_some() {
            seen.fetch_add(1, Ordering::SeqCst);
            peer.say("-WRONGPASS invalid username-password pair or user is disabled.\r\n");
        }
        peer.stay_silent();
    });
    let mut config: Config = server.url().parse().unwrap();
    config = config.password("wrong").timeout(Duration::from_millis(200));
    for retry in [Retry::default(), Retry::attempts(9).when(|_| true)] {
        tries.store(0, Ordering::SeqCst);
        let error = Client::new(&config).unwrap().retry(retry).get::<String>("k").unwrap_err();
        assert_eq!(error.attempts(), 1, "{error}");
        assert_eq!(tries.load(Ordering::SeqCst), 1);
    }
}

#[test]
fn a_pipeline_is_tried_again_only_as_a_whole_that_reads() {
    let server = Flaky::start(1, |peer| {
        peer.say(":1\r\n"); // one of two replies, then it closes
    });
    let two = server.client().pipeline(|p| (p.get::<i64>("a"), p.exists("b"))).unwrap();
    assert_eq!(two.0, Some(1));

    let server = Flaky::start(1, |peer| peer.say(":1\r\n"));
    let error = server.client().pipeline(|p| (p.get::<i64>("a"), p.incr("b"))).unwrap_err();
    check(&error, Outcome::Unknown, 1);
    assert_eq!(server.connections(), 1);
}

#[test]
fn all_attempts_and_their_pauses_end_by_one_deadline() {
    let server = Flaky::start(usize::MAX, lost);
    let endless = Retry::attempts(u32::MAX).pauses(Duration::from_millis(20), Duration::from_millis(20));
    let client = server.client().retry(endless).timeout(Duration::from_millis(200));
    let begin = Instant::now();
    let error = client.get::<i64>("k").unwrap_err();
    let took = begin.elapsed();
    assert!(error.attempts() > 3, "{error}");
    assert!(took < Duration::from_millis(250), "took {took:?}");
}

#[test]
fn a_dedicated_connection_is_not_replaced_behind_its_owner() {
    let server = Flaky::start(1, lost);
    let own = server.client().dedicated().unwrap();
    check(&own.get::<i64>("k").unwrap_err(), Outcome::Unknown, 1);
    check(&own.get::<i64>("k").unwrap_err(), Outcome::NotSent, 1);
    assert_eq!(server.connections(), 1);
}
