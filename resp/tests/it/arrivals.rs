//! Bytes arrive whole, cut in two at every place, or one by one: the parser must say the same each time.

use bytes::BytesMut;
use resp::{Limits, ParseError, ParseErrorKind, Parser, Reply, Value, View};

/// What a parser made of a stream: the replies, and the error it ended with.
pub(crate) type Outcome = (Vec<String>, Option<ParseError>);

/// Feeds `bytes` in pieces of the given sizes, the rest as one.
///
/// Checks on the way that `needed` never asks for more than the reply that is half read still lacks.
pub(crate) fn feed(limits: Limits, bytes: &[u8], sizes: impl IntoIterator<Item = usize>) -> Outcome {
    let mut parser = Parser::new(limits);
    let mut buffer = BytesMut::new();
    let (mut replies, mut asked) = (Vec::new(), Vec::new());
    let (mut rest, mut taken) = (bytes, 0);
    let mut sizes = sizes.into_iter();
    while !rest.is_empty() {
        let size = sizes.next().unwrap_or(rest.len()).clamp(1, rest.len());
        let (piece, after) = rest.split_at(size);
        buffer.extend_from_slice(piece);
        rest = after;
        loop {
            let before = buffer.len();
            match parser.parse(&mut buffer) {
                Ok(Some(reply)) => {
                    assert_eq!((parser.needed(), parser.is_idle()), (0, true));
                    assert_eq!(reply.to_bytes().len(), before - buffer.len());
                    taken += reply.to_bytes().len();
                    for (have, needed) in asked.drain(..) {
                        assert!(have + needed <= taken, "{needed} more than {have} of {taken} in {bytes:?}");
                    }
                    replies.push(dump(reply.view()));
                }
                Ok(None) => {
                    assert!(parser.needed() > 0);
                    assert_eq!(parser.is_idle(), buffer.is_empty());
                    asked.push((taken + buffer.len(), parser.needed()));
                    break;
                }
                Err(error) => {
                    assert!(!parser.is_idle());
                    assert_eq!(parser.parse(&mut buffer).unwrap_err(), error, "an error stays");
                    return (replies, Some(error));
                }
            }
        }
    }
    (replies, None)
}

/// At one go, where cutting everywhere would take too long.
pub(crate) fn feed_whole(limits: Limits, bytes: &[u8]) -> Outcome {
    feed(limits, bytes, [])
}

/// Whole, cut in two everywhere and byte by byte; all must be the same, which is returned.
pub(crate) fn feed_all_ways(limits: Limits, bytes: &[u8]) -> Outcome {
    let whole = feed(limits, bytes, []);
    for cut in 1..bytes.len() {
        assert_eq!(feed(limits, bytes, [cut]), whole, "cut at {cut}: {}", bytes.escape_ascii());
    }
    assert_eq!(feed(limits, bytes, std::iter::repeat(1)), whole, "byte by byte: {}", bytes.escape_ascii());
    whole
}

/// One whole reply, and nothing but `None` before its last byte.
pub(crate) fn check_reply(limits: Limits, bytes: &[u8]) -> Reply {
    let (replies, error) = feed_all_ways(limits, bytes);
    assert_eq!((replies.len(), error), (1, None), "{}", bytes.escape_ascii());

    let mut parser = Parser::new(limits);
    let mut buffer = BytesMut::new();
    let (last, others) = bytes.split_last().unwrap();
    for byte in others {
        buffer.extend_from_slice(&[*byte]);
        assert!(parser.parse(&mut buffer).unwrap().is_none(), "{}", bytes.escape_ascii());
    }
    buffer.extend_from_slice(&[*last]);
    let reply = parser.parse(&mut buffer).unwrap().unwrap();

    // Several in one buffer come out one by one.
    let four = [bytes, bytes, b"_\r\n", bytes].concat();
    let [one, null] = [&*replies[0], "Null"].map(str::to_owned);
    let expected = vec![one.clone(), one.clone(), null, one];
    assert_eq!(feed_all_ways(limits, &four), (expected, None));
    reply
}

/// The same with the default limits, and by the way that takes exactly one reply.
pub(crate) fn check(bytes: &'static [u8]) -> Reply {
    let reply = Reply::from_bytes(bytes).unwrap();
    assert_eq!(dump(reply.view()), dump(check_reply(Limits::default(), bytes).view()));
    for end in 0..bytes.len() {
        let error = Reply::from_bytes(&bytes[..end]).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ParseErrorKind::Incomplete, end));
    }
    let error = Reply::from_bytes([bytes, b"x"].concat()).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ParseErrorKind::UnexpectedByte(b'x'), bytes.len()));
    reply
}

/// Everything in it, attributes and the text of doubles too.
pub(crate) fn dump(view: View<'_>) -> String {
    let mut text = String::new();
    for (name, value) in view.attributes() {
        text += &format!("|{} {}| ", dump(name), dump(value));
    }
    if view.kind().is_aggregate() {
        let elements: Vec<_> = view.iter().map(dump).collect();
        assert_eq!(elements.len(), view.iter().len());
        text += &format!("{:?} {} [{}]", view.kind(), view.len(), elements.join(", "));
    } else {
        text += &format!("{:?}", view.decode::<Value>().unwrap());
    }
    text
}

/// Short elements that are wholly there take a short cut, one that comes in pieces does not.
#[test]
fn the_short_cut_changes_nothing_at_its_borders() {
    let bulk = |len: usize| format!("${len}\r\n{}\r\n", "x".repeat(len));
    let status = |len: usize| format!("+{}\r\n", "x".repeat(len));
    let mut cases: Vec<String> = [0, 9, 10, 99, 100].map(bulk).into();
    cases.extend([0, 31, 32, 33, 34].map(status));
    cases.extend(
        ["$007\r\n", "$00\r\n\r\n", "$1\r\nxy\n", "$3\r\nab\r\n\r\n", "+a\nb\r\n", "+a\rb\r\n"]
            .map(Into::into),
    );
    cases.extend(
        [":0\r\n", ":-0\r\n", ":00\r\n", ":-1\r\n", ":+1\r\n", ":\r\n", ":-\r\n", ":1\r", ":1\n"]
            .map(Into::into),
    );
    cases.extend(
        (17..=20).flat_map(|len| [format!(":{}\r\n", "9".repeat(len)), format!(":-{}\r\n", "9".repeat(len))]),
    );
    cases.extend(["*1\r\n*1\r\n:1\r\n", "*1\r\n*0\r\n", "*2\r\n*-1\r\n*9\r\n:1\r\n"].map(Into::into));
    let limits = [
        Limits::default(),
        Limits::default().bulk(9),
        Limits::default().line(32),
        Limits::default().reply(16),
        Limits::default().elements(2),
        Limits::default().depth(1),
    ];
    for case in &cases {
        for limits in limits {
            feed_all_ways(limits, case.as_bytes());
            feed_all_ways(limits, format!("*2\r\n{case}:5\r\n").as_bytes());
            feed_all_ways(limits, format!("|1\r\n+a\r\n{case}{case}").as_bytes());
        }
    }
}

/// It expects neighbours to be alike: here one of them is not, or only seems to be.
#[test]
fn the_short_cut_is_not_misled_by_neighbours() {
    let elements = [
        "$3\r\nabc\r\n",
        "$3\r\nabcd\r\n",
        "$3\r\nab\r\n",
        "$03\r\nabc\r\n",
        "$4\r\nabcd\r\n",
        "=3\r\nabc\r\n",
        "=5\r\ntxt:x\r\n",
        "!3\r\nabc\r\n",
        ":1234\r\n",
        ":0123\r\n",
        ":12a4\r\n",
        ":123\r\n",
        ":-123\r\n",
        ":12345678\r\n",
        ":123456789\r\n",
        ":1234\r:",
        "*3\r\n:1\r\n:2\r\n:3\r\n",
        "|1\r\n+a\r\n$3\r\nabc\r\n$3\r\nabc\r\n",
        "+OK\r\n",
        "+Ok\r\n",
        "_\r\n",
    ];
    for (first, second) in elements.iter().flat_map(|first| elements.map(|second| (first, second))) {
        let list = format!("{first}{first}{second}{first}{second}");
        feed_all_ways(Limits::default(), list.as_bytes());
        feed_all_ways(Limits::default(), format!("*5\r\n{list}").as_bytes());
        feed_all_ways(Limits::default(), format!("%?\r\n{first}*2\r\n{first}{second}.\r\n").as_bytes());
    }
}

/// As above, where cutting everywhere would take too long.
#[test]
fn the_short_cut_changes_nothing_for_longer_strings() {
    for len in [999, 1_000, 9_999, 10_000, 99_999, 100_000] {
        let bytes = format!("*1\r\n${len}\r\n{}\r\n", "x".repeat(len));
        let whole = feed(Limits::default(), bytes.as_bytes(), []);
        for cut in [5, 8, 9, 10, 11, 12, 13, bytes.len() - 2, bytes.len() - 1] {
            assert_eq!(feed(Limits::default(), bytes.as_bytes(), [cut]), whole, "{len} cut at {cut}");
        }
        let alone = &bytes.as_bytes()[4..];
        assert_eq!(feed(Limits::default(), alone, [1]), feed(Limits::default(), alone, []), "{len}");
    }
}
