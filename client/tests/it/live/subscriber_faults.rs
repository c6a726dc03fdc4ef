//! Subscribers on a bad network, and with many threads at once: what is lost is told, and nothing comes twice.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use client::{Client, Config, Event, Protocol, PubSubOptions, Retry, Topic, WhenSlow};
use proxy::{Fault, Proxy, Rule};

use crate::kit::{self, Private, Subject};
use crate::scripted::{Peer, Scripted};

const PATIENCE: Duration = Duration::from_secs(20);

/// What is read of one channel.
#[derive(Default)]
struct Seen {
    last: u64,
    count: u64,
    /// So many gaps had been told then.
    gaps: u64,
}

/// Many messages on two channels and a pattern, while the connection is cut again and again.
fn storm(protocol: Protocol, options: PubSubOptions, messages: u64, cuts: u64) {
    const CHANNELS: u64 = 3;
    let server = Private::start(&kit::newest().binary, &[]);
    let proxy = Proxy::start(server.port).unwrap();
    let config: Config = proxy.url().parse().unwrap();
    let listener = Client::new(&config.protocol(protocol)).unwrap();
    let publisher = Client::open(&server.url()).unwrap();
    let mut pubsub = listener.pubsub_with(options).unwrap();
    pubsub.subscribe(["c0", "c1"]).unwrap();
    pubsub.psubscribe("c2*").unwrap();

    let done = AtomicBool::new(false);
    let (reconnects, mut gaps, mut seen) = (AtomicU64::new(0), 0, HashMap::<Vec<u8>, Seen>::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            let names: Vec<_> = (0..CHANNELS).map(|channel| format!("c{channel}")).collect();
            for (batch, begin) in (1..=messages).step_by(1_000).enumerate() {
                let end = (begin + 1_000).min(messages + 1);
                let publish = |p: &client::Pipeline| {
                    (begin..end).map(|at| p.publish(&names[(at % CHANNELS) as usize], at)).collect::<Vec<_>>()
                };
                publisher.pipeline(publish).unwrap();
                if batch as u64 % (messages / 1_000 / cuts) == 0 {
                    let before = reconnects.load(Ordering::SeqCst);
                    // Somewhere in the midst of what is on its way.
                    proxy.close_all();
                    // It must be there again, or the next cut would be of the same gap.
                    let begin = Instant::now();
                    while reconnects.load(Ordering::SeqCst) == before {
                        assert!(begin.elapsed() < PATIENCE, "it does not come back");
                        thread::sleep(Duration::from_millis(1));
                    }
                }
            }
            // Whatever was lost, this comes: again and again until it is seen.
            while !done.load(Ordering::Relaxed) {
                publisher.publish("c0", "end").unwrap();
                thread::sleep(Duration::from_millis(5));
            }
        });
        loop {
            match pubsub.next_timeout(PATIENCE).unwrap().expect("messages come") {
                Event::Message(message) if message.payload() == b"end" => break,
                Event::Message(message) => {
                    let at: u64 = message.decode().unwrap();
                    let seen = seen.entry(message.channel().to_vec()).or_default();
                    assert!(at > seen.last, "{at} came after {}", seen.last);
                    let is_next = at == seen.last + CHANNELS || seen.last == 0 && at <= CHANNELS;
                    assert!(is_next || gaps > seen.gaps, "{at} came after {}, and no gap between", seen.last);
                    *seen = Seen { last: at, count: seen.count + 1, gaps };
                }
                Event::Disconnected(error) => {
                    assert!(error.is_connection(), "{error}");
                    gaps += 1;
                }
                Event::Reconnected(_) => {
                    reconnects.fetch_add(1, Ordering::SeqCst);
                }
                other => panic!("{other:?}"),
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    let count: u64 = seen.values().map(|seen| seen.count).sum();
    println!("{count} of {messages} messages, {gaps} gaps");
    assert_eq!((gaps, reconnects.into_inner()), (cuts, cuts));
    assert!(count > messages / 2, "only {count} came");
    assert_eq!(seen.len() as u64, CHANNELS);
}

fn sizes() -> (u64, u64) {
    if kit::slow() { (1_000_000, 20) } else { (20_000, 4) }
}

#[test]
fn messages_come_once_in_order_and_each_gap_is_told() {
    let (messages, cuts) = sizes();
    storm(Protocol::Resp3, PubSubOptions::new(), messages, cuts);
}

#[test]
fn the_same_in_resp2_and_with_a_thread_of_its_own() {
    let (messages, cuts) = sizes();
    let options = PubSubOptions::new().when_slow(WhenSlow::DropOldest).buffer(1 << 30);
    storm(Protocol::Resp2, options, messages, cuts);
}

#[test]
fn ten_threads_subscribe_and_unsubscribe_while_one_reads() {
    const THREADS: usize = 10;
    let rounds = if kit::slow() { 10_000 } else { 300 };
    for when_slow in [WhenSlow::Block, WhenSlow::DropOldest] {
        let on = Subject::newest();
        let pubsub = on.client.pubsub_with(PubSubOptions::new().when_slow(when_slow)).unwrap();
        let handle = pubsub.handle();
        let heard = AtomicU64::new(0);
        thread::scope(|scope| {
            let heard = &heard;
            scope.spawn(move || {
                for event in pubsub {
                    assert!(event.unwrap().message().is_some());
                    heard.fetch_add(1, Ordering::Relaxed);
                }
            });
            let threads: Vec<_> = (0..THREADS)
                .map(|thread| {
                    let (handle, client) = (&handle, &on.client);
                    let (own, shared) = (on.key(&thread.to_string()), on.key("shared"));
                    scope.spawn(move || {
                        for _ in 0..rounds {
                            handle.subscribe([&own, &shared]).unwrap();
                            handle.psubscribe(&own).unwrap();
                            // Confirmed means that a message comes, twice.
                            assert_eq!(client.publish(&own, "x").unwrap(), 2);
                            handle.unsubscribe([&own, &shared]).unwrap();
                            handle.punsubscribe(&own).unwrap();
                            assert_eq!(client.publish(&own, "x").unwrap(), 0);
                        }
                    })
                })
                .collect();
            threads.into_iter().for_each(|thread| thread.join().unwrap());
            handle.ping().unwrap(); // behind the last message
            handle.close();
        });
        assert_eq!(heard.load(Ordering::Relaxed), 2 * (THREADS * rounds) as u64);
    }
}

#[test]
fn a_server_that_vanishes_is_noticed_in_time() {
    let on = Subject::newest();
    let proxy = Proxy::start(on.server.port).unwrap();
    let client = Client::open(&proxy.url()).unwrap();
    let limit = Duration::from_millis(400);
    for when_slow in [WhenSlow::Block, WhenSlow::DropOldest] {
        let options = PubSubOptions::new().silence(limit).when_slow(when_slow);
        let mut pubsub = client.pubsub_with(options).unwrap();
        pubsub.subscribe(on.key("c")).unwrap();
        // A server that answers is left alone, however idle.
        assert!(pubsub.next_timeout(2 * limit).unwrap().is_none());
        proxy.rule(Rule::new(Fault::StallReply).command("PING").nth(1));
        let begin = Instant::now();
        let event = pubsub.next_timeout(PATIENCE).unwrap();
        let took = begin.elapsed();
        let Some(Event::Disconnected(error)) = event else { panic!("{event:?}") };
        assert!(
            error.is_timeout() && error.to_string().starts_with("the server was silent for 400.0ms"),
            "{error}"
        );
        assert!(took < limit + Duration::from_millis(200), "{took:?}");
        assert!(matches!(pubsub.next().unwrap().unwrap(), Event::Reconnected(_)));
        proxy.calm();
        on.client.publish(on.key("c"), "x").unwrap();
        assert_eq!(pubsub.next_message().unwrap().payload(), b"x");
    }
}

#[test]
fn subscriptions_that_are_asked_for_in_a_gap_are_made_after_it() {
    let on = Subject::newest();
    let proxy = Proxy::start(on.server.port).unwrap();
    let client = Client::open(&proxy.url()).unwrap();
    let mut pubsub = client.pubsub().unwrap();
    pubsub.subscribe([on.key("kept"), on.key("left")]).unwrap();
    proxy.redirect(kit::free_port());
    proxy.close_all();
    assert!(matches!(pubsub.next().unwrap().unwrap(), Event::Disconnected(_)));
    let handle = pubsub.handle();
    thread::scope(|scope| {
        let asked = scope.spawn(|| handle.subscribe(on.key("new")));
        pubsub.unsubscribe(on.key("left")).unwrap();
        let short = client.timeout(Duration::from_millis(50)).pubsub();
        assert!(short.is_err(), "nobody is there");
        thread::sleep(Duration::from_millis(50));
        assert!(!asked.is_finished());
        proxy.redirect(on.server.port);
        asked.join().unwrap().unwrap();
    });
    assert!(matches!(pubsub.next().unwrap().unwrap(), Event::Reconnected(_)));
    let mut wanted = [on.key("kept"), on.key("new")];
    wanted.sort();
    assert_eq!(pubsub.subscribed(Topic::Channel).unwrap(), wanted);
    let counts =
        [on.key("kept"), on.key("left"), on.key("new")].map(|name| on.client.publish(name, "x").unwrap());
    assert_eq!(counts, [1, 0, 1]);
}

#[test]
fn it_gives_up_when_it_is_told_to() {
    let on = Subject::newest();
    let proxy = Proxy::start(on.server.port).unwrap();
    let client = Client::open(&proxy.url()).unwrap();
    let retry = Retry::attempts(3).pauses(Duration::from_millis(1), Duration::from_millis(5));
    let mut pubsub = client.pubsub_with(PubSubOptions::new().retry(retry)).unwrap();
    pubsub.subscribe(on.key("c")).unwrap();
    let handle = pubsub.handle();
    proxy.redirect(kit::free_port());
    proxy.close_all();
    assert!(matches!(pubsub.next().unwrap().unwrap(), Event::Disconnected(_)));
    assert!(pubsub.next().unwrap().unwrap_err().is_connection());
    assert!(pubsub.next().is_none() && pubsub.next().is_none());
    assert!(handle.subscribe("x").unwrap_err().is_connection());
}

#[test]
fn a_subscription_that_is_refused_after_a_gap_is_told() {
    let user = "--user bob on nopass +@all ~* resetchannels &news &secret".split(' ');
    let server = Private::start(&kit::newest().binary, &user.collect::<Vec<_>>());
    let admin = Client::open(&server.url()).unwrap();
    let client = Client::open(&format!("redis://bob:x@127.0.0.1:{}", server.port)).unwrap();
    let mut pubsub = client.pubsub().unwrap();
    pubsub.subscribe(["news", "secret"]).unwrap();
    // The server throws out whoever listens to what he may not hear any more.
    admin
        .run::<()>(client::Request::new("ACL SETUSER").arg("bob").arg("resetchannels").arg("&news"))
        .unwrap();
    assert!(matches!(pubsub.next().unwrap().unwrap(), Event::Disconnected(_)));
    let error = pubsub.next().unwrap().unwrap_err();
    assert_eq!(error.code(), Some("NOPERM"), "{error}");
    assert!(matches!(pubsub.next().unwrap().unwrap(), Event::Reconnected(_)));
    assert_eq!(pubsub.subscribed(Topic::Channel).unwrap(), ["news"]);
    assert_eq!(admin.publish("news", "x").unwrap(), 1);
    assert_eq!(pubsub.next_message().unwrap().payload(), b"x");
}

#[test]
fn what_nobody_had_asked_for_is_the_end_of_a_connection() {
    let server = Scripted::start(|mut peer: Peer| {
        peer.greet();
        peer.request();
        peer.say(">3\r\n+subscribe\r\n$1\r\nc\r\n:1\r\n>3\r\n+message\r\n$1\r\nc\r\n$1\r\nx\r\n>1\r\n+unknown\r\n+OK\r\n");
        peer.say(">3\r\n+message\r\n$1\r\nc\r\n$5\r\nnever\r\n");
        peer.stay_silent();
    });
    let client = Client::open(&server.url()).unwrap();
    let retry = Retry::NEVER;
    let pubsub = client.pubsub_with(PubSubOptions::new().retry(retry)).unwrap();
    pubsub.subscribe("c").unwrap();
    let said: Vec<_> = pubsub
        .map(|event| event.map_or_else(|error| error.to_string(), |event| format!("{event:?}")))
        .collect();
    let (first, rest) = said.split_first().unwrap();
    assert!(first.contains("payload: \"x\""), "{said:?}");
    assert!(
        rest.iter().all(|text| text.contains("nobody had asked for") && !text.contains("never")),
        "{said:?}"
    );
}
