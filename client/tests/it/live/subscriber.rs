//! Subscribers against real servers: what they hear, who may subscribe, and how they end.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use client::{
    Canceller, Client, Config, Event, Message, Protocol, PubSub, PubSubOptions, Request, Timeout, Topic,
    WhenSlow,
};

use super::fork::forked;
use crate::kit::{self, Private, Subject};

/// No wait of a test is longer: what comes later does not come.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(30);

#[track_caller]
fn next(pubsub: &mut PubSub) -> Event {
    pubsub.next_timeout(PATIENCE).unwrap().expect("something comes")
}

#[track_caller]
fn message(pubsub: &mut PubSub) -> Message {
    next(pubsub).into_message().expect("it is a message")
}

#[track_caller]
fn nothing(pubsub: &mut PubSub) {
    assert!(pubsub.next_timeout(PAUSE).unwrap().is_none());
}

#[test]
fn channels_and_patterns() {
    kit::each(|on| {
        let (client, channel, pattern) = (&on.client, on.key("c"), on.key("p*"));
        let mut pubsub = client.pubsub().unwrap();
        pubsub.subscribe([channel.as_bytes(), b"\xff\0\r\n"]).unwrap();
        pubsub.psubscribe(&pattern).unwrap();
        // What is confirmed is there at once.
        assert_eq!(client.publish(&channel, b"\0\xff\r\n").unwrap(), 1);
        client.publish(on.key("p1"), 42).unwrap();
        client.publish(b"\xff\0\r\n", "").unwrap();

        let one = message(&mut pubsub);
        assert_eq!(
            (one.topic(), one.channel(), one.payload()),
            (Topic::Channel, channel.as_bytes(), &b"\0\xff\r\n"[..])
        );
        assert_eq!((one.pattern(), one.channel_name().into_owned()), (None, channel.clone()));
        assert!(one.decode::<&str>().unwrap_err().is_decode());
        let two = message(&mut pubsub);
        assert_eq!((two.topic(), two.pattern()), (Topic::Pattern, Some(pattern.as_bytes())));
        assert_eq!((two.channel(), two.decode::<i64>().unwrap()), (on.key("p1").as_bytes(), 42));
        let three = message(&mut pubsub);
        assert_eq!((three.channel(), three.payload()), (&b"\xff\0\r\n"[..], &b""[..]));

        assert_eq!(pubsub.subscribed(Topic::Pattern).unwrap(), [pattern.as_str()]);
        pubsub.unsubscribe(&channel).unwrap();
        assert_eq!(client.publish(&channel, "x").unwrap(), 0);
        pubsub.unsubscribe(()).unwrap();
        pubsub.punsubscribe(()).unwrap();
        pubsub.punsubscribe(()).unwrap();
        pubsub.unsubscribe("never subscribed to").unwrap();
        assert_eq!(client.pubsub_numsub::<String>(&channel).unwrap(), [(channel.clone(), 0)]);
        assert!(pubsub.subscribed(Topic::Channel).unwrap().is_empty());
        nothing(&mut pubsub);
        // And again, after there was nothing.
        pubsub.subscribe(&channel).unwrap();
        client.publish(&channel, "again").unwrap();
        assert_eq!(message(&mut pubsub).payload(), b"again");
    });
}

#[test]
fn shard_channels() {
    kit::each(|on| {
        if !on.has("SSUBSCRIBE", (7, 0), (7, 0)) {
            return;
        }
        let (client, channel) = (&on.client, on.key("s"));
        let mut pubsub = client.pubsub().unwrap();
        pubsub.ssubscribe(&channel).unwrap();
        assert_eq!(client.spublish(&channel, "x").unwrap(), 1);
        let one = message(&mut pubsub);
        assert_eq!(
            (one.topic(), one.channel(), one.payload()),
            (Topic::Shard, channel.as_bytes(), &b"x"[..])
        );
        pubsub.sunsubscribe(&channel).unwrap();
        assert_eq!(client.spublish(&channel, "x").unwrap(), 0);
        nothing(&mut pubsub);
    });
}

#[test]
fn confirmations_are_events_for_who_wants_them() {
    kit::each(|on| {
        let channel = on.key("c");
        let mut pubsub = on.client.pubsub_with(PubSubOptions::new().with_confirmations()).unwrap();
        pubsub.subscribe(&channel).unwrap();
        pubsub.unsubscribe(&channel).unwrap();
        for (subscribed, count) in [(true, 1), (false, 0)] {
            let Event::Confirmed(confirmed) = next(&mut pubsub) else { panic!("no confirmation") };
            assert_eq!((confirmed.subscribed, confirmed.topic), (subscribed, Topic::Channel));
            assert_eq!((confirmed.name, confirmed.count), (channel.clone().into(), count));
        }
    });
}

#[test]
fn every_wait_ends_in_time() {
    kit::each(|on| {
        let mut pubsub = on.client.pubsub().unwrap();
        pubsub.subscribe(on.key("c")).unwrap();
        assert!(pubsub.try_next().unwrap().is_none());
        let begin = Instant::now();
        nothing(&mut pubsub);
        assert!(pubsub.next_deadline(begin + 2 * PAUSE).unwrap().is_none());
        assert!(begin.elapsed() >= 2 * PAUSE && begin.elapsed() < 2 * PAUSE + Duration::from_millis(200));
        on.client.publish(on.key("c"), "x").unwrap();
        let come = std::iter::repeat_with(|| pubsub.try_next().unwrap()).find_map(|event| event);
        assert_eq!(come.unwrap().message().unwrap().payload(), b"x");
    });
}

#[test]
fn a_payload_shares_the_memory_it_was_received_in() {
    let on = Subject::newest();
    let mut pubsub = on.client.pubsub().unwrap();
    pubsub.subscribe(on.key("c")).unwrap();
    let large = vec![b'x'; 1 << 20];
    on.client.publish(on.key("c"), &large).unwrap();
    let message = message(&mut pubsub);
    let (shared, lent) = (message.payload_bytes(), message.payload().as_ptr());
    assert!(shared == large && shared.as_ptr() == lent);
    assert_eq!(message.decode::<&[u8]>().unwrap().as_ptr(), lent);
    assert_eq!(message.decode::<client::Bytes>().unwrap().as_ptr(), lent);
}

#[test]
fn others_subscribe_while_one_reads() {
    kit::each(|on| {
        let mut pubsub = on.client.pubsub().unwrap();
        let handle = pubsub.handle();
        let reading = thread::spawn(move || {
            let payloads: Vec<_> = (0..3).map(|_| message(&mut pubsub).payload_bytes()).collect();
            (pubsub, payloads)
        });
        thread::sleep(PAUSE);
        for number in 0..3 {
            let channel = on.key(&number.to_string());
            handle.subscribe(&channel).unwrap();
            assert_eq!(on.client.publish(&channel, number).unwrap(), 1);
            handle.unsubscribe(&channel).unwrap();
        }
        let (pubsub, payloads) = reading.join().unwrap();
        assert_eq!(payloads, ["0", "1", "2"]);
        drop(pubsub);
        assert!(handle.subscribe("x").unwrap_err().is_closed());
    });
}

#[test]
fn handlers_take_messages_and_the_reader_the_rest() {
    kit::each(|on| {
        let (seen, sink) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
        let mut pubsub = on.client.pubsub().unwrap();
        let log = Arc::clone(&seen);
        pubsub
            .subscribe_with(on.key("h"), move |message| log.lock().unwrap().push(message.payload_bytes()))
            .unwrap();
        let count = Arc::clone(&sink);
        pubsub
            .psubscribe_with(on.key("h*"), move |_| {
                count.fetch_add(1, Ordering::Relaxed);
            })
            .unwrap();
        pubsub.subscribe(on.key("plain")).unwrap();
        for payload in ["a", "b"] {
            on.client.publish(on.key("h"), payload).unwrap();
        }
        on.client.publish(on.key("plain"), "c").unwrap();
        assert_eq!(message(&mut pubsub).payload(), b"c");
        assert_eq!(*seen.lock().unwrap(), ["a", "b"]);
        assert_eq!(sink.load(Ordering::Relaxed), 2);
        // A message that came before its channel was unsubscribed from has its handler still.
        on.client.publish(on.key("h"), "late").unwrap();
        pubsub.unsubscribe(on.key("h")).unwrap();
        pubsub.punsubscribe(()).unwrap();
        nothing(&mut pubsub);
        assert_eq!(seen.lock().unwrap().last().unwrap(), "late");
        // Subscribed to without a handler, it has none.
        pubsub.subscribe(on.key("h")).unwrap();
        on.client.publish(on.key("h"), "d").unwrap();
        assert_eq!(message(&mut pubsub).payload(), b"d");
    });
}

#[test]
fn a_thread_reads_for_handlers_until_it_is_stopped() {
    kit::each(|on| {
        let bare = on.client.pubsub().unwrap();
        bare.subscribe(on.key("c")).unwrap();
        assert!(bare.run_in_thread(drop).unwrap_err().is_usage());

        let (sender, seen) = mpsc::channel();
        let (rest_sender, rest) = mpsc::channel();
        let pubsub = on.client.pubsub().unwrap();
        let sink = sender.clone();
        pubsub
            .subscribe_with(on.key("c"), move |message| {
                assert!(message.payload() != b"panic", "the test wants it");
                sink.send(message.payload_bytes()).unwrap();
            })
            .unwrap();
        let thread = pubsub.run_in_thread(move |event| drop(rest_sender.send(event))).unwrap();
        for payload in ["a", "panic", "b"] {
            on.client.publish(on.key("c"), payload).unwrap();
        }
        thread.handle().subscribe(on.key("later")).unwrap();
        on.client.publish(on.key("later"), "for nobody").unwrap();
        assert_eq!(rest.recv_timeout(PATIENCE).unwrap().unwrap().message().unwrap().payload(), b"for nobody");
        assert_eq!((seen.recv().unwrap(), seen.recv().unwrap()), ("a".into(), "b".into()));
        assert_eq!((thread.panics(), thread.is_finished()), (1, false));
        let handle = thread.handle().clone();
        thread.stop().unwrap();
        assert!(handle.ping().unwrap_err().is_closed());
        let count: Vec<(String, i64)> = on.client.pubsub_numsub(on.key("c")).unwrap();
        let begin = Instant::now();
        // The server notices the end when it looks at the socket.
        while on.client.pubsub_numsub::<String>(on.key("c")).unwrap()[0].1 > 0 {
            assert!(begin.elapsed() < PATIENCE, "{count:?}");
        }
    });
}

#[test]
fn a_handler_can_stop_its_own_thread() {
    let on = Subject::newest();
    let pubsub = on.client.pubsub().unwrap();
    let place = Arc::new(Mutex::new(None::<client::PubSubThread>));
    let own = Arc::clone(&place);
    let (sender, done) = mpsc::channel();
    pubsub
        .subscribe_with(on.key("stop"), move |_| {
            let thread = own.lock().unwrap().take();
            thread.unwrap().stop().unwrap();
            sender.send(()).unwrap();
        })
        .unwrap();
    let mut taken = place.lock().unwrap();
    *taken = Some(pubsub.run_in_thread(drop).unwrap());
    drop(taken);
    on.client.publish(on.key("stop"), "").unwrap();
    done.recv_timeout(PATIENCE).unwrap();
}

#[test]
fn commands_run_beside_subscriptions_in_resp3() {
    kit::each(|on| {
        let (channel, key) = (on.key("c"), on.key("k"));
        let mut pubsub = on.client.pubsub().unwrap();
        pubsub.ping().unwrap();
        pubsub.subscribe(&channel).unwrap();
        pubsub.ping().unwrap();
        let beside = pubsub.commands();
        if on.protocol == Protocol::Resp2 {
            let error = beside.set(&key, 1).unwrap_err().to_string();
            assert!(error.starts_with("SET: cannot run beside subscriptions in RESP2"), "{error}");
            return;
        }
        on.client.publish(&channel, "before").unwrap();
        beside.set(&key, 1).unwrap();
        assert_eq!(beside.get::<i64>(&key).unwrap(), Some(1));
        assert_eq!(beside.publish(&channel, "own").unwrap(), 1);
        assert_eq!(beside.lpush(&key, 1).unwrap_err().code(), Some("WRONGTYPE"));
        assert_eq!(message(&mut pubsub).payload(), b"before");
        assert_eq!(message(&mut pubsub).payload(), b"own");
        for error in [
            beside.run::<()>(Request::new("SUBSCRIBE").arg("x")).unwrap_err(),
            beside.run::<()>(Request::new("RESET")).unwrap_err(),
            beside.blpop::<String, String>(&key, Timeout::Forever).unwrap_err(),
        ] {
            assert!(error.is_usage(), "{error}");
        }
    });
}

#[test]
fn it_is_closed_from_another_thread() {
    kit::each(|on| {
        let mut pubsub = on.client.pubsub().unwrap();
        pubsub.subscribe(on.key("c")).unwrap();
        on.client.publish(on.key("c"), "read before the end").unwrap();
        let handle = pubsub.handle();
        handle.ping().unwrap(); // behind the message
        let reading = thread::spawn(move || {
            let first = pubsub.next().unwrap().unwrap();
            let rest = pubsub.next();
            (
                first.into_message().unwrap().payload_bytes(),
                rest.is_none(),
                pubsub.next_timeout(PAUSE).unwrap_err(),
            )
        });
        thread::sleep(PAUSE);
        handle.close();
        let (first, is_over, error) = reading.join().unwrap();
        assert_eq!((first, is_over, error.is_closed()), ("read before the end".into(), true, true));
        assert_eq!(handle.subscribe("x").unwrap_err().to_string(), "SUBSCRIBE: the subscriber is closed");
    });
}

#[test]
fn a_canceller_ends_it() {
    let on = Subject::newest();
    for when_slow in [WhenSlow::Block, WhenSlow::DropOldest] {
        let canceller = Canceller::new();
        let view = on.client.cancelled_by(&canceller);
        let mut pubsub = view.pubsub_with(PubSubOptions::new().when_slow(when_slow)).unwrap();
        pubsub.subscribe(on.key("c")).unwrap();
        let reading = thread::spawn(move || (pubsub.next(), pubsub.next().is_none()));
        thread::sleep(PAUSE);
        canceller.cancel();
        let (error, is_over) = reading.join().unwrap();
        assert!(error.unwrap().unwrap_err().is_cancelled() && is_over);
        assert!(view.pubsub().unwrap_err().is_cancelled());
    }
}

/// Publishes messages of 1 KiB with numbers, and waits until the server has written them all.
fn flood(client: &Client, channel: &str, count: u32) {
    let publish = |p: &client::Pipeline| {
        (0..count).map(|number| p.publish(channel, format!("{number:1024}"))).collect::<Vec<_>>()
    };
    client.pipeline(publish).unwrap();
}

fn number(message: &Message) -> u32 {
    message.decode::<&str>().unwrap().trim().parse().unwrap()
}

const MESSAGES: u32 = 2_000;

#[test]
fn a_slow_reader_who_blocks_loses_nothing() {
    kit::each(|on| {
        let options = PubSubOptions::new().buffer(64 << 10).silence(None);
        let mut pubsub = on.client.timeout(10 * PAUSE).pubsub_with(options).unwrap();
        pubsub.subscribe(on.key("c")).unwrap();
        flood(&on.client, &on.key("c"), MESSAGES);
        // The confirmation is behind more than the buffer holds.
        let late = pubsub.subscribe(on.key("d")).unwrap_err();
        assert!(late.is_timeout(), "{late}");
        assert!((0..MESSAGES).all(|wanted| number(&message(&mut pubsub)) == wanted));
        nothing(&mut pubsub);
        // It came all the same.
        assert_eq!(on.client.publish(on.key("d"), "x").unwrap(), 1);
        assert_eq!(message(&mut pubsub).payload(), b"x");
    });
}

#[test]
fn a_slow_reader_who_drops_is_told_how_many_were_lost() {
    kit::each(|on| {
        let options = PubSubOptions::new().buffer(64 << 10).when_slow(WhenSlow::DropOldest);
        let mut pubsub = on.client.pubsub_with(options).unwrap();
        pubsub.subscribe(on.key("c")).unwrap();
        flood(&on.client, &on.key("c"), MESSAGES);
        pubsub.ping().unwrap(); // behind them all
        let Event::Dropped(dropped) = next(&mut pubsub) else { panic!("nothing was dropped") };
        let kept: Vec<_> = std::iter::from_fn(|| pubsub.try_next().unwrap())
            .map(|event| number(event.message().unwrap()))
            .collect();
        assert_eq!(kept.len() as u64 + dropped, u64::from(MESSAGES));
        assert!(kept.len() < 64 && kept.iter().copied().eq(dropped as u32..MESSAGES), "{kept:?}");
        assert_eq!(pubsub.dropped().unwrap(), dropped);
        // Who reads in time loses nothing, and is told nothing.
        on.client.publish(on.key("c"), "x").unwrap();
        assert_eq!(message(&mut pubsub).payload(), b"x");
    });
}

#[test]
fn a_slow_reader_may_fail() {
    kit::each(|on| {
        let options = PubSubOptions::new().buffer(64 << 10).when_slow(WhenSlow::Fail);
        let mut pubsub = on.client.pubsub_with(options).unwrap();
        pubsub.subscribe(on.key("c")).unwrap();
        flood(&on.client, &on.key("c"), MESSAGES);
        let begin = Instant::now();
        while pubsub.ping().is_ok() {
            assert!(begin.elapsed() < PATIENCE);
        }
        let events: Vec<_> = pubsub.by_ref().collect();
        let (last, messages) = events.split_last().unwrap();
        assert!((1..64).contains(&messages.len()));
        assert!(
            messages
                .iter()
                .enumerate()
                .all(|(at, event)| { number(event.as_ref().unwrap().message().unwrap()) as usize == at })
        );
        let error = last.as_ref().unwrap_err().to_string();
        assert_eq!(error, "pubsub: the messages that nobody has read are more than its buffer holds");
        assert!(pubsub.next().is_none());
    });
}

#[test]
fn a_refusal_is_told_to_who_asked() {
    let server = Private::start(
        &kit::newest().binary,
        &"--user bob on nopass +@all ~* resetchannels &news".split(' ').collect::<Vec<_>>(),
    );
    for protocol in [2, 3] {
        let url = format!("redis://bob:x@127.0.0.1:{}?protocol={protocol}", server.port);
        let admin = Client::open(&server.url()).unwrap();
        let client = Client::open(&url).unwrap();
        let mut pubsub = client.pubsub().unwrap();
        pubsub.subscribe("news").unwrap();
        let error = pubsub.subscribe(["secret", "news"]).unwrap_err();
        assert_eq!(error.code(), Some("NOPERM"), "{error}");
        assert!(error.to_string().starts_with("SUBSCRIBE: NOPERM"), "{error}");
        assert_eq!(pubsub.subscribed(Topic::Channel).unwrap(), ["news"]);
        admin.publish("news", "still there").unwrap();
        assert_eq!(message(&mut pubsub).payload(), b"still there");
    }
}

#[test]
fn a_child_of_a_fork_leaves_it_alone() {
    let on = Subject::newest();
    let (client, channel) = (&on.client, on.key("c"));
    let mut pubsub = client.pubsub().unwrap();
    pubsub.subscribe(&channel).unwrap();
    client.publish(&channel, "for the parent").unwrap();
    // Another thread holds whatever there is to hold.
    let handle = pubsub.handle();
    let busy = thread::spawn(move || while handle.ping().is_ok() {});
    let ended = (0..20).map(|_| {
        forked(|| {
            let texts = [
                pubsub.subscribe("x").unwrap_err(),
                pubsub.ping().unwrap_err(),
                pubsub.commands().ping().unwrap_err(),
                pubsub.next().unwrap().unwrap_err(),
            ]
            .map(|error| error.to_string());
            let is_told = texts
                .iter()
                .all(|text| text.ends_with("belongs to the process that opened it, not to a forked child"));
            let is_over = pubsub.next().is_none();
            pubsub.close();
            drop(pubsub.handle());
            // It opens one of its own.
            let mut own = client.pubsub().unwrap();
            own.subscribe("fork:own").unwrap();
            client.publish("fork:own", "y").unwrap();
            let heard = message(&mut own).payload() == b"y";
            i32::from(!is_told) + 2 * i32::from(!is_over) + 4 * i32::from(!heard)
        })
    });
    let ended: Vec<_> = ended.collect();
    assert_eq!(
        ended,
        [Some(0); 20],
        "1: not told, 2: not over, 4: nothing heard, 100: a panic, None: it hung"
    );
    assert_eq!(message(&mut pubsub).payload(), b"for the parent");
    client.publish(&channel, "x").unwrap();
    assert_eq!(message(&mut pubsub).payload(), b"x");
    pubsub.close();
    busy.join().unwrap();
}

#[test]
fn it_has_its_own_connection_made_as_the_clients_are() {
    let on = Subject::newest();
    let config: Config = on.server.url().parse().unwrap();
    let client = Client::new(&config.client_name("listener").max_connections(1)).unwrap();
    let pubsub = client.pubsub().unwrap();
    assert_eq!(client.pool_stats().open, 0);
    assert_eq!(pubsub.commands().run::<String>(Request::new("CLIENT GETNAME")).unwrap(), "listener");
    client.ping().unwrap();
    client.close();
    assert!(client.pubsub().unwrap_err().is_closed());
    pubsub.ping().unwrap();
}
