//! Bytes that are not RESP: what is wrong, and where, the same however they arrive.

use resp::{Limits, ParseError, ParseErrorKind as Kind};

use crate::arrivals::feed_all_ways;

/// Checks the error that the bytes end with.
fn fails(bytes: &[u8], kind: Kind, offset: usize) {
    let (replies, error) = feed_all_ways(Limits::default(), bytes);
    let error: ParseError = error.unwrap_or_else(|| panic!("no error in {}", bytes.escape_ascii()));
    let found = (replies.len(), error.kind(), error.offset());
    assert_eq!(found, (0, kind, offset), "{}", bytes.escape_ascii());
}

/// Checks that the bytes are not wrong yet.
fn waits(bytes: &[u8]) {
    assert_eq!(feed_all_ways(Limits::default(), bytes), (vec![], None), "{}", bytes.escape_ascii());
}

#[test]
fn bytes_that_begin_nothing() {
    let types = b"+-:$_#,(!=*%~|>.";
    for byte in (0..=255).filter(|byte| !types.contains(byte)) {
        fails(&[byte], Kind::UnexpectedByte(byte), 0);
        fails(&[b"*2\r\n:1\r\n", &[byte][..]].concat(), Kind::UnexpectedByte(byte), 8);
    }
    fails(b"\n", Kind::UnexpectedByte(b'\n'), 0);
    fails(b"\r\n", Kind::UnexpectedByte(b'\r'), 0);
    fails(b"HTTP/1.1 400 Bad Request\r\n\r\n", Kind::UnexpectedByte(b'H'), 0);
    fails(b"PING\r\n", Kind::UnexpectedByte(b'P'), 0);
    fails(b";1\r\na\r\n", Kind::UnexpectedByte(b';'), 0);
    fails(b"*?\r\n;0\r\n", Kind::UnexpectedByte(b';'), 4);
    for type_byte in types {
        waits(&[*type_byte]);
    }
}

#[test]
fn integers() {
    fails(b":+5\r\n", Kind::Integer, 1);
    fails(b":01\r\n", Kind::Integer, 1);
    fails(b":00\r\n", Kind::Integer, 1);
    fails(b":-0\r\n", Kind::Integer, 2);
    fails(b":-01\r\n", Kind::Integer, 2);
    fails(b":\r\n", Kind::Integer, 1);
    fails(b":-\r\n", Kind::Integer, 2);
    fails(b":--1\r\n", Kind::Integer, 2);
    fails(b": 1\r\n", Kind::Integer, 1);
    fails(b":1 \r\n", Kind::Integer, 2);
    fails(b":1.5\r\n", Kind::Integer, 2);
    fails(b":1\n", Kind::Integer, 2);
    fails(b":1\rx", Kind::Integer, 3);
    fails(b":9223372036854775808\r\n", Kind::Integer, 1);
    fails(b":-9223372036854775809\r\n", Kind::Integer, 2);
    fails(b":18446744073709551616\r\n", Kind::Integer, 1);
    fails(b":99999999999999999999999999\r\n", Kind::Integer, 1);
    fails(&[b":", &b"0".repeat(10_000)[..1_000]].concat(), Kind::Integer, 1);
    fails(b"*1\r\n:x\r\n", Kind::Integer, 5);
    waits(b":-");
    waits(b":9223372036854775807\r");
}

#[test]
fn lengths() {
    for type_byte in ["$", "!", "=", "*", "%", "~", "|", ">"] {
        let fails = |rest: &str, offset| fails(format!("{type_byte}{rest}").as_bytes(), Kind::Length, offset);
        fails("-2\r\n", 0);
        fails("01\r\n", 1);
        fails("-01\r\n", 2);
        fails("+1\r\n", 1);
        fails("\r\n", 1);
        fails("x\r\n", 1);
        fails("1x\r\n", 2);
        fails("1\n", 2);
        fails("??\r\n", 2);
        fails("1?\r\n", 2);
        fails("9223372036854775808\r\n", 1);
        fails("-9223372036854775808\r\n", 0);
    }
    for no_null in ["!", "=", "%", "~", "|", ">"] {
        fails(format!("{no_null}-1\r\n").as_bytes(), Kind::Length, 0);
    }
    for not_streamed in ["!", "=", "|", ">"] {
        fails(format!("{not_streamed}?\r\n").as_bytes(), Kind::Length, 0);
    }
    fails(b"$?\r\n;-1\r\n", Kind::Length, 4);
    fails(b"$?\r\n;?\r\n", Kind::Length, 4);
    fails(b"$?\r\n;00\r\n", Kind::Length, 5);
}

#[test]
fn payloads_end_with_crlf() {
    for type_byte in ["$", "!", "="] {
        let header = format!("{type_byte}5\r\n");
        for (payload, at) in [("txt:aXY", 9), ("txt:a\n\n", 9), ("txt:a\r\r", 9), ("txt:abc\r\n", 9)] {
            fails(format!("{header}{payload}").as_bytes(), Kind::Crlf, at);
        }
        waits(format!("{header}txt:a\r").as_bytes());
    }
    fails(b"$0\r\n:1\r\n", Kind::Crlf, 4);
    fails(b"*2\r\n$1\r\na\r\n$1\r\nabc", Kind::Crlf, 16);
    fails(b"$?\r\n;1\r\nabc", Kind::Crlf, 9);
}

#[test]
fn lines_end_with_crlf_and_hold_neither() {
    for type_byte in ["+", "-", ",", "("] {
        fails(format!("{type_byte}1\n").as_bytes(), Kind::Crlf, 2);
        fails(format!("{type_byte}1\r\r\n").as_bytes(), Kind::Crlf, 3);
        fails(format!("{type_byte}1\rx\r\n").as_bytes(), Kind::Crlf, 3);
        fails(format!("*2\r\n:1\r\n{type_byte}\n").as_bytes(), Kind::Crlf, 9);
        waits(format!("{type_byte}1\r").as_bytes());
    }
}

#[test]
fn scalars_with_other_content() {
    for wrong in ["", " 1", "1 ", "1,5", "0x10", "1e", "e5", ".", "-", "in", "nano", "--1", "1_0", "é"] {
        fails(format!(",{wrong}\r\n").as_bytes(), Kind::Double, 0);
    }
    fails(format!(",{}\r\n", "1".repeat(4_096)).as_bytes(), Kind::Double, 0);
    for wrong in ["", "-", "+", "12a", "1.0", "--1", " 1", "1e5", "\u{661}"] {
        fails(format!("({wrong}\r\n").as_bytes(), Kind::BigNumber, 0);
    }
    fails(b"#x\r\n", Kind::Boolean, 1);
    fails(b"#T\r\n", Kind::Boolean, 1);
    fails(b"#F\r\n", Kind::Boolean, 1);
    fails(b"#\r\n", Kind::Boolean, 1);
    fails(b"#true\r\n", Kind::Boolean, 2);
    fails(b"#t\n", Kind::Boolean, 2);
    fails(b"_x\r\n", Kind::Null, 1);
    fails(b"_\n", Kind::Null, 1);
    fails(b"_\rx", Kind::Null, 2);
}

#[test]
fn verbatim_strings_without_a_format() {
    fails(b"=0\r\n\r\n", Kind::Verbatim, 4);
    fails(b"=3\r\ntxt\r\n", Kind::Verbatim, 4);
    fails(b"=1\r\n:\r\n::", Kind::Verbatim, 4);
    fails(b"=4\r\ntext\r\n", Kind::Verbatim, 4);
    fails(b"=8\r\ntextonly\r\n", Kind::Verbatim, 4);
}

#[test]
fn streams_that_end_wrongly() {
    fails(b".\r\n", Kind::StreamEnd, 0);
    fails(b".x", Kind::StreamEnd, 1);
    fails(b"*1\r\n.\r\n", Kind::StreamEnd, 4);
    fails(b"*?\r\n*1\r\n.\r\n", Kind::StreamEnd, 8);
    fails(b"*?\r\n.\n", Kind::StreamEnd, 5);
    // A key without a value.
    fails(b"%?\r\n+k\r\n.\r\n", Kind::StreamEnd, 8);
    fails(b"%?\r\n+k\r\n:1\r\n+k\r\n.\r\n", Kind::StreamEnd, 16);
    // An attribute that speaks of nothing.
    fails(b"*?\r\n|1\r\n+a\r\n+b\r\n.\r\n", Kind::StreamEnd, 16);
    fails(b"*?\r\n:1\r\n|0\r\n.\r\n", Kind::StreamEnd, 12);
    fails(b"*?\r\n|0\r\n|1\r\n+a\r\n+b\r\n.\r\n", Kind::StreamEnd, 20);
    fails(b"%?\r\n+k\r\n|0\r\n.\r\n", Kind::StreamEnd, 12);
    // A streamed string holds chunks only.
    fails(b"$?\r\n.\r\n", Kind::UnexpectedByte(b'.'), 4);
    fails(b"$?\r\n$1\r\na\r\n", Kind::UnexpectedByte(b'$'), 4);
    fails(b"$?\r\n|0\r\n", Kind::UnexpectedByte(b'|'), 4);
    fails(b"$?\r\n;1\r\na\r\n+x\r\n", Kind::UnexpectedByte(b'+'), 11);
}

#[test]
fn pushes_inside() {
    fails(b"*1\r\n>1\r\n", Kind::NestedPush, 4);
    fails(b"%1\r\n+k\r\n>1\r\n", Kind::NestedPush, 8);
    fails(b"*?\r\n>1\r\n", Kind::NestedPush, 4);
    fails(b">1\r\n>1\r\n", Kind::NestedPush, 4);
    fails(b"|1\r\n+a\r\n>1\r\n", Kind::NestedPush, 8);
    fails(b"*2\r\n:1\r\n|0\r\n>1\r\n", Kind::NestedPush, 12);
}

#[test]
fn errors_say_what_and_where() {
    let text = |bytes: &[u8]| feed_all_ways(Limits::default(), bytes).1.unwrap().to_string();
    assert_eq!(text(b"*1\r\n\x07"), "unexpected byte '\\x07' at byte 4 of the reply");
    assert_eq!(text(b":x"), "malformed integer at byte 1 of the reply");
    assert_eq!(text(b"$1\r\nabc"), "missing CRLF at byte 5 of the reply");
    assert_eq!(text(b"$536870913\r\n"), "a string longer than 536870912 bytes at byte 0 of the reply");
}

#[test]
fn replies_before_the_error_come_out() {
    let (replies, error) = feed_all_ways(Limits::default(), b"+a\r\n:1\r\n+OK\nx");
    assert_eq!(replies, ["SimpleString(\"a\")", "Integer(1)"]);
    assert_eq!(error.map(|error| (error.kind(), error.offset())), Some((Kind::Crlf, 3)));
}
