//! How long each contender of each race of the parsers takes, and by how much `resp` wins or loses.
//!
//! `cargo xtask bench` runs this and shows the results; by hand: `cargo bench -p benches --features peers --bench speed
//! [-- FILTER]`, with criterion's options.

mod rounds;

fn main() {
    rounds::run(benches::races());
}
