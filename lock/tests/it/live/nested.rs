//! F24: a thread that takes a lock again that it holds.

use std::thread;
use std::time::Duration;

use client::Request;
use lock::{LockError, LockExt, Renew};

use crate::kit;

const LONG: Duration = Duration::from_secs(30);
const SHORT: Duration = Duration::from_secs(1);

#[test]
fn f24_an_inner_guard_never_shortens_the_time_of_the_outer() {
    kit::each(|on| {
        let lock = on.client.lock(on.key("lock")).reentrant(true);
        let left = || on.client.run::<i64>(Request::new("PTTL").key(lock.name())).unwrap();
        let outer = lock.clone().timeout(LONG).acquire().unwrap();
        let inner = lock.clone().timeout(SHORT).acquire().unwrap();
        assert!(left() > 28_000, "{}", left());
        inner.extend_to(SHORT).unwrap();
        inner.reacquire().unwrap();
        assert!(left() > 28_000 && outer.remaining() > LONG - 2 * SHORT, "{}", left());
        inner.release().unwrap();
        assert!(left() > 28_000 && outer.owned().unwrap(), "{}", left());
        // With the inner one gone, the outer one may do as it likes.
        outer.extend_to(SHORT).unwrap();
        assert!(left() <= 1_000);

        // And if the inner one needs more, it gets it.
        let inner = lock.clone().timeout(LONG).acquire().unwrap();
        assert!(left() > 28_000 && outer.remaining() > LONG - 2 * SHORT);
        // Whichever ends last releases the lock.
        outer.release().unwrap();
        assert!(inner.owned().unwrap() && inner.is_valid());
        drop(inner);
        assert!(!lock.locked().unwrap());
    });
}

#[test]
fn f24_renewals_of_the_outer_go_on_under_a_shorter_inner() {
    let on = kit::Subject::newest();
    let lock = on.client.lock(on.key("lock")).reentrant(true).timeout(SHORT).auto_renew(Renew::On);
    let outer = lock.acquire().unwrap();
    for _ in 0..30 {
        let inner = lock.clone().timeout(SHORT / 10).acquire().unwrap();
        assert!(inner.is_valid());
        thread::sleep(SHORT / 10);
        drop(inner);
    }
    assert!(outer.is_valid() && outer.owned().unwrap());
}

#[test]
fn it_is_the_threads_alone_and_ends_with_the_lock() {
    kit::each(|on| {
        let lock = on.client.lock(on.key("lock")).reentrant(true).fenced(true);
        let outer = lock.acquire().unwrap();
        let inner = lock.try_acquire().unwrap().unwrap();
        assert_eq!((inner.fence(), inner.token()), (outer.fence(), outer.token()));
        thread::scope(|scope| {
            scope.spawn(|| assert!(lock.try_acquire().unwrap().is_none())).join().unwrap();
        });
        let strict = lock.clone().reentrant(false).acquire();
        assert!(matches!(strict, Err(LockError::WouldDeadlock { .. })));
        // What is lost is lost for all its guards, and is not entered again.
        lock.force_release().unwrap();
        assert!(inner.extend(SHORT).unwrap_err().is_not_owned());
        assert!(!outer.is_valid());
        assert!(inner.release().unwrap_err().error().is_not_owned());
        let anew = lock.acquire().unwrap();
        assert!(anew.fence() > outer.fence());
        assert!(outer.release().unwrap_err().error().is_not_owned());
        assert!(anew.owned().unwrap());
    });
}
