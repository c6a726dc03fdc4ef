//! A client of a few lines: it shows what comes, and how it ends.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::BytesMut;
use resp::{Parser, Reply, Request};

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// A socket and a parser.
pub(crate) struct Raw {
    stream: Box<dyn Stream>,
    parser: Parser,
    buffer: BytesMut,
}

/// The newest Redis of the matrix: its port and its Unix socket.
pub(crate) fn server() -> (u16, PathBuf) {
    let list = std::env::var("REDISY_TEST_SERVERS")
        .expect("tests in `live` need servers: run `cargo xtask test`, or `cargo xtask test --offline` to leave them out");
    let parts: Vec<_> = list.split(';').next().unwrap().split(',').collect();
    (parts[2].parse().unwrap(), parts[3].into())
}

/// So long a silence is silence.
const SILENCE: Duration = Duration::from_millis(150);

impl Raw {
    pub(crate) fn tcp(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(SILENCE)).unwrap();
        Self::over(stream)
    }

    pub(crate) fn unix(path: &Path) -> Self {
        let stream = UnixStream::connect(path).unwrap();
        stream.set_read_timeout(Some(SILENCE)).unwrap();
        Self::over(stream)
    }

    fn over(stream: impl Stream + 'static) -> Self {
        Self { stream: Box::new(stream), parser: Parser::default(), buffer: BytesMut::new() }
    }

    /// Sends a command of words.
    pub(crate) fn say(&mut self, command: &str) {
        self.say_all(&[command]);
    }

    /// Sends commands in one write.
    pub(crate) fn say_all(&mut self, commands: &[&str]) {
        let mut bytes = Vec::new();
        for command in commands {
            let mut words = command.split(' ');
            let name = words.next().unwrap();
            words.fold(Request::new(name), Request::arg).wire().write_to(&mut bytes);
        }
        let _ = self.stream.write_all(&bytes);
    }

    /// Sends bytes as they are.
    pub(crate) fn say_bytes(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
    }

    /// The next reply as redis-cli shows it, or `silence`, `end`, `reset`, `garbage`.
    pub(crate) fn hear(&mut self) -> String {
        loop {
            match self.parser.parse(&mut self.buffer) {
                Ok(Some(reply)) => return show(&reply),
                Ok(None) => {}
                Err(_) => return "garbage".into(),
            }
            match self.receive() {
                Ok(bytes) => self.buffer.extend_from_slice(&bytes),
                Err(how) => return how.into(),
            }
        }
    }

    /// Sends a command and returns its reply.
    pub(crate) fn ask(&mut self, command: &str) -> String {
        self.say(command);
        self.hear()
    }

    /// The bytes of one receive.
    pub(crate) fn receive(&mut self) -> Result<Vec<u8>, &'static str> {
        let mut bytes = vec![0; 1 << 16];
        match self.stream.read(&mut bytes) {
            Ok(0) => Err("end"),
            Ok(count) => Ok(bytes[..count].to_vec()),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => Err("reset"),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                Err("silence")
            }
            Err(error) => panic!("{error}"),
        }
    }
}

fn show(reply: &Reply) -> String {
    let kind = if reply.is_push() { "push " } else { "" };
    format!("{kind}{reply}").replace('\n', " ").replace("  ", " ")
}
