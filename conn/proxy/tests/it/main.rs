//! Every fault, seen by a plain socket in front of a real server (`live`).

mod live;
mod raw;
