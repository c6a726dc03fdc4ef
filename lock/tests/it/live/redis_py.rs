//! A real redis-py beside us: both exclude each other.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use lock::{LockExt, NotOwned};

use crate::kit;

/// The version that the facts about redis-py's lock were read from.
const VERSION: &str = "8.0.0";

/// Python's side: each line is an expression, answered by its value or the name of its exception.
const SCRIPT: &str = "
import sys, redis
client = redis.Redis(port=int(sys.argv[1]))
name = sys.argv[2]
lock = client.lock(name, timeout=20, sleep=0.01)
for line in sys.stdin:
    try:
        print(repr(eval(line)), flush=True)
    except Exception as error:
        print(type(error).__name__, flush=True)
";

struct Python {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Python {
    /// A Python that has redis-py; `None` if there is none to be had, which is said by name.
    fn start(port: u16, name: &str) -> Option<Self> {
        let python = match install() {
            Ok(python) => python,
            Err(why) => {
                let note = format!("redis-py {VERSION} cannot be had ({why}): not tested beside it");
                println!("{note}");
                if let Some(path) = std::env::var_os("REDISY_TEST_NOTES") {
                    let mut notes = OpenOptions::new().append(true).create(true).open(path).unwrap();
                    notes.write_all(format!("{note}\n").as_bytes()).unwrap();
                }
                return None;
            }
        };
        let mut child = Command::new(python)
            .args(["-c", SCRIPT, &port.to_string(), name])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (orders, answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Some(Self { child, orders, answers })
    }

    fn tell(&mut self, expression: &str) {
        writeln!(self.orders, "{expression}").unwrap();
    }

    fn hear(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    #[track_caller]
    fn check(&mut self, expression: &str, expected: &str) {
        self.tell(expression);
        assert_eq!(self.hear(), expected, "{expression}");
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The Python of a virtual environment with redis-py, made if there is none yet.
fn install() -> Result<PathBuf, String> {
    let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("redis-py-{VERSION}"));
    let python = home.join("bin/python");
    let is_there = || run(Command::new(&python).args(["-c", "import redis.lock"]));
    if is_there().is_ok() {
        return Ok(python);
    }
    // Each makes its own, and the first one to be ready wins: two tests may be here at the same time.
    let own = home.with_extension(std::process::id().to_string());
    run(Command::new("python3").args(["-m", "venv"]).arg(&own))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
    run(Command::new(own.join("bin/python")).args(pip).arg(format!("redis=={VERSION}")))?;
    if std::fs::rename(&own, &home).is_err() {
        let _ = std::fs::remove_dir_all(&own);
    }
    is_there().map(|()| python)
}

fn run(command: &mut Command) -> Result<(), String> {
    let output =
        command.output().map_err(|error| format!("{}: {error}", command.get_program().to_string_lossy()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    match output.status.success() {
        true => Ok(()),
        false => Err(said.lines().last().unwrap_or("it failed without a word").to_owned()),
    }
}

fn each(test: impl Fn(&kit::Server, &client::Client, &str, Python)) {
    for server in kit::servers() {
        let client = client::Client::open(&server.url()).unwrap();
        let name = format!("py:{}", std::process::id());
        let Some(python) = Python::start(server.port, &name) else { return };
        client.del(&name).unwrap();
        test(&server, &client, &name, python);
    }
}

#[test]
fn what_one_holds_the_other_does_not_get() {
    each(|_, client, name, mut python| {
        let lock = client.lock(name).timeout(Duration::from_secs(20)).sleep(Duration::from_millis(10));
        let guard = lock.acquire().unwrap();
        python.check("lock.acquire(blocking=False)", "False");
        python.check("lock.locked()", "True");
        python.check("lock.owned()", "False");
        guard.release().unwrap();

        python.check("lock.acquire(blocking=False)", "True");
        assert!(lock.try_acquire().unwrap().is_none());
        assert!(lock.locked().unwrap());
        let owner = lock.owner().unwrap().unwrap();
        assert!(
            owner.ttl.unwrap() > Duration::from_secs(19) && owner.ttl.unwrap() <= Duration::from_secs(20)
        );
        python.check("lock.release()", "None");
        lock.try_acquire().unwrap().unwrap().release().unwrap();
    });
}

#[test]
fn each_waits_for_the_other() {
    each(|_, client, name, mut python| {
        let lock = client.lock(name).timeout(Duration::from_secs(20)).sleep(Duration::from_millis(10));
        let guard = lock.acquire().unwrap();
        python.tell("lock.acquire(blocking_timeout=10)");
        thread::sleep(Duration::from_millis(100));
        guard.release().unwrap();
        assert_eq!(python.hear(), "True");

        let waiting = {
            let lock = lock.clone();
            thread::spawn(move || lock.acquire_for(Duration::from_secs(10)))
        };
        thread::sleep(Duration::from_millis(100));
        python.check("lock.release()", "None");
        let released = Instant::now();
        let guard = waiting.join().unwrap().unwrap().expect("ours now");
        assert!(released.elapsed() < Duration::from_millis(500), "{:?}", released.elapsed());
        guard.release().unwrap();
    });
}

#[test]
fn either_takes_over_the_others_token() {
    each(|_, client, name, mut python| {
        // Same key, same value rule: redis-py extends and releases what we hold, if it is given our token.
        let guard = client.lock(name).timeout(Duration::from_secs(5)).acquire().unwrap();
        let token = String::from_utf8(guard.token().as_bytes().to_vec()).unwrap();
        python.check(&format!("setattr(lock.local, 'token', b'{token}')"), "None");
        python.check("lock.owned()", "True");
        python.check("lock.extend(30)", "True");
        assert!(client.lock(name).owner().unwrap().unwrap().ttl.unwrap() > Duration::from_secs(30));
        python.check("lock.reacquire()", "True");
        python.check("lock.release()", "None");
        let failed = guard.release().unwrap_err();
        assert!(matches!(failed.error(), lock::LockError::NotOwned { why: NotOwned::Gone, .. }));

        python.check("lock.acquire()", "True");
        python.tell("lock.local.token.decode()");
        let token = python.hear().trim_matches('\'').to_owned();
        let guard = client.lock(name).adopt(token.as_str().into()).unwrap();
        assert!(guard.owned().unwrap());
        guard.release().unwrap();
        python.check("lock.release()", "LockNotOwnedError");
    });
}

#[test]
fn together_they_count_to_the_end() {
    each(|server, client, name, mut python| {
        let counter = format!("{name}:counter");
        client.set(&counter, 0).unwrap();
        let rounds = 100;
        python.tell(&format!(
            "[[lock.acquire(), client.set('{counter}', int(client.get('{counter}')) + 1), lock.release()] for _ in range({rounds})] and 'done'"
        ));
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let lock =
                        client.lock(name).timeout(Duration::from_secs(20)).sleep(Duration::from_millis(2));
                    for _ in 0..rounds {
                        let guard = lock.acquire().unwrap();
                        let count: i64 = client.get(&counter).unwrap().unwrap();
                        client.set(&counter, count + 1).unwrap();
                        guard.release().unwrap();
                    }
                });
            }
        });
        assert_eq!(python.hear(), "'done'");
        assert_eq!(client.get::<i64>(&counter).unwrap(), Some(3 * rounds), "{}", server.name);
    });
}
