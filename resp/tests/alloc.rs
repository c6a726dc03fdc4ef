//! What each step allocates. A binary of its own, because it counts with an allocator of its own.

use std::collections::HashMap;
use std::hint::black_box;

use allocation_counter::{AllocationInfo, measure};
use bytes::BytesMut;
use resp::{Decode, Parser, Reply, ReplyWriter, Request, RequestParser};

/// A parser and a buffer that have worked before, as those of a connection have.
fn warm() -> (Parser, BytesMut) {
    let mut parser = Parser::default();
    let mut buffer = BytesMut::with_capacity(1 << 16);
    buffer.extend_from_slice(format!("*1000\r\n{}", ":1\r\n".repeat(1_000)).as_bytes());
    assert!(parser.parse(&mut buffer).unwrap().is_some());
    (parser, buffer)
}

fn parse(bytes: &[u8]) -> (Reply, u64) {
    let (mut parser, mut buffer) = warm();
    buffer.extend_from_slice(bytes);
    let mut reply = None;
    let count = measure(|| reply = parser.parse(&mut buffer).unwrap()).count_total;
    (reply.unwrap(), count)
}

/// Checks how often parsing and then decoding allocate.
fn check<T: for<'a> Decode<'a>>(bytes: &[u8], parsing: u64, decoding: u64) {
    let (reply, parsed) = parse(bytes);
    let decoded = measure(|| drop(black_box(reply.decode::<T>().unwrap()))).count_total;
    assert_eq!((parsed, decoded), (parsing, decoding), "{}", bytes.escape_ascii());
}

#[test]
fn a_scalar_costs_nothing() {
    check::<i64>(b":12\r\n", 0, 0);
    check::<i64>(b"$2\r\n12\r\n", 0, 0);
    check::<f64>(b",1.5\r\n", 0, 0);
    check::<bool>(b"#t\r\n", 0, 0);
    check::<bool>(b"+OK\r\n", 0, 0);
    check::<()>(b"+OK\r\n", 0, 0);
    check::<Option<String>>(b"$-1\r\n", 0, 0);
    check::<bytes::Bytes>(b"$5\r\nhello\r\n", 0, 0);
    let (reply, parsed) = parse(b"$5\r\nhello\r\n");
    let view = reply.view();
    let lent = measure(|| assert_eq!(black_box(view.decode::<&str>()), Ok("hello")));
    assert_eq!((parsed, lent.count_total), (0, 0));
}

#[test]
fn owned_text_costs_itself() {
    check::<String>(b"$5\r\nhello\r\n", 0, 1);
    check::<String>(b"+OK\r\n", 0, 1);
    check::<Option<String>>(b"$5\r\nhello\r\n", 0, 1);
    check::<Vec<u8>>(b"$5\r\nhello\r\n", 0, 1);
    check::<Box<str>>(b"$5\r\nhello\r\n", 0, 1);
    check::<String>(b":12\r\n", 0, 1);
}

#[test]
fn an_aggregate_costs_its_tape_and_its_own() {
    let list = format!("*100\r\n{}", "$1\r\nx\r\n".repeat(100));
    check::<Vec<String>>(list.as_bytes(), 1, 101);
    check::<[i64; 0]>(b"*0\r\n", 0, 0);
    check::<(i64, i64)>(b"*2\r\n:1\r\n:2\r\n", 1, 0);
    check::<Vec<i64>>(format!("*100\r\n{}", ":1\r\n".repeat(100)).as_bytes(), 1, 1);
    check::<HashMap<i64, i64>>(format!("%100\r\n{}", ":1\r\n:2\r\n".repeat(100)).as_bytes(), 1, 1);
    check::<Vec<(i64, i64)>>(format!("*200\r\n{}", ":1\r\n".repeat(200)).as_bytes(), 1, 1);
    let nested = format!("*50\r\n{}", "*2\r\n$3\r\n1-0\r\n*2\r\n+f\r\n+v\r\n".repeat(50));
    check::<Vec<(bytes::Bytes, [bytes::Bytes; 2])>>(nested.as_bytes(), 1, 51);
    let (reply, _) = parse(list.as_bytes());
    assert_eq!(measure(|| assert_eq!(reply.view().iter().count(), 100)).count_total, 0);
}

#[test]
fn a_small_request_costs_nothing() {
    let count = |info: AllocationInfo| info.count_total;
    let get = measure(|| {
        let mut request = Request::new("GET").key(black_box("user:1000"));
        assert_eq!(request.wire().as_slice().map(<[u8]>::len), Some(28));
    });
    assert_eq!(count(get), 0);
    let set = measure(|| {
        let request =
            Request::new("SET").key("user:1000").arg(black_box("sixteen bytes ..")).arg("EX").arg(60);
        black_box(request);
    });
    assert_eq!(count(set), 0);
    let value = vec![b'x'; 1 << 10];
    let medium = || black_box(Request::new("SET").key("k").arg(black_box(&value)).arg("EX").arg(60));
    drop(medium()); // the thread keeps its memory
    assert_eq!(count(measure(|| drop(medium()))), 0);
    let value = vec![b'x'; 1 << 20];
    let large = measure(|| drop(black_box(Request::new("SET").key("k").arg(&value))));
    assert!(large.bytes_total < 1_000, "{large:?}");
}

#[test]
fn what_a_request_leaves_behind_is_bounded_and_its_own() {
    let value = vec![b'x'; 5_000];
    let text = "y".repeat(300);
    let first = Request::new("SET").key("k").arg(&value);
    let second = Request::new("SET").key("k").arg(&text);
    assert_eq!(first.args_iter().nth(2), Some(&value[..]));
    assert_eq!(second.args_iter().nth(2), Some(text.as_bytes()));
    drop((first, second));
    let third = Request::new("GET").key(&text);
    assert_eq!(third.args_iter().collect::<Vec<_>>(), [b"GET", text.as_bytes()]);
    drop(third);
    let many = vec![text.as_str(); 1_000];
    let info = measure(|| drop(black_box(Request::new("DEL").keys(&many))));
    assert!(info.bytes_current <= 0, "{info:?}");
}

#[test]
fn a_promise_reserves_next_to_nothing() {
    let promises: [&[u8]; 8] = [
        b"*1000000000\r\n",
        b"*134217728\r\n",
        b"%67108864\r\n",
        b"~134217728\r\n",
        b"|60000000\r\n",
        b"$536870912\r\n",
        b"=536870912\r\n",
        b"$?\r\n;536870912\r\n",
    ];
    for bytes in promises {
        let (mut parser, mut buffer) = (Parser::default(), BytesMut::from(bytes));
        let info = measure(|| assert!(!matches!(parser.parse(&mut buffer), Ok(Some(_)))));
        assert!(info.bytes_total < 1_000, "{}: {info:?}", bytes.escape_ascii());
    }
}

#[test]
fn a_server_reads_commands_and_writes_replies_for_nothing() {
    let mut parser = RequestParser::default();
    let mut buffer = BytesMut::with_capacity(1 << 16);
    let mut read = |bytes: &[u8]| {
        buffer.extend_from_slice(bytes);
        measure(|| assert!(black_box(parser.parse(&mut buffer)).unwrap().is_some())).count_total
    };
    read(b"PING\r\n*1\r\n$1\r\na\r\n");
    read(b"*1\r\n$1\r\na\r\n");
    let long = format!("*1001\r\n$3\r\nDEL\r\n{}", "$1\r\nk\r\n".repeat(1_000));
    assert_eq!(read(long.as_bytes()), 0);

    let reply = Reply::from_bytes(&b"%1\r\n+k\r\n*2\r\n:1\r\n,1.5\r\n"[..]).unwrap();
    let mut out = Vec::with_capacity(1 << 10);
    let written = measure(|| {
        ReplyWriter::resp2(&mut out).ok().array(2).integer(-7).double(0.1).view(reply.view());
    });
    assert_eq!(written.count_total, 0);
}

#[cfg(feature = "serde")]
#[test]
fn a_borrowed_struct_costs_nothing() {
    #[derive(serde::Deserialize)]
    struct User<'a> {
        name: &'a str,
        age: u8,
        score: Option<f64>,
    }
    let reply =
        Reply::from_bytes(&b"*4\r\n$4\r\nname\r\n$3\r\nAda\r\n$3\r\nage\r\n$2\r\n36\r\n"[..]).unwrap();
    let read = measure(|| {
        let user: User<'_> = black_box(reply.view()).deserialize().unwrap();
        assert_eq!((user.name, user.age, user.score), ("Ada", 36, None));
    });
    assert_eq!(read.count_total, 0);
}
