//! What may stand as several arguments, or as several pairs of arguments.
//!
//! Both traits hand their items to a request one by one and never build a list in between.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use bytes::Bytes;

use crate::{Arg, ToArg};

/// A type that is any number of arguments: one value, or a list of values.
///
/// # Example
/// ```
/// use resp::Request;
///
/// let one = Request::new("DEL").keys("a").wire().to_vec();
/// let two = Request::new("DEL").keys(["a", "b"]).wire().to_vec();
/// let same = Request::new("DEL").keys(&vec!["a".to_owned(), "b".to_owned()]).wire().to_vec();
/// assert_eq!(one, b"*2\r\n$3\r\nDEL\r\n$1\r\na\r\n");
/// assert_eq!(two, same);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of arguments of a Redis command",
    note = "one argument, an array, a slice, a `Vec` or a set of arguments are"
)]
pub trait ToArgs<'a> {
    /// Hands over each argument in order.
    fn for_each_arg(self, each: &mut dyn FnMut(Arg<'a>));
}

/// A type that is any number of pairs: one pair, a list of pairs, or a map.
///
/// # Example
/// ```
/// use resp::Request;
///
/// let list = Request::new("HSET").key("h").pairs([("a", 1), ("b", 2)]).wire().to_vec();
/// let map = std::collections::BTreeMap::from([("a", 1), ("b", 2)]);
/// assert_eq!(list, Request::new("HSET").key("h").pairs(&map).wire().to_vec());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of pairs of arguments of a Redis command",
    note = "one `(a, b)`, an array, a slice or a `Vec` of such pairs, or a map are"
)]
pub trait ToPairs<'a> {
    /// Hands over each pair in order.
    fn for_each_pair(self, each: &mut dyn FnMut(Arg<'a>, Arg<'a>));
}

/// One argument is a list of one.
macro_rules! one {
    ($($type:ty),* $(,)?) => {$(
        impl<'a> ToArgs<'a> for $type {
            fn for_each_arg(self, each: &mut dyn FnMut(Arg<'a>)) {
                each(self.to_arg());
            }
        }
    )*};
}

one! {
    Arg<'a>, &'a str, &'a String, String, Cow<'a, str>, &'a [u8], &'a Vec<u8>, Vec<u8>, &'a Bytes, Bytes,
    i8, i16, i32, i64, isize, u16, u32, u64, usize, f32, f64,
}

impl<'a, const N: usize> ToArgs<'a> for &'a [u8; N] {
    fn for_each_arg(self, each: &mut dyn FnMut(Arg<'a>)) {
        each(self.to_arg());
    }
}

/// Collections given away hand over their items, borrowed ones references to them.
macro_rules! many {
    ($($type:ty, [$($generics:tt)*], $item:ty;)*) => {$(
        impl<'a, $($generics)*> ToArgs<'a> for $type where $item: ToArg<'a> {
            fn for_each_arg(self, each: &mut dyn FnMut(Arg<'a>)) {
                self.into_iter().for_each(|item| each(item.to_arg()));
            }
        }
    )*};
}

many! {
    [T; N], [T, const N: usize], T;
    Vec<T>, [T], T;
    HashSet<T, S>, [T, S], T;
    BTreeSet<T>, [T], T;
    &'a [T; N], [T, const N: usize], &'a T;
    &'a [T], [T], &'a T;
    &'a Vec<T>, [T], &'a T;
    &'a HashSet<T, S>, [T, S], &'a T;
    &'a BTreeSet<T>, [T], &'a T;
}

impl<'a, A: ToArg<'a>, B: ToArg<'a>> ToPairs<'a> for (A, B) {
    fn for_each_pair(self, each: &mut dyn FnMut(Arg<'a>, Arg<'a>)) {
        each(self.0.to_arg(), self.1.to_arg());
    }
}

/// A borrowed tuple lends its halves; an owned one gives them away.
macro_rules! pairs {
    ($($type:ty, [$($generics:tt)*], $first:ty, $second:ty, $item:pat => ($a:expr, $b:expr);)*) => {$(
        impl<'a, $($generics)*> ToPairs<'a> for $type where $first: ToArg<'a>, $second: ToArg<'a> {
            fn for_each_pair(self, each: &mut dyn FnMut(Arg<'a>, Arg<'a>)) {
                self.into_iter().for_each(|$item| each($a.to_arg(), $b.to_arg()));
            }
        }
    )*};
}

pairs! {
    [(A, B); N], [A, B, const N: usize], A, B, (a, b) => (a, b);
    Vec<(A, B)>, [A, B], A, B, (a, b) => (a, b);
    HashMap<A, B, S>, [A, B, S], A, B, (a, b) => (a, b);
    BTreeMap<A, B>, [A, B], A, B, (a, b) => (a, b);
    &'a [(A, B); N], [A, B, const N: usize], &'a A, &'a B, (a, b) => (a, b);
    &'a [(A, B)], [A, B], &'a A, &'a B, (a, b) => (a, b);
    &'a Vec<(A, B)>, [A, B], &'a A, &'a B, (a, b) => (a, b);
    &'a HashMap<A, B, S>, [A, B, S], &'a A, &'a B, (a, b) => (a, b);
    &'a BTreeMap<A, B>, [A, B], &'a A, &'a B, (a, b) => (a, b);
}
