//! F28 to F30, F35: waiters that die, stand still, lose their connection; wake-ups that come too early.

use std::thread;
use std::time::{Duration, Instant};

use client::{Canceller, Client, Config, Request};
use lock::{Lock, LockError, LockExt, LockGuard, Locks};
use proxy::{Fault, Proxy, Rule};

use crate::child::{Other, STYLES, styled};
use crate::kit;

/// A lock of somebody who has nothing in common with other calls of this: as another process.
fn elsewhere(client: &Client, name: &str) -> Lock {
    Locks::new(client).unwrap().lock(name)
}

/// Waits until so many stand in line.
fn in_line(client: &Client, name: &str, count: i64) {
    let queue = if name.contains('{') { format!("{name}:queue") } else { format!("{{{name}}}:queue") };
    let begin = Instant::now();
    while client.llen(&queue).unwrap() != count {
        assert!(begin.elapsed() < Duration::from_secs(10), "{} in line", client.llen(&queue).unwrap());
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn who_came_first_is_served_first_and_at_once() {
    kit::each(|on| {
        let name = on.key("lock");
        let guard = on.client.lock(&name).acquire().unwrap();
        let (order, key) = (std::sync::Mutex::new(Vec::new()), &name);
        thread::scope(|scope| {
            for number in 0..5 {
                let (lock, order) = (elsewhere(&on.client, key), &order);
                scope.spawn(move || {
                    let guard = lock.acquire().unwrap();
                    order.lock().unwrap().push((number, Instant::now()));
                    thread::sleep(Duration::from_millis(5));
                    guard.release().unwrap();
                });
                in_line(&on.client, key, number + 1);
            }
            guard.release().unwrap();
        });
        let order = order.into_inner().unwrap();
        assert!(order.iter().map(|(number, _)| *number).eq(0..5), "{order:?}");
        let took = order[4].1 - order[0].1;
        // Four looks, had nobody woken them: each after a second.
        assert!(took < Duration::from_millis(900), "{took:?}");
        assert!(!on.client.lock(&name).locked().unwrap());
        let left: Vec<String> = on.client.keys(format!("{name}:*").replace('{', "\\{")).unwrap();
        let kept = |key: &&String| key.ends_with(":queue") || key.ends_with(":alive");
        assert_eq!(left.iter().find(kept), None);
    });
}

#[test]
fn who_gives_up_leaves_the_line_and_passes_on_what_comes_too_late() {
    kit::each(|on| {
        let name = on.key("lock");
        let guard = on.client.lock(&name).acquire().unwrap();
        let begin = Instant::now();
        assert!(elsewhere(&on.client, &name).acquire_for(Duration::from_millis(60)).unwrap().is_none());
        let took = begin.elapsed();
        assert!(took >= Duration::from_millis(60) && took < Duration::from_millis(260), "{took:?}");
        in_line(&on.client, &name, 0);

        let canceller = Canceller::new();
        thread::scope(|scope| {
            let (lock, other) = (elsewhere(&on.client, &name), canceller.clone());
            let waiting = scope.spawn(move || lock.acquire_with(&other));
            in_line(&on.client, &name, 1);
            let begin = Instant::now();
            canceller.cancel();
            assert!(matches!(waiting.join().unwrap(), Err(LockError::Cancelled { .. })));
            assert!(begin.elapsed() < Duration::from_millis(400), "{:?}", begin.elapsed());
        });
        in_line(&on.client, &name, 0);
        guard.release().unwrap();
        assert!(!on.client.lock(&name).locked().unwrap());
    });
}

#[test]
fn a_manager_that_closes_sends_its_waiters_home() {
    let on = kit::Subject::newest();
    let guard = on.client.lock(on.key("lock")).acquire().unwrap();
    let locks = Locks::new(&on.client).unwrap();
    let lock = locks.lock(on.key("lock"));
    let waiting = thread::spawn(move || lock.acquire());
    in_line(&on.client, guard.name(), 1);
    locks.close();
    assert!(matches!(waiting.join().unwrap(), Err(LockError::Closed)));
    in_line(&on.client, guard.name(), 0);
}

#[test]
fn f28_a_dead_waiter_at_the_head_of_the_line_is_passed_over() {
    for server in kit::servers() {
        let client = Client::open(&server.url()).unwrap();
        for signal in ["KILL", "STOP"] {
            let name = format!("f28:{}:{signal}", std::process::id());
            let guard = client.lock(&name).acquire().unwrap();
            let mut head = Other::start("wait", &[&server.url(), &name]);
            assert_eq!(head.hear(), "waiting");
            in_line(&client, &name, 1);
            let (lock, released) = (elsewhere(&client, &name), Instant::now());
            thread::scope(|scope| {
                let next = scope.spawn(|| lock.acquire().unwrap());
                in_line(&client, &name, 2);
                head.signal(signal);
                // Long enough that the dead is known to be dead, for the half of the runs.
                thread::sleep(Duration::from_millis(if signal == "STOP" { 2_100 } else { 0 }));
                guard.release().unwrap();
                let begin = Instant::now();
                let next = next.join().unwrap();
                assert!(begin.elapsed() <= Duration::from_millis(2_200), "{:?}", begin.elapsed());
                assert!(next.is_valid() && next.owned().unwrap(), "{:?}", released.elapsed());
                if signal == "STOP" {
                    head.signal("CONT");
                    // It is in line again, and gets the lock in its turn.
                    in_line(&client, &name, 1);
                    assert!(next.owned().unwrap(), "no double grant");
                    next.release().unwrap();
                    assert_eq!(head.hear(), "done");
                } else {
                    next.release().unwrap();
                }
            });
            assert!(!client.lock(&name).locked().unwrap());
        }
    }
}

#[test]
fn f29_what_was_handed_to_a_waiter_that_dies_at_that_moment_comes_free_soon() {
    for server in kit::servers() {
        let client = Client::open(&server.url()).unwrap();
        let name = format!("f29:{}", std::process::id());
        let guard = client.lock(&name).acquire().unwrap();
        let mut head = Other::start("wait", &[&server.url(), &name]);
        assert_eq!(head.hear(), "waiting");
        in_line(&client, &name, 1);
        // It is alive for the server, and never claims what it is given.
        head.signal("STOP");
        // Until all of its threads stand still.
        thread::sleep(Duration::from_millis(100));
        guard.release().unwrap();
        assert!(client.lock(&name).locked().unwrap(), "it was handed over");
        head.signal("KILL");
        let begin = Instant::now();
        let next = elsewhere(&client, &name).acquire().unwrap();
        assert!(begin.elapsed() <= Duration::from_millis(1_500), "{:?}", begin.elapsed());
        next.release().unwrap();
    }
}

#[test]
fn f30_a_release_between_the_look_and_the_wait_wakes_the_waiter() {
    let rounds = if kit::slow() { 10_000 } else { 100 };
    for server in kit::servers() {
        for style in ["fair", "signal"] {
            let proxy = Proxy::start(server.port).unwrap();
            let client = Client::open(&server.url()).unwrap();
            let through = Client::open(&format!("redis://127.0.0.1:{}", proxy.port())).unwrap();
            // The wait arrives at the server 3 ms after the look: the release comes before it.
            proxy.rule(Rule::new(Fault::DelayRequest).command("BLPOP").delay(Duration::from_millis(3)));
            let name = format!("f30:{}:{style}", std::process::id());
            let (one, two) = (client.lock(&name), elsewhere(&through, &name));
            let (one, two) = (styled(one, style), styled(two, style));
            let mut worst = Duration::ZERO;
            for round in 0..rounds {
                let guard = one.acquire().unwrap();
                thread::scope(|scope| {
                    let waiting = scope.spawn(|| {
                        let guard = two.acquire().unwrap();
                        let at = Instant::now();
                        guard.release().unwrap();
                        at
                    });
                    thread::sleep(Duration::from_micros(400 + 100 * (round % 40)));
                    let begin = Instant::now();
                    guard.release().unwrap();
                    worst = worst.max(waiting.join().unwrap().saturating_duration_since(begin));
                });
            }
            println!("{style} on {}: worst {worst:?} in {rounds} rounds", server.name);
            assert!(worst < Duration::from_millis(300), "{worst:?}: it was not woken, but looked");
        }
    }
}

#[test]
fn f35_a_waiter_whose_connection_ends_keeps_his_place() {
    kit::each(|on| {
        let name = on.key("lock");
        let proxy = Proxy::start(on.server.port).unwrap();
        let config: Config = format!("redis://127.0.0.1:{}", proxy.port()).parse().unwrap();
        let through = Client::new(&config.protocol(on.protocol)).unwrap();
        let guard = on.client.lock(&name).acquire().unwrap();
        thread::scope(|scope| {
            let (first, second) = (elsewhere(&through, &name), elsewhere(&on.client, &name));
            let first = scope.spawn(move || first.acquire().map(|guard| (Instant::now(), guard)).unwrap());
            in_line(&on.client, &name, 1);
            let second = scope.spawn(move || second.acquire().map(|guard| (Instant::now(), guard)).unwrap());
            in_line(&on.client, &name, 2);
            // Closed, then half open: it takes what is written and answers nothing.
            for _ in 0..3 {
                proxy.close_all();
                thread::sleep(Duration::from_millis(50));
            }
            guard.release().unwrap();
            let (at, guard) = first.join().unwrap();
            assert!(guard.owned().unwrap(), "it has kept its place");
            guard.release().unwrap();
            let (later, guard) = second.join().unwrap();
            assert!(later > at);
            guard.release().unwrap();
        });
    });
}

#[test]
fn f35_a_server_that_closes_idle_connections_disturbs_nobody() {
    for server in kit::servers() {
        let private = kit::Private::start(&server.binary, &["--timeout", "1"]);
        let client = Client::open(&private.url()).unwrap();
        let guard = client.lock("lock").acquire().unwrap();
        let lock = elsewhere(&client, "lock");
        let waiting = thread::spawn(move || lock.acquire().map(LockGuard::release));
        thread::sleep(Duration::from_millis(3_500));
        assert!(guard.owned().unwrap());
        guard.release().unwrap();
        waiting.join().unwrap().unwrap().unwrap();
    }
}

#[test]
fn without_the_right_to_wait_everybody_looks() {
    for server in kit::servers() {
        let private = kit::Private::start(&server.binary, &[]);
        let admin = Client::open(&private.url()).unwrap();
        let rules = ["ann", "on", "nopass", "~*", "+@all", "-blpop"];
        let request = rules.iter().fold(Request::new("ACL SETUSER"), |request, rule| request.arg(*rule));
        admin.run::<()>(request).unwrap();
        let client = Client::open(&format!("redis://ann:any@127.0.0.1:{}", private.port)).unwrap();
        for style in STYLES {
            let guard = client.lock("lock").acquire().unwrap();
            let lock = styled(elsewhere(&client, "lock"), style).sleep(Duration::from_millis(10));
            let waiting = thread::spawn(move || lock.acquire().map(LockGuard::release));
            thread::sleep(Duration::from_millis(50));
            let begin = Instant::now();
            guard.release().unwrap();
            waiting.join().unwrap().unwrap().unwrap();
            assert!(begin.elapsed() < Duration::from_millis(400), "{style}: {:?}", begin.elapsed());
        }
    }
}
