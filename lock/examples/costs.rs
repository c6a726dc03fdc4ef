//! What the lock costs in time: `cargo run --release -p lock --example costs`, with `REDISY_URL` set.
//!
//! Everything in one run, interleaved, medians: single figures say little on a machine that others use too.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use client::{Client, Timeout};
use lock::{LockExt, Locks};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let url = std::env::var("REDISY_URL")?;
    let client = Client::open(&url)?;
    uncontended(&client)?;
    hand_offs(&client, &url)
}

/// Acquire and release, against two GETs.
fn uncontended(client: &Client) -> Result<(), Failure> {
    let lock = client.lock("costs:lock").timeout(Duration::from_secs(30));
    let (mut locked, mut got) = (Vec::new(), Vec::new());
    for round in 0..20_000 {
        let begin = Instant::now();
        lock.acquire()?.release()?;
        let middle = Instant::now();
        client.get::<String>("costs:a")?;
        client.get::<String>("costs:b")?;
        if round >= 1_000 {
            locked.push(middle - begin);
            got.push(middle.elapsed());
        }
    }
    let (locked, got) = (median(locked), median(got));
    println!("acquire + release {locked:?}, two GETs {got:?}: {:.2}", ratio(locked, got));
    Ok(())
}

/// From the release by one to the acquisition by another who waits.
fn hand_offs(client: &Client, url: &str) -> Result<(), Failure> {
    let python = std::env::var("REDIS_PY").ok();
    let (mut fair, mut signal, mut bare, mut py) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..10 {
        fair.extend(hand_off(client, true)?);
        signal.extend(hand_off(client, false)?);
        bare.extend(bare_blpop(client)?);
        if let Some(python) = &python {
            py.extend(redis_py(client, python, url)?);
        }
    }
    let bare = median(bare);
    for (what, times) in [("in line", fair), ("signal", signal), ("redis-py", py)] {
        if !times.is_empty() {
            let median = median(times);
            println!("hand-off, {what}: {median:?}, {:.2} of a bare BLPOP", ratio(median, bare));
        }
    }
    println!("hand-off, bare BLPOP: {bare:?}");
    Ok(())
}

/// So many at a time.
const ROUNDS: usize = 50;

/// Long enough that the other one waits.
const HOLD: Duration = Duration::from_millis(2);

fn hand_off(client: &Client, fair: bool) -> Result<Vec<Duration>, Failure> {
    // Two managers have nothing in common: as two processes.
    let one = Locks::new(client)?.lock("costs:hand-off").fair(fair);
    let two = Locks::new(client)?.lock("costs:hand-off").fair(fair);
    let (go, begin) = channel();
    let (sender, acquired) = channel();
    let other = thread::spawn(move || {
        for () in begin {
            let guard = two.acquire().expect("acquired");
            sender.send(Instant::now()).expect("heard");
            guard.release().expect("released");
        }
    });
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let guard = one.acquire()?;
        go.send(())?;
        thread::sleep(HOLD);
        let released = Instant::now();
        guard.release()?;
        times.push(acquired.recv()? - released);
    }
    drop(go);
    other.join().map_err(|_| "the other thread failed")?;
    Ok(times)
}

fn bare_blpop(client: &Client) -> Result<Vec<Duration>, Failure> {
    let waiter = client.clone();
    let (sender, popped) = channel();
    let other = thread::spawn(move || {
        for _ in 0..ROUNDS {
            waiter.blpop::<String, String>("costs:list", Timeout::Forever).expect("popped");
            sender.send(Instant::now()).expect("heard");
        }
    });
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        thread::sleep(HOLD);
        let pushed = Instant::now();
        client.rpush("costs:list", 1)?;
        times.push(popped.recv()? - pushed);
    }
    other.join().map_err(|_| "the other thread failed")?;
    Ok(times)
}

/// redis-py with its defaults, in a process of its own; `REDIS_PY` is a Python that has it.
fn redis_py(client: &Client, python: &str, url: &str) -> Result<Vec<Duration>, Failure> {
    let script = "
import sys, redis
lock = redis.Redis.from_url(sys.argv[1]).lock('costs:py', timeout=30)
for line in sys.stdin:
    lock.acquire()
    print('acquired', flush=True)
    lock.release()
";
    let mut child = Command::new(python)
        .args(["-c", script, url])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut orders = child.stdin.take().ok_or("no stdin")?;
    let mut answers = BufReader::new(child.stdout.take().ok_or("no stdout")?).lines();
    let lock = client.lock("costs:py");
    let mut times = Vec::new();
    for round in 0..ROUNDS / 5 {
        let guard = lock.acquire()?;
        writeln!(orders, "go")?;
        // At another moment of its pause each time.
        thread::sleep(Duration::from_millis(50 + 13 * round as u64));
        let released = Instant::now();
        guard.release()?;
        answers.next().ok_or("it has ended")??;
        times.push(released.elapsed());
    }
    drop(orders);
    child.wait()?;
    Ok(times)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}
