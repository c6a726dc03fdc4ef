//! One publisher, one subscriber, and a server in between.
//!
//! The publisher is a thread with prepared requests, the same for everybody. The time is from its start until the
//! subscriber has seen the last message.

use std::hint::black_box;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use client::{Event, PubSub};

use super::{Server, ours};
use crate::corpus::text;
use crate::wire::{Wire, packed};
use crate::{Contender, peers};

/// So many are published at once.
pub(crate) const MESSAGES: usize = 10_000;

/// Bytes of a payload.
const PAYLOAD: usize = 64;

/// Where they are published.
pub(crate) const CHANNEL: &str = "bench:messages";

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

    /// Publishes while `read` reads.
    pub(crate) fn publish(&self, read: impl FnOnce() -> bool) -> bool {
        self.start.send(()).is_ok() && read() && self.done.recv().unwrap_or(false)
    }
}

pub(super) fn messages(server: &Server) -> Vec<Contender> {
    let mut all = vec![subscribed(server), raw(server)];
    all.extend(peers::client::messages(server));
    all
}

fn subscribed(server: &Server) -> Contender {
    let channel = format!("{CHANNEL}:client");
    let publisher = Publisher::new(server, &channel);
    let mut pubsub = server.client().pubsub().expect("the server listens");
    pubsub.subscribe(&channel).expect("the server confirms it");
    ours(move || publisher.publish(|| read(&mut pubsub)))
}

fn read(pubsub: &mut PubSub) -> bool {
    let is_one =
        |event: &Event| event.message().is_some_and(|message| black_box(message.payload()).len() == PAYLOAD);
    pubsub.take(MESSAGES).all(|event| event.as_ref().is_ok_and(is_one))
}

/// Receives so many bytes.
fn raw(server: &Server) -> Contender {
    let channel = format!("{CHANNEL}:raw");
    let publisher = Publisher::new(server, &channel);
    let mut wire = Wire::connect(server);
    let confirmed = packed(&[b"subscribe", channel.as_bytes()]).len() + b":1\r\n".len();
    assert!(wire.call(&packed(&[b"SUBSCRIBE", channel.as_bytes()]), confirmed), "the server confirms it");
    let message = packed(&[b"message", channel.as_bytes(), text(PAYLOAD).as_bytes()]);
    Contender::peer("raw", move || publisher.publish(|| wire.call(b"", message.len() * MESSAGES)))
}
