//! How the commands on streams are spelt, which of their arguments are keys, and what their replies become.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use client::{
    Build, EntryDelete, IdmpOptions, Nack, References, StreamBound, StreamEntry, StreamId, Timeout, Trim,
    XaddOptions, XclaimOptions, XgroupOptions, XnackOptions, XpendingOptions, XreadOptions,
    XreadgroupOptions,
};
use resp::Wait;

use super::{check, decodes, fails, refused};

type Pairs = Vec<(String, String)>;

const ID: StreamId = StreamId::new(17, 3);
const HALF: Duration = Duration::from_micros(1_500_500);
const NONE: [&str; 0] = [];

#[test]
pub(super) fn streams() {
    let (b, options) = (Build::new(), XaddOptions::new());
    check(b.xadd("s", ("f", 1)), "XADD s * f 1", "s");
    check(b.xadd_with("s", [("a", 1), ("b", 2)], options), "XADD s * a 1 b 2", "s");
    check(b.xadd_with("s", ("f", 1), ID), "XADD s 17-3 f 1", "s");
    check(b.xadd_with("s", ("f", 1), options.id_millis(17).nomkstream()), "XADD s NOMKSTREAM 17-* f 1", "s");
    let trim = Trim::minid(ID).approximately().limit(5).references(References::Delete);
    check(b.xadd_with("s", ("f", 1), trim), "XADD s DELREF MINID ~ 17-3 LIMIT 5 * f 1", "s");
    check(b.xadd_with("s", ("f", 1), options.idmp("p", b"\x31")), "XADD s IDMP p 1 * f 1", "s");
    check(b.xadd_with("s", ("f", 1), options.idmp("p", "1").idmpauto("p")), "XADD s IDMPAUTO p * f 1", "s");
    let idmp = IdmpOptions::new();
    check(b.xcfgset("s", idmp.duration(HALF).maxsize(9)), "XCFGSET s IDMP-DURATION 2 IDMP-MAXSIZE 9", "s");
    check(b.xlen("s"), "XLEN s", "s");
    check(b.xrange::<Pairs>("s", StreamBound::Min, StreamBound::Max), "XRANGE s - +", "s");
    let since = UNIX_EPOCH + HALF;
    check(
        b.xrange_count::<Pairs>("s", since, StreamBound::Excluded(ID), 2),
        "XRANGE s 1500 (17-3 COUNT 2",
        "s",
    );
    check(b.xrevrange::<Pairs>("s", StreamBound::Max, ID), "XREVRANGE s + 17-3", "s");
    check(b.xrevrange_count::<Pairs>("s", ID, SystemTime::UNIX_EPOCH, 2), "XREVRANGE s 17-3 0 COUNT 2", "s");
    check(b.xdel("s", ID), "XDEL s 17-3", "s");
    check(b.xdel("s", ["1-0", "2-0"]), "XDEL s 1-0 2-0", "s");
    check(b.xdelex("s", References::Acked, [ID, ID]), "XDELEX s ACKED IDS 2 17-3 17-3", "s");
    check(b.xtrim("s", Trim::maxlen(9)), "XTRIM s MAXLEN = 9", "s");
    check(b.xtrim("s", Trim::maxlen(9).references(References::Keep)), "XTRIM s MAXLEN = 9 KEEPREF", "s");
    check(b.xsetid("s", ID), "XSETID s 17-3", "s");
    check(b.xsetid_with("s", ID, 5, StreamId::MIN), "XSETID s 17-3 ENTRIESADDED 5 MAXDELETEDID 0-0", "s");
    check(b.xread::<String, Pairs>([("a", ID), ("b", ID)]), "XREAD STREAMS a b 17-3 17-3", "a b");
    let read = XreadOptions::new().count(2).maxcount(3).maxsize(4).block(HALF);
    check(
        b.xread_with::<String, Pairs>(("a", "$"), read),
        "XREAD COUNT 2 MAXCOUNT 3 MAXSIZE 4 BLOCK 1501 STREAMS a $",
        "a",
    );
    check(b.xinfo_stream("s"), "XINFO STREAM s", "s");
    check(b.xinfo_stream_full::<Pairs>("s", 0), "XINFO STREAM s FULL COUNT 0", "s");
    check(b.xinfo_groups("s"), "XINFO GROUPS s", "s");
    check(b.xinfo_consumers("s", "g"), "XINFO CONSUMERS s g", "s");

    refused(b.xadd("s", Vec::<(&str, &str)>::new()), "needs at least one pair");
    refused(b.xdel("s", NONE), "needs at least one argument");
    refused(b.xdelex("s", References::Keep, NONE), "needs at least one argument");
    refused(b.xtrim("s", Trim::maxlen(9).limit(5)), "takes a limit only when it trims approximately");
    let own = "takes a producer only when the server makes the ID";
    refused(b.xadd_with("s", ("f", 1), options.id(ID).idmpauto("p")), own);
    refused(b.xcfgset("s", idmp), "needs a duration or a size");
    refused(b.xread::<String, Pairs>(Vec::<(&str, &str)>::new()), "needs at least one key");
    refused(
        b.xread_with::<String, Pairs>(("a", 0), XreadOptions::new().count(0)),
        "needs a count above zero",
    );
    let zero = "needs a timeout above zero and of less than 292 million years";
    refused(b.xread_with::<String, Pairs>(("a", 0), XreadOptions::new().block(Duration::ZERO)), zero);
}

#[test]
pub(super) fn stream_groups() {
    let (b, idle) = (Build::new(), HALF);
    check(b.xgroup_create("s", "g", "$"), "XGROUP CREATE s g $", "s");
    let options = XgroupOptions::new().mkstream().entries_read(5);
    check(b.xgroup_create_with("s", "g", ID, options), "XGROUP CREATE s g 17-3 MKSTREAM ENTRIESREAD 5", "s");
    check(b.xgroup_setid("s", "g", 0), "XGROUP SETID s g 0", "s");
    check(b.xgroup_setid_with("s", "g", ID, 5), "XGROUP SETID s g 17-3 ENTRIESREAD 5", "s");
    check(b.xgroup_destroy("s", "g"), "XGROUP DESTROY s g", "s");
    check(b.xgroup_createconsumer("s", "g", "c"), "XGROUP CREATECONSUMER s g c", "s");
    check(b.xgroup_delconsumer("s", "g", "c"), "XGROUP DELCONSUMER s g c", "s");
    let streams = [("a", ">"), ("b", "0")];
    check(b.xreadgroup::<String, Pairs>("g", "c", streams), "XREADGROUP GROUP g c STREAMS a b > 0", "a b");
    let options =
        XreadgroupOptions::new().count(2).maxcount(3).maxsize(4).block(Timeout::Forever).noack().claim(idle);
    check(
        b.xreadgroup_with::<String, Pairs>("g", "c", ("a", ">"), options),
        "XREADGROUP GROUP g c COUNT 2 MAXCOUNT 3 MAXSIZE 4 BLOCK 0 CLAIM 1501 NOACK STREAMS a >",
        "a",
    );
    check(b.xack("s", "g", [ID, ID]), "XACK s g 17-3 17-3", "s");
    check(b.xackdel("s", "g", References::Delete, ID), "XACKDEL s g DELREF IDS 1 17-3", "s");
    check(b.xpending("s", "g"), "XPENDING s g", "s");
    check(b.xpending_range("s", "g", ID, StreamBound::Max, 5), "XPENDING s g 17-3 + 5", "s");
    let options = XpendingOptions::new().idle(idle).consumer("c");
    check(
        b.xpending_range_with("s", "g", StreamBound::Min, StreamBound::Max, usize::MAX, options),
        "XPENDING s g IDLE 1501 - + 9223372036854775807 c",
        "s",
    );
    check(b.xclaim::<Pairs>("s", "g", "c", idle, ID), "XCLAIM s g c 1501 17-3", "s");
    let options = XclaimOptions::new().idle(idle).retrycount(2).force().lastid(ID);
    check(
        b.xclaim_with::<Pairs>("s", "g", "c", Duration::ZERO, [ID, ID], options),
        "XCLAIM s g c 0 17-3 17-3 IDLE 1501 RETRYCOUNT 2 FORCE LASTID 17-3",
        "s",
    );
    let options = XclaimOptions::new().time(UNIX_EPOCH + idle);
    check(b.xclaim_justid("s", "g", "c", idle, ID, options), "XCLAIM s g c 1501 17-3 TIME 1501 JUSTID", "s");
    check(b.xautoclaim::<Pairs>("s", "g", "c", idle, ID), "XAUTOCLAIM s g c 1501 17-3", "s");
    check(b.xautoclaim_count::<Pairs>("s", "g", "c", idle, ID, 5), "XAUTOCLAIM s g c 1501 17-3 COUNT 5", "s");
    check(b.xautoclaim_justid("s", "g", "c", idle, ID, 5), "XAUTOCLAIM s g c 1501 17-3 COUNT 5 JUSTID", "s");
    check(b.xnack("s", "g", Nack::Fatal, ID), "XNACK s g FATAL IDS 1 17-3", "s");
    check(b.xnack("s", "g", Nack::Silent, ID), "XNACK s g SILENT IDS 1 17-3", "s");
    let options = XnackOptions::new().retrycount(2).force();
    check(
        b.xnack_with("s", "g", Nack::Fail, ID, options),
        "XNACK s g FAIL IDS 1 17-3 RETRYCOUNT 2 FORCE",
        "s",
    );

    refused(b.xautoclaim_count::<Pairs>("s", "g", "c", idle, ID, 0), "needs a count above zero");
    refused(b.xack("s", "g", NONE), "needs at least one argument");
    let forever = b.xclaim::<Pairs>("s", "g", "c", Duration::MAX, ID);
    assert_eq!(forever.args()[4], b"9223372036854775807");
}

#[test]
fn waits_are_stated() {
    let b = Build::new();
    let wait = |options| b.xread_with::<String, Pairs>(("s", "$"), options).wait();
    assert_eq!(wait(XreadOptions::new()), Wait::No);
    assert_eq!(wait(XreadOptions::new().block(HALF)), Wait::For(HALF));
    assert_eq!(wait(XreadOptions::new().block(Timeout::Forever)), Wait::Forever);
    let group = XreadgroupOptions::new().block(HALF);
    assert_eq!(b.xreadgroup_with::<String, Pairs>("g", "c", ("s", ">"), group).wait(), Wait::For(HALF));
}

#[test]
fn entries_decode_from_both_protocols() {
    let b = Build::new();
    let fields = vec![("f".to_owned(), "v".to_owned())];
    let is_it = |entry: &StreamEntry<Pairs>| {
        assert_eq!((entry.id, &entry.fields, entry.delivery), (ID, &fields, None));
    };
    let entry = "*2\r\n$4\r\n17-3\r\n*2\r\n$1\r\nf\r\n$1\r\nv\r\n";
    let of = |reply: String| resp::Reply::from_bytes(reply).unwrap();
    let read = || b.xread::<String, Pairs>(("s", 0));
    for reply in [format!("*1\r\n*2\r\n$1\r\ns\r\n*1\r\n{entry}"), format!("%1\r\n$1\r\ns\r\n*1\r\n{entry}")]
    {
        let streams = read().decode(&of(reply)).unwrap();
        assert_eq!((streams.len(), &*streams[0].0, streams[0].1.len()), (1, "s", 1));
        is_it(&streams[0].1[0]);
    }
    for null in ["*-1\r\n", "_\r\n", "$-1\r\n"] {
        decodes(read(), null, vec![]);
        decodes(b.xadd_with("s", ("f", 1), XaddOptions::new()), null, None);
    }
    let all = (StreamBound::Min, StreamBound::Max);
    let range = || b.xrange::<Pairs>("s", all.0, all.1);
    is_it(&range().decode(&of(format!("*1\r\n{entry}"))).unwrap()[0]);
    fails(
        range(),
        "*1\r\n*1\r\n$3\r\n1-0\r\n",
        "element 0: expected an entry of a stream, found an array without ID and fields",
    );
    let bad = "*1\r\n*2\r\n$1\r\nx\r\n*0\r\n";
    fails(
        range(),
        bad,
        "element 0, element 0: expected the ID of a stream's entry, found a bulk string that is none",
    );

    // A pending entry that was deleted; one that Redis 6.2 claimed though it was deleted; one with its deliveries.
    let deleted = "*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$4\r\n17-3\r\n*-1\r\n";
    let streams =
        b.xreadgroup::<String, Option<Pairs>>("g", "c", ("s", "0")).decode(&of(deleted.into())).unwrap();
    assert_eq!(streams[0].1[0].fields, None);
    let claimed =
        b.xclaim::<Pairs>("s", "g", "c", HALF, ID).decode(&of(format!("*2\r\n*-1\r\n{entry}"))).unwrap();
    is_it(&claimed[0]);
    assert_eq!(claimed.len(), 1);
    let delivered =
        "*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*4\r\n$4\r\n17-3\r\n*2\r\n$1\r\nf\r\n$1\r\nv\r\n:1500\r\n:2\r\n";
    let streams = b.xreadgroup::<String, Pairs>("g", "c", ("s", ">")).decode(&of(delivered.into())).unwrap();
    let delivery = streams[0].1[0].delivery.unwrap();
    assert_eq!((delivery.idle, delivery.count), (Duration::from_millis(1_500), 2));
    decodes(b.xdelex("s", References::Keep, ID), "*3\r\n:-1\r\n:1\r\n:2\r\n", {
        vec![EntryDelete::Missing, EntryDelete::Deleted, EntryDelete::Kept]
    });
}
