//! Servers that refuse, that are none, and that are old.

use conn::{Config, Connection, Deadline, Error, Outcome, Phase, Protocol};
use resp::Request;

use crate::scripted::{Peer, Scripted};

fn open(port: u16) -> Result<Connection, Error> {
    Connection::open(&Config::tcp("127.0.0.1", port), Deadline::NEVER)
}

/// Opening fails with just this text, and nothing was sent.
#[track_caller]
fn fails(script: impl Fn(Peer) + Send + Clone + 'static, text: &str) {
    let server = Scripted::start(script);
    let error = open(server.port).unwrap_err();
    assert_eq!(error.to_string(), text.replace("ADDRESS", &format!("127.0.0.1:{}", server.port)));
    assert_eq!((error.outcome(), error.phase()), (Outcome::NotSent, Phase::Handshake));
}

#[test]
fn a_server_that_is_not_redis() {
    fails(
        |mut peer| peer.say("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"),
        "ADDRESS is no Redis server, it speaks HTTP: unexpected byte 'H' at byte 0 of the reply \
         (\"HTTP/1.1 400 Bad Request\")",
    );
    fails(
        |mut peer| peer.say("SSH-2.0-OpenSSH_9.2\r\n"),
        "ADDRESS does not speak the Redis protocol: unexpected byte 'S' at byte 0 of the reply \
         (\"SSH-2.0-OpenSSH_9.2\")",
    );
}

#[test]
fn a_server_that_wants_another_password() {
    fails(
        |mut peer| {
            peer.request();
            peer.say("-WRONGPASS invalid username-password pair or user is disabled.\r\n+OK\r\n+OK\r\n");
            peer.stay_silent();
        },
        "ADDRESS refused the connection: WRONGPASS invalid username-password pair or user is disabled. \
         (check the configured username and password)",
    );
    fails(
        |mut peer| {
            peer.say("-NOAUTH HELLO must be called with the client already authenticated\r\n-NOAUTH x\r\n-NOAUTH x\r\n");
            peer.stay_silent();
        },
        "ADDRESS refused the connection: NOAUTH HELLO must be called with the client already authenticated \
         (the server wants a password, and none was configured)",
    );
}

#[test]
fn a_server_that_has_too_many_clients_says_so_and_closes() {
    fails(
        |mut peer| peer.say("-ERR max number of clients reached\r\n"),
        "ADDRESS refused the connection: ERR max number of clients reached",
    );
}

#[test]
fn a_server_that_closes_at_once() {
    fails(drop, "ADDRESS closed the connection in the handshake without a word (does it want TLS there?)");
}

#[test]
fn nobody_listens() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = open(port).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot connect to 127.0.0.1:{port}: connection refused"));
    assert_eq!(error.outcome(), Outcome::NotSent);

    let error = Connection::open(&Config::new(conn::Address::Unix("/no/such.sock".into())), Deadline::NEVER)
        .unwrap_err();
    assert_eq!(error.to_string(), "cannot connect to /no/such.sock: no such file or directory");
}

#[test]
fn a_server_without_hello_is_spoken_to_in_resp2() {
    let server = Scripted::start(|mut peer: Peer| {
        let mut seen = Vec::new();
        while let Some(request) = peer.request() {
            let old = request.starts_with("HELLO") || request.starts_with("CLIENT SETINFO");
            let before_auth =
                !seen.iter().any(|r: &String| r.starts_with("AUTH")) && !request.starts_with("AUTH");
            match request.as_str() {
                "SEEN" => peer.say(format!(
                    "*{}\r\n{}",
                    seen.len(),
                    seen.iter().map(|r| format!("+{r}\r\n")).collect::<String>()
                )),
                _ if old => peer.say("-ERR unknown command `HELLO`\r\n"),
                _ if before_auth => peer.say("-NOAUTH Authentication required.\r\n"),
                _ => peer.say("+OK\r\n"),
            }
            seen.push(request);
        }
    });
    let config = Config::tcp("127.0.0.1", server.port).password("pw").db(4).without_library_info();
    let mut connection = Connection::open(&config, Deadline::NEVER).unwrap();
    assert_eq!(connection.greeting().protocol(), Protocol::Resp2);
    let seen: Vec<String> =
        connection.call(&mut Request::new("SEEN"), Deadline::NEVER).unwrap().decode().unwrap();
    assert_eq!(seen, ["HELLO 3 AUTH default pw", "SELECT 4", "AUTH pw", "SELECT 4"]);
}

#[test]
fn everything_first_goes_in_one_flight() {
    let server = Scripted::start(|mut peer: Peer| {
        // Nothing is answered before all of it has come.
        let flight: Vec<_> = (0..4).map(|_| peer.request().unwrap()).collect();
        assert_eq!(flight[0], "HELLO 3 AUTH ann pw SETNAME web");
        assert_eq!(flight[3], "SELECT 2");
        peer.say("%2\r\n+proto\r\n:3\r\n+version\r\n+8.10.2\r\n+OK\r\n+OK\r\n+OK\r\n");
        peer.stay_silent();
    });
    let config =
        Config::tcp("127.0.0.1", server.port).username("ann").password("pw").client_name("web").db(2);
    let connection = Connection::open(&config, Deadline::NEVER).unwrap();
    assert_eq!(connection.greeting().version(), Some("8.10.2"));
}
