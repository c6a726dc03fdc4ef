//! Each fault by name: what the client sees, and whether the server has executed the request.

use std::time::{Duration, Instant};

use proxy::{Endpoint, Fault, Proxy, Rule};

use crate::raw::{Raw, server};

/// A key of one test's own.
fn key(name: &str) -> String {
    format!("proxy:{}:{name}", std::process::id())
}

fn start() -> Proxy {
    Proxy::start(server().0).unwrap()
}

/// What the client hears when the second of three INCR suffers `fault` (`told` is what it sends), and how often the
/// server has executed it.
#[track_caller]
fn second_of_three(rule: Rule, one_by_one: bool) -> (Vec<String>, String) {
    let proxy = start();
    let key = key(&format!("{:?}", Instant::now()).replace(' ', ""));
    let incr = format!("INCR {key}");
    proxy.rule(rule.clone().command("INCR").nth(2));
    let mut client = Raw::tcp(proxy.port());
    let heard = if one_by_one {
        (0..3).map(|_| client.ask(&incr)).collect()
    } else {
        client.say_all(&[&incr, &incr, &incr]);
        (0..4).map(|_| client.hear()).collect()
    };
    assert_eq!(proxy.counts().faults(), 1, "{rule:?}: {}", proxy.counts());
    (heard, Raw::tcp(server().0).ask(&format!("GET {key}")))
}

#[track_caller]
fn check(rule: Rule, one_by_one: bool, heard: &[&str], executed: &str) {
    let (got, count) = second_of_three(rule, one_by_one);
    assert_eq!(
        (got.iter().map(String::as_str).collect::<Vec<_>>(), count.as_str()),
        (heard.to_vec(), executed)
    );
}

#[test]
fn without_orders_nothing_is_touched() {
    let (port, socket) = server();
    let key = key("plain");
    let dir = tempfile::tempdir().unwrap();
    let proxies = [
        Proxy::start(port).unwrap(),
        Proxy::start(Endpoint::Unix(socket)).unwrap(),
        Proxy::start_unix(&dir.path().join("s"), port).unwrap(),
    ];
    for proxy in proxies {
        let mut client = match proxy.url().strip_prefix("unix://") {
            Some(path) => Raw::unix(path.as_ref()),
            None => Raw::tcp(proxy.port()),
        };
        assert_eq!(client.ask(&format!("SET {key} v")), "OK");
        client.say_all(&[&format!("GET {key}"), "ECHO x", "NOSUCH"]);
        assert_eq!([client.hear(), client.hear()], ["\"v\"", "\"x\""]);
        assert!(client.hear().contains("unknown command"));
        assert!(client.ask("HELLO 3").contains("\"server\" => \"redis\""));
        assert_eq!(client.ask("SUBSCRIBE proxy:a"), "push 1) \"subscribe\" 2) \"proxy:a\" 3) (integer) 1");
        assert_eq!(client.ask("PING"), "PONG");
        let large = "x".repeat(1_000_000);
        assert_eq!(client.ask(&format!("ECHO {large}")).len(), 1_000_002);
        let counts = proxy.counts();
        assert_eq!((counts.connections, counts.requests, counts.replies, counts.faults()), (1, 8, 7, 0));
        assert_eq!(proxy.open(), 1);
    }
}

#[test]
fn drop_request_and_drop_reply() {
    check(Rule::new(Fault::DropRequest), true, &["(integer) 1", "silence", "(integer) 2"], "\"2\"");
    check(Rule::new(Fault::DropReply), true, &["(integer) 1", "silence", "(integer) 3"], "\"3\"");
    let few = ["(integer) 1", "(integer) 3", "silence", "silence"];
    check(Rule::new(Fault::DropReply), false, &few, "\"3\"");
}

#[test]
fn cut() {
    check(Rule::new(Fault::CutRequest).byte(9), true, &["(integer) 1", "end", "end"], "\"1\"");
    check(Rule::new(Fault::CutReply).byte(2), true, &["(integer) 1", "end", "end"], "\"2\"");
    let ended = ["(integer) 1", "end", "end", "end"];
    check(Rule::new(Fault::CutReply).byte(2), false, &ended, "\"3\"");
    let proxy = start();
    proxy.rule(Rule::new(Fault::CutReply).byte(3));
    let mut client = Raw::tcp(proxy.port());
    client.say("PING");
    assert_eq!(client.receive().unwrap(), b"+PO");
    assert_eq!(client.hear(), "end");
}

#[test]
fn stall() {
    check(Rule::new(Fault::StallRequest), true, &["(integer) 1", "silence", "silence"], "\"1\"");
    check(Rule::new(Fault::StallReply), true, &["(integer) 1", "silence", "silence"], "\"2\"");
    let silent = ["(integer) 1", "silence", "silence", "silence"];
    check(Rule::new(Fault::StallReply), false, &silent, "\"3\"");
}

#[test]
fn reset() {
    check(Rule::new(Fault::ResetRequest), true, &["(integer) 1", "reset", "end"], "\"1\"");
    check(Rule::new(Fault::ResetReply), true, &["(integer) 1", "reset", "end"], "\"2\"");
}

#[test]
fn delay() {
    for fault in [Fault::DelayRequest, Fault::DelayReply] {
        let begin = Instant::now();
        let rule = Rule::new(fault).delay(Duration::from_millis(100));
        check(rule, true, &["(integer) 1", "(integer) 2", "(integer) 3"], "\"3\"");
        assert!(begin.elapsed() >= Duration::from_millis(100), "{fault}");
    }
}

#[test]
fn split() {
    let whole = ["(integer) 1", "(integer) 2", "(integer) 3"];
    check(Rule::new(Fault::SplitRequest), true, &whole, "\"3\"");
    check(Rule::new(Fault::SplitReply), true, &whole, "\"3\"");
    let proxy = start();
    proxy.rule(Rule::new(Fault::SplitReply));
    let mut client = Raw::tcp(proxy.port());
    client.say(&format!("ECHO {}", "x".repeat(900)));
    let mut pieces = 0;
    while let Ok(bytes) = client.receive() {
        pieces += 1;
        assert!(bytes.len() < 907);
    }
    assert!(pieces > 1);
}

#[test]
fn twice_comes_together_with_the_last_reply() {
    let proxy = start();
    proxy.rule(Rule::new(Fault::Twice).command("ECHO").nth(2));
    let mut client = Raw::tcp(proxy.port());
    client.say_all(&["ECHO a", "ECHO b", "ECHO c"]);
    // In one write, though the server may answer in several.
    assert_eq!(client.receive().unwrap(), b"$1\r\na\r\n$1\r\nb\r\n$1\r\nb\r\n$1\r\nc\r\n");
    assert_eq!(client.ask("PING"), "PONG");
}

#[test]
fn a_surplus_never_comes_alone() {
    let proxy = start();
    proxy.rule(Rule::new(Fault::Twice).command("ECHO").nth(1));
    proxy.rule(Rule::new(Fault::CutReply).command("GET").byte(4));
    let mut client = Raw::tcp(proxy.port());
    client.say_all(&["ECHO a", "GET nothing"]);
    assert_eq!(client.hear(), "end");
}

#[test]
fn flip() {
    let proxy = start();
    // The length, its line end, and the line end behind the payload.
    for (byte, broken) in [(0, "%1\r\n"), (1, "$0\r\n"), (2, "$1\x0c\n"), (4, "$1\r\na\x0c\n")] {
        proxy.calm();
        proxy.rule(Rule::new(Fault::Flip).byte(byte));
        let mut client = Raw::tcp(proxy.port());
        client.say("ECHO a");
        let bytes = client.receive().unwrap();
        assert!(bytes.starts_with(broken.as_bytes()), "{}", bytes.escape_ascii());
    }
}

#[test]
fn pushes() {
    let proxy = start();
    proxy.rule(Rule::new(Fault::PushBefore).command("ECHO").nth(1));
    proxy.rule(Rule::new(Fault::PushAfter).command("ECHO").nth(2));
    let mut client = Raw::tcp(proxy.port());
    client.ask("HELLO 3");
    client.say_all(&["ECHO a", "ECHO b"]);
    let push = "push 1) \"invalidate\" 2) 1) \"proxy\"";
    let heard = [client.hear(), client.hear(), client.hear(), client.hear()];
    assert_eq!(heard, [push, "\"a\"", "\"b\"", push]);
}

#[test]
fn the_nth_is_counted_over_all_connections_and_calm_forgets() {
    let proxy = start();
    proxy.rule(Rule::new(Fault::DropReply).command("echo").nth(2));
    let (mut one, mut other) = (Raw::tcp(proxy.port()), Raw::tcp(proxy.port()));
    assert_eq!(one.ask("ECHO a"), "\"a\"");
    assert_eq!(other.ask("ECHO b"), "silence");
    proxy.rule(Rule::new(Fault::DropReply));
    proxy.calm();
    assert_eq!(one.ask("ECHO c"), "\"c\"");
}

#[test]
fn closing_redirecting_and_the_end() {
    let proxy = start();
    let mut client = Raw::tcp(proxy.port());
    assert_eq!(client.ask("PING"), "PONG");
    proxy.close_all();
    assert_eq!(client.hear(), "end");

    // Nobody listens on port 1.
    proxy.redirect(1);
    assert!(matches!(Raw::tcp(proxy.port()).ask("PING").as_str(), "end" | "reset"));
    proxy.redirect(server().0);
    let mut client = Raw::tcp(proxy.port());
    assert_eq!(client.ask("PING"), "PONG");
    let port = proxy.port();
    drop(proxy);
    assert_eq!(client.hear(), "end");
    std::thread::sleep(Duration::from_millis(50));
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn what_is_no_request_is_passed_on_unread() {
    let proxy = start();
    let mut client = Raw::tcp(proxy.port());
    assert_eq!(client.ask("PING"), "PONG");
    client.say_bytes(b"*1\r\n:1\r\n");
    assert!(client.hear().contains("Protocol error"));
    assert_eq!(client.hear(), "end");
}
