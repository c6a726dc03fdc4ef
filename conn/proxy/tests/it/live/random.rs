//! Faults by chance: the same for the same seed, and only those that were asked for.

use proxy::{Fault, Proxy, Random};

use crate::raw::{Raw, server};

/// What 300 ECHO hear, on as many connections as that takes.
fn hear(seed: u64) -> (Vec<String>, u64) {
    let proxy = Proxy::start(server().0).unwrap();
    let faults = [Fault::ResetReply, Fault::CutRequest, Fault::Flip, Fault::SplitReply, Fault::PushBefore];
    proxy.random(Random::new(seed).one_in(10).faults(faults));
    let mut client = Raw::tcp(proxy.port());
    let mut heard = Vec::new();
    for number in 0..300 {
        let reply = client.ask(&format!("ECHO {number}"));
        if reply != format!("\"{number}\"") {
            client = Raw::tcp(proxy.port());
        }
        heard.push(reply);
    }
    let counts = proxy.counts();
    assert_eq!(counts.of(Fault::PushBefore), 0, "nobody said HELLO 3");
    assert_eq!(faults.iter().map(|fault| counts.of(*fault)).sum::<u64>(), counts.faults());
    (heard, counts.faults())
}

#[test]
fn a_seed_is_a_story() {
    let (one, faults) = hear(1);
    assert_eq!(hear(1).0, one);
    assert_ne!(hear(2).0, one);
    assert!((10..60).contains(&faults), "{faults}");
}
