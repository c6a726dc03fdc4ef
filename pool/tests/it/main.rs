//! The pool from outside: one binary, one module for each promise.

mod checkout;
mod closing;
mod crowd;
mod events;
mod fork;
mod item;
mod limits;
mod random;
mod recovery;
mod upkeep;
