//! Whatever goes wrong in a hook, the slot comes free again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;

use pool::{Error, Pool, Settings};

use crate::item::{Manager, Orders, Refused, after, pool, until};

/// Fails unless all `size` slots can be checked out.
fn check_all_slots(pool: &Pool<Manager>, size: usize) {
    let guards: Vec<_> = (0..size).map(|_| pool.try_get(None).expect("a slot was lost")).collect();
    assert!(pool.try_get(None).is_err(), "a slot too many");
    drop(guards);
    let stats = pool.stats();
    assert_eq!((stats.open, stats.idle, stats.in_use), (size, size, 0));
}

/// Fails unless a panic in this hook costs no slot.
fn check_panic(hook: fn(&Orders) -> &AtomicBool, opened_before: bool) {
    let (pool, orders) = pool(Settings::new(2));
    if opened_before {
        drop(pool.get(None).unwrap());
    }
    hook(&orders).store(true, SeqCst);
    for _ in 0..5 {
        let result = catch_unwind(AssertUnwindSafe(|| drop(pool.try_get(None))));
        assert!(result.is_err());
        // The item that was being judged is gone, and the next round needs one again.
        hook(&orders).store(false, SeqCst);
        drop(pool.try_get(None).unwrap());
        hook(&orders).store(true, SeqCst);
        if !opened_before {
            pool.try_get(None).unwrap().discard();
        }
    }
    hook(&orders).store(false, SeqCst);
    check_all_slots(&pool, 2);
}

#[test]
fn an_open_error_gives_the_slot_back() {
    let (pool, orders) = pool(Settings::new(2));
    orders.refuse.store(true, SeqCst);
    for _ in 0..10 {
        assert_eq!(pool.get(after(5000)).unwrap_err(), Error::Open(Refused));
    }
    orders.refuse.store(false, SeqCst);
    check_all_slots(&pool, 2);
    assert_eq!(pool.stats().failed, 10);
}

#[test]
fn a_panic_in_open_gives_the_slot_back() {
    check_panic(|orders| &orders.panic_in_open, false);
}

#[test]
fn a_panic_in_check_gives_the_slot_back() {
    check_panic(|orders| &orders.panic_in_check, true);
}

#[test]
fn a_panic_in_is_clean_gives_the_slot_back() {
    check_panic(|orders| &orders.panic_in_is_clean, true);
}

#[test]
fn an_open_error_wakes_a_waiter() {
    let (pool, orders) = pool(Settings::new(1));
    let guard = pool.get(None).unwrap();
    orders.refuse.store(true, SeqCst);
    thread::scope(|scope| {
        let waiters: Vec<_> = (0..3).map(|_| scope.spawn(|| pool.get(after(20_000)).unwrap_err())).collect();
        until("all wait", || pool.stats().waiting == 3);
        guard.discard();
        for waiter in waiters {
            assert_eq!(waiter.join().unwrap(), Error::Open(Refused));
        }
    });
}

#[test]
fn a_dirty_item_is_dropped() {
    let (pool, orders) = pool(Settings::new(2));
    let mut guard = pool.get(None).unwrap();
    guard.clean = false;
    drop(guard);
    assert_eq!((pool.stats().closed.dirty, orders.dropped.load(SeqCst)), (1, 1));
    assert_eq!(pool.get(None).unwrap().number, 2);
    check_all_slots(&pool, 2);
}

#[test]
fn a_stale_item_is_dropped_and_another_opened() {
    let (pool, orders) = pool(Settings::new(3));
    drop([pool.get(None).unwrap(), pool.get(None).unwrap()]);
    orders.stale.store(true, SeqCst);
    assert_eq!(pool.get(None).unwrap().number, 3);
    assert_eq!((pool.stats().closed.stale, pool.stats().open), (2, 1));
    orders.stale.store(false, SeqCst);
    check_all_slots(&pool, 3);
}

#[test]
fn discard_wakes_a_waiter() {
    let (pool, orders) = pool(Settings::new(1));
    let guard = pool.get(None).unwrap();
    thread::scope(|scope| {
        let waiter = scope.spawn(|| pool.get(after(20_000)).unwrap().number);
        until("it waits", || pool.stats().waiting == 1);
        guard.discard();
        assert_eq!(waiter.join().unwrap(), 2);
    });
    assert_eq!((pool.stats().closed.discarded, orders.dropped.load(SeqCst)), (1, 1));
}

#[test]
fn a_guard_that_is_dropped_by_a_panic_comes_back() {
    let (pool, _) = pool(Settings::new(1));
    let result = catch_unwind(AssertUnwindSafe(|| {
        let _guard = pool.get(None).unwrap();
        panic!("the user's");
    }));
    assert!(result.is_err());
    check_all_slots(&pool, 1);
}
