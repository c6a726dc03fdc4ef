//! How the commands about connections, clients and the server are spelt, and what their replies become.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use client::{
    Build, ClientAttribute, ClientFilter, ClientType, Command, HelloOptions, Info, Protocol, Redirection,
    Reply, Switch, TrackingOptions,
};

use super::{check, decodes, fails, refused};

const HALF: Duration = Duration::from_micros(1_500_500);

#[track_caller]
fn decoded<R>(command: Command<R>, reply: impl Into<String>) -> R {
    command.decode(&Reply::from_bytes(reply.into()).unwrap()).unwrap()
}

#[test]
pub(super) fn sessions() {
    let b = Build::new();
    check(b.select(3), "SELECT 3", "");
    check(b.auth("secret"), "AUTH secret", "");
    check(b.auth_user("ann", "secret"), "AUTH ann secret", "");
    check(b.hello(), "HELLO", "");
    check(b.hello_with(Protocol::Resp3), "HELLO 3", "");
    let options = HelloOptions::new(Protocol::Resp2).auth("ann", "secret").setname("n");
    check(b.hello_with(options), "HELLO 2 AUTH ann secret SETNAME n", "");
    assert!(!format!("{options:?}").contains("secret"), "{options:?}");
    check(b.reset(), "RESET", "");
    check(b.quit(), "QUIT", "");
    check(b.client_setname("n"), "CLIENT SETNAME n", "");
    check(b.client_setinfo(ClientAttribute::LibName, "x"), "CLIENT SETINFO LIB-NAME x", "");
    check(b.client_setinfo(ClientAttribute::LibVer, "1.2"), "CLIENT SETINFO LIB-VER 1.2", "");
    check(b.client_no_evict(Switch::On), "CLIENT NO-EVICT ON", "");
    check(b.client_no_touch(Switch::Off), "CLIENT NO-TOUCH OFF", "");
    check(b.client_capa(["redirect", "subs"]), "CLIENT CAPA redirect subs", "");
    check(b.client_import_source(Switch::Off), "CLIENT IMPORT-SOURCE OFF", "");
    decodes(b.reset(), "+RESET\r\n", ());

    let map = "%8\r\n$6\r\nserver\r\n$6\r\nvalkey\r\n$7\r\nversion\r\n$5\r\n9.1.2\r\n$5\r\nproto\r\n:3\r\n\
        $2\r\nid\r\n:7\r\n$4\r\nmode\r\n$7\r\ncluster\r\n$4\r\nrole\r\n$7\r\nreplica\r\n\
        $7\r\nmodules\r\n*1\r\n*4\r\n$4\r\nname\r\n$3\r\nlua\r\n$3\r\nver\r\n:1\r\n$1\r\nx\r\n:5\r\n";
    let flat = map.replace("%8", "*16");
    for reply in [map.to_owned(), flat] {
        let hello = decoded(b.hello(), reply);
        assert_eq!((&*hello.server, &*hello.version, hello.proto, hello.id), ("valkey", "9.1.2", 3, 7));
        assert_eq!((&*hello.mode, &*hello.role), ("cluster", "replica"));
        let module = &hello.modules[0];
        assert_eq!((&*module.name, module.ver, &module.path, module.args.len()), ("lua", 1, &None, 0));
        assert_eq!((hello.get("x"), hello.get::<i64>("y")), (Some(5), None));
    }
    fails(b.hello(), "*0\r\n", "expected server, found nothing");
}

#[test]
pub(super) fn clients() {
    let (b, filter) = (Build::new(), ClientFilter::new());
    check(b.client_list_with(filter), "CLIENT LIST", "");
    check(b.client_list_with(ClientType::Pubsub), "CLIENT LIST TYPE PUBSUB", "");
    check(b.client_list_with(filter.ids(&[7, 8])), "CLIENT LIST ID 7 8", "");
    check(b.client_kill_addr("127.0.0.1:7"), "CLIENT KILL ADDR 127.0.0.1:7", "");
    let texts = filter.user("u").addr("a").laddr("l").name("n").flags("N").lib_name("L").lib_ver("1");
    check(
        b.client_kill(texts.capa("r").ip("i")),
        "CLIENT KILL USER u ADDR a LADDR l NAME n FLAGS N LIB-NAME L LIB-VER 1 CAPA r IP i",
        "",
    );
    check(
        b.client_list_with(texts.not(texts.capa("r").ip("i"))),
        "CLIENT LIST USER u ADDR a LADDR l NAME n FLAGS N LIB-NAME L LIB-VER 1 NOT-USER u NOT-ADDR a \
         NOT-LADDR l NOT-NAME n NOT-FLAGS N NOT-LIB-NAME L NOT-LIB-VER 1 NOT-CAPA r NOT-IP i",
        "",
    );
    let rest = filter.ids(&[7]).client_type(ClientType::Master).db(3);
    check(
        b.client_kill(rest.skipme(Switch::Off).maxage(HALF).idle(HALF).not(rest)),
        "CLIENT KILL ID 7 TYPE MASTER DB 3 SKIPME NO MAXAGE 2 IDLE 2 NOT-ID 7 NOT-TYPE MASTER NOT-DB 3",
        "",
    );
    check(b.client_kill(ClientType::Normal), "CLIENT KILL TYPE NORMAL", "");
    check(b.client_kill(ClientType::Replica), "CLIENT KILL TYPE REPLICA", "");
    check(b.client_kill(filter.maxage(Duration::MAX)), "CLIENT KILL MAXAGE 9223372036854775807", "");
    check(b.client_unblock(7), "CLIENT UNBLOCK 7", "");
    check(b.client_unblock_error(7), "CLIENT UNBLOCK 7 ERROR", "");

    refused(b.client_kill(filter), "needs a filter that leaves someone out");
    refused(b.client_kill(filter.not(filter)), "needs a filter that leaves someone out");
    refused(b.client_list_with(filter.ids(&[])), "needs at least one argument");
    refused(b.client_kill(filter.db(1).not(filter.ids(&[]))), "needs at least one argument");
    let one_sided = "has an age or skipme in what clients may not have";
    for wrong in [filter.idle(HALF), filter.maxage(HALF), filter.skipme(Switch::On), filter.not(filter.db(1))]
    {
        refused(b.client_kill(filter.not(wrong)), one_sided);
    }

    let line = "id=5 addr=/tmp/redis sock/redis.sock:0 laddr=127.0.0.1:6379 fd=9 name=test=_complex_[name] age=-1 \
        idle=70 cmd=NULL user=default lib-name= lib-ver=1.2 db=0 resp=3 new-field=x";
    let line = format!("{line}\n{}\n", line.replace("age=-1", "age=5").replace("NULL", "client|list"));
    for reply in [format!("${}\r\n{line}\r\n", line.len()), format!("={}\r\ntxt:{line}\r\n", line.len() + 4)]
    {
        let clients = decoded(b.client_list(), reply);
        let [one, two] = &clients[..] else { panic!("{clients:?}") };
        assert_eq!((one.addr(), one.name()), ("/tmp/redis sock/redis.sock:0", Some("test=_complex_[name]")));
        assert_eq!((one.laddr(), one.user(), one.flags()), (Some("127.0.0.1:6379"), Some("default"), ""));
        assert_eq!((one.age(), one.idle()), (Duration::ZERO, Duration::from_secs(70)));
        assert_eq!((one.cmd(), two.cmd()), (None, Some("client|list")));
        assert_eq!((one.lib_name(), one.lib_ver()), (None, Some("1.2")));
        assert_eq!((two.age().as_secs(), two.get("resp"), two.field("new-field")), (5, Some(3), Some("x")));
        assert_eq!((two.get::<i64>("cmd"), two.get::<i64>("none")), (None, None));
    }
    decodes(b.client_list(), "$0\r\n\r\n", vec![]);
}

#[test]
pub(super) fn tracking() {
    let (b, options) = (Build::new(), TrackingOptions::new());
    check(b.client_tracking_on(options), "CLIENT TRACKING ON", "");
    check(b.client_tracking_on(options.redirect(7).optin()), "CLIENT TRACKING ON REDIRECT 7 OPTIN", "");
    check(
        b.client_tracking_on(options.bcast(&["a"]).optout().noloop()),
        "CLIENT TRACKING ON OPTOUT NOLOOP",
        "",
    );
    check(b.client_tracking_on(options.optin().bcast(&[])), "CLIENT TRACKING ON BCAST", "");
    let prefixes = options.bcast(&["a", "b"]);
    check(b.client_tracking_on(prefixes), "CLIENT TRACKING ON BCAST PREFIX a PREFIX b", "");
    check(b.client_tracking_off(), "CLIENT TRACKING OFF", "");
    check(b.client_caching(Switch::On), "CLIENT CACHING YES", "");
    check(b.client_caching(Switch::Off), "CLIENT CACHING NO", "");
    check(b.client_trackinginfo(), "CLIENT TRACKINGINFO", "");
    check(b.client_getredir(), "CLIENT GETREDIR", "");

    for (reply, redirection) in
        [(":-1\r\n", Redirection::Off), (":0\r\n", Redirection::Own), (":7\r\n", Redirection::To(7))]
    {
        decodes(b.client_getredir(), reply, redirection);
    }
    let map = "%4\r\n$5\r\nflags\r\n~2\r\n$2\r\non\r\n$5\r\nbcast\r\n$8\r\nredirect\r\n:7\r\n\
        $8\r\nprefixes\r\n*1\r\n$1\r\na\r\n$3\r\nnew\r\n:5\r\n";
    for reply in [map.to_owned(), map.replace("%4", "*8").replace('~', "*")] {
        let info = decoded(b.client_trackinginfo(), reply);
        assert_eq!((info.flags.join(" ").as_str(), info.redirect), ("on bcast", Redirection::To(7)));
        assert_eq!((&info.prefixes[..], info.get("new")), (&[b"a".to_vec()][..], Some(5)));
    }
    fails(b.client_trackinginfo(), "*2\r\n$5\r\nflags\r\n*0\r\n", "expected redirect, found nothing");
}

#[test]
pub(super) fn modules() {
    let b = Build::new();
    check(b.module_list(), "MODULE LIST", "");
    check(b.module_load("/m.so", ()), "MODULE LOAD /m.so", "");
    check(b.module_load("/m.so", ["a", "b"]), "MODULE LOAD /m.so a b", "");
    check(b.module_loadex("/m.so", [("", ""); 0], ()), "MODULE LOADEX /m.so", "");
    check(
        b.module_loadex("/m.so", [("m.a", 1), ("m.b", 2)], ["x", "y"]),
        "MODULE LOADEX /m.so CONFIG m.a 1 CONFIG m.b 2 ARGS x y",
        "",
    );
    check(b.module_unload("m"), "MODULE UNLOAD m", "");

    let old = decoded(b.module_list(), "*1\r\n*4\r\n$4\r\nname\r\n$1\r\nm\r\n$3\r\nver\r\n:20\r\n");
    assert_eq!((&*old[0].name, old[0].ver, &old[0].path), ("m", 20, &None));
    let new = "*1\r\n%5\r\n$4\r\nname\r\n$1\r\nm\r\n$3\r\nver\r\n:20\r\n$4\r\npath\r\n$1\r\n/\r\n\
        $4\r\nargs\r\n*1\r\n$1\r\na\r\n$1\r\nx\r\n:5\r\n";
    let new = decoded(b.module_list(), new);
    assert_eq!(
        (new[0].path.as_deref(), &new[0].args[..], new[0].get("x")),
        (Some("/"), &["a".to_owned()][..], Some(5))
    );
}

fn info(text: &str) -> Info {
    decoded(Build::new().info("everything"), format!("${}\r\n{text}\r\n", text.len()))
}

#[test]
fn info_of_servers() {
    let valkey = info(
        "# Server\r\nredis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:9.1.2\r\n\
        server_mode:cluster\r\narch_bits:64\r\ntcp_port:0\r\nserver_time_usec:1500500\r\nuptime_in_seconds:61\r\n\
        config_file:\r\n",
    );
    let server = valkey.server().unwrap();
    assert_eq!((&*server.name, &*server.version, &*server.redis_version), ("valkey", "9.1.2", "7.2.4"));
    assert_eq!((&*server.mode, server.config_file, server.arch_bits), ("cluster", None, 64));
    assert_eq!((server.server_time, server.uptime), (Some(UNIX_EPOCH + HALF), Duration::from_secs(61)));
    let old = info("# Server\r\nredis_version:6.2.14\r\nredis_mode:standalone\r\nconfig_file:/a b\r\n");
    let server = old.server().unwrap();
    assert_eq!((&*server.name, &*server.version, &*server.mode), ("redis", "6.2.14", "standalone"));
    assert_eq!((server.config_file.as_deref(), server.server_time), (Some("/a b"), None));
    assert!(
        old.memory().is_none() && old.stats().is_none() && old.cpu().is_none() && old.clients().is_none()
    );
    assert!(old.replication().is_none() && old.persistence().is_none() && old.cluster().is_none());
    assert!(old.keyspace().is_empty() && old.modules().is_empty() && old.commandstats().is_empty());
}

#[test]
fn info_of_load() {
    let info = info(
        "# Clients\r\nconnected_clients:3\r\nmaxclients:x\r\n# Memory\r\nused_memory:18446744073709551615\r\n\
        used_memory_peak_perc:100.16%\r\nmem_fragmentation_ratio:6.27\r\nmem_fragmentation_bytes:-5\r\n\
        active_defrag_running:1\r\n# CPU\r\nused_cpu_sys:1.500500\r\nused_cpu_user:-1\r\n# Stats\r\n\
        instantaneous_input_kbps:0.59\r\nlatest_fork_usec:250\r\nevicted_clients:0\r\n# Persistence\r\nloading:1\r\n\
        rdb_last_save_time:60\r\nrdb_last_bgsave_status:err\r\nrdb_last_bgsave_time_sec:-1\r\n\
        rdb_current_bgsave_time_sec:0\r\naof_last_write_status:ok\r\naof_current_size:5\r\n",
    );
    let clients = info.clients().unwrap();
    assert_eq!((clients.connected_clients, clients.maxclients, clients.blocked_clients), (3, None, 0));
    let memory = info.memory().unwrap();
    assert_eq!((memory.used_memory, memory.mem_fragmentation_bytes), (u64::MAX, -5));
    assert_eq!((memory.used_memory_peak_perc, memory.mem_fragmentation_ratio), (100.16, 6.27));
    assert!(memory.active_defrag_running);
    let cpu = info.cpu().unwrap();
    assert_eq!((cpu.sys, cpu.user, cpu.sys_main_thread), (HALF, Duration::ZERO, None));
    let stats = info.stats().unwrap();
    assert_eq!((stats.instantaneous_input_kbps, stats.latest_fork), (0.59, Duration::from_micros(250)));
    assert_eq!((stats.evicted_clients, stats.total_forks), (Some(0), None));
    let disk = info.persistence().unwrap();
    assert_eq!((disk.loading, disk.rdb_last_bgsave_ok, disk.aof_last_write_ok), (true, false, true));
    assert_eq!(disk.rdb_last_save_time, Some(SystemTime::UNIX_EPOCH + Duration::from_secs(60)));
    assert_eq!((disk.rdb_last_bgsave_time, disk.rdb_current_bgsave_time), (None, Some(Duration::ZERO)));
    assert_eq!((disk.aof_current_size, disk.aof_base_size), (Some(5), None));
}

#[test]
fn info_of_replication() {
    let primary = info(
        "# Replication\r\nrole:master\r\nconnected_slaves:2\r\n\
        slave0:ip=::1,port=6380,state=online,offset=14,lag=1,type=main-channel\r\n\
        slave1:ip=10.0.0.1,port=6381,state=wait_bgsave,offset=0,lag=-1\r\nslave_expires_tracked_keys:0\r\n\
        master_repl_offset:14\r\nsecond_repl_offset:-1\r\nrepl_backlog_active:1\r\n",
    )
    .replication()
    .unwrap();
    assert_eq!((&*primary.role, primary.primary, primary.replicas.len()), ("master", None, 2));
    let [one, two] = &primary.replicas[..] else { panic!() };
    assert_eq!((&*one.ip, one.port, &*one.state, one.offset), ("::1", 6380, "online", 14));
    assert_eq!((one.lag, two.lag), (Some(Duration::from_secs(1)), None));
    assert_eq!((primary.second_repl_offset, primary.repl_backlog_active), (None, true));

    let replica = info(
        "# Replication\r\nrole:slave\r\nmaster_host:10.0.0.1\r\nmaster_port:6380\r\n\
        master_link_status:down\r\nmaster_last_io_seconds_ago:-1\r\nmaster_sync_in_progress:1\r\n\
        slave_repl_offset:7\r\nmaster_link_down_since_seconds:5\r\nslave_priority:100\r\nslave_read_only:1\r\n",
    );
    let replication = replica.replication().unwrap();
    let primary = replication.primary.unwrap();
    assert_eq!((&*primary.host, primary.port, primary.is_up), ("10.0.0.1", 6380, false));
    assert_eq!((primary.last_io, primary.down_since), (None, Some(Duration::from_secs(5))));
    assert_eq!((primary.is_syncing, primary.replica_offset), (true, 7));
    assert_eq!((primary.replica_is_read_only, primary.replica_priority), (true, 100));
}

#[test]
fn info_of_names() {
    let info = info(
        "# Modules\r\nmodule:name=search,ver=999999,api=1,filters=0,usedby=[],using=[ReJSON|b],\
        options=[handle-io-errors]\r\nmodule:name=odd\r\n\r\n# search_fields_statistics\r\n\
        search_fields_text:Text=3\r\nsearch_fields_tag:Tag=2,Sortable=1\r\n# search_version\r\n\
        search_redis_version:7.2.2 - oss\r\nflag:a,b=1\r\nodd:a b=foo,,c,d=bar,e,\r\nlist:a,b\r\n# Commandstats\r\n\
        cmdstat_get:calls=2,usec=7,usec_per_call=3.50\r\n\
        cmdstat_client|list:calls=1,usec=5,usec_per_call=5.00,rejected_calls=3,failed_calls=4\r\n# Errorstats\r\n\
        errorstat_WRONGTYPE:count=12\r\n# Latencystats\r\n\
        latency_percentiles_usec_get:p50=3.007,p99.9=1003.519,x=1\r\n# Cluster\r\ncluster_enabled:1\r\n\
        # Keyspace\r\ndb0:keys=3,expires=2,avg_ttl=1500,subexpiry=1\r\n\
        db12:keys=1,expires=0,avg_ttl=0,keys_with_volatile_items=5\r\ndb3:keys=1\r\nnodb:keys=1\r\n",
    );
    let modules = info.modules();
    let [search, odd] = &modules[..] else { panic!("{modules:?}") };
    assert_eq!((&*search.name, search.ver, search.api, search.filters), ("search", 999_999, 1, 0));
    assert!(search.usedby.is_empty());
    assert_eq!(
        (search.using.join(" "), search.options.join(" ")),
        ("ReJSON b".into(), "handle-io-errors".into())
    );
    assert_eq!((&*odd.name, odd.ver), ("odd", 0));
    let parts = |name| info.parts(name).collect::<Vec<_>>();
    assert_eq!(parts("search_fields_tag"), [("Tag", "2"), ("Sortable", "1")]);
    assert_eq!(info.field("search_redis_version"), Some("7.2.2 - oss"));
    assert_eq!(parts("flag"), [("a", ""), ("b", "1")]);
    assert_eq!(parts("odd"), [("a b", "foo"), ("c", ""), ("d", "bar"), ("e", "")]);
    assert_eq!(parts("list"), []);

    let stats = info.commandstats();
    assert_eq!(stats.len(), 2);
    assert_eq!((stats["get"].calls, stats["get"].time), (2, Duration::from_micros(7)));
    assert_eq!((stats["get"].time_per_call, stats["get"].failed_calls), (Duration::from_nanos(3_500), 0));
    assert_eq!((stats["client|list"].rejected_calls, stats["client|list"].failed_calls), (3, 4));
    assert_eq!(info.errorstats()["WRONGTYPE"], 12);
    let latency = [(50.0, Duration::from_nanos(3_007)), (99.9, Duration::from_nanos(1_003_519))];
    assert_eq!(info.latencystats()["get"], latency);
    assert!(info.cluster().unwrap().enabled);
    let databases = info.keyspace();
    let found: Vec<_> = databases.iter().map(|d| (d.db, d.keys, d.expires, d.subexpiry)).collect();
    assert_eq!(found, [(0, 3, 2, Some(1)), (12, 1, 0, Some(5)), (3, 1, 0, None)]);
    assert_eq!(databases[0].avg_ttl, Duration::from_millis(1_500));
}
