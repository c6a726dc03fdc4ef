//! At most so many requests of a user in a while: `cargo run -p client --example rate_limiter redis://localhost:6379`.
//!
//! Many threads, and as many programs as you like, share one counter for each user and each window of time. The script
//! counts and sets the end in one step, so that no counter is left without an end when its program dies in between.

use std::time::{Duration, Instant};

use client::{Client, Script};

/// Counts one request; answers how many there were, and in how many milliseconds the window ends.
static COUNT: Script = Script::new(
    "
    local count = redis.call('INCR', KEYS[1])
    if count == 1 then
        redis.call('PEXPIRE', KEYS[1], ARGV[1])
    end
    return {count, redis.call('PTTL', KEYS[1])}",
);

/// So many requests in so long a window.
struct RateLimiter<'c> {
    client: &'c Client,
    name: &'c str,
    most: u64,
    window: Duration,
}

impl RateLimiter<'_> {
    /// Lets a request of `user` pass, or says after what time to come back.
    fn check(&self, user: &str) -> client::Result<Result<(), Duration>> {
        let key = format!("{}:{user}", self.name);
        let (count, left): (u64, u64) =
            self.client.call_script(&COUNT, &key, self.window.as_millis() as u64)?;
        Ok(if count <= self.most { Ok(()) } else { Err(Duration::from_millis(left)) })
    }
}

fn main() -> client::Result<()> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "redis://localhost:6379".into());
    let name = format!("example:limit:{}", std::process::id());
    let (passed, took) = run(&Client::open(&url)?, &name)?;
    println!("{passed} of 40 requests passed at once, and one more after {took:.0?}");
    Ok(())
}

/// Four threads ask ten times each. How many requests passed, and when the next one did.
pub(crate) fn run(client: &Client, name: &str) -> client::Result<(usize, Duration)> {
    let limiter = RateLimiter { client, name, most: 5, window: Duration::from_millis(500) };
    let begin = Instant::now();
    let passed = std::thread::scope(|scope| {
        let ask = || -> client::Result<usize> {
            let answers: Vec<_> = (0..10).map(|_| limiter.check("ann")).collect::<client::Result<_>>()?;
            Ok(answers.iter().filter(|answer| answer.is_ok()).count())
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no thread panics"))
            .sum::<client::Result<usize>>()
    })?;
    while let Err(left) = limiter.check("ann")? {
        std::thread::sleep(left);
    }
    Ok((passed, begin.elapsed()))
}
