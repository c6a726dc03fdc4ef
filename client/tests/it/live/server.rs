//! The server, its clients, and the connection. What others would notice runs on a server of its own.

use std::time::{Duration, Instant, SystemTime};

use client::{Client, Config, FlushMode, Protocol, Request, Timeout};

use crate::kit;

/// Runs `test` on a server of its own for each of the matrix, in RESP3 and in RESP2.
pub(super) fn each_private(test: impl Fn(&kit::Server, &Client)) {
    for server in kit::servers() {
        let own = kit::Private::start(&server.binary, &[]);
        for protocol in [Protocol::Resp3, Protocol::Resp2] {
            println!("on {} in {protocol:?}", server.name);
            let config: Config = own.url().parse().unwrap();
            test(&server, &Client::new(&config.protocol(protocol)).unwrap());
        }
    }
}

#[test]
fn connection() {
    kit::each(|on| {
        let client = &on.client;
        assert_eq!(client.ping().unwrap(), "PONG");
        assert_eq!(client.echo::<Vec<u8>>(b"\0\xff\r\n").unwrap(), b"\0\xff\r\n");
        assert_eq!(client.echo::<i64>(42).unwrap(), 42);
        assert!(client.client_id().unwrap() > 0);
        assert_eq!(client.client_getname().unwrap(), None);
        let begin = Instant::now();
        let wait = Request::new("WAIT").arg(0).arg(0);
        assert!(client.run::<i64>(wait).unwrap_err().is_usage(), "it may be another connection");
        let own = client.dedicated().unwrap();
        assert_eq!(own.wait(0, Timeout::Forever).unwrap(), 0);
        own.set(on.key("s"), 1).unwrap();
        assert_eq!(own.wait(1, Duration::from_millis(20)).unwrap(), 0);
        assert!(begin.elapsed() >= Duration::from_millis(20));
        assert!(own.wait(1, Duration::ZERO).unwrap_err().is_usage());
    });
}

#[test]
fn help() {
    kit::each(|on| {
        for command in ["object", "SLOWLOG", "XINFO"] {
            let lines = on.client.help(command).unwrap();
            assert!(
                lines.len() > 3 && lines[0].to_lowercase().starts_with(&command.to_lowercase()),
                "{lines:?}"
            );
        }
        assert!(on.client.help("DEL").unwrap_err().is_usage());
    });
}

#[test]
fn clients() {
    kit::each(|on| {
        let config: Config = on.server.url().parse().unwrap();
        let name = format!("test-{}", std::process::id());
        let named = Client::new(&config.protocol(on.protocol).client_name(&name)).unwrap();
        let own = named.dedicated().unwrap();
        own.select(3).unwrap();
        let id = own.client_id().unwrap();
        let all = on.client.client_list().unwrap();
        let one = all.iter().find(|client| client.id() == id).expect("it is connected");
        assert_eq!((one.db(), one.name()), (3, Some(&*name)));
        assert!(one.addr().starts_with("127.0.0.1:"), "{}", one.addr());
        assert_eq!(one.field("flags"), Some("N"));
        assert!(one.fields().count() > 10);
        assert!(all.iter().any(|client| client.name().is_none()));
        if on.has("CLIENT INFO", (6, 2), (7, 2)) {
            let info = own.client_info().unwrap();
            assert_eq!((info.id(), info.db(), info.addr()), (id, 3, one.addr()));
        }

        assert!(!own.client_kill_id(id).unwrap(), "the own connection is spared");
        assert!(on.client.client_kill_id(id).unwrap());
        assert!(!on.client.client_kill_id(id).unwrap());
        assert!(own.ping().unwrap_err().is_connection());
    });
}

#[test]
fn sockets_have_an_address_too() {
    let server = kit::newest();
    let client = Client::open(&format!("unix://{}", server.socket.display())).unwrap();
    let id = client.client_id().unwrap();
    let clients = client.client_list().unwrap();
    let own = clients.iter().find(|client| client.id() == id).unwrap();
    assert_eq!(own.addr(), format!("{}:0", server.socket.display()));
}

#[test]
fn pauses() {
    each_private(|server, client| {
        let has_unpause = server.has("CLIENT UNPAUSE", (6, 2), (7, 2));
        let other = client.dedicated().unwrap();
        other.ping().unwrap();
        let begin = Instant::now();
        client.client_pause(Duration::from_millis(150)).unwrap();
        other.ping().unwrap();
        assert!(begin.elapsed() >= Duration::from_millis(150));
        assert!(client.client_pause(Duration::ZERO).unwrap_err().is_usage());
        if has_unpause {
            let begin = Instant::now();
            client.client_pause_writes(Duration::from_secs(60)).unwrap();
            other.get::<String>("k").unwrap();
            client.client_unpause().unwrap();
            other.set("k", 1).unwrap();
            assert!(begin.elapsed() < Duration::from_secs(30));
            client.del("k").unwrap();
        }
    });
}

#[test]
fn data() {
    each_private(|server, client| {
        let own = client.dedicated().unwrap();
        own.select(1).unwrap();
        let sizes = || (client.dbsize().unwrap(), own.dbsize().unwrap());
        let fill = || {
            client.mset([("a", 1), ("b", 2)]).unwrap();
            own.set("c", 3).unwrap();
            assert_eq!(sizes(), (2, 1));
        };
        assert_eq!(sizes(), (0, 0));
        assert_eq!(client.randomkey::<String>().unwrap(), None);
        fill();
        client.swapdb(0, 1).unwrap();
        assert_eq!(sizes(), (1, 2));
        client.flushdb().unwrap();
        assert_eq!(sizes(), (0, 2));
        client.swapdb(1, 0).unwrap();
        own.set("c", 3).unwrap();
        client.flushdb_with(FlushMode::Async).unwrap();
        assert_eq!(sizes(), (0, 1));
        fill();
        client.flushall().unwrap();
        assert_eq!(sizes(), (0, 0));
        fill();
        if server.has("FLUSHALL SYNC", (6, 2), (7, 2)) {
            client.flushdb_with(FlushMode::Sync).unwrap();
            assert_eq!(sizes(), (0, 1));
        }
        client.flushall_with(FlushMode::Async).unwrap();
        assert_eq!(sizes(), (0, 0));
        assert_eq!(client.swapdb(0, 1_000).unwrap_err().code(), Some("ERR"));
    });
}

#[test]
fn settings() {
    each_private(|server, client| {
        client.config_set(("maxmemory-policy", "volatile-lru")).unwrap();
        assert_eq!(client.config_get("maxmemory-policy").unwrap()["maxmemory-policy"], "volatile-lru");
        assert!(client.config_get("maxmemory*").unwrap().len() > 2);
        assert!(client.config_get("no such setting").unwrap().is_empty());
        assert_eq!(client.config_set(("no-such-setting", 1)).unwrap_err().code(), Some("ERR"));
        if server.has("CONFIG SET of several", (7, 0), (7, 2)) {
            client.config_set([("slowlog-max-len", 7), ("hz", 20)]).unwrap();
            let settings = client.config_get(["slowlog-max-len", "h?"]).unwrap();
            assert_eq!((&*settings["slowlog-max-len"], &*settings["hz"]), ("7", "20"));
        }
        (0..20).for_each(|_| drop(client.ping().unwrap()));
        let processed = || client.info("stats").unwrap().get::<u64>("total_commands_processed").unwrap();
        assert!(processed() >= 20);
        client.config_resetstat().unwrap();
        assert!(processed() < 10);
    });
}

#[test]
fn clock() {
    kit::each(|on| {
        let client = &on.client;
        let (before, time, after) = (SystemTime::now(), client.time().unwrap(), SystemTime::now());
        let tolerance = Duration::from_millis(1);
        assert!(time + tolerance >= before && time <= after + tolerance, "the same machine");
        let saved = client.lastsave().unwrap();
        assert!(saved <= after && saved > after - Duration::from_secs(100_000));
    });
}

#[test]
fn about_itself() {
    kit::each(|on| {
        let client = &on.client;
        client.set(on.key("s"), 1).unwrap();
        let info = client.info("default").unwrap();
        let brand = if on.server.is_valkey() { "valkey_version" } else { "redis_version" };
        let (major, minor) = on.server.version();
        assert!(info.field(brand).unwrap().starts_with(&format!("{major}.{minor}.")));
        assert!(info.get::<u64>("connected_clients").unwrap() > 0);
        assert!(info.get::<f64>("mem_fragmentation_ratio").is_some());
        assert!(info.sections().any(|section| section == "Keyspace"));
        assert!(info.parts("db0").any(|(name, keys)| name == "keys" && keys.parse::<u64>().unwrap() > 0));
        assert_eq!(info.section("SERVER").next().map(|(name, _)| name), Some("redis_version"));
        assert_eq!(client.info("memory").unwrap().sections().collect::<Vec<_>>(), ["Memory"]);
        assert_eq!(client.info("no such section").unwrap().as_str(), "");
        if on.has("INFO of several sections", (7, 0), (7, 2)) {
            let info = client.info(["memory", "cpu"]).unwrap();
            assert_eq!(info.sections().collect::<Vec<_>>(), ["Memory", "CPU"]);
        }
        assert!(client.command_count().unwrap() > 200);
    });
}
