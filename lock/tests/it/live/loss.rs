//! F3, F15, F16, F25: how a holder learns that the lock is his no more, and when.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use client::{Client, Config, Request};
use lock::{BootClock, Clock, LockExt, Locks, LostReason, NotOwned, Renew};
use proxy::{Fault, Proxy, Rule};

use crate::kit;

const LEASE: Duration = Duration::from_millis(900);

/// The system's clock, and what a test adds.
#[derive(Clone, Default)]
struct Jumping(Arc<AtomicU64>);

impl Clock for Jumping {
    fn now(&self) -> Duration {
        BootClock.now() + Duration::from_secs(self.0.load(SeqCst))
    }
}

#[test]
fn f03_after_a_suspend_the_lock_is_invalid_at_once() {
    let on = kit::Subject::newest();
    let clock = Jumping::default();
    let locks = Locks::builder().clock(clock.clone()).build(&on.client).unwrap();
    for renew in [Renew::Off, Renew::On] {
        let guard =
            locks.lock(on.key("lock")).timeout(Duration::from_secs(60)).auto_renew(renew).acquire().unwrap();
        assert!(guard.is_valid() && guard.check().is_ok());
        clock.0.fetch_add(3_600, SeqCst);
        assert!(!guard.is_valid());
        assert_eq!(guard.remaining(), Duration::ZERO);
        assert_eq!(guard.check().unwrap_err().reason, LostReason::LeaseEnded);
        assert!(guard.extend(LEASE).unwrap_err().is_not_owned(), "what is over is not extended");
        if renew == Renew::On {
            // The keeper sleeps a second at most.
            assert_eq!(guard.lost().wait_for(Duration::from_secs(3)), Some(LostReason::LeaseEnded));
        }
        drop(guard);
        on.client.del(on.key("lock")).unwrap();
    }
}

/// With `fault` from half of the lease on, the holder must count the lock as lost at his own end, and hear of it then.
fn goes_dark(fault: Fault) {
    kit::each(|on| {
        let proxy = Proxy::start(on.server.port).unwrap();
        let config: Config = format!("redis://127.0.0.1:{}", proxy.port()).parse().unwrap();
        let client = Client::new(&config.protocol(on.protocol)).unwrap();
        // On a busy machine, looking takes longer than the drift of such a short lease.
        let lock = client.lock(on.key("lock")).timeout(LEASE).auto_renew(Renew::On).safety_margin(LEASE / 3);
        let guard = lock.acquire().unwrap();
        // It is renewed at least twice before.
        thread::sleep(LEASE);
        assert!(guard.is_valid());
        let (sender, called) = mpsc::channel();
        guard.on_lost(move |reason| sender.send((Instant::now(), reason)).unwrap());
        proxy.rule(Rule::new(fault));
        let end = Instant::now() + guard.remaining();
        while guard.is_valid() {
            assert!(Instant::now() <= end + LEASE, "it is never over");
            thread::sleep(Duration::from_millis(1));
        }
        let noticed = Instant::now();
        // A renewal that was under way may have moved the end: then by a third of the lease.
        assert!(noticed <= end + LEASE / 3 + Duration::from_millis(50), "{:?} late", noticed - end);
        let ttl: i64 = on.client.run(Request::new("PTTL").key(lock.name())).unwrap();
        if fault == Fault::StallRequest {
            assert!(ttl > 0, "told before the server lets go: {ttl}");
        }
        let (at, reason) = called.recv_timeout(Duration::from_secs(1)).unwrap();
        assert_eq!(reason, LostReason::LeaseEnded);
        assert!(at <= noticed + Duration::from_millis(50), "called {:?} after", at - noticed);
        assert_eq!(guard.lost().reason(), Some(LostReason::LeaseEnded));
        let begin = Instant::now();
        drop(guard);
        assert!(begin.elapsed() < Duration::from_millis(500));
    });
}

#[test]
fn f15_a_holder_in_a_black_hole_is_told_before_the_server_lets_go() {
    goes_dark(Fault::StallRequest);
}

#[test]
fn f16_when_only_the_replies_are_lost_the_holder_still_counts_the_lock_as_lost() {
    goes_dark(Fault::StallReply);
}

#[test]
fn f25_what_an_administrator_does_to_the_key_is_told_within_a_tick() {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let acts = [
        (words(&["DEL", "KEY"]), LostReason::Deleted),
        (words(&["SET", "KEY", "somebody else's"]), LostReason::TakenOver),
        (words(&["RENAME", "KEY", "KEY:renamed"]), LostReason::Deleted),
    ];
    kit::each(|on| {
        for (act, reason) in &acts {
            let name = on.key("lock");
            let lock = on.client.lock(&name).timeout(LEASE).auto_renew(Renew::On);
            let guard = lock.acquire().unwrap();
            let mut request = Request::new(&act[0]);
            for word in &act[1..] {
                request = request.arg(word.replace("KEY", &name));
            }
            on.client.run::<client::Value>(request).unwrap();
            let begin = Instant::now();
            assert_eq!(guard.lost().wait_for(LEASE), Some(*reason), "{act:?}");
            assert!(begin.elapsed() <= LEASE / 3 + Duration::from_millis(100), "{:?}", begin.elapsed());
            assert!(!guard.is_valid());
            drop(guard);
            let foreign = *reason == LostReason::TakenOver;
            assert_eq!(on.client.exists(&name).unwrap() == 1, foreign, "never deletes a foreign value");
            on.client.del([&name, &format!("{name}:renamed")]).unwrap();
        }
    });
}

#[test]
fn f25_a_lock_that_was_made_to_last_ends_again_and_a_key_of_another_type_is_an_error() {
    kit::each(|on| {
        let name = on.key("lock");
        let lock = on.client.lock(&name).timeout(LEASE).auto_renew(Renew::On);
        let guard = lock.acquire().unwrap();
        assert!(on.client.persist(&name).unwrap());
        thread::sleep(LEASE / 2);
        assert!(guard.is_valid());
        let ttl = lock.owner().unwrap().unwrap().ttl;
        assert!(ttl.is_some(), "the keeper has given it an end again");
        on.client.del(&name).unwrap();
        on.client.rpush(&name, "a list").unwrap();
        let error = lock.try_acquire().unwrap_err();
        assert!(matches!(&error, lock::LockError::Client(e) if e.code() == Some("WRONGTYPE")), "{error}");
        // Whether it is lost, no server says; so the holder's own clock does.
        assert_eq!(guard.lost().wait_for(2 * LEASE), Some(LostReason::LeaseEnded));
        drop(guard);
        assert_eq!(on.client.exists(&name).unwrap(), 1);
    });
}

#[test]
fn f25_after_flushall_the_holder_is_told_within_a_tick() {
    for server in kit::servers() {
        let private = kit::Private::start(&server.binary, &[]);
        let client = Client::open(&private.url()).unwrap();
        let guard = client.lock("lock").timeout(LEASE).auto_renew(Renew::On).acquire().unwrap();
        client.run::<()>(Request::new("FLUSHALL")).unwrap();
        assert_eq!(guard.lost().wait_for(LEASE), Some(LostReason::Deleted));
        let why = guard.release().unwrap_err();
        assert!(matches!(why.error(), lock::LockError::NotOwned { why: NotOwned::Gone, .. }));
    }
}
