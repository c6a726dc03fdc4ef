//! Whom to trust: the roots, the revocation lists, or, if somebody really wants it, anybody.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{VerifierBuilderError, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::pem::Source;
use super::{Tls, TlsError};

/// What looks at a server's certificate.
pub(super) fn verifier(
    tls: &Tls,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, TlsError> {
    if tls.accept_any {
        return match (&tls.ca, &tls.crl) {
            (None, None) => Ok(Arc::new(Anybody(Arc::clone(provider)))),
            (Some(_), _) => {
                Err(TlsError::new("tls_danger_accept_any_certificate leaves tls_ca without effect"))
            }
            (_, Some(_)) => {
                Err(TlsError::new("tls_danger_accept_any_certificate leaves tls_crl without effect"))
            }
        };
    }
    let builder = WebPkiServerVerifier::builder_with_provider(Arc::new(roots(tls)?), Arc::clone(provider));
    let Some(pem) = &tls.crl else {
        return Ok(builder.build().map_err(|error| TlsError::new(error.to_string()))?);
    };
    let source = Source::read(pem, "tls_crl")?;
    let builder = builder.with_crls(source.lists()?).enforce_revocation_expiration();
    match builder.build() {
        Ok(verifier) => Ok(verifier),
        Err(VerifierBuilderError::InvalidCrl(error)) => Err(source.bad(&format!("{error:?}"))),
        Err(error) => Err(TlsError::new(error.to_string())),
    }
}

fn roots(tls: &Tls) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    if let Some(pem) = &tls.ca {
        let source = Source::read(pem, "tls_ca")?;
        for certificate in source.certificates()? {
            roots.add(certificate).map_err(|error| source.bad(&error.to_string()))?;
        }
        return Ok(roots);
    }
    // Some systems have certificates that rustls cannot read; the others count.
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let why = found.errors.first().map_or_else(String::new, |error| format!(" ({error})"));
        return Err(TlsError::new(format!(
            "this system has no CA certificates that could be trusted{why}: name those to trust by tls_ca"
        )));
    }
    Ok(roots)
}

/// Trusts whoever answers; only that the handshake is one is still checked.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
