//! How publishing and waiting are spelt.

use std::time::Duration;

use client::{Build, Timeout};
use resp::Wait;

use super::{check, decodes, fails, refused};

const NO_ARGS: [&str; 0] = [];

#[test]
pub(super) fn pubsub() {
    let b = Build::new();
    check(b.publish("c", "m"), "PUBLISH c m", "");
    check(b.spublish("c", 1), "SPUBLISH c 1", "c");
    check(b.pubsub_channels::<String>("c*"), "PUBSUB CHANNELS c*", "");
    check(b.pubsub_numpat(), "PUBSUB NUMPAT", "");
    check(b.pubsub_numsub::<String>(["a", "b"]), "PUBSUB NUMSUB a b", "");
    check(b.pubsub_shardchannels::<String>("c*"), "PUBSUB SHARDCHANNELS c*", "");
    check(b.pubsub_shardnumsub::<String>(["a", "b"]), "PUBSUB SHARDNUMSUB a b", "");

    refused(b.pubsub_numsub::<String>(NO_ARGS), "needs at least one argument");
    refused(b.pubsub_shardnumsub::<String>(NO_ARGS), "needs at least one argument");
    let (a, b) = (("a".to_owned(), 0), ("b".to_owned(), 3));
    let reply = "*4\r\n$1\r\na\r\n:0\r\n$1\r\nb\r\n:3\r\n";
    decodes(Build::new().pubsub_numsub(["a", "b"]), reply, vec![a.clone(), b.clone()]);
    let map = "%2\r\n$1\r\na\r\n:0\r\n$1\r\nb\r\n:3\r\n";
    decodes(Build::new().pubsub_shardnumsub(["a", "b"]), map, vec![a, b]);
}

#[test]
pub(super) fn waiting() {
    let (b, half) = (Build::new(), Duration::from_micros(1_500_500));
    check(b.waitaof(1, 2, half), "WAITAOF 1 2 1501", "");
    check(b.waitaof(0, 0, Timeout::Forever), "WAITAOF 0 0 0", "");

    assert_eq!(b.waitaof(1, 2, half).wait(), Wait::For(half));
    refused(b.waitaof(2, 0, half), "has one local server: say 0 or 1");
    let zero = "needs a timeout above zero and of less than 292 million years";
    refused(b.waitaof(1, 0, Duration::ZERO), zero);
    let synced =
        b.waitaof(1, 2, half).decode(&client::Reply::from_bytes(&b"*2\r\n:1\r\n:2\r\n"[..]).unwrap());
    assert_eq!(synced.map(|synced| (synced.local, synced.replicas)).unwrap(), (1, 2));
    fails(b.waitaof(1, 2, half), "*1\r\n:1\r\n", "expected a list of 2, found 1 elements");
}
