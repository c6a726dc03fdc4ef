//! What the server tracks for a connection, so that it can say when a key that was read has changed.

use std::fmt;

use resp::{Decode, DecodeError, DecodeOwned, Reply, Request, View};

use super::reply::{field, optional};
use crate::execute::{Execute, OneConnection};
use crate::{Commands, Switch};

/// # Tracking
impl<E: OneConnection> Commands<E> {
    /// `CLIENT TRACKING ON`: from now on the server says when a key changes that the connection has read, or that
    /// begins with a prefix.
    ///
    /// It says so on this connection if that speaks RESP3, else on the one that
    /// [`redirect`](TrackingOptions::redirect) names.
    ///
    /// # Example
    /// ```
    /// use client::{Redirection, TrackingOptions};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.dedicated()?;
    /// own.client_tracking_on(TrackingOptions::new().optin().noloop())?;
    /// let info = own.client_trackinginfo()?;
    /// assert_eq!((info.flags.len(), info.redirect), (3, Redirection::Own)); // on, optin, noloop
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "client_tracking")]
    pub fn client_tracking_on<'o>(&self, options: impl Into<TrackingOptions<'o>>) -> E::Output<()> {
        let options = options.into();
        self.call(Request::new("CLIENT TRACKING").arg("ON").with(|r| options.write(r)))
    }

    /// `CLIENT TRACKING OFF`: the server tracks nothing for the connection any more.
    ///
    /// # Example
    /// ```
    /// use client::{Redirection, TrackingOptions};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.dedicated()?;
    /// own.client_tracking_on(TrackingOptions::new())?;
    /// own.client_tracking_off()?;
    /// assert_eq!(own.client_getredir()?, Redirection::Off);
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_tracking_off(&self) -> E::Output<()> {
        self.call(Request::new("CLIENT TRACKING").arg("OFF"))
    }

    /// `CLIENT CACHING`: whether the keys of the next command are tracked: on where only those are
    /// ([`optin`](TrackingOptions::optin)), off where only those are not ([`optout`](TrackingOptions::optout)). It is
    /// an error with another mode.
    ///
    /// # Example
    /// ```
    /// use client::{Switch, TrackingOptions};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.dedicated()?;
    /// own.client_tracking_on(TrackingOptions::new().optin())?;
    /// own.client_caching(Switch::On)?;
    /// own.get::<String>("doc:client_caching")?; // this one is tracked
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_caching(&self, switch: Switch) -> E::Output<()> {
        self.call(Request::new("CLIENT CACHING").arg(switch.yes_no()))
    }
}

/// # Tracking: what is tracked
impl<E: Execute> Commands<E> {
    /// `CLIENT TRACKINGINFO`: what the server tracks for the connection that ran this (Redis 6.2).
    ///
    /// # Example
    /// ```
    /// use client::Redirection;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let info = client.client_trackinginfo()?;
    /// assert_eq!((&*info.flags[0], info.redirect), ("off", Redirection::Off));
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_trackinginfo(&self) -> E::Output<TrackingInfo> {
        self.call(Request::new("CLIENT TRACKINGINFO"))
    }

    /// `CLIENT GETREDIR`: where the server says that a tracked key has changed.
    ///
    /// # Example
    /// ```
    /// use client::Redirection;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert_eq!(client.client_getredir()?, Redirection::Off);
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_getredir(&self) -> E::Output<Redirection> {
        self.call(Request::new("CLIENT GETREDIR"))
    }
}

/// The options of `CLIENT TRACKING ON`.
///
/// # Example
/// ```
/// use client::{Build, TrackingOptions};
///
/// let options = TrackingOptions::new().redirect(7).bcast(&["user:", "job:"]);
/// let command = Build::new().client_tracking_on(options);
/// assert_eq!(
///     command.args()[2..].join(&b' '),
///     b"ON REDIRECT 7 BCAST PREFIX user: PREFIX job:"
/// );
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrackingOptions<'o> {
    redirect: Option<i64>,
    mode: Option<&'static str>,
    prefixes: &'o [&'o str],
    noloop: Option<&'static str>,
}

impl<'o> TrackingOptions<'o> {
    /// No option: all keys that the connection reads.
    pub fn new() -> Self {
        Self::default()
    }

    /// The server says it to the connection with this number.
    #[must_use]
    pub fn redirect(mut self, id: i64) -> Self {
        self.redirect = Some(id);
        self
    }

    /// Of all keys that begin with one of these prefixes, read or not; of all keys if there is no prefix.
    #[must_use]
    pub fn bcast(mut self, prefixes: &'o [&'o str]) -> Self {
        (self.mode, self.prefixes) = (Some("BCAST"), prefixes);
        self
    }

    /// Only of keys that are read just after [`client_caching`](Commands::client_caching) was switched on.
    #[must_use]
    pub fn optin(mut self) -> Self {
        (self.mode, self.prefixes) = (Some("OPTIN"), &[]);
        self
    }

    /// Not of keys that are read just after [`client_caching`](Commands::client_caching) was switched off.
    #[must_use]
    pub fn optout(mut self) -> Self {
        (self.mode, self.prefixes) = (Some("OPTOUT"), &[]);
        self
    }

    /// Not of keys that the connection itself changes.
    #[must_use]
    pub fn noloop(mut self) -> Self {
        self.noloop = Some("NOLOOP");
        self
    }

    fn write<'r>(self, request: Request<'r>) -> Request<'r>
    where
        'o: 'r,
    {
        let request = self.redirect.into_iter().fold(request, |r, id| r.arg("REDIRECT").arg(id));
        let request = self.mode.into_iter().fold(request, Request::arg);
        let request = self.prefixes.iter().fold(request, |r, prefix| r.arg("PREFIX").arg(*prefix));
        self.noloop.into_iter().fold(request, Request::arg)
    }
}

/// Where the server says that a tracked key has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Redirection {
    /// Nowhere: nothing is tracked.
    Off,
    /// On the connection itself.
    Own,
    /// On the connection with this number.
    To(i64),
}

impl Decode<'_> for Redirection {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        match view.decode()? {
            -1 => Ok(Self::Off),
            0 => Ok(Self::Own),
            id => Ok(Self::To(id)),
        }
    }
}

/// What a server tracks for a connection.
#[derive(Clone)]
#[non_exhaustive]
pub struct TrackingInfo {
    /// `off`, or `on` and its mode: `bcast`, `optin`, `optout`, `caching-yes`, `caching-no`, `noloop`,
    /// `broken_redirect`.
    pub flags: Vec<String>,
    /// Where the server says that a key has changed.
    pub redirect: Redirection,
    /// The prefixes of the keys, if it is of all that begin with them.
    pub prefixes: Vec<Vec<u8>>,
    all: Reply,
}

impl TrackingInfo {
    /// Any field, by the name the server gives it. `None` if there is no such field, or it is no `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl Decode<'_> for TrackingInfo {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            flags: field(view, "flags")?,
            redirect: field(view, "redirect")?,
            prefixes: optional(view, "prefixes")?.unwrap_or_default(),
            all: view.to_reply(),
        })
    }
}

impl fmt::Debug for TrackingInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TrackingInfo").field(&self.all).finish()
    }
}
