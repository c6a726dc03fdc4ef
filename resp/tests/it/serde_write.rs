//! The caller's own types as arguments by serde, and back again.

use std::collections::BTreeMap;

use proptest::prelude::*;
use resp::{Reply, Request, ser};
use serde::{Deserialize, Serialize};

fn pairs<T: Serialize + ?Sized>(value: &T) -> Vec<(String, String)> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    ser::pairs(value).unwrap().iter().map(|(name, value)| (text(name), text(value))).collect()
}

fn args<T: Serialize + ?Sized>(value: &T) -> Vec<String> {
    ser::args(value).unwrap().iter().map(|arg| String::from_utf8_lossy(arg).into_owned()).collect()
}

fn refuses_pairs<T: Serialize + ?Sized>(value: &T, message: &str) {
    assert_eq!(ser::pairs(value).unwrap_err().to_string(), message);
}

fn refuses_args<T: Serialize + ?Sized>(value: &T, message: &str) {
    assert_eq!(ser::args(value).unwrap_err().to_string(), message);
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|&(a, b)| (a.to_owned(), b.to_owned())).collect()
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Colour {
    DeepRed,
    Green,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Id(u64);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct All {
    id: Id,
    text: String,
    letter: char,
    float: f64,
    single: f32,
    flag: bool,
    small: i8,
    large: i128,
    colour: Colour,
    maybe: Option<String>,
    number: Option<Option<u16>>,
}

fn all() -> All {
    All {
        id: Id(7),
        text: "é\r\n".into(),
        letter: 'ß',
        float: 0.1 + 0.2,
        single: 0.1,
        flag: true,
        small: -1,
        large: i128::MIN,
        colour: Colour::DeepRed,
        maybe: None,
        number: Some(Some(3)),
    }
}

#[test]
fn fields_of_a_struct() {
    let expected = [
        ("id", "7"),
        ("text", "é\r\n"),
        ("letter", "ß"),
        ("float", "0.30000000000000004"),
        ("single", "0.1"),
        ("flag", "1"),
        ("small", "-1"),
        ("large", "-170141183460469231731687303715884105728"),
        ("colour", "deep-red"),
        ("number", "3"),
    ];
    assert_eq!(pairs(&all()), owned(&expected));
    assert_eq!(pairs(&Some(&all())), owned(&expected));
    #[derive(Serialize)]
    struct Wrapped(All);
    assert_eq!(pairs(&Wrapped(all())), owned(&expected));
}

#[test]
fn pairs_of_maps_and_lists() {
    assert_eq!(pairs(&BTreeMap::from([(1, "a"), (2, "b")])), owned(&[("1", "a"), ("2", "b")]));
    assert_eq!(pairs(&BTreeMap::from([("a", Some(1)), ("b", None)])), owned(&[("a", "1")]));
    assert_eq!(pairs(&[("a", 1), ("b", 2)]), owned(&[("a", "1"), ("b", "2")]));
    assert_eq!(pairs(&[("", ""); 1]), owned(&[("", "")]));
    #[derive(Serialize)]
    struct Nothing {
        a: Option<u8>,
        b: Option<u8>,
    }
    let none = ser::pairs(&Nothing { a: None, b: None }).unwrap();
    assert!(none.is_empty());
    assert_eq!(Request::new("HSET").key("k").pairs(&none).flaw(), Some(resp::Flaw::NoPairs));
}

#[test]
fn both_go_into_requests() {
    let fields = ser::pairs(&[("a", 1), ("b", 2)]).unwrap();
    let wire = |request: Request<'_>| request.args_iter().map(<[u8]>::to_vec).collect::<Vec<_>>();
    assert_eq!(fields.len(), 2);
    assert_eq!(wire(Request::new("X").pairs(&fields)), wire(Request::new("X").args(&fields)));
    assert_eq!(wire(Request::new("X").pairs(&fields)), [&b"X"[..], b"a", b"1", b"b", b"2"]);
    let list = ser::args(&(1, "two", 3.5, Colour::Green, true)).unwrap();
    assert_eq!(list.len(), 5);
    assert_eq!(wire(Request::new("X").args(&list)), [&b"X"[..], b"1", b"two", b"3.5", b"green", b"1"]);
}

#[test]
fn lists_and_single_values() {
    assert_eq!(args(&["a", "b"]), ["a", "b"]);
    assert_eq!(args(&vec![Some(1)]), ["1"]);
    assert_eq!(args("a"), ["a"]);
    assert_eq!(args(&Id(7)), ["7"]);
    assert_eq!(args(&Colour::Green), ["green"]);
    assert_eq!(args(&[0_u8; 0]), [""; 0]);
    assert!(ser::args(&[0_u8; 0]).unwrap().is_empty());
}

#[derive(Serialize)]
struct Nested<T> {
    name: u8,
    inner: T,
}

fn nested<T>(inner: T) -> Nested<T> {
    Nested { name: 1, inner }
}

#[test]
fn what_is_not_flat_is_refused_by_name() {
    #[derive(Serialize)]
    enum Full {
        One(u8),
        Two(u8, u8),
        Three { a: u8 },
    }
    #[derive(Serialize)]
    struct Unit;
    let one = "field inner: expected one argument, found";
    refuses_pairs(&nested(nested(1)), &format!("{one} a struct"));
    refuses_pairs(&nested([1]), &format!("{one} a list"));
    refuses_pairs(&nested(vec![0_u8; 0]), &format!("{one} a list"));
    refuses_pairs(&nested((1, 2)), &format!("{one} a list"));
    refuses_pairs(&nested(BTreeMap::from([(1, 2)])), &format!("{one} a map"));
    refuses_pairs(&nested(()), &format!("{one} nothing"));
    refuses_pairs(&nested(Unit), &format!("{one} nothing"));
    refuses_pairs(&nested(Some([1])), &format!("{one} a list"));
    for full in [Full::One(1), Full::Two(1, 2), Full::Three { a: 1 }] {
        refuses_pairs(&nested(&full), &format!("{one} a variant with content"));
        refuses_pairs(&full, "expected a struct or a map, found a variant with content");
    }
    refuses_pairs(&BTreeMap::from([([1], 2)]), "key of pair 0: expected one argument, found a list");
    refuses_pairs(&BTreeMap::from([(None::<u8>, 2)]), "key of pair 0: expected one argument, found nothing");
    refuses_pairs(&7, "expected a struct or a map, found an integer");
    refuses_pairs("x", "expected a struct or a map, found text");
    refuses_pairs(&None::<All>, "expected a struct or a map, found nothing");
    refuses_pairs(&["a", "b"], "argument 0: expected a pair, found text");
    refuses_pairs(&[(1, 2, 3)], "argument 0: expected a pair, found a list of another length");
    refuses_args(&all(), "expected a list or one argument, found a struct");
    refuses_args(&(1, [2]), "argument 1: expected one argument, found a list");
    refuses_args(&[Some(1), None], "argument 1: expected one argument, found nothing");
    refuses_args(&(), "expected a list or one argument, found nothing");
    let error = ser::pairs(&nested([1])).unwrap_err();
    assert_eq!((error.field(), size_of_val(&error)), (Some("inner"), size_of::<usize>()));
}

#[test]
fn a_refusal_in_the_words_of_the_type() {
    struct Never;
    impl Serialize for Never {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("not today"))
        }
    }
    refuses_pairs(&nested(Never), "field inner: not today");
}

/// What a server answers to HGETALL in RESP2.
fn read_back<T: for<'de> Deserialize<'de>>(fields: &ser::Pairs) -> T {
    let mut bytes = format!("*{}\r\n", fields.len() * 2).into_bytes();
    for arg in fields.iter().flat_map(|(name, value)| [name, value]) {
        bytes.extend(format!("${}\r\n", arg.len()).into_bytes());
        bytes.extend([arg, b"\r\n"].concat());
    }
    Reply::from_bytes(bytes).unwrap().deserialize().unwrap()
}

proptest! {
    #[test]
    fn structs_survive(
        id in any::<u64>(),
        text in "(?s:.){0,20}",
        letter in any::<char>(),
        float in any::<f64>().prop_filter("a number", |value| !value.is_nan()),
        single in any::<f32>().prop_filter("a number", |value| !value.is_nan()),
        flag in any::<bool>(),
        small in any::<i8>(),
        large in any::<i128>(),
        maybe in prop::option::of("(?s:.){0,20}"),
        number in prop::option::of(any::<u16>()),
    ) {
        let number = number.map(Some);
        let colour = if flag { Colour::Green } else { Colour::DeepRed };
        let all = All { id: Id(id), text, letter, float, single, flag, small, large, colour, maybe, number };
        prop_assert_eq!(read_back::<All>(&ser::pairs(&all).unwrap()), all);
    }

    #[test]
    fn maps_survive(map in prop::collection::btree_map("(?s:.){0,9}", any::<i64>(), 1..9)) {
        let fields = ser::pairs(&map).unwrap();
        prop_assert_eq!(read_back::<BTreeMap<String, i64>>(&fields), map);
    }
}
