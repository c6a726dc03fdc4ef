//! Keys that go to another server.

use std::time::Duration;

use client::{Client, Migrate, Ttl};

use crate::kit::{self, Private, free_port};

const BINARY: &[u8] = b"\0\xff\r\n";

#[test]
fn keys_go_to_another_server() {
    kit::each(|on| {
        let other = Private::start(&on.server.binary, &["--requirepass", "s3cret"]);
        let there = Client::open(&format!("redis://:s3cret@127.0.0.1:{}", other.port)).unwrap();
        let to = Migrate::to("127.0.0.1", other.port).auth("s3cret").timeout(Duration::from_secs(10));
        let (client, a, b, missing) = (&on.client, on.key("a"), on.key("b"), on.key("missing"));
        client.mset([(&a, BINARY), (&b, b"2")]).unwrap();
        client.expire(&b, Duration::from_secs(100)).unwrap();

        assert!(client.migrate([&a, &missing], to.copy()).unwrap());
        assert_eq!(client.get::<Vec<u8>>(&a).unwrap().unwrap(), BINARY);
        assert_eq!(there.get::<Vec<u8>>(&a).unwrap().unwrap(), BINARY);
        assert!(client.migrate([&a, &b], to).unwrap_err().to_string().contains("BUSYKEY"));
        client.set(&a, "new").unwrap();
        client.set_with(&b, "2", Duration::from_secs(100)).unwrap();
        assert!(client.migrate([&a, &b], to.replace().auth2("default", "s3cret")).unwrap());
        assert_eq!(client.exists([&a, &b]).unwrap(), 0);
        assert_eq!(there.get::<String>(&a).unwrap().as_deref(), Some("new"));
        assert_eq!(there.ttl(&a).unwrap(), Ttl::NoExpiry);
        assert!(there.ttl(&b).unwrap().duration() > Some(Duration::from_secs(50)));
        assert!(!client.migrate(&a, to).unwrap());

        client.set(&a, 5).unwrap();
        assert!(client.migrate(&a, to.db(3)).unwrap());
        let other_db = Client::open(&format!("redis://:s3cret@127.0.0.1:{}/3", other.port)).unwrap();
        assert_eq!(other_db.get::<i64>(&a).unwrap(), Some(5));
    });
}

#[test]
fn a_key_that_cannot_go_stays() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("a"));
        client.set(&key, BINARY).unwrap();
        let error = client.migrate(&key, Migrate::to("127.0.0.1", free_port())).unwrap_err();
        assert_eq!(error.code(), Some("IOERR"));
        let other = Private::start(&on.server.binary, &["--requirepass", "s3cret"]);
        let error = client.migrate(&key, Migrate::to("127.0.0.1", other.port).auth("wrong")).unwrap_err();
        assert!(error.code().is_some() && !error.to_string().contains("wrong"), "{error}");
        assert_eq!(client.get::<Vec<u8>>(&key).unwrap().unwrap(), BINARY);
    });
}
