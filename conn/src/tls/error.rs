//! Why TLS cannot be spoken as it was asked for: found when the configuration is made, before anything is connected.

use std::fmt;

/// A configuration for TLS that cannot work. Its text names the option and, where there is one, the file.
///
/// # Example
/// ```
/// use conn::{Config, Tls};
///
/// let error = Config::tcp("localhost", 6380).tls(&Tls::new().ca("/no/such.pem")).unwrap_err();
/// # if !error.is_feature_missing() {
/// assert_eq!(error.to_string(), "cannot read /no/such.pem (tls_ca): no such file or directory");
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsError {
    text: Box<str>,
    feature_missing: bool,
}

impl TlsError {
    #[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "nothing else fails without the feature"))]
    pub(crate) fn new(text: impl Into<Box<str>>) -> Self {
        Self { text: text.into(), feature_missing: false }
    }

    #[cfg_attr(feature = "tls", expect(dead_code, reason = "the feature is there"))]
    pub(crate) fn missing() -> Self {
        Self {
            text: "TLS is not part of this build: turn on the cargo feature `tls`".into(),
            feature_missing: true,
        }
    }

    /// Whether TLS is not part of this build: the cargo feature `tls` is off.
    pub fn is_feature_missing(&self) -> bool {
        self.feature_missing
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for TlsError {}
