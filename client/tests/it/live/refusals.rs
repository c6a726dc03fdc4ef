//! What real servers refuse: a wrong password, none at all, a database that is not there.

use client::{Client, Config, Outcome};

use crate::kit::{self, Private};

#[test]
fn passwords() {
    for server in kit::servers() {
        let private = Private::start(&server.binary, &["--requirepass", "secret"]);
        for protocol in ["2", "3"] {
            let open = |userinfo: &str| {
                let url = format!("redis://{userinfo}127.0.0.1:{}?protocol={protocol}", private.port);
                Client::open(&url).unwrap()
            };
            let without = open("").ping().unwrap_err();
            assert!(without.is_auth() && without.code() == Some("NOAUTH"), "{without}");
            assert!(
                without.to_string().contains("the server wants a password, and none was configured"),
                "{without}"
            );
            assert_eq!(without.outcome(), Outcome::NotSent);

            let wrong = open(":wrong@").ping().unwrap_err();
            assert_eq!(wrong.code(), Some("WRONGPASS"), "{wrong}");
            assert!(wrong.to_string().ends_with("(check the configured username and password)"), "{wrong}");
            assert!(!wrong.to_string().contains(":wrong@"));

            assert_eq!(open(":secret@").ping().unwrap(), "PONG");
            assert_eq!(open("default:secret@").ping().unwrap(), "PONG");
        }
    }
}

#[test]
fn databases() {
    kit::each(|on| {
        let config: Config = on.server.url().parse().unwrap();
        let config = config.protocol(on.protocol);
        let client = Client::new(&config.clone().db(99_999)).unwrap();
        let error = client.ping().unwrap_err();
        let address = config.address();
        assert_eq!(
            error.to_string(),
            format!("PING: {address} refused the connection: ERR DB index is out of range")
        );
        let key = on.key("db");
        Client::new(&config.clone().db(3)).unwrap().set(&key, 1).unwrap();
        assert_eq!(on.client.get::<i64>(&key).unwrap(), None);
        let own = on.client.dedicated().unwrap();
        own.select(3).unwrap();
        assert_eq!(own.get::<i64>(&key).unwrap(), Some(1));
        drop(own);
        assert_eq!(on.client.get::<i64>(&key).unwrap(), None, "a changed connection does not go back");
    });
}

#[test]
fn unix_sockets_and_names() {
    for server in kit::servers() {
        let client = Client::open(&format!("unix://{}", server.socket.display())).unwrap();
        assert_eq!(client.ping().unwrap(), "PONG");
        let client = Client::open(&format!("redis://localhost:{}?client_name=by-name", server.port)).unwrap();
        assert_eq!(client.client_getname().unwrap().as_deref(), Some("by-name"));
    }
}
