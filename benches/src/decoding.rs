//! Bytes become the caller's type: received, framed and decoded.
//!
//! Ours and redis-rs work with a parser and a buffer that are warm, as those of a connection are. rustis can only be
//! reached through a shim that copies the reply into fresh memory first, so it is compared with ours doing the same.

use std::collections::HashMap;
use std::hint::black_box;

use bytes::{Bytes, BytesMut};
use resp::{Decode, Parser, Reply};

use crate::peers::{self, Target};
use crate::{Contender, Corpus, Race, Role};

mod wide;
pub(crate) use wide::Wide;

/// What XRANGE returns.
type Entries = Vec<(String, HashMap<String, String>)>;

pub(crate) fn races() -> Vec<Race> {
    vec![
        owned::<String>("status", "String"),
        owned::<i64>("integer", "i64"),
        owned::<String>("bulk_16", "String"),
        owned::<String>("bulk_1k", "String"),
        owned::<Vec<String>>("strings_1000", "Vec<String>"),
        owned::<Vec<i64>>("integers_1000", "Vec<i64>"),
        owned::<Entries>("xrange_100", "Vec<(String, HashMap)>"),
        owned::<HashMap<String, String>>("map_100", "HashMap<String, String>"),
        owned::<Vec<String>>("mget_100_1k", "Vec<String>"),
        structs(),
        lent("bulk_16", "&str", |reply| decodes::<&str>(reply), |reply| decodes::<String>(reply)),
        lent(
            "strings_1000",
            "Vec<&str>",
            |reply| decodes::<Vec<&str>>(reply),
            |reply| decodes::<Vec<String>>(reply),
        ),
        lent(
            "xrange_100",
            "Vec<(&str, Vec<(&str, &str)>)>",
            |reply| decodes::<Vec<(&str, Vec<(&str, &str)>)>>(reply),
            |reply| decodes::<Entries>(reply),
        ),
        lent(
            "map_100",
            "HashMap<&str, &str>",
            |reply| decodes::<HashMap<&str, &str>>(reply),
            |reply| decodes::<HashMap<String, String>>(reply),
        ),
        lent("strings_1000", "a walk over views", walks, |reply| decodes::<Vec<String>>(reply)),
        lent("map_100", "a walk over views", walks, |reply| decodes::<HashMap<String, String>>(reply)),
    ]
}

/// Bytes to a type that owns what it holds: ours against the peers.
fn owned<T: Target>(corpus: &str, to: &str) -> Race {
    let Corpus { name, bytes } = Corpus::named(corpus);
    Race::new("decoding", format!("{name} to {to}"), move || {
        let mut contenders = vec![Contender::ours(received(&bytes, |reply| reply.decode::<T>().is_ok()))];
        if peers::ARE_HERE {
            let bytes = bytes.clone();
            contenders.push(Contender::new("resp, fresh buffer", Role::OursLikeNext, move || {
                let reply = Reply::from_bytes(Bytes::copy_from_slice(black_box(&bytes)));
                reply.is_ok_and(|reply| black_box(reply.decode::<T>()).is_ok())
            }));
        }
        contenders.extend(peers::decoding::<T>(&bytes));
        contenders
    })
}

/// HGETALL of 100 fields to a struct by serde: ours against the map that others make of it.
fn structs() -> Race {
    let Corpus { name, bytes } = Corpus::named("map_100");
    Race::new("decoding", format!("{name} to a struct by serde"), move || {
        let ours = received(&bytes, |reply| black_box(reply.deserialize::<Wide>()).is_ok());
        let mut contenders = vec![Contender::ours(ours)];
        contenders.extend(peers::structs(&bytes));
        contenders
    })
}

/// Bytes to a type that borrows from the reply: ours against our own owned type.
fn lent(corpus: &str, to: &str, lent: fn(&Reply) -> bool, owned: fn(&Reply) -> bool) -> Race {
    let Corpus { name, bytes } = Corpus::named(corpus);
    Race::new("borrowing", format!("{name} to {to}"), move || {
        vec![Contender::ours(received(&bytes, lent)), Contender::peer("resp, owned", received(&bytes, owned))]
    })
}

fn received(bytes: &[u8], decode: impl Fn(&Reply) -> bool + 'static) -> impl FnMut() -> bool + 'static {
    let (mut parser, mut buffer) = (Parser::default(), BytesMut::new());
    let bytes = bytes.to_vec();
    move || {
        buffer.extend_from_slice(black_box(&bytes));
        matches!(parser.parse(&mut buffer), Ok(Some(reply)) if decode(&reply))
    }
}

fn decodes<'a, T: Decode<'a>>(reply: &'a Reply) -> bool {
    black_box(reply.view().decode::<T>()).is_ok()
}

fn walks(reply: &Reply) -> bool {
    reply.view().iter().all(|element| black_box(element.as_str()).is_some())
}
