//! What a checkout and return cost: `cargo run --release --package pool --example checkout`.
//!
//! Each figure is the median of several rounds, because others may be using the machine. With a number it only makes so many checkouts,
//! for callgrind: the difference between two runs is free of everything else.

use std::convert::Infallible;
use std::hint::black_box;
use std::process;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use pool::{Manage, Pool, Settings};

struct Zeros;

impl Manage for Zeros {
    type Item = u64;
    type Error = Infallible;

    fn open(&self, _deadline: Option<Instant>) -> Result<u64, Infallible> {
        Ok(0)
    }

    fn check(&self, _item: &mut u64, _idle: Duration, _: Option<Instant>) -> bool {
        true
    }

    fn is_clean(&self, _item: &u64) -> bool {
        true
    }
}

fn main() {
    if let Some(count) = std::env::args().nth(1) {
        let pool = pool_of(64);
        let count: u32 = count.parse().expect("the argument is a number");
        return (0..count).for_each(|_| drop(black_box(pool.get(None))));
    }
    row("getpid", alone(process::id));
    row("Instant::now", alone(Instant::now));
    let pool = pool_of(64);
    row("checkout and return, 1 thread", alone(|| pool.get(None)));
    row("the same with try_get", alone(|| pool.try_get(None)));
    for (threads, size) in [(8, 64), (8, 8), (8, 4), (8, 1)] {
        row(&format!("{threads} threads on a pool of {size}, wall time"), together(threads, size));
    }
    for (threads, size) in [(64, 64), (64, 16), (8, 1)] {
        crowd(threads, size);
    }
}

/// Prints what waiting costs when each thread holds its item for as long as a round trip takes.
fn crowd(threads: u32, size: usize) {
    let pool = pool_of(size);
    let begin = Instant::now();
    let (calls, longest) = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(|| hold(&pool, begin + CROWD))).collect();
        threads.into_iter().fold((0, Duration::ZERO), |(calls, longest), thread| {
            let (mine, wait) = thread.join().expect("no thread panics");
            (calls + mine, longest.max(wait))
        })
    });
    let rate = f64::from(calls) / begin.elapsed().as_secs_f64();
    println!(
        "{threads} threads on a pool of {size}, held for {HOLD:?}: {rate:.0}/s, longest wait {longest:?}"
    );
}

/// Returns how many items this thread got until `end`, and the longest wait for one.
fn hold(pool: &Pool<Zeros>, end: Instant) -> (u32, Duration) {
    let (mut calls, mut longest) = (0, Duration::ZERO);
    loop {
        let begin = Instant::now();
        if begin > end {
            return (calls, longest);
        }
        let guard = pool.get(None);
        longest = longest.max(begin.elapsed());
        thread::sleep(HOLD);
        drop(black_box(guard));
        calls += 1;
    }
}

fn row(what: &str, nanos: f64) {
    println!("{what:<45} {nanos:>8.1} ns");
}

/// Returns nanoseconds for one call on one thread.
fn alone<R>(mut f: impl FnMut() -> R) -> f64 {
    median(|| {
        let begin = Instant::now();
        for _ in 0..CALLS {
            drop(black_box(f()));
        }
        begin.elapsed().as_nanos() as f64 / f64::from(CALLS)
    })
}

/// Returns nanoseconds of wall time for one checkout and return while all threads are at it.
fn together(threads: u32, size: usize) -> f64 {
    let pool = pool_of(size);
    let each = CALLS / threads;
    median(|| {
        let barrier = Barrier::new(threads as usize + 1);
        let begin = thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    barrier.wait();
                    for _ in 0..each {
                        drop(black_box(pool.get(None)));
                    }
                });
            }
            barrier.wait();
            Instant::now()
        });
        begin.elapsed().as_nanos() as f64 / f64::from(each * threads)
    })
}

fn median(mut f: impl FnMut() -> f64) -> f64 {
    let mut rounds: Vec<f64> = (0..ROUNDS).map(|_| f()).collect();
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}

fn pool_of(size: usize) -> Pool<Zeros> {
    Pool::new(Zeros, Settings::new(size)).expect("the size is one that works")
}

const CALLS: u32 = 200_000;
const ROUNDS: usize = 9;
const CROWD: Duration = Duration::from_secs(1);
const HOLD: Duration = Duration::from_micros(50);
