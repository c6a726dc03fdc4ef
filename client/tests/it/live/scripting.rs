//! Scripts.

use std::time::{Duration, Instant};
use std::{iter, thread};

use client::{Client, FlushMode, Pipeline, Request, Script, ScriptDebug, Value};

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
        for mode in [FlushMode::Sync, FlushMode::Async] {
            client.script_load("return 1").unwrap();
            client.script_flush_with(mode).unwrap();
            assert_eq!(client.script_exists(&sha).unwrap(), [false]);
        }
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

/// How often each of these commands was called on a server that nobody else uses, since the last look.
fn calls(client: &Client) -> impl FnMut() -> [u64; 4] {
    let client = client.clone();
    let mut before = [0; 4];
    move || {
        let info = client.info("commandstats").unwrap();
        let count = |name: &&str| {
            let part = info.parts(&format!("cmdstat_{name}")).find(|(name, _)| *name == "calls");
            part.map_or(0, |(_, calls)| calls.parse().unwrap())
        };
        let now = COUNTED.each_ref().map(count);
        let since = std::array::from_fn(|i| now[i] - before[i]);
        before = now;
        since
    }
}

const COUNTED: [&str; 4] = ["evalsha", "eval", "script|load", "script"];

#[test]
fn a_script_is_one_command_and_two_where_it_is_not_known() {
    static ADD: Script = Script::new("return redis.call('INCRBY', KEYS[1], ARGV[1])");
    for server in kit::servers() {
        let private = Private::start(&server.binary, &[]);
        let client = Client::open(&private.url()).unwrap();
        let mut since = calls(&client);
        // Redis 6 counts the sub-commands of SCRIPT together.
        let loads = |counts: [u64; 4]| counts[2] + counts[3];
        let own = client.dedicated().unwrap();
        let add = |n: i64| client.call_script::<i64>(&ADD, "k", n).unwrap();

        assert_eq!((add(1), since()[..3].to_vec()), (1, vec![1, 1, 0]));
        assert_eq!(client.stats().answered, 0, "that it was not known is no failure");
        assert_eq!((add(1), since()[..3].to_vec()), (2, vec![1, 0, 0]));
        client.script_flush().unwrap();
        since();
        assert_eq!(own.call_script::<i64>(&ADD, "k", 1).unwrap(), 3);
        assert_eq!(since()[..2], [1, 1]);
        assert_eq!(own.call_script::<i64>(&ADD, "k", 1).unwrap(), 4);
        assert_eq!(since()[..2], [1, 0]);

        // In a pipeline it is loaded before it is called, whether the server knows it or not.
        for is_known in [true, false] {
            if !is_known {
                client.script_flush().unwrap();
                since();
            }
            let before: i64 = client.get("k").unwrap().unwrap();
            let commands = |p: &Pipeline| {
                let add = |n: i64| p.call_script::<i64>(&ADD, "k", n);
                (p.strlen("k"), add(1), add(1), p.get::<i64>("k"))
            };
            let (_, one, two, get) = client.pipeline(commands).unwrap();
            assert_eq!((one, two, get), (before + 1, before + 2, Some(before + 2)));
            let counts = since();
            assert_eq!((counts[0], counts[1], loads(counts)), (2, 0, 1), "{}", server.name);
        }
        client.script_flush().unwrap();
        let one = own.pipeline(|p| p.call_script::<i64>(&ADD, "k", 1)).unwrap();
        assert_eq!(client.get("k").unwrap(), Some(one));
        client.script_flush().unwrap();
        let (mut sum, script) = (0, &ADD);
        client.pipeline_each(0..5_000, |p, _| p.call_script::<i64>(script, "k", 1), |n| sum = n).unwrap();
        assert_eq!(sum, one + 5_000);
    }
}

#[test]
fn the_sha_is_the_servers() {
    kit::each(|on| {
        for source in [&b"return 1"[..], b"return 1 -- \xfe\r\n", b"", "return 'é'".as_bytes()] {
            let script = Script::from(source.to_vec());
            assert_eq!(on.client.script_load(&script).unwrap(), script.sha());
        }
        let long = Script::from(format!("return {}", "1 + ".repeat(10_000) + "1"));
        assert_eq!(on.client.call_script::<i64>(&long, (), ()).unwrap(), 10_001);
        assert_eq!(on.client.script_exists(long.sha()).unwrap(), [true]);
        let binary = Script::from(b"return '\xfe'".to_vec());
        assert_eq!(on.client.call_script::<Vec<u8>>(&binary, (), ()).unwrap(), b"\xfe");
    });
}

#[test]
fn keys_arguments_and_replies_of_a_script_are_typed() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("k"));
        let script = Script::from(format!("return {{KEYS[1], ARGV[1], ARGV[2], #KEYS, #ARGV, '{key}'}}"));
        type Echoed = (String, Vec<u8>, f64, i64, i64, String);
        let echoed: Echoed = client.call_script(&script, &key, (b"\0\xff", 0.5)).unwrap();
        assert_eq!(echoed, (key.clone(), b"\0\xff".to_vec(), 0.5, 1, 2, key.clone()));
        let none = Script::new("return #KEYS + #ARGV");
        assert_eq!(client.call_script::<i64>(&none, (), ()).unwrap(), 0);
        assert_eq!(client.call_script::<i64>(&none, vec![&key, &key], [1, 2, 3]).unwrap(), 5);
        assert!(client.call_script::<Vec<i64>>(&none, (), ()).unwrap_err().is_decode());

        // Its errors are its own, and a call that failed is not made again.
        let counts = Script::new("redis.call('INCR', KEYS[1]) return redis.error_reply('NOSCRIPT of mine')");
        for calls in 1..=2 {
            let error = client.call_script::<i64>(&counts, &key, ()).unwrap_err();
            assert_eq!(error.code(), Some("NOSCRIPT"));
            assert_eq!(client.get(&key).unwrap(), Some(calls));
        }
        let wrong = Script::new("return redis.call('LPUSH', KEYS[1], 1)");
        let error = client.call_script::<i64>(&wrong, &key, ()).unwrap_err();
        assert!(error.to_string().contains("WRONGTYPE"), "{error}");
        let error = client.call_script::<i64>(&Script::from(format!("no lua {key}")), (), ()).unwrap_err();
        assert!(error.to_string().starts_with("EVAL: ERR Error compiling script"), "{error}");
    });
}

#[test]
fn a_script_that_fails_in_a_pipeline_hides_nothing() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("k"));
        let (good, bad) =
            (Script::new("return redis.call('INCR', KEYS[1])"), Script::from(format!("no lua {key}")));
        let commands = |p: &Pipeline| {
            (
                p.call_script::<i64>(&bad, (), ()).caught(),
                p.call_script::<i64>(&good, &key, ()),
                p.call_script::<i64>(&bad, (), ()).caught(),
                p.call_script::<i64>(&good, &key, ()),
            )
        };
        let (first, one, second, two) = client.pipeline(commands).unwrap();
        assert_eq!((one, two), (1, 2));
        for error in [first, second].map(Result::unwrap_err) {
            assert!(error.to_string().starts_with("SCRIPT LOAD: ERR Error compiling script"), "{error}");
        }
        let error = client.pipeline(|p| _ = p.call_script::<i64>(&bad, (), ())).unwrap_err();
        assert_eq!((error.command(), error.code()), (Some("EVALSHA"), Some("NOSCRIPT")));
        let mut seen = Vec::new();
        let each = |result: client::Result<i64>| seen.push(result.unwrap_err().to_string());
        client.pipeline_each(0..3, |p, _| p.call_script::<i64>(&bad, (), ()).caught(), each).unwrap();
        assert!(seen.len() == 3 && seen.iter().all(|why| why.contains("compiling")), "{seen:?}");
    });
}

#[test]
fn a_transaction_loads_what_it_calls() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("k"));
        // Nobody else knows it; the second time it is known.
        let add = Script::from(format!("local own = '{key}' return redis.call('INCR', KEYS[1])"));
        let bad = Script::from(format!("no lua {key}"));
        for before in [0, 2] {
            let call = |p: &Pipeline| p.call_script::<i64>(&add, &key, ());
            let (one, get, two) = client.atomic(|p| (call(p), p.get::<i64>(&key), call(p))).unwrap();
            assert_eq!((one, get, two), (before + 1, Some(before + 1), before + 2));
        }
        let done = client.atomic(|p| (p.call_script::<i64>(&bad, (), ()).caught(), p.incr(&key)));
        let (error, five) = done.unwrap();
        assert!(error.unwrap_err().to_string().starts_with("SCRIPT LOAD: ERR Error compiling script"));
        assert_eq!(five, 5);
    });
}

#[test]
fn who_may_call_and_not_load_calls_what_is_loaded() {
    for server in kit::servers() {
        let private = Private::start(&server.binary, &[]);
        let admin = Client::open(&private.url()).unwrap();
        let script = Script::new("return ARGV[1]");
        let user = ["SETUSER", "ann", "on", ">pw", "~*", "+@all", "-eval", "-script"];
        admin.run::<()>(Request::new("ACL").args(&user)).unwrap();
        let client = Client::open(&private.url().replace("://", "://ann:pw@")).unwrap();
        let in_pipeline = || client.pipeline(|p| p.call_script::<i64>(&script, (), 7));

        assert_eq!(client.call_script::<i64>(&script, (), 7).unwrap_err().code(), Some("NOPERM"));
        let error = in_pipeline().unwrap_err();
        assert_eq!((error.command(), error.code()), (Some("SCRIPT LOAD"), Some("NOPERM")), "{error}");
        admin.script_load(&script).unwrap();
        assert_eq!(client.call_script::<i64>(&script, (), 7).unwrap(), 7);
        assert_eq!(in_pipeline().unwrap(), 7, "{}", server.name);
    }
}

#[test]
fn scripts_that_only_read_by_their_sha() {
    kit::each(|on| {
        if !on.has("EVALSHA_RO", (7, 0), (7, 2)) {
            return;
        }
        let (client, key) = (&on.client, on.key("k"));
        client.set(&key, 5).unwrap();
        // Nobody else knows it.
        let read = Script::from(format!("local own = '{key}' return redis.call('GET', KEYS[1]) + ARGV[1]"));
        for _ in 0..2 {
            assert_eq!(client.call_script_ro::<i64>(&read, &key, 2).unwrap(), 7);
        }
        assert_eq!(client.script_exists(read.sha()).unwrap(), [true]);
        let write = Script::from(format!("local own = '{key}' return redis.call('DEL', KEYS[1])"));
        let in_pipeline = client.pipeline(|p| {
            (p.call_script_ro::<i64>(&read, &key, 3), p.call_script_ro::<i64>(&write, &key, ()).caught())
        });
        let (eight, error) = in_pipeline.unwrap();
        assert_eq!(eight, 8);
        assert!(error.unwrap_err().to_string().contains("read-only"));
        let error = client.call_script_ro::<i64>(&write, &key, ()).unwrap_err();
        assert!(error.to_string().contains("read-only"), "{error}");
        assert_eq!(client.get(&key).unwrap(), Some(5));
    });
}

#[test]
fn a_script_that_only_reads_is_tried_again_and_another_is_not() {
    use proxy::{Fault, Proxy, Rule};

    static COUNT: Script = Script::new("return redis.call('STRLEN', KEYS[1])");
    for server in kit::servers().iter().filter(|server| server.has("EVALSHA_RO", (7, 0), (7, 2))) {
        let proxy = Proxy::start(server.port).unwrap();
        let client = Client::open(&proxy.url()).unwrap();
        assert_eq!(client.call_script::<i64>(&COUNT, "scripting:none", ()).unwrap(), 0);
        proxy.rule(Rule::new(Fault::ResetReply).command("EVALSHA_RO").nth(1));
        assert_eq!(client.call_script_ro::<i64>(&COUNT, "scripting:none", ()).unwrap(), 0);
        // A pipeline that loads it and calls nothing else is repeated as well.
        proxy.rule(Rule::new(Fault::ResetReply).command("EVALSHA_RO").nth(1));
        let read_only = |p: &Pipeline| p.call_script_ro::<i64>(&COUNT, "scripting:none", ());
        assert_eq!(client.pipeline(read_only).unwrap(), 0);
        proxy.rule(Rule::new(Fault::ResetReply).command("EVALSHA").nth(1));
        let error = client.call_script::<i64>(&COUNT, "scripting:none", ()).unwrap_err();
        assert_eq!((error.outcome(), error.attempts()), (client::Outcome::Unknown, 1));
    }
}

#[test]
fn one_deadline_covers_both_commands_of_a_script() {
    for server in kit::servers() {
        let private = Private::start(&server.binary, &["--lua-time-limit", "10"]);
        let client = Client::open(&private.url()).unwrap();
        client.ping().unwrap();
        let begin = Instant::now();
        let limit = Duration::from_millis(200);
        let error =
            client.timeout(limit).call_script::<i64>(&Script::new("while true do end"), (), ()).unwrap_err();
        let took = begin.elapsed();
        assert!(error.is_timeout() && error.command() == Some("EVAL"), "{error}");
        assert!(took >= limit && took < limit * 2, "{took:?}");
    }
}

#[test]
fn show_and_debug() {
    kit::each(|on| {
        let own = on.client.dedicated().unwrap();
        let id = own.client_id().unwrap();
        own.script_debug(ScriptDebug::Forked).unwrap();
        let lines: Vec<String> = own.eval("local a = 40\nreturn a + ARGV[1]", (), 2).unwrap();
        assert!(lines.iter().any(|line| line.contains("Stopped at 1")), "{lines:?}");
        let lines: Vec<String> = own.run(Request::new("step")).unwrap();
        assert!(lines.iter().any(|line| line.contains("return a")), "{lines:?}");
        let lines: Vec<String> = own.run(Request::new("print").arg("a")).unwrap();
        assert_eq!(lines, ["<value> 40"]);
        drop(own);
        assert_ne!(on.client.client_id().unwrap(), id, "the connection is not the pool's any more");
        let own = on.client.dedicated().unwrap();
        own.script_debug(ScriptDebug::Off).unwrap();
        assert_eq!(own.eval::<i64>("return 1", (), ()).unwrap(), 1);
        assert!(on.client.script_debug(ScriptDebug::Off).unwrap_err().is_usage());

        if on.has("SCRIPT SHOW", None, (8, 0)) {
            let script = Script::from(format!("return '{}'", on.key("k")));
            let error = on.client.script_show::<String>(script.sha()).unwrap_err();
            assert_eq!(error.code(), Some("NOSCRIPT"));
            on.client.script_load(&script).unwrap();
            assert_eq!(on.client.script_show::<Vec<u8>>(script.sha()).unwrap(), script.source());
        }
    });
}
