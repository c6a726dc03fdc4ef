//! A host name becomes addresses before the deadline.
//!
//! The system's resolver cannot be told when to stop, so a thread of its own asks it. A thread whose answer comes
//! too late ends by itself.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// Who finds the addresses of a host: the system, or a function of the user's.
#[derive(Clone, Default)]
pub(crate) struct Resolver(pub(crate) Option<Arc<Resolve>>);

type Resolve = dyn Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync;

impl Resolver {
    fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        match &self.0 {
            Some(resolve) => resolve(host, port),
            None => (host, port).to_socket_addrs().map(Vec::from_iter),
        }
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "own" } else { "system" })
    }
}

/// The addresses of `host`, in the order of the resolver's preference.
///
/// # Errors
/// `TimedOut` when `limit` is over first, otherwise what the resolver says.
pub(crate) fn lookup(
    resolver: &Resolver,
    host: &str,
    port: u16,
    limit: Option<Duration>,
) -> io::Result<Vec<SocketAddr>> {
    if let Ok(ip) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(ip, port)]);
    }
    let (resolver, name) = (resolver.clone(), host.to_owned());
    let found = within("redisy-lookup", limit, move || resolver.resolve(&name, port))??;
    if found.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(found) }
}

/// What `question` returns on a thread of its own, if it does so in time.
pub(crate) fn within<T: Send + 'static>(
    thread: &str,
    limit: Option<Duration>,
    question: impl FnOnce() -> T + Send + 'static,
) -> io::Result<T> {
    let (answer, answers) = mpsc::sync_channel(1);
    thread::Builder::new().name(thread.into()).spawn(move || {
        // Nobody is there any more when the deadline has passed: then the answer is not wanted.
        let _ = answer.send(question());
    })?;
    let gone = || io::Error::other("whoever was asked has panicked");
    match limit {
        Some(limit) => answers.recv_timeout(limit).map_err(|error| match error {
            RecvTimeoutError::Timeout => io::ErrorKind::TimedOut.into(),
            RecvTimeoutError::Disconnected => gone(),
        }),
        None => answers.recv().map_err(|_| gone()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn addresses_need_no_resolver() {
        let limit = Some(Duration::ZERO);
        assert_eq!(lookup(&Resolver::default(), "::1", 1, limit).unwrap(), ["[::1]:1".parse().unwrap()]);
        assert_eq!(
            lookup(&Resolver::default(), "127.0.0.1", 6379, limit).unwrap(),
            ["127.0.0.1:6379".parse().unwrap()]
        );
    }

    #[test]
    fn names_are_looked_up() {
        let found = lookup(&Resolver::default(), "localhost", 1, Some(Duration::from_secs(5))).unwrap();
        assert!(found.iter().all(|address| address.ip().is_loopback()));
    }

    #[test]
    fn a_slow_resolver_does_not_move_the_deadline() {
        let begin = Instant::now();
        let error = within("test", Some(Duration::from_millis(50)), || thread::sleep(Duration::from_secs(5)))
            .unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(begin.elapsed() < Duration::from_secs(1));
    }
}
