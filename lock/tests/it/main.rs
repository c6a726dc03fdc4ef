//! The lock against real servers. The tests of the faults F1 to F37 (see the table in the docs) have their number in
//! their name.

mod child;
#[path = "../../../client/tests/it/kit.rs"]
mod kit;
mod live;
