//! Servers that say nothing, or too little: every call ends at its deadline.

use std::time::{Duration, Instant};

use conn::{Config, Connection, Deadline, Error, ErrorKind, Outcome, Phase};
use resp::Request;

use crate::scripted::{Peer, Scripted};

const LIMIT: Duration = Duration::from_millis(200);

/// `call` ends at the limit, 50 ms more or less, with a timeout in `phase`.
#[track_caller]
fn ends_in_time<T: std::fmt::Debug>(
    phase: Phase,
    outcome: Outcome,
    call: impl FnOnce(Deadline) -> Result<T, Error>,
) -> Error {
    let begin = Instant::now();
    let error = call(Deadline::after(LIMIT)).unwrap_err();
    let took = begin.elapsed();
    assert_eq!(error.kind(), &ErrorKind::Timeout, "{error}");
    assert_eq!((error.phase(), error.outcome()), (phase, outcome));
    assert!(took >= LIMIT && took < LIMIT + Duration::from_millis(50), "took {took:?}");
    error
}

fn greeted(then: impl Fn(Peer) + Send + Clone + 'static) -> Connection {
    let server = Scripted::start(move |mut peer: Peer| {
        peer.greet();
        then(peer);
    });
    Connection::open(&Config::tcp("127.0.0.1", server.port), Deadline::NEVER).unwrap()
}

#[test]
fn a_server_that_accepts_and_never_speaks() {
    let server = Scripted::start(Peer::stay_silent);
    let config = Config::tcp("127.0.0.1", server.port);
    let error =
        ends_in_time(Phase::Handshake, Outcome::NotSent, |deadline| Connection::open(&config, deadline));
    let address = config.address();
    assert_eq!(
        error.to_string(),
        format!("timed out in the handshake with {address}: it accepted the connection and did not answer")
    );
    // The connect timeout of the configuration does the same for a call without a deadline.
    let config = config.connect_timeout(LIMIT);
    ends_in_time(Phase::Handshake, Outcome::NotSent, |_| Connection::open(&config, Deadline::NEVER));
}

#[test]
fn a_call_whose_time_was_over_when_it_began_sends_nothing() {
    let mut connection = greeted(Peer::stay_silent);
    let now = Instant::now();
    let error = connection.call_now(&mut Request::new("PING"), Deadline::at(now), now).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (&ErrorKind::Timeout, Phase::Send));
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(!connection.is_clean());
}

#[test]
fn a_call_that_has_just_read_the_clock_ends_at_its_deadline() {
    let mut connection = greeted(Peer::stay_silent);
    ends_in_time(Phase::Receive, Outcome::Unknown, |deadline| {
        connection.call_now(&mut Request::new("PING"), deadline, Instant::now())
    });
}

#[test]
fn a_resolver_that_does_not_answer() {
    let config = Config::tcp("redis.example", 6379).resolver(|_, _| {
        std::thread::sleep(Duration::from_secs(60));
        Ok(Vec::new())
    });
    let error = ends_in_time(Phase::Lookup, Outcome::NotSent, |deadline| Connection::open(&config, deadline));
    assert_eq!(error.to_string(), "timed out looking up the host of redis.example:6379");
}

#[test]
fn no_time_left_to_connect() {
    let config = Config::tcp("127.0.0.1", 1);
    let error = Connection::open(&config, Deadline::after(Duration::ZERO)).unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (&ErrorKind::Timeout, Outcome::NotSent));
    assert_eq!(error.to_string(), "timed out connecting to 127.0.0.1:1");
}

#[test]
fn a_server_that_does_not_answer() {
    let mut connection = greeted(Peer::stay_silent);
    ends_in_time(Phase::Receive, Outcome::Unknown, |deadline| {
        connection.call(&mut Request::new("INCR").key("k"), deadline)
    });
    assert!(!connection.is_clean());
    let again = connection.call(&mut Request::new("PING"), Deadline::NEVER).unwrap_err();
    assert_eq!((again.kind(), again.outcome()), (&ErrorKind::Poisoned, Outcome::NotSent));
}

#[test]
fn a_byte_now_and_then_does_not_move_the_deadline() {
    let mut connection = greeted(|mut peer| {
        peer.request();
        peer.say("$1000\r\n");
        loop {
            peer.wait(20);
            peer.say("x");
        }
    });
    ends_in_time(Phase::Receive, Outcome::Unknown, |deadline| {
        connection.call(&mut Request::new("GET").key("k"), deadline)
    });
}

#[test]
fn one_deadline_covers_all_replies_of_a_flight() {
    let mut connection = greeted(|mut peer| {
        while peer.request().is_some() {
            peer.wait(30);
            peer.say("+OK\r\n");
        }
    });
    let mut flight = Vec::new();
    (0..20).for_each(|_| Request::new("PING").wire().write_to(&mut flight));
    let mut replies = 0;
    ends_in_time(Phase::Receive, Outcome::Unknown, |deadline| {
        connection.flight(&flight, 20, deadline)?.try_for_each(|reply| reply.map(|_| replies += 1))
    });
    assert!((1..20).contains(&replies), "{replies}");
}

#[test]
fn a_server_that_does_not_read() {
    let mut connection = greeted(|peer| {
        peer.wait(60_000);
    });
    let value = vec![b'x'; 64 << 20];
    ends_in_time(Phase::Send, Outcome::NotSent, |deadline| {
        connection.call(&mut Request::new("SET").key("k").arg(&value), deadline)
    });
}

#[test]
fn a_call_is_interrupted_from_another_thread() {
    let mut connection = greeted(Peer::stay_silent);
    let interrupter = connection.interrupter();
    let begin = Instant::now();
    let error = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(LIMIT);
            interrupter.interrupt();
        });
        connection.call(&mut Request::new("BLPOP").key("k").arg(0), Deadline::NEVER).unwrap_err()
    });
    let took = begin.elapsed();
    assert_eq!((error.kind(), error.outcome()), (&ErrorKind::Closed, Outcome::Unknown));
    assert!(took >= LIMIT && took < LIMIT + Duration::from_millis(50), "took {took:?}");
    assert!(!connection.is_clean());
    // Nothing is left to interrupt, and nothing is kept open for it.
    drop(connection);
    interrupter.interrupt();
}

#[cfg(feature = "tls")]
#[test]
fn a_tls_peer_that_accepts_and_never_speaks() {
    let tls = conn::Tls::new().danger_accept_any_certificate();
    let server = Scripted::start(|peer: Peer| peer.wait(5_000));
    let config = Config::tcp("127.0.0.1", server.port).tls(&tls).unwrap();
    let error = ends_in_time(Phase::Tls, Outcome::NotSent, |deadline| Connection::open(&config, deadline));
    let address = config.address();
    assert_eq!(
        error.to_string(),
        format!(
            "timed out in the TLS handshake with {address}: it accepted the connection and did not answer (does it \
             speak TLS there?)"
        )
    );
    let config = config.connect_timeout(LIMIT);
    ends_in_time(Phase::Tls, Outcome::NotSent, |_| Connection::open(&config, Deadline::NEVER));

    // Nor does a byte of a record now and then move the deadline.
    let server = Scripted::start(|mut peer: Peer| {
        peer.say([22, 3, 3, 4, 0]);
        loop {
            peer.wait(20);
            peer.say([0]);
        }
    });
    let config = Config::tcp("127.0.0.1", server.port).tls(&tls).unwrap();
    ends_in_time(Phase::Tls, Outcome::NotSent, |deadline| Connection::open(&config, deadline));
}
