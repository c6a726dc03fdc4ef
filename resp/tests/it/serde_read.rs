//! Replies into the caller's own types by serde: the table at the head of `de.rs`, and the words of each refusal.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::net::IpAddr;

use resp::{DecodeError, Reply, Serde, ServerError};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

fn reply(bytes: impl AsRef<[u8]>) -> Reply {
    Reply::from_bytes(bytes.as_ref().to_vec()).unwrap()
}

/// Checks that each of the spellings means `value`.
fn is<T: DeserializeOwned + PartialEq + Debug>(value: T, spellings: &[&str]) {
    for bytes in spellings {
        assert_eq!(reply(bytes).deserialize::<T>().as_ref(), Ok(&value), "{bytes:?}");
    }
}

/// Checks the words of a refusal.
fn refuses<T: DeserializeOwned + Debug>(bytes: &str, message: &str) {
    assert_eq!(reply(bytes).deserialize::<T>().unwrap_err().to_string(), message, "{bytes:?}");
}

#[derive(Debug, PartialEq, Deserialize)]
struct User {
    name: String,
    age: u8,
    score: Option<f64>,
    #[serde(default)]
    admin: bool,
}

fn ada() -> User {
    User { name: "Ada".into(), age: 36, score: Some(1.5), admin: true }
}

#[test]
fn structs_from_every_spelling_of_pairs() {
    is(
        ada(),
        &[
            "*8\r\n$4\r\nname\r\n$3\r\nAda\r\n$3\r\nage\r\n$2\r\n36\r\n$5\r\nscore\r\n$3\r\n1.5\r\n$5\r\nadmin\r\n$1\r\n1\r\n",
            "%4\r\n$4\r\nname\r\n$3\r\nAda\r\n$3\r\nage\r\n:36\r\n$5\r\nscore\r\n,1.5\r\n$5\r\nadmin\r\n#t\r\n",
            "%?\r\n+admin\r\n+OK\r\n+name\r\n$?\r\n;1\r\nA\r\n;2\r\nda\r\n;0\r\n+age\r\n(36\r\n+score\r\n+1.5\r\n.\r\n",
            "*4\r\n*2\r\n+name\r\n+Ada\r\n*2\r\n+age\r\n:36\r\n*2\r\n+score\r\n,1.5\r\n*2\r\n+admin\r\n#t\r\n",
            "%4\r\n+name\r\n|1\r\n+a\r\n+b\r\n+Ada\r\n+age\r\n:36\r\n+score\r\n,1.5\r\n|0\r\n+admin\r\n#t\r\n",
        ],
    );
    let little = User { name: String::new(), age: 0, score: None, admin: false };
    is(little, &["%2\r\n+name\r\n+\r\n+age\r\n:0\r\n", "%3\r\n+name\r\n+\r\n+score\r\n_\r\n+age\r\n:0\r\n"]);
    // What nobody asked for is not looked at.
    is(
        User { name: "x".into(), age: 1, score: None, admin: false },
        &["%4\r\n+name\r\n+x\r\n+other\r\n-ERR no\r\n:7\r\n*1\r\n*0\r\n+age\r\n:1\r\n"],
    );
}

#[test]
fn errors_name_the_field() {
    refuses::<User>("*0\r\n", "field name: expected a value, found nothing");
    refuses::<User>("%1\r\n+name\r\n+x\r\n", "field age: expected a value, found nothing");
    refuses::<User>(
        "*4\r\n+name\r\n+x\r\n+age\r\n$3\r\n256\r\n",
        "field age: expected an integer, found a bulk string that is out of range",
    );
    refuses::<Vec<User>>(
        "*2\r\n*4\r\n+name\r\n+x\r\n+age\r\n:1\r\n*2\r\n+score\r\n+x\r\n",
        "element 1, field score: expected a number, found a simple string that is not a number",
    );
    refuses::<BTreeMap<String, Vec<(i64, User)>>>(
        "%1\r\n+a\r\n*1\r\n*2\r\n:1\r\n%1\r\n+age\r\n#t\r\n",
        "field a, element 0, element 1, field age: expected an integer, found a boolean",
    );
    refuses::<HashMap<i64, i64>>(
        "%1\r\n+x\r\n:1\r\n",
        "key of pair 0: expected an integer, found a simple string that is not a number",
    );
    refuses::<HashMap<i64, i64>>("%1\r\n:7\r\n_\r\n", "value of pair 0: expected an integer, found null");
    refuses::<User>("*1\r\n+name\r\n", "expected pairs, found an array of odd length");
    refuses::<User>("$3\r\nAda\r\n", "expected pairs, found a bulk string");
    refuses::<User>("_\r\n", "expected pairs, found null");
    refuses::<User>("%2\r\n+name\r\n+a\r\n+name\r\n+b\r\n", "duplicate field `name`");
    refuses::<User>("%1\r\n*0\r\n+x\r\n", "key of pair 0: expected a name, found an array");
    let long = "x".repeat(100);
    refuses::<HashMap<String, i64>>(
        &format!("%1\r\n+{long}\r\n_\r\n"),
        &format!("field {}…: expected an integer, found null", &long[..64]),
    );
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {}
    refuses::<Strict>("%1\r\n+a\r\n+b\r\n", "key of pair 0, field a: expected no such field");
}

#[test]
fn server_errors_stay_server_errors() {
    let error = reply("-WRONGTYPE no\r\n").deserialize::<User>().unwrap_err();
    assert_eq!(error.server(), Some(&ServerError::new("WRONGTYPE no")));
    assert_eq!(error.to_string(), "expected pairs, found the error WRONGTYPE no");
    let nested = "*1\r\n%1\r\n+name\r\n!12\r\nWRONGTYPE no\r\n";
    let error = reply(nested).deserialize::<Vec<User>>().unwrap_err();
    assert_eq!(error.server().map(ServerError::code), Some("WRONGTYPE"));
    assert_eq!(error.to_string(), "element 0, field name: expected text, found the error WRONGTYPE no");
    fn server<T: DeserializeOwned>() {
        let error = reply("-ERR no\r\n").deserialize::<T>().err().expect("an error");
        assert_eq!(error.server(), Some(&ServerError::new("ERR no")), "{error}");
        assert_eq!(size_of::<DecodeError>(), size_of::<usize>());
    }
    server::<bool>();
    server::<u8>();
    server::<f32>();
    server::<char>();
    server::<String>();
    server::<Option<String>>();
    server::<()>();
    server::<Vec<String>>();
    server::<Vec<u8>>();
    server::<(i64, i64)>();
    server::<[u8; 2]>();
    server::<HashMap<String, String>>();
    server::<Shape>();
    server::<Any>();
    // Nor is it half of a flat pair.
    let error = reply("*2\r\n-ERR no\r\n:1\r\n").deserialize::<Vec<(String, i64)>>().unwrap_err();
    assert_eq!(error.server(), Some(&ServerError::new("ERR no")));
}

#[test]
fn numbers_and_their_ends() {
    is(100_u8, &[":100\r\n", "$3\r\n100\r\n", "+100\r\n", "(100\r\n", "=7\r\ntxt:100\r\n"]);
    is(i64::MIN, &[":-9223372036854775808\r\n", "$20\r\n-9223372036854775808\r\n"]);
    is(u128::from(u64::MAX) + 1, &["(18446744073709551616\r\n"]);
    is(-1_i128, &[":-1\r\n"]);
    is(1.5_f64, &[",1.5\r\n", "$3\r\n1.5\r\n"]);
    is(1.5_f32, &[",1.5\r\n", "$3\r\n1.5\r\n"]);
    is(f64::INFINITY, &[",inf\r\n", "$3\r\ninf\r\n", "+Infinity\r\n"]);
    is(f32::NEG_INFINITY, &[",-inf\r\n", "$4\r\n-inf\r\n"]);
    for too_large in [",1e999\r\n", "$6\r\n-1e999\r\n", "+1e400\r\n"] {
        let error = reply(too_large).deserialize::<f64>().unwrap_err().to_string();
        assert!(error.ends_with(" that is out of range"), "{error}");
    }
    refuses::<f32>(",1e300\r\n", "expected a number, found a double that is out of range");
    refuses::<i8>(":128\r\n", "expected an integer, found an integer that is out of range");
    refuses::<u64>("$2\r\n-1\r\n", "expected an integer, found a bulk string that is out of range");
    refuses::<i64>(",1\r\n", "expected an integer, found a double");
}

#[test]
fn booleans_text_and_nothing() {
    is(true, &["#t\r\n", ":1\r\n", "$1\r\n1\r\n", "+OK\r\n"]);
    is(false, &["#f\r\n", ":0\r\n", "$1\r\n0\r\n"]);
    refuses::<bool>("$4\r\ntrue\r\n", "expected a boolean, found a bulk string");
    is("7".to_owned(), &["$1\r\n7\r\n", ":7\r\n", ",7\r\n", "(7\r\n", "=5\r\nmkd:7\r\n"]);
    is('é', &["$2\r\né\r\n", "+é\r\n"]);
    refuses::<char>("+ab\r\n", "expected a character, found a simple string of another value");
    let latin = reply(b"$1\r\n\xe9\r\n").deserialize::<String>().unwrap_err();
    assert_eq!(latin.to_string(), "expected text, found a bulk string that is not UTF-8");
    is((), &["+OK\r\n", "_\r\n", "$-1\r\n"]);
    refuses::<()>(":1\r\n", "expected a status, found an integer");
    is(None::<i64>, &["_\r\n", "*-1\r\n"]);
    is(vec![Some(1), None], &["*2\r\n:1\r\n$-1\r\n"]);
    is("127.0.0.1".parse::<IpAddr>().unwrap(), &["+127.0.0.1\r\n"]);
    refuses::<HashMap<String, IpAddr>>("%1\r\n+ip\r\n+x\r\n", "field ip: invalid IP address syntax");
}

#[test]
fn lists_tuples_and_bytes() {
    is(vec![1, 2], &["*2\r\n:1\r\n$1\r\n2\r\n", "~2\r\n:1\r\n:2\r\n", ">2\r\n:1\r\n:2\r\n"]);
    is((1, "a".to_owned(), [2.0]), &["*3\r\n:1\r\n+a\r\n*1\r\n:2\r\n"]);
    is(b"ab".to_vec(), &["$2\r\nab\r\n", "*2\r\n:97\r\n:98\r\n", "$?\r\n;1\r\na\r\n;1\r\nb\r\n;0\r\n"]);
    is(*b"abc", &["$3\r\nabc\r\n", "*3\r\n:97\r\n:98\r\n:99\r\n"]);
    is(Vec::<u8>::new(), &["$0\r\n\r\n", "*0\r\n"]);
    refuses::<Vec<u16>>("$2\r\nab\r\n", "expected a list, found a bulk string");
    refuses::<Vec<i64>>(":1\r\n", "expected a list, found an integer");
    refuses::<Vec<i64>>("_\r\n", "expected a list, found null");
    refuses::<(i64, i64)>("*3\r\n:1\r\n:2\r\n:3\r\n", "expected a list of 2, found 3 elements");
    refuses::<(i64, i64, i64)>(":3\r\n", "expected a list of 3, found an integer");
    refuses::<[u8; 3]>("$2\r\nab\r\n", "expected a list of 3, found a bulk string");
    #[derive(Debug, PartialEq, Deserialize)]
    struct Entry(String, BTreeMap<String, i64>);
    let entry = |id: &str, a| Entry(id.into(), BTreeMap::from([("a".into(), a)]));
    is(
        vec![entry("1-0", 1), entry("2-0", 2)],
        &["*2\r\n*2\r\n+1-0\r\n*2\r\n+a\r\n+1\r\n*2\r\n+2-0\r\n%1\r\n+a\r\n:2\r\n"],
    );
}

#[test]
fn lists_of_pairs_from_every_spelling() {
    let pairs = || vec![("a".to_owned(), 1.0), ("b".to_owned(), 2.5)];
    is(
        pairs(),
        &[
            "*4\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n$3\r\n2.5\r\n",
            "*2\r\n*2\r\n+a\r\n,1\r\n*2\r\n+b\r\n,2.5\r\n",
            "%2\r\n+a\r\n:1\r\n+b\r\n,2.5\r\n",
        ],
    );
    is(Vec::<(String, i64)>::new(), &["*0\r\n", "%0\r\n"]);
    is(pairs().into_iter().map(Some).collect::<Vec<_>>(), &["%2\r\n+a\r\n:1\r\n+b\r\n,2.5\r\n"]);
    refuses::<Vec<(String, i64)>>(
        "*3\r\n+a\r\n:1\r\n+b\r\n",
        "element 1: expected a list of 2, found a simple string",
    );
    refuses::<Vec<(String, i64)>>(
        "%1\r\n+a\r\n+b\r\n",
        "element 0, element 1: expected an integer, found a simple string that is not a number",
    );
    refuses::<Vec<String>>("%1\r\n+a\r\n+b\r\n", "element 0: expected text, found 2 elements");
}

#[test]
fn borrowed_values_lie_in_the_reply() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Lent<'a> {
        name: &'a str,
        raw: &'a [u8],
        #[serde(borrow)]
        cow: Cow<'a, str>,
    }
    let reply = reply("%3\r\n+name\r\n$3\r\nAda\r\n+raw\r\n$2\r\nab\r\n+cow\r\n+moo\r\n");
    let lent: Lent<'_> = reply.view().deserialize().unwrap();
    let memory = reply.to_bytes().as_ptr_range();
    assert_eq!((lent.name, lent.raw), ("Ada", &b"ab"[..]));
    assert!(memory.contains(&lent.name.as_ptr()) && memory.contains(&lent.raw.as_ptr()));
    assert!(matches!(lent.cow, Cow::Borrowed("moo")));
    let map: HashMap<&str, &str> = reply.view().deserialize().unwrap();
    assert_eq!(map["cow"], "moo");
    let number = Reply::from_bytes(&b":7\r\n"[..]).unwrap();
    let error = number.view().deserialize::<&str>().unwrap_err();
    assert_eq!(error.to_string(), "expected a borrowed string, found an integer");
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Shape {
    Empty,
    Circle(f64),
    Line(i64, i64),
    Box { width: u8, height: u8 },
}

#[test]
fn enums() {
    is(Shape::Empty, &["$5\r\nempty\r\n", "+empty\r\n", "%1\r\n+empty\r\n_\r\n"]);
    is(Shape::Circle(2.0), &["%1\r\n+circle\r\n:2\r\n", "*2\r\n+circle\r\n+2\r\n"]);
    is(Shape::Line(1, 2), &["%1\r\n+line\r\n*2\r\n:1\r\n:2\r\n"]);
    is(
        vec![Shape::Box { width: 1, height: 2 }, Shape::Empty],
        &["*2\r\n%1\r\n+box\r\n%2\r\n+width\r\n:1\r\n+height\r\n:2\r\n+empty\r\n"],
    );
    refuses::<Shape>(
        "+square\r\n",
        "expected one of empty, circle, line, box, found a simple string of another value",
    );
    refuses::<Shape>("+circle\r\n", "expected one pair of a variant and its content, found a simple string");
    refuses::<Shape>(
        "%1\r\n+circle\r\n+x\r\n",
        "field circle: expected a number, found a simple string that is not a number",
    );
    refuses::<Shape>("%0\r\n", "expected a variant, by itself or with its content, found a map");
    refuses::<Shape>("_\r\n", "expected a variant, by itself or with its content, found null");
    #[derive(Debug, PartialEq, Deserialize)]
    enum Level {
        #[serde(rename = "1")]
        One,
    }
    is(Level::One, &["$1\r\n1\r\n", ":1\r\n"]);
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum Any {
    Integer(i64),
    Float(f64),
    Text(String),
    List(Vec<Self>),
    Map(BTreeMap<String, Self>),
    Null,
}

#[test]
fn whatever_comes() {
    is(Any::Integer(1), &[":1\r\n"]);
    is(Any::Float(0.5), &[",0.5\r\n"]);
    is(Any::Text("1".into()), &["$1\r\n1\r\n", "+1\r\n", "(1\r\n", "=5\r\ntxt:1\r\n"]);
    is(Any::Null, &["_\r\n", "$-1\r\n"]);
    is(
        Any::Map(BTreeMap::from([("a".into(), Any::List(vec![Any::Null, Any::Integer(2)]))])),
        &["%1\r\n+a\r\n*2\r\n_\r\n:2\r\n"],
    );
    #[derive(Debug, PartialEq, Deserialize)]
    struct Flat {
        id: i64,
        #[serde(flatten)]
        rest: BTreeMap<String, String>,
    }
    let rest = BTreeMap::from([("a".into(), "b".into())]);
    is(Flat { id: 7, rest }, &["*4\r\n+a\r\n+b\r\n+id\r\n+7\r\n"]);
    assert!(reply("*2\r\n:1\r\n-ERR no\r\n").deserialize::<Vec<IgnoredAny>>().is_ok());
}

#[test]
fn as_one_of_the_types_of_decode() {
    let (count, Serde(users)): (i64, Serde<Vec<User>>) =
        reply("*2\r\n:1\r\n*1\r\n%2\r\n+name\r\n+x\r\n+age\r\n:1\r\n").decode().unwrap();
    assert_eq!((count, users.len()), (1, 1));
    let error = reply("*2\r\n:1\r\n*0\r\n").decode::<(i64, Serde<User>)>().unwrap_err();
    assert_eq!(error.to_string(), "element 1, field name: expected a value, found nothing");
}

#[test]
fn what_is_ignored_is_not_walked() {
    let deep = [b"%1\r\n+x\r\n".repeat(120), b"_\r\n".to_vec()].concat();
    assert!(reply(&deep).deserialize::<IgnoredAny>().is_ok());
}
