//! How long the client and its peers take with a real server, and by how much the client wins or loses.
//!
//! `cargo xtask bench client` starts a server, runs this and shows the results; by hand: `REDISY_URL=redis://127.0.0.1:6379
//! cargo bench -p benches --features peers --bench client [-- FILTER]`. It writes keys that begin with `bench:` there.

mod rounds;

fn main() {
    rounds::run(benches::client_races());
}
