//! Both engines on the tables of `resp`: the same replies, or both fail, however the bytes are cut.
//!
//! The tables (`values`, `malformed`, `limits`) are those of `resp/tests/it`, and call what is here instead of what
//! they call there: first `resp`'s own check, then the same bytes by hiredis, if it is built in. Where the engines
//! may differ, `agreement.rs` says why.

use std::iter::{repeat, repeat_n};

use bytes::BytesMut;
use conn::{Deadline, Engine};
use resp::{Limits, ParseErrorKind as Kind, Reply, Request};

use crate::agreement::{agree, feed, version};
use crate::pure::{self, Outcome};
use crate::scripted::{Peer, Scripted};

/// As in `resp`, by both engines: what `resp` makes of it.
pub(crate) fn feed_all_ways(limits: Limits, bytes: &[u8]) -> Outcome {
    let expected = pure::feed_all_ways(limits, bytes);
    if Engine::Hiredis.is_available() {
        let found = by_hiredis(limits, bytes);
        agree(limits, bytes, &expected, &found);
        if expected.1.is_some() && found.1.is_none() {
            by_hiredis(limits, &[bytes, b"\r\n"].concat());
        }
    }
    expected
}

/// As in `resp`, by both engines, at one go.
pub(crate) fn feed_whole(limits: Limits, bytes: &[u8]) -> Outcome {
    let expected = pure::feed_whole(limits, bytes);
    if Engine::Hiredis.is_available() {
        agree(limits, bytes, &expected, &feed(limits, bytes, []));
    }
    expected
}

/// As in `resp`, by both engines.
pub(crate) fn check_reply(limits: Limits, bytes: &[u8]) -> Reply {
    let four = [bytes, bytes, b"_\r\n", bytes].concat();
    feed_all_ways(limits, &four);
    feed_all_ways(limits, bytes);
    let reply = pure::check_reply(limits, bytes);
    if let Some(other) = whole(limits, bytes) {
        assert_eq!(other.to_string(), reply.to_string());
        assert_eq!(other.to_bytes(), reply.to_bytes());
        assert_eq!(format!("{other:?}"), format!("{reply:?}"), "the tapes");
    }
    reply
}

/// As in `resp`, by both engines.
pub(crate) fn check(bytes: &'static [u8]) -> Reply {
    check_reply(Limits::default(), bytes);
    pure::check(bytes)
}

/// The first reply by hiredis, if it takes it.
fn whole(limits: Limits, bytes: &[u8]) -> Option<Reply> {
    let mut parser = Engine::Hiredis.parser(limits).ok()?;
    parser.parse(&mut BytesMut::from(bytes)).ok()?
}

/// Whole, cut in two everywhere and byte by byte, by hiredis.
fn by_hiredis(limits: Limits, bytes: &[u8]) -> Outcome {
    let whole = feed(limits, bytes, []);
    for cut in 1..bytes.len() {
        assert_eq!(feed(limits, bytes, [cut]), whole, "cut at {cut}: {}", bytes.escape_ascii());
    }
    assert_eq!(feed(limits, bytes, repeat(1)), whole, "byte by byte: {}", bytes.escape_ascii());
    whole
}

#[test]
fn a_missing_engine_is_one_clear_error() {
    let config = conn::Config::tcp("localhost", 1);
    match config.parser(Engine::Hiredis) {
        Ok(config) => assert!(format!("{config:?}").contains("parser: Hiredis")),
        Err(error) => assert_eq!(
            error.to_string(),
            "the parser hiredis is not part of this build: turn on the cargo feature `hiredis`"
        ),
    }
}

/// hiredis tells of a whole piece before anything of it is taken: there must be room for the shortest elements.
#[test]
fn the_shortest_replies_by_the_thousand() {
    let Ok(mut parser) = Engine::Hiredis.parser(Limits::default()) else { return };
    for shortest in ["_\r\n", "+\r\n", "*0\r\n", "$-1\r\n"] {
        let mut buffer = BytesMut::from(shortest.repeat(10_000).as_str());
        for left in (0..10_000).rev() {
            let reply = parser.parse(&mut buffer).unwrap().unwrap();
            assert_eq!(reply.to_bytes(), shortest.as_bytes());
            assert_eq!(buffer.len(), left * shortest.len());
        }
        assert!(parser.parse(&mut buffer).unwrap().is_none());
        assert_eq!(parser.needed(), 0);
    }
}

/// hiredis believes to be in an array already.
#[test]
fn as_deep_as_a_limit_can_be() {
    let limits = Limits::default().depth(usize::MAX);
    let Ok(mut parser) = Engine::Hiredis.parser(limits) else { return };
    let deepest = "*1\r\n".repeat(1_024);
    let mut buffer = BytesMut::from(format!("{deepest}:1\r\n*1\r\n{deepest}").as_str());
    let reply = parser.parse(&mut buffer).unwrap().unwrap();
    assert_eq!(reply.to_bytes().len(), deepest.len() + 4);
    let error = parser.parse(&mut buffer).unwrap_err();
    assert_eq!(error.kind(), Kind::TooDeep { limit: 1_024 });
}

#[test]
fn a_conversation_by_hiredis() {
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        while let Some(request) = peer.request() {
            match request.as_str() {
                "PUSHED" => {
                    peer.say(">1\r\n+one\r\n+OK\r\n>2\r\n+tw");
                    peer.wait(20);
                    peer.say("o\r\n:2\r\n");
                }
                "LARGE" => {
                    peer.say(b"$8000000\r\n");
                    peer.say(vec![b'x'; 8_000_000]);
                    peer.say("\r\n");
                }
                _ => peer.say("!3\r\nERR\r\n"),
            }
        }
    });
    let config = conn::Config::tcp("127.0.0.1", server.port);
    let Ok(config) = config.parser(Engine::Hiredis) else { return };
    let mut connection = conn::Connection::open(&config, Deadline::NEVER).unwrap();
    for _ in 0..2 {
        let reply = connection.call(&mut Request::new("PUSHED"), Deadline::NEVER).unwrap();
        assert_eq!(reply.to_string(), "OK");
    }
    for _ in 0..3 {
        let reply = connection.call(&mut Request::new("LARGE"), Deadline::NEVER).unwrap();
        assert_eq!(reply.view().as_bytes().map(<[u8]>::len), Some(8_000_000));
    }
    assert_eq!(connection.pushes(), 4);
    let error = connection.call(&mut Request::new("WRONG"), Deadline::NEVER).unwrap_err();
    assert!(error.to_string().ends_with("unexpected byte '!' at byte 0 of the reply"), "{error}");
    assert!(!connection.is_clean());
}

/// Each difference, with what hiredis makes of it.
#[test]
fn differences() {
    let refuses = |bytes: &[u8], kind: Kind| {
        if Engine::Hiredis.is_available() {
            let (replies, error) = by_hiredis(Limits::default(), bytes);
            assert_eq!((replies.len(), error.map(|error| error.kind())), (0, Some(kind)));
        }
        assert!(pure::feed_all_ways(Limits::default(), bytes).1.is_none());
    };
    let inside = Kind::Engine("an attribute inside a reply, which hiredis takes for an element");
    refuses(b"!3\r\nERR\r\n", Kind::UnexpectedByte(b'!'));
    refuses(b"$?\r\n;1\r\na\r\n;0\r\n", Kind::Length);
    refuses(b"*?\r\n:1\r\n.\r\n", Kind::Length);
    let inside = if version() < (1, 3, 0) { Kind::UnexpectedByte(b'|') } else { inside };
    refuses(b"*1\r\n|1\r\n+a\r\n+b\r\n:1\r\n", inside);
    refuses(b"|1\r\n+a\r\n|0\r\n+b\r\n:1\r\n", inside);
    refuses(b"(+1\r\n", if version() < (1, 1, 0) { Kind::UnexpectedByte(b'(') } else { Kind::BigNumber });
    if version() >= (1, 1, 0) {
        refuses(b",1e999\r\n", Kind::Double);
        refuses(b",-1e999\r\n", Kind::Double);
        refuses(b",infinity\r\n", Kind::Double);
    }
    if version() >= (1, 5, 0) {
        refuses(b",1e-999\r\n", Kind::Double);
        refuses(b",+1\r\n", Kind::Double);
    }
    refuses(format!(",{}\r\n", "1".repeat(326)).as_bytes(), Kind::Double);
}

/// Found by fuzzing.
#[test]
fn half_a_line_that_is_too_long_already() {
    let limits = Limits::default().line(1);
    let too_long = Some(Kind::LineTooLong { limit: 1 });
    let by = |(replies, error): Outcome| (replies.len(), error.map(|error| error.kind()));
    assert_eq!(by(feed(limits, b"-12", [])), (0, too_long));
    assert_eq!(by(pure::feed(limits, b"-12", [])), (0, None));
    for bytes in [&b"-12\r"[..], b"-12\r\n", b"-123"] {
        assert_eq!(by(feed(limits, bytes, [])), (0, too_long));
        assert_eq!(by(pure::feed(limits, bytes, [])), (0, too_long));
    }
    assert_eq!(by(feed(limits, b"-1\r\n", [])), (1, None));
}

#[test]
fn long_ones_in_pieces() {
    let bulk = |len: usize| format!("${len}\r\n{}\r\n", "x".repeat(len));
    let array = format!("*2000\r\n{}", bulk(13).repeat(2_000));
    let line = format!("+{}\r\n", "y".repeat(100_000));
    let attribute = if version() < (1, 3, 0) { "" } else { "|1\r\n+a\r\n+b\r\n" };
    let stream =
        [&*bulk(3_000_000), &array, ":1\r\n", &line, &bulk(40_000).repeat(3), attribute, &array].concat();
    let expected = pure::feed(Limits::default(), stream.as_bytes(), []);
    assert_eq!((expected.0.len(), expected.1), (8, None));
    if Engine::Hiredis.is_available() {
        for size in [997, 1_448, 16_384, 65_536, stream.len()] {
            let found = feed(Limits::default(), stream.as_bytes(), repeat(size));
            assert!(found == expected, "in pieces of {size}: {} replies, {:?}", found.0.len(), found.1);
        }
    }
}

#[test]
fn what_no_limit_lets_in_waits_for_nothing() {
    if !Engine::Hiredis.is_available() {
        return;
    }
    let limits = Limits::default().line(100).bulk(100).reply(1_000);
    for endless in ["+", "-", "(", ",", ":", "$", "=", "*", "%", "~", ">", "|", "#", "_"] {
        let bytes = [endless.as_bytes(), &b"1".repeat(1_000)].concat();
        let (replies, error) = feed(limits, &bytes, repeat_n(1, 999));
        assert!(replies.is_empty() && error.is_some(), "{endless}");
    }
}
