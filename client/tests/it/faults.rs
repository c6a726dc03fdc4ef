//! Servers that are none, that are silent, that close, load or refuse: one line that a user can act on, in time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use client::{Client, Config, Decode, DecodeError, Error, Outcome, Redeem, Replies, Ticket, View};

use crate::scripted::{Peer, Scripted};

const LIMIT: Duration = Duration::from_millis(200);

/// A client, with a time limit, of a server that is played by `script`.
fn client(script: impl Fn(Peer) + Send + Clone + 'static) -> (Client, String) {
    let server = Scripted::start(script);
    let config: Config = server.url().parse().unwrap();
    (Client::new(&config.timeout(LIMIT)).unwrap(), format!("127.0.0.1:{}", server.port))
}

/// A client of a server that greets and then answers every request alike.
fn answering(answer: &'static str) -> (Client, String) {
    client(move |mut peer| {
        peer.greet();
        while peer.request().is_some() {
            peer.say(answer);
        }
    })
}

#[track_caller]
fn check(error: &Error, outcome: Outcome, text: &str, address: &str) {
    assert_eq!(error.to_string(), text.replace("ADDRESS", address));
    assert_eq!(error.outcome(), outcome);
    assert!(!error.to_string().contains('\n'));
}

#[test]
fn a_server_that_is_not_redis() {
    let (client, address) = client(|mut peer| peer.say("HTTP/1.1 400 Bad Request\r\n\r\n"));
    let error = client.get::<String>("k").unwrap_err();
    let text = "GET: ADDRESS is no Redis server, it speaks HTTP: unexpected byte 'H' at byte 0 of the reply \
                (\"HTTP/1.1 400 Bad Request\")";
    check(&error, Outcome::NotSent, text, &address);
    assert!(error.is_connection() && !error.is_timeout());
}

#[test]
fn a_server_that_accepts_and_never_speaks() {
    let (client, address) = client(Peer::stay_silent);
    let begin = Instant::now();
    let error = client.get::<String>("k").unwrap_err();
    assert!(begin.elapsed() < LIMIT + Duration::from_millis(50), "{:?}", begin.elapsed());
    let text = "GET: timed out in the handshake with ADDRESS: it accepted the connection and did not answer";
    check(&error, Outcome::NotSent, text, &address);
    assert!(error.is_timeout());
}

#[test]
fn a_server_that_does_not_answer_a_command() {
    let (client, address) = client(|mut peer| {
        peer.greet();
        peer.stay_silent();
    });
    let begin = Instant::now();
    let error = client.set("k", "v").unwrap_err();
    assert!(begin.elapsed() < LIMIT + Duration::from_millis(50), "{:?}", begin.elapsed());
    let text = "SET: timed out waiting for the reply of ADDRESS; the server may have executed it";
    check(&error, Outcome::Unknown, text, &address);
    assert_eq!(client.pool_stats().open, 0, "the connection is not used again");
}

#[test]
fn a_server_that_closes_in_the_middle_of_a_reply() {
    let (client, address) = client(|mut peer| {
        peer.greet();
        peer.request();
        peer.say("$5\r\nhel");
    });
    let error = client.get::<String>("k").unwrap_err();
    let text = "GET: ADDRESS closed the connection before its reply was whole; the server may have executed it; tried 5 times";
    check(&error, Outcome::Unknown, text, &address);
    assert!(error.is_connection());
}

#[test]
fn a_server_that_is_loading() {
    let (client, address) = answering("-LOADING Redis is loading the dataset in memory\r\n");
    let error = client.get::<String>("k").unwrap_err();
    let text = "GET: LOADING Redis is loading the dataset in memory; tried 5 times";
    check(&error, Outcome::Answered, text, &address);
    assert!(error.is_loading());
    assert_eq!(client.pool_stats().idle, 1, "the connection is fine");
}

#[test]
fn a_late_reply_is_never_the_next_answer() {
    let (client, _) = client(|mut peer| {
        peer.greet();
        let request = peer.request().unwrap();
        if request == "ECHO slow" {
            peer.wait(400);
        }
        peer.say(format!("+{}\r\n", request.trim_start_matches("ECHO ")));
        peer.stay_silent();
    });
    assert!(client.echo::<String>("slow").unwrap_err().is_timeout());
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(client.echo::<String>("quick").unwrap(), "quick");
}

#[test]
fn a_full_pool_is_told_apart() {
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        peer.stay_silent();
    });
    let config: Config = format!("{}?max_connections=1&timeout=100ms", server.url()).parse().unwrap();
    let client = Client::new(&config).unwrap();
    let own = client.dedicated().unwrap();
    let error = client.ping().unwrap_err();
    assert!(error.to_string().starts_with("PING: timed out after 10"), "{error}");
    assert!(
        error.to_string().ends_with("ms waiting for one of the pool's 1 connections, all in use"),
        "{error}"
    );
    assert!(error.is_timeout() && error.is_pool_exhausted());
    assert_eq!(error.outcome(), Outcome::NotSent);
    // Also for a command that would wait for ever once it is sent.
    let error = client.blpop::<String, String>("k", client::Timeout::Forever).unwrap_err();
    assert!(error.is_pool_exhausted(), "{error}");

    let client = Client::new(&config.when_full(client::WhenFull::Fail)).unwrap();
    let _first = client.dedicated().unwrap();
    assert_eq!(client.ping().unwrap_err().to_string(), "PING: all 1 connections of the pool are in use");
    drop(own);
}

#[test]
fn what_must_not_be_sent_is_not_sent() {
    let (client, address) = client(|_| panic!("nobody should connect"));
    let none: [&str; 0] = [];
    let error = client.run::<i64>(client::Request::new("DEL").keys(&none)).unwrap_err();
    check(&error, Outcome::NotSent, "DEL: needs at least one key", &address);
    assert!(error.is_usage());
    let error = client.set_with("k", "v", Duration::ZERO).unwrap_err();
    check(&error, Outcome::NotSent, "SET: needs an expiry above zero", &address);
    let error = client.pipeline(|p| (p.set("a", 1), p.set_with("k", "v", Duration::ZERO))).unwrap_err();
    check(&error, Outcome::NotSent, "SET: needs an expiry above zero", &address);
    let error = client.run::<()>(client::Request::new("SELECT").arg(1)).unwrap_err();
    let text = "SELECT: changes its connection, and the next call may run on another: use dedicated()";
    check(&error, Outcome::NotSent, text, &address);
    assert_eq!(client.pool_stats().created, 0);
}

#[test]
fn a_pipeline_tells_which_command_failed_and_hides_no_error() {
    let (client, address) = client(|mut peer| {
        peer.greet();
        for answer in ["+OK\r\n", "-ERR no\r\n", ":3\r\n"].iter().cycle() {
            if peer.request().is_none() {
                return;
            }
            peer.say(answer);
        }
    });
    let error = client.pipeline(|p| (p.set("a", 1), p.get::<String>("b"), p.echo::<i64>("3"))).unwrap_err();
    check(&error, Outcome::Answered, "GET: ERR no", &address);
    let (a, b, c) =
        client.pipeline(|p| (p.set("a", 1), p.get::<String>("b").caught(), p.echo::<i64>("3"))).unwrap();
    assert_eq!((a, b.unwrap_err().to_string().as_str(), c), ((), "GET: ERR no", 3));
    // A ticket that was dropped.
    let error = client
        .pipeline(|p| {
            let _ = p.set("a", 1);
            let _ = p.get::<String>("b");
            p.echo::<i64>("3")
        })
        .unwrap_err();
    check(&error, Outcome::Answered, "GET: ERR no", &address);
    assert_eq!(client.pool_stats().created, 1, "the connection is fine");
    // No commands, no round trip.
    client.pipeline(|_| ()).unwrap();
}

#[test]
fn a_ticket_is_good_for_its_own_pipeline_alone() {
    let (client, address) = answering("+OK\r\n");
    let mut kept = None;
    client.pipeline(|p| kept = Some(p.echo::<String>("a"))).unwrap();
    let error = client
        .pipeline(|p| {
            let _ = p.echo::<String>("b");
            kept.take()
        })
        .unwrap_err();
    check(&error, Outcome::NotSent, "a ticket of another pipeline was returned", &address);
}

/// Says when it is made, which is never twice.
struct Made(i64);

static MADE: AtomicUsize = AtomicUsize::new(0);

impl Decode<'_> for Made {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        MADE.fetch_add(1, Ordering::SeqCst);
        view.decode().map(Self)
    }
}

#[test]
fn values_are_made_while_the_rest_is_still_to_come() {
    let (client, _) = client(|mut peer| {
        peer.greet();
        for number in 0..5 {
            peer.request();
            while MADE.load(Ordering::SeqCst) < number {
                peer.wait(1);
            }
            peer.say(format!(":{number}\r\n"));
        }
        peer.stay_silent();
    });
    let values = client.pipeline(|p| (0..5).map(|n| p.echo::<Made>(n)).collect::<Vec<_>>()).unwrap();
    assert!(values.iter().map(|made| made.0).eq(0..5));
}

#[test]
fn a_ticket_whose_value_panics_leaves_no_reply_for_the_next_call() {
    struct Panics;
    impl Decode<'_> for Panics {
        fn decode(_: View<'_>) -> Result<Self, DecodeError> {
            panic!("as the test wants it")
        }
    }
    let (client, _) = client(|mut peer| {
        peer.greet();
        while let Some(request) = peer.request() {
            peer.say(format!("+{}\r\n", request.replace(' ', "-")));
        }
    });
    let pipeline = || drop(client.pipeline(|p| (p.echo::<Panics>("a"), p.echo::<String>("b"))));
    assert!(catch_unwind(AssertUnwindSafe(pipeline)).is_err());
    assert_eq!(client.echo::<String>("c").unwrap(), "ECHO-c");
    let stats = client.pool_stats();
    assert_eq!((stats.created, stats.closed.dirty, stats.open), (2, 1, 1));
}

#[test]
fn a_ticket_is_redeemed_once() {
    struct Twice(Ticket<String>);
    impl Redeem for Twice {
        type Output = (String, String);
        fn redeem(&self, replies: &mut Replies<'_>) -> Result<Self::Output, Error> {
            Ok((self.0.redeem(replies)?, self.0.redeem(replies)?))
        }
    }
    let (client, address) = answering("+OK\r\n");
    let error = client.pipeline(|p| Twice(p.echo("a"))).unwrap_err();
    check(&error, Outcome::NotSent, "a ticket was redeemed twice", &address);
    assert_eq!(client.pool_stats().idle, 1, "the connection is fine");
}

#[test]
fn one_deadline_covers_a_pipeline() {
    let (client, _) = client(|mut peer| {
        peer.greet();
        while peer.request().is_some() {
            peer.wait(50);
            peer.say("+OK\r\n");
        }
    });
    let begin = Instant::now();
    let error =
        client.pipeline(|p| (0..100).map(|n| p.set(n.to_string(), n)).collect::<Vec<_>>()).unwrap_err();
    assert!(error.is_timeout() && error.to_string().starts_with("pipeline: timed out"), "{error}");
    let took = begin.elapsed();
    assert!(took >= LIMIT && took < LIMIT + Duration::from_millis(50), "{took:?}");
}
