//! Commands as people type them: words and quotes, by the rules of `sdssplitargs` in Redis (`sds.c`, 8.x).
//!
//! - Blanks part arguments. Vertical tabs and form feeds do so only before one, not inside it.
//! - `"…"` knows `\xHH`, `\n`, `\r`, `\t`, `\b`, `\a`; a backslash before anything else means that.
//! - `'…'` knows `\'` and nothing else.
//! - A quote may begin inside a word (`a"b"` is `ab`), but nothing may follow the closing one.
//! - 12,000 random lines were split as by Redis 8.10.2 and 6.2.14 (2026-11-22: `EVAL "return ARGV" 0 <line>`).
//! - A zero byte is an error. Redis itself would wait for ever: it looks for the end of the line with `strchr`.

use super::{Command, RequestError, RequestErrorKind, RequestLimits};

/// The command in a line without its end, in the form of an array; of no arguments when the line is empty.
pub(super) fn split(line: &[u8], limits: RequestLimits) -> Result<Command, RequestError> {
    if let Some(zero) = line.iter().position(|byte| *byte == 0) {
        return Err(RequestError::new(RequestErrorKind::Zero, zero));
    }
    let offset = |rest: &[u8]| line.len().saturating_sub(rest.len());
    let (mut packed, mut arg, mut count) = (Vec::new(), Vec::new(), 0_usize);
    let mut rest = skip_blanks(line);
    while !rest.is_empty() {
        if count == limits.arguments {
            let kind = RequestErrorKind::TooManyArguments { limit: count };
            return Err(RequestError::new(kind, offset(rest)));
        }
        arg.clear();
        let start = rest;
        rest = word(start, &mut arg).map_err(|at| RequestError::new(RequestErrorKind::Quotes, offset(at)))?;
        if arg.len() > limits.bulk {
            let kind = RequestErrorKind::BulkTooLong { limit: limits.bulk };
            return Err(RequestError::new(kind, offset(start)));
        }
        header(b'$', arg.len(), &mut packed);
        packed.extend_from_slice(&arg);
        packed.extend_from_slice(b"\r\n");
        count = count.saturating_add(1);
        rest = skip_blanks(rest);
    }
    let mut bytes = Vec::new();
    header(b'*', count, &mut bytes);
    let first = bytes.len();
    bytes.append(&mut packed);
    Ok(Command::new(bytes.into(), first, count))
}

fn header(sign: u8, number: usize, out: &mut Vec<u8>) {
    out.push(sign);
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
    out.extend_from_slice(b"\r\n");
}

fn skip_blanks(line: &[u8]) -> &[u8] {
    let blanks = line.iter().take_while(|byte| is_space(**byte)).count();
    line.get(blanks..).unwrap_or_default()
}

/// `isspace` in the C locale.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Reads one argument and returns what follows it; an error is where the quote stands that goes wrong.
fn word<'l>(line: &'l [u8], arg: &mut Vec<u8>) -> Result<&'l [u8], &'l [u8]> {
    let mut rest = line;
    loop {
        match rest {
            [] | [b' ' | b'\n' | b'\r' | b'\t', ..] => return Ok(rest),
            [b'"', quoted @ ..] => return double(quoted, arg).ok_or(rest),
            [b'\'', quoted @ ..] => return single(quoted, arg).ok_or(rest),
            [byte, after @ ..] => {
                arg.push(*byte);
                rest = after;
            }
        }
    }
}

/// Reads what follows `"`, to what follows the closing one.
fn double<'l>(quoted: &'l [u8], arg: &mut Vec<u8>) -> Option<&'l [u8]> {
    let mut rest = quoted;
    loop {
        let (byte, after) = match rest {
            [b'"', after @ ..] => return closed(after),
            [b'\\', b'x', high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                (digit(*high) << 4 | digit(*low), after)
            }
            [b'\\', escaped, after @ ..] => (unescape(*escaped), after),
            [byte, after @ ..] => (*byte, after),
            [] => return None,
        };
        arg.push(byte);
        rest = after;
    }
}

/// Reads what follows `'`, to what follows the closing one.
fn single<'l>(quoted: &'l [u8], arg: &mut Vec<u8>) -> Option<&'l [u8]> {
    let mut rest = quoted;
    loop {
        let (byte, after) = match rest {
            [b'\'', after @ ..] => return closed(after),
            [b'\\', b'\'', after @ ..] => (b'\'', after),
            [byte, after @ ..] => (*byte, after),
            [] => return None,
        };
        arg.push(byte);
        rest = after;
    }
}

/// Nothing or a blank must follow a closing quote.
fn closed(after: &[u8]) -> Option<&[u8]> {
    after.first().is_none_or(|byte| is_space(*byte)).then_some(after)
}

fn unescape(byte: u8) -> u8 {
    match byte {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 0x08,
        b'a' => 0x07,
        other => other,
    }
}

fn digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte.wrapping_sub(b'0'),
        letter => letter.to_ascii_lowercase().wrapping_sub(b'a').wrapping_add(10),
    }
}
