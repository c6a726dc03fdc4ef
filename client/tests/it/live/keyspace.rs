//! Notifications of keys, on a server that sends them.

use std::time::Duration;

use client::{Client, KeyNotification, KeyPattern, PubSub};

use crate::kit::{self, Private};

fn next(pubsub: &mut PubSub) -> KeyNotification {
    let message = pubsub.next_message().unwrap();
    KeyNotification::of(&message).unwrap_or_else(|| panic!("{message:?}"))
}

#[test]
fn keys_events_and_databases() {
    for server in kit::servers() {
        let server = Private::start(&server.binary, &["--notify-keyspace-events", "KEA"]);
        let client = Client::open(&server.url()).unwrap();
        let other = Client::open(&format!("{}/3", server.url())).unwrap();

        let mut keys = client.pubsub().unwrap();
        keys.psubscribe(
            [KeyPattern::key("a*b"), KeyPattern::keys("user:*").db(0)].map(|p| p.as_bytes().to_vec()),
        )
        .unwrap();
        let mut events = client.pubsub().unwrap();
        events.psubscribe(KeyPattern::events("expired")).unwrap();

        client.set("axb", 1).unwrap(); // is not `a*b`
        client.set("user:1", 1).unwrap();
        other.set("user:2", 1).unwrap(); // in another database
        other.set("a*b", 1).unwrap();
        client.del("user:1").unwrap();
        let told = [(); 3].map(|()| next(&mut keys));
        let texts = told.map(|told| (told.db, String::from_utf8_lossy(&told.key).into_owned(), told.event));
        assert_eq!(
            texts,
            [
                (0, "user:1".to_owned(), "set".into()),
                (3, "a*b".to_owned(), "set".into()),
                (0, "user:1".to_owned(), "del".into()),
            ]
        );
        other.set_with(b"\xff", 1, Duration::from_millis(1)).unwrap();
        let told = next(&mut events);
        assert!(told.is("expired") && told.db == 3 && told.key[..] == b"\xff"[..], "{told:?}");
        client.publish("__keyspace@x__:k", "y").unwrap();
    }
}
