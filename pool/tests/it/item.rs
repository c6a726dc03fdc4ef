//! Items that know who opened them, and a manager that misbehaves on request.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use pool::{Manage, Pool, Settings};

/// One item; dropping it is counted.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) opener: u32,
    /// 1 for the first item of the pool.
    pub(crate) number: usize,
    pub(crate) clean: bool,
    orders: Arc<Orders>,
}

impl Drop for Item {
    fn drop(&mut self) {
        self.orders.alive.fetch_sub(1, SeqCst);
        self.orders.dropped.fetch_add(1, SeqCst);
    }
}

/// What the manager shall do, and what it has done.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    pub(crate) refuse: AtomicBool,
    pub(crate) panic_in_open: AtomicBool,
    pub(crate) panic_in_check: AtomicBool,
    pub(crate) panic_in_is_clean: AtomicBool,
    pub(crate) stale: AtomicBool,
    pub(crate) opened: AtomicUsize,
    pub(crate) alive: AtomicUsize,
    pub(crate) most_alive: AtomicUsize,
    pub(crate) dropped: AtomicUsize,
    pub(crate) forgotten: AtomicUsize,
}

/// Opens [`Item`]s as it is told.
#[derive(Debug, Default)]
pub(crate) struct Manager(Arc<Orders>);

impl Manager {
    pub(crate) fn with(orders: &Arc<Orders>) -> Self {
        Self(Arc::clone(orders))
    }
}

#[derive(Debug, PartialEq, thiserror::Error)]
#[error("refused")]
pub(crate) struct Refused;

impl Manage for Manager {
    type Item = Item;
    type Error = Refused;

    fn open(&self, _deadline: Option<Instant>) -> Result<Item, Refused> {
        let orders = &self.0;
        assert!(!orders.panic_in_open.load(SeqCst), "told to panic in open");
        if orders.refuse.load(SeqCst) {
            return Err(Refused);
        }
        let alive = orders.alive.fetch_add(1, SeqCst) + 1;
        orders.most_alive.fetch_max(alive, SeqCst);
        let number = orders.opened.fetch_add(1, SeqCst) + 1;
        Ok(Item { opener: process::id(), number, clean: true, orders: Arc::clone(orders) })
    }

    fn check(&self, _item: &mut Item, _idle: Duration, _: Option<Instant>) -> bool {
        assert!(!self.0.panic_in_check.load(SeqCst), "told to panic in check");
        !self.0.stale.load(SeqCst)
    }

    fn is_clean(&self, item: &Item) -> bool {
        assert!(!self.0.panic_in_is_clean.load(SeqCst), "told to panic in is_clean");
        item.clean
    }

    fn forget(&self, item: Item) {
        self.0.forgotten.fetch_add(1, SeqCst);
        std::mem::forget(item);
    }
}

/// Makes a pool and the orders of its manager.
pub(crate) fn pool(settings: Settings) -> (Pool<Manager>, Arc<Orders>) {
    let orders = Arc::new(Orders::default());
    let pool = Pool::new(Manager::with(&orders), settings).expect("the size is one that works");
    (pool, orders)
}

/// Returns the moment so many milliseconds from now.
pub(crate) fn after(millis: u64) -> Option<Instant> {
    Some(Instant::now() + Duration::from_millis(millis))
}

/// Waits until it is true, and fails the test after ten seconds.
pub(crate) fn until(what: &str, mut f: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(10);
    while !f() {
        assert!(Instant::now() < end, "waited ten seconds for: {what}");
        std::thread::sleep(Duration::from_micros(100));
    }
}
