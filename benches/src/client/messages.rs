//! One publisher, one subscriber, and a server in between.
//!
//! The publisher is a thread with prepared requests, the same for everybody. In one race it publishes while the
//! subscriber reads, and the server sets the pace. In the other all messages wait, in the kernel and in the server's
//! buffer, and the time is that of reading them: what the subscriber itself is capable of.

use std::hint::black_box;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use client::{Event, PubSub};

use super::{OURS, Server};
use crate::corpus::text;
use crate::wire::{Wire, packed};
use crate::{Contender, Role, peers};

/// So many are published at once.
pub(crate) const MESSAGES: usize = 10_000;

/// Bytes of a payload.
const PAYLOAD: usize = 64;

/// Where they are published.
pub(crate) const CHANNEL: &str = "bench:messages";

/// When messages are read.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Manner {
    Meanwhile,
    Afterwards,
}

/// A thread that publishes when it is told to.
pub(crate) struct Publisher {
    start: Sender<()>,
    done: Receiver<bool>,
}

impl Publisher {
    /// It publishes for one contender, on a channel of his own.
    pub(crate) fn new(server: &Server, channel: &str) -> Self {
        let request = packed(&[b"PUBLISH", channel.as_bytes(), text(PAYLOAD).as_bytes()]);
        let (requests, replies) = (request.repeat(MESSAGES), b":1\r\n".len() * MESSAGES);
        let mut wire = Wire::connect(server);
        let ((start, starts), (ends, done)) = (mpsc::channel(), mpsc::channel());
        thread::spawn(move || starts.iter().all(|()| ends.send(wire.call(&requests, replies)).is_ok()));
        Self { start, done }
    }

    /// A contender who reads `while` it publishes, or afterwards.
    pub(crate) fn contender(
        self,
        name: &'static str,
        role: Role,
        manner: Manner,
        mut read: impl FnMut() -> bool + 'static,
    ) -> Contender {
        match manner {
            Manner::Meanwhile => Contender::new(name, role, move || self.publish(&mut read)),
            Manner::Afterwards => Contender::in_flights(name, role, 1, move |_, meter| {
                assert!(self.publish(|| true), "{name}: nothing is published");
                meter.measure(&mut || assert!(read(), "{name} cannot do its job"));
            }),
        }
    }

    /// Publishes while `read` reads.
    fn publish(&self, read: impl FnOnce() -> bool) -> bool {
        self.start.send(()).is_ok() && read() && self.done.recv().unwrap_or(false)
    }
}

pub(super) fn messages(server: &Server, manner: Manner) -> Vec<Contender> {
    let mut all = vec![subscribed(server, manner), raw(server, manner)];
    all.extend(peers::client::messages(server, manner));
    all
}

fn subscribed(server: &Server, manner: Manner) -> Contender {
    let channel = format!("{CHANNEL}:client");
    let publisher = Publisher::new(server, &channel);
    let mut pubsub = server.client().pubsub().expect("the server listens");
    pubsub.subscribe(&channel).expect("the server confirms it");
    publisher.contender(OURS, Role::Ours, manner, move || read(&mut pubsub))
}

fn read(pubsub: &mut PubSub) -> bool {
    let is_one =
        |event: &Event| event.message().is_some_and(|message| black_box(message.payload()).len() == PAYLOAD);
    pubsub.take(MESSAGES).all(|event| event.as_ref().is_ok_and(is_one))
}

/// Receives so many bytes.
fn raw(server: &Server, manner: Manner) -> Contender {
    let channel = format!("{CHANNEL}:raw");
    let publisher = Publisher::new(server, &channel);
    let mut wire = Wire::connect(server);
    let confirmed = packed(&[b"subscribe", channel.as_bytes()]).len() + b":1\r\n".len();
    assert!(wire.call(&packed(&[b"SUBSCRIBE", channel.as_bytes()]), confirmed), "the server confirms it");
    let message = packed(&[b"message", channel.as_bytes(), text(PAYLOAD).as_bytes()]);
    publisher.contender("raw", Role::Peer, manner, move || wire.call(b"", message.len() * MESSAGES))
}
