//! Bytes that the proxy does not look at.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proxy::{Fault, Proxy, Random, Rule};

use crate::raw::{Raw, server};

#[test]
fn chunks_suffer_like_requests_and_replies() {
    let proxy = Proxy::opaque(server().0).unwrap();
    let mut client = Raw::tcp(proxy.port());
    assert_eq!(client.ask("ECHO a"), "\"a\"");
    // It does not read what goes through: inline commands stay as they are.
    client.say_bytes(b"ECHO 'a b'\r\n");
    assert_eq!(client.hear(), "\"a b\"");
    assert_eq!(proxy.counts().to_string(), "1 connections, 2 requests, 2 replies");

    let cases = [
        (Fault::CutReply, ["\"a\"", "end"]),
        (Fault::CutRequest, ["\"a\"", "end"]),
        (Fault::StallReply, ["\"a\"", "silence"]),
        (Fault::StallRequest, ["\"a\"", "silence"]),
        (Fault::ResetReply, ["\"a\"", "reset"]),
        (Fault::ResetRequest, ["\"a\"", "reset"]),
        (Fault::SplitReply, ["\"a\"", "\"a\""]),
        (Fault::DelayRequest, ["\"a\"", "\"a\""]),
    ];
    for (fault, expected) in cases {
        proxy.calm();
        proxy.rule(Rule::new(fault).nth(2).byte(3));
        let mut client = Raw::tcp(proxy.port());
        assert_eq!([client.ask("ECHO a"), client.ask("ECHO a")], expected, "{fault}");
    }
    assert_eq!(proxy.counts().faults(), 8);
}

#[test]
fn chance_draws_blind_faults_alone() {
    let proxy = Proxy::opaque(server().0).unwrap();
    proxy.random(Random::new(1).one_in(2));
    for _ in 0..100 {
        let mut client = Raw::tcp(proxy.port());
        client.say("PING");
        let heard = client.hear();
        assert!(["PONG", "end", "reset", "silence"].contains(&&*heard), "{heard}");
    }
    let counts = proxy.counts();
    assert!(counts.faults() > 10, "{counts}");
    assert!(Fault::ALL.iter().all(|fault| fault.is_blind() || counts.of(*fault) == 0), "{counts}");
}

#[test]
fn what_needs_knowledge_is_refused() {
    let proxy = Proxy::opaque(server().0).unwrap();
    let refused = |order: &dyn Fn()| catch_unwind(AssertUnwindSafe(order)).is_err();
    assert!(refused(&|| proxy.rule(Rule::new(Fault::Twice))));
    assert!(refused(&|| proxy.rule(Rule::new(Fault::CutReply).command("GET"))));
    assert!(refused(&|| proxy.random(Random::new(1).faults([Fault::Flip]))));
    proxy.rule(Rule::new(Fault::CutReply));
}
