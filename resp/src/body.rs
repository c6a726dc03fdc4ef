//! The packed arguments of a request, in one buffer that begins on the stack.
//!
//! ```text
//!  small   [ headroom | $3 SET $3 key $5 value          ]     initialised once, and written into
//!                                                    │ no room
//!  grown   [ headroom | $3 SET $3 key $1024 …        ▼  ⋯     appended to from then on
//! ```
//!
//! A thread keeps the memory of one that has grown for the next that does, so that a value of 1 KiB costs no
//! allocation either.
//!
//! It does not know what an argument means, nor where large ones belong.

use std::cell::Cell;

/// Room for `*`, ten digits and CRLF before the first argument.
pub(crate) const HEADROOM: usize = 13;

/// A typical command with its header fits here without an allocation.
const INLINE: usize = 128;

/// More memory than this is not kept: an argument that is not large, with a header and a few small ones beside it.
const KEPT: usize = 8 << 10;

thread_local! {
    /// Memory for the next body of this thread that grows. A second one at the same time allocates its own.
    static SPARE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// `HEADROOM` bytes and the packed arguments after them.
#[derive(Clone)]
pub(crate) struct Body {
    small: [u8; INLINE],
    /// How much of `small` is written.
    used: usize,
    /// All of it, once it has become too much for `small`. Empty before.
    grown: Vec<u8>,
}

impl Body {
    #[inline]
    pub(crate) fn new() -> Self {
        Self { small: [0; INLINE], used: HEADROOM, grown: Vec::new() }
    }

    /// The headroom and all arguments.
    #[inline]
    pub(crate) fn written(&self) -> &[u8] {
        if self.grown.is_empty() { self.small.get(..self.used).unwrap_or_default() } else { &self.grown }
    }

    #[inline]
    pub(crate) fn written_mut(&mut self) -> &mut [u8] {
        if self.grown.is_empty() { &mut self.small } else { &mut self.grown }
    }

    /// Packs an argument.
    #[inline]
    pub(crate) fn bulk(&mut self, bytes: &[u8]) {
        if !self.grown.is_empty() || !self.bulk_in_place(bytes) {
            let mut grown = self.take_grown(bytes.len().saturating_add(AROUND));
            append_length(&mut grown, bytes.len());
            grown.extend_from_slice(bytes);
            grown.extend_from_slice(b"\r\n");
            self.grown = grown;
        }
    }

    /// Packs what stands around an argument of so many bytes that is kept elsewhere; returns where it belongs.
    #[inline]
    pub(crate) fn split_bulk(&mut self, len: usize) -> usize {
        let mut grown = self.take_grown(AROUND);
        append_length(&mut grown, len);
        let at = grown.len();
        grown.extend_from_slice(b"\r\n");
        self.grown = grown;
        at
    }

    /// Writes a short argument where there is room for it; returns whether there was.
    #[inline]
    fn bulk_in_place(&mut self, bytes: &[u8]) -> bool {
        let len = bytes.len();
        let room = self.small.get_mut(self.used..).unwrap_or_default();
        let start = match len {
            0..=9 => put(room, [b'$', digit(len), b'\r', b'\n']),
            10..=99 => put(room, [b'$', digit(len / 10), digit(len), b'\r', b'\n']),
            _ => return false,
        };
        let end = start.saturating_add(len);
        let Some((value, rest)) = room.get_mut(start..).and_then(|room| room.split_at_mut_checked(len))
        else {
            return false;
        };
        if rest.len() < 2 {
            return false;
        }
        value.copy_from_slice(bytes);
        put(rest, *b"\r\n");
        self.used = self.used.saturating_add(end).saturating_add(2);
        true
    }

    /// All of it on the heap, with room for so many bytes more; to be given back.
    #[inline]
    fn take_grown(&mut self, more: usize) -> Vec<u8> {
        let mut grown = std::mem::take(&mut self.grown);
        if grown.is_empty() {
            grown = SPARE.try_with(Cell::take).unwrap_or_default(); // none when the thread is ending
            grown.clear();
            let small = self.small.get(..self.used).unwrap_or_default();
            grown.reserve(small.len().saturating_add(more).saturating_add(TAIL));
            grown.extend_from_slice(small);
        } else {
            grown.reserve(more);
        }
        grown
    }
}

impl Drop for Body {
    #[inline]
    fn drop(&mut self) {
        if !self.grown.is_empty() && self.grown.capacity() <= KEPT {
            let grown = std::mem::take(&mut self.grown);
            let _ = SPARE.try_with(|spare| spare.set(grown)); // gone when the thread is ending
        }
    }
}

/// At most so many bytes stand around an argument: `$`, twenty digits and CRLF before it, CRLF after it.
const AROUND: usize = 25;

/// Room for what typically follows the argument that was too much: `GET NX PXAT 1700000000000`.
const TAIL: usize = 64;

/// Appends the line before an argument.
#[inline]
fn append_length(to: &mut Vec<u8>, len: usize) {
    match len {
        0..=9 => to.extend_from_slice(&[b'$', digit(len), b'\r', b'\n']),
        10..=99 => to.extend_from_slice(&[b'$', digit(len / 10), digit(len), b'\r', b'\n']),
        100..=999 => {
            to.extend_from_slice(&[b'$', digit(len / 100), digit(len / 10), digit(len), b'\r', b'\n']);
        }
        1_000..=9_999 => {
            let [a, b, c, d] = [len / 1_000, len / 100, len / 10, len].map(digit);
            to.extend_from_slice(&[b'$', a, b, c, d, b'\r', b'\n']);
        }
        _ => {
            to.push(b'$');
            to.extend_from_slice(itoa::Buffer::new().format(len).as_bytes());
            to.extend_from_slice(b"\r\n");
        }
    }
}

/// The last digit of `value`.
fn digit(value: usize) -> u8 {
    b'0'.wrapping_add((value % 10) as u8)
}

/// Writes `bytes` at the beginning of `room`, and returns how many they are.
#[inline]
fn put<const N: usize>(room: &mut [u8], bytes: [u8; N]) -> usize {
    if let Some(room) = room.first_chunk_mut() {
        *room = bytes;
    }
    N
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The arguments as they would be written with nothing but `format!`.
    fn plain(lens: &[usize]) -> Vec<u8> {
        let bulk = |len: &usize| [format!("${len}\r\n").into_bytes(), vec![b'x'; *len], b"\r\n".to_vec()];
        lens.iter().flat_map(bulk).flatten().collect()
    }

    #[test]
    fn every_length_before_and_after_growing() {
        for len in (0..300).chain([998, 999, 1_000, 5_999, 6_000, 9_999, 10_000, 123_456]) {
            for lens in
                [vec![len], vec![3, len], vec![3, 20, len, 5], vec![200, len, 0], vec![60, len, 60, len]]
            {
                let mut body = Body::new();
                lens.iter().for_each(|len| body.bulk(&vec![b'x'; *len]));
                assert_eq!(body.written()[HEADROOM..], plain(&lens), "{lens:?}");
            }
        }
    }

    #[test]
    fn an_argument_kept_elsewhere_has_its_place() {
        for before in [0, 50, 100, 200] {
            let mut body = Body::new();
            body.bulk(&vec![b'x'; before]);
            let at = body.split_bulk(16_000_000);
            assert!(body.written()[..at].ends_with(b"\r\n$16000000\r\n"), "{before}");
            assert_eq!(body.written()[at..], *b"\r\n", "{before}");
        }
    }
}
