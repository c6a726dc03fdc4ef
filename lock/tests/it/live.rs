//! Against every server of the matrix, in RESP2 and RESP3.

mod fork;
mod keeping;
mod loss;
mod plain;
mod processes;
mod redis_py;
mod wire;
