//! The deepest reply that any limit allows, on a thread whose stack is an eighth of the usual one.

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
            drop(value);
            assert!(reply.to_string().ends_with("(integer) 1"));
        }
    };
    thread::Builder::new().stack_size(256 << 10).spawn(work).unwrap().join().unwrap();
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
