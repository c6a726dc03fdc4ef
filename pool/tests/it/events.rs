//! The listener hears everything once, and cannot break anything.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use pool::{Error, Events, Pool, Reason, Settings};

use crate::item::{Item, Manager, Orders, Refused, after, until};

/// Writes down what it hears, and misbehaves on request.
#[derive(Default)]
struct Ear {
    heard: Mutex<Vec<String>>,
    opened: AtomicU64,
    checked_out: AtomicU64,
    returned: AtomicU64,
    closed: AtomicU64,
    panic: AtomicBool,
    slow: AtomicBool,
    /// To be asked from inside, which would hang if a lock were held.
    pool: OnceLock<Pool<Manager>>,
}

impl Ear {
    fn hear(&self, counter: Option<&AtomicU64>, what: String) {
        if let Some(counter) = counter {
            counter.fetch_add(1, SeqCst);
        }
        if let Some(pool) = self.pool.get() {
            assert!(pool.stats().open <= pool.max_size());
        }
        if self.slow.load(SeqCst) {
            thread::sleep(Duration::from_millis(300));
        }
        assert!(!self.panic.load(SeqCst), "told to panic in an event");
        self.heard.lock().unwrap().push(what);
    }

    fn heard(&self) -> Vec<String> {
        std::mem::take(&mut self.heard.lock().unwrap())
    }
}

struct Listener(Arc<Ear>);

impl Events<Manager> for Listener {
    fn opened(&self, item: &Item, _took: Duration) {
        self.0.hear(Some(&self.0.opened), format!("opened {}", item.number));
    }
    fn open_failed(&self, error: &Refused, _took: Duration) {
        self.0.hear(None, format!("open failed: {error}"));
    }
    fn checked_out(&self, item: &Item, waited: Duration) {
        let wait = if waited > Duration::ZERO { " after a wait" } else { "" };
        self.0.hear(Some(&self.0.checked_out), format!("checked out {}{wait}", item.number));
    }
    fn returned(&self, item: &Item, _held: Duration) {
        self.0.hear(Some(&self.0.returned), format!("returned {}", item.number));
    }
    fn closed(&self, reason: Reason) {
        self.0.hear(Some(&self.0.closed), format!("closed {reason:?}"));
    }
}

fn listened(settings: Settings) -> (Pool<Manager>, Arc<Orders>, Arc<Ear>) {
    let (orders, ear) = (Arc::new(Orders::default()), Arc::new(Ear::default()));
    let manager = Manager::with(&orders);
    let pool = Pool::with_events(manager, settings, Listener(Arc::clone(&ear))).unwrap();
    (pool, orders, ear)
}

#[test]
fn everything_is_told_once_and_in_order() {
    let (pool, orders, ear) = listened(Settings::new(1).max_age(Duration::from_millis(50)));
    drop(pool.get(None).unwrap());
    assert_eq!(ear.heard(), ["opened 1", "checked out 1", "returned 1"]);
    orders.stale.store(true, SeqCst);
    pool.get(None).unwrap().discard();
    assert_eq!(ear.heard(), ["closed Stale", "opened 2", "checked out 2", "closed Discarded"]);
    orders.stale.store(false, SeqCst);
    let mut guard = pool.get(None).unwrap();
    guard.clean = false;
    thread::scope(|scope| {
        let waiter = scope.spawn(|| pool.get(after(20_000)).unwrap());
        until("it waits", || pool.stats().waiting == 1);
        drop(guard);
        thread::sleep(Duration::from_millis(60));
        drop(waiter.join().unwrap());
    });
    assert_eq!(
        ear.heard(),
        [
            "opened 3",
            "checked out 3",
            "returned 3",
            "closed Dirty",
            "opened 4",
            "checked out 4 after a wait",
            "returned 4",
            "closed Age"
        ]
    );
    orders.refuse.store(true, SeqCst);
    assert_eq!(pool.get(None).unwrap_err(), Error::Open(Refused));
    orders.refuse.store(false, SeqCst);
    drop(pool.get(None).unwrap());
    // Dropping the pool closes what lies idle.
    drop(pool);
    assert_eq!(
        ear.heard(),
        ["open failed: refused", "opened 5", "checked out 5", "returned 5", "closed Shutdown"]
    );
}

#[test]
fn a_listener_that_panics_at_everything_costs_nothing() {
    let (pool, orders, ear) = listened(Settings::new(2).min_idle(1));
    ear.panic.store(true, SeqCst);
    for round in 0..20 {
        let guard = pool.get(None).unwrap();
        let other = pool.try_get(None).unwrap();
        assert!(pool.try_get(None).is_err());
        if round % 2 == 0 {
            guard.discard();
        } else {
            drop(guard);
        }
        drop(other);
        assert!(pool.warm_up(None).is_ok());
    }
    // Also while the thread unwinds.
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _guard = pool.get(None).unwrap();
        panic!("the user's");
    }));
    assert!(panicked.is_err());
    let stats = pool.stats();
    assert_eq!((stats.in_use, stats.open, stats.idle), (0, 2, 2));
    assert_eq!(pool.drain(after(5000)), Ok(()));
    assert_eq!(orders.alive.load(SeqCst), 0);
    assert!(ear.heard.lock().is_ok_and(|heard| heard.is_empty()));
}

#[test]
fn a_slow_listener_holds_up_nobody_else() {
    let (pool, _, ear) = listened(Settings::new(4));
    assert!(ear.pool.set(pool.clone()).is_ok());
    drop(pool.get(None).unwrap());
    ear.slow.store(true, SeqCst);
    thread::scope(|scope| {
        let slow = scope.spawn(|| drop(pool.get(None).unwrap()));
        until("it is in the listener", || ear.checked_out.load(SeqCst) == 2);
        ear.slow.store(false, SeqCst);
        // The slow one is still asleep in there: everything else goes on.
        for _ in 0..100 {
            drop(pool.get(after(5000)).unwrap());
        }
        assert!(!slow.is_finished(), "the machine was too slow to show anything");
    });
    assert_eq!(pool.stats().in_use, 0);
}

#[test]
fn the_figures_of_a_crowd_agree_with_the_statistics() {
    let (pool, _, ear) = listened(Settings::new(3).max_idle(Duration::from_millis(1)));
    assert!(ear.pool.set(pool.clone()).is_ok());
    thread::scope(|scope| {
        for thread in 0..8_usize {
            let pool = &pool;
            scope.spawn(move || {
                for round in 0..500 {
                    let guard = pool.get(after(60_000)).unwrap();
                    if (round + thread) % 11 == 0 {
                        guard.discard();
                    }
                }
            });
        }
    });
    let stats = pool.stats();
    let of = |counter: &AtomicU64| counter.load(SeqCst);
    assert_eq!((of(&ear.opened), of(&ear.closed)), (stats.created, stats.closed.total()));
    assert_eq!((of(&ear.checked_out), stats.checkouts()), (4000, 4000));
    assert_eq!(of(&ear.returned) + stats.closed.discarded, 4000);
}
