//! The options of TLS in a URL, and what other clients call them.

use conn::{Tls, TlsVersion};

use super::bad;
use crate::Error;

/// The options that only `rediss://` and `valkeys://` have.
pub(super) const OPTIONS: [&str; 7] = [
    "tls_ca",
    "tls_cert",
    "tls_key",
    "tls_crl",
    "tls_server_name",
    "tls_min_version",
    "tls_danger_accept_any_certificate",
];

/// Sets one of them.
pub(super) fn set(tls: Tls, name: &str, value: &str) -> Result<Tls, Error> {
    if value.is_empty() {
        return Err(Error::config(format!("the option {name:?} in the URL is empty")));
    }
    Ok(match name {
        "tls_ca" => tls.ca(value),
        "tls_cert" => tls.cert(value),
        "tls_key" => tls.key(value),
        "tls_crl" => tls.crl(value),
        "tls_server_name" => tls.server_name(value),
        "tls_min_version" => tls.min_version(match value {
            "1.2" => TlsVersion::Tls12,
            "1.3" => TlsVersion::Tls13,
            _ => return Err(bad(name, value, "1.2 or 1.3")),
        }),
        _ => match value {
            "yes" => tls.danger_accept_any_certificate(),
            "no" => tls,
            _ => return Err(bad(name, value, "yes or no")),
        },
    })
}

/// What to write instead of an option of redis-py's or a fragment of redis-rs's.
pub(super) fn translated(foreign: &str) -> Option<&'static str> {
    let ours = match foreign {
        "ssl" => "the scheme rediss:// turns TLS on",
        "ssl_ca_certs" => "write tls_ca",
        "ssl_ca_data" => "write tls_ca with a file, or build the configuration with Tls::ca_pem",
        "ssl_ca_path" => "write tls_ca with one file, or set SSL_CERT_DIR for the whole program",
        "ssl_certfile" => "write tls_cert",
        "ssl_keyfile" => "write tls_key",
        "ssl_password" => "a key is stored without a passphrase: tls_key",
        "ssl_min_version" => "write tls_min_version=1.2 or 1.3",
        "ssl_check_hostname" => "write tls_server_name with the name in the certificate",
        "ssl_cert_reqs" => {
            "certificates are always required; tls_danger_accept_any_certificate=yes trusts whoever answers"
        }
        "ssl_include_verify_flags" | "ssl_exclude_verify_flags" => "write tls_crl with the revocation lists",
        "ssl_ciphers" => "there are none but safe ones to choose from",
        "insecure" => "write ?tls_danger_accept_any_certificate=yes, which trusts whoever answers",
        name if name.starts_with("ssl_validate_ocsp") || name.starts_with("ssl_ocsp") => {
            "OCSP is not asked; write tls_crl with revocation lists"
        }
        _ => return None,
    };
    Some(ours)
}
