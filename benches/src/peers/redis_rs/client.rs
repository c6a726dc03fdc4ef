//! redis-rs as a client: a connection alone, and out of r2d2, which sends a PING with every checkout unless told not to.

use std::hint::black_box;

use r2d2::Pool;
use redis::{Client, Cmd, Connection, ConnectionLike, FromRedisValue, cmd, pipe};

use super::NAME;
use crate::client::{CHANNEL, MESSAGES, Manner, Publisher, Server};
use crate::crowd::{THREADS, crowd};
use crate::{Contender, Role};

const POOLED: &str = "redis-rs + r2d2";
const CHECKED: &str = "redis-rs + r2d2 with PING";

pub(crate) fn get(server: &Server, key: &str) -> Vec<Contender> {
    let (mut alone, name) = (connect(server), key.to_owned());
    let mut all = vec![Contender::peer(NAME, move || gets::<String>(&mut alone, &command("GET", &name)))];
    for (name, pings) in [(POOLED, false), (CHECKED, true)] {
        let (pool, key) = (pool(server, 10, pings), key.to_owned());
        all.push(Contender::peer(name, move || pooled(&pool, &key)));
    }
    all
}

pub(crate) fn pipeline(server: &Server, keys: &[String]) -> Contender {
    let (mut connection, keys) = (connect(server), keys.to_vec());
    Contender::peer(NAME, move || {
        let mut all = pipe();
        for key in &keys {
            all.get(key);
        }
        let values: redis::RedisResult<Vec<Option<String>>> = all.query(&mut connection);
        values.is_ok_and(|values| black_box(values).len() == keys.len())
    })
}

pub(crate) fn list(server: &Server, key: &str) -> Contender {
    let (mut connection, mut command) = (connect(server), command("LRANGE", key));
    command.arg(0).arg(-1);
    Contender::peer(NAME, move || gets::<Vec<String>>(&mut connection, &command))
}

pub(crate) fn set(server: &Server, key: &str) -> Contender {
    let (mut connection, key, value) = (connect(server), key.to_owned(), crate::client::large());
    Contender::peer(NAME, move || cmd("SET").arg(&key).arg(&value).exec(&mut connection).is_ok())
}

pub(crate) fn get_large(server: &Server, key: &str) -> Contender {
    let (mut connection, command) = (connect(server), command("GET", key));
    Contender::peer(NAME, move || gets::<Vec<u8>>(&mut connection, &command))
}

pub(crate) fn messages(server: &Server, manner: Manner) -> Contender {
    let channel = format!("{CHANNEL}:redis-rs");
    let publisher = Publisher::new(server, &channel);
    // What reads borrows the connection, for as long as the race lasts.
    let mut pubsub = Box::leak(Box::new(connect(server))).as_pubsub();
    pubsub.subscribe(&channel).expect("the server confirms it");
    let mut read =
        move || pubsub.get_message().is_ok_and(|message| !black_box(message.get_payload_bytes()).is_empty());
    publisher.contender(NAME, Role::Peer, manner, move || (0..MESSAGES).all(|_| read()))
}

pub(crate) fn threads(server: &Server, key: &str) -> Vec<Contender> {
    let race = |(name, pings)| {
        let (pool, key) = (pool(server, THREADS, pings), key.to_owned());
        crowd(name, Role::Peer, vec![pool; THREADS], move |pool: &mut Pool<Client>| pooled(pool, &key))
    };
    [(POOLED, false), (CHECKED, true)].map(race).into()
}

pub(crate) fn checkout(server: &Server) -> Contender {
    let pool = pool(server, 10, false);
    Contender::peer(POOLED, move || pool.get().is_ok_and(|connection| black_box(&*connection).is_open()))
}

fn connect(server: &Server) -> Connection {
    let client = Client::open(server.url.as_str()).expect("the URL is one");
    client.get_connection().expect("the server listens")
}

/// As many connections are open from the beginning.
fn pool(server: &Server, size: usize, pings: bool) -> Pool<Client> {
    let size = u32::try_from(size).unwrap_or(u32::MAX);
    let client = Client::open(server.url.as_str()).expect("the URL is one");
    Pool::builder().max_size(size).test_on_check_out(pings).build(client).expect("the server listens")
}

fn command(name: &str, key: &str) -> Cmd {
    let mut command = cmd(name);
    command.arg(key);
    command
}

fn gets<T: FromRedisValue>(connection: &mut Connection, command: &Cmd) -> bool {
    black_box(command.query::<T>(connection)).is_ok()
}

/// A call as one writes it: packed, on a connection out of the pool.
fn pooled(pool: &Pool<Client>, key: &str) -> bool {
    let Ok(mut connection) = pool.get() else { return false };
    gets::<String>(&mut connection, &command("GET", key))
}
