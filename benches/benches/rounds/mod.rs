//! Races on criterion's clock, and a row of JSON for each pair of ours and a peer.
//!
//! Criterion measures one benchmark to its end before it begins the next. On a machine that others use too, a peer that
//! ran in a quiet minute would then seem faster than one that did not. So each race is *one* benchmark of criterion's
//! (`iter_custom`): a sample lets the contenders take turns, a few times over, and criterion warms up, plans the
//! samples, and gets and judges the time of ours. The times of the others in the same sample are kept beside it, and
//! what is reported of a peer is the median of the ratios within samples. A disturbance hits both sides of a ratio.

use std::time::Duration;

use benches::{Clock, Contender, Race, Role};
use criterion::{Criterion, SamplingMode};
use serde_json::json;

/// Runs the races as the command line says.
pub(crate) fn run(races: Vec<Race>) {
    let mut criterion = Criterion::default()
        .sample_size(40)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
        .nresamples(10_000)
        .configure_from_args();
    for race in races {
        let mut rounds = Vec::new();
        let mut group = criterion.benchmark_group(race.group);
        // As many iterations in each sample, so that the samples weigh the same in a median.
        group.sampling_mode(SamplingMode::Flat);
        let mut contenders = None;
        group.bench_function(&race.case, |bencher| {
            let contenders = contenders.get_or_insert_with(|| race.contenders());
            bencher.iter_custom(|iterations| {
                let round = Round::run(contenders, iterations);
                let ours = round.times.first().copied().unwrap_or_default();
                rounds.push(round);
                ours
            });
        });
        group.finish();
        report(&race, contenders.as_deref().unwrap_or_default(), &rounds);
    }
    criterion.final_summary();
}

/// One sample: what each contender took for so many iterations, in the order of the contenders.
struct Round {
    iterations: u64,
    times: Vec<Duration>,
}

impl Round {
    fn run(contenders: &mut [Contender], iterations: u64) -> Self {
        let turns = iterations.clamp(1, TURNS);
        let mut clocks: Vec<Clock> = contenders.iter().map(|_| Clock::default()).collect();
        for turn in 0..turns {
            let times = iterations / turns + u64::from(turn < iterations % turns);
            for (contender, clock) in contenders.iter_mut().zip(&mut clocks) {
                (contender.run)(times, clock);
            }
        }
        Self { iterations, times: clocks.into_iter().map(|clock| clock.elapsed).collect() }
    }

    fn nanoseconds(&self, contender: usize) -> f64 {
        let time = self.times.get(contender).copied().unwrap_or_default();
        time.as_nanos() as f64 / self.iterations as f64
    }
}

/// Prints a row for each peer, or one for ours if there is none. Criterion's own lines never begin with a brace.
fn report(race: &Race, contenders: &[Contender], rounds: &[Round]) {
    // Those before were the warm-up.
    let planned = rounds.last().map(|round| round.iterations);
    let rounds: Vec<_> = rounds.iter().filter(|round| Some(round.iterations) == planned).collect();
    if rounds.is_empty() {
        return;
    }
    let row = |ours: usize, peer: Option<usize>| {
        let time = |of: usize| median(rounds.iter().map(|round| round.nanoseconds(of)).collect());
        let ratio = |of: usize| {
            median(rounds.iter().map(|round| round.nanoseconds(of) / round.nanoseconds(ours)).collect())
        };
        let name = |of: usize| contenders.get(of).map(|contender| contender.name);
        let row = json!({
            "group": race.group, "case": race.case,
            "ours": name(ours), "ours_ns": time(ours),
            "peer": peer.map(name), "peer_ns": peer.map(time), "ratio": peer.map(ratio),
        });
        println!("{row}");
    };
    if contenders.len() == 1 {
        row(0, None);
    }
    let mut like = 0;
    for (at, contender) in contenders.iter().enumerate() {
        match contender.role {
            Role::Ours => {}
            Role::OursLikeNext => like = at,
            Role::Peer => row(0, Some(at)),
            Role::PeerLikeLast => row(like, Some(at)),
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.get(middle.saturating_sub(1)..=middle) {
        Some([low, high]) if values.len() % 2 == 0 => (low + high) / 2.0,
        _ => values.get(middle).copied().unwrap_or(f64::NAN),
    }
}

/// How often the contenders take turns within a sample.
const TURNS: u64 = 4;
