//! Each way in which TLS fails with a real server, told apart: the kind, and the words that say what to do.

use client::{Client, Error, Outcome, TlsFailure};

use crate::certificates::{Authority, Valid};
use crate::kit;
use crate::secured::Secured;

/// Every server of the matrix.
fn each(test: impl Fn(&std::path::Path)) {
    for server in kit::servers() {
        println!("on {}", server.name);
        test(&server.binary);
    }
}

fn good(authority: &Authority) -> crate::certificates::Signed {
    authority.sign(&["localhost", "127.0.0.1"])
}

/// A call fails with this, nothing was sent, and the text has these words.
#[track_caller]
fn fails(client: &Client, failure: TlsFailure, words: &str) -> Error {
    let error = client.set("k", "v").unwrap_err();
    assert_eq!(error.tls_failure(), Some(failure), "{error}");
    assert!(error.to_string().contains(words), "{error}");
    assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
    assert!(error.is_connection() && !error.is_timeout() && !error.is_transient());
    error
}

#[test]
fn a_wrong_name() {
    each(|binary| {
        let secured = Secured::start_with(binary, |ca| ca.sign(&["a.example", "10.0.0.1"]), &[]);
        let error = fails(&secured.client(""), TlsFailure::WrongName, "tls_server_name");
        assert_eq!(
            error.to_string(),
            format!(
                "SET: no TLS with 127.0.0.1:{}: its certificate is for a.example, 10.0.0.1, not for 127.0.0.1 \
                 (connect by such a name, or set tls_server_name)",
                secured.port
            )
        );
        let nameless = Secured::start_with(binary, |ca| ca.sign(&[]), &[]);
        fails(
            &nameless.client(""),
            TlsFailure::WrongName,
            "no name at all (a common name alone does not count)",
        );
    });
}

#[test]
fn an_expired_certificate_and_one_of_the_future() {
    each(|binary| {
        let expired =
            Secured::start_with(binary, |ca| ca.sign_with(&["127.0.0.1"], Valid::Until2020, 1), &[]);
        let error = fails(&expired.client(""), TlsFailure::Expired, "its certificate expired");
        assert!(
            error.to_string().contains("days ago (the server needs a new one, unless the clock"),
            "{error}"
        );
        let early = Secured::start_with(binary, |ca| ca.sign_with(&["127.0.0.1"], Valid::From3000, 1), &[]);
        fails(&early.client(""), TlsFailure::NotYetValid, "its certificate becomes valid in");
    });
}

#[test]
fn an_unknown_ca() {
    each(|binary| {
        let secured = Secured::start(binary);
        let stranger = secured.file("stranger.pem", &Authority::new("stranger").pem());
        let url = format!("rediss://127.0.0.1:{}?tls_ca={}", secured.port, stranger.display());
        fails(
            &Client::open(&url).unwrap(),
            TlsFailure::UnknownCa,
            "its certificate leads to no CA in tls_ca",
        );
    });
}

#[test]
fn no_client_certificate_and_one_that_is_refused() {
    each(|binary| {
        for protocols in ["TLSv1.3", "TLSv1.2"] {
            let wants = ["--tls-auth-clients", "yes", "--tls-protocols", protocols];
            let secured = Secured::start_with(binary, good, &wants);
            let missing = TlsFailure::ClientCertificateMissing;
            fails(&secured.client(""), missing, "(set tls_cert and tls_key)");

            let others = Authority::new("stranger").sign(&["client"]);
            let (cert, key) = (secured.file("own.pem", &others.cert), secured.file("own.key", &others.key));
            let client = secured.client(&format!("&tls_cert={}&tls_key={}", cert.display(), key.display()));
            let refused = TlsFailure::ClientCertificateRefused;
            fails(&client, refused, "it refuses the client certificate in tls_cert: UnknownCA");
        }
    });
}

#[test]
fn a_server_that_is_too_old() {
    each(|binary| {
        let secured = Secured::start_with(binary, good, &["--tls-protocols", "TLSv1.2"]);
        assert_eq!(secured.client("&tls_min_version=1.2").ping().unwrap(), "PONG");
        fails(
            &secured.client("&tls_min_version=1.3"),
            TlsFailure::Version,
            "it speaks no version of TLS from 1.3 on (tls_min_version is the oldest that will do)",
        );
    });
}

#[test]
fn a_revoked_certificate_and_lists_that_do_not_tell() {
    each(|binary| {
        let secured = Secured::start_with(binary, |ca| ca.sign_with(&["127.0.0.1"], Valid::Now, 7), &[]);
        let list = |name: &str, list: String| format!("&tls_crl={}", secured.file(name, &list).display());
        let ca = &secured.authority;
        let client = secured.client(&list("other.crl", ca.revoke(&[8], 3000)));
        assert_eq!(client.ping().unwrap(), "PONG");
        let client = secured.client(&list("revoked.crl", ca.revoke(&[6, 7], 3000)));
        fails(&client, TlsFailure::Revoked, "its certificate was revoked");
        let client = secured.client(&list("old.crl", ca.revoke(&[], 2022)));
        fails(&client, TlsFailure::RevocationUnknown, "the list in tls_crl is out of date");
        let stranger = Authority::new("stranger").revoke(&[7], 3000);
        let client = secured.client(&list("stranger.crl", stranger));
        fails(&client, TlsFailure::RevocationUnknown, "the lists in tls_crl do not cover its certificate");
    });
}

#[test]
fn tls_to_a_plain_port_and_plain_to_a_tls_port() {
    each(|binary| {
        let secured = Secured::start(binary);
        // To a plain Redis the first message of TLS is a line whose end has not come: it waits, and so do we.
        let url = format!(
            "rediss://127.0.0.1:{}?tls_danger_accept_any_certificate=yes&timeout=300ms",
            secured.plain.port
        );
        let error = Client::open(&url).unwrap().set("k", "v").unwrap_err();
        assert!(error.is_timeout() && error.outcome() == Outcome::NotSent, "{error}");
        assert!(error.to_string().contains("did not answer (does it speak TLS there?)"), "{error}");

        // Redis says no word to who speaks no TLS, not even that it is closing.
        let plain = Client::open(&format!("redis://127.0.0.1:{}?attempts=1", secured.port)).unwrap();
        let error = plain.set("k", "v").unwrap_err();
        assert!(
            error
                .to_string()
                .contains("closed the connection in the handshake without a word (does it want TLS there?)"),
            "{error}"
        );
        assert_eq!(error.outcome(), Outcome::NotSent);
    });
}
