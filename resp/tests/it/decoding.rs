//! Replies as the caller's types: the table at the head of `decode.rs`, and the words of each refusal.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::fmt::Debug;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use resp::{DecodeError, DecodeOwned, Millis, Reply, Seconds, ServerError, Value};

fn decode<T: DecodeOwned>(bytes: &'static str) -> Result<T, DecodeError> {
    Reply::from_bytes(bytes).unwrap_or_else(|error| panic!("{error}: {bytes:?}")).decode()
}

/// Checks that each of the spellings means `value`.
fn is<T: DecodeOwned + PartialEq + Debug>(value: T, spellings: &[&'static str]) {
    for bytes in spellings {
        assert_eq!(decode::<T>(bytes).as_ref(), Ok(&value), "{bytes:?}");
    }
}

/// Checks the words of a refusal.
fn refuses<T: DecodeOwned + Debug>(bytes: &'static str, message: &str) {
    assert_eq!(decode::<T>(bytes).unwrap_err().to_string(), message, "{bytes:?}");
}

#[test]
fn integers() {
    let spellings = [
        ":100\r\n",
        "$3\r\n100\r\n",
        "+100\r\n",
        "(100\r\n",
        "=7\r\ntxt:100\r\n",
        "$?\r\n;1\r\n1\r\n;2\r\n00\r\n;0\r\n",
    ];
    is(100_i8, &spellings);
    is(100_i16, &spellings);
    is(100_i32, &spellings);
    is(100_i64, &spellings);
    is(100_i128, &spellings);
    is(100_isize, &spellings);
    is(100_u8, &spellings);
    is(100_u16, &spellings);
    is(100_u32, &spellings);
    is(100_u64, &spellings);
    is(100_u128, &spellings);
    is(100_usize, &spellings);
    is(-1_i8, &[":-1\r\n", "$2\r\n-1\r\n"]);
    is(u64::MAX, &["$20\r\n18446744073709551615\r\n", "(18446744073709551615\r\n"]);
    is(i128::MIN, &["(-170141183460469231731687303715884105728\r\n"]);
}

#[test]
fn integers_at_the_edges_of_each_width() {
    fn edges<T: DecodeOwned + Debug + PartialEq + TryFrom<i128>>(least: i128, most: i128) {
        for value in [least, most] {
            let expected = T::try_from(value).ok();
            let digits = value.to_string();
            for bytes in [
                format!(":{value}\r\n"),
                format!("${}\r\n{value}\r\n", digits.len()),
                format!("({value}\r\n"),
            ] {
                if bytes.starts_with(':') && i64::try_from(value).is_err() {
                    continue;
                }
                assert_eq!(Reply::from_bytes(bytes).unwrap().decode::<T>().ok(), expected);
            }
        }
        for value in [least - 1, most + 1] {
            let digits = value.to_string();
            let cases = [
                (format!(":{value}\r\n"), "an integer"),
                (format!("${}\r\n{value}\r\n", digits.len()), "a bulk string"),
                (format!("({value}\r\n"), "a big number"),
            ];
            for (bytes, found) in cases {
                if bytes.starts_with(':') && i64::try_from(value).is_err() {
                    continue;
                }
                let error = Reply::from_bytes(bytes).unwrap().decode::<T>().unwrap_err();
                assert_eq!(
                    error.to_string(),
                    format!("expected an integer, found {found} that is out of range")
                );
            }
        }
    }
    edges::<i8>(i8::MIN.into(), i8::MAX.into());
    edges::<i16>(i16::MIN.into(), i16::MAX.into());
    edges::<i32>(i32::MIN.into(), i32::MAX.into());
    edges::<i64>(i64::MIN.into(), i64::MAX.into());
    edges::<isize>(isize::MIN as i128, isize::MAX as i128);
    edges::<u8>(0, u8::MAX.into());
    edges::<u16>(0, u16::MAX.into());
    edges::<u32>(0, u32::MAX.into());
    edges::<u64>(0, u64::MAX.into());
    edges::<usize>(0, usize::MAX as i128);
    refuses::<u128>(":-1\r\n", "expected an integer, found an integer that is out of range");
}

#[test]
fn what_is_no_integer() {
    refuses::<i64>("$3\r\nabc\r\n", "expected an integer, found a bulk string that is not a number");
    refuses::<i64>("$0\r\n\r\n", "expected an integer, found a bulk string that is not a number");
    refuses::<i64>("$1\r\n-\r\n", "expected an integer, found a bulk string that is not a number");
    refuses::<i64>("$3\r\n1.5\r\n", "expected an integer, found a bulk string that is not a number");
    refuses::<u8>("+1 \r\n", "expected an integer, found a simple string that is not a number");
    refuses::<i64>(",1\r\n", "expected an integer, found a double");
    refuses::<i64>("#t\r\n", "expected an integer, found a boolean");
    refuses::<i64>("_\r\n", "expected an integer, found null");
    refuses::<i64>("*-1\r\n", "expected an integer, found null");
    refuses::<i64>("*1\r\n:1\r\n", "expected an integer, found an array");
    refuses::<i64>("-ERR no\r\n", "expected an integer, found the error ERR no");
    refuses::<i64>("!6\r\nERR no\r\n", "expected an integer, found the error ERR no");
    let not_utf8 = Reply::from_bytes(&b"$1\r\n\xff\r\n"[..]).unwrap().decode::<i64>().unwrap_err();
    assert_eq!(not_utf8.to_string(), "expected an integer, found a bulk string that is not a number");
}

#[test]
fn floats() {
    is(
        3.25_f64,
        &[
            ",3.25\r\n",
            "$4\r\n3.25\r\n",
            "+3.25\r\n",
            "=8\r\ntxt:3.25\r\n",
            "$?\r\n;2\r\n3.\r\n;2\r\n25\r\n;0\r\n",
        ],
    );
    is(3.25_f32, &[",3.25\r\n", "$4\r\n3.25\r\n"]);
    is(-7.0_f64, &[":-7\r\n", ",-7\r\n", "$2\r\n-7\r\n", "(-7\r\n"]);
    is(f64::INFINITY, &[",inf\r\n", "$3\r\ninf\r\n", "$4\r\n+inf\r\n"]);
    is(f32::NEG_INFINITY, &[",-inf\r\n", "$4\r\n-inf\r\n", ",-1e300\r\n"]);
    assert!(decode::<f64>(",nan\r\n").unwrap().is_nan() && decode::<f64>("$3\r\nnan\r\n").unwrap().is_nan());
    refuses::<f64>("$1\r\nx\r\n", "expected a number, found a bulk string that is not a number");
    refuses::<f64>("-ERR no\r\n", "expected a number, found the error ERR no");
    refuses::<f32>("_\r\n", "expected a number, found null");
    refuses::<f64>("#t\r\n", "expected a number, found a boolean");
}

#[test]
fn booleans_and_statuses() {
    is(true, &["#t\r\n", ":1\r\n", ":-2\r\n", "+OK\r\n", "$1\r\n1\r\n"]);
    is(false, &["#f\r\n", ":0\r\n", "$1\r\n0\r\n"]);
    is((), &["+OK\r\n", "+QUEUED\r\n", "+\r\n"]);
    refuses::<bool>("+PONG\r\n", "expected a boolean, found a simple string");
    refuses::<bool>("$2\r\nOK\r\n", "expected a boolean, found a bulk string");
    refuses::<bool>("_\r\n", "expected a boolean, found null");
    refuses::<bool>("-ERR no\r\n", "expected a boolean, found the error ERR no");
    refuses::<()>(":1\r\n", "expected a status, found an integer");
    refuses::<()>("_\r\n", "expected a status, found null");
    refuses::<()>("-ERR no\r\n", "expected a status, found the error ERR no");
}

#[test]
fn text_and_bytes() {
    let spellings = [
        "$3\r\n1.5\r\n",
        "+1.5\r\n",
        ",1.5\r\n",
        "=7\r\nmkd:1.5\r\n",
        "$?\r\n;3\r\n1.5\r\n;0\r\n",
        "$?\r\n;1\r\n1\r\n;2\r\n.5\r\n;0\r\n",
    ];
    is("1.5".to_owned(), &spellings);
    is(Box::<str>::from("1.5"), &spellings);
    is(Rc::<str>::from("1.5"), &spellings);
    is(Arc::<str>::from("1.5"), &spellings);
    is(b"1.5".to_vec(), &spellings);
    is(Box::<[u8]>::from(&b"1.5"[..]), &spellings);
    is(*b"1.5", &spellings);
    is(Bytes::from_static(b"1.5"), &spellings);
    is("-7".to_owned(), &[":-7\r\n", "(-7\r\n"]);
    is(b"-7".to_vec(), &[":-7\r\n"]);
    is(Bytes::from_static(b"-7"), &[":-7\r\n"]);
    is(String::new(), &["$0\r\n\r\n", "+\r\n", "$?\r\n;0\r\n"]);
    is(vec![1_u8, 255], &["*2\r\n:1\r\n:255\r\n", "~2\r\n:1\r\n$3\r\n255\r\n"]);
    refuses::<String>("_\r\n", "expected text, found null");
    refuses::<String>("#t\r\n", "expected text, found a boolean");
    refuses::<String>("*0\r\n", "expected text, found an array");
    refuses::<String>("-ERR no\r\n", "expected text, found the error ERR no");
    refuses::<Vec<u8>>("$-1\r\n", "expected bytes, found null");
    refuses::<Vec<u8>>("!6\r\nERR no\r\n", "expected bytes, found the error ERR no");
    refuses::<Bytes>("-ERR no\r\n", "expected bytes, found the error ERR no");
    refuses::<Bytes>("%0\r\n", "expected bytes, found a map");
    refuses::<Vec<u8>>(
        "*2\r\n:1\r\n:256\r\n",
        "element 1: expected an integer, found an integer that is out of range",
    );
    refuses::<[u8; 2]>(
        "$3\r\nabc\r\n",
        "expected as many bytes as the array holds, found a bulk string of another length",
    );
    let latin = Reply::from_bytes(&b"$1\r\n\xe9\r\n"[..]).unwrap();
    assert_eq!(latin.decode::<Vec<u8>>().unwrap(), b"\xe9");
    for error in [latin.decode::<String>().unwrap_err(), latin.view().decode::<&str>().unwrap_err()] {
        assert_eq!(error.to_string(), "expected text, found a bulk string that is not UTF-8");
    }
}

#[test]
fn borrowed_text_lies_in_the_reply() {
    let reply =
        Reply::from_bytes(&b"*3\r\n$5\r\nhello\r\n:12\r\n$?\r\n;1\r\na\r\n;1\r\nb\r\n;0\r\n"[..]).unwrap();
    let place = reply.to_bytes()[8..].as_ptr();
    let [hello, number, chunks] = [0, 1, 2].map(|index| reply.view().get(index).unwrap());
    assert_eq!(hello.decode::<&str>().unwrap().as_ptr(), place);
    assert_eq!(hello.decode::<&[u8]>().unwrap().as_ptr(), place);
    assert_eq!(hello.decode::<Bytes>().unwrap().as_ptr(), place);
    assert!(matches!(hello.decode(), Ok(Cow::Borrowed("hello"))));
    assert!(matches!(hello.decode::<Cow<'_, [u8]>>(), Ok(Cow::Borrowed(b"hello"))));
    assert_eq!(hello.decode::<Vec<u8>>().unwrap(), b"hello");
    let text: Cow<'_, str> = number.decode().unwrap();
    assert_eq!(text, "12");
    assert_eq!(
        number.decode::<&str>().unwrap_err().to_string(),
        "expected bytes to borrow, found an integer"
    );
    assert_eq!(chunks.decode::<Cow<'_, str>>().unwrap(), "ab");
    assert_eq!(
        chunks.decode::<&str>().unwrap_err().to_string(),
        "expected bytes to borrow, found a streamed string in several chunks"
    );
    let pairs = Reply::from_bytes(&b"%1\r\n+k\r\n$1\r\nv\r\n"[..]).unwrap();
    assert_eq!(pairs.view().decode::<HashMap<&str, &str>>().unwrap(), HashMap::from([("k", "v")]));
    let error = Reply::from_bytes(&b"-ERR no\r\n"[..]).unwrap();
    assert_eq!(
        error.view().decode::<&[u8]>().unwrap_err().to_string(),
        "expected bytes to borrow, found the error ERR no"
    );
}

#[test]
fn nothing_and_something() {
    is(None::<String>, &["_\r\n", "$-1\r\n", "*-1\r\n"]);
    is(Some("a".to_owned()), &["+a\r\n", "$1\r\na\r\n"]);
    is(None::<Vec<i64>>, &["*-1\r\n"]);
    is(Some(Vec::<i64>::new()), &["*0\r\n"]);
    is(vec![Some(1), None, None, Some(2)], &["*4\r\n:1\r\n_\r\n$-1\r\n$1\r\n2\r\n"]);
    is(Box::new(7_i64), &[":7\r\n"]);
    is(Some(Box::new(Some(7_i64))), &[":7\r\n"]);
    refuses::<Option<i64>>("+x\r\n", "expected an integer, found a simple string that is not a number");
}

#[test]
fn lists() {
    let spellings = [
        "*3\r\n:1\r\n:2\r\n:2\r\n",
        "~3\r\n:1\r\n$1\r\n2\r\n:2\r\n",
        ">3\r\n+1\r\n+2\r\n+2\r\n",
        "*?\r\n:1\r\n:2\r\n:2\r\n.\r\n",
    ];
    is(vec![1, 2, 2], &spellings);
    is(Box::<[i64]>::from([1, 2, 2]), &spellings);
    is(VecDeque::from([1, 2, 2]), &spellings);
    is(HashSet::<i64>::from([1, 2]), &spellings);
    is(BTreeSet::from([1, 2]), &spellings);
    is([1, 2, 2], &spellings);
    is((1, "2".to_owned(), 2.0), &spellings);
    is(Vec::<i64>::new(), &["*0\r\n", "~0\r\n", "*?\r\n.\r\n"]);
    is([0_i64; 0], &["*0\r\n"]);
    is(vec![vec![1], vec![]], &["*2\r\n*1\r\n:1\r\n*0\r\n"]);
    refuses::<Vec<i64>>("_\r\n", "expected a list, found null");
    refuses::<Vec<i64>>("%1\r\n:1\r\n:2\r\n", "expected a list, found a map");
    refuses::<HashSet<i64>>("$1\r\na\r\n", "expected a list, found a bulk string");
    refuses::<Vec<i64>>("-WRONGTYPE x\r\n", "expected a list, found the error WRONGTYPE x");
    refuses::<[i64; 2]>(
        "*3\r\n:1\r\n:2\r\n:3\r\n",
        "expected as many elements as the array holds, found 3 elements",
    );
    refuses::<(i64, i64)>("*3\r\n:1\r\n:2\r\n:3\r\n", "expected a list of 2, found 3 elements");
    refuses::<(i64,)>("*0\r\n", "expected a list of 1, found 0 elements");
    refuses::<(i64, i64, i64)>(":1\r\n", "expected a list of 3, found an integer");
}

/// A list of text is looked at as a whole where that is possible.
#[test]
fn lists_of_text() {
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>();
    is(
        texts(&["ä", "", "b"]),
        &["*3\r\n$2\r\nä\r\n$0\r\n\r\n$1\r\nb\r\n", "~3\r\n$2\r\nä\r\n+\r\n$1\r\nb\r\n"],
    );
    is(texts(&["a", "7", "b"]), &["*3\r\n$1\r\na\r\n:7\r\n$1\r\nb\r\n", "*3\r\n+a\r\n(7\r\n=5\r\ntxt:b\r\n"]);
    is(texts(&["a", "bc", "d"]), &["*3\r\n$1\r\na\r\n$?\r\n;1\r\nb\r\n;1\r\nc\r\n;0\r\n$1\r\nd\r\n"]);
    is(texts(&["a", "b"]), &["*2\r\n|1\r\n$1\r\nx\r\n:1\r\n$1\r\na\r\n|1\r\n$1\r\ny\r\n:1\r\n$1\r\nb\r\n"]);
    is(texts(&[]), &["*0\r\n", "~0\r\n"]);
    let lent = Reply::from_bytes("*2\r\n$2\r\nä\r\n$1\r\nb\r\n").unwrap();
    assert_eq!(lent.view().decode::<Vec<&str>>().unwrap(), ["ä", "b"]);

    for (bytes, why) in [
        (
            &b"*3\r\n$1\r\na\r\n$1\r\n\xff\r\n$1\r\nb\r\n"[..],
            "element 1: expected text, found a bulk string that is not UTF-8",
        ),
        (b"*3\r\n$1\r\na\r\n$-1\r\n$1\r\nb\r\n", "element 1: expected text, found null"),
        (b"*3\r\n$1\r\na\r\n*1\r\n$1\r\nx\r\n$1\r\nb\r\n", "element 1: expected text, found an array"),
        (b"%1\r\n$1\r\na\r\n$1\r\nb\r\n", "expected a list, found a map"),
    ] {
        let reply = Reply::from_bytes(bytes).unwrap();
        assert_eq!(reply.decode::<Vec<String>>().unwrap_err().to_string(), why);
    }
}

#[test]
fn tuples_of_every_length() {
    is((1,), &["*1\r\n:1\r\n"]);
    is((1, 2, 3, 4), &["*4\r\n:1\r\n:2\r\n:3\r\n:4\r\n"]);
    let twelve = "*12\r\n:1\r\n:2\r\n:3\r\n:4\r\n:5\r\n:6\r\n:7\r\n:8\r\n:9\r\n:10\r\n:11\r\n:12\r\n";
    is((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), &[twelve]);
    refuses::<(i64, i64, i64, i64, i64, i64, i64)>(twelve, "expected a list of 7, found 12 elements");
}

#[test]
fn the_path_leads_to_what_is_wrong() {
    let stream = "*1\r\n*2\r\n$3\r\n1-0\r\n*4\r\n+a\r\n+1\r\n+b\r\n+x\r\n";
    refuses::<Vec<(String, BTreeMap<String, i64>)>>(
        stream,
        "value of pair 0, value of pair 1: expected an integer, found a simple string that is not a number",
    );
    refuses::<Vec<Vec<i64>>>(
        "*2\r\n*0\r\n*2\r\n:1\r\n_\r\n",
        "element 1, element 1: expected an integer, found null",
    );
    refuses::<Vec<(i64, i64, String)>>(
        "*1\r\n*3\r\n:1\r\n:2\r\n#t\r\n",
        "element 0, element 2: expected text, found a boolean",
    );
    refuses::<HashMap<i64, i64>>(
        "%2\r\n:1\r\n:2\r\n+k\r\n:3\r\n",
        "key of pair 1: expected an integer, found a simple string that is not a number",
    );
    refuses::<BTreeMap<String, Option<[i64; 1]>>>(
        "%1\r\n+k\r\n*1\r\n*0\r\n",
        "value of pair 0, element 0: expected an integer, found an array",
    );
    refuses::<(i64, HashSet<String>)>(
        "*2\r\n:1\r\n~1\r\n-ERR no\r\n",
        "element 1, element 0: expected text, found the error ERR no",
    );
    assert_eq!(
        DecodeError::missing("a version").at(3).to_string(),
        "element 3: expected a version, found nothing"
    );
}

#[test]
fn one_failed_element_hides_no_other() {
    let error = ServerError::new("WRONGTYPE no");
    let expected = vec![Ok(1), Err(error.clone()), Err(error.clone()), Ok(4)];
    is(expected, &["*4\r\n:1\r\n-WRONGTYPE no\r\n!12\r\nWRONGTYPE no\r\n:4\r\n"]);
    is(Err::<i64, _>(error.clone()), &["-WRONGTYPE no\r\n"]);
    is(Ok::<Option<i64>, ServerError>(None), &["_\r\n"]);
    is((Ok::<_, ServerError>(1), Err::<String, _>(error.clone())), &["*2\r\n:1\r\n-WRONGTYPE no\r\n"]);
    let nested = decode::<Vec<Vec<i64>>>("*1\r\n*1\r\n-WRONGTYPE no\r\n").unwrap_err();
    assert_eq!(nested.server(), Some(&error));
    assert_eq!(std::error::Error::source(&nested).unwrap().to_string(), "WRONGTYPE no");
    assert_eq!(nested.to_string(), "element 0, element 0: expected an integer, found the error WRONGTYPE no");
}

#[test]
fn parts_stay_replies() {
    let (id, rest): (String, Reply) = decode("*2\r\n+1-0\r\n|1\r\n+ttl\r\n:5\r\n*2\r\n+a\r\n+b\r\n").unwrap();
    assert_eq!((id.as_str(), rest.to_string().as_str()), ("1-0", "1) a\n2) b"));
    assert_eq!(rest.view().attributes().count(), 1);
    let all: Vec<Value> = decode("*2\r\n-ERR no\r\n#t\r\n").unwrap();
    assert_eq!(all, [Value::Error(ServerError::new("ERR no")), Value::Boolean(true)]);
}

#[test]
fn codes_of_errors() {
    let split = |text: &str| {
        let error = ServerError::new(text);
        (error.code().to_owned(), error.message().to_owned())
    };
    let pair = |code: &str, message: &str| (code.to_owned(), message.to_owned());
    assert_eq!(split("ERR unknown command"), pair("ERR", "unknown command"));
    assert_eq!(split("MOVED 3999 127.0.0.1:6381"), pair("MOVED", "3999 127.0.0.1:6381"));
    assert_eq!(split("NOAUTH"), pair("NOAUTH", ""));
    assert_eq!(split("Ready?"), pair("ERR", "Ready?"));
    assert_eq!(split("404 not found"), pair("ERR", "404 not found"));
    assert_eq!(split(""), pair("ERR", ""));
    assert_eq!(split(" x"), pair("ERR", " x"));
}

#[test]
fn times_in_the_unit_that_the_command_counts_in() {
    let minute = Duration::from_secs(60);
    is(Seconds(minute), &[":60\r\n", "$2\r\n60\r\n"]);
    is(Millis(minute), &[":60000\r\n", "+60000\r\n"]);
    is((Some(Seconds(Duration::ZERO)), None::<Millis>), &["*2\r\n:0\r\n_\r\n"]);
    is(Seconds(Duration::from_secs(u64::MAX)), &["$20\r\n18446744073709551615\r\n"]);
    refuses::<Seconds>(
        "(18446744073709551616\r\n",
        "expected a time, found a big number that is out of range",
    );
    refuses::<Seconds>(":-1\r\n", "expected a time, found an integer that is negative");
    refuses::<Vec<Millis>>(
        "*1\r\n$2\r\n-2\r\n",
        "element 0: expected a time, found a bulk string that is negative",
    );
    refuses::<Millis>(",1.5\r\n", "expected an integer, found a double");
}

#[test]
fn text_as_a_number() {
    is(5_i64, &["$2\r\n+5\r\n", "$3\r\n005\r\n"]);
    is(0_i8, &["$2\r\n-0\r\n"]);
    is(0.5, &["$2\r\n.5\r\n", "$5\r\n+5e-1\r\n"]);
    refuses::<i64>("$2\r\n 5\r\n", "expected an integer, found a bulk string that is not a number");
    refuses::<i64>("$0\r\n\r\n", "expected an integer, found a bulk string that is not a number");
}
