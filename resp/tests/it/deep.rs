//! The deepest reply that any limit allows, and a million of what no depth bounds, on a thread whose stack is an
//! eighth of the usual one.

use std::collections::HashMap;
use std::thread;

use resp::{Decode, DecodeError, Kind, Limits, Parser, Reply, Value, View};

use crate::arrivals::feed;

fn parse(bytes: &[u8]) -> Reply {
    let mut parser = Parser::new(Limits::default().depth(1_024));
    parser.parse(&mut bytes.into()).unwrap().unwrap()
}

#[test]
fn values_of_every_allowed_depth_fit_on_a_small_stack() {
    let work = || {
        for (opening, depth) in [
            ("*1\r\n", 1_024),
            ("~1\r\n", 1_024),
            ("%1\r\n+k\r\n", 1_024),
            ("*1\r\n|1\r\n+a\r\n+b\r\n", 1_023),
            ("|1\r\n+a\r\n", 1_024),
        ] {
            let ending = if opening.starts_with('|') { ":1\r\n".repeat(1_025) } else { ":1\r\n".to_owned() };
            let reply = parse(&[opening.repeat(depth).as_bytes(), ending.as_bytes()].concat());
            let value: Value = reply.decode().unwrap();
            assert_eq!(matches!(value, Value::Integer(1)), opening.starts_with('|'));
            let mut other = value.clone();
            assert_eq!(value, other);
            *innermost(&mut other) = Value::Integer(2);
            assert_ne!(value, other);
            drop((value, other));
            assert!(reply.to_string().ends_with("(integer) 1"));
        }
    };
    on_a_stack_of(256, work);
}

fn on_a_stack_of(kib: usize, work: impl FnOnce() + Send + 'static) {
    thread::Builder::new().stack_size(kib << 10).spawn(work).unwrap().join().unwrap();
}

fn innermost(value: &mut Value) -> &mut Value {
    let mut at = value;
    loop {
        at = match at {
            Value::Array(list) | Value::Set(list) => &mut list[0],
            Value::Map(pairs) => &mut pairs[0].1,
            found => return found,
        };
    }
}

#[test]
fn the_deepest_value_prints_for_a_programmer_on_half_a_stack() {
    let reply = parse(["%1\r\n+k\r\n".repeat(1_024), "_\r\n".to_owned()].concat().as_bytes());
    on_a_stack_of(1_050, move || {
        let text = format!("{:?}", reply.decode::<Value>().unwrap());
        assert_eq!(text.matches("Map").count(), 1_024);
    });
}

#[test]
fn a_million_of_what_no_depth_bounds_needs_no_stack() {
    let chunks = ["$?\r\n".to_owned(), ";1\r\nx\r\n".repeat(1_000_000), ";0\r\n".to_owned()];
    let attributes = ["*1\r\n".to_owned(), "|0\r\n".repeat(1_000_000), ":1\r\n".to_owned()];
    let siblings = ["*100000\r\n".to_owned(), "%1\r\n*0\r\n~0\r\n".repeat(100_000)];
    let wide = [chunks.concat(), attributes.concat(), siblings.concat()];
    on_a_stack_of(256, move || {
        for bytes in wide {
            let reply = parse(bytes.as_bytes());
            assert!(!reply.to_string().is_empty());
            let value: Value = reply.view().to_reply().decode().unwrap();
            assert_eq!(value.clone(), value);
            assert_eq!(reply.view().attributes().count(), 0);
            let mut written = Vec::new();
            resp::ReplyWriter::resp3(&mut written).view(reply.view());
            assert_eq!(Reply::from_bytes(written).unwrap().decode::<Value>().unwrap(), value);
        }
    });
}

#[test]
fn a_type_that_decodes_itself_sees_every_level() {
    struct Depth(usize);
    impl Decode<'_> for Depth {
        fn decode(view: View<'_>) -> Result<Self, DecodeError> {
            match view.get(0) {
                Some(inner) => view_depth(inner).map(|depth| Self(depth + 1)),
                None => Ok(Self(0)),
            }
        }
    }
    fn view_depth(view: View<'_>) -> Result<usize, DecodeError> {
        Depth::decode(view).map(|depth| depth.0)
    }
    let reply = parse(["*1\r\n".repeat(1_024), "_\r\n".to_owned()].concat().as_bytes());
    assert_eq!(reply.decode::<Depth>().unwrap().0, 1_024);
}

#[test]
fn a_long_chain_is_an_error_and_not_a_crash() {
    let chain = "*1\r\n".repeat(1_000_000);
    let (replies, error) = feed(Limits::default().depth(usize::MAX), chain.as_bytes(), []);
    assert_eq!((replies.len(), error.unwrap().offset()), (0, 1_024 * 4));
}

#[test]
fn deep_replies_come_in_pieces_too() {
    let bytes = ["*2\r\n+k\r\n".repeat(1_024), "*0\r\n".to_owned()].concat();
    let mut parser = Parser::new(Limits::default().depth(1_024));
    let mut buffer = bytes::BytesMut::new();
    let error = bytes.bytes().find_map(|byte| {
        buffer.extend_from_slice(&[byte]);
        parser.parse(&mut buffer).err()
    });
    // The empty one would be level 1,025.
    assert_eq!(error.unwrap().offset(), 1_024 * 8);
    assert_eq!(parse(&bytes.as_bytes()[8..]).kind(), Kind::Array);
}

/// A list of itself takes 1.5 KiB of stack for a level in a debug build, a map of itself 2.8 KiB.
#[test]
fn a_type_that_holds_itself_fits_at_the_default_depth() {
    struct Tree(HashMap<String, Self>);
    impl Decode<'_> for Tree {
        fn decode(view: View<'_>) -> Result<Self, DecodeError> {
            view.decode().map(Self)
        }
    }
    let bytes = ["%1\r\n+k\r\n".repeat(127), "%0\r\n".to_owned()].concat();
    on_a_stack_of(512, move || {
        let mut tree: Tree = Reply::from_bytes(bytes).unwrap().decode().unwrap();
        let mut depth = 1;
        while let Some(inner) = tree.0.remove("k") {
            (tree, depth) = (inner, depth + 1);
        }
        assert_eq!(depth, 128);
    });
}

#[cfg(feature = "serde")]
mod by_serde {
    use std::collections::BTreeMap;
    use std::fmt::Debug;

    use serde::Deserialize;
    use serde::de::DeserializeOwned;

    use super::{on_a_stack_of, parse};

    #[derive(Debug, Deserialize)]
    struct List(#[expect(dead_code, reason = "only its depth counts")] Vec<Self>);

    #[derive(Debug, Deserialize)]
    struct Map(#[expect(dead_code, reason = "only its depth counts")] BTreeMap<String, Self>);

    #[derive(Debug, Deserialize)]
    struct Node {
        #[expect(dead_code, reason = "only its depth counts")]
        k: Option<Box<Self>>,
    }

    #[derive(Debug, Deserialize)]
    enum Chain {
        #[serde(rename = "k")]
        Link(#[expect(dead_code, reason = "only its depth counts")] Box<Self>),
        End,
    }

    #[derive(Debug, Deserialize)]
    #[serde(untagged)]
    #[expect(dead_code, reason = "only its depth counts")]
    enum Any {
        Number(i64),
        List(Vec<Self>),
        Map(BTreeMap<String, Self>),
    }

    #[derive(Debug, Deserialize)]
    struct Flat {
        #[serde(flatten)]
        #[expect(dead_code, reason = "only its depth counts")]
        rest: BTreeMap<String, Self>,
    }

    /// What fits at 128 levels, on a stack a third of a thread's usual one, and is an error from 129 on.
    fn ends<T: DeserializeOwned + Debug + 'static>(opening: &str, innermost: &str, words: &str) {
        let levels = |depth: usize| parse([&opening.repeat(depth - 1), innermost].concat().as_bytes());
        let replies = [128, 129, 1_024].map(levels);
        let words = words.to_owned();
        on_a_stack_of(700, move || {
            let [fits, rest @ ..] = replies.map(|reply| reply.deserialize::<T>());
            drop(fits.unwrap());
            for refused in rest {
                let error = refused.unwrap_err().to_string();
                assert!(error.ends_with(&words), "{error}");
            }
        });
    }

    #[test]
    fn a_type_that_holds_itself_ends_at_128_levels() {
        let words = ": more than 128 lists and maps inside one another, too deep for serde";
        ends::<List>("*1\r\n", "*0\r\n", words);
        ends::<Map>("%1\r\n+k\r\n", "%0\r\n", words);
        ends::<Map>("*2\r\n+k\r\n", "*0\r\n", words);
        ends::<Node>("%1\r\n+k\r\n", "%0\r\n", words);
        ends::<Chain>("%1\r\n+k\r\n", "%1\r\n+End\r\n_\r\n", words);
        ends::<Any>("~1\r\n", "*0\r\n", words);
        ends::<Any>("%1\r\n+k\r\n", "%0\r\n", words);
        ends::<Flat>("%1\r\n+k\r\n", "%0\r\n", words);
    }
}
