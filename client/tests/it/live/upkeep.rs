//! Looking after a server: its commands, its memory, its disk, its replicas, and its end.

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant, SystemTime};

use client::{
    Background, Client, CommandFilter, Config, FailoverOptions, HotkeysMetrics, HotkeysOptions, KeyBegin,
    KeyFind, Protocol, Role, ShutdownOptions,
};

use super::server::each_private;
use crate::kit::{self, Private};

const PROTOCOLS: [Protocol; 2] = [Protocol::Resp3, Protocol::Resp2];

fn client(private: &Private, protocol: Protocol) -> Client {
    let config: Config = private.url().parse().unwrap();
    Client::new(&config.protocol(protocol)).unwrap()
}

#[track_caller]
fn eventually(mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(30), "it never was so");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn catalog() {
    kit::each(|on| {
        let client = &on.client;
        let commands = client.command().unwrap();
        assert_eq!(client.command_count().unwrap(), i64::try_from(commands.len()).unwrap());
        let set = commands.iter().find(|command| command.name == "set").unwrap();
        assert!(set.has_flag("write") && set.acl_categories.iter().any(|category| category == "@string"));
        assert_eq!((set.arity, set.first_key, set.last_key, set.key_step), (-3, 1, 1, 1));
        let infos = client.command_info(["get", "none", "SET"]).unwrap();
        assert_eq!((infos[0].as_ref().unwrap().arity, &infos[1]), (2, &None));
        assert_eq!(infos[2].as_ref(), Some(set));
        let keys: Vec<Vec<u8>> =
            client.command_getkeys(["MSET".as_bytes(), b"\xff", b"1", b"b", b"2"]).unwrap();
        assert_eq!(keys, [b"\xff".to_vec(), b"b".to_vec()]);
        assert_eq!(client.command_getkeys::<String>("PING").unwrap_err().code(), Some("ERR"));
        if !on.has("COMMAND DOCS, LIST and GETKEYSANDFLAGS", (7, 0), (7, 2)) {
            return;
        }
        let keys = &set.key_specs[0];
        assert!(keys.flags.iter().any(|flag| flag == "RW") && keys.notes.is_some());
        assert_eq!(keys.begin, KeyBegin::Index(1));
        assert_eq!(keys.find, KeyFind::Range { lastkey: 0, keystep: 1, limit: 0 });
        let config = commands.iter().find(|command| command.name == "config").unwrap();
        let get = config.subcommands.iter().find(|command| command.name == "config|get").unwrap();
        assert!(get.has_flag("admin"));
        assert!(commands.iter().any(|command| !command.tips.is_empty()));
        let specs = || commands.iter().flat_map(|command| &command.key_specs);
        assert!(specs().any(|spec| matches!(spec.begin, KeyBegin::Keyword { .. })));
        assert!(specs().any(|spec| matches!(spec.find, KeyFind::Keynum { .. })));
        assert_eq!(client.command_info("config|get").unwrap()[0].as_ref(), Some(get));

        let docs = client.command_docs(["set", "none", "config", "getset"]).unwrap();
        assert_eq!(docs.len(), 3);
        let set = &docs["set"];
        assert_eq!((&*set.since, &*set.group, set.complexity.as_deref()), ("1.0.0", "string", Some("O(1)")));
        assert!(set.summary.len() > 10 && set.history.len() > 3 && set.doc_flags.is_empty());
        assert_eq!((&*set.arguments[0].name, &*set.arguments[0].kind), ("key", "key"));
        assert_eq!(set.arguments[0].key_spec_index, Some(0));
        let condition = set.arguments.iter().find(|argument| argument.kind == "oneof").unwrap();
        assert_eq!(condition.flags, ["optional"]);
        assert!(condition.arguments.iter().any(|argument| argument.token.as_deref() == Some("NX")));
        assert!(docs["config"].subcommands["config|get"].summary.len() > 10);
        if !on.server.is_valkey() {
            let getset = &docs["getset"];
            assert_eq!(
                (&*getset.doc_flags.join(" "), getset.deprecated_since.as_deref()),
                ("deprecated", Some("6.2.0"))
            );
            assert!(getset.replaced_by.as_ref().unwrap().contains("SET"));
        }

        let names = client.command_list().unwrap();
        assert!(names.iter().any(|name| name == "config|get"));
        let some = |filter| client.command_list_with(filter).unwrap();
        assert!(some(CommandFilter::Pattern("xr*")).iter().any(|name| name == "xrange"));
        assert!(some(CommandFilter::Aclcat("geo")).iter().all(|name| name.starts_with("geo")));
        assert!(some(CommandFilter::Module("none")).is_empty());
        let keys =
            client.command_getkeysandflags::<Vec<u8>>(["LMOVE".as_bytes(), b"a", b"\xff", b"LEFT", b"LEFT"]);
        let keys = keys.unwrap();
        assert_eq!((&*keys[0].0, &*keys[1].0, keys.len()), (&b"a"[..], &b"\xff"[..], 2));
        assert!(
            keys[0].1.iter().any(|flag| flag == "delete") && keys[1].1.iter().any(|flag| flag == "insert")
        );
    });
}

#[test]
fn memory() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key(&"\u{ff}\0".repeat(3)));
        assert_eq!(client.memory_usage(&key).unwrap(), None);
        assert_eq!(client.memory_usage_samples(&key, 0).unwrap(), None);
        let long = "x".repeat(3_000);
        client.rpush(&key, ["a", "b", "c", "d", "e", "f", &long, &long]).unwrap();
        assert!(client.memory_usage(&key).unwrap() > Some(50));
        assert!(client.memory_usage_samples(&key, 0).unwrap() > Some(6_000));
        let stats = client.memory_stats().unwrap();
        assert!(stats.peak_allocated >= stats.startup_allocated && stats.keys_count > 0);
        assert!(stats.overhead_total > 0 && stats.keys_bytes_per_key > 0 && stats.dataset_bytes > 0);
        assert!(stats.peak_percentage > 0.0 && stats.dataset_percentage > 0.0 && stats.fragmentation > 0.0);
        let database = stats.databases.iter().find(|database| database.db == 0).unwrap();
        assert!(database.overhead_hashtable_main > 0);
        assert_eq!(stats.functions_caches.is_some(), on.has("functions", (7, 0), (7, 2)));
        assert!(stats.get::<u64>("allocator.active") > Some(0));
        assert!(!client.memory_doctor().unwrap().is_empty());
        assert!(client.memory_malloc_stats().unwrap().contains("not supported")); // by the libc of the matrix
        client.memory_purge().unwrap();
        let version = format!("ver. {}", on.server.version().0);
        let art = client.lolwut().unwrap();
        assert!(art.replace("ver.", "ver. ").replace("  ", " ").contains(&version), "{art}");
        let sized = client.lolwut_version(5, (20, 2, 1)).unwrap();
        assert_ne!(client.lolwut_version(5, ()).unwrap().len(), sized.len());
    });
}

#[test]
fn hotkeys() {
    each_private(|server, client| {
        if !server.has("HOTKEYS", (8, 6), None) {
            return;
        }
        assert!(!client.hotkeys_stop().unwrap());
        assert!(client.hotkeys_get().unwrap().is_none());
        let options =
            HotkeysOptions::new(HotkeysMetrics::Both).count(2).duration(Duration::from_secs(60)).sample(1);
        let before = SystemTime::now() - Duration::from_secs(1);
        client.hotkeys_start(options).unwrap();
        assert_eq!(client.hotkeys_start(HotkeysMetrics::Cpu).unwrap_err().code(), Some("ERR"));
        assert_eq!(client.hotkeys_reset().unwrap_err().code(), Some("ERR"));
        (0..200).for_each(|_| client.set(b"\xffhot", "x".repeat(100)).unwrap());
        (0..3).for_each(|_| client.set("cold", "x").unwrap());
        let hotkeys = client.hotkeys_get().unwrap().unwrap();
        assert!(hotkeys.tracking_active && hotkeys.sample_ratio == 1);
        assert!(hotkeys.collection_start_time > before);
        assert_eq!(hotkeys.selected_slots, [0..=16_383]);
        assert_eq!((&*hotkeys.by_net_bytes[0].0, hotkeys.by_net_bytes.len()), (&b"\xffhot"[..], 2));
        assert!(hotkeys.by_net_bytes[0].1 > 20_000);
        assert_eq!(hotkeys.by_cpu_time[0].0, b"\xffhot");
        assert!(!hotkeys.by_cpu_time[0].1.is_zero());
        assert!(hotkeys.get::<u64>("total-net-bytes") > Some(20_000));
        assert!(client.hotkeys_stop().unwrap());
        assert!(!client.hotkeys_get().unwrap().unwrap().tracking_active);
        client.hotkeys_reset().unwrap();
        client.hotkeys_start(HotkeysMetrics::Net).unwrap();
        assert!(client.hotkeys_get().unwrap().unwrap().by_cpu_time.is_empty());
        client.hotkeys_stop().unwrap();
        client.hotkeys_reset().unwrap();
        let slots = client.hotkeys_start(HotkeysOptions::new(HotkeysMetrics::Cpu).slots(&[7]));
        assert!(slots.unwrap_err().to_string().contains("cluster"));
    });
}

#[test]
fn saving() {
    each_private(|server, client| {
        let at_rest = || {
            let disk = client.info("persistence").unwrap().persistence().unwrap();
            !disk.rdb_bgsave_in_progress && !disk.aof_rewrite_in_progress && !disk.aof_rewrite_scheduled
        };
        client.set("k", "v").unwrap();
        client.save().unwrap();
        assert!(client.lastsave().unwrap() > SystemTime::now() - Duration::from_secs(60));
        let disk = || client.info("persistence").unwrap().persistence().unwrap();
        assert_eq!(disk().rdb_changes_since_last_save, 0);
        // Saved so slowly that it is still going on when the next commands come.
        client.config_set(("rdb-key-save-delay", 300_000)).unwrap();
        assert_eq!(client.bgsave().unwrap(), Background::Started);
        assert_eq!(client.bgsave().unwrap_err().code(), Some("ERR"));
        assert_eq!(client.save().unwrap_err().code(), Some("ERR"));
        assert_eq!(client.bgrewriteaof().unwrap(), Background::Scheduled);
        assert!(disk().rdb_current_bgsave_time.is_some() && disk().aof_rewrite_scheduled);
        client.config_set(("rdb-key-save-delay", 0)).unwrap();
        eventually(at_rest);
        assert!(disk().rdb_last_bgsave_ok && disk().rdb_last_bgsave_time.is_some());
        client.config_set(("rdb-key-save-delay", 300_000)).unwrap();
        assert_eq!(client.bgrewriteaof().unwrap(), Background::Started);
        assert_eq!(client.bgsave_schedule().unwrap(), Background::Scheduled);
        client.config_set(("rdb-key-save-delay", 0)).unwrap();
        eventually(at_rest);
        if server.has("BGSAVE CANCEL", None, (8, 1)) {
            client.config_set(("rdb-key-save-delay", 10_000_000)).unwrap();
            client.bgsave().unwrap();
            client.bgsave_cancel().unwrap();
            eventually(at_rest);
            assert_eq!(client.bgsave_cancel().unwrap_err().code(), Some("ERR"));
            client.config_set(("rdb-key-save-delay", 0)).unwrap();
        }
        assert_eq!(client.config_rewrite().unwrap_err().code(), Some("ERR"), "it was started without a file");
    });
}

#[test]
fn settings_on_disk() {
    for server in kit::servers() {
        let dir = tempfile::tempdir().unwrap();
        let [path, script] = ["settings.conf", "start.sh"].map(|name| dir.path().join(name));
        std::fs::write(&path, "").unwrap();
        // The file has to come before all other arguments.
        let start = format!("#!/bin/sh\nexec {} {} \"$@\"\n", server.binary.display(), path.display());
        std::fs::write(&script, start).unwrap();
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
        let own = Private::start(&script, &[]);
        for protocol in PROTOCOLS {
            let client = client(&own, protocol);
            let hz = if protocol == Protocol::Resp3 { 71 } else { 72 };
            client.config_set(("hz", hz)).unwrap();
            client.config_rewrite().unwrap();
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.contains(&format!("hz {hz}\n")), "{text}");
        }
    }
}

#[test]
fn backups() {
    for server in kit::servers() {
        if !server.has("BACKUP", (8, 10), None) {
            continue;
        }
        let own = Private::start(&server.binary, &["--appendonly", "yes"]);
        for protocol in PROTOCOLS {
            let client = client(&own, protocol);
            let status = client.backup_status().unwrap();
            assert_eq!((&*status.state, status.error, status.start_time), ("idle", None, None));
            assert_eq!(client.backup_seal().unwrap_err().code(), Some("ERR"));
            client.backup_start().unwrap();
            client.backup_abort().unwrap();
            client.set("k", "v").unwrap();
            eventually(|| client.backup_start().is_ok());
            eventually(|| client.backup_status().unwrap().state == "incrementing");
            assert_eq!(client.backup_list().unwrap().len(), 1);
            assert!(client.backup_status().unwrap().end_time.is_none());
            client.backup_seal().unwrap();
            let status = client.backup_status().unwrap();
            assert_eq!(status.state, "sealed");
            assert!(status.start_time.unwrap() <= status.end_time.unwrap());
            let files = client.backup_list().unwrap();
            assert!(files.iter().any(|path| path.ends_with(".rdb") && std::path::Path::new(path).exists()));
            client.backup_cleanup().unwrap();
            assert!(client.backup_list().unwrap().is_empty());
        }
    }
}

#[test]
fn replication() {
    for server in kit::servers() {
        for protocol in PROTOCOLS {
            println!("on {} in {protocol:?}", server.name);
            let arguments = ["--repl-diskless-sync-delay", "0"];
            let servers = [(); 2].map(|()| Private::start(&server.binary, &arguments));
            let [one, two] = [0, 1].map(|at| client(&servers[at], protocol));
            one.set("k", "v").unwrap();
            assert!(matches!(one.role().unwrap(), Role::Primary { replicas, .. } if replicas.is_empty()));
            two.replicaof("127.0.0.1", servers[0].port).unwrap();
            two.replicaof("127.0.0.1", servers[0].port).unwrap(); // "OK Already connected …"
            eventually(|| match two.role().unwrap() {
                Role::Replica { host, port, state, offset, .. } => {
                    assert_eq!((&*host, port), ("127.0.0.1", servers[0].port));
                    state == "connected" && offset.is_some()
                }
                other => panic!("{other:?}"),
            });
            assert_eq!(two.get::<String>("k").unwrap().as_deref(), Some("v"));
            eventually(|| match one.role().unwrap() {
                Role::Primary { replicas, .. } => replicas.iter().any(|r| r.port == servers[1].port),
                other => panic!("{other:?}"),
            });
            let told = |client: &Client| client.info("replication").unwrap().replication().unwrap();
            let replication = told(&one);
            assert_eq!((&*replication.role, replication.connected_slaves), ("master", 1));
            eventually(|| told(&one).replicas[0].state == "online");
            assert_eq!(told(&one).replicas[0].port, servers[1].port);
            let replication = told(&two);
            let primary = replication.primary.unwrap();
            assert_eq!((&*replication.role, primary.port, primary.is_up), ("slave", servers[0].port, true));
            assert!(
                primary.last_io.is_some() && primary.down_since.is_none() && primary.replica_is_read_only
            );

            if server.has("FAILOVER", (6, 2), (7, 2)) {
                let options = FailoverOptions::new().timeout(Duration::from_secs(20));
                assert_eq!(one.failover_abort().unwrap_err().code(), Some("ERR"));
                one.failover_with(options.to("127.0.0.1", servers[1].port)).unwrap();
                eventually(|| matches!(two.role().unwrap(), Role::Primary { .. }));
                eventually(|| matches!(one.role().unwrap(), Role::Replica { .. }));
                one.replicaof_no_one().unwrap();
                assert!(matches!(one.role().unwrap(), Role::Primary { .. }));
            }
            two.replicaof_no_one().unwrap();
            assert!(one.failover().unwrap_err().server_error().is_some());
        }
    }
}

#[test]
fn the_end() {
    for server in kit::servers() {
        // Since 7.0 a folder is not to be set otherwise.
        let protected = server.version() >= (7, 0);
        let arguments: &[&str] = if protected { &["--enable-protected-configs", "yes"] } else { &[] };
        let mut private = Private::start(&server.binary, arguments);
        for protocol in PROTOCOLS {
            println!("on {} in {protocol:?}", server.name);
            let pooled = client(&private, protocol);
            assert_eq!(pooled.shutdown_abort().unwrap_err().code(), Some("ERR"));
            pooled.set("k", "v").unwrap();
            pooled.shutdown_with(ShutdownOptions::new().save()).unwrap();
            private.restart();
            assert_eq!(pooled.get::<String>("k").unwrap().as_deref(), Some("v"), "it was saved");
            pooled.del("k").unwrap();
            let own = pooled.dedicated().unwrap();
            own.shutdown_with(ShutdownOptions::new().nosave()).unwrap();
            assert!(own.ping().unwrap_err().is_connection());
            private.restart();
            pooled.shutdown().unwrap();
            private.restart();
            if server.has("SHUTDOWN NOW FORCE", (7, 0), (7, 2)) {
                pooled.shutdown_with(ShutdownOptions::new().nosave().now().force()).unwrap();
                private.restart();
            }
            // What cannot be saved is no end, but an error.
            pooled.config_set(("dir", "/proc")).unwrap();
            let error = pooled.shutdown_with(ShutdownOptions::new().save()).unwrap_err();
            assert_eq!(error.code(), Some("ERR"), "{error}");
            assert_eq!(pooled.ping().unwrap(), "PONG");
            pooled.shutdown_with(ShutdownOptions::new().nosave()).unwrap();
            private.restart();
        }
        let retried = client(&private, Protocol::Resp3);
        retried.shutdown_with(ShutdownOptions::new().nosave()).unwrap();
        let error = retried.shutdown_with(ShutdownOptions::new().nosave()).unwrap_err();
        assert!(error.is_connection(), "nobody was told, as nobody is there: {error}");
        private.restart();
    }
}
