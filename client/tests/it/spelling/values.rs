//! How the commands on strings, keys and hashes and those of the server are spelt, which of their arguments are keys,
//! and what is refused before it is sent.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use client::{
    Build, CopyOptions, Digest, ExpireOptions, ExpireTime, FieldExpire, FieldPersist, FlushMode,
    GetExOptions, HSetExOptions, IfValue, IncrExOptions, KeyType, MSetExOptions, Migrate, Reply,
    RestoreOptions, ScanOptions, SetOptions, SortOptions, Timeout, Ttl,
};
use resp::Wait;

use super::{check, decodes, fails, refused};

const NO_ARGS: [&str; 0] = [];
const CONTAINERS: [&str; 18] = [
    "ACL",
    "BACKUP",
    "CLIENT",
    "CLUSTER",
    "COMMAND",
    "COMMANDLOG",
    "CONFIG",
    "FUNCTION",
    "HOTKEYS",
    "LATENCY",
    "MEMORY",
    "MODULE",
    "OBJECT",
    "PUBSUB",
    "SCRIPT",
    "SLOWLOG",
    "XGROUP",
    "XINFO",
];
const NO_PAIRS: [(&str, &str); 0] = [];
const HALF: Duration = Duration::from_micros(1_500_500);

fn at(millis: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(millis)
}

#[test]
pub(super) fn strings() {
    let b = Build::new();
    check(b.get::<String>("k"), "GET k", "k");
    check(b.set("k", 1.5), "SET k 1.5", "k");
    check(b.set_with("k", "v", SetOptions::new().keepttl().xx()), "SET k v KEEPTTL XX", "k");
    check(b.set_with("k", "v", SetOptions::new().expire_at(at(1_234)).nx()), "SET k v PXAT 1234 NX", "k");
    check(b.set_get::<String>("k", "v", HALF), "SET k v PX 1501 GET", "k");
    check(b.getdel::<String>("k"), "GETDEL k", "k");
    check(b.getex::<String>("k", GetExOptions::new()), "GETEX k", "k");
    check(b.getex::<String>("k", HALF), "GETEX k PX 1501", "k");
    check(b.getex::<String>("k", GetExOptions::new().expire_at(at(9))), "GETEX k PXAT 9", "k");
    check(b.getex::<String>("k", GetExOptions::new().persist()), "GETEX k PERSIST", "k");
    check(b.getrange::<String>("k", 0, -1), "GETRANGE k 0 -1", "k");
    check(b.setrange("k", 3, "x"), "SETRANGE k 3 x", "k");
    check(b.append("k", "x"), "APPEND k x", "k");
    check(b.strlen("k"), "STRLEN k", "k");
    check(b.incr("k"), "INCR k", "k");
    check(b.incrby("k", -3), "INCRBY k -3", "k");
    check(b.incrbyfloat("k", 3), "INCRBYFLOAT k 3.0", "k");
    check(b.decr("k"), "DECR k", "k");
    check(b.decrby("k", i64::MIN), "DECRBY k -9223372036854775808", "k");
    check(b.mget::<Vec<i64>>(["a", "b"]), "MGET a b", "a b");
    check(b.mset([("a", 1), ("b", 2)]), "MSET a 1 b 2", "a b");
    check(b.msetnx(("a", 1)), "MSETNX a 1", "a");
    check(b.set_with("k", "v", IfValue::is("old")), "SET k v IFEQ old", "k");
    check(b.set_with("k", "v", SetOptions::new().when(IfValue::is_not("x"))), "SET k v IFNE x", "k");
    check(b.set_with("k", "v", IfValue::HasDigest(Digest(7))), "SET k v IFDEQ 0000000000000007", "k");
    let options = SetOptions::new().expire(HALF).nx().when(IfValue::HasNotDigest(Digest(u64::MAX)));
    let words = "SET k v PX 1501 IFDNE ffffffffffffffff GET";
    check(b.set_get::<String>("k", "v", options), words, "k");
    check(b.digest("k"), "DIGEST k", "k");
    check(b.delex("k", IfValue::is("v")), "DELEX k IFEQ v", "k");
    check(b.delex("k", IfValue::is_not("v")), "DELEX k IFNE v", "k");
    check(b.delex("k", IfValue::HasDigest(Digest(1))), "DELEX k IFDEQ 0000000000000001", "k");
    check(b.delex("k", IfValue::HasNotDigest(Digest(1))), "DELEX k IFDNE 0000000000000001", "k");
    check(b.delifeq("k", 5), "DELIFEQ k 5", "k");
    check(b.msetex([("a", 1), ("b", 2)], MSetExOptions::new()), "MSETEX 2 a 1 b 2", "a b");
    check(b.msetex(("a", 1), HALF), "MSETEX 1 a 1 PX 1501", "a");
    check(b.msetex(("a", 1), MSetExOptions::new().expire_at(at(9)).nx()), "MSETEX 1 a 1 PXAT 9 NX", "a");
    check(b.msetex(("a", 1), MSetExOptions::new().keepttl().xx()), "MSETEX 1 a 1 KEEPTTL XX", "a");
    check(b.lcs::<String>("a", "b"), "LCS a b", "a b");
    check(b.lcs_len("a", "b"), "LCS a b LEN", "a b");
    check(b.lcs_idx("a", "b", 4), "LCS a b IDX MINMATCHLEN 4", "a b");
    check(b.lcs_idx("a", "b", usize::MAX), "LCS a b IDX MINMATCHLEN 9223372036854775807", "a b");

    for reply in [
        "*4\r\n$7\r\nmatches\r\n*1\r\n*2\r\n*2\r\n:4\r\n:7\r\n*2\r\n:5\r\n:8\r\n$3\r\nlen\r\n:6\r\n",
        "%2\r\n$7\r\nmatches\r\n*1\r\n*2\r\n*2\r\n:4\r\n:7\r\n*2\r\n:5\r\n:8\r\n$3\r\nlen\r\n:6\r\n",
    ] {
        let reply = Reply::from_bytes(reply.as_bytes()).unwrap();
        let common = b.lcs_idx("a", "b", 0).decode(&reply).unwrap();
        assert_eq!((common.len, common.matches.len()), (6, 1));
        assert_eq!((&common.matches[0].first, &common.matches[0].second), (&(4..=7), &(5..=8)));
    }
    fails(b.lcs_idx("a", "b", 0), "*2\r\n$3\r\nlen\r\n:6\r\n", "expected matches, found nothing");
    refused(b.msetex(NO_PAIRS, HALF), "needs at least one pair");
    refused(b.msetex(("a", 1), Duration::ZERO), "needs an expiry above zero");
    for digest in ["$16\r\n00000000000000ff\r\n", "+00000000000000ff\r\n"] {
        decodes(b.digest("k"), digest, Some(Digest(255)));
    }
    decodes(b.digest("k"), "_\r\n", None);
    fails(
        b.digest("k"),
        "$2\r\nff\r\n",
        "expected a digest of 16 hexadecimal digits, found a bulk string that is none",
    );
    refused(b.mget::<Vec<i64>>(NO_ARGS), "needs at least one key");
    refused(b.mset(NO_PAIRS), "needs at least one pair");
    refused(b.msetnx(NO_PAIRS), "needs at least one pair");
    refused(b.getex::<String>("k", Duration::ZERO), "needs an expiry above zero");
    refused(b.incrbyfloat("k", f64::NAN), "needs a finite number");
    decodes(b.incrbyfloat("k", 1), "$4\r\n10.5\r\n", 10.5);
    decodes(b.incrbyfloat("k", 1), ",10.5\r\n", 10.5);
    decodes(b.mget::<(i64, Option<String>)>(["a", "b"]), "*2\r\n$1\r\n1\r\n_\r\n", (1, None));
}

#[test]
pub(super) fn bounded_counters() {
    let (b, options) = (Build::new(), IncrExOptions::new());
    check(b.increx("k", 5, options), "INCREX k BYINT 5", "k");
    check(b.increx("k", i64::MIN, HALF), "INCREX k BYINT -9223372036854775808 PX 1501", "k");
    check(b.increx("k", 1, IncrExOptions::new().persist()), "INCREX k BYINT 1 PERSIST", "k");
    let limit = IncrExOptions::new().ubound(9).expire_at(at(1_234)).enx();
    check(b.increx("k", 1, limit), "INCREX k BYINT 1 UBOUND 9 PXAT 1234 ENX", "k");
    let all = IncrExOptions::new().lbound(-1.5).ubound(2.5).saturate().expire(HALF).enx();
    let words = "INCREX k BYFLOAT 1.0 SATURATE LBOUND -1.5 UBOUND 2.5 PX 1501 ENX";
    check(b.increx_float("k", 1, all), words, "k");

    refused(b.increx_float("k", f64::INFINITY, HALF), "needs a finite number");
    refused(b.increx("k", 1, Duration::ZERO), "needs an expiry above zero");
    let enx = "sets an expiry where there is none, and needs one for it";
    refused(b.increx("k", 1, options.enx()), enx);
    refused(b.increx("k", 1, options.persist().enx()), enx);
    let bounds = "needs a lower bound that is not above the upper one";
    check(b.increx("k", 1, options.lbound(3).ubound(3)), "INCREX k BYINT 1 LBOUND 3 UBOUND 3", "k");
    refused(b.increx("k", 1, options.lbound(4).ubound(3)), bounds);
    refused(b.increx_float("k", 1, IncrExOptions::new().ubound(f64::NAN)), bounds);
    refused(b.increx_float("k", 1, IncrExOptions::new().lbound(f64::NAN).ubound(1.0)), bounds);
    let reply = Reply::from_bytes(&b"*2\r\n:7\r\n:-2\r\n"[..]).unwrap();
    let added = b.increx("k", -5, HALF).decode(&reply).unwrap();
    assert_eq!((added.value, added.applied), (7, -2));
    for reply in ["*2\r\n$3\r\n6.5\r\n$3\r\n0.5\r\n", "*2\r\n,6.5\r\n,0.5\r\n"] {
        let reply = Reply::from_bytes(reply.as_bytes()).unwrap();
        let added = b.increx_float("k", 0.5, HALF).decode(&reply).unwrap();
        assert_eq!((added.value, added.applied), (6.5, 0.5));
    }
    fails(b.increx("k", 1, HALF), "*1\r\n:7\r\n", "expected a list of 2, found 1 elements");
}

#[test]
pub(super) fn imports() {
    let b = Build::new();
    check(b.himport_prepare("f", ["a", "b"]), "HIMPORT PREPARE f a b", "");
    check(b.himport_set("k", "f", (1, "x")), "HIMPORT SET k f 1 x", "k");
    check(b.himport_discard("f"), "HIMPORT DISCARD f", "");
    check(b.himport_discardall(), "HIMPORT DISCARDALL", "");
    refused(b.himport_prepare("f", NO_ARGS), "needs at least one argument");
    refused(b.himport_set("k", "f", NO_ARGS), "needs at least one argument");
}

#[test]
pub(super) fn migrations() {
    let (b, there) = (Build::new(), Migrate::to("h", 7));
    check(b.migrate("k", there), "MIGRATE h 7  0 1000 KEYS k", "k");
    let words = "MIGRATE h 7  3 1501 COPY REPLACE AUTH s KEYS a b";
    check(b.migrate(["a", "b"], there.db(3).timeout(HALF).replace().copy().auth("s")), words, "a b");
    check(b.migrate("k", there.auth2("u", "s")), "MIGRATE h 7  0 1000 AUTH2 u s KEYS k", "k");
    refused(b.migrate(NO_ARGS, there), "needs at least one key");
    let timeout = "needs a timeout above zero and of less than 292 million years";
    refused(b.migrate("k", there.timeout(Duration::ZERO)), timeout);
    decodes(b.migrate("k", there), "+OK\r\n", true);
    decodes(b.migrate("k", there), "+NOKEY\r\n", false);
    fails(b.migrate("k", there), "+YES\r\n", "expected OK or NOKEY, found a simple string of another value");
}

#[test]
pub(super) fn keys() {
    let b = Build::new();
    check(b.del(["a", "b"]), "DEL a b", "a b");
    check(b.unlink("a"), "UNLINK a", "a");
    check(b.exists(["a", "b"]), "EXISTS a b", "a b");
    check(b.touch(["a", "b"]), "TOUCH a b", "a b");
    check(b.key_type("k"), "TYPE k", "k");
    check(b.copy("a", "b"), "COPY a b", "a b");
    check(b.copy_with("a", "b", CopyOptions::new().replace()), "COPY a b REPLACE", "a b");
    check(b.copy_with("a", "b", CopyOptions::new().db(2)), "COPY a b DB 2", "a b");
    check(b.rename("a", "b"), "RENAME a b", "a b");
    check(b.renamenx("a", "b"), "RENAMENX a b", "a b");
    check(b.move_to_db("k", 3), "MOVE k 3", "k");
    check(b.keys::<String>("a*"), "KEYS a*", "");
    check(b.randomkey::<String>(), "RANDOMKEY", "");
    check(b.scan_page::<String>(u64::MAX, "a*"), "SCAN 18446744073709551615 MATCH a*", "");
    check(b.scan_page::<String>(0, ScanOptions::new()), "SCAN 0", "");
    check(b.scan_page::<String>(0, ScanOptions::new().count(5)), "SCAN 0 COUNT 5", "");

    for command in [b.del(NO_ARGS), b.unlink(NO_ARGS), b.exists(NO_ARGS), b.touch(NO_ARGS)] {
        refused(command, "needs at least one key");
    }
    refused(b.scan_page::<String>(0, ScanOptions::new().count(0)), "needs a count above zero");
    decodes(b.key_type("k"), "+zset\r\n", KeyType::ZSet);
    decodes(b.key_type("k"), "+none\r\n", KeyType::None);
    decodes(b.key_type("k"), "+ReJSON-RL\r\n", KeyType::Other("ReJSON-RL".into()));
    decodes(b.scan_page(0, "*"), "*2\r\n$2\r\n17\r\n*1\r\n$1\r\na\r\n", (17, vec!["a".to_owned()]));
}

#[test]
pub(super) fn expiry() {
    let (b, only) = (Build::new(), ExpireOptions::new());
    check(b.expire("k", HALF), "PEXPIRE k 1501", "k");
    check(b.expire("k", Duration::from_nanos(1)), "PEXPIRE k 1", "k");
    check(b.expire_with("k", HALF, only.nx()), "PEXPIRE k 1501 NX", "k");
    check(b.expire_with("k", HALF, only.lt().xx()), "PEXPIRE k 1501 XX LT", "k");
    check(b.expire_at("k", at(1_234)), "PEXPIREAT k 1234", "k");
    check(b.expire_at_with("k", at(1_234), only.gt()), "PEXPIREAT k 1234 GT", "k");
    check(b.persist("k"), "PERSIST k", "k");
    check(b.ttl("k"), "PTTL k", "k");
    check(b.expiretime("k"), "PEXPIRETIME k", "k");

    for options in [only.nx().xx(), only.nx().gt(), only.nx().lt(), only.gt().lt()] {
        refused(b.expire_with("k", HALF, options), "needs conditions that can hold together");
    }
    refused(b.expire("k", Duration::ZERO), "needs an expiry above zero");
    refused(b.expire("k", Duration::MAX), "needs an expiry of less than 292 million years");
    refused(b.expire_at("k", UNIX_EPOCH - HALF), "needs an expiry after 1970");

    decodes(b.ttl("k"), ":-2\r\n", Ttl::Missing);
    decodes(b.ttl("k"), ":-1\r\n", Ttl::NoExpiry);
    decodes(b.ttl("k"), ":0\r\n", Ttl::Expires(Duration::ZERO));
    decodes(b.ttl("k"), ":1501\r\n", Ttl::Expires(Duration::from_millis(1_501)));
    fails(b.ttl("k"), ":-3\r\n", "expected a time, found an integer that is negative");
    decodes(b.expiretime("k"), ":-2\r\n", ExpireTime::Missing);
    decodes(b.expiretime("k"), ":-1\r\n", ExpireTime::NoExpiry);
    decodes(b.expiretime("k"), ":1501\r\n", ExpireTime::At(at(1_501)));
    assert_eq!(Ttl::NoExpiry.duration(), None);
    assert_eq!(ExpireTime::At(at(9)).time(), Some(at(9)));
}

#[test]
pub(super) fn sorting() {
    let (b, none) = (Build::new(), SortOptions::new());
    check(b.sort::<String>("k"), "SORT k", "k");
    let all = none.by("w*").limit(1, 2).get(&["#", "x*"]).desc().alpha();
    let words = "BY w* LIMIT 1 2 GET # GET x* DESC ALPHA";
    check(b.sort_with::<String>("k", all), &format!("SORT k {words}"), "k");
    check(b.sort_ro::<String>("k", all), &format!("SORT_RO k {words}"), "k");
    check(b.sort_store("k", "to", all), &format!("SORT k {words} STORE to"), "k to");
    check(b.sort_store("k", "to", none), "SORT k STORE to", "k to");
}

#[test]
pub(super) fn objects() {
    let (b, none) = (Build::new(), RestoreOptions::new());
    check(b.dump("k"), "DUMP k", "k");
    check(b.restore("k", "d"), "RESTORE k 0 d", "k");
    check(b.restore_with("k", "d", HALF), "RESTORE k 1501 d", "k");
    let at = none.expire_at(at(1_234)).replace().idletime(HALF);
    check(b.restore_with("k", "d", at), "RESTORE k 1234 d REPLACE ABSTTL IDLETIME 2", "k");
    check(b.restore_with("k", "d", none.freq(255)), "RESTORE k 0 d FREQ 255", "k");
    check(b.object_encoding("k"), "OBJECT ENCODING k", "k");
    check(b.object_idletime("k"), "OBJECT IDLETIME k", "k");
    check(b.object_freq("k"), "OBJECT FREQ k", "k");
    check(b.object_refcount("k"), "OBJECT REFCOUNT k", "k");
    check(b.memory_usage("k"), "MEMORY USAGE k", "k");

    refused(b.restore_with("k", "d", at.freq(1)), "takes an idle time or a frequency, not both");
    refused(b.restore_with("k", "d", Duration::ZERO), "needs an expiry above zero");
    decodes(b.object_idletime("k"), ":60\r\n", Some(Duration::from_secs(60)));
    decodes(b.memory_usage("k"), "_\r\n", None);
}

#[test]
pub(super) fn hashes() {
    let b = Build::new();
    check(b.hset("h", ("f", 1)), "HSET h f 1", "h");
    check(b.hset("h", [("a", 1), ("b", 2)]), "HSET h a 1 b 2", "h");
    check(b.hsetnx("h", "f", 1), "HSETNX h f 1", "h");
    check(b.hget::<String>("h", "f"), "HGET h f", "h");
    check(b.hmget::<Vec<String>>("h", ["a", "b"]), "HMGET h a b", "h");
    check(b.hgetall::<Vec<(String, String)>>("h"), "HGETALL h", "h");
    check(b.hdel("h", "f"), "HDEL h f", "h");
    check(b.hexists("h", "f"), "HEXISTS h f", "h");
    check(b.hlen("h"), "HLEN h", "h");
    check(b.hstrlen("h", "f"), "HSTRLEN h f", "h");
    check(b.hincrby("h", "f", -1), "HINCRBY h f -1", "h");
    check(b.hincrbyfloat("h", "f", 0.5), "HINCRBYFLOAT h f 0.5", "h");
    check(b.hkeys::<String>("h"), "HKEYS h", "h");
    check(b.hvals::<String>("h"), "HVALS h", "h");
    check(b.hrandfield::<String>("h"), "HRANDFIELD h", "h");
    check(b.hrandfield_count::<String>("h", 2), "HRANDFIELD h 2", "h");
    check(b.hrandfield_repeating::<String>("h", 2), "HRANDFIELD h -2", "h");
    check(b.hrandfield_repeating_with_values::<String, String>("h", 2), "HRANDFIELD h -2 WITHVALUES", "h");
    check(b.hrandfield_with_values::<String, String>("h", 2), "HRANDFIELD h 2 WITHVALUES", "h");
    check(b.hscan_page::<String, String>("h", 7, "a*"), "HSCAN h 7 MATCH a*", "h");
    check(b.hscan_page::<String, i64>("h", 7, ScanOptions::new().count(5)), "HSCAN h 7 COUNT 5", "h");

    refused(b.hset("h", NO_PAIRS), "needs at least one pair");
    refused(b.hdel("h", NO_ARGS), "needs at least one argument");
    refused(b.hincrbyfloat("h", "f", f64::INFINITY), "needs a finite number");
    let typed = ScanOptions::new().key_type(&KeyType::Hash);
    refused(b.hscan_page::<String, String>("h", 0, typed), "finds elements, which have no type");
    let pairs = vec![("a".to_owned(), 1), ("b".to_owned(), 2)];
    let flat = "*4\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n$1\r\n2\r\n";
    let nested = "*2\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n*2\r\n$1\r\nb\r\n$1\r\n2\r\n";
    decodes(b.hrandfield_with_values("h", 2), flat, pairs.clone());
    decodes(b.hrandfield_with_values("h", 2), nested, pairs.clone());
    decodes(b.hgetall("h"), "%2\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n$1\r\n2\r\n", pairs);
}

#[test]
pub(super) fn fields_that_expire() {
    let (b, only) = (Build::new(), ExpireOptions::new());
    check(b.hexpire("h", HALF, "f"), "HPEXPIRE h 1501 FIELDS 1 f", "h");
    check(b.hexpire_with("h", HALF, ["a", "b"], only.nx()), "HPEXPIRE h 1501 NX FIELDS 2 a b", "h");
    check(b.hexpire_with("h", HALF, "f", only.lt()), "HPEXPIRE h 1501 LT FIELDS 1 f", "h");
    check(b.hexpire_at("h", at(1_234), "f"), "HPEXPIREAT h 1234 FIELDS 1 f", "h");
    check(b.hexpire_at_with("h", at(1_234), "f", only.gt()), "HPEXPIREAT h 1234 GT FIELDS 1 f", "h");
    check(b.hpersist("h", ["a", "b"]), "HPERSIST h FIELDS 2 a b", "h");
    check(b.httl("h", "f"), "HPTTL h FIELDS 1 f", "h");
    check(b.hexpiretime("h", "f"), "HPEXPIRETIME h FIELDS 1 f", "h");
    check(b.hgetdel::<Vec<String>>("h", ["a", "b"]), "HGETDEL h FIELDS 2 a b", "h");
    check(b.hgetex::<Vec<String>>("h", "f", GetExOptions::new()), "HGETEX h FIELDS 1 f", "h");
    check(b.hgetex::<Vec<String>>("h", "f", HALF), "HGETEX h PX 1501 FIELDS 1 f", "h");
    check(
        b.hgetex::<Vec<String>>("h", "f", GetExOptions::new().persist()),
        "HGETEX h PERSIST FIELDS 1 f",
        "h",
    );
    let at = GetExOptions::new().expire_at(UNIX_EPOCH + HALF);
    check(b.hgetex::<Vec<String>>("h", "f", at), "HGETEX h PXAT 1501 FIELDS 1 f", "h");
    check(b.hsetex("h", ("f", 1), HALF), "HSETEX h PX 1501 FIELDS 1 f 1", "h");
    let keep = HSetExOptions::new().fxx().keepttl();
    check(b.hsetex("h", [("a", 1), ("b", 2)], keep), "HSETEX h FXX KEEPTTL FIELDS 2 a 1 b 2", "h");
    check(b.hsetex("h", ("f", 1), HSetExOptions::new().nx()), "HSETEX h NX FIELDS 1 f 1", "h");
    let added = HSetExOptions::from(HALF).fnx().xx();
    check(b.hsetex("h", ("f", 1), added), "HSETEX h XX FNX PX 1501 FIELDS 1 f 1", "h");

    refused(b.hpersist("h", NO_ARGS), "needs at least one argument");
    refused(b.hsetex("h", NO_PAIRS, HALF), "needs at least one pair");
    refused(b.hexpire("h", Duration::ZERO, "f"), "needs an expiry above zero");
    use FieldExpire::{Deleted, Missing, Set, Unchanged};
    let all = "*4\r\n:-2\r\n:0\r\n:1\r\n:2\r\n";
    decodes(b.hexpire("h", HALF, "f"), all, vec![Missing, Unchanged, Set, Deleted]);
    let all = "*3\r\n:-2\r\n:-1\r\n:1\r\n";
    decodes(
        b.hpersist("h", "f"),
        all,
        vec![FieldPersist::Missing, FieldPersist::NoExpiry, FieldPersist::Persisted],
    );
    let why = "element 0: expected -2, -1 or 1, found an integer of another value";
    fails(b.hpersist("h", "f"), "*1\r\n:7\r\n", why);
}

#[test]
pub(super) fn server() {
    let b = Build::new();
    check(b.ping(), "PING", "");
    check(b.echo::<String>("x"), "ECHO x", "");
    check(b.client_id(), "CLIENT ID", "");
    check(b.client_getname(), "CLIENT GETNAME", "");
    check(b.client_list(), "CLIENT LIST", "");
    check(b.client_info(), "CLIENT INFO", "");
    check(b.client_kill_id(7), "CLIENT KILL ID 7", "");
    check(b.client_pause(HALF), "CLIENT PAUSE 1501", "");
    check(b.client_pause_writes(HALF), "CLIENT PAUSE 1501 WRITE", "");
    check(b.client_unpause(), "CLIENT UNPAUSE", "");
    check(b.wait(2, HALF), "WAIT 2 1501", "");
    check(b.wait(2, Timeout::Forever), "WAIT 2 0", "");
    check(b.dbsize(), "DBSIZE", "");
    check(b.flushdb(), "FLUSHDB", "");
    check(b.flushdb_with(FlushMode::Sync), "FLUSHDB SYNC", "");
    check(b.flushall(), "FLUSHALL", "");
    check(b.flushall_with(FlushMode::Async), "FLUSHALL ASYNC", "");
    check(b.swapdb(0, 1), "SWAPDB 0 1", "");
    check(b.time(), "TIME", "");
    check(b.lastsave(), "LASTSAVE", "");
    check(b.info("memory"), "INFO memory", "");
    check(b.info(["memory", "cpu"]), "INFO memory cpu", "");
    check(b.config_get("*"), "CONFIG GET *", "");
    check(b.config_set([("a", 1), ("b", 2)]), "CONFIG SET a 1 b 2", "");
    check(b.config_resetstat(), "CONFIG RESETSTAT", "");
    check(b.command_count(), "COMMAND COUNT", "");
    for container in CONTAINERS {
        check(b.help(container), &format!("{container} HELP"), "");
    }
    refused(b.help("DEL"), "has no sub-commands that are known");

    assert_eq!(b.wait(2, HALF).wait(), Wait::For(HALF));
    assert_eq!(b.wait(2, Timeout::Forever).wait(), Wait::Forever);
    let why = "needs a timeout above zero and of less than 292 million years";
    refused(b.wait(2, Duration::ZERO), why);
    refused(b.client_pause(Duration::MAX), why);
    refused(b.info(NO_ARGS), "needs at least one argument");
    decodes(b.time(), "*2\r\n$1\r\n1\r\n$6\r\n500000\r\n", at(1_500));
    decodes(b.lastsave(), ":60\r\n", at(60_000));
    let (late, why) =
        ("$20\r\n18446744073709551615\r\n", "expected a time, found a bulk string that is out of range");
    fails(b.lastsave(), late, why);
    fails(
        b.client_info(),
        "$4\r\nid=x\r\n",
        "expected a client with its id and db, found a bulk string without them",
    );
}
