//! Where the server is, and the sockets on both sides of the proxy.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use socket2::{Domain, SockAddr, Socket, Type};

/// An address of a server or of the proxy itself: a TCP port or a Unix socket.
///
/// # Example
/// ```
/// use proxy::Endpoint;
///
/// assert_eq!(Endpoint::from(6379), Endpoint::Tcp("127.0.0.1:6379".parse().unwrap()));
/// assert_eq!(Endpoint::from(std::path::Path::new("/s")), Endpoint::Unix("/s".into()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// A TCP port.
    Tcp(SocketAddr),
    /// The path of a Unix socket.
    Unix(PathBuf),
}

impl Endpoint {
    /// Some free port of this machine's own.
    pub(crate) fn any() -> Self {
        Self::from(0)
    }

    pub(crate) fn listen(&self) -> io::Result<Socket> {
        let socket = self.socket()?;
        if let Self::Unix(path) = self {
            let _ = std::fs::remove_file(path);
        }
        socket.bind(&self.address()?)?;
        socket.listen(BACKLOG)?;
        Ok(socket)
    }

    pub(crate) fn connect(&self) -> io::Result<Socket> {
        let socket = self.socket()?;
        socket.connect(&self.address()?)?;
        Ok(socket)
    }

    fn socket(&self) -> io::Result<Socket> {
        let socket = match self {
            Self::Tcp(address) => Socket::new(Domain::for_address(*address), Type::STREAM, None)?,
            Self::Unix(_) => Socket::new(Domain::UNIX, Type::STREAM, None)?,
        };
        prepare(&socket);
        Ok(socket)
    }

    fn address(&self) -> io::Result<SockAddr> {
        match self {
            Self::Tcp(address) => Ok((*address).into()),
            Self::Unix(path) => SockAddr::unix(path),
        }
    }
}

/// Lets each write go out by itself. A Unix socket does so anyway, and refuses the option.
pub(crate) fn prepare(socket: &Socket) {
    let _ = socket.set_tcp_nodelay(true);
}

/// More connections than any test opens at once.
const BACKLOG: i32 = 1_024;

impl From<SocketAddr> for Endpoint {
    fn from(address: SocketAddr) -> Self {
        Self::Tcp(address)
    }
}

/// A port of 127.0.0.1.
impl From<u16> for Endpoint {
    fn from(port: u16) -> Self {
        Self::Tcp((Ipv4Addr::LOCALHOST, port).into())
    }
}

impl From<&std::path::Path> for Endpoint {
    fn from(path: &std::path::Path) -> Self {
        Self::Unix(path.into())
    }
}
