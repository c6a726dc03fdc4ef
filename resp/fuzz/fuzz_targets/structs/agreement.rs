//! Types that both ways know: the same value, and an error of one is an error of the other, but for what is said here.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use resp::{Decode, DecodeError, Kind, View};
use serde::Deserialize;

pub(crate) fn check(view: View<'_>) {
    same::<bool>(view);
    same::<i8>(view);
    same::<i64>(view);
    same::<u16>(view);
    same::<u64>(view);
    same::<i128>(view);
    same::<u128>(view);
    same::<String>(view);
    same::<Box<str>>(view);
    same::<Cow<'_, str>>(view);
    same::<&str>(view);
    same::<Option<i64>>(view);
    same::<Option<Option<String>>>(view);
    same::<Box<i32>>(view);
    same::<(i64,)>(view);
    same::<(String, Option<u8>, bool)>(view);
    same::<[i64; 2]>(view);
    same::<[Option<String>; 3]>(view);
    same::<BTreeMap<String, i64>>(view);
    same::<BTreeMap<String, String>>(view);
    list::<Vec<i64>>(view);
    list::<Vec<Option<String>>>(view);
    list::<Vec<Vec<i64>>>(view);
    list::<BTreeSet<String>>(view);
    list::<BTreeMap<Option<i64>, BTreeMap<String, Vec<String>>>>(view);
    let _ = includes::<Vec<(String, i64)>>(view);
    let _ = includes::<Vec<(String, BTreeMap<String, String>)>>(view);
    bytes(view);
    float(view);
    status(view);
}

/// Both make the same, or neither makes it.
fn same<'a, T: Decode<'a> + Deserialize<'a> + Debug>(view: View<'a>) {
    let by_serde = includes::<T>(view);
    assert!(by_serde.is_err() || view.decode::<T>().is_ok(), "only serde: {by_serde:?} from {view}");
}

/// To serde an empty string is an empty list too, and a map a list of pairs, which are lists of two.
fn list<'a, T: Decode<'a> + Deserialize<'a> + Debug>(root: View<'a>) {
    let mut open = vec![root];
    while let Some(view) = open.pop() {
        if view.kind() == Kind::Map || view.to_bytes().is_some_and(|text| text.is_empty()) {
            let _ = includes::<T>(root);
            return;
        }
        open.extend(view.iter());
    }
    same::<T>(root);
}

/// What typed decoding makes, serde makes too. Of lists of pairs serde also takes some that are half flat.
fn includes<'a, T: Decode<'a> + Deserialize<'a> + Debug>(view: View<'a>) -> Result<T, DecodeError> {
    let by_serde = view.deserialize::<T>();
    if let Ok(typed) = view.decode::<T>() {
        let typed = format!("Ok({typed:?})");
        assert_eq!(typed, format!("{by_serde:?}"), "{} from {view}", std::any::type_name::<T>());
    }
    by_serde
}

/// Bytes are a list to serde, which sees them in strings only, and not in the text of a number.
fn bytes(view: View<'_>) {
    let typed = view.decode::<Vec<u8>>();
    match view.deserialize::<Vec<u8>>() {
        Ok(by_serde) => {
            let empty = view.kind() == Kind::Map && view.is_empty();
            assert!(empty || typed.as_ref() == Ok(&by_serde), "{by_serde:?} and {typed:?} from {view}");
        }
        Err(_) => {
            assert!(typed.is_err() || matches!(view.kind(), Kind::Integer | Kind::Double | Kind::BigNumber))
        }
    }
}

/// Beyond the largest float serde has an error and typed decoding infinity, as Redis itself reads it.
fn float(view: View<'_>) {
    match (view.decode::<f64>(), view.deserialize::<f64>()) {
        (Ok(typed), Err(_)) => assert!(typed.is_infinite()),
        (Ok(typed), Ok(by_serde)) => assert!(typed == by_serde || typed.is_nan() && by_serde.is_nan()),
        (typed, by_serde) => assert!(typed.is_err() && by_serde.is_err()),
    }
}

/// Null is serde's word for nothing; typed decoding has `Option` for it.
fn status(view: View<'_>) {
    let by_serde = view.deserialize::<()>().is_ok();
    assert_eq!(view.decode::<()>().is_ok(), by_serde && view.kind() != Kind::Null);
}
