//! How the commands on clusters are spelt, and what their replies become.

use std::ops::RangeInclusive;
use std::time::{Duration, UNIX_EPOCH};

use client::{
    Build, ClusterFailover, ClusterReset, Command, FlushMode, KeyType, Reply, ScanOptions, SlotMetric,
    SlotState, SlotStatsOrder,
};
use resp::Wait;

use super::{check, fails, refused};

const NO_SLOTS: [u16; 0] = [];
const NO_RANGES: [RangeInclusive<u16>; 0] = [];

#[test]
pub(super) fn telling() {
    let b = Build::new();
    check(b.cluster_info(), "CLUSTER INFO", "");
    check(b.cluster_nodes(), "CLUSTER NODES", "");
    check(b.cluster_replicas("n"), "CLUSTER REPLICAS n", "");
    check(b.cluster_shards(), "CLUSTER SHARDS", "");
    check(b.cluster_slots(), "CLUSTER SLOTS", "");
    check(b.cluster_links(), "CLUSTER LINKS", "");
    check(b.cluster_myid(), "CLUSTER MYID", "");
    check(b.cluster_myshardid(), "CLUSTER MYSHARDID", "");
    check(b.cluster_count_failure_reports("n"), "CLUSTER COUNT-FAILURE-REPORTS n", "");
    check(b.cluster_slot_stats(0..=9), "CLUSTER SLOT-STATS SLOTSRANGE 0 9", "");
    let by = SlotStatsOrder::by;
    check(b.cluster_slot_stats_by(SlotMetric::KeyCount), "CLUSTER SLOT-STATS ORDERBY KEY-COUNT", "");
    let all = [
        (SlotMetric::Cpu, "CPU-USEC"),
        (SlotMetric::NetworkBytesIn, "NETWORK-BYTES-IN"),
        (SlotMetric::NetworkBytesOut, "NETWORK-BYTES-OUT"),
        (SlotMetric::MemoryBytes, "MEMORY-BYTES"),
    ];
    for (metric, word) in all {
        let command = b.cluster_slot_stats_by(by(metric).limit(16_384).ascending());
        check(command, &format!("CLUSTER SLOT-STATS ORDERBY {word} LIMIT 16384 ASC"), "");
    }
    for limit in [0, 16_385] {
        let why = "needs a limit of 1 to 16384 slots";
        refused(b.cluster_slot_stats_by(by(SlotMetric::Cpu).limit(limit)), why);
    }
    check(b.readonly(), "READONLY", "");
    check(b.readwrite(), "READWRITE", "");
}

#[test]
pub(super) fn slots() {
    let (b, second) = (Build::new(), Duration::from_secs(1));
    check(b.cluster_addslots([1, 5]), "CLUSTER ADDSLOTS 1 5", "");
    check(b.cluster_addslotsrange([1..=5, 7..=7]), "CLUSTER ADDSLOTSRANGE 1 5 7 7", "");
    check(b.cluster_delslots(1..4), "CLUSTER DELSLOTS 1 2 3", "");
    check(b.cluster_delslotsrange(vec![1..=5]), "CLUSTER DELSLOTSRANGE 1 5", "");
    check(b.cluster_flushslots(), "CLUSTER FLUSHSLOTS", "");
    check(b.cluster_flushslot(5), "CLUSTER FLUSHSLOT 5", "");
    check(b.cluster_flushslot_with(5, FlushMode::Async), "CLUSTER FLUSHSLOT 5 ASYNC", "");
    check(b.cluster_flushslot_with(5, FlushMode::Sync), "CLUSTER FLUSHSLOT 5 SYNC", "");
    check(b.cluster_setslot(5, SlotState::Migrating("n")), "CLUSTER SETSLOT 5 MIGRATING n", "");
    check(b.cluster_setslot(5, SlotState::Importing("n")), "CLUSTER SETSLOT 5 IMPORTING n", "");
    check(b.cluster_setslot(5, SlotState::Stable), "CLUSTER SETSLOT 5 STABLE", "");
    let node = SlotState::Node("n");
    check(b.cluster_setslot(5, node), "CLUSTER SETSLOT 5 NODE n", "");
    check(b.cluster_setslot_timeout(5, node, second), "CLUSTER SETSLOT 5 NODE n TIMEOUT 1000", "");
    check(b.cluster_keyslot("k"), "CLUSTER KEYSLOT k", "");
    check(b.cluster_countkeysinslot(5), "CLUSTER COUNTKEYSINSLOT 5", "");
    check(b.cluster_getkeysinslot::<String>(5, 10), "CLUSTER GETKEYSINSLOT 5 10", "");

    for command in [b.cluster_addslots(NO_SLOTS), b.cluster_delslots(NO_SLOTS)] {
        refused(command, "needs at least one argument");
    }
    for command in [b.cluster_addslotsrange(NO_RANGES), b.cluster_delslotsrange(NO_RANGES)] {
        refused(command, "needs at least one pair");
    }
    let zero = "needs a timeout above zero and of less than 292 million years";
    refused(b.cluster_setslot_timeout(5, node, Duration::ZERO), zero);
    assert_eq!(b.cluster_setslot_timeout(5, node, second).wait(), Wait::For(second));
}

#[test]
pub(super) fn members() {
    let b = Build::new();
    check(b.cluster_meet("::1", 7_000), "CLUSTER MEET ::1 7000", "");
    check(b.cluster_meet_bus("::1", 7_000, 7_001), "CLUSTER MEET ::1 7000 7001", "");
    check(b.cluster_forget("n"), "CLUSTER FORGET n", "");
    check(b.cluster_replicate("n"), "CLUSTER REPLICATE n", "");
    check(b.cluster_replicate_no_one(), "CLUSTER REPLICATE NO ONE", "");
    check(b.cluster_failover(), "CLUSTER FAILOVER", "");
    check(b.cluster_failover_with(ClusterFailover::Force), "CLUSTER FAILOVER FORCE", "");
    check(b.cluster_failover_with(ClusterFailover::Takeover), "CLUSTER FAILOVER TAKEOVER", "");
    check(b.cluster_reset(ClusterReset::Soft), "CLUSTER RESET SOFT", "");
    check(b.cluster_reset(ClusterReset::Hard), "CLUSTER RESET HARD", "");
    check(b.cluster_saveconfig(), "CLUSTER SAVECONFIG", "");
    check(b.cluster_set_config_epoch(7), "CLUSTER SET-CONFIG-EPOCH 7", "");
    check(b.cluster_bumpepoch(), "CLUSTER BUMPEPOCH", "");

    let epoch = decode(&b.cluster_bumpepoch(), "+STILL 18446744073709551615\r\n");
    assert_eq!((epoch.is_new, epoch.epoch), (false, u64::MAX));
    for reply in ["+OK\r\n", "+BUMPED x\r\n", "+MOVED 8\r\n"] {
        let why = "expected BUMPED or STILL and an epoch, found a simple string of other words";
        fails(b.cluster_bumpepoch(), reply, why);
    }
}

#[test]
pub(super) fn migrations() {
    let b = Build::new();
    check(b.cluster_migration_import([0..=9, 20..=29]), "CLUSTER MIGRATION IMPORT 0 9 20 29", "");
    check(b.cluster_migration_status("t"), "CLUSTER MIGRATION STATUS ID t", "");
    check(b.cluster_migration_status_all(), "CLUSTER MIGRATION STATUS ALL", "");
    check(b.cluster_migration_cancel("t"), "CLUSTER MIGRATION CANCEL ID t", "");
    check(b.cluster_migration_cancel_all(), "CLUSTER MIGRATION CANCEL ALL", "");
    let moves = [(vec![0..=9, 20..=29], "n"), (vec![5..=5], "m")];
    let words = "SLOTSRANGE 0 9 20 29 NODE n SLOTSRANGE 5 5 NODE m";
    check(b.cluster_migrateslots(moves), &format!("CLUSTER MIGRATESLOTS {words}"), "");
    check(b.cluster_getslotmigrations(), "CLUSTER GETSLOTMIGRATIONS", "");
    check(b.cluster_cancelslotmigrations(), "CLUSTER CANCELSLOTMIGRATIONS", "");
    check(b.clusterscan_page::<String>("0", "a*"), "CLUSTERSCAN 0 MATCH a*", "0");
    let options = ScanOptions::new().count(9).key_type(&KeyType::Hash);
    let words = "CLUSTERSCAN 0-{06S}-0 COUNT 9 TYPE hash SLOT 5";
    check(b.clusterscan_slot_page::<String>(5, "0-{06S}-0", options), words, "0-{06S}-0");

    refused(b.cluster_migration_import(NO_RANGES), "needs at least one pair");
    refused(b.cluster_migrateslots([(NO_RANGES, "n")]), "needs at least one pair");
    refused(b.cluster_migrateslots([(NO_RANGES, "n"); 0]), "needs at least one argument");
    refused(b.clusterscan_page::<String>("0", ScanOptions::new().count(0)), "needs a count above zero");
    let page = decode(&b.clusterscan_page::<String>("0", "*"), "*2\r\n$9\r\n0-{06S}-0\r\n*1\r\n$1\r\na\r\n");
    assert_eq!(page, ("0-{06S}-0".to_owned(), vec!["a".to_owned()]));
}

#[track_caller]
fn decode<R>(command: &Command<R>, reply: &str) -> R {
    command.decode(&Reply::from_bytes(reply.to_owned()).unwrap()).unwrap()
}

/// A text as a bulk string.
fn bulk(text: &str) -> String {
    format!("${}\r\n{text}\r\n", text.len())
}

/// A line about one node, as far as it makes sense.
fn node(line: &str) -> client::Result<client::ClusterNode> {
    let reply = Reply::from_bytes(bulk(line)).unwrap();
    Build::new().cluster_nodes().decode(&reply).map(|nodes| nodes.into_iter().next().unwrap())
}

#[test]
fn nodes_of_all_versions() {
    // What a Redis 3 said, as redis-py's tests have recorded it; then what has come since: the port for nodes, moving
    // slots, a name and more behind the address.
    let text = "c8253bae761cb1ecb2b61857d85dfe455a0fec8b 172.17.0.7:7006 slave \
                aa90da731f673a99617dfe930306549a09f83a6b 0 1447836263059 5 connected\n\
                aa90da731f673a99617dfe930306549a09f83a6b 172.17.0.7:7003 myself,master - 0 0 2 connected 5461-10922\n\
                fbb23ed8cfa23f17eaf27ff7d0c410492a1093d6 172.17.0.7:7002 master,fail - 1447829446956 1447829444948 1 \
                disconnected\n\
                aa 172.17.0.7:7008@17008 myself,master - 0 0 0 connected 0-5460 5462 [93-<-aa] [77->-bb] [78=>cc]\n\
                bb fe80::1:7009@17009,,tls-port=0,shard-id=xyz master,fail?,nofailover - 0 0 7 connected\n\
                cc :0@0,db.example,a=b master,noaddr,fail - 0 0 0 disconnected\n";
    let nodes = decode(&Build::new().cluster_nodes(), &bulk(text));
    let [replica, primary, failed, myself, ipv6, gone] = &nodes[..] else { panic!("{nodes:?}") };
    let at = |millis| Some(UNIX_EPOCH + Duration::from_millis(millis));
    assert!(replica.is_replica() && replica.is_connected && !replica.is_primary() && !replica.is_myself());
    assert_eq!((&*replica.host, replica.port, replica.bus_port), ("172.17.0.7", 7_006, None));
    assert_eq!(replica.primary.as_ref(), Some(&primary.id));
    assert_eq!(
        (replica.ping_sent, replica.pong_received, replica.config_epoch),
        (None, at(1_447_836_263_059), 5)
    );
    assert!(primary.is_myself() && primary.is_primary() && !primary.is_failed());
    assert_eq!((&*primary.slots, primary.pong_received), (&[5_461..=10_922][..], None));
    assert!(failed.is_failed() && failed.is_primary() && !failed.is_connected);
    assert_eq!((failed.ping_sent, failed.pong_received), (at(1_447_829_446_956), at(1_447_829_444_948)));

    assert_eq!((myself.bus_port, &myself.hostname, &myself.primary), (Some(17_008), &None, &None));
    assert_eq!(myself.slots, [0..=5_460, 5_462..=5_462]);
    assert_eq!(myself.importing, [(93, "aa".to_owned())]);
    assert_eq!(myself.migrating, [(77, "bb".to_owned())], "and nothing is known of =>");
    assert!(myself.as_str().ends_with("[78=>cc]"));

    assert_eq!((&*ipv6.host, ipv6.port, &ipv6.hostname), ("fe80::1", 7_009, &None));
    assert_eq!((ipv6.field("shard-id"), ipv6.field("shard"), ipv6.field("")), (Some("xyz"), None, None));
    assert!(ipv6.has("nofailover") && !ipv6.is_failed(), "only this node cannot reach it");
    assert_eq!((&*gone.host, gone.port, gone.hostname.as_deref()), ("", 0, Some("db.example")));
    assert!(gone.is_failed() && gone.field("a") == Some("b"));

    let verbatim = format!("={}\r\ntxt:{text}\r\n", text.len() + 4);
    assert_eq!(decode(&Build::new().cluster_nodes(), &verbatim), nodes);
    let list: Vec<_> = text.lines().map(bulk).collect();
    assert_eq!(decode(&Build::new().cluster_replicas("n"), &format!("*6\r\n{}", list.concat())), nodes);
}

#[test]
fn lines_about_no_node() {
    let whole = "id 1.1.1.1:7000@17000 master - 0 0 0 connected";
    assert!(node(whole).is_ok());
    let words: Vec<_> = whole.split(' ').collect();
    for end in 1..words.len() {
        assert!(node(&words[..end].join(" ")).is_err(), "{end}");
    }
    for slot in ["x", "5-", "-5", "70000", "1-2-3", "[x->-n]", "[70000-<-n]"] {
        assert!(node(&format!("{whole} {slot}")).is_err(), "{slot}");
    }
    for address in ["1.1.1.1", "1.1.1.1:", "1.1.1.1:x", "1.1.1.1:7000@", "1.1.1.1:70000"] {
        assert!(node(&whole.replace("1.1.1.1:7000@17000", address)).is_err(), "{address}");
    }
    assert!(node(&whole.replace("- 0 0", "- 18446744073709551616 0")).is_err());
    let why = "expected a line about a node, found a bulk string with another one";
    fails(Build::new().cluster_nodes(), "$1\r\nx\r\n", why);
}

#[test]
fn states_decode() {
    let text = "cluster_state:fail\r\ncluster_slots_assigned:16384\r\ncluster_slots_ok:10\r\ncluster_slots_pfail:3\r\n\
                cluster_slots_fail:4\r\ncluster_known_nodes:6\r\ncluster_size:3\r\ncluster_current_epoch:7\r\n\
                cluster_my_epoch:6\r\nnew:x\r\n";
    let info = decode(&Build::new().cluster_info(), &bulk(text));
    assert!(!info.is_ok);
    let slots = (info.slots_assigned, info.slots_ok, info.slots_pfail, info.slots_fail);
    assert_eq!(slots, (16_384, 10, 3, 4));
    assert_eq!((info.known_nodes, info.size, info.current_epoch, info.my_epoch), (6, 3, 7, 6));
    assert_eq!((info.get::<String>("new").as_deref(), info.fields().count()), (Some("x"), 10));
    assert!(decode(&Build::new().cluster_info(), &bulk("cluster_state:ok\r\n")).is_ok);
    fails(Build::new().cluster_info(), "$2\r\nx:\r\n", "expected cluster_state, found nothing");
}

#[test]
fn maps_of_slots_decode() {
    let reply = "*2\r\n*5\r\n:0\r\n:100\r\n*2\r\n$8\r\n10.0.0.1\r\n:7000\r\n\
                 *4\r\n_\r\n:7001\r\n$2\r\nid\r\n%2\r\n$8\r\nhostname\r\n$2\r\ndb\r\n$2\r\nip\r\n_\r\n\
                 *4\r\n$1\r\n?\r\n:7002\r\n$2\r\nid\r\n*2\r\n$8\r\nhostname\r\n$2\r\ndb\r\n\
                 *3\r\n:101\r\n:101\r\n*3\r\n$0\r\n\r\n:7003\r\n$2\r\nid\r\n";
    let map = decode(&Build::new().cluster_slots(), reply);
    assert_eq!((&map[0].slots, &map[1].slots), (&(0..=100), &(101..=101)));
    let nodes = &map[0].nodes;
    assert_eq!((nodes[0].host.as_deref(), nodes[0].port, &nodes[0].id), (Some("10.0.0.1"), 7_000, &None));
    for node in &nodes[1..] {
        assert_eq!((&node.host, node.id.as_deref(), node.field("hostname")), (&None, Some("id"), Some("db")));
        assert_eq!(node.field("ip"), None);
    }
    assert_eq!((&map[1].nodes[0].host, map[1].nodes[0].field("hostname")), (&None, None));
    assert!(decode(&Build::new().cluster_slots(), "*0\r\n").is_empty());
    fails(
        Build::new().cluster_slots(),
        "*1\r\n*1\r\n:0\r\n",
        "element 0: expected a list of more, found 1 elements",
    );
    let why = "element 0, element 2, element 1: expected an integer, found an integer that is out of range";
    let reply = "*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n$1\r\nh\r\n:70000\r\n";
    fails(Build::new().cluster_slots(), reply, why);
}

#[test]
fn shards_decode_alike() {
    let node = "$2\r\nid\r\n$2\r\nn1\r\n$4\r\nport\r\n:7000\r\n$8\r\ntls-port\r\n:7001\r\n$2\r\nip\r\n$1\r\ni\r\n\
                $8\r\nendpoint\r\n$1\r\n?\r\n$8\r\nhostname\r\n$2\r\ndb\r\n$4\r\nrole\r\n$6\r\nmaster\r\n\
                $18\r\nreplication-offset\r\n:7\r\n$6\r\nhealth\r\n$6\r\nonline\r\n";
    let bare = "$2\r\nid\r\n$2\r\nn2\r\n$2\r\nip\r\n$0\r\n\r\n$8\r\nendpoint\r\n$-1\r\n$4\r\nrole\r\n$7\r\nreplica\r\n\
                $18\r\nreplication-offset\r\n:0\r\n$6\r\nhealth\r\n$7\r\nloading\r\n";
    let slots = "$5\r\nslots\r\n*4\r\n:0\r\n:9\r\n:20\r\n:29\r\n$5\r\nnodes\r\n*2\r\n";
    let resp3 = format!("*1\r\n%3\r\n{slots}%9\r\n{node}%6\r\n{bare}$2\r\nid\r\n$1\r\ns\r\n");
    let resp2 = format!("*1\r\n*6\r\n{slots}*18\r\n{node}*12\r\n{bare}$2\r\nid\r\n$1\r\ns\r\n");
    for reply in [resp3, resp2] {
        let shards = decode(&Build::new().cluster_shards(), &reply);
        assert_eq!((&*shards[0].slots, shards[0].id.as_deref()), (&[0..=9, 20..=29][..], Some("s")));
        assert_eq!(shards[0].get::<Vec<u16>>("slots"), Some(vec![0, 9, 20, 29]));
        let primary = shards[0].primary().unwrap();
        assert_eq!((&*primary.id, primary.port, primary.tls_port), ("n1", Some(7_000), Some(7_001)));
        assert_eq!((&*primary.ip, &primary.endpoint, primary.hostname.as_deref()), ("i", &None, Some("db")));
        assert!(primary.is_online() && primary.replication_offset == 7);
        assert_eq!(primary.get::<u16>("port"), Some(7_000));
        let replica = &shards[0].nodes[1];
        assert_eq!(
            (replica.port, &*replica.ip, &replica.endpoint, &replica.hostname),
            (None, "", &None, &None)
        );
        assert!(!replica.is_primary() && !replica.is_online());
    }
    fails(Build::new().cluster_shards(), "*1\r\n%0\r\n", "element 0: expected slots, found nothing");
}

#[test]
fn links_and_stats_decode_alike() {
    let link = "$9\r\ndirection\r\n$2\r\nto\r\n$4\r\nnode\r\n$1\r\nn\r\n$11\r\ncreate-time\r\n:1700000000123\r\n\
                $6\r\nevents\r\n$2\r\nrw\r\n$21\r\nsend-buffer-allocated\r\n:48\r\n$16\r\nsend-buffer-used\r\n:7\r\n";
    for head in ["*1\r\n%6\r\n", "*1\r\n*12\r\n"] {
        let links = decode(&Build::new().cluster_links(), &format!("{head}{link}"));
        let link = &links[0];
        assert!(link.is_outbound && link.created == UNIX_EPOCH + Duration::from_millis(1_700_000_000_123));
        assert_eq!((&*link.node, &*link.events), ("n", "rw"));
        assert_eq!((link.send_buffer_allocated, link.send_buffer_used), (48, 7));
        assert_eq!(link.get::<String>("direction").as_deref(), Some("to"));
    }
    let stats = "$9\r\nkey-count\r\n:2\r\n$8\r\ncpu-usec\r\n:3\r\n$16\r\nnetwork-bytes-in\r\n:30\r\n\
                 $17\r\nnetwork-bytes-out\r\n:5\r\n$12\r\nmemory-bytes\r\n:99\r\n";
    for head in ["*1\r\n*2\r\n:3300\r\n%5\r\n", "*1\r\n*2\r\n:3300\r\n*10\r\n"] {
        let slots = decode(&Build::new().cluster_slot_stats(0..=9), &format!("{head}{stats}"));
        let slot = &slots[0];
        assert_eq!((slot.slot, slot.key_count, slot.cpu), (3_300, 2, Some(Duration::from_micros(3))));
        let bytes = (slot.network_bytes_in, slot.network_bytes_out, slot.memory_bytes);
        assert_eq!(bytes, (Some(30), Some(5), Some(99)));
        assert_eq!(slot.get::<u64>("key-count"), Some(2));
    }
    let few =
        decode(&Build::new().cluster_slot_stats(0..=9), "*1\r\n*2\r\n:5\r\n*2\r\n$9\r\nkey-count\r\n:0\r\n");
    assert_eq!((few[0].slot, few[0].key_count, few[0].cpu, few[0].memory_bytes), (5, 0, None, None));
    let why = "element 0, element 1: expected key-count, found nothing";
    fails(Build::new().cluster_slot_stats(0..=9), "*1\r\n*2\r\n:5\r\n*0\r\n", why);
}

#[test]
fn migrations_of_both_servers_decode_alike() {
    let of = |pairs: &[(&str, &str)]| {
        let words = pairs.iter().map(|(name, value)| match value.parse::<i64>() {
            Ok(number) => format!("{}:{number}\r\n", bulk(name)),
            Err(_) => format!("{}{}", bulk(name), bulk(value)),
        });
        words.collect::<String>()
    };
    let redis = of(&[
        ("id", "98ab"),
        ("slots", "0-100 7"),
        ("source", "a"),
        ("dest", "b"),
        ("operation", "import"),
        ("state", "completed"),
        ("last_error", ""),
        ("retries", "3"),
        ("create_time", "1700000000000"),
    ]);
    let valkey = of(&[
        ("name", "98ab"),
        ("operation", "IMPORT"),
        ("slot_ranges", "0-100 7"),
        ("target_node", "b"),
        ("source_node", "a"),
        ("create_time", "1700000000"),
        ("state", "success"),
        ("message", ""),
        ("retries", "3"),
    ]);
    for text in [redis, valkey] {
        for head in ["*1\r\n%9\r\n", "*1\r\n*18\r\n"] {
            let reply = format!("{head}{text}");
            let task = decode(&Build::new().cluster_migration_status("98ab"), &reply).unwrap();
            assert_eq!((&*task.id, &*task.source, &*task.target), ("98ab", "a", "b"));
            assert_eq!(task.slots, [0..=100, 7..=7]);
            assert!(task.is_import && task.is_done() && task.error.is_none());
            assert_eq!(task.created, UNIX_EPOCH + Duration::from_secs(1_700_000_000));
            assert_eq!(task.get::<u32>("retries"), Some(3));
            let failed = reply.replace("$0\r\n\r\n", "$4\r\noops\r\n").replace("IMPORT", "EXPORT");
            let failed = failed.replace("import", "migrat").replace("$7\r\nsuccess", "$6\r\nfailed");
            let task = &decode(&Build::new().cluster_getslotmigrations(), &failed)[0];
            assert_eq!((task.error.as_deref(), task.is_import), (Some("oops"), false));
            let wrong = failed.replace("0-100 7", "0-1x0 7");
            let error = Build::new().cluster_getslotmigrations().decode(&Reply::from_bytes(wrong).unwrap());
            assert!(error.unwrap_err().to_string().contains("expected ranges of slots"));
        }
    }
    assert!(decode(&Build::new().cluster_migration_status("x"), "*0\r\n").is_none());
    fails(
        Build::new().cluster_migration_status_all(),
        "*1\r\n%0\r\n",
        "element 0: expected create_time, found nothing",
    );
}
