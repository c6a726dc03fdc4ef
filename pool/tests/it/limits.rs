//! Many threads: never too many items, no lost wake-up, figures that add up.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;

use pool::{Error, Settings};

use crate::item::{after, pool};

#[test]
fn there_are_never_too_many_items_and_the_figures_add_up() {
    let (pool, orders) = pool(Settings::new(5));
    let served = AtomicUsize::new(0);
    let (discarded, dirty) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for thread in 0..16 {
            let (pool, served, discarded, dirty) = (&pool, &served, &discarded, &dirty);
            scope.spawn(move || {
                for round in 0..1500 {
                    let mut guard = pool.get(after(60_000)).expect("nobody waits for a minute");
                    served.fetch_add(1, SeqCst);
                    match (round * 16 + thread) % 97 {
                        0 => {
                            discarded.fetch_add(1, SeqCst);
                            guard.discard();
                        }
                        1 => {
                            dirty.fetch_add(1, SeqCst);
                            guard.clean = false;
                        }
                        2 => thread::yield_now(),
                        _ => {}
                    }
                }
            });
        }
    });
    let stats = pool.stats();
    assert!(orders.most_alive.load(SeqCst) <= 5);
    assert_eq!(served.load(SeqCst), 16 * 1500);
    assert_eq!(stats.created + stats.reused, 16 * 1500);
    assert_eq!(stats.created, orders.opened.load(SeqCst) as u64);
    assert_eq!(stats.closed.total(), orders.dropped.load(SeqCst) as u64);
    assert_eq!(stats.closed.discarded, discarded.load(SeqCst) as u64);
    assert_eq!(stats.closed.dirty, dirty.load(SeqCst) as u64);
    assert_eq!((stats.in_use, stats.waiting, stats.timeouts), (0, 0, 0));
    assert_eq!(stats.open, orders.alive.load(SeqCst));
    assert_eq!(stats.idle, stats.open);
}

#[test]
fn no_wake_up_is_lost_whatever_the_waiters_and_their_deadlines_do() {
    for size in [1, 2, 3] {
        let (pool, _) = pool(Settings::new(size));
        let timeouts = AtomicUsize::new(0);
        thread::scope(|scope| {
            for thread in 0..12_u64 {
                let (pool, timeouts) = (&pool, &timeouts);
                scope.spawn(move || {
                    for round in 0..400 {
                        // Half of them give up all the time, at about the moment at which they are served.
                        let impatient = thread % 2 == 0;
                        let deadline = if impatient { after(round % 2) } else { after(60_000) };
                        match pool.get(deadline) {
                            Ok(guard) if round % 7 == 0 => guard.discard(),
                            Ok(_) => thread::yield_now(),
                            Err(Error::Timeout { .. }) if impatient => {
                                timeouts.fetch_add(1, SeqCst);
                            }
                            Err(error) => panic!("{error}"),
                        }
                    }
                });
            }
        });
        let stats = pool.stats();
        assert_eq!(stats.timeouts, timeouts.load(SeqCst) as u64);
        let guards: Vec<_> = (0..size).map(|_| pool.try_get(None).expect("a slot was lost")).collect();
        assert_eq!((guards.len(), pool.stats().in_use), (size, size));
    }
}
