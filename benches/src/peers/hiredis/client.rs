//! hiredis as a client: one connection, `redisCommand` and its own objects.

use super::ffi::Context;
use super::in_c;
use crate::Contender;
use crate::client::{ELEMENTS, LARGE, SMALL, Server, large};

const NAME: &str = "hiredis";

pub(crate) fn get(server: &Server, key: &str) -> [Contender; 1] {
    gets(server, key, SMALL)
}

pub(crate) fn pipeline(server: &Server, keys: &[String]) -> [Contender; 1] {
    let (mut context, keys) = (connect(server), keys.to_vec());
    peer(move || context.pipeline(&keys) == Some(keys.len()))
}

pub(crate) fn list(server: &Server, key: &str) -> [Contender; 1] {
    let (mut context, key) = (connect(server), key.to_owned());
    peer(move || context.lrange(key.as_bytes()) == Some(ELEMENTS))
}

pub(crate) fn set(server: &Server, key: &str) -> [Contender; 1] {
    let (mut context, key, value) = (connect(server), key.to_owned(), large());
    peer(move || context.set(key.as_bytes(), &value))
}

pub(crate) fn get_large(server: &Server, key: &str) -> [Contender; 1] {
    gets(server, key, LARGE)
}

fn gets(server: &Server, key: &str, len: usize) -> [Contender; 1] {
    let (mut context, key) = (connect(server), key.to_owned());
    peer(move || context.get(key.as_bytes()) == Some(len))
}

fn connect(server: &Server) -> Context {
    Context::connect(&server.host, server.port).expect("the server listens")
}

fn peer(job: impl FnMut() -> bool + 'static) -> [Contender; 1] {
    [in_c(Contender::peer(NAME, job))]
}
