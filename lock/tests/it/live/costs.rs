//! What the lock costs, in requests.

use client::Client;
use lock::LockExt;
use proxy::Proxy;

use crate::child::Other;
use crate::kit;

#[test]
fn what_nobody_else_wants_costs_two_round_trips() {
    for server in kit::servers() {
        let proxy = Proxy::start(server.port).unwrap();
        let client = Client::open(&format!("redis://127.0.0.1:{}", proxy.port())).unwrap();
        let lock = client.lock(format!("costs:{}", std::process::id()));
        lock.acquire().unwrap().release().unwrap();
        let before = proxy.counts();
        for _ in 0..10 {
            lock.acquire().unwrap().release().unwrap();
            drop(lock.acquire().unwrap());
        }
        let after = proxy.counts();
        // With plain commands the release is two requests in one flight.
        let requests = if server.has("DELEX or DELIFEQ", (8, 4), (9, 0)) { 60 } else { 40 };
        assert_eq!((after.requests - before.requests, after.connections), (requests, 1), "{}", server.name);
    }
}

#[test]
fn f20_with_32_waiters_a_hand_off_costs_no_more_than_five_requests() {
    let rounds = if kit::slow() { 50 } else { 8 };
    for server in kit::servers() {
        let proxy = Proxy::start(server.port).unwrap();
        let url = format!("redis://127.0.0.1:{}", proxy.port());
        let client = Client::open(&server.url()).unwrap();
        let name = format!("costs:32:{}", std::process::id());
        client.set(format!("{name}:counter"), 0).unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "0").unwrap();
        let words = [&*url, &name, "fair", &rounds.to_string(), file.path().to_str().unwrap()];
        let mut others = Other::counting(32, &words);
        let before = proxy.counts();
        others.iter_mut().for_each(|other| other.tell("go"));
        others.iter_mut().for_each(|other| drop(other.hear()));
        let after = proxy.counts();
        // The counting itself is three requests, and each process has opened its connection to wait on: a greeting.
        let opened = after.connections - before.connections;
        let asked = after.requests - before.requests - 3 * 32 * rounds - opened;
        let each = asked as f64 / (32 * rounds) as f64;
        println!("{}: {each:.2} requests a hand-off", server.name);
        assert!(each <= 5.0, "{each} on {}", server.name);
        client.del([format!("{name}:counter"), format!("{name}:log")]).unwrap();
    }
}
