//! MONITOR against real servers.

use std::thread;
use std::time::{Duration, SystemTime};

use client::{Canceller, Client, Monitor, MonitorSource, Monitored};

use super::fork::forked;
use crate::kit::{self, Private};

const PATIENCE: Duration = Duration::from_secs(10);

/// The next command that speaks of `key`; others are on the server too.
fn seen(monitor: &mut Monitor, key: &str) -> Monitored {
    loop {
        let seen = monitor.next_timeout(PATIENCE).unwrap().expect("it is seen");
        if seen.args.iter().any(|arg| arg.starts_with(key.as_bytes())) {
            return seen;
        }
    }
}

#[test]
fn every_command_is_seen_as_it_was_sent() {
    kit::each(|on| {
        let mut monitor = on.client.monitor().unwrap();
        let key = on.key("k");
        for value in
            [&b""[..], b"plain", b"a \"quoted\" \\ value", b"\0\xff\x92\r\n\t\x07\x08", b"\\x92", b"] \"x\""]
        {
            on.client.set(&key, value).unwrap();
            let one = seen(&mut monitor, &key);
            assert!(one.is("set") && one.args[1] == key && one.args[2] == value, "{one:?}");
            assert_eq!(one.db, 0);
            assert!(
                matches!(&one.source, MonitorSource::Tcp(host, port) if host == "127.0.0.1" && *port > 0),
                "{one:?}"
            );
            let age = SystemTime::now().duration_since(one.time).unwrap_or_default();
            assert!(age < PATIENCE, "{age:?}");
        }
        let own = on.client.dedicated().unwrap();
        own.select(3).unwrap();
        own.get::<String>(&key).unwrap();
        assert_eq!(seen(&mut monitor, &key).db, 3);
        assert!(monitor.next_timeout(Duration::ZERO).is_ok());
    });
}

#[test]
fn scripts_and_unix_sockets_are_told_from_addresses() {
    kit::each(|on| {
        let mut monitor = on.client.monitor().unwrap();
        let key = on.key("k");
        let unix = Client::open(&format!("unix://{}", on.server.socket.display())).unwrap();
        unix.get::<String>(&key).unwrap();
        let MonitorSource::Unix(path) = seen(&mut monitor, &key).source else { panic!("no Unix socket") };
        assert!(path.starts_with(on.server.socket.to_str().unwrap()), "{path}");
        on.client
            .run::<Option<String>>(
                client::Request::new("EVAL").arg("redis.call('get', KEYS[1])").arg(1).key(&key),
            )
            .unwrap();
        let call = seen(&mut monitor, &key);
        let script = if call.is("EVAL") { seen(&mut monitor, &key) } else { call };
        assert!(script.is("get") && script.source == MonitorSource::Script, "{script:?}");
    });
}

#[test]
fn it_ends_when_it_is_closed_called_off_or_lost() {
    let server = Private::start(&kit::newest().binary, &[]);
    let client = Client::open(&server.url()).unwrap();
    let pause = Duration::from_millis(50);

    let monitor = client.monitor().unwrap();
    let closer = monitor.closer();
    let reading = thread::spawn(move || monitor.filter(Result::is_err).count());
    thread::sleep(pause);
    closer.close();
    assert_eq!(reading.join().unwrap(), 0);

    let canceller = Canceller::new();
    let mut monitor = client.cancelled_by(&canceller).monitor().unwrap();
    let reading = thread::spawn(move || (monitor.find_map(Result::err).unwrap(), monitor.next().is_none()));
    thread::sleep(pause);
    canceller.cancel();
    let (error, is_over) = reading.join().unwrap();
    assert!(error.is_cancelled() && is_over, "{error}");

    let mut monitor = client.monitor().unwrap();
    assert_eq!(forked(|| i32::from(monitor.next().unwrap().is_ok() || monitor.next().is_some())), Some(0));
    client.ping().unwrap();
    assert!(monitor.any(|seen| seen.unwrap().is("PING")));
    drop(server);
    let error = monitor.find_map(Result::err).unwrap();
    assert!(error.is_connection() && error.to_string().starts_with("MONITOR: "), "{error}");
    assert!(monitor.next().is_none());
    assert!(client.retry(client::Retry::NEVER).monitor().unwrap_err().is_connection());
}
