//! The border to C: all unsafe code of the crate. What it says is declared by hand, and compiled from `shim.c`.
//!
//! Nothing of hiredis's memory is ever read here: elements come as numbers in a list of ours, which the safe side holds
//! against bytes of its own. The list is lent to C for one call, and C calls nothing back.

use std::alloc::{Layout, handle_alloc_error};
use std::ffi::{c_char, c_int};
use std::marker::{PhantomData, PhantomPinned};
use std::ptr::NonNull;

/// An element as hiredis tells it: `struct redisy_element`.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub(super) struct Element {
    /// So many bytes before the end of what was fed: the first of a text; of all else, where hiredis reads on.
    pub(super) behind: usize,
    /// An integer, a boolean, or the bits of a double. Of a text, its bytes; of an aggregate, its elements, keys and
    /// values apart.
    pub(super) number: i64,
    /// How long the text of a double is.
    pub(super) digits: u16,
    /// What hiredis created: a string, an aggregate (`Tag::ARRAY`), a scalar.
    pub(super) event: Tag,
    /// By which type byte.
    pub(super) tag: Tag,
    /// Whether it stands in an aggregate: 0 or 1.
    pub(super) nested: u8,
}

impl Element {
    /// What stands in a list where nothing was told yet.
    pub(super) const NONE: Self =
        Self { behind: 0, number: 0, digits: 0, event: Tag(0), tag: Tag(0), nested: 0 };

    /// Of a text or an aggregate, its length.
    pub(super) fn len(&self) -> usize {
        self.number as usize
    }
}

/// `REDIS_REPLY_…`, checked against the header in `shim.c`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub(super) struct Tag(u8);

impl Tag {
    pub(super) const STRING: Self = Self(1);
    pub(super) const ARRAY: Self = Self(2);
    pub(super) const INTEGER: Self = Self(3);
    pub(super) const NIL: Self = Self(4);
    pub(super) const STATUS: Self = Self(5);
    pub(super) const ERROR: Self = Self(6);
    pub(super) const DOUBLE: Self = Self(7);
    pub(super) const BOOL: Self = Self(8);
    pub(super) const MAP: Self = Self(9);
    pub(super) const SET: Self = Self(10);
    pub(super) const ATTR: Self = Self(11);
    pub(super) const PUSH: Self = Self(12);
    pub(super) const BIGNUM: Self = Self(13);
    pub(super) const VERB: Self = Self(14);
}

/// How far a reader came.
#[derive(Debug, Clone, Copy)]
pub(super) struct Advance {
    /// So many elements were told.
    pub(super) count: usize,
    /// Of so many bytes that were fed nothing has been made yet.
    pub(super) unread: usize,
    /// The bytes behind the elements are wrong, or there were more than the list has room for.
    pub(super) failed: bool,
}

/// A `redisReader`.
pub(super) struct Reader {
    /// INVARIANT: it came from `redisy_hiredis_new`, and nobody else has it.
    shim: NonNull<Shim>,
}

// SAFETY: a reader has no tie to a thread: its memory is `malloc`'s, hiredis keeps no thread-local state of it, and
// between two calls it holds no address of ours. Two threads at once are kept out by `&mut self`.
unsafe impl Send for Reader {}

impl Reader {
    pub(super) fn new() -> Self {
        // SAFETY: it takes nothing and returns a reader of its own, or null.
        let shim = unsafe { redisy_hiredis_new() };
        match NonNull::new(shim) {
            Some(shim) => Self { shim },
            // As everywhere in Rust when memory has run out.
            None => handle_alloc_error(Layout::new::<Self>()),
        }
    }

    /// Copies bytes into hiredis. False when it has failed before, or has no memory.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> bool {
        // SAFETY: the shim is alive by the invariant; the bytes are readable for their length, and only copied.
        unsafe { redisy_hiredis_feed(self.shim.as_ptr(), bytes.as_ptr().cast(), bytes.len()) != 0 }
    }

    /// Reads all that was fed, and writes what it finds into `elements`.
    pub(super) fn advance(&mut self, elements: &mut [Element]) -> Advance {
        let (mut count, mut unread) = (0, 0);
        // SAFETY: the shim is alive by the invariant. `elements` is borrowed for all of this call; the shim writes
        // whole elements into it, no more than its length, any bits of which are an `Element`, and forgets its address
        // before it returns. The two numbers outlive the call.
        let is_well = unsafe {
            redisy_hiredis_advance(
                self.shim.as_ptr(),
                elements.as_mut_ptr(),
                elements.len(),
                &raw mut count,
                &raw mut unread,
            )
        };
        Advance { count, unread, failed: is_well == 0 }
    }

    /// What hiredis says is wrong.
    pub(super) fn error(&self) -> String {
        let mut message = [0_u8; 128];
        // SAFETY: the shim is alive by the invariant, and writes no more than the length into the array.
        let len =
            unsafe { redisy_hiredis_error(self.shim.as_ptr(), message.as_mut_ptr().cast(), message.len()) };
        String::from_utf8_lossy(message.get(..len).unwrap_or_default()).into_owned()
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // SAFETY: the shim is alive by the invariant, and this is the last time that anybody uses it.
        unsafe { redisy_hiredis_free(self.shim.as_ptr()) }
    }
}

/// The version of hiredis that is compiled in: 1005000 for 1.5.0.
pub(super) fn version() -> i32 {
    // SAFETY: it returns a constant.
    unsafe { redisy_hiredis_version() }
}

/// `struct redisy_hiredis`.
#[repr(C)]
struct Shim {
    opaque: [u8; 0],
    /// Not `Send`, `Sync` or `Unpin` by itself.
    marker: PhantomData<(*mut u8, PhantomPinned)>,
}

unsafe extern "C" {
    fn redisy_hiredis_new() -> *mut Shim;
    fn redisy_hiredis_free(shim: *mut Shim);
    fn redisy_hiredis_feed(shim: *mut Shim, bytes: *const c_char, len: usize) -> c_int;
    fn redisy_hiredis_advance(
        shim: *mut Shim,
        elements: *mut Element,
        room: usize,
        count: *mut usize,
        unread: *mut usize,
    ) -> c_int;
    fn redisy_hiredis_error(shim: *const Shim, message: *mut c_char, room: usize) -> usize;
    fn redisy_hiredis_version() -> c_int;
}
