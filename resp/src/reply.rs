//! One whole reply: its bytes, shared, and its tape.

use bytes::Bytes;

use crate::tape::{Node, Tape};
use crate::{DecodeError, DecodeOwned, Kind, ServerError, View};

/// A reply of the server: shared bytes and where everything lies in them.
///
/// It is cheap to make (a scalar allocates nothing) and prints as `redis-cli` does.
///
/// # Example
/// ```
/// use resp::Reply;
///
/// let reply = Reply::from_bytes(&b"*2\r\n$1\r\na\r\n_\r\n"[..]).unwrap();
/// assert_eq!(reply.view().get(0).unwrap().as_str(), Some("a"));
/// assert_eq!(reply.decode::<Vec<Option<String>>>().unwrap(), [Some("a".to_owned()), None]);
/// assert_eq!(reply.to_string(), "1) \"a\"\n2) (nil)");
/// ```
#[derive(Debug, Clone)]
pub struct Reply {
    /// None for what needs no part in the connection's buffer: an integer, whose node says all, and `+OK`.
    bytes: Option<Bytes>,
    tape: Tape,
}

/// The bytes of a reply that keeps none.
static OK: Bytes = Bytes::from_static(b"+OK\r\n");

impl Reply {
    #[inline]
    pub(crate) fn new(bytes: Bytes, tape: Tape) -> Self {
        Self { bytes: Some(bytes), tape }
    }

    /// An integer or `+OK`. It takes no part in any buffer: two atomic counters would cost more than all the rest.
    #[inline]
    pub(crate) fn alone(node: Node) -> Self {
        Self { bytes: None, tape: Tape::One(node) }
    }

    /// A view of the whole reply, which lends what is in it.
    #[inline]
    pub fn view(&self) -> View<'_> {
        View::root(self.bytes.as_ref().unwrap_or(&OK), self.tape.nodes())
    }

    /// What the reply is.
    pub fn kind(&self) -> Kind {
        self.view().kind()
    }

    /// Whether this is a push: a message that answers no command.
    pub fn is_push(&self) -> bool {
        self.kind() == Kind::Push
    }

    /// The server's error, if the reply is one.
    pub fn server_error(&self) -> Option<ServerError> {
        self.view().server_error()
    }

    /// The caller's type, made straight from the tape.
    ///
    /// # Errors
    /// [`DecodeError`] names the element that was something else, what was wanted and what was found.
    pub fn decode<T: DecodeOwned>(&self) -> Result<T, DecodeError> {
        T::decode(self.view())
    }

    /// So many bytes of a connection's buffer it keeps: those of [`to_bytes`](Self::to_bytes), and 0 for an integer and
    /// `+OK`.
    #[inline]
    pub fn kept_bytes(&self) -> usize {
        self.bytes.as_ref().map_or(0, Bytes::len)
    }

    /// The bytes of the reply as they came, shared and not copied; only those of an integer may be written again.
    /// A reply made by [`View::to_reply`] has all the bytes of the larger one, unless it is an integer.
    pub fn to_bytes(&self) -> Bytes {
        match (&self.bytes, self.view().as_integer()) {
            (Some(bytes), _) => bytes.clone(),
            (None, Some(value)) => format!(":{value}\r\n").into(),
            (None, None) => OK.clone(),
        }
    }
}
