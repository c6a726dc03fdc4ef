//! Users, passwords, and those who know them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use client::{Client, Config, Credentials, Outcome, Protocol, RotatingCredentials};

use crate::kit::{Private, newest};

/// A server with a password and two users: ann has one, guest needs none.
fn server() -> Private {
    let options = "--requirepass secret --user ann on >pw ~* +@all --user guest on nopass ~* +@all";
    Private::start(&newest().binary, &options.split(' ').collect::<Vec<_>>())
}

fn config(server: &Private) -> Config {
    server.url().parse::<Config>().unwrap().timeout(Duration::from_secs(2))
}

#[track_caller]
fn is(client: &Client, user: &str) {
    let name: String = client.run(client::Request::new("ACL WHOAMI")).unwrap();
    assert_eq!(name, user);
}

#[test]
fn a_user_with_and_without_a_password_in_both_protocols() {
    let server = server();
    for protocol in [Protocol::Resp3, Protocol::Resp2] {
        let config = config(&server).protocol(protocol);
        is(&Client::new(&config.clone().password("secret")).unwrap(), "default");
        is(&Client::new(&config.clone().username("ann").password("pw")).unwrap(), "ann");
        is(&Client::new(&config.username("guest")).unwrap(), "guest");
    }
}

#[test]
fn a_provider_is_asked_at_each_connect() {
    let server = server();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let config = config(&server).credentials_provider(move || match count.fetch_add(1, Ordering::SeqCst) {
        0 => Ok(Credentials::new("secret")),
        _ => Ok(Credentials::new("pw").username("ann")),
    });
    let client = Client::new(&config).unwrap();
    let first = client.dedicated().unwrap();
    is(&client, "ann");
    is(&client, "ann");
    assert_eq!(first.run::<String>(client::Request::new("ACL WHOAMI")).unwrap(), "default");
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[test]
fn a_provider_that_fails_ends_the_call_at_once_and_is_asked_once() {
    let server = server();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let config = config(&server).credentials_provider(move || {
        count.fetch_add(1, Ordering::SeqCst);
        Err("the vault is sealed".into())
    });
    let error = Client::new(&config).unwrap().ping().unwrap_err();
    let text = format!("PING: no credentials for 127.0.0.1:{}: the vault is sealed", server.port);
    assert_eq!((error.to_string(), error.outcome()), (text, Outcome::NotSent));
    assert!(error.is_auth() && !error.is_connection() && !error.is_timeout());
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[test]
fn a_provider_that_is_slow_does_not_move_the_deadline() {
    let config = config(&server()).timeout(Duration::from_millis(200)).credentials_provider(|| {
        std::thread::sleep(Duration::from_secs(60));
        Err("never".into())
    });
    let begin = Instant::now();
    let error = Client::new(&config).unwrap().ping().unwrap_err();
    let took = begin.elapsed();
    assert!(error.is_timeout() && error.to_string().contains("waiting for the credentials"), "{error}");
    assert!(took >= Duration::from_millis(200) && took < Duration::from_millis(250), "{took:?}");
}

#[test]
fn a_provider_that_panics_is_an_error() {
    let config = config(&server()).credentials_provider(|| panic!("a fault in the provider"));
    let error = Client::new(&config).unwrap().ping().unwrap_err();
    assert!(error.is_auth(), "{error}");
}

#[test]
fn rotated_credentials_reach_idle_connections_at_once_busy_ones_after_their_call_and_new_ones() {
    let server = server();
    let token = RotatingCredentials::new(Credentials::new("secret"));
    let client = Client::new(&config(&server).rotating_credentials(&token)).unwrap();
    let users = || {
        let list: String = client.run(client::Request::new("CLIENT LIST")).unwrap();
        let of =
            |line: &str| line.split(' ').find_map(|field| field.strip_prefix("user=")).unwrap().to_owned();
        list.lines().map(of).collect::<Vec<_>>()
    };
    // Two idle ones, and one that waits in a call.
    drop([client.dedicated().unwrap(), client.dedicated().unwrap()]);
    let waiting = {
        let client = client.clone();
        std::thread::spawn(move || {
            client.blpop::<String, String>("no jobs", Duration::from_millis(300)).unwrap()
        })
    };
    std::thread::sleep(Duration::from_millis(100));
    token.rotate(Credentials::new("pw").username("ann"));
    let mut seen = users();
    seen.sort();
    assert_eq!(seen, ["ann", "default"], "one was idle, the other waits");
    assert_eq!(waiting.join().unwrap(), None);
    assert_eq!(users(), ["ann", "ann"]);
    assert_eq!(client.pool_stats().closed.total(), 0);
    let (one, two, three) =
        (client.dedicated().unwrap(), client.dedicated().unwrap(), client.dedicated().unwrap());
    for own in [&one, &two, &three] {
        assert_eq!(own.run::<String>(client::Request::new("ACL WHOAMI")).unwrap(), "ann");
    }
}

#[test]
fn rotated_credentials_that_the_server_refuses_close_the_connection_and_are_told() {
    let server = server();
    let token = RotatingCredentials::new(Credentials::new("secret"));
    let client = Client::new(&config(&server).rotating_credentials(&token)).unwrap();
    client.ping().unwrap();
    token.rotate(Credentials::new("wrong"));
    assert_eq!(client.pool_stats().open, 0);
    let error = client.ping().unwrap_err();
    assert!(error.is_auth() && error.code() == Some("WRONGPASS") && error.attempts() == 1, "{error}");
    token.rotate(Credentials::new("secret"));
    client.ping().unwrap();
}
