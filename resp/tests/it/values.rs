//! Every type of RESP2 and RESP3, in every spelling, as a value and as it prints.

use resp::{ServerError, Value};

use crate::arrivals::check;

/// Checks what the bytes mean, however they arrive.
fn is(bytes: &'static [u8], value: Value) {
    assert_eq!(check(bytes).decode::<Value>().unwrap(), value, "{}", bytes.escape_ascii());
}

/// Checks what the reply prints, however its bytes arrive.
fn prints(bytes: &'static [u8], text: &str) {
    assert_eq!(check(bytes).to_string(), text, "{}", bytes.escape_ascii());
}

fn bulk(bytes: &[u8]) -> Value {
    Value::BulkString(bytes.to_vec())
}

fn status(text: &str) -> Value {
    Value::SimpleString(text.to_owned())
}

fn error(text: &str) -> Value {
    Value::Error(ServerError::new(text))
}

fn int(value: i64) -> Value {
    Value::Integer(value)
}

#[test]
fn lines() {
    is(b"+OK\r\n", status("OK"));
    is(b"+\r\n", status(""));
    is("+é\r\n".as_bytes(), status("é"));
    is(b"+\xff\r\n", status("\u{fffd}"));
    is(b"+with : $ * signs\r\n", status("with : $ * signs"));
    is(b"-ERR no\r\n", error("ERR no"));
    is(b"-\r\n", error(""));
    is(
        b"(3492890328409238509324850943850943825024385\r\n",
        big("3492890328409238509324850943850943825024385"),
    );
    is(b"(-1\r\n", big("-1"));
    is(b"(+0\r\n", big("+0"));
    is(b"(007\r\n", big("007"));
}

fn big(digits: &str) -> Value {
    Value::BigNumber(digits.to_owned())
}

#[test]
fn integers_to_the_edges() {
    is(b":0\r\n", int(0));
    is(b":1\r\n", int(1));
    is(b":-1\r\n", int(-1));
    is(b":9223372036854775807\r\n", int(i64::MAX));
    is(b":-9223372036854775808\r\n", int(i64::MIN));
    is(b":1000000000000000000\r\n", int(1_000_000_000_000_000_000));
}

#[test]
fn doubles() {
    is(b",0\r\n", Value::Double(0.0));
    is(b",-0\r\n", Value::Double(-0.0));
    is(b",3.25\r\n", Value::Double(3.25));
    is(b",10\r\n", Value::Double(10.0));
    is(b",1.5e300\r\n", Value::Double(1.5e300));
    is(b",-1E-7\r\n", Value::Double(-1e-7));
    is(b",1e999\r\n", Value::Double(f64::INFINITY));
    is(b",1e-999\r\n", Value::Double(0.0));
    is(b",+1\r\n", Value::Double(1.0));
    is(b",.5\r\n", Value::Double(0.5));
    is(b",1.\r\n", Value::Double(1.0));
    is(b",infinity\r\n", Value::Double(f64::INFINITY));
    is(b",inf\r\n", Value::Double(f64::INFINITY));
    is(b",-inf\r\n", Value::Double(f64::NEG_INFINITY));
    is(b",INF\r\n", Value::Double(f64::INFINITY));
    is(b",0.30000000000000004\r\n", Value::Double(0.1 + 0.2));
    for nan in [&b",nan\r\n"[..], b",-nan\r\n", b",NaN\r\n"] {
        assert!(check(nan).view().as_double().unwrap().is_nan());
    }
    // As the server wrote it, not as Rust would.
    prints(b",1e2\r\n", "(double) 1e2");
}

#[test]
fn small_ones() {
    is(b"#t\r\n", Value::Boolean(true));
    is(b"#f\r\n", Value::Boolean(false));
    for null in [&b"_\r\n"[..], b"$-1\r\n", b"*-1\r\n"] {
        is(null, Value::Null);
        prints(null, "(nil)");
    }
}

#[test]
fn strings() {
    is(b"$0\r\n\r\n", bulk(b""));
    is(b"$5\r\nhello\r\n", bulk(b"hello"));
    is(b"$2\r\n\r\n\r\n", bulk(b"\r\n"));
    is(b"$7\r\n$1\r\na\r\n\r\n", bulk(b"$1\r\na\r\n"));
    is(b"$3\r\n\0\xff\n\r\n", bulk(b"\0\xff\n"));
    is(b"$12\r\nabcdefghijkl\r\n", bulk(b"abcdefghijkl"));
    is(b"!21\r\nSYNTAX invalid syntax\r\n", error("SYNTAX invalid syntax"));
    is(b"!0\r\n\r\n", error(""));
    is(b"!9\r\nERR a\r\nbc\r\n", error("ERR a\r\nbc"));
    let verbatim =
        |format: &str, text: &[u8]| Value::VerbatimString { format: format.into(), text: text.into() };
    is(b"=15\r\ntxt:Some string\r\n", verbatim("txt", b"Some string"));
    is(b"=4\r\nmkd:\r\n", verbatim("mkd", b""));
    prints(b"=10\r\ntxt:a\r\nb:c\r\n", "a\r\nb:c");
}

#[test]
fn streamed_strings() {
    is(b"$?\r\n;0\r\n", bulk(b""));
    is(b"$?\r\n;4\r\nHell\r\n;0\r\n", bulk(b"Hell"));
    is(b"$?\r\n;4\r\nHell\r\n;5\r\no wor\r\n;1\r\nd\r\n;0\r\n", bulk(b"Hello word"));
    is(b"*2\r\n$?\r\n;2\r\n\r\n\r\n;0\r\n:1\r\n", Value::Array(vec![bulk(b"\r\n"), int(1)]));
}

#[test]
fn aggregates() {
    is(b"*0\r\n", Value::Array(vec![]));
    is(b"%0\r\n", Value::Map(vec![]));
    is(b"~0\r\n", Value::Set(vec![]));
    is(b">0\r\n", Value::Push(vec![]));
    is(b"*3\r\n:1\r\n$-1\r\n+x\r\n", Value::Array(vec![int(1), Value::Null, status("x")]));
    is(
        b"%2\r\n+a\r\n:1\r\n+b\r\n*0\r\n",
        Value::Map(vec![(status("a"), int(1)), (status("b"), Value::Array(vec![]))]),
    );
    is(b"~2\r\n:1\r\n:1\r\n", Value::Set(vec![int(1), int(1)]));
    is(b"%2\r\n:1\r\n:2\r\n:1\r\n:3\r\n", Value::Map(vec![(int(1), int(2)), (int(1), int(3))]));
    is(
        b">2\r\n+message\r\n*1\r\n#t\r\n",
        Value::Push(vec![status("message"), Value::Array(vec![Value::Boolean(true)])]),
    );
    is(b"*2\r\n*2\r\n:1\r\n*0\r\n*1\r\n*-1\r\n", {
        let first = Value::Array(vec![int(1), Value::Array(vec![])]);
        Value::Array(vec![first, Value::Array(vec![Value::Null])])
    });
    is(b"%1\r\n*1\r\n:1\r\n%1\r\n_\r\n-E\r\n", {
        Value::Map(vec![(Value::Array(vec![int(1)]), Value::Map(vec![(Value::Null, error("E"))]))])
    });
    prints(b">2\r\n+a\r\n$1\r\nb\r\n", "1) a\n2) \"b\"");
    prints(b">0\r\n", "(empty push)");
}

#[test]
fn streamed_aggregates() {
    is(b"*?\r\n.\r\n", Value::Array(vec![]));
    is(b"*?\r\n:1\r\n*?\r\n:2\r\n.\r\n~?\r\n.\r\n.\r\n", {
        Value::Array(vec![int(1), Value::Array(vec![int(2)]), Value::Set(vec![])])
    });
    is(b"%?\r\n+a\r\n:1\r\n.\r\n", Value::Map(vec![(status("a"), int(1))]));
    is(b"%?\r\n.\r\n", Value::Map(vec![]));
    is(b"~?\r\n$1\r\na\r\n$?\r\n;1\r\nb\r\n;0\r\n.\r\n", Value::Set(vec![bulk(b"a"), bulk(b"b")]));
    is(b"*1\r\n*?\r\n.\r\n", Value::Array(vec![Value::Array(vec![])]));
    is(b">2\r\n*?\r\n:1\r\n.\r\n:2\r\n", Value::Push(vec![Value::Array(vec![int(1)]), int(2)]));
}

#[test]
fn attributes_change_no_value() {
    let list = || Value::Array(vec![int(1), int(2)]);
    is(b"|1\r\n+a\r\n+b\r\n+OK\r\n", status("OK"));
    is(b"|0\r\n:1\r\n", int(1));
    is(b"|1\r\n+a\r\n+b\r\n|0\r\n|2\r\n+c\r\n+d\r\n+e\r\n+f\r\n:1\r\n", int(1));
    is(b"|1\r\n+a\r\n+b\r\n*2\r\n:1\r\n:2\r\n", list());
    is(b"*2\r\n|1\r\n+a\r\n+b\r\n:1\r\n:2\r\n", list());
    is(b"*2\r\n:1\r\n|1\r\n+a\r\n+b\r\n:2\r\n", list());
    is(b"*2\r\n|0\r\n:1\r\n|0\r\n|0\r\n:2\r\n", list());
    is(b"*?\r\n|1\r\n+a\r\n+b\r\n:1\r\n:2\r\n.\r\n", list());
    is(
        b"%1\r\n|1\r\n+a\r\n+b\r\n+k\r\n|1\r\n+c\r\n+d\r\n+v\r\n",
        Value::Map(vec![(status("k"), status("v"))]),
    );
    is(
        b"%?\r\n|1\r\n+a\r\n+b\r\n+k\r\n|1\r\n+c\r\n+d\r\n+v\r\n.\r\n",
        Value::Map(vec![(status("k"), status("v"))]),
    );
    is(b"*1\r\n|1\r\n+a\r\n+b\r\n*0\r\n", Value::Array(vec![Value::Array(vec![])]));
    is(b"|1\r\n+a\r\n*?\r\n|1\r\n+in\r\n+ner\r\n:1\r\n.\r\n:2\r\n", int(2));
    is(b"|1\r\n|1\r\n+x\r\n+y\r\n+a\r\n|1\r\n+x\r\n%1\r\n:1\r\n:2\r\n+b\r\n$2\r\nhi\r\n", bulk(b"hi"));
    is(b"|1\r\n+a\r\n+b\r\n>1\r\n+p\r\n", Value::Push(vec![status("p")]));
    is(b"|1\r\n+a\r\n+b\r\n$?\r\n;1\r\nx\r\n;0\r\n", bulk(b"x"));
    prints(b"|1\r\n+a\r\n+b\r\n%1\r\n+k\r\n|0\r\n:1\r\n", "1# k => (integer) 1");
}
