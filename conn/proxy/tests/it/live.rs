//! Against the newest Redis: scripted faults, faults by chance, and opaque bytes.

mod opaque;
mod random;
mod scripted;
