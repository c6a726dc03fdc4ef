//! What a configuration says, for those who show it: everything but its secrets and its closures.
//!
//! It only looks. Nothing is copied, and nothing can be changed here.

use std::path::Path;
use std::time::Duration;

use crate::tls::Pem;
use crate::{Address, Config, Engine, Protocol, Tls, TlsVersion};

/// What a [`Config`] says, but for its secrets, its closures and its limits.
///
/// # Example
/// ```
/// use conn::Config;
///
/// let config = Config::tcp("localhost", 6379).username("ann").password("s3cret");
/// let setup = config.setup();
/// assert_eq!((setup.username, setup.has_password, setup.db), (Some("ann"), true, 0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setup<'a> {
    /// Where the server listens.
    pub address: &'a Address,
    /// The user, unless a provider is asked for it.
    pub username: Option<&'a str>,
    /// Whether a password is sent, unless a provider is asked for it.
    pub has_password: bool,
    /// The number of the database.
    pub db: u32,
    /// The name that `CLIENT LIST` shows.
    pub client_name: Option<&'a str>,
    /// The version of the protocol to ask for.
    pub protocol: Protocol,
    /// What reads replies.
    pub engine: Engine,
    /// How long lookup, connect and handshake may take together.
    pub connect_timeout: Option<Duration>,
    /// After how long a silence the kernel probes.
    pub keepalive: Option<Duration>,
    /// How TLS is spoken, if it is.
    pub tls: Option<TlsSetup<'a>>,
}

/// What a [`Tls`] says, but for what was given as text of PEM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TlsSetup<'a> {
    /// The file with the CAs to trust.
    pub ca: Option<&'a Path>,
    /// The file with the client's certificate.
    pub cert: Option<&'a Path>,
    /// The file with the client's key.
    pub key: Option<&'a Path>,
    /// The file with revocation lists.
    pub crl: Option<&'a Path>,
    /// What the server's certificate must be for, if not for the host.
    pub server_name: Option<&'a str>,
    /// The oldest version that will do.
    pub min_version: TlsVersion,
    /// Whether anybody is trusted.
    pub accepts_any_certificate: bool,
}

impl Config {
    /// What this configuration says, for those who show it.
    pub fn setup(&self) -> Setup<'_> {
        let login = self.credentials.fixed().and_then(|credentials| credentials.login());
        Setup {
            address: &self.address,
            username: login.and_then(|(username, _)| username),
            // No user and an empty password are sent as they are; a user without a password has an empty one.
            has_password: login
                .is_some_and(|(username, password)| username.is_none() || !password.is_empty()),
            db: self.db,
            client_name: self.client_name.as_deref(),
            protocol: self.protocol,
            engine: self.engine(),
            connect_timeout: self.connect_timeout,
            keepalive: self.keepalive,
            tls: self.tls.as_ref().map(|connector| connector.words().setup()),
        }
    }
}

impl Tls {
    fn setup(&self) -> TlsSetup<'_> {
        TlsSetup {
            ca: file(self.ca.as_ref()),
            cert: file(self.cert.as_ref()),
            key: file(self.key.as_ref()),
            crl: file(self.crl.as_ref()),
            server_name: self.server_name.as_deref(),
            min_version: self.min_version,
            accepts_any_certificate: self.accept_any,
        }
    }
}

fn file(pem: Option<&Pem>) -> Option<&Path> {
    match pem {
        Some(Pem::File(path)) => Some(path),
        Some(Pem::Text(_)) | None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Credentials;

    #[test]
    fn what_a_provider_would_say_is_not_asked() {
        let provided = Config::tcp("h", 1)
            .credentials_provider(|| Ok(Credentials::new("s3cret").username("never asked")));
        assert_eq!((provided.setup().username, provided.setup().has_password), (None, false));
        assert!(Config::tcp("h", 1).password("").setup().has_password);
        assert!(!Config::tcp("h", 1).username("ann").setup().has_password);
    }

    #[test]
    fn pem_given_as_text_is_not_shown() {
        let tls = Tls::new().ca_pem(*b"s3cret").key("/k.pem");
        assert_eq!((tls.setup().ca, tls.setup().key), (None, Some(Path::new("/k.pem"))));
    }
}
