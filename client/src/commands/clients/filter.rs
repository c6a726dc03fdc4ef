//! Which clients a command is about.

use std::time::Duration;

use resp::{Flaw, Request};

use crate::Switch;

/// Which clients `CLIENT LIST` tells of and `CLIENT KILL` sends away: those that have all these properties. A
/// [`ClientType`] alone is one.
///
/// Redis knows [`ids`](Self::ids), [`client_type`](Self::client_type) and, for `CLIENT KILL` alone,
/// [`user`](Self::user), [`addr`](Self::addr), [`laddr`](Self::laddr) (6.2), [`skipme`](Self::skipme) and
/// [`maxage`](Self::maxage) (7.4). Valkey knows those for both (8.1), and all others (9.0).
///
/// # Example
/// ```
/// use std::time::Duration;
/// use client::{Build, ClientFilter, ClientType};
///
/// let filter = ClientFilter::new().user("ann").idle(Duration::from_secs(60));
/// let filter = filter.not(ClientFilter::new().db(0).client_type(ClientType::Pubsub));
/// let command = Build::new().client_kill(filter);
/// assert_eq!(
///     command.args()[2..].join(&b' '),
///     b"USER ann IDLE 60 NOT-TYPE PUBSUB NOT-DB 0"
/// );
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClientFilter<'o> {
    has: Properties<'o>,
    has_not: Properties<'o>,
    skipme: Option<Switch>,
    maxage: Option<Duration>,
    idle: Option<Duration>,
    /// Something has no opposite that a server knows.
    is_one_sided: bool,
}

/// What a client may have, or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Properties<'o> {
    ids: Option<&'o [i64]>,
    kind: Option<ClientType>,
    db: Option<u32>,
    /// All that are text, in the order of [`TEXTS`].
    texts: [Option<&'o str>; TEXTS.len()],
}

/// The words for the properties that are text, with their opposites.
const TEXTS: [[&str; 2]; 9] = [
    ["USER", "NOT-USER"],
    ["ADDR", "NOT-ADDR"],
    ["LADDR", "NOT-LADDR"],
    ["NAME", "NOT-NAME"],
    ["FLAGS", "NOT-FLAGS"],
    ["LIB-NAME", "NOT-LIB-NAME"],
    ["LIB-VER", "NOT-LIB-VER"],
    ["CAPA", "NOT-CAPA"],
    ["IP", "NOT-IP"],
];

impl<'o> ClientFilter<'o> {
    /// All clients.
    pub fn new() -> Self {
        Self::default()
    }

    /// It has one of these numbers. `CLIENT KILL` takes only one of Redis.
    #[must_use]
    pub fn ids(mut self, ids: &'o [i64]) -> Self {
        self.has.ids = Some(ids);
        self
    }

    /// It is of this type.
    #[must_use]
    pub fn client_type(mut self, kind: ClientType) -> Self {
        self.has.kind = Some(kind);
        self
    }

    /// It is this user.
    #[must_use]
    pub fn user(self, user: &'o str) -> Self {
        self.text(0, user)
    }

    /// Its address is this: `host:port`, or the path of a Unix socket and `:0`.
    #[must_use]
    pub fn addr(self, addr: &'o str) -> Self {
        self.text(1, addr)
    }

    /// The address at the server's end is this.
    #[must_use]
    pub fn laddr(self, addr: &'o str) -> Self {
        self.text(2, addr)
    }

    /// Its name is this.
    #[must_use]
    pub fn name(self, name: &'o str) -> Self {
        self.text(3, name)
    }

    /// It has all these [`flags`](crate::ClientInfo::flags), a letter each.
    #[must_use]
    pub fn flags(self, flags: &'o str) -> Self {
        self.text(4, flags)
    }

    /// The library at its end has this name.
    #[must_use]
    pub fn lib_name(self, name: &'o str) -> Self {
        self.text(5, name)
    }

    /// The library at its end has this version.
    #[must_use]
    pub fn lib_ver(self, version: &'o str) -> Self {
        self.text(6, version)
    }

    /// It can cope with these things, a letter each: `r` with redirections.
    #[must_use]
    pub fn capa(self, capabilities: &'o str) -> Self {
        self.text(7, capabilities)
    }

    /// Its address without the port is this.
    #[must_use]
    pub fn ip(self, ip: &'o str) -> Self {
        self.text(8, ip)
    }

    /// It uses this database.
    #[must_use]
    pub fn db(mut self, db: u32) -> Self {
        self.has.db = Some(db);
        self
    }

    /// Whether it may not be the connection that runs the command. Without this `CLIENT KILL` spares that one, and
    /// `CLIENT LIST` has it.
    #[must_use]
    pub fn skipme(mut self, switch: Switch) -> Self {
        self.skipme = Some(switch);
        self
    }

    /// It has been connected for so long at least, in whole seconds, rounded up.
    #[must_use]
    pub fn maxage(mut self, age: Duration) -> Self {
        self.maxage = Some(age);
        self
    }

    /// It has done nothing for so long at least, in whole seconds, rounded up.
    #[must_use]
    pub fn idle(mut self, time: Duration) -> Self {
        self.idle = Some(time);
        self
    }

    /// It has none of these properties (Valkey 9.0). Ages and [`skipme`](Self::skipme) have no opposite.
    #[must_use]
    pub fn not(mut self, filter: Self) -> Self {
        self.has_not = filter.has;
        self.is_one_sided = filter != Self { has: filter.has, ..Self::new() };
        self
    }

    fn text(mut self, which: usize, text: &'o str) -> Self {
        if let Some(place) = self.has.texts.get_mut(which) {
            *place = Some(text);
        }
        self
    }

    /// Adds the filter, which may not be empty: then it would be about all clients.
    pub(super) fn write_some<'r>(self, mut request: Request<'r>) -> Request<'r>
    where
        'o: 'r,
    {
        if self == Self::new() {
            request.refuse(Flaw::Argument("needs a filter that leaves someone out"));
        }
        self.write(request)
    }

    pub(super) fn write<'r>(self, mut request: Request<'r>) -> Request<'r>
    where
        'o: 'r,
    {
        if self.is_one_sided {
            request.refuse(Flaw::Argument("has an age or skipme in what clients may not have"));
        }
        if [self.has.ids, self.has_not.ids].contains(&Some(&[])) {
            request.refuse(Flaw::NoArguments);
        }
        let seconds = |time: Duration| i64::try_from(time.as_nanos().div_ceil(1_000_000_000));
        let request = self.has.write(request, 0);
        let request = self.skipme.into_iter().fold(request, |r, skip| r.arg("SKIPME").arg(skip.yes_no()));
        let times = [("MAXAGE", self.maxage), ("IDLE", self.idle)];
        let request = times.iter().fold(request, |r, (word, time)| match time {
            Some(time) => r.arg(*word).arg(seconds(*time).unwrap_or(i64::MAX)),
            None => r,
        });
        self.has_not.write(request, 1)
    }
}

impl From<ClientType> for ClientFilter<'_> {
    fn from(kind: ClientType) -> Self {
        Self::new().client_type(kind)
    }
}

impl Properties<'_> {
    /// Adds the properties, or with `side` 1 their opposites.
    fn write<'r>(self, request: Request<'r>, side: usize) -> Request<'r>
    where
        Self: 'r,
    {
        let word = |words: [&'static str; 2]| if side == 0 { words[0] } else { words[1] };
        let request = self.ids.into_iter().fold(request, |r, ids| r.arg(word(["ID", "NOT-ID"])).args(ids));
        let kind = self.kind.into_iter();
        let request = kind.fold(request, |r, kind| r.arg(word(["TYPE", "NOT-TYPE"])).arg(kind.as_str()));
        let texts = TEXTS.into_iter().zip(self.texts);
        let request = texts.fold(request, |r, (words, text)| match text {
            Some(text) => r.arg(word(words)).arg(text),
            None => r,
        });
        self.db.into_iter().fold(request, |r, db| r.arg(word(["DB", "NOT-DB"])).arg(db))
    }
}

/// What a client is to its server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClientType {
    /// One like this.
    Normal,
    /// The primary of this server.
    Master,
    /// A replica of this server.
    Replica,
    /// One that listens to channels.
    Pubsub,
}

impl ClientType {
    fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "NORMAL",
            Self::Master => "MASTER",
            Self::Replica => "REPLICA",
            Self::Pubsub => "PUBSUB",
        }
    }
}
