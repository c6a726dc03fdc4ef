//! What makes a holder's value in the lock his own.

use std::fmt;

use crate::LockError;

/// The value of a lock that tells its holder: 32 hexadecimal digits from the operating system, unless the caller
/// chose his own.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Token(Box<[u8]>);

impl Token {
    /// A token of 128 random bits, also different right after a fork.
    pub(crate) fn random() -> Result<Self, LockError> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)
            .map_err(|_| LockError::Config("the operating system has no random numbers"))?;
        let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        Ok(Self(digits.map(|digit| b"0123456789abcdef"[usize::from(digit)]).collect()))
    }

    /// The bytes as they stand in the lock.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<&str> for Token {
    fn from(token: &str) -> Self {
        Self(token.as_bytes().into())
    }
}

impl From<Vec<u8>> for Token {
    fn from(token: Vec<u8>) -> Self {
        Self(token.into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({})", self.0.escape_ascii())
    }
}
