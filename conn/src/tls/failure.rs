//! Why TLS failed with a server: what a program may want to tell apart, and the words for its user.

use std::{error, fmt, io};

/// Why there is no TLS with a server, in [`ErrorKind::Tls`](crate::ErrorKind::Tls). The text of the error says what
/// to do about it; trying again does not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TlsFailure {
    /// The server's certificate is for other names than the one that was connected to.
    WrongName,
    /// The server's certificate has expired.
    Expired,
    /// The server's certificate is not valid yet.
    NotYetValid,
    /// The server's certificate leads to no CA that is trusted.
    UnknownCa,
    /// The server's certificate was revoked.
    Revoked,
    /// The given lists do not say whether the server's certificate was revoked.
    RevocationUnknown,
    /// The server's certificate is of no use for another reason.
    BadCertificate,
    /// The server wants a client certificate and was shown none.
    ClientCertificateMissing,
    /// The server refuses the client certificate that it was shown.
    ClientCertificateRefused,
    /// The server speaks no version of TLS that will do here.
    Version,
    /// What answered does not speak TLS.
    NotTls,
    /// What answered speaks TLS, and was spoken to without.
    OnlyTls,
    /// The server broke off for another reason.
    Refused,
    /// The server broke the protocol, or the bytes were changed on their way.
    Broken,
}

/// A failure on its way up through [`io::Error`], with its words.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) failure: TlsFailure,
    /// What follows the server's address: "its certificate expired 3 days ago (…)".
    pub(crate) words: String,
}

impl Told {
    /// The failure in an error that a stream has returned, if it is one.
    pub(crate) fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }
}

impl From<Told> for io::Error {
    fn from(told: Told) -> Self {
        Self::new(io::ErrorKind::InvalidData, told)
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl error::Error for Told {}
