//! How often each contender of each race allocates for one iteration, and how many bytes; but for those in C.
//!
//! A program of its own, because it counts with an allocator of its own, which would cost time in `speed`.
//! `cargo bench -p benches --features peers --bench allocations [-- FILTER]`

use std::time::{Duration, Instant};

use allocation_counter::measure;
use benches::{Meter, races};
use serde_json::json;

fn main() {
    let filter = std::env::args().skip(1).find(|arg| !arg.starts_with('-')).unwrap_or_default();
    for race in races() {
        if !format!("{}/{}", race.group, race.case).contains(&filter) {
            continue;
        }
        for mut contender in race.contenders().into_iter().filter(|contender| !contender.is_c) {
            let mut count = Count::default();
            let start = Instant::now();
            (contender.run)(1, &mut Count::default()); // what it keeps is allocated now
            let times = if start.elapsed() > SLOW { 1 } else { TIMES };
            (contender.run)(times, &mut count);
            let each = |total: u64| (total as f64 / times as f64 * 10.0).round() / 10.0;
            let row = json!({
                "group": race.group, "case": race.case, "contender": contender.name,
                "allocations": each(count.allocations), "bytes": each(count.bytes),
            });
            println!("{row}");
        }
    }
}

#[derive(Default)]
struct Count {
    allocations: u64,
    bytes: u64,
}

impl Meter for Count {
    fn measure(&mut self, work: &mut dyn FnMut()) {
        let info = measure(work);
        self.allocations += info.count_total;
        self.bytes += info.bytes_total;
    }
}

/// Often enough that what is shared by many replies counts as next to nothing, as it does in use.
const TIMES: u64 = 100;

/// Once is enough for those who take longer.
const SLOW: Duration = Duration::from_millis(20);
