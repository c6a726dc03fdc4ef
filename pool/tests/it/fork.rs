//! Forks: a child works, and works on nothing of its parent's. The only unsafe code of this crate.
//!
//! A child only has the thread that forked. It must not print or panic (both take locks of the standard library that another thread may
//! have held), so it answers with an exit code and ends without running any destructor of the test harness.

#![cfg(unix)]

use std::panic::{self, AssertUnwindSafe};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use pool::{Error, Guard, Pool, Settings};

use crate::item::{Manager, after, pool};

/// What a child that is content exits with.
const FINE: i32 = 0;

/// Runs `f` in a forked child; fails if the child does not exit with [`FINE`], or hangs.
fn check(what: &str, f: impl FnOnce() -> i32) {
    match wait(fork(f)) {
        Some(FINE) => {}
        Some(code) => panic!("{what}: the child failed at step {code}"),
        None => panic!("{what}: the child hung or was killed"),
    }
}

/// Forks, runs `f` in the child and ends it with the code that `f` returns; returns the child's id.
fn fork(f: impl FnOnce() -> i32) -> libc::pid_t {
    // SAFETY: the child only runs `f` and exits. It allocates, which glibc and musl allow after a fork, and it takes no lock that
    // another thread of the parent may hold: that is what is being tested.
    let child = unsafe { libc::fork() };
    assert!(child >= 0, "fork failed");
    if child == 0 {
        let code = f();
        // SAFETY: ends this process without running exit handlers or destructors.
        unsafe { libc::_exit(code) };
    }
    child
}

/// Returns the exit code of the child; kills it and returns `None` if it takes longer than ten seconds.
fn wait(child: libc::pid_t) -> Option<i32> {
    let end = Instant::now() + Duration::from_secs(10);
    let mut status = 0;
    loop {
        // SAFETY: `status` is a valid place for an int, and `child` is a child of ours that nobody else waits for.
        let done = unsafe { libc::waitpid(child, &raw mut status, libc::WNOHANG) };
        if done == child {
            return libc::WIFEXITED(status).then(|| libc::WEXITSTATUS(status));
        }
        if done < 0 {
            return None;
        }
        if Instant::now() > end {
            // SAFETY: it has not been waited for, so the id is still our child's.
            unsafe {
                libc::kill(child, libc::SIGKILL);
                libc::waitpid(child, &raw mut status, 0);
            }
            return None;
        }
        thread::sleep(Duration::from_micros(200));
    }
}

/// Uses a pool of `size` in a child as a program would; returns [`FINE`] or the step that failed.
fn work(pool: &Pool<Manager>, size: usize) -> i32 {
    let stats = pool.stats();
    if (stats.open, stats.created, stats.reused, stats.waiting) != (0, 0, 0, 0) {
        return 1;
    }
    let mut guards = Vec::new();
    for _ in 0..size {
        match pool.get(after(5000)) {
            Ok(guard) if guard.opener == process::id() && !guard.is_inherited() => guards.push(guard),
            Ok(_) => return 2,
            Err(_) => return 3,
        }
    }
    if !matches!(pool.try_get(None), Err(Error::Exhausted { .. })) {
        return 4;
    }
    if !matches!(pool.get(after(1)), Err(Error::Timeout { .. })) {
        return 5;
    }
    drop(guards);
    for _ in 0..20 {
        match pool.get(after(5000)) {
            Ok(guard) if guard.opener == process::id() => drop(guard),
            _ => return 6,
        }
    }
    let stats = pool.stats();
    if (stats.created, stats.reused, stats.idle) == (size as u64, 20, size) { FINE } else { 7 }
}

/// Runs `f` while 8 threads hammer the pool.
fn hammered(pool: &Pool<Manager>, f: impl FnOnce()) {
    let stop = AtomicBool::new(false);
    /// Also when `f` panics, or the scope would wait for ever.
    struct Stop<'a>(&'a AtomicBool);
    impl Drop for Stop<'_> {
        fn drop(&mut self) {
            self.0.store(true, SeqCst);
        }
    }
    thread::scope(|scope| {
        let _stop = Stop(&stop);
        for _ in 0..8 {
            scope.spawn(|| {
                let mut round = 0_u64;
                while !stop.load(SeqCst) {
                    round += 1;
                    match pool.get(after(round % 2)) {
                        Ok(guard) if round % 16 == 0 => guard.discard(),
                        Ok(guard) => assert_eq!(guard.opener, process::id()),
                        Err(_) => {}
                    }
                }
            });
        }
        f();
    });
}

#[test]
fn two_hundred_children_of_a_busy_parent() {
    let (pool, _) = pool(Settings::new(3));
    hammered(&pool, || {
        for n in 0..200 {
            check(&format!("child {n}"), || work(&pool, 3));
        }
    });
    assert_eq!(pool.stats().in_use, 0);
}

#[test]
fn a_child_never_sees_what_its_parent_left_idle() {
    let (pool, _) = pool(Settings::new(2));
    drop([pool.get(None).unwrap(), pool.get(None).unwrap()]);
    check("child", || work(&pool, 2));
    // And the parent has both of them still.
    assert_eq!((pool.stats().idle, pool.get(None).unwrap().opener), (2, process::id()));
}

/// A guard that was held for so long is sure to go to `forget`.
const NOT_BRIEF: Duration = Duration::from_millis(20);

#[test]
fn a_guard_that_is_dropped_in_a_child_goes_nowhere() {
    fn end_by_drop(guard: Guard<Manager>) {
        drop(guard);
    }
    for end in [end_by_drop as fn(Guard<Manager>), Guard::discard] {
        let (pool, orders) = pool(Settings::new(2));
        let mut guard = Some(pool.get(None).unwrap());
        thread::sleep(NOT_BRIEF);
        check("child", || {
            let Some(guard) = guard.take() else { return 11 };
            if !guard.is_inherited() {
                return 12;
            }
            end(guard);
            if (orders.forgotten.load(SeqCst), orders.dropped.load(SeqCst)) != (1, 0) {
                return 13;
            }
            work(&pool, 2)
        });
        // Our copy is none the worse.
        assert_eq!((guard.take().map(|guard| guard.number), orders.forgotten.load(SeqCst)), (Some(1), 0));
        assert_eq!((pool.stats().idle, pool.stats().in_use), (1, 0));
    }
}

#[test]
fn a_guard_that_comes_back_dirty_or_too_old_is_not_closed_by_a_child() {
    for (clean, age) in [(false, None), (true, Some(Duration::from_millis(1)))] {
        let (pool, orders) = pool(Settings::new(2).max_age(age));
        let mut guard = pool.get(None).unwrap();
        guard.clean = clean;
        let mut guard = Some(guard);
        check("child", || {
            guard.take();
            let untouched = orders.dropped.load(SeqCst) == 0;
            let own = pool.get(after(5000)).is_ok_and(|guard| guard.opener == process::id());
            if untouched && own { FINE } else { 61 }
        });
    }
}

#[test]
fn a_hook_that_panics_in_a_child_closes_nothing_of_the_parents() {
    let (pool, orders) = pool(Settings::new(2));
    let mut guard = Some(pool.get(None).unwrap());
    check("child", || {
        // Not to print, which takes a lock.
        panic::set_hook(Box::new(|_| {}));
        orders.panic_in_is_clean.store(true, SeqCst);
        let guard = guard.take();
        let panicked = panic::catch_unwind(AssertUnwindSafe(|| drop(guard))).is_err();
        orders.panic_in_is_clean.store(false, SeqCst);
        let untouched = orders.forgotten.load(SeqCst) == 1 && orders.dropped.load(SeqCst) == 0;
        if panicked && untouched { work(&pool, 2) } else { 71 }
    });
}

/// The quick way back of `give_back.rs`: every child gives back guards that were checked out a moment before the fork, while the
/// parent's threads are anywhere in the pool: at the lock, in line, on their way out of it.
#[test]
fn two_thousand_children_give_back_what_their_parent_had_just_checked_out() {
    let (mut pushed, mut forgotten) = (0, 0);
    // With 3 slots the 8 threads are mostly in line, with 12 they never are.
    for size in [3, 12] {
        let (pool, orders) = pool(Settings::new(size).max_idle(Duration::from_millis(5)));
        hammered(&pool, || {
            for n in 0..1000 {
                let mut guards: Vec<_> = (0..=n % 2).map(|_| pool.get(after(20_000)).unwrap()).collect();
                let child = fork(|| {
                    let before = (orders.forgotten.load(SeqCst), orders.dropped.load(SeqCst));
                    guards.clear();
                    let forgotten = orders.forgotten.load(SeqCst) - before.0;
                    if orders.dropped.load(SeqCst) != before.1 {
                        return 81;
                    }
                    let own = pool.get(after(5000)).is_ok_and(|guard| guard.opener == process::id());
                    if !own || pool.stats().created != 1 {
                        return 82;
                    }
                    100 + i32::try_from(forgotten).unwrap_or(-1)
                });
                let Some(code) = wait(child) else { panic!("child {n} hung or was killed") };
                assert!((100..=102).contains(&code), "child {n} failed at step {code}");
                forgotten += code - 100;
                pushed += i32::try_from(guards.len()).unwrap() - (code - 100);
            }
        });
        assert_eq!((pool.stats().in_use, pool.stats().waiting), (0, 0));
    }
    println!("given back in 2,000 children: {pushed} by the quick way, {forgotten} to forget()");
    assert!(pushed > 0 && forgotten > 0, "both ways must have been gone: {pushed} and {forgotten}");
}

/// What a child pushes onto its copy of the parent's slots is never handed out, by it or by its children.
#[test]
fn what_a_child_gave_back_is_out_of_its_reach() {
    let (pool, _) = pool(Settings::new(2));
    for _ in 0..200 {
        let mut guards = vec![pool.get(None).unwrap(), pool.get(None).unwrap()];
        check("child", || {
            guards.clear();
            match wait(fork(|| work(&pool, 2))) {
                Some(FINE) => work(&pool, 2),
                _ => 91,
            }
        });
    }
}

#[test]
fn a_child_closes_its_own_pool_and_finds_a_closed_one_closed() {
    let (pool, orders) = pool(Settings::new(2));
    drop(pool.get(None).unwrap());
    hammered(&pool, || {
        for _ in 0..100 {
            check("closes", || {
                let guard = pool.get(after(5000));
                pool.close();
                let late = pool.drain(after(1)).is_err();
                drop(guard);
                let drained = pool.drain(after(5000)).is_ok();
                let refused = matches!(pool.get(None), Err(Error::Closed));
                if late && drained && refused { FINE } else { 93 }
            });
        }
    });
    assert!(pool.get(after(5000)).is_ok(), "the parent's is open");
    assert!(!pool.is_closed());
    let dropped = orders.dropped.load(SeqCst);
    let guard = pool.get(after(5000)).unwrap();
    pool.close();
    check("finds it closed", || {
        let refused = matches!(pool.get(None), Err(Error::Closed));
        let drained = pool.drain(after(1)).is_ok();
        if refused && drained { FINE } else { 94 }
    });
    drop(guard);
    assert!(orders.dropped.load(SeqCst) > dropped);
}

#[test]
fn a_child_has_a_maintenance_of_its_own() {
    let settings = Settings::new(3).min_idle(2).maintain(Duration::from_millis(2));
    let (pool, _) = pool(settings);
    for n in 0..50 {
        drop(pool.get(None).unwrap());
        check(&format!("child {n}"), || {
            drop(pool.get(None));
            let end = Instant::now() + Duration::from_secs(5);
            while pool.stats().idle < 2 {
                if Instant::now() > end {
                    return 95;
                }
                thread::sleep(Duration::from_micros(100));
            }
            FINE
        });
    }
}

#[test]
fn a_grandchild_starts_anew_as_well() {
    let (pool, _) = pool(Settings::new(2));
    drop(pool.get(None).unwrap());
    hammered(&pool, || {
        for used_before in [true, false] {
            check("child", || {
                if used_before && work(&pool, 2) != FINE {
                    return 21;
                }
                match wait(fork(|| work(&pool, 2))) {
                    Some(FINE) if used_before => FINE,
                    Some(FINE) => work(&pool, 2),
                    Some(code) => 30 + code,
                    None => 22,
                }
            });
        }
    });
}

#[test]
fn threads_of_a_child_share_its_state() {
    let (pool, _) = pool(Settings::new(2));
    drop(pool.get(None).unwrap());
    check("child", || {
        let pool = &pool;
        let ends: Vec<bool> = thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(move || {
                        (0..200)
                            .all(|_| pool.get(after(5000)).is_ok_and(|guard| guard.opener == process::id()))
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap_or(false)).collect()
        });
        let stats = pool.stats();
        let all = ends == [true; 4] && stats.created <= 2 && stats.created + stats.reused == 800;
        if all { FINE } else { 41 }
    });
}

#[test]
fn a_child_that_drops_the_whole_pool_does_not_hang() {
    for n in 0..50 {
        let (pool, orders) = pool(Settings::new(1));
        let guard = pool.get(None).unwrap();
        thread::sleep(NOT_BRIEF);
        let pool = Box::into_raw(Box::new(pool));
        let guard = Box::into_raw(Box::new(guard));
        // SAFETY: nobody but a child, which has no other threads, frees it before the end of the loop.
        let shared = unsafe { &*pool };
        // The only guard is ours, so the threads below never own a part of the pool: they only wait, time out and hold its lock.
        hammered(shared, || {
            check(&format!("child {n}"), || {
                // SAFETY: this process has one thread, and it uses neither of them after this.
                unsafe {
                    drop(Box::from_raw(guard));
                    drop(Box::from_raw(pool));
                }
                if (orders.forgotten.load(SeqCst), orders.dropped.load(SeqCst)) == (1, 0) { FINE } else { 51 }
            });
        });
        // SAFETY: the threads are joined and the child had its own copy.
        unsafe {
            drop(Box::from_raw(guard));
            drop(Box::from_raw(pool));
        }
        assert_eq!(orders.dropped.load(SeqCst), 1);
    }
}
