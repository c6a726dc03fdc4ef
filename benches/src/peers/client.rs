//! The clients that people would use instead, in the order in which the results show them.

use super::{hiredis, redis_rs, rustis};
use crate::Contender;
use crate::client::{Manner, Server};

pub(crate) fn get(server: &Server, key: &str) -> Vec<Contender> {
    let mut all = redis_rs::client::get(server, key);
    all.extend(hiredis::client::get(server, key));
    all
}

pub(crate) fn pipeline(server: &Server, keys: &[String]) -> Vec<Contender> {
    let mut all = vec![redis_rs::client::pipeline(server, keys)];
    all.extend(hiredis::client::pipeline(server, keys));
    all
}

pub(crate) fn list(server: &Server, key: &str) -> Vec<Contender> {
    let mut all = vec![redis_rs::client::list(server, key)];
    all.extend(hiredis::client::list(server, key));
    all
}

pub(crate) fn set(server: &Server, key: &str) -> Vec<Contender> {
    let mut all = vec![redis_rs::client::set(server, key)];
    all.extend(hiredis::client::set(server, key));
    all
}

pub(crate) fn get_large(server: &Server, key: &str) -> Vec<Contender> {
    let mut all = vec![redis_rs::client::get_large(server, key)];
    all.extend(hiredis::client::get_large(server, key));
    all
}

pub(crate) fn threads(server: &Server, key: &str) -> Vec<Contender> {
    redis_rs::client::threads(server, key)
}

pub(crate) fn checkout(server: &Server) -> Vec<Contender> {
    vec![redis_rs::client::checkout(server)]
}

pub(crate) fn messages(server: &Server, manner: Manner) -> [Contender; 2] {
    [redis_rs::client::messages(server, manner), rustis::client::messages(server, manner)]
}
