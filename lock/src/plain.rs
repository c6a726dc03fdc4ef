//! What plain commands can do for a lock that nobody else wants: they cost a server a third of what a script does.
//!
//! Not every server has them; which, the answers tell. Whatever is not as simple as hoped is left to the scripts.

use std::sync::atomic::{AtomicU8, Ordering::Relaxed};
use std::time::Duration;

use client::{Client, Request};

use crate::Token;
use crate::keys::Keys;
use crate::script::millis;

/// Which of the commands the server has, as far as is known. It is a guess for the next request: relaxed.
#[derive(Debug, Default)]
pub(crate) struct Abilities {
    /// 0: perhaps; 1: no.
    set: AtomicU8,
    /// The index of the next of [`DELETES`] to try.
    delete: AtomicU8,
}

/// What a plain acquire has shown.
pub(crate) enum Taken {
    Ours,
    /// Or it is ours since an earlier try, which leaves its time unknown.
    Held(Vec<u8>),
}

/// Delete a key if it has a value: Redis 8.4, Valkey 9.0.
const DELETES: [&[&str]; 2] = [&["DELEX", "IFEQ"], &["DELIFEQ"]];

/// `SET … NX GET`, of Redis 7.0; `None` if the server does not have it.
pub(crate) fn acquire(
    abilities: &Abilities,
    client: &Client,
    keys: &Keys,
    token: &Token,
    ttl: Option<Duration>,
) -> Option<Result<Taken, client::Error>> {
    if abilities.set.load(Relaxed) == 1 {
        return None;
    }
    let mut request = Request::new("SET").key(&keys.lock).arg(token.as_bytes()).arg("NX").arg("GET");
    if let Some(ttl) = ttl {
        request = request.arg("PX").arg(millis(ttl));
    }
    match client.run::<Option<Vec<u8>>>(request) {
        Ok(None) => Some(Ok(Taken::Ours)),
        Ok(Some(holder)) => Some(Ok(Taken::Held(holder))),
        Err(error) if error.code() == Some("ERR") => {
            abilities.set.store(1, Relaxed);
            None
        }
        Err(error) => Some(Err(error)),
    }
}

/// Deletes the lock if it is ours, and says whether somebody waits; `None` if it was not, or the server cannot.
pub(crate) fn release(
    abilities: &Abilities,
    client: &Client,
    keys: &Keys,
    token: &Token,
) -> Option<Result<bool, client::Error>> {
    loop {
        let at = abilities.delete.load(Relaxed);
        let [name, options @ ..] = DELETES.get(usize::from(at))? else { return None };
        let request = Request::new(name).key(&keys.lock);
        let request =
            options.iter().fold(request, |request, option| request.arg(*option)).arg(token.as_bytes());
        let flight =
            client.pipeline(|p| (p.run::<i64>(request).caught(), p.exists([&keys.queue, &keys.marker])));
        match flight {
            Ok((Ok(1), waiting)) => return Some(Ok(waiting > 0)),
            Ok((Ok(_), _)) => return None,
            Ok((Err(error), _)) if error.code() == Some("ERR") => abilities.delete.store(at + 1, Relaxed),
            Ok((Err(error), _)) | Err(error) => return Some(Err(error)),
        }
    }
}
