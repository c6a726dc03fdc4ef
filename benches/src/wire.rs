//! Raw system calls: the least that a round trip costs, with the request prepared and nothing looked at in the reply.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::client::Server;

/// A bare connection.
pub(crate) struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Wire {
    pub(crate) fn connect(server: &Server) -> Self {
        let stream = TcpStream::connect((server.host.as_str(), server.port)).expect("the server listens");
        stream.set_nodelay(true).expect("it is a TCP socket");
        Self { stream, buffer: vec![0; BUFFER] }
    }

    /// Sends, and receives so many bytes into a buffer that is used again and again.
    pub(crate) fn call(&mut self, request: &[u8], reply: usize) -> bool {
        let Self { stream, buffer } = self;
        if stream.write_all(request).is_err() {
            return false;
        }
        let mut left = reply;
        while left > 0 {
            match stream.read(buffer) {
                Ok(0) | Err(_) => return false,
                Ok(count) => left = left.saturating_sub(count),
            }
        }
        true
    }

    /// Sends, and receives so many bytes into memory that is allocated for them.
    pub(crate) fn call_into_new(&mut self, request: &[u8], reply: usize) -> Vec<u8> {
        let mut bytes = vec![0; reply];
        let done = self.stream.write_all(request).and_then(|()| self.stream.read_exact(&mut bytes));
        done.map(|()| bytes).unwrap_or_default()
    }
}

/// The bytes of a command.
pub(crate) fn packed(words: &[&[u8]]) -> Vec<u8> {
    let mut bytes = format!("*{}\r\n", words.len()).into_bytes();
    for word in words {
        bytes.extend(format!("${}\r\n", word.len()).bytes());
        bytes.extend_from_slice(word);
        bytes.extend(b"\r\n");
    }
    bytes
}

/// How long the reply of a string of so many bytes is.
pub(crate) fn bulk_len(len: usize) -> usize {
    format!("${len}\r\n").len() + len + 2
}

/// As large as pays: larger ones leave the nearer caches.
const BUFFER: usize = 64 << 10;
