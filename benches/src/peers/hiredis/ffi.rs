//! The border to hiredis: all unsafe code of `benches`. What it says is declared by hand, and compiled from `shim.c` and
//! hiredis itself.

use std::ffi::{c_char, c_int, c_void};
use std::marker::{PhantomData, PhantomPinned};
use std::ptr::NonNull;

/// What a reader makes of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    /// The `redisReply`s of hiredis itself.
    Objects,
    /// Nothing at all.
    Nothing,
}

/// A `redisReader`.
pub(super) struct Reader {
    /// INVARIANT: it came from `redisy_benches_reader`, and nobody else has it.
    raw: NonNull<RedisReader>,
}

impl Reader {
    pub(super) fn new(made: Made) -> Self {
        // SAFETY: it takes a number and returns a reader of its own, or null.
        let raw = unsafe { redisy_benches_reader(c_int::from(made == Made::Objects)) };
        Self { raw: NonNull::new(raw).expect("there is memory for a reader") }
    }

    /// Copies bytes into it. False when it has failed before, or has no memory.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> bool {
        // SAFETY: the reader is alive by the invariant; the bytes are readable for their length, and only copied.
        unsafe { redisReaderFeed(self.raw.as_ptr(), bytes.as_ptr().cast(), bytes.len()) == 0 }
    }

    /// Takes all replies that are whole and frees them; returns how many there were, or `None` after an error.
    pub(super) fn replies(&mut self) -> Option<usize> {
        // SAFETY: the reader is alive by the invariant, and its functions were set when it was made.
        let count = unsafe { redisy_benches_replies(self.raw.as_ptr()) };
        usize::try_from(count).ok()
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // SAFETY: the reader is alive by the invariant, and this is the last time that anybody uses it.
        unsafe { redisReaderFree(self.raw.as_ptr()) }
    }
}

/// Packs a command by `redisFormatSdsCommandArgv` and returns its length.
pub(super) fn pack<const N: usize>(words: [&[u8]; N]) -> Option<usize> {
    let (mut starts, lengths) = (words.map(|word| word.as_ptr().cast()), words.map(<[u8]>::len));
    let count = c_int::try_from(N).ok()?;
    // SAFETY: both lists are of the length that is told, each word is readable for its own, and all is only copied.
    let len = unsafe { redisy_benches_pack(count, starts.as_mut_ptr(), lengths.as_ptr()) };
    usize::try_from(len).ok()
}

/// Packs SET by `redisFormatCommand` and returns its length.
pub(super) fn pack_set(key: &[u8], value: &[u8]) -> Option<usize> {
    // SAFETY: both are readable for their length, and only copied.
    let len = unsafe {
        redisy_benches_pack_set(key.as_ptr().cast(), key.len(), value.as_ptr().cast(), value.len())
    };
    usize::try_from(len).ok()
}

/// `struct redisReader`.
#[repr(C)]
struct RedisReader {
    opaque: [u8; 0],
    /// Not `Send`, `Sync` or `Unpin` by itself.
    marker: PhantomData<(*mut c_void, PhantomPinned)>,
}

unsafe extern "C" {
    fn redisReaderFeed(reader: *mut RedisReader, bytes: *const c_char, len: usize) -> c_int;
    fn redisReaderFree(reader: *mut RedisReader);
    fn redisy_benches_reader(objects: c_int) -> *mut RedisReader;
    fn redisy_benches_replies(reader: *mut RedisReader) -> i64;
    fn redisy_benches_pack(count: c_int, words: *mut *const c_char, lengths: *const usize) -> i64;
    fn redisy_benches_pack_set(
        key: *const c_char,
        key_len: usize,
        value: *const c_char,
        value_len: usize,
    ) -> i64;
}
