//! Tuples: a list whose length and types are known. A list of two-tuples is a list of pairs.

use super::pair;
use crate::{Decode, DecodeError, Kind, View};

/// The elements of a list of exactly `N`.
fn exactly<'a, const N: usize>(view: View<'a>, wanted: &'static str) -> Result<[View<'a>; N], DecodeError> {
    match view.kind() {
        Kind::Array | Kind::Set | Kind::Push if view.len() == N => {
            let mut elements = view.iter();
            let mut list = [view; N];
            list.iter_mut().zip(&mut elements).for_each(|(to, from)| *to = from);
            Ok(list)
        }
        Kind::Array | Kind::Set | Kind::Push => Err(DecodeError::elements(wanted, view)),
        _ => Err(DecodeError::kind(wanted, view)),
    }
}

impl<'a, A: Decode<'a>, B: Decode<'a>> Decode<'a> for (A, B) {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        let [a, b] = exactly(view, "a list of 2")?;
        Ok((A::decode(a).map_err(|error| error.at(0))?, B::decode(b).map_err(|error| error.at(1))?))
    }

    fn decode_list(view: View<'a>) -> Result<Vec<Self>, DecodeError> {
        pair::collect(view)
    }
}

macro_rules! tuple {
    ($wanted:literal: $($type:ident $name:ident $index:literal),*) => {
        impl<'a, $($type: Decode<'a>),*> Decode<'a> for ($($type,)*) {
            fn decode(view: View<'a>) -> Result<Self, DecodeError> {
                let [$($name),*] = exactly(view, $wanted)?;
                Ok(($($type::decode($name).map_err(|error| error.at($index))?,)*))
            }
        }
    };
}

tuple!("a list of 1": A a 0);
tuple!("a list of 3": A a 0, B b 1, C c 2);
tuple!("a list of 4": A a 0, B b 1, C c 2, D d 3);
tuple!("a list of 5": A a 0, B b 1, C c 2, D d 3, E e 4);
tuple!("a list of 6": A a 0, B b 1, C c 2, D d 3, E e 4, F f 5);
tuple!("a list of 7": A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6);
tuple!("a list of 8": A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7);
tuple!("a list of 9": A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7, I i 8);
tuple!("a list of 10": A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7, I i 8, J j 9);
tuple!("a list of 11": A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7, I i 8, J j 9, K k 10);
tuple!("a list of 12": A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7, I i 8, J j 9, K k 10, L l 11);
