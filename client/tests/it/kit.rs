//! What every test against a server needs: the servers themselves, clients for them, and keys of its own.
//!
//! The tests of other crates take it from here, and not all of them need all of it.
//!
//! `cargo xtask test` starts the servers of the matrix and names them in `REDISY_TEST_SERVERS`.

#![allow(dead_code, unused_imports, reason = "each crate's tests use some of it")]

use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::UNIX_EPOCH;

use client::{Client, Config, Protocol};

#[path = "kit/private.rs"]
mod private;
pub(crate) use private::{Private, free_port};

/// A server of the matrix. Many tests use it at the same time: it must not be flushed or reconfigured.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    /// Its name with its version, such as `redis-8.10.2`.
    pub(crate) name: String,
    pub(crate) binary: PathBuf,
    pub(crate) port: u16,
    pub(crate) socket: PathBuf,
}

/// One server, one version of the protocol, one client.
pub(crate) struct Subject {
    pub(crate) server: Server,
    pub(crate) protocol: Protocol,
    pub(crate) client: Client,
    prefix: String,
}

/// All servers of the matrix, the newest Redis first.
pub(crate) fn servers() -> Vec<Server> {
    let list = std::env::var("REDISY_TEST_SERVERS")
        .expect("tests in `live` need servers: run `cargo xtask test`, or `cargo xtask test --offline` to leave them out");
    list.split(';').filter(|entry| !entry.is_empty()).map(Server::parse).collect()
}

/// The newest Redis of the matrix.
pub(crate) fn newest() -> Server {
    servers().into_iter().next().expect("REDISY_TEST_SERVERS names no server")
}

/// Whether the tests that take long are asked for too: `cargo xtask test --slow`.
pub(crate) fn slow() -> bool {
    std::env::var_os("REDISY_TEST_SLOW").is_some()
}

/// Runs `test` on every server of the matrix, in RESP3 and in RESP2.
pub(crate) fn each(test: impl Fn(&Subject)) {
    for server in servers() {
        for protocol in [Protocol::Resp3, Protocol::Resp2] {
            println!("on {} in {protocol:?}", server.name);
            test(&Subject::new(&server, protocol));
        }
    }
}

/// Runs `test` on a server of its own, started with more arguments, for each of the matrix, in RESP3 and in RESP2.
pub(crate) fn each_private(arguments: &[&str], test: impl Fn(&Server, &Private, &Client)) {
    for server in servers() {
        let own = Private::start(&server.binary, arguments);
        for protocol in [Protocol::Resp3, Protocol::Resp2] {
            println!("on {} in {protocol:?}, by itself", server.name);
            let config: Config = own.url().parse().unwrap();
            test(&server, &own, &Client::new(&config.protocol(protocol)).unwrap());
        }
    }
}

impl Server {
    fn parse(entry: &str) -> Self {
        let [name, binary, port, socket] = entry.splitn(4, ',').collect::<Vec<_>>()[..] else {
            panic!("malformed entry in REDISY_TEST_SERVERS: {entry}");
        };
        Self { name: name.into(), binary: binary.into(), port: port.parse().unwrap(), socket: socket.into() }
    }

    /// The URL of its TCP port.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(crate) fn is_valkey(&self) -> bool {
        self.name.contains("valkey")
    }

    /// Major and minor version.
    pub(crate) fn version(&self) -> (u32, u32) {
        let version = self.name.rsplit('-').next().unwrap_or_default();
        let mut numbers = version.split('.').map(|number| number.parse().unwrap_or(0));
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
    }

    /// Whether the server has `what`, which came with these versions of Redis and of Valkey (`None`: never). If it
    /// has it not, the output says so by name.
    pub(crate) fn has(
        &self,
        what: &str,
        redis: impl Into<Option<(u32, u32)>>,
        valkey: impl Into<Option<(u32, u32)>>,
    ) -> bool {
        let since = if self.is_valkey() { valkey.into() } else { redis.into() };
        let has = since.is_some_and(|since| self.version() >= since);
        if !has {
            let note = format!("{} lacks {what}: not tested there", self.name);
            println!("{note}");
            if let Some(path) = std::env::var_os("REDISY_TEST_NOTES") {
                let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path).unwrap();
                file.write_all(format!("{note}\n").as_bytes()).unwrap();
            }
        }
        has
    }
}

impl Subject {
    /// The newest Redis, in RESP3.
    pub(crate) fn newest() -> Self {
        Self::new(&newest(), Protocol::Resp3)
    }

    fn new(server: &Server, protocol: Protocol) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let config: Config = server.url().parse().unwrap();
        let client = Client::new(&config.protocol(protocol)).unwrap();
        // The number of a process comes back, on a server that has been there for long.
        let born = UNIX_EPOCH.elapsed().unwrap().as_micros();
        let prefix = format!("{}:{born}:{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        Self { server: server.clone(), protocol, client, prefix }
    }

    /// A key that no other test has, and that does not exist yet. Keys of one subject share a hash slot.
    pub(crate) fn key(&self, name: &str) -> String {
        format!("{{{}}}:{name}", self.prefix)
    }

    /// See [`Server::has`].
    pub(crate) fn has(
        &self,
        what: &str,
        redis: impl Into<Option<(u32, u32)>>,
        valkey: impl Into<Option<(u32, u32)>>,
    ) -> bool {
        self.server.has(what, redis, valkey)
    }
}
