//! What may stand as several arguments, or as several pairs of arguments.
//!
//! Both traits hand their items to a request one by one and never build a list in between.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;

use crate::{Arg, ToArg};

/// A type that is any number of arguments: one value, a list of values, a tuple of different ones, or `()` for none.
///
/// # Example
/// ```
/// use resp::Request;
///
/// let one = Request::new("DEL").keys("a").wire().to_vec();
/// let two = Request::new("DEL").keys(&["a", "b"]).wire().to_vec();
/// let same = Request::new("DEL").keys(&vec!["a".to_owned(), "b".to_owned()]).wire().to_vec();
/// assert_eq!(one, b"*2\r\n$3\r\nDEL\r\n$1\r\na\r\n");
/// assert_eq!(two, same);
///
/// let mixed = Request::new("FCALL").arg("f").counted_keys("k").args(&("a", 1, 0.5));
/// assert_eq!(mixed.len(), 7);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of arguments of a Redis command",
    note = "one argument, an array, a slice, a `Vec`, a set or a tuple of arguments are, and `()` is none"
)]
pub trait ToArgs {
    /// Hands over each argument in order.
    fn for_each_arg<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>));
}

/// A type that is any number of pairs: one pair, a list of pairs, or a map.
///
/// # Example
/// ```
/// use resp::Request;
///
/// let list = Request::new("HSET").key("h").pairs(&[("a", 1), ("b", 2)]).wire().to_vec();
/// let map = std::collections::BTreeMap::from([("a", 1), ("b", 2)]);
/// assert_eq!(list, Request::new("HSET").key("h").pairs(&map).wire().to_vec());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of pairs of arguments of a Redis command",
    note = "one `(a, b)`, an array, a slice or a `Vec` of such pairs, or a map are"
)]
pub trait ToPairs {
    /// Hands over each pair in order.
    fn for_each_pair<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>, Arg<'a>));
}

impl<T: ToArgs + ?Sized> ToArgs for &T {
    fn for_each_arg<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>)) {
        T::for_each_arg(self, each);
    }
}

impl<T: ToPairs + ?Sized> ToPairs for &T {
    fn for_each_pair<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>, Arg<'a>)) {
        T::for_each_pair(self, each);
    }
}

/// One argument is a list of one.
macro_rules! one {
    ($($type:ty),* $(,)?) => {$(
        impl ToArgs for $type {
            fn for_each_arg<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>)) {
                each(self.to_arg());
            }
        }
    )*};
}

one! {
    str, String, Box<str>, Rc<str>, Arc<str>, Cow<'_, str>, [u8], Vec<u8>, Bytes, Cow<'_, [u8]>,
    i8, i16, i32, i64, isize, u16, u32, u64, usize, f32, f64,
}

impl<const N: usize> ToArgs for [u8; N] {
    fn for_each_arg<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>)) {
        each(self.to_arg());
    }
}

macro_rules! many {
    ($($type:ty, [$($generics:tt)*];)*) => {$(
        impl<$($generics)*> ToArgs for $type {
            fn for_each_arg<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>)) {
                self.iter().for_each(|item| each(item.to_arg()));
            }
        }
    )*};
}

many! {
    [T], [T: ToArg];
    [T; N], [T: ToArg, const N: usize];
    Vec<T>, [T: ToArg];
    HashSet<T, S>, [T: ToArg, S];
    BTreeSet<T>, [T: ToArg];
}

/// No argument at all, as a script without arguments takes it.
impl ToArgs for () {
    fn for_each_arg<'a>(&'a self, _: &mut dyn FnMut(Arg<'a>)) {}
}

/// Arguments of different types.
macro_rules! tuple {
    ($($type:ident $name:ident),*) => {
        impl<$($type: ToArg),*> ToArgs for ($($type,)*) {
            fn for_each_arg<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>)) {
                let ($($name,)*) = self;
                $(each($name.to_arg());)*
            }
        }
    };
}

tuple!(A a);
tuple!(A a, B b);
tuple!(A a, B b, C c);
tuple!(A a, B b, C c, D d);
tuple!(A a, B b, C c, D d, E e);
tuple!(A a, B b, C c, D d, E e, F f);

impl<A: ToArg, B: ToArg> ToPairs for (A, B) {
    fn for_each_pair<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>, Arg<'a>)) {
        each(self.0.to_arg(), self.1.to_arg());
    }
}

macro_rules! pairs {
    ($($type:ty, [$($generics:tt)*];)*) => {$(
        impl<A: ToArg, B: ToArg, $($generics)*> ToPairs for $type {
            fn for_each_pair<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>, Arg<'a>)) {
                self.iter().for_each(|(a, b)| each(a.to_arg(), b.to_arg()));
            }
        }
    )*};
}

pairs! {
    [(A, B)], [];
    [(A, B); N], [const N: usize];
    Vec<(A, B)>, [];
    HashMap<A, B, S>, [S];
    BTreeMap<A, B>, [];
}
