//! What makes a holder's value in the lock his own.

use std::fmt;

use crate::LockError;

/// The value of a lock that tells its holder: 32 hexadecimal digits from the operating system, unless the caller
/// chose his own.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Token(Box<[u8]>);

impl Token {
    /// A token of 122 random bits, also different right after a fork: a UUID of version 8 without its hyphens, as
    /// redis-py's is one of version 1.
    pub(crate) fn random() -> Result<Self, LockError> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)
            .map_err(|_| LockError::Config("the operating system has no random numbers"))?;
        bytes[6] = bytes[6] & 0x0f | VERSION << 4;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        Ok(Self(digits.map(|digit| b"0123456789abcdef"[usize::from(digit)]).collect()))
    }

    /// Whether a holder by this token will wake who waits for him, as far as it can be told: the holders of other
    /// libraries do not.
    pub(crate) fn wakes(token: &[u8]) -> bool {
        token.len() == 32 && token[12] == b'0' + VERSION && token.iter().all(u8::is_ascii_hexdigit)
    }

    /// The bytes as they stand in the lock.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// For those who make their own (RFC 9562, section 5.8): nobody else's tokens look like ours.
const VERSION: u8 = 8;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ours_are_told_from_those_of_others() {
        let (one, two) = (Token::random().unwrap(), Token::random().unwrap());
        assert_ne!(one, two);
        assert!(Token::wakes(one.as_bytes()));
        // redis-py's, redis-rb's, one that a caller has chosen.
        for foreign in
            ["5f1c0e8ac67011f0a1b20242ac120002", "110e8400-e29b-41d4-a716-446655440000", "mine", ""]
        {
            assert!(!Token::wakes(foreign.as_bytes()), "{foreign}");
        }
    }
}
