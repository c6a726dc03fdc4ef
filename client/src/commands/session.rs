//! Commands that change the connection they run on, for the commands after it. A [`Client`](crate::Client) has none of
//! them: its next call may run on another connection.

use std::fmt;

use resp::{Decode, DecodeError, DecodeOwned, Protocol, Reply, Request, ToArg, ToArgs, View};

use super::reply::{field, optional};
use crate::execute::OneConnection;
use crate::{Commands, ModuleInfo};

/// # Connection: what changes it
impl<E: OneConnection> Commands<E> {
    /// `SELECT`: the commands after it use another database. It is an error if the server has no such database.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.dedicated()?;
    /// own.select(1)?;
    /// assert_eq!(own.client_info()?.db(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn select(&self, db: u32) -> E::Output<()> {
        self.call(Request::new("SELECT").arg(db))
    }

    /// `AUTH` with a password: the connection is that of the user `default` from now on. A wrong password is an error,
    /// and changes nothing.
    ///
    /// [`Config::password`](crate::Config::password) does it for every connection of a client.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().auth("secret").args(), [&b"AUTH"[..], b"secret"]);
    /// ```
    pub fn auth(&self, password: &str) -> E::Output<()> {
        self.call(Request::new("AUTH").secret(password))
    }

    /// `AUTH` with a user and a password: the connection is that user's from now on. A wrong password is an error, and
    /// changes nothing.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().auth_user("ann", "secret").args(), [&b"AUTH"[..], b"ann", b"secret"]);
    /// ```
    pub fn auth_user(&self, username: &str, password: &str) -> E::Output<()> {
        self.call(Request::new("AUTH").arg(username).secret(password))
    }

    /// `HELLO`: what the server is, and what the connection is to it. It changes nothing.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let hello = client.dedicated()?.hello()?;
    /// assert_eq!((&*hello.server, &*hello.role, hello.proto), ("redis", "master", 3));
    /// # Ok(())
    /// # }
    /// ```
    pub fn hello(&self) -> E::Output<Hello> {
        self.call(Request::new("HELLO"))
    }

    /// `HELLO` with options: the same, after it has chosen the version of the protocol, and perhaps a user and a name.
    ///
    /// # Example
    /// ```
    /// use client::{HelloOptions, Protocol};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.dedicated()?;
    /// let hello = own.hello_with(HelloOptions::new(Protocol::Resp2).setname("worker"))?;
    /// assert_eq!(hello.proto, 2);
    /// assert_eq!(own.client_getname()?.as_deref(), Some("worker"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn hello_with<'o>(&self, options: impl Into<HelloOptions<'o>>) -> E::Output<Hello> {
        let options = options.into();
        self.call(Request::new("HELLO").with(|r| options.write(r)))
    }

    /// `RESET`: the connection is as a new one: database 0, no user, no name, RESP2, nothing watched or tracked (Redis
    /// 6.2). A server that wants a password wants it again.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.dedicated()?;
    /// own.select(1)?;
    /// own.reset()?;
    /// assert_eq!(own.client_info()?.db(), 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn reset(&self) -> E::Output<()> {
        self.call(Request::new("RESET"))
    }

    /// `QUIT`: the server closes the connection. Deprecated since Redis 7.2: dropping a
    /// [`Dedicated`](crate::Dedicated) connection or [`Client::close`](crate::Client::close) is all it takes.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.dedicated()?;
    /// own.quit()?;
    /// assert!(own.ping().unwrap_err().is_connection());
    /// # Ok(())
    /// # }
    /// ```
    pub fn quit(&self) -> E::Output<()> {
        self.call(Request::new("QUIT"))
    }

    /// `CLIENT SETNAME`: the connection's name in [`client_list`](Self::client_list) and in the server's log, without
    /// spaces; an empty one takes it away.
    ///
    /// [`Config::client_name`](crate::Config::client_name) gives every connection of a client a name.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.dedicated()?;
    /// own.client_setname("worker-7")?;
    /// assert_eq!(own.client_getname()?.as_deref(), Some("worker-7"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_setname(&self, name: impl ToArg) -> E::Output<()> {
        self.call(Request::new("CLIENT SETNAME").arg(&name))
    }

    /// `CLIENT SETINFO`: what the server is to know of the library at this end, without spaces (Redis 7.2).
    ///
    /// # Example
    /// ```
    /// use client::ClientAttribute;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.dedicated()?;
    /// own.client_setinfo(ClientAttribute::LibName, "redisy(my-framework)")?;
    /// assert_eq!(own.client_info()?.field("lib-name"), Some("redisy(my-framework)"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_setinfo(&self, attribute: ClientAttribute, value: impl ToArg) -> E::Output<()> {
        self.call(Request::new("CLIENT SETINFO").arg(attribute.as_str()).arg(&value))
    }

    /// `CLIENT NO-EVICT`: whether the server spares the connection when its clients take too much memory (Redis 7.0).
    ///
    /// # Example
    /// ```
    /// use client::Switch;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.dedicated()?;
    /// own.client_no_evict(Switch::On)?;
    /// assert_eq!(own.client_info()?.flags(), "e");
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_no_evict(&self, switch: Switch) -> E::Output<()> {
        self.call(Request::new("CLIENT NO-EVICT").arg(switch.on_off()))
    }

    /// `CLIENT NO-TOUCH`: whether keys that the connection reads do not count as used (Redis 7.2).
    ///
    /// # Example
    /// ```
    /// use client::Switch;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let own = client.dedicated()?;
    /// own.client_no_touch(Switch::On)?;
    /// assert_eq!(own.client_info()?.flags(), "T");
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_no_touch(&self, switch: Switch) -> E::Output<()> {
        self.call(Request::new("CLIENT NO-TOUCH").arg(switch.on_off()))
    }

    /// `CLIENT CAPA`: what the connection can cope with, such as `redirect`: a replica then answers `REDIRECT` and the
    /// primary's address to what it does not serve (Valkey 8.0; no Redis has it).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().client_capa("redirect").args(), [&b"CLIENT"[..], b"CAPA", b"redirect"]);
    /// ```
    pub fn client_capa(&self, capabilities: impl ToArgs) -> E::Output<()> {
        self.call(Request::new("CLIENT CAPA").args(&capabilities))
    }

    /// `CLIENT IMPORT-SOURCE`: whether the connection brings data from another server, and so sees keys that are
    /// expired, while the server is in its `import-mode` (Valkey 8.1; no Redis has it).
    ///
    /// # Example
    /// ```
    /// use client::{Build, Switch};
    ///
    /// let command = Build::new().client_import_source(Switch::On);
    /// assert_eq!(command.args(), [&b"CLIENT"[..], b"IMPORT-SOURCE", b"ON"]);
    /// ```
    pub fn client_import_source(&self, switch: Switch) -> E::Output<()> {
        self.call(Request::new("CLIENT IMPORT-SOURCE").arg(switch.on_off()))
    }
}

/// Whether something is done from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Switch {
    /// It is.
    On,
    /// It is not.
    Off,
}

impl Switch {
    pub(super) fn on_off(self) -> &'static str {
        match self {
            Self::On => "ON",
            Self::Off => "OFF",
        }
    }

    pub(super) fn yes_no(self) -> &'static str {
        match self {
            Self::On => "YES",
            Self::Off => "NO",
        }
    }
}

/// What the server may know of the library at a client's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClientAttribute {
    /// Its name.
    LibName,
    /// Its version.
    LibVer,
}

impl ClientAttribute {
    fn as_str(self) -> &'static str {
        match self {
            Self::LibName => "LIB-NAME",
            Self::LibVer => "LIB-VER",
        }
    }
}

/// The options of `HELLO`. A [`Protocol`] alone is one.
///
/// # Example
/// ```
/// use client::{Build, HelloOptions, Protocol};
///
/// let options = HelloOptions::new(Protocol::Resp3).auth("ann", "secret").setname("worker");
/// let command = Build::new().hello_with(options);
/// assert_eq!(command.args().join(&b' '), b"HELLO 3 AUTH ann secret SETNAME worker");
/// ```
#[derive(Clone, Copy)]
pub struct HelloOptions<'o> {
    protocol: Protocol,
    auth: Option<(&'o str, &'o str)>,
    name: Option<&'o str>,
}

impl<'o> HelloOptions<'o> {
    /// The connection speaks this version of the protocol.
    pub fn new(protocol: Protocol) -> Self {
        Self { protocol, auth: None, name: None }
    }

    /// It is this user's; `default` is the one that always exists.
    #[must_use]
    pub fn auth(mut self, username: &'o str, password: &'o str) -> Self {
        self.auth = Some((username, password));
        self
    }

    /// It has this name, as [`client_setname`](Commands::client_setname) gives it.
    #[must_use]
    pub fn setname(mut self, name: &'o str) -> Self {
        self.name = Some(name);
        self
    }

    fn write<'r>(self, request: Request<'r>) -> Request<'r>
    where
        'o: 'r,
    {
        let request = request.arg(match self.protocol {
            Protocol::Resp2 => 2,
            Protocol::Resp3 => 3,
        });
        let auth = self.auth.into_iter();
        let request = auth.fold(request, |r, (user, password)| r.arg("AUTH").arg(user).secret(password));
        self.name.into_iter().fold(request, |r, name| r.arg("SETNAME").arg(name))
    }
}

impl From<Protocol> for HelloOptions<'_> {
    fn from(protocol: Protocol) -> Self {
        Self::new(protocol)
    }
}

impl fmt::Debug for HelloOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No password in a log.
        let user = self.auth.map(|(user, _)| user);
        f.debug_struct("HelloOptions")
            .field("protocol", &self.protocol)
            .field("user", &user)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What a server says of itself and of the connection.
#[derive(Clone)]
#[non_exhaustive]
pub struct Hello {
    /// What it is: `redis`, `valkey`.
    pub server: String,
    /// Its version. An early Valkey gives that of the Redis it is compatible with.
    pub version: String,
    /// The version of the protocol that the connection speaks: 2 or 3.
    pub proto: i64,
    /// The number of the connection, as [`client_id`](Commands::client_id) returns it.
    pub id: i64,
    /// `standalone`, `sentinel` or `cluster`.
    pub mode: String,
    /// `master` or `replica`.
    pub role: String,
    /// The modules that are loaded.
    pub modules: Vec<ModuleInfo>,
    all: Reply,
}

impl Hello {
    /// Any field, by the name the server gives it: `availability_zone`, … `None` if there is no such field, or it is
    /// no `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl Decode<'_> for Hello {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            server: field(view, "server")?,
            version: field(view, "version")?,
            proto: field(view, "proto")?,
            id: field(view, "id")?,
            mode: optional(view, "mode")?.unwrap_or_default(),
            role: optional(view, "role")?.unwrap_or_default(),
            modules: optional(view, "modules")?.unwrap_or_default(),
            all: view.to_reply(),
        })
    }
}

impl fmt::Debug for Hello {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Hello").field(&self.all).finish()
    }
}
