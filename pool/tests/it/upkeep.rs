//! Idle items: how many lie ready, and that those over their limits go even if nobody checks them out.

use std::sync::atomic::Ordering::SeqCst;
use std::thread;
use std::time::{Duration, Instant};

use pool::{Error, InvalidSettings, Pool, Settings};

use crate::item::{Manager, Refused, after, pool, until};

const SHORT: Duration = Duration::from_millis(20);

fn many(pool: &Pool<Manager>, count: usize) {
    let guards: Vec<_> = (0..count).map(|_| pool.get(None).unwrap()).collect();
    drop(guards);
}

#[test]
fn warming_up_opens_what_is_missing() {
    let (pool, orders) = pool(Settings::new(8).min_idle(3));
    assert_eq!(orders.opened.load(SeqCst), 0, "nothing by itself");
    assert_eq!(pool.warm_up(None), Ok(3));
    let guard = pool.get(None).unwrap();
    assert_eq!(pool.warm_up(None), Ok(1));
    let stats = pool.stats();
    assert_eq!((stats.idle, stats.in_use, stats.created, stats.warmed), (3, 1, 4, 4));
    assert_eq!((stats.reused, stats.checkouts()), (1, 1));
    drop(guard);
    assert_eq!(pool.warm_up(None), Ok(0));
}

#[test]
fn warming_up_ends_where_the_pool_is_full_or_the_opening_fails() {
    let (pool, orders) = pool(Settings::new(3).min_idle(3));
    let guard = pool.get(None).unwrap();
    assert_eq!(pool.warm_up(None), Ok(2));
    drop(guard);
    many(&pool, 3);
    orders.stale.store(true, SeqCst);
    orders.refuse.store(true, SeqCst);
    assert_eq!(pool.get(None).unwrap_err(), Error::Open(Refused));
    assert_eq!(pool.warm_up(None), Err(Error::Open(Refused)));
    assert_eq!((pool.stats().failed, pool.stats().open), (2, 0));
    orders.refuse.store(false, SeqCst);
    assert_eq!(pool.warm_up(None), Ok(3));
    let refused = Pool::new(Manager::default(), Settings::new(3).min_idle(4)).unwrap_err();
    assert_eq!(refused, InvalidSettings::MinIdle { given: 4, max_size: 3 });
}

#[test]
fn reaping_closes_what_is_over_and_nothing_else() {
    let (pool, orders) = pool(Settings::new(8).max_idle(Duration::from_millis(200)));
    many(&pool, 6);
    assert_eq!(pool.reap(), 0);
    thread::sleep(Duration::from_millis(210));
    let young = pool.get(None).unwrap();
    let young_too = pool.get(None).unwrap();
    drop((young, young_too));
    // Both checkouts met old ones: the six are gone, and two new ones there.
    assert_eq!((pool.reap(), pool.stats().closed.idle, pool.stats().idle), (0, 6, 2));
    thread::sleep(Duration::from_millis(210));
    assert_eq!((pool.reap(), orders.alive.load(SeqCst)), (2, 0));
}

#[test]
fn a_pool_in_use_shrinks_by_itself() {
    let settings = [Settings::new(64).max_idle(SHORT), Settings::new(64).max_age(SHORT)];
    for settings in settings {
        let (pool, _) = pool(settings);
        many(&pool, 40);
        assert_eq!(pool.stats().open, 40);
        // One thread uses one of them, and never sees the others: they lie below.
        let begin = Instant::now();
        while pool.stats().open > 1 {
            assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", pool.stats());
            let closed = pool.stats().closed.total();
            drop(pool.get(None).unwrap());
            // A checkout may close the one it meets; the return closes four at most. (Among those that are too old there
            // may be a younger one, so a checkout goes on looking.)
            let together = pool.stats().closed.total() - closed;
            assert!(together <= 5 || pool.stats().closed.age > 0, "{together}");
        }
        assert!(begin.elapsed() >= SHORT * 8 / 10);
    }
}

#[test]
fn an_old_one_is_closed_when_it_comes_back() {
    let (pool, orders) = pool(Settings::new(2).max_age(SHORT));
    let guard = pool.get(None).unwrap();
    thread::sleep(SHORT * 2);
    assert_eq!(guard.number, 1, "nobody takes it away");
    drop(guard);
    assert_eq!((pool.stats().closed.age, orders.alive.load(SeqCst)), (1, 0));
}

#[test]
fn those_that_were_opened_together_are_not_closed_together() {
    let age = Duration::from_millis(2000);
    let (pool, _) = pool(Settings::new(64).max_age(age));
    let begin = Instant::now();
    many(&pool, 64);
    let opened = begin.elapsed();
    let mut ends = Vec::new();
    while ends.len() < 64 {
        for _ in 0..pool.reap() {
            ends.push(begin.elapsed());
        }
        assert!(begin.elapsed() < Duration::from_secs(20));
        thread::sleep(Duration::from_millis(1));
    }
    // From nine tenths of the age to the whole of it; a busy machine may reap late, so only the spread is asked for.
    assert!(ends[0] >= age * 9 / 10, "{:?}", ends[0]);
    assert!(ends[63] >= age * 98 / 100, "{:?} to {:?}", ends[0], ends[63]);
    assert!(opened > Duration::from_millis(100) || ends[63] - ends[0] >= age * 8 / 100);
    let half = ends.iter().filter(|end| **end < age * 95 / 100).count();
    println!("64 of 2 s: first after {:?}, last after {:?}, {half} in the first half", ends[0], ends[63]);
}

#[test]
fn the_maintenance_opens_closes_and_ends() {
    let settings = Settings::new(8).min_idle(2).max_idle(SHORT).maintain(Duration::from_millis(5));
    let (pool, orders) = pool(settings);
    assert_eq!(orders.opened.load(SeqCst), 0, "it starts with the first checkout");
    many(&pool, 6);
    // Nobody uses the pool any more. The six go, and two young ones lie ready again and again.
    until("it shrinks", || pool.stats().closed.idle >= 6 && pool.stats().open == 2);
    until("it renews", || pool.stats().warmed >= 4 && pool.stats().idle == 2);
    // A manager that fails or panics does not end it.
    orders.refuse.store(true, SeqCst);
    until("it fails", || pool.stats().failed >= 2 && pool.stats().idle == 0);
    orders.panic_in_open.store(true, SeqCst);
    thread::sleep(Duration::from_millis(20));
    orders.panic_in_open.store(false, SeqCst);
    orders.refuse.store(false, SeqCst);
    until("it goes on", || pool.stats().idle == 2);
    drop(pool);
    until("the pool is gone", || orders.alive.load(SeqCst) == 0);
}

/// The numbers of this process's threads with the name of the maintenance.
#[cfg(target_os = "linux")]
fn maintainers() -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let names = tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok());
    names.filter(|name| name.starts_with("pool maint")).count()
}

#[cfg(target_os = "linux")]
#[test]
fn its_thread_ends_with_the_pool_or_its_closing_and_there_is_one() {
    let run = |end: fn(Pool<Manager>) -> Option<Pool<Manager>>| {
        // An hour: it must be woken to end.
        let (pool, _) = pool(Settings::new(8).min_idle(1).maintain(Duration::from_secs(3600)));
        thread::scope(|scope| {
            (0..4).for_each(|_| drop(scope.spawn(|| drop(pool.get(after(5000)).unwrap()))));
        });
        until("it works", || pool.stats().idle >= 1 && maintainers() == 1);
        let _kept = end(pool);
        until("it ends", || maintainers() == 0);
    };
    run(|pool| {
        drop(pool);
        None
    });
    run(|pool| {
        pool.close();
        Some(pool)
    });
}
