//! The first commands of a connection: all in one flight, and judged as a whole.
//!
//! ```text
//!  RESP3   HELLO 3 [AUTH user password] [SETNAME name]   SETINFO ×2   [SELECT db]
//!             │ no such command, no such protocol
//!             ▼
//!  RESP2   AUTH [user] password, or PING   [CLIENT SETNAME name]   SETINFO ×2   [SELECT db]
//! ```
//!
//! What to send and how to judge the answers are plain functions of the configuration and the replies.

use resp::{Reply, Request, ServerError};
use zeroize::Zeroizing;

use crate::{Config, Connection, Credentials, Deadline, Error, ErrorKind, Flight, Outcome, Phase, Protocol};

/// What a server said of itself when it was greeted. Empty where it was not asked (RESP2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Greeting {
    protocol: Protocol,
    server: Option<String>,
    version: Option<String>,
    connection_id: Option<i64>,
}

/// Why a command of the handshake was sent: how its reply is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Hello,
    /// Must succeed.
    Must,
    /// Older servers do not know it.
    May,
}

type Requests<'a> = Vec<(Purpose, Request<'a>)>;

/// Shakes hands over a connection that has just been made.
pub(crate) fn perform(
    connection: &mut Connection,
    config: &Config,
    credentials: &Credentials,
    deadline: Deadline,
) -> Result<Greeting, Error> {
    let first = match config.protocol {
        Protocol::Resp3 => resp3(config, credentials),
        Protocol::Resp2 => resp2(config, credentials),
    };
    let replies = exchange(connection, first, deadline)?;
    match judge(&replies).map_err(|error| refused(connection, error))? {
        Verdict::Greeted(greeting) => Ok(greeting),
        Verdict::TryResp2 => {
            let replies = exchange(connection, resp2(config, credentials), deadline)?;
            match judge(&replies).map_err(|error| refused(connection, error))? {
                Verdict::Greeted(greeting) => Ok(greeting),
                Verdict::TryResp2 => Ok(Greeting::default()),
            }
        }
    }
}

/// Says who the client is, over a connection that is in use.
pub(crate) fn authenticate(
    connection: &mut Connection,
    credentials: &Credentials,
    deadline: Deadline,
) -> Result<(), Error> {
    let flight = auth(credentials).map(|auth| (Purpose::Must, auth)).into_iter().collect();
    let replies = exchange(connection, flight, deadline)?;
    judge(&replies).map(drop).map_err(|error| refused(connection, error))
}

fn refused(connection: &Connection, error: ServerError) -> Error {
    connection.error(ErrorKind::Refused(error), Phase::Handshake, Outcome::NotSent)
}

fn exchange(
    connection: &mut Connection,
    mut requests: Requests<'_>,
    deadline: Deadline,
) -> Result<Vec<(Purpose, Reply)>, Error> {
    // Overwritten when it is dropped, for there may be a password in it; it must not move while it grows.
    let room = requests.iter_mut().map(|(_, request)| request.wire().len()).sum();
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    let mut purposes = Vec::new();
    for (purpose, mut request) in requests {
        request.wire().write_to(&mut bytes);
        purposes.push(purpose);
    }
    let is_tls = connection.tls().is_some();
    let mut replies = Vec::new();
    for reply in Flight::begin(connection, &bytes, purposes.len(), Phase::Handshake, deadline)? {
        match reply {
            Ok(reply) => replies.push(reply),
            Err(error) => return Err(error.before_any_command(replies.first(), is_tls)),
        }
    }
    Ok(purposes.into_iter().zip(replies).collect())
}

fn resp3<'a>(config: &'a Config, credentials: &'a Credentials) -> Requests<'a> {
    let mut hello = Request::new("HELLO").arg(3);
    if let Some((username, password)) = credentials.login() {
        hello = hello.arg("AUTH").arg(username.unwrap_or("default")).secret(password);
    }
    if let Some(name) = &config.client_name {
        hello = hello.arg("SETNAME").arg(&**name);
    }
    let mut flight = vec![(Purpose::Hello, hello)];
    flight.extend(common(config));
    flight
}

fn resp2<'a>(config: &'a Config, credentials: &'a Credentials) -> Requests<'a> {
    // Without HELLO nothing else tells whether the server wants a password.
    let ping = || (Purpose::May, Request::new("PING"));
    let first = auth(credentials).map_or_else(ping, |auth| (Purpose::Must, auth));
    let mut flight = vec![first];
    if let Some(name) = &config.client_name {
        flight.push((Purpose::Must, Request::new("CLIENT SETNAME").arg(&**name)));
    }
    flight.extend(common(config));
    flight
}

/// Servers before Redis 6 know no users.
fn auth(credentials: &Credentials) -> Option<Request<'_>> {
    let (username, password) = credentials.login()?;
    Some(match username {
        Some(username) => Request::new("AUTH").arg(username).secret(password),
        None => Request::new("AUTH").secret(password),
    })
}

fn common(config: &Config) -> Requests<'_> {
    let mut flight = Vec::new();
    if let Some(library) = &config.library {
        flight.push((Purpose::May, Request::new("CLIENT SETINFO").arg("LIB-NAME").arg(library.name)));
        flight.push((Purpose::May, Request::new("CLIENT SETINFO").arg("LIB-VER").arg(library.version)));
    }
    if config.db != 0 {
        flight.push((Purpose::Must, Request::new("SELECT").arg(config.db)));
    }
    flight
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Greeted(Greeting),
    TryResp2,
}

/// Judges the replies of one flight; the first refusal that matters is the answer.
fn judge(replies: &[(Purpose, Reply)]) -> Result<Verdict, ServerError> {
    let mut greeting = Greeting::default();
    for (purpose, reply) in replies {
        match (purpose, reply.server_error()) {
            (Purpose::Hello, Some(error)) if knows_no_hello(&error) => return Ok(Verdict::TryResp2),
            (Purpose::Hello | Purpose::Must, Some(error)) => return Err(error),
            (Purpose::Hello, None) => greeting = Greeting::read(reply),
            // A server that wants a password says so to everything.
            (Purpose::May, Some(error)) if error.code() == "NOAUTH" => return Err(error),
            (Purpose::May, _) | (Purpose::Must, None) => {}
        }
    }
    Ok(Verdict::Greeted(greeting))
}

/// Servers before Redis 6 know no `HELLO`; some proxies know it and no RESP3.
fn knows_no_hello(error: &ServerError) -> bool {
    error.code() == "NOPROTO"
        || error.code() == "ERR" && error.message().to_lowercase().starts_with("unknown command")
}

impl Greeting {
    fn read(reply: &Reply) -> Self {
        let text = |key| reply.view().find(key).and_then(|value| value.as_str()).map(str::to_owned);
        let number = |key| reply.view().find(key).and_then(|value| value.as_integer());
        Self {
            protocol: if number("proto") == Some(3) { Protocol::Resp3 } else { Protocol::Resp2 },
            server: text("server"),
            version: text("version"),
            connection_id: number("id"),
        }
    }

    /// The version of the protocol that is spoken.
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// What the server calls itself: `redis` or `valkey`.
    pub fn server(&self) -> Option<&str> {
        self.server.as_deref()
    }

    /// The server's version. Valkey may tell the version of Redis that it is compatible with.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The number by which the server knows the connection (`CLIENT ID`).
    pub fn connection_id(&self) -> Option<i64> {
        self.connection_id
    }
}

impl Default for Greeting {
    fn default() -> Self {
        Self { protocol: Protocol::Resp2, server: None, version: None, connection_id: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(flight: Requests<'_>) -> Vec<String> {
        let words = |request: &Request<'_>| {
            request
                .args_iter()
                .map(|arg| String::from_utf8_lossy(arg).into_owned())
                .collect::<Vec<_>>()
                .join(" ")
        };
        flight.iter().map(|(_, request)| words(request)).collect()
    }

    fn judged(replies: &[(Purpose, &'static str)]) -> Result<Verdict, ServerError> {
        let replies = replies.iter().map(|(purpose, bytes)| (*purpose, Reply::from_bytes(*bytes).unwrap()));
        judge(&replies.collect::<Vec<_>>())
    }

    #[test]
    fn everything_that_is_configured_is_in_the_first_flight() {
        let config = Config::tcp("h", 1).client_name("n").db(3).without_library_info();
        let ann = Credentials::new("pw").username("ann");
        assert_eq!(sent(resp3(&config, &ann)), ["HELLO 3 AUTH ann pw SETNAME n", "SELECT 3"]);
        assert_eq!(sent(resp2(&config, &ann)), ["AUTH ann pw", "CLIENT SETNAME n", "SELECT 3"]);
        let config = Config::tcp("h", 1).without_library_info();
        let default = Credentials::new("pw");
        assert_eq!(sent(resp3(&config, &default)), ["HELLO 3 AUTH default pw"]);
        assert_eq!(sent(resp2(&config, &default)), ["AUTH pw"]);
        let nobody = Credentials::default();
        assert_eq!(sent(resp2(&config, &nobody)), ["PING"]);
        assert!(sent(resp3(&Config::tcp("h", 1), &nobody))[1].starts_with("CLIENT SETINFO LIB-NAME redisy"));
        // A user who needs no password.
        assert_eq!(sent(resp3(&config, &nobody.username("guest"))), ["HELLO 3 AUTH guest "]);
    }

    #[test]
    fn old_servers_and_old_proxies_get_resp2() {
        for error in ["-ERR unknown command `HELLO`, with args beginning with: `3`\r\n", "-NOPROTO sorry\r\n"]
        {
            assert_eq!(
                judged(&[(Purpose::Hello, error), (Purpose::May, "-ERR x\r\n")]),
                Ok(Verdict::TryResp2)
            );
        }
    }

    #[test]
    fn refusals_that_matter_are_told() {
        let wrong = judged(&[(Purpose::Hello, "-WRONGPASS invalid\r\n"), (Purpose::Must, "-NOAUTH x\r\n")]);
        assert_eq!(wrong.unwrap_err().code(), "WRONGPASS");
        let db = judged(&[
            (Purpose::Hello, "%0\r\n"),
            (Purpose::May, "-ERR x\r\n"),
            (Purpose::Must, "-ERR DB\r\n"),
        ]);
        assert_eq!(db.unwrap_err().message(), "DB");
        assert_eq!(judged(&[(Purpose::May, "-NOAUTH x\r\n")]).unwrap_err().code(), "NOAUTH");
    }

    #[test]
    fn the_greeting_is_read_from_a_map_and_from_a_flat_list() {
        for bytes in ["%3\r\n", "*6\r\n"] {
            let bytes = format!("{bytes}+server\r\n+valkey\r\n+proto\r\n:3\r\n+id\r\n:7\r\n");
            let greeting = Greeting::read(&Reply::from_bytes(bytes).unwrap());
            assert_eq!((greeting.server(), greeting.connection_id()), (Some("valkey"), Some(7)));
            assert_eq!(greeting.protocol(), Protocol::Resp3);
        }
    }
}
