//! What a pipeline gives for a command: the right to its reply, once there is one.

use resp::Reply;

use super::names::Names;
use super::{Decoder, finish};
use crate::Error;

/// The right to the reply of one command in a pipeline, redeemed when the pipeline has run.
///
/// The closure of [`Client::pipeline`](crate::Client::pipeline) returns tickets alone, in tuples, in arrays or in
/// `Vec`s, nested as one likes; the pipeline returns the values in the same shape.
#[derive(Debug)]
#[must_use = "a ticket that is not returned from the closure is never redeemed"]
pub struct Ticket<R> {
    /// The number of the pipeline that gave it.
    pipeline: u64,
    at: usize,
    decode: Decoder<R>,
}

/// A ticket whose error is a value: it does not fail the pipeline.
#[derive(Debug)]
#[must_use = "a ticket that is not returned from the closure is never redeemed"]
pub struct Caught<R>(Ticket<R>);

impl<R> Ticket<R> {
    pub(super) fn new(pipeline: u64, at: usize, decode: Decoder<R>) -> Self {
        Self { pipeline, at, decode }
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

    fn take(self, replies: &mut Replies) -> Result<R, Error> {
        let (name, reply) = replies.take(self.pipeline, self.at)?;
        finish(name, &reply, self.decode)
    }
}

/// The replies of a pipeline, to be redeemed by its tickets.
#[derive(Debug)]
pub struct Replies {
    pipeline: u64,
    replies: Vec<Option<Reply>>,
    /// So many were not taken yet.
    left: usize,
    names: Names,
}

impl Replies {
    pub(super) fn new(pipeline: u64, replies: Vec<Option<Reply>>, names: Names) -> Self {
        Self { pipeline, left: replies.len(), replies, names }
    }

    fn take(&mut self, pipeline: u64, at: usize) -> Result<(&str, Reply), Error> {
        let own = self.replies.get_mut(at).filter(|_| self.pipeline == pipeline);
        match (own.and_then(Option::take), self.names.get(at)) {
            (Some(reply), Some(name)) => {
                self.left = self.left.saturating_sub(1);
                Ok((name, reply))
            }
            _ => Err(Error::usage("a ticket of another pipeline was returned")),
        }
    }

    /// A command whose ticket was dropped may not fail in silence.
    pub(super) fn finish(self) -> Result<(), Error> {
        if self.left == 0 {
            return Ok(());
        }
        let unredeemed =
            self.replies.into_iter().zip(self.names.iter()).filter_map(|(reply, name)| Some((reply?, name)));
        unredeemed
            .filter_map(|(reply, name)| Some(Error::server(reply.server_error()?).of(name)))
            .next()
            .map_or(Ok(()), Err)
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

    /// Redeems the tickets in order.
    ///
    /// # Errors
    /// The first error.
    fn redeem(self, replies: &mut Replies) -> Result<Self::Output, Error>;
}

impl<R> Redeem for Ticket<R> {
    type Output = R;

    fn redeem(self, replies: &mut Replies) -> Result<R, Error> {
        self.take(replies)
    }
}

impl<R> Redeem for Caught<R> {
    type Output = Result<R, Error>;

    fn redeem(self, replies: &mut Replies) -> Result<Self::Output, Error> {
        Ok(self.0.take(replies))
    }
}

impl<T: Redeem> Redeem for Vec<T> {
    type Output = Vec<T::Output>;

    fn redeem(self, replies: &mut Replies) -> Result<Self::Output, Error> {
        self.into_iter().map(|ticket| ticket.redeem(replies)).collect()
    }
}

impl<T: Redeem, const N: usize> Redeem for [T; N] {
    type Output = Vec<T::Output>;

    fn redeem(self, replies: &mut Replies) -> Result<Self::Output, Error> {
        self.into_iter().map(|ticket| ticket.redeem(replies)).collect()
    }
}

impl<T: Redeem> Redeem for Option<T> {
    type Output = Option<T::Output>;

    fn redeem(self, replies: &mut Replies) -> Result<Self::Output, Error> {
        self.map(|ticket| ticket.redeem(replies)).transpose()
    }
}

impl Redeem for () {
    type Output = ();

    fn redeem(self, _: &mut Replies) -> Result<(), Error> {
        Ok(())
    }
}

macro_rules! tuple {
    ($($type:ident $name:ident),*) => {
        impl<$($type: Redeem),*> Redeem for ($($type,)*) {
            type Output = ($($type::Output,)*);

            fn redeem(self, replies: &mut Replies) -> Result<Self::Output, Error> {
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
