//! An address becomes a connected socket before the deadline.
//!
//! A host may have several addresses, and one of them may lead nowhere. They are tried in turn, each with a head start,
//! and the first that answers wins (RFC 8305, "Happy Eyeballs"):
//!
//! ```text
//!  0 ms    first ────────────────────────── no answer ─ ─ ─ ─
//!  250 ms          second ──── refused
//!  at once                             third ──── connected ▶ taken
//! ```

use std::io;
use std::net::SocketAddr;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use socket2::{Domain, SockAddr, Socket as Raw, TcpKeepalive, Type};

use crate::deadline::Passed;
use crate::lookup::lookup;
use crate::{Address, Config, Deadline, Phase};

/// The head start of an address before the next one is tried as well: what RFC 8305 recommends (section 5).
const HEAD_START: Duration = Duration::from_millis(250);

/// The kernel takes zero for "for ever", and counts in microseconds.
pub(crate) const SHORTEST: Duration = Duration::from_millis(1);

/// A Unix socket whose backlog is full says so at once; so long is waited before another try.
const BACKLOG_PAUSE: Duration = Duration::from_millis(1);

/// Time between two keepalive probes, and how many may stay unanswered: redis-py's choice (`_defaults.py`, 8.0).
const PROBE_INTERVAL: Duration = Duration::from_secs(5);
const PROBES: u32 = 3;

/// Looks the server up and connects.
///
/// # Errors
/// The system's, with the phase in which it came: the lookup or the connecting. Of several addresses the last one's.
pub(crate) fn dial(config: &Config, deadline: Deadline) -> Result<Raw, (Phase, io::Error)> {
    match config.address() {
        Address::Tcp { host, port } => {
            let addresses = remaining(deadline)
                .and_then(|limit| lookup(&config.resolver, host, *port, limit))
                .map_err(|error| (Phase::Lookup, error))?;
            race(in_turns(addresses), config.keepalive, deadline)
        }
        Address::Unix(path) => SockAddr::unix(path).and_then(|address| connect_unix(&address, deadline)),
    }
    .map_err(|error| (Phase::Connect, error))
}

/// The time that is left; an error when it has passed.
pub(crate) fn remaining(deadline: Deadline) -> io::Result<Option<Duration>> {
    deadline.remaining().map_err(|Passed| io::ErrorKind::TimedOut.into())
}

/// IPv6 and IPv4 by turns, beginning with the family that the system prefers: where one of them leads nowhere, the
/// second try is of the other.
fn in_turns(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let is_first =
        |address: &SocketAddr| addresses.first().map(SocketAddr::is_ipv4) == Some(address.is_ipv4());
    let (mut these, mut those): (Vec<_>, Vec<_>) = addresses.iter().copied().partition(is_first);
    let mut turns = Vec::with_capacity(addresses.len());
    these.reverse();
    those.reverse();
    while let Some(next) = these.pop().or_else(|| those.pop()) {
        turns.push(next);
        turns.extend(those.pop());
    }
    turns
}

/// The first connection that comes about.
fn race(addresses: Vec<SocketAddr>, keepalive: Option<Duration>, deadline: Deadline) -> io::Result<Raw> {
    if let [only] = addresses.as_slice() {
        return connect_tcp(*only, keepalive, deadline);
    }
    let (finish, finished) = mpsc::channel();
    let mut waiting = addresses.into_iter().peekable();
    let mut running = 0_usize;
    let mut failed = io::Error::from(io::ErrorKind::NotFound);
    loop {
        if let Some(address) = waiting.next() {
            let finish = finish.clone();
            thread::Builder::new().name("redisy-connect".into()).spawn(move || {
                // When another one has won, nobody listens: the socket is closed.
                let _ = finish.send(connect_tcp(address, keepalive, deadline));
            })?;
            running = running.saturating_add(1);
        }
        if running == 0 {
            return Err(failed);
        }
        let left = remaining(deadline)?.unwrap_or(Duration::MAX);
        let head_start = waiting.peek().map_or(left, |_| left.min(HEAD_START));
        match finished.recv_timeout(head_start) {
            Ok(Ok(connected)) => return Ok(connected),
            Ok(Err(error)) => (running, failed) = (running.saturating_sub(1), error),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
    }
}

fn connect_tcp(address: SocketAddr, keepalive: Option<Duration>, deadline: Deadline) -> io::Result<Raw> {
    let address = SockAddr::from(address);
    let raw = Raw::new(address.domain(), Type::STREAM, None)?;
    raw.set_tcp_nodelay(true)?;
    if let Some(idle) = keepalive {
        let probes = TcpKeepalive::new().with_time(idle).with_interval(PROBE_INTERVAL).with_retries(PROBES);
        raw.set_tcp_keepalive(&probes)?;
    }
    connect(&raw, &address, deadline)?;
    Ok(raw)
}

fn connect_unix(address: &SockAddr, deadline: Deadline) -> io::Result<Raw> {
    loop {
        let raw = Raw::new(Domain::UNIX, Type::STREAM, None)?;
        match connect(&raw, address, deadline) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => thread::sleep(BACKLOG_PAUSE),
            done => return done.map(|()| raw),
        }
    }
}

fn connect(raw: &Raw, address: &SockAddr, deadline: Deadline) -> io::Result<()> {
    match remaining(deadline)? {
        Some(left) => raw.connect_timeout(address, left.max(SHORTEST)),
        None => raw.connect(address),
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::time::Instant;

    use super::*;

    /// A listener, and an address at which nobody listens.
    fn good_and_refused() -> (TcpListener, SocketAddr) {
        let refused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        (TcpListener::bind("127.0.0.1:0").unwrap(), refused)
    }

    /// An address that takes no more connections and refuses none: its backlog is full.
    fn silent() -> (Raw, SocketAddr, Vec<Raw>) {
        let listener = Raw::new(Domain::IPV4, Type::STREAM, None).unwrap();
        listener.bind(&"127.0.0.1:0".parse::<SocketAddr>().unwrap().into()).unwrap();
        listener.listen(1).unwrap();
        let address = listener.local_addr().unwrap().as_socket().unwrap();
        let mut waiting = Vec::new();
        loop {
            let raw = Raw::new(Domain::IPV4, Type::STREAM, None).unwrap();
            let limit = Duration::from_millis(100);
            match raw.connect_timeout(&address.into(), limit) {
                Ok(()) => waiting.push(raw),
                Err(_) => return (listener, address, waiting),
            }
        }
    }

    fn connected(addresses: Vec<SocketAddr>, limit: Duration) -> io::Result<SocketAddr> {
        let raw = race(addresses, None, Deadline::after(limit))?;
        Ok(raw.peer_addr().unwrap().as_socket().unwrap())
    }

    #[test]
    fn families_take_turns() {
        let parse = |list: &[&str]| list.iter().map(|a| a.parse().unwrap()).collect::<Vec<SocketAddr>>();
        let turns = in_turns(parse(&["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1", "1.1.1.2:1"]));
        assert_eq!(turns, parse(&["[::1]:1", "1.1.1.1:1", "[::2]:1", "1.1.1.2:1", "[::3]:1"]));
        let turns = in_turns(parse(&["1.1.1.1:1", "[::1]:1", "[::2]:1"]));
        assert_eq!(turns, parse(&["1.1.1.1:1", "[::1]:1", "[::2]:1"]));
    }

    #[test]
    fn an_address_that_refuses_makes_room_for_the_next_at_once() {
        let (good, refused) = good_and_refused();
        let begin = Instant::now();
        let good = good.local_addr().unwrap();
        assert_eq!(connected(vec![refused, refused, good], Duration::from_secs(5)).unwrap(), good);
        assert!(begin.elapsed() < HEAD_START, "{:?}", begin.elapsed());
    }

    #[test]
    fn an_address_that_is_silent_costs_its_head_start_and_no_more() {
        let (good, _) = good_and_refused();
        let (_listener, silent, _waiting) = silent();
        let good = good.local_addr().unwrap();
        let begin = Instant::now();
        assert_eq!(connected(vec![silent, good], Duration::from_secs(5)).unwrap(), good);
        let took = begin.elapsed();
        assert!(took >= HEAD_START && took < 2 * HEAD_START, "{took:?}");
    }

    #[test]
    fn nobody_answers_before_the_deadline() {
        let (_listener, silent, _waiting) = silent();
        let begin = Instant::now();
        let error = connected(vec![silent; 3], Duration::from_millis(400)).unwrap_err();
        let took = begin.elapsed();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(took >= Duration::from_millis(400) && took < Duration::from_millis(450), "{took:?}");
    }

    #[test]
    fn all_refuse() {
        let (_, refused) = good_and_refused();
        let error = connected(vec![refused; 3], Duration::from_secs(5)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
        assert_eq!(
            connected(Vec::new(), Duration::from_secs(5)).unwrap_err().kind(),
            io::ErrorKind::NotFound
        );
    }
}
