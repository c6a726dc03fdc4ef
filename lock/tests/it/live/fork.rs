//! F22: a forked child owns nothing, and finds what it needs.

use lock::{LockExt, Locks, LostReason, Renew};

use crate::kit;

/// Runs `child` in a forked child, which must return true.
fn forked(child: impl FnOnce() -> bool) {
    // SAFETY: the child runs what a child may run, and ends by `_exit`; other threads of this process hold nothing that
    // it needs but what is tested here.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "cannot fork");
    if pid == 0 {
        let is_well = std::panic::catch_unwind(std::panic::AssertUnwindSafe(child)).unwrap_or(false);
        // SAFETY: `_exit` has no preconditions.
        unsafe { libc::_exit(if is_well { 0 } else { 1 }) };
    }
    let mut status = 0;
    // SAFETY: `status` is a valid place to write to.
    assert_eq!(unsafe { libc::waitpid(pid, &raw mut status, 0) }, pid);
    assert_eq!(status, 0, "the child failed");
}

#[test]
fn f22_a_guard_that_a_child_drops_stays_the_parents() {
    let client = &kit::Subject::newest().client;
    let name = format!("f22:{}", std::process::id());
    // The keeper's thread runs: it may hold its locks at the fork.
    let guard =
        client.lock(&name).auto_renew(Renew::Every(std::time::Duration::from_millis(1))).acquire().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(20));
    let child_guard = std::mem::ManuallyDrop::new(guard);
    forked(|| {
        let is_lost = child_guard.check().is_err_and(|lost| lost.reason == LostReason::Forked);
        let cannot =
            child_guard.extend(std::time::Duration::from_secs(1)).is_err() && !child_guard.is_valid();
        drop(std::mem::ManuallyDrop::into_inner(child_guard));
        is_lost && cannot
    });
}

#[test]
fn f22_what_a_child_drops_the_parent_goes_on_holding() {
    let client = &kit::Subject::newest().client;
    let name = format!("f22:drop:{}", std::process::id());
    let mut guard = Some(client.lock(&name).acquire().unwrap());
    forked(|| {
        drop(guard.take());
        true
    });
    let guard = guard.unwrap();
    assert!(guard.owned().unwrap());
    guard.release().unwrap();
}

#[test]
fn f22_a_child_has_locks_connections_and_tokens_of_its_own() {
    let on = kit::Subject::newest();
    let client = &on.client;
    let (name, other) = (on.key("lock"), on.key("other"));
    let locks = Locks::new(client).unwrap();
    let guard =
        locks.lock(&name).auto_renew(Renew::Every(std::time::Duration::from_millis(1))).acquire().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(20));
    for _ in 0..20 {
        forked(|| {
            let held = locks.lock(&other).auto_renew(Renew::On).acquire().unwrap();
            let own = client.lock(on.key("third")).acquire().unwrap();
            let is_apart =
                locks.held().len() == 1 && held.token() != guard.token() && own.token() != held.token();
            let is_excluded = locks.lock(&name).try_acquire().unwrap().is_none();
            held.release().unwrap();
            own.release().unwrap();
            is_apart && is_excluded
        });
    }
    assert!(guard.is_valid() && guard.owned().unwrap());
    assert_eq!(locks.held().len(), 1);
    guard.release().unwrap();
}
