//! Without the feature `peers` no client races but ours, against raw system calls.

use crate::Contender;
use crate::client::{Manner, Server};

pub(crate) fn get(_: &Server, _: &str) -> [Contender; 0] {
    []
}

pub(crate) fn pipeline(_: &Server, _: &[String]) -> [Contender; 0] {
    []
}

pub(crate) fn list(_: &Server, _: &str) -> [Contender; 0] {
    []
}

pub(crate) fn set(_: &Server, _: &str) -> [Contender; 0] {
    []
}

pub(crate) fn get_large(_: &Server, _: &str) -> [Contender; 0] {
    []
}

pub(crate) fn threads(_: &Server, _: &str) -> [Contender; 0] {
    []
}

pub(crate) fn checkout(_: &Server) -> [Contender; 0] {
    []
}

pub(crate) fn messages(_: &Server, _: Manner) -> [Contender; 0] {
    []
}
