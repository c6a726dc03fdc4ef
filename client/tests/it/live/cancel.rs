//! Calls that another thread calls off: at once, with an error that says so, and nothing dirty is left behind.

use std::thread;
use std::time::{Duration, Instant};

use client::{Canceller, Client, Error, Outcome, Retry, Timeout};

use crate::kit::Subject;
use crate::scripted::{Peer, Scripted};

const PAUSE: Duration = Duration::from_millis(100);

/// What `call` fails with when it is called off after a pause; it must end at once.
fn called_off<T: Send>(client: &Client, call: impl FnOnce(&Client) -> Result<T, Error> + Send) -> Error {
    let canceller = Canceller::new();
    let client = client.cancelled_by(&canceller);
    let begin = Instant::now();
    let error = thread::scope(|scope| {
        let waiting = scope.spawn(|| call(&client).err().expect("it waits for ever"));
        thread::sleep(PAUSE);
        canceller.cancel();
        waiting.join().unwrap()
    });
    let took = begin.elapsed();
    assert!(took >= PAUSE && took < PAUSE + Duration::from_millis(50), "took {took:?}");
    assert!(error.is_cancelled() && !error.is_timeout() && !error.is_connection(), "{error}");
    let again = client.ping().unwrap_err();
    assert_eq!((again.is_cancelled(), again.outcome()), (true, Outcome::NotSent));
    assert_eq!(again.to_string(), "PING: cancelled before it was sent");
    error
}

#[test]
fn a_blpop_that_waits_for_ever() {
    let subject = Subject::newest();
    let key = subject.key("jobs");
    let error = called_off(&subject.client, |client| client.blpop::<String, String>(&key, Timeout::Forever));
    assert_eq!(error.outcome(), Outcome::Unknown);
    let text = format!(
        "BLPOP: cancelled while waiting for the reply of 127.0.0.1:{}; the server may have executed it",
        subject.server.port
    );
    assert_eq!(error.to_string(), text);
    // The connection is gone and the client goes on.
    assert_eq!(subject.client.pool_stats().open, 0);
    subject.client.rpush(&key, "job").unwrap();
    assert_eq!(
        subject.client.lpop::<String>(&key).unwrap().as_deref(),
        Some("job"),
        "nobody else has taken it"
    );
}

#[test]
fn a_long_reply_and_a_pipeline() {
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        peer.request();
        peer.say("$1000000\r\nbegun");
        peer.stay_silent();
    });
    let client = Client::open(&server.url()).unwrap().timeout(None);
    called_off(&client, |client| client.get::<String>("k"));
    called_off(&client, |client| client.pipeline(|p| (p.get::<String>("a"), p.get::<String>("b"))));
}

#[test]
fn a_dedicated_connection_is_closed() {
    let subject = Subject::newest();
    let key = subject.key("jobs");
    called_off(&subject.client, |client| client.dedicated()?.blpop::<String, String>(&key, Timeout::Forever));
    assert_eq!(subject.client.pool_stats().open, 0);
}

#[test]
fn the_pause_between_two_attempts() {
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        while peer.request().is_some() {
            peer.say("-LOADING x\r\n");
        }
    });
    let minute = Duration::from_secs(60);
    let client = Client::open(&server.url()).unwrap().timeout(None);
    // A pause is random: of many attempts one takes long.
    called_off(&client.retry(Retry::attempts(u32::MAX).pauses(minute, minute)), |client| {
        client.get::<String>("k")
    });
}

#[test]
fn many_calls_at_once_and_only_those_of_the_view() {
    let subject = Subject::newest();
    let canceller = Canceller::new();
    let view = subject.client.cancelled_by(&canceller);
    thread::scope(|scope| {
        let waiting: Vec<_> = (0..16)
            .map(|n| {
                let (view, key) = (&view, subject.key(&format!("nobody:{n}")));
                scope.spawn(move || view.blpop::<String, String>(key, Timeout::Forever).unwrap_err())
            })
            .collect();
        thread::sleep(PAUSE);
        let (other, key) = (&subject.client, subject.key("other"));
        let outlives = scope.spawn(move || other.blpop::<String, String>(key, 3 * PAUSE).unwrap());
        thread::sleep(PAUSE);
        canceller.cancel();
        assert!(waiting.into_iter().all(|call| call.join().unwrap().is_cancelled()));
        assert_eq!(outlives.join().unwrap(), None);
    });
    assert_eq!(subject.client.pool_stats().open, 1);
}

#[test]
fn a_cancellation_that_races_with_the_reply_leaves_no_cut_connection() {
    let subject = Subject::newest();
    for _ in 0..200 {
        let canceller = Canceller::new();
        let view = subject.client.cancelled_by(&canceller);
        thread::scope(|scope| {
            scope.spawn(|| while view.ping().is_ok() {});
            thread::sleep(Duration::from_micros(200));
            canceller.cancel();
        });
        // Without a second attempt, and at once, while a cut connection would still count as fresh.
        subject.client.retry(Retry::NEVER).ping().unwrap();
    }
}
