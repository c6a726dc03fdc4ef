//! What holds for every value, every request and every garbage.

use bytes::BytesMut;
use proptest::collection::vec;
use proptest::prelude::*;
use resp::{LARGE_ARGUMENT, Limits, Parser, Request, ServerError, Value};

use crate::arrivals::feed;
use crate::spelling::{Choices, encode};

/// A value without a NaN, which would not be equal to itself.
fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Boolean),
        any::<i64>().prop_map(Value::Integer),
        any::<f64>().prop_filter("a number", |value| !value.is_nan()).prop_map(Value::Double),
        "-?[0-9]{1,40}".prop_map(Value::BigNumber),
        "[^\r\n]{0,20}".prop_map(Value::SimpleString),
        "[^\r\n]{0,20}".prop_map(|text| Value::Error(ServerError::new(text))),
        "[A-Z]{3} (?s:.){0,20}".prop_map(|text| Value::Error(ServerError::new(text))),
        vec(any::<u8>(), 0..40).prop_map(Value::BulkString),
        "[$*:+;.]?[0-9]{0,2}\r?\n?".prop_map(|text| Value::BulkString(text.into_bytes())),
        ("[a-z]{3}", vec(any::<u8>(), 0..20))
            .prop_map(|(format, text)| Value::VerbatimString { format, text }),
    ]
}

pub(crate) fn value() -> impl Strategy<Value = Value> {
    let tree = leaf().prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::Array),
            vec(inner.clone(), 0..6).prop_map(Value::Set),
            vec((inner.clone(), inner), 0..4).prop_map(Value::Map),
        ]
    });
    prop_oneof![9 => tree.clone(), 1 => vec(tree, 0..6).prop_map(Value::Push)]
}

/// Bytes that get further into the parser than random ones do.
fn garbage() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        4 => "[-+:$_#,(!=*%~|>.;][-?0-9]{0,3}\r\n".prop_map(String::into_bytes),
        1 => "[-+:$_#,(!=*%~|>.;tf?\r\n0-9a-z]{1,4}".prop_map(String::into_bytes),
        1 => vec(any::<u8>(), 1..6),
    ];
    vec(word, 0..12).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn values_survive(
        values in vec(value(), 1..4),
        choices in vec(any::<u8>(), 0..200),
        sizes in vec(1_usize..20, 0..200),
    ) {
        let mut bytes = Vec::new();
        let mut choices = Choices::new(choices);
        values.iter().for_each(|value| encode(value, &mut choices, &mut bytes));
        let mut parser = Parser::default();
        let mut buffer = BytesMut::new();
        let mut found: Vec<Value> = Vec::new();
        let mut rest = &bytes[..];
        let mut sizes = sizes.into_iter();
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(sizes.next().unwrap_or(rest.len()).min(rest.len()));
            buffer.extend_from_slice(piece);
            rest = after;
            while let Some(reply) = parser.parse(&mut buffer).unwrap() {
                // A part of a reply is as good as one that came by itself.
                prop_assert_eq!(reply.view().to_reply().decode::<Value>().unwrap(), reply.decode().unwrap());
                found.push(reply.decode().unwrap());
            }
        }
        prop_assert!(buffer.is_empty() && parser.is_idle());
        prop_assert_eq!(found, values);
    }

    #[test]
    fn pieces_mean_the_same(
        values in vec(value(), 1..3),
        choices in vec(any::<u8>(), 0..100),
        sizes in vec(1_usize..20, 0..100),
        change in any::<(prop::sample::Index, u8)>(),
        limits in (1_usize..6, 0_usize..40, 0_usize..30, 0_usize..30, 0_usize..300),
    ) {
        let mut bytes = Vec::new();
        let mut choices = Choices::new(choices);
        values.iter().for_each(|value| encode(value, &mut choices, &mut bytes));
        let (depth, bulk, elements, line, reply) = limits;
        let tight = Limits::default().depth(depth).bulk(bulk).elements(elements).line(line).reply(reply);
        prop_assert_eq!(feed(tight, &bytes, sizes.clone()), feed(tight, &bytes, []));
        // One wrong byte.
        let at = change.0.index(bytes.len());
        bytes[at] = change.1;
        for limits in [Limits::default(), tight] {
            prop_assert_eq!(feed(limits, &bytes, sizes.clone()), feed(limits, &bytes, []));
        }
    }

    #[test]
    fn garbage_never_hurts(bytes in garbage(), sizes in vec(1_usize..9, 0..60)) {
        let whole = feed(Limits::default(), &bytes, []);
        prop_assert_eq!(&feed(Limits::default(), &bytes, sizes), &whole);
        prop_assert_eq!(&feed(Limits::default(), &bytes, std::iter::repeat(1)), &whole);
    }

    #[test]
    fn requests_are_arrays_of_bulks(
        name in "[A-Z]{1,10}( [A-Z]{1,10})?",
        args in vec(vec(any::<u8>(), 0..50), 0..10),
        large in prop::option::of((0_usize..10, 0_usize..2)),
        number in any::<i64>(),
    ) {
        let mut args = args;
        if let Some((at, more)) = large {
            args.insert(at.min(args.len()), vec![b'x'; LARGE_ARGUMENT + more]);
        }
        let mut request = Request::new(&name).arg(number);
        for (at, arg) in args.iter().enumerate() {
            request = if at % 2 == 0 { request.key(arg) } else { request.arg(arg.clone()) };
        }
        let wire = request.wire().to_vec();
        prop_assert_eq!(request.wire().len(), wire.len());
        let mut buffer = BytesMut::from(&wire[..]);
        let reply = Parser::default().parse(&mut buffer).unwrap().unwrap();
        prop_assert!(buffer.is_empty());
        let number = number.to_string();
        let mut expected: Vec<&[u8]> = name.split(' ').map(str::as_bytes).chain([number.as_bytes()]).collect();
        expected.extend(args.iter().map(|arg| &arg[..]));
        prop_assert_eq!(&reply.decode::<Vec<Vec<u8>>>().unwrap(), &expected);
        prop_assert_eq!(request.args_iter().collect::<Vec<_>>(), expected);
        prop_assert_eq!(request.len(), reply.view().len());
        let keys: Vec<_> = args.iter().step_by(2).map(|arg| &arg[..]).collect();
        prop_assert_eq!(request.keys_iter().collect::<Vec<_>>(), keys);
    }
}
