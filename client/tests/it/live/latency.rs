//! What a server takes down of slow and large commands, each on a server of its own.

use std::time::{Duration, SystemTime};

use client::{Client, CommandlogKind, Config};

use crate::kit::each_private;

/// Takes some milliseconds on any machine.
const BUSY: &str = "local n = 0 for i = 1, 3000000 do n = n + i end return n";

#[test]
fn latency() {
    each_private(&["--latency-monitor-threshold", "1"], |server, _, client| {
        client.latency_reset(()).unwrap();
        assert!(client.latency_latest().unwrap().is_empty());
        let before = SystemTime::now() - Duration::from_secs(2);
        client.eval::<i64>(BUSY, (), ()).unwrap();
        let events = client.latency_latest().unwrap();
        let event = events.iter().find(|event| event.event == "command").expect("it was slow");
        assert!(event.at > before && event.at < SystemTime::now() + Duration::from_secs(2));
        assert!(event.latest >= Duration::from_millis(1) && event.max >= event.latest, "{event:?}");
        if server.has("sum and count in LATENCY LATEST", None, (8, 1)) {
            assert!(event.sum >= Some(event.latest) && event.count >= Some(1));
        }
        let samples = client.latency_history("command").unwrap();
        assert_eq!((samples[0].at, samples[0].latency), (event.at, event.latest));
        assert!(client.latency_history("no such event").unwrap().is_empty());
        assert!(client.latency_graph("command").unwrap().starts_with("command - high "));
        assert_eq!(client.latency_graph("no such event").unwrap_err().code(), Some("ERR"));
        assert!(client.latency_doctor().unwrap().contains("command"));
        assert_eq!(client.latency_reset(["command", "no such event"]).unwrap(), 1);
        assert!(client.latency_history("command").unwrap().is_empty());
    });
}

#[test]
fn histograms() {
    each_private(&[], |server, _, client| {
        if !server.has("LATENCY HISTOGRAM", (7, 0), (7, 2)) {
            return;
        }
        client.config_resetstat().unwrap();
        (0..3).for_each(|n| client.set("k", n).unwrap());
        client.client_id().unwrap();
        let some = client.latency_histogram(["set", "client", "get", "no such command"]).unwrap();
        assert_eq!((some.len(), some["set"].calls, some["client|id"].calls), (2, 3, 1), "{some:?}");
        let histogram = &some["set"].histogram;
        assert!(histogram.iter().is_sorted() && histogram.last().unwrap().1 == 3, "{histogram:?}");
        assert!(client.latency_histogram(()).unwrap().len() >= 4);
    });
}

#[test]
fn slow_commands() {
    each_private(&["--slowlog-log-slower-than", "0"], |server, own, client| {
        let config: Config = own.url().parse().unwrap();
        let named = Client::new(&config.client_name("tester")).unwrap();
        client.slowlog_reset().unwrap();
        let before = SystemTime::now() - Duration::from_secs(2);
        named.set(b"k\xff", vec![b'v'; 200]).unwrap();
        client.eval::<i64>(BUSY, (), ()).unwrap();
        let all = client.slowlog_get(usize::MAX).unwrap();
        let set = all.iter().find(|entry| entry.args[0] == b"SET").expect("all are slow");
        assert_eq!((&set.args[1][..], set.args.len()), (&b"k\xff"[..], 3));
        assert!(set.args[2].ends_with(b"... (72 more bytes)"));
        assert_eq!(set.client_name.as_deref(), Some("tester"));
        assert!(set.client_addr.as_ref().unwrap().starts_with("127.0.0.1:"));
        assert!(set.at > before && set.duration < Duration::from_secs(60));
        let eval = all.iter().find(|entry| entry.args[0] == b"EVAL").unwrap();
        assert!(eval.id > set.id && eval.duration > Duration::from_micros(500) && eval.client_name.is_none());
        if server.has("the number of words in SLOWLOG GET", (8, 10), None) {
            assert_eq!((set.arg_count, eval.arg_count), (Some(3), Some(3)));
        }
        assert_eq!(client.slowlog_get(1).unwrap().len(), 1);
        assert_eq!(client.slowlog_get(0).unwrap().len(), 0);
        assert!(client.slowlog_len().unwrap() > 4);
        client.slowlog_reset().unwrap();
        assert!(client.slowlog_len().unwrap() <= 1);
    });
}

#[test]
fn large_commands() {
    each_private(&[], |server, _, client| {
        if !server.has("COMMANDLOG", None, (8, 1)) {
            return;
        }
        let settings = [
            ("commandlog-request-larger-than", 1_000),
            ("commandlog-reply-larger-than", 1_000),
            ("commandlog-execution-slower-than", 0),
        ];
        client.config_set(settings).unwrap();
        client.set("k", vec![b'v'; 2_000]).unwrap();
        assert_eq!(client.get::<Vec<u8>>("k").unwrap().unwrap().len(), 2_000);
        let requests = client.commandlog_get_large_requests(1).unwrap();
        assert!(requests[0].size > 2_000 && requests[0].args[0] == b"SET", "{requests:?}");
        let replies = client.commandlog_get_large_replies(1).unwrap();
        assert!(replies[0].size > 2_000 && replies[0].args == [&b"GET"[..], b"k"], "{replies:?}");
        assert!(replies[0].client_addr.is_some() && replies[0].client_name.is_none());
        let slow = client.commandlog_get_slow(usize::MAX).unwrap();
        assert!(slow.iter().any(|entry| entry.args == [&b"GET"[..], b"k"]));
        for kind in [CommandlogKind::LargeRequest, CommandlogKind::LargeReply, CommandlogKind::Slow] {
            assert!(client.commandlog_len(kind).unwrap() > 0);
            client.config_set([settings[0].0, settings[1].0, settings[2].0].map(|name| (name, -1))).unwrap();
            client.commandlog_reset(kind).unwrap();
            assert_eq!(client.commandlog_len(kind).unwrap(), 0);
        }
    });
}
