//! How TLS is to be spoken: whom to trust, who to be, and how old a version will do.
//!
//! ```text
//!  Tls ── Config::tls ──▶ Connector ── once for a connection ──▶ TlsStream
//!  words  reads every file  one rustls configuration             a socket and a Session
//! ```
//!
//! The words are always there. What acts on them is behind the cargo feature `tls`; without it the `Connector` cannot
//! be made, and who wants one is told which feature is missing.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

mod error;
pub use error::TlsError;
mod failure;
pub use failure::TlsFailure;
pub(crate) use failure::Told;

#[cfg(feature = "tls")]
mod connector;
#[cfg(feature = "tls")]
mod halves;
#[cfg(feature = "tls")]
mod pem;
#[cfg(feature = "tls")]
mod reason;
#[cfg(feature = "tls")]
mod resume;
#[cfg(feature = "tls")]
mod session;
#[cfg(feature = "tls")]
mod stream;
#[cfg(feature = "tls")]
mod verify;
#[cfg(feature = "tls")]
mod window;
#[cfg(feature = "tls")]
pub(crate) use {
    connector::Connector,
    halves::{TlsListening, TlsSpeaking},
    stream::TlsStream,
};

#[cfg(not(feature = "tls"))]
mod absent;
#[cfg(not(feature = "tls"))]
pub(crate) use absent::{Connector, TlsListening, TlsSpeaking, TlsStream};

/// How TLS is spoken: by default as a browser does, with the roots of the system and the name that was connected to.
///
/// Files are PEM, and are read once, by [`Config::tls`](crate::Config::tls). The options of a URL have the same names
/// with `tls_` before them.
///
/// Three things that other clients have are left out. There is no list of ciphers, because rustls has none but good
/// ones. A key with a passphrase is not read, because the passphrase would only lie beside it. OCSP is not asked, as
/// that takes a second connection with a deadline of its own; give [`crl`](Self::crl) instead.
///
/// # Example
/// ```
/// use conn::{Tls, TlsVersion};
///
/// let tls = Tls::new().ca("/etc/redis/ca.pem").cert("me.pem").key("me.key").min_version(TlsVersion::Tls13);
/// assert!(format!("{tls:?}").contains("/etc/redis/ca.pem"));
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Tls {
    pub(crate) ca: Option<Pem>,
    pub(crate) cert: Option<Pem>,
    pub(crate) key: Option<Pem>,
    pub(crate) crl: Option<Pem>,
    pub(crate) server_name: Option<Arc<str>>,
    pub(crate) min_version: TlsVersion,
    pub(crate) accept_any: bool,
}

/// A version of TLS. Older ones are not spoken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TlsVersion {
    /// TLS 1.2, of 2008.
    #[default]
    Tls12,
    /// TLS 1.3, of 2018.
    Tls13,
}

/// What TLS came to on one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TlsInfo {
    /// The version that is spoken.
    pub version: TlsVersion,
    /// Whether an earlier connection's session was taken up again, which saves the certificates.
    pub resumed: bool,
}

impl Tls {
    /// TLS with the defaults that each setter names.
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts only servers whose certificate was signed by a CA in this file; by default by a CA of the system's.
    pub fn ca(mut self, path: impl Into<PathBuf>) -> Self {
        self.ca = Some(Pem::File(path.into()));
        self
    }

    /// As [`ca`](Self::ca), with the text of the file.
    pub fn ca_pem(mut self, pem: impl Into<Arc<[u8]>>) -> Self {
        self.ca = Some(Pem::Text(pem.into()));
        self
    }

    /// Shows the certificate in this file to a server that asks for one, its own first and then the chain. It needs
    /// its [`key`](Self::key). By default none is shown.
    pub fn cert(mut self, path: impl Into<PathBuf>) -> Self {
        self.cert = Some(Pem::File(path.into()));
        self
    }

    /// As [`cert`](Self::cert), with the text of the file.
    pub fn cert_pem(mut self, pem: impl Into<Arc<[u8]>>) -> Self {
        self.cert = Some(Pem::Text(pem.into()));
        self
    }

    /// The private key of [`cert`](Self::cert), unencrypted, in PKCS #8, PKCS #1 or SEC 1.
    pub fn key(mut self, path: impl Into<PathBuf>) -> Self {
        self.key = Some(Pem::File(path.into()));
        self
    }

    /// As [`key`](Self::key), with the text of the file. It is never shown.
    pub fn key_pem(mut self, pem: impl Into<Arc<[u8]>>) -> Self {
        self.key = Some(Pem::Text(pem.into()));
        self
    }

    /// Refuses servers whose certificate was revoked by the lists in this file. Each CA in the server's chain must
    /// have one there that is not out of date; the file is not read again later. By default nothing is asked.
    pub fn crl(mut self, path: impl Into<PathBuf>) -> Self {
        self.crl = Some(Pem::File(path.into()));
        self
    }

    /// As [`crl`](Self::crl), with the text of the file.
    pub fn crl_pem(mut self, pem: impl Into<Arc<[u8]>>) -> Self {
        self.crl = Some(Pem::Text(pem.into()));
        self
    }

    /// Sets the name or address that the server's certificate must be for, and that the server is told (SNI); by
    /// default the host that is connected to.
    pub fn server_name(mut self, name: impl Into<Arc<str>>) -> Self {
        self.server_name = Some(name.into());
        self
    }

    /// Sets the oldest version that will do, by default [`TlsVersion::Tls12`].
    pub fn min_version(mut self, version: TlsVersion) -> Self {
        self.min_version = version;
        self
    }

    /// **Trusts whoever answers.** The connection is encrypted, but anybody on the way can be at its other end and
    /// read the password. For a test on one machine and for nothing else.
    pub fn danger_accept_any_certificate(mut self) -> Self {
        self.accept_any = true;
        self
    }
}

/// Where PEM comes from.
#[derive(Clone)]
pub(crate) enum Pem {
    File(PathBuf),
    Text(
        #[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "nothing is read without the feature"))]
        Arc<[u8]>,
    ),
}

impl fmt::Debug for Pem {
    /// The name of the file. What is in it may be a key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.fmt(f),
            Self::Text(_) => f.write_str("***"),
        }
    }
}

impl fmt::Display for TlsVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tls12 => "1.2",
            Self::Tls13 => "1.3",
        })
    }
}
