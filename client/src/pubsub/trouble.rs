//! How a subscriber fails, where the connection itself has nothing to say.

use std::fmt;
use std::time::Duration;

use crate::{Error, Outcome};

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It was closed.
    Closed,
    /// The server has not answered in time.
    Late,
    /// There is no connection, and none was made in time.
    NoLine,
    /// Nothing came for so long, not even the answer to a PING.
    Silent(Duration),
    /// The server has said something that answers nothing.
    Unasked,
}

impl Trouble {
    pub(crate) fn outcome(self) -> Outcome {
        match self {
            Self::Closed | Self::NoLine => Outcome::NotSent,
            Self::Late | Self::Silent(_) | Self::Unasked => Outcome::Unknown,
        }
    }

    pub(crate) fn is_timeout(self) -> bool {
        matches!(self, Self::Late | Self::NoLine | Self::Silent(_))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("the subscriber is closed"),
            Self::Late => f.write_str("timed out waiting for the answer on the connection of the subscriber"),
            Self::NoLine => f.write_str("timed out waiting for the subscriber to connect again"),
            Self::Silent(limit) => {
                write!(f, "the server was silent for {limit:.1?}, and has not answered a PING")
            }
            Self::Unasked => f.write_str("the server sent a reply that nobody had asked for"),
        }
    }
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        Self::of_pubsub(trouble)
    }
}
