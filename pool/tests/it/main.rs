//! The pool from outside: one binary, one module for each promise.

mod checkout;
mod crowd;
mod fork;
mod item;
mod limits;
mod recovery;
