//! The same client on hiredis: replies of every type that commands give, pushes, errors and large ones.

use std::collections::HashMap;

use client::{Client, Config, Engine, Value};

use crate::kit;

#[test]
fn both_engines_answer_alike() {
    if !Engine::Hiredis.is_available() {
        println!("built without the feature hiredis: not tested");
        return;
    }
    kit::each(|on| {
        let config: Config = format!("{}?parser=hiredis", on.server.url()).parse().unwrap();
        let hiredis = Client::new(&config.protocol(on.protocol)).unwrap();
        let [text, hash, list, scores] = ["text", "hash", "list", "scores"].map(|name| on.key(name));
        let large = "x".repeat(300_000);

        hiredis.set(&text, &large).unwrap();
        assert_eq!(hiredis.get::<String>(&text).unwrap().as_deref(), Some(&*large));
        assert_eq!(hiredis.get::<String>(on.key("no such")).unwrap(), None);
        hiredis.hset(&hash, [("a", "1"), ("b", "2")]).unwrap();
        hiredis.rpush(&list, &(0..5_000).collect::<Vec<_>>()[..]).unwrap();
        assert_eq!(hiredis.lrange::<i64>(&list, 0, -1).unwrap(), (0..5_000).collect::<Vec<_>>());
        hiredis.zadd(&scores, [("one", 1.5), ("most", f64::INFINITY)]).unwrap();
        assert_eq!(hiredis.zscore(&scores, "most").unwrap(), Some(f64::INFINITY));

        let questions: [&[&str]; 7] = [
            &["HGETALL", &hash],
            &["LRANGE", &list, "0", "-1"],
            &["ZRANGE", &scores, "0", "-1", "WITHSCORES"],
            &["COMMAND", "INFO", "GET", "SET", "NOSUCH"],
            &["CONFIG", "GET", "max*"],
            &["TYPE", &text],
            &["GET", &text],
        ];
        for question in questions {
            let ask = |client: &Client| {
                let request =
                    question[1..].iter().fold(client::Request::new(question[0]), |r, arg| r.arg(*arg));
                client.run::<Value>(request).unwrap()
            };
            assert_eq!(ask(&hiredis), ask(&on.client), "{question:?}");
        }
        let of_hash: HashMap<String, i64> = hiredis.hgetall(&hash).unwrap();
        assert_eq!(of_hash, HashMap::from([("a".into(), 1), ("b".into(), 2)]));

        let error = hiredis.incr(&hash).unwrap_err();
        assert_eq!(error.code(), Some("WRONGTYPE"));
        let (one, two) = hiredis.pipeline(|p| (p.get::<String>(&text), p.strlen(&text))).unwrap();
        assert_eq!((one.as_deref(), two), (Some(&*large), 300_000));
        hiredis.del([&text, &hash, &list, &scores]).unwrap();
    });
}
