//! What users write: structs, enums of every kind, types that hold themselves. Their names are words of the stream.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use resp::{Serde, View};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

/// A hash that lends its text.
#[derive(Debug, Deserialize)]
struct Record<'a> {
    #[serde(rename = "OK")]
    name: &'a str,
    #[serde(rename = "a", borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(rename = "1", default)]
    number: u8,
    #[serde(rename = "", default)]
    list: Vec<Option<f64>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Strict {
    #[serde(rename = "a")]
    one: i64,
    #[serde(rename = "1")]
    two: Option<Box<Self>>,
}

#[derive(Debug, Deserialize)]
enum Named {
    #[serde(rename = "OK")]
    Unit,
    #[serde(rename = "a")]
    One(Box<Self>),
    #[serde(rename = "1")]
    Two(i64, String),
    #[serde(rename = "")]
    Fields {
        #[serde(rename = "a")]
        a: Option<u64>,
    },
}

#[derive(Debug, Deserialize)]
#[serde(tag = "a")]
enum Inside {
    #[serde(rename = "OK")]
    One {
        #[serde(rename = "1")]
        rest: String,
    },
    #[serde(rename = "1")]
    Two,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "a", content = "1")]
enum Beside {
    #[serde(rename = "OK")]
    One(i64),
    #[serde(rename = "1")]
    Two { a: Option<bool> },
}

/// Whatever comes.
#[derive(Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub(crate) enum Any {
    Nothing(()),
    Flag(bool),
    Number(i64),
    Float(f64),
    Text(String),
    List(Vec<Self>),
    Map(BTreeMap<String, Self>),
}

#[derive(Debug, Deserialize)]
struct Tree(Vec<Self>);

#[derive(Debug, Deserialize)]
struct Rest {
    #[serde(rename = "a")]
    known: Option<String>,
    #[serde(flatten)]
    rest: HashMap<String, Any>,
}

#[derive(Debug, Deserialize)]
struct Row(u64, String, #[serde(default)] Option<f32>);

pub(crate) fn check(view: View<'_>) {
    if let Ok(record) = view.deserialize::<Record<'_>>() {
        let fields = view.pairs().filter(|(_, value)| value.as_str() == Some(record.name)).count();
        assert!(fields > 0, "{record:?} lends what is not there");
    }
    makes::<Strict>(view);
    makes::<Named>(view);
    makes::<Inside>(view);
    makes::<Beside>(view);
    makes::<Any>(view);
    makes::<Tree>(view);
    makes::<Rest>(view);
    makes::<Row>(view);
    makes::<Vec<Row>>(view);
    makes::<BTreeMap<String, Named>>(view);
    makes::<Vec<(Named, Any)>>(view);
    makes::<HashMap<char, Option<Tree>>>(view);
    makes::<Option<()>>(view);
    assert!(view.deserialize::<IgnoredAny>().is_ok());
    let _ = view.decode::<Vec<Serde<Any>>>();
}

/// Makes the type, or says why not.
fn makes<'a, T: Deserialize<'a> + Debug>(view: View<'a>) {
    match view.deserialize::<T>() {
        Ok(made) => assert!(!format!("{made:?}").is_empty()),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
