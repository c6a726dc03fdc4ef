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
                Contender::ours(warm(list_of_kib(8 << 10), PIECE)),
                Contender::peer("resp, 4 MiB", warm(list_of_kib(4 << 10), PIECE)),
            ]
        }),
    ]
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
