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
    let (answer, answers) = mpsc::sync_channel(1);
    let name = host.to_owned();
    thread::Builder::new().name("redisy-lookup".into()).spawn(move || {
        let found = (name.as_str(), port).to_socket_addrs().map(Vec::from_iter);
        // Nobody is there any more when the deadline has passed: then the answer is not wanted.
        let _ = answer.send(found);
    })?;
    let found = match limit {
        Some(limit) => answers.recv_timeout(limit).map_err(|_| io::ErrorKind::TimedOut)?,
        None => answers.recv().map_err(|_| io::ErrorKind::Other)?,
    }?;
    if found.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_need_no_resolver() {
        let limit = Some(Duration::ZERO);
        assert_eq!(lookup("::1", 1, limit).unwrap(), ["[::1]:1".parse().unwrap()]);
        assert_eq!(lookup("127.0.0.1", 6379, limit).unwrap(), ["127.0.0.1:6379".parse().unwrap()]);
    }

    #[test]
    fn names_are_looked_up_within_the_limit() {
        assert!(
            lookup("localhost", 1, Some(Duration::from_secs(5)))
                .unwrap()
                .iter()
                .all(|a| a.ip().is_loopback())
        );
        assert_eq!(lookup("localhost", 1, Some(Duration::ZERO)).unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
