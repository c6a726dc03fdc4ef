//! What a GET costs: exactly one send and one receive, and no allocation that the caller did not ask for.

use std::fs;
use std::process::Command;

use client::{Client, Reply, Request};

use crate::kit;

const GETS: usize = 100;

/// Looks at a path that is not there: it shows in the trace where the counting begins and ends.
fn mark(name: &str) {
    assert!(fs::metadata(format!("/redisy-test-{name}")).is_err());
}

/// The program that is traced: this one.
#[test]
fn a_hundred_gets() {
    let client = Client::open(&kit::newest().url()).unwrap();
    client.set("costs", "value").unwrap();
    mark("begin");
    for _ in 0..GETS {
        assert_eq!(client.get::<String>("costs").unwrap().as_deref(), Some("value"));
    }
    mark("end");
}

#[test]
fn a_get_is_one_send_and_one_receive() {
    let dir = tempfile::tempdir().unwrap();
    let log = dir.path().join("strace");
    let status = Command::new("strace")
        .args(["-f", "-e", "trace=all", "-o"])
        .arg(&log)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "live::costs::a_hundred_gets"])
        .stdout(std::process::Stdio::null())
        .status()
        .expect("strace counts the system calls: `cargo xtask test` installs it on Debian, or says how");
    assert!(status.success(), "strace: {status}");
    let log = fs::read_to_string(log).unwrap();
    let (_, rest) = log.split_once("/redisy-test-begin").unwrap();
    let (between, _) = rest.split_once("/redisy-test-end").unwrap();

    let mut counts = std::collections::BTreeMap::<&str, usize>::new();
    for line in between.lines().skip(1) {
        let call = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
        let Some((name, arguments)) = call.split_once('(') else { continue };
        let name = if arguments.contains("MSG_PEEK") { "peek" } else { name };
        *counts.entry(name).or_default() += 1;
    }
    println!("system calls of {GETS} GETs: {counts:?}");
    let count = |names: &[&str]| names.iter().filter_map(|name| counts.get(name)).sum::<usize>();
    assert_eq!(count(&["sendto", "sendmsg", "write", "writev"]), GETS, "{counts:?}");
    assert_eq!(count(&["recvfrom", "recvmsg", "read", "readv"]), GETS, "{counts:?}");
    // Only a connection that lay idle for a millisecond is looked at, which a busy machine may bring about.
    assert!(count(&["peek"]) < GETS / 10, "{counts:?}");
    // The process asks for its number to notice a fork: at checkout. A return does so only when it took long.
    assert!((GETS..GETS + GETS / 10).contains(&count(&["getpid"])), "{counts:?}");
    let others: Vec<_> = counts
        .keys()
        .filter(|name| !["sendto", "recvfrom", "read", "peek", "getpid"].contains(name) && !name.is_empty())
        .collect();
    assert!(others.len() <= 1, "{counts:?}");
}

/// Allocations of `call` on this thread, once everything is warm.
fn allocations(mut call: impl FnMut()) -> u64 {
    for _ in 0..3 {
        call();
    }
    let counts = (0..20).map(|_| allocation_counter::measure(&mut call).count_total);
    counts.max().unwrap()
}

#[test]
fn a_get_allocates_only_what_the_caller_asks_for() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("value"));
        client.set(&key, "1234567890").unwrap();
        let owned = allocations(|| drop(client.get::<String>(&key).unwrap()));
        let number = allocations(|| assert_eq!(client.get(&key).unwrap(), Some(1_234_567_890)));
        let lent = allocations(|| {
            let reply: Reply = client.run(Request::new("GET").key(&key)).unwrap();
            assert_eq!(reply.view().as_str(), Some("1234567890"));
        });
        let shared = allocations(|| drop(client.get::<client::Bytes>(&key).unwrap()));
        println!("allocations of a GET: String {owned}, i64 {number}, view {lent}, Bytes {shared}");
        assert_eq!((owned, number, lent, shared), (1, 0, 0, 0));
        let set = allocations(|| client.set(&key, "1234567890").unwrap());
        assert_eq!(set, 0);
    });
}

#[test]
fn a_pipeline_allocates_no_more_for_each_command() {
    let client = Client::open(&kit::newest().url()).unwrap();
    client.set("costs:number", 7).unwrap();
    let count = |commands: usize| {
        allocations(|| {
            let numbers: Vec<Option<i64>> = client
                .pipeline(|p| (0..commands).map(|_| p.get("costs:number")).collect::<Vec<_>>())
                .unwrap();
            assert_eq!(numbers, vec![Some(7); commands]);
        })
    };
    let (few, many) = (count(100), count(10_000));
    println!("allocations of a pipeline: {few} for 100 commands, {many} for 10,000");
    // What grows by doubling, and a buffer for each 64 KiB that come at most.
    assert!(few < 100 && many < 500, "{few} and {many}");
}

#[test]
fn a_large_value_is_not_copied_on_its_way_out() {
    let client = Client::open(&kit::newest().url()).unwrap();
    let value = vec![b'x'; 16_000_000];
    let info = allocation_counter::measure(|| client.set("costs:large", &value).unwrap());
    client.run::<i64>(Request::new("DEL").key("costs:large")).unwrap();
    // The rest is the connection's own buffers.
    assert!(info.bytes_max < 1_000_000, "{} bytes", info.bytes_max);
}
