//! Against every server of the matrix, in RESP2 and RESP3.

mod costs;
mod durable;
mod fork;
mod guarding;
mod keeping;
mod loss;
mod nested;
mod order;
mod plain;
mod processes;
mod redis_py;
mod semaphore;
mod waiting;
mod wire;
