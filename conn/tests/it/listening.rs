//! A connection in two halves: it hears what nobody asked for, while another thread speaks.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use conn::{Config, Connection, Deadline, ErrorKind, Listener, Speaker};

use crate::scripted::{Peer, Scripted};

const PING: &[u8] = b"*1\r\n$4\r\nPING\r\n";

const SOON: Duration = Duration::from_millis(20);

fn halves(then: impl Fn(Peer) + Send + Clone + 'static) -> (Listener, Speaker) {
    let server = Scripted::start(move |mut peer: Peer| {
        peer.greet();
        peer.request(); // what is said before it would be part of the handshake
        then(peer);
    });
    let config = Config::tcp("127.0.0.1", server.port);
    let (listener, mut speaker) = Connection::open(&config, Deadline::NEVER).unwrap().split();
    speaker.say(PING, Deadline::NEVER).unwrap();
    (listener, speaker)
}

/// What is heard next, however long it takes.
fn next(listener: &mut Listener) -> String {
    listener.hear(Deadline::after(Duration::from_secs(10))).unwrap().expect("it comes").to_string()
}

#[test]
fn time_that_runs_out_loses_nothing_of_what_has_begun() {
    let (mut listener, mut speaker) = halves(|mut peer| {
        for piece in [">3\r\n$7\r\nmess", "age\r\n$1\r\nc\r\n$2\r\nhi\r", "\n+next\r\n"] {
            peer.request();
            peer.say(piece);
        }
        peer.stay_silent();
    });
    for _ in 0..2 {
        assert!(listener.hear(Deadline::after(SOON)).unwrap().is_none());
        speaker.say(PING, Deadline::NEVER).unwrap();
    }
    assert!(listener.hear(Deadline::after(SOON)).unwrap().is_none());
    speaker.say(PING, Deadline::NEVER).unwrap();
    assert_eq!(next(&mut listener), "1) \"message\"\n2) \"c\"\n3) \"hi\"");
    assert_eq!(next(&mut listener), "next");
}

#[test]
fn time_that_runs_out_in_a_large_payload_loses_nothing_of_it() {
    const LEN: usize = 1 << 20;
    let (mut listener, mut speaker) = halves(|mut peer| {
        let payload: Vec<u8> = (0..LEN).map(|at| b'a' + (at / 7 % 26) as u8).collect();
        peer.say(format!("${LEN}\r\n"));
        for piece in payload.chunks(LEN / 5) {
            peer.say(piece);
            peer.request();
        }
        peer.say("\r\n");
        peer.stay_silent();
    });
    let mut waits = 0;
    let reply = loop {
        match listener.hear(Deadline::after(SOON)).unwrap() {
            Some(reply) => break reply,
            None => speaker.say(PING, Deadline::NEVER).unwrap(),
        }
        waits += 1;
    };
    assert!(waits >= 5, "{waits}");
    let payload = reply.view().as_bytes().unwrap();
    assert!(
        payload.len() == LEN
            && payload.iter().enumerate().all(|(at, byte)| *byte == b'a' + (at / 7 % 26) as u8)
    );
}

#[test]
fn a_deadline_that_has_passed_takes_what_is_there() {
    let (mut listener, _speaker) = halves(|mut peer| {
        peer.say("+one\r\n+two\r\n");
        peer.stay_silent();
    });
    let passed = Deadline::at(Instant::now());
    let one = std::iter::repeat_with(|| listener.hear(passed).unwrap()).find_map(|heard| heard).unwrap();
    assert_eq!(one.to_string(), "one");
    assert_eq!(listener.heard().unwrap().unwrap().to_string(), "two");
    assert!(listener.heard().unwrap().is_none());
    assert!(listener.hear(passed).unwrap().is_none());
}

#[test]
fn one_thread_waits_while_another_speaks_and_a_third_ends_it() {
    let (mut listener, mut speaker) = halves(|mut peer| {
        peer.say("+begin\r\n");
        while let Some(request) = peer.request() {
            peer.say(format!("+{request}\r\n"));
        }
    });
    let interrupter = listener.interrupter();
    let (all_heard, done) = mpsc::channel();
    thread::scope(|scope| {
        let hearing = scope.spawn(move || {
            assert_eq!(next(&mut listener), "begin");
            for number in 0..100 {
                assert_eq!(next(&mut listener), format!("ECHO {number}"));
            }
            all_heard.send(()).unwrap();
            let error = listener.hear(Deadline::NEVER).unwrap_err();
            assert_eq!(*error.kind(), ErrorKind::Closed);
            assert_eq!(*listener.hear(Deadline::NEVER).unwrap_err().kind(), ErrorKind::Poisoned);
        });
        for number in 0..100 {
            let request = resp::Request::new("ECHO").arg(number).wire().to_vec();
            speaker.say(&request, Deadline::NEVER).unwrap();
        }
        done.recv().unwrap();
        thread::sleep(SOON);
        interrupter.interrupt();
        hearing.join().unwrap();
        assert!(speaker.say(b"x", Deadline::NEVER).is_err());
    });
}

#[test]
fn what_is_no_resp_ends_it() {
    let (mut listener, _speaker) = halves(|mut peer| {
        peer.say("+fine\r\n?\r\n");
        peer.stay_silent();
    });
    assert_eq!(next(&mut listener), "fine");
    let error = listener.hear(Deadline::after(Duration::from_secs(10))).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Protocol(_)), "{error}");
}
