//! What it means that the engines agree, and where they need not: for the tables of `engines.rs`, and for the fuzz
//! target of that name in `resp/fuzz`.
//!
//! Whoever includes it has `resp/tests/it/arrivals.rs` as `crate::pure`, and a feature `hiredis`.

use bytes::BytesMut;
use conn::Engine;
use resp::{Limits, ParseError, ParseErrorKind as Kind, Parser};

use crate::pure::{self, Outcome};

/// Whether a difference explains that hiredis refused these bytes for this reason.
type Explains = fn(Kind, &[u8]) -> bool;

/// Where hiredis refuses what `resp` takes, and why that is right.
const JUSTIFIED: [(&str, Explains); 10] = [
    ("hiredis 1.5 knows no bulk errors; Redis sends none", |kind, _| kind == Kind::UnexpectedByte(b'!')),
    ("hiredis 1.5 knows no streamed types; Redis sends none", |kind, bytes| {
        kind == Kind::Length && bytes.windows(3).any(|part| part == b"?\r\n")
            || kind == Kind::UnexpectedByte(b'.')
    }),
    (
        "hiredis takes an attribute inside a reply for an element of it: all behind it would be read wrongly",
        |kind, _| matches!(kind, Kind::Engine(why) if why.starts_with("an attribute inside")),
    ),
    ("hiredis takes no `+` before a big number; Redis sends none", |kind, bytes| {
        kind == Kind::BigNumber && bytes.windows(2).any(|part| part == b"(+")
    }),
    (
        "hiredis refuses doubles that round to inf, and 1.5 those that round to 0; Redis sends inf and 0",
        |kind, bytes| kind == Kind::Double && doubles(bytes).any(is_out_of_range),
    ),
    (
        "hiredis 1.5 takes no `+` before a double and no version `infinity`; Redis sends neither",
        |kind, bytes| {
            let odd =
                |text: &[u8]| text.starts_with(b"+") || text.to_ascii_lowercase().ends_with(b"infinity");
            kind == Kind::Double && doubles(bytes).any(odd)
        },
    ),
    ("hiredis 1.2 and before knows no attributes", |kind, _| {
        version() < (1, 3, 0) && kind == Kind::UnexpectedByte(b'|')
    }),
    ("hiredis 1.0 knows no big numbers, 1.1 does", |kind, _| {
        version() < (1, 1, 0) && kind == Kind::UnexpectedByte(b'(')
    }),
    ("hiredis 1.0 knows no nan, 1.2 does", |kind, bytes| {
        version() < (1, 2, 0)
            && kind == Kind::Double
            && doubles(bytes).any(|text| text.to_ascii_lowercase().ends_with(b"nan"))
    }),
    ("hiredis has room for doubles of 325 bytes", |kind, bytes| {
        kind == Kind::Double && doubles(bytes).any(|text| text.len() > 325)
    }),
];

/// The texts of what may be doubles in a stream.
fn doubles(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = bytes.windows(2).enumerate().filter(|(_, end)| end == b"\r\n").map(|(at, _)| at);
    ends.filter_map(|end| {
        let line = &bytes[..end];
        let start = line.iter().rposition(|byte| matches!(byte, b',' | b'\n'))?;
        (line[start] == b',').then(|| &line[start + 1..])
    })
}

fn is_out_of_range(text: &[u8]) -> bool {
    let mantissa = text.split(|byte| matches!(byte, b'e' | b'E')).next().unwrap_or_default();
    let is_zero = !mantissa.iter().any(|byte| matches!(byte, b'1'..=b'9'));
    let value = std::str::from_utf8(text).ok().and_then(|text| text.parse::<f64>().ok());
    !is_zero && value.is_some_and(|value| value.is_infinite() || value == 0.0)
}

/// The version of hiredis, or one above all if it is not built in.
#[cfg(feature = "hiredis")]
pub(crate) fn version() -> (i32, i32, i32) {
    conn::hiredis_version()
}
#[cfg(not(feature = "hiredis"))]
pub(crate) fn version() -> (i32, i32, i32) {
    (i32::MAX, 0, 0)
}

/// Checks what hiredis made of the bytes against what `resp` did: the same replies, and both fail or both do not; or
/// a reason why hiredis stopped before.
pub(crate) fn agree(limits: Limits, bytes: &[u8], expected: &Outcome, found: &Outcome) {
    let shown = bytes.get(..200).unwrap_or(bytes).escape_ascii();
    match (expected.1, found.1) {
        (None, None) => assert_eq!(expected.0, found.0, "{shown}"),
        (Some(_), Some(_)) if expected.0 == found.0 => {}
        // Half a reply that is too long whatever comes next: `resp` says so when the element has come, and of a line when
        // there is no room for its CRLF any more.
        (None, Some(error)) if is_too_long(error.kind()) && !ends_whole(limits, bytes) => {
            assert_eq!(expected.0, found.0, "{shown}");
        }
        (_, Some(error)) => {
            let justified = JUSTIFIED.iter().any(|(_, applies)| applies(error.kind(), bytes));
            assert!(justified, "hiredis refuses {shown}: {error}");
            assert!(expected.0.starts_with(&found.0), "{shown}");
        }
        // hiredis 1.0 takes a null with something in it; 1.1 does not.
        (Some(error), None) if version() < (1, 1, 0) && error.kind() == Kind::Null => {
            assert!(found.0.starts_with(&expected.0), "{shown}");
        }
        // hiredis judges a line when it is whole, `resp` as soon as it can.
        (Some(error), None) => {
            assert_eq!(expected.0, found.0, "{shown}");
            let ended = feed(limits, &[bytes, b"\r\n"].concat(), []);
            assert_eq!(ended.0, expected.0, "{shown}");
            assert!(ended.1.is_some(), "hiredis takes {shown}: {error}");
        }
    }
}

fn is_too_long(kind: Kind) -> bool {
    matches!(kind, Kind::ReplyTooLong { .. } | Kind::LineTooLong { .. })
}

/// Whether no half reply is left of a stream.
fn ends_whole(limits: Limits, bytes: &[u8]) -> bool {
    let (mut parser, mut buffer) = (Parser::new(limits), BytesMut::from(bytes));
    while let Ok(Some(_)) = parser.parse(&mut buffer) {}
    parser.is_idle()
}

/// Feeds `bytes` to hiredis in pieces of the given sizes, the rest as one, as [`pure::feed`] does to `resp`.
///
/// Checks on the way that `needed` never asks for more than the reply that is half read still lacks.
pub(crate) fn feed(limits: Limits, bytes: &[u8], sizes: impl IntoIterator<Item = usize>) -> Outcome {
    let mut parser = Engine::Hiredis.parser(limits).unwrap();
    let mut buffer = BytesMut::new();
    let (mut replies, mut asked, mut taken) = (Vec::new(), Vec::new(), 0);
    let (mut rest, mut sizes) = (bytes, sizes.into_iter());
    while !rest.is_empty() {
        let size = sizes.next().unwrap_or(rest.len()).clamp(1, rest.len());
        let (piece, after) = rest.split_at(size);
        buffer.extend_from_slice(piece);
        rest = after;
        loop {
            let before = buffer.len();
            match parser.parse(&mut buffer) {
                Ok(Some(reply)) => {
                    assert_eq!(parser.needed(), 0);
                    assert_eq!(reply.to_bytes().len(), before - buffer.len());
                    taken += reply.to_bytes().len();
                    for (have, needed) in asked.drain(..) {
                        assert!(have + needed <= taken, "{needed} more than {have} of {taken} in {bytes:?}");
                    }
                    replies.push(pure::dump(reply.view()));
                }
                Ok(None) => {
                    assert_eq!(parser.needed() > 0, !buffer.is_empty());
                    asked.push((taken + buffer.len(), parser.needed()));
                    break;
                }
                Err(error) => {
                    assert!(error.offset() <= buffer.len());
                    assert_eq!(parser.parse(&mut buffer).unwrap_err(), error, "an error stays");
                    // Where it is depends on the piece: hiredis says nothing of what it was at.
                    return (replies, Some(ParseError::new(error.kind(), 0)));
                }
            }
        }
    }
    (replies, None)
}
