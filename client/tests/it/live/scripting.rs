//! Scripts.

use std::time::Duration;
use std::{iter, thread};

use client::{Client, Value};

use crate::kit::{self, Private};

const NONE: [&str; 0] = [];

#[test]
fn eval() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("k"));
        assert_eq!(client.eval::<i64>("return 1.9", NONE, NONE).unwrap(), 1);
        assert_eq!(client.eval::<Option<i64>>("return false", NONE, NONE).unwrap(), None);
        client.eval::<()>("return redis.status_reply('FINE')", NONE, NONE).unwrap();
        client.eval::<Value>("return {1, {'two'}}", NONE, NONE).unwrap();

        let script = "redis.call('SET', KEYS[1], ARGV[1]) return {KEYS[1], ARGV[1], #KEYS, #ARGV}";
        let echoed: (String, Vec<u8>, i64, i64) = client.eval(script, &key, b"\0\xff").unwrap();
        assert_eq!(echoed, (key.clone(), b"\0\xff".to_vec(), 1, 1));
        assert_eq!(client.get::<Vec<u8>>(&key).unwrap().unwrap(), b"\0\xff");
        let counts: (i64, i64) =
            client.eval("return {#KEYS, #ARGV}", [&key, &on.key("l")], vec![1, 2, 3]).unwrap();
        assert_eq!(counts, (2, 3));

        let error = client.eval::<i64>("return redis.error_reply('MINE own')", NONE, NONE).unwrap_err();
        assert_eq!(error.code(), Some("MINE"));
        let error = client.eval::<i64>("no lua", NONE, NONE).unwrap_err();
        assert_eq!((error.code(), error.command()), (Some("ERR"), Some("EVAL")));
        let error = client.eval::<i64>("return redis.call('LPUSH', KEYS[1], 1)", &key, NONE).unwrap_err();
        assert!(error.to_string().contains("WRONGTYPE"), "{error}");
        assert!(client.eval::<i64>("return 'x'", NONE, NONE).unwrap_err().is_decode());
    });
}

#[test]
fn evalsha() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("k"));
        // Of this server and protocol alone, so that nobody else makes it known.
        let script = format!("return {{KEYS[1], ARGV[1], '{key}'}}");
        let unknown = "f".repeat(40);
        assert_eq!(client.evalsha::<i64>(&unknown, NONE, NONE).unwrap_err().code(), Some("NOSCRIPT"));
        let sha = client.script_load(&script).unwrap();
        assert_eq!(sha.len(), 40);
        assert_eq!(client.script_exists([&sha, &unknown]).unwrap(), [true, false]);
        assert_eq!(client.script_exists(&unknown).unwrap(), [false]);
        let echoed: (String, i64, String) = client.evalsha(&sha, &key, 5).unwrap();
        assert_eq!(echoed, (key.clone(), 5, key));
        assert!(client.script_exists(NONE).unwrap_err().is_usage());
        assert_eq!(client.script_load("no lua").unwrap_err().code(), Some("ERR"));
    });
}

#[test]
fn scripts_that_only_read() {
    kit::each(|on| {
        if !on.has("EVAL_RO", (7, 0), (7, 2)) {
            return;
        }
        let (client, key) = (&on.client, on.key("k"));
        client.set(&key, 5).unwrap();
        let script = "return redis.call('GET', KEYS[1]) + ARGV[1]";
        assert_eq!(client.eval_ro::<i64>(script, &key, 2).unwrap(), 7);
        let sha = client.script_load(script).unwrap();
        assert_eq!(client.evalsha_ro::<i64>(&sha, &key, 3).unwrap(), 8);

        let script = "return redis.call('DEL', KEYS[1])";
        let error = client.eval_ro::<i64>(script, &key, NONE).unwrap_err();
        assert!(error.to_string().contains("read-only"), "{error}");
        let sha = client.script_load(script).unwrap();
        assert!(client.evalsha_ro::<i64>(&sha, &key, NONE).is_err());
        assert_eq!(client.get(&key).unwrap(), Some(5));
    });
}

#[test]
fn flush_and_kill() {
    for server in kit::servers() {
        let private = Private::start(&server.binary, &["--lua-time-limit", "50"]);
        let client = Client::open(&private.url()).unwrap();
        let sha = client.script_load("return 1").unwrap();
        client.script_flush().unwrap();
        assert_eq!(client.script_exists(&sha).unwrap(), [false]);
        assert_eq!(client.script_kill().unwrap_err().code(), Some("NOTBUSY"));

        thread::scope(|scope| {
            let endless = scope.spawn(|| client.eval::<i64>("while true do end", NONE, NONE));
            let killed = iter::repeat_with(|| client.script_kill())
                .take(100)
                .inspect(|_| thread::sleep(Duration::from_millis(20)))
                .any(|result| result.is_ok());
            assert!(killed, "{}", server.name);
            let error = endless.join().unwrap().unwrap_err();
            assert!(error.to_string().contains("SCRIPT KILL"), "{error}");
        });
    }
}
