//! The same client over TLS, to every server of the matrix.

use std::collections::HashMap;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use client::{Client, Config, Request, Retry, ShutdownOptions, Tls, TlsVersion};
use conn::{Connection, Deadline};

use crate::kit;
use crate::secured::{self, Secured};

#[test]
fn commands_of_every_kind() {
    secured::each(|_, client| {
        client.set("text", "hello").unwrap();
        assert_eq!(client.get::<String>("text").unwrap().as_deref(), Some("hello"));
        assert_eq!(client.get::<String>("no such").unwrap(), None);
        client.del(["hash", "list", "scores", "n"]).unwrap();
        client.hset("hash", [("a", "1"), ("b", "2")]).unwrap();
        let hash: HashMap<String, i64> = client.hgetall("hash").unwrap();
        assert_eq!(hash, HashMap::from([("a".into(), 1), ("b".into(), 2)]));
        client.rpush("list", &(0..5_000).collect::<Vec<_>>()[..]).unwrap();
        assert_eq!(client.lrange::<i64>("list", 0, -1).unwrap(), (0..5_000).collect::<Vec<_>>());
        client.zadd("scores", [("one", 1.5)]).unwrap();
        assert_eq!(client.zscore("scores", "one").unwrap(), Some(1.5));
        assert_eq!(client.incr("text").unwrap_err().code(), Some("ERR"));
        assert_eq!(client.pipeline(|p| (p.incr("n"), p.incr("n"))).unwrap(), (1, 2));
        assert_eq!(client.pool_stats().created, 1, "one connection served it all");
    });
}

#[test]
fn a_long_pipeline() {
    secured::each(|_, client| {
        client.del("long").unwrap();
        let counts: Vec<i64> =
            client.pipeline(|p| (0..100_000).map(|_| p.incr("long")).collect::<Vec<_>>()).unwrap();
        assert!(counts.into_iter().eq(1..=100_000));
    });
}

#[test]
fn large_values_in_both_directions() {
    secured::each(|_, client| {
        let value: Vec<u8> =
            (0..16_000_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        client.set("large", &value).unwrap();
        assert!(client.get::<Vec<u8>>("large").unwrap() == Some(value));
        // Both at once, in a pipeline: neither side may wait for the other to read.
        let half = vec![b'x'; 8_000_000];
        let echoed = client.pipeline(|p| [p.echo::<String>(&half), p.echo::<String>(&half)]).unwrap();
        assert!(echoed.iter().all(|text| text.as_bytes() == half));
        client.del(["large"]).unwrap();
    });
}

#[test]
fn messages_while_other_threads_subscribe() {
    const MESSAGES: usize = 2_000;
    secured::each(|_, client| {
        let mut pubsub = client.pubsub().unwrap();
        let handle = pubsub.handle();
        handle.subscribe("tls:c").unwrap();
        let large = "x".repeat(20_000); // more than a record
        thread::scope(|scope| {
            let reading = scope.spawn(move || {
                let is_whole = |event: &client::Result<client::Event>| {
                    event.as_ref().unwrap().message().unwrap().payload().len() == 20_000
                };
                let count = pubsub.by_ref().take(MESSAGES).filter(is_whole).count();
                (count, pubsub) // which the others need still
            });
            scope.spawn(|| {
                for number in 0..100 {
                    handle.subscribe(["tls:other", &number.to_string()]).unwrap();
                    handle.unsubscribe(number).unwrap();
                }
            });
            for _ in 0..MESSAGES {
                assert_eq!(client.publish("tls:c", &large).unwrap(), 1);
            }
            assert_eq!(reading.join().unwrap().0, MESSAGES);
        });
    });
}

#[test]
fn many_threads_and_no_reply_is_crossed() {
    secured::each(|secured, _| {
        let client = secured.client("&max_connections=4");
        thread::scope(|scope| {
            for thread in 0..8 {
                let client = &client;
                scope.spawn(move || {
                    for round in 0..100 {
                        let mine = format!("{thread}:{round}");
                        assert_eq!(client.echo::<String>(&mine).unwrap(), mine);
                    }
                });
            }
        });
        assert_eq!(client.pool_stats().closed.total(), 0);
    });
}

#[test]
fn an_idle_connection_is_checked_without_a_round_trip_and_used_again() {
    secured::each(|secured, client| {
        let id = client.client_id().unwrap();
        for _ in 0..5 {
            // Longer than a connection counts as fresh; the session tickets have come by then.
            thread::sleep(Duration::from_millis(10));
            assert_eq!(client.client_id().unwrap(), id);
        }
        let plain = Client::open(&secured.plain.url()).unwrap();
        let pings = || {
            let info: String = plain.run(Request::new("INFO").arg("commandstats")).unwrap();
            info.lines().find(|line| line.starts_with("cmdstat_ping:")).map(str::to_owned)
        };
        let before = pings();
        thread::sleep(Duration::from_millis(10));
        assert_eq!(client.client_id().unwrap(), id);
        assert_eq!(pings(), before, "nobody was pinged");

        let killed: i64 = plain.run(Request::new("CLIENT KILL").arg("ID").arg(id)).unwrap();
        assert_eq!(killed, 1);
        thread::sleep(Duration::from_millis(50));
        assert_ne!(client.client_id().unwrap(), id, "noticed at checkout, not by a failed call");
        assert_eq!(client.pool_stats().closed.stale, 1);
    });
}

#[test]
fn sessions_are_resumed_in_both_versions() {
    for server in kit::servers() {
        for (protocols, version) in [("TLSv1.3", TlsVersion::Tls13), ("TLSv1.2", TlsVersion::Tls12)] {
            let sign = |authority: &crate::certificates::Authority| authority.sign(&["127.0.0.1"]);
            let secured = Secured::start_with(&server.binary, sign, &["--tls-protocols", protocols]);
            let config =
                conn::Config::tcp("127.0.0.1", secured.port).tls(&Tls::new().ca(secured.ca())).unwrap();
            let resumed: Vec<_> = (0..3)
                .map(|_| Connection::open(&config, Deadline::NEVER).unwrap().tls().unwrap())
                .inspect(|info| assert_eq!(info.version, version, "{}", server.name))
                .map(|info| info.resumed)
                .collect();
            assert_eq!(resumed, [false, true, true], "{} in TLS {version}", server.name);
        }
    }
}

#[test]
fn a_client_certificate_from_files_and_from_memory() {
    for server in kit::servers() {
        let sign = |authority: &crate::certificates::Authority| authority.sign(&["127.0.0.1"]);
        for protocols in ["TLSv1.3", "TLSv1.2"] {
            let wants = ["--tls-auth-clients", "yes", "--tls-protocols", protocols];
            let secured = Secured::start_with(&server.binary, sign, &wants);
            let own = secured.authority.sign(&["client"]);
            let (cert, key) = (secured.file("own.pem", &own.cert), secured.file("own.key", &own.key));
            let client = secured.client(&format!("&tls_cert={}&tls_key={}", cert.display(), key.display()));
            assert_eq!(client.ping().unwrap(), "PONG");
            let tls = Tls::new()
                .ca_pem(secured.authority.pem().into_bytes())
                .cert_pem(own.cert.into_bytes())
                .key_pem(own.key.into_bytes());
            let config = Config::new(client::Address::tcp("127.0.0.1", secured.port)).tls(&tls).unwrap();
            assert_eq!(Client::new(&config).unwrap().ping().unwrap(), "PONG");
        }
    }
}

#[test]
fn a_name_that_is_not_the_host() {
    let server = kit::newest();
    let secured = Secured::start_with(&server.binary, |authority| authority.sign(&["db.example"]), &[]);
    assert_eq!(secured.client("&tls_server_name=db.example").ping().unwrap(), "PONG");
    let scheme = secured.url().replace("rediss://", "valkeys://");
    assert_eq!(
        Client::open(&format!("{scheme}&tls_server_name=db.example")).unwrap().ping().unwrap(),
        "PONG"
    );
    let any = format!("rediss://127.0.0.1:{}?tls_danger_accept_any_certificate=yes", secured.port);
    assert_eq!(Client::open(&any).unwrap().ping().unwrap(), "PONG");
}

#[test]
fn the_roots_of_the_system_are_trusted() {
    let secured = Secured::start(&kit::newest().binary);
    // They are what `SSL_CERT_FILE` names, which only another process can be told.
    let run = |roots: std::path::PathBuf| {
        let mut this = Command::new(std::env::current_exe().unwrap());
        this.args(["--exact", "live::tls::a_program_with_the_systems_roots", "--nocapture"]);
        this.env("SSL_CERT_FILE", roots).env_remove("SSL_CERT_DIR");
        this.env("REDISY_TEST_TLS_URL", format!("rediss://localhost:{}", secured.port));
        let output = this.stderr(Stdio::null()).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let trusted = run(secured.ca());
    assert!(trusted.contains("it says PONG"), "{trusted}");
    let stranger = secured.file("stranger.pem", &crate::certificates::Authority::new("stranger").pem());
    let distrusted = run(stranger);
    assert!(distrusted.contains("its certificate leads to no CA that this system trusts"), "{distrusted}");
    let none = run(secured.file("empty.pem", ""));
    assert!(none.contains("this system has no CA certificates that could be trusted"), "{none}");
}

/// The program of the test above: this one, with another environment.
#[test]
fn a_program_with_the_systems_roots() {
    let Ok(url) = std::env::var("REDISY_TEST_TLS_URL") else { return };
    match Client::open(&url).and_then(|client| client.ping()) {
        Ok(pong) => println!("it says {pong}"),
        Err(error) => println!("{error}"),
    }
}

#[test]
fn the_end_of_a_server() {
    for server in kit::servers() {
        let secured = Secured::start(&server.binary);
        let client = secured.client("");
        client.ping().unwrap();
        client.shutdown_with(ShutdownOptions::new().nosave()).unwrap();
        assert!(client.retry(Retry::attempts(1)).ping().unwrap_err().is_connection());
    }
}
