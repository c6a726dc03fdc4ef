//! Whatever parses can be walked, printed and asked for as any type: no panic, no deep stack, no memory out of proportion.
#![no_main]

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::thread;

use bytes::{Bytes, BytesMut};
use libfuzzer_sys::fuzz_target;
use resp::{Decode, Limits, Parser, Reply, ServerError, Value, View};

fuzz_target!(|input: &[u8]| {
    let mut parser = Parser::new(Limits::default().depth(1_024));
    let mut buffer = BytesMut::from(&*resp_fuzz::stream(input));
    while let Ok(Some(reply)) = parser.parse(&mut buffer) {
        if reply.to_bytes().len() < DEEP {
            check(&reply);
        } else {
            // A thread's stack is all that the deepest reply may take.
            let on_a_thread = || thread::Builder::new().stack_size(STACK).spawn(move || check(&reply));
            on_a_thread().unwrap().join().unwrap();
        }
    }
});

fn check(reply: &Reply) {
    walk(reply.view());
    every_type(reply.view());
    reply.view().iter().take(3).for_each(every_type);
    let memory = allocation_counter::measure(|| drop(reply.decode::<Value>()));
    let bound = VALUE * reply.to_bytes().len() as u64 + BASE;
    assert!(memory.bytes_max <= bound, "{} bytes for {}", memory.bytes_max, reply.to_bytes().len());
}

/// Each element says the same of itself in every way there is.
fn walk(root: View<'_>) {
    let mut open = vec![root];
    while let Some(view) = open.pop() {
        assert_eq!(view.is_empty(), view.get(0).is_none());
        assert_eq!(view.iter().len(), view.iter().count());
        assert_eq!(view.get(view.iter().len()).map(|view| view.kind()), None);
        let pairs = view.pairs().count();
        if view.has_pairs() {
            let nested = !view.is_empty() && pairs == view.len();
            assert_eq!(pairs, if nested { view.len() } else { view.len() / 2 });
            assert_eq!(view.pairs().size_hint().1, Some(pairs));
        }
        let bytes = view.to_bytes();
        assert_eq!(view.share_bytes().as_deref(), bytes.as_deref());
        if let Some(lent) = view.as_bytes() {
            assert_eq!(bytes.as_deref(), Some(lent));
            assert_eq!(view.as_str(), std::str::from_utf8(lent).ok());
        }
        if let Some(error) = view.server_error() {
            assert!(error.to_string().ends_with(error.message()) && !error.code().is_empty());
        }
        let _ = view.format();
        open.extend(view.attributes().flat_map(|(name, value)| [name, value]));
        open.extend(view.iter());
    }
}

fn every_type(view: View<'_>) {
    let value = try_as::<Value>(view).unwrap();
    // By comparing, which needs no stack, where `{:?}` of the deepest takes a megabyte. NaN is not equal to itself.
    let again = view.to_reply().decode::<Value>().unwrap();
    assert!(again == value || value != value.clone());
    assert_eq!(view.to_reply().to_string(), view.to_string());
    assert!(try_as::<Option<Value>>(view).is_some());
    try_as::<()>(view);
    try_as::<bool>(view);
    try_as::<u64>(view);
    let wide = try_as::<i128>(view);
    assert_eq!(try_as::<i64>(view).map(i128::from), wide.filter(|value| i64::try_from(*value).is_ok()));
    assert_eq!(try_as::<f64>(view).is_some(), try_as::<f32>(view).is_some());
    let text = try_as::<String>(view);
    assert_eq!(try_as::<Cow<'_, str>>(view).as_deref(), text.as_deref());
    let bytes = try_as::<Cow<'_, [u8]>>(view);
    assert_eq!(try_as::<Bytes>(view).as_deref(), bytes.as_deref());
    assert!(bytes.is_none() || bytes.as_deref() == try_as::<Vec<u8>>(view).as_deref());
    if let Some(lent) = try_as::<&str>(view) {
        assert_eq!((Some(lent), Some(lent.as_bytes())), (text.as_deref(), try_as::<&[u8]>(view)));
    }
    try_as::<[u8; 3]>(view);
    try_as::<[Option<i64>; 2]>(view);
    try_as::<(String,)>(view);
    try_as::<(Value, Option<u8>, Box<str>)>(view);
    let list = try_as::<Vec<Value>>(view).map(|list| list.len());
    assert_eq!(try_as::<VecDeque<Reply>>(view).map(|list| list.len()), list);
    try_as::<Vec<Vec<Option<String>>>>(view);
    try_as::<Vec<Vec<(u8, Vec<u8>)>>>(view);
    try_as::<Vec<Result<i64, ServerError>>>(view);
    let unique = try_as::<HashSet<Vec<u8>>>(view).map(|set| set.len());
    assert_eq!(try_as::<BTreeSet<Vec<u8>>>(view).map(|set| set.len()), unique);
    let pairs = try_as::<Vec<(Value, Value)>>(view).map(|pairs| pairs.len());
    assert_eq!(pairs.is_some(), view.has_pairs());
    let map = try_as::<HashMap<String, Value>>(view).map(|map| map.len());
    assert_eq!(try_as::<BTreeMap<String, Value>>(view).map(|map| map.len()), map);
    assert!(map <= pairs);
    try_as::<Vec<(String, HashMap<String, String>)>>(view);
    try_as::<HashMap<Option<i64>, BTreeMap<u8, Vec<f64>>>>(view);
}

/// The value, if the reply is one of this type; an error must have a text.
fn try_as<'a, T: Decode<'a>>(view: View<'a>) -> Option<T> {
    view.decode().inspect_err(|error| assert!(error.to_string().contains("expected "))).ok()
}

/// So long must a reply be to nest 500 deep.
const DEEP: usize = 2_000;
/// A quarter of what a thread has by default, for a build with an address sanitizer.
const STACK: usize = 512 << 10;
/// An element of 3 bytes becomes a value of at most 40, in lists that are as long as their contents; a map's list of
/// pairs is made while its list of keys and values is still there.
const VALUE: u64 = 40;
const BASE: u64 = 64 << 10;
