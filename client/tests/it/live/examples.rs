//! The programs in `client/examples` that one would port first do what they say.

use std::time::Duration;

use crate::kit;

#[allow(dead_code, reason = "its main is not called")]
#[path = "../../../examples/rate_limiter.rs"]
mod rate_limiter;

#[test]
fn rate_limiter() {
    kit::each(|on| {
        let (passed, took) = rate_limiter::run(&on.client, &on.key("limit")).unwrap();
        // On a machine that takes half a second for forty requests, a second window may have begun.
        assert!(passed == 5 || (passed <= 10 && took > Duration::from_secs(1)), "{passed} in {took:?}");
        assert!(took >= Duration::from_millis(490), "{took:?}");
    });
}

#[cfg(feature = "serde")]
#[allow(dead_code, reason = "its main is not called")]
#[path = "../../../examples/job_queue.rs"]
mod job_queue;

#[cfg(feature = "serde")]
#[test]
fn job_queue() {
    kit::each(|on| {
        let stream = on.key("jobs");
        let mut sent = job_queue::run(&on.client, &stream).unwrap();
        sent.sort_unstable();
        // What a machine that is busy was slow at may have been done twice.
        sent.dedup();
        assert_eq!(sent, (0..20).collect::<Vec<_>>());
        assert_eq!(on.client.xpending(&stream, "mailers").unwrap().count, 0);
    });
}
