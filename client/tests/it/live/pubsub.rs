//! Publishing, and who listens; waiting for replicas and files.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use client::{Client, Request, Timeout};

use crate::kit::{self, each_private};

/// A connection that listens, until it is dropped: the words and how many lines answer them.
fn listen(server: &kit::Server, words: &[&str], lines: usize) -> TcpStream {
    let mut socket = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    socket.write_all(format!("{}\r\n", words.join(" ")).as_bytes()).unwrap();
    let mut reader = BufReader::new(socket.try_clone().unwrap());
    (0..lines).for_each(|_| assert!(reader.read_line(&mut String::new()).unwrap() > 0));
    socket
}

#[test]
fn channels() {
    kit::each(|on| {
        let (client, a, b) = (&on.client, on.key("a"), on.key("b"));
        assert_eq!(client.publish(&a, b"\xff\0").unwrap(), 0);
        let _one = listen(&on.server, &["SUBSCRIBE", &a, &b], 12);
        let _two = listen(&on.server, &["SUBSCRIBE", &a], 6);
        let _all = listen(&on.server, &["PSUBSCRIBE", &on.key("*")], 6);
        assert_eq!((client.publish(&a, "x").unwrap(), client.publish(&b, "x").unwrap()), (3, 2));
        let mut channels: Vec<String> = client.pubsub_channels(on.key("*")).unwrap();
        channels.sort();
        assert_eq!(channels, [a.clone(), b.clone()]);
        assert!(client.pubsub_channels::<String>(on.key("x*")).unwrap().is_empty());
        let binary = on.key("none").into_bytes();
        let counts = client.pubsub_numsub::<Vec<u8>>([a.as_bytes(), b.as_bytes(), &binary]).unwrap();
        assert_eq!(counts, [(a.into_bytes(), 2), (b.into_bytes(), 1), (binary, 0)]);
        assert!(client.pubsub_numpat().unwrap() >= 1);
    });
}

#[test]
fn channels_of_shards() {
    kit::each(|on| {
        if !on.has("SPUBLISH", (7, 0), (7, 2)) {
            return;
        }
        let (client, a, b) = (&on.client, on.key("a"), on.key("b"));
        assert_eq!(client.spublish(&a, "x").unwrap(), 0);
        let _one = listen(&on.server, &["SSUBSCRIBE", &a], 6);
        assert_eq!((client.spublish(&a, "x").unwrap(), client.publish(&a, "x").unwrap()), (1, 0));
        let channels: Vec<String> = client.pubsub_shardchannels(on.key("*")).unwrap();
        assert_eq!(channels, [&*a]);
        assert_eq!(client.pubsub_shardnumsub([&a, &b]).unwrap(), [(a.clone(), 1), (b.clone(), 0)]);
    });
}

#[test]
fn files() {
    each_private(&["--appendonly", "yes", "--appendfsync", "always"], |server, _, client| {
        if !server.has("WAITAOF", (7, 2), (7, 2)) {
            return;
        }
        let short = Duration::from_millis(20);
        let ((), synced) = client.pipeline(|p| (p.set("k", 1), p.waitaof(1, 0, Timeout::Forever))).unwrap();
        assert_eq!((synced.local, synced.replicas), (1, 0));
        let own = client.dedicated().unwrap();
        assert_eq!(own.waitaof(1, 1, short).unwrap().replicas, 0);
        let wait = Request::new("WAITAOF").arg(0).arg(0).arg(20);
        assert!(client.run::<(i64, i64)>(wait).unwrap_err().is_usage(), "it may be another connection");
    });
}

#[test]
fn no_files() {
    kit::each(|on| {
        if !on.has("WAITAOF", (7, 2), (7, 2)) {
            return;
        }
        let own = on.client.dedicated().unwrap();
        let short = Duration::from_millis(20);
        assert_eq!(own.waitaof(0, 0, short).unwrap().local, 0);
        assert_eq!(own.waitaof(1, 0, short).unwrap_err().code(), Some("ERR"));
    });
}

#[test]
fn no_replicas_in_time() {
    each_private(&["--appendonly", "yes"], |server, own, _| {
        if !server.has("WAITAOF", (7, 2), (7, 2)) {
            return;
        }
        let client = Client::open(&format!("{}?timeout=100ms", own.url())).unwrap();
        let own = client.dedicated().unwrap();
        let synced = own.waitaof(0, 1, Duration::from_millis(300)).unwrap();
        assert_eq!(synced.replicas, 0, "its own time does not count towards the client's timeout");
    });
}
