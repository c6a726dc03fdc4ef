//! How the commands on scripts and functions are spelt, and what their replies become.

use std::time::Duration;

use client::{
    Build, FlushMode, FunctionLibrary, FunctionListOptions, FunctionRestore, FunctionStats, Reply, Script,
    ScriptDebug,
};

use super::{check, decodes, fails, refused};

#[test]
pub(super) fn scripting() {
    let (b, none) = (Build::new(), [""; 0]);
    check(b.eval::<i64>("lua", ["a", "b"], [1, 2]), "EVAL lua 2 a b 1 2", "a b");
    check(b.eval::<i64>("lua", none, "x"), "EVAL lua 0 x", "");
    check(b.eval_ro::<i64>("lua", "a", none), "EVAL_RO lua 1 a", "a");
    check(b.evalsha::<i64>("sha", none, none), "EVALSHA sha 0", "");
    check(b.evalsha_ro::<i64>("sha", "a", "x"), "EVALSHA_RO sha 1 a x", "a");
    check(b.script_load("lua"), "SCRIPT LOAD lua", "");
    check(b.script_exists(["a", "b"]), "SCRIPT EXISTS a b", "");
    check(b.script_flush(), "SCRIPT FLUSH", "");
    check(b.script_flush_with(FlushMode::Async), "SCRIPT FLUSH ASYNC", "");
    check(b.script_flush_with(FlushMode::Sync), "SCRIPT FLUSH SYNC", "");
    check(b.script_kill(), "SCRIPT KILL", "");
    check(b.script_show::<String>("sha"), "SCRIPT SHOW sha", "");
    check(b.script_debug(ScriptDebug::Forked), "SCRIPT DEBUG YES", "");
    check(b.script_debug(ScriptDebug::Sync), "SCRIPT DEBUG SYNC", "");
    check(b.script_debug(ScriptDebug::Off), "SCRIPT DEBUG NO", "");
    refused(b.script_exists(none), "needs at least one argument");

    let (script, sha) = (Script::new("return 1"), "e0e1f9fabfc9d4800c877a703b823ac0578ff8db");
    check(b.call_script::<i64>(&script, ["a", "b"], (1, "x")), &format!("EVALSHA {sha} 2 a b 1 x"), "a b");
    check(b.call_script::<i64>(&script, (), ()), &format!("EVALSHA {sha} 0"), "");
    check(b.call_script_ro::<i64>(&script, "a", ()), &format!("EVALSHA_RO {sha} 1 a"), "a");
    check(b.eval::<i64>(&script, (), ()), "EVAL return 1 0", "");
}

#[test]
pub(super) fn functions() {
    let b = Build::new();
    check(b.fcall::<i64>("f", ["a", "b"], [1, 2]), "FCALL f 2 a b 1 2", "a b");
    check(b.fcall::<i64>("f", (), "x"), "FCALL f 0 x", "");
    check(b.fcall_ro::<i64>("f", "a", ()), "FCALL_RO f 1 a", "a");
    check(b.function_load("code"), "FUNCTION LOAD code", "");
    check(b.function_load_replace("code"), "FUNCTION LOAD REPLACE code", "");
    check(b.function_list(), "FUNCTION LIST", "");
    check(b.function_list_with("a*"), "FUNCTION LIST LIBRARYNAME a*", "");
    check(b.function_list_with(FunctionListOptions::new().with_code()), "FUNCTION LIST WITHCODE", "");
    let options = FunctionListOptions::new().with_code().library(b"a");
    check(b.function_list_with(options), "FUNCTION LIST LIBRARYNAME a WITHCODE", "");
    check(b.function_delete("a"), "FUNCTION DELETE a", "");
    check(b.function_flush(), "FUNCTION FLUSH", "");
    check(b.function_flush_with(FlushMode::Async), "FUNCTION FLUSH ASYNC", "");
    check(b.function_dump(), "FUNCTION DUMP", "");
    check(b.function_restore("dump"), "FUNCTION RESTORE dump", "");
    check(b.function_restore_with("dump", FunctionRestore::Append), "FUNCTION RESTORE dump APPEND", "");
    check(b.function_restore_with("dump", FunctionRestore::Replace), "FUNCTION RESTORE dump REPLACE", "");
    check(b.function_restore_with("dump", FunctionRestore::Flush), "FUNCTION RESTORE dump FLUSH", "");
    check(b.function_kill(), "FUNCTION KILL", "");
    check(b.function_stats(), "FUNCTION STATS", "");

    let library = FunctionLibrary::new("#!lua name=a");
    check(b.call_function::<i64>(&library, "f", "k", ("x", 1)), "FCALL f 1 k x 1", "k");
    check(b.call_function_ro::<i64>(&library, "f", (), ()), "FCALL_RO f 0", "");
    check(b.function_load_replace(&library), "FUNCTION LOAD REPLACE #!lua name=a", "");
}

#[test]
fn libraries_decode_from_both_protocols() {
    let list = |reply: &'static str| {
        let reply = Reply::from_bytes(reply.as_bytes()).unwrap();
        Build::new().function_list().decode(&reply)
    };
    // In RESP2 maps are flat arrays; the description may be null or a text.
    let flat = "*1\r\n*8\r\n$12\r\nlibrary_name\r\n$1\r\nl\r\n$6\r\nengine\r\n$3\r\nLUA\r\n$9\r\nfunctions\r\n\
        *1\r\n*6\r\n$4\r\nname\r\n$1\r\nf\r\n$11\r\ndescription\r\n$-1\r\n$5\r\nflags\r\n*1\r\n+no-writes\r\n\
        $12\r\nlibrary_code\r\n$4\r\ncode\r\n";
    let maps = "*1\r\n%4\r\n$12\r\nlibrary_name\r\n$1\r\nl\r\n$6\r\nengine\r\n$3\r\nLUA\r\n$9\r\nfunctions\r\n\
        *1\r\n%3\r\n$4\r\nname\r\n$1\r\nf\r\n$11\r\ndescription\r\n_\r\n$5\r\nflags\r\n~1\r\n+no-writes\r\n\
        $12\r\nlibrary_code\r\n$4\r\ncode\r\n";
    for reply in [flat, maps] {
        let libraries = list(reply).unwrap();
        let [library] = &libraries[..] else { panic!("{libraries:?}") };
        assert_eq!((&*library.name, &*library.engine, library.code.as_deref()), ("l", "LUA", Some("code")));
        let function = &library.functions[0];
        assert_eq!((&*function.name, &function.description), ("f", &None));
        assert_eq!(function.flags, ["no-writes"]);
        assert_eq!(library.get::<String>("engine").as_deref(), Some("LUA"));
        assert_eq!(library.get::<String>("unknown"), None);
    }
    // What a later version leaves out, or adds, does no harm.
    let sparse = "*1\r\n%4\r\n+library_name\r\n+l\r\n+engine\r\n+JS\r\n+new\r\n:7\r\n+functions\r\n\
        *1\r\n%2\r\n+name\r\n+f\r\n+more\r\n:1\r\n";
    let library = &list(sparse).unwrap()[0];
    assert_eq!((library.get::<i64>("new"), &library.code), (Some(7), &None));
    assert_eq!((library.functions[0].flags.len(), &library.functions[0].description), (0, &None));
    assert_eq!(list("*0\r\n").unwrap().len(), 0);
    for reply in ["*1\r\n*0\r\n", "*1\r\n:1\r\n", "+OK\r\n", "*1\r\n%1\r\n+library_name\r\n*0\r\n"] {
        assert!(list(reply).is_err(), "{reply}");
    }
}

#[test]
fn what_is_running_decodes_from_both_protocols() {
    let stats = || Build::new().function_stats();
    let decoded = |reply: &'static str| -> FunctionStats {
        stats().decode(&Reply::from_bytes(reply.as_bytes()).unwrap()).unwrap()
    };
    let idle = decoded(
        "*4\r\n$14\r\nrunning_script\r\n$-1\r\n$7\r\nengines\r\n*2\r\n$3\r\nLUA\r\n\
        *4\r\n$15\r\nlibraries_count\r\n:1\r\n$15\r\nfunctions_count\r\n:2\r\n",
    );
    assert_eq!(idle.running, None);
    assert_eq!((&*idle.engines[0].name, idle.engines[0].libraries, idle.engines[0].functions), ("LUA", 1, 2));
    let busy = decoded(
        "%2\r\n$14\r\nrunning_script\r\n%3\r\n$4\r\nname\r\n$1\r\nf\r\n$7\r\ncommand\r\n*3\r\n$5\r\nFCALL\r\n\
        $1\r\nf\r\n$1\r\n0\r\n$11\r\nduration_ms\r\n:1500\r\n$7\r\nengines\r\n%1\r\n$3\r\nLUA\r\n\
        %2\r\n$15\r\nlibraries_count\r\n:1\r\n$15\r\nfunctions_count\r\n:2\r\n",
    );
    let running = busy.running.unwrap();
    assert_eq!((&*running.name, running.duration), ("f", Duration::from_millis(1_500)));
    assert_eq!(running.command, [&b"FCALL"[..], b"f", b"0"]);
    assert_eq!(busy.engines, idle.engines);

    decodes(stats(), "%0\r\n", FunctionStats::default());
    fails(
        stats(),
        "%1\r\n+engines\r\n%1\r\n+LUA\r\n%0\r\n",
        "field engines: expected libraries_count, found nothing",
    );
    let negative = "%1\r\n+running_script\r\n%3\r\n+name\r\n+f\r\n+command\r\n*0\r\n+duration_ms\r\n:-1\r\n";
    assert!(stats().decode(&Reply::from_bytes(negative.as_bytes()).unwrap()).is_err());
}
