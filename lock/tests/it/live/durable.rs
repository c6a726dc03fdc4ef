//! F4 to F6: servers that restart, or are replaced by a replica that has not heard of everything.

use std::thread;
use std::time::{Duration, Instant};

use client::{Client, Request};
use lock::{Durability, LockError, LockExt, LostReason, Renew, Warning};
use proxy::{Fault, Proxy, Rule};

use crate::kit::{self, Private};

const LEASE: Duration = Duration::from_millis(900);
const WITHIN: Duration = Duration::from_millis(300);

/// Waits until it is so.
fn soon(what: &str, is_so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(20), "not in time: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn f04_after_a_restart_without_persistence_the_holder_is_told_within_a_tick() {
    for server in kit::servers() {
        let mut private = Private::start(&server.binary, &[]);
        let client = Client::open(&private.url()).unwrap();
        let guard = client.lock("lock").timeout(LEASE).auto_renew(Renew::On).acquire().unwrap();
        private.signal("KILL");
        private.restart();
        let begin = Instant::now();
        assert_eq!(guard.lost().wait_for(LEASE), Some(LostReason::Deleted), "{}", server.name);
        assert!(begin.elapsed() <= LEASE / 3 + Duration::from_millis(300), "{:?}", begin.elapsed());
    }
}

#[test]
fn f05_a_lock_that_is_on_the_disk_survives_a_kill() {
    let aof = Durability::Aof { replicas: 0, within: Duration::from_secs(2) };
    for server in kit::servers() {
        let mut private =
            Private::start(&server.binary, &["--appendonly", "yes", "--appendfsync", "everysec"]);
        let client = Client::open(&private.url()).unwrap();
        let lock = client.lock("lock").timeout(Duration::from_secs(20)).durability(aof);
        if !server.has("WAITAOF", (7, 2), (7, 2)) {
            let error = lock.acquire().unwrap_err();
            assert!(matches!(&error, LockError::Client(e) if e.code() == Some("ERR")), "{error}");
            assert!(!lock.locked().unwrap(), "what does not count is not kept");
            continue;
        }
        let guard = lock.acquire().unwrap();
        private.signal("KILL");
        private.restart();
        // It listens before it has read its file.
        soon("the server has its data", || client.exists("lock").is_ok_and(|count| count == 1));
        assert!(guard.owned().unwrap(), "{}", server.name);
        guard.extend(Duration::from_secs(1)).unwrap();
        guard.release().unwrap();

        // Without an append-only file there is nothing to wait for.
        let without = Private::start(&server.binary, &[]);
        let client = Client::open(&without.url()).unwrap();
        let lock = client.lock("lock").durability(aof);
        assert!(lock.acquire().is_err());
        assert!(!lock.locked().unwrap());
    }
}

/// A master with two replicas, one of them behind a proxy that can go dark.
struct Group {
    master: Private,
    client: Client,
    near: Private,
    far: Private,
    proxy: Proxy,
}

impl Group {
    fn start(server: &kit::Server) -> Self {
        let master = Private::start(&server.binary, &["--repl-diskless-sync-delay", "0"]);
        let proxy = Proxy::opaque(master.port).unwrap();
        let replica = |port: u16| {
            let replica = Private::start(&server.binary, &["--replicaof", "127.0.0.1", &port.to_string()]);
            let client = Client::open(&replica.url()).unwrap();
            soon("a replica is linked", || {
                client.info("replication").unwrap().field("master_link_status") == Some("up")
            });
            replica
        };
        let (near, far) = (replica(master.port), replica(proxy.port()));
        let client = Client::open(&master.url()).unwrap();
        // A replica counts itself as linked before its master hears its first acknowledgement.
        soon("both replicas acknowledge", || {
            let own = client.dedicated().unwrap();
            own.set("warm", 1).unwrap();
            own.wait(2, Duration::from_millis(100)).unwrap() == 2
        });
        Self { master, client, near, far, proxy }
    }

    /// From now on the far replica hears nothing.
    fn darken(&self) {
        self.proxy.rule(Rule::new(Fault::StallReply));
        self.proxy.rule(Rule::new(Fault::StallRequest));
    }
}

#[test]
fn f06_a_failover_that_loses_the_lock_is_told_and_its_fences_still_grow() {
    for server in kit::servers() {
        let group = Group::start(&server);
        // The first one counts on all.
        group.client.lock("lock").fenced(true).with(|_| ()).unwrap();
        thread::sleep(Duration::from_millis(100));
        group.darken();
        let switch = Proxy::start(group.master.port).unwrap();
        let through = Client::open(&format!("redis://127.0.0.1:{}", switch.port())).unwrap();
        let lock = through.lock("lock").timeout(LEASE).auto_renew(Renew::On).fenced(true);
        let first = lock.acquire().unwrap();

        group.master.signal("KILL");
        let promoted = Client::open(&group.far.url()).unwrap();
        promoted.run::<()>(Request::new("REPLICAOF").arg("NO").arg("ONE")).unwrap();
        let second =
            promoted.lock("lock").timeout(LEASE).auto_renew(Renew::On).fenced(true).acquire().unwrap();
        assert!(
            second.fence() > first.fence(),
            "{:?} {:?} on {}",
            first.fence(),
            second.fence(),
            server.name
        );
        switch.redirect(group.far.port);
        switch.close_all();
        assert_eq!(first.lost().wait_for(LEASE), Some(LostReason::TakenOver));
        assert!(second.is_valid() && second.owned().unwrap());
    }
}

#[test]
fn f06_with_all_replicas_asked_for_the_lock_that_one_lacks_is_not_acquired() {
    for server in kit::servers() {
        let group = Group::start(&server);
        let all = Durability::Replicas { count: 2, within: WITHIN };
        let lock = group.client.lock("lock").timeout(LEASE).durability(all);
        let guard = lock.clone().auto_renew(Renew::On).acquire().unwrap();
        for replica in [&group.near, &group.far] {
            assert!(Client::open(&replica.url()).unwrap().exists("lock").unwrap() == 1);
        }
        thread::sleep(LEASE);
        assert!(guard.is_valid(), "renewals reach all");

        group.darken();
        let error = guard.extend(LEASE).unwrap_err();
        assert!(matches!(error, LockError::NotReplicated { wanted: 2, got: 1, .. }), "{error}");
        // What one replica does not hear of does not count: the holder's time is that of the last renewal that did.
        assert_eq!(guard.lost().wait_for(LEASE), Some(LostReason::LeaseEnded));
        drop(guard);
        group.client.del("lock").unwrap();

        let begin = Instant::now();
        let error = lock.acquire().unwrap_err();
        assert!(matches!(error, LockError::NotReplicated { wanted: 2, got: 1, .. }), "{error}");
        assert!(begin.elapsed() < WITHIN + Duration::from_millis(500));
        assert!(!lock.locked().unwrap(), "it leaves no key");
        let warnings = lock::Locks::new(&group.client).unwrap().preflight().unwrap().warnings;
        assert!(warnings.contains(&Warning::MayLoseWrites { replicas: 2 }), "{warnings:?}");
    }
}
