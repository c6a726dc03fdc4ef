//! A configuration is shown as a URL that is read as the same configuration, whatever is set.

use std::time::Duration;

use client::{Address, Config, Engine, Protocol, Retry, WhenFull};
use proptest::option;
use proptest::prelude::*;

fn time() -> impl Strategy<Value = Option<Duration>> {
    let exact =
        (any::<u64>(), 0..1_000_000_000_u32).prop_map(|(seconds, nanos)| Duration::new(seconds, nanos));
    let round = (1..10_000_u64).prop_map(Duration::from_millis);
    let minutes = (1..10_000_u64).prop_map(|minutes| Duration::from_secs(60 * minutes));
    option::of(prop_oneof![exact, round, minutes].prop_filter("a URL has no zero", |time| !time.is_zero()))
}

fn host() -> impl Strategy<Value = String> {
    let odd = any::<String>().prop_filter("a URL without a host means localhost", |host| !host.is_empty());
    prop_oneof![
        "[a-z][a-z.-]{0,20}",
        odd,
        any::<std::net::Ipv6Addr>().prop_map(|address| address.to_string())
    ]
}

fn address() -> impl Strategy<Value = Address> {
    let port = prop_oneof![Just(6379), 1..=u16::MAX];
    let socket = any::<String>().prop_map(|path| Address::Unix(format!("/{path}").into()));
    prop_oneof![(host(), port).prop_map(|(host, port)| Address::tcp(host, port)), socket]
}

/// Who asks, and what for; the password is no part of it.
fn connection() -> impl Strategy<Value = Config> {
    let words = (address(), option::of(any::<String>()), any::<u32>(), option::of("[!-~]{1,20}"));
    let engine = if Engine::Hiredis.is_available() { Engine::Hiredis } else { Engine::Pure };
    let rest = (any::<bool>(), prop_oneof![Just(Engine::Pure), Just(engine)], time(), time());
    (words, rest).prop_map(|((address, user, db, name), (resp2, engine, connect, keepalive))| {
        let mut config = Config::new(address).db(db).connect_timeout(connect).keepalive(keepalive);
        config = config.protocol(if resp2 { Protocol::Resp2 } else { Protocol::Resp3 });
        config = user.into_iter().fold(config, |config, user| config.username(&user));
        config = name.into_iter().fold(config, |config, name| config.client_name(&name));
        config.parser(engine).unwrap()
    })
}

/// How many connections, and for how long.
fn config() -> impl Strategy<Value = Config> {
    let sizes = (1..=65_535_usize).prop_flat_map(|most| (Just(most), 0..=most));
    let calls = (time(), time(), 1..=1_000_u32, any::<bool>());
    (connection(), sizes, calls, time(), time(), time()).prop_map(
        |(config, (most, least), (timeout, check, attempts, fail), idle, age, maintain)| {
            config
                .timeout(timeout)
                .health_check_interval(check)
                .max_connections(most)
                .min_idle(least)
                .retry(Retry::attempts(attempts))
                .when_full(if fail { WhenFull::Fail } else { WhenFull::Wait })
                .max_idle(idle)
                .max_age(age)
                .maintain(maintain)
        },
    )
}

/// `Debug` says all that a URL can, but for the password.
fn reads_back(config: &Config) -> Result<(), TestCaseError> {
    let url = config.to_string();
    prop_assert!(url.bytes().all(|byte| byte.is_ascii_graphic()), "{url}");
    let again: Config = url.parse().map_err(|error| TestCaseError::fail(format!("{url}: {error}")))?;
    prop_assert_eq!(format!("{again:?}"), format!("{config:?}"), "{}", url);
    prop_assert_eq!(again.to_string(), url);
    Ok(())
}

/// What fails is kept as a named test, not as a file of seeds.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

proptest! {
    #![proptest_config(cases(256))]
    #[test]
    fn a_configuration_is_read_as_it_is_shown(config in config()) {
        reads_back(&config)?;
    }

    #[test]
    fn a_password_stays_secret_and_changes_nothing_else(config in config(), password in "[!-~]{8,30}") {
        let secret = config.clone().password(&password);
        let shown = secret.to_string();
        prop_assert!(!shown.contains(&password), "{}", shown);
        prop_assert!(shown.contains(":***@"), "{}", shown);
        let again = shown.parse::<Config>().unwrap().password(&password);
        prop_assert_eq!(format!("{again:?}"), format!("{secret:?}"));
    }
}

#[cfg(feature = "tls")]
mod tls {
    use std::fs;
    use std::path::PathBuf;

    use client::{Tls, TlsVersion};

    use super::*;
    use crate::certificates::Authority;

    const CA: &str = "the ca&=?.pem";
    const CERT: &str = "cert#%41.pem";
    const KEY: &str = "schlüssel+.pem";
    const CRL: &str = "crl@:.pem";

    /// Files whose names need escaping.
    struct Files(tempfile::TempDir);

    impl Files {
        fn new() -> Self {
            let files = Self(tempfile::tempdir().unwrap());
            let authority = Authority::new("redisy test CA");
            let signed = authority.sign(&["me"]);
            fs::write(files.path(CA), authority.pem()).unwrap();
            fs::write(files.path(CERT), signed.cert).unwrap();
            fs::write(files.path(KEY), signed.key).unwrap();
            fs::write(files.path(CRL), authority.revoke(&[7], 2090)).unwrap();
            files
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }
    }

    fn tls(files: &Files) -> impl Strategy<Value = Tls> {
        let name = option::of(prop_oneof!["[a-z]{1,20}(\\.[a-z]{1,20}){0,2}", Just("::1".to_owned())]);
        (0..4_u8, any::<bool>(), any::<bool>(), name).prop_map(move |(trust, own, newest, name)| {
            let mut tls = Tls::new();
            tls = match trust {
                0 => tls.danger_accept_any_certificate(),
                1 => tls.ca(files.path(CA)),
                2 => tls.ca(files.path(CA)).crl(files.path(CRL)),
                _ => tls.ca(files.path(CA)).min_version(TlsVersion::Tls12),
            };
            if own {
                tls = tls.cert(files.path(CERT)).key(files.path(KEY));
            }
            if newest {
                tls = tls.min_version(TlsVersion::Tls13);
            }
            name.into_iter().fold(tls, Tls::server_name)
        })
    }

    #[test]
    fn so_it_is_with_tls() {
        let files = Files::new();
        proptest!(cases(64), |(tls in tls(&files), age in time())| {
            let config = Config::new(Address::tcp("redis.example", 6380)).max_age(age).tls(&tls).unwrap();
            prop_assert!(config.to_string().starts_with("rediss://redis.example:6380"));
            reads_back(&config)?;
        });
    }

    #[test]
    fn pem_that_was_given_as_text_is_left_out() {
        let pem = Authority::new("redisy test CA").pem().into_bytes();
        let config = Config::new(Address::tcp("h", 6379)).tls(&Tls::new().ca_pem(pem)).unwrap();
        assert_eq!(config.to_string(), "rediss://h");
    }
}
