//! One line of MONITOR's, read strictly: what is no such line is none.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use bytes::Bytes;

use super::{MonitorSource, Monitored};

/// Reads a line; `None` if it is none.
pub(super) fn parse(line: &[u8]) -> Option<Monitored> {
    let (time, rest) = cut(line, b" [")?;
    // A path may hold a bracket, but only what is quoted begins like this.
    let (place, words) = cut(rest, b"] \"")?;
    let (db, source) = cut(place, b" ")?;
    Some(Monitored {
        time: self::time(text(time)?)?,
        db: text(db)?.parse().ok()?,
        source: self::source(&String::from_utf8_lossy(source)),
        args: args(words)?,
    })
}

/// Seconds and, behind the point, microseconds.
fn time(text: &str) -> Option<SystemTime> {
    let (seconds, fraction) = text.split_once('.')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(seconds) || !is_number(fraction) || fraction.len() != 6 {
        return None;
    }
    let since = Duration::from_secs(seconds.parse().ok()?) + Duration::from_micros(fraction.parse().ok()?);
    SystemTime::UNIX_EPOCH.checked_add(since)
}

fn source(text: &str) -> MonitorSource {
    if text == "lua" {
        return MonitorSource::Script;
    }
    if let Some(path) = text.strip_prefix("unix:") {
        return MonitorSource::Unix(path.to_owned());
    }
    match text.rsplit_once(':').map(|(host, port)| (host, port.parse())) {
        Some((host, Ok(port))) => {
            let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
            MonitorSource::Tcp(bare.unwrap_or(host).to_owned(), port)
        }
        _ => MonitorSource::Other(text.to_owned()),
    }
}

/// The words behind the first quotation mark.
fn args(mut rest: &[u8]) -> Option<Vec<Bytes>> {
    let mut args = Vec::new();
    loop {
        let (word, behind) = word(rest)?;
        args.push(Bytes::from(word.into_owned()));
        match behind {
            [] => return Some(args),
            [b' ', b'"', next @ ..] => rest = next,
            _ => return None,
        }
    }
}

/// A word up to its closing quotation mark, and what is behind that.
fn word(bytes: &[u8]) -> Option<(Cow<'_, [u8]>, &[u8])> {
    let end = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
    if bytes[end] == b'"' {
        return Some((Cow::Borrowed(&bytes[..end]), &bytes[end + 1..]));
    }
    let (mut word, mut rest) = (bytes[..end].to_vec(), &bytes[end..]);
    loop {
        rest = match rest {
            [b'"', behind @ ..] => return Some((Cow::Owned(word), behind)),
            [b'\\', b'x', high, low, behind @ ..] => {
                word.push(hex(*high)? << 4 | hex(*low)?);
                behind
            }
            [b'\\', escaped, behind @ ..] => {
                word.push(unescaped(*escaped)?);
                behind
            }
            [byte, behind @ ..] => {
                word.push(*byte);
                behind
            }
            [] => return None,
        };
    }
}

/// As `sdscatrepr` of Redis escapes.
fn unescaped(byte: u8) -> Option<u8> {
    match byte {
        b'n' => Some(b'\n'),
        b'r' => Some(b'\r'),
        b't' => Some(b'\t'),
        b'a' => Some(7),
        b'b' => Some(8),
        b'"' | b'\\' => Some(byte),
        _ => None,
    }
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn cut<'a>(bytes: &'a [u8], at: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let place = bytes.windows(at.len()).position(|window| window == at)?;
    Some((&bytes[..place], &bytes[place + at.len()..]))
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(line: &[u8]) -> Monitored {
        parse(line).unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(line)))
    }

    #[test]
    fn sources() {
        let tcp = |host: &str, port| MonitorSource::Tcp(host.into(), port);
        for (text, db, source) in [
            ("0 127.0.0.1:60866", 0, tcp("127.0.0.1", 60_866)),
            ("15 [::1]:1", 15, tcp("::1", 1)),
            ("0 ::1:60866", 0, tcp("::1", 60_866)),
            ("3 lua", 3, MonitorSource::Script),
            ("0 unix:/tmp/a ]b.sock", 0, MonitorSource::Unix("/tmp/a ]b.sock".into())),
            ("0 unix:/tmp/redis.sock:0", 0, MonitorSource::Unix("/tmp/redis.sock:0".into())),
            ("0 ?", 0, MonitorSource::Other("?".into())),
        ] {
            let seen = seen(format!("1339518083.107412 [{text}] \"keys\" \"*\"").as_bytes());
            assert_eq!((seen.db, seen.source), (db, source));
            assert_eq!(seen.time, SystemTime::UNIX_EPOCH + Duration::from_micros(1_339_518_083_107_412));
            assert_eq!(seen.args, ["keys", "*"]);
        }
    }

    #[test]
    fn quoting() {
        for (quoted, plain) in [
            (r#""get" """#, &[&b"get"[..], b""][..]),
            (r#""get" "foo\"bar""#, &[b"get", b"foo\"bar"]),
            (r#""get" "foo\x92""#, &[b"get", b"foo\x92"]),
            (r#""get" "foo\\x92""#, &[b"get", b"foo\\x92"]),
            (r#""a" "\\\\" "\\\"""#, &[b"a", b"\\\\", b"\\\""]),
            (r#""a" "\n\r\t\a\b\x00\xfF""#, &[b"a", b"\n\r\t\x07\x08\0\xff"]),
            (r#""a" "] \"b" "c d""#, &[b"a", b"] \"b", b"c d"]),
        ] {
            let seen = seen(format!("1.000001 [0 lua] {quoted}").as_bytes());
            assert_eq!(seen.args, plain, "{quoted}");
        }
    }

    #[test]
    fn what_is_no_line_is_none() {
        for line in [
            "",
            "OK",
            "1.000001 [0 lua]",
            "1.000001 [0 lua] get",
            "1.000001 [0 lua] \"get",
            "1.000001 [0 lua] \"get\" x",
            "1.000001 [0 lua] \"get\"\"x\"",
            "1.000001 [0 lua] \"\\x0\"",
            "1.000001 [0 lua] \"\\q\"",
            "1.000001 [0 lua] \"\\",
            "1.000001 [x lua] \"get\"",
            "1.1 [0 lua] \"get\"",
            "-1.000001 [0 lua] \"get\"",
            "1.+00001 [0 lua] \"get\"",
            "99999999999999999999.000001 [0 lua] \"get\"",
            "1.000001 [0] \"get\"",
        ] {
            assert_eq!(parse(line.as_bytes()), None, "{line}");
        }
    }
}
