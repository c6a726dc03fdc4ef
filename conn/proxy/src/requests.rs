//! From the client to the server: each request is known, and what is to befall it or its reply is decided here.

use std::sync::atomic::Ordering::Relaxed;
use std::thread;

use bytes::BytesMut;
use resp::{Command, RequestParser};

use crate::Fault;
use crate::link::{LANDING, Link, Next};
use crate::plan::{Blow, Case, Luck};

/// Passes requests on until the client closes or a fault ends the connection.
pub(crate) fn run(link: &Link) {
    let mut way = Way {
        parser: RequestParser::default(),
        buffer: BytesMut::new(),
        luck: Luck::default(),
        takes_pushes: false,
        is_lost: false,
    };
    let mut landing = vec![0; LANDING];
    while let Some(bytes) = link.receive(&link.client, &mut landing) {
        way.buffer.extend_from_slice(bytes);
        let flight = way.take_all(link);
        // All are awaited before the first is sent, so that the other direction knows when the last has come.
        let awaited = flight.iter().filter(|(command, blow)| has_reply(command, *blow));
        link.awaited().extend(awaited.map(|(_, blow)| blow.filter(|blow| !blow.fault.is_of_request())));
        if send(link, &flight) == Next::End {
            return;
        }
        if way.is_lost && link.send(&link.server, &way.buffer.split()) == Next::End {
            return;
        }
    }
}

/// The stream of requests.
struct Way {
    parser: RequestParser,
    buffer: BytesMut,
    luck: Luck,
    takes_pushes: bool,
    /// What comes is no request: it is passed on unread.
    is_lost: bool,
}

impl Way {
    /// All requests that are whole, each with what is to befall it.
    fn take_all(&mut self, link: &Link) -> Vec<(Command, Option<Blow>)> {
        let mut flight = Vec::new();
        while !self.is_lost {
            match self.parser.parse(&mut self.buffer) {
                Ok(Some(command)) => {
                    link.shared.counters.requests.fetch_add(1, Relaxed);
                    let blow = self.judge(link, &command);
                    flight.push((command, blow));
                }
                Ok(None) => break,
                Err(_) => self.is_lost = true,
            }
        }
        flight
    }

    fn judge(&mut self, link: &Link, command: &Command) -> Option<Blow> {
        let case = Case {
            connection: link.number,
            name: Some(command.name()),
            takes_pushes: self.takes_pushes,
            chunk_up: None,
        };
        let blow = link.shared.plan.judge(case, &mut self.luck);
        if command.is("HELLO") {
            self.takes_pushes = command.arg(1) == Some(b"3");
        }
        blow
    }
}

/// Whether the server will answer it with a reply of its own.
fn has_reply(command: &Command, blow: Option<Blow>) -> bool {
    let is_streamed = STREAMED.iter().any(|name| command.is(name));
    !is_streamed && blow.is_none_or(|blow| blow.fault != Fault::DropRequest)
}

/// Sends the requests of a flight, in as few writes as their faults allow.
fn send(link: &Link, flight: &[(Command, Option<Blow>)]) -> Next {
    let mut out = Vec::new();
    for (command, blow) in flight {
        let bytes = command.as_bytes();
        let Some(blow) = blow.filter(|blow| blow.fault.is_of_request()) else {
            out.extend_from_slice(bytes);
            continue;
        };
        link.done(blow.fault);
        if blow.fault == Fault::DropRequest {
            continue;
        }
        if link.send(&link.server, &std::mem::take(&mut out)) == Next::End
            || strike(link, blow, bytes) == Next::End
        {
            return Next::End;
        }
        if blow.fault == Fault::StallRequest {
            return Next::GoOn;
        }
    }
    link.send(&link.server, &out)
}

/// Does what a fault does to bytes on their way to the server.
pub(crate) fn strike(link: &Link, blow: Blow, bytes: &[u8]) -> Next {
    match blow.fault {
        Fault::DelayRequest => {
            thread::sleep(blow.delay);
            link.send(&link.server, bytes)
        }
        Fault::SplitRequest => link.split(&link.server, bytes),
        Fault::CutRequest => {
            link.send(&link.server, &bytes[..blow.place.among(bytes.len())]);
            Next::End
        }
        Fault::StallRequest => {
            link.stall();
            Next::GoOn
        }
        Fault::ResetRequest => {
            link.reset();
            Next::End
        }
        other => unreachable!("{other} is no fault of a request"),
    }
}

/// Commands that are answered by pushes, or by as many replies as they have arguments.
const STREAMED: [&str; 6] =
    ["SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE"];
