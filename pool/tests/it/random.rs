//! A hundred thousand operations in an order that nobody thought of: no slot is lost and the figures add up.

use std::sync::atomic::Ordering::SeqCst;
use std::thread;
use std::time::Duration;

use pool::{Error, Guard, Settings};

use crate::item::{Manager, Refused, after, pool};

/// Marsaglia's xorshift: the same seed makes the same run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// What a single thread knows of the pool, and must find there.
#[derive(Default)]
struct Model {
    out: Vec<Guard<Manager>>,
    served: u64,
    exhausted: u64,
    timeouts: u64,
    failed: u64,
}

#[test]
fn a_hundred_thousand_operations_of_one_thread_agree_with_a_model() {
    for seed in [1, 20_261_122] {
        let (pool, orders) = pool(Settings::new(7).min_idle(3));
        let (mut dice, mut model) = (Dice(seed), Model::default());
        for step in 0..50_000 {
            let full = model.out.len() == 7;
            match dice.throw(20) {
                0..=5 => match pool.try_get(None) {
                    Ok(guard) => {
                        model.out.push(guard);
                        model.served += 1;
                    }
                    Err(Error::Exhausted { max: 7 }) if full => model.exhausted += 1,
                    Err(Error::Open(Refused)) => model.failed += 1,
                    Err(error) => panic!("step {step}: {error}"),
                },
                6 if full => {
                    let late = pool.get(Some(std::time::Instant::now()));
                    assert!(matches!(late, Err(Error::Timeout { max: 7, .. })), "step {step}");
                    model.timeouts += 1;
                }
                7..=14 if !model.out.is_empty() => {
                    let guard = model.out.swap_remove(dice.throw(model.out.len() as u64) as usize);
                    drop(guard);
                }
                15 if !model.out.is_empty() => model.out.remove(0).discard(),
                16 => {
                    if let Some(guard) = model.out.last_mut() {
                        guard.clean = false;
                    }
                }
                17 => orders.stale.store(dice.throw(4) == 0, SeqCst),
                18 => orders.refuse.store(dice.throw(4) == 0, SeqCst),
                19 => match pool.warm_up(None) {
                    Ok(_) => assert!(pool.stats().idle >= 3.min(7 - model.out.len()), "step {step}"),
                    Err(_) => model.failed += 1,
                },
                _ => {}
            }
            let stats = pool.stats();
            assert_eq!(stats.in_use, model.out.len(), "seed {seed}, step {step}: {stats:?}");
            assert_eq!(stats.open, orders.alive.load(SeqCst), "seed {seed}, step {step}: {stats:?}");
        }
        let stats = pool.stats();
        assert_eq!((stats.checkouts(), stats.exhausted), (model.served, model.exhausted));
        assert_eq!((stats.timeouts, stats.failed), (model.timeouts, model.failed));
        assert_eq!(
            (stats.created, stats.closed.total()),
            (orders.opened.load(SeqCst) as u64, orders.dropped.load(SeqCst) as u64)
        );
        orders.refuse.store(false, SeqCst);
        model.out.clear();
        let all: Vec<_> = (0..7).map(|_| pool.try_get(None).expect("a slot was lost")).collect();
        assert!(pool.try_get(None).is_err(), "a slot too many");
        drop(all);
    }
}

#[test]
fn a_hundred_thousand_operations_of_eight_threads_lose_no_slot() {
    let settings = Settings::new(5).min_idle(2);
    let settings = settings.max_idle(Duration::from_millis(1)).max_age(Duration::from_millis(3));
    let (pool, orders) = pool(settings.maintain(Duration::from_millis(1)));
    thread::scope(|scope| {
        for seed in 1..=8 {
            let (pool, orders) = (&pool, &orders);
            scope.spawn(move || {
                let mut dice = Dice(seed);
                for _ in 0..12_500 {
                    let guard = match dice.throw(10) {
                        0 => pool.try_get(None),
                        1 => pool.get(after(dice.throw(2))),
                        2 => {
                            pool.reap();
                            continue;
                        }
                        3 if dice.throw(10) == 0 => {
                            orders.refuse.store(dice.throw(8) == 0, SeqCst);
                            continue;
                        }
                        3 => {
                            orders.stale.store(dice.throw(8) == 0, SeqCst);
                            continue;
                        }
                        _ => pool.get(after(60_000)),
                    };
                    match guard {
                        Ok(guard) if dice.throw(20) == 0 => guard.discard(),
                        Ok(mut guard) => {
                            guard.clean = dice.throw(20) > 0;
                            if dice.throw(50) == 0 {
                                thread::yield_now();
                            }
                        }
                        Err(Error::Exhausted { .. } | Error::Timeout { .. } | Error::Open(Refused)) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            });
        }
    });
    orders.refuse.store(false, SeqCst);
    assert!(orders.most_alive.load(SeqCst) <= 5);
    assert_eq!(pool.stats().waiting, 0);
    // The maintenance may hold one for a moment.
    let all: Vec<_> = (0..5).map(|_| pool.get(after(5000)).expect("a slot was lost")).collect();
    assert!(pool.try_get(None).is_err(), "a slot too many");
    drop(all);
    assert_eq!(pool.drain(after(5000)), Ok(()));
    let stats = pool.stats();
    assert_eq!((stats.open, orders.alive.load(SeqCst)), (0, 0));
    assert_eq!(stats.closed.total(), orders.dropped.load(SeqCst) as u64);
    println!("{stats:#?}");
}
