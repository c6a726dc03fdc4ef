//! The options of TLS in a URL.

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
