//! One thread: laziness, the two faces, ages.

use std::sync::atomic::Ordering::SeqCst;
use std::thread;
use std::time::{Duration, Instant};

use pool::{Error, Guard, InvalidSettings, Pool, Settings};

use crate::item::{Manager, after, pool, until};

#[test]
fn the_types_go_where_threads_go() {
    fn check<T: Send + Sync + 'static>() {}
    check::<Pool<Manager>>();
    check::<Guard<Manager>>();
}

#[test]
fn nothing_is_opened_until_needed_and_one_thread_uses_one() {
    let (pool, orders) = pool(Settings::default());
    assert_eq!(orders.opened.load(SeqCst), 0);
    for _ in 0..100 {
        assert_eq!(pool.get(None).unwrap().number, 1);
    }
    let stats = pool.stats();
    assert_eq!((stats.created, stats.reused, stats.open, stats.idle, stats.in_use), (1, 99, 1, 1, 0));
}

#[test]
fn the_item_that_came_back_last_is_used_first() {
    let (pool, _) = pool(Settings::new(3));
    let guards: Vec<_> = (0..3).map(|_| pool.get(None).unwrap()).collect();
    drop(guards);
    assert_eq!(pool.get(None).unwrap().number, 3);
}

#[test]
fn a_fresh_item_is_lent_without_a_check_and_a_look_at_the_clock() {
    let (pool, orders) = pool(Settings::new(1).fresh(Duration::from_secs(60)));
    drop(pool.get(None).unwrap());
    orders.panic_in_check.store(true, SeqCst);
    let now = Instant::now();
    let lent = pool.lend(now, None).unwrap();
    assert_eq!((lent.number, lent.taken()), (1, now));
    assert_eq!(pool.try_lend(now, None).map(drop).unwrap_err(), Error::Exhausted { max: 1 });
    drop(lent);
    let stats = pool.stats();
    assert_eq!((stats.created, stats.reused, stats.idle, stats.in_use), (1, 1, 1, 0));
    pool.try_lend(now, None).unwrap().discard();
    assert_eq!((pool.stats().open, pool.stats().closed.discarded), (0, 1));
}

#[test]
fn what_is_not_fresh_is_checked_and_the_clock_is_read_after_it() {
    let (pool, orders) = pool(Settings::new(1).fresh(Duration::from_millis(1)));
    drop(pool.get(None).unwrap());
    thread::sleep(Duration::from_millis(2));
    let now = Instant::now();
    assert!(pool.lend(now, None).unwrap().taken() > now);
    thread::sleep(Duration::from_millis(2));
    orders.stale.store(true, SeqCst);
    let now = Instant::now();
    let lent = pool.lend(now, None).unwrap();
    assert_eq!(lent.number, 2);
    assert!(lent.taken() > now);
}

#[test]
fn who_waits_for_a_fresh_item_has_read_the_clock_after_the_wait() {
    let (pool, _) = pool(Settings::new(1).fresh(Duration::from_secs(60)));
    let guard = pool.get(None).unwrap();
    let waiting = thread::spawn({
        let pool = pool.clone();
        move || {
            let now = Instant::now();
            pool.lend(now, after(10_000)).unwrap().taken() - now
        }
    });
    until("somebody waits", || pool.stats().waiting == 1);
    thread::sleep(Duration::from_millis(20));
    drop(guard);
    assert!(waiting.join().unwrap() >= Duration::from_millis(20));
}

#[test]
fn a_full_pool_fails_at_once() {
    let (pool, _) = pool(Settings::new(2));
    let guards = [pool.try_get(None).unwrap(), pool.try_get(None).unwrap()];
    let begin = Instant::now();
    assert_eq!(pool.try_get(after(5000)).unwrap_err(), Error::Exhausted { max: 2 });
    assert!(begin.elapsed() < Duration::from_secs(1));
    assert_eq!((pool.stats().in_use, pool.stats().exhausted), (2, 1));
    drop(guards);
    assert!(pool.try_get(None).is_ok());
}

#[test]
fn a_wait_ends_at_its_deadline() {
    let (pool, _) = pool(Settings::new(1));
    let guard = pool.get(None).unwrap();
    for millis in [0, 1, 30, 120] {
        let deadline = after(millis).unwrap();
        let error = pool.get(Some(deadline)).unwrap_err();
        let late = Instant::now().checked_duration_since(deadline).expect("it must not end early");
        assert!(late < Duration::from_millis(150), "{late:?} late for {millis} ms");
        assert!(
            matches!(error, Error::Timeout { max: 1, waited } if waited <= late + Duration::from_millis(millis))
        );
    }
    assert_eq!((pool.stats().timeouts, pool.stats().waiting), (4, 0));
    drop(guard);
    // A passed deadline still gets what is at hand.
    assert!(pool.get(Some(Instant::now())).is_ok());
}

#[test]
fn one_that_was_idle_for_too_long_is_replaced() {
    let (pool, orders) = pool(Settings::new(4).max_idle(Duration::from_millis(20)));
    drop([pool.get(None).unwrap(), pool.get(None).unwrap()]);
    assert_eq!(pool.get(None).unwrap().number, 2);
    thread::sleep(Duration::from_millis(40));
    // Both have expired, so both are closed on the way to a new one.
    assert_eq!(pool.get(None).unwrap().number, 3);
    assert_eq!((pool.stats().closed.idle, orders.dropped.load(SeqCst), pool.stats().open), (2, 2, 1));
}

#[test]
fn one_that_is_too_old_is_replaced_however_busy_it_was() {
    let (pool, _) = pool(Settings::new(4).max_age(Duration::from_millis(30)));
    let begin = Instant::now();
    while pool.get(None).unwrap().number == 1 {
        assert!(begin.elapsed() < Duration::from_secs(10));
    }
    // Its own limit lies up to a tenth below.
    assert!(begin.elapsed() >= Duration::from_millis(27));
    assert_eq!(pool.stats().closed.age, pool.stats().created - 1);
}

#[test]
fn a_pool_of_none_and_a_pool_of_too_many_are_refused() {
    for size in [0, Settings::LARGEST_MAX_SIZE + 1] {
        let refused = Pool::new(Manager::default(), Settings::new(size)).unwrap_err();
        assert_eq!(refused, InvalidSettings::MaxSize { given: size });
    }
}

#[test]
fn dropping_the_pool_drops_the_idle_and_a_guard_outlives_it() {
    let (pool, orders) = pool(Settings::new(4));
    let guard = pool.get(None).unwrap();
    drop(pool.get(None).unwrap());
    drop(pool);
    assert_eq!(orders.dropped.load(SeqCst), 0);
    assert_eq!(guard.number, 1);
    drop(guard);
    assert_eq!(orders.dropped.load(SeqCst), 2);
}
