//! One command as a server receives it: its bytes, shared, and how to walk over them.

use std::fmt;

use bytes::Bytes;

use crate::leaf;

/// A command that a client has sent: a name and its arguments, at least the name.
///
/// Nothing is copied out of the bytes that came, and nothing kept beside them: [`Command::args`] walks. An inline
/// command is brought into the form of all others, so that [`Command::as_bytes`] can go to another server as it is.
///
/// # Example
/// ```
/// use bytes::BytesMut;
/// use resp::RequestParser;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut buffer = BytesMut::from(&b"*2\r\n$3\r\nGET\r\n$1\r\nk\r\nset k \"a b\"\r\n"[..]);
/// let mut parser = RequestParser::default();
/// let get = parser.parse(&mut buffer)?.ok_or("half a command")?;
/// assert!(get.is("get"));
/// assert_eq!(get.args().collect::<Vec<_>>(), [&b"GET"[..], b"k"]);
/// let set = parser.parse(&mut buffer)?.ok_or("half a command")?;
/// assert_eq!((set.name(), set.arg(2), set.arg(3)), (&b"set"[..], Some(&b"a b"[..]), None));
/// assert_eq!(set.as_bytes(), &b"*3\r\n$3\r\nset\r\n$1\r\nk\r\n$3\r\na b\r\n"[..]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Command {
    /// INVARIANT: an array of `count` bulk strings, as the parser has read it.
    bytes: Bytes,
    /// Where the first argument's header begins.
    first: usize,
    count: usize,
}

impl Command {
    pub(super) fn new(bytes: Bytes, first: usize, count: usize) -> Self {
        Self { bytes, first, count }
    }

    /// The first argument, in the letters in which it came.
    pub fn name(&self) -> &[u8] {
        self.arg(0).unwrap_or_default()
    }

    /// Whether that is the name, in whatever case.
    pub fn is(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name.as_bytes())
    }

    /// The number of arguments, the name included: never 0.
    #[expect(clippy::len_without_is_empty, reason = "it always has a name")]
    pub fn len(&self) -> usize {
        self.count
    }

    /// The argument at `index`, found by walking there; the name is at 0.
    pub fn arg(&self, index: usize) -> Option<&[u8]> {
        self.args().nth(index)
    }

    /// All arguments, the name first.
    pub fn args(&self) -> CommandArgs<'_> {
        CommandArgs { rest: self.bytes.get(self.first..).unwrap_or_default(), left: self.count }
    }

    /// All arguments, the name first, sharing the memory of the command instead of borrowing it.
    pub fn share_args(&self) -> impl Iterator<Item = Bytes> {
        self.args().map(|arg| self.bytes.slice_ref(arg))
    }

    /// The bytes that mean this command: an array of bulk strings.
    pub fn as_bytes(&self) -> &Bytes {
        &self.bytes
    }
}

impl fmt::Debug for Command {
    /// Shows the name and the number of arguments, never a value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Command")
            .field("name", &String::from_utf8_lossy(self.name()))
            .field("arguments", &self.count)
            .finish_non_exhaustive()
    }
}

/// Walks over the arguments of a command.
#[derive(Debug, Clone)]
pub struct CommandArgs<'a> {
    rest: &'a [u8],
    left: usize,
}

impl<'a> Iterator for CommandArgs<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (rest, len) = leaf::number(self.rest.strip_prefix(b"$")?).ok()?;
        let (arg, rest) = rest.split_at_checked(usize::try_from(len).ok()?)?;
        self.rest = rest.get(2..).unwrap_or_default();
        self.left = self.left.saturating_sub(1);
        Some(arg)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for CommandArgs<'_> {}
