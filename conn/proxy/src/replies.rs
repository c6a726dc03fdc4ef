//! From the server to the client: each reply is known, and suffers what was decided for its request.

use std::sync::atomic::Ordering::Relaxed;
use std::thread;

use bytes::BytesMut;
use resp::{Limits, Parser, Reply, ReplyWriter};

use crate::Fault;
use crate::link::{LANDING, Link, Next};
use crate::plan::{Blow, Place};

/// Passes replies on until the server closes or a fault ends the connection.
pub(crate) fn run(link: &Link) {
    let mut way = Way { link, out: Vec::new(), is_held: false };
    let mut parser = Parser::new(Limits::default());
    let (mut buffer, mut landing) = (BytesMut::new(), vec![0; LANDING]);
    while let Some(bytes) = link.receive(&link.server, &mut landing) {
        buffer.extend_from_slice(bytes);
        loop {
            match parser.parse(&mut buffer) {
                Ok(Some(reply)) => {
                    if way.pass(&reply) == Next::End {
                        return;
                    }
                }
                Ok(None) => break,
                // The server does not speak RESP: let the client say so.
                Err(_) => {
                    way.out.extend_from_slice(&buffer.split());
                    break;
                }
            }
        }
        if way.flush() == Next::End {
            return;
        }
    }
}

/// The stream of replies.
struct Way<'a> {
    link: &'a Link,
    out: Vec<u8>,
    /// There is more in `out` than was asked for: it goes out together with the last reply, or not at all.
    is_held: bool,
}

impl Way<'_> {
    fn pass(&mut self, reply: &Reply) -> Next {
        let bytes = reply.to_bytes();
        if self.link.is_stalled() {
            return Next::GoOn;
        }
        let blow = if reply.is_push() {
            None
        } else {
            self.link.shared.counters.replies.fetch_add(1, Relaxed);
            self.link.awaited().pop_front().flatten()
        };
        match blow {
            None => self.out.extend_from_slice(&bytes),
            Some(blow) => return self.strike(blow, &bytes),
        }
        Next::GoOn
    }

    fn strike(&mut self, blow: Blow, bytes: &[u8]) -> Next {
        if blow.fault == Fault::Twice && blow.place.is_drawn() && bytes.len() > DOUBLED {
            self.out.extend_from_slice(bytes);
            return Next::GoOn;
        }
        self.link.done(blow.fault);
        match blow.fault {
            Fault::DropReply => {}
            Fault::PushBefore => {
                push(&mut self.out);
                self.out.extend_from_slice(bytes);
            }
            Fault::PushAfter => {
                self.out.extend_from_slice(bytes);
                push(&mut self.out);
            }
            Fault::Twice => {
                self.out.extend_from_slice(bytes);
                self.out.extend_from_slice(bytes);
                self.is_held = true;
            }
            Fault::Flip => {
                let from = self.out.len();
                self.out.extend_from_slice(bytes);
                flip(&mut self.out[from..], blow.place);
                self.is_held = true;
            }
            _ if self.is_held => return self.strike_held(blow, bytes),
            _ => {
                // What came before the reply is not touched.
                if self.flush() == Next::End {
                    return Next::End;
                }
                return strike(self.link, blow, bytes);
            }
        }
        Next::GoOn
    }

    /// A fault of the connection when more is held than was asked for: it must not take away just the surplus.
    fn strike_held(&mut self, blow: Blow, bytes: &[u8]) -> Next {
        match blow.fault {
            Fault::DelayReply | Fault::SplitReply => {
                thread::sleep(blow.delay);
                self.out.extend_from_slice(bytes);
                Next::GoOn
            }
            _ => {
                self.out.clear();
                strike(self.link, Blow { place: Place::At(0), ..blow }, bytes)
            }
        }
    }

    fn flush(&mut self) -> Next {
        if self.is_held && !self.link.awaited().is_empty() {
            return Next::GoOn;
        }
        self.is_held = false;
        self.link.send(&self.link.client, &std::mem::take(&mut self.out))
    }
}

/// The largest reply that is doubled by chance. Two of twice that size may come in several receives, and then the
/// first may be taken for the only one before the second is there.
const DOUBLED: usize = 16 << 10;

/// Does what a fault does to bytes on their way to the client.
pub(crate) fn strike(link: &Link, blow: Blow, bytes: &[u8]) -> Next {
    match blow.fault {
        Fault::DelayReply => {
            thread::sleep(blow.delay);
            link.send(&link.client, bytes)
        }
        Fault::SplitReply => link.split(&link.client, bytes),
        Fault::CutReply => {
            link.send(&link.client, &bytes[..blow.place.among(bytes.len())]);
            Next::End
        }
        Fault::StallReply => {
            link.stall();
            Next::GoOn
        }
        Fault::ResetReply => {
            link.reset();
            Next::End
        }
        other => unreachable!("{other} is no fault of the connection"),
    }
}

/// A push such as a server sends to a client that tracks its keys.
fn push(out: &mut Vec<u8>) {
    ReplyWriter::resp3(out).push(2).bulk("invalidate").array(1).bulk("proxy");
}

/// Flips a bit of the structure.
fn flip(reply: &mut [u8], place: Place) {
    let structure = structure(reply);
    let bit = match place {
        Place::At(_) => 0,
        Place::Drawn(number) => (number >> 32) % 8,
    };
    let Some(last) = structure.len().checked_sub(1) else { return };
    reply[structure[place.among(last)]] ^= 1 << bit;
}

/// Where the bytes are that are no payload: types, lengths and line ends. Text and numbers of a line are payload.
fn structure(reply: &[u8]) -> Vec<usize> {
    let (mut structure, mut at) = (Vec::new(), 0);
    while at < reply.len() {
        let line = reply[at..].windows(2).position(|pair| pair == b"\r\n");
        let end = line.map_or(reply.len(), |length| at + length);
        let after = (end + 2).min(reply.len());
        let length = || std::str::from_utf8(&reply[at + 1..end]).ok()?.parse::<usize>().ok();
        match reply[at] {
            b'$' | b'!' | b'=' | b';' => {
                structure.extend(at..after);
                let payload = length().unwrap_or(0);
                let has_payload = length().is_some_and(|length| length > 0 || reply[at] != b';');
                at = after;
                if has_payload {
                    structure.extend((at + payload..at + payload + 2).filter(|at| *at < reply.len()));
                    at += payload + 2;
                }
            }
            b'*' | b'%' | b'~' | b'>' | b'|' | b'_' | b'.' => {
                structure.extend(at..after);
                at = after;
            }
            _ => {
                structure.push(at);
                structure.extend(end..after);
                at = after;
            }
        }
    }
    structure
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(reply: &str) -> String {
        let mut bytes = reply.as_bytes().to_vec();
        structure(&bytes).into_iter().for_each(|at| bytes[at] = b'.');
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn payloads_are_no_structure() {
        assert_eq!(marked("$5\r\nhe\r\no\r\n"), "....he\r\no..");
        assert_eq!(marked(":12\r\n"), ".12..");
        assert_eq!(marked("+OK\r\n"), ".OK..");
        assert_eq!(marked("$-1\r\n"), ".....");
        assert_eq!(marked("_\r\n"), "...");
        assert_eq!(marked("*2\r\n$1\r\na\r\n:7\r\n"), "........a...7..");
        assert_eq!(marked("%1\r\n+k\r\n$0\r\n\r\n"), ".....k........");
        assert_eq!(marked("$?\r\n;1\r\nx\r\n;0\r\n"), "........x......");
    }

    #[test]
    fn one_bit_is_flipped() {
        for number in 0..1_000_u64 {
            let mut reply = *b"$5\r\nhello\r\n";
            flip(&mut reply, Place::Drawn(number * 0x1234_5678_9abc));
            let changed: u32 = reply.iter().zip(b"$5\r\nhello\r\n").map(|(a, b)| (a ^ b).count_ones()).sum();
            assert_eq!((changed, &reply[4..9]), (1, &b"hello"[..]));
        }
        let mut reply = *b":1\r\n";
        flip(&mut reply, Place::At(usize::MAX));
        assert_eq!(&reply, b":1\r\x0b");
    }
}
