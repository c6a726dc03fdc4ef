//! Replies into structs by serde, and structs into arguments and back: no panic, no deep stack, and where typed
//! decoding gives the same type, the same value.
#![no_main]

#[path = "structs/agreement.rs"]
mod agreement;
#[allow(dead_code, reason = "only their making and printing counts")]
#[path = "structs/shapes.rs"]
mod shapes;
#[path = "structs/written.rs"]
mod written;

use std::thread;

use bytes::BytesMut;
use libfuzzer_sys::fuzz_target;
use resp::{Limits, Parser, Reply, View};

fuzz_target!(|input: &[u8]| {
    let mut parser = Parser::new(Limits::default().depth(1_024));
    let mut buffer = BytesMut::from(&*resp_fuzz::stream(input));
    // More of them would only be slow: each is made into some fifty types.
    for _ in 0..4 {
        let Ok(Some(reply)) = parser.parse(&mut buffer) else { break };
        if reply.to_bytes().len() < DEEP {
            check(&reply);
        } else {
            // What a thread has at least: a quarter of the default.
            let on_a_thread = || thread::Builder::new().stack_size(STACK).spawn(move || check(&reply));
            on_a_thread().unwrap().join().unwrap();
        }
    }
    written::check(input);
});

fn check(reply: &Reply) {
    every_way(reply.view());
    reply.view().iter().take(3).for_each(every_way);
}

fn every_way(view: View<'_>) {
    agreement::check(view);
    shapes::check(view);
    written::pass_on(view);
}

/// So long must a reply be to nest 500 deep.
const DEEP: usize = 2_000;
const STACK: usize = 512 << 10;
