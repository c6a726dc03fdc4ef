//! Many requests in one flight.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use conn::{Config, Connection, Deadline, Outcome, Talk};
use resp::{Reply, Request};

use crate::scripted::{Peer, Scripted};

#[test]
fn neither_side_waits_for_the_other_to_read() {
    // Each request of 14 bytes is answered by 2,000: a peer that does not read on while its answer is stuck.
    const COUNT: usize = 100_000;
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        let answer = format!("$2000\r\n{}\r\n", "x".repeat(2_000));
        while peer.request().is_some() {
            peer.say(&answer);
        }
    });
    let mut connection = Connection::open(&Config::tcp("127.0.0.1", server.port), Deadline::NEVER).unwrap();
    let mut flight = Vec::new();
    (0..COUNT).for_each(|_| Request::new("PING").wire().write_to(&mut flight));
    let replies = connection.flight(&flight, COUNT, Deadline::after(Duration::from_secs(60))).unwrap();
    assert_eq!(replies.map(Result::unwrap).count(), COUNT);
    assert!(connection.is_clean());
}

#[test]
fn replies_come_in_order_whatever_the_pieces() {
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        let mut number = 0;
        while peer.request().is_some() {
            peer.say(format!(":{number}\r\n"));
            number += 1;
        }
    });
    let mut connection = Connection::open(&Config::tcp("127.0.0.1", server.port), Deadline::NEVER).unwrap();
    let mut flight = Vec::new();
    (0..10_000).for_each(|_| Request::new("PING").wire().write_to(&mut flight));
    let replies = connection.flight(&flight, 10_000, Deadline::NEVER).unwrap();
    assert!(replies.map(|reply| reply.unwrap().view().as_integer().unwrap()).eq(0..10_000));
}

#[test]
fn a_server_that_answers_more_than_it_was_asked_fills_no_memory() {
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        peer.request();
        loop {
            peer.say("+OK\r\n".repeat(10_000));
        }
    });
    let mut connection = Connection::open(&Config::tcp("127.0.0.1", server.port), Deadline::NEVER).unwrap();
    let mut flight = Vec::new();
    let large = vec![b'x'; 1 << 20];
    (0..16).for_each(|_| Request::new("SET").key("k").arg(&large).wire().write_to(&mut flight));
    let mut replies = connection.flight(&flight, 16, Deadline::after(Duration::from_secs(10))).unwrap();
    assert!(replies.by_ref().take(16).all(|reply| reply.is_ok()));
    assert_eq!(replies.next().unwrap().unwrap_err().kind(), &conn::ErrorKind::UnexpectedReply);
    assert!(replies.next().is_none());
    drop(replies);
    assert!(!connection.is_clean());
}

#[test]
fn a_flight_that_nobody_follows_to_its_end_poisons() {
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        while peer.request().is_some() {
            peer.say("+PONG\r\n");
        }
    });
    let mut connection = Connection::open(&Config::tcp("127.0.0.1", server.port), Deadline::NEVER).unwrap();
    let mut flight = Vec::new();
    (0..3).for_each(|_| Request::new("PING").wire().write_to(&mut flight));
    assert_eq!(connection.flight(&flight, 3, Deadline::NEVER).unwrap().map(Result::unwrap).count(), 3);
    assert!(connection.is_clean());
    // Three replies came, but nobody looked whether a fourth is behind them.
    assert!(connection.flight(&flight, 3, Deadline::NEVER).unwrap().take(3).all(|reply| reply.is_ok()));
    assert!(!connection.is_clean());
    let error = connection.flight(&flight, 3, Deadline::NEVER).unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (&conn::ErrorKind::Poisoned, Outcome::NotSent));
}

/// Asks the same so many times.
struct Asks<'a> {
    request: Request<'a>,
    left: usize,
    heard: Vec<Reply>,
}

impl<'a> Asks<'a> {
    fn times(left: usize, request: Request<'a>) -> Self {
        Self { request, left, heard: Vec::new() }
    }
}

impl Talk for Asks<'_> {
    fn ask(&mut self, wire: &mut Vec<u8>, room: usize) -> Option<usize> {
        let mut asked = 0;
        while asked < room.min(self.left) && wire.len() < 64 << 10 {
            self.request.wire().write_to(wire);
            asked += 1;
        }
        self.left -= asked;
        (asked > 0).then_some(asked)
    }

    fn hear(&mut self, reply: Reply) {
        self.heard.push(reply);
    }
}

#[test]
fn a_talk_in_which_both_sides_say_much_goes_on() {
    // 20,000 bytes for 20,000: far more in both directions than the kernel holds.
    const COUNT: usize = 5_000;
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        while let Some(request) = peer.request() {
            let (_, text) = request.split_once(' ').unwrap();
            peer.say(format!("${}\r\n{text}\r\n", text.len()));
        }
    });
    let mut connection = Connection::open(&Config::tcp("127.0.0.1", server.port), Deadline::NEVER).unwrap();
    let text = "x".repeat(20_000);
    let mut asks = Asks::times(COUNT, Request::new("ECHO").arg(&text));
    connection.talk(&mut asks, Deadline::after(Duration::from_secs(60))).unwrap();
    assert_eq!(asks.heard.len(), COUNT);
    assert!(asks.heard.iter().all(|reply| reply.view().as_str() == Some(&text)));
    assert!(connection.is_clean() && connection.check());
    // And again: nothing was left behind.
    connection.talk(&mut Asks::times(1, Request::new("ECHO").arg("y")), Deadline::NEVER).unwrap();
}

#[test]
fn a_server_that_does_not_answer_is_not_asked_for_ever() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let server = Scripted::start(move |mut peer: Peer| {
        peer.greet();
        while peer.request().is_some() {
            counter.fetch_add(1, Ordering::SeqCst);
        }
    });
    let mut connection = Connection::open(&Config::tcp("127.0.0.1", server.port), Deadline::NEVER).unwrap();
    let mut asks = Asks::times(1_000_000, Request::new("PING"));
    let error = connection.talk(&mut asks, Deadline::after(Duration::from_millis(300))).unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (&conn::ErrorKind::Timeout, Outcome::Unknown));
    assert!(!connection.is_clean());
    assert_eq!(asked.load(Ordering::SeqCst), 128);
}

#[test]
fn a_talk_about_nothing_sends_nothing() {
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        assert_eq!(peer.request().as_deref(), Some("PING"));
        peer.say("+PONG\r\n");
    });
    let mut connection = Connection::open(&Config::tcp("127.0.0.1", server.port), Deadline::NEVER).unwrap();
    connection.talk(&mut Asks::times(0, Request::new("ECHO")), Deadline::NEVER).unwrap();
    let reply = connection.call(&mut Request::new("PING"), Deadline::NEVER).unwrap();
    assert_eq!(reply.view().as_str(), Some("PONG"));
}

#[test]
fn a_reply_too_many_in_a_talk_poisons() {
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        peer.request();
        peer.say("+OK\r\n+OK\r\n");
        peer.stay_silent();
    });
    let mut connection = Connection::open(&Config::tcp("127.0.0.1", server.port), Deadline::NEVER).unwrap();
    let error = connection.talk(&mut Asks::times(1, Request::new("PING")), Deadline::NEVER).unwrap_err();
    assert_eq!(error.kind(), &conn::ErrorKind::UnexpectedReply);
    assert!(!connection.is_clean());
}
