//! Certificates, keys and revocation lists out of PEM. Every error names the option and the file.

use std::fs;

use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};

use zeroize::Zeroizing;

use super::{Pem, TlsError};

/// The text behind an option, and what to call it.
pub(super) struct Source<'a> {
    text: Text<'a>,
    /// `/etc/ca.pem (tls_ca)`
    pub(super) name: String,
}

/// A file's text is overwritten when it is dropped: it may be a key.
enum Text<'a> {
    Lent(&'a [u8]),
    Read(Zeroizing<Vec<u8>>),
}

impl<'a> Source<'a> {
    pub(super) fn read(pem: &'a Pem, option: &str) -> Result<Self, TlsError> {
        match pem {
            Pem::Text(text) => Ok(Self { text: Text::Lent(text), name: option.to_owned() }),
            Pem::File(path) => {
                let name = format!("{} ({option})", path.display());
                match fs::read(path) {
                    Ok(text) => Ok(Self { text: Text::Read(Zeroizing::new(text)), name }),
                    Err(error) => Err(TlsError::new(format!("cannot read {name}: {}", plain(&error)))),
                }
            }
        }
    }

    /// All certificates, at least one.
    pub(super) fn certificates(&self) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        self.all("certificate")
    }

    /// All revocation lists, at least one.
    pub(super) fn lists(&self) -> Result<Vec<CertificateRevocationListDer<'static>>, TlsError> {
        self.all("revocation list")
    }

    /// The first key.
    pub(super) fn key(&self) -> Result<PrivateKeyDer<'static>, TlsError> {
        PrivateKeyDer::from_pem_slice(self.text()).map_err(|error| match error {
            pem::Error::NoItemsFound if self.is_encrypted() => self.bad(
                "the private key is encrypted; store it without a passphrase, readable by this program alone",
            ),
            pem::Error::NoItemsFound => self.bad("there is no private key in it"),
            error => self.bad(&error.to_string()),
        })
    }

    fn all<T: PemObject>(&self, what: &str) -> Result<Vec<T>, TlsError> {
        let all: Result<Vec<T>, _> = T::pem_slice_iter(self.text()).collect();
        match all {
            Ok(all) if all.is_empty() => {
                Err(self.bad(&format!("there is no {what} in it, or it is not PEM")))
            }
            Ok(all) => Ok(all),
            Err(error) => Err(self.bad(&error.to_string())),
        }
    }

    fn is_encrypted(&self) -> bool {
        let has = |mark: &str| self.text().windows(mark.len()).any(|window| window == mark.as_bytes());
        has("BEGIN ENCRYPTED PRIVATE KEY") || has("Proc-Type: 4,ENCRYPTED")
    }

    fn text(&self) -> &[u8] {
        match &self.text {
            Text::Lent(text) => text,
            Text::Read(text) => text,
        }
    }

    /// What is wrong with it.
    pub(super) fn bad(&self, why: &str) -> TlsError {
        TlsError::new(format!("cannot use {}: {why}", self.name))
    }
}

/// The operating system's words without its number.
fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}
