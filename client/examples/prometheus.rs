//! Metrics as Prometheus reads them: `cargo run -p client --example prometheus redis://localhost:6379`.
//!
//! It prints one page; a server of yours would answer GET /metrics with it.

use std::fmt::Write;

use client::{Client, Config, Histogram, Metrics};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "redis://localhost:6379".into());
    let metrics = Metrics::new();
    let client = Client::new(&url.parse::<Config>()?.observer(metrics.clone()))?;

    client.set("example:prometheus", 41)?;
    client.incr("example:prometheus")?;
    client.pipeline(|p| (p.get::<i64>("example:prometheus"), p.del("example:prometheus")))?;
    let _ = client.lpush("example:prometheus", ["a"]);
    let _ = client.get::<String>("example:prometheus"); // WRONGTYPE
    client.del("example:prometheus")?;

    print!("{}", page(&client, &metrics)?);
    Ok(())
}

/// The page in Prometheus' text format.
fn page(client: &Client, metrics: &Metrics) -> Result<String, std::fmt::Error> {
    let mut page = String::new();
    writeln!(page, "# TYPE redis_commands_total counter")?;
    for of in metrics.commands() {
        writeln!(page, "redis_commands_total{{command=\"{}\"}} {}", of.name, of.commands)?;
    }
    writeln!(page, "# TYPE redis_failures_total counter")?;
    for of in metrics.commands() {
        for (outcome, count) in
            [("not_sent", of.not_sent), ("unknown", of.unknown), ("answered", of.answered)]
        {
            writeln!(page, "redis_failures_total{{command=\"{}\",outcome=\"{outcome}\"}} {count}", of.name)?;
        }
    }
    writeln!(page, "# TYPE redis_call_seconds histogram")?;
    for of in metrics.commands() {
        histogram(&mut page, "redis_call_seconds", &format!("command=\"{}\"", of.name), &of.latency)?;
    }
    writeln!(page, "# TYPE redis_pool_wait_seconds histogram")?;
    histogram(&mut page, "redis_pool_wait_seconds", "pool=\"main\"", &metrics.waits())?;
    writeln!(page, "# TYPE redis_pool_connections gauge")?;
    let pool = client.pool_stats();
    for (state, count) in [("idle", pool.idle), ("in_use", pool.in_use)] {
        writeln!(page, "redis_pool_connections{{state=\"{state}\"}} {count}")?;
    }
    Ok(page)
}

fn histogram(page: &mut String, name: &str, labels: &str, of: &Histogram) -> std::fmt::Result {
    for (bound, below) in of.cumulative() {
        writeln!(page, "{name}_bucket{{{labels},le=\"{}\"}} {below}", bound.as_secs_f64())?;
    }
    writeln!(page, "{name}_bucket{{{labels},le=\"+Inf\"}} {}", of.count())?;
    writeln!(page, "{name}_sum{{{labels}}} {}", of.sum().as_secs_f64())?;
    writeln!(page, "{name}_count{{{labels}}} {}", of.count())
}
