//! What is written is read: a value in any spelling, and a request with its arguments and keys.
#![no_main]

#[path = "../../tests/it/spelling.rs"]
mod spelling;

use std::ops::ControlFlow;

use bytes::BytesMut;
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use resp::{Arg, Flaw, LARGE_ARGUMENT, Limits, Parser, Reply, Request, ServerError, Value};
use spelling::{Choices, encode};

fuzz_target!(|data: &[u8]| {
    let mut input = Unstructured::new(data);
    // A source that runs dry says zero, so that every input is one.
    let _ = request(&mut input).and_then(|()| values(&mut input));
});

/// Several values in one buffer.
fn values(input: &mut Unstructured<'_>) -> Result<()> {
    let mut choices: Vec<u8> = input.arbitrary()?;
    // Each may put one attribute into another: as many levels as that must fit.
    choices.truncate(500);
    let mut values = Vec::new();
    for _ in 0..input.int_in_range(1..=3)? {
        let tree = value(input, 6)?;
        values.push(if input.ratio(1_u8, 8_u8)? { Value::Push(vec![tree]) } else { tree });
    }
    let (mut choices, mut bytes) = (Choices::new(choices), Vec::new());
    values.iter().for_each(|value| encode(value, &mut choices, &mut bytes));
    let (mut parser, mut buffer) = (Parser::new(Limits::default().depth(1_024)), BytesMut::from(&bytes[..]));
    for value in values {
        let reply = parser.parse(&mut buffer).unwrap().unwrap();
        assert_eq!(reply.decode::<Value>().unwrap(), value, "{}", bytes.escape_ascii());
    }
    assert!(buffer.is_empty() && parser.is_idle());
    Ok(())
}

/// A value of so many levels at most. No NaN: it would not be equal to itself.
fn value(input: &mut Unstructured<'_>, levels: usize) -> Result<Value> {
    Ok(match input.int_in_range(0..=if levels > 0 { 11 } else { 8 })? {
        0 => Value::Null,
        1 => Value::Boolean(input.arbitrary()?),
        2 => Value::Integer(input.arbitrary()?),
        3 => {
            Value::Double(Some(input.arbitrary()?).filter(|value: &f64| !value.is_nan()).unwrap_or_default())
        }
        4 => Value::BigNumber(format!("{}{}", input.arbitrary::<i128>()?, input.arbitrary::<u128>()?)),
        5 => Value::SimpleString(line(input)?),
        6 => Value::Error(ServerError::new(input.arbitrary::<String>()?)),
        7 => Value::BulkString(input.arbitrary()?),
        8 => Value::VerbatimString {
            format: (*input.choose(&["txt", "mkd", ":::"])?).to_owned(),
            text: input.arbitrary()?,
        },
        9 => Value::Array(list(input, levels)?),
        10 => Value::Set(list(input, levels)?),
        _ => {
            let mut keys = list(input, levels)?.into_iter();
            Value::Map(std::iter::from_fn(|| Some((keys.next()?, keys.next()?))).collect())
        }
    })
}

fn list(input: &mut Unstructured<'_>, levels: usize) -> Result<Vec<Value>> {
    let mut list = Vec::new();
    input.arbitrary_loop(None, Some(12), |input| {
        list.push(value(input, levels.saturating_sub(1))?);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(list)
}

/// Text without an end of line.
fn line(input: &mut Unstructured<'_>) -> Result<String> {
    Ok(input.arbitrary::<String>()?.replace(['\r', '\n'], " "))
}

/// A request: its arguments and keys as they went in, and as a parser sees them.
fn request(input: &mut Unstructured<'_>) -> Result<()> {
    let name: String = line(input)?;
    let mut parts: Vec<(Part, bool)> = Vec::new();
    input.arbitrary_loop(None, Some(20), |input| {
        parts.push((part(input)?, input.arbitrary()?));
        Ok(ControlFlow::Continue(()))
    })?;
    let mut request = Request::new(&name);
    let mut expected: Vec<Vec<u8>> = name.split_ascii_whitespace().map(Into::into).collect();
    let mut keys = Vec::new();
    for (part, is_key) in &parts {
        let (arg, text) = part.arg();
        request = if *is_key { request.key(arg) } else { request.arg(arg) };
        keys.extend(is_key.then(|| text.clone()));
        expected.push(text);
    }
    assert_eq!(request.flaw(), name.trim_ascii().is_empty().then_some(Flaw::NoName));
    assert_eq!((request.len(), request.is_empty()), (expected.len(), expected.is_empty()));
    let wire = request.wire();
    let bytes = wire.to_vec();
    assert_eq!(wire.as_slice().unwrap_or(&bytes), bytes);
    assert_eq!(wire.io_slices().iter().map(|slice| slice.len()).sum::<usize>(), wire.len());
    assert_eq!(bytes.len(), wire.len());
    assert_eq!(Reply::from_bytes(bytes).unwrap().decode::<Vec<Vec<u8>>>().unwrap(), expected);
    assert_eq!(request.args_iter().collect::<Vec<_>>(), expected);
    assert_eq!(request.keys_iter().collect::<Vec<_>>(), keys);
    Ok(())
}

enum Part {
    Small(Vec<u8>),
    /// So many bytes around the length from which on they are not copied.
    Large(usize, bool),
    Int(i64),
    Uint(u64),
    Double(f64),
}

fn part(input: &mut Unstructured<'_>) -> Result<Part> {
    Ok(match input.int_in_range(0..=5)? {
        0 | 1 => Part::Small(input.arbitrary()?),
        2 => Part::Large(LARGE_ARGUMENT - 2 + usize::from(input.int_in_range(0..=4_u8)?), input.arbitrary()?),
        3 => Part::Int(input.arbitrary()?),
        4 => Part::Uint(input.arbitrary()?),
        _ => Part::Double(input.arbitrary()?),
    })
}

impl Part {
    /// The argument, and the text that must come out of it.
    fn arg(&self) -> (Arg<'_>, Vec<u8>) {
        match self {
            Self::Small(bytes) => (Arg::Borrowed(bytes), bytes.clone()),
            Self::Large(len, true) => (Arg::Borrowed(&XS[..*len]), XS[..*len].to_vec()),
            Self::Large(len, false) => (Arg::Owned(vec![b'$'; *len]), vec![b'$'; *len]),
            Self::Int(value) => (Arg::Int(*value), value.to_string().into_bytes()),
            Self::Uint(value) => (Arg::Uint(*value), value.to_string().into_bytes()),
            Self::Double(value) => {
                let text = Request::new("").arg(*value).args_iter().last().unwrap_or_default().to_vec();
                let read: f64 = String::from_utf8_lossy(&text).parse().unwrap();
                assert!(read == *value || read.is_nan() && value.is_nan(), "{value} became {read}");
                (Arg::Double(*value), text)
            }
        }
    }
}

static XS: [u8; LARGE_ARGUMENT + 8] = [b'x'; LARGE_ARGUMENT + 8];
