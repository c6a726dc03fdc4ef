//! Where a server listens.

use std::fmt;
use std::path::PathBuf;

/// Where a server listens.
///
/// # Example
/// ```
/// use conn::Address;
///
/// assert_eq!(Address::tcp("::1", 7000).to_string(), "[::1]:7000");
/// assert_eq!(Address::Unix("/run/redis.sock".into()).to_string(), "/run/redis.sock");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Address {
    /// A host name or an IP address, and a port.
    Tcp {
        /// The name or address, without the brackets of an IPv6 address in a URL.
        host: String,
        /// The port.
        port: u16,
    },
    /// The path of a Unix socket.
    Unix(PathBuf),
}

impl Address {
    /// The address of a TCP server.
    pub fn tcp(host: impl Into<String>, port: u16) -> Self {
        Self::Tcp { host: host.into(), port }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "{host}:{port}"),
            Self::Unix(path) => path.display().fmt(f),
        }
    }
}
