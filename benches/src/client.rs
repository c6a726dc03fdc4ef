//! The client at work with a real server, against raw system calls and against those whom people would use instead.
//!
//! Everybody talks to the same server over loopback TCP, asks for the same keys and makes the same types. "raw" is a loop
//! of bare `send` and `recv` with a prepared request, which looks at nothing that it receives: what the wire costs.

use std::hint::black_box;

use ::client::{Bytes, Client, Config};

use crate::crowd::{THREADS, crowd};
use crate::wire::{Wire, bulk_len, packed};
use crate::{Contender, Race, Role, peers};

mod messages;
pub(crate) use messages::Manner;
use messages::messages;
#[cfg(feature = "peers")]
pub(crate) use messages::{CHANNEL, MESSAGES, Publisher};
mod server;
pub(crate) use server::{ELEMENTS, LARGE, SMALL, Server, large};

/// Every race of the client, against the server that `REDISY_URL` names. Nothing is connected before a race begins.
pub fn races() -> Vec<Race> {
    let race = |case, contenders: fn(&Server) -> Vec<Contender>| {
        Race::new("client", case, move || contenders(&Server::from_env()))
    };
    vec![
        race("one GET of 16 B", get),
        race("pipeline of 100,000 GET", pipeline),
        race("LRANGE of 1,000,000 to Vec<String>", list),
        race("SET 16 MB", set),
        race("GET 16 MB to Vec<u8>", get_large::<Vec<u8>>),
        race("GET 16 MB to Bytes", get_large::<Bytes>),
        race("64 threads on a pool of 64", threads),
        race("checkout and return", checkout),
        race("10,000 messages of 64 B", |server| messages(server, Manner::Meanwhile)),
        race("10,000 messages of 64 B that wait", |server| messages(server, Manner::Afterwards)),
    ]
}

fn get(server: &Server) -> Vec<Contender> {
    let (key, client) = (server.small(), server.client());
    let mut all = vec![ours(move || matches!(client.get::<String>(&key), Ok(Some(_))))];
    all.push(raw(server, &packed(&[b"GET", server.small().as_bytes()]), bulk_len(SMALL)));
    all.extend(peers::client::get(server, &server.small()));
    all
}

fn pipeline(server: &Server) -> Vec<Contender> {
    let keys = server.many();
    let requests: Vec<u8> = keys.iter().flat_map(|key| packed(&[b"GET", key.as_bytes()])).collect();
    let replies = keys.len() * bulk_len(SMALL);
    let (client, names) = (server.client(), keys.clone());
    let mut all = vec![ours(move || {
        let values = client.pipeline(|p| names.iter().map(|key| p.get::<String>(key)).collect::<Vec<_>>());
        values.is_ok_and(|values: Vec<Option<String>>| black_box(values).len() == names.len())
    })];
    all.push(raw(server, &requests, replies));
    all.extend(peers::client::pipeline(server, &keys));
    all
}

fn list(server: &Server) -> Vec<Contender> {
    let (key, reply) = server.list();
    let (client, name) = (server.client(), key.clone());
    let mut all = vec![ours(move || {
        let values = client.lrange::<String>(&name, 0, -1);
        values.is_ok_and(|values| black_box(values).len() == ELEMENTS)
    })];
    all.push(raw(server, &packed(&[b"LRANGE", key.as_bytes(), b"0", b"-1"]), reply));
    all.extend(peers::client::list(server, &key));
    all
}

fn set(server: &Server) -> Vec<Contender> {
    let (client, value) = (server.client(), large());
    let mut all = vec![ours(move || client.set("bench:set", &value).is_ok())];
    all.push(raw(server, &packed(&[b"SET", b"bench:set", &large()]), b"+OK\r\n".len()));
    all.extend(peers::client::set(server, "bench:set"));
    all
}

fn get_large<T: ::client::DecodeOwned + AsRef<[u8]> + 'static>(server: &Server) -> Vec<Contender> {
    let key = server.large();
    let (client, name) = (server.client(), key.clone());
    let mut all = vec![ours(move || {
        let value = client.get::<T>(&name);
        matches!(value, Ok(Some(value)) if black_box(value.as_ref()).len() == LARGE)
    })];
    let (mut wire, request) = (Wire::connect(server), packed(&[b"GET", key.as_bytes()]));
    let len = bulk_len(LARGE);
    let job = move || black_box(wire.call_into_new(&request, len)).len() == len;
    all.push(Contender::peer("raw with an allocation", job));
    all.extend(peers::client::get_large(server, &key));
    all
}

fn threads(server: &Server) -> Vec<Contender> {
    let config = server.url.parse::<Config>().expect("the URL is one").max_connections(THREADS);
    let client = Client::new(&config).expect("a pool can have so many");
    let key = server.small();
    let name = key.clone();
    let call = move |client: &mut Client| matches!(client.get::<String>(&name), Ok(Some(_)));
    let mut all = vec![crowd(OURS, Role::Ours, vec![client; THREADS], call)];
    let wires = (0..THREADS).map(|_| Wire::connect(server)).collect();
    let (request, reply) = (packed(&[b"GET", key.as_bytes()]), bulk_len(SMALL));
    all.push(crowd("raw", Role::Peer, wires, move |wire: &mut Wire| wire.call(&request, reply)));
    all.extend(peers::client::threads(server, &key));
    all
}

/// A connection is taken out of the pool and goes back.
fn checkout(server: &Server) -> Vec<Contender> {
    let client = server.client();
    let mut all = vec![ours(move || client.pool().get(None).is_ok_and(|guard| black_box(&guard).is_clean()))];
    all.extend(peers::client::checkout(server));
    all
}

fn ours(job: impl FnMut() -> bool + 'static) -> Contender {
    Contender::new(OURS, Role::Ours, job)
}

fn raw(server: &Server, request: &[u8], reply: usize) -> Contender {
    let (mut wire, request) = (Wire::connect(server), request.to_vec());
    Contender::peer("raw", move || wire.call(&request, reply))
}

const OURS: &str = "client";
