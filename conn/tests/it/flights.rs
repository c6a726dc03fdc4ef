//! Many requests in one flight.

use std::time::Duration;

use conn::{Config, Connection, Deadline};
use resp::Request;

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
    let mut replies = 0;
    connection
        .flight(&flight, COUNT, Deadline::after(Duration::from_secs(60)), &mut |_| replies += 1)
        .unwrap();
    assert_eq!(replies, COUNT);
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
    let mut numbers = Vec::new();
    connection
        .flight(&flight, 10_000, Deadline::NEVER, &mut |reply| {
            numbers.push(reply.view().as_integer().unwrap());
        })
        .unwrap();
    assert_eq!(numbers, Vec::from_iter(0..10_000));
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
    let mut replies = 0;
    let error = connection
        .flight(&flight, 16, Deadline::after(Duration::from_secs(10)), &mut |_| replies += 1)
        .unwrap_err();
    assert_eq!((error.kind(), replies), (&conn::ErrorKind::UnexpectedReply, 16));
    assert!(!connection.is_clean());
}
