//! A process forks while its threads are at work: the only tests with `unsafe`.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use client::{Canceller, Client, Config};

use crate::kit::{self, Private};

const THREADS: usize = 8;
const FORKS: usize = 200;
const FORKS_WHEN_SLOW: usize = 5_000;

/// A child that has not ended by then hangs.
const CHILD_LIMIT: Duration = Duration::from_secs(20);

#[test]
fn children_work_while_the_parents_threads_hold_whatever_they_hold() {
    let server = Private::start(&kit::newest().binary, &[]);
    let config: Config = server.url().parse().unwrap();
    let client = Client::new(&config.max_connections(THREADS / 2)).unwrap();
    let (done, calls) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (client, done, calls) = (&client, &done, &calls);
            scope.spawn(move || {
                for round in 0.. {
                    if done.load(Ordering::Relaxed) {
                        break;
                    }
                    let mine = format!("parent:{thread}:{round}");
                    assert_eq!(client.echo::<String>(&mine).unwrap(), mine);
                    calls.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let forks = if kit::slow() { FORKS_WHEN_SLOW } else { FORKS };
        let bad = (0..forks).map(|_| forked(|| child(&client))).find(|ended| *ended != Some(0));
        done.store(true, Ordering::Relaxed);
        assert_eq!(bad, None, "Some(1) is a crossed reply, Some(100) a panic, Some(None) a child that hung");
    });
    assert!(calls.load(Ordering::Relaxed) > 0);

    // The children are gone with all their connections; the parent has those its pool counts.
    let open = client.pool_stats().open;
    assert!((1..=THREADS / 2).contains(&open), "{open}");
    let begin = Instant::now();
    while connected(&client) != open && begin.elapsed() < Duration::from_secs(5) {
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(connected(&client), open);
    assert_eq!(client.pool_stats().closed.total(), 0, "no child disturbed a connection of the parent");
}

#[test]
fn a_child_opens_connections_of_its_own() {
    let client = Client::open(&kit::newest().url()).unwrap();
    let parent = client.client_id().unwrap();
    let own = client.dedicated().unwrap();
    let ended = forked(|| {
        let id = client.client_id().unwrap_or(parent);
        let refused = own.ping().is_err();
        drop(own);
        i32::from(id == parent) + 2 * i32::from(!refused) + 4 * i32::from(client.pool_stats().created != 1)
    });
    assert_eq!(ended, Some(0), "1: the parent's connection was used, 2: its dedicated one, 4: a wrong count");
    assert_eq!(client.pool_stats().closed.total(), 0);
}

#[test]
fn a_child_does_not_call_off_what_its_parent_waits_for() {
    let client = Client::open(&kit::newest().url()).unwrap();
    let canceller = Canceller::new();
    let view = client.cancelled_by(&canceller);
    let pause = Duration::from_millis(100);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| view.blpop::<String, String>("fork:nobody", 4 * pause));
        thread::sleep(pause);
        let ended = forked(|| {
            canceller.cancel();
            let error = view.ping().unwrap_err().to_string();
            i32::from(!error.contains("has a canceller that belongs to the parent of this process"))
        });
        assert_eq!(ended, Some(0));
        assert_eq!(waiting.join().unwrap().unwrap(), None, "it waited until its own timeout");
    });
}

/// What a child does: commands of its own, one reply each.
fn child(client: &Client) -> i32 {
    let crossed = (0..5).any(|round| {
        let mine = format!("child:{}:{round}", std::process::id());
        client.echo::<String>(&mine).ok() != Some(mine)
    });
    i32::from(crossed)
}

/// The number of clients that the server has.
pub(super) fn connected(client: &Client) -> usize {
    let info: String = client.run(client::Request::new("INFO").arg("clients")).unwrap();
    let line = info.lines().find_map(|line| line.strip_prefix("connected_clients:"));
    line.and_then(|count| count.parse().ok()).unwrap()
}

/// Runs `child` in a forked process; its exit code, or `None` if it hung or was killed.
pub(super) fn forked(child: impl FnOnce() -> i32) -> Option<i32> {
    // SAFETY: the child uses only what survives a fork of a program with threads (glibc keeps malloc usable) and
    // ends by `_exit`, so that no destructor and no handler of the parent's runs in it.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "cannot fork");
    if pid == 0 {
        let code = std::panic::catch_unwind(std::panic::AssertUnwindSafe(child)).unwrap_or(100);
        // SAFETY: `_exit` has no preconditions.
        unsafe { libc::_exit(code) };
    }
    let begin = Instant::now();
    let mut status = 0;
    // SAFETY: `status` is a valid place to write to.
    while unsafe { libc::waitpid(pid, &raw mut status, libc::WNOHANG) } == 0 {
        if begin.elapsed() > CHILD_LIMIT {
            // SAFETY: `pid` is our child and was not waited for yet.
            unsafe { libc::kill(pid, libc::SIGKILL) };
            // SAFETY: as above.
            unsafe { libc::waitpid(pid, &raw mut status, 0) };
            return None;
        }
        thread::sleep(Duration::from_millis(1));
    }
    libc::WIFEXITED(status).then(|| libc::WEXITSTATUS(status))
}
