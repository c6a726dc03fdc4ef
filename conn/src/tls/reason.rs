//! rustls's errors in words that say what to do.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use rustls::pki_types::{ServerName, UnixTime};
use rustls::{AlertDescription, CertificateError, Error, InvalidMessage, PeerIncompatible};

use super::{Tls, TlsFailure, TlsVersion, Told};

/// What of the configuration explains a failure.
#[derive(Debug)]
pub(super) struct Reasons {
    own_ca: bool,
    shows_certificate: bool,
    min_version: TlsVersion,
    /// Whether a server has asked for a certificate and was shown none. In TLS 1.2 it then says no more than that the
    /// handshake failed.
    asked: AtomicBool,
}

impl Reasons {
    pub(super) fn new(tls: &Tls) -> Self {
        Self {
            own_ca: tls.ca.is_some(),
            shows_certificate: tls.cert.is_some(),
            min_version: tls.min_version,
            asked: AtomicBool::new(false),
        }
    }

    pub(super) fn was_asked(&self) {
        // A hint for the words of an error: no other memory hangs on it.
        self.asked.store(true, Ordering::Relaxed);
    }

    /// The error on its way up.
    pub(super) fn explain(&self, error: Error) -> io::Error {
        let (failure, words) = match error {
            Error::InvalidCertificate(error) => self.certificate(&error),
            Error::AlertReceived(alert) => self.alert(alert),
            Error::NoCertificatesPresented => {
                (TlsFailure::BadCertificate, "it showed no certificate".to_owned())
            }
            Error::PeerIncompatible(
                PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
                | PeerIncompatible::Tls12NotOffered
                | PeerIncompatible::Tls12NotOfferedOrEnabled,
            ) => self.version(),
            Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
                (TlsFailure::NotTls, "it does not speak TLS".to_owned())
            }
            Error::PeerIncompatible(_) => {
                (TlsFailure::Refused, format!("it has no way of TLS in common with us: {error}"))
            }
            error => (TlsFailure::Broken, format!("it broke the TLS protocol: {error}")),
        };
        Told { failure, words }.into()
    }

    /// A peer that says something else first.
    pub(super) fn not_tls(bytes: &[u8]) -> Told {
        let line = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
        let shown = line.get(..SHOWN).unwrap_or(line).escape_ascii();
        let words = format!(
            "it does not speak TLS there, it said \"{shown}\" (use the server's TLS port, or redis:// for this one)"
        );
        Told { failure: TlsFailure::NotTls, words }
    }

    fn certificate(&self, error: &CertificateError) -> (TlsFailure, String) {
        use CertificateError as Bad;
        match error {
            Bad::NotValidForNameContext { expected, presented } => {
                (TlsFailure::WrongName, wrong_name(expected, presented))
            }
            Bad::NotValidForName => (TlsFailure::WrongName, "its certificate is for another name".to_owned()),
            Bad::ExpiredContext { time, not_after } => (
                TlsFailure::Expired,
                format!("its certificate expired {} ago{CLOCK}", span(*not_after, *time)),
            ),
            Bad::Expired => (TlsFailure::Expired, format!("its certificate has expired{CLOCK}")),
            Bad::NotValidYetContext { time, not_before } => (
                TlsFailure::NotYetValid,
                format!("its certificate becomes valid in {}{CLOCK}", span(*time, *not_before)),
            ),
            Bad::NotValidYet => (TlsFailure::NotYetValid, format!("its certificate is not valid yet{CLOCK}")),
            Bad::UnknownIssuer if self.own_ca => (
                TlsFailure::UnknownCa,
                "its certificate leads to no CA in tls_ca (is it the CA of this server, and does the server send its \
                 whole chain?)"
                    .to_owned(),
            ),
            Bad::UnknownIssuer => (
                TlsFailure::UnknownCa,
                "its certificate leads to no CA that this system trusts (set tls_ca to the CA of this server)"
                    .to_owned(),
            ),
            Bad::Revoked => (
                TlsFailure::Revoked,
                "its certificate was revoked, says the list in tls_crl (the server needs a new one)".to_owned(),
            ),
            Bad::UnknownRevocationStatus => (
                TlsFailure::RevocationUnknown,
                "the lists in tls_crl do not cover its certificate (each CA of its chain needs a list there)"
                    .to_owned(),
            ),
            Bad::ExpiredRevocationList | Bad::ExpiredRevocationListContext { .. } => (
                TlsFailure::RevocationUnknown,
                "the list in tls_crl is out of date (get a new one, and make the configuration anew)".to_owned(),
            ),
            error => (TlsFailure::BadCertificate, format!("its certificate is of no use: {error}")),
        }
    }

    fn alert(&self, alert: AlertDescription) -> (TlsFailure, String) {
        use AlertDescription as Alert;
        let about_ours = matches!(
            alert,
            Alert::BadCertificate
                | Alert::UnsupportedCertificate
                | Alert::CertificateRevoked
                | Alert::CertificateExpired
                | Alert::CertificateUnknown
                | Alert::UnknownCA
                | Alert::AccessDenied
                | Alert::DecryptError
        );
        match alert {
            Alert::CertificateRequired if self.shows_certificate => (
                TlsFailure::ClientCertificateRefused,
                "it wants a client certificate, and the one in tls_cert is of no kind that it takes"
                    .to_owned(),
            ),
            Alert::CertificateRequired => missing(),
            Alert::HandshakeFailure | Alert::BadCertificate
                if !self.shows_certificate && self.asked.load(Ordering::Relaxed) =>
            {
                missing()
            }
            Alert::ProtocolVersion => self.version(),
            alert if about_ours && self.shows_certificate => (
                TlsFailure::ClientCertificateRefused,
                format!(
                    "it refuses the client certificate in tls_cert: {alert:?} (is it signed by a CA that the server \
                     trusts, and still valid?)"
                ),
            ),
            alert => (TlsFailure::Refused, format!("it broke off TLS: {alert:?}")),
        }
    }

    fn version(&self) -> (TlsFailure, String) {
        let words = format!(
            "it speaks no version of TLS from {} on (tls_min_version is the oldest that will do)",
            self.min_version
        );
        (TlsFailure::Version, words)
    }
}

fn missing() -> (TlsFailure, String) {
    let words = "it wants a client certificate, and none was configured (set tls_cert and tls_key)";
    (TlsFailure::ClientCertificateMissing, words.to_owned())
}

fn wrong_name(expected: &ServerName<'static>, presented: &[String]) -> String {
    let expected = expected.to_str();
    // rustls writes `DnsName("a.example")` and `IpAddress(127.0.0.1)`.
    let inner = |name: &String| {
        let start = name.split_once('(').map_or(name.as_str(), |(_, inner)| inner);
        start.trim_matches(|c| matches!(c, '"' | ')')).to_owned()
    };
    let names = match presented {
        [] => "no name at all (a common name alone does not count)".to_owned(),
        names => names.iter().map(inner).collect::<Vec<_>>().join(", "),
    };
    format!(
        "its certificate is for {names}, not for {expected} (connect by such a name, or set tls_server_name)"
    )
}

/// The time between two instants, in its largest unit.
fn span(from: UnixTime, to: UnixTime) -> String {
    let seconds = to.as_secs().saturating_sub(from.as_secs());
    let (count, unit) = match seconds {
        0..120 => (seconds, "seconds"),
        120..7_200 => (seconds / 60, "minutes"),
        7_200..172_800 => (seconds / 3_600, "hours"),
        _ => (seconds / 86_400, "days"),
    };
    format!("{count} {unit}")
}

const CLOCK: &str = " (the server needs a new one, unless the clock of this machine is wrong)";

/// So many bytes of what is no TLS are shown.
const SHOWN: usize = 48;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_in_their_largest_unit() {
        let at = |seconds| UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        let cases = [(5, "5 seconds"), (600, "10 minutes"), (36_000, "10 hours"), (864_000, "10 days")];
        for (seconds, text) in cases {
            assert_eq!(span(at(100), at(seconds + 100)), text);
        }
        assert_eq!(span(at(10), at(0)), "0 seconds");
    }
}
