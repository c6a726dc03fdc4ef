//! The border to C: all unsafe code of the crate. What it says is declared by hand, and compiled from `shim.c`.
//!
//! Nothing of hiredis's memory is ever read here: elements come as numbers, which the safe side holds against bytes
//! of its own. A callback gets the address of a [`Sink`] that lives as long as the one call that it is made in.

use std::alloc::{Layout, handle_alloc_error};
use std::ffi::{c_char, c_int, c_void};
use std::marker::{PhantomData, PhantomPinned};
use std::ptr::NonNull;

/// Takes the elements that hiredis has read.
pub(super) trait Sink {
    /// Takes one; false stops the reader with an error.
    fn element(&mut self, element: Element) -> bool;
}

/// An element as hiredis tells it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element {
    /// What hiredis created: a string, an aggregate (`Tag::ARRAY`), a scalar.
    pub(super) event: Tag,
    /// By which type byte.
    pub(super) tag: Tag,
    /// Whether it stands in an aggregate.
    pub(super) nested: bool,
    /// So many bytes before the end of what was fed: the first of a text; of all else, where hiredis reads on.
    pub(super) behind: usize,
    /// Bytes of a text; elements of an aggregate, keys and values apart.
    pub(super) len: usize,
    /// An integer, a boolean, or the bits of a double.
    pub(super) number: i64,
}

/// `REDIS_REPLY_…`, checked against the header in `shim.c`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag(c_int);

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
pub(super) enum Status {
    /// A reply is whole; so many bytes that were fed stand behind it.
    Whole { unread: usize },
    /// The bytes end too early; of so many nothing has been made yet.
    Starved { unread: usize },
    /// The bytes are wrong, or a sink said stop.
    Failed,
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

    /// Reads on, and tells `sink` each element.
    pub(super) fn advance<S: Sink>(&mut self, sink: &mut S) -> Status {
        let sink: *mut S = sink;
        let mut unread = 0;
        // SAFETY: the shim is alive by the invariant. `on_element::<S>` gets back the address of `sink`, an `S` that
        // is borrowed for all of this call and not touched here meanwhile, and the shim forgets it before it returns.
        let status = unsafe {
            redisy_hiredis_advance(self.shim.as_ptr(), on_element::<S>, sink.cast(), &raw mut unread)
        };
        match status {
            1 => Status::Whole { unread },
            0 => Status::Starved { unread },
            _ => Status::Failed,
        }
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

/// # Safety
/// `sink` is the address of an `S` that nobody else uses during the call.
unsafe extern "C" fn on_element<S: Sink>(
    sink: *mut c_void,
    event: c_int,
    tag: c_int,
    nested: c_int,
    behind: usize,
    len: usize,
    number: i64,
) -> c_int {
    // SAFETY: the caller's promise.
    let sink = unsafe { &mut *sink.cast::<S>() };
    let (event, tag) = (Tag(event), Tag(tag));
    // A panic would end the process at this border, so the sink must not panic; the lints of the crate see to it.
    sink.element(Element { event, tag, nested: nested != 0, behind, len, number }).into()
}

/// `struct redisy_hiredis`.
#[repr(C)]
struct Shim {
    opaque: [u8; 0],
    /// Not `Send`, `Sync` or `Unpin` by itself.
    marker: PhantomData<(*mut u8, PhantomPinned)>,
}

type OnElement = unsafe extern "C" fn(*mut c_void, c_int, c_int, c_int, usize, usize, i64) -> c_int;

unsafe extern "C" {
    fn redisy_hiredis_new() -> *mut Shim;
    fn redisy_hiredis_free(shim: *mut Shim);
    fn redisy_hiredis_feed(shim: *mut Shim, bytes: *const c_char, len: usize) -> c_int;
    fn redisy_hiredis_advance(
        shim: *mut Shim,
        on_element: OnElement,
        sink: *mut c_void,
        unread: *mut usize,
    ) -> c_int;
    fn redisy_hiredis_error(shim: *const Shim, message: *mut c_char, room: usize) -> usize;
    fn redisy_hiredis_version() -> c_int;
}
