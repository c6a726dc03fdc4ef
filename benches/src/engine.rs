//! The second engine of `conn` against hiredis as its own users have it: bytes in the caller's buffer become replies.
//!
//! Both copy the bytes into a reader of hiredis, which has no other way to get at them; the copy is counted. The engine
//! then makes replies that own the bytes of the caller's buffer, hiredis a tree of copies, which it frees.

use crate::{Corpus, Race, peers};

pub(crate) fn races() -> Vec<Race> {
    let race = |Corpus { name, bytes }: Corpus| {
        peers::engine(&bytes)?;
        Some(Race::new("engine", name, move || peers::engine(&bytes).unwrap_or_default()))
    };
    Corpus::all().filter_map(race).collect()
}
