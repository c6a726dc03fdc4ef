//! F26, F27: servers that evict, refuse, are full; and work that is done only while the lock is ours.

use std::thread;
use std::time::Duration;

use client::{Client, Request};
use lock::{LockError, LockExt, Locks, LostReason, Renew, Warning};

use crate::kit::{self, Private};

const LEASE: Duration = Duration::from_millis(900);

#[test]
fn f02_guarded_work_of_a_late_holder_is_not_done() {
    kit::each(|on| {
        let (name, data) = (on.key("lock"), on.key("data"));
        let late = on.client.lock(&name).timeout(Duration::from_millis(40)).acquire().unwrap();
        let write = |text: &str| Request::new("RPUSH").key(&data).arg(text.to_owned());
        assert_eq!(late.guarded().run::<i64>(write("in time")).unwrap(), 1);
        thread::sleep(Duration::from_millis(60));
        assert!(late.guarded().run::<i64>(write("late")).unwrap_err().is_not_owned());
        let next = on.client.lock(&name).acquire().unwrap();
        let script = "return redis.call('RPUSH', KEYS[1], ARGV[1], #KEYS, #ARGV)";
        assert!(late.guarded().eval::<i64>(script, &data, "late").unwrap_err().is_not_owned());
        assert_eq!(next.guarded().eval::<i64>(script, &data, "next").unwrap(), 4);
        assert_eq!(on.client.lrange::<String>(&data, 0, -1).unwrap(), ["in time", "next", "1", "1"]);
        // An error of the command's own is told as such, and the lock stays.
        let error = next.guarded().run::<i64>(Request::new("INCR").key(&data)).unwrap_err();
        assert!(matches!(&error, LockError::Client(e) if e.code() == Some("WRONGTYPE")), "{error}");
        assert!(next.is_valid() && late.lost().is_lost());
    });
}

#[test]
fn f26_eviction_is_warned_of_and_told() {
    for server in kit::servers() {
        let private = Private::start(&server.binary, &["--maxmemory-policy", "volatile-ttl"]);
        let client = Client::open(&private.url()).unwrap();
        let warnings = Locks::new(&client).unwrap().preflight().unwrap().warnings;
        let policy = "volatile-ttl".to_owned();
        assert!(warnings.contains(&Warning::Evicts { policy }), "{warnings:?}");
        assert!(warnings.contains(&Warning::Forgets), "{warnings:?}");

        let guard = client.lock("lock").timeout(LEASE).auto_renew(Renew::On).acquire().unwrap();
        client.run::<()>(Request::new("CONFIG SET").arg("maxmemory").arg(1)).unwrap();
        // Any write makes room.
        let refused = client.set("a", "b").unwrap_err();
        assert_eq!(refused.code(), Some("OOM"));
        assert_eq!(guard.lost().wait_for(LEASE), Some(LostReason::Deleted), "{}", server.name);
    }
}

#[test]
fn preflight_finds_nothing_where_nothing_is() {
    let server = kit::newest();
    let private = Private::start(&server.binary, &["--appendonly", "yes"]);
    let client = Client::open(&private.url()).unwrap();
    let preflight = Locks::new(&client).unwrap().preflight().unwrap();
    assert_eq!(preflight.warnings, []);
    assert!(preflight.round_trip < Duration::from_secs(1));

    let rules = ["ann", "on", "nopass", "~*", "+@all", "-evalsha", "-config"];
    let request = rules.iter().fold(Request::new("ACL SETUSER"), |request, rule| request.arg(*rule));
    client.run::<()>(request).unwrap();
    let ann = Client::open(&format!("redis://ann:any@127.0.0.1:{}", private.port)).unwrap();
    let warnings = Locks::new(&ann).unwrap().preflight().unwrap().warnings;
    assert!(warnings.contains(&Warning::Forbidden { command: "CONFIG GET".into() }), "{warnings:?}");
}

#[test]
fn f27_when_memory_is_full_what_is_held_is_extended_and_released() {
    for server in kit::servers() {
        let private = Private::start(&server.binary, &[]);
        let client = Client::open(&private.url()).unwrap();
        let lock = client.lock("lock").timeout(LEASE).auto_renew(Renew::On);
        let guard = lock.acquire().unwrap();
        // Somebody waits, too: the release cannot hand it over, but can delete it.
        let other = Locks::new(&client).unwrap().lock("lock");
        let waiting = thread::spawn(move || other.acquire_for(Duration::from_secs(3)));
        thread::sleep(Duration::from_millis(50));
        client.run::<()>(Request::new("CONFIG SET").arg("maxmemory").arg(1)).unwrap();

        thread::sleep(2 * LEASE);
        assert!(guard.is_valid(), "it is renewed on {}", server.name);
        guard.extend(Duration::from_secs(1)).unwrap();
        let code = |error: &LockError| matches!(error, LockError::Client(e) if e.code() == Some("OOM"));
        let error = client.lock("another").try_acquire().unwrap_err();
        assert!(code(&error), "{error} on {}", server.name);
        assert!(!client.lock("another").locked().unwrap());
        guard.release().unwrap();
        assert!(!lock.locked().unwrap());
        match waiting.join().unwrap() {
            Err(error) => assert!(code(&error), "{error}"),
            Ok(got) => assert!(got.is_none(), "there is no memory for it"),
        }
    }
}

#[test]
fn f27_what_a_server_refuses_is_told_and_loses_nothing() {
    for server in kit::servers() {
        let private = Private::start(&server.binary, &[]);
        let client = Client::open(&private.url()).unwrap();
        let lock = client.lock("lock").timeout(Duration::from_secs(20));
        let guard = lock.acquire().unwrap();
        let set = |name: &str, value: &str| {
            client.run::<()>(Request::new("CONFIG SET").arg(name).arg(value)).unwrap();
        };
        let code =
            |error: &LockError, code: &str| matches!(error, LockError::Client(e) if e.code() == Some(code));

        set("min-replicas-to-write", "1");
        let error = guard.extend(LEASE).unwrap_err();
        assert!(code(&error, "NOREPLICAS"), "{error}");
        let error = client.lock("another").try_acquire().unwrap_err();
        assert!(code(&error, "NOREPLICAS"), "{error}");
        let failed = guard.release().unwrap_err();
        assert!(code(failed.error(), "NOREPLICAS"), "{failed}");
        set("min-replicas-to-write", "0");
        let guard = failed.into_guard();
        assert!(guard.is_valid() && guard.owned().unwrap());

        // The scripts are gone: they are sent again.
        client.script_flush().unwrap();
        guard.extend(LEASE).unwrap();

        // A waiter that somebody unblocks with an error waits on.
        let other = Locks::new(&client).unwrap().lock("lock");
        let waiting = thread::spawn(move || other.acquire().map(lock::LockGuard::release));
        thread::sleep(Duration::from_millis(100));
        let list: String = client.run(Request::new("CLIENT LIST")).unwrap();
        let blocked = list.lines().find(|line| line.contains("cmd=blpop")).expect("somebody waits");
        let id: u64 = blocked.split(['=', ' ']).nth(1).unwrap().parse().unwrap();
        let unblocked: i64 = client.run(Request::new("CLIENT UNBLOCK").arg(id).arg("ERROR")).unwrap();
        assert_eq!(unblocked, 1);
        thread::sleep(Duration::from_millis(50));
        guard.release().unwrap();
        waiting.join().unwrap().unwrap().unwrap();

        let guard = lock.acquire().unwrap();
        client.run::<()>(Request::new("REPLICAOF").arg("127.0.0.1").arg(1)).unwrap();
        let error = guard.extend(LEASE).unwrap_err();
        assert!(code(&error, "READONLY"), "{error} on {}", server.name);
        let failed = guard.release().unwrap_err();
        assert!(code(failed.error(), "READONLY"), "{failed}");
        client.run::<()>(Request::new("REPLICAOF").arg("NO").arg("ONE")).unwrap();
        failed.into_guard().release().unwrap();
    }
}
