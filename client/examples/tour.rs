//! A tour of the client on real input: `cargo xtask demo` runs it against a private server.
//!
//! Counts the words of the text files below the current folder into a sorted set, from several threads and through
//! pipelines, and shows on the way what the client is like to use. Reads `REDIS_URL`; leaves no key behind.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use client::{Client, Request, ScanOptions, SetOptions};
use lock::LockExt;

type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

const THREADS: usize = 4;
const CALLS: usize = 10_000;

fn main() -> Result<()> {
    let url = std::env::var("REDIS_URL").unwrap_or_else(|_| "redis://localhost:6379".into());
    let client = Client::open(&url)?;
    let tour = Tour { prefix: format!("tour:{}", std::process::id()), client };
    let ended = tour.run();
    tour.clean_up()?;
    ended
}

struct Tour {
    client: Client,
    /// All keys of the tour begin so.
    prefix: String,
}

impl Tour {
    fn run(&self) -> Result<()> {
        let before = self.connected_clients()?;
        println!(
            "Redisy on {} {}\n",
            self.info("server", "server_name").unwrap_or_else(|| "Redis".into()),
            self.version()?
        );
        self.values()?;
        self.pipeline()?;
        self.words()?;
        self.scan()?;
        self.lock()?;
        self.connections(before)?;
        self.latency()
    }

    fn values(&self) -> Result<()> {
        let key = self.key("greeting");
        self.client.set(&key, "hello")?;
        let greeting: Option<String> = self.client.get(&key)?;
        let missing: Option<String> = self.client.get(self.key("nothing"))?;
        println!("set and get        {greeting:?}, and {missing:?} for a key that is not there");

        let taken =
            !self.client.set_with(&key, "servus", SetOptions::new().nx().expire(Duration::from_secs(60)))?;
        println!("set if not exists  {}", if taken { "refused, as it exists" } else { "done" });

        let error = self.client.incr(&key).unwrap_err();
        println!("an error           {error}");
        Ok(())
    }

    fn pipeline(&self) -> Result<()> {
        let (visits, hits, greeting) = self.client.pipeline(|p| {
            (
                p.incr(self.key("visits")),
                p.incrby(self.key("hits"), 10),
                p.get::<String>(self.key("greeting")),
            )
        })?;
        println!("a typed pipeline   {:?} in one round trip", (visits, hits, greeting));
        Ok(())
    }

    fn words(&self) -> Result<()> {
        let files = text_files(Path::new("."))?;
        let begin = Instant::now();
        let counted: Result<Vec<usize>> = thread::scope(|scope| {
            let share = files.len().div_ceil(THREADS).max(1);
            let threads: Vec<_> =
                files.chunks(share).map(|files| scope.spawn(|| self.count(files))).collect();
            threads.into_iter().map(|thread| thread.join().expect("no thread panics")).collect()
        });
        let total: usize = counted?.iter().sum();
        let took = begin.elapsed();
        println!("words of the tree  {total} in {} files, by {THREADS} threads in {took:.0?}", files.len());

        let most: Vec<(String, f64)> = self.client.zrange_with_scores(self.key("words"), -8, -1)?;
        let most: Vec<_> = most.iter().rev().map(|(word, count)| format!("{word} {count}")).collect();
        println!("the most frequent  {}", most.join(", "));
        Ok(())
    }

    /// Counts the words of some files, one pipeline a file.
    fn count(&self, files: &[PathBuf]) -> Result<usize> {
        let (words, mut total) = (self.key("words"), 0);
        for file in files {
            let text = fs::read_to_string(file)?;
            let mut counts = HashMap::<String, u32>::new();
            for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 3) {
                *counts.entry(word.to_lowercase()).or_default() += 1;
                total += 1;
            }
            self.client.pipeline(|p| {
                counts.iter().map(|(word, count)| p.zincrby(&words, *count, word)).collect::<Vec<_>>()
            })?;
        }
        Ok(total)
    }

    fn scan(&self) -> Result<()> {
        let pattern = self.key("*");
        let keys: client::Result<Vec<String>> =
            self.client.scan(ScanOptions::new().pattern(&pattern)).collect();
        let mut keys: Vec<_> = keys?.into_iter().map(|key| key[self.prefix.len() + 1..].to_owned()).collect();
        keys.sort();
        keys.dedup();
        println!("a scan             finds {}", keys.join(", "));
        Ok(())
    }

    fn lock(&self) -> Result<()> {
        let lock = self.client.lock(self.key("lock")).timeout(Duration::from_secs(5));
        let guard = lock.acquire()?;
        let second = lock.try_acquire()?.is_some();
        guard.release()?;
        println!("a lock             held by one, {} a second", if second { "and by" } else { "not by" });
        Ok(())
    }

    fn connections(&self, before: u64) -> Result<()> {
        let (after, stats) = (self.connected_clients()?, self.client.pool_stats());
        println!("connections        {before} at first, {after} now; the pool opened {}", stats.created);
        Ok(())
    }

    fn latency(&self) -> Result<()> {
        let key = self.key("greeting");
        let mut times = Vec::with_capacity(CALLS);
        for _ in 0..CALLS {
            let begin = Instant::now();
            self.client.get::<String>(&key)?;
            times.push(begin.elapsed());
        }
        times.sort();
        let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
        println!(
            "latency of a GET   median {:.0?}, 99% below {:.0?}, longest {:.0?} ({CALLS} calls)",
            at(0.5),
            at(0.99),
            at(1.0)
        );
        Ok(())
    }

    /// Removes the tour's keys, also after a failure.
    fn clean_up(&self) -> Result<()> {
        let pattern = self.key("*");
        for key in self.client.scan::<Vec<u8>>(ScanOptions::new().pattern(&pattern)) {
            self.client.unlink(&key?)?;
        }
        Ok(())
    }

    fn connected_clients(&self) -> Result<u64> {
        let count = self.info("clients", "connected_clients").ok_or("INFO names no number of clients")?;
        Ok(count.parse()?)
    }

    fn version(&self) -> Result<String> {
        let version = self.info("server", "valkey_version").or_else(|| self.info("server", "redis_version"));
        Ok(version.ok_or("INFO names no version")?)
    }

    /// One field of INFO.
    fn info(&self, section: &str, field: &str) -> Option<String> {
        let info: String = self.client.run(Request::new("INFO").arg(section)).ok()?;
        info.lines().find_map(|line| Some(line.strip_prefix(field)?.strip_prefix(':')?.to_owned()))
    }

    fn key(&self, name: &str) -> String {
        format!("{}:{name}", self.prefix)
    }
}

/// The Rust and Markdown files below `folder`, without what was built or is hidden.
fn text_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !name.starts_with('.') && name != "target" {
            found.extend(text_files(&path)?);
        } else if name.ends_with(".rs") || name.ends_with(".md") {
            found.push(path);
        }
    }
    Ok(found)
}
