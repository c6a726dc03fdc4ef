//! One connection's conversation: what was said on it, and what is to be answered yet.
//!
//! The server answers in the order in which it was asked: a subscription by one confirmation for each name, everything
//! else by one reply, and an error stands for all that its request would have been answered with. So a queue of what is
//! awaited tells for whom each of them is. Messages come in between and are nobody's answer.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use conn::{Deadline, Speaker};
use resp::{Protocol, Reply, Request};

use super::message::{Confirmation, Topic};
use crate::Error;

/// The sending half of a connection, and who waits for what.
#[derive(Debug)]
pub(super) struct Line {
    speaker: Speaker,
    pub(super) protocol: Protocol,
    awaited: VecDeque<Awaited>,
}

/// What the server is to answer, in its order.
#[derive(Debug)]
pub(super) enum Awaited {
    /// Each of these names is to be confirmed.
    Confirmations { subscribe: bool, topic: Topic, names: VecDeque<Bytes>, slip: Option<Slip> },
    /// A reply that somebody waits for.
    Reply(Slip),
    /// The answer to a PING that only shows that the server is there.
    Pong,
    /// The answer to the PING behind all subscriptions that were made anew.
    Restored,
}

/// Where an answer is left for who waits for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Slip(Arc<Mutex<Option<Answer>>>);

/// A confirmation has no reply.
pub(super) type Answer = Result<Option<Reply>, Error>;

/// What an answer was for.
#[derive(Debug)]
pub(super) enum Settled {
    /// Somebody got it.
    Done,
    /// These names are not subscribed to: the server has refused. Told to nobody yet, if nobody waited.
    Refused { topic: Topic, names: VecDeque<Bytes>, error: Option<Error> },
    /// All subscriptions are made anew.
    Restored,
    /// Nobody had asked for it.
    Unasked,
}

impl Slip {
    pub(super) fn leave(&self, answer: Answer) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
    }

    pub(super) fn has_come(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    pub(super) fn take(&self) -> Option<Answer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Line {
    pub(super) fn new(speaker: Speaker, protocol: Protocol) -> Self {
        Self { speaker, protocol, awaited: VecDeque::new() }
    }

    /// Says something, and notes what is to come of it. If it cannot be said, the connection is at its end: that is
    /// told to who listens, and what is awaited is settled then.
    pub(super) fn say(
        &mut self,
        wire: &[u8],
        awaited: impl IntoIterator<Item = Awaited>,
        deadline: Deadline,
    ) {
        self.awaited.extend(awaited);
        // The error is found again by the half that listens.
        let _ = self.speaker.say(wire, deadline);
    }

    /// A confirmation has come.
    pub(super) fn confirm(&mut self, confirmation: &Confirmation) -> Settled {
        let Some(Awaited::Confirmations { subscribe, topic, names, slip }) = self.awaited.front_mut() else {
            return Settled::Unasked;
        };
        let is_it = *subscribe == confirmation.subscribed
            && *topic == confirmation.topic
            && names.front() == Some(&confirmation.name);
        if !is_it {
            return Settled::Unasked;
        }
        names.pop_front();
        if names.is_empty() {
            if let Some(slip) = slip {
                slip.leave(Ok(None));
            }
            self.awaited.pop_front();
        }
        Settled::Done
    }

    /// A reply has come.
    pub(super) fn answer(&mut self, reply: Reply) -> Settled {
        let error = reply.server_error().map(Error::server);
        match self.awaited.pop_front() {
            Some(Awaited::Confirmations { subscribe, topic, names, slip }) => {
                let Some(error) = error.map(|error| error.of(verb(subscribe, topic))) else {
                    return Settled::Unasked;
                };
                let untold = match slip {
                    Some(slip) => {
                        slip.leave(Err(error));
                        None
                    }
                    None => Some(error),
                };
                Settled::Refused { topic, names, error: untold }
            }
            Some(Awaited::Reply(slip)) => {
                slip.leave(error.map_or(Ok(Some(reply)), Err));
                Settled::Done
            }
            Some(Awaited::Pong) => Settled::Done,
            Some(Awaited::Restored) => Settled::Restored,
            None => Settled::Unasked,
        }
    }

    /// The connection is lost: nothing is answered any more. Returns who waits for subscriptions: they will be made on
    /// the next one.
    pub(super) fn lose(&mut self, error: &Error) -> Vec<Slip> {
        let mut waiting = Vec::new();
        for awaited in self.awaited.drain(..) {
            match awaited {
                Awaited::Confirmations { subscribe: true, slip, .. } => waiting.extend(slip),
                // A new connection is subscribed to nothing that was not asked for.
                Awaited::Confirmations { slip, .. } => slip.iter().for_each(|slip| slip.leave(Ok(None))),
                Awaited::Reply(slip) => slip.leave(Err(error.clone())),
                Awaited::Pong | Awaited::Restored => {}
            }
        }
        waiting
    }
}

/// The command that does it.
pub(super) fn verb(subscribe: bool, topic: Topic) -> &'static str {
    match (subscribe, topic) {
        (true, Topic::Channel) => "SUBSCRIBE",
        (true, Topic::Pattern) => "PSUBSCRIBE",
        (true, Topic::Shard) => "SSUBSCRIBE",
        (false, Topic::Channel) => "UNSUBSCRIBE",
        (false, Topic::Pattern) => "PUNSUBSCRIBE",
        (false, Topic::Shard) => "SUNSUBSCRIBE",
    }
}

/// The request that does it, packed behind what is in `wire`, and what is to come of it.
pub(super) fn ask(
    wire: &mut Vec<u8>,
    subscribe: bool,
    topic: Topic,
    names: &[Bytes],
    slip: Option<Slip>,
) -> Awaited {
    Request::new(verb(subscribe, topic)).args(names).wire().write_to(wire);
    Awaited::Confirmations { subscribe, topic, names: names.iter().cloned().collect(), slip }
}

/// A PING, packed.
pub(super) const PING: &[u8] = b"*1\r\n$4\r\nPING\r\n";
