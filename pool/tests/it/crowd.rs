//! Fairness: who waits longest is served first, and nobody who comes later can take it from him.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;

use pool::Settings;

use crate::item::{after, pool, until};

#[test]
fn waiters_are_served_in_the_order_in_which_they_came() {
    let (pool, _) = pool(Settings::new(1));
    let guard = pool.get(None).unwrap();
    let order = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for place in 0..8 {
            let (pool, order) = (&pool, &order);
            scope.spawn(move || {
                let _guard = pool.get(after(20_000)).unwrap();
                order.lock().unwrap().push(place);
            });
            until("it waits", || pool.stats().waiting == place + 1);
        }
        drop(guard);
    });
    assert_eq!(order.into_inner().unwrap(), [0, 1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn a_waiter_that_gives_up_leaves_the_others_in_order() {
    let (pool, _) = pool(Settings::new(1));
    let guard = pool.get(None).unwrap();
    let order = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for place in 0..4 {
            let (pool, order) = (&pool, &order);
            scope.spawn(move || {
                let patience = if place == 1 { 300 } else { 20_000 };
                match pool.get(after(patience)) {
                    Ok(_guard) => order.lock().unwrap().push(place),
                    Err(_) => assert_eq!(place, 1),
                }
            });
            until("it waits", || pool.stats().waiting == place + 1);
        }
        until("one gives up", || pool.stats().timeouts == 1);
        drop(guard);
    });
    assert_eq!(order.into_inner().unwrap(), [0, 2, 3]);
}

#[test]
fn a_thread_that_comes_again_and_again_does_not_starve_a_waiter() {
    let (pool, _) = pool(Settings::new(1));
    for round in 0..100 {
        let guard = pool.get(None).unwrap();
        let served = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                let _guard = pool.get(after(20_000)).unwrap();
                served.store(true, SeqCst);
            });
            until("it waits", || pool.stats().waiting == 1);
            drop(guard);
            // As greedy as can be: but it comes after the one that waits.
            let _guard = pool.get(after(20_000)).unwrap();
            assert!(served.load(SeqCst), "round {round}: the late comer was served first");
        });
    }
}
