//! Another process: this test binary once more, told by its environment what to be.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use client::Client;
use lock::{LockExt, LostReason, Renew};

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
        self.answers.recv_timeout(Duration::from_secs(60)).expect("the other process answers")
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
