//! The pool as the server sees it: its own count of its clients is the judge.

use std::collections::HashSet;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use client::{Client, Config, InUse, Request, Timeout};

use crate::kit::{self, Private};

/// A server of the test's own, and what it says of itself.
struct Watched {
    server: Private,
    watcher: Client,
}

impl Watched {
    fn start() -> Self {
        let server = Private::start(&kit::newest().binary, &[]);
        let watcher = Client::open(&server.url()).unwrap();
        Self { server, watcher }
    }

    fn client(&self, change: impl FnOnce(Config) -> Config) -> Client {
        Client::new(&change(self.server.url().parse().unwrap())).unwrap()
    }

    /// How many clients the server has, without the one that asks.
    fn connected(&self) -> usize {
        let info: String = self.watcher.run(Request::new("INFO").arg("clients")).unwrap();
        let line = info.lines().find_map(|line| line.strip_prefix("connected_clients:"));
        line.and_then(|count| count.parse::<usize>().ok()).unwrap() - 1
    }

    /// Waits until the server has so many clients: it learns of a closing a moment later.
    fn until(&self, what: &str, count: usize) {
        let begin = Instant::now();
        while self.connected() != count {
            let connected = self.connected();
            assert!(begin.elapsed() < Duration::from_secs(10), "{what}: {connected} connected, not {count}");
            thread::sleep(Duration::from_millis(2));
        }
    }
}

/// Keeps so many connections busy at the same time, once.
fn spread_out(client: &Client, count: usize) {
    let all: Vec<_> = (0..count).map(|_| client.dedicated().unwrap()).collect();
    all.iter().for_each(|own| assert_eq!(own.ping().unwrap(), "PONG"));
}

#[test]
fn connections_that_get_too_old_under_load_are_replaced_and_no_call_notices() {
    let on = Watched::start();
    let age = Duration::from_millis(200);
    let client = on.client(|config| config.max_connections(8).max_age(age));
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for thread in 0..12 {
            let (client, done) = (&client, &done);
            scope.spawn(move || {
                for round in 0.. {
                    if done.load(Ordering::Relaxed) {
                        break;
                    }
                    let mine = format!("{thread}:{round}");
                    assert_eq!(client.echo::<String>(&mine).unwrap(), mine);
                }
            });
        }
        for _ in 0..100 {
            thread::sleep(Duration::from_millis(20));
            let connected = on.connected();
            // One that is closed here is known there a moment later.
            assert!(connected <= 8 + 8, "{connected}");
        }
        done.store(true, Ordering::Relaxed);
    });
    let stats = client.pool_stats();
    println!("in 2 s: {} opened, {} too old; {} calls", stats.created, stats.closed.age, stats.checkouts());
    assert!(stats.open <= 8 && stats.in_use == 0, "{stats:?}");
    // Each of the eight lives 180 to 200 ms from when it was opened; a machine with little time for us gets round fewer.
    assert!(stats.closed.age >= 8 && stats.closed.total() == stats.closed.age, "{stats:?}");
    assert_eq!((stats.failures(), stats.created), (0, stats.open as u64 + stats.closed.age));
    on.until("what is left", stats.open);
}

#[test]
fn the_server_has_as_many_clients_as_the_statistics_say() {
    let on = Watched::start();
    let client = on.client(|config| config.max_connections(6).min_idle(2));
    on.until("nothing is opened unasked", 0);
    assert_eq!(client.warm_up(Duration::from_secs(5)).unwrap(), 2);
    on.until("warm", 2);
    let own: Vec<_> = (0..3).map(|_| client.dedicated().unwrap()).collect();
    let stats = client.pool_stats();
    assert_eq!((stats.open, stats.idle, stats.in_use), (3, 0, 3));
    on.until("busy", 3);
    own[0].select(1).unwrap();
    drop(own);
    let stats = client.pool_stats();
    assert_eq!((stats.open, stats.closed.discarded), (2, 1));
    on.until("one was changed and is closed", 2);
    spread_out(&client, 6);
    on.until("full", 6);
    drop(client);
    on.until("gone with the client", 0);
}

#[test]
fn closing_leaves_no_connection_and_no_call() {
    let on = Watched::start();
    let client = on.client(|config| config.max_connections(3));
    spread_out(&client, 3);
    let clone = client.clone();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| client.blpop::<String, String>("closing", Timeout::Forever));
        on.until("open", 3);
        while client.pool_stats().in_use == 0 {
            thread::yield_now();
        }
        clone.close();
        on.until("the idle ones are closed at once", 1);
        let error = client.ping().unwrap_err();
        assert!(error.is_closed() && !error.is_usage() && !error.is_timeout());
        assert_eq!(
            (error.to_string().as_str(), error.outcome()),
            ("PING: the client is closed", client::Outcome::NotSent)
        );
        assert!(client.dedicated().unwrap_err().is_closed());
        assert!(client.warm_up(None).unwrap_err().is_closed());
        assert_eq!(client.drain(Duration::from_millis(20)), Err(InUse { items: 1 }));
        // What has begun is let finish.
        on.watcher.rpush("closing", ["value"]).unwrap();
        let popped = waiting.join().unwrap().unwrap();
        assert_eq!(popped.map(|(_, value)| value).as_deref(), Some("value"));
    });
    assert_eq!(client.drain(Duration::from_secs(5)), Ok(()));
    let stats = client.pool_stats();
    assert_eq!((stats.open, stats.closed.shutdown, stats.refused), (0, 3, 2));
    on.until("none is left", 0);
}

#[test]
fn who_waits_for_a_connection_learns_that_the_client_is_closed() {
    let on = Watched::start();
    let client = on.client(|config| config.max_connections(1).timeout(None));
    let own = client.dedicated().unwrap();
    thread::scope(|scope| {
        let waiter = scope.spawn(|| client.ping());
        while client.pool_stats().waiting == 0 {
            thread::yield_now();
        }
        client.close();
        assert!(waiter.join().unwrap().unwrap_err().is_closed());
    });
    assert_eq!(own.ping().unwrap(), "PONG");
    drop(own);
    on.until("none is left", 0);
}

#[test]
fn idle_connections_go_when_others_are_used_and_with_maintenance_when_none_is() {
    let on = Watched::start();
    let idle = Duration::from_millis(100);
    let busy = on.client(|config| config.max_idle(idle));
    spread_out(&busy, 20);
    on.until("open", 20);
    let begin = Instant::now();
    while busy.pool_stats().open > 1 {
        busy.ping().unwrap();
        assert!(begin.elapsed() < Duration::from_secs(10));
    }
    on.until("one thread needs one", 1);
    busy.close();

    let quiet = on.client(|config| config.max_idle(idle).min_idle(2).maintain(Duration::from_millis(20)));
    spread_out(&quiet, 20);
    let begin = Instant::now();
    while quiet.pool_stats().closed.idle < 20 || quiet.pool_stats().idle != 2 {
        thread::sleep(Duration::from_millis(5));
        assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", quiet.pool_stats());
    }
    assert_eq!(quiet.pool_stats().failures(), 0);
    drop(quiet);
    on.until("the thread ends with the client", 0);
}

/// The sockets among this process's descriptors.
#[cfg(target_os = "linux")]
fn sockets() -> HashSet<String> {
    let all = std::fs::read_dir("/proc/self/fd").unwrap();
    let links = all.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
    links.map(|link| link.display().to_string()).filter(|link| link.starts_with("socket:")).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn a_program_that_is_executed_inherits_no_connection() {
    let before = sockets();
    let server = kit::newest();
    let tcp = Client::open(&server.url()).unwrap();
    let unix = Client::open(&format!("unix://{}", server.socket.display())).unwrap();
    spread_out(&tcp, 3);
    spread_out(&unix, 2);
    let busy = tcp.dedicated().unwrap();
    let ours: HashSet<String> = sockets().difference(&before).cloned().collect();
    assert!(ours.len() >= 5, "{ours:?}");
    let listed = Command::new("ls").args(["-l", "/proc/self/fd"]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.lines().count() > 3, "it lists its own: {listed}");
    let inherited: Vec<_> = ours.iter().filter(|socket| listed.contains(socket.as_str())).collect();
    assert!(inherited.is_empty(), "{inherited:?} in\n{listed}");
    assert_eq!(busy.ping().unwrap(), "PONG");
}
