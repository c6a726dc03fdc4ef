//! One rustls configuration for all connections: every file is read and checked when it is made.

use std::fmt;
use std::io;
use std::sync::Arc;

use rustls::client::{ResolvesClientCert, Resumption};
use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, SignatureScheme};

use super::pem::Source;
use super::reason::Reasons;
use super::resume::Sessions;
use super::verify::verifier;
use super::{Tls, TlsError, TlsStream, TlsVersion};
use crate::socket::Socket;
use crate::{Address, Deadline};

/// Opens TLS over sockets. Cheap to clone; the clones share their sessions.
#[derive(Clone)]
pub(crate) struct Connector {
    words: Tls,
    config: Arc<ClientConfig>,
    /// What the certificate must be for, if not for the host.
    name: Option<ServerName<'static>>,
    reasons: Arc<Reasons>,
}

impl Connector {
    pub(crate) fn new(tls: &Tls, address: &Address) -> Result<Self, TlsError> {
        let name = match &tls.server_name {
            Some(name) => Some(named(name, "tls_server_name")?),
            None => None,
        };
        host(address)?;
        let reasons = Arc::new(Reasons::new(tls));
        let config = Arc::new(configure(tls, &reasons)?);
        Ok(Self { words: tls.clone(), config, name, reasons })
    }

    /// With what it was made.
    pub(crate) fn words(&self) -> &Tls {
        &self.words
    }

    /// Shakes hands over a socket that is connected to `address`.
    pub(crate) fn connect(
        &self,
        socket: Socket,
        address: &Address,
        deadline: Deadline,
    ) -> io::Result<TlsStream> {
        let name = match &self.name {
            Some(name) => name.clone(),
            None => host(address).map_err(io::Error::other)?,
        };
        TlsStream::open(socket, Arc::clone(&self.config), name, Arc::clone(&self.reasons), deadline)
    }
}

fn configure(tls: &Tls, reasons: &Arc<Reasons>) -> Result<ClientConfig, TlsError> {
    let provider = Arc::new(ring::default_provider());
    let versions: &[_] = match tls.min_version {
        TlsVersion::Tls12 => &[&TLS13, &TLS12],
        TlsVersion::Tls13 => &[&TLS13],
    };
    let verifier = verifier(tls, &provider)?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(|error| TlsError::new(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match (&tls.cert, &tls.key) {
        (None, None) => builder.with_client_cert_resolver(Arc::new(NoCertificate(Arc::clone(reasons)))),
        (None, Some(_)) => return Err(TlsError::new("tls_key needs its certificate: tls_cert")),
        (Some(cert), key) => {
            let cert = Source::read(cert, "tls_cert")?;
            // Many programs keep both in one file.
            let key = key.as_ref().map(|key| Source::read(key, "tls_key")).transpose()?;
            let key = key.as_ref().unwrap_or(&cert);
            builder.with_client_auth_cert(cert.certificates()?, key.key()?).map_err(|error| match error {
                rustls::Error::InconsistentKeys(_) => {
                    key.bad(&format!("the private key does not belong to the certificate in {}", cert.name))
                }
                error => key.bad(&error.to_string()),
            })?
        }
    };
    config.resumption = Resumption::store(Arc::new(Sessions::new()));
    Ok(config)
}

fn host(address: &Address) -> Result<ServerName<'static>, TlsError> {
    match address {
        Address::Tcp { host, .. } => named(host, "the host"),
        Address::Unix(_) => {
            Err(TlsError::new("TLS is for TCP: what goes over a Unix socket stays on the machine"))
        }
    }
}

fn named(name: &str, what: &str) -> Result<ServerName<'static>, TlsError> {
    ServerName::try_from(name.to_owned()).map_err(|_| {
        TlsError::new(format!("{what} is {name:?}, which is no name that a certificate can be for"))
    })
}

/// Shows no certificate, and remembers that one was asked for.
#[derive(Debug)]
struct NoCertificate(Arc<Reasons>);

impl ResolvesClientCert for NoCertificate {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.was_asked();
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words.fmt(f)
    }
}
