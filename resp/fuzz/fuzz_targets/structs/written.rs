//! Structs that become arguments, and come back as a server would answer them.

use std::collections::BTreeMap;

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use resp::{Protocol, Reply, ReplyWriter, Request, RequestParser, View, ser};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::shapes::Any;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Record {
    name: String,
    letter: char,
    flag: bool,
    small: i8,
    large: i128,
    huge: u128,
    float: f64,
    single: f32,
    colour: Colour,
    id: Id,
    maybe: Option<u16>,
    text: Option<String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Colour {
    Red,
    #[serde(rename = "")]
    None,
    #[serde(rename = "dark\r\ngreen")]
    DarkGreen,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Id(u64);

/// What goes out comes back.
pub(crate) fn check(input: &[u8]) {
    let mut input = Unstructured::new(input);
    // A source that runs dry says zero, so that every input is one.
    let _ = records(&mut input).and_then(|()| lists(&mut input));
}

fn records(input: &mut Unstructured<'_>) -> Result<()> {
    let record = record(input)?;
    let fields = ser::pairs(&record).unwrap();
    assert_eq!(fields.len(), 10 + usize::from(record.maybe.is_some()) + usize::from(record.text.is_some()));
    let mut request = Request::new("HSET").key("k").pairs(&fields);
    let sent = arguments(&mut request);
    assert!(
        sent.iter().skip(2).map(|arg| &arg[..]).eq(fields.iter().flat_map(|(name, value)| [name, value]))
    );
    each_spelling(&record, &sent[2..]);
    Ok(())
}

fn record(input: &mut Unstructured<'_>) -> Result<Record> {
    // NaN is not equal to itself.
    let (float, single) = (input.arbitrary::<f64>()?, input.arbitrary::<f32>()?);
    Ok(Record {
        name: input.arbitrary()?,
        letter: input.arbitrary()?,
        flag: input.arbitrary()?,
        small: input.arbitrary()?,
        large: input.arbitrary()?,
        huge: input.arbitrary()?,
        float: if float.is_nan() { 0.1 } else { float },
        single: if single.is_nan() { 0.1 } else { single },
        colour: match input.int_in_range(0..=2)? {
            0 => Colour::Red,
            1 => Colour::None,
            _ => Colour::DarkGreen,
        },
        id: Id(input.arbitrary()?),
        maybe: input.arbitrary()?,
        text: input.arbitrary()?,
    })
}

fn lists(input: &mut Unstructured<'_>) -> Result<()> {
    let map: BTreeMap<String, i64> = input.arbitrary()?;
    let fields = ser::pairs(&map).unwrap();
    let mut request = Request::new("X").args(&fields);
    each_spelling(&map, &arguments(&mut request)[1..]);
    let list: Vec<(u8, char)> = input.arbitrary()?;
    let pairs = ser::pairs(&list).unwrap();
    assert_eq!(pairs.len(), list.len());
    let texts: Vec<String> = input.arbitrary()?;
    let args = ser::args(&texts).unwrap();
    assert!(args.iter().eq(texts.iter().map(|text| text.as_bytes())));
    Ok(())
}

/// What a server sees of a request.
fn arguments(request: &mut Request<'_>) -> Vec<Vec<u8>> {
    let mut buffer = request.wire().to_vec().as_slice().into();
    let command = RequestParser::default().parse(&mut buffer).unwrap().unwrap();
    command.args().map(<[u8]>::to_vec).collect()
}

/// The same from RESP2's flat array and from RESP3's map.
fn each_spelling<T: DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T, args: &[Vec<u8>]) {
    for protocol in [Protocol::Resp2, Protocol::Resp3] {
        let mut bytes = Vec::new();
        let mut writer = ReplyWriter::new(&mut bytes, protocol);
        writer.map(args.len() / 2);
        for arg in args {
            writer.bulk(arg);
        }
        let reply = Reply::from_bytes(bytes).unwrap();
        assert_eq!(&reply.deserialize::<T>().unwrap(), value);
        assert_eq!(reply.decode::<Vec<(Vec<u8>, Vec<u8>)>>().unwrap().len(), args.len() / 2);
    }
}

/// Whatever came as arguments: what nests is refused, in words.
pub(crate) fn pass_on(view: View<'_>) {
    let Ok(any) = view.deserialize::<Any>() else { return };
    match ser::pairs(&any) {
        Ok(pairs) => assert!(pairs.iter().count() == pairs.len()),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    match ser::args(&any) {
        Ok(args) => assert!(args.iter().count() == args.len()),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
