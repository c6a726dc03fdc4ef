//! One thread's calls: it asks, measures, judges, and keeps the accounts of its counters.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use client::{Client, Error, Outcome, Value};
use proxy::Dice;

use super::ask::{self, APART, Ask, COUNTERS, Verdict};
use super::tally::Tally;
use super::{LIMIT, PATIENCE, THREADS};

/// A caller with counters that nobody else touches.
pub(super) struct Caller<'c> {
    number: usize,
    client: &'c Client,
    dice: Dice,
    /// Requests so far.
    asked: u64,
    pub(super) counters: Vec<Counter>,
    pub(super) tally: Tally,
}

/// The accounts of one counter.
pub(super) struct Counter {
    pub(super) key: String,
    pub(super) base: i64,
    pub(super) answered: i64,
    pub(super) unknown: i64,
}

/// Counters of a caller, and keys of all callers together.
const OWN: usize = 4;
const KEYS: u64 = 200;

/// One text of so many is larger than anything that the connection receives at once.
const LARGE_ONE_IN: u64 = 60;

impl<'c> Caller<'c> {
    /// Makes a caller and its counters.
    pub(super) fn new(number: usize, seed: u64, client: &'c Client) -> Self {
        let counter = |own: usize| {
            let index = i64::try_from(own * THREADS + number).unwrap();
            let counter = Counter {
                key: format!("n:{number}:{own}"),
                base: COUNTERS + index * APART,
                answered: 0,
                unknown: 0,
            };
            client.timeout(PATIENCE).set(&counter.key, counter.base).unwrap();
            counter
        };
        let mut dice = Dice::new(seed ^ (number as u64 + 1));
        dice.roll();
        let counters = (0..OWN).map(counter).collect();
        Self { number, client, dice, asked: 0, counters, tally: Tally::default() }
    }

    /// Makes a call of so many commands.
    pub(super) fn call(&mut self, commands: usize) {
        // A pipeline that only reads is tried again by itself.
        let reads = commands > 1 && self.dice.below(4) == 0;
        let asks: Vec<_> = (0..commands).map(|_| self.next(commands > 1, reads)).collect();
        let waited = runnable();
        let begin = Instant::now();
        let answers = self.ask(&asks);
        let took = begin.elapsed();
        // What the thread waited for a processor is the machine's fault.
        let own = took.saturating_sub(runnable().saturating_sub(waited));
        self.tally.calls += 1;
        self.tally.commands += asks.len() as u64;
        self.tally.took(took, own, LIMIT, || asks[0].request().name().to_owned());
        match answers {
            Ok(answers) => {
                asks.iter().zip(answers).for_each(|(ask, answer)| self.judge(ask, answer));
            }
            Err(error) => {
                self.tally.failed(&error);
                asks.iter().for_each(|ask| self.settle(ask, error.outcome()));
            }
        }
    }

    /// The replies to all, or why there are none.
    fn ask(&self, asks: &[Ask]) -> Result<Vec<Result<Value, Error>>, Error> {
        match asks {
            [one] => match self.client.run(one.request()) {
                Err(error) if error.outcome() != Outcome::Answered => Err(error),
                answer => Ok(vec![answer]),
            },
            many => self.client.pipeline(|pipeline| {
                many.iter().map(|ask| pipeline.run::<Value>(ask.request()).caught()).collect::<Vec<_>>()
            }),
        }
    }

    fn next(&mut self, is_pipelined: bool, reads: bool) -> Ask {
        self.asked += 1;
        let key = |dice: &mut Dice| format!("k:{}", dice.below(KEYS));
        match self.dice.below(if reads { 6 } else { 10 }) {
            0..4 => {
                let is_large = !is_pipelined && self.dice.below(LARGE_ONE_IN) == 0;
                let length = if is_large { 200_000 } else { 30 + self.dice.below(200) };
                Ask::Echo(ask::tag(&format!("t:{}:{}", self.number, self.asked), length as usize))
            }
            4..6 => Ask::Get(key(&mut self.dice)),
            6 => Ask::Set(key(&mut self.dice)),
            _ => {
                let counter = self.dice.below(OWN as u64) as usize;
                let Counter { key, base, answered, .. } = &self.counters[counter];
                Ask::Incr { counter, key: key.clone(), least: base + answered + 1 }
            }
        }
    }

    fn judge(&mut self, ask: &Ask, answer: Result<Value, Error>) {
        let value = match answer {
            Ok(Value::Error(error)) => return self.tally.refused(error.code()),
            Ok(value) => value,
            Err(error) => match error.code() {
                Some(code) => return self.tally.refused(code),
                None => panic!("{error}: a value takes whatever comes"),
            },
        };
        let verdict = ask.judge(&value);
        self.settle(ask, if verdict == Verdict::Right { Outcome::Answered } else { Outcome::Unknown });
        match verdict {
            Verdict::Right => self.tally.answered += 1,
            Verdict::Crossed => self.tally.crossed.push(told(ask, &value)),
            Verdict::Corrupt => self.tally.corrupt.push(told(ask, &value)),
        }
    }

    /// Keeps the accounts.
    fn settle(&mut self, ask: &Ask, outcome: Outcome) {
        let Ask::Incr { counter, .. } = ask else { return };
        match outcome {
            Outcome::Answered => self.counters[*counter].answered += 1,
            Outcome::Unknown => self.counters[*counter].unknown += 1,
            Outcome::NotSent => {}
        }
    }
}

fn told(ask: &Ask, value: &Value) -> String {
    let short = |text: String| text.chars().take(120).collect::<String>();
    format!("{} got {}", short(format!("{ask:?}")), short(format!("{value:?}")))
}

/// How long this thread has been runnable without running, so far. Where the kernel does not say so: not at all.
fn runnable() -> Duration {
    thread_local!(static FILE: Option<File> = File::open("/proc/thread-self/schedstat").ok());
    let mut text = [0; 64];
    let count = FILE.with(|file| file.as_ref().and_then(|file| file.read_at(&mut text, 0).ok())).unwrap_or(0);
    let nanos =
        String::from_utf8_lossy(&text[..count]).split(' ').nth(1).and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.unwrap_or(0))
}
