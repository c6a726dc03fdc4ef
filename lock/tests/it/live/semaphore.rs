//! So many at the same time and never more, also when replies are lost and holders die.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use client::{Client, Config, Request};
use lock::{LockError, Locks, LostReason, Renew};
use proxy::{Fault, Proxy, Rule};

use crate::child::Other;
use crate::kit;

const LEASE: Duration = Duration::from_millis(900);

#[test]
fn never_more_than_there_are_permits() {
    kit::each(|on| {
        let (inside, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let name = on.key("permits");
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    // As another process: with a manager of its own.
                    let locks = Locks::new(&on.client).unwrap();
                    for _ in 0..5 {
                        let permit = locks.semaphore(&name, 3).acquire().unwrap();
                        most.fetch_max(inside.fetch_add(1, SeqCst) + 1, SeqCst);
                        thread::sleep(Duration::from_millis(2));
                        inside.fetch_sub(1, SeqCst);
                        permit.release().unwrap();
                    }
                });
            }
        });
        assert_eq!(most.into_inner(), 3, "all are used, and no more");
        assert_eq!(on.client.exists(&name).unwrap(), 0);
    });
}

#[test]
fn who_waits_is_woken() {
    kit::each(|on| {
        let semaphore = Locks::new(&on.client).unwrap().semaphore(on.key("permits"), 1);
        let permit = semaphore.acquire().unwrap();
        let other = Locks::new(&on.client).unwrap().semaphore(on.key("permits"), 1);
        let waiting = thread::spawn(move || other.acquire().map(|permit| (Instant::now(), permit)));
        thread::sleep(Duration::from_millis(60));
        let released = Instant::now();
        permit.release().unwrap();
        let (at, permit) = waiting.join().unwrap().unwrap();
        assert!(at - released < Duration::from_millis(400), "{:?}", at - released);
        assert!(permit.is_valid() && permit.check().is_ok());
    });
}

#[test]
fn f01_the_permit_of_a_dead_holder_comes_back() {
    for server in kit::servers() {
        let client = Client::open(&server.url()).unwrap();
        let name = format!("permits:f01:{}", std::process::id());
        let mut other = Other::start("permit", &[&server.url(), &name]);
        assert_eq!(other.hear(), "held");
        let semaphore = Locks::new(&client).unwrap().semaphore(&name, 2);
        let own = semaphore.acquire().unwrap();
        thread::sleep(2 * LEASE);
        assert!(semaphore.try_acquire().unwrap().is_none(), "both are renewed");
        other.signal("KILL");
        let begin = Instant::now();
        let second = semaphore.acquire_for(2 * LEASE).unwrap().expect("the dead one's");
        assert!(begin.elapsed() <= LEASE + Duration::from_millis(500), "{:?}", begin.elapsed());
        assert!(own.is_valid());
        second.release().unwrap();
    }
}

#[test]
fn f09_f12_f13_lost_replies_cost_no_permit() {
    kit::each(|on| {
        let proxy = Proxy::start(on.server.port).unwrap();
        let config: Config = format!("redis://127.0.0.1:{}", proxy.port()).parse().unwrap();
        let through = Client::new(&config.protocol(on.protocol)).unwrap();
        let name = on.key("permits");
        let semaphore = Locks::new(&through).unwrap().semaphore(&name, 2).timeout(Duration::from_secs(20));
        let warm = semaphore.acquire().unwrap();
        warm.extend(LEASE).unwrap();
        warm.release().unwrap();
        let taken = || on.client.zcard(&name).unwrap();
        for fault in [Fault::CutReply, Fault::ResetReply] {
            let next = || proxy.rule(Rule::new(fault).nth(1));
            next();
            let permit = semaphore.try_acquire().unwrap().expect("there are two");
            assert_eq!(taken(), 1, "{fault}");
            next();
            let left = permit.extend(Duration::from_secs(10)).unwrap();
            assert!(left > Duration::from_secs(28) && left < Duration::from_secs(30), "{left:?}");
            next();
            permit.release().unwrap();
            assert_eq!(taken(), 0, "{fault}");
        }
    });
}

#[test]
fn a_permit_that_is_taken_away_is_told_and_no_permits_are_none() {
    kit::each(|on| {
        let locks = Locks::new(&on.client).unwrap();
        let semaphore = locks.semaphore(on.key("permits"), 1).timeout(LEASE).auto_renew(Renew::On);
        let permit = semaphore.acquire().unwrap();
        on.client.run::<i64>(Request::new("DEL").key(on.key("permits"))).unwrap();
        assert_eq!(permit.lost().wait_for(LEASE), Some(LostReason::Deleted));
        assert!(permit.release().unwrap_err().is_not_owned());
        assert!(matches!(locks.semaphore(on.key("none"), 0).acquire(), Err(LockError::Config(_))));
        on.client.set(on.key("text"), "x").unwrap();
        let error = locks.semaphore(on.key("text"), 1).try_acquire().unwrap_err();
        assert!(matches!(&error, LockError::Client(e) if e.code() == Some("WRONGTYPE")), "{error}");
    });
}
