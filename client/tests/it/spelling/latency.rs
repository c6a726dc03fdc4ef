//! How the commands on slow and large commands are spelt, and what their replies become.

use std::time::{Duration, UNIX_EPOCH};

use client::{Build, Command, CommandlogKind, Reply};

use super::{check, fails};

const MILLI: Duration = Duration::from_millis(1);

#[test]
pub(super) fn latency() {
    let b = Build::new();
    check(b.latency_latest(), "LATENCY LATEST", "");
    check(b.latency_history("fork"), "LATENCY HISTORY fork", "");
    check(b.latency_reset(()), "LATENCY RESET", "");
    check(b.latency_reset(["fork", "command"]), "LATENCY RESET fork command", "");
    check(b.latency_histogram(()), "LATENCY HISTOGRAM", "");
    check(b.latency_histogram(["set", "config|get"]), "LATENCY HISTOGRAM set config|get", "");
    check(b.latency_graph("fork"), "LATENCY GRAPH fork", "");
    check(b.latency_doctor(), "LATENCY DOCTOR", "");
}

#[test]
pub(super) fn logs() {
    let b = Build::new();
    check(b.slowlog_get(3), "SLOWLOG GET 3", "");
    check(b.slowlog_get(usize::MAX), "SLOWLOG GET 9223372036854775807", "");
    check(b.slowlog_len(), "SLOWLOG LEN", "");
    check(b.slowlog_reset(), "SLOWLOG RESET", "");
    check(b.commandlog_get_slow(3), "COMMANDLOG GET 3 slow", "");
    check(b.commandlog_get_large_requests(3), "COMMANDLOG GET 3 large-request", "");
    check(b.commandlog_get_large_replies(3), "COMMANDLOG GET 3 large-reply", "");
    check(b.commandlog_len(CommandlogKind::Slow), "COMMANDLOG LEN slow", "");
    check(b.commandlog_reset(CommandlogKind::LargeRequest), "COMMANDLOG RESET large-request", "");
    check(b.commandlog_reset(CommandlogKind::LargeReply), "COMMANDLOG RESET large-reply", "");
}

#[track_caller]
fn decode<R>(command: &Command<R>, reply: &'static str) -> R {
    command.decode(&Reply::from_bytes(reply.as_bytes()).unwrap()).unwrap()
}

#[test]
fn events_may_have_more_than_is_known() {
    let b = Build::new();
    let events = decode(
        &b.latency_latest(),
        "*2\r\n*4\r\n$4\r\nfork\r\n:1700000000\r\n:12\r\n:30\r\n\
         *7\r\n$7\r\ncommand\r\n:1700000001\r\n:0\r\n:5\r\n:18\r\n:2\r\n$3\r\nnew\r\n",
    );
    assert_eq!((&*events[0].event, events[0].sum, events[0].count), ("fork", None, None));
    assert_eq!(events[0].at, UNIX_EPOCH + Duration::from_secs(1_700_000_000));
    assert_eq!((events[0].latest, events[0].max), (12 * MILLI, 30 * MILLI));
    assert_eq!(
        (events[1].latest, events[1].sum, events[1].count),
        (Duration::ZERO, Some(18 * MILLI), Some(2))
    );
    let samples = decode(&b.latency_history("x"), "*1\r\n*2\r\n:1700000000\r\n:12\r\n");
    assert_eq!((samples[0].at, samples[0].latency), (events[0].at, 12 * MILLI));

    fails(
        b.latency_latest(),
        "*1\r\n*1\r\n$4\r\nfork\r\n",
        "element 0: expected a list of more, found 1 elements",
    );
    let why = "element 0, element 1: expected a time, found an integer that is negative";
    fails(b.latency_latest(), "*1\r\n*4\r\n$1\r\nx\r\n:-1\r\n:0\r\n:0\r\n", why);
    fails(b.latency_history("x"), "*1\r\n:3\r\n", "element 0: expected a list, found an integer");
}

#[test]
fn histograms_decode_alike() {
    let resp3 = "%2\r\n$3\r\nset\r\n%2\r\n$5\r\ncalls\r\n:3\r\n$14\r\nhistogram_usec\r\n%2\r\n:16\r\n:2\r\n:33\r\n:3\r\n\
                 $9\r\nclient|id\r\n%2\r\n$5\r\ncalls\r\n:0\r\n$14\r\nhistogram_usec\r\n%0\r\n";
    let resp2 = "*4\r\n$3\r\nset\r\n*4\r\n$5\r\ncalls\r\n:3\r\n$14\r\nhistogram_usec\r\n*4\r\n:16\r\n:2\r\n:33\r\n:3\r\n\
                 $9\r\nclient|id\r\n*4\r\n$5\r\ncalls\r\n:0\r\n$14\r\nhistogram_usec\r\n*0\r\n";
    let micros = Duration::from_micros;
    for reply in [resp3, resp2] {
        let all = decode(&Build::new().latency_histogram(()), reply);
        assert_eq!(all["set"].histogram, [(micros(16), 2), (micros(33), 3)]);
        assert_eq!((all["set"].calls, all["set"].get::<u64>("calls")), (3, Some(3)));
        assert!(all["client|id"].histogram.is_empty());
    }
}

#[test]
fn entries_may_have_less_and_more_than_is_known() {
    let b = Build::new();
    // Before Redis 4.0; with an address and a name; with the number of words, as Redis 8.10 says it.
    let reply = "*3\r\n*4\r\n:0\r\n:1700000000\r\n:7\r\n*1\r\n$4\r\nPING\r\n\
        *6\r\n:1\r\n:1700000000\r\n:7\r\n*1\r\n$4\r\nPING\r\n$9\r\n1.1.1.1:1\r\n$0\r\n\r\n\
        *8\r\n:2\r\n:1700000000\r\n:7\r\n*1\r\n$4\r\nPING\r\n$9\r\n1.1.1.1:1\r\n$1\r\nn\r\n:1\r\n:9\r\n";
    let entries = decode(&b.slowlog_get(3), reply);
    assert_eq!((entries[0].id, entries[0].duration), (0, Duration::from_micros(7)));
    assert_eq!((&entries[0].client_addr, &entries[0].client_name), (&None, &None));
    assert_eq!((entries[1].client_addr.as_deref(), &entries[1].client_name), (Some("1.1.1.1:1"), &None));
    assert_eq!((entries[2].client_name.as_deref(), entries[2].arg_count), (Some("n"), Some(1)));
    assert_eq!(entries[2].args, [b"PING"]);
    let large = decode(&b.commandlog_get_large_requests(3), reply);
    assert_eq!((large[2].size, large[2].at), (7, entries[2].at));
    fails(b.slowlog_get(1), "*1\r\n*1\r\n:0\r\n", "element 0: expected a list of more, found 1 elements");
    let why = "element 0, element 2: expected an integer, found an integer that is out of range";
    fails(b.slowlog_get(1), "*1\r\n*4\r\n:0\r\n:0\r\n:-1\r\n*0\r\n", why);
}
