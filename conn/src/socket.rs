//! A socket whose every wait ends by a deadline.
//!
//! The kernel's own timeouts do the waiting. They are set when they no longer fit, not for every call: one that is
//! too short only means another look at the clock.

use std::io::{self, IoSlice, Read};
use std::mem::MaybeUninit;
use std::net::Shutdown;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use socket2::{Domain, SockAddr, Socket as Raw, TcpKeepalive, Type};

use crate::deadline::Passed;
use crate::lookup::lookup;
use crate::{Address, Config, Deadline, Phase};

/// A connected stream socket.
#[derive(Debug)]
pub(crate) struct Socket {
    /// Shared with those who may cut it off.
    raw: Arc<Raw>,
    receive_timeout: Option<Duration>,
    send_timeout: Option<Duration>,
}

/// What lies ready in a socket that should be silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peeked {
    Nothing,
    Bytes,
    Closed,
}

/// A kernel timeout may be so much longer than what is left of a deadline before it is set anew.
const SLACK: Duration = Duration::from_millis(10);

/// The kernel takes zero for "for ever", and counts in microseconds.
const SHORTEST: Duration = Duration::from_millis(1);

/// A Unix socket whose backlog is full says so at once; so long is waited before another try.
const BACKLOG_PAUSE: Duration = Duration::from_millis(1);

/// Never raise SIGPIPE in somebody's program.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
const SEND_FLAGS: libc::c_int = libc::MSG_NOSIGNAL;
#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
const SEND_FLAGS: libc::c_int = 0;

impl Socket {
    /// Connects to the first address that answers.
    pub(crate) fn connect(config: &Config, deadline: Deadline) -> Result<Self, (Phase, io::Error)> {
        let raw = match config.address() {
            Address::Tcp { host, port } => {
                let limit = remaining(deadline).map_err(|error| (Phase::Lookup, error))?;
                let found = lookup(host, *port, limit).map_err(|error| (Phase::Lookup, error))?;
                let mut last = io::ErrorKind::NotFound.into();
                let connected = found.into_iter().find_map(|address| {
                    connect_tcp(&address.into(), config.keepalive, deadline)
                        .map_err(|error| last = error)
                        .ok()
                });
                connected.ok_or(last)
            }
            Address::Unix(path) => SockAddr::unix(path).and_then(|address| connect_unix(&address, deadline)),
        };
        let raw = raw.map_err(|error| (Phase::Connect, error))?;
        Ok(Self { raw: Arc::new(raw), receive_timeout: None, send_timeout: None })
    }

    /// Receives what is there, at least one byte; 0 when the peer has closed.
    pub(crate) fn receive(&mut self, into: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        self.fit_receive_timeout(deadline, SLACK)?;
        loop {
            match (&*self.raw).read(into) {
                Err(error) if is_timeout(&error) => self.fit_receive_timeout(deadline, Duration::ZERO)?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                done => return done,
            }
        }
    }

    /// Sends some of the segments; returns how many bytes went.
    pub(crate) fn send(&mut self, segments: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize> {
        self.fit_send_timeout(deadline, SLACK)?;
        loop {
            let sent = match segments {
                [one] => self.raw.send_with_flags(one, SEND_FLAGS),
                many => self.raw.send_vectored_with_flags(many, SEND_FLAGS),
            };
            match sent {
                Err(error) if is_timeout(&error) => self.fit_send_timeout(deadline, Duration::ZERO)?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                done => return done,
            }
        }
    }

    /// Looks at what lies ready, without taking it and without waiting.
    pub(crate) fn peek(&self) -> Peeked {
        let mut byte = [MaybeUninit::uninit()];
        match self.raw.recv_with_flags(&mut byte, libc::MSG_PEEK | libc::MSG_DONTWAIT) {
            Ok(0) => Peeked::Closed,
            Ok(_) => Peeked::Bytes,
            Err(error) if is_timeout(&error) => Peeked::Nothing,
            Err(_) => Peeked::Closed,
        }
    }

    /// The means to cut it off from another thread.
    pub(crate) fn cutter(&self) -> Cutter {
        Cutter(Arc::downgrade(&self.raw))
    }

    fn fit_receive_timeout(&mut self, deadline: Deadline, slack: Duration) -> io::Result<()> {
        let left = remaining(deadline)?;
        if !fits(self.receive_timeout, left, slack) {
            self.raw.set_read_timeout(left.map(|left| left.max(SHORTEST)))?;
            self.receive_timeout = left;
        }
        Ok(())
    }

    fn fit_send_timeout(&mut self, deadline: Deadline, slack: Duration) -> io::Result<()> {
        let left = remaining(deadline)?;
        if !fits(self.send_timeout, left, slack) {
            self.raw.set_write_timeout(left.map(|left| left.max(SHORTEST)))?;
            self.send_timeout = left;
        }
        Ok(())
    }
}

/// Cuts a socket off from another thread: whoever waits on it wakes at once and finds it closed.
#[derive(Debug, Clone)]
pub(crate) struct Cutter(Weak<Raw>);

impl Cutter {
    pub(crate) fn cut(&self) {
        if let Some(raw) = self.0.upgrade() {
            // It fails when the peer has closed already: then there is nobody left to wake.
            let _ = raw.shutdown(Shutdown::Both);
        }
    }
}

/// Whether the kernel wakes in time with the timeout that is set. Without slack it must also not wake for nothing.
fn fits(set: Option<Duration>, left: Option<Duration>, slack: Duration) -> bool {
    match (set, left) {
        (None, None) => true,
        (None, Some(_)) => false,
        (Some(_), None) => !slack.is_zero(),
        (Some(set), Some(left)) => !slack.is_zero() && set <= left.saturating_add(slack),
    }
}

fn remaining(deadline: Deadline) -> io::Result<Option<Duration>> {
    deadline.remaining().map_err(|Passed| io::ErrorKind::TimedOut.into())
}

/// The kernel says "would block" when its timeout is over.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

fn connect_tcp(address: &SockAddr, keepalive: Option<Duration>, deadline: Deadline) -> io::Result<Raw> {
    let raw = Raw::new(address.domain(), Type::STREAM, None)?;
    raw.set_tcp_nodelay(true)?;
    if let Some(idle) = keepalive {
        let probes = TcpKeepalive::new().with_time(idle).with_interval(PROBE_INTERVAL).with_retries(PROBES);
        raw.set_tcp_keepalive(&probes)?;
    }
    connect(&raw, address, deadline)?;
    Ok(raw)
}

/// Time between two keepalive probes, and how many may stay unanswered: redis-py's choice (`_defaults.py`, 8.0).
const PROBE_INTERVAL: Duration = Duration::from_secs(5);
const PROBES: u32 = 3;

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
