//! Fairness: who waits longest is served first, and nobody who comes later can take it from him.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

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

#[test]
fn sixty_four_threads_on_one_slot_get_about_the_same() {
    let (pool, _) = pool(Settings::new(1));
    let stop = AtomicBool::new(false);
    let guard = pool.get(None).unwrap();
    let mut counts: Vec<u32> = thread::scope(|scope| {
        let threads: Vec<_> = (0..64)
            .map(|_| {
                scope.spawn(|| {
                    let mut count = 0;
                    while !stop.load(SeqCst) {
                        let _guard = pool.get(after(60_000)).unwrap();
                        count += 1;
                    }
                    count
                })
            })
            .collect();
        until("all wait", || pool.stats().waiting == 64);
        drop(guard);
        thread::sleep(Duration::from_secs(2));
        stop.store(true, SeqCst);
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    counts.sort_unstable();
    let (least, most) = (counts[0], counts[63]);
    println!(
        "64 threads on 1 slot, 2 s: each got from {least} to {most}, half of them {} or more",
        counts[32]
    );
    // Whoever is served lines up behind all others. Only a thread that the system keeps from lining up misses a round.
    assert!(least >= 10 && f64::from(most) <= 1.25 * f64::from(least) + 5.0, "{counts:?}");
}

#[test]
fn sixty_four_threads_with_short_deadlines_end_on_time_and_lose_nothing() {
    let (pool, _) = pool(Settings::new(4));
    let (served, late, longest) = (AtomicU64::new(0), AtomicU64::new(0), Mutex::new(Duration::ZERO));
    thread::scope(|scope| {
        for thread in 0..64_u64 {
            let (pool, served, late, longest) = (&pool, &served, &late, &longest);
            scope.spawn(move || {
                for round in 0..100 {
                    let deadline = Instant::now() + Duration::from_micros(200 * ((thread + round) % 10));
                    match pool.get(Some(deadline)) {
                        Ok(_guard) => {
                            served.fetch_add(1, SeqCst);
                            thread::sleep(Duration::from_micros(100));
                        }
                        Err(_) => {
                            late.fetch_add(1, SeqCst);
                            let over = deadline.elapsed();
                            let mut longest = longest.lock().unwrap();
                            *longest = over.max(*longest);
                        }
                    }
                }
            });
        }
    });
    let (served, late) = (served.into_inner(), late.into_inner());
    let longest = longest.into_inner().unwrap();
    println!(
        "64 threads on 4 slots: {served} served, {late} at their deadline, at most {longest:?} after it"
    );
    let stats = pool.stats();
    assert_eq!((served + late, stats.checkouts(), stats.timeouts), (6400, served, late));
    assert!(stats.waits.count() >= late && served > 0 && late > 0);
    assert!(longest < Duration::from_millis(500), "{longest:?}");
    let all: Vec<_> = (0..4).map(|_| pool.try_get(None).expect("a slot was lost")).collect();
    assert_eq!((all.len(), pool.stats().in_use), (4, 4));
}
