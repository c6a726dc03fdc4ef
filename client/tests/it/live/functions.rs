//! Functions and their libraries.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use std::{iter, process, thread};

use client::{
    Client, FlushMode, FunctionLibrary, FunctionListOptions, FunctionRestore, Pipeline, Request, Value,
};

use crate::kit::{self, Private, Subject};

/// Whether there are functions at all.
fn has(on: &Subject) -> bool {
    on.has("FUNCTION", (7, 0), (7, 2))
}

/// A name that no other test has: libraries and functions are the whole server's.
fn name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("t{}_{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A library `name` with the functions `name_add`, which writes, and `name_get`, which does not.
fn library(name: &str) -> FunctionLibrary {
    FunctionLibrary::from(format!(
        "#!lua name={name}
        redis.register_function('{name}_add', function(keys, args)
            return redis.call('INCRBY', keys[1], args[1])
        end)
        redis.register_function{{
            function_name = '{name}_get', description = 'reads', flags = {{'no-writes', 'allow-stale'}},
            callback = function(keys, args) return {{redis.call('GET', keys[1]), #keys, args[1] or '', #args}} end
        }}"
    ))
}

#[test]
fn load_call_list_and_delete() {
    kit::each(|on| {
        if !has(on) {
            return;
        }
        let (client, key, name) = (&on.client, on.key("k"), name());
        let (library, add, get) = (library(&name), format!("{name}_add"), format!("{name}_get"));
        assert_eq!(client.function_load(&library).unwrap(), name);
        let error = client.function_load(&library).unwrap_err();
        assert!(error.to_string().contains("already exists"), "{error}");
        assert_eq!(client.function_load_replace(&library).unwrap(), name);

        assert_eq!(client.fcall::<i64>(&add, &key, 5).unwrap(), 5);
        let read: (i64, i64, Vec<u8>, i64) = client.fcall_ro(&get, &key, (b"\0\xff", 2)).unwrap();
        assert_eq!(read, (5, 1, b"\0\xff".to_vec(), 2));
        let error = client.fcall_ro::<i64>(&add, &key, 5).unwrap_err();
        assert!(error.to_string().contains("write"), "{error}");
        let error = client.fcall::<i64>("no_such_function", (), ()).unwrap_err();
        assert_eq!(error.to_string(), "FCALL: ERR Function not found");
        client.del(&key).unwrap();
        client.rpush(&key, "x").unwrap();
        let error = client.fcall::<i64>(&add, &key, 5).unwrap_err();
        assert!(error.to_string().contains("WRONGTYPE"), "{error}");

        let listed = client.function_list_with(&*name).unwrap();
        let [own] = &listed[..] else { panic!("{listed:?}") };
        assert_eq!((&own.name, &*own.engine, &own.code), (&name, "LUA", &None));
        let mut functions = own.functions.clone();
        functions.sort_by(|a, b| a.name.cmp(&b.name));
        assert_eq!((&functions[0].name, &functions[0].description), (&add, &None));
        assert_eq!((&functions[1].name, functions[1].description.as_deref()), (&get, Some("reads")));
        let mut flags = functions[1].flags.clone();
        flags.sort();
        assert_eq!((functions[0].flags.len(), flags), (0, vec!["allow-stale".into(), "no-writes".into()]));
        let options = FunctionListOptions::new().library(&name).with_code();
        let code = client.function_list_with(options).unwrap()[0].code.clone().unwrap();
        assert_eq!(code.as_bytes(), library.code());
        assert!(client.function_list().unwrap().iter().any(|library| library.name == name));
        assert_eq!(client.function_list_with("no such library").unwrap().len(), 0);

        let stats = client.function_stats().unwrap();
        let lua = stats.engines.iter().find(|engine| engine.name == "LUA").unwrap();
        assert!(lua.libraries >= 1 && lua.functions >= 2, "{stats:?}");

        client.function_delete(&name).unwrap();
        let error = client.function_delete(&name).unwrap_err();
        assert_eq!(error.to_string(), "FUNCTION DELETE: ERR Library not found");
        let error = client.function_load("no code").unwrap_err();
        assert_eq!(error.code(), Some("ERR"));
    });
}

#[test]
fn a_library_is_loaded_when_it_is_missed() {
    kit::each(|on| {
        if !has(on) {
            return;
        }
        let (client, key, name) = (&on.client, on.key("k"), name());
        let (library, add, get) = (library(&name), format!("{name}_add"), format!("{name}_get"));
        let delete = || client.function_delete(&name).unwrap();
        assert_eq!(library.name(), Some(&*name));

        assert_eq!(client.call_function::<i64>(&library, &add, &key, 1).unwrap(), 1);
        assert_eq!(client.call_function::<i64>(&library, &add, &key, 1).unwrap(), 2);
        delete();
        let read: (i64, i64, Value, i64) = client.call_function_ro(&library, &get, &key, ()).unwrap();
        assert_eq!((read.0, read.3), (2, 0));
        delete();
        let own = client.dedicated().unwrap();
        assert_eq!(own.call_function::<i64>(&library, &add, &key, 1).unwrap(), 3);

        // In a pipeline, whether it is there or not.
        let commands = |p: &Pipeline| {
            let add = || p.call_function::<i64>(&library, &add, &key, 1);
            (add(), p.get::<i64>(&key), add())
        };
        assert_eq!(client.pipeline(commands).unwrap(), (4, Some(4), 5));
        delete();
        assert_eq!(own.pipeline(commands).unwrap(), (6, Some(6), 7));
        delete();
        let mut sum = 0;
        let command = |p: &Pipeline, n: i64| p.call_function::<i64>(&library, &add, &key, n);
        client.pipeline_each(iter::repeat_n(1, 3_000), command, |n| sum = n).unwrap();
        assert_eq!(sum, 3_007);

        // Another library of that name is not replaced.
        let other =
            format!("#!lua name={name}\nredis.register_function('{name}_other', function() return 1 end)");
        client.function_load_replace(&other).unwrap();
        let error = client.call_function::<i64>(&library, &add, &key, 1).unwrap_err();
        assert_eq!(error.to_string(), "FCALL: ERR Function not found");
        let error = client.pipeline(commands).unwrap_err();
        assert_eq!(error.to_string(), "FCALL: ERR Function not found");
        assert_eq!(client.fcall::<i64>(format!("{name}_other"), (), ()).unwrap(), 1);
        client.function_load_replace(&library).unwrap();
        assert_eq!(client.call_function::<i64>(&library, &add, &key, 1).unwrap(), 3_008);
        delete();

        // Why it cannot be loaded is what the caller learns.
        let broken = FunctionLibrary::from(format!("#!lua name={name}\nno lua"));
        let error = client.call_function::<i64>(&broken, &add, &key, 1).unwrap_err();
        assert!(error.to_string().starts_with("FUNCTION LOAD: ERR Error compiling"), "{error}");
        let (error, one) = client
            .pipeline(|p| (p.call_function::<i64>(&broken, &add, &key, 1).caught(), p.echo::<i64>(1)))
            .unwrap();
        assert!(error.unwrap_err().to_string().starts_with("FUNCTION LOAD: ERR Error compiling"));
        assert_eq!(one, 1);
    });
}

#[test]
fn many_that_miss_it_at_once_load_it_once() {
    kit::each(|on| {
        if !has(on) {
            return;
        }
        let (client, key, name) = (&on.client, on.key("k"), name());
        let (library, add) = (library(&name), format!("{name}_add"));
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| client.call_function::<i64>(&library, &add, &key, 1).unwrap());
            }
        });
        assert_eq!(client.get(&key).unwrap(), Some(8));
        client.function_delete(&name).unwrap();
    });
}

#[test]
fn dump_restore_and_flush() {
    for server in kit::servers().iter().filter(|server| server.has("FUNCTION", (7, 0), (7, 2))) {
        let private = Private::start(&server.binary, &[]);
        let client = Client::open(&private.url()).unwrap();
        let names = || {
            let mut names: Vec<_> = client.function_list().unwrap().into_iter().map(|l| l.name).collect();
            names.sort();
            names
        };
        client.function_load(library("a")).unwrap();
        let a = client.function_dump().unwrap();
        client.function_flush().unwrap();
        assert_eq!(names(), [""; 0]);
        client.function_load(library("b")).unwrap();

        client.function_restore(&a).unwrap();
        assert_eq!(names(), ["a", "b"]);
        for error in [client.function_restore(&a), client.function_restore_with(&a, FunctionRestore::Append)]
        {
            assert!(error.unwrap_err().to_string().contains("already exists"));
        }
        client.function_restore_with(&a, FunctionRestore::Replace).unwrap();
        assert_eq!(names(), ["a", "b"]);
        client.function_restore_with(&a, FunctionRestore::Flush).unwrap();
        assert_eq!(names(), ["a"]);
        assert_eq!(client.fcall::<i64>("a_add", "k", 1).unwrap(), 1);
        assert_eq!(client.function_restore(b"no dump").unwrap_err().code(), Some("ERR"));
        for mode in [FlushMode::Sync, FlushMode::Async] {
            client.function_load_replace(library("c")).unwrap();
            client.function_flush_with(mode).unwrap();
            assert_eq!(names(), [""; 0]);
        }
    }
}

#[test]
fn a_function_that_does_not_end_is_seen_and_killed() {
    for server in kit::servers().iter().filter(|server| server.has("FUNCTION", (7, 0), (7, 2))) {
        let private = Private::start(&server.binary, &["--lua-time-limit", "50"]);
        let client = Client::open(&private.url()).unwrap();
        assert_eq!(client.function_kill().unwrap_err().code(), Some("NOTBUSY"));
        client
            .function_load(
                "#!lua name=l\nredis.register_function('endless', function() while true do end end)",
            )
            .unwrap();
        thread::scope(|scope| {
            let endless = scope.spawn(|| client.fcall::<i64>("endless", "k", b"\xff"));
            let pause = || thread::sleep(Duration::from_millis(20));
            let running = iter::repeat_with(|| client.function_stats().unwrap().running)
                .take(200)
                .inspect(|_| pause())
                .find_map(|running| running)
                .expect("it is running");
            assert_eq!(running.name, "endless");
            assert_eq!(running.command, [&b"FCALL"[..], b"endless", b"1", b"k", b"\xff"]);
            assert!(running.duration >= Duration::from_millis(1), "{running:?}");
            assert!(client.ping().unwrap_err().code() == Some("BUSY"));
            let killed = iter::repeat_with(|| client.function_kill()).take(100).inspect(|_| pause());
            assert!(killed.into_iter().any(|result| result.is_ok()), "{}", server.name);
            let error = endless.join().unwrap().unwrap_err();
            assert!(error.to_string().contains("killed"), "{error}");
        });
        assert_eq!(client.function_stats().unwrap().running, None);
        client.run::<()>(Request::new("PING")).unwrap();
    }
}
