//! Who the client is, and who knows it. A secret is overwritten when it is dropped, and never printed.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::lookup::within;

/// A user of the server's access list and the password, or a token that stands for one.
///
/// Cheap to clone. The password is shared by the clones, overwritten when the last one goes, and never printed.
///
/// # Example
/// ```
/// use conn::Credentials;
///
/// let credentials = Credentials::new("s3cret").username("ann");
/// assert_eq!(format!("{credentials:?}"), "Credentials { username: Some(\"ann\"), password: Some(***) }");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    username: Option<Arc<str>>,
    password: Option<Arc<Zeroizing<String>>>,
}

impl Credentials {
    /// The password of the user `default`, until another user is named.
    pub fn new(password: impl Into<String>) -> Self {
        Self::default().password(password)
    }

    /// Names the user of the server's access list.
    #[must_use]
    pub fn username(mut self, username: impl Into<Arc<str>>) -> Self {
        self.username = Some(username.into());
        self
    }

    /// Sets the password.
    #[must_use]
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(Arc::new(Zeroizing::new(password.into())));
        self
    }

    /// The user and the password to send, if there is anything to send. A user may have no password: then the server
    /// takes any.
    pub(crate) fn login(&self) -> Option<(Option<&str>, &str)> {
        let password = self.password.as_ref().map(|password| password.as_str());
        match (self.username.as_deref(), password) {
            (None, None) => None,
            (username, password) => Some((username, password.unwrap_or_default())),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let password = self.password.as_ref().map(|_| format_args!("***"));
        f.debug_struct("Credentials").field("username", &self.username).field("password", &password).finish()
    }
}

/// Where the credentials come from.
#[derive(Clone)]
pub(crate) enum Source {
    Fixed(Credentials),
    /// Asked at each connect.
    Provider(Arc<Provide>),
}

type Provide = dyn Fn() -> Result<Credentials, Box<dyn Error + Send + Sync>> + Send + Sync;

/// Why there are no credentials.
pub(crate) enum Missing {
    /// The provider did not answer in time.
    Late,
    /// The provider's own words.
    Failed(String),
}

impl Source {
    /// Those that are known without asking.
    pub(crate) fn fixed(&self) -> Option<&Credentials> {
        match self {
            Self::Fixed(credentials) => Some(credentials),
            Self::Provider(_) => None,
        }
    }

    /// The credentials for a connect that begins now. A provider may take as long as it likes: it is asked on a thread of
    /// its own, and not waited for beyond the limit.
    pub(crate) fn ask(&self, limit: Option<Duration>) -> Result<Credentials, Missing> {
        let provide = match self {
            Self::Fixed(credentials) => return Ok(credentials.clone()),
            Self::Provider(provide) => Arc::clone(provide),
        };
        let answer =
            within("redisy-credentials", limit, move || provide().map_err(|error| error.to_string()));
        match answer {
            Ok(answer) => answer.map_err(Missing::Failed),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => Err(Missing::Late),
            Err(error) => Err(Missing::Failed(error.to_string())),
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(credentials) => credentials.fmt(f),
            Self::Provider(_) => f.write_str("provider"),
        }
    }
}
