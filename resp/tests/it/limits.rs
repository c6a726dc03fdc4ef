//! Each limit: what just fits, what just does not, the same however the bytes arrive.

use bytes::BytesMut;
use resp::{Limits, ParseErrorKind as Kind, Parser};

use crate::arrivals::{check_reply, feed_all_ways};

fn fits(limits: Limits, bytes: &[u8]) {
    check_reply(limits, bytes);
}

fn exceeds(limits: Limits, bytes: &[u8], kind: Kind, offset: usize) {
    let (replies, error) = feed_all_ways(limits, bytes);
    let found = (replies.len(), error.map(|error| (error.kind(), error.offset())));
    assert_eq!(found, (0, Some((kind, offset))), "{}", bytes.escape_ascii());
}

#[test]
fn depth() {
    let limits = Limits::default().depth(2);
    let kind = Kind::TooDeep { limit: 2 };
    fits(limits, b"*1\r\n*1\r\n:1\r\n");
    fits(limits, b"*2\r\n*0\r\n$?\r\n;0\r\n");
    fits(limits, b"*1\r\n|1\r\n+a\r\n+b\r\n:1\r\n");
    fits(limits, b"%1\r\n~?\r\n.\r\n%1\r\n:1\r\n:2\r\n");
    for third in ["*1\r\n", "*0\r\n", "%0\r\n", "~1\r\n", "*?\r\n", "$?\r\n", "|0\r\n", "|1\r\n"] {
        exceeds(limits, format!("*1\r\n*1\r\n{third}").as_bytes(), kind, 8);
    }
    exceeds(limits, b"|1\r\n+a\r\n*1\r\n*1\r\n", kind, 12);
    exceeds(Limits::default().depth(0), b"*1\r\n*1\r\n", Kind::TooDeep { limit: 1 }, 4);
    exceeds(Limits::default(), &b"*1\r\n".repeat(129), Kind::TooDeep { limit: 128 }, 512);
    fits(Limits::default(), &[b"*1\r\n".repeat(128), b"_\r\n".to_vec()].concat());
}

#[test]
fn bulk_length() {
    let limits = Limits::default().bulk(5);
    let kind = Kind::BulkTooLong { limit: 5 };
    fits(limits, b"$5\r\nhello\r\n");
    fits(limits, b"*1\r\n$5\r\nhello\r\n");
    fits(limits, b"$?\r\n;5\r\nhello\r\n;5\r\nhello\r\n;0\r\n");
    exceeds(limits, b"$6\r\n", kind, 0);
    exceeds(limits, b"!6\r\n", kind, 0);
    exceeds(limits, b"=6\r\n", kind, 0);
    exceeds(limits, b"*1\r\n$6\r\nhellos\r\n", kind, 4);
    exceeds(limits, b"$?\r\n;6\r\n", kind, 4);
    exceeds(limits, b"$9223372036854775807\r\n", kind, 0);
    exceeds(Limits::default(), b"$536870913\r\n", Kind::BulkTooLong { limit: 536_870_912 }, 0);
}

#[test]
fn elements() {
    let limits = Limits::default().elements(4);
    let kind = Kind::TooManyElements { limit: 4 };
    fits(limits, b"*4\r\n:1\r\n:2\r\n:3\r\n:4\r\n");
    fits(limits, b"*2\r\n*2\r\n:1\r\n:2\r\n:3\r\n");
    fits(limits, b"*?\r\n:1\r\n:2\r\n:3\r\n:4\r\n.\r\n");
    fits(limits, b"%2\r\n:1\r\n:2\r\n:3\r\n:4\r\n");
    fits(limits, b"|1\r\n+a\r\n+b\r\n$?\r\n;1\r\nx\r\n;0\r\n");
    exceeds(limits, b"*5\r\n", kind, 0);
    exceeds(limits, b"%3\r\n", kind, 0);
    exceeds(limits, b"*9223372036854775807\r\n", kind, 0);
    exceeds(limits, b"%9223372036854775807\r\n", kind, 0);
    // What is still to come in the outer one counts.
    exceeds(limits, b"*3\r\n*2\r\n", kind, 4);
    exceeds(limits, b"*2\r\n*1\r\n*1\r\n*1\r\n", kind, 12);
    exceeds(limits, b"*?\r\n:1\r\n:2\r\n:3\r\n:4\r\n:5\r\n", kind, 24);
    exceeds(limits, b"$?\r\n;1\r\na\r\n;1\r\na\r\n;1\r\na\r\n;1\r\na\r\n;1\r\na\r\n", kind, 39);
    // Attributes alone fill no memory either.
    exceeds(limits, &b"|0\r\n".repeat(5), kind, 16);
    exceeds(limits, b"|1\r\n+a\r\n+b\r\n|1\r\n", kind, 12);
    exceeds(Limits::default(), b"*134217729\r\n", Kind::TooManyElements { limit: 134_217_728 }, 0);
}

#[test]
fn each_reply_counts_from_nothing() {
    let mut parser = Parser::new(Limits::default().elements(2).reply(12));
    let mut buffer = BytesMut::from(&b"*2\r\n:1\r\n:2\r\n".repeat(3)[..]);
    for _ in 0..3 {
        assert!(parser.parse(&mut buffer).unwrap().is_some());
    }
    assert!(parser.parse(&mut buffer).unwrap().is_none() && parser.is_idle());
}

#[test]
fn line_length() {
    let limits = Limits::default().line(5);
    let kind = Kind::LineTooLong { limit: 5 };
    for type_byte in ["+", "-", "(", ","] {
        fits(limits, format!("{type_byte}12345\r\n").as_bytes());
        exceeds(limits, format!("{type_byte}123456\r\n").as_bytes(), kind, 0);
        exceeds(limits, format!("*1\r\n{type_byte}12345678").as_bytes(), kind, 4);
    }
    fits(limits, b":1234567\r\n");
    exceeds(Limits::default().line(0), b"+a\r\n", Kind::LineTooLong { limit: 0 }, 0);
    fits(Limits::default().line(0), b"+\r\n");
}

#[test]
fn reply_length() {
    let limits = Limits::default().reply(12);
    let kind = Kind::ReplyTooLong { limit: 12 };
    for bytes in
        ["*2\r\n:1\r\n:2\r\n", "+123456789\r\n", "$6\r\nabcdef\r\n", "*1\r\n_\r\n", "*?\r\n:1\r\n.\r\n"]
    {
        fits(limits, bytes.as_bytes());
    }
    exceeds(limits, b"*2\r\n:1\r\n:22\r\n", kind, 8);
    exceeds(limits, b"*3\r\n:1\r\n:2\r\n_\r\n", kind, 12);
    exceeds(limits, b"*3\r\n:1\r\n+a\r\n+b\r\n", kind, 12);
    exceeds(limits, b"+1234567890\r\n", kind, 0);
    exceeds(limits, b"*1\r\n+123456\r\n", kind, 4);
    exceeds(limits, b"$7\r\n", kind, 0);
    exceeds(limits, b"*1\r\n$3\r\n", kind, 4);
    exceeds(limits, b"*?\r\n:1\r\n#t\r\n.\r\n", kind, 12);
    exceeds(limits, b"*?\r\n:1\r\n:2\r\n.\r\n", kind, 12);
    exceeds(limits, b"|0\r\n|0\r\n|0\r\n|0\r\n", kind, 12);
    // Whichever limit of the two a line meets first.
    exceeds(limits.line(20), b"*1\r\n+12345678901234567890123\r\n", kind, 4);
    exceeds(limits.line(3), b"*1\r\n+12345678901234567890123\r\n", Kind::LineTooLong { limit: 3 }, 4);
    exceeds(Limits::default().reply(0), b"+\r\n", Kind::ReplyTooLong { limit: 0 }, 0);
    exceeds(Limits::default().reply(2), b"_\r\n", Kind::ReplyTooLong { limit: 2 }, 0);
}
