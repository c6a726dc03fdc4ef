//! Keys of any type: names, expiry, copies, sorting, and how the server keeps them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use client::{
    Client, CopyOptions, ExpireOptions, ExpireTime, KeyType, Request, RestoreOptions, SortOptions, Ttl,
};

use crate::kit;

const MINUTE: Duration = Duration::from_secs(60);
const BINARY: &[u8] = b"\0\xff\r\n";

/// Pushes to a list, a command that this file does not test.
fn push<const N: usize>(client: &Client, key: &str, elements: [&str; N]) {
    client.run::<i64>(Request::new("RPUSH").key(key).args(&elements)).unwrap();
}

#[test]
fn there_or_not() {
    kit::each(|on| {
        let (client, a, b, missing) = (&on.client, on.key("a"), on.key("b"), on.key("missing"));
        client.mset([(&a, BINARY), (&b, BINARY)]).unwrap();
        assert_eq!(client.exists(&a).unwrap(), 1);
        assert_eq!(client.exists([&a, &a, &b, &missing]).unwrap(), 3);
        assert_eq!(client.touch([&a, &missing]).unwrap(), 1);
        assert_eq!(client.del([&a, &missing]).unwrap(), 1);
        assert_eq!(client.unlink([&a, &b]).unwrap(), 1);
        assert_eq!(client.exists([&a, &b]).unwrap(), 0);
        for result in
            [client.del([""; 0]), client.unlink([""; 0]), client.exists([""; 0]), client.touch([""; 0])]
        {
            assert!(result.unwrap_err().is_usage());
        }
        assert!(client.randomkey::<Vec<u8>>().is_ok());
    });
}

#[test]
fn types() {
    kit::each(|on| {
        let client = &on.client;
        let make = |command, args: &[&str]| {
            let key = on.key(command);
            client.run::<client::Value>(Request::new(command).key(&key).args(args)).unwrap();
            client.key_type(&key).unwrap()
        };
        assert_eq!(client.key_type(on.key("missing")).unwrap(), KeyType::None);
        assert_eq!(make("SET", &["x"]), KeyType::String);
        assert_eq!(make("RPUSH", &["x"]), KeyType::List);
        assert_eq!(make("SADD", &["x"]), KeyType::Set);
        assert_eq!(make("ZADD", &["1", "x"]), KeyType::ZSet);
        assert_eq!(make("HSET", &["f", "x"]), KeyType::Hash);
        assert_eq!(make("XADD", &["*", "f", "x"]), KeyType::Stream);
        if on.has("VADD", (8, 0), None) {
            assert_eq!(make("VADD", &["VALUES", "2", "1", "2", "x"]), KeyType::VectorSet);
        }
    });
}

#[test]
fn names() {
    kit::each(|on| {
        let (client, a, b, missing) = (&on.client, on.key("a"), on.key("b"), on.key("missing"));
        client.set_with(&a, BINARY, MINUTE).unwrap();
        client.rename(&a, &b).unwrap();
        assert_eq!(client.get::<Vec<u8>>(&b).unwrap().unwrap(), BINARY);
        assert!(client.ttl(&b).unwrap().duration().is_some());
        assert_eq!(client.rename(&missing, &b).unwrap_err().code(), Some("ERR"));
        assert!(client.renamenx(&b, &a).unwrap());
        client.set(&b, 1).unwrap();
        assert!(!client.renamenx(&a, &b).unwrap());
        assert_eq!(client.renamenx(&missing, &b).unwrap_err().code(), Some("ERR"));

        let mut keys: Vec<String> = client.keys(on.key("?")).unwrap();
        keys.sort();
        assert_eq!(keys, [&*a, &*b]);
        assert!(client.keys::<String>(on.key("no such *")).unwrap().is_empty());
    });
}

#[test]
fn copies() {
    kit::each(|on| {
        if !on.has("COPY", (6, 2), (7, 2)) {
            return;
        }
        let (client, a, b, missing) = (&on.client, on.key("a"), on.key("b"), on.key("missing"));
        client.set_with(&a, BINARY, MINUTE).unwrap();
        assert!(client.copy(&a, &b).unwrap());
        assert!(!client.copy(&a, &b).unwrap());
        assert!(!client.copy(&missing, &b).unwrap());
        assert_eq!(client.get::<Vec<u8>>(&b).unwrap().unwrap(), BINARY);
        assert!(client.ttl(&b).unwrap().duration().is_some());
        client.set(&a, 1).unwrap();
        assert!(client.copy_with(&a, &b, CopyOptions::new().replace()).unwrap());
        assert_eq!(client.get::<i64>(&b).unwrap(), Some(1));

        assert!(client.copy_with(&a, &a, CopyOptions::new().db(1)).unwrap());
        assert!(!client.move_to_db(&a, 1).unwrap());
        let other = client.dedicated().unwrap();
        other.select(1).unwrap();
        assert_eq!(other.del(&a).unwrap(), 1);
        assert!(client.move_to_db(&a, 1).unwrap());
        assert_eq!(client.exists(&a).unwrap(), 0);
        assert_eq!(other.del(&a).unwrap(), 1);
        assert!(client.copy_with(&b, &b, CopyOptions::new().db(1_000)).unwrap_err().code().is_some());
    });
}

#[test]
fn expiry() {
    kit::each(|on| {
        let (client, key, missing) = (&on.client, on.key("s"), on.key("missing"));
        assert_eq!(client.ttl(&key).unwrap(), Ttl::Missing);
        client.set(&key, 1).unwrap();
        assert_eq!(client.ttl(&key).unwrap(), Ttl::NoExpiry);
        assert!(client.expire(&key, MINUTE).unwrap());
        let left = client.ttl(&key).unwrap().duration().unwrap();
        assert!(left <= MINUTE && left > MINUTE / 2, "{left:?}");
        assert!(client.persist(&key).unwrap());
        assert!(!client.persist(&key).unwrap());
        assert!(client.expire_at(&key, SystemTime::now() + MINUTE).unwrap());
        let left = client.ttl(&key).unwrap().duration().unwrap();
        assert!(left <= MINUTE + Duration::from_secs(1) && left > MINUTE / 2, "{left:?}");
        assert!(client.expire_at(&key, UNIX_EPOCH + MINUTE).unwrap());
        assert_eq!(client.exists(&key).unwrap(), 0);

        assert!(!client.expire(&missing, MINUTE).unwrap());
        assert!(!client.expire_at(&missing, SystemTime::now() + MINUTE).unwrap());
        assert!(!client.persist(&missing).unwrap());

        client.set(&key, 1).unwrap();
        assert!(client.expire(&key, Duration::from_nanos(1)).unwrap());
        std::thread::sleep(Duration::from_millis(5));
        assert_eq!(client.exists(&key).unwrap(), 0);

        client.set(&key, 1).unwrap();
        assert!(client.expire(&key, Duration::ZERO).unwrap_err().is_usage());
        assert!(client.expire_at(&key, UNIX_EPOCH - MINUTE).unwrap_err().is_usage());
        assert!(client.expire(&key, Duration::MAX).unwrap_err().is_usage());
        assert_eq!(client.ttl(&key).unwrap(), Ttl::NoExpiry);
    });
}

#[test]
fn conditional_expiry() {
    kit::each(|on| {
        if !on.has("PEXPIRE … NX", (7, 0), (7, 2)) {
            return;
        }
        let (client, key, only) = (&on.client, on.key("s"), ExpireOptions::new());
        let expire = |time, options| client.expire_with(&key, time, options).unwrap();
        client.set(&key, 1).unwrap();
        assert!(!expire(MINUTE, only.xx()));
        assert!(!expire(MINUTE, only.gt()));
        assert!(expire(MINUTE, only.nx()));
        assert!(!expire(MINUTE, only.nx()));
        assert!(!expire(MINUTE / 2, only.gt()));
        assert!(expire(MINUTE * 2, only.xx().gt()));
        assert!(!expire(MINUTE * 3, only.lt()));
        assert!(expire(MINUTE, only.lt()));
        let time = SystemTime::now() + MINUTE * 5;
        assert!(!client.expire_at_with(&key, time, only.lt()).unwrap());
        assert!(client.expire_at_with(&key, time, only.gt()).unwrap());

        let found = client.expiretime(&key).unwrap().time().unwrap();
        assert!(found.duration_since(time).unwrap() < Duration::from_millis(1), "rounded up");
        assert_eq!(client.expiretime(on.key("missing")).unwrap(), ExpireTime::Missing);
        client.persist(&key).unwrap();
        assert_eq!(client.expiretime(&key).unwrap(), ExpireTime::NoExpiry);
    });
}

#[test]
fn dump_and_restore() {
    kit::each(|on| {
        let (client, key, new) = (&on.client, on.key("s"), on.key("new"));
        assert_eq!(client.dump(&key).unwrap(), None);
        client.hset(&key, [(b"f", BINARY)]).unwrap();
        let dump = client.dump(&key).unwrap().unwrap();
        client.restore(&new, &dump).unwrap();
        assert_eq!(client.hget::<Vec<u8>>(&new, "f").unwrap().unwrap(), BINARY);
        assert_eq!(client.ttl(&new).unwrap(), Ttl::NoExpiry);
        assert_eq!(client.restore(&new, &dump).unwrap_err().code(), Some("BUSYKEY"));
        assert_eq!(client.restore(on.key("bad"), "no dump").unwrap_err().code(), Some("ERR"));

        let replace = RestoreOptions::new().replace();
        client.restore_with(&new, &dump, replace.expire(MINUTE)).unwrap();
        assert!(client.ttl(&new).unwrap().duration() > Some(MINUTE / 2));
        client.restore_with(&new, &dump, replace.expire_at(SystemTime::now() + MINUTE * 10)).unwrap();
        assert!(client.ttl(&new).unwrap().duration() > Some(MINUTE * 5));
        client.restore_with(&new, &dump, replace.idletime(MINUTE)).unwrap();
        let idle = client.object_idletime(&new).unwrap().unwrap();
        assert!(idle >= MINUTE && idle < MINUTE * 2, "{idle:?}");
        client.restore_with(&new, &dump, replace.freq(9)).unwrap();
        assert!(client.restore_with(&new, &dump, replace.freq(9).idletime(MINUTE)).unwrap_err().is_usage());
    });
}

#[test]
fn how_it_is_kept() {
    kit::each(|on| {
        let (client, key, missing) = (&on.client, on.key("s"), on.key("missing"));
        client.set(&key, "x".repeat(1_000)).unwrap();
        assert_eq!(client.object_encoding(&key).unwrap().as_deref(), Some("raw"));
        assert_eq!(client.object_refcount(&key).unwrap(), Some(1));
        assert!(client.object_idletime(&key).unwrap() < Some(MINUTE));
        assert_eq!(client.object_freq(&key).unwrap_err().code(), Some("ERR"));
        assert!(client.memory_usage(&key).unwrap() > Some(1_000));

        assert_eq!(client.object_encoding(&missing).unwrap(), None);
        assert_eq!(client.object_refcount(&missing).unwrap(), None);
        assert_eq!(client.object_idletime(&missing).unwrap(), None);
        assert_eq!(client.object_freq(&missing).unwrap(), None);
        assert_eq!(client.memory_usage(&missing).unwrap(), None);
    });
}

#[test]
fn how_often_it_is_used() {
    for server in kit::servers() {
        let own = kit::Private::start(&server.binary, &["--maxmemory-policy", "allkeys-lfu"]);
        let client = Client::open(&own.url()).unwrap();
        client.set("k", 1).unwrap();
        assert!(client.object_freq("k").unwrap().is_some_and(|often| (0..=255).contains(&often)));
        assert_eq!(client.object_idletime("k").unwrap_err().code(), Some("ERR"));
        let dump = client.dump("k").unwrap().unwrap();
        client.restore_with("new", dump, RestoreOptions::new().freq(200)).unwrap();
        assert_eq!(client.object_freq("new").unwrap(), Some(200));
    }
}

#[test]
fn sorting() {
    kit::each(|on| {
        let (client, key, to) = (&on.client, on.key("l"), on.key("to"));
        push(client, &key, ["3", "1", "2", "10"]);
        assert_eq!(client.sort::<i64>(&key).unwrap(), [1, 2, 3, 10]);
        let with = |options: SortOptions<'_>| client.sort_with::<String>(&key, options).unwrap();
        assert_eq!(with(SortOptions::new().alpha()), ["1", "10", "2", "3"]);
        assert_eq!(with(SortOptions::new().desc()), ["10", "3", "2", "1"]);
        assert_eq!(with(SortOptions::new().limit(1, 2)), ["2", "3"]);
        assert_eq!(with(SortOptions::new().by("nosort").limit(0, 9)), ["3", "1", "2", "10"]);

        client.mset([(on.key("w:1"), 9), (on.key("w:2"), 8), (on.key("w:3"), 7)]).unwrap();
        client.hset(on.key("h:1"), ("name", "one")).unwrap();
        let (weights, names) = (on.key("w:*"), on.key("h:*->name"));
        assert_eq!(with(SortOptions::new().by(&weights)), ["10", "3", "2", "1"]);
        let get = ["#", names.as_str()];
        let options = SortOptions::new().get(&get).limit(0, 2);
        let named: Vec<(i64, Option<String>)> = client.sort_with(&key, options).unwrap();
        assert_eq!(named, [(1, Some("one".into())), (2, None)]);

        assert_eq!(client.sort_store(&key, &to, SortOptions::new().desc()).unwrap(), 4);
        assert_eq!(client.key_type(&to).unwrap(), KeyType::List);
        assert_eq!(client.sort_store(on.key("missing"), &to, SortOptions::new()).unwrap(), 0);
        assert!(client.sort::<String>(on.key("missing")).unwrap().is_empty());
        if on.has("SORT_RO", (7, 0), (7, 2)) {
            assert_eq!(client.sort_ro::<i64>(&key, SortOptions::new().limit(0, 1)).unwrap(), [1]);
        }

        client.set(on.key("s"), 1).unwrap();
        assert_eq!(client.sort::<String>(on.key("s")).unwrap_err().code(), Some("WRONGTYPE"));
        push(client, on.key("words").as_str(), ["a"]);
        assert_eq!(client.sort::<String>(on.key("words")).unwrap_err().code(), Some("ERR"));
    });
}
