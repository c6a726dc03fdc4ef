//! What a pipeline gives for a command: the right to its reply, once there is one.

use std::ops::Range;

use resp::Reply;

use super::names::Names;
use super::{Decoder, finish};
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
    decode: Decoder<R>,
}

/// A ticket whose error is a value: it does not fail the pipeline.
#[derive(Debug)]
#[must_use = "the value, or the error, is for the one who redeems the ticket"]
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

/// The replies of a pipeline, to be redeemed with its tickets: what [`send`](crate::Commands::send) returns.
#[derive(Debug)]
#[must_use = "errors are among the replies: `finish` returns the first that was not redeemed"]
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

    /// What tickets stand for, in their shape: one alone, or a tuple, an array or a `Vec` of them.
    ///
    /// # Errors
    /// The first error of a ticket that was not [caught](Ticket::caught). The others of its shape are redeemed no more;
    /// tickets that may fail alone are redeemed alone.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:redeem", "no number")?;
    /// let pipeline = client::Pipeline::new();
    /// let (bad, good) = (pipeline.incr("doc:redeem"), pipeline.strlen("doc:redeem"));
    /// let mut replies = client.send(pipeline)?;
    /// assert_eq!(replies.redeem(good)?, 9); // in any order
    /// assert_eq!(replies.redeem(bad).unwrap_err().code(), Some("ERR"));
    /// # replies.finish()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn redeem<T: Redeem>(&mut self, tickets: T) -> Result<T::Output, Error> {
        tickets.redeem(self)
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

    /// Looks at what was not redeemed: a command whose ticket was dropped does not fail in silence.
    ///
    /// # Errors
    /// The first error of the server's among those replies.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:finish", "no number")?;
    /// let pipeline = client::Pipeline::new();
    /// drop(pipeline.incr("doc:finish"));
    /// assert_eq!(client.send(pipeline)?.finish().unwrap_err().command(), Some("INCR"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn finish(mut self) -> Result<(), Error> {
        if self.left == 0 { Ok(()) } else { self.let_go(0..self.replies.len()) }
    }

    /// Takes the next reply.
    pub(super) fn push(&mut self, reply: Reply) {
        self.replies.push(Some(reply));
        self.left = self.left.saturating_add(1);
    }

    /// How many replies have come.
    pub(super) fn len(&self) -> usize {
        self.replies.len()
    }

    /// Lets go of those replies that were not redeemed.
    ///
    /// # Errors
    /// The first error among them.
    pub(super) fn let_go(&mut self, range: Range<usize>) -> Result<(), Error> {
        let mut first = Ok(());
        for at in range {
            if let Ok((name, reply)) = self.take(self.pipeline, at) {
                let error = reply.server_error().map(|error| Error::server(error).of(name));
                first = first.and_then(|()| error.map_or(Ok(()), Err));
            }
        }
        first
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
