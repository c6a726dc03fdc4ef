//! What a subscriber sends: its methods are none of the commands', for they are not answered one by one.

use std::sync::mpsc;

use client::Client;

use super::coverage::spelt;
use crate::scripted::{Peer, Scripted};

#[test]
pub(super) fn subscriptions() {
    let (sender, requests) = mpsc::channel();
    let server = Scripted::start(move |mut peer: Peer| {
        peer.greet();
        while let Some(request) = peer.request() {
            let mut words = request.split(' ');
            let verb = words.next().unwrap().to_lowercase();
            words.for_each(|name| peer.say(format!(">3\r\n+{verb}\r\n${}\r\n{name}\r\n:1\r\n", name.len())));
            sender.send(request).unwrap();
        }
    });
    let pubsub = Client::open(&server.url()).unwrap().pubsub().unwrap();
    let sent = |done: client::Result<()>, text: &str| {
        done.unwrap();
        assert_eq!(requests.recv().unwrap(), text);
        spelt(text.split(' ').next().unwrap());
    };
    sent(pubsub.subscribe(["b", "a"]), "SUBSCRIBE b a");
    sent(pubsub.psubscribe("p*"), "PSUBSCRIBE p*");
    sent(pubsub.ssubscribe(("s", 1)), "SSUBSCRIBE s 1");
    sent(pubsub.subscribe_with("c", |_| ()), "SUBSCRIBE c");
    sent(pubsub.psubscribe_with("c*", |_| ()), "PSUBSCRIBE c*");
    sent(pubsub.ssubscribe_with("t", |_| ()), "SSUBSCRIBE t");
    sent(pubsub.unsubscribe(["a", "b"]), "UNSUBSCRIBE a b");
    sent(pubsub.unsubscribe(()), "UNSUBSCRIBE c");
    sent(pubsub.punsubscribe("p*"), "PUNSUBSCRIBE p*");
    sent(pubsub.sunsubscribe("s"), "SUNSUBSCRIBE s");
    assert_eq!(
        pubsub.subscribe(()).unwrap_err().to_string(),
        "SUBSCRIBE: needs the name of a channel or a pattern"
    );
    // Nothing is left to unsubscribe from, so nothing is sent.
    pubsub.unsubscribe(()).unwrap();
    assert!(requests.try_recv().is_err());
}

#[test]
pub(super) fn monitor() {
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        assert_eq!(peer.request().as_deref(), Some("MONITOR"));
        peer.say("+OK\r\n+1.000001 [0 lua] \"get\" \"k\"\r\n+what\r\n");
        peer.stay_silent();
    });
    let mut monitor = Client::open(&server.url()).unwrap().monitor().unwrap();
    assert_eq!(monitor.next().unwrap().unwrap().args, ["get", "k"]);
    let error = monitor.next().unwrap().unwrap_err().to_string();
    assert_eq!(error, "MONITOR: the server sent what is no line of MONITOR's");
    assert!(monitor.next().is_none());
    spelt("MONITOR");
}
