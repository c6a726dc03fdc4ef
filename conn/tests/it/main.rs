//! The conversation against a scripted server on loopback: what a real one will not do on demand.

mod flights;
mod handshake;
mod replies;
mod scripted;
mod silence;
