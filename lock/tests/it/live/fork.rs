//! A forked child owns nothing.

use lock::LockExt;

use crate::kit;

#[test]
fn a_guard_that_a_child_drops_stays_the_parents() {
    let client = &kit::Subject::newest().client;
    let guard = client.lock("lock:fork").acquire().unwrap();
    // SAFETY: the child drops a value and ends by `_exit`; no other thread of this test holds anything.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "cannot fork");
    if pid == 0 {
        drop(guard);
        // SAFETY: `_exit` has no preconditions.
        unsafe { libc::_exit(0) };
    }
    let mut status = 0;
    // SAFETY: `status` is a valid place to write to.
    assert_eq!(unsafe { libc::waitpid(pid, &raw mut status, 0) }, pid);
    assert_eq!(status, 0);
    assert!(guard.owned().unwrap());
    guard.release().unwrap();
}
