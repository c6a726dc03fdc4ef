//! The server that all talk to, and what is stored there for them.

use std::env;

use client::Client;

use crate::corpus::text;

/// Where the server is.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) host: String,
    pub(crate) port: u16,
}

/// Bytes of a small value, and of a large one.
pub(crate) const SMALL: usize = 16;
pub(crate) const LARGE: usize = 16_000_000;

/// Of the list.
pub(crate) const ELEMENTS: usize = 1_000_000;

/// Of the pipeline.
const COMMANDS: usize = 100_000;

impl Server {
    /// As `REDISY_URL` says, which `cargo xtask bench client` sets: `redis://HOST:PORT`.
    pub(crate) fn from_env() -> Self {
        let url = env::var("REDISY_URL").expect("REDISY_URL names a server: redis://HOST:PORT");
        let place =
            url.strip_prefix("redis://").and_then(|place| place.trim_end_matches('/').rsplit_once(':'));
        let (host, port) = place.expect("REDISY_URL is redis://HOST:PORT");
        let port = port.parse().expect("REDISY_URL ends with a port");
        Self { url: url.clone(), host: host.to_owned(), port }
    }

    pub(crate) fn client(&self) -> Client {
        Client::open(&self.url).expect("the URL is one")
    }

    /// The key of a small value.
    pub(crate) fn small(&self) -> String {
        self.store("bench:small", text(SMALL).as_bytes())
    }

    /// The key of a large value.
    pub(crate) fn large(&self) -> String {
        self.store("bench:large", &large())
    }

    /// Keys of small values.
    pub(crate) fn many(&self) -> Vec<String> {
        let keys: Vec<_> = (0..COMMANDS).map(|at| format!("bench:many:{at:06}")).collect();
        let stored =
            self.client().pipeline(|p| keys.iter().map(|key| p.set(key, text(SMALL))).collect::<Vec<_>>());
        stored.expect("the server takes them");
        keys
    }

    /// The key of a list, and how long the reply with all its elements is.
    pub(crate) fn list(&self) -> (String, usize) {
        const KEY: &str = "bench:list";
        let client = self.client();
        client.del(KEY).expect("the server answers");
        let elements: Vec<_> = (0..ELEMENTS).map(|at| format!("value:{at:07}")).collect();
        for part in elements.chunks(10_000) {
            client.rpush(KEY, part).expect("the server takes them");
        }
        let bytes: usize = elements.iter().map(|element| crate::wire::bulk_len(element.len())).sum();
        (KEY.to_owned(), format!("*{ELEMENTS}\r\n").len() + bytes)
    }

    fn store(&self, key: &str, value: &[u8]) -> String {
        self.client().set(key, value).expect("the server takes it");
        key.to_owned()
    }
}

/// A large value.
pub(crate) fn large() -> Vec<u8> {
    text(LARGE).into_bytes()
}
