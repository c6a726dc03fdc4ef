//! Against real servers, each command in RESP2 and RESP3 on every server of the matrix.

mod about;
mod acl;
mod arrays;
mod bits;
mod cancel;
mod chaos;
mod cluster;
mod consumers;
mod costs;
mod credentials;
mod defects;
#[cfg(feature = "tls")]
mod defects_tls;
mod engines;
mod examples;
mod fork;
#[cfg(feature = "tls")]
mod fork_tls;
mod functions;
mod geo;
mod hash_import;
mod hashes;
mod health;
mod keys;
mod keyspace;
mod latency;
mod legacy;
mod lists;
mod manual;
mod migrate;
mod monitor;
mod observe;
mod pipelines;
mod pool;
mod pubsub;
mod pushes;
mod refusals;
mod scan;
mod scripting;
mod server;
mod sets;
mod sharing;
mod sorted_sets;
mod streams;
mod strings;
#[cfg(feature = "json")]
mod structs;
mod subscriber;
mod subscriber_faults;
mod tails;
#[cfg(feature = "tls")]
mod tls;
#[cfg(feature = "tls")]
mod tls_failures;
#[cfg(feature = "tracing")]
mod trace;
mod transactions;
mod upkeep;
mod vectors;
