//! Why a value does not become arguments.

use std::fmt;

/// A value that serde can describe but that is no argument, or no list of them. It names the field, never its value.
///
/// # Example
/// ```
/// #[derive(serde::Serialize)]
/// struct User {
///     name: &'static str,
///     address: [&'static str; 2],
/// }
///
/// let error = resp::ser::pairs(&User { name: "Ada", address: ["12", "St James's Square"] }).unwrap_err();
/// assert_eq!(error.to_string(), "field address: expected one argument, found a list");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerializeError(Box<Refusal>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Refusal {
    what: What,
    place: Option<Place>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Other {
        wanted: &'static str,
        found: &'static str,
    },
    /// In the words of the type that refused.
    Refused(Box<str>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Field(Box<str>),
    Argument(usize),
    Key(usize),
}

impl SerializeError {
    /// The field whose value was refused, if it has a name.
    pub fn field(&self) -> Option<&str> {
        match &self.0.place {
            Some(Place::Field(name)) => Some(name),
            _ => None,
        }
    }

    pub(super) fn other(wanted: &'static str, found: &'static str) -> Self {
        Self::new(What::Other { wanted, found })
    }

    pub(super) fn at_field(self, name: &[u8]) -> Self {
        self.at(Place::Field(String::from_utf8_lossy(name).into()))
    }

    pub(super) fn at_argument(self, index: usize) -> Self {
        self.at(Place::Argument(index))
    }

    pub(super) fn at_key(self, index: usize) -> Self {
        self.at(Place::Key(index))
    }

    /// The first place stays: it is the innermost.
    fn at(mut self, place: Place) -> Self {
        self.0.place.get_or_insert(place);
        self
    }

    fn new(what: What) -> Self {
        Self(Box::new(Refusal { what, place: None }))
    }
}

impl serde::ser::Error for SerializeError {
    fn custom<T: fmt::Display>(why: T) -> Self {
        Self::new(What::Refused(why.to_string().into()))
    }
}

impl fmt::Display for SerializeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.place {
            Some(Place::Field(name)) => write!(f, "field {}: ", name.escape_debug())?,
            Some(Place::Argument(index)) => write!(f, "argument {index}: ")?,
            Some(Place::Key(index)) => write!(f, "key of pair {index}: ")?,
            None => {}
        }
        match &self.0.what {
            What::Other { wanted, found } => write!(f, "expected {wanted}, found {found}"),
            What::Refused(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for SerializeError {}
