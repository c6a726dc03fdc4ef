//! Pushes between the replies of pooled connections: who gets them, and that nobody has to wait for it.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use client::{Client, Config, Invalidation, TrackingOptions};

use super::fork::forked;
use crate::kit;
use crate::scripted::{Peer, Scripted};

const PATIENCE: Duration = Duration::from_secs(10);

fn config() -> Config {
    kit::newest().url().parse().unwrap()
}

/// Reads a key on a connection that is tracked, and changes it.
fn change(client: &Client, key: &str) {
    let own = client.dedicated().unwrap();
    own.client_tracking_on(TrackingOptions::new()).unwrap();
    own.get::<String>(key).unwrap();
    own.set(key, "new").unwrap();
    own.ping().unwrap();
}

/// A server that says pushes of all kinds before each reply.
fn talkative() -> Scripted {
    Scripted::start(|mut peer: Peer| {
        peer.greet();
        while peer.request().is_some() {
            // In one write: a second one would wait for the acknowledgement of the first.
            peer.say(concat!(
                ">2\r\n+invalidate\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n>2\r\n+invalidate\r\n_\r\n",
                ">3\r\n+message\r\n$1\r\nc\r\n$2\r\nhi\r\n>2\r\n+unheard of\r\n:1\r\n+PONG\r\n",
            ));
        }
    })
}

#[test]
fn each_kind_has_its_handler() {
    let server = talkative();
    let (sender, seen) = mpsc::channel();
    let [a, b, c] = [(); 3].map(|()| sender.clone());
    let config: Config = server.url().parse().unwrap();
    let config = config
        .on_invalidation(move |keys| a.send(format!("{keys:?}")).unwrap())
        .on_message(move |message| b.send(format!("{message:?}")).unwrap())
        .on_push(move |push| c.send(push.to_string()).unwrap());
    let client = Client::new(&config).unwrap();
    client.ping().unwrap();
    let next = || seen.recv_timeout(PATIENCE).unwrap();
    assert_eq!(next(), format!("{:?}", Invalidation::Keys(vec!["a".into(), "b".into()])));
    assert_eq!(next(), "All");
    assert_eq!(next(), r#"Message { channel: "c", payload: "hi" }"#);
    assert_eq!(next(), "1) unheard of\n2) (integer) 1");

    // Without handlers of their own all go to the one.
    let (sender, seen) = mpsc::channel();
    let config: Config = server.url().parse().unwrap();
    let client = Client::new(&config.on_push(move |push| sender.send(push.view().len()).unwrap())).unwrap();
    client.ping().unwrap();
    assert_eq!([(); 4].map(|()| seen.recv_timeout(PATIENCE).unwrap()), [2, 2, 3, 2]);
    assert_eq!(client.dropped_pushes(), 0);
}

#[test]
fn a_slow_handler_holds_up_no_reply_and_what_it_misses_is_counted() {
    const CALLS: u64 = 500;
    let server = talkative();
    let (release, wait) = mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let config: Config = server.url().parse().unwrap();
    let config = config.on_push(move |_| {
        let _ = wait.lock().unwrap().recv();
    });
    let client = Client::new(&config).unwrap();
    let begin = Instant::now();
    (0..CALLS).for_each(|_| drop(client.ping().unwrap()));
    assert!(begin.elapsed() < PATIENCE);
    // One is in the handler's hands, 1,024 wait.
    let dropped = client.dropped_pushes();
    assert!((4 * CALLS - 1_025..=4 * CALLS - 1_024).contains(&dropped), "{dropped}");
    drop(release);
}

#[test]
fn a_panicking_handler_loses_its_push_and_nothing_else() {
    let (sender, seen) = mpsc::channel();
    let config = config().on_invalidation(move |keys| {
        assert!(*keys != Invalidation::Keys(vec!["pushes:panic".into()]), "the test wants it");
        sender.send(keys.clone()).unwrap();
    });
    let client = Client::new(&config).unwrap();
    change(&client, "pushes:panic");
    change(&client, "pushes:calm");
    let keys = seen.recv_timeout(PATIENCE).unwrap();
    assert_eq!(keys, Invalidation::Keys(vec!["pushes:calm".into()]));
}

#[test]
fn a_child_of_a_fork_has_a_thread_of_its_own() {
    let (sender, seen) = mpsc::channel();
    let pid = std::process::id();
    let config = config().on_invalidation(move |_| {
        let _ = sender.send(std::process::id());
    });
    let client = Client::new(&config).unwrap();
    change(&client, "pushes:fork");
    assert_eq!(seen.recv_timeout(PATIENCE).unwrap(), pid);
    let ended = forked(|| {
        change(&client, "pushes:fork");
        i32::from(seen.recv_timeout(PATIENCE) != Ok(std::process::id()))
    });
    assert_eq!(ended, Some(0));
    change(&client, "pushes:fork");
    assert_eq!(seen.recv_timeout(PATIENCE).unwrap(), pid);
}

#[test]
fn a_subscriber_passes_on_what_is_no_message() {
    let (sender, seen) = mpsc::channel();
    let client = Client::new(&config().on_invalidation(move |keys| drop(sender.send(keys.clone())))).unwrap();
    let mut pubsub = client.pubsub().unwrap();
    let tracking: client::Result<()> =
        pubsub.commands().run(client::Request::new("CLIENT TRACKING").arg("ON"));
    assert!(tracking.unwrap_err().is_usage(), "its connection is not to be changed");
    pubsub.subscribe("pushes:c").unwrap();
    change(&client, "pushes:k");
    assert_eq!(seen.recv_timeout(PATIENCE).unwrap(), Invalidation::Keys(vec!["pushes:k".into()]));
    assert!(pubsub.next_timeout(Duration::from_millis(20)).unwrap().is_none());
}
