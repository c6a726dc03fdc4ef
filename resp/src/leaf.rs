//! The leaves of the grammar as nom parsers: a number, a line, a payload. What nests is the parser's business.
//!
//! Each leaf takes the bytes that are there and says `Incomplete` when they end too early. nom's types stay inside
//! this crate.

use nom::bytes::streaming::{take, take_till};
use nom::error::{Error, ErrorKind};
use nom::{Err, IResult, Needed, Parser};

/// What a leaf returns: the rest of the input and what it read.
pub(crate) type Leaf<'a, T> = IResult<&'a [u8], T>;

/// The number after a type byte where an aggregate or a string may also be streamed.
#[derive(Clone, Copy)]
pub(crate) enum Length {
    Known(i64),
    Streamed,
}

/// A decimal integer and its CRLF, as strict as hiredis (`string2ll`): no `+`, no leading zero, no `-0`.
pub(crate) fn number(input: &[u8]) -> Leaf<'_, i64> {
    let (negative, digits) = match input {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    // Wrong as soon as it is wrong: a number cut in two must fail as the whole one does, and at the same byte.
    match digits {
        [b'0', b'0'..=b'9', ..] => return malformed(digits),
        [b'0', ..] if negative => return malformed(digits),
        [b'0'..=b'9', ..] | [] => {}
        _ => return malformed(digits),
    }
    let mut value: u64 = 0;
    let mut rest = digits;
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        let digit = u64::from(digit.wrapping_sub(b'0'));
        let Some(next) = value.checked_mul(10).and_then(|tens| tens.checked_add(digit)) else {
            return malformed(digits);
        };
        (value, rest) = (next, after);
    }
    let Some(value) = (if negative { 0_i64.checked_sub_unsigned(value) } else { i64::try_from(value).ok() })
    else {
        return malformed(digits);
    };
    let (rest, ()) = crlf(rest)?;
    Ok((rest, value))
}

/// A number and its CRLF, or `?` and its CRLF.
pub(crate) fn length(input: &[u8]) -> Leaf<'_, Length> {
    match input {
        [b'?', rest @ ..] => crlf.map(|()| Length::Streamed).parse(rest),
        _ => number.map(Length::Known).parse(input),
    }
}

/// A line without its CRLF. The first `searched` bytes are known to hold neither CR nor LF.
pub(crate) fn line(input: &[u8], searched: usize) -> Leaf<'_, &[u8]> {
    let (tail, _) = take(searched)(input)?;
    let (tail, _) = take_till(|byte| byte == b'\r' || byte == b'\n')(tail)?;
    let (rest, ()) = crlf(tail)?;
    let (_, line) = take(input.len().saturating_sub(tail.len()))(input)?;
    Ok((rest, line))
}

/// `t` or `f` and its CRLF.
pub(crate) fn boolean(input: &[u8]) -> Leaf<'_, bool> {
    match input {
        [byte @ (b't' | b'f'), rest @ ..] => crlf.map(|()| *byte == b't').parse(rest),
        [] => incomplete(),
        _ => malformed(input),
    }
}

/// Exactly CRLF.
pub(crate) fn crlf(input: &[u8]) -> Leaf<'_, ()> {
    match input {
        [b'\r', b'\n', rest @ ..] => Ok((rest, ())),
        [] | [b'\r'] => incomplete(),
        [b'\r', wrong @ ..] => malformed(wrong),
        _ => malformed(input),
    }
}

fn incomplete<T>() -> Leaf<'static, T> {
    Err(Err::Incomplete(Needed::Unknown))
}

fn malformed<T>(at: &[u8]) -> Leaf<'_, T> {
    Err(Err::Error(Error::new(at, ErrorKind::Verify)))
}
