//! A URL becomes a [`Config`], or one clear error before anything is connected.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use conn::{Address, Engine, Protocol, Tls};
use percent_encoding::percent_decode_str;

use crate::{Config, Error, Retry, WhenFull};

mod foreign;
mod show;
mod time;
mod tls;

/// A server's port when the URL names none.
const PORT: u16 = 6379;

const SCHEMES: &str = "redis://, rediss://, valkey://, valkeys:// and unix://";

/// What the query of a URL may hold, but for the options of TLS.
const OPTIONS: [&str; 17] = [
    "username",
    "password",
    "db",
    "protocol",
    "parser",
    "client_name",
    "timeout",
    "connect_timeout",
    "keepalive",
    "max_connections",
    "when_full",
    "health_check_interval",
    "attempts",
    "min_idle",
    "max_idle",
    "max_age",
    "maintain",
];

impl FromStr for Config {
    type Err = Error;

    /// Reads a URL.
    ///
    /// # Errors
    /// [`Error`] naming the part that is malformed, without a password that may be in it.
    fn from_str(url: &str) -> Result<Self, Error> {
        let Some((scheme, rest)) = url.split_once("://") else {
            return Err(Error::config(format!("a URL starts with one of {SCHEMES}")));
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        if let Some((_, fragment)) = rest.split_once('#').or_else(|| query.split_once('#')) {
            if let Some(ours) = foreign::translated(fragment) {
                return Err(Error::config(format!(
                    "a URL has no part after '#': instead of \"#{fragment}\", {ours}"
                )));
            }
            return Err(Error::config("a URL has no part after '#'; in a password it is written %23"));
        }
        match scheme.to_ascii_lowercase().as_str() {
            "redis" | "valkey" => options(tcp(rest)?, None, query),
            "rediss" | "valkeys" => options(tcp(rest)?, Some(Tls::new()), query),
            "unix" => options(unix(rest)?, None, query),
            other => {
                Err(Error::config(format!("unknown scheme \"{other}://\" in the URL; known are {SCHEMES}")))
            }
        }
    }
}

/// `[user:password@]host[:port][/db]`
fn tcp(rest: &str) -> Result<Config, Error> {
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (userinfo, place) =
        authority.rsplit_once('@').map_or((None, authority), |(user, place)| (Some(user), place));
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']').ok_or_else(|| malformed("host", "has no closing ']'"))?;
            match (port, port.strip_prefix(':')) {
                ("", _) => (host, None),
                (_, Some(port)) => (host, Some(port)),
                _ => return Err(malformed("host", "has something other than a port after ']'")),
            }
        }
        None => place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port))),
    };
    if host.contains(':') && !place.starts_with('[') || port.is_some_and(|port| port.contains(':')) {
        return Err(malformed("host", "is an IPv6 address and must stand in brackets, as in [::1]"));
    }
    let host = if host.is_empty() { "localhost".to_owned() } else { decoded(host, "host")? };
    let config = Config::new(Address::tcp(host, port.map_or(Ok(PORT), number_of_port)?));
    let config = credentials(config, userinfo)?;
    if path.is_empty() { Ok(config) } else { Ok(config.db(number_of_db(path)?)) }
}

/// `[user:password@]/path`
fn unix(rest: &str) -> Result<Config, Error> {
    let start = rest
        .find('/')
        .ok_or_else(|| malformed("path of the socket", "is missing, as in unix:///run/redis.sock"))?;
    let (userinfo, path) = rest.split_at(start);
    let userinfo = match (userinfo, userinfo.strip_suffix('@')) {
        ("", _) => None,
        (_, Some(userinfo)) => Some(userinfo),
        _ => return Err(malformed("path of the socket", "must be absolute, as in unix:///run/redis.sock")),
    };
    credentials(Config::new(Address::Unix(PathBuf::from(decoded(path, "path")?))), userinfo)
}

fn credentials(mut config: Config, userinfo: Option<&str>) -> Result<Config, Error> {
    let Some(userinfo) = userinfo else { return Ok(config) };
    let (user, password) =
        userinfo.split_once(':').map_or((userinfo, None), |(user, pass)| (user, Some(pass)));
    if !user.is_empty() {
        config = config.username(&decoded(user, "username")?);
    }
    match password {
        Some(password) if !password.is_empty() => Ok(config.password(&decoded(password, "password")?)),
        _ => Ok(config),
    }
}

fn options(mut config: Config, mut tls: Option<Tls>, query: &str) -> Result<Config, Error> {
    let mut seen: Vec<&str> = Vec::new();
    for option in query.split('&').filter(|option| !option.is_empty()) {
        let Some((name, value)) = option.split_once('=') else {
            return Err(Error::config(format!("the option {option:?} in the URL has no value")));
        };
        if !OPTIONS.contains(&name) && !tls::OPTIONS.contains(&name) {
            if let Some(ours) = foreign::translated(name) {
                return Err(Error::config(format!("unknown option {name:?} in the URL: {ours}")));
            }
            let known = OPTIONS.iter().chain(&tls::OPTIONS).copied().collect::<Vec<_>>().join(", ");
            return Err(Error::config(format!("unknown option {name:?} in the URL; known are {known}")));
        }
        if seen.contains(&name) {
            return Err(Error::config(format!("the option {name:?} is in the URL twice")));
        }
        seen.push(name);
        let value = decoded(value, name)?;
        match tls {
            _ if !tls::OPTIONS.contains(&name) => config = set(config, name, &value)?,
            Some(words) => tls = Some(tls::set(words, name, &value)?),
            None => {
                return Err(Error::config(format!(
                    "the option {name:?} in the URL is for TLS: rediss:// or valkeys://"
                )));
            }
        }
    }
    config.pool.check().map_err(|error| Error::config(unfit(error)))?;
    match tls {
        Some(tls) => config.tls(&tls),
        None => Ok(config),
    }
}

fn set(config: Config, name: &str, value: &str) -> Result<Config, Error> {
    Ok(match name {
        "username" => config.username(value),
        "password" => config.password(value),
        "db" => config.db(number_of_db(value)?),
        "protocol" => config.protocol(match value {
            "2" => Protocol::Resp2,
            "3" => Protocol::Resp3,
            _ => return Err(bad(name, value, "2 or 3")),
        }),
        "parser" => config.parser(match value {
            "pure" => Engine::Pure,
            "hiredis" => Engine::Hiredis,
            _ => return Err(bad(name, value, "pure or hiredis")),
        })?,
        "client_name" if value.is_empty() || value.bytes().any(|byte| !byte.is_ascii_graphic()) => {
            return Err(bad(name, value, "printable ASCII without spaces"));
        }
        "client_name" => config.client_name(value),
        "timeout" => config.timeout(time(name, value)?),
        "connect_timeout" => config.connect_timeout(time(name, value)?),
        "keepalive" => match time(name, value)? {
            Some(idle) if idle < Duration::from_secs(1) => {
                return Err(bad(name, value, "a time of 1s or more, or none"));
            }
            idle => config.keepalive(idle),
        },
        "max_connections" => {
            let largest = pool::Settings::LARGEST_MAX_SIZE;
            let count = value.parse().ok().filter(|count| (1..=largest).contains(count));
            config.max_connections(count.ok_or_else(|| bad(name, value, "a number from 1 to 65535"))?)
        }
        "when_full" => config.when_full(match value {
            "wait" => WhenFull::Wait,
            "fail" => WhenFull::Fail,
            _ => return Err(bad(name, value, "wait or fail")),
        }),
        "health_check_interval" => config.health_check_interval(time(name, value)?),
        "attempts" => {
            let attempts = value.parse().ok().filter(|attempts| (1..=1_000).contains(attempts));
            config
                .retry(Retry::attempts(attempts.ok_or_else(|| bad(name, value, "a number from 1 to 1000"))?))
        }
        "min_idle" => {
            let digits = value.bytes().all(|byte| byte.is_ascii_digit());
            let count = value.parse().ok().filter(|_| digits);
            config.min_idle(count.ok_or_else(|| bad(name, value, "a number from 0 to max_connections"))?)
        }
        "max_idle" => config.max_idle(time(name, value)?),
        "max_age" => config.max_age(time(name, value)?),
        _ => config.maintain(time(name, value)?),
    })
}

fn time(name: &str, value: &str) -> Result<Option<Duration>, Error> {
    time::read(value).ok_or_else(|| bad(name, value, "a time above zero, such as 250ms, 5s or 2m, or none"))
}

fn number_of_port(port: &str) -> Result<u16, Error> {
    port.parse().ok().filter(|port| *port > 0).ok_or_else(|| bad("port", port, "a number from 1 to 65535"))
}

fn number_of_db(db: &str) -> Result<u32, Error> {
    let digits = !db.is_empty() && db.bytes().all(|byte| byte.is_ascii_digit());
    db.parse().ok().filter(|_| digits).ok_or_else(|| bad("db", db, "a number such as 0"))
}

fn decoded(text: &str, part: &str) -> Result<String, Error> {
    let decoded =
        percent_decode_str(text).decode_utf8().map_err(|_| malformed(part, "is not UTF-8 when decoded"))?;
    Ok(decoded.into_owned())
}

/// What does not work together, in the words of the URL.
fn unfit(error: pool::InvalidSettings) -> String {
    match error {
        pool::InvalidSettings::MinIdle { given, max_size } => {
            format!(
                "the min_idle in the URL is {given}, which is more than its max_connections of {max_size}"
            )
        }
        other => other.to_string(),
    }
}

fn malformed(part: &str, why: &str) -> Error {
    Error::config(format!("the {part} in the URL {why}"))
}

fn bad(name: &str, value: &str, wanted: &str) -> Error {
    Error::config(format!("the {name} in the URL is {value:?}, which is not {wanted}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `url` becomes, in words.
    #[track_caller]
    fn check(url: &str, address: &str, others: &str) {
        let config: Config = url.parse().unwrap();
        assert_eq!(config.address().to_string(), address, "{url}");
        let all = format!("{config:?}");
        assert!(all.contains(others), "{url}: {all}");
    }

    #[track_caller]
    fn fails(url: &str, error: &str) {
        assert_eq!(url.parse::<Config>().unwrap_err().to_string(), error, "{url}");
    }

    #[test]
    fn urls_of_redis_py_mean_the_same() {
        check("redis://localhost", "localhost:6379", "db: 0");
        check("redis://[::1]:7000/3", "[::1]:7000", "db: 3");
        check("redis://user@host", "host:6379", "username: Some(\"user\"), password: None");
        check("redis://:p%40ss@host", "host:6379", "username: None, password: Some(***)");
        check("redis://u:a:b@h", "h:6379", "username: Some(\"u\"), password: Some(***)");
        check("redis:///3", "localhost:6379", "db: 3");
        check("REDIS://h", "h:6379", "db: 0");
        check("valkey://h:1/?db=5", "h:1", "db: 5");
        check("unix:///run/redis.sock?db=2", "/run/redis.sock", "db: 2");
        check("unix://u:p@/run/a%20b.sock", "/run/a b.sock", "username: Some(\"u\"), password: Some(***)");
        check(
            "redis://h?protocol=2&client_name=web",
            "h:6379",
            "client_name: Some(\"web\"), protocol: Resp2",
        );
        check("redis://h?timeout=250ms", "h:6379", "timeout: Some(250ms)");
        check("redis://h?timeout=0.5", "h:6379", "timeout: Some(500ms)");
        check("redis://h?timeout=none&connect_timeout=2m", "h:6379", "timeout: None");
        check(
            "redis://h?max_connections=3&when_full=fail&max_idle=5m&max_age=1s",
            "h:6379",
            "when_full: Fail",
        );
        check(
            "redis://h?min_idle=3&max_connections=3&max_idle=none&maintain=10s",
            "h:6379",
            "max_size: 3, min_idle: 3, max_idle: None, max_age: None, maintain: Some(10s)",
        );
    }

    #[test]
    fn each_mistake_is_one_clear_error() {
        let schemes = "redis://, rediss://, valkey://, valkeys:// and unix://";
        fails("localhost:6379", &format!("a URL starts with one of {schemes}"));
        fails("http://h", &format!("unknown scheme \"http://\" in the URL; known are {schemes}"));
        fails("redis://h:70000", "the port in the URL is \"70000\", which is not a number from 1 to 65535");
        fails("redis://h:0/1", "the port in the URL is \"0\", which is not a number from 1 to 65535");
        fails("redis://h:abc", "the port in the URL is \"abc\", which is not a number from 1 to 65535");
        fails("redis://h/1/2", "the db in the URL is \"1/2\", which is not a number such as 0");
        fails("redis://h/-1", "the db in the URL is \"-1\", which is not a number such as 0");
        fails("redis://h?db=x", "the db in the URL is \"x\", which is not a number such as 0");
        fails(
            "redis://::1",
            "the host in the URL is an IPv6 address and must stand in brackets, as in [::1]",
        );
        fails("redis://[::1", "the host in the URL has no closing ']'");
        fails(
            "redis://h?min_idle=9&max_connections=8",
            "the min_idle in the URL is 9, which is more than its max_connections of 8",
        );
        fails(
            "redis://h?min_idle=-1",
            "the min_idle in the URL is \"-1\", which is not a number from 0 to max_connections",
        );
        fails(
            "redis://h?maintain=0s",
            "the maintain in the URL is \"0s\", which is not a time above zero, such as 250ms, 5s or 2m, or none",
        );
        fails("redis://h?db=1&db=2", "the option \"db\" is in the URL twice");
        fails("redis://h?db", "the option \"db\" in the URL has no value");
        fails("redis://h?parser=c", "the parser in the URL is \"c\", which is not pure or hiredis");
        fails("redis://h?protocol=4", "the protocol in the URL is \"4\", which is not 2 or 3");
        fails(
            "redis://h?keepalive=9ms",
            "the keepalive in the URL is \"9ms\", which is not a time of 1s or more, or none",
        );
        fails(
            "redis://h?timeout=0",
            "the timeout in the URL is \"0\", which is not a time above zero, such as 250ms, 5s or 2m, or none",
        );
        fails(
            "unix://run/redis.sock",
            "the path of the socket in the URL must be absolute, as in unix:///run/redis.sock",
        );
        fails(
            "redis://h?time_out=1s",
            "unknown option \"time_out\" in the URL; known are username, password, db, protocol, parser, \
             client_name, timeout, connect_timeout, keepalive, max_connections, when_full, health_check_interval, attempts, min_idle, max_idle, max_age, maintain, \
             tls_ca, tls_cert, tls_key, tls_crl, tls_server_name, tls_min_version, \
             tls_danger_accept_any_certificate",
        );
    }

    #[test]
    fn the_parser_is_chosen_where_it_is_built_in() {
        check("redis://h?parser=pure", "h:6379", "parser: Pure");
        if Engine::Hiredis.is_available() {
            check("redis://h?parser=hiredis", "h:6379", "parser: Hiredis");
        } else {
            fails(
                "redis://h?parser=hiredis",
                "the parser hiredis is not part of this build: turn on the cargo feature `hiredis`",
            );
        }
    }

    #[test]
    fn tls_has_its_schemes_and_options() {
        let any = "tls_danger_accept_any_certificate=yes";
        if cfg!(feature = "tls") {
            check(&format!("rediss://h?{any}"), "h:6379", "accept_any: true");
            check(
                &format!("VALKEYS://h:1/2?{any}&tls_min_version=1.3"),
                "h:1",
                "min_version: Tls13, accept_any: true",
            );
            check(&format!("rediss://h?tls_server_name=a.example&{any}"), "h:6379", "Some(\"a.example\")");
            fails("rediss://h?tls_ca=/no/such", "cannot read /no/such (tls_ca): no such file or directory");
            fails(&format!("rediss://h?{any}&tls_key=/k"), "tls_key needs its certificate: tls_cert");
            fails(
                &format!("rediss://h?tls_server_name=%21&{any}"),
                "tls_server_name is \"!\", which is no name that a certificate can be for",
            );
            fails(
                &format!("rediss://h?tls_ca=/etc/ca.pem&{any}"),
                "tls_danger_accept_any_certificate leaves tls_ca without effect",
            );
        } else {
            let off = "TLS is not part of this build: turn on the cargo feature `tls`";
            fails("rediss://h", off);
            fails(&format!("valkeys://h?{any}"), off);
        }
        fails("redis://h?tls_ca=x", "the option \"tls_ca\" in the URL is for TLS: rediss:// or valkeys://");
        fails("rediss://h?tls_ca=", "the option \"tls_ca\" in the URL is empty");
        fails(
            "rediss://h?tls_min_version=1.1",
            "the tls_min_version in the URL is \"1.1\", which is not 1.2 or 1.3",
        );
        fails(
            "rediss://h?tls_danger_accept_any_certificate=true",
            "the tls_danger_accept_any_certificate in the URL is \"true\", which is not yes or no",
        );
    }

    /// The tables in the documentation of [`Config`] name each option, in the same order, and no other.
    #[test]
    fn the_documented_options_are_those_that_are_read() {
        let rows = include_str!("config.rs").lines().filter_map(|line| line.strip_prefix("/// | `"));
        let first = rows.map(|row| row.split('|').next().unwrap());
        let documented: Vec<_> =
            first.flat_map(|cell| cell.split(['`', ',', ' '])).filter(|name| !name.is_empty()).collect();
        let read: Vec<_> = OPTIONS.into_iter().chain(tls::OPTIONS).collect();
        assert_eq!(documented, read);
        for option in read {
            let refused =
                format!("redis://h?{option}=%00").parse::<Config>().err().map(|error| error.to_string());
            assert!(refused.is_none_or(|error| !error.contains("unknown")), "{option}");
        }
    }

    #[test]
    fn what_others_call_it_is_told_by_our_name() {
        let known = [
            ("socket_timeout", "timeout"),
            ("socket_connect_timeout", "connect_timeout"),
            ("retry_on_timeout", "attempts"),
            ("retry_on_error", "attempts"),
            ("decode_responses", "String"),
            ("encoding", "UTF-8"),
            ("lib_name", "client_name"),
            ("user", "username"),
            ("pass", "password"),
            ("ssl_ca_certs", "tls_ca"),
            ("ssl_certfile", "tls_cert"),
            ("ssl_keyfile", "tls_key"),
            ("ssl_cert_reqs", "tls_danger_accept_any_certificate"),
            ("ssl_check_hostname", "tls_server_name"),
            ("ssl_min_version", "tls_min_version"),
            ("ssl_include_verify_flags", "tls_crl"),
            ("ssl_validate_ocsp_stapled", "tls_crl"),
        ];
        for (foreign, ours) in known {
            let error = format!("rediss://h?{foreign}=x").parse::<Config>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("unknown option \"{foreign}\"")), "{error}");
            assert!(error.contains(ours), "{error}");
        }
        fails(
            "rediss://:secret@h/#insecure",
            "a URL has no part after '#': instead of \"#insecure\", write \
             ?tls_danger_accept_any_certificate=yes, which trusts whoever answers",
        );
    }

    #[test]
    fn no_error_shows_a_password() {
        for url in [
            "redis://:secret@h:x",
            "redis://:secret@h/x",
            "redis://u:secret@[::1",
            "http://:secret@h",
            "redis://:sec#ret@h",
        ] {
            let error = url.parse::<Config>().unwrap_err().to_string();
            assert!(!error.contains("secret") && !error.contains("sec#"), "{error}");
        }
    }
}
