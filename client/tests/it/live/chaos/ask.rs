//! What is asked, and whether a reply is the answer to it.
//!
//! Every text has the name of its request or key in it, and a checksum over that. Every counter counts from a number
//! of its own, so that an integer too says whose it is.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use client::{Request, Value};

/// One command, and what its reply may be.
#[derive(Debug)]
pub(super) enum Ask {
    /// ECHO of a text that no other request has.
    Echo(String),
    /// GET of a key whose value, if it is there, is made of the key.
    Get(String),
    /// SET of such a key.
    Set(String),
    /// INCR of the caller's counter with this number; its reply is at least this. One that ran too often shows in the end.
    Incr { counter: usize, key: String, least: i64 },
}

/// What a reply turns out to be.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    Right,
    /// A whole reply to another request.
    Crossed,
    /// What no request has for a reply: a flipped byte can do that.
    Corrupt,
}

/// Counters begin at this, so far apart that none reaches the next.
pub(super) const COUNTERS: i64 = 1_000 * APART;
pub(super) const APART: i64 = 1_000_000_000;

impl Ask {
    pub(super) fn request(&self) -> Request<'_> {
        match self {
            Self::Echo(tag) => Request::new("ECHO").arg(tag),
            Self::Get(key) => Request::new("GET").key(key),
            Self::Set(key) => Request::new("SET").key(key).arg(value_of(key)),
            Self::Incr { key, .. } => Request::new("INCR").key(key),
        }
    }

    /// Whether `value` answers it.
    pub(super) fn judge(&self, value: &Value) -> Verdict {
        let is_right = match (self, value) {
            (Self::Echo(tag), Value::BulkString(text)) => tag.as_bytes() == text,
            (Self::Get(key), Value::BulkString(text)) => value_of(key).as_bytes() == text,
            (Self::Get(_), Value::Null) => true,
            (Self::Set(_), Value::SimpleString(text)) => text == "OK",
            (Self::Incr { least, .. }, Value::Integer(number)) => {
                number >= least && number / APART == least / APART
            }
            _ => false,
        };
        let is_of_another = match value {
            Value::BulkString(text) => is_intact(text),
            Value::SimpleString(text) => text == "OK" || text == "PONG",
            Value::Integer(number) => *number >= COUNTERS,
            _ => false,
        };
        match (is_right, is_of_another) {
            (true, _) => Verdict::Right,
            (false, true) => Verdict::Crossed,
            (false, false) => Verdict::Corrupt,
        }
    }
}

/// A text of about so many bytes that says whose it is and whether it is whole.
pub(super) fn tag(name: &str, length: usize) -> String {
    let padding = "x".repeat(length.saturating_sub(name.len() + 18));
    format!("{name}|{padding}|{:016x}", sum(name, padding.len()))
}

pub(super) fn value_of(key: &str) -> String {
    tag(key, 40 + key.len() * 5)
}

fn is_intact(text: &[u8]) -> bool {
    let parts: Vec<_> = text.split(|byte| *byte == b'|').collect();
    let [name, padding, checksum] = parts[..] else { return false };
    std::str::from_utf8(name)
        .is_ok_and(|name| format!("{:016x}", sum(name, padding.len())).as_bytes() == checksum)
}

fn sum(name: &str, padding: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    (name, padding).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts() {
        let echo = Ask::Echo(tag("t1", 100));
        let text = |text: &str| Value::BulkString(text.into());
        assert_eq!(echo.judge(&text(&tag("t1", 100))), Verdict::Right);
        assert_eq!(echo.judge(&text(&tag("t2", 100))), Verdict::Crossed);
        assert_eq!(echo.judge(&text(&tag("t1", 100)[1..])), Verdict::Corrupt);
        assert_eq!(echo.judge(&Value::Integer(COUNTERS + 7)), Verdict::Crossed);
        assert_eq!(echo.judge(&Value::Null), Verdict::Corrupt);
        assert_eq!(echo.judge(&Value::SimpleString("OK".into())), Verdict::Crossed);

        let get = Ask::Get("k1".into());
        assert_eq!(get.judge(&text(&value_of("k1"))), Verdict::Right);
        assert_eq!(get.judge(&Value::Null), Verdict::Right);
        assert_eq!(get.judge(&text(&value_of("k2"))), Verdict::Crossed);

        let incr = Ask::Incr { counter: 0, key: "n".into(), least: COUNTERS + 5 };
        assert_eq!(incr.judge(&Value::Integer(COUNTERS + 6)), Verdict::Right);
        assert_eq!(incr.judge(&Value::Integer(COUNTERS + 4)), Verdict::Crossed);
        assert_eq!(incr.judge(&Value::Integer(COUNTERS + APART + 6)), Verdict::Crossed);
        assert_eq!(incr.judge(&Value::Integer(7)), Verdict::Corrupt);
    }
}
