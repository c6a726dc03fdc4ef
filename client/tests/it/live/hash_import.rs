//! Hashes that are imported by the names of their fields.

use std::collections::HashMap;

use client::Request;

use crate::kit;

const BINARY: &[u8] = b"\0\xff\r\n";

#[test]
fn hashes_are_made_of_values() {
    kit::each(|on| {
        if !on.has("HIMPORT", (8, 10), None) {
            return;
        }
        let (own, key) = (on.client.dedicated().unwrap(), on.key("h"));
        own.himport_prepare("set", [b"name", BINARY]).unwrap();
        own.hset(&key, ("old", 1)).unwrap();
        own.himport_set(&key, "set", [b"Ada", BINARY]).unwrap();
        let hash: HashMap<Vec<u8>, Vec<u8>> = own.hgetall(&key).unwrap();
        assert_eq!(
            hash,
            HashMap::from([(b"name".to_vec(), b"Ada".to_vec()), (BINARY.into(), BINARY.into())])
        );
        assert_eq!(own.himport_set(&key, "set", "Ada").unwrap_err().code(), Some("ERR"));
        assert_eq!(own.himport_set(&key, "other", "Ada").unwrap_err().code(), Some("ERR"));
        assert!(own.himport_prepare("set", ["twice", "twice"]).is_err());
        own.set(on.key("s"), 1).unwrap();
        assert_eq!(own.himport_set(on.key("s"), "set", [1, 2]).unwrap_err().code(), Some("WRONGTYPE"));

        own.himport_prepare("set", "now one").unwrap();
        own.himport_set(&key, "set", 7).unwrap();
        assert_eq!(own.hgetall::<Vec<(String, i64)>>(&key).unwrap(), [("now one".into(), 7)]);
        own.himport_prepare("more", "x").unwrap();
        assert!(own.himport_discard("set").unwrap());
        assert!(!own.himport_discard("set").unwrap());
        assert_eq!(own.himport_discardall().unwrap(), 1);
        assert_eq!(own.himport_discardall().unwrap(), 0);
    });
}

#[test]
fn an_import_belongs_to_one_connection() {
    kit::each(|on| {
        if !on.has("HIMPORT", (8, 10), None) {
            return;
        }
        let (client, key) = (&on.client, on.key("h"));
        // A client has no methods for it, and refuses what is spelt by hand.
        let refused = |request: Request<'_>| assert!(client.run::<()>(request).unwrap_err().is_usage());
        refused(Request::new("HIMPORT PREPARE").arg("set").arg("a"));
        refused(Request::new("HIMPORT SET").key(&key).arg("set").arg(1));
        refused(Request::new("HIMPORT DISCARD").arg("set"));
        refused(Request::new("HIMPORT DISCARDALL"));
        client.pipeline(|p| (p.himport_prepare("set", "a"), p.himport_set(&key, "set", 1))).unwrap();
        assert_eq!(client.hget(&key, "a").unwrap(), Some(1));
        // The connection that knew the fields is closed, and no other knows them.
        let error = client.dedicated().unwrap().himport_set(&key, "set", 2).unwrap_err();
        assert_eq!(error.code(), Some("ERR"));
    });
}
