//! The steps of a lock that must be one step, as Lua on the server. Each may be sent again when its reply was lost.

use std::time::Duration;

use client::Client;

use crate::Token;

/// Takes the lock if it is free, or ours already: then the reply to an earlier try was lost.
const ACQUIRE: &str = "
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1";

/// The same without an expiry.
const ACQUIRE_FOR_EVER: &str = "
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
return 1";

/// Lets go of the lock if it is ours.
const RELEASE: &str = "
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])";

/// Sets the time that is left, to a value worked out once by the holder. A lock without expiry keeps none.
const EXTEND: &str = "
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if redis.call('PTTL', KEYS[1]) >= 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 1";

pub(crate) fn acquire(
    client: &Client,
    name: &str,
    token: &Token,
    lease: Option<Duration>,
) -> Result<bool, client::Error> {
    let script = if lease.is_some() { ACQUIRE } else { ACQUIRE_FOR_EVER };
    run(client, script, name, token, lease.unwrap_or_default())
}

pub(crate) fn release(client: &Client, name: &str, token: &Token) -> Result<bool, client::Error> {
    run(client, RELEASE, name, token, Duration::ZERO)
}

pub(crate) fn extend(
    client: &Client,
    name: &str,
    token: &Token,
    lease: Duration,
) -> Result<bool, client::Error> {
    run(client, EXTEND, name, token, lease)
}

fn run(
    client: &Client,
    script: &str,
    name: &str,
    token: &Token,
    lease: Duration,
) -> Result<bool, client::Error> {
    let millis = u64::try_from(lease.as_millis()).unwrap_or(u64::MAX);
    client.eval(script, name, (token.as_bytes(), millis))
}
