//! A large reply that comes in pieces of a network packet each: the cost must not depend on how it was cut.

use bytes::BytesMut;
use resp::Parser;

use crate::corpus::list_of_kib;
use crate::{Contender, Race, Role, peers};

/// What an Ethernet frame carries of a TCP stream.
pub(crate) const PIECE: usize = 1_448;

pub(crate) fn races() -> Vec<Race> {
    vec![
        Race::new("pieces", "4 MiB in pieces", || {
            let bytes = list_of_kib(4 << 10);
            let mut contenders = vec![
                Contender::ours(warm(bytes.clone(), PIECE)),
                Contender::peer("resp, whole", warm(bytes.clone(), usize::MAX)),
            ];
            if peers::ARE_HERE {
                let bytes = bytes.clone();
                let job = move || arrives(&mut Parser::default(), &mut BytesMut::new(), &bytes, PIECE);
                contenders.push(Contender::new("resp, fresh buffer", Role::OursLikeNext, job));
            }
            contenders.extend(peers::pieces(&bytes));
            contenders
        }),
        Race::new("pieces", "512 KiB in pieces", || {
            let bytes = list_of_kib(512);
            let mut contenders = vec![Contender::ours(warm(bytes.clone(), PIECE))];
            contenders.extend(peers::small_pieces(&bytes));
            contenders
        }),
        Race::new("pieces", "8 MiB in pieces", || {
            vec![
                Contender::ours(from_a_socket(list_of_kib(8 << 10))),
                Contender::peer("resp, 4 MiB", from_a_socket(list_of_kib(4 << 10))),
            ]
        }),
    ]
}

/// As `warm`, but every piece comes through the same small memory, as those of a socket do. Where a length is compared
/// with its double this matters: 8 MiB of source beside 8 MiB of buffer fall out of a cache that holds 4 and 4, and
/// copying them alone, with no parser at all, would cost ten times as much.
fn from_a_socket(bytes: Vec<u8>) -> impl FnMut() -> bool + 'static {
    let (mut parser, mut buffer) = (Parser::default(), BytesMut::new());
    let repeats = Repeats::of(&bytes);
    drop(bytes);
    move || {
        let mut whole = 0;
        for at in 0..repeats.pieces() {
            buffer.extend_from_slice(repeats.piece(at));
            whole += usize::from(matches!(parser.parse(&mut buffer), Ok(Some(_))));
        }
        whole == 1
    }
}

/// A list of equal elements, kept as so few of them that any piece of the list can be cut out.
struct Repeats {
    header: Vec<u8>,
    elements: Vec<u8>,
    /// The bytes of one element.
    period: usize,
    /// The bytes of all that the list has.
    len: usize,
}

impl Repeats {
    fn of(list: &[u8]) -> Self {
        let header = list.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let (header, elements) = list.split_at(header);
        let second =
            elements.windows(2).skip(1).position(|two| two == b"\n$").map_or(elements.len(), |at| at + 2);
        let kept = (second + PIECE).next_multiple_of(second);
        Self {
            header: header.to_vec(),
            elements: elements[..kept].to_vec(),
            period: second,
            len: elements.len(),
        }
    }

    /// The header, and then as many as the elements fill.
    fn pieces(&self) -> usize {
        1 + self.len.div_ceil(PIECE)
    }

    fn piece(&self, at: usize) -> &[u8] {
        let Some(from) = at.checked_sub(1).map(|at| at * PIECE) else { return &self.header };
        let start = from % self.period;
        &self.elements[start..start + PIECE.min(self.len - from)]
    }
}

/// On a connection that has worked before.
fn warm(bytes: Vec<u8>, piece: usize) -> impl FnMut() -> bool + 'static {
    let (mut parser, mut buffer) = (Parser::default(), BytesMut::new());
    move || arrives(&mut parser, &mut buffer, &bytes, piece)
}

fn arrives(parser: &mut Parser, buffer: &mut BytesMut, bytes: &[u8], piece: usize) -> bool {
    let mut whole = 0;
    for piece in bytes.chunks(piece) {
        buffer.extend_from_slice(piece);
        whole += usize::from(matches!(parser.parse(buffer), Ok(Some(_))));
    }
    whole == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_of_a_repeated_list_are_those_of_the_list() {
        let list = list_of_kib(512);
        let repeats = Repeats::of(&list);
        let pieces: Vec<u8> = (0..repeats.pieces()).flat_map(|at| repeats.piece(at).to_vec()).collect();
        assert!(pieces == list);
        assert!(repeats.elements.len() < 4 * PIECE);
        assert!(from_a_socket(list)());
    }
}
