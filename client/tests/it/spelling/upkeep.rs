//! How the commands that look after a server are spelt, and what their replies become.

use std::time::{Duration, UNIX_EPOCH};

use client::{
    Background, Build, Command, CommandFilter, FailoverOptions, HotkeysMetrics, HotkeysOptions, KeyBegin,
    KeyFind, Reply, Role, ShutdownOptions,
};

use super::{check, decodes, fails, refused};

const HALF: Duration = Duration::from_micros(1_500_500);
const NO_ARGS: [&str; 0] = [];

#[track_caller]
fn decoded<R>(command: Command<R>, reply: impl Into<String>) -> R {
    command.decode(&Reply::from_bytes(reply.into()).unwrap()).unwrap()
}

#[test]
pub(super) fn catalog() {
    let b = Build::new();
    check(b.command(), "COMMAND", "");
    check(b.command_count(), "COMMAND COUNT", "");
    check(b.command_info(["get", "config|get"]), "COMMAND INFO get config|get", "");
    check(b.command_docs("get"), "COMMAND DOCS get", "");
    check(b.command_list(), "COMMAND LIST", "");
    check(b.command_list_with(CommandFilter::Module("m")), "COMMAND LIST FILTERBY MODULE m", "");
    check(b.command_list_with(CommandFilter::Aclcat("string")), "COMMAND LIST FILTERBY ACLCAT string", "");
    check(b.command_list_with(CommandFilter::Pattern("x*")), "COMMAND LIST FILTERBY PATTERN x*", "");
    check(b.command_getkeys::<String>(["GET", "k"]), "COMMAND GETKEYS GET k", "");
    check(b.command_getkeys::<String>(b.set("k", "v")), "COMMAND GETKEYS SET k v", "");
    check(b.command_getkeysandflags::<String>(["GET", "k"]), "COMMAND GETKEYSANDFLAGS GET k", "");
    refused(b.command_info(NO_ARGS), "needs at least one argument");
    refused(b.command_docs(NO_ARGS), "needs at least one argument");
    refused(b.command_getkeys::<String>(NO_ARGS), "needs at least one argument");

    decodes(
        b.command_getkeysandflags::<String>("x"),
        "*1\r\n*2\r\n$1\r\nk\r\n~2\r\n+OW\r\n+update\r\n",
        vec![("k".to_owned(), vec!["OW".to_owned(), "update".to_owned()])],
    );
    let old = "*2\r\n*7\r\n$3\r\nget\r\n:2\r\n*2\r\n+readonly\r\n+fast\r\n:1\r\n:1\r\n:1\r\n*1\r\n+@read\r\n*-1\r\n";
    let infos = decoded(b.command_info("x"), old);
    let get = infos[0].as_ref().unwrap();
    assert_eq!((&*get.name, get.arity, get.first_key, get.last_key, get.key_step), ("get", 2, 1, 1, 1));
    assert!(get.has_flag("fast") && !get.has_flag("fas"));
    assert_eq!((&get.acl_categories[..], get.tips.len(), &infos[1]), (&["@read".to_owned()][..], 0, &None));
    fails(b.command(), "*1\r\n*1\r\n$1\r\nx\r\n", "element 0: expected a list of more, found 1 elements");
}

#[test]
fn key_specs() {
    let spec = |begin: &str, find: &str| {
        format!(
            "*1\r\n*10\r\n$1\r\nx\r\n:-2\r\n~0\r\n:0\r\n:0\r\n:0\r\n~0\r\n~1\r\n$3\r\ntip\r\n~1\r\n%4\r\n$5\r\nnotes\r\n\
             $1\r\nn\r\n$5\r\nflags\r\n~1\r\n+RW\r\n$12\r\nbegin_search\r\n{begin}$9\r\nfind_keys\r\n{find}~1\r\n\
             *6\r\n$3\r\nx|y\r\n:3\r\n~0\r\n:0\r\n:0\r\n:0\r\n"
        )
    };
    let unknown = "%2\r\n$4\r\ntype\r\n$7\r\nunknown\r\n$4\r\nspec\r\n%0\r\n";
    let begins = [
        ("%2\r\n$4\r\ntype\r\n$5\r\nindex\r\n$4\r\nspec\r\n%1\r\n$5\r\nindex\r\n:2\r\n", KeyBegin::Index(2)),
        (
            "*4\r\n$4\r\ntype\r\n$7\r\nkeyword\r\n$4\r\nspec\r\n*4\r\n$7\r\nkeyword\r\n$4\r\nKEYS\r\n\
             $9\r\nstartfrom\r\n:-2\r\n",
            KeyBegin::Keyword { keyword: "KEYS".into(), startfrom: -2 },
        ),
        (unknown, KeyBegin::Unknown),
    ];
    for (begin, expected) in begins {
        let command = &decoded(Build::new().command(), spec(begin, unknown))[0];
        let keys = &command.key_specs[0];
        assert_eq!((&keys.begin, &keys.find), (&expected, &KeyFind::Unknown));
        assert_eq!((keys.notes.as_deref(), &keys.flags[..]), (Some("n"), &["RW".to_owned()][..]));
        assert_eq!((command.tips.join(" ").as_str(), &*command.subcommands[0].name), ("tip", "x|y"));
    }
    let finds = [
        (
            "%2\r\n$4\r\ntype\r\n$5\r\nrange\r\n$4\r\nspec\r\n%3\r\n$7\r\nlastkey\r\n:-1\r\n$7\r\nkeystep\r\n:2\r\n\
             $5\r\nlimit\r\n:0\r\n",
            KeyFind::Range { lastkey: -1, keystep: 2, limit: 0 },
        ),
        (
            "*4\r\n$4\r\ntype\r\n$6\r\nkeynum\r\n$4\r\nspec\r\n*6\r\n$9\r\nkeynumidx\r\n:0\r\n$8\r\nfirstkey\r\n:1\r\n\
             $7\r\nkeystep\r\n:1\r\n",
            KeyFind::Keynum { keynumidx: 0, firstkey: 1, keystep: 1 },
        ),
    ];
    for (find, expected) in finds {
        assert_eq!(decoded(Build::new().command(), spec(unknown, find))[0].key_specs[0].find, expected);
    }
}

#[test]
fn manual() {
    let docs = "*2\r\n$1\r\nx\r\n*16\r\n$7\r\nsummary\r\n$1\r\ns\r\n$5\r\nsince\r\n$5\r\n1.0.0\r\n$5\r\ngroup\r\n\
        $6\r\nstring\r\n$9\r\ndoc_flags\r\n*1\r\n+deprecated\r\n$16\r\ndeprecated_since\r\n$5\r\n5.0.0\r\n\
        $11\r\nreplaced_by\r\n$1\r\ny\r\n$7\r\nhistory\r\n*1\r\n*2\r\n$5\r\n2.0.0\r\n$1\r\nh\r\n$9\r\narguments\r\n\
        *1\r\n*10\r\n$4\r\nname\r\n$1\r\na\r\n$4\r\ntype\r\n$5\r\noneof\r\n$5\r\nflags\r\n*1\r\n+optional\r\n\
        $5\r\ntoken\r\n$1\r\nA\r\n$9\r\narguments\r\n*1\r\n*4\r\n$4\r\nname\r\n$1\r\nb\r\n$14\r\nkey_spec_index\r\n:0\r\n";
    let map = docs
        .replacen("*2\r\n$1\r\nx\r\n*16", "%1\r\n$1\r\nx\r\n%8", 1)
        .replace("*10", "%5")
        .replace("*4", "%2");
    for reply in [docs.to_owned(), map] {
        let docs = &decoded(Build::new().command_docs("x"), reply)["x"];
        assert_eq!((&*docs.summary, &*docs.since, &*docs.group), ("s", "1.0.0", "string"));
        assert_eq!((&docs.complexity, &docs.doc_flags[..]), (&None, &["deprecated".to_owned()][..]));
        assert_eq!(
            (docs.deprecated_since.as_deref(), docs.replaced_by.as_deref()),
            (Some("5.0.0"), Some("y"))
        );
        assert_eq!(docs.history, [("2.0.0".to_owned(), "h".to_owned())]);
        let argument = &docs.arguments[0];
        assert_eq!((&*argument.name, &*argument.kind, argument.token.as_deref()), ("a", "oneof", Some("A")));
        assert_eq!(argument.flags, ["optional"]);
        let inner = &argument.arguments[0];
        assert_eq!((&*inner.name, &*inner.kind, inner.key_spec_index), ("b", "", Some(0)));
    }
    assert!(decoded(Build::new().command_docs("x"), "*0\r\n").is_empty());
}

#[test]
pub(super) fn memory() {
    let b = Build::new();
    check(b.memory_usage("k"), "MEMORY USAGE k", "k");
    check(b.memory_usage_samples("k", 0), "MEMORY USAGE k SAMPLES 0", "k");
    check(b.memory_usage_samples("k", usize::MAX), "MEMORY USAGE k SAMPLES 9223372036854775807", "k");
    check(b.memory_stats(), "MEMORY STATS", "");
    check(b.memory_doctor(), "MEMORY DOCTOR", "");
    check(b.memory_malloc_stats(), "MEMORY MALLOC-STATS", "");
    check(b.memory_purge(), "MEMORY PURGE", "");

    let flat = "*12\r\n$14\r\npeak.allocated\r\n:9\r\n$15\r\ntotal.allocated\r\n:8\r\n$5\r\ndb.12\r\n*4\r\n\
        $23\r\noverhead.hashtable.main\r\n:7\r\n$26\r\noverhead.hashtable.expires\r\n:6\r\n\
        $17\r\noverhead.hashtable\r\n:5\r\n$15\r\npeak.percentage\r\n$5\r\n99.25\r\n$19\r\nfragmentation.bytes\r\n:-4\r\n";
    let flat =
        flat.replace("$17\r\noverhead.hashtable\r\n", "$13\r\nclients.slaves\r\n").replace("$13", "$14");
    let map = flat.replace("*12", "%6").replace("*4", "%2").replace("$5\r\n99.25", ",99.25");
    for reply in [flat, map] {
        let stats = decoded(b.memory_stats(), reply);
        assert_eq!((stats.peak_allocated, stats.total_allocated, stats.clients_replicas), (9, 8, 5));
        assert_eq!((stats.peak_percentage, stats.fragmentation_bytes, stats.fragmentation), (99.25, -4, 0.0));
        let [database] = stats.databases[..] else { panic!("{stats:?}") };
        assert_eq!(
            (database.db, database.overhead_hashtable_main, database.overhead_hashtable_expires),
            (12, 7, 6)
        );
        assert_eq!((stats.functions_caches, stats.get("total.allocated")), (None, Some(8)));
    }
    fails(b.memory_stats(), "*0\r\n", "expected peak.allocated, found nothing");
}

#[test]
pub(super) fn hotkeys() {
    let b = Build::new();
    check(b.hotkeys_start(HotkeysMetrics::Net), "HOTKEYS START METRICS 1 NET", "");
    let options = HotkeysOptions::new(HotkeysMetrics::Both).count(5).duration(HALF).sample(3).slots(&[7, 8]);
    check(
        b.hotkeys_start(options),
        "HOTKEYS START METRICS 2 CPU NET COUNT 5 DURATION 2 SAMPLE 3 SLOTS 2 7 8",
        "",
    );
    check(b.hotkeys_get(), "HOTKEYS GET", "");
    check(b.hotkeys_stop(), "HOTKEYS STOP", "");
    check(b.hotkeys_reset(), "HOTKEYS RESET", "");
    refused(b.hotkeys_start(options.duration(Duration::ZERO)), "needs a duration above zero");
    refused(b.hotkeys_start(options.slots(&[])), "needs at least one argument");

    decodes(b.hotkeys_stop(), "+OK\r\n", true);
    decodes(b.hotkeys_stop(), "_\r\n", false);
    for nothing in ["_\r\n", "*-1\r\n", "*0\r\n"] {
        assert!(decoded(b.hotkeys_get(), nothing).is_none());
    }
    let flat = "*1\r\n*14\r\n$15\r\ntracking-active\r\n:1\r\n$12\r\nsample-ratio\r\n:5\r\n$14\r\nselected-slots\r\n*2\r\n\
        *1\r\n:7\r\n*2\r\n:9\r\n:16383\r\n$29\r\ncollection-start-time-unix-ms\r\n:1500\r\n\
        $22\r\ncollection-duration-ms\r\n:250\r\n$14\r\nby-cpu-time-us\r\n*4\r\n$1\r\na\r\n:12\r\n$1\r\nb\r\n:0\r\n\
        $12\r\nby-net-bytes\r\n*0\r\n";
    for reply in [flat.to_owned(), flat.replace("*14", "%7")] {
        let hotkeys = decoded(b.hotkeys_get(), reply).unwrap();
        assert!(hotkeys.tracking_active && hotkeys.sample_ratio == 5);
        assert_eq!(hotkeys.selected_slots, [7..=7, 9..=16_383]);
        assert_eq!(hotkeys.collection_start_time, UNIX_EPOCH + Duration::from_millis(1_500));
        assert_eq!(hotkeys.collection_duration, Duration::from_millis(250));
        let times = [(b"a".to_vec(), Duration::from_micros(12)), (b"b".to_vec(), Duration::ZERO)];
        assert_eq!(hotkeys.by_cpu_time, times);
        assert!(hotkeys.by_net_bytes.is_empty());
        assert_eq!(hotkeys.get("sample-ratio"), Some(5));
    }
}

#[test]
pub(super) fn saving() {
    let b = Build::new();
    check(b.save(), "SAVE", "");
    check(b.bgsave(), "BGSAVE", "");
    check(b.bgsave_schedule(), "BGSAVE SCHEDULE", "");
    check(b.bgsave_cancel(), "BGSAVE CANCEL", "");
    check(b.bgrewriteaof(), "BGREWRITEAOF", "");
    check(b.backup_start(), "BACKUP START", "");
    check(b.backup_seal(), "BACKUP SEAL", "");
    check(b.backup_abort(), "BACKUP ABORT", "");
    check(b.backup_cleanup(), "BACKUP CLEANUP", "");
    check(b.backup_status(), "BACKUP STATUS", "");
    check(b.backup_list(), "BACKUP LIST", "");
    check(b.config_rewrite(), "CONFIG REWRITE", "");
    check(b.shutdown(), "SHUTDOWN", "");
    let options = ShutdownOptions::new().save().nosave().now().force().safe().failover();
    check(b.shutdown_with(options), "SHUTDOWN NOSAVE NOW FORCE SAFE FAILOVER", "");
    check(b.shutdown_with(options.save()), "SHUTDOWN SAVE NOW FORCE SAFE FAILOVER", "");
    check(b.shutdown_abort(), "SHUTDOWN ABORT", "");

    decodes(b.bgsave(), "+Background saving started\r\n", Background::Started);
    decodes(b.bgsave(), "+Background saving scheduled\r\n", Background::Scheduled);
    decodes(b.bgrewriteaof(), "+Background append only file rewriting started\r\n", Background::Started);
    let status = "*8\r\n$5\r\nstate\r\n$6\r\nfailed\r\n$5\r\nerror\r\n$1\r\ne\r\n$10\r\nstart_time\r\n:60\r\n\
        $8\r\nend_time\r\n:0\r\n";
    for reply in [status.to_owned(), status.replace("*8", "%4")] {
        let status = decoded(b.backup_status(), reply);
        assert_eq!((&*status.state, status.error.as_deref()), ("failed", Some("e")));
        assert_eq!((status.start_time, status.end_time), (Some(UNIX_EPOCH + Duration::from_secs(60)), None));
        assert_eq!(status.get("start_time"), Some(60));
    }
}

#[test]
pub(super) fn replication() {
    let (b, options) = (Build::new(), FailoverOptions::new());
    check(b.role(), "ROLE", "");
    check(b.replicaof("h", 7), "REPLICAOF h 7", "");
    check(b.replicaof_no_one(), "REPLICAOF NO ONE", "");
    check(b.failover(), "FAILOVER", "");
    check(b.failover_with(options.timeout(HALF)), "FAILOVER TIMEOUT 1501", "");
    let all = options.to("h", 7).timeout(HALF).force();
    check(b.failover_with(all), "FAILOVER TO h 7 FORCE TIMEOUT 1501", "");
    check(b.failover_abort(), "FAILOVER ABORT", "");
    let why = "can be forced only with a replica and a timeout";
    refused(b.failover_with(options.force()), why);
    refused(b.failover_with(options.force().timeout(HALF)), why);
    refused(b.failover_with(options.force().to("h", 7)), why);
    let zero = "needs a timeout above zero and of less than 292 million years";
    refused(b.failover_with(options.timeout(Duration::ZERO)), zero);
    decodes(b.replicaof("h", 7), "+OK Already connected to specified master\r\n", ());

    let primary = "*3\r\n$6\r\nmaster\r\n:14\r\n*2\r\n*3\r\n$3\r\n::1\r\n$4\r\n6380\r\n$2\r\n14\r\n\
        *4\r\n$1\r\nh\r\n$1\r\n1\r\n$1\r\n0\r\n$3\r\nnew\r\n";
    let Role::Primary { offset: 14, replicas, .. } = decoded(b.role(), primary) else { panic!() };
    let found: Vec<_> =
        replicas.iter().map(|replica| (&*replica.host, replica.port, replica.offset)).collect();
    assert_eq!(found, [("::1", 6_380, 14), ("h", 1, 0)]);
    let replica = "*5\r\n$5\r\nslave\r\n$1\r\nh\r\n:6380\r\n$9\r\nconnected\r\n:7\r\n";
    for (reply, expected) in [(replica.to_owned(), Some(7)), (replica.replace(":7", ":-1"), None)] {
        let Role::Replica { host, port, state, offset, .. } = decoded(b.role(), reply) else { panic!() };
        assert_eq!((&*host, port, &*state, offset), ("h", 6_380, "connected", expected));
    }
    let sentinel = "*2\r\n$8\r\nsentinel\r\n*1\r\n$1\r\nm\r\n";
    let Role::Sentinel { masters, .. } = decoded(b.role(), sentinel) else { panic!() };
    assert_eq!(masters, ["m"]);
    fails(b.role(), "*1\r\n$1\r\nx\r\n", "expected a role, found an array that names another");
    fails(b.role(), "*1\r\n$6\r\nmaster\r\n", "expected a list of more, found 1 elements");
    fails(b.role(), ":1\r\n", "expected a list, found an integer");
}

#[test]
pub(super) fn art() {
    let b = Build::new();
    check(b.lolwut(), "LOLWUT", "");
    check(b.lolwut_version(5, ()), "LOLWUT VERSION 5", "");
    check(b.lolwut_version(5, (20, 2, 1)), "LOLWUT VERSION 5 20 2 1", "");
}
