//! The defects of the peers over TLS. The table is in `crate::defects`.

use std::fs;
use std::time::{Duration, Instant};

use client::{Client, Config};
use proxy::{Fault, Proxy, Rule};

use crate::kit;
use crate::secured::Secured;

const LIMIT: Duration = Duration::from_millis(250);

fn start() -> (Secured, Proxy, Config) {
    let secured = Secured::start(&kit::newest().binary);
    let proxy = Proxy::opaque(secured.port).unwrap();
    let url = format!("rediss://127.0.0.1:{}?tls_ca={}", proxy.port(), secured.ca().display());
    let config = url.parse().unwrap();
    (secured, proxy, config)
}

#[test]
fn a_call_whose_tls_peer_is_silent_ends_at_its_deadline() {
    // Nothing at all, half a handshake, and silence after it.
    for silent_after in 1..=3 {
        let (_secured, proxy, config) = start();
        let client = Client::new(&config.timeout(LIMIT)).unwrap();
        proxy.rule(Rule::new(Fault::StallReply).nth(silent_after));
        let begin = Instant::now();
        let error = loop {
            if let Err(error) = client.ping() {
                break error;
            }
        };
        let took = begin.elapsed();
        assert!(error.is_timeout(), "{silent_after}: {error}");
        assert!(
            took + Duration::from_millis(50) > LIMIT && took < LIMIT + Duration::from_millis(50),
            "{took:?}"
        );
    }
}

#[test]
fn the_trust_roots_are_loaded_once_and_not_for_each_connection() {
    let (secured, _proxy, config) = start();
    let client = Client::new(&config).unwrap();
    // Whoever read the file for a connection would find it gone.
    fs::remove_file(secured.ca()).unwrap();
    let held: Vec<_> = (0..3).map(|_| client.dedicated().unwrap()).collect();
    assert!(held.iter().all(|own| own.ping().is_ok()));
    assert_eq!(client.pool_stats().created, 3);
}
