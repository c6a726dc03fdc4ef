//! A host name becomes addresses before the deadline.
//!
//! The system's resolver cannot be told when to stop, so a thread of its own asks it. A thread whose answer comes
//! too late ends by itself.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// The addresses of `host`, in the order of the system's preference.
///
/// # Errors
/// `TimedOut` when `limit` is over first, otherwise what the resolver says.
pub(crate) fn lookup(host: &str, port: u16, limit: Option<Duration>) -> io::Result<Vec<SocketAddr>> {
    if let Ok(ip) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(ip, port)]);
    }
    let name = host.to_owned();
    let found = within(limit, move || (name.as_str(), port).to_socket_addrs().map(Vec::from_iter))??;
    if found.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(found) }
}

/// What `question` returns on a thread of its own, if it does so in time.
fn within<T: Send + 'static>(
    limit: Option<Duration>,
    question: impl FnOnce() -> T + Send + 'static,
) -> io::Result<T> {
    let (answer, answers) = mpsc::sync_channel(1);
    thread::Builder::new().name("redisy-lookup".into()).spawn(move || {
        // Nobody is there any more when the deadline has passed: then the answer is not wanted.
        let _ = answer.send(question());
    })?;
    match limit {
        Some(limit) => answers.recv_timeout(limit).map_err(|_| io::ErrorKind::TimedOut.into()),
        None => answers.recv().map_err(|_| io::ErrorKind::Other.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn addresses_need_no_resolver() {
        let limit = Some(Duration::ZERO);
        assert_eq!(lookup("::1", 1, limit).unwrap(), ["[::1]:1".parse().unwrap()]);
        assert_eq!(lookup("127.0.0.1", 6379, limit).unwrap(), ["127.0.0.1:6379".parse().unwrap()]);
    }

    #[test]
    fn names_are_looked_up() {
        let found = lookup("localhost", 1, Some(Duration::from_secs(5))).unwrap();
        assert!(found.iter().all(|address| address.ip().is_loopback()));
    }

    #[test]
    fn a_slow_resolver_does_not_move_the_deadline() {
        let begin = Instant::now();
        let error =
            within(Some(Duration::from_millis(50)), || thread::sleep(Duration::from_secs(5))).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(begin.elapsed() < Duration::from_secs(1));
    }
}
