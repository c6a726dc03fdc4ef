//! Replies that a server writes: by table, and read back by the parser, in both protocols.

use bytes::BytesMut;
use proptest::collection::vec;
use proptest::prelude::*;
use resp::{Protocol, Reply, ReplyWriter, ServerError, Value};

use crate::arrivals::{check_reply, dump};
use crate::properties::value;
use crate::spelling::{Choices, encode};

const BOTH: [Protocol; 2] = [Protocol::Resp2, Protocol::Resp3];

fn written(protocol: Protocol, write: impl FnOnce(&mut ReplyWriter<'_>)) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut ReplyWriter::new(&mut out, protocol));
    out
}

/// Checks what is written in RESP2 and in RESP3, and that the parser takes it, however it is cut.
fn is(write: impl Fn(&mut ReplyWriter<'_>), resp2: impl AsRef<[u8]>, resp3: impl AsRef<[u8]>) {
    for (protocol, expected) in BOTH.into_iter().zip([resp2.as_ref(), resp3.as_ref()]) {
        let out = written(protocol, &write);
        assert_eq!(out.escape_ascii().to_string(), expected.escape_ascii().to_string(), "{protocol}");
        check_reply(resp::Limits::default(), &out);
        let mut buffer = BytesMut::from(&b"+before\r\n"[..]);
        ReplyWriter::new(&mut buffer, protocol).raw(&out);
        assert_eq!(&buffer[9..], expected);
    }
}

/// Checks a value that is the same in both.
fn same(write: impl Fn(&mut ReplyWriter<'_>), bytes: impl AsRef<[u8]>) {
    is(write, bytes.as_ref(), bytes.as_ref());
}

#[test]
fn what_both_have() {
    same(
        |w| {
            w.simple("PONG");
        },
        "+PONG\r\n",
    );
    same(
        |w| {
            w.ok();
        },
        "+OK\r\n",
    );
    same(
        |w| {
            w.error("ERR no");
        },
        "-ERR no\r\n",
    );
    same(
        |w| {
            w.error(ServerError::new("WRONGTYPE no"));
        },
        "-WRONGTYPE no\r\n",
    );
    same(
        |w| {
            w.integer(i64::MIN);
        },
        ":-9223372036854775808\r\n",
    );
    same(
        |w| {
            w.bulk(b"\0\r\n");
        },
        b"$3\r\n\0\r\n\r\n",
    );
    same(
        |w| {
            w.bulk("");
        },
        "$0\r\n\r\n",
    );
    same(
        |w| {
            w.array(0);
        },
        "*0\r\n",
    );
    same(
        |w| {
            w.array(2).integer(1).array(1).bulk("a");
        },
        "*2\r\n:1\r\n*1\r\n$1\r\na\r\n",
    );
}

#[test]
fn what_only_resp3_has() {
    is(
        |w| {
            w.null();
        },
        "$-1\r\n",
        "_\r\n",
    );
    is(
        |w| {
            w.null_array();
        },
        "*-1\r\n",
        "_\r\n",
    );
    is(
        |w| {
            w.boolean(true);
        },
        ":1\r\n",
        "#t\r\n",
    );
    is(
        |w| {
            w.boolean(false);
        },
        ":0\r\n",
        "#f\r\n",
    );
    is(
        |w| {
            w.double(0.1 + 0.2);
        },
        "$19\r\n0.30000000000000004\r\n",
        ",0.30000000000000004\r\n",
    );
    is(
        |w| {
            w.double(-0.0);
        },
        "$2\r\n-0\r\n",
        ",-0\r\n",
    );
    is(
        |w| {
            w.double(1e300);
        },
        "$5\r\n1e300\r\n",
        ",1e300\r\n",
    );
    is(
        |w| {
            w.double(f64::INFINITY);
        },
        "$3\r\ninf\r\n",
        ",inf\r\n",
    );
    is(
        |w| {
            w.double(-f64::NAN);
        },
        "$3\r\nnan\r\n",
        ",nan\r\n",
    );
    is(
        |w| {
            w.big_number("-12345678901234567890");
        },
        "$21\r\n-12345678901234567890\r\n",
        "(-12345678901234567890\r\n",
    );
    is(
        |w| {
            w.verbatim(*b"mkd", "# a\r\n");
        },
        "$5\r\n# a\r\n\r\n",
        "=9\r\nmkd:# a\r\n\r\n",
    );
    is(
        |w| {
            w.bulk_error("ERR a\r\nb");
        },
        "-ERR a  b\r\n",
        "!8\r\nERR a\r\nb\r\n",
    );
    is(
        |w| {
            w.map(1).simple("k").null();
        },
        "*2\r\n+k\r\n$-1\r\n",
        "%1\r\n+k\r\n_\r\n",
    );
    is(
        |w| {
            w.map(0);
        },
        "*0\r\n",
        "%0\r\n",
    );
    is(
        |w| {
            w.set(1).integer(1);
        },
        "*1\r\n:1\r\n",
        "~1\r\n:1\r\n",
    );
    is(
        |w| {
            w.push(1).bulk("message");
        },
        "*1\r\n$7\r\nmessage\r\n",
        ">1\r\n$7\r\nmessage\r\n",
    );
    is(
        |w| {
            w.array(1)
                .attributes(1, |w| {
                    w.simple("ttl").double(0.5);
                })
                .integer(1);
        },
        "*1\r\n:1\r\n",
        "*1\r\n|1\r\n+ttl\r\n,0.5\r\n:1\r\n",
    );
}

#[test]
fn streams() {
    is(
        |w| {
            w.streamed_string(["ab", "", "c"]);
        },
        "$3\r\nabc\r\n",
        "$?\r\n;2\r\nab\r\n;1\r\nc\r\n;0\r\n",
    );
    is(
        |w| {
            w.streamed_string([""; 0]);
        },
        "$0\r\n\r\n",
        "$?\r\n;0\r\n",
    );
    is(
        |w| {
            w.streamed_array([1, 2], |w, item| {
                w.integer(item);
            });
        },
        "*2\r\n:1\r\n:2\r\n",
        "*?\r\n:1\r\n:2\r\n.\r\n",
    );
    is(
        |w| {
            w.streamed_set([true], |w, item| {
                w.boolean(item);
            });
        },
        "*1\r\n:1\r\n",
        "~?\r\n#t\r\n.\r\n",
    );
    is(
        |w| {
            w.streamed_map([("a", 1), ("b", 2)], |w, (key, item)| {
                w.simple(key).integer(item);
            });
        },
        "*4\r\n+a\r\n:1\r\n+b\r\n:2\r\n",
        "%?\r\n+a\r\n:1\r\n+b\r\n:2\r\n.\r\n",
    );
    is(
        |w| {
            w.streamed_array([1, 2], |w, n| {
                w.streamed_array(0..n, |w, item| {
                    w.integer(item);
                });
            });
        },
        "*2\r\n*1\r\n:0\r\n*2\r\n:0\r\n:1\r\n",
        "*?\r\n*?\r\n:0\r\n.\r\n*?\r\n:0\r\n:1\r\n.\r\n.\r\n",
    );
}

#[test]
fn no_text_breaks_out_of_its_line() {
    same(
        |w| {
            w.simple("a\r\n+b\n");
        },
        "+a  +b \r\n",
    );
    is(
        |w| {
            w.error("ERR a\r\n+OK");
        },
        "-ERR a  +OK\r\n",
        "!10\r\nERR a\r\n+OK\r\n",
    );
    let out = written(Protocol::Resp3, |w| {
        w.big_number("1\r\n:2");
    });
    assert_eq!(out, b"(1  :2\r\n");
    let value = Value::VerbatimString { format: "t\r\nx".into(), text: b"a".into() };
    assert_eq!(
        written(Protocol::Resp3, |w| {
            w.value(&value);
        }),
        b"=5\r\ntxt:a\r\n"
    );
}

/// What a client of RESP2 sees of a value.
fn in_resp2(value: &Value) -> Value {
    let bulk = |text: &str| Value::BulkString(text.as_bytes().to_vec());
    let list = |list: &[Value]| Value::Array(list.iter().map(in_resp2).collect());
    match value {
        Value::Boolean(value) => Value::Integer((*value).into()),
        Value::Double(_) => {
            let text = written(Protocol::Resp3, |w| {
                w.value(value);
            });
            Value::BulkString(text[1..text.len() - 2].to_vec())
        }
        Value::BigNumber(digits) => bulk(digits),
        Value::VerbatimString { text, .. } => Value::BulkString(text.clone()),
        Value::Error(error) => Value::Error(ServerError::new(error.to_string().replace(['\r', '\n'], " "))),
        Value::Array(elements) | Value::Set(elements) | Value::Push(elements) => list(elements),
        Value::Map(pairs) => {
            Value::Array(pairs.iter().flat_map(|(key, value)| [in_resp2(key), in_resp2(value)]).collect())
        }
        other => other.clone(),
    }
}

#[test]
fn views_keep_their_attributes_and_doubles_their_text() {
    let bytes = "|1\r\n+a\r\n%1\r\n:1\r\n|1\r\n+b\r\n+c\r\n#t\r\n*2\r\n|0\r\n,1e2\r\n|1\r\n+d\r\n*1\r\n_\r\n%1\r\n+k\r\n=5\r\ntxt:v\r\n";
    let reply = Reply::from_bytes(bytes).unwrap();
    is(
        |w| {
            w.view(reply.view());
        },
        "*2\r\n$3\r\n1e2\r\n*2\r\n+k\r\n$1\r\nv\r\n",
        bytes,
    );
    let last = reply.view().get(1).unwrap();
    is(
        |w| {
            w.view(last);
        },
        "*2\r\n+k\r\n$1\r\nv\r\n",
        "|1\r\n+d\r\n*1\r\n_\r\n%1\r\n+k\r\n=5\r\ntxt:v\r\n",
    );
    is(
        |w| {
            w.view(last.pairs().next().unwrap().0);
        },
        "+k\r\n",
        "+k\r\n",
    );
}

#[test]
fn streams_are_passed_on_whole() {
    let reply =
        Reply::from_bytes("*?\r\n$?\r\n;1\r\na\r\n;2\r\nbc\r\n;0\r\n|0\r\n%?\r\n.\r\n:1\r\n.\r\n").unwrap();
    is(
        |w| {
            w.view(reply.view());
        },
        "*3\r\n$3\r\nabc\r\n*0\r\n:1\r\n",
        "*3\r\n$3\r\nabc\r\n|0\r\n%0\r\n:1\r\n",
    );
}

#[test]
fn the_deepest_values_fit_on_a_small_stack() {
    let work = || {
        let bytes = [b"%1\r\n+k\r\n".repeat(1_024), b"_\r\n".to_vec()].concat();
        let mut parser = resp::Parser::new(resp::Limits::default().depth(1_024));
        let reply = parser.parse(&mut BytesMut::from(&bytes[..])).unwrap().unwrap();
        assert_eq!(
            written(Protocol::Resp3, |w| {
                w.view(reply.view());
            }),
            bytes
        );
        let value: Value = reply.decode().unwrap();
        assert_eq!(
            written(Protocol::Resp3, |w| {
                w.value(&value);
            }),
            bytes
        );
    };
    std::thread::Builder::new().stack_size(256 << 10).spawn(work).unwrap().join().unwrap();
}

proptest! {
    #[test]
    fn values_survive_both_protocols(value in value()) {
        for protocol in BOTH {
            let reply = Reply::from_bytes(written(protocol, |w| { w.value(&value); })).unwrap();
            let expected = if protocol == Protocol::Resp3 { value.clone() } else { in_resp2(&value) };
            prop_assert_eq!(reply.decode::<Value>().unwrap(), expected);
        }
    }

    #[test]
    fn replies_are_passed_on(value in value(), choices in vec(any::<u8>(), 0..99)) {
        let mut bytes = Vec::new();
        encode(&value, &mut Choices::new(choices), &mut bytes);
        let reply = Reply::from_bytes(bytes).unwrap();
        let new = Reply::from_bytes(written(Protocol::Resp3, |w| { w.view(reply.view()); })).unwrap();
        prop_assert_eq!(new.decode::<Value>().unwrap(), value.clone());
        // What went out once goes out the same again, attributes too.
        let again = written(Protocol::Resp3, |w| { w.view(new.view()); });
        prop_assert_eq!(&again[..], &new.to_bytes()[..]);
        prop_assert_eq!(new.view().attributes().map(|(a, b)| dump(a) + &dump(b)).collect::<Vec<_>>(),
            reply.view().attributes().map(|(a, b)| dump(a) + &dump(b)).collect::<Vec<_>>());
        let old = Reply::from_bytes(written(Protocol::Resp2, |w| { w.view(reply.view()); })).unwrap();
        if !has_double(&value) {
            let expected = written(Protocol::Resp2, |w| {
                w.value(&value);
            });
            prop_assert_eq!(&old.to_bytes()[..], &expected[..]);
        }
    }
}

/// A double goes out as it came in, and not as Rust would write it.
fn has_double(value: &Value) -> bool {
    match value {
        Value::Double(_) => true,
        Value::Array(list) | Value::Set(list) | Value::Push(list) => list.iter().any(has_double),
        Value::Map(pairs) => pairs.iter().any(|(key, value)| has_double(key) || has_double(value)),
        _ => false,
    }
}
