//! Another process: this test binary once more, told by its environment what to be.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use client::{Client, Retry};
use lock::{Lock, LockError, LockExt, Locks, LostReason, Renew, Wait};

/// Another process that holds a lock and does what it is told.
pub(crate) struct Other {
    child: Child,
    orders: ChildStdin,
    answers: Receiver<String>,
}

impl Other {
    /// A process that holds the lock for so long at a time, and renews it if `renew` is set.
    pub(crate) fn holding(url: &str, name: &str, timeout: Duration, renew: bool) -> Self {
        let mut other = Self::start(
            "hold",
            &[url, name, &timeout.as_millis().to_string(), if renew { "yes" } else { "no" }],
        );
        assert!(other.hear().starts_with("held "));
        other
    }

    /// Processes that count together; see [`count`]. They are ready, and go when they are told to.
    pub(crate) fn counting(how_many: usize, words: &[&str]) -> Vec<Self> {
        let mut others: Vec<_> = (0..how_many).map(|_| Self::start("count", words)).collect();
        others.iter_mut().for_each(|other| assert_eq!(other.hear(), "ready"));
        others
    }

    /// A process of that role.
    pub(crate) fn start(role: &str, words: &[&str]) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "child::child", "--nocapture", "--test-threads=1"])
            .env(ROLE, [&[role], words].concat().join("|"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, answers) = channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                // The test harness says things of its own, on the same line too.
                if let Some((_, said)) = line.split_once(MARK) {
                    let _ = sender.send(said.to_owned());
                }
            }
        });
        let orders = child.stdin.take().unwrap();
        Self { child, orders, answers }
    }

    /// Tells it to do something, and returns its answer.
    pub(crate) fn ask(&mut self, order: &str) -> String {
        self.tell(order);
        self.hear()
    }

    pub(crate) fn tell(&mut self, order: &str) {
        writeln!(self.orders, "{order}").unwrap();
    }

    pub(crate) fn hear(&mut self) -> String {
        let limit = Duration::from_secs(if crate::kit::slow() { 600 } else { 60 });
        self.answers.recv_timeout(limit).expect("the other process answers")
    }

    /// Sends it a signal, such as `STOP`.
    pub(crate) fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success(), "{kill}");
    }

    /// Waits for its end; whether it ended well.
    pub(crate) fn wait(mut self) -> bool {
        self.child.wait().unwrap().success()
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const ROLE: &str = "REDISY_LOCK_CHILD";
const MARK: &str = "child says: ";

#[test]
#[ignore = "it is the other process of other tests"]
fn child() {
    let role = std::env::var(ROLE).expect("it is started by other tests");
    let words: Vec<_> = role.split('|').collect();
    match words[..] {
        ["hold", url, name, millis, renew] => hold(url, name, millis.parse().unwrap(), renew == "yes"),
        ["count", url, name, style, rounds, file] => count(url, name, style, rounds.parse().unwrap(), file),
        ["permit", url, name] => permit(url, name),
        ["wait", url, name] => wait(url, name),
        ["write", url, name] => write(url, name),
        _ => panic!("unknown role {role}"),
    }
}

fn say(what: impl std::fmt::Display) {
    println!("{MARK}{what}");
    std::io::stdout().flush().unwrap();
}

/// Holds a lock, and answers each line with what came of it.
fn hold(url: &str, name: &str, millis: u64, renew: bool) {
    let client = Client::open(url).unwrap();
    let lock = client.lock(name).timeout(Duration::from_millis(millis)).fenced(true);
    let lock = if renew { lock.auto_renew(Renew::On) } else { lock };
    let guard = lock.acquire().unwrap();
    say(format_args!("held {}", guard.fence().unwrap()));
    let mut guard = Some(guard);
    let reason =
        |reason: Option<LostReason>| reason.map_or_else(|| "none".to_owned(), |reason| format!("{reason:?}"));
    for line in std::io::stdin().lock().lines() {
        let held = guard.as_ref().unwrap();
        match line.unwrap().as_str() {
            "valid" => say(held.is_valid()),
            "check" => say(reason(held.check().err().map(|lost| lost.reason))),
            "extend" => say(held.extend(Duration::from_secs(1)).map_or_else(|e| e.is_not_owned(), |_| false)),
            "ensure" => {
                say(held.ensure(Duration::from_millis(1)).map_or_else(|e| e.is_not_owned(), |()| false));
            }
            "release" => {
                say(guard.take().unwrap().release().map_or_else(|e| e.error().is_not_owned(), |()| false));
            }
            "panic" => panic!("as told"),
            other => panic!("unknown order {other}"),
        }
        if guard.is_none() {
            return;
        }
    }
}

/// The styles of waiting that there are.
pub(crate) const STYLES: [&str; 3] = ["fair", "signal", "poll"];

/// A lock that is waited for in one of the [`STYLES`].
pub(crate) fn styled(lock: Lock, style: &str) -> Lock {
    match style {
        "fair" => lock,
        "signal" => lock.fair(false),
        "poll" => lock.wait(Wait::Poll),
        _ => panic!("unknown style {style}"),
    }
}

/// Counts up what nothing but the lock protects: a key and a file, each read and written in two steps. Leaves its number
/// in a list each time, in the order of the acquisitions; says the longest wait and the longest hold in milliseconds.
fn count(url: &str, name: &str, style: &str, rounds: u32, file: &str) {
    let client = Client::open(url).unwrap();
    let lock = client.lock(name).timeout(Duration::from_secs(20)).sleep(Duration::from_millis(20));
    let lock = styled(lock, style);
    let (key, log) = (format!("{name}:counter"), format!("{name}:log"));
    client.lock(format!("{name}:{}", std::process::id())).with(|_| client.get::<i64>(&key)).unwrap().unwrap();
    say("ready");
    std::io::stdin().lines().next().unwrap().unwrap();
    let (mut worst, mut longest) = (Duration::ZERO, Duration::ZERO);
    for round in 0..rounds {
        let begin = Instant::now();
        let guard = lock.acquire().unwrap();
        let acquired = Instant::now();
        worst = worst.max(acquired - begin);
        let seen: i64 = client.get(&key).unwrap().unwrap();
        let written: i64 = std::fs::read_to_string(file).unwrap().parse().unwrap();
        // From 0 to 5 ms, each another time.
        let hold = (u64::from(std::process::id()) * 31 + u64::from(round) * 17) % 5_000;
        thread::sleep(Duration::from_micros(hold));
        client.set(&key, seen + 1).unwrap();
        std::fs::write(file, (written + 1).to_string()).unwrap();
        client.rpush(&log, std::process::id()).unwrap();
        assert!(guard.is_valid());
        longest = longest.max(acquired.elapsed());
        guard.release().unwrap();
    }
    say(format_args!("{} {}", worst.as_millis(), longest.as_millis()));
}

/// Holds one of two permits until it is killed.
fn permit(url: &str, name: &str) {
    let locks = Locks::new(&Client::open(url).unwrap()).unwrap();
    let semaphore = locks.semaphore(name, 2).timeout(Duration::from_millis(900)).auto_renew(Renew::On);
    let _permit = semaphore.acquire().unwrap();
    say("held");
    thread::sleep(Duration::from_secs(60));
}

/// Waits for a lock without end.
fn wait(url: &str, name: &str) {
    let client = Client::open(url).unwrap();
    say("waiting");
    client.lock(name).acquire().unwrap().release().unwrap();
    say("done");
}

/// Writes under the lock until it is told to end. Each write leaves the fence in a log; those of which the holder knows
/// afterwards that he still held the lock, he confirms.
fn write(url: &str, name: &str) {
    let client = Client::open(url).unwrap();
    let lock = client.lock(name).timeout(Duration::from_millis(400)).auto_renew(Renew::On).fenced(true);
    let lock = lock.sleep(Duration::from_millis(20));
    say("ready");
    let is_over = Arc::new(AtomicBool::new(false));
    let over = Arc::clone(&is_over);
    thread::spawn(move || {
        let _ = std::io::stdin().lines().next();
        over.store(true, SeqCst);
    });
    while !is_over.load(SeqCst) {
        // Whatever goes wrong meanwhile, goes wrong: it is the order of the writes that counts.
        let Ok(guard) =
            lock.acquire_for(Duration::from_secs(5)).and_then(|guard| guard.ok_or(LockError::Closed))
        else {
            continue;
        };
        let fence = guard.fence().unwrap();
        for step in 0..3 {
            let write = format!("{fence}:{step}");
            let written = client.retry(Retry::NEVER).rpush(format!("{name}:log"), &write).is_ok();
            if written && guard.is_valid() {
                let _ = client.sadd(format!("{name}:confirmed"), &write);
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
    say("done");
}
