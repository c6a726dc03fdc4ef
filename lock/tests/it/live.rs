//! Against every server of the matrix, in RESP2 and RESP3.

mod fork;
mod plain;
