//! F17 to F19, F23, F36: the keeper does its work, whatever else goes on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use client::Client;
use lock::{Event, LockError, LockExt, Locks, LostReason, Renew};

use crate::child::Other;
use crate::kit;

const LEASE: Duration = Duration::from_millis(600);

#[test]
fn a_lock_is_renewed_for_as_long_as_it_is_held() {
    kit::each(|on| {
        let lock = on.client.lock(on.key("lock")).timeout(LEASE).auto_renew(Renew::On);
        let guard = lock.acquire().unwrap();
        let begin = Instant::now();
        while begin.elapsed() < 3 * LEASE {
            assert!(guard.is_valid() && guard.owned().unwrap());
            thread::sleep(Duration::from_millis(20));
        }
        guard.release().unwrap();
        assert!(!lock.locked().unwrap());
    });
}

#[test]
fn a_renewal_never_shortens_what_the_holder_has_asked_for() {
    let on = kit::Subject::newest();
    let lock = on.client.lock(on.key("lock")).timeout(LEASE).auto_renew(Renew::Every(LEASE / 10));
    let guard = lock.acquire().unwrap();
    guard.extend_to(Duration::from_secs(20)).unwrap();
    thread::sleep(LEASE);
    assert!(guard.remaining() > Duration::from_secs(18));
    assert!(lock.owner().unwrap().unwrap().ttl.unwrap() > Duration::from_secs(18));
    guard.extend_to(LEASE).unwrap();
    assert!(guard.remaining() <= LEASE);
}

#[test]
fn who_sets_a_timeout_means_it() {
    let on = kit::Subject::newest();
    let guard = on.client.lock(on.key("lock")).timeout(LEASE).acquire().unwrap();
    assert_eq!(guard.lost().wait_for(2 * LEASE), None, "nobody wants to be called: the clock alone tells");
    assert!(!guard.is_valid());
    assert_eq!(guard.check().unwrap_err().reason, LostReason::LeaseEnded);
}

#[test]
fn f17_renewals_come_in_time_on_a_busy_machine() {
    let threads = 4 * thread::available_parallelism().map_or(1, usize::from);
    let minutes = if kit::slow() { 10 } else { 0 };
    let time = Duration::from_secs(5 + 60 * minutes);
    let on = kit::Subject::newest();
    let lock = on.client.lock(on.key("lock")).timeout(Duration::from_secs(1)).auto_renew(Renew::On);
    let guard = lock.acquire().unwrap();
    let end = Instant::now() + time;
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| while Instant::now() < end {});
        }
        // Either it is never lost, or its holder knows before the server lets go.
        while Instant::now() < end {
            let was_valid = guard.is_valid();
            if !guard.owned().unwrap() {
                assert!(!guard.is_valid(), "lost, and the holder does not know");
                assert!(!was_valid || !guard.is_valid());
                break;
            }
            thread::sleep(Duration::from_millis(20));
        }
    });
}

#[test]
fn f18_waiters_and_a_small_pool_do_not_starve_the_holder() {
    for server in kit::servers() {
        let client = Client::open(&format!("{}?max_connections=1", server.url())).unwrap();
        let lock = client.lock(format!("f18:{}", std::process::id())).timeout(LEASE).auto_renew(Renew::On);
        let guard = lock.acquire().unwrap();
        // Nobody else gets a connection of the client's either.
        let only = client.dedicated().unwrap();
        thread::scope(|scope| {
            let waiting: Vec<_> =
                (0..50).map(|_| scope.spawn(|| lock.acquire().unwrap().release().unwrap())).collect();
            thread::sleep(2 * LEASE);
            assert!(guard.is_valid() && guard.owned().unwrap());
            guard.extend(LEASE).unwrap();
            let begin = Instant::now();
            guard.release().unwrap();
            assert!(begin.elapsed() < Duration::from_millis(50), "{:?}", begin.elapsed());
            waiting.into_iter().for_each(|thread| thread.join().unwrap());
        });
        drop(only);
    }
}

#[test]
fn f19_a_callback_that_takes_its_time_holds_up_nobody() {
    let on = kit::Subject::newest();
    let (sender, events) = mpsc::channel();
    let sender = Mutex::new(sender);
    let locks = Locks::builder()
        .on_event(move |event| {
            sender.lock().unwrap().send(event.clone()).unwrap();
            thread::sleep(Duration::from_secs(10));
        })
        .build(&on.client)
        .unwrap();
    let kept = locks.lock(on.key("kept")).timeout(LEASE).auto_renew(Renew::On).acquire().unwrap();
    let lost = locks.lock(on.key("lost")).timeout(LEASE / 4).acquire().unwrap();
    lost.on_lost(|_| thread::sleep(Duration::from_secs(10)));
    let event = events.recv_timeout(LEASE).unwrap();
    assert_eq!(event, Event::Lost { name: on.key("lost"), reason: LostReason::LeaseEnded });
    thread::sleep(3 * LEASE);
    assert!(kept.is_valid() && kept.owned().unwrap());
    kept.release().unwrap();
}

#[test]
fn f23_a_panic_releases_the_lock_and_a_forgotten_guard_ends() {
    kit::each(|on| {
        let lock = on.client.lock(on.key("lock")).timeout(Duration::from_secs(20)).auto_renew(Renew::On);
        let unwound = catch_unwind(AssertUnwindSafe(|| lock.with(|_| panic!("in the middle of it"))));
        assert!(unwound.is_err());
        assert!(!lock.locked().unwrap());

        let lock = lock.timeout(LEASE).max_hold(2 * LEASE);
        let guard = lock.acquire().unwrap();
        let (sender, called) = mpsc::channel();
        guard.on_lost(move |reason| sender.send(reason).unwrap());
        std::mem::forget(guard);
        thread::sleep(LEASE * 3 / 2);
        assert!(lock.locked().unwrap(), "it is renewed");
        assert_eq!(called.recv_timeout(LEASE * 2).unwrap(), LostReason::MaxHold);
        let next = lock.acquire_for(2 * LEASE).unwrap();
        assert!(next.is_some(), "it ends at last");
    });
}

#[test]
fn f23_a_thread_that_ends_by_a_panic_leaves_nothing_behind() {
    let on = kit::Subject::newest();
    let lock = on.client.lock(on.key("lock"));
    let own = lock.clone();
    let thread = thread::spawn(move || {
        let _guard = own.acquire().unwrap();
        panic!("as it should");
    });
    assert!(thread.join().is_err());
    assert!(!lock.locked().unwrap());
}

#[test]
fn f36_close_releases_all_at_once() {
    kit::each(|on| {
        let events = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&events);
        let locks = Locks::builder()
            .on_event(move |event| seen.lock().unwrap().push(event.clone()))
            .build(&on.client)
            .unwrap();
        let lock = |number: usize| locks.lock(on.key(&number.to_string())).auto_renew(Renew::On);
        let guards: Vec<_> = (0..20).map(|number| lock(number).acquire().unwrap()).collect();
        assert_eq!(locks.held().len(), 20);
        let begin = Instant::now();
        locks.close();
        assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
        for (number, guard) in guards.iter().enumerate() {
            assert!(!guard.is_valid() && !lock(number).locked().unwrap());
            assert_eq!(guard.check().unwrap_err().reason, LostReason::Closed);
        }
        assert!(locks.held().is_empty());
        assert!(matches!(lock(0).acquire(), Err(LockError::Closed)));
        // Somebody else's since: the guards leave it alone.
        let other = on.client.lock(on.key("1")).acquire().unwrap();
        drop(guards);
        assert!(other.owned().unwrap());
        thread::sleep(Duration::from_millis(50));
        let released = |event: &Event| matches!(event, Event::Released { confirmed: true, .. });
        assert_eq!(events.lock().unwrap().iter().filter(|event| released(event)).count(), 20);
    });
}

#[test]
fn f36_a_process_that_ends_while_it_holds_a_lock_leaves_it_to_its_time() {
    let server = kit::newest();
    let client = Client::open(&server.url()).unwrap();
    let name = format!("f36:{}", std::process::id());
    // It ends by a panic, with the guard on the stack: that is released.
    let mut other = Other::holding(&server.url(), &name, Duration::from_secs(20), true);
    other.tell("panic");
    assert!(!other.wait());
    assert!(!client.lock(&name).locked().unwrap());
    // It ends by `exit` or a signal: nothing runs.
    let other = Other::holding(&server.url(), &name, LEASE, true);
    other.signal("TERM");
    assert!(!other.wait());
    assert!(client.lock(&name).acquire_for(2 * LEASE).unwrap().is_some());
}
