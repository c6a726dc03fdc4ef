//! The end of a pool: what is idle is closed at once, what is out when it comes back, who waits is told.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use pool::{Error, InUse, Settings};

use crate::item::{after, pool, until};

#[test]
fn idle_ones_are_closed_at_once_and_those_in_use_on_return() {
    let (pool, orders) = pool(Settings::new(4));
    let out = [pool.get(None).unwrap(), pool.get(None).unwrap()];
    drop(pool.get(None).unwrap());
    pool.close();
    assert_eq!((orders.dropped.load(SeqCst), pool.stats().in_use), (1, 2));
    drop(out);
    let stats = pool.stats();
    assert_eq!((stats.open, stats.idle, stats.closed.shutdown), (0, 0, 3));
    assert_eq!((orders.alive.load(SeqCst), pool.is_closed()), (0, true));
}

#[test]
fn nothing_is_handed_out_afterwards() {
    let (pool, orders) = pool(Settings::new(2).min_idle(1));
    pool.close();
    pool.close();
    assert_eq!(pool.get(None).unwrap_err(), Error::Closed);
    assert_eq!(pool.get(after(50)).unwrap_err(), Error::Closed);
    assert_eq!(pool.try_get(None).unwrap_err(), Error::Closed);
    assert_eq!(pool.warm_up(None).unwrap_err(), Error::Closed);
    assert_eq!(pool.clone().try_get(None).unwrap_err(), Error::Closed);
    assert_eq!((pool.reap(), orders.opened.load(SeqCst)), (0, 0));
    let stats = pool.stats();
    assert_eq!((stats.refused, stats.failures(), stats.exhausted, stats.timeouts), (4, 4, 0, 0));
    assert_eq!(Error::<()>::Closed.to_string(), "the pool is closed");
}

#[test]
fn waiters_are_told_whether_they_have_a_deadline_or_not() {
    let (pool, _) = pool(Settings::new(1));
    let guard = pool.get(None).unwrap();
    thread::scope(|scope| {
        let waiters: Vec<_> = (0..8)
            .map(|n| {
                let pool = &pool;
                scope.spawn(move || pool.get(if n % 2 == 0 { None } else { after(60_000) }).unwrap_err())
            })
            .collect();
        until("all wait", || pool.stats().waiting == 8);
        pool.close();
        assert!(waiters.into_iter().all(|waiter| waiter.join().unwrap() == Error::Closed));
    });
    assert_eq!((pool.stats().refused, pool.stats().waits.count()), (8, 8));
    drop(guard);
    assert_eq!(pool.drain(None), Ok(()));
}

#[test]
fn draining_waits_for_the_last_one_and_no_longer() {
    let (pool, orders) = pool(Settings::new(3));
    let guards: Vec<_> = (0..3).map(|_| pool.get(None).unwrap()).collect();
    let begin = Instant::now();
    assert_eq!(pool.drain(after(30)), Err(InUse { items: 3 }));
    assert!(begin.elapsed() >= Duration::from_millis(30));
    assert_eq!(pool.drain(Some(begin)), Err(InUse { items: 3 }));
    thread::scope(|scope| {
        let back = AtomicUsize::new(0);
        let drainers: Vec<_> = (0..2).map(|_| scope.spawn(|| pool.drain(after(20_000)))).collect();
        for guard in guards {
            thread::sleep(Duration::from_millis(5));
            back.fetch_add(1, SeqCst);
            drop(guard);
        }
        assert!(drainers.into_iter().all(|drainer| drainer.join().unwrap().is_ok()));
        assert_eq!((back.load(SeqCst), orders.alive.load(SeqCst)), (3, 0));
    });
    assert_eq!(InUse { items: 1 }.to_string(), "the closed pool still has 1 item in use");
}

#[test]
fn closing_under_load_loses_nothing_and_everybody_learns_of_it() {
    for round in 0..50 {
        let (pool, orders) = pool(Settings::new(3).min_idle(2));
        thread::scope(|scope| {
            for thread in 0..12 {
                let pool = &pool;
                scope.spawn(move || {
                    for n in 0.. {
                        match pool.get(after(n % 3 * 10)) {
                            Ok(guard) if (n + thread) % 5 == 0 => guard.discard(),
                            Ok(_) | Err(Error::Timeout { .. }) => {}
                            Err(Error::Closed) => break,
                            Err(error) => panic!("{error}"),
                        }
                        if thread == 0 {
                            let _ = pool.warm_up(None);
                        }
                    }
                });
            }
            thread::sleep(Duration::from_micros(200 * round));
            assert_eq!(pool.drain(after(20_000)), Ok(()));
            assert_eq!(orders.alive.load(SeqCst), 0);
        });
        let stats = pool.stats();
        assert_eq!((stats.open, stats.idle, stats.waiting), (0, 0, 0));
        assert_eq!(stats.created, stats.closed.total());
    }
}
