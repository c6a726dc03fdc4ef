//! What we promise (DESIGN, "Numbers to reach", and issues 3, 4 and 5).

/// How many times as long as ours a peer must take at least, where that is promised.
pub(super) fn bar(group: &str, case: &str, peer: &str) -> Option<f64> {
    let is_large = case.starts_with("bulk_1m") || case.starts_with("mget");
    let is_many = ["strings_1000 to Vec", "xrange_100 to Vec", "map_100 to HashMap"]
        .iter()
        .any(|many| case.starts_with(many));
    let is_aggregate = ["strings_1000", "integers_1000", "xrange_100", "map_100"].contains(&case);
    match (group, peer) {
        ("framing", "rustis" | "hiredis, callbacks that do nothing") if !is_large => Some(1.5),
        ("framing", "hiredis, own objects") if is_aggregate => Some(5.0),
        ("engine", "hiredis, own objects") => Some(1.0),
        ("decoding", "rustis") if is_many => Some(1.3),
        ("decoding", "redis-rs") if is_many => Some(3.0),
        ("decoding", "redis-rs, HashMap" | "redis-rs, HashMap and struct") => Some(2.0),
        // One string alone costs mostly its way into the buffer.
        ("borrowing", "resp, owned") if !case.starts_with("bulk_16") => Some(2.0),
        // At most 1.5 times the time of the whole reply; at most 2.2 times for twice as much.
        ("pieces", "resp, whole") => Some(1.0 / 1.5),
        ("pieces", "resp, 4 MiB") => Some(1.0 / 2.2),
        ("client", "raw" | "raw with an allocation") => raw(case),
        ("client", "redis-rs + r2d2") if case.starts_with("64 threads") => Some(1.0),
        ("client", "redis-rs + r2d2 with PING") if case.starts_with("64 threads") => Some(1.8),
        ("client", "redis-rs" | "rustis") if case.ends_with("messages of 64 B that wait") => Some(1.5),
        ("packing", "redis-rs") if case != "SET 16 MB" => Some(1.5),
        _ => None,
    }
}

/// The client may take so many times as long as the wire.
fn raw(case: &str) -> Option<f64> {
    let most = match case.split(' ').next()? {
        "one" => 1.05,
        "pipeline" => 1.2,
        "LRANGE" => 2.0,
        "SET" => 1.15,
        "GET" => 1.1,
        "64" => return Some(0.97),
        _ => return None,
    };
    Some(1.0 / most)
}

/// How many nanoseconds ours may take, where that is promised.
pub(super) fn most_ns(group: &str, case: &str) -> Option<f64> {
    (group == "client" && case == "checkout and return").then_some(300.0)
}

#[cfg(test)]
mod tests {
    use super::{bar, most_ns};

    #[test]
    fn promises() {
        let cases = [
            ("framing", "status", "rustis", Some(1.5)),
            ("framing", "status", "redis-protocol", None),
            ("framing", "bulk_1m", "rustis", None),
            ("framing", "map_100", "hiredis, own objects", Some(5.0)),
            ("framing", "status", "hiredis, own objects", None),
            ("framing", "status", "hiredis, callbacks that do nothing", Some(1.5)),
            ("framing", "mget_100_1k", "hiredis, callbacks that do nothing", None),
            ("engine", "status", "hiredis, own objects", Some(1.0)),
            ("engine", "bulk_1m", "hiredis, own objects", Some(1.0)),
            ("decoding", "strings_1000 to Vec<String>", "redis-rs", Some(3.0)),
            ("decoding", "integer to i64", "redis-rs", None),
            ("decoding", "map_100 to HashMap<String, String>", "rustis", Some(1.3)),
            ("decoding", "map_100 to a struct by serde", "redis-rs, HashMap", Some(2.0)),
            ("borrowing", "map_100 to a walk over views", "resp, owned", Some(2.0)),
            ("borrowing", "bulk_16 to &str", "resp, owned", None),
            ("client", "one GET of 16 B", "raw", Some(1.0 / 1.05)),
            ("client", "one GET of 16 B", "redis-rs", None),
            ("client", "GET 16 MB to Bytes", "raw with an allocation", Some(1.0 / 1.1)),
            ("client", "64 threads on a pool of 64", "raw", Some(0.97)),
            ("client", "64 threads on a pool of 64", "redis-rs + r2d2 with PING", Some(1.8)),
            ("client", "one GET of 16 B", "redis-rs + r2d2 with PING", None),
            ("client", "10,000 messages of 64 B that wait", "rustis", Some(1.5)),
            ("client", "10,000 messages of 64 B", "rustis", None), // the server sets the pace
            ("packing", "SET 16 B", "redis-rs", Some(1.5)),
            ("packing", "SET 16 MB", "redis-rs", None),
        ];
        for (group, case, peer, expected) in cases {
            assert_eq!(bar(group, case, peer), expected, "{group} {case} {peer}");
        }
        assert_eq!(most_ns("client", "checkout and return"), Some(300.0));
        assert_eq!(most_ns("client", "one GET of 16 B"), None);
    }
}
