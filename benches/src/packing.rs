//! A command becomes the bytes that are sent. A large value should stay where it is.

use std::hint::black_box;

use resp::Request;

use crate::corpus::text;
use crate::{Contender, Race, peers};

/// The key of every command here.
pub(crate) const KEY: &str = "user:1000";

pub(crate) fn races() -> Vec<Race> {
    [("SET 16 B", 16), ("SET 1 KiB", 1_024), ("SET 16 MB", 16_000_000)].map(race).into()
}

fn race((case, len): (&'static str, usize)) -> Race {
    Race::new("packing", case, move || {
        let value = text(len);
        let mut contenders = vec![ours(value.clone())];
        contenders.extend(peers::packing(&value));
        contenders
    })
}

fn ours(value: String) -> Contender {
    Contender::ours(move || {
        let mut request = Request::new("SET").key(black_box(KEY)).arg(black_box(&value));
        let wire = request.wire();
        match wire.as_slice() {
            Some(bytes) => !black_box(bytes).is_empty(),
            None => black_box(wire.io_slices()).len() == 3,
        }
    })
}
