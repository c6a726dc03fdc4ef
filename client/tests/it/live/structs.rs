//! Structs to hashes and entries of streams, and back, by serde.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use client::{HSetExOptions, Json, Serde, StreamBound, StreamEntry, StreamId, fields};
use serde::{Deserialize, Serialize};

use crate::kit;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct User {
    name: String,
    born: u16,
    score: f64,
    admin: bool,
    colour: Colour,
    email: Option<String>,
    #[serde(rename = "Last Login", default)]
    last: i64,
    languages: Json<Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Colour {
    Red,
    Green,
}

fn ada() -> User {
    User {
        name: "Ada \0\r\n\u{1F980}".into(),
        born: 1815,
        score: 0.1 + 0.2,
        admin: true,
        colour: Colour::Green,
        email: None,
        last: i64::MIN,
        languages: Json(vec!["English".into(), "\"".into()]),
    }
}

#[test]
fn a_struct_is_a_hash_and_back() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("user"));
        assert_eq!(client.hgetall_as::<User>(&key).unwrap(), None);
        assert_eq!(client.hset_all(&key, &ada()).unwrap(), 7);
        assert!(!client.hexists(&key, "email").unwrap());
        assert_eq!(client.hget::<String>(&key, "admin").unwrap().as_deref(), Some("1"));
        assert_eq!(client.hget::<String>(&key, "colour").unwrap().as_deref(), Some("green"));
        assert_eq!(client.hget::<String>(&key, "languages").unwrap().as_deref(), Some(r#"["English","\""]"#));
        assert_eq!(client.hgetall_as(&key).unwrap(), Some(ada()));
        assert_eq!(client.hgetall::<Serde<User>>(&key).unwrap(), Serde(ada()));

        // What is there and empty is there; a field that the type does not have is left out.
        client.hset(&key, [("email", ""), ("shoe size", "44")]).unwrap();
        assert_eq!(client.hgetall_as(&key).unwrap(), Some(User { email: Some(String::new()), ..ada() }));
        // `None` is not written, so that the old one stays.
        assert_eq!(client.hset_all(&key, &ada()).unwrap(), 0);
        assert!(client.hexists(&key, "email").unwrap());
        client.hdel(&key, ["email", "Last Login"]).unwrap();
        assert_eq!(client.hgetall_as(&key).unwrap(), Some(User { last: 0, ..ada() }));

        let (new, user) = client.pipeline(|p| (p.hset_all(&key, &ada()), p.hgetall_as(&key))).unwrap();
        assert_eq!((new, user), (1, Some(ada())));
        if on.has("HSETEX", (8, 0), (9, 0)) {
            let options = HSetExOptions::new().expire(Duration::from_secs(60)).fxx();
            assert!(client.hsetex(&key, fields(&[("born", 1816), ("last", 5)][..1]), options).unwrap());
            assert!(client.httl(&key, "born").unwrap()[0].duration().is_some());
        }
    });
}

#[test]
fn what_is_no_struct_is_told_by_its_field() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("user"));
        let fails = |field: &str, value: &[u8], what: &str| {
            client.hset_all(&key, &ada()).unwrap();
            client.hset(&key, (field, value)).unwrap();
            let error = client.hgetall_as::<User>(&key).unwrap_err();
            assert!(error.is_decode());
            assert_eq!(error.to_string(), format!("HGETALL: field {field}: {what}"));
        };
        let number = "expected an integer, found a bulk string that";
        fails("born", b"secret", &format!("{number} is not a number"));
        fails("born", b"", &format!("{number} is not a number"));
        fails("born", b"-1", &format!("{number} is out of range"));
        fails("born", b"65536", &format!("{number} is out of range"));
        fails("born", b"\xff", &format!("{number} is not a number"));
        fails("Last Login", b"9223372036854775808", &format!("{number} is out of range"));
        client.hdel(&key, "Last Login").unwrap();
        fails("name", b"\xff\xfe", "expected text, found a bulk string that is not UTF-8");
        client.hdel(&key, "name").unwrap();
        fails("score", b"1e999", "expected a number, found a bulk string that is out of range");
        fails("admin", b"yes", "expected a boolean, found a bulk string");
        fails("colour", b"secret", "expected one of red, green, found a bulk string of another value");
        fails("languages", b"[1]", "expected a string, found a JSON integer at line 1, column 2");

        client.del(&key).unwrap();
        client.hset(&key, ("name", "Ada")).unwrap();
        let error = client.hgetall_as::<User>(&key).unwrap_err();
        assert_eq!(error.to_string(), "HGETALL: field born: expected a value, found nothing");
        let error = client.hgetall::<Serde<User>>(on.key("missing")).unwrap_err();
        assert_eq!(error.to_string(), "HGETALL: field name: expected a value, found nothing");
        client.set(&key, 1).unwrap();
        assert_eq!(client.hgetall_as::<User>(&key).unwrap_err().code(), Some("WRONGTYPE"));
        assert_eq!(client.hset_all(&key, &ada()).unwrap_err().code(), Some("WRONGTYPE"));
    });
}

#[test]
fn what_is_no_hash_is_refused_before_it_is_sent() {
    #[derive(Serialize)]
    struct Deep {
        name: &'static str,
        address: [&'static str; 2],
    }
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("deep"));
        let error = client.hset_all(&key, &Deep { name: "Ada", address: ["12", "secret"] }).unwrap_err();
        assert_eq!(error.to_string(), "HSET: field address: expected one argument, found a list");
        assert!(error.is_usage());
        let error = client.hset_all(&key, &7).unwrap_err();
        assert_eq!(error.to_string(), "HSET: expected a struct or a map, found an integer");
        let none = client.hset_all(&key, &HashMap::<String, String>::new()).unwrap_err();
        assert_eq!(none.to_string(), "HSET: needs at least one pair");
        let error = client.xadd(&key, fields(&BTreeMap::from([("a", ())]))).unwrap_err();
        assert_eq!(error.to_string(), "XADD: field a: expected one argument, found nothing");
        let no_text = BTreeMap::from([((1, 2), 3)]);
        let error = client.set(&key, Json(&no_text)).unwrap_err();
        assert_eq!(error.to_string(), "SET: cannot be written as JSON: key must be a string");
        assert!(error.is_usage());
        let tried = client.pipeline(|p| (p.set(&key, 1), p.set(&key, Json(&no_text))));
        assert!(tried.unwrap_err().is_usage());
        assert_eq!(client.exists(&key).unwrap(), 0);
    });
}

#[test]
fn a_hundred_fields_of_hostile_names() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("many"));
        let map: BTreeMap<String, String> =
            (0..100).map(|n| (format!("\r\n$3\0{n}"), "v".repeat(n * 100))).collect();
        assert_eq!(client.hset_all(&key, &map).unwrap(), 100);
        assert_eq!(client.hgetall_as(&key).unwrap(), Some(map.clone()));
        assert_eq!(client.hgetall::<BTreeMap<String, String>>(&key).unwrap(), map);
    });
}

#[test]
fn an_entry_of_a_stream_is_a_struct() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("s"));
        let id = client.xadd(&key, fields(&ada())).unwrap();
        let all: Vec<StreamEntry<Serde<User>>> = client.xrange(&key, id, StreamBound::Max).unwrap();
        assert_eq!((all[0].id, &all[0].fields.0), (id, &ada()));
        let read = client.xread::<String, Serde<User>>((&key, 0)).unwrap();
        assert_eq!(read[0].1[0].fields.0, ada());
        client.xgroup_create(&key, "g", 0).unwrap();
        let read = client.xreadgroup::<String, Serde<User>>("g", "c", (&key, ">")).unwrap();
        assert_eq!(read[0].1[0].fields.0, ada());
        client.xdel(&key, id).unwrap();
        if on.server.version() >= (7, 0) {
            let read = client.xreadgroup::<String, Option<Serde<User>>>("g", "c", (&key, 0)).unwrap();
            assert_eq!(read[0].1[0].fields, None);
        }

        client.xadd(&key, ("name", "Ada")).unwrap();
        let error = client.xrange::<Serde<User>>(&key, StreamId::MIN, StreamBound::Max).unwrap_err();
        assert_eq!(
            error.to_string(),
            "XRANGE: element 0, element 1, field born: expected a value, found nothing"
        );
    });
}

#[test]
fn json_is_text() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("json"));
        assert_eq!(client.get::<Json<User>>(&key).unwrap(), None);
        client.set(&key, Json(&ada())).unwrap();
        assert_eq!(client.get(&key).unwrap(), Some(Json(ada())));
        client.rpush(&key, Json(1)).unwrap_err();
        let list = on.key("list");
        client.rpush(&list, Json([1, 2])).unwrap();
        client.rpush(&list, [Json("a\0"), Json("\u{1F980}")]).unwrap();
        assert_eq!(client.lrange::<String>(&list, 0, 0).unwrap(), ["[1,2]"]);
        assert_eq!(client.lrange::<Json<String>>(&list, 1, 2).unwrap()[1].0, "\u{1F980}");
        client.hset(&list, ("f", Json(1))).unwrap_err();

        for (text, what) in [
            ("{", "expected JSON, found text that is none (EOF while parsing an object) at line 1, column 1"),
            ("{}", "field name: expected a value, found nothing at line 1, column 2"),
            ("\u{1F980}", "expected JSON, found text that is none (expected value) at line 1, column 1"),
        ] {
            client.set(&key, text).unwrap();
            let error = client.get::<Json<User>>(&key).unwrap_err();
            assert!(error.is_decode());
            assert_eq!(error.to_string(), format!("GET: {what}"));
        }
        client.set(&key, b"\"\xff\"").unwrap();
        assert!(client.get::<Json<String>>(&key).unwrap_err().is_decode());
    });
}
