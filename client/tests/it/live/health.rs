//! Idle connections are asked whether anybody is still there, after a configured time and not before.

use std::time::{Duration, Instant};

use client::{Client, Config};

use crate::kit::{Private, newest};

fn pings(client: &Client) -> u64 {
    let info: String = client.run(client::Request::new("INFO").arg("commandstats")).unwrap();
    let line = info.lines().find_map(|line| line.strip_prefix("cmdstat_ping:calls="));
    line.map_or(0, |rest| rest.split(',').next().unwrap().parse().unwrap())
}

#[test]
fn a_ping_comes_after_the_idle_time_and_not_before() {
    let server = Private::start(&newest().binary, &[]);
    let config: Config = format!("{}?health_check_interval=100ms", server.url()).parse().unwrap();
    let client = Client::new(&config).unwrap();
    for _ in 0..10 {
        client.echo::<String>("x").unwrap();
    }
    assert_eq!(pings(&client), 0);
    std::thread::sleep(Duration::from_millis(150));
    client.echo::<String>("x").unwrap();
    assert_eq!(pings(&client), 1);
    let never = Client::open(&server.url()).unwrap();
    never.echo::<String>("x").unwrap();
    std::thread::sleep(Duration::from_millis(150));
    never.echo::<String>("x").unwrap();
    assert_eq!(pings(&never), 1);
}

#[test]
fn a_server_that_does_not_answer_the_ping_costs_a_second_and_never_more_than_the_call_has() {
    let server = Private::start(&newest().binary, &[]);
    let config: Config = format!("{}?health_check_interval=50ms", server.url()).parse().unwrap();
    let client = Client::new(&config).unwrap();
    client.ping().unwrap();
    std::thread::sleep(Duration::from_millis(100));
    server.signal("STOP");
    let begin = Instant::now();
    let error = client.timeout(Duration::from_millis(300)).ping().unwrap_err();
    let took = begin.elapsed();
    server.signal("CONT");
    assert!(error.is_timeout(), "{error}");
    assert!(took >= Duration::from_millis(300) && took < Duration::from_millis(350), "{took:?}");
    assert_eq!(client.pool_stats().closed.stale, 1);
    client.ping().unwrap();
}
