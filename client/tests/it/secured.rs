//! A real server that speaks TLS, for one test alone, with certificates that are made for it.

use std::fs;
use std::path::{Path, PathBuf};

use client::{Client, Config, Protocol};

use crate::certificates::{Authority, Signed};
use crate::kit::{self, Private, Server};

/// A server with a TLS port and a plain one, and the files that a client needs for it.
pub(crate) struct Secured {
    pub(crate) authority: Authority,
    pub(crate) port: u16,
    pub(crate) plain: Private,
    dir: tempfile::TempDir,
}

impl Secured {
    /// A server whose certificate is good and that wants none of its clients.
    pub(crate) fn start(binary: &Path) -> Self {
        Self::start_with(binary, |authority| authority.sign(&["localhost", "127.0.0.1"]), &[])
    }

    /// A server with this certificate and more arguments, such as `["--tls-auth-clients", "yes"]`.
    pub(crate) fn start_with(
        binary: &Path,
        sign: impl FnOnce(&Authority) -> Signed,
        arguments: &[&str],
    ) -> Self {
        let authority = Authority::new("redisy test CA");
        let signed = sign(&authority);
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = dir.path().join(name);
            fs::write(&path, text).unwrap();
            path.display().to_string()
        };
        let files = [
            ("--tls-cert-file", file("server.pem", &signed.cert)),
            ("--tls-key-file", file("server.key", &signed.key)),
            ("--tls-ca-cert-file", file("ca.pem", &authority.pem())),
        ];
        let mut port = 0;
        let plain = Private::start_with(binary, || {
            port = kit::free_port();
            let mut all = vec!["--tls-port".to_owned(), port.to_string()];
            all.extend(files.iter().flat_map(|(name, path)| [(*name).to_owned(), path.clone()]));
            all.extend(["--tls-auth-clients".to_owned(), "no".to_owned()]);
            all.extend(arguments.iter().map(ToString::to_string));
            all
        });
        Self { authority, port, plain, dir }
    }

    /// A file beside the server's own.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// The file with the CA that signed the server's certificate.
    pub(crate) fn ca(&self) -> PathBuf {
        self.dir.path().join("ca.pem")
    }

    /// The URL of the TLS port, with the CA to trust.
    pub(crate) fn url(&self) -> String {
        format!("rediss://127.0.0.1:{}?tls_ca={}", self.port, self.ca().display())
    }

    /// A client of the TLS port, with more options.
    pub(crate) fn client(&self, options: &str) -> Client {
        Client::open(&format!("{}{options}", self.url())).unwrap()
    }
}

/// Runs `test` over TLS on every server of the matrix, in RESP3 and in RESP2.
pub(crate) fn each(test: impl Fn(&Secured, &Client)) {
    for Server { name, binary, .. } in kit::servers() {
        let secured = Secured::start(&binary);
        for protocol in [Protocol::Resp3, Protocol::Resp2] {
            println!("on {name} in {protocol:?}, over TLS");
            let config: Config = secured.url().parse().unwrap();
            test(&secured, &Client::new(&config.protocol(protocol)).unwrap());
        }
    }
}
