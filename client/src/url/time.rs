//! How a URL spells a time. What [`show`] writes, [`read`] reads, to the nanosecond.

use std::time::Duration;

const UNITS: [(&str, u128); 4] =
    [("ms", 1_000_000), ("s", NANOS_PER_SECOND), ("m", 60 * NANOS_PER_SECOND), ("", NANOS_PER_SECOND)];

const NANOS_PER_SECOND: u128 = 1_000_000_000;

/// `250ms`, `5s`, `2m`, `0.5` (seconds) or `none`. Zero would be over before it began.
pub(super) fn read(text: &str) -> Option<Option<Duration>> {
    if text == "none" {
        return Some(None);
    }
    let (number, unit) = UNITS.iter().find_map(|(unit, nanos)| Some((text.strip_suffix(unit)?, *nanos)))?;
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && part.is_empty() {
        return None;
    }
    let nanos = u128::from(digits(whole)?) * unit + fraction(part)? * unit / FRACTION;
    let time =
        Duration::new(u64::try_from(nanos / NANOS_PER_SECOND).ok()?, (nanos % NANOS_PER_SECOND) as u32);
    (!time.is_zero()).then_some(Some(time))
}

/// In the largest unit that needs no fraction, if there is one.
pub(super) fn show(time: Option<Duration>) -> String {
    let Some(time) = time else { return "none".to_owned() };
    let (seconds, nanos) = (time.as_secs(), time.subsec_nanos());
    match nanos {
        0 if seconds > 0 && seconds % 60 == 0 => format!("{}m", seconds / 60),
        0 => format!("{seconds}s"),
        _ if nanos % 1_000_000 == 0 => format!("{}ms", time.as_millis()),
        _ => format!("{}s", format!("{seconds}.{nanos:09}").trim_end_matches('0')),
    }
}

fn digits(text: &str) -> Option<u64> {
    match text {
        "" => Some(0),
        _ if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    }
}

/// In what [`fraction`] counts: a nanosecond is the eleventh place of a minute, and four more do no harm.
const FRACTION: u128 = 1_000_000_000_000_000;

/// The places after the point. Those beyond the fifteenth are not even a nanosecond together.
fn fraction(places: &str) -> Option<u128> {
    let all = places.bytes().all(|byte| byte.is_ascii_digit());
    let padded = format!("{:0<15.15}", all.then_some(places)?);
    padded.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn nanos(nanos: u64) -> Option<Duration> {
        Some(Duration::from_nanos(nanos))
    }

    #[test]
    fn both_ways() {
        for (text, time) in [
            ("none", None),
            ("250ms", nanos(250_000_000)),
            ("1500ms", nanos(1_500_000_000)),
            ("5s", nanos(5_000_000_000)),
            ("59s", nanos(59_000_000_000)),
            ("1m", nanos(60_000_000_000)),
            ("0.000000001s", nanos(1)),
            ("1.0000015s", nanos(1_000_001_500)),
            ("18446744073709551615.999999999s", Some(Duration::MAX)),
        ] {
            assert_eq!(read(text), Some(time), "{text}");
            assert_eq!(show(time), text);
        }
    }

    #[test]
    fn other_spellings() {
        for (text, time) in [
            ("0.5", nanos(500_000_000)),
            (".5s", nanos(500_000_000)),
            ("5.", nanos(5_000_000_000)),
            ("1.5m", nanos(90_000_000_000)),
            ("0.25ms", nanos(250_000)),
            ("120s", nanos(120_000_000_000)),
            ("0.1999999999999999999999s", nanos(199_999_999)),
        ] {
            assert_eq!(read(text), Some(time), "{text}");
        }
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            ".",
            "s",
            "ms",
            ".s",
            "0",
            "0s",
            "0.0000000001",
            "-1s",
            "+1s",
            "1e3",
            "inf",
            "nan",
            "1h",
            "1 s",
            "1.-5",
            "1.2.3",
            "None",
            "18446744073709551616",
            "307445734561825861m",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
