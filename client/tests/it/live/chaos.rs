//! Chaos: many threads, few connections, a network and a server that do their worst, and every reply must answer the
//! command that asked for it.
//!
//! ```text
//!  16 threads ── pool of 8 ── proxy: faults by a seeded chance ── a server of its own: killed clients, pauses,
//!                                                                 SIGSTOP, restarts (its INCR survive in the AOF)
//! ```
//!
//! What is asserted, with the time limit that each call has:
//!
//! - **0 crossed replies.** Every reply carries the tag of its request, with a checksum: see [`ask`].
//! - **0 hangs**: no call ends later than 100 ms after its limit. A thread may be runnable without running on a busy
//!   machine; the kernel counts that time for each thread, and it is not the client's.
//! - **0 panics**: one in any thread fails the test.
//! - **No INCR too many**: each counter ends between its *answered* and its *answered* plus *unknown* outcomes.
//!   *Not sent* and errors of the server's add nothing.
//! - **The pool is whole again**: all 8 connections can be had at once, a ninth cannot, and every call works.
//!
//! # What a flipped byte can do
//! A flip in a payload is invisible to any client, so the proxy flips only structure: types, lengths, line ends. Most
//! such replies are no RESP any more, or never end. One that is still a whole reply, but another one, is found here by
//! the checksum of its tag: it counts as *corrupt*, not as *crossed*, which is a reply that carries the intact tag of
//! another request. There may be no more corrupt replies than flips. For the same reason the proxy never does two
//! faults to a connection that change the number of replies: they would cancel each other out.
//!
//! `REDISY_CHAOS_SEED` repeats a run, as far as threads let it. 10 seconds each, two minutes with `--slow`.

mod ask;
mod caller;
#[cfg(feature = "tls")]
mod over_tls;
mod storm;
mod tally;

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use client::{Client, Config, Engine, Protocol};
use proxy::{Dice, Fault, Proxy, Random};

use crate::kit::{self, Private};
use caller::Caller;
use storm::Storm;
use tally::Tally;

const THREADS: usize = 16;
const CONNECTIONS: usize = 8;
/// What a call may take.
const LIMIT: Duration = Duration::from_millis(250);
/// What a call may take when there is no chaos and nothing is measured, on whatever machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the callers do, and how often a fault befalls them.
#[derive(Clone, Copy)]
struct Kind {
    name: &'static str,
    /// Commands in a call: one, or a pipeline.
    commands: usize,
    /// A fault befalls one of so many requests, or chunks of bytes: one of 250 single calls, of 40 pipelines.
    one_in: u64,
}

impl Kind {
    fn single(name: &'static str) -> Self {
        Self { name, commands: 1, one_in: 250 }
    }

    fn pipelined(name: &'static str) -> Self {
        Self { name, commands: 100, one_in: 4_000 }
    }
}

/// A server's settings with which answered writes survive a kill: they are in the file before they are answered.
const LASTING: [&str; 6] =
    ["--appendonly", "yes", "--appendfsync", "no", "--auto-aof-rewrite-percentage", "0"];

#[test]
fn single_calls() {
    survive_in_the_open(&Kind::single("single calls"), |config| config);
}

#[test]
fn pipelines_of_100() {
    survive_in_the_open(&Kind::pipelined("pipelines of 100"), |config| config);
}

#[test]
fn resp2() {
    survive_in_the_open(&Kind::single("RESP2"), |config| config.protocol(Protocol::Resp2));
}

#[test]
fn hiredis() {
    if !Engine::Hiredis.is_available() {
        println!("built without the feature hiredis: not tested");
        return;
    }
    survive_in_the_open(&Kind::single("hiredis"), |config| config.parser(Engine::Hiredis).unwrap());
}

#[test]
fn hiredis_pipelines_of_100() {
    if !Engine::Hiredis.is_available() {
        println!("built without the feature hiredis: not tested");
        return;
    }
    survive_in_the_open(&Kind::pipelined("hiredis, pipelines of 100"), |config| {
        config.parser(Engine::Hiredis).unwrap()
    });
}

/// A proxy that knows requests and replies before a server that speaks no TLS.
fn survive_in_the_open(kind: &Kind, configure: impl Fn(Config) -> Config) {
    let mut server = Private::start(&kit::newest().binary, &LASTING);
    let proxy = Proxy::start(server.port).unwrap();
    survive(kind, &mut server, &proxy, configure(proxy.url().parse().unwrap()));
}

/// Calls through the proxy to the server.
fn survive(kind: &Kind, server: &mut Private, proxy: &Proxy, config: Config) {
    let (Kind { name, commands, one_in }, seed) = (*kind, seed());
    println!("{name}: REDISY_CHAOS_SEED={seed}");
    let client = Client::new(&config.max_connections(CONNECTIONS).timeout(LIMIT)).unwrap();
    let mut callers: Vec<_> = (0..THREADS).map(|number| Caller::new(number, seed, &client)).collect();

    // Half of the delays are longer than a call may take: a late reply finds its connection in other hands, or closed.
    proxy.random(Random::new(seed).one_in(one_in).delays(LIMIT * 2));
    let mut storm = Storm::new(server, Dice::new(seed));
    let length = Duration::from_secs(if kit::slow() { 120 } else { 10 });
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        for caller in &mut callers {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    caller.call(commands);
                }
            });
        }
        // The callers stop, also if the storm itself comes to grief.
        let _over = Over(&is_over);
        storm.rage(Instant::now() + length);
    });
    proxy.calm();

    let mut tally = Tally::default();
    callers.iter().for_each(|caller| tally.add(&caller.tally));
    println!("{tally}\nproxy: {}\nserver: {storm}\npool: {:?}", proxy.counts(), client.pool_stats());
    tally.check();
    assert!(tally.corrupt.len() as u64 <= proxy.counts().of(Fault::Flip), "corrupt: {:?}", tally.corrupt);
    check_counters(&callers, &storm.client());
    check_pool(&client);
}

/// Says that it is over when it is dropped.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn seed() -> u64 {
    let given = std::env::var("REDISY_CHAOS_SEED").ok();
    given.map_or_else(|| RandomState::new().hash_one(0), |seed| seed.parse().expect("a seed is a number"))
}

/// No INCR was executed that was not sent, and none that was answered is missing.
fn check_counters(callers: &[Caller<'_>], server: &Client) {
    for counter in callers.iter().flat_map(|caller| &caller.counters) {
        let executed = server.get::<i64>(&counter.key).unwrap().map_or(0, |value| value - counter.base);
        let range = counter.answered..=counter.answered + counter.unknown;
        assert!(range.contains(&executed), "{}: {executed} executed, {range:?} expected", counter.key);
    }
}

/// The pool has lost nothing and kept nothing that is bad.
fn check_pool(client: &Client) {
    // What is behind the storm has reached the sockets, and an idle connection is looked at again.
    thread::sleep(Duration::from_millis(200));
    let patient = &client.timeout(PATIENCE);
    thread::scope(|scope| {
        for number in 0..THREADS {
            scope.spawn(move || {
                for round in 0..50 {
                    let tag = format!("after:{number}:{round}");
                    assert_eq!(patient.echo::<String>(&tag).unwrap(), tag);
                }
            });
        }
    });
    let all: Vec<_> = (0..CONNECTIONS).map(|_| patient.dedicated().unwrap()).collect();
    for own in &all {
        assert_eq!(own.ping().unwrap(), "PONG");
    }
    assert!(client.dedicated().unwrap_err().is_pool_exhausted());
    let stats = client.pool_stats();
    assert_eq!((stats.open, stats.in_use, stats.waiting), (CONNECTIONS, CONNECTIONS, 0), "{stats:?}");
    drop(all);
    let stats = client.pool_stats();
    assert_eq!((stats.open, stats.idle), (CONNECTIONS, CONNECTIONS), "{stats:?}");
}
