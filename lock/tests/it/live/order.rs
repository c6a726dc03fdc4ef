//! F20, F21: many processes, one lock.

use std::collections::{HashMap, HashSet};
use std::thread;
use std::time::{Duration, Instant};

use client::{Client, Request};
use proxy::{Fault, Proxy, Random};

use crate::child::{Other, STYLES};
use crate::kit;

/// How many processes, and how often each.
fn size() -> (usize, usize) {
    if kit::slow() { (50, 200) } else { (8, 25) }
}

#[test]
fn f20_processes_count_to_the_end_in_every_style_and_fairly() {
    let (processes, rounds) = size();
    for server in kit::servers() {
        let client = Client::open(&server.url()).unwrap();
        for style in STYLES {
            let name = format!("f20:{}:{style}", std::process::id());
            let (key, log) = (format!("{name}:counter"), format!("{name}:log"));
            client.set(&key, 0).unwrap();
            client.del([&log, &name]).unwrap();
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), "0").unwrap();

            let words = [&*server.url(), &name, style, &rounds.to_string(), file.path().to_str().unwrap()];
            let mut others = Other::counting(processes, &words);
            let begin = Instant::now();
            others.iter_mut().for_each(|other| other.tell("go"));
            let (mut worst, mut longest) = (0_u64, 0_u64);
            for other in &mut others {
                let said = other.hear();
                let (waited, held) = said.split_once(' ').unwrap();
                worst = worst.max(waited.parse().unwrap());
                longest = longest.max(held.parse().unwrap());
            }
            let took = begin.elapsed();

            let all = processes * rounds;
            assert_eq!(client.get::<usize>(&key).unwrap(), Some(all), "{style} on {}", server.name);
            assert_eq!(std::fs::read_to_string(file.path()).unwrap(), all.to_string());
            let order: Vec<u32> = client.lrange(&log, 0, -1).unwrap();
            let spread = spread(&order, rounds);
            // What one acquisition takes, with all that goes with it.
            let each = took / u32::try_from(all).unwrap();
            println!(
                "{style} on {}: {:.0} hand-offs/s, spread {spread}, worst wait {worst} ms, {:.1} ms each, longest hold {longest} ms",
                server.name,
                1.0 / each.as_secs_f64(),
                each.as_secs_f64() * 1e3,
            );
            if style == "fair" {
                assert!(spread <= 2, "{spread} on {}", server.name);
                let most = 3 * u32::try_from(processes).unwrap() * each;
                // Who holds it for longer than the 5 ms that he sleeps, is held up by the machine, not by the lock.
                assert!(
                    u128::from(worst) <= most.as_millis(),
                    "{worst} ms, not {most:?}; one held it for {longest} ms"
                );
            }
            client.del([&log, &key]).unwrap();
        }
    }
}

/// By how much the processes differ, from when all of them have begun until the first one is done.
fn spread(order: &[u32], rounds: usize) -> usize {
    let everybody: HashSet<_> = order.iter().collect();
    let mut begun = HashSet::new();
    let mut seen: HashMap<u32, usize> = HashMap::new();
    let mut all: HashMap<u32, usize> = HashMap::new();
    let (mut least, mut most) = (0, 0);
    for process in order {
        begun.insert(*process);
        let total = all.entry(*process).or_default();
        *total += 1;
        if *total == rounds {
            break;
        }
        if begun.len() == everybody.len() {
            *seen.entry(*process).or_default() += 1;
            most = *seen.values().max().unwrap();
            least = if seen.len() == everybody.len() { *seen.values().min().unwrap() } else { 0 };
        }
    }
    most - least
}

#[test]
fn f21_under_chaos_no_write_that_its_writer_stands_by_comes_behind_a_later_one() {
    let time = Duration::from_secs(if kit::slow() { 120 } else { 4 });
    for server in kit::servers() {
        let private = kit::Private::start(&server.binary, &[]);
        let proxy = Proxy::start(private.port).unwrap();
        let url = format!("redis://127.0.0.1:{}", proxy.port());
        let client = Client::open(&private.url()).unwrap();
        let faults =
            [Fault::ResetReply, Fault::ResetRequest, Fault::CutReply, Fault::DelayRequest, Fault::DelayReply];
        proxy.random(Random::new(21).one_in(50).faults(faults).delays(Duration::from_millis(150)));
        let start = || {
            let mut other = Other::start("write", &[&url, "f21"]);
            assert_eq!(other.hear(), "ready");
            other
        };
        let mut others: Vec<_> = (0..6).map(|_| start()).collect();
        let end = Instant::now() + time;
        let mut chaos = 0_usize;
        while Instant::now() < end {
            let victim = chaos % others.len();
            match chaos % 5 {
                0 => {
                    others[victim].signal("KILL");
                    others[victim] = start();
                }
                1 => {
                    client
                        .run::<client::Value>(Request::new("CLIENT KILL").arg("TYPE").arg("normal"))
                        .unwrap();
                }
                2 => {
                    client.run::<()>(Request::new("CLIENT PAUSE").arg(100)).unwrap();
                }
                _ => {
                    others[victim].signal("STOP");
                    thread::sleep(Duration::from_millis(600));
                    others[victim].signal("CONT");
                }
            }
            chaos += 1;
            thread::sleep(Duration::from_millis(50));
        }
        proxy.calm();
        others.iter_mut().for_each(|other| other.tell("end"));
        others.iter_mut().for_each(|other| assert_eq!(other.hear(), "done"));

        let confirmed: HashSet<String> = client.smembers("f21:confirmed").unwrap();
        let log: Vec<String> = client.lrange("f21:log", 0, -1).unwrap();
        let fence = |write: &str| write.split(':').next().unwrap().parse::<u64>().unwrap();
        let (mut largest, mut holders) = (0, HashSet::new());
        for write in &log {
            let fence = fence(write);
            holders.insert(fence);
            let is_late = fence < largest;
            assert!(
                !is_late || !confirmed.contains(write),
                "{write} came behind {largest}, and was confirmed"
            );
            largest = largest.max(fence);
        }
        println!(
            "{}: {} writes by {} holders, {} confirmed; {}",
            server.name,
            log.len(),
            holders.len(),
            confirmed.len(),
            proxy.counts()
        );
        assert!(holders.len() > 20, "hardly anybody got the lock: {}", holders.len());
        assert!(confirmed.len() > log.len() / 2);
    }
}
