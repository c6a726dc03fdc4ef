//! A queue whose workers may die: `cargo run -p client --features serde --example job_queue redis://localhost:6379`.
//!
//! Jobs are entries of a stream, workers are consumers of one group. A job is acknowledged when its worker asks for the
//! next one; if it never does, another takes the job over. So each is done at least once, and twice must do no harm.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use client::{Client, ConsumerOptions, Serde, Trim, fields};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
struct Mail {
    number: u32,
    to: String,
    subject: Option<String>,
}

/// A stream is no archive: what is behind so many jobs is forgotten, done or not.
const KEPT: usize = 100_000;

/// Who has had a job for so long is dead: longer than any job takes.
const DEAD: Duration = Duration::from_millis(250);

fn main() -> client::Result<()> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "redis://localhost:6379".into());
    let (client, stream) = (Client::open(&url)?, format!("example:jobs:{}", std::process::id()));
    let sent = run(&client, &stream)?;
    println!("sent {} mails, though a worker died; in this order: {sent:?}", sent.len());
    client.del(&stream).map(drop)
}

/// Two workers send twenty mails, one of them dies at it. The numbers of the mails, worker by worker.
pub(crate) fn run(client: &Client, stream: &str) -> client::Result<Vec<u32>> {
    for number in 0..20 {
        let mail = Mail { number, to: format!("user{number}@example.org"), subject: None };
        client.xadd_with(stream, fields(&mail), Trim::maxlen(KEPT).approximately())?;
    }
    let dies = &AtomicBool::new(true);
    thread::scope(|scope| {
        let work = |name| scope.spawn(move || Worker { client, stream, name, dies }.work());
        let workers = ["ann", "bob"].map(work);
        let sent = workers.map(|worker| worker.join().expect("no thread panics"));
        Ok(sent.into_iter().collect::<client::Result<Vec<_>>>()?.concat())
    })
}

struct Worker<'a> {
    client: &'a Client,
    stream: &'a str,
    name: &'a str,
    dies: &'a AtomicBool,
}

impl Worker<'_> {
    /// Works until there has been nothing to do for a while.
    fn work(&self) -> client::Result<Vec<u32>> {
        let options = ConsumerOptions::new().create().count(1).ack_on_next().claim(DEAD).wait(DEAD * 2);
        let mut sent = Vec::new();
        for job in self.client.consumer::<Serde<Mail>>(self.stream, "mailers", self.name, options) {
            let Serde(mail) = job?.fields;
            if mail.number == 7 && self.dies.swap(false, Ordering::Relaxed) {
                break; // it comes back no more, and the mail is still to be sent
            }
            sent.push(mail.number); // here the mail would be sent to `mail.to`
        }
        Ok(sent)
    }
}
