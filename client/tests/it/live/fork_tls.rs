//! A process forks while its threads are at work over TLS.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use client::{Client, Config};

use super::fork::forked;
use crate::kit;
use crate::secured::Secured;

const THREADS: usize = 8;
const FORKS: usize = 100;
const FORKS_WHEN_SLOW: usize = 1_000;

#[test]
fn a_parent_keeps_working_after_ten_children_dropped_its_connection() {
    for server in kit::servers() {
        let secured = Secured::start(&server.binary);
        let client = secured.client("&max_connections=2");
        let id = client.client_id().unwrap();
        let own = client.dedicated().unwrap();
        let mut held = Some((client, own));
        for _ in 0..10 {
            // The child drops the guard, the client and with it the pool.
            let ended = forked(|| {
                drop(held.take());
                0
            });
            assert_eq!(ended, Some(0));
            let (_, own) = held.as_ref().unwrap();
            assert_eq!(own.client_id().unwrap(), id, "on {}", server.name);
        }
        let (client, own) = held.unwrap();
        drop(own);
        assert_eq!(client.client_id().unwrap(), id);
        assert_eq!(client.pool_stats().closed.total(), 0);
    }
}

#[test]
fn children_work_while_the_parents_threads_hold_whatever_they_hold() {
    let secured = Secured::start(&kit::newest().binary);
    let config: Config = secured.url().parse().unwrap();
    // Connections come and go all the time, so that forks meet handshakes and the store of sessions too.
    let config = config.max_connections(THREADS / 2).max_age(std::time::Duration::from_millis(5));
    let client = Client::new(&config).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (client, done) = (&client, &done);
            scope.spawn(move || {
                for round in 0.. {
                    if done.load(Ordering::Relaxed) {
                        break;
                    }
                    let mine = format!("parent:{thread}:{round}");
                    assert_eq!(client.echo::<String>(&mine).unwrap(), mine);
                }
            });
        }
        let forks = if kit::slow() { FORKS_WHEN_SLOW } else { FORKS };
        let bad = (0..forks).map(|_| forked(|| child(&client))).find(|ended| *ended != Some(0));
        done.store(true, Ordering::Relaxed);
        assert_eq!(bad, None, "Some(1) is a crossed reply, Some(100) a panic, Some(None) a child that hung");
    });
}

/// What a child does: commands of its own over a session of its own.
fn child(client: &Client) -> i32 {
    let crossed = (0..3).any(|round| {
        let mine = format!("child:{}:{round}", std::process::id());
        client.echo::<String>(&mine).ok() != Some(mine)
    });
    i32::from(crossed)
}
