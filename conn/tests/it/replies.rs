//! Replies that are cut off, late, doubled or mixed with pushes: none becomes the answer to another request.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use conn::{Config, Connection, Deadline, ErrorKind, Outcome};
use resp::Request;

use crate::scripted::{Peer, Scripted};

/// A connection to a server that answers each request by the next of `answers`, and then closes.
fn answering(answers: &'static [&'static str]) -> Connection {
    let server = Scripted::start(move |mut peer: Peer| {
        peer.greet();
        for answer in answers {
            peer.request();
            peer.say(answer);
        }
        peer.request();
    });
    Connection::open(&Config::tcp("127.0.0.1", server.port), Deadline::NEVER).unwrap()
}

fn get(connection: &mut Connection) -> Result<String, conn::Error> {
    let deadline = Deadline::after(Duration::from_secs(5));
    connection.call(&mut Request::new("GET").key("k"), deadline).map(|reply| reply.to_string())
}

#[test]
fn a_reply_cut_off_by_the_end_of_the_connection() {
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        peer.request();
        peer.say("$5\r\nhel");
    });
    let mut connection = Connection::open(&Config::tcp("127.0.0.1", server.port), Deadline::NEVER).unwrap();
    let error = get(&mut connection).unwrap_err();
    let address = connection.address();
    assert_eq!(error.to_string(), format!("{address} closed the connection before its reply was whole"));
    assert_eq!((error.kind(), error.outcome()), (&ErrorKind::Closed, Outcome::Unknown));
    assert!(!connection.is_clean());
}

#[test]
fn bytes_that_are_no_reply() {
    let mut connection = answering(&["+one\r\n", "?what\r\n", "+three\r\n"]);
    assert_eq!(get(&mut connection).unwrap(), "one");
    let error = get(&mut connection).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Protocol(_)), "{error}");
    assert!(
        error.to_string().ends_with("broke the protocol: unexpected byte '?' at byte 0 of the reply"),
        "{error}"
    );
    assert!(!connection.is_clean());
    assert_eq!(get(&mut connection).unwrap_err().kind(), &ErrorKind::Poisoned);
}

#[test]
fn a_reply_too_many_is_never_the_next_answer() {
    // In the same breath: even the first one is in doubt.
    let mut connection = answering(&["+one\r\n+one\r\n", "+two\r\n"]);
    assert_eq!(get(&mut connection).unwrap_err().kind(), &ErrorKind::UnexpectedReply);
    assert!(!connection.is_clean());

    // Half of it.
    let mut connection = answering(&["+one\r\n+on"]);
    assert_eq!(get(&mut connection).unwrap_err().kind(), &ErrorKind::UnexpectedReply);

    // What an attribute announces is a reply too.
    let mut connection = answering(&["+one\r\n|1\r\n+ttl\r\n:1\r\n", "+two\r\n"]);
    assert_eq!(get(&mut connection).unwrap_err().kind(), &ErrorKind::UnexpectedReply);
    assert!(!connection.is_clean());

    // A moment later: the look at checkout sees it.
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        peer.request();
        peer.say("+one\r\n");
        peer.wait(50);
        peer.say("+one\r\n");
        peer.stay_silent();
    });
    let mut connection = Connection::open(&Config::tcp("127.0.0.1", server.port), Deadline::NEVER).unwrap();
    assert_eq!(get(&mut connection).unwrap(), "one");
    assert!(connection.check());
    std::thread::sleep(Duration::from_millis(200));
    assert!(!connection.check());
    assert!(!connection.is_clean());
}

#[test]
fn a_reply_too_many_behind_a_large_one_is_never_the_next_answer() {
    // The rest of a large payload is received straight into its place, which has no room for what is behind it.
    for surplus in ["+one\r\n", "+on", ">2\r\n+invalidate\r\n*1\r\n+k\r\n+one\r\n"] {
        let server = Scripted::start(move |mut peer: Peer| {
            peer.greet();
            peer.request();
            peer.say(format!("$200000\r\n{}", "x".repeat(60_000)));
            peer.wait(50);
            peer.say(format!("{}\r\n{surplus}", "x".repeat(140_000)));
            peer.stay_silent();
        });
        let mut connection =
            Connection::open(&Config::tcp("127.0.0.1", server.port), Deadline::NEVER).unwrap();
        assert_eq!(get(&mut connection).unwrap_err().kind(), &ErrorKind::UnexpectedReply, "{surplus:?}");
        assert!(!connection.is_clean());
    }
    // A push may be there.
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        peer.request();
        peer.say(format!("$200000\r\n{}", "x".repeat(60_000)));
        peer.wait(50);
        peer.say(format!("{}\r\n>1\r\n+a\r\n>1\r\n+b", "x".repeat(140_000)));
        peer.request();
        peer.say("\r\n+two\r\n");
        peer.stay_silent();
    });
    let mut connection = Connection::open(&Config::tcp("127.0.0.1", server.port), Deadline::NEVER).unwrap();
    assert_eq!(get(&mut connection).unwrap().trim_matches('"').len(), 200_000);
    assert_eq!((connection.is_clean(), connection.pushes()), (true, 1));
    assert_eq!(get(&mut connection).unwrap(), "two");
    assert_eq!(connection.pushes(), 2);
}

#[test]
fn a_closed_connection_is_seen_without_a_round_trip() {
    let server = Scripted::start(|mut peer: Peer| peer.greet());
    let mut connection = Connection::open(&Config::tcp("127.0.0.1", server.port), Deadline::NEVER).unwrap();
    std::thread::sleep(Duration::from_millis(100));
    assert!(!connection.check());
}

#[test]
fn pushes_are_counted_apart_and_handed_over() {
    const PUSH: &str = ">2\r\n+invalidate\r\n*1\r\n+k\r\n";
    let before_after: &'static str = format!("{PUSH}+one\r\n{PUSH}").leak();
    let half: &'static str = format!("+two\r\n{}", &PUSH[..10]).leak();
    let rest: &'static str = format!("{}+three\r\n", &PUSH[10..]).leak();
    let mut connection = answering(vec![before_after, half, rest].leak());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let handler = Arc::clone(&seen);
    connection.on_push(move |push| handler.lock().unwrap().push(push.to_string()));
    assert_eq!(get(&mut connection).unwrap(), "one");
    assert_eq!(connection.pushes(), 2);
    assert_eq!(get(&mut connection).unwrap(), "two");
    assert!(connection.is_clean());
    assert_eq!(get(&mut connection).unwrap(), "three");
    assert_eq!(connection.pushes(), 3);
    assert_eq!(*seen.lock().unwrap(), ["1) invalidate\n2) 1) k"; 3]);
}

#[test]
fn a_look_at_a_server_that_pushes_without_end_ends() {
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        loop {
            peer.say(">1\r\n+x\r\n".repeat(1_000));
        }
    });
    let mut connection = Connection::open(&Config::tcp("127.0.0.1", server.port), Deadline::NEVER).unwrap();
    // Where the server's thread is held up for a moment, all is silent, and rightly called fit.
    let begin = std::time::Instant::now();
    let mut longest = Duration::ZERO;
    let mut is_fit = true;
    while is_fit && begin.elapsed() < Duration::from_secs(10) {
        let look = std::time::Instant::now();
        is_fit = connection.check();
        longest = longest.max(look.elapsed());
    }
    assert!(!is_fit, "it never spoke for as long as a look may take");
    assert!(longest < Duration::from_secs(1), "{longest:?}");
}

#[test]
fn an_error_of_the_server_is_a_reply() {
    let mut connection = answering(&["-WRONGTYPE no\r\n", "+fine\r\n"]);
    assert_eq!(get(&mut connection).unwrap(), "(error) WRONGTYPE no");
    assert_eq!(get(&mut connection).unwrap(), "fine");
}

#[test]
fn a_large_reply_comes_whole_and_its_memory_goes() {
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        while let Some(request) = peer.request() {
            match request.as_str() {
                "SMALL" => peer.say("+small\r\n"),
                _ => {
                    peer.say(b"$8000000\r\n");
                    peer.say(vec![b'x'; 8_000_000]);
                    peer.say("\r\n");
                }
            }
        }
    });
    let mut connection = Connection::open(&Config::tcp("127.0.0.1", server.port), Deadline::NEVER).unwrap();
    for _ in 0..3 {
        let reply = connection.call(&mut Request::new("LARGE"), Deadline::NEVER).unwrap();
        assert_eq!(reply.view().as_bytes().unwrap().len(), 8_000_000);
        let small = connection.call(&mut Request::new("SMALL"), Deadline::NEVER).unwrap();
        assert_eq!(small.to_string(), "small");
    }
}

#[test]
fn a_large_reply_that_is_still_held_is_not_written_over_by_the_next() {
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        for letter in b'a'.. {
            let text = String::from(char::from(letter)).repeat(1_000_000);
            match peer.request().as_deref() {
                Some("STRING") => peer.say(format!("$1000000\r\n{text}\r\n")),
                Some("LIST") => {
                    peer.say(format!("*1000\r\n{}", format!("$1000\r\n{}\r\n", &text[..1000]).repeat(1_000)));
                }
                Some(_) => peer.say("+small\r\n"),
                None => return,
            }
        }
    });
    let mut connection = Connection::open(&Config::tcp("127.0.0.1", server.port), Deadline::NEVER).unwrap();
    let mut held = Vec::new();
    for (at, command) in
        ["STRING", "LIST", "LIST", "STRING", "SMALL", "STRING", "LIST"].into_iter().enumerate()
    {
        let reply = connection.call(&mut Request::new(command), Deadline::NEVER).unwrap();
        // Of some the memory is free again, of others it is not.
        if at % 3 != 1 && command != "SMALL" {
            held.push((b'a' + at as u8, reply));
        }
    }
    for (letter, reply) in held {
        let is_whole = |text: &[u8], len| text.len() == len && text.iter().all(|byte| *byte == letter);
        match reply.view().as_bytes() {
            Some(text) => assert!(is_whole(text, 1_000_000), "{letter}"),
            None => {
                assert!(
                    reply.view().iter().all(|text| is_whole(text.as_bytes().unwrap(), 1_000)),
                    "{letter}"
                );
            }
        }
    }
}
