//! F9 to F14: requests and replies that are lost or late, on the way of each step.

use std::thread;
use std::time::{Duration, Instant};

use client::{Client, Config, Request};
use lock::{LockError, LockExt, Locks};
use proxy::{Fault, Proxy, Rule};

use crate::kit;

const LEASE: Duration = Duration::from_secs(3);

/// A server behind a proxy, with a client that goes through it and one that does not.
struct Wire {
    proxy: Proxy,
    through: Client,
    direct: Client,
    name: String,
}

fn each(test: impl Fn(&Wire)) {
    kit::each(|on| {
        let proxy = Proxy::start(on.server.port).unwrap();
        let config: Config = format!("redis://127.0.0.1:{}", proxy.port()).parse().unwrap();
        let through = Client::new(&config.protocol(on.protocol)).unwrap();
        // The scripts are known: each step is one request.
        through.lock(on.key("warm")).with(|_| ()).unwrap();
        through.lock(on.key("warm")).acquire().unwrap().reacquire().unwrap();
        test(&Wire { proxy, through, direct: on.client.clone(), name: on.key("lock") });
    });
}

impl Wire {
    fn owner(&self) -> Option<Vec<u8>> {
        self.direct.get(&self.name).unwrap()
    }

    /// The next request suffers this, be it a script or, where the server has it, a plain command.
    fn next(&self, fault: Fault) -> Rule {
        Rule::new(fault).nth(1)
    }

    /// A manager whose calls end soon, with its connection open.
    fn hurried(&self) -> Locks {
        let locks = Locks::builder().call_timeout(Duration::from_millis(100)).build(&self.through).unwrap();
        locks.lock(format!("{}:warm", self.name)).with(|_| ()).unwrap();
        locks
    }

    /// Waits until nobody has the lock, at most for `limit`.
    #[track_caller]
    fn is_free_within(&self, limit: Duration) {
        let begin = Instant::now();
        while let Some(holder) = self.owner() {
            assert!(begin.elapsed() < limit, "{} still has it", holder.escape_ascii());
            thread::sleep(Duration::from_millis(5));
        }
    }
}

#[test]
fn f09_a_lost_reply_to_acquire_leaves_either_a_holder_or_nothing() {
    // Ended at once, reset, or cut in the middle: the second try finds its own token.
    for fault in [Fault::CutReply, Fault::ResetReply] {
        each(|wire| {
            let lock = wire.through.lock(&wire.name).timeout(LEASE);
            for byte in [0, 2] {
                wire.proxy.rule(wire.next(fault).byte(byte));
                let guard = lock.try_acquire().unwrap().expect("never told that somebody else has it");
                assert_eq!(wire.owner().as_deref(), Some(guard.token().as_bytes()));
                assert!(guard.is_valid());
                guard.release().unwrap();
                assert_eq!(wire.owner(), None);
            }
            assert_eq!(wire.proxy.counts().of(fault), 2);
        });
    }
}

#[test]
fn f09_a_reply_to_acquire_that_never_comes_is_told_as_such_and_cleaned_up() {
    each(|wire| {
        let locks = wire.hurried();
        wire.proxy.rule(wire.next(Fault::DropReply));
        let error = locks.lock(&wire.name).timeout(LEASE).try_acquire().unwrap_err();
        let LockError::Indeterminate { name, source, .. } = &error else { panic!("{error}") };
        assert_eq!(*name, wire.name);
        assert!(source.is_timeout());
        wire.is_free_within(Duration::from_secs(1));
    });
}

#[test]
fn f10_a_lost_request_to_acquire_is_sent_again() {
    for fault in [Fault::CutRequest, Fault::ResetRequest] {
        each(|wire| {
            let lock = wire.through.lock(&wire.name).timeout(LEASE);
            wire.proxy.rule(wire.next(fault));
            let guard = lock.try_acquire().unwrap().unwrap();
            assert_eq!(wire.owner().as_deref(), Some(guard.token().as_bytes()));
            assert!(wire.direct.lock(&wire.name).try_acquire().unwrap().is_none());
            guard.release().unwrap();
            assert_eq!(wire.proxy.counts().of(fault), 1);
        });
    }
}

#[test]
fn f11_a_request_that_arrives_after_the_limit_is_undone() {
    each(|wire| {
        let lock = wire.through.lock(&wire.name).timeout(Duration::from_secs(20));
        wire.proxy.rule(wire.next(Fault::DelayRequest).delay(Duration::from_millis(700)));
        let begin = Instant::now();
        let error = lock.acquire_for(Duration::from_millis(200)).unwrap_err();
        assert!(begin.elapsed() < Duration::from_millis(500), "{:?}", begin.elapsed());
        assert!(matches!(error, LockError::Indeterminate { .. }), "{error}");
        // It arrives, and is undone: nobody else has to wait for the 20 s.
        let other = wire.direct.lock(&wire.name).timeout(LEASE);
        thread::sleep(Duration::from_millis(600));
        let begin = Instant::now();
        other.acquire_for(Duration::from_secs(2)).unwrap().expect("free again").release().unwrap();
        assert!(begin.elapsed() < Duration::from_millis(1_000), "{:?}", begin.elapsed());
    });
}

#[test]
fn f11_a_request_that_arrives_after_the_release_is_undone() {
    each(|wire| {
        let lock = wire.through.lock(&wire.name).timeout(Duration::from_secs(20));
        let locks = wire.hurried();
        let lock = locks.lock(lock.name()).timeout(Duration::from_secs(20)).token("chosen");
        wire.proxy.rule(wire.next(Fault::DelayRequest).delay(Duration::from_millis(500)));
        assert!(matches!(lock.try_acquire(), Err(LockError::Indeterminate { .. })));
        // Who comes back with the same token has the lock, and the clean-up of before leaves it alone.
        let guard = lock.try_acquire().unwrap().unwrap();
        thread::sleep(Duration::from_millis(700));
        assert!(guard.owned().unwrap());
        guard.release().unwrap();
        assert_eq!(wire.owner(), None);
    });
}

#[test]
fn f12_a_lost_reply_to_release_is_no_failure() {
    for fault in [Fault::CutReply, Fault::ResetReply] {
        each(|wire| {
            let guard = wire.through.lock(&wire.name).timeout(LEASE).acquire().unwrap();
            wire.proxy.rule(wire.next(fault));
            guard.release().unwrap();
            assert_eq!(wire.proxy.counts().of(fault), 1);
            // The next one has it at once, also between the two tries.
            let next = wire.direct.lock(&wire.name).acquire().unwrap();
            next.release().unwrap();
        });
    }
}

#[test]
fn f12_a_release_in_doubt_is_settled_by_the_next() {
    each(|wire| {
        let locks = wire.hurried();
        let guard = locks.lock(&wire.name).timeout(LEASE).acquire().unwrap();
        wire.proxy.rule(wire.next(Fault::DropReply));
        let failed = guard.release().unwrap_err();
        assert!(matches!(failed.error(), LockError::Client(error) if error.is_timeout()), "{failed}");
        let next = wire.direct.lock(&wire.name).acquire().unwrap();
        failed
            .into_guard()
            .release()
            .expect("it was ours, and is somebody else's now because we released it");
        assert!(next.owned().unwrap());
    });
}

#[test]
fn f13_a_lost_reply_to_extend_adds_once() {
    for fault in [Fault::CutReply, Fault::ResetReply] {
        each(|wire| {
            let guard = wire.through.lock(&wire.name).timeout(Duration::from_secs(30)).acquire().unwrap();
            wire.proxy.rule(wire.next(fault));
            let begin = Instant::now();
            let left = guard.extend(Duration::from_secs(10)).unwrap();
            let ttl: i64 = wire.direct.run(Request::new("PTTL").key(&wire.name)).unwrap();
            // What has passed since the lock was taken is no error of the sum, and is measured.
            let slack = 20 + i64::try_from(begin.elapsed().as_millis()).unwrap();
            assert!((40_000 - slack - 50..=40_001).contains(&ttl), "{ttl}");
            assert!(left > Duration::from_secs(39) && left < Duration::from_secs(40), "{left:?}");
            assert_eq!(wire.proxy.counts().of(fault), 1);
            guard.release().unwrap();
        });
    }
}

#[test]
fn f14_with_the_server_down_drop_is_short_and_release_gives_the_guard_back() {
    for server in kit::servers() {
        let mut private = kit::Private::start(&server.binary, &[]);
        let client = Client::open(&private.url()).unwrap();
        let dropped = client.lock("dropped").timeout(LEASE).acquire().unwrap();
        let released = client.lock("released").timeout(LEASE).acquire().unwrap();
        private.signal("KILL");
        let begin = Instant::now();
        drop(dropped);
        assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
        let failed = released.release().unwrap_err();
        assert!(matches!(failed.error(), LockError::Client(_)), "{failed}");
        private.restart();
        // The keys are gone with the old server; one is there again, as if it had come from a file.
        let guard = failed.into_guard();
        client.set(guard.name(), guard.token().as_bytes()).unwrap();
        guard.release().unwrap();
        assert!(!client.lock("released").locked().unwrap());
    }
}

#[test]
fn f14_what_a_drop_could_not_release_the_keeper_does() {
    each(|wire| {
        let guard = wire.through.lock(&wire.name).timeout(Duration::from_secs(20)).acquire().unwrap();
        wire.proxy.rule(Rule::new(Fault::StallRequest));
        let begin = Instant::now();
        drop(guard);
        assert!(begin.elapsed() < Duration::from_millis(600), "{:?}", begin.elapsed());
        assert!(wire.owner().is_some());
        wire.proxy.calm();
        wire.is_free_within(Duration::from_secs(2));
    });
}
