//! The border to hiredis: all unsafe code of `benches`. What it says is declared by hand, and compiled from `shim.c` and
//! hiredis itself.

use std::ffi::{CString, c_char, c_int, c_void};
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

/// A `redisContext`: a blocking connection.
pub(super) struct Context {
    /// INVARIANT: it came from `redisy_benches_connect`, and nobody else has it.
    raw: NonNull<RedisContext>,
}

impl Context {
    /// `None` when nobody listens there.
    pub(super) fn connect(host: &str, port: u16) -> Option<Self> {
        let host = CString::new(host).ok()?;
        // SAFETY: the name ends with a zero and is only read.
        let raw = unsafe { redisy_benches_connect(host.as_ptr(), c_int::from(port)) };
        NonNull::new(raw).map(|raw| Self { raw })
    }

    /// GET by `redisCommand`: the length of the value.
    pub(super) fn get(&mut self, key: &[u8]) -> Option<usize> {
        // SAFETY: the context is alive by the invariant; the key is readable for its length, and only copied.
        let len = unsafe { redisy_benches_get(self.raw.as_ptr(), key.as_ptr().cast(), key.len()) };
        usize::try_from(len).ok()
    }

    /// SET by `redisCommand`.
    pub(super) fn set(&mut self, key: &[u8], value: &[u8]) -> bool {
        let (key_start, start) = (key.as_ptr().cast(), value.as_ptr().cast());
        // SAFETY: the context is alive by the invariant; both texts are readable for their lengths, and only copied.
        unsafe { redisy_benches_set(self.raw.as_ptr(), key_start, key.len(), start, value.len()) == 0 }
    }

    /// LRANGE of all by `redisCommand`: how many elements there are.
    pub(super) fn lrange(&mut self, key: &[u8]) -> Option<usize> {
        // SAFETY: as for `get`.
        let count = unsafe { redisy_benches_lrange(self.raw.as_ptr(), key.as_ptr().cast(), key.len()) };
        usize::try_from(count).ok()
    }

    /// GET of each key by `redisAppendCommand`, then all replies: how many of them are strings.
    pub(super) fn pipeline(&mut self, keys: &[String]) -> Option<usize> {
        let context = self.raw.as_ptr();
        for key in keys {
            // SAFETY: as for `get`.
            if unsafe { redisy_benches_append_get(context, key.as_ptr().cast(), key.len()) } != 0 {
                return None;
            }
        }
        // SAFETY: the context is alive by the invariant.
        let count = unsafe { redisy_benches_strings(context, keys.len()) };
        usize::try_from(count).ok()
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: the context is alive by the invariant, and this is the last time that anybody uses it.
        unsafe { redisFree(self.raw.as_ptr()) }
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

/// `struct redisContext`.
#[repr(C)]
struct RedisContext {
    opaque: [u8; 0],
    /// Not `Send`, `Sync` or `Unpin` by itself.
    marker: PhantomData<(*mut c_void, PhantomPinned)>,
}

unsafe extern "C" {
    fn redisFree(context: *mut RedisContext);
    fn redisy_benches_connect(host: *const c_char, port: c_int) -> *mut RedisContext;
    fn redisy_benches_get(context: *mut RedisContext, key: *const c_char, key_len: usize) -> i64;
    fn redisy_benches_set(
        context: *mut RedisContext,
        key: *const c_char,
        key_len: usize,
        value: *const c_char,
        value_len: usize,
    ) -> c_int;
    fn redisy_benches_lrange(context: *mut RedisContext, key: *const c_char, key_len: usize) -> i64;
    fn redisy_benches_append_get(context: *mut RedisContext, key: *const c_char, key_len: usize) -> c_int;
    fn redisy_benches_strings(context: *mut RedisContext, count: usize) -> i64;
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
