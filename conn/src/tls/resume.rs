//! Sessions that may be taken up again: the second connection to a server needs no certificates.
//!
//! rustls's own store waits for its lock. In a forked child that lock may be held by a thread that the child does not
//! have, and the wait would never end. So there is a gate before it that is tried and not waited for: who holds the
//! store holds the gate, and who cannot have the gate does without the store, at the price of a full handshake.

use std::fmt;
use std::sync::Mutex;
use std::thread;

use rustls::NamedGroup;
use rustls::client::{
    ClientSessionMemoryCache, ClientSessionStore, Tls12ClientSessionValue, Tls13ClientSessionValue,
};
use rustls::pki_types::ServerName;

/// A store of sessions that never waits.
pub(super) struct Sessions {
    /// INVARIANT: `store` is touched only by who holds it.
    gate: Mutex<()>,
    store: ClientSessionMemoryCache,
}

/// rustls's own default: 8 tickets for each of 32 servers.
const SIZE: usize = 256;

/// The gate is held for as long as a map's entry is moved. A thread that finds it taken lets others run so many times.
const TRIES: usize = 50;

impl Sessions {
    pub(super) fn new() -> Self {
        Self { gate: Mutex::new(()), store: ClientSessionMemoryCache::new(SIZE) }
    }

    fn pass<T>(&self, use_it: impl FnOnce(&ClientSessionMemoryCache) -> T) -> Option<T> {
        let gate = (0..TRIES).find_map(|_| self.gate.try_lock().map_err(|_| thread::yield_now()).ok())?;
        let used = use_it(&self.store);
        drop(gate);
        Some(used)
    }
}

impl ClientSessionStore for Sessions {
    fn set_kx_hint(&self, server: ServerName<'static>, group: NamedGroup) {
        self.pass(|store| store.set_kx_hint(server, group));
    }

    fn kx_hint(&self, server: &ServerName<'_>) -> Option<NamedGroup> {
        self.pass(|store| store.kx_hint(server))?
    }

    fn set_tls12_session(&self, server: ServerName<'static>, session: Tls12ClientSessionValue) {
        self.pass(|store| store.set_tls12_session(server, session));
    }

    fn tls12_session(&self, server: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.pass(|store| store.tls12_session(server))?
    }

    fn remove_tls12_session(&self, server: &ServerName<'static>) {
        self.pass(|store| store.remove_tls12_session(server));
    }

    fn insert_tls13_ticket(&self, server: ServerName<'static>, ticket: Tls13ClientSessionValue) {
        self.pass(|store| store.insert_tls13_ticket(server, ticket));
    }

    fn take_tls13_ticket(&self, server: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.pass(|store| store.take_tls13_ticket(server))?
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn a_gate_that_is_never_opened_is_not_waited_for() {
        let sessions = Sessions::new();
        let server = ServerName::try_from("a.example").unwrap();
        sessions.set_kx_hint(server.clone(), NamedGroup::X25519);
        assert_eq!(sessions.kx_hint(&server), Some(NamedGroup::X25519));

        // As in a child of a fork, whose parent's thread was in the store.
        let held = sessions.gate.lock().unwrap();
        let begin = Instant::now();
        assert_eq!(sessions.kx_hint(&server), None);
        assert!(sessions.take_tls13_ticket(&server).is_none());
        assert!(begin.elapsed() < Duration::from_secs(5));
        drop(held);
        assert_eq!(sessions.kx_hint(&server), Some(NamedGroup::X25519));
    }
}
