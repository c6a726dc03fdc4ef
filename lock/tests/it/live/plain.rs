//! Acquire, release, extend: by one, by many, and by somebody else.

use std::thread;
use std::time::{Duration, Instant};

use client::{Request, SetOptions};
use lock::{LockError, LockExt, LostReason, NotOwned};

use crate::kit;

const SHORT: Duration = Duration::from_millis(50);

#[test]
fn one_holder_at_a_time() {
    kit::each(|on| {
        let (client, name, counter) = (&on.client, on.key("lock"), on.key("counter"));
        client.set(&counter, 0).unwrap();
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let lock = client.lock(&name).sleep(Duration::from_millis(1));
                    for _ in 0..10 {
                        let guard = lock.acquire().unwrap();
                        let count: i64 = client.get(&counter).unwrap().unwrap();
                        client.set(&counter, count + 1).unwrap();
                        guard.release().unwrap();
                    }
                });
            }
        });
        assert_eq!(client.get::<i64>(&counter).unwrap(), Some(80));
        assert!(!client.lock(&name).locked().unwrap());
    });
}

#[test]
fn on_the_wire_it_is_the_lock_of_redis_py() {
    kit::each(|on| {
        let (client, name) = (&on.client, on.key("lock"));
        // redis-py: SET name token NX PX milliseconds, 32 hexadecimal digits.
        let guard = client.lock(&name).timeout(Duration::from_secs(7)).acquire().unwrap();
        let value: String = client.get(&name).unwrap().unwrap();
        assert_eq!(value.as_bytes(), guard.token().as_bytes());
        assert!(value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit()), "{value}");
        let left: i64 = client.run(Request::new("PTTL").key(&name)).unwrap();
        assert!((6_000..=7_000).contains(&left), "{left}");
        assert!(!client.set_with(&name, "theirs", SetOptions::new().nx()).unwrap());
        guard.release().unwrap();

        assert!(client.set_with(&name, "theirs", SetOptions::new().nx()).unwrap());
        assert!(client.lock(&name).try_acquire().unwrap().is_none());
    });
}

#[test]
fn a_wait_ends_at_its_limit_and_not_before() {
    kit::each(|on| {
        let lock = on.client.lock(on.key("lock"));
        let guard = lock.acquire().unwrap();
        let begin = Instant::now();
        assert!(lock.acquire_for(Duration::from_millis(130)).unwrap().is_none());
        let took = begin.elapsed();
        assert!(took >= Duration::from_millis(130) && took < Duration::from_millis(330), "{took:?}");
        let error = lock.clone().blocking_timeout(SHORT).acquire().unwrap_err();
        assert!(matches!(&error, LockError::NotAcquired { waited, .. } if *waited >= SHORT), "{error}");
        let begin = Instant::now();
        assert!(matches!(lock.clone().blocking(false).acquire(), Err(LockError::NotAcquired { .. })));
        assert!(begin.elapsed() < SHORT);
        drop(guard);
        assert!(lock.try_acquire().unwrap().is_some());
    });
}

#[test]
fn a_lock_whose_time_is_over_belongs_to_the_next() {
    kit::each(|on| {
        let lock = on.client.lock(on.key("lock")).timeout(SHORT);
        let late = lock.acquire().unwrap();
        let lock = lock.clone().timeout(Duration::from_secs(10)).sleep(Duration::from_millis(5));
        let next = lock.acquire_for(Duration::from_secs(5)).unwrap().unwrap();
        assert_eq!(late.remaining(), Duration::ZERO);
        assert!(!late.owned().unwrap());
        assert!(late.extend(SHORT).unwrap_err().is_not_owned());
        let failed = late.release().unwrap_err();
        assert!(failed.error().is_not_owned(), "{failed}");
        drop(failed);
        assert!(next.owned().unwrap(), "a late release does not take the lock from the next");
    });
}

#[test]
fn asking_again_after_a_lost_reply_changes_nothing() {
    kit::each(|on| {
        let (client, name) = (&on.client, on.key("lock"));
        let lock = client.lock(&name).token("mine").timeout(Duration::from_secs(5));
        let guard = lock.acquire().unwrap();
        let again = lock.try_acquire().unwrap().expect("our own token is recognised");
        assert_eq!(again.token(), guard.token());
        guard.release().unwrap();
        assert!(again.release().unwrap_err().error().is_not_owned());
    });
}

#[test]
fn time_is_added_once_and_kept_by_both_clocks() {
    kit::each(|on| {
        let (client, name) = (&on.client, on.key("lock"));
        let guard = client.lock(&name).timeout(Duration::from_secs(10)).acquire().unwrap();
        let left = || client.run::<i64>(Request::new("PTTL").key(&name)).unwrap();
        guard.extend(Duration::from_secs(20)).unwrap();
        assert!((29_000..=30_000).contains(&left()), "{}", left());
        guard.extend_to(Duration::from_secs(2)).unwrap();
        assert!((1_000..=2_000).contains(&left()) && guard.remaining() <= Duration::from_secs(2));
        guard.reacquire().unwrap();
        assert!((9_000..=10_000).contains(&left()));
        assert!(matches!(guard.extend_to(Duration::ZERO), Err(LockError::Config(_))));
        guard.release().unwrap();

        let guard = client.lock(&name).no_timeout().acquire().unwrap();
        assert_eq!((left(), guard.remaining()), (-1, Duration::MAX));
        assert!(matches!(guard.extend(SHORT), Err(LockError::Config(_))));
        assert!(matches!(client.lock(&name).timeout(Duration::ZERO).acquire(), Err(LockError::Config(_))));
    });
}

#[test]
fn who_waits_for_himself_is_told_at_once() {
    kit::each(|on| {
        let lock = on.client.lock(on.key("lock"));
        let guard = lock.acquire().unwrap();
        let begin = Instant::now();
        let error = lock.acquire().unwrap_err();
        assert!(matches!(&error, LockError::WouldDeadlock { .. }), "{error}");
        assert!(begin.elapsed() < Duration::from_secs(1));
        assert!(lock.acquire_for(SHORT).unwrap().is_none(), "a wait that ends is none without end");
        assert!(guard.owned().unwrap());
        // Another thread may wait: this one can release.
        let other = lock.clone();
        let waiting = thread::spawn(move || other.acquire().map(drop));
        thread::sleep(SHORT);
        guard.release().unwrap();
        waiting.join().unwrap().unwrap();
    });
}

#[test]
fn an_administrator_sees_and_ends_it() {
    kit::each(|on| {
        let lock = on.client.lock(on.key("lock")).timeout(Duration::from_secs(9));
        assert_eq!(lock.owner().unwrap(), None);
        assert!(!lock.force_release().unwrap());
        let guard = lock.acquire().unwrap();
        let owner = lock.owner().unwrap().unwrap();
        assert_eq!(&owner.token, guard.token());
        assert!(owner.ttl.is_some_and(|ttl| ttl > Duration::from_secs(8) && ttl <= Duration::from_secs(9)));
        assert!(lock.force_release().unwrap());
        assert!(matches!(guard.extend(SHORT), Err(LockError::NotOwned { why: NotOwned::Gone, .. })));
        assert_eq!(guard.lost().reason(), Some(LostReason::Deleted));
        assert!(matches!(guard.release().unwrap_err().error(), LockError::NotOwned { .. }));

        let token = lock.acquire().unwrap().handover();
        assert_eq!(lock.owner().unwrap().unwrap().token, token);
        let error = lock.adopt("somebody else's".into()).unwrap_err();
        assert!(matches!(error, LockError::NotOwned { why: NotOwned::Other, .. }), "{error}");
        let guard = lock.adopt(token.clone()).unwrap();
        assert!(guard.is_valid() && guard.owned().unwrap());
        guard.release().unwrap();
        assert!(lock.adopt(token).unwrap_err().is_not_owned());
    });
}

#[test]
fn any_thread_may_release_and_an_error_gives_the_guard_back() {
    let client = &kit::Subject::newest().client;
    let guard = client.lock("lock:thread").acquire().unwrap();
    thread::spawn(move || guard.release().unwrap()).join().unwrap();

    let guard = client.lock("lock:wrong").acquire().unwrap();
    client.run::<i64>(Request::new("DEL").key("lock:wrong")).unwrap();
    client.run::<i64>(Request::new("RPUSH").key("lock:wrong").arg("a list")).unwrap();
    let failed = guard.release().unwrap_err();
    assert!(
        matches!(failed.error(), LockError::Client(error) if error.code() == Some("WRONGTYPE")),
        "{failed}"
    );
    client.run::<i64>(Request::new("DEL").key("lock:wrong")).unwrap();
    assert!(failed.into_guard().release().unwrap_err().error().is_not_owned());
}
