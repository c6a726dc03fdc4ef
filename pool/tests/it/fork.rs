//! Forks: a child works, and works on nothing of its parent's. The only unsafe code of this crate.
//!
//! A child only has the thread that forked. It must not print or panic (both take locks of the standard library that another thread may
//! have held), so it answers with an exit code and ends without running any destructor of the test harness.

#![cfg(unix)]

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

#[test]
fn a_guard_that_is_dropped_in_a_child_goes_nowhere() {
    fn end_by_drop(guard: Guard<Manager>) {
        drop(guard);
    }
    for end in [end_by_drop as fn(Guard<Manager>), Guard::discard] {
        let (pool, orders) = pool(Settings::new(2));
        let mut guard = Some(pool.get(None).unwrap());
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
