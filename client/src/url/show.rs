//! A [`Config`] becomes the URL that says the same. It never shows a secret.

use std::fmt;
use std::path::Path;

use conn::{Address, Engine, Protocol, Setup, TlsSetup};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use super::{PORT, time};
use crate::{Config, WhenFull};

/// What has a meaning in a URL, or none at all.
const TEXT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const PATH: &AsciiSet = &TEXT.remove(b'/');

const IPV6: &AsciiSet = &TEXT.remove(b':');

impl fmt::Display for Config {
    /// Writes the URL that is read as this configuration: only what differs from the defaults, in the order of the
    /// table above.
    ///
    /// In the place of a password it writes `***`, which is what is read back: set the password again. What no URL can
    /// say is left out: the observer, the handlers of pushes and of lookups, credentials that are provided or rotated, the limits,
    /// PEM that was given as text, and of [`Retry`](crate::Retry) all but the number of attempts. What the setters take
    /// and a URL does not, such as a time of zero or the relative path of a socket, is written as it is and refused
    /// when it is read.
    ///
    /// # Example
    /// ```
    /// use client::Config;
    ///
    /// # fn main() -> Result<(), client::Error> {
    /// let config: Config = "redis://ann:s3cret@localhost:6379/2?timeout=5s&max_connections=8".parse()?;
    /// assert_eq!(config.to_string(), "redis://ann:***@localhost/2?max_connections=8");
    /// # Ok(())
    /// # }
    /// ```
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let setup = self.connection.setup();
        let scheme = match (setup.address, setup.tls) {
            (Address::Unix(_), _) => "unix",
            (_, Some(_)) => "rediss",
            (_, None) => "redis",
        };
        write!(f, "{scheme}://")?;
        userinfo(f, &setup)?;
        place(f, &setup)?;
        for (index, (name, value)) in options(self, &setup).into_iter().enumerate() {
            write!(f, "{}{name}={value}", if index == 0 { '?' } else { '&' })?;
        }
        Ok(())
    }
}

fn userinfo(f: &mut fmt::Formatter<'_>, setup: &Setup<'_>) -> fmt::Result {
    let user = setup.username.map(text).unwrap_or_default();
    match setup.has_password {
        true => write!(f, "{user}:***@"),
        false if !user.is_empty() => write!(f, "{user}@"),
        false => Ok(()),
    }
}

fn place(f: &mut fmt::Formatter<'_>, setup: &Setup<'_>) -> fmt::Result {
    let (host, port) = match setup.address {
        Address::Tcp { host, port } => (host, *port),
        Address::Unix(socket) => return f.write_str(&path(socket)),
        other => return f.write_str(&text(&other.to_string())),
    };
    match host.contains(':') {
        true => write!(f, "[{}]", percent_encode(host.as_bytes(), IPV6))?,
        false => f.write_str(&text(host))?,
    }
    if port != PORT {
        write!(f, ":{port}")?;
    }
    if setup.db != 0 {
        write!(f, "/{}", setup.db)?;
    }
    Ok(())
}

/// The options that differ from the defaults, in the order of [`OPTIONS`](super::OPTIONS).
fn options(config: &Config, setup: &Setup<'_>) -> Vec<(&'static str, String)> {
    let default = Config::new(config.address().clone());
    let (usual, pool, usual_pool) = (default.connection.setup(), &config.pool, &default.pool);
    let mut all = Options::default();
    // An empty name cannot stand before the '@'; nor can a database behind the path of a socket.
    all.given("username", setup.username.filter(|user| user.is_empty()), text);
    if matches!(setup.address, Address::Unix(_)) {
        all.unless("db", setup.db, usual.db, |db| db.to_string());
    }
    all.unless("protocol", setup.protocol, usual.protocol, protocol);
    all.unless("parser", setup.engine, usual.engine, parser);
    all.given("client_name", setup.client_name, text);
    all.unless("timeout", config.timeout, default.timeout, time::show);
    all.unless("connect_timeout", setup.connect_timeout, usual.connect_timeout, time::show);
    all.unless("keepalive", setup.keepalive, usual.keepalive, time::show);
    all.unless("max_connections", pool.max_size, usual_pool.max_size, |count| count.to_string());
    all.unless("when_full", config.when_full, default.when_full, when_full);
    all.unless(
        "health_check_interval",
        config.health_check_interval,
        default.health_check_interval,
        time::show,
    );
    all.unless("attempts", config.retry.attempts, default.retry.attempts, |count| count.to_string());
    all.unless("min_idle", pool.min_idle, usual_pool.min_idle, |count| count.to_string());
    all.unless("max_idle", pool.max_idle, usual_pool.max_idle, time::show);
    all.unless("max_age", pool.max_age, usual_pool.max_age, time::show);
    all.unless("maintain", pool.maintain, usual_pool.maintain, time::show);
    if let Some(tls) = setup.tls {
        all.tls(&tls);
    }
    all.0
}

#[derive(Default)]
struct Options(Vec<(&'static str, String)>);

impl Options {
    fn unless<T: PartialEq>(&mut self, name: &'static str, value: T, usual: T, show: impl Fn(T) -> String) {
        self.given(name, (value != usual).then_some(value), show);
    }

    fn given<T>(&mut self, name: &'static str, value: Option<T>, show: impl Fn(T) -> String) {
        self.0.extend(value.map(|value| (name, show(value))));
    }

    fn tls(&mut self, tls: &TlsSetup<'_>) {
        self.given("tls_ca", tls.ca, path);
        self.given("tls_cert", tls.cert, path);
        self.given("tls_key", tls.key, path);
        self.given("tls_crl", tls.crl, path);
        self.given("tls_server_name", tls.server_name, text);
        self.unless("tls_min_version", tls.min_version, conn::TlsVersion::default(), |version| {
            version.to_string()
        });
        self.unless("tls_danger_accept_any_certificate", tls.accepts_any_certificate, false, |_| {
            "yes".into()
        });
    }
}

fn text(text: &str) -> String {
    percent_encode(text.as_bytes(), TEXT).to_string()
}

fn path(path: &Path) -> String {
    percent_encode(path.as_os_str().as_encoded_bytes(), PATH).to_string()
}

fn protocol(protocol: Protocol) -> String {
    match protocol {
        Protocol::Resp2 => "2".to_owned(),
        Protocol::Resp3 => "3".to_owned(),
    }
}

fn parser(engine: Engine) -> String {
    match engine {
        Engine::Hiredis => "hiredis".to_owned(),
        _ => "pure".to_owned(),
    }
}

fn when_full(when_full: WhenFull) -> String {
    match when_full {
        WhenFull::Wait => "wait".to_owned(),
        WhenFull::Fail => "fail".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::url::OPTIONS;
    use crate::{Credentials, Retry};

    /// `url` is shown as `shown`, and `shown` as itself.
    #[track_caller]
    fn check(url: &str, shown: &str) {
        assert_eq!(url.parse::<Config>().unwrap().to_string(), shown);
        assert_eq!(shown.parse::<Config>().unwrap().to_string(), shown);
    }

    #[test]
    fn a_url_is_shown_in_its_shortest_form() {
        check("redis://localhost", "redis://localhost");
        check("VALKEY://:@:6379/0?timeout=5&when_full=wait&max_idle=none", "redis://localhost");
        check("redis://h:6380?db=3", "redis://h:6380/3");
        check("redis://[::1]:7000/3", "redis://[::1]:7000/3");
        check("redis://[fe80::1%25eth0]", "redis://[fe80::1%25eth0]");
        check("redis://a%40b@h", "redis://a%40b@h");
        check("redis://h?username=", "redis://h?username=");
        check("unix:///run/a%20b?db=2&timeout=90000ms", "unix:///run/a%20b?db=2&timeout=90s");
        check("redis://h?maintain=120&client_name=a%26b", "redis://h?client_name=a%26b&maintain=2m");
    }

    #[test]
    fn a_password_is_never_shown_and_the_rest_is() {
        check("redis://ann:secret@h/1", "redis://ann:***@h/1");
        check("redis://h?password=secret", "redis://:***@h");
        check("unix://:secret@/run/s", "unix://:***@/run/s");
        let again: Config = "redis://ann:***@h".parse().unwrap();
        let debug = format!("{:?}", "redis://ann:secret@h".parse::<Config>().unwrap());
        assert_eq!(format!("{:?}", again.password("secret")), debug);
    }

    #[test]
    fn what_no_url_can_say_is_left_out() {
        let config = Config::new(Address::tcp("h", PORT))
            .credentials_provider(|| Ok(Credentials::new("secret").username("ann")))
            .resolver(|_, _| Ok(Vec::new()))
            .on_push(|_| ())
            .retry(Retry::default().idempotent().when(|_| true).pauses(Duration::ZERO, Duration::ZERO));
        assert_eq!(config.to_string(), "redis://h");
    }

    #[test]
    fn what_no_url_takes_is_refused_when_it_is_read() {
        let at = |address| Config::new(address);
        for (config, shown) in [
            (at(Address::tcp("h", 0)), "redis://h:0"),
            (at(Address::Unix("run/s".into())), "unix://run/s"),
            (at(Address::tcp("h", PORT)).timeout(Duration::ZERO), "redis://h?timeout=0s"),
            (at(Address::tcp("h", PORT)).client_name("a b"), "redis://h?client_name=a%20b"),
            (at(Address::tcp("h", PORT)).min_idle(65), "redis://h?min_idle=65"),
        ] {
            assert_eq!(config.to_string(), shown);
            assert!(shown.parse::<Config>().unwrap_err().is_usage(), "{shown}");
        }
    }

    /// A new option that is not shown fails here.
    #[test]
    fn each_option_is_shown_in_the_order_of_the_table() {
        let url = "unix:///s?username=&db=1&protocol=2&client_name=a&timeout=1s&connect_timeout=1s&keepalive=1s\
                   &max_connections=8&when_full=fail&health_check_interval=1s&attempts=1&min_idle=1&max_idle=1s&max_age=1s&maintain=1s";
        check(url, url);
        let names = url.split(['?', '&']).skip(1).map(|option| option.split('=').next().unwrap());
        let others = OPTIONS.into_iter().filter(|name| !["password", "parser"].contains(name));
        assert!(names.eq(others), "{url} does not have all of {OPTIONS:?}");
        if Engine::Hiredis.is_available() {
            check("redis://h?parser=hiredis&protocol=2", "redis://h?protocol=2&parser=hiredis");
        }
    }

    #[test]
    fn tls_is_shown_too() {
        let url = "rediss://h?timeout=1s&tls_server_name=a.example&tls_min_version=1.3\
                   &tls_danger_accept_any_certificate=yes";
        if cfg!(feature = "tls") {
            check(url, url);
        }
    }
}
