//! What the benchmarks measure: replies as servers send them, made in code so that anyone can make them again.
#![forbid(unsafe_code)]

mod corpus;
pub use corpus::{Corpus, corpora};
