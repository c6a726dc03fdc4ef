//! What a pipeline gives for a command: the right to its reply, once there is one.

use super::{Decoder, Replies, code, finish};
use crate::Error;

/// The right to the reply of one command in a pipeline, redeemed when the pipeline has run.
///
/// The closure of [`pipeline`](crate::Commands::pipeline) returns tickets alone, in tuples, in arrays or in `Vec`s,
/// nested as one likes; the pipeline returns the values in the same shape. After [`send`](crate::Commands::send) they
/// are redeemed by [`Replies::redeem`].
#[derive(Debug)]
#[must_use = "the value, or the error, is for the one who redeems the ticket"]
pub struct Ticket<R> {
    /// The number of the pipeline that gave it.
    pipeline: u64,
    at: usize,
    /// Where the code that it calls is loaded.
    load: Option<usize>,
    decode: Decoder<R>,
}

/// A ticket whose error is a value: it does not fail the pipeline.
#[derive(Debug)]
#[must_use = "the value, or the error, is for the one who redeems the ticket"]
pub struct Caught<R>(Ticket<R>);

impl<R> Ticket<R> {
    pub(super) fn new(pipeline: u64, at: usize, decode: Decoder<R>) -> Self {
        Self { pipeline, at, load: None, decode }
    }

    /// The ticket of a call whose code is loaded before it.
    pub(super) fn after(self, load: usize) -> Self {
        Self { load: Some(load), ..self }
    }

    /// The same ticket, redeemed as a `Result`: an error of this command does not fail the pipeline.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:caught", "no number")?;
    /// let (bad, good) = client.pipeline(|p| (p.incr("doc:caught").caught(), p.strlen("doc:caught")))?;
    /// assert_eq!(bad.unwrap_err().code(), Some("ERR"));
    /// assert_eq!(good, 9);
    /// # Ok(())
    /// # }
    /// ```
    pub fn caught(self) -> Caught<R> {
        Caught(self)
    }

    fn take(&self, replies: &mut Replies<'_>) -> Result<R, Error> {
        let reply = replies.take(self.pipeline, self.at)?;
        finish(&reply, self.decode).map_err(|error| {
            match self.load {
                Some(load) if code::is_unknown(&error) => replies.why_unknown(load, error),
                _ => error,
            }
            .of(replies.name(self.at))
        })
    }
}

/// Something that holds tickets and becomes their values.
#[diagnostic::on_unimplemented(
    message = "the closure of a pipeline must return tickets, and `{Self}` holds none",
    note = "return what the commands returned: one ticket, a tuple, an array or a `Vec` of tickets, or `()`"
)]
pub trait Redeem {
    /// The values.
    type Output;

    /// Redeems the tickets in order. Each can be redeemed once; a pipeline that is sent again redeems them again.
    ///
    /// # Errors
    /// The first error.
    fn redeem(&self, replies: &mut Replies<'_>) -> Result<Self::Output, Error>;
}

impl<R> Redeem for Ticket<R> {
    type Output = R;

    fn redeem(&self, replies: &mut Replies<'_>) -> Result<R, Error> {
        self.take(replies)
    }
}

impl<R> Redeem for Caught<R> {
    type Output = Result<R, Error>;

    fn redeem(&self, replies: &mut Replies<'_>) -> Result<Self::Output, Error> {
        Ok(self.0.take(replies))
    }
}

impl<T: Redeem> Redeem for Vec<T> {
    type Output = Vec<T::Output>;

    fn redeem(&self, replies: &mut Replies<'_>) -> Result<Self::Output, Error> {
        self.iter().map(|ticket| ticket.redeem(replies)).collect()
    }
}

impl<T: Redeem, const N: usize> Redeem for [T; N] {
    type Output = Vec<T::Output>;

    fn redeem(&self, replies: &mut Replies<'_>) -> Result<Self::Output, Error> {
        self.iter().map(|ticket| ticket.redeem(replies)).collect()
    }
}

impl<T: Redeem> Redeem for Option<T> {
    type Output = Option<T::Output>;

    fn redeem(&self, replies: &mut Replies<'_>) -> Result<Self::Output, Error> {
        self.as_ref().map(|ticket| ticket.redeem(replies)).transpose()
    }
}

impl Redeem for () {
    type Output = ();

    fn redeem(&self, _: &mut Replies<'_>) -> Result<(), Error> {
        Ok(())
    }
}

macro_rules! tuple {
    ($($type:ident $name:ident),*) => {
        impl<$($type: Redeem),*> Redeem for ($($type,)*) {
            type Output = ($($type::Output,)*);

            fn redeem(&self, replies: &mut Replies<'_>) -> Result<Self::Output, Error> {
                let ($($name,)*) = self;
                Ok(($($name.redeem(replies)?,)*))
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
tuple!(A a, B b, C c, D d, E e, F f, G g);
tuple!(A a, B b, C c, D d, E e, F f, G g, H h);
tuple!(A a, B b, C c, D d, E e, F f, G g, H h, I i);
tuple!(A a, B b, C c, D d, E e, F f, G g, H h, I i, J j);
tuple!(A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k);
tuple!(A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k, L l);
