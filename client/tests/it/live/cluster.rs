//! Clusters of one node and of two, each a test's own. They wait for the nodes more than they work, so that those of all
//! servers run at the same time.

use std::thread;
use std::time::{Duration, Instant, SystemTime};

use client::{
    Client, ClusterFailover, ClusterNode, ClusterReset, Config, FlushMode, Protocol, ScanOptions, SlotMetric,
    SlotMigration, SlotState, SlotStatsOrder,
};

use crate::kit::{self, Private, Server};

const SLOT_OF_A: u16 = 15_495;

/// Runs `test` for each server of the matrix.
fn each(test: impl Fn(&Server) + Sync) {
    thread::scope(|scope| {
        for server in kit::servers() {
            let test = &test;
            scope.spawn(move || {
                println!("on {}", server.name);
                test(&server);
            });
        }
    });
}

fn start(server: &Server, protocol: Protocol) -> (Private, Client) {
    let mut arguments = vec!["--cluster-enabled", "yes", "--repl-diskless-sync-delay", "0"];
    if has_slot_stats(server) {
        arguments.extend(["--cluster-slot-stats-enabled", "yes"]);
    }
    let own = Private::start(&server.binary, &arguments);
    let config: Config = own.url().parse().unwrap();
    let client = Client::new(&config.protocol(protocol)).unwrap();
    (own, client)
}

fn has_slot_stats(server: &Server) -> bool {
    server.has("CLUSTER SLOT-STATS", (8, 2), (8, 0))
}

#[track_caller]
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(40), "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn one_node() {
    each(|server| {
        let (own, resp3) = start(server, Protocol::Resp3);
        let config: Config = own.url().parse().unwrap();
        let resp2 = Client::new(&config.protocol(Protocol::Resp2)).unwrap();
        for client in [&resp3, &resp2] {
            take_slots(server, client);
            tell(server, client, own.port);
            keys(server, client);
            forget(client);
        }
    });
}

fn take_slots(server: &Server, client: &Client) {
    let assigned = || client.cluster_info().unwrap().slots_assigned;
    assert!(!client.cluster_info().unwrap().is_ok);
    client.cluster_set_config_epoch(7).unwrap();
    assert_eq!(client.cluster_set_config_epoch(8).unwrap_err().code(), Some("ERR"));
    client.cluster_addslots([5, 7]).unwrap();
    assert_eq!(client.cluster_addslots([6, 7]).unwrap_err().code(), Some("ERR"));
    assert_eq!(assigned(), 2, "all or none");
    client.cluster_delslots([5]).unwrap();
    assert_eq!(assigned(), 1);
    client.cluster_flushslots().unwrap();
    assert_eq!(assigned(), 0);
    assert!(client.cluster_addslots([16_384]).unwrap_err().code() == Some("ERR"));
    if server.has("CLUSTER ADDSLOTSRANGE", (7, 0), (7, 2)) {
        client.cluster_addslotsrange([0..=99, 200..=299]).unwrap();
        assert_eq!(assigned(), 200);
        client.cluster_delslotsrange([50..=99, 200..=249]).unwrap();
        assert_eq!(assigned(), 100);
        assert_eq!(client.cluster_nodes().unwrap()[0].slots, [0..=49, 250..=299]);
        client.cluster_flushslots().unwrap();
    }
    client.cluster_addslots(0..=16_383).unwrap();
    until("it has all slots", || client.cluster_info().unwrap().is_ok);
}

fn tell(server: &Server, client: &Client, port: u16) {
    let info = client.cluster_info().unwrap();
    assert_eq!(
        (info.slots_assigned, info.slots_ok, info.slots_fail, info.slots_pfail),
        (16_384, 16_384, 0, 0)
    );
    assert_eq!((info.known_nodes, info.size, info.my_epoch, info.current_epoch), (1, 1, 7, 7));
    assert_eq!(info.get::<u64>("cluster_stats_messages_sent"), Some(0));
    let id = client.cluster_myid().unwrap();
    let nodes = client.cluster_nodes().unwrap();
    assert!(nodes.len() == 1 && nodes[0].is_myself() && nodes[0].is_primary() && nodes[0].is_connected);
    assert_eq!((&nodes[0].id, nodes[0].port, nodes[0].bus_port), (&id, port, Some(port + 10_000)));
    assert_eq!((&*nodes[0].slots, nodes[0].config_epoch), (&[0..=16_383][..], 7));
    assert_eq!((nodes[0].pong_received, &nodes[0].primary), (None, &None));
    assert!(client.cluster_replicas(&id).unwrap().is_empty());
    assert_eq!(client.cluster_replicas("nobody").unwrap_err().code(), Some("ERR"));
    assert_eq!(client.cluster_count_failure_reports(&id).unwrap(), 0);
    let map = client.cluster_slots().unwrap();
    assert_eq!((map.len(), &map[0].slots, map[0].nodes[0].port), (1, &(0..=16_383), port));
    assert_eq!(
        (map[0].nodes[0].id.as_ref(), &map[0].nodes[0].host),
        (Some(&id), &None),
        "it knows no address"
    );
    client.cluster_saveconfig().unwrap();
    let epoch = client.cluster_bumpepoch().unwrap();
    assert_eq!((epoch.is_new, epoch.epoch), (false, 7));
    if server.has("CLUSTER SHARDS and LINKS", (7, 0), (7, 2)) {
        let shards = client.cluster_shards().unwrap();
        assert_eq!((shards.len(), &*shards[0].slots), (1, &[0..=16_383][..]));
        let primary = shards[0].primary().unwrap();
        assert_eq!((&primary.id, primary.port, primary.is_online()), (&id, Some(port), true));
        assert!(client.cluster_links().unwrap().is_empty());
    }
    if server.has("CLUSTER MYSHARDID", (7, 2), (7, 2)) {
        let shard = client.cluster_myshardid().unwrap();
        assert!(shard.len() == 40 && shard != id);
        if server.has("the ID in CLUSTER SHARDS", None, (9, 1)) {
            assert_eq!(client.cluster_shards().unwrap()[0].id, Some(shard));
        }
    }
}

fn keys(server: &Server, client: &Client) {
    assert_eq!(client.cluster_keyslot("{a}").unwrap(), SLOT_OF_A);
    assert_eq!(client.cluster_keyslot(b"foo{}{bar}").unwrap(), 8_363);
    assert_eq!(client.cluster_countkeysinslot(SLOT_OF_A).unwrap(), 0);
    assert!(client.cluster_getkeysinslot::<String>(SLOT_OF_A, 10).unwrap().is_empty());
    client.mset([(&b"{a}1"[..], 1), (b"{a}\xff\0", 2)]).unwrap();
    assert_eq!(client.cluster_countkeysinslot(SLOT_OF_A).unwrap(), 2);
    let mut keys = client.cluster_getkeysinslot::<Vec<u8>>(SLOT_OF_A, usize::MAX).unwrap();
    keys.sort();
    assert_eq!(keys, [&b"{a}1"[..], b"{a}\xff\0"]);
    assert_eq!(client.cluster_getkeysinslot::<Vec<u8>>(SLOT_OF_A, 1).unwrap().len(), 1);
    assert_eq!(client.cluster_countkeysinslot(16_384).unwrap_err().code(), Some("ERR"));

    let id = client.cluster_myid().unwrap();
    client.cluster_setslot(5, SlotState::Stable).unwrap();
    client.cluster_setslot(5, SlotState::Node(&id)).unwrap();
    assert_eq!(client.cluster_setslot(5, SlotState::Importing(&id)).unwrap_err().code(), Some("ERR"));
    if server.has("CLUSTER SETSLOT with a timeout", None, (8, 0)) {
        client.cluster_setslot_timeout(5, SlotState::Node(&id), Duration::from_millis(50)).unwrap();
    }
    if has_slot_stats(server) {
        let stats = client.cluster_slot_stats(SLOT_OF_A..=SLOT_OF_A + 1).unwrap();
        let counts: Vec<_> = stats.iter().map(|slot| (slot.slot, slot.key_count)).collect();
        assert_eq!(counts, [(SLOT_OF_A, 2), (SLOT_OF_A + 1, 0)]);
        assert_eq!(client.cluster_slot_stats_by(SlotMetric::KeyCount).unwrap()[0].slot, SLOT_OF_A);
        client.set("{a}1", 1).unwrap();
        let order = SlotStatsOrder::by(SlotMetric::NetworkBytesIn).limit(1);
        let stats = client.cluster_slot_stats_by(order).unwrap();
        assert_eq!((stats.len(), stats[0].slot), (1, SLOT_OF_A));
        assert!(stats[0].network_bytes_in > Some(0) && stats[0].cpu > Some(Duration::ZERO), "{stats:?}");
        let last = client.cluster_slot_stats_by(order.ascending()).unwrap();
        assert_eq!((last[0].slot, last[0].network_bytes_in), (0, Some(0)));
        if server.has("memory in CLUSTER SLOT-STATS", (8, 4), None) {
            let stats = client.cluster_slot_stats_by(SlotMetric::MemoryBytes).unwrap();
            assert!(stats[0].slot == SLOT_OF_A && stats[0].memory_bytes > Some(0), "{stats:?}");
        }
        assert!(
            client.cluster_slot_stats_by(SlotMetric::NetworkBytesOut).unwrap()[0].network_bytes_out > Some(0)
        );
        assert!(client.cluster_slot_stats_by(SlotMetric::Cpu).unwrap().len() == 16_384);
    }
    if server.has("CLUSTERSCAN", None, (9, 1)) {
        let options = ScanOptions::new().pattern("{a}*").count(20_000);
        let (mut cursor, mut all) = client.clusterscan_page::<Vec<u8>>("0", options).unwrap();
        while cursor != "0" {
            let page;
            (cursor, page) = client.clusterscan_page(&cursor, options).unwrap();
            all.extend(page);
        }
        all.sort();
        assert_eq!(all, keys);
        let (mut cursor, mut found) = ("0".to_owned(), 0);
        loop {
            let (next, page) =
                client.clusterscan_slot_page::<Vec<u8>>(SLOT_OF_A, &cursor, ScanOptions::new()).unwrap();
            (cursor, found) = (next, found + page.len());
            if cursor == "0" {
                break;
            }
        }
        assert_eq!(found, 2);
    }
    if server.has("CLUSTER FLUSHSLOT", None, (9, 0)) {
        client.cluster_flushslot(SLOT_OF_A).unwrap();
        assert_eq!(client.cluster_countkeysinslot(SLOT_OF_A).unwrap(), 0);
        client.set("{a}1", 1).unwrap();
        client.cluster_flushslot_with(SLOT_OF_A, FlushMode::Sync).unwrap();
        assert_eq!(client.cluster_countkeysinslot(SLOT_OF_A).unwrap(), 0);
        client.set("{a}1", 1).unwrap();
    }
    let own = client.dedicated().unwrap();
    own.readonly().unwrap();
    own.readwrite().unwrap();
    let ((), value) = client.pipeline(|p| (p.readonly(), p.get::<i64>("{a}1"))).unwrap();
    assert_eq!(value, Some(1));
}

fn forget(client: &Client) {
    let id = client.cluster_myid().unwrap();
    assert_eq!(client.cluster_reset(ClusterReset::Soft).unwrap_err().code(), Some("ERR"), "it has keys");
    assert_eq!(client.cluster_flushslots().unwrap_err().code(), Some("ERR"));
    for error in [client.cluster_failover(), client.cluster_failover_with(ClusterFailover::Force)] {
        assert_eq!(error.unwrap_err().code(), Some("ERR"), "it is no replica");
    }
    assert_eq!(client.cluster_forget(&id).unwrap_err().code(), Some("ERR"));
    assert_eq!(client.cluster_replicate("nobody").unwrap_err().code(), Some("ERR"));
    assert_eq!(client.cluster_meet("no address", 1).unwrap_err().code(), Some("ERR"));
    client.flushall().unwrap();
    client.cluster_reset(ClusterReset::Soft).unwrap();
    assert_eq!(client.cluster_myid().unwrap(), id);
    client.cluster_reset(ClusterReset::Hard).unwrap();
    assert_ne!(client.cluster_myid().unwrap(), id);
    assert_eq!(client.cluster_info().unwrap().slots_assigned, 0);
}

#[test]
fn two_nodes() {
    each(|server| {
        let (a_server, a) = start(server, Protocol::Resp3);
        let (b_server, b) = start(server, Protocol::Resp2);
        a.cluster_addslots(0..=16_383).unwrap();
        a.cluster_set_config_epoch(1).unwrap();
        b.cluster_set_config_epoch(2).unwrap();
        let before = SystemTime::now() - Duration::from_secs(2);
        a.cluster_meet_bus("127.0.0.1", b_server.port, b_server.port + 10_000).unwrap();
        have_met(&a, &b);
        let (a_id, b_id) = (a.cluster_myid().unwrap(), b.cluster_myid().unwrap());
        if server.has("CLUSTER LINKS", (7, 0), (7, 2)) {
            for (client, other) in [(&a, &b_id), (&b, &a_id)] {
                let links = client.cluster_links().unwrap();
                assert!(
                    links.iter().any(|link| link.is_outbound) && links.iter().any(|link| !link.is_outbound)
                );
                assert!(links.iter().all(|link| link.node == *other && link.created > before), "{links:?}");
            }
        }
        move_by_hand(&a, &b);
        replicate(server, &a, &b);

        // Now it is b that has the slots, and a that has none.
        a.cluster_reset(ClusterReset::Hard).unwrap();
        b.cluster_forget(&a_id).unwrap();
        assert_eq!(b.cluster_forget("nobody").unwrap_err().code(), Some("ERR"));
        assert_eq!(b.cluster_nodes().unwrap().len(), 1);
        b.cluster_meet("127.0.0.1", a_server.port).unwrap();
        have_met(&a, &b);
        move_by_themselves(server, &b, &a);
    });
}

fn have_met(a: &Client, b: &Client) {
    for client in [a, b] {
        until("they have met", || {
            let nodes = client.cluster_nodes().unwrap();
            nodes.len() == 2 && nodes.iter().all(|node| node.is_connected && !node.has("handshake"))
        });
        until("they serve", || client.cluster_info().unwrap().is_ok);
    }
}

fn move_by_hand(a: &Client, b: &Client) {
    let (a_id, b_id) = (a.cluster_myid().unwrap(), b.cluster_myid().unwrap());
    let own =
        |client: &Client| client.cluster_nodes().unwrap().into_iter().find(ClusterNode::is_myself).unwrap();
    a.cluster_setslot(3, SlotState::Migrating(&b_id)).unwrap();
    b.cluster_setslot(3, SlotState::Importing(&a_id)).unwrap();
    assert_eq!(own(a).migrating, [(3, b_id)]);
    assert_eq!(own(b).importing, [(3, a_id)]);
    for client in [a, b] {
        client.cluster_setslot(3, SlotState::Stable).unwrap();
        assert!(own(client).migrating.is_empty() && own(client).importing.is_empty());
    }
}

/// Makes `b` a replica of `a` and then its successor.
fn replicate(server: &Server, a: &Client, b: &Client) {
    let (a_id, b_id) = (a.cluster_myid().unwrap(), b.cluster_myid().unwrap());
    a.set("{a}1", "x").unwrap();
    let has_names = server.has("cluster-announce-hostname", (7, 0), (7, 2));
    if has_names {
        b.config_set(("cluster-announce-hostname", "b.example")).unwrap();
    }
    b.cluster_replicate(&a_id).unwrap();
    until("it is a replica", || a.cluster_replicas(&a_id).unwrap().iter().any(|node| node.id == b_id));
    until("it has got everything", || {
        b.info("replication").unwrap().field("master_link_status") == Some("up")
    });
    let own = b.dedicated().unwrap();
    assert_eq!(own.get::<String>("{a}1").unwrap_err().code(), Some("MOVED"));
    own.readonly().unwrap();
    until("it reads", || own.get::<String>("{a}1").unwrap().as_deref() == Some("x"));
    own.readwrite().unwrap();
    assert_eq!(own.get::<String>("{a}1").unwrap_err().code(), Some("MOVED"));

    let replicas = a.cluster_replicas(&a_id).unwrap();
    assert!(replicas[0].is_replica() && replicas[0].primary.as_ref() == Some(&a_id), "{replicas:?}");
    for client in [a, b] {
        until("the replica is well", || client.cluster_slots().unwrap()[0].nodes.len() == 2);
        let map = client.cluster_slots().unwrap();
        assert_eq!(map[0].nodes[0].id.as_ref(), Some(&a_id));
        assert_eq!(map[0].nodes[1].id.as_ref(), Some(&b_id));
        if has_names {
            until("the name has got around", || {
                let nodes = client.cluster_nodes().unwrap();
                nodes.iter().any(|node| node.id == b_id && node.hostname.as_deref() == Some("b.example"))
            });
            let map = client.cluster_slots().unwrap();
            assert_eq!(map[0].nodes[1].field("hostname"), Some("b.example"));
            let shards = client.cluster_shards().unwrap();
            assert_eq!(
                (shards.len(), shards[0].nodes.len(), &shards[0].primary().unwrap().id),
                (1, 2, &a_id)
            );
            let replica = shards[0].nodes.iter().find(|node| !node.is_primary()).unwrap();
            assert_eq!((&replica.id, replica.hostname.as_deref()), (&b_id, Some("b.example")));
        }
    }
    b.cluster_failover_with(ClusterFailover::Takeover).unwrap();
    until("they have changed places", || {
        let nodes = a.cluster_nodes().unwrap();
        nodes.iter().any(|node| node.is_myself() && node.is_replica() && node.primary.as_ref() == Some(&b_id))
    });
    if server.has("CLUSTER REPLICATE NO ONE", None, (9, 0)) {
        a.cluster_replicate_no_one().unwrap();
        assert!(a.cluster_nodes().unwrap().iter().any(|node| node.is_myself() && node.is_primary()));
        a.cluster_replicate(&b_id).unwrap();
    }
}

/// Lets the servers move slots.
fn move_by_themselves(server: &Server, from: &Client, to: &Client) {
    let (from_id, to_id) = (from.cluster_myid().unwrap(), to.cluster_myid().unwrap());
    let slots = [0..=99, 200..=299];
    let before = SystemTime::now() - Duration::from_secs(2);
    let tasks = |client: &Client| match server.is_valkey() {
        true => client.cluster_getslotmigrations().unwrap(),
        false => client.cluster_migration_status_all().unwrap(),
    };
    if !server.has("slots that move by themselves", (8, 4), (9, 0)) {
        return;
    }
    assert!(tasks(to).is_empty() && tasks(from).is_empty());
    if server.is_valkey() {
        assert_eq!(from.cluster_cancelslotmigrations().unwrap_err().code(), Some("ERR"));
        from.cluster_migrateslots([(slots.clone(), &*to_id)]).unwrap();
    } else {
        assert_eq!(from.cluster_migration_import([0..=9]).unwrap_err().code(), Some("ERR"), "it has them");
        assert!(to.cluster_migration_status("nothing").unwrap().is_none());
        assert!(!to.cluster_migration_cancel("nothing").unwrap());
        assert_eq!(to.cluster_migration_cancel_all().unwrap(), 0);
        let id = to.cluster_migration_import(slots.clone()).unwrap();
        assert_eq!(to.cluster_migration_status(&id).unwrap().unwrap().id, id);
    }
    for client in [to, from] {
        until("the slots are there", || tasks(client).iter().any(SlotMigration::is_done));
        let task = &tasks(client)[0];
        assert_eq!((&task.source, &task.target, &*task.slots), (&from_id, &to_id, &slots[..]));
        assert_eq!((task.is_import, &task.error), (client.cluster_myid().unwrap() == to_id, &None));
        assert!(task.created > before && task.get::<String>("operation").is_some());
    }
    until("everybody knows", || {
        let nodes = from.cluster_nodes().unwrap();
        nodes.iter().any(|node| node.id == to_id && node.slots == slots)
    });
}
