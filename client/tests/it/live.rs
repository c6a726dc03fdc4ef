//! Against real servers, each command in RESP2 and RESP3 on every server of the matrix.

mod costs;
mod engines;
mod fork;
mod lists;
mod refusals;
mod scripting;
mod sets;
mod sharing;
mod sorted_sets;
mod strings;
