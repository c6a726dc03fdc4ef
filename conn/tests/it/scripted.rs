//! A server on loopback that does what a test tells it, also to the tests of other crates.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use bytes::BytesMut;

/// A server whose every connection is played by a script.
pub(crate) struct Scripted {
    pub(crate) port: u16,
}

/// The server's end of one connection.
pub(crate) struct Peer {
    stream: TcpStream,
    parser: resp::Parser,
    buffer: BytesMut,
}

impl Scripted {
    /// Plays `script` for every connection that comes, until the test's process ends.
    pub(crate) fn start(script: impl Fn(Peer) + Send + Clone + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let script = script.clone();
                let peer = Peer::on(stream.unwrap());
                thread::spawn(move || script(peer));
            }
        });
        Self { port }
    }

    /// The URL of the server.
    #[allow(dead_code, reason = "the tests of `conn` know no URLs")]
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

#[allow(dead_code, reason = "each crate's tests use some of it")]
impl Peer {
    /// The server's end of a connection that was accepted.
    pub(crate) fn on(stream: TcpStream) -> Self {
        Self { stream, parser: resp::Parser::default(), buffer: BytesMut::new() }
    }

    /// The next request, its arguments joined by spaces; `None` when the client is gone.
    pub(crate) fn request(&mut self) -> Option<String> {
        loop {
            if let Some(request) = self.parser.parse(&mut self.buffer).unwrap() {
                return Some(request.decode::<Vec<String>>().unwrap().join(" "));
            }
            let mut bytes = [0; 4096];
            match self.stream.read(&mut bytes) {
                Ok(0) | Err(_) => return None,
                Ok(count) => self.buffer.extend_from_slice(&bytes[..count]),
            }
        }
    }

    /// Sends bytes. The client may be gone.
    pub(crate) fn say(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.stream.write_all(bytes.as_ref());
    }

    /// Answers the handshake of a default configuration in RESP3: HELLO, and SETINFO twice.
    pub(crate) fn greet(&mut self) {
        assert!(self.request().is_some_and(|request| request.starts_with("HELLO 3")));
        self.say("%1\r\n+proto\r\n:3\r\n");
        for _ in 0..2 {
            assert!(self.request().is_some_and(|request| request.starts_with("CLIENT SETINFO")));
            self.say("+OK\r\n");
        }
    }

    /// Reads and says nothing more, until the client goes away.
    pub(crate) fn stay_silent(mut self) {
        while self.request().is_some() {}
    }

    /// Waits.
    pub(crate) fn wait(&self, millis: u64) {
        thread::sleep(Duration::from_millis(millis));
    }
}
