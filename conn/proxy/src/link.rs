//! One connection: two sockets, a thread for each direction, and what they tell each other.
//!
//! ```text
//!  requests ──▶ awaited: the replies still to come, each with its fault ──▶ replies
//!      └──────────── stalled, reset: said by one, obeyed by both ────────────┘
//! ```

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::Shutdown;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use socket2::Socket;

use crate::plan::Blow;
use crate::proxy::{Shared, lock};
use crate::{Fault, opaque, replies, requests};

/// One connection through the proxy.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) number: u64,
    pub(crate) client: Socket,
    pub(crate) server: Socket,
    pub(crate) shared: Arc<Shared>,
    /// The fault that is to befall each reply that is still to come, if one is.
    awaited: Mutex<VecDeque<Option<Blow>>>,
    is_stalled: AtomicBool,
    is_reset: AtomicBool,
}

/// What a direction does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    GoOn,
    End,
}

impl Link {
    pub(crate) fn new(number: u64, client: Socket, server: Socket, shared: Arc<Shared>) -> Self {
        Self {
            number,
            client,
            server,
            shared,
            awaited: Mutex::default(),
            is_stalled: AtomicBool::new(false),
            is_reset: AtomicBool::new(false),
        }
    }

    /// Passes bytes on in both directions until one of them ends.
    pub(crate) fn run(&self) {
        thread::scope(|scope| {
            scope.spawn(|| {
                if self.shared.is_opaque {
                    opaque::down(self);
                } else {
                    replies::run(self);
                }
                self.end();
            });
            if self.shared.is_opaque {
                opaque::up(self);
            } else {
                requests::run(self);
            }
            self.end();
        });
        if self.is_reset.load(SeqCst) {
            // The close that follows sends a reset instead of an end.
            let _ = self.client.set_linger(Some(Duration::ZERO));
        }
    }

    /// Closes both sides, whatever is under way.
    pub(crate) fn close(&self) {
        let _ = self.client.shutdown(Shutdown::Both);
        let _ = self.server.shutdown(Shutdown::Both);
    }

    /// Wakes the other direction. What was written to the client still reaches it, and nothing yet says "end":
    /// that may become a reset.
    fn end(&self) {
        let _ = self.client.shutdown(Shutdown::Read);
        let _ = self.server.shutdown(Shutdown::Both);
    }

    /// The next bytes of a socket, or `None` at its end.
    pub(crate) fn receive<'a>(&self, mut from: &Socket, into: &'a mut [u8]) -> Option<&'a [u8]> {
        loop {
            let count = from.read(into).ok().filter(|count| *count > 0)?;
            if !self.is_stalled() {
                return into.get(..count);
            }
        }
    }

    /// Writes all of it, if the other side still listens.
    pub(crate) fn send(&self, mut to: &Socket, bytes: &[u8]) -> Next {
        match bytes.is_empty() || to.write_all(bytes).is_ok() {
            true => Next::GoOn,
            false => Next::End,
        }
    }

    /// Writes it byte by byte. Of a long text only the beginning: each byte is a packet.
    pub(crate) fn split(&self, to: &Socket, bytes: &[u8]) -> Next {
        let (singly, rest) = bytes.split_at(bytes.len().min(SINGLY));
        match singly.chunks(1).all(|byte| self.send(to, byte) == Next::GoOn) {
            true => self.send(to, rest),
            false => Next::End,
        }
    }

    /// From now on both directions take what comes and throw it away.
    pub(crate) fn stall(&self) {
        self.is_stalled.store(true, SeqCst);
    }

    pub(crate) fn is_stalled(&self) -> bool {
        self.is_stalled.load(SeqCst)
    }

    /// The connection to the client is to end with a reset.
    pub(crate) fn reset(&self) {
        self.is_reset.store(true, SeqCst);
    }

    pub(crate) fn done(&self, fault: Fault) {
        self.shared.counters.done(fault);
    }

    pub(crate) fn awaited(&self) -> MutexGuard<'_, VecDeque<Option<Blow>>> {
        lock(&self.awaited)
    }
}

/// Room for what one receive may bring: a whole flight of a usual pipeline.
pub(crate) const LANDING: usize = 256 << 10;

/// So many bytes of a text are written one by one.
const SINGLY: usize = 1_000;
