//! What may run where: a request that must not be sent is refused before anything is.
//!
//! | a command that | pooled | dedicated, pipeline |
//! |---|---|---|
//! | leaves its connection as it was | runs | runs |
//! | looks back at what was done on its connection (`WAIT`, `HIMPORT SET`) | refused: it may be another one | runs |
//! | changes its connection (`SELECT`, `WATCH`) | refused: the next call may run on another | runs; then it is closed |
//! | is answered by a stream (`SUBSCRIBE`) | refused | refused |

use resp::Request;

use crate::Error;

/// On what a request is to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Any connection of the pool, for this one request.
    Any,
    /// A connection that the requests before and after it have as well.
    Same,
}

/// What a command does to its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing: the next command finds it as it was.
    None,
    /// Nothing, but it speaks of what was done on the same connection before.
    LooksBack,
    /// It leaves something behind: another database, a watched key, an open transaction.
    State,
    /// Replies no longer answer commands one by one.
    Stream,
}

/// Says what `request` does to its connection, if it may run there at all.
///
/// # Errors
/// [`Error`] when the request is flawed, or has no place there.
pub(super) fn admit(request: &Request<'_>, place: Place) -> Result<Effect, Error> {
    if let Some(flaw) = request.flaw() {
        return Err(Error::flaw(flaw));
    }
    match (effect(request), place) {
        (Effect::Stream, _) => {
            Err(Error::usage("is answered by a stream of messages, which no call can return"))
        }
        (Effect::LooksBack, Place::Any) => Err(Error::usage(
            "looks back at the commands before it, and they may have run on another connection: use dedicated() or pipeline()",
        )),
        (Effect::State, Place::Any) => {
            Err(Error::usage("changes its connection, and the next call may run on another: use dedicated()"))
        }
        (effect, _) => Ok(effect),
    }
}

/// What `request` does to its connection, judged by its first two words.
fn effect(request: &Request<'_>) -> Effect {
    if !begins_like_one(request.name()) {
        return Effect::None;
    }
    let mut words = request.args_iter();
    let first = words.next().unwrap_or_default();
    let is =
        |names: &[&str], word: &[u8]| names.iter().any(|name| word.eq_ignore_ascii_case(name.as_bytes()));
    if is(&["CLIENT"], first) {
        return match words.next().unwrap_or_default() {
            word if is(&["REPLY"], word) => Effect::Stream,
            word if is(CLIENT_STATE, word) => Effect::State,
            _ => Effect::None,
        };
    }
    if is(&["HIMPORT"], first) {
        return match words.next().unwrap_or_default() {
            word if is(&["SET"], word) => Effect::LooksBack,
            _ => Effect::State,
        };
    }
    if is(&["SCRIPT"], first) && is(&["DEBUG"], words.next().unwrap_or_default()) {
        return Effect::State;
    }
    match first {
        word if is(STREAM, word) => Effect::Stream,
        word if is(STATE, word) => Effect::State,
        word if is(LOOKS_BACK, word) => Effect::LooksBack,
        _ => Effect::None,
    }
}

/// Whether a command could be one of those below: most could not, by their first letter.
#[inline]
fn begins_like_one(name: &str) -> bool {
    let first = name.trim_ascii_start().as_bytes().first().map(u8::to_ascii_uppercase);
    first.is_some_and(|first| INITIALS.contains(&first))
}

const INITIALS: &[u8] = b"ACDEHMPQRSUW";

const LOOKS_BACK: &[&str] = &["WAIT", "WAITAOF"];

const STREAM: &[&str] = &[
    "MONITOR",
    "PSUBSCRIBE",
    "PSYNC",
    "PUNSUBSCRIBE",
    "REPLCONF",
    "SSUBSCRIBE",
    "SUBSCRIBE",
    "SUNSUBSCRIBE",
    "SYNC",
    "UNSUBSCRIBE",
];

const STATE: &[&str] = &[
    "ASKING",
    "AUTH",
    "DISCARD",
    "EXEC",
    "HELLO",
    "MULTI",
    "QUIT",
    "READONLY",
    "READWRITE",
    "RESET",
    "SELECT",
    "UNWATCH",
    "WATCH",
];

const CLIENT_STATE: &[&str] =
    &["CACHING", "CAPA", "IMPORT-SOURCE", "NO-EVICT", "NO-TOUCH", "SETINFO", "SETNAME", "TRACKING"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_begins_like_one() {
        let first = ["CLIENT", "HIMPORT", "SCRIPT"];
        for name in [LOOKS_BACK, STREAM, STATE, &first].concat() {
            assert!(begins_like_one(name) && begins_like_one(&format!(" {}", name.to_lowercase())), "{name}");
        }
        assert!(!begins_like_one("GET") && !begins_like_one("") && !begins_like_one(" "));
    }

    #[test]
    fn names_are_judged_in_any_case_and_spelling() {
        assert_eq!(effect(&Request::new("GET").key("SELECT")), Effect::None);
        assert_eq!(effect(&Request::new("select").arg(1)), Effect::State);
        assert_eq!(effect(&Request::new("CLIENT").arg("setname").arg("x")), Effect::State);
        assert_eq!(effect(&Request::new("CLIENT SETNAME").arg("x")), Effect::State);
        assert_eq!(effect(&Request::new("CLIENT LIST")), Effect::None);
        assert_eq!(effect(&Request::new("SCRIPT DEBUG").arg("YES")), Effect::State);
        assert_eq!(effect(&Request::new("SCRIPT").arg("EXISTS").arg("DEBUG")), Effect::None);
        assert_eq!(effect(&Request::new("Client Reply").arg("OFF")), Effect::Stream);
        assert_eq!(effect(&Request::new("wait").arg(1).arg(0)), Effect::LooksBack);
        assert_eq!(effect(&Request::new("himport Prepare").arg("f")), Effect::State);
        assert_eq!(effect(&Request::new("HIMPORT SET").key("k")), Effect::LooksBack);
        assert_eq!(effect(&Request::new("Subscribe").arg("c")), Effect::Stream);
    }
}
