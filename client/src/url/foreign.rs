//! What other clients call an option, and what to write here instead.
//!
//! For people the same is in `redis-py.md`, which is part of the documentation of [`Config`](crate::Config); a test
//! holds the two together.

/// What to write instead of an option of redis-py's, or of an option or a fragment of redis-rs's.
pub(super) fn translated(foreign: &str) -> Option<&'static str> {
    place(foreign).or_else(|| waiting(foreign)).or_else(|| speaking(foreign)).or_else(|| tls(foreign))
}

/// Where the server is, and who asks.
fn place(foreign: &str) -> Option<&'static str> {
    Some(match foreign {
        "host" | "port" => "write it before the '?', as in redis://host:6379",
        "unix_socket_path" => "write the path before the '?', as in unix:///run/redis.sock",
        "user" => "write username",
        "pass" => "write password",
        "credential_provider" => {
            "build the configuration with Config::credentials_provider or rotating_credentials"
        }
        "socket_type" => {
            "all addresses of a host are tried; write the one that is meant, or build the configuration with \
             Config::resolver"
        }
        _ => return None,
    })
}

/// How long a call waits, how often it is tried, and how many connections there are.
fn waiting(foreign: &str) -> Option<&'static str> {
    Some(match foreign {
        "socket_timeout" => "write timeout, which is for the whole call",
        "socket_connect_timeout" => "write connect_timeout",
        "socket_keepalive" => "write keepalive with a time, or none",
        "socket_keepalive_options" => "write keepalive with the time of silence before the first probe",
        "retry" | "retry_on_error" => {
            "write attempts, or build the configuration with Config::retry, where Retry::when chooses the errors"
        }
        "retry_on_timeout" => "write attempts; all attempts of a call share its timeout",
        "connection_pool" | "connection_class" => "a client has one pool: write max_connections",
        "queue_class" => "who has waited longest is served first; write when_full",
        "single_connection_client" => "call Client::dedicated",
        _ => return None,
    })
}

/// What is said on a connection, and how it is understood.
fn speaking(foreign: &str) -> Option<&'static str> {
    Some(match foreign {
        "decode_responses" => "each call says what its reply becomes, such as String or Bytes",
        "encoding" | "encoding_errors" => {
            "text is UTF-8, and a reply that is not is an error; what is no text is read as Bytes"
        }
        "legacy_responses" => "a command returns the same type in both protocols",
        "parser_class" => "write parser",
        "command_packer" => "a request has one form",
        "socket_read_size" => "a read takes what has come, in a buffer that fits the reply",
        "lib_name" | "lib_version" | "driver_info" => {
            "the library names itself; write client_name to tell clients apart"
        }
        "redis_connect_func" => {
            "the handshake is the library's; call Client::dedicated for a connection with a state"
        }
        "cache" | "cache_config" => {
            "no replies are kept; build the configuration with Config::on_push to keep one's own"
        }
        "event_dispatcher" => "build the configuration with Config::observer",
        "maint_notifications_config" | "oss_cluster_maint_notifications_handler" => {
            "they are not asked for; build the configuration with Config::on_push to see them"
        }
        _ => return None,
    })
}

fn tls(foreign: &str) -> Option<&'static str> {
    Some(match foreign {
        "ssl" => "the scheme rediss:// turns TLS on",
        "ssl_ca_certs" => "write tls_ca",
        "ssl_ca_data" => "write tls_ca with a file, or build the configuration with Tls::ca_pem",
        "ssl_ca_path" => "write tls_ca with one file, or set SSL_CERT_DIR for the whole program",
        "ssl_certfile" => "write tls_cert",
        "ssl_keyfile" => "write tls_key",
        "ssl_password" => "a key is stored without a passphrase: tls_key",
        "ssl_min_version" => "write tls_min_version=1.2 or 1.3",
        "ssl_check_hostname" => "write tls_server_name with the name in the certificate",
        "ssl_cert_reqs" => {
            "certificates are always required; tls_danger_accept_any_certificate=yes trusts whoever answers"
        }
        "ssl_include_verify_flags" | "ssl_exclude_verify_flags" => "write tls_crl with the revocation lists",
        "ssl_ciphers" => "there are none but safe ones to choose from",
        "insecure" => "write ?tls_danger_accept_any_certificate=yes, which trusts whoever answers",
        name if name.starts_with("ssl_validate_ocsp") || name.starts_with("ssl_ocsp") => {
            "OCSP is not asked; write tls_crl with revocation lists"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;
    use crate::url::{OPTIONS, tls};

    /// The names in the left column of the table for people.
    fn names() -> Vec<&'static str> {
        let rows = include_str!("redis-py.md").lines().filter(|line| line.starts_with("| `"));
        rows.flat_map(|row| row.split('|').nth(1).unwrap().split('`').skip(1).step_by(2)).collect()
    }

    #[test]
    fn each_name_of_the_table_is_ours_or_its_error_says_what_to_write() {
        for name in names() {
            if OPTIONS.contains(&name) {
                continue;
            }
            let ours = translated(name).unwrap_or_else(|| panic!("{name} has no translation"));
            let error = format!("redis://h?{name}=x").parse::<Config>().unwrap_err().to_string();
            assert_eq!(error, format!("unknown option {name:?} in the URL: {ours}"));
        }
    }

    /// The parameters of `Redis.__init__`, `Connection.__init__`, `SSLConnection.__init__` and the two pools, redis-py 8.0.
    #[test]
    fn the_table_has_all_that_redis_py_takes() {
        let all = "host port db username password socket_timeout socket_connect_timeout socket_read_size \
            socket_keepalive socket_keepalive_options socket_type connection_pool unix_socket_path encoding \
            encoding_errors decode_responses retry retry_on_error retry_on_timeout ssl ssl_keyfile ssl_certfile \
            ssl_password ssl_cert_reqs ssl_check_hostname ssl_ca_certs ssl_ca_path ssl_ca_data \
            ssl_include_verify_flags ssl_exclude_verify_flags ssl_min_version ssl_ciphers ssl_validate_ocsp \
            ssl_validate_ocsp_stapled ssl_ocsp_context ssl_ocsp_expected_cert max_connections \
            single_connection_client health_check_interval client_name driver_info lib_name lib_version \
            redis_connect_func credential_provider protocol legacy_responses cache cache_config event_dispatcher \
            maint_notifications_config oss_cluster_maint_notifications_handler parser_class command_packer timeout \
            queue_class connection_class";
        let (table, mut missing) = (names(), Vec::new());
        missing.extend(all.split_whitespace().filter(|name| !table.contains(name)));
        assert_eq!(missing, Vec::<&str>::new());
    }

    #[test]
    fn what_is_said_to_write_is_there_to_write() {
        for told in names().into_iter().filter_map(translated) {
            let Some((_, rest)) = told.split_once("write ") else { continue };
            let ours = rest.split([' ', ',', ';', '=']).next().unwrap();
            let is_option = OPTIONS.contains(&ours) || tls::OPTIONS.contains(&ours);
            assert!(is_option || ["it", "the"].contains(&ours), "{told}");
        }
    }
}
