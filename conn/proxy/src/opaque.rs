//! Bytes that nobody here understands: chunks go through as they were received, and faults strike them blindly.

use std::sync::atomic::Ordering::Relaxed;

use crate::link::{LANDING, Link, Next};
use crate::plan::{Case, Luck};
use crate::{replies, requests};

/// Passes bytes from the client to the server.
pub(crate) fn up(link: &Link) {
    pass(link, true);
}

/// Passes bytes from the server to the client.
pub(crate) fn down(link: &Link) {
    pass(link, false);
}

fn pass(link: &Link, up: bool) {
    let (from, to) = if up { (&link.client, &link.server) } else { (&link.server, &link.client) };
    let counters = &link.shared.counters;
    let count = if up { &counters.requests } else { &counters.replies };
    // The two directions of a connection do not share their luck.
    let case = Case {
        connection: link.number * 2 + u64::from(up),
        name: None,
        takes_pushes: false,
        chunk_up: Some(up),
    };
    let (mut luck, mut landing) = (Luck::default(), vec![0; LANDING]);
    while let Some(bytes) = link.receive(from, &mut landing) {
        count.fetch_add(1, Relaxed);
        let next = match link.shared.plan.judge(case, &mut luck) {
            None => link.send(to, bytes),
            Some(blow) => {
                link.done(blow.fault);
                if up { requests::strike(link, blow, bytes) } else { replies::strike(link, blow, bytes) }
            }
        };
        if next == Next::End {
            return;
        }
    }
}
