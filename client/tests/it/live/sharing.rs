//! One client for many threads, and what the pool makes of it.

use std::thread;
use std::time::Duration;

use client::{Client, Config};

use crate::kit;

#[test]
fn many_threads_share_few_connections_and_no_reply_is_crossed() {
    kit::each(|on| {
        let config: Config = on.server.url().parse().unwrap();
        let client = Client::new(&config.protocol(on.protocol).max_connections(4)).unwrap();
        thread::scope(|scope| {
            for thread in 0..16 {
                let client = &client;
                scope.spawn(move || {
                    for round in 0..if kit::slow() { 10_000 } else { 200 } {
                        let mine = format!("{thread}:{round}");
                        assert_eq!(client.echo::<String>(&mine).unwrap(), mine);
                        let both =
                            client.pipeline(|p| (p.echo::<String>(&mine), p.echo::<String>("x"))).unwrap();
                        assert_eq!(both, (mine, "x".to_owned()));
                    }
                });
            }
        });
        let stats = client.pool_stats();
        assert!(stats.open <= 4 && stats.in_use == 0, "{stats:?}");
        assert_eq!(stats.closed.total(), 0, "{stats:?}");
    });
}

#[test]
fn nothing_is_opened_before_it_is_needed() {
    let client = Client::open(&kit::newest().url()).unwrap();
    assert_eq!(client.pool_stats().open, 0);
    (0..100).for_each(|_| assert_eq!(client.ping().unwrap(), "PONG"));
    assert_eq!(client.pool_stats().created, 1);
    let other = Client::from_pool(client.pool().clone());
    other.ping().unwrap();
    assert_eq!(client.pool_stats().created, 1, "the pool is shared");
}

#[test]
fn a_killed_connection_is_replaced_before_it_is_used() {
    kit::each(|on| {
        let config: Config = on.server.url().parse().unwrap();
        let client = Client::new(&config.protocol(on.protocol)).unwrap();
        let id = client.client_id().unwrap();
        let killed: i64 = on.client.run(client::Request::new("CLIENT KILL").arg("ID").arg(id)).unwrap();
        assert_eq!(killed, 1);
        thread::sleep(Duration::from_millis(50));
        assert_ne!(client.client_id().unwrap(), id, "noticed at checkout, not by a failed call");
        assert_eq!(client.pool_stats().closed.stale, 1);
    });
}

#[test]
fn a_panic_in_a_pipeline_leaves_the_pool_as_it_was() {
    let client = Client::open(&kit::newest().url()).unwrap();
    client.ping().unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        client.pipeline(|p| -> client::Ticket<String> {
            let _ = p.ping();
            panic!("in the closure");
        })
    }));
    assert!(panicked.is_err());
    assert_eq!((client.pool_stats().in_use, client.ping().unwrap().as_str()), (0, "PONG"));
}
