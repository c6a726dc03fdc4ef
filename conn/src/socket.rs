//! A socket whose every wait ends by a deadline.
//!
//! The kernel's own timeouts do the waiting. They are set when they no longer fit, not for every call: one that is
//! too short only means another look at the clock.

use std::io::{self, IoSlice, Read};
use std::mem::MaybeUninit;
use std::net::Shutdown;
use std::sync::{Arc, Weak};
use std::time::Duration;

use socket2::Socket as Raw;

use crate::dial::{SHORTEST, dial, remaining};
use crate::{Config, Deadline, Phase};

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

/// What the kernel's timeout is, when somebody else may have set it: longer than any that is wanted.
const UNKNOWN: Option<Duration> = Some(Duration::MAX);

/// Never raise SIGPIPE in somebody's program.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
const SEND_FLAGS: libc::c_int = libc::MSG_NOSIGNAL;
#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
const SEND_FLAGS: libc::c_int = 0;

impl Socket {
    /// Connects.
    pub(crate) fn connect(config: &Config, deadline: Deadline) -> Result<Self, (Phase, io::Error)> {
        let raw = Arc::new(dial(config, deadline)?);
        Ok(Self { raw, receive_timeout: None, send_timeout: None })
    }

    /// Receives what is there, at least one byte; 0 when the peer has closed.
    pub(crate) fn receive(&mut self, into: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        let left = remaining(deadline)?;
        self.receive_within(left, into, deadline)
    }

    /// Receives like [`Socket::receive`], for those who know what is left of the deadline.
    pub(crate) fn receive_within(
        &mut self,
        left: Option<Duration>,
        into: &mut [u8],
        deadline: Deadline,
    ) -> io::Result<usize> {
        self.fit_receive_timeout(left, SLACK)?;
        loop {
            match (&*self.raw).read(into) {
                Err(error) if is_timeout(&error) => {
                    self.fit_receive_timeout(remaining(deadline)?, Duration::ZERO)?;
                }
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

    /// Sends as much as goes without waiting, which may be nothing.
    pub(crate) fn send_at_once(&self, bytes: &[u8]) -> io::Result<usize> {
        match self.raw.send_with_flags(bytes, SEND_FLAGS | libc::MSG_DONTWAIT) {
            Err(error) if is_timeout(&error) || error.kind() == io::ErrorKind::Interrupted => Ok(0),
            done => done,
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

    /// The same socket once more, for a thread that sends while another receives.
    pub(crate) fn second(&self) -> Self {
        // The kernel's timeouts are one for both: what the first has set is not known here, and set anew.
        Self { raw: Arc::clone(&self.raw), receive_timeout: UNKNOWN, send_timeout: UNKNOWN }
    }

    /// The means to cut it off from another thread.
    pub(crate) fn cutter(&self) -> Cutter {
        Cutter(Arc::downgrade(&self.raw))
    }

    fn fit_receive_timeout(&mut self, left: Option<Duration>, slack: Duration) -> io::Result<()> {
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

/// The kernel says "would block" when its timeout is over.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::time::Instant;

    use super::*;

    #[test]
    fn what_does_not_go_at_once_is_not_waited_for() -> Result<(), Box<dyn std::error::Error>> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let config = Config::tcp("127.0.0.1", listener.local_addr()?.port());
        let Ok(mut socket) = Socket::connect(&config, Deadline::NEVER) else {
            return Err("the listener is not there".into());
        };
        let _peer = listener.accept()?;
        let piece = vec![0; 1 << 20];
        let begin = Instant::now();
        // The peer reads nothing, so at some time its buffers and ours are full.
        while socket.send_at_once(&piece)? > 0 {}
        assert!(begin.elapsed() < Duration::from_secs(5), "it waited");
        let late = socket.send(&[IoSlice::new(&piece)], Deadline::after(Duration::from_millis(20)));
        assert_eq!(late.map_err(|error| error.kind()), Err(io::ErrorKind::TimedOut));
        Ok(())
    }
}
