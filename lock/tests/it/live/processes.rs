//! F1, F2: other processes that die, or stand still.

use std::time::{Duration, Instant};

use lock::{LockExt, Renew};

use crate::child::Other;
use crate::kit;

const LEASE: Duration = Duration::from_millis(1_200);

#[test]
fn f01_a_holder_that_is_killed_blocks_others_until_its_time_is_over_and_no_longer() {
    for server in kit::servers() {
        let client = client::Client::open(&server.url()).unwrap();
        let name = format!("f01:{}", std::process::id());
        let other = Other::holding(&server.url(), &name, LEASE, true);
        // It is renewed: it lives for longer than its time.
        std::thread::sleep(LEASE);
        let lock = client.lock(&name).timeout(LEASE).auto_renew(Renew::Off);
        assert!(lock.try_acquire().unwrap().is_none(), "{}", server.name);
        other.signal("KILL");
        let left = lock.owner().unwrap().unwrap().ttl.unwrap();
        let begin = Instant::now();
        let guard = lock.acquire_for(2 * LEASE).unwrap().expect("the dead let go");
        let took = begin.elapsed();
        let slack = Duration::from_millis(5);
        assert!(took + slack >= left && took <= left + Duration::from_millis(500), "{took:?} of {left:?}");
        guard.release().unwrap();
    }
}

#[test]
fn f02_a_holder_that_stood_still_knows_at_its_first_step() {
    for server in kit::servers() {
        let client = client::Client::open(&server.url()).unwrap();
        let (name, data) =
            (format!("f02:{}", std::process::id()), format!("f02:{}:data", std::process::id()));
        for order in ["valid", "check", "extend", "ensure", "release"] {
            let mut other = Other::holding(&server.url(), &name, LEASE, true);
            other.signal("STOP");
            // The longest wait that a lock allows, and a second.
            let guard = client
                .lock(&name)
                .fenced(true)
                .acquire_for(LEASE + Duration::from_secs(1))
                .unwrap()
                .expect("who stands still renews nothing");
            client.set(&data, guard.fence().unwrap().get()).unwrap();
            other.signal("CONT");
            let answer = other.ask(order);
            let expected = if order == "valid" {
                "false"
            } else if order == "check" {
                "LeaseEnded"
            } else {
                "true"
            };
            assert_eq!(answer, expected, "{order} on {}", server.name);
            assert!(guard.owned().unwrap(), "the late holder has left the lock alone");
            guard.release().unwrap();
        }
    }
}
