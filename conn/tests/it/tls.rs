//! TLS with a scripted server that has rustls on its side: what a real Redis will not do on demand.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use conn::{Config, Connection, Deadline, ErrorKind, Outcome, Phase, Tls, TlsFailure, TlsVersion};
use resp::Request;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};

use crate::certificates::{Authority, Signed};
use crate::scripted::Scripted;

/// A server that speaks TLS, and whose every connection is played by a script.
struct Server {
    authority: Authority,
    port: u16,
}

/// The server's end of one connection.
struct Peer(StreamOwned<ServerConnection, TcpStream>);

impl Server {
    fn start(script: impl Fn(Peer) + Send + Clone + 'static) -> Self {
        Self::speaking(&[&TLS13, &TLS12], script)
    }

    fn speaking(
        versions: &[&'static SupportedProtocolVersion],
        script: impl Fn(Peer) + Send + Clone + 'static,
    ) -> Self {
        let authority = Authority::new("test CA");
        let config = Arc::new(config(&authority.sign(&["localhost", "127.0.0.1"]), versions));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let tls = ServerConnection::new(Arc::clone(&config)).unwrap();
                let peer = Peer(StreamOwned::new(tls, stream.unwrap()));
                let script = script.clone();
                thread::spawn(move || script(peer));
            }
        });
        Self { authority, port }
    }

    fn config(&self) -> Config {
        let tls = Tls::new().ca_pem(self.authority.pem().into_bytes());
        Config::tcp("127.0.0.1", self.port).tls(&tls).unwrap()
    }

    fn open(&self) -> Connection {
        Connection::open(&self.config(), Deadline::NEVER).unwrap()
    }
}

fn config(signed: &Signed, versions: &[&'static SupportedProtocolVersion]) -> ServerConfig {
    let chain = CertificateDer::pem_slice_iter(signed.cert.as_bytes()).map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_slice(signed.key.as_bytes()).unwrap();
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    config.send_tls13_tickets = 2;
    config
}

impl Peer {
    /// Answers the handshake of a default configuration.
    fn greet(&mut self) {
        self.read_until("LIB-VER");
        self.say("%1\r\n+proto\r\n:3\r\n+OK\r\n+OK\r\n");
    }

    /// The same, and leaves the client the time to take it for itself.
    fn greet_and_wait(&mut self) {
        self.greet();
        thread::sleep(Duration::from_millis(200));
    }

    /// Reads until the text has come; what came, or `None` when the client is gone.
    fn read_until(&mut self, text: &str) -> Option<Vec<u8>> {
        let mut seen = Vec::new();
        let mut bytes = [0; 65_536];
        while !String::from_utf8_lossy(&seen).contains(text) {
            match self.0.read(&mut bytes) {
                Ok(0) | Err(_) => return None,
                Ok(count) => seen.extend_from_slice(&bytes[..count]),
            }
        }
        Some(seen)
    }

    fn say(&mut self, bytes: impl AsRef<[u8]>) {
        // The client may be gone.
        let _ = self.0.write_all(bytes.as_ref());
        let _ = self.0.flush();
    }

    fn stay_silent(&mut self) {
        while self.0.read(&mut [0; 4096]).is_ok_and(|count| count > 0) {}
    }

    /// Changes the keys: a message that is no reply, and comes when it likes, as a ticket does.
    fn update_keys(&mut self) {
        self.0.conn.refresh_traffic_keys().unwrap();
        while self.0.conn.wants_write() {
            self.0.conn.write_tls(&mut self.0.sock).unwrap();
        }
    }
}

fn ping(connection: &mut Connection) {
    let reply = connection.call(&mut Request::new("PING"), Deadline::NEVER).unwrap();
    assert_eq!(reply.view().as_str(), Some("PONG"));
}

/// Waits, for a second at most, until something is true.
#[track_caller]
fn soon(mut check: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !check() {
        assert!(begin.elapsed() < Duration::from_secs(1), "it did not happen");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn the_second_connection_resumes_the_session_of_the_first() {
    for (version, spoken) in [(&TLS13, TlsVersion::Tls13), (&TLS12, TlsVersion::Tls12)] {
        let server = Server::speaking(&[version], |mut peer| {
            peer.greet();
            peer.stay_silent();
        });
        let config = server.config();
        let resumed: Vec<_> = (0..3)
            .map(|_| {
                // A clone shares the sessions.
                let info = Connection::open(&config.clone(), Deadline::NEVER).unwrap().tls().unwrap();
                assert_eq!(info.version, spoken);
                info.resumed
            })
            .collect();
        assert_eq!(resumed, [false, true, true], "{spoken}");
        // Another configuration may trust others: it has sessions of its own.
        assert!(!server.open().tls().unwrap().resumed);
    }
}

#[test]
fn plain_tcp_has_no_tls_to_tell_of() {
    let server = Scripted::start(|mut peer| {
        peer.greet();
        peer.stay_silent();
    });
    let connection = Connection::open(&Config::tcp("127.0.0.1", server.port), Deadline::NEVER).unwrap();
    assert_eq!(connection.tls(), None);
}

#[test]
fn messages_of_tls_itself_do_not_make_an_idle_connection_look_used() {
    let server = Server::speaking(&[&TLS13], |mut peer| {
        peer.greet();
        for _ in 0..3 {
            peer.update_keys();
            peer.read_until("PING");
            peer.say("+PONG\r\n");
        }
        peer.stay_silent();
    });
    let mut connection = server.open();
    for _ in 0..3 {
        thread::sleep(Duration::from_millis(20));
        assert!(connection.check(), "a key update is no reply");
        ping(&mut connection);
    }
    assert!(connection.check());
}

#[test]
fn what_an_idle_connection_was_told_is_seen_without_a_round_trip() {
    let push = Server::start(|mut peer| {
        peer.greet_and_wait();
        peer.say(">2\r\n+a\r\n+b\r\n");
        peer.stay_silent();
    });
    let mut connection = push.open();
    soon(|| connection.check() && connection.pushes() == 1);

    let reply = Server::start(|mut peer| {
        peer.greet_and_wait();
        peer.say("+OK\r\n");
        peer.stay_silent();
    });
    let mut connection = reply.open();
    soon(|| !connection.check());

    let politely = Server::start(|mut peer| {
        peer.greet_and_wait();
        peer.0.conn.send_close_notify();
        let _ = peer.0.flush();
        peer.stay_silent();
    });
    let mut connection = politely.open();
    soon(|| !connection.check());

    let rudely = Server::start(|mut peer| peer.greet());
    let mut connection = rudely.open();
    soon(|| !connection.check());

    let by_half = Server::start(|mut peer| {
        peer.greet_and_wait();
        // The header of a record that never comes.
        peer.0.sock.write_all(&[23, 3, 3, 0, 100, 1, 2, 3]).unwrap();
        peer.stay_silent();
    });
    let mut connection = by_half.open();
    soon(|| !connection.check());
}

#[test]
fn a_dropped_connection_says_nothing() {
    let (told, tells) = std::sync::mpsc::channel();
    let server = Server::start(move |mut peer| {
        peer.greet();
        // `Ok(0)` would be a polite end.
        told.send(peer.0.read(&mut [0; 16]).map_err(|error| error.kind())).unwrap();
    });
    drop(server.open());
    assert_eq!(tells.recv().unwrap(), Err(std::io::ErrorKind::UnexpectedEof));
}

#[test]
fn close_notify_ends_a_reply() {
    let server = Server::start(|mut peer| {
        peer.greet();
        peer.read_until("PING");
        peer.say("+PO");
        peer.0.conn.send_close_notify();
        let _ = peer.0.flush();
        peer.stay_silent();
    });
    let mut connection = server.open();
    let error = connection.call(&mut Request::new("PING"), Deadline::NEVER).unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (&ErrorKind::Closed, Outcome::Unknown));
}

#[test]
fn bytes_that_were_changed_on_their_way_end_the_connection() {
    let server = Server::start(|mut peer| {
        peer.greet();
        peer.read_until("PING");
        peer.0.sock.write_all(&[&[23, 3, 3, 0, 100][..], &[7; 100]].concat()).unwrap();
        peer.stay_silent();
    });
    let mut connection = server.open();
    let error = connection.call(&mut Request::new("PING"), Deadline::NEVER).unwrap_err();
    assert_eq!(error.tls_failure(), Some(TlsFailure::Broken), "{error}");
    assert_eq!((error.phase(), error.outcome()), (Phase::Receive, Outcome::Unknown));
    assert!(!connection.is_clean());
}

#[test]
fn a_peer_that_speaks_no_tls_is_quoted() {
    let server = Scripted::start(|mut peer| {
        peer.say("SSH-2.0-OpenSSH_9.2\r\n");
        peer.wait(1_000);
    });
    let tls = Tls::new().danger_accept_any_certificate();
    let config = Config::tcp("127.0.0.1", server.port).tls(&tls).unwrap();
    let error = Connection::open(&config, Deadline::NEVER).unwrap_err();
    assert_eq!((error.tls_failure(), error.phase()), (Some(TlsFailure::NotTls), Phase::Tls));
    assert_eq!(
        error.to_string(),
        format!(
            "no TLS with 127.0.0.1:{}: it does not speak TLS there, it said \"SSH-2.0-OpenSSH_9.2\" (use the server's \
             TLS port, or redis:// for this one)",
            server.port
        )
    );
}

#[test]
fn a_peer_that_closes_at_once_and_one_that_answers_an_alert() {
    let server = Scripted::start(drop);
    let tls = Tls::new().danger_accept_any_certificate();
    let config = Config::tcp("127.0.0.1", server.port).tls(&tls).unwrap();
    let error = Connection::open(&config, Deadline::NEVER).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (&ErrorKind::Closed, Phase::Tls), "{error}");

    // Some servers of TLS say in TLS that they were not understood.
    let server = Scripted::start(|mut peer| {
        peer.request();
        peer.say([21, 3, 1, 0, 2, 2, 70]);
        peer.stay_silent();
    });
    let error = Connection::open(&Config::tcp("127.0.0.1", server.port), Deadline::NEVER).unwrap_err();
    assert_eq!(error.tls_failure(), Some(TlsFailure::OnlyTls));
    assert!(
        error.to_string().ends_with("it speaks TLS there (use rediss://, or its port without TLS)"),
        "{error}"
    );
}

#[test]
fn a_large_flight_to_a_server_that_answers_while_it_reads() {
    // Far more in both directions than the kernel holds: whoever only sends would wait for ever.
    const COMMANDS: usize = 2_000;
    let value = "x".repeat(10_000);
    let answer = format!("${}\r\n{value}\r\n", value.len());
    let server = Server::start(move |mut peer| {
        peer.greet();
        let mut seen = 0;
        let mut bytes = vec![0; 1 << 20];
        let (mut read, mut answered) = (0, 0);
        let request = 10_000 + "*2\r\n$4\r\nECHO\r\n$10000\r\n\r\n".len();
        while answered < COMMANDS {
            seen += peer.0.read(&mut bytes).unwrap();
            while (read + 1) * request <= seen {
                read += 1;
                answered += 1;
                peer.say(&answer);
            }
        }
        peer.stay_silent();
    });
    let mut flight = Vec::new();
    (0..COMMANDS).for_each(|_| Request::new("ECHO").arg(&value).wire().write_to(&mut flight));
    let mut connection = server.open();
    let mut replies = 0;
    for reply in connection.flight(&flight, COMMANDS, Deadline::after(Duration::from_secs(30))).unwrap() {
        assert_eq!(reply.unwrap().view().as_str(), Some(&*value));
        replies += 1;
    }
    assert_eq!(replies, COMMANDS);
    assert!(connection.is_clean() && connection.check());
}

#[test]
fn a_configuration_that_cannot_work_fails_before_anything_is_connected() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let fails = |tls: Tls, text: &str| {
        let error = Config::tcp("localhost", 1).tls(&tls).unwrap_err().to_string();
        assert_eq!(error.replace(&dir.path().display().to_string(), "DIR"), text);
    };
    let any = || Tls::new().danger_accept_any_certificate();
    let authority = Authority::new("a");
    let (signed, other) = (authority.sign(&["localhost"]), authority.sign(&["localhost"]));
    let (cert, key) = (file("cert", &signed.cert), file("key", &signed.key));

    fails(Tls::new().ca(dir.path().join("none")), "cannot read DIR/none (tls_ca): no such file or directory");
    fails(
        Tls::new().ca(file("text", "hello")),
        "cannot use DIR/text (tls_ca): there is no certificate in it, or it is not PEM",
    );
    fails(
        Tls::new().ca(&key),
        "cannot use DIR/key (tls_ca): there is no certificate in it, or it is not PEM",
    );
    fails(any().cert(&cert), "cannot use DIR/cert (tls_cert): there is no private key in it");
    fails(
        any().cert(&cert).key(file("other", &other.key)),
        "cannot use DIR/other (tls_key): the private key does not belong to the certificate in DIR/cert (tls_cert)",
    );
    let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    fails(
        any().cert(&cert).key(file("encrypted", encrypted)),
        "cannot use DIR/encrypted (tls_key): the private key is encrypted; store it without a passphrase, readable by \
         this program alone",
    );
    fails(
        Tls::new().ca_pem(authority.pem().into_bytes()).crl(&cert),
        "cannot use DIR/cert (tls_crl): there is no revocation list in it, or it is not PEM",
    );
    fails(any().crl(&cert), "tls_danger_accept_any_certificate leaves tls_crl without effect");
    let unix = Config::new(conn::Address::Unix("/s".into())).tls(&any()).unwrap_err();
    assert_eq!(unix.to_string(), "TLS is for TCP: what goes over a Unix socket stays on the machine");

    // Both in one file will do.
    let both = file("both", &format!("{}{}", signed.cert, signed.key));
    assert!(Config::tcp("localhost", 1).tls(&any().cert(both)).is_ok());
}

#[test]
fn no_key_is_ever_shown() {
    let signed = Authority::new("a").sign(&["localhost"]);
    let (cert, key) = (signed.cert.clone().into_bytes(), signed.key.clone().into_bytes());
    let tls = Tls::new().danger_accept_any_certificate().cert_pem(cert).key_pem(key);
    let config = Config::tcp("localhost", 1).tls(&tls).unwrap();
    let secret = signed.key.lines().nth(1).unwrap();
    let bytes = format!("{:?}", signed.key.as_bytes());
    for text in [format!("{tls:?}"), format!("{config:?}"), format!("{config:#?}")] {
        assert!(text.contains("***") && !text.contains(secret) && !text.contains(&bytes[1..40]), "{text}");
    }
}

#[test]
fn one_half_hears_while_the_other_speaks() {
    let server = Server::start(|mut peer| {
        peer.greet();
        let (mut asked, mut said) = (0, 0);
        while said < 50 {
            if said == asked {
                // Several may come at once.
                let Some(seen) = peer.read_until("ECHO") else { return };
                asked += String::from_utf8(seen).unwrap().matches("ECHO").count();
            }
            // Longer than a record, and than what is received at once.
            peer.say(format!(">2\r\n:{said}\r\n$100000\r\n{}\r\n", "x".repeat(100_000)));
            said += 1;
        }
        peer.read_until("never");
    });
    let (mut listener, mut speaker) = server.open().split();
    assert!(listener.hear(Deadline::at(Instant::now())).unwrap().is_none());
    assert!(listener.hear(Deadline::after(Duration::from_millis(20))).unwrap().is_none());
    thread::scope(|scope| {
        let hearing = scope.spawn(move || {
            for number in 0..50 {
                let said = listener.hear(Deadline::NEVER).unwrap().unwrap();
                assert_eq!(said.view().get(0).and_then(|number| number.as_integer()), Some(number));
            }
            listener
        });
        for _ in 0..50 {
            thread::sleep(Duration::from_millis(1));
            speaker.say(b"*2\r\n$4\r\nECHO\r\n$1\r\nx\r\n", Deadline::NEVER).unwrap();
        }
        let mut listener = hearing.join().unwrap();
        listener.interrupter().interrupt();
        assert_eq!(*listener.hear(Deadline::NEVER).unwrap_err().kind(), ErrorKind::Closed);
    });
}
