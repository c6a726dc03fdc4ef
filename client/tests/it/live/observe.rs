//! What an observer hears, and that names are all it hears.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use client::{Call, Client, Config, Connect, Metrics, Observe, Outcome, Retry};

use crate::kit::{Private, newest};

/// Writes everything down.
#[derive(Clone, Default)]
struct Diary(Arc<Mutex<Vec<String>>>);

impl Diary {
    fn note(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    fn lines(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl Observe for Diary {
    fn called(&self, call: &Call<'_>) {
        let Call { command, commands, attempts, error, .. } = call;
        let end = error.map_or("ok".into(), |error| format!("{:?}", error.outcome()));
        self.note(format!("{command} x{commands}, {attempts} attempts, {end}"));
        assert!(call.took > Duration::ZERO);
    }

    fn connected(&self, connect: &Connect<'_>) {
        self.note(format!("connected: {}", connect.succeeded));
    }

    fn closed(&self) {
        self.note("closed".into());
    }

    fn waited(&self, time: Duration) {
        assert!(time > Duration::ZERO);
        self.note("waited".into());
    }
}

fn client(url: &str, observer: impl Observe) -> Client {
    Client::new(&url.parse::<Config>().unwrap().observer(observer)).unwrap()
}

#[test]
fn calls_pipelines_failures_and_refusals_are_told_by_name() {
    let diary = Diary::default();
    let client = client(&newest().url(), diary.clone());
    client.set("observe:a", "secret value").unwrap();
    client.incr("observe:a").unwrap_err();
    client.pipeline(|p| (p.get::<String>("observe:a"), p.del("observe:a"))).unwrap();
    client.set_with("observe:a", "v", Duration::ZERO).unwrap_err();
    client.dedicated().unwrap().ping().unwrap();
    let told = [
        "connected: true",
        "SET x1, 1 attempts, ok",
        "INCR x1, 1 attempts, Answered",
        "pipeline x2, 1 attempts, ok",
        "SET x1, 1 attempts, NotSent",
        "PING x1, 1 attempts, ok",
    ];
    assert_eq!(diary.lines(), told);
}

#[test]
fn attempts_are_counted_also_where_the_last_one_succeeds() {
    let server = Private::start(&newest().binary, &[]);
    let diary = Diary::default();
    let client = client(&server.url(), diary.clone()).retry(Retry::attempts(3));
    let keep = client.dedicated().unwrap();
    client.ping().unwrap();
    // The server closes the other connection at a moment when the client counts it as fresh.
    keep.run::<i64>(client::Request::new("CLIENT KILL").arg("SKIPME").arg("yes").arg("TYPE").arg("normal"))
        .unwrap();
    client.ping().unwrap();
    let lines = diary.lines();
    assert_eq!(lines.iter().filter(|line| *line == "closed").count(), 1, "{lines:?}");
    let last = lines.last().unwrap();
    assert!(["PING x1, 1 attempts, ok", "PING x1, 2 attempts, ok"].contains(&last.as_str()), "{lines:?}");
    assert_eq!(client.stats().retries, u64::from(last.contains("2 attempts")));
}

#[test]
fn waiting_for_the_pool_and_a_server_that_is_gone_are_told() {
    let server = Private::start(&newest().binary, &[]);
    let diary = Diary::default();
    let config: Config = format!("{}?max_connections=1&attempts=2", server.url()).parse().unwrap();
    let client = Client::new(&config.observer(diary.clone())).unwrap();
    let own = client.dedicated().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| client.ping().unwrap());
        std::thread::sleep(Duration::from_millis(50));
        drop(own);
    });
    assert_eq!(diary.lines(), ["connected: true", "waited", "PING x1, 1 attempts, ok"]);
    drop(server);
    std::thread::sleep(Duration::from_millis(5));
    let error = client.set("k", "v").unwrap_err();
    assert_eq!((error.outcome(), error.attempts()), (Outcome::NotSent, 2));
    let told = ["closed", "connected: false", "connected: false", "SET x1, 2 attempts, NotSent"];
    assert_eq!(diary.lines(), told);
    let stats = client.stats();
    assert_eq!((stats.not_sent, stats.retries, stats.unknown, stats.answered), (1, 1, 0, 0));
}

#[test]
fn metrics_add_up_over_threads_and_clients() {
    let metrics = Metrics::new();
    let clients: Vec<_> = (0..2).map(|_| client(&newest().url(), metrics.clone())).collect();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let client = &clients[thread % 2];
            scope.spawn(move || {
                for _ in 0..100 {
                    client.echo::<String>("x").unwrap();
                }
            });
        }
    });
    let _ = clients[0].run::<String>(client::Request::new("NO.SUCH.COMMAND"));
    let read: Vec<_> =
        metrics.commands().map(|of| (of.name, of.calls, of.failed(), of.latency.count())).collect();
    assert_eq!(read, [("ECHO", 800, 0, 800), ("other", 1, 1, 1)]);
    let opened = clients.iter().map(|client| client.pool_stats().created).sum::<u64>();
    assert_eq!((metrics.connects().count(), metrics.failed_connects()), (opened, 0));
}
