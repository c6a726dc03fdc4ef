//! Connections that are changed, and what a server tells about itself and its clients.

use std::time::{Duration, SystemTime};

use client::{
    Client, ClientAttribute, ClientFilter, ClientInfo, ClientType, Config, HelloOptions, Protocol,
    Redirection, Request, Switch, Timeout, TrackingOptions,
};

use crate::kit::{self, Private, Subject};

/// A client of a server of its own, in some version of the protocol.
fn client(url: &str, protocol: Protocol) -> Client {
    let config: Config = url.parse().unwrap();
    Client::new(&config.protocol(protocol)).unwrap()
}

fn number(protocol: Protocol) -> i64 {
    if protocol == Protocol::Resp3 { 3 } else { 2 }
}

#[test]
fn sessions() {
    kit::each(|on| {
        let key = on.key("k");
        let own = on.client.dedicated().unwrap();
        let id = own.client_id().unwrap();
        own.client_setname("näme").unwrap_err(); // nothing but printable ASCII
        own.client_setname("a-name").unwrap();
        assert_eq!(own.client_getname().unwrap().as_deref(), Some("a-name"));
        own.client_setname("").unwrap();
        assert_eq!(own.client_getname().unwrap(), None);

        let hello = own.hello().unwrap();
        assert_eq!((hello.proto, hello.id, &*hello.mode), (number(on.protocol), id, "standalone"));
        let brand = if on.server.is_valkey() { "valkey" } else { "redis" };
        let (major, minor) = on.server.version();
        assert!(hello.version.starts_with(&format!("{major}.{minor}.")), "{}", hello.version);
        assert_eq!((&*hello.server, &*hello.role), (brand, "master"));
        for protocol in [Protocol::Resp2, Protocol::Resp3, Protocol::Resp2] {
            let hello = own.hello_with(HelloOptions::new(protocol).setname("other")).unwrap();
            assert_eq!(hello.proto, number(protocol));
            assert_eq!(own.client_getname().unwrap().as_deref(), Some("other"));
        }

        own.select(9).unwrap();
        own.set(&key, 1).unwrap();
        assert_eq!(own.select(99_999).unwrap_err().code(), Some("ERR"));
        assert_eq!(own.get::<i64>(&key).unwrap(), Some(1), "still the database before");
        own.reset().unwrap();
        assert_eq!((own.get::<i64>(&key).unwrap(), own.client_getname().unwrap()), (None, None));
        assert_eq!(own.hello().unwrap().proto, 2);
        drop(own);
        assert_ne!(on.client.client_id().unwrap(), id, "a changed connection does not go back");

        let own = on.client.dedicated().unwrap();
        own.quit().unwrap();
        assert!(own.ping().unwrap_err().is_connection());
    });
}

#[test]
fn what_a_server_may_know_of_a_connection() {
    kit::each(|on| {
        let own = on.client.dedicated().unwrap();
        if on.has("CLIENT SETINFO", (7, 2), (7, 2)) {
            own.client_setinfo(ClientAttribute::LibName, "redisy(test)").unwrap();
            own.client_setinfo(ClientAttribute::LibVer, "1.2.3").unwrap();
            assert_eq!(own.client_setinfo(ClientAttribute::LibVer, "a b").unwrap_err().code(), Some("ERR"));
            let info = own.client_info().unwrap();
            assert_eq!((info.lib_name(), info.lib_ver()), (Some("redisy(test)"), Some("1.2.3")));
        }
        if on.has("CLIENT NO-EVICT", (7, 0), (7, 2)) {
            own.client_no_evict(Switch::On).unwrap();
            assert!(own.client_info().unwrap().flags().contains('e'));
            own.client_no_evict(Switch::Off).unwrap();
            assert!(!own.client_info().unwrap().flags().contains('e'));
        }
        if on.has("CLIENT NO-TOUCH", (7, 2), (7, 2)) {
            own.client_no_touch(Switch::On).unwrap();
            assert!(own.client_info().unwrap().flags().contains('T'));
        }
        if on.has("CLIENT CAPA", None, (8, 0)) {
            own.client_capa("redirect").unwrap();
            assert_eq!(own.client_info().unwrap().field("capa"), Some("r"));
        }
        if on.has("CLIENT IMPORT-SOURCE", None, (8, 1)) {
            // Only while the server is in its import mode, which would be seen by all.
            let error = own.client_import_source(Switch::On).unwrap_err();
            assert!(error.to_string().contains("import mode"), "{error}");
            own.client_import_source(Switch::Off).unwrap();
        }
        for words in [["CAPA", "redirect"], ["IMPORT-SOURCE", "ON"], ["SETNAME", "x"], ["CACHING", "YES"]] {
            let error = on.client.run::<()>(Request::new("CLIENT").args(&words)).unwrap_err();
            assert!(error.is_usage(), "{error}");
        }
    });
}

#[test]
fn who_a_connection_is() {
    for server in kit::servers() {
        let private = Private::start(&server.binary, &["--requirepass", "secret"]);
        for protocol in [Protocol::Resp3, Protocol::Resp2] {
            let url = private.url().replace("redis://", "redis://:secret@");
            let own = client(&url, protocol).dedicated().unwrap();
            let rule = Request::new("ACL SETUSER").args(&["ann", "on", ">pw", "+@all", "~*"]);
            own.run::<()>(rule).unwrap();
            let user = || own.run::<String>(Request::new("ACL WHOAMI")).unwrap();
            own.auth_user("ann", "pw").unwrap();
            assert_eq!(user(), "ann");
            let error = own.auth_user("ann", "wrong-pw").unwrap_err();
            assert!(error.is_auth() && !error.to_string().contains("wrong-pw"), "{error}");
            assert_eq!(user(), "ann", "a wrong password changes nothing");
            own.auth("secret").unwrap();
            assert_eq!(user(), "default");
            own.hello_with(HelloOptions::new(protocol).auth("ann", "pw")).unwrap();
            assert_eq!(user(), "ann");
            own.reset().unwrap();
            assert!(own.ping().unwrap_err().is_auth());
            own.hello_with(HelloOptions::new(protocol).auth("default", "secret")).unwrap();
            assert_eq!(own.ping().unwrap(), "PONG");
        }
    }
}

#[test]
fn clients_that_pass_a_filter() {
    kit::each(|on| {
        let (one, two) = (on.client.dedicated().unwrap(), on.client.dedicated().unwrap());
        let name = format!("filter-{}", std::process::id());
        one.client_setname(&name).unwrap();
        let [id, other] = [&one, &two].map(|own| own.client_id().unwrap());
        let ids = |filter: ClientFilter<'_>| -> Vec<i64> {
            let mut ids: Vec<_> =
                on.client.client_list_with(filter).unwrap().iter().map(ClientInfo::id).collect();
            ids.sort_unstable();
            ids
        };
        let filter = ClientFilter::new();
        assert_eq!(ids(filter.ids(&[id, other, i64::MAX])), [id, other]);
        assert!(ids(filter).contains(&id) && ids(ClientType::Normal.into()).contains(&other));
        assert!(!ids(ClientType::Pubsub.into()).contains(&id));
        let info = &on.client.client_list_with(filter.ids(&[id])).unwrap()[0];
        assert_eq!((info.name(), info.user()), (Some(&*name), Some("default")));
        assert!(info.laddr().unwrap().ends_with(&format!(":{}", on.server.port)));
        assert!(info.age() < Duration::from_secs(60) && info.idle() < Duration::from_secs(60));
        assert!(info.cmd().unwrap().starts_with("client"));

        if on.has("CLIENT LIST with all filters", None, (9, 0)) {
            let ids_of_both = [id, other];
            let both = filter.ids(&ids_of_both);
            assert_eq!(ids(both.name(&name)), [id]);
            assert_eq!(ids(both.not(filter.name(&name))), [other]);
            assert_eq!(
                ids(both.db(0).flags("N").ip("127.0.0.1").user("default").skipme(Switch::On)),
                [id, other]
            );
            assert_eq!(ids(both.not(filter.ids(&[other]))), [id]);
            assert_eq!(ids(both.not(filter.client_type(ClientType::Normal).db(7))), [0; 0]);
            assert_eq!(ids(both.idle(Duration::from_secs(1_000))), [0; 0]);
            assert_eq!(ids(both.maxage(Duration::from_secs(1_000))), [0; 0]);
            assert_eq!(ids(both.lib_name("none")), [0; 0]);
            assert_eq!(ids(both.capa("r")), [0; 0]);
            assert_eq!(on.client.client_kill(both.name(&name).not(filter.db(5))).unwrap(), 1);
        } else {
            assert_eq!(on.client.client_kill(filter.ids(&[id])).unwrap(), 1);
        }
        assert!(one.ping().unwrap_err().is_connection());
        let info = two.client_info().unwrap();
        let ids_of_two = [other];
        let whole = filter.addr(info.addr()).laddr(info.laddr().unwrap()).user("default").ids(&ids_of_two);
        assert_eq!(two.client_kill(whole.client_type(ClientType::Normal)).unwrap(), 0, "it is spared");
        assert!(!two.client_kill_addr(info.addr()).unwrap(), "it is spared");
        if on.has("CLIENT KILL MAXAGE", (7, 4), (8, 0)) {
            let old = whole.maxage(Duration::from_secs(1_000));
            assert_eq!(on.client.client_kill(old).unwrap(), 0);
        }
        assert_eq!(two.client_kill(whole.skipme(Switch::Off)).unwrap(), 1, "now it is not");
        assert!(two.ping().unwrap_err().is_connection());
        assert!(!on.client.client_kill_addr("127.0.0.1:1").unwrap());
    });
}

#[test]
fn unblocking() {
    kit::each(|on| {
        let key = on.key("none");
        assert!(!on.client.client_unblock(i64::MAX).unwrap());
        let key = &key;
        for is_error in [false, true] {
            let own = on.client.dedicated().unwrap();
            let id = own.client_id().unwrap();
            std::thread::scope(|scope| {
                let blocked = scope.spawn(move || own.blpop::<String, String>(key, Timeout::Forever));
                let unblock = || match is_error {
                    false => on.client.client_unblock(id).unwrap(),
                    true => on.client.client_unblock_error(id).unwrap(),
                };
                while !unblock() {
                    assert!(!blocked.is_finished());
                    std::thread::sleep(Duration::from_millis(1));
                }
                let result = blocked.join().unwrap();
                match is_error {
                    false => assert_eq!(result.unwrap(), None),
                    true => assert_eq!(result.unwrap_err().code(), Some("UNBLOCKED")),
                }
            });
        }
    });
}

#[test]
fn tracking() {
    kit::each(|on| {
        let (key, own) = (on.key("k"), on.client.dedicated().unwrap());
        assert_eq!(own.client_getredir().unwrap(), Redirection::Off);
        assert_eq!(own.client_trackinginfo().unwrap().flags, ["off"]);
        assert_eq!(own.client_caching(Switch::On).unwrap_err().code(), Some("ERR"));
        let to = on.client.dedicated().unwrap();
        let id = to.client_id().unwrap();

        own.client_tracking_on(TrackingOptions::new().redirect(id).bcast(&[&key, "other:"]).noloop())
            .unwrap();
        let info = own.client_trackinginfo().unwrap();
        let mut flags = info.flags.clone();
        flags.sort_unstable();
        assert_eq!((flags.join(" ").as_str(), info.redirect), ("bcast noloop on", Redirection::To(id)));
        let mut prefixes = info.prefixes.clone();
        prefixes.sort_unstable_by_key(|prefix| prefix != b"other:");
        assert_eq!(prefixes, [b"other:".to_vec(), key.clone().into_bytes()]);
        assert_eq!(own.client_getredir().unwrap(), Redirection::To(id));
        own.client_tracking_off().unwrap();
        assert_eq!(own.client_getredir().unwrap(), Redirection::Off);

        own.client_tracking_on(TrackingOptions::new().redirect(id).optout()).unwrap();
        own.client_caching(Switch::Off).unwrap();
        assert!(own.client_trackinginfo().unwrap().flags.iter().any(|flag| flag == "caching-no"));
        own.client_tracking_off().unwrap();
        let missing = own.client_tracking_on(TrackingOptions::new().redirect(i64::MAX)).unwrap_err();
        assert_eq!(missing.code(), Some("ERR"));
        pushes_between_replies(on, &key);
    });
}

/// The connection itself is told of a change, and its replies stay those of its commands.
fn pushes_between_replies(on: &Subject, key: &str) {
    if on.protocol == Protocol::Resp2 {
        return; // which has no pushes
    }
    let own = on.client.dedicated().unwrap();
    own.client_tracking_on(TrackingOptions::new()).unwrap();
    for n in 0..50 {
        assert_eq!(own.get::<i64>(key).unwrap(), (n > 0).then_some(n));
        on.client.set(key, n + 1).unwrap();
    }
    assert_eq!(own.client_getredir().unwrap(), Redirection::Own);
}

#[test]
fn sections_of_info() {
    kit::each(|on| {
        on.client.set_with(on.key("s"), 1, Duration::from_secs(100)).unwrap();
        on.client.incr(on.key("none")).unwrap();
        on.client.lpush(on.key("s"), 1).unwrap_err();
        let info = on.client.info("everything").unwrap();
        let server = info.server().unwrap();
        let (major, minor) = on.server.version();
        assert!(server.version.starts_with(&format!("{major}.{minor}.")), "{}", server.version);
        assert_eq!(server.name, if on.server.is_valkey() { "valkey" } else { "redis" });
        assert_eq!((&*server.mode, server.tcp_port), ("standalone", on.server.port));
        assert!(server.executable.ends_with("-server") && server.run_id.len() == 40 && server.hz > 0);
        let skew = server.server_time.unwrap().duration_since(SystemTime::now()).unwrap_or_default();
        assert!(skew < Duration::from_secs(60));

        let clients = info.clients().unwrap();
        assert!(clients.connected_clients > 0 && clients.maxclients > Some(1));
        let memory = info.memory().unwrap();
        assert!(memory.used_memory > 0 && memory.used_memory_rss > 0 && memory.used_memory_peak_perc > 0.0);
        assert_eq!((&*memory.maxmemory_policy, &*memory.mem_allocator), ("noeviction", "libc"));
        let disk = info.persistence().unwrap();
        assert!(!disk.loading && !disk.aof_enabled && disk.aof_last_write_ok);
        assert!(disk.rdb_last_save_time.unwrap() <= SystemTime::now());
        let stats = info.stats().unwrap();
        assert!(stats.total_commands_processed > 0 && stats.total_net_output_bytes > 0);
        assert!(stats.total_error_replies > Some(0));
        let replication = info.replication().unwrap();
        assert_eq!((&*replication.role, replication.replicas.len()), ("master", 0));
        assert_eq!(replication.master_failover_state.as_deref(), Some("no-failover"));
        assert!(info.cpu().unwrap().sys_main_thread.is_some());
        assert!(!info.cluster().unwrap().enabled);
        let database = &info.keyspace()[0];
        assert_eq!(database.db, 0);
        assert!(database.keys >= 2 && database.expires >= 1);
        assert!(info.commandstats()["incr"].calls > 0);
        assert!(info.commandstats()["lpush"].failed_calls > 0);
        assert!(info.errorstats()["WRONGTYPE"] > 0);
        if on.has("INFO latencystats", (7, 0), (7, 2)) {
            let latency = &info.latencystats()["incr"];
            assert_eq!(
                latency.iter().map(|(percentage, _)| *percentage).collect::<Vec<_>>(),
                [50.0, 99.0, 99.9]
            );
            assert!(latency.iter().all(|(_, time)| !time.is_zero()));
        }
        let names: Vec<_> = on.client.module_list().unwrap().into_iter().map(|module| module.name).collect();
        assert_eq!(info.modules().into_iter().map(|module| module.name).collect::<Vec<_>>(), names);
        if on.has("a module of its own", (8, 0), (9, 0)) {
            assert!(!names.is_empty());
        }
        let all = on.client.info("all").unwrap();
        assert!(all.server().is_some() && !all.commandstats().is_empty());
        let few = on.client.info("default").unwrap();
        assert!(few.memory().is_some() && few.commandstats().is_empty());
    });
}

#[test]
fn modules() {
    kit::each(|on| {
        for module in on.client.module_list().unwrap() {
            assert!(!module.name.is_empty() && module.ver > 0);
            assert!(module.path.is_some() && module.get::<Vec<String>>("args").is_some());
        }
        assert_eq!(on.client.module_unload("none").unwrap_err().code(), Some("ERR"));
        // A server does not load modules unless it was started so.
        assert_eq!(on.client.module_load("/no/such.so", ["a"]).unwrap_err().code(), Some("ERR"));
        if on.has("MODULE LOADEX", (7, 0), (7, 2)) {
            let error = on.client.module_loadex("/no/such.so", ("a.b", 1), "x").unwrap_err();
            assert_eq!(error.code(), Some("ERR"));
        }
    });
}
